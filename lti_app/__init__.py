"""The LTI 1.3 tool people launch: a thin shell of doors, screens, storage, delivery and a command line."""

from __future__ import annotations
