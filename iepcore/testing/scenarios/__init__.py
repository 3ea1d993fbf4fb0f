"""Scenarios as tests: a document of fictional cases, each built into a site through the library's own doors,
and everything a case expects computed and compared.

::

    from pathlib import Path
    from iepcore.testing.scenarios import build, entries_of, read_document

    document = read_document(Path("scenarios.json"))
    site = build(document, document.scenario("S01"))
    for entry in entries_of(site):
        print(entry.id, entry.expected, entry.computed, entry.verdict)

or, from a shell, ``python -m iepcore.testing.scenarios scenarios.json``.
"""

from __future__ import annotations

from iepcore.testing.scenarios.build import build
from iepcore.testing.scenarios.compute import entries_of
from iepcore.testing.scenarios.entries import Entry, Verdict
from iepcore.testing.scenarios.form import (
    FORMAT,
    Assumed,
    Document,
    FormError,
    NotExpressed,
    document_of,
    read_document,
)
from iepcore.testing.scenarios.rules import RULES, Rule, rule_of
from iepcore.testing.scenarios.site import Site

__all__ = [
    "FORMAT",
    "RULES",
    "Assumed",
    "Document",
    "Entry",
    "FormError",
    "NotExpressed",
    "Rule",
    "Site",
    "Verdict",
    "build",
    "document_of",
    "entries_of",
    "read_document",
    "rule_of",
]
