"""``manifest.csv``: which version it is, and for each file whether it is absent, whole, or changes only."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from connectors.oneroster.archive import Archive
from connectors.oneroster.columns import COLUMNS
from connectors.oneroster.faults import OneRosterFault, Problems
from connectors.oneroster.rows import Rows

_VERSION = re.compile(r"(1\.[12])(?:\.\d{1,2})?")
NEEDED: Mapping[str, tuple[str, ...]] = {
    "1.1": ("classes.csv", "users.csv", "enrollments.csv"),
    "1.2": ("classes.csv", "users.csv", "roles.csv", "enrollments.csv"),
}
"""Without these there is no roster."""


class FileMode(StrEnum):
    """What a manifest says of one file."""

    ABSENT = "absent"
    BULK = "bulk"
    DELTA = "delta"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What the sender says is in the zip. ``version`` is ``1.1`` or ``1.2``; files not named are absent."""

    version: str
    modes: Mapping[str, FileMode]
    system_code: str = ""

    def mode(self, name: str) -> FileMode:
        """Return how a file is sent."""
        return self.modes.get(name, FileMode.ABSENT)

    @property
    def is_delta(self) -> bool:
        """Tell whether a file that makes a roster holds changes only: then the zip is no whole truth."""
        return any(self.mode(name) is FileMode.DELTA for name in NEEDED[self.version])


def read_manifest(archive: Archive, problems: Problems) -> Manifest:
    """Return the manifest.

    Raises:
        OneRosterFault: ``manifest_missing``, ``manifest_form`` (a word that is none of the standard's),
            ``version_unknown``, ``file_missing`` (announced and not in the zip), and those of ``Rows``.
    """
    if "manifest.csv" not in archive.files:
        raise OneRosterFault("manifest_missing")
    columns = COLUMNS["1.1"]["manifest.csv"]
    rows = Rows(archive, "manifest.csv", columns=columns, needed=columns, problems=problems)
    told: dict[str, str] = {}
    for row in rows:
        name = row.cells["propertyName"].casefold()
        if told.setdefault(name, row.cells["value"]) != row.cells["value"]:
            raise OneRosterFault("manifest_form", place="manifest.csv", fields=["propertyName"])
    version = _VERSION.fullmatch(told.get("oneroster.version", ""))
    if version is None:
        raise OneRosterFault("version_unknown", place="manifest.csv")
    modes = _modes(archive, version[1], told)
    for name in archive.files & COLUMNS[version[1]].keys() - {"manifest.csv"}:
        if modes.get(name, FileMode.ABSENT) is FileMode.ABSENT:
            problems.add(name, 1, "not_announced")
    return Manifest(version=version[1], modes=modes, system_code=told.get("source.systemcode", "")[:100])


def _modes(archive: Archive, version: str, told: Mapping[str, str]) -> dict[str, FileMode]:
    modes: dict[str, FileMode] = {}
    for name in COLUMNS[version]:
        word = told.get(f"file.{name.removesuffix('.csv')}".casefold(), "absent").casefold()
        if name == "manifest.csv":
            continue
        if word not in set(FileMode):
            raise OneRosterFault("manifest_form", place="manifest.csv", fields=["value"])
        modes[name] = FileMode(word)
        if modes[name] is not FileMode.ABSENT and name not in archive.files:
            raise OneRosterFault("file_missing", place=name)
    return modes
