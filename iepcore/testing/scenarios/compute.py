"""Every entry of a scenario's ``expected`` block, computed and compared."""

from __future__ import annotations

from collections.abc import Iterator

from iepcore.testing.scenarios.asking import access_entries
from iepcore.testing.scenarios.checks import (
    check_entries,
    display_entries,
    needs_transition,
    validation_entries,
)
from iepcore.testing.scenarios.due import due_entries
from iepcore.testing.scenarios.entries import Entry, missing, tried
from iepcore.testing.scenarios.form import Facts, Reading
from iepcore.testing.scenarios.notes import note_entries
from iepcore.testing.scenarios.numbers import goal_entries, minutes_entries
from iepcore.testing.scenarios.rules import rule_entries
from iepcore.testing.scenarios.site import Site
from iepcore.testing.scenarios.told import told_entries

_BLOCKS = {
    "due": due_entries,
    "goal_status": goal_entries,
    "minutes": minutes_entries,
    "checks": check_entries,
    "validation": validation_entries,
    "display": display_entries,
}


def entries_of(site: Site) -> tuple[Entry, ...]:
    """Return every expected entry beside what the library computes, in the scenario's order, then what the
    scenario itself tells of states and versions.
    """
    return (*_expected(site), *told_entries(site))


def _expected(site: Site) -> Iterator[Entry]:
    # Read apart: what is expected is no fact the site is built from.
    expected = Facts(site.facts.raw.get("expected") or {}, f"{site.key}.expected", Reading())
    for name, told in expected.raw.items():
        if name in _BLOCKS:
            block = expected.inner(name)
            if block is not None:
                yield from _BLOCKS[name](site, block)
        elif name == "access":
            yield from access_entries(site, list(expected.each("access")))
        elif name == "rules":
            yield from rule_entries(site, [str(one) for one in expected.items("rules")])
        elif name == "transition_required":
            how = "D14: the plan reaches the birthday"
            yield tried(f"{site.key}/{name}", told, how, lambda: needs_transition(site))
        else:
            yield missing(f"{site.key}/{name}", told, "nothing here computes it")
    yield from note_entries(site, expected)
