"""The account of the small school as a source, and files such as a report could be."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

from werkzeug import Request, Response

from connectors.canvas.account_source import CanvasAccountSource
from tests.contract.connectors.canvas_fake import FakeCanvas, Fault
from tests.contract.connectors.canvas_fake.reports import HEADS
from tests.contract.connectors.canvas_school import (
    ADMIN,
    SOURCE,
    School,
)


def account(school: School, user: int = ADMIN, **more: Any) -> CanvasAccountSource:
    """Return the account as a source."""
    return CanvasAccountSource(
        school.transport(user),
        account_id="1",
        **{"source": SOURCE, "timing": school.watch.timing, **more},
    )


def a_file(*members: tuple[str, str]) -> Fault:
    """Answer with a zip of these."""
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w") as archive:
        for name, text in members:
            archive.writestr(name, text)

    def answer(fake: FakeCanvas, request: Request, work: Callable[[], Response]) -> Response:
        return Response(box.getvalue(), 200, content_type="application/zip")

    return answer


def table(name: str, *rows: str) -> str:
    """Return a table with its head."""
    return "\r\n".join([HEADS[name], *rows]) + "\r\n"
