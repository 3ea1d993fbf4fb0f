"""The whole access matrix, typed from section 4 of the domain guide and not from the code."""

from __future__ import annotations

from pathlib import Path

import pytest

from iepcore.access import Action, Audience, Outcome, Party, Resource, ResourceKind, decide
from tests.unit.access.guide_rows import GUIDE_ROWS
from tests.unit.access.parties import DAY, FAMILY, ME, OTHER, PERSON, WINDOWED, a_thing, as_

K, P = ResourceKind, Party
GUIDE = (
    K.IEP,
    K.GOAL,
    K.DATA_POINT,
    K.SESSION_LOG,
    K.INTERNAL_NOTE,
    K.SHARED_NOTE,
    K.MESSAGE,
    K.FAMILY_PROFILE,
    K.MINUTES,
    K.AUDIT_LOG,
)
"""The columns of the guide, in its order."""

WORDS = {"A": Outcome.ALLOW, "O": Outcome.OWN_ONLY, "R": Outcome.REDACT, "-": Outcome.DENY}

# Each pair is (read, write): A allow, O own only, R own child's part, - deny.
# "RW own" of the guide limits the write; who must implement a plan reads all of it (34 CFR 300.323(d)).
# Of messages, "own threads" limits both. A small "r" or "w" is a limited one.
CELLS = {
    #                                IEP Goal Data Sess Int Shar Msg Fam Min Log
    P.CASE_MANAGER:                 "AA  AA   AA   A-   AA  AA   AA  AO  A-  O-",
    P.SPECIAL_ED_TEACHER:           "AA  AA   AA   AO   AA  AA   AA  O-  A-  --",
    P.GEN_ED_TEACHER:               "A-  A-   OO   --   A-  AA   OO  O-  --  --",
    P.RELATED_SERVICE_PROVIDER:     "AO  AO   AO   AO   AA  AA   OO  O-  AO  --",
    P.PARAPROFESSIONAL:             "A-  A-   OO   OO   --  A-   --  O-  --  --",
    P.SUBSTITUTE:                   "R-  A-   OO   OO   --  A-   --  --  --  --",
    P.ADMINISTRATOR:                "A-  A-   A-   A-   A-  A-   --  O-  A-  A-",
    P.PARENT_RECORDS_AND_DECISIONS: "A-  A-   A-   R-   --  AA   OO  OO  A-  O-",
    P.PARENT_RECORDS_ONLY:          "A-  A-   A-   R-   --  A-   OO  OO  A-  O-",
    P.PARENT_NO_RECORDS:            "--  --   --   --   --  --   --  --  --  --",
    P.RECORDS_OFFICER:              "A-  A-   A-   A-   A-  A-   A-  O-  A-  A-",
    P.PARENT_AFTER_TRANSFER:        "--  --   --   --   --  --   OO  OO  --  --",
    P.ADULT_STUDENT:                "A-  A-   A-   R-   --  AA   OO  OO  A-  O-",
    P.ADULT_STUDENT_IN_GAP:         "A-  A-   A-   R-   --  AA   OO  OO  A-  O-",
    P.STUDENT:                      "A-  A-   A-   --   --  A-   OO  OO  --  --",
    P.INTERPRETER:                  "O-  --   --   --   --  --   --  --  --  --",
    P.OUTSIDE_PARTY:                "O-  O-   --   --   --  --   --  --  --  --",
    P.GUEST:                        "--  --   --   --   --  --   --  --  --  --",
    P.SITE_RECORDS_OFFICER:         "--  --   --   --   --  --   --  --  --  A-",
    P.SITE_CASE_MANAGER:            "--  --   --   --   --  --   --  --  --  --",
    P.SITE_ADMINISTRATOR:           "--  --   --   --   --  --   --  --  --  R-",
}  # fmt: skip

OFF_THE_GUIDE = {
    (P.CASE_MANAGER, K.MESSAGE): ("RW own threads", "a family's first word to the team must reach somebody"),
    (P.SPECIAL_ED_TEACHER, K.MESSAGE): ("RW own", "she answers in the conversation of her goals"),
    (P.GEN_ED_TEACHER, K.DATA_POINT): ("w assigned goals", "sees again what she typed herself"),
    (P.PARAPROFESSIONAL, K.DATA_POINT): ("w delegated", "sees again what she typed herself"),
    (P.PARAPROFESSIONAL, K.SESSION_LOG): ("w delegated", "sees again what she typed herself"),
    (P.SUBSTITUTE, K.DATA_POINT): ("w", "sees again what she typed herself"),
    (P.SUBSTITUTE, K.SESSION_LOG): ("w", "sees again what she typed herself"),
    (P.ADMINISTRATOR, K.MESSAGE): ("r on documented reason", "stricter until a reason can be documented"),
    (P.PARENT_RECORDS_AND_DECISIONS, K.IEP): ("R w comments", "comments are a kind of thing of their own"),
    (P.ADULT_STUDENT, K.IEP): ("R w comments, signs", "comments and signing are things of their own"),
    (P.SUBSTITUTE, K.INTERNAL_NOTE): ("private note of replaced maker", "that is the column private note"),
    (P.INTERPRETER, K.MESSAGE): ("r the one message to translate", "that is the column translation"),
    (P.STUDENT, K.MESSAGE): ("w to staff if enabled", "reads the conversation they write in"),
    (P.STUDENT, K.FAMILY_PROFILE): ("w own voice", "reads again what they said"),
}
"""Where a cell is not the guide's, what the guide says and why. Keep it short, and each line arguable."""

BESIDE = {
    P.CASE_MANAGER: {
        K.NOTICE: "AA",
        K.CALENDAR: "A-",
        K.SITE_CHOICES: "A-",
        K.CONSENT: "AA",
        K.PLAN_COMMENT: "AA",
        K.FAMILY_WISH: "A-",
        K.DUTIES: "AO",
        K.RECORD_REQUEST: "AO",
        K.DISCLOSURE: "O-",
        K.STUDENT: "AA",
        K.PRIVATE_NOTE: "OO",
        K.HOME_OBSERVATION: "A-",
        K.CONTACT_LOG: "AA",
        K.TEAM: "AA",
        K.RELATIONSHIP: "AA",
        K.TRANSLATION: "AA",
    },
    P.SPECIAL_ED_TEACHER: {
        K.NOTICE: "A-",
        K.CALENDAR: "A-",
        K.SITE_CHOICES: "A-",
        K.CONSENT: "A-",
        K.PLAN_COMMENT: "AA",
        K.FAMILY_WISH: "A-",
        K.DUTIES: "AO",
        K.STUDENT: "A-",
        K.PRIVATE_NOTE: "OO",
        K.HOME_OBSERVATION: "A-",
        K.CONTACT_LOG: "AA",
        K.TEAM: "A-",
        K.RELATIONSHIP: "A-",
        K.TRANSLATION: "AA",
    },
    P.GEN_ED_TEACHER: {
        K.NOTICE: "A-",
        K.CALENDAR: "A-",
        K.SITE_CHOICES: "A-",
        K.PLAN_COMMENT: "AA",
        K.FAMILY_WISH: "A-",
        K.DUTIES: "AO",
        K.STUDENT: "A-",
        K.CONTACT_LOG: "OO",
        K.TEAM: "A-",
        K.TRANSLATION: "OO",
    },
    P.RELATED_SERVICE_PROVIDER: {
        K.NOTICE: "A-",
        K.CALENDAR: "A-",
        K.SITE_CHOICES: "A-",
        K.CONSENT: "A-",
        K.PLAN_COMMENT: "AA",
        K.FAMILY_WISH: "A-",
        K.DUTIES: "AO",
        K.STUDENT: "A-",
        K.PRIVATE_NOTE: "OO",
        K.HOME_OBSERVATION: "A-",
        K.CONTACT_LOG: "AA",
        K.TEAM: "A-",
        K.RELATIONSHIP: "A-",
        K.TRANSLATION: "AA",
    },
    P.PARAPROFESSIONAL: {K.CALENDAR: "A-", K.SITE_CHOICES: "A-", K.DUTIES: "AO", K.STUDENT: "A-"},
    P.SUBSTITUTE: {
        K.PRIVATE_NOTE: "O-",
        K.CALENDAR: "A-",
        K.SITE_CHOICES: "A-",
        K.DUTIES: "A-",
        K.STUDENT: "A-",
    },
    P.ADMINISTRATOR: {
        K.NOTICE: "A-",
        K.CALENDAR: "A-",
        K.SITE_CHOICES: "A-",
        K.CONSENT: "A-",
        K.PLAN_COMMENT: "AA",
        K.FAMILY_WISH: "A-",
        K.DUTIES: "A-",
        K.RECORD_REQUEST: "A-",
        K.DISCLOSURE: "A-",
        K.STUDENT: "A-",
        K.TEAM: "A-",
    },
    P.PARENT_RECORDS_AND_DECISIONS: {
        K.NOTICE: "A-",
        K.CONSENT: "O-",
        K.PLAN_COMMENT: "OO",
        K.FAMILY_WISH: "OO",
        K.RECORD_REQUEST: "OO",
        K.DISCLOSURE: "O-",
        K.STUDENT: "A-",
        K.HOME_OBSERVATION: "OO",
        K.TEAM: "A-",
        K.TRANSLATION: "OO",
    },
    P.PARENT_RECORDS_ONLY: {
        K.NOTICE: "A-",
        K.PLAN_COMMENT: "O-",
        K.FAMILY_WISH: "OO",
        K.RECORD_REQUEST: "OO",
        K.DISCLOSURE: "O-",
        K.STUDENT: "A-",
        K.HOME_OBSERVATION: "OO",
        K.TEAM: "A-",
        K.TRANSLATION: "OO",
    },
    P.PARENT_NO_RECORDS: {},
    P.RECORDS_OFFICER: {
        K.STUDENT: "A-",
        K.HOME_OBSERVATION: "A-",
        K.CONTACT_LOG: "A-",
        K.TEAM: "A-",
        K.RELATIONSHIP: "A-",
        K.CONSENT: "A-",
        K.PLAN_COMMENT: "A-",
        K.FAMILY_WISH: "A-",
        K.DUTIES: "A-",
        K.NOTICE: "A-",
    },
    P.PARENT_AFTER_TRANSFER: {K.TRANSLATION: "OO", K.NOTICE: "A-"},
    P.ADULT_STUDENT: {
        K.STUDENT: "A-",
        K.HOME_OBSERVATION: "OO",
        K.TEAM: "A-",
        K.TRANSLATION: "OO",
        K.CONSENT: "O-",
        K.PLAN_COMMENT: "OO",
        K.FAMILY_WISH: "OO",
        K.RECORD_REQUEST: "OO",
        K.DISCLOSURE: "O-",
        K.NOTICE: "A-",
    },
    P.ADULT_STUDENT_IN_GAP: {
        K.STUDENT: "A-",
        K.HOME_OBSERVATION: "OO",
        K.TEAM: "A-",
        K.TRANSLATION: "OO",
        K.CONSENT: "O-",
        K.PLAN_COMMENT: "OO",
        K.FAMILY_WISH: "OO",
        K.RECORD_REQUEST: "OO",
        K.DISCLOSURE: "O-",
        K.NOTICE: "A-",
    },
    P.STUDENT: {K.STUDENT: "A-", K.TEAM: "A-", K.TRANSLATION: "OO", K.FAMILY_WISH: "OO"},
    P.OUTSIDE_PARTY: {},
    P.GUEST: {},
    P.INTERPRETER: {K.TRANSLATION: "OO"},
    P.SITE_RECORDS_OFFICER: {
        K.CALENDAR: "AA",
        K.SITE_CHOICES: "AA",
        K.RECORD_REQUEST: "AA",
        K.DISCLOSURE: "AA",
        K.OPENING: "AA",
        K.APPOINTMENT: "AA",
        K.ROSTER: "A-",
        K.ROSTER_FEED: "AA",
        K.ACCOUNT: "AA",
        K.LEGAL_HOLD: "AA",
        K.OUTBOX: "AA",
        K.UNMATCHED_REPLY: "AA",
    },
    P.SITE_CASE_MANAGER: {
        K.CALENDAR: "A-",
        K.SITE_CHOICES: "A-",
        K.ROSTER: "AA",
        K.STUDENT: "-A",
        K.UNMATCHED_REPLY: "OO",
    },
    P.SITE_ADMINISTRATOR: {
        K.CALENDAR: "AA",
        K.SITE_CHOICES: "AA",
        K.OPENING: "OO",
        K.APPOINTMENT: "A-",
        K.ACCOUNT: "AA",
        K.LEGAL_HOLD: "A-",
        K.PLATFORM: "AA",
        K.ROSTER_FEED: "AA",
        K.OUTBOX: "RA",
    },
}
"""Things beside the guide's columns, by the rules of the product. What is not here is denied."""


def _expected(party: Party, kind: ResourceKind) -> tuple[Outcome, Outcome]:
    """Return the read and write words of a cell."""
    pair = CELLS[party].split()[GUIDE.index(kind)] if kind in GUIDE else BESIDE[party].get(kind, "--")
    return WORDS[pair[0]], WORDS[pair[1]]


def _whoever_made(party: Party, kind: ResourceKind) -> bool:
    """Tell whether "own" means something else than made by oneself: of the own child, or listed."""
    return (kind in OF_ONES_CHILD and party in FAMILY) or kind in WINDOWED.get(party, ())


def _outcome(party: Party, action: Action, thing: Resource) -> Outcome:
    return decide(PERSON, action, thing, DAY, as_(party)).outcome


OF_ONES_CHILD = frozenset({K.AUDIT_LOG, K.DISCLOSURE})
"""A parent's own here means: of the own child, whoever wrote the line."""


def _words_of(shared: Path) -> dict[str, list[str]]:
    """Return the table of the guide's section 4: role to its ten cells."""
    text = (shared / "domain" / "iep-domain.md").read_text(encoding="utf-8")
    table = text.split("## 4. Access matrix")[1].split("Decision words")[0]
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in table.splitlines()
        if line[:1] == "|"
    ]
    return {row[0]: row[1:11] for row in rows[2:]}


def test_guide_still_says_what_was_typed_here(shared_folder: Path) -> None:
    """The typed words are those of the guide's table, so a new row or word there is noticed here."""
    typed = {name: [word.replace("_", " ") for word in row.split()] for name, row in GUIDE_ROWS.values()}

    assert typed == _words_of(shared_folder)


@pytest.mark.parametrize("party", GUIDE_ROWS)
def test_cells_follow_the_guides_words(party: Party) -> None:
    """A cell reads where the guide reads and writes where it writes; what differs is listed with its why."""
    for kind, said, pair in zip(GUIDE, GUIDE_ROWS[party][1].split(), CELLS[party].split(), strict=True):
        if (party, kind) in OFF_THE_GUIDE:
            continue
        first = said.replace("RW_if", "RW").split("_")[0]
        reads, writes = first[:1] in {"R", "r", "o"}, "W" in first or "w" in first or "_w_" in f"{said}_"
        if first == "own":
            writes = True
        if said.startswith(("-", "notices", "general")):
            reads = writes = False

        assert (reads, writes) == (pair[0] != "-", pair[1] != "-"), (party, kind, said, pair)


EVENTS = frozenset({K.EVENT, K.ATTENDANCE})
"""Nothing of a child's record: test_events.py."""
EVERY_CELL = [(party, kind) for party in Party for kind in ResourceKind if kind not in EVENTS]


def test_table_covers_every_party_and_column() -> None:
    """No row and no column is forgotten, and a note on a cell names one that exists."""
    assert set(Party) == set(CELLS) == set(BESIDE)
    assert {len(GUIDE)} == {len(row.split()) for row in CELLS.values()}
    assert set(OFF_THE_GUIDE) <= set(EVERY_CELL)


@pytest.mark.parametrize(("party", "kind"), EVERY_CELL)
def test_cell_for_a_thing_of_ones_own(party: Party, kind: ResourceKind) -> None:
    """Of what the actor made, each cell says exactly what the table says."""
    thing = a_thing(kind, party, owner_id=ME)

    assert _expected(party, kind) == (
        _outcome(party, Action.READ, thing),
        _outcome(party, Action.WRITE, thing),
    )


@pytest.mark.parametrize(("party", "kind"), EVERY_CELL)
def test_cell_for_somebody_elses_thing(party: Party, kind: ResourceKind) -> None:
    """Of what somebody else made, "own only" is a refusal and every other word stays."""
    # A family's profile is shared with staff by the family; a parent's disclosure log is always about them.
    audience = Audience.PARTICIPANTS if kind is K.FAMILY_PROFILE else Audience.TEAM
    thing = a_thing(kind, party, owner_id=OTHER, audience=audience)
    for action, word in zip((Action.READ, Action.WRITE), _expected(party, kind), strict=True):
        own = word is Outcome.OWN_ONLY and not _whoever_made(party, kind)
        private = kind is K.PRIVATE_NOTE

        assert (Outcome.DENY if own or private else word) == _outcome(party, action, thing)


@pytest.mark.parametrize(("party", "kind"), EVERY_CELL)
def test_cell_for_a_thing_nobody_made_yet(party: Party, kind: ResourceKind) -> None:
    """Something new may be made where "own only" may write; reading everything that is there may not."""
    if kind is K.PRIVATE_NOTE:
        return  # always has an author
    thing = a_thing(kind, party, audience=Audience.PARTICIPANTS)
    read, write = _expected(party, kind)
    if read is Outcome.OWN_ONLY and not _whoever_made(party, kind):
        read = Outcome.DENY

    assert (read, write) == (_outcome(party, Action.READ, thing), _outcome(party, Action.WRITE, thing))


DECIDERS = {
    P.PARENT_RECORDS_AND_DECISIONS: "may_decide",
    P.ADULT_STUDENT: "may_decide",
    P.ADULT_STUDENT_IN_GAP: "parents_decide_until_majority",
    P.PARENT_AFTER_TRANSFER: "rights_are_the_students",
}


@pytest.mark.parametrize("party", Party)
def test_deciding_is_for_who_holds_the_rights_that_day(party: Party) -> None:
    """Consent belongs to a parent with decision rights (300.30(b)), or to the adult student (300.520)."""
    decision = decide(PERSON, Action.DECIDE, a_thing(K.CONSENT), DAY, as_(party))
    reason = DECIDERS.get(party, "may_not_decide")

    assert ("may_decide" == reason) == decision.is_allowed
    if party.value.startswith("site_"):
        assert "no_standing" == decision.reason
    else:
        assert reason == decision.reason


@pytest.mark.parametrize(("party", "kind"), EVERY_CELL)
def test_decision_always_has_a_reason_and_a_citation(party: Party, kind: ResourceKind) -> None:
    """Each word comes with a stable reason code and the rule it rests on."""
    for action in Action:
        decision = decide(PERSON, action, a_thing(kind, party), DAY, as_(party))

        assert decision.reason.isidentifier()
        assert decision.citation.startswith(("34 CFR", "product rule"))
        assert party is decision.party or not decision.is_allowed
