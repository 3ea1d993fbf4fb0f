"""Documents and the export file: every value comes back as it was, and every bad line is reported at once."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iepcore.access import AuditEvent, Disclosure
from iepcore.calendars import SiteChoices
from iepcore.errors import InvalidRows, InvalidValue
from iepcore.ids import SiteId, new_uuid7
from iepcore.language import FreeText, Name, Phrase
from iepcore.memory import MemoryStore
from iepcore.people import Student
from iepcore.plan import DataPoint, Goal
from iepcore.plan.document import PlanContents, PlanVersion
from iepcore.progress import ConsecutiveCriterion, NOfMCriterion
from iepcore.schemas import (
    FORMAT_VERSION,
    KIND_NAMES,
    dump,
    dump_part,
    export_lines,
    import_lines,
    load,
    load_part,
)
from iepcore.testing import NOW, a_goal, a_message, a_student
from iepcore.testing.archive_contract import everything
from iepcore.testing.store_samples import every_value

EVERY = every_value()
KINDS = {dump(value)["type"]: value for value in EVERY}
texts = st.text(
    st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=40
).filter(str.strip)


def _again(value: object) -> object:
    """Return a value after its way through JSON text."""
    return load(json.loads(json.dumps(dump(value), ensure_ascii=False)))


@pytest.mark.parametrize("value", EVERY, ids=lambda value: type(value).__name__)
def test_value_comes_back_as_it_was(value: object) -> None:
    """Filled to the brim or as empty as may be: equal, and of the same types inside."""
    found = _again(value)

    assert value == found
    assert repr(value) == repr(found)


def test_samples_hold_every_kind_and_every_field_filled() -> None:
    """A kind or field that no sample shows would not be tested here."""
    assert set(KIND_NAMES) == set(KINDS)
    filled = {
        (type(value), one.name)
        for value in EVERY
        for one in fields(value)  # type: ignore[arg-type]
        if getattr(value, one.name) not in (None, (), frozenset(), "")
    }
    every = {(type(value), one.name) for value in EVERY for one in fields(value)}  # type: ignore[arg-type]
    every -= {(AuditEvent, "link"), (Disclosure, "link")}  # given by the store

    assert set() == {(kind.__name__, name) for kind, name in every - filled}


slots = st.recursive(
    texts
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.dates()
    | texts.map(lambda text: Name(text=text))
    | st.builds(FreeText, text=texts, lang=st.sampled_from(["en", "prs", "zh-Hant", "es-MX"])),
    lambda inner: st.builds(
        Phrase, key=st.just("skill.own_words"), params=st.dictionaries(st.just("words"), inner)
    ),
    max_leaves=4,
)
parts = st.builds(
    Phrase,
    key=st.just("update.last"),
    params=st.dictionaries(st.sampled_from(["child", "now", "day"]), slots),
) | st.builds(FreeText, text=texts, lang=st.sampled_from(["en", "fa"]))


@given(st.lists(parts, min_size=1, max_size=4))
def test_any_words_come_back(written: list[Phrase | FreeText]) -> None:
    """Phrases in phrases, names, days, numbers and every script keep their kind."""
    message = a_message(parts=tuple(written))

    assert message == _again(message)
    assert repr(message.parts) == repr(_again(message).parts)  # type: ignore[attr-defined]


zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


instants = st.datetimes(timezones=zones).filter(lambda at: 1900 < at.year < 3000)


@given(texts, texts, instants)
def test_any_child_comes_back(legal: str, preferred: str, at: datetime) -> None:
    """Any name and any instant; the instant is written in UTC and means the same."""
    names = [" ".join(name.split()) or "x" for name in (legal, preferred)]
    names = ["".join(ch for ch in name if ch not in "\r\n") or "x" for name in names]
    student = a_student(legal_name=names[0], preferred_name=names[1], created_at=at)

    assert student == _again(student)
    assert dump(student)["created_at"].endswith("+00:00")


@given(
    st.floats(0, 50), st.floats(50, 100), st.integers(1, 6), st.integers(0, 6), st.booleans(), st.booleans()
)
def test_any_goal_comes_back(
    baseline: float, target: float, n: int, more: int, early: bool, consecutive: bool
) -> None:
    """Numbers keep every digit; both criteria keep their form."""
    criterion = ConsecutiveCriterion(k=n) if consecutive else NOfMCriterion(n=n, m=n + more, early=early)
    goal = a_goal(baseline=baseline, target=target, criterion=criterion)

    assert goal == _again(goal)


# ------------------------------------------------------------------------------------------- what is refused


@pytest.mark.parametrize("kind", KIND_NAMES)
def test_unknown_and_missing_fields_are_refused_by_name(kind: str) -> None:
    """Our own format is strict: a field too many and each needed one that is missing is named."""
    document = dump(KINDS[kind])
    with pytest.raises(InvalidRows) as refused:
        load({**document, "nickname": "x"})
    assert ["nickname"] == [place for place, _ in refused.value.problems]
    if kind == "site_choices":  # nothing chosen is a value, too
        assert SiteChoices() == load({"type": kind})
        return
    with pytest.raises(InvalidRows) as refused:
        load({"type": kind})
    assert len(refused.value.problems) >= 2
    assert {"field_refused"} == {problem.code for _, problem in refused.value.problems}


def test_every_bad_field_of_a_document_is_reported_together() -> None:
    """Three mistakes are three problems, and none repeats what was written."""
    document = {**dump(a_student()), "grade": 7, "born_on": "Tuesday", "created_at": "2026-03-02T15:04:05"}
    with pytest.raises(InvalidRows) as refused:
        load(document)

    assert ["born_on", "created_at", "grade"] == [place for place, _ in refused.value.problems]
    assert "Tuesday" not in str(refused.value)


def _with(kind: str, **changes: object) -> dict[str, object]:
    return {**dump(KINDS[kind]), **changes}


@pytest.mark.parametrize(
    ("document", "place"),
    [
        (_with("goal", baseline=True), "baseline"),
        (_with("goal", baseline="20"), "baseline"),
        (_with("goal", target=-1), "target"),
        (_with("goal", version=1.5), "version"),
        (_with("goal", version="1"), "version"),
        (_with("goal", version=True), "version"),
        (_with("goal", direction="up"), "direction"),
        (_with("goal", criterion={"k": 3, "more": 1}), "criterion"),
        (_with("goal", criterion={"n": 3}), "criterion"),
        (_with("goal", criterion="three"), "criterion"),
        (_with("goal", text={"text": "x", "lang": "??"}), "text"),
        (_with("goal", measure={"kind": "percent_correct", "colour": 1}), "measure"),
        (_with("data_point", score=float("nan")), "score"),
        (_with("data_point", score=float("inf")), "score"),
        (_with("data_point", reading={"form": "percent", "correct": 9, "trials": 8}), "reading"),
        (_with("data_point", reading={"form": "percent", "correct": 9}), "reading"),
        (_with("data_point", reading={"form": "guess"}), "reading"),
        (_with("data_point", reading=[]), "reading"),
        (_with("data_point", observed_at=5), "observed_at"),
        (_with("data_point", id="1"), "id"),
        (_with("message", parts=[{"phrase": "update.last", "params": {"child": [1]}}]), "parts"),
        (_with("message", parts=[{"phrase": "update.last", "params": {"child": True}}]), "parts"),
        (_with("message", parts=[{"phrase": "update.last", "params": {"child": None}}]), "parts"),
        (_with("message", parts=[{"phrase": "update.last"}]), "parts"),
        (_with("message", parts=[{"phrase": 5, "params": {}}]), "parts"),
        (_with("message", parts=[{"phrase": "update.last", "params": [], "x": 1}]), "parts"),
        (_with("message", parts=[{"phrase": "x.y", "params": {"a": {"name": "M", "b": 1}}}]), "parts"),
        (_with("message", parts=[{"phrase": "x.y", "params": {"a": {"day": "soon"}}}]), "parts"),
        (_with("message", parts=[{"text": "x"}]), "parts"),
        (_with("message", parts=["x"]), "parts"),
        (_with("message", parts=[]), "parts"),
        (_with("message", parts=5), "parts"),
        (_with("message", recipient_ids=["x"]), "recipient_ids"),
        (_with("message", to_staff="yes"), "to_staff"),
        (_with("adult", addresses=[{"kind": "mail", "value": "nobody"}]), "addresses"),
        (_with("trial", outcome=None, undoes=None), "outcome"),
    ],
)
def test_bad_form_is_refused_at_its_place(document: dict[str, object], place: str) -> None:
    """Wrong types, numbers that are none and values our own classes refuse name the field."""
    with pytest.raises(InvalidRows) as refused:
        load(document)

    assert [place] == [found for found, _ in refused.value.problems]


@pytest.mark.parametrize("document", [{}, {"type": None}, {"type": "goals"}, {"type": ["goal"]}])
def test_unknown_kind_is_refused(document: dict[str, object]) -> None:
    """A document must say which of our kinds it is."""
    with pytest.raises(InvalidValue, match="unknown_kind"):
        load(document)


def test_only_stored_values_are_dumped() -> None:
    """What no store keeps has no document."""
    for stranger in (5, Name(text="Maya"), {"type": "goal"}):
        with pytest.raises(InvalidValue, match="unknown_kind"):
            dump(stranger)


# ------------------------------------------------------------------------------------------- the export file


def test_export_of_one_store_makes_an_equal_one() -> None:
    """A whole site through text into another store: equal values, and the same text again, but for places in
    the chain of the trail, which each store gives.
    """
    first, second = (MemoryStore(SiteId(new_uuid7())) for _ in range(2))
    with first.write() as uow:
        uow.archive.restore(EVERY)
    with first.read() as uow:
        lines = list(export_lines(uow.archive.values(), made_at=NOW))
    values = import_lines(lines)
    with second.write() as uow:
        assert len(EVERY) == uow.archive.restore(values) == len(lines) - 1
    with second.read() as uow:
        again = list(export_lines(uow.archive.values(), made_at=NOW))

    assert everything(first) == everything(second)
    assert [_without_place(line) for line in lines] == [_without_place(line) for line in again]


def _without_place(line: str) -> dict[str, object]:
    return {name: value for name, value in json.loads(line).items() if name != "link"}


def test_export_begins_with_what_it_is() -> None:
    """The header names format, version and moment; an empty site is a file too."""
    lines = list(export_lines([], made_at=datetime(2026, 11, 24, tzinfo=UTC)))

    assert [
        {"format": "rapport-export", "version": FORMAT_VERSION, "made_at": "2026-11-24T00:00:00+00:00"}
    ] == [json.loads(line) for line in lines]
    assert import_lines(lines) == ()


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("", "not_an_export"),
        ("x", "not_an_export"),
        ("[]", "not_an_export"),
        ("{}", "not_an_export"),
        ('{"format": "rapport-export"}', "export_version"),
        ('{"format": "rapport-export", "version": 2}', "export_version"),
    ],
)
def test_file_without_our_header_is_refused(header: str, code: str) -> None:
    """Something else, nothing, or a version of the future is refused before any line is read."""
    with pytest.raises(InvalidValue, match=code):
        import_lines([header, "{}"])
    with pytest.raises(InvalidValue, match="not_an_export"):
        import_lines([])


def test_every_bad_line_is_reported_with_its_number() -> None:
    """All mistakes of a file are found in one run; nothing is returned; empty lines only count."""
    goal, point = dump(a_goal()), dump(next(one for one in EVERY if isinstance(one, DataPoint)))
    lines = [
        next(export_lines([], made_at=NOW)),
        json.dumps(goal),
        "{broken",
        "",
        "[1, 2]",
        json.dumps({**goal, "target": "x", "ends_on": "never"}),
        json.dumps({"type": "cat"}),
        json.dumps(point)[:-1] + ', "score": NaN}',
        '{"type": "goal", "type": {}}',
        "[" * 100_000,
    ]
    with pytest.raises(InvalidRows) as refused:
        import_lines(line + "\n" for line in lines)

    assert [
        ("line 3", "not_json"),
        ("line 5", "not_a_document"),
        ("line 6: ends_on", "field_refused"),
        ("line 6: target", "field_refused"),
        ("line 7", "unknown_kind"),
        ("line 8: score", "field_refused"),
        ("line 9", "unknown_kind"),
        ("line 10", "not_json"),
    ] == [(place, problem.code) for place, problem in refused.value.problems]
    assert "never" not in str(refused.value)


def test_lines_come_one_by_one() -> None:
    """An export of a whole district is never in memory at once."""

    def values() -> object:
        yield a_student()
        raise AssertionError("read ahead")

    lines = export_lines(values(), made_at=NOW)  # type: ignore[arg-type]
    next(lines)

    assert isinstance(load(json.loads(next(lines))), Student)


def test_equal_values_give_equal_lines() -> None:
    """Sets are written in one order, so that two exports of the same can be compared."""
    ids = [new_uuid7() for _ in range(20)]
    one, other = (
        replace(a_message(), recipient_ids=frozenset(order))
        for order in (ids, reversed(ids))  # type: ignore[arg-type]
    )

    assert dump(one)["recipient_ids"] == dump(other)["recipient_ids"] == sorted(map(str, ids))
    assert isinstance(load(dump(a_goal(starts_on=date(2026, 1, 1)))), Goal)


def test_a_part_of_a_value_is_a_document_of_its_own() -> None:
    """Such as a plan's contents in one column; what does not fit is refused by its field."""
    plan = next(value for value in EVERY if isinstance(value, PlanVersion))
    document = dump_part(plan.contents)
    assert plan.contents == load_part(PlanContents, json.loads(json.dumps(document)))
    with pytest.raises(InvalidRows) as refused:
        load_part(PlanContents, {**document, "placement": {"week_minutes": 60, "with_peers": 90}})
    assert ["placement"] == [place for place, _ in refused.value.problems]
