"""The backup file: lines of text, compressed, cut into pieces, each piece sealed with the site's secret keys.

One readable line, then one Fernet token per line::

    RAPPORT-BACKUP 1 <mark of the key>
    <token>
    ...

Inside each token: the file's random id, the piece's number, whether it is the last, and a part of one zlib
stream. So a piece that is missing, repeated, moved or taken from another file is noticed, and so is a file
that ends too early. The mark tells a wrong key from a damaged file; the key cannot be computed from it.
"""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import BinaryIO

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

MAGIC = b"RAPPORT-BACKUP"
FORMAT_VERSION = 1
PIECE_BYTES = 512 * 1024
LONGEST_LINE = 4 * 1024 * 1024
_ID_BYTES, _NUMBER_BYTES = 16, 8


class BackupFault(StrEnum):
    """What can be wrong with a backup."""

    NOT_OURS = "not_ours"
    NEWER_FORMAT = "newer_format"
    WRONG_KEY = "wrong_key"
    DAMAGED = "damaged"
    CUT_SHORT = "cut_short"
    NEWER_TABLES = "newer_tables"
    OCCUPIED = "occupied"
    OTHER_TABLES = "other_tables"


class BackupProblem(Exception):
    """A backup cannot be read or put back. Holds a code, never anything of what the file says."""

    def __init__(self, fault: BackupFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def mark_of(key: str) -> str:
    """Return twelve letters that tell one key from another."""
    return hashlib.sha256(b"rapport backup mark:" + key.encode()).hexdigest()[:12]


class BackupWriter:
    """Writes lines into a file of ours. ``close`` ends it; without that the file counts as cut short."""

    def __init__(self, file: BinaryIO, keys: Sequence[str]) -> None:
        """Seal with the first of ``keys``."""
        self._file = file
        self._fernet = Fernet(keys[0])
        self._id = os.urandom(_ID_BYTES)
        self._number = 0
        self._squeeze = zlib.compressobj(6)
        self._pending = bytearray()
        file.write(MAGIC + b" %d %s\n" % (FORMAT_VERSION, mark_of(keys[0]).encode()))

    def line(self, text: str) -> None:
        """Add a line (``text`` has no line break of its own)."""
        self._pending += self._squeeze.compress(text.encode() + b"\n")
        while len(self._pending) >= PIECE_BYTES:
            self._piece(bytes(self._pending[:PIECE_BYTES]), last=False)
            del self._pending[:PIECE_BYTES]

    def close(self) -> None:
        """Write what is left and the mark of the end."""
        self._pending += self._squeeze.flush()
        self._piece(bytes(self._pending), last=True)

    def _piece(self, content: bytes, *, last: bool) -> None:
        head = self._id + self._number.to_bytes(_NUMBER_BYTES, "big") + (b"\1" if last else b"\0")
        self._file.write(self._fernet.encrypt(head + content) + b"\n")
        self._number += 1


def read_lines(file: BinaryIO, keys: Sequence[str]) -> Iterator[str]:
    """Yield the lines of a backup, one piece in memory at a time.

    Raises:
        BackupProblem: ``not_ours``, ``newer_format``, ``wrong_key``, ``damaged`` or ``cut_short``; the last
            three perhaps after lines that were good, so nothing may be kept before the end is reached.
    """
    mark = _read_head(file.readline(200))
    is_known = mark in {mark_of(key) for key in keys}
    fernet = MultiFernet([Fernet(key) for key in keys])
    loosen = zlib.decompressobj()
    rest = b""
    for content in _pieces(file, fernet, is_known=is_known):
        try:
            rest += loosen.decompress(content)
        except zlib.error:
            raise BackupProblem(BackupFault.DAMAGED) from None
        *whole, rest = rest.split(b"\n")
        for line in whole:
            yield line.decode()
    if rest or not loosen.eof:
        raise BackupProblem(BackupFault.DAMAGED)


def _read_head(line: bytes) -> str:
    words = line.split()
    if len(words) != 3 or words[0] != MAGIC or not words[1].isdigit() or not line.endswith(b"\n"):
        raise BackupProblem(BackupFault.NOT_OURS)
    if int(words[1]) > FORMAT_VERSION:
        raise BackupProblem(BackupFault.NEWER_FORMAT)
    return words[2].decode("ascii", "replace")


def _pieces(file: BinaryIO, fernet: MultiFernet, *, is_known: bool) -> Iterator[bytes]:
    """Yield what the pieces hold, each checked against the one before."""
    file_id, number = b"", 0
    while True:
        token = file.readline(LONGEST_LINE)
        if not token.endswith(b"\n"):
            raise BackupProblem(BackupFault.CUT_SHORT if len(token) < LONGEST_LINE else BackupFault.DAMAGED)
        try:
            piece = fernet.decrypt(token.rstrip(b"\n"))
        except InvalidToken:
            raise BackupProblem(BackupFault.DAMAGED if is_known else BackupFault.WRONG_KEY) from None
        head, content = piece[: _ID_BYTES + _NUMBER_BYTES + 1], piece[_ID_BYTES + _NUMBER_BYTES + 1 :]
        file_id = file_id or head[:_ID_BYTES]
        if head[:-1] != file_id + number.to_bytes(_NUMBER_BYTES, "big"):
            raise BackupProblem(BackupFault.DAMAGED)
        number += 1
        yield content
        if head[-1:] == b"\1":
            break
    if file.read(1):
        raise BackupProblem(BackupFault.DAMAGED)
