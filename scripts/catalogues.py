"""Compile, compare and refresh the message catalogues of iepcore.language (Babel reads the .po files).

    python scripts/catalogues.py compile   write each domain.mo from its domain.po
    python scripts/catalogues.py check     say which domain.mo is not what its domain.po says (exit 1)
    python scripts/catalogues.py refresh   give every language the keys, order and English comments of en

Babel's own compiler is not used: it drops the header that says who reviewed a catalogue, and the plural rule
of a language it does not know (Dari). The .mo format is GNU gettext's, with no date in it, so that the same
words always make the same bytes.
"""

from __future__ import annotations

import ast
import re
import struct
import sys
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

FOLDER = Path(__file__).resolve().parents[1] / "iepcore" / "language" / "catalogues"
SOURCE = "en"
_HEADER = re.compile(r'^msgid ""\nmsgstr ""\n((?:".*"\n)+)', re.MULTILINE)
_MAGIC = 0x950412DE


def po_files() -> list[Path]:
    """Return the catalogues, English first."""
    found = FOLDER.glob("*/LC_MESSAGES/domain.po")
    return sorted(found, key=lambda path: (path.parents[1].name != SOURCE, path.parents[1].name))


def compiled(po: Path) -> bytes:
    """Return what the .mo beside a .po should hold: every message with words that is not marked fuzzy."""
    pairs = {"": _header(po.read_text(encoding="utf-8"))}
    for message in _read(po):
        if not message.id or message.fuzzy:
            continue
        texts = forms(message.string)
        if all(texts):
            pairs["\0".join(forms(message.id))] = "\0".join(texts)
    return _mo(pairs)


def refreshed(po: Path) -> str:
    """Return the text of a .po with the keys of English in their order; new ones are empty."""
    text = po.read_text(encoding="utf-8")
    own = _read(po)
    head = text[: header_end(text)]
    blocks = [head.rstrip("\n")]
    for english in _read(po.parents[2] / SOURCE / "LC_MESSAGES" / "domain.po"):
        if english.id:
            blocks.append(
                _block(english, own.get(english.id if isinstance(english.id, str) else english.id[0]))
            )
    return "\n\n".join(blocks) + "\n"


def main(arguments: list[str]) -> int:
    """Run one verb; return the exit code."""
    verb = arguments[0] if len(arguments) == 1 else ""
    if verb not in {"compile", "check", "refresh"}:
        sys.stderr.write(__doc__ or "")
        return 2
    stale = 0
    for po in po_files():
        tag, mo = po.parents[1].name, po.with_suffix(".mo")
        if verb == "refresh":
            if tag != SOURCE:
                po.write_text(refreshed(po), encoding="utf-8")
            continue
        wanted = compiled(po)
        if verb == "compile":
            mo.write_bytes(wanted)
        elif not mo.exists() or mo.read_bytes() != wanted:
            stale += 1
            sys.stderr.write(f"{tag}: domain.mo is not what domain.po says; run the verb compile\n")
    return 1 if stale else 0


def _read(po: Path) -> Catalog:
    with po.open("rb") as file:
        return read_po(file, abort_invalid=True)


def _header(text: str) -> str:
    match = _HEADER.search(text)
    if match is None:
        raise ValueError("a catalogue begins with its header")
    return "".join(str(ast.literal_eval(line)) for line in match[1].splitlines())


def forms(texts: object) -> tuple[str, ...]:
    """Return the forms of an id or of its words, as Babel holds them: one, or one per plural form."""
    return tuple(map(str, texts)) if isinstance(texts, tuple | list) else (str(texts or ""),)


def header_end(text: str) -> int:
    """Return where the header of a catalogue's text ends; 0 without one."""
    match = _HEADER.search(text)
    return match.end() if match else 0


def _mo(pairs: dict[str, str]) -> bytes:
    """GNU .mo, little-endian: sorted ids, then their strings, each as (length, offset) and ending in NUL."""
    rows = sorted((key.encode(), text.encode()) for key, text in pairs.items())
    ids_at, texts_at = 28, 28 + 8 * len(rows)
    data_at = texts_at + 8 * len(rows)
    data, tables = b"", b""
    for column in (0, 1):
        for row in rows:
            tables += struct.pack("<II", len(row[column]), data_at + len(data))
            data += row[column] + b"\0"
    return struct.pack("<7I", _MAGIC, 0, len(rows), ids_at, texts_at, 0, data_at) + tables + data


def _block(english: Message, own: Message | None) -> str:
    lines = [f"# {comment}" for comment in english.user_comments]
    key = forms(english.id)[0]
    if isinstance(english.id, tuple):
        words = " | ".join(dict.fromkeys(forms(english.string)))
        texts = own.string if own and isinstance(own.string, tuple) else ("", "")
        said = [f'msgid_plural "{key}"', *(f"msgstr[{n}] {quoted(text)}" for n, text in enumerate(texts))]
    else:
        words = str(english.string).replace("\n", " / ")
        said = [f"msgstr {quoted(str(own.string) if own else '')}"]
    flags = ["#, fuzzy"] if own is not None and own.fuzzy else []
    return "\n".join([*lines, f"#. {words}", *flags, f'msgid "{key}"', *said])


def quoted(text: str) -> str:
    """Return a text as a .po file writes it, one line of the file for each of its own."""

    def one(piece: str) -> str:
        return '"' + piece.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'

    pieces = text.splitlines(keepends=True)
    return one(text) if len(pieces) < 2 else "\n".join(['""', *map(one, pieces)])


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
