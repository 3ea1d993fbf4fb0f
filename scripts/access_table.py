"""Writes docs/reference/access.md: who may do what to which thing in which relation to it, and by which rule.

    python -m scripts.access_table            write the page
    python -m scripts.access_table --check    only compare; exit 1 when the page is not today's

Every line is an answer of ``iepcore.access.decide`` itself, asked for each row of the matrix, each kind of
thing, each action and each relation the actor can have to the thing. Nothing is typed here.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from iepcore.access import (
    Action,
    Audience,
    Basis,
    Decision,
    Grant,
    Party,
    Person,
    Relations,
    Resource,
    ResourceKind,
    decide,
)
from iepcore.access.matrix import MATRIX
from iepcore.ids import AdultId, StudentId, new_uuid7

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "access.md"
ON, AT = date(2026, 11, 24), datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
ME, OTHER = AdultId(new_uuid7()), AdultId(new_uuid7())
CHILD = StudentId(new_uuid7())

RELATIONS: dict[str, dict[str, object]] = {
    "one's own": {"owner_id": ME},
    "about oneself": {"of_adult_id": ME},
    "one takes part": {"participants": frozenset({ME, OTHER})},
    "somebody else's": {"owner_id": OTHER},
    "shared": {"owner_id": OTHER, "audience": Audience.SHARED},
    "nobody's yet": {},
}
"""How the actor is related to the thing: who made it, whom it is about, who is in it, who it is meant for."""

HEAD = """# Access: the whole table

Written by `python -m scripts.access_table`; do not edit. Each line is an answer of the product's one decision
(`iepcore.access.decide`) for one standing, one thing, one action and one relation of the actor to the thing.
What is not listed is denied, with the reason `not_in_matrix`, or `no_standing` when nothing at all is held.
A standing counts from its first to its last day, towards one child; an expired one never allows.

The words: **allow**; **own_only** (what one made, what is about oneself, a conversation one is in, or what a
window lists, in its time); **redact** (the own child's part, or a page of duties); **deny**. Relations
that get the same answer stand in one line.

Before all that: a disabled person is denied everything (`person_disabled`); under another person's face every
write and every decision is denied (`masquerade`); what is for its author alone is denied to everybody else
(`private_to_author`), except a replaced colleague's private note to the substitute, to read.
"""

WORDS: dict[Party, str] = {
    Party.CASE_MANAGER: "Case manager of the child",
    Party.SPECIAL_ED_TEACHER: "Special-education teacher on the team",
    Party.GEN_ED_TEACHER: "General-education teacher on the team",
    Party.RELATED_SERVICE_PROVIDER: "Related service provider on the team",
    Party.PARAPROFESSIONAL: "Paraprofessional on the team",
    Party.SUBSTITUTE: "Substitute, for the days of the place",
    Party.ADMINISTRATOR: "Administrator on the team, or with an opening that gives a reason",
    Party.RECORDS_OFFICER: "Records officer, while a request is open or an opening lasts",
    Party.PARENT_RECORDS_AND_DECISIONS: "Parent: may read the record, may decide",
    Party.PARENT_RECORDS_ONLY: "Parent: may read the record, may not decide",
    Party.PARENT_NO_RECORDS: "Parent whose record access a paper revokes",
    Party.PARENT_AFTER_TRANSFER: "Parent after the transfer of rights (words only where the student agrees)",
    Party.ADULT_STUDENT: "Adult student, rights transferred",
    Party.ADULT_STUDENT_IN_GAP: "Student of 18, below the state's age of majority",
    Party.STUDENT: "Minor student, where school and parent enabled it",
    Party.INTERPRETER: "Interpreter: the message asked for, and meeting papers in the meeting's window",
    Party.OUTSIDE_PARTY: "Advocate or outside agency, by a signed consent's list and time",
    Party.GUEST: "Guest: another family, a volunteer",
    Party.SITE_RECORDS_OFFICER: "Records officer of the site (no child's record)",
    Party.SITE_CASE_MANAGER: "Who may open records at the site (no child's record)",
    Party.SITE_ADMINISTRATOR: "Administrator of the site (no child's record)",
}

DECIDES = (
    (Party.PARENT_RECORDS_AND_DECISIONS, False),
    (Party.PARENT_RECORDS_AND_DECISIONS, True),
    (Party.PARENT_RECORDS_ONLY, False),
    (Party.PARENT_AFTER_TRANSFER, False),
    (Party.ADULT_STUDENT, False),
    (Party.ADULT_STUDENT_IN_GAP, True),
    (Party.STUDENT, False),
    (Party.CASE_MANAGER, False),
    (Party.ADMINISTRATOR, False),
)


def relations_of(party: Party, *, gap: bool = False) -> Relations:
    """Return what somebody brings who stands so; windows list what their row has."""
    is_site = party.value.startswith("site_")
    first = Grant(
        party=party,
        basis=Basis.ASSIGNMENT,
        student_id=None if is_site else CHILD,
        starts_on=ON - timedelta(days=1),
        shares_signing=gap,
    )
    windowed = {Party.INTERPRETER: {ResourceKind.IEP}, Party.OUTSIDE_PARTY: set(MATRIX[Party.OUTSIDE_PARTY])}
    if party not in windowed:
        return Relations(grants=(first,))
    window = Grant(
        party=party,
        basis=Basis.WINDOW,
        student_id=CHILD,
        starts_on=ON,
        kinds=frozenset(windowed[party]),
        opens_at=AT - timedelta(hours=1),
        closes_at=AT + timedelta(hours=1),
    )
    return Relations(grants=(first, window))


def ask(party: Party, action: Action, kind: ResourceKind, about: dict[str, object]) -> Decision:
    """Return the decision for one line."""
    child = None if party.value.startswith("site_") and kind not in _BOOKS else CHILD
    thing = Resource(kind=kind, student_id=child, **about)  # type: ignore[arg-type]
    return decide(Person(adult_id=ME), action, thing, ON, relations_of(party), at=AT)


_BOOKS = frozenset({ResourceKind.RECORD_REQUEST, ResourceKind.DISCLOSURE, ResourceKind.OPENING})


def lines_of(party: Party) -> Iterator[str]:
    """Yield the lines of one row of the matrix; relations with the same answer together."""
    for kind in ResourceKind:
        if kind not in MATRIX[party]:
            continue
        for action in (Action.READ, Action.WRITE):
            answers: dict[tuple[str, str, str], list[str]] = {}
            for name, about in RELATIONS.items():
                found = ask(party, action, kind, about)
                key = (found.outcome.value, found.reason, found.citation)
                answers.setdefault(key, []).append(name)
            for (outcome, reason, citation), names in answers.items():
                told = "any" if len(names) == len(RELATIONS) else ", ".join(names)
                yield f"| {kind.value} | {action.value} | {told} | {outcome} | `{reason}` | {citation} |"


def page() -> str:
    """Return the page as it is today."""
    parts = [HEAD]
    for party in Party:
        parts.append(f"\n## {WORDS[party]}\n\nStanding `{party.value}`.\n")
        lines = list(lines_of(party))
        if not lines:
            parts.append("\nNothing: every read and write is denied.\n")
            continue
        head = "| Thing | Action | Relation | Outcome | Reason | Citation |\n|---|---|---|---|---|---|"
        parts.append("\n" + "\n".join([head, *lines]) + "\n")
    parts.append("\n## Deciding: consents, and what leaves the school\n")
    parts.append(
        "\nIn the gap between 18 and the state's age of majority both sign what leaves the school.\n"
    )
    head = "| Standing | What | Outcome | Reason | Citation |\n|---|---|---|---|---|"
    rows = []
    for party, gap in DECIDES:
        for kind in (ResourceKind.CONSENT, ResourceKind.DISCLOSURE):
            thing = Resource(kind=kind, student_id=CHILD)
            found = decide(Person(adult_id=ME), Action.DECIDE, thing, ON, relations_of(party, gap=gap), at=AT)
            name = f"{party.value}, in the gap" if gap else party.value
            rows.append(
                f"| {name} | {kind.value} | {found.outcome.value} | `{found.reason}` | {found.citation} |"
            )
    parts.append("\n" + "\n".join([head, *rows]) + "\n")
    return "".join(parts)


def main(arguments: list[str] | None = None) -> int:
    """Write the page, or compare it."""
    parser = argparse.ArgumentParser(description="The access table as a page")
    parser.add_argument("--check", action="store_true")
    given = parser.parse_args(arguments)
    if given.check:
        return 0 if PAGE.read_text(encoding="utf-8") == page() else 1
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
