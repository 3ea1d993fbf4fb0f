"""Facts of published norm tables: oral reading scores, and words gained a week. Numbers only, no text.

Oral reading fluency: Hasbrouck & Tindal (2017), BRT Technical Report 1702. Weekly gains are not kept here:
three of those printed on the common web table are wrong, so they are computed from the scores.

Growth: Fuchs, Fuchs, Hamlett, Walz & Germann (1993) and Deno, Fuchs, Marston & Shin (2001), entered from
knowledge of the tables and not yet held against the papers; only .58 words a week for special education was
seen in print.
"""

from __future__ import annotations

from typing import TypeAlias

OrfRow: TypeAlias = tuple[int | None, int, int]
"""Words read right in a minute in fall, winter and spring; first grade begins in winter."""

ORF_PERCENTILES = (90, 75, 50, 25, 10)

ORF_2017: dict[int, tuple[OrfRow, ...]] = {
    1: ((None, 97, 116), (None, 59, 91), (None, 29, 60), (None, 16, 34), (None, 9, 18)),
    2: ((111, 131, 148), (84, 109, 124), (50, 84, 100), (36, 59, 72), (23, 35, 43)),
    3: ((134, 161, 166), (104, 137, 139), (83, 97, 112), (59, 79, 91), (40, 62, 63)),
    4: ((153, 168, 184), (125, 143, 160), (94, 120, 133), (75, 95, 105), (60, 71, 83)),
    5: ((179, 183, 195), (153, 160, 169), (121, 133, 146), (87, 109, 119), (64, 84, 102)),
    6: ((185, 195, 204), (159, 166, 173), (132, 145, 146), (112, 116, 122), (89, 91, 91)),
}
"""Grade -> one row for each of ``ORF_PERCENTILES``."""

GROWTH: dict[tuple[str, int, str, str], tuple[float, ...]] = {
    ("Fuchs et al.", 1993, "general education", "realistic"): (2, 1.5, 1, 0.85, 0.5, 0.3),
    ("Fuchs et al.", 1993, "general education", "ambitious"): (3, 2, 1.5, 1.1, 0.8, 0.65),
    ("Deno et al.", 2001, "general education", "mean"): (1.8, 1.66, 1.18, 1.01, 0.58, 0.66),
    ("Deno et al.", 2001, "special education", "mean"): (0.83, 0.57, 0.58, 0.58, 0.58, 0.62),
}
"""(Source, year, population, standard) -> words a week in grades 1 to 6."""
