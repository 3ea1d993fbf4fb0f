"""``iepcore``: the domain library of special education between school and family. Names load on first use."""

from __future__ import annotations
