"""``python -m iepcore.testing.scenarios FILE [ID ...]``: a table of what is expected and what is computed.

Ends with 0 when everything was computed and agrees, 1 otherwise, 2 for a document that cannot be read.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from iepcore.errors import IepError
from iepcore.testing.scenarios import Document, FormError, Verdict, build, entries_of, read_document

_WIDTH = 44


def main(arguments: Sequence[str]) -> int:
    """Print the table and return the exit code."""
    if not arguments or arguments[0].startswith("-"):
        _say(str(__doc__))
        return 2
    try:
        document = read_document(Path(arguments[0]))
        chosen = [document.scenario(key) for key in arguments[1:]] or list(document.scenarios)
    except (FormError, OSError) as problem:
        _say(f"cannot be read: {problem}")
        return 2
    counted: Counter[str] = Counter()
    for raw in chosen:
        for line in _table(document, raw, counted):
            _say(line)
    _say(f"{len(chosen)} scenarios: {', '.join(f'{n} {word}' for word, n in sorted(counted.items()))}")
    return 0 if set(counted) <= {Verdict.AGREES.value} else 1


def _table(document: Document, raw: Mapping[str, Any], counted: Counter[str]) -> Iterator[str]:
    yield f"{raw['id']}  {raw.get('title', '')}"
    try:
        site = build(document, raw)
        entries = entries_of(site)
    except (FormError, IepError) as problem:
        counted["not built"] += 1
        yield f"  NOT BUILT  {problem}"
        return
    for entry in entries:
        counted[entry.verdict.value] += 1
        told, found = _short(entry.expected), _short(entry.computed)
        yield f"  {entry.verdict.value:<12} {entry.id:<{_WIDTH}} {told:<26} {found:<26} {entry.how}"
    for left in site.not_expressed:
        yield f"  NotExpressed {left.path:<{_WIDTH}} {left.reason}"
    for taken in site.assumed:
        yield f"  Assumed      {taken.path:<{_WIDTH}} {taken.what}"


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _short(value: object) -> str:
    return str(value).replace("\n", " ")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
