"""How far two phases of one child's scores differ: the effect sizes of single-case research.

Each is called as ``f(baseline, intervention, *, direction="increase", ...)`` with sequences that may hold
None, and returns an ``EffectSize``. ``iepcore.progress`` offers them by name; nothing is loaded here, so that
one index does not pay for the others.
"""
