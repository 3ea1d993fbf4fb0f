"""The export file: one JSON line per value after a header line; reading it back reports every bad line at
once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime

from iepcore.errors import InvalidRows, InvalidValue
from iepcore.schemas.documents import dump, load

FORMAT = "rapport-export"
FORMAT_VERSION = 1


def export_lines(values: Iterable[object], *, made_at: datetime) -> Iterator[str]:
    """Yield the lines of an export of ``values``, each with its newline. Streams; holds one value at a
    time."""
    header = {"format": FORMAT, "version": FORMAT_VERSION, "made_at": made_at.isoformat()}
    yield json.dumps(header) + "\n"
    for value in values:
        yield json.dumps(dump(value), ensure_ascii=False) + "\n"


def import_lines(lines: Iterable[str]) -> tuple[object, ...]:
    """Return every value of an export, in its order.

    Raises:
        InvalidValue: ``not_an_export`` or ``export_version`` for the header line.
        InvalidRows: with one problem per bad line or field (``line 7: target``); nothing is returned then.
    """
    source = iter(lines)
    _check_header(next(source, ""))
    values: list[object] = []
    problems: list[tuple[str, InvalidValue]] = []
    for number, line in enumerate(source, start=2):
        if not line.strip():
            continue
        try:
            document = json.loads(line)
            if not isinstance(document, dict):
                raise InvalidValue("not_a_document", field="line")
            values.append(load(document))
        except (json.JSONDecodeError, RecursionError):
            problems.append((f"line {number}", InvalidValue("not_json", field="line")))
        except InvalidRows as refused:
            problems += [(f"line {number}: {place}", problem) for place, problem in refused.problems]
        except InvalidValue as refused:
            problems.append((f"line {number}", refused))
    if problems:
        raise InvalidRows(problems)
    return tuple(values)


def _check_header(line: str) -> None:
    try:
        header = json.loads(line)
    except (json.JSONDecodeError, RecursionError):
        raise InvalidValue("not_an_export", field="header") from None
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        raise InvalidValue("not_an_export", field="header")
    if header.get("version") != FORMAT_VERSION:
        raise InvalidValue("export_version", field="version")
