"""Google: rosters of Classroom, mail in the sender's own name, and one guest's calendar."""

from __future__ import annotations
