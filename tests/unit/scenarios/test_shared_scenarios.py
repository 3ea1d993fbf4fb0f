"""The shared fictional cases: each built into a site through the library's own doors, one test for each
expected entry, and every sentence of their rules with a site where it does not hold.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from iepcore.errors import IepError
from iepcore.testing.scenarios import (
    Document,
    Entry,
    FormError,
    Site,
    Verdict,
    build,
    entries_of,
    read_document,
    rule_of,
)

SHARED = Path(__file__).parents[4] / "shared" / "domain" / "scenarios.json"
ABSENT = "absent"
"""Stands for every entry where the shared folder is not beside this checkout; the test then skips."""
CHANGES_WHOLE_RESULTS = 200
"""There are more entries than this; fewer would mean that a block was lost."""


@lru_cache(maxsize=1)
def document() -> Document:
    """Return the shared document."""
    return read_document(SHARED)


@lru_cache(maxsize=32)
def site_of(key: str) -> Site:
    """Return the site of a scenario."""
    return build(document(), document().scenario(key))


@lru_cache(maxsize=1)
def entries() -> dict[str, Entry]:
    """Return every entry of every scenario by its id."""
    if not SHARED.is_file():
        return {}
    return {entry.id: entry for raw in document().scenarios for entry in entries_of(site_of(str(raw["id"])))}


def sentences() -> dict[str, tuple[str, str]]:
    """Return every sentence of the rules as scenario and words, by its id."""
    if not SHARED.is_file():
        return {}
    return {
        f"{raw['id']}/{place}": (str(raw["id"]), sentence)
        for raw in document().scenarios
        for place, sentence in enumerate(raw["expected"].get("rules", ()))
    }


@pytest.mark.parametrize("key", list(entries()) or [ABSENT])
def test_entry_is_computed_and_agrees(key: str, shared_folder: Path) -> None:
    """One expected value of one case: something computes it, and it is that value."""
    entry = entries()[key]
    assert shared_folder.is_dir()
    assert Verdict.NOT_COMPUTED is not entry.verdict, entry.how
    assert Verdict.AGREES is entry.verdict, f"expected {entry.expected}, computed {entry.computed}"


def test_all_twenty_are_built_and_nothing_is_passed_over(shared_folder: Path) -> None:
    """Every field of every case is in the site or said to be left out, with a reason of its own."""
    assert shared_folder.is_dir()
    assert 20 == len(document().scenarios)
    unknown = [
        one.path
        for raw in document().scenarios
        for one in site_of(str(raw["id"])).not_expressed
        if one.reason == "a field this loader does not know"
    ]
    assert [] == unknown
    assert CHANGES_WHOLE_RESULTS < len(entries())


PAGE = {
    "annual_review": "D1",
    "reevaluation": "D2",
    "evaluation_federal_60_calendar": "D3",
    "initial_iep_meeting": "D4",
    "iep_in_effect_by": "D7",
    "notice_latest_default10": "D8",
    "rights_transfer_on": "D15a",
    "section_504_reevaluation": "D20",
}


def test_the_page_of_a_childs_dates_says_the_same(shared_folder: Path) -> None:
    """What a case manager sees on the child's page of dates are the days the cases expect."""
    assert shared_folder.is_dir()
    differs, compared = [], 0
    for raw in document().scenarios:
        site = site_of(str(raw["id"]))
        page = site.caseload(site.adults["manager"]).deadlines.child(site.student_id)
        shown = {due.kind.value: str(due.due_on) for due, _ in page.due}
        for name, kind in PAGE.items():
            told = raw["expected"]["due"].get(name)
            if told is not None:
                compared += 1
                if told != shown.get(kind):
                    differs.append((raw["id"], name, told, shown.get(kind)))
    assert [] == differs
    assert compared > 40


def test_every_leaf_of_an_expected_block_has_an_entry(shared_folder: Path) -> None:
    """As many entries as the document has expected values, counted in the document itself."""
    assert shared_folder.is_dir()
    for raw in document().scenarios:
        told = raw["expected"]
        wanted = sum(len(told.get(block, ())) for block in ("due", "access", "rules", "checks"))
        wanted += sum(len(told.get(block, ())) for block in ("validation", "display"))
        wanted += "transition_required" in told
        for block, given in (("goal_status", {"period"}), ("minutes", {"window"})):
            for one in told.get(block, {}).values():
                wanted += len(one.keys() - given - {"note"})
        found = [
            key
            for key in entries()
            if key.startswith(f"{raw['id']}/") and not {"versions", "meetings", "note"} & set(key.split("/"))
        ]
        assert wanted == len(found), raw["id"]


@pytest.mark.parametrize("key", list(sentences()) or [ABSENT])
def test_a_rule_fails_where_its_fact_is_another(key: str, shared_folder: Path) -> None:
    """A sentence holds in its case, and no more once the one fact it speaks of is changed."""
    assert shared_folder.is_dir()
    scenario, sentence = sentences()[key]
    rule = rule_of(sentence)
    assert rule is not None
    assert rule.holds(site_of(scenario), sentence)

    assert not held_when_bent(scenario, sentence)


def held_when_bent(scenario: str, sentence: str) -> bool:
    """Tell whether a sentence still holds with its fact changed; a site that is refused holds nothing."""
    raw: dict[str, Any] = json.loads(json.dumps(document().scenario(scenario)))
    rule = rule_of(sentence)
    assert rule is not None
    rule.bend(raw)
    try:
        return rule.holds(build(document(), raw), sentence)
    except (IepError, FormError):
        return False
