"""Our log lines: the usual words and time, spelled once a second."""

from __future__ import annotations

import logging

from lti_app.cli.serving import Lines


def test_lines_are_those_of_the_usual_formatter() -> None:
    """Within a second and from one to the next, a line is what Python's own formatter writes."""
    usual, ours = logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"), Lines()
    for at in (1_800_000_000.0, 1_800_000_000.042, 1_800_000_000.999, 1_800_000_001.5, 1_799_999_999.25):
        record = logging.LogRecord("lti_app.access", logging.INFO, "", 0, "%s", ("GET /app/",), None)
        record.created, record.msecs = at, (at - int(at)) * 1000
        assert usual.format(record).split(",")[0] == ours.format(record).split(",")[0]
        assert usual.format(record)[24:] == ours.format(record)[24:]
