"""The ``Link`` header (RFC 8288): only its next page is of interest, and it is taken as it is."""

from __future__ import annotations

import re

_LINK = re.compile(r"<([^<>]*)>((?:\s*;\s*[\w!#$&+.^`|~*-]+\s*(?:=\s*(?:\"[^\"]*\"|[^\s\",;]+))?)*)")
_REL = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\s\",;]+))", re.IGNORECASE)


def next_in_link_header(value: str | None) -> str | None:
    """Return the target of the first link whose relation is ``next``, or None."""
    for target, parameters in _LINK.findall(value or ""):
        relation = _REL.search(parameters)
        if relation is not None and "next" in (relation[1] or relation[2]).lower().split():
            return str(target)
    return None
