"""The transfer file: a ZIP with the record as JSON lines, the same as a page to read, and a list of both.

The list holds the SHA-256 of each part, so that a file that was cut or changed on its way is seen before
anything of it is believed. It does not say who made it: ask the school.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

RECORD, LIST = "record.jsonl", "list.json"
FORMAT, FORMAT_VERSION = "rapport-transfer", 1
MOST_BYTES = 512 * 1024 * 1024
"""Of one part, unpacked. A record with ten years of daily points has about 20 MB."""
_CHUNK = 1 << 20


class TransferBroken(Exception):
    """Not a transfer file, or not as it was made. ``args[0]`` is a code and names nobody."""


def write_transfer(target: Path, lines: Iterable[str], pages: Mapping[str, str], *, made_at: str) -> int:
    """Write a new file, readable by its owner only; return how many lines the record has.

    Raises:
        FileExistsError: when the file is there.
    """
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    count = 0
    parts: dict[str, dict[str, object]] = {}
    try:
        with os.fdopen(handle, "wb") as raw, zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as file:
            digest = hashlib.sha256()
            with file.open(RECORD, "w", force_zip64=True) as part:
                for line in lines:
                    data = line.encode()
                    digest.update(data)
                    part.write(data)
                    count += 1
            parts[RECORD] = {"sha256": digest.hexdigest(), "lines": count}
            for name, text in pages.items():
                data = text.encode()
                file.writestr(name, data)
                parts[name] = {"sha256": hashlib.sha256(data).hexdigest()}
            listed = {"format": FORMAT, "version": FORMAT_VERSION, "made_at": made_at, "parts": parts}
            file.writestr(LIST, json.dumps(listed, indent=1))
    except BaseException:
        target.unlink(missing_ok=True)  # half a record is none
        raise
    return count


def read_transfer(source: Path) -> Iterator[str]:
    """Yield the record's lines, after every part was held against the list.

    Raises:
        TransferBroken: ``not_a_transfer``, ``transfer_version``, ``transfer_broken``, ``transfer_too_big``.
    """
    try:
        file = zipfile.ZipFile(source)
    except (zipfile.BadZipFile, OSError):
        raise TransferBroken("not_a_transfer") from None
    with file:
        for name, wanted in _listed(file).items():
            if _digest(file, name) != wanted:
                raise TransferBroken("transfer_broken")
        with file.open(RECORD) as part:
            for line in part:
                try:
                    yield line.decode()
                except UnicodeDecodeError:
                    raise TransferBroken("transfer_broken") from None


def _listed(file: zipfile.ZipFile) -> Mapping[str, str]:
    """Return what the list says: the digest of each part. Parts that it does not name are not looked at."""
    try:
        if file.getinfo(LIST).file_size > _CHUNK:
            raise TransferBroken("not_a_transfer")
        told = json.loads(file.read(LIST))
        if told["format"] != FORMAT:
            raise TransferBroken("not_a_transfer")
        if told["version"] != FORMAT_VERSION:
            raise TransferBroken("transfer_version")
        parts = {str(name): str(part["sha256"]) for name, part in told["parts"].items()}
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError, zipfile.BadZipFile):
        raise TransferBroken("not_a_transfer") from None
    if RECORD not in parts:
        raise TransferBroken("not_a_transfer")
    return parts


def _digest(file: zipfile.ZipFile, name: str) -> str:
    """Return a part's digest; what it unpacks to is counted, not believed."""
    digest, size = hashlib.sha256(), 0
    try:
        with file.open(name) as part:
            while data := part.read(_CHUNK):
                size += len(data)
                if size > MOST_BYTES:
                    raise TransferBroken("transfer_too_big")
                digest.update(data)
    except (KeyError, zipfile.BadZipFile, EOFError, RuntimeError, OSError, zlib.error):
        raise TransferBroken("transfer_broken") from None
    return digest.hexdigest()
