"""A chain holds after lawful work of any sort, and any one thing done to it beside that is found."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iepcore.access import (
    ChainCheck,
    ChainFault,
    ChainHead,
    ChainName,
    ChainReport,
    Link,
    Sealed,
    TrailQuery,
    check_chain,
    genesis,
)
from iepcore.access.chain import Erasure, blanked, erasure_note, head_at, seal
from iepcore.ids import SiteId, new_uuid7
from iepcore.memory import MemoryStore

SITE = SiteId(new_uuid7())
BEGIN = genesis(SITE, ChainName.TRAIL)

words = st.text(max_size=6)
private = st.tuples(st.none() | words, st.none() | words)
rows_of = st.lists(st.tuples(words, private), min_size=1, max_size=8)


def built(contents: list[tuple[str, tuple[str | None, str | None]]]) -> list[Sealed]:
    """Return the rows of a chain with these contents."""
    rows, head = [], BEGIN
    for text, subject in contents:
        link = seal(head, (text, 7), subject)
        rows.append(Sealed(link=link, public=(text, 7), private=subject))
        head = head_at(link)
    return rows


def head_of(rows: list[Sealed]) -> ChainHead:
    """Return where a chain ends."""
    return head_at(rows[-1].link) if rows else BEGIN


def erased(rows: list[Sealed], places: set[int]) -> list[Sealed]:
    """Return the chain after a lawful erasure of the rows at these indexes."""
    seq = len(rows) + 1
    gone = [rows[place] for place in sorted(places)]
    note = erasure_note(BEGIN, seq, [one.link.hash for one in gone])
    link = seal(head_of(rows), ("erasure", 7), (None, note))
    told = Sealed(
        link=link,
        public=("erasure", 7),
        private=(None, note),
        erasure=Erasure(chain=ChainName.TRAIL, note=note),
    )
    left = [
        replace(one, link=blanked(one.link, seq), private=(None, None)) if place in places else one
        for place, one in enumerate(rows)
    ]
    return [*left, told]


def check(rows: list[Sealed], head: ChainHead, **more: ChainHead) -> ChainReport:
    """Check a chain of the test site."""
    return check_chain(rows, BEGIN, head, **more)  # type: ignore[arg-type]


@given(rows_of)
def test_what_was_written_holds(contents: list[tuple[str, tuple[str | None, str | None]]]) -> None:
    """Whatever the rows say, the chain holds and its head is that of the newest."""
    rows = built(contents)
    report = check(rows, head_of(rows))
    assert (len(rows), True, head_of(rows)) == (report.rows, report.holds, report.head)


@given(rows_of, st.data())
def test_one_changed_cell_is_found(
    contents: list[tuple[str, tuple[str | None, str | None]]], data: st.DataObject
) -> None:
    """Any cell of any row: what was done, about whom, its place, hashes or salt."""
    rows = built(contents)
    place = data.draw(st.integers(0, len(rows) - 1))
    row = rows[place]
    spoiled = data.draw(
        st.sampled_from(
            [
                replace(row, public=(f"{row.public[0]}!", 7)),
                replace(row, public=(row.public[0], "7")),
                replace(row, private=(row.private[0], f"{row.private[1]}!")),
                replace(row, private=(f"{row.private[0]}!", row.private[1])),
                *(
                    replace(row, link=replace(row.link, **{name: value}))
                    for name, value in (
                        ("seq", row.link.seq + 1),
                        ("prior", "0" * 64),
                        ("hash", "0" * 64),
                        ("mark", "0" * 64),
                        ("salt", "00"),
                        ("salt", None),
                        ("erased_in", 99),
                    )
                ),
                replace(row, link=blanked(row.link, len(rows) + 1), private=(None, None)),
            ]
        )
    )
    report = check([*rows[:place], spoiled, *rows[place + 1 :]], head_of(rows))
    assert not report.holds
    assert report.place is not None


@given(rows_of, st.data())
def test_a_removed_row_is_found(
    contents: list[tuple[str, tuple[str | None, str | None]]], data: st.DataObject
) -> None:
    """The first, one in the middle, the last."""
    rows = built(contents)
    place = data.draw(st.integers(0, len(rows) - 1))
    assert not check([*rows[:place], *rows[place + 1 :]], head_of(rows)).holds


@given(rows_of.filter(lambda rows: len(rows) > 1), st.data())
def test_two_swapped_rows_are_found(
    contents: list[tuple[str, tuple[str | None, str | None]]], data: st.DataObject
) -> None:
    """With their places or without them."""
    rows = built(contents)
    first = data.draw(st.integers(0, len(rows) - 2))
    second = data.draw(st.integers(first + 1, len(rows) - 1))
    keeps_places = data.draw(st.booleans())
    one, other = rows[first], rows[second]
    if keeps_places:
        one = replace(one, link=replace(one.link, seq=other.link.seq))
        other = replace(other, link=replace(other.link, seq=rows[first].link.seq))
    rows[first], rows[second] = other, one
    assert not check(rows, head_of(built(contents))).holds


@given(rows_of, words, st.data())
def test_an_inserted_row_is_found(
    contents: list[tuple[str, tuple[str | None, str | None]]], text: str, data: st.DataObject
) -> None:
    """Between others or behind them, however well it is sealed."""
    rows = built(contents)
    place = data.draw(st.integers(0, len(rows)))
    before = head_of(rows[:place])
    forged = Sealed(link=seal(before, (text, 7), (None, None)), public=(text, 7), private=(None, None))
    assert not check([*rows[:place], forged, *rows[place:]], head_of(rows)).holds


@given(rows_of, st.data())
def test_an_erasure_leaves_a_chain_that_holds(
    contents: list[tuple[str, tuple[str | None, str | None]]], data: st.DataObject
) -> None:
    """Any rows of a child, once or twice over; and what was erased cannot be read out of what stays."""
    rows = built(contents)
    places = data.draw(st.sets(st.integers(0, len(rows) - 1), min_size=1))
    after = erased(rows, places)
    report = check(after, head_of(after))
    assert (True, len(places)) == (report.holds, report.blanked)
    assert all(after[place].link.salt is None for place in places)
    rest = set(range(len(rows))) - places
    if rest:
        twice = erased(after, rest)
        assert check(twice, head_of(twice)).holds


@given(rows_of, st.data())
def test_an_erasure_hides_no_other_row(
    contents: list[tuple[str, tuple[str | None, str | None]]], data: st.DataObject
) -> None:
    """One row more blanked than it says, or one less: found at the first row of that erasure."""
    rows = built([*contents, ("last", ("a", "b"))])
    places = data.draw(st.sets(st.integers(0, len(rows) - 2), min_size=1))
    after = erased(rows, places)
    more = list(after)
    more[len(rows) - 1] = replace(
        after[len(rows) - 1], link=blanked(after[len(rows) - 1].link, len(rows) + 1), private=(None, None)
    )
    report = check(more, head_of(after))
    assert (ChainFault.BLANKED, min(places) + 1) == (report.fault, report.place)
    less = [rows[place] if place in places else one for place, one in enumerate(after)]
    assert ChainFault.BLANKED is check(less, head_of(after)).fault


def test_a_row_that_came_with_an_import_speaks_of_other_rows() -> None:
    """The note of an erasure elsewhere is only a row here."""
    elsewhere = genesis(SiteId(new_uuid7()), ChainName.TRAIL)
    note = erasure_note(elsewhere, 1, ["a"])
    link = seal(BEGIN, ("erasure",), (None, note))
    told = Erasure(chain=ChainName.TRAIL, note=note)
    row = Sealed(link=link, public=("erasure",), private=(None, note), erasure=told)
    assert check([row], head_at(link)).holds


def test_a_rebuilt_chain_is_found_by_a_head_kept_outside() -> None:
    """Whoever owns the database can make a whole new chain; a place and hash on paper tell."""
    rows = built([("one", (None, None)), ("two", (None, None)), ("three", (None, None))])
    kept = head_at(rows[1].link)
    forged = built([("one", (None, None)), ("other", (None, None)), ("three", (None, None))])
    assert check(rows, head_of(rows), kept=kept).holds
    report = check(forged, head_of(forged), kept=kept)
    assert (ChainFault.KEPT, 2) == (report.fault, report.place)
    short = check(rows[:1], head_of(rows[:1]), kept=kept)
    assert (ChainFault.KEPT, 1) == (short.fault, short.place)
    assert check(rows[:1], head_of(rows[:1]), kept=BEGIN).holds


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (lambda rows: rows[1:], ChainFault.MISSING),
        (
            lambda rows: [replace(rows[0], link=replace(rows[0].link, prior="0" * 64)), *rows[1:]],
            ChainFault.CUT,
        ),
        (lambda rows: [replace(rows[0], public=("x", 7)), *rows[1:]], ChainFault.CHANGED),
        (lambda rows: [replace(rows[0], private=("x", None)), *rows[1:]], ChainFault.SUBJECT),
        (
            lambda rows: [replace(rows[0], link=replace(rows[0].link, erased_in=9)), *rows[1:]],
            ChainFault.BLANKED,
        ),
        (lambda rows: rows[:-1], ChainFault.TAIL),
    ],
    ids=["missing", "cut", "changed", "subject", "blanked", "tail"],
)
def test_each_fault_has_its_name(spoil, fault: ChainFault) -> None:  # type: ignore[no-untyped-def]
    """What is told is what was done."""
    rows = built([("one", ("c", None)), ("two", (None, None))])
    assert fault is check(spoil(rows), head_of(rows)).fault


def test_after_a_break_nothing_is_looked_at() -> None:
    """The first broken place is the one that is told."""
    rows = built([("one", (None, None)), ("two", (None, None))])
    reader = ChainCheck(BEGIN)
    assert not reader.take(rows[1])
    assert not reader.take(rows[0])
    assert 2 == reader.end(head_of(rows)).place


def test_a_row_of_another_site_fits_nowhere() -> None:
    """Each site and each chain begins with a hash of its own."""
    other = genesis(SiteId(new_uuid7()), ChainName.TRAIL)
    assert 3 == len({BEGIN, other, genesis(SITE, ChainName.DISCLOSURES)})
    assert f"0:{BEGIN.hash}" == str(BEGIN)
    assert Link(seq=1, prior="a", hash="b", mark="c", salt=None, erased_in=2) == blanked(
        Link(seq=1, prior="a", hash="b", mark="c", salt="d"), 2
    )


def test_an_empty_question_takes_every_row() -> None:
    """What is not asked for does not matter."""
    assert TrailQuery() == TrailQuery(student_id=None, actor_id=None, kinds=frozenset())


def test_a_store_in_memory_has_no_guard_to_miss() -> None:
    """Guards are triggers of a database; nothing is missing where there is none."""
    with MemoryStore(SiteId(new_uuid7())).read() as uow:
        assert () == uow.audit.missing_guards()
