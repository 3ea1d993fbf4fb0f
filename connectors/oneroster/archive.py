"""A OneRoster zip, opened with suspicion: sizes, names and methods are checked before a byte is unpacked.

Nothing is ever written to a disk: files are read in place, one line at a time.
"""

from __future__ import annotations

import errno
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, TypeVar

from connectors.oneroster.columns import COLUMNS, NEVER_OPENED
from connectors.oneroster.faults import OneRosterFault

T = TypeVar("T")
_KNOWN = {name.casefold(): name for files in COLUMNS.values() for name in files}
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_ENCRYPTED = 0x1

# All that zipfile and zlib raise over damaged bytes. Their words may hold a piece of the file.
_BROKEN = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    EOFError,
    ValueError,
    ArithmeticError,
    LookupError,
    RuntimeError,
    AssertionError,
    TypeError,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What is still a roster, in bytes. A district of 100,000 people stays far below each.

    ``ratio`` is unpacked to packed, looked at for the whole archive above ``ratio_from`` unpacked bytes: CSV
    of rosters shrinks to a tenth or a thirtieth, a bomb to a thousandth. ``record`` is below what the csv
    module takes for one cell.
    """

    archive: int = 512 * 1024**2
    entries: int = 100
    entry: int = 2 * 1024**3
    unpacked: int = 4 * 1024**3
    ratio: int = 150
    ratio_from: int = 16 * 1024**2
    line: int = 64 * 1024
    record: int = 120 * 1024


@dataclass(frozen=True, slots=True)
class Line:
    """One physical line: its number from 1, its text with the end of line, and whether it was UTF-8."""

    number: int
    text: str
    is_utf8: bool = True


class Archive:
    """The files of one zip by their name in the standard. Use it as a context manager.

    Raises:
        OneRosterFault: see there; on opening, for everything that can be told without unpacking.
    """

    def __init__(self, path: Path, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._open: list[IO[bytes]] = []
        size = _told(lambda: _size_of_zip(path, self.limits))
        self._zip = _told(lambda: zipfile.ZipFile(path))
        try:
            self._entries = _told(lambda: _checked(self._zip.infolist(), size, self.limits))
        except BaseException:
            self._zip.close()
            raise

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # A reader that was stopped in the middle would hold the file open until it is collected.
        for file in self._open:
            file.close()
        self._zip.close()

    @property
    def files(self) -> frozenset[str]:
        """The files of the standard that are in it."""
        return frozenset(self._entries)

    def lines(self, name: str) -> Iterator[Line]:
        """Yield the physical lines of a file; a byte-order mark is passed over.

        Raises:
            OneRosterFault: ``file_missing``, ``zip_broken``, ``not_text`` (a line without end, or NUL in it:
                a spreadsheet's own format, UTF-16, a picture).
        """
        entry = self._entries.get(name)
        if entry is None or name in NEVER_OPENED:
            raise OneRosterFault("file_missing", place=name)
        file = _told(lambda: self._zip.open(entry), name)
        self._open.append(file)
        longest = self.limits.line
        for number in range(1, 1 << 62):
            raw = _told(lambda: file.readline(longest + 1), name)
            if not raw:
                return
            if len(raw) > longest or b"\0" in raw:
                raise OneRosterFault("not_text", place=name)
            if number == 1:
                raw = raw.removeprefix(b"\xef\xbb\xbf")
            yield _line(number, raw)


def _line(number: int, raw: bytes) -> Line:
    try:
        return Line(number, raw.decode("utf-8"))
    except UnicodeDecodeError:
        return Line(number, raw.decode("utf-8", "replace"), is_utf8=False)


def _told(call: Callable[[], T], place: str = "") -> T:
    """Return what a call returns; turn whatever the libraries raise into one fault of ours.

    It is raised after theirs is gone, not out of it, so that their words hang on nothing.
    """
    try:
        return call()
    except OneRosterFault:
        raise
    except OSError as error:
        # zipfile seeks where a damaged directory sends it, which the system refuses as an argument.
        code = "zip_broken" if error.errno == errno.EINVAL else "file_unreadable"
    except NotImplementedError:
        code = "zip_method"
    except _BROKEN:
        code = "zip_broken"
    raise OneRosterFault(code, place=place)


def _size_of_zip(path: Path, limits: Limits) -> int:
    size = path.stat().st_size
    if size > limits.archive:
        raise OneRosterFault("file_too_large")
    with path.open("rb") as file:
        if not zipfile.is_zipfile(file):
            # A zip whose end is missing was cut off; anything else never was one.
            file.seek(0)
            raise OneRosterFault("zip_broken" if file.read(4) == b"PK\x03\x04" else "not_a_zip")
    return size


def _checked(entries: list[zipfile.ZipInfo], archive_size: int, limits: Limits) -> dict[str, zipfile.ZipInfo]:
    """Return the files we know by name.

    Raises:
        OneRosterFault: for anything that no exporter of rosters makes.
    """
    if len(entries) > limits.entries:
        raise OneRosterFault("zip_bomb")
    unpacked = sum(entry.file_size for entry in entries)
    largest = max((entry.file_size for entry in entries), default=0)
    is_dense = unpacked > limits.ratio_from and unpacked > limits.ratio * max(archive_size, 1)
    if unpacked > limits.unpacked or largest > limits.entry or is_dense:
        raise OneRosterFault("zip_bomb")
    found: dict[str, zipfile.ZipInfo] = {}
    for entry in entries:
        _check_name(entry)
        name = _KNOWN.get(entry.filename.casefold())
        if name is None:
            continue
        if name in found:
            raise OneRosterFault("zip_twice", place=name)
        if entry.flag_bits & _ENCRYPTED:
            raise OneRosterFault("zip_encrypted", place=name)
        if entry.compress_type not in _METHODS:
            raise OneRosterFault("zip_method", place=name)
        found[name] = entry
    return found


def _check_name(entry: zipfile.ZipInfo) -> None:
    name = entry.orig_filename
    if entry.is_dir() or "/" in name:
        is_trick = name.startswith("/") or ".." in name.split("/")
        raise OneRosterFault("zip_names" if is_trick else "zip_folders")
    if not name.isprintable() or any(sign in name for sign in '\\:*?"<>|') or name in {"", ".", ".."}:
        raise OneRosterFault("zip_names")
