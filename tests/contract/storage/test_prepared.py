"""Sentences compiled once, on the driver's own connection: the same promises as every other way in."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest
import sqlalchemy as sa

from iepcore.errors import Busy, IepError, InvalidValue
from lti_app.storage import door_tables as t
from lti_app.storage.engine import Engines
from lti_app.storage.prepared import Prepared, insert_into, select_by

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
NOTE = {"link_hash": "hash", "created_at": NOW, "expires_at": NOW}
FIND, ADD = select_by(t.notice_link, "link_hash"), insert_into(t.notice_link)


@pytest.fixture
def site(engines: Engines) -> dict[str, object]:
    """A row of a site, written the usual way."""
    row: dict[str, object] = {"id": uuid4(), "name": "A school", "zone": "UTC"}
    row |= {"phone": "", "lms_name": "", "lms_url": "", "report_codes": {"word": "M"}}
    row |= {column.name: False for column in t.site.c if column.name not in row}
    with engines.writing() as connection:
        connection.execute(sa.insert(t.site), [row])
    return row


def found(engines: Engines, link_hash: str = "hash") -> dict[str, object] | None:
    """Return the link of a hash."""
    with engines.bare_reading() as bare:
        return FIND.first(bare, {"link_hash": link_hash})


def test_what_is_written_bare_is_read_like_everything_else(engines: Engines, site: dict[str, object]) -> None:
    """Ids, instants, documents and truth values pass the same types on the way in and out."""
    with engines.bare_writing() as bare:
        ADD.rows(bare, {**NOTE, "site_id": site["id"]})
    with engines.reading() as connection:
        usual = connection.execute(sa.select(t.notice_link)).mappings().one()
        assert site == select_by(t.site, "id").first(connection, {"id": site["id"]})

    assert dict(usual) == found(engines)
    assert {**NOTE, "site_id": site["id"]} == found(engines)
    assert None is found(engines, "another")


@pytest.mark.parametrize("light", [False, True], ids=["durable", "light"])
def test_an_error_leaves_nothing_and_passes_on(
    engines: Engines, site: dict[str, object], light: bool
) -> None:
    """What raises inside is rolled back; the next writer finds the way free."""
    with pytest.raises(KeyError), engines.bare_writing(light=light) as bare:  # noqa: PT012
        ADD.rows(bare, {**NOTE, "site_id": site["id"]})
        raise KeyError
    assert None is found(engines)

    with engines.bare_writing(light=light) as bare:
        ADD.rows(bare, {**NOTE, "site_id": site["id"]})
    assert None is not found(engines)


def test_the_drivers_words_go_no_further(engines: Engines, site: dict[str, object]) -> None:
    """A taken key, a value no database holds, a reader that writes: our codes, and none of the values."""
    with engines.bare_writing() as bare:
        ADD.rows(bare, {**NOTE, "site_id": site["id"]})
    with pytest.raises(IepError, match="store_refused") as twice, engines.bare_writing() as bare:
        ADD.rows(bare, {**NOTE, "site_id": site["id"]})
    with pytest.raises(InvalidValue, match="not_storable"), engines.bare_writing() as bare:
        ADD.rows(bare, {**NOTE, "link_hash": "\ud800", "site_id": site["id"]})

    assert "hash" not in str(twice.value)
    if engines.dialect == "sqlite":
        with pytest.raises(Busy, match="store_read_only"), engines.bare_reading() as bare:
            ADD.rows(bare, {**NOTE, "link_hash": "other", "site_id": site["id"]})


def test_one_writer_waits_for_the_other(engines: Engines, site: dict[str, object]) -> None:
    """A bare writer, a light one and a usual one queue for the same lock and lose nothing."""

    def add(place: int) -> None:
        row = {**NOTE, "link_hash": f"hash-{place}", "site_id": site["id"]}
        if place % 3 == 0:
            with engines.writing() as connection:
                connection.execute(sa.insert(t.notice_link), [row])
        else:
            with engines.bare_writing(light=place % 3 == 1) as bare:
                ADD.rows(bare, row)

    threads = [threading.Thread(target=add, args=(place,)) for place in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert all(found(engines, f"hash-{place}") for place in range(12))


def test_a_write_inside_a_write_is_told_so(engines: Engines, site: dict[str, object]) -> None:
    """It would wait for itself, unless the database has two writers at once."""
    if engines.lock is None:
        with engines.bare_writing(), engines.bare_writing() as inner:
            ADD.rows(inner, {**NOTE, "site_id": site["id"]})
        assert found(engines)
        return
    with engines.bare_writing(), pytest.raises(RuntimeError, match="inside"), engines.bare_writing():
        raise AssertionError("not reached")


def test_what_cannot_begin_is_busy(engines: Engines, site: dict[str, object]) -> None:
    """Words the database does not take, or no database at all: our error, and the lock is free again."""
    closed = replace(engines, write=sa.create_engine("sqlite:////nowhere/at/all.db"), lock=None)
    with pytest.raises(Busy, match="store_down"), closed.bare_writing():
        raise AssertionError("not reached")
    with engines.bare_writing() as bare:
        ADD.rows(bare, {**NOTE, "site_id": site["id"]})
        removed = Prepared(
            sa.delete(t.notice_link).returning(t.notice_link.c.link_hash), [t.notice_link.c.link_hash]
        )
        assert [("hash",)] == removed.rows(bare, {})
