"""Collect the words of screens; keep lti_app/translations/<tag>/LC_MESSAGES/screens.po and .mo.

    python scripts/screen_words.py update    give every catalogue the words that screens say now, in order
    python scripts/screen_words.py compile   write each screens.mo from its screens.po
    python scripts/screen_words.py check     say what is missing, empty, differs in slots or is stale (exit 1)

English words are the message ids, so there is no English catalogue. Spanish has the words of every screen,
Dari those of the family's screens and of the parts they share. Words that no screen says any more are
dropped. The pages of the door and of a notice's link stand outside: they hold all languages at once.

Babel collects the words. Templates go through Jinja's extractor; Python through ``python_words`` below, which
reads the syntax tree, for words also stand inside f-strings and behind short names (``words = frame.words``).
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from catalogues import compiled, forms, header_end, quoted
from jinja2.ext import babel_extract

from iepcore.language import LANGUAGES

ROOT = Path(__file__).resolve().parents[1]
APP = ROOT / "lti_app"
FOLDER = APP / "translations"
OUTSIDE = (
    "templates/door/",
    "templates/_component",
    "templates/screens/notice.html",
    "templates/screens/canvas_back.html",
    "templates/screens/google_back.html",
)
"""Pages in three languages at once, and the reference page of components (English and Dari by hand)."""

FAMILY = (
    "templates/layout.html",
    "templates/components/",
    "templates/screens/_talk.html",
    "templates/screens/family_plan.html",
    "templates/screens/family_wish.html",
    "templates/screens/my_",
    "templates/screens/seen.html",
    "templates/screens/signing.html",
    "templates/screens/talk.html",
    "templates/screens/tasks.html",
    "screens/bubbles.py",
    "screens/charts.py",
    "screens/conversation.py",
    "screens/family_frame.py",
    "screens/family_plan.py",
    "screens/family_plan_view.py",
    "screens/family_wish.py",
    "screens/findings.py",
    "screens/my_child.py",
    "screens/page.py",
    "screens/plan_changes.py",
    "screens/plan_reading.py",
    "screens/plan_words.py",
    "screens/request_words.py",
    "screens/said.py",
    "screens/seen.py",
    "screens/signing.py",
    "screens/tasks.py",
    "iepcore.language",
)
"""What a family can come to see: these have Dari too."""

KEYWORDS: Mapping[str, tuple[int, ...] | None] = {
    "_": None,
    "words": None,
    "ngettext": (1, 2),
    "count_words": (1, 2),
    "html": (2,),
}
"""How screens say words, as Babel writes it: which arguments are the message."""

_SLOT = re.compile(r"%\((\w+)\)([sd])")
Ids = str | tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class Found:
    """One message and the files that say it."""

    ids: Ids
    files: list[str] = field(default_factory=list)

    @property
    def key(self) -> str:
        """The id that tells a message from others: the singular."""
        return self.ids if isinstance(self.ids, str) else self.ids[0]

    @property
    def family(self) -> bool:
        """Whether a family's screen says it."""
        return any(name.startswith(FAMILY) for name in self.files)


def sources() -> list[Path]:
    """Return the templates and modules whose words are translated, in the order of a catalogue."""
    files = [*sorted((APP / "templates").rglob("*.html")), *sorted((APP / "screens").rglob("*.py"))]
    return [path for path in files if not _name(path).startswith(OUTSIDE)]


@cache
def collected() -> dict[str, Found]:
    """Return every message of the screens by its key.

    Raises:
        ValueError: when one singular stands with two plurals; gettext knows only one.
    """
    found: dict[str, Found] = {}
    for path in sources():
        for ids in messages_of(path):
            _add(found, ids, _name(path))
    for language in LANGUAGES:
        _add(found, language.english_name, "iepcore.language.LANGUAGES")
    return found


def messages_of(path: Path) -> Iterator[Ids]:
    """Return the messages of one file, in its order."""
    method: Any = babel_extract if path.suffix == ".html" else python_words
    for _line, ids, _comments, _context in extract(method, BytesIO(path.read_bytes()), KEYWORDS):
        if ids and all(ids):
            yield ids if isinstance(ids, str) else tuple(ids)


def python_words(
    source: IO[bytes], keywords: Mapping[str, Any], comment_tags: object, options: object
) -> Iterator[tuple[int, str, list[str | None], list[str]]]:
    """Extraction method for Babel: calls of the keywords, also in f-strings and by a short name."""
    tree = ast.parse(source.read())
    short = dict(_short_names(tree))
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = _called(call, short)
        if name in keywords:
            yield call.lineno, name, [_literal(one) for one in call.args], []


def unknown_words(path: Path) -> list[str]:
    """Return calls of a module whose message is not written there, so that no catalogue can have it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    short = dict(_short_names(tree))
    return [
        ast.unparse(call.args[at])
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and (name := _called(call, short)) in KEYWORDS
        for at in (place - 1 for place in KEYWORDS[name] or (1,))
        if at < len(call.args) and _literal(call.args[at]) is None
    ]


def wanted(tag: str) -> list[Found]:
    """Return the messages that a language's catalogue has to have, in order."""
    return [one for one in collected().values() if tag != "prs" or one.family]


def po_files() -> list[Path]:
    """Return the catalogues of screens."""
    return sorted(FOLDER.glob("*/LC_MESSAGES/screens.po"))


def updated(po: Path) -> str:
    """Return the text of a catalogue with today's messages; new ones are empty."""
    text = po.read_text(encoding="utf-8")
    own = _read(po)
    blocks = [text[: header_end(text)].rstrip("\n")]
    for one in wanted(_tag(po)):
        known = own.get(one.key)
        texts = forms(known.string if known is not None else "")
        lines = [f"#: {' '.join(one.files)}"]
        if "%(" in "".join(forms(one.ids)):
            lines.append("#, python-format")
        lines.append(f"msgid {quoted(one.key)}")
        if isinstance(one.ids, tuple):
            lines.append(f"msgid_plural {quoted(one.ids[1])}")
            plural = texts if len(texts) == len(one.ids) else ("",) * len(one.ids)
            lines += [f"msgstr[{n}] {quoted(form)}" for n, form in enumerate(plural)]
        else:
            lines.append(f"msgstr {quoted(texts[0])}")
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def problems(po: Path) -> list[str]:
    """Return what is wrong with a catalogue, in words; nothing when it can be used."""
    own, tag = _read(po), _tag(po)
    said = []
    for one in wanted(tag):
        known = own.get(one.key)
        ids, texts = forms(one.ids), forms(known.string if known is not None else "")
        if len(texts) != len(ids) or not all(texts):
            said.append(f"{tag}: not translated: {one.key}")
        elif known is not None and known.fuzzy:
            said.append(f"{tag}: marked fuzzy: {one.key}")
        elif (slots := slots_of(ids)) != slots_of(texts) or any(
            not slots_of([text]) <= slots or text.replace("%%", "").count("%") != len(_SLOT.findall(text))
            for text in texts
            if slots
        ):
            said.append(f"{tag}: other slots: {one.key}")
    if updated(po) != po.read_text(encoding="utf-8"):
        said.append(f"{tag}: screens.po is not what screens say; run the verb update")
    mo = po.with_suffix(".mo")
    if not mo.exists() or mo.read_bytes() != compiled(po):
        said.append(f"{tag}: screens.mo is not what screens.po says; run the verb compile")
    return said


def slots_of(texts: Iterable[str]) -> set[str]:
    """Return the named slots of a message, over its plural forms."""
    return {match[1] for text in texts for match in _SLOT.finditer(text)}


def main(arguments: list[str]) -> int:
    """Run one verb; return the exit code."""
    verb = arguments[0] if len(arguments) == 1 else ""
    if verb not in {"update", "compile", "check"}:
        sys.stderr.write(__doc__ or "")
        return 2
    said: list[str] = []
    for po in po_files():
        if verb == "update":
            po.write_text(updated(po), encoding="utf-8")
        elif verb == "compile":
            po.with_suffix(".mo").write_bytes(compiled(po))
        else:
            said += problems(po)
    sys.stderr.writelines(f"{line}\n" for line in said)
    return 1 if said else 0


def _add(found: dict[str, Found], ids: Ids, name: str) -> None:
    one = found.setdefault(ids if isinstance(ids, str) else ids[0], Found(ids=ids))
    if isinstance(ids, tuple) and one.ids != ids:
        if isinstance(one.ids, tuple):
            raise ValueError(f"two plurals for one singular: {ids[0]}")
        one.ids = ids
    if name not in one.files:
        one.files.append(name)


def _name(path: Path) -> str:
    return path.relative_to(APP).as_posix()


def _tag(po: Path) -> str:
    return po.parents[1].name


def _read(po: Path) -> Catalog:
    with po.open("rb") as file:
        return read_po(file, abort_invalid=True)


def _short_names(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Names a module gives to ``frame.words`` and ``frame.count_words``."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Attribute)
            and node.value.attr in {"words", "count_words"}
            and isinstance(node.targets[0], ast.Name)
        ):
            yield node.targets[0].id, node.value.attr


def _called(call: ast.Call, short: Mapping[str, str]) -> str:
    """The keyword a call stands for; a plain function is one only by an own or a short name."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr if call.func.attr in {"words", "count_words"} else ""
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    return short.get(name, name if name in {"_", "ngettext", "html"} else "")


def _literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
