"""The access matrix of the domain guide (sections 2.4 and 4) for the screens there are, typed by hand.

Nothing here is computed from the product. A route that is not in ``ROUTES`` is nobody's: it must answer 404
to everybody until its row is typed.

Rights towards one child:
``read`` the child's page and goals (columns IEP, Goal); ``team`` who is on the team; ``team!`` changing it;
``family`` adults and their rights; ``family!`` confirming and changing rights (P1); ``goal!`` opening goals,
``change!`` noting a change on those there are (all were opened by the manager);
``plan!`` writing the plan (IEP W), ``notice!`` written notices, consents and copies; ``dates!`` writing its
dates down;
``talk`` the conversation, own threads at least (Msg); ``letters`` writing to the family (Msg W, staff);
``data!`` recording (Data W); ``own!`` correcting one's own score; ``theirs!`` correcting another's;
``my`` the family's page and its answers (Fam, Msg).
"""

from __future__ import annotations

from dataclasses import dataclass, field

MANAGER = frozenset(
    {
        "read",
        "team",
        "team!",
        "family",
        "family!",
        "goal!",
        "change!",
        "plan!",
        "step!",
        "notice!",
        "dates!",
        "talk",
        "letters",
        "data!",
        "own!",
        "theirs!",
    }
)  # case manager: RW RW RW
TEACHER = frozenset({"read", "team", "talk", "letters", "data!", "own!"})  # general teacher: R R w, RW own
PROVIDER = frozenset(
    {"read", "team", "family", "goal!", "plan!", "talk", "letters", "data!", "own!"}
)  # Rw own, RW own, RW own
AIDE = frozenset({"read", "data!", "own!"})  # R R w delegated, no messages
PARENT = frozenset({"talk", "my"})
"""R W comments, R, R, RW own threads: goals and data are read on the family's page, not on staff screens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one kind of viewer may do.

    ``site`` are standings without a child. ``hears`` are the things said that they may read, ``adults`` the
    keys of family members whose names they may see, ``messages`` those they may hand to an interpreter.
    """

    children: dict[str, frozenset[str]] = field(default_factory=dict)
    site: frozenset[str] = frozenset()
    hears: frozenset[str] = frozenset()
    adults: frozenset[str] = frozenset()
    messages: frozenset[str] = frozenset()
    sends: bool = False
    asked: bool = False


_STAFF = frozenset({"known", "staff"})
_TEAMS = _STAFF | {"calendar"}
"""Whoever has a place on a team, or an appointment that looks after children or the site."""
_FAMILY = frozenset({"family"})
_OFFICE = frozenset({"trail", "opens"})
BOOKS = ("/app/trail", "/app/requests", "/app/disclosures", "/app/openings")
"""The office's own books: a records officer reads every child's name there, and nowhere else."""
_EVERYTHING = frozenset(
    {
        "letter to Maya's parents",
        "letter to Renee",
        "letter to Osei",
        "answer of Renee",
        "answer of Osei",
        "seen at Renee's",
        "seen at Osei's",
        "manager's note on Amara's score",
        "manager's note on Maya's score",
        "aide's note on Maya's score",
    }
)
_MESSAGES = frozenset({one for one in _EVERYTHING if one.startswith(("letter", "answer"))})
_SCORES_OF_MAYA = frozenset({"manager's note on Maya's score", "aide's note on Maya's score"})
_ALL_ADULTS = frozenset({"everybody"})
_MAYAS = frozenset({"dana", "rui"})
_AMARAS = frozenset({"renee", "osei"})

GUIDE: dict[str, Row] = {
    "pupil_with_plan": Row(),
    "pupil_without": Row(),
    "stranger": Row(),
    "unknown_staff": Row(site=_STAFF),
    "left_team": Row(site=_STAFF),
    "provider_elsewhere": Row(site=_TEAMS),  # on the teams of other children only
    "aide": Row(children={"maya": AIDE}, site=_TEAMS, hears=frozenset({"aide's note on Maya's score"})),
    "general_teacher": Row(children={"maya": TEACHER}, site=_TEAMS, adults=_MAYAS),
    "provider_here": Row(
        children={"amara": PROVIDER},
        site=_TEAMS,
        hears=frozenset({"seen at Renee's", "seen at Osei's", "manager's note on Amara's score"}),
        adults=_AMARAS,
    ),
    "manager_of_one": Row(
        children={"maya": MANAGER},
        site=_TEAMS | {"requests"},
        hears=_SCORES_OF_MAYA | {"letter to Maya's parents"},
        adults=_MAYAS | {"gwen", "ned"},  # whom she confirms on her way
        messages=frozenset({"letter to Maya's parents"}),
    ),
    "manager": Row(
        children={"maya": MANAGER, "jonah": MANAGER, "amara": MANAGER},
        site=_TEAMS | {"opens_records", "requests"},
        hears=_EVERYTHING | {"manager's draft about Amara"},
        adults=_ALL_ADULTS,
        messages=_MESSAGES,
        sends=True,
    ),
    "records_officer": Row(
        site=_TEAMS
        | {"outbox", "appoints", "sees_staff", "rosters", "calendar!"}
        | _OFFICE
        | {"books", "requests"},
        adults=_ALL_ADULTS,  # whom notices go to, on the page of what leaves
    ),
    "site_administrator": Row(
        site=_TEAMS | {"outbox", "sees_staff", "platforms", "rosters", "calendar!"} | _OFFICE
    ),
    "interpreter_idle": Row(site=_STAFF),
    "interpreter_asked": Row(site=_STAFF, hears=frozenset({"letter to Renee"}), asked=True),
    "parent": Row(
        children={"maya": PARENT},
        site=_FAMILY,
        hears=_SCORES_OF_MAYA | {"letter to Maya's parents"},
        adults=frozenset({"dana"}),
        messages=frozenset({"letter to Maya's parents"}),
    ),
    "parent_home_a": Row(
        children={"amara": PARENT},
        site=_FAMILY,
        hears=frozenset(
            {"letter to Renee", "answer of Renee", "seen at Renee's", "manager's note on Amara's score"}
        ),
        adults=frozenset({"renee"}),
        messages=frozenset({"letter to Renee", "answer of Renee"}),
    ),
    "parent_home_b": Row(
        children={"amara": PARENT},
        site=_FAMILY,
        hears=frozenset(
            {"letter to Osei", "answer of Osei", "seen at Osei's", "manager's note on Amara's score"}
        ),
        adults=frozenset({"osei"}),
        messages=frozenset({"letter to Osei", "answer of Osei"}),
    ),
    "revoked": Row(site=_FAMILY, adults=frozenset({"carl"})),
    "stepparent": Row(children={"jonah": PARENT}, site=_FAMILY, adults=frozenset({"sam"})),
    "protected_mother": Row(children={"jonah": PARENT}, site=_FAMILY, adults=frozenset({"elise"})),
    "parent_elsewhere": Row(site=_FAMILY, adults=frozenset({"elena"})),
    "face_of_manager": Row(
        children={"maya": MANAGER, "jonah": MANAGER, "amara": MANAGER},
        site=_TEAMS | {"opens_records", "requests"},
        hears=_EVERYTHING,
        adults=_ALL_ADULTS,
        messages=_MESSAGES,
        sends=True,
    ),
    "face_of_parent": Row(
        children={"amara": PARENT},
        site=_FAMILY,
        hears=frozenset(
            {"letter to Renee", "answer of Renee", "seen at Renee's", "manager's note on Amara's score"}
        ),
        adults=frozenset({"renee"}),
        messages=frozenset({"letter to Renee", "answer of Renee"}),
    ),
}

ELSEWHERE = {"provider_elsewhere": ("theo", "noor", "ezra"), "parent_elsewhere": ("lucia",)}
"""Children outside the walk whose names these viewers may see, with their families' as the role allows."""

ALSO_KNOWS = {
    "aide": ("theo", "tess", "ivo", "callum"),
    "general_teacher": ("callum", "hollis"),
    **ELSEWHERE,
}

OPEN = "open"
"""No session is needed and no data stands there."""

C, G = "/app/c/<uuid:student_id>", "/app/g/<uuid:goal_id>"

ROUTES: dict[tuple[str, str], str] = {
    ("GET", "/app/"): "site:anybody",
    ("GET", "/app/check-in"): "site:anybody",  # the same page for everybody, or the way to the start
    ("GET", "/app/card"): "site:anybody",  # the neutral page without a launch from a card
    ("GET", "/app/my"): "site:anybody",
    ("GET", "/app/today"): "site:known",
    ("POST", "/app/today/again"): "sends",
    ("POST", "/app/outbox/<uuid:item_id>/again"): "sends",
    ("GET", "/app/record"): "site:staff",
    ("GET", "/app/record/done"): "site:staff",
    ("POST", "/app/record/end"): "site:staff",
    ("POST", "/app/record/tap"): "data!",
    ("GET", "/app/staff"): "site:sees_staff",
    ("POST", "/app/staff"): "site:appoints",
    ("GET", "/app/answers"): "site:known",  # one's own list, empty for most
    ("POST", "/app/answers"): "nobody's",  # no answer of the walk is on anybody's list
    ("GET", "/app/trail"): "site:trail",
    ("POST", "/app/trail"): "site:trail",
    ("POST", "/app/trail/file"): "site:trail",
    ("GET", "/app/requests"): "site:requests",
    ("POST", "/app/requests"): "nobody's",  # no request of the walk is there
    ("GET", "/app/disclosures"): "site:books",
    ("GET", "/app/disclosures/<uuid:student_id>"): "books",
    ("POST", "/app/disclosures/<uuid:student_id>"): "books!",
    ("GET", "/app/openings"): "site:opens",
    ("POST", "/app/openings"): "site:opens",
    ("POST", "/app/openings/told"): "nobody's",  # no opening of the walk is there
    ("GET", "/app/outbox"): "site:outbox",
    ("POST", "/app/outbox"): "site:outbox",
    ("GET", "/app/rosters"): "site:rosters",
    ("POST", "/app/rosters"): "site:rosters",
    ("POST", "/app/rosters/doubt"): "site:rosters",
    ("GET", "/app/rosters/<uuid:feed_id>"): "site:rosters",
    ("POST", "/app/rosters/<uuid:feed_id>"): "site:rosters",
    ("GET", "/app/site/calendar"): "site:calendar",
    ("POST", "/app/site/calendar"): "site:calendar!",
    ("GET", "/app/site/choices"): "site:calendar",
    ("POST", "/app/site/choices"): "site:calendar!",
    ("GET", "/app/setup"): "site:opens_records",
    ("POST", "/app/setup"): "site:opens_records",
    ("POST", "/app/setup/open"): "site:opens_records",
    ("GET", "/app/setup/around"): "site:known",  # children one manages, and nobody else's
    ("POST", "/app/setup/around"): "site:known",
    ("GET", "/app/platforms"): "site:platforms",
    ("POST", "/app/platforms"): "site:platforms",
    ("GET", "/app/tasks"): "site:known",
    ("POST", "/app/tasks/<uuid:request_id>"): "asked",
    ("POST", "/app/talk/ask"): "messages",
    ("GET", "/app/add"): "site:opens_records",
    ("POST", "/app/add"): "site:opens_records",
    ("POST", "/app/add/refresh"): "site:known",  # asks nothing of the LMS without the standing
    ("GET", "/app/add/<uuid:member_id>"): "site:opens_records",
    ("POST", "/app/add/<uuid:member_id>"): "site:opens_records",
    ("POST", "/app/canvas"): "site:known",  # one's own inbox
    ("POST", "/app/canvas/leave"): "site:known",
    ("POST", "/app/google/leave"): "site:known",  # and no POST /app/google: this school has no Google
    ("GET", C): "read",
    ("GET", f"{C}/dates"): "read",
    ("POST", f"{C}/dates"): "dates!",
    ("POST", f"{C}/dates/back"): "nobody's",  # no date of the walk is there
    ("POST", f"{C}/dates/born"): "dates!",
    ("GET", f"{C}/team"): "team",
    ("POST", f"{C}/team"): "team!",
    ("GET", f"{C}/family"): "family",
    ("POST", f"{C}/family"): "family",  # only looks for a name
    ("GET", f"{C}/family/<uuid:member_id>"): "family!",
    ("POST", f"{C}/family/<uuid:member_id>"): "family!",
    ("GET", f"{C}/family/rights/<uuid:relationship_id>"): "family!",
    ("POST", f"{C}/family/rights/<uuid:relationship_id>"): "family!",
    ("GET", f"{C}/rights"): "family",
    ("POST", f"{C}/rights"): "family!",
    ("GET", f"{C}/texting"): "family",
    ("POST", f"{C}/texting"): "family!",
    ("GET", f"{C}/new"): "goal!",
    ("POST", f"{C}/new"): "goal!",
    ("GET", f"{C}/doc"): "read",
    ("GET", f"{C}/doc/v/<uuid:version_id>"): "read",
    ("GET", f"{C}/said/<uuid:version_id>"): "team",
    ("POST", f"{C}/said/<uuid:version_id>"): "team",
    ("GET", f"{C}/doc/compare"): "read",
    ("GET", f"{C}/doc/begin"): "step!",
    ("POST", f"{C}/doc/begin"): "step!",
    ("GET", f"{C}/doc/amend"): "step!",
    ("POST", f"{C}/doc/amend"): "step!",
    ("GET", f"{C}/doc/paste"): "plan!",
    ("POST", f"{C}/doc/paste"): "plan!",
    ("GET", f"{C}/doc/draft"): "plan!",
    ("POST", f"{C}/doc/draft/drop"): "step!",
    ("POST", f"{C}/doc/ask"): "plan!",
    ("GET", f"{C}/doc/draft/days"): "step!",
    ("POST", f"{C}/doc/draft/days"): "step!",
    ("GET", f"{C}/doc/draft/<part_name>"): "plan!",
    ("POST", f"{C}/doc/draft/<part_name>"): "plan!",
    ("POST", f"{C}/doc/draft/<part_name>/keep"): "plan!",
    ("GET", f"{C}/doc/draft/<part_name>/<slug>"): "plan!",
    ("POST", f"{C}/doc/draft/<part_name>/<slug>"): "plan!",
    ("POST", f"{C}/doc/draft/<part_name>/<slug>/keep"): "plan!",
    ("GET", f"{C}/doc/notice"): "notice!",
    ("POST", f"{C}/doc/notice"): "notice!",
    ("POST", f"{C}/doc/notice/keep"): "notice!",
    ("GET", f"{C}/doc/notice/<uuid:notice_id>"): "nobody's",  # no notice of the walk is there
    ("GET", f"{C}/doc/propose"): "step!",
    ("POST", f"{C}/doc/propose"): "step!",
    ("GET", f"{C}/doc/v/<uuid:version_id>/effect"): "step!",
    ("POST", f"{C}/doc/v/<uuid:version_id>/effect"): "step!",
    ("GET", f"{C}/doc/v/<uuid:version_id>/answer"): "step!",
    ("POST", f"{C}/doc/v/<uuid:version_id>/answer"): "step!",
    ("GET", f"{C}/doc/v/<uuid:version_id>/adopt"): "step!",
    ("POST", f"{C}/doc/v/<uuid:version_id>/adopt"): "step!",
    ("GET", f"{C}/doc/end"): "step!",
    ("POST", f"{C}/doc/end"): "step!",
    ("GET", f"{C}/doc/v/<uuid:version_id>/consent"): "notice!",
    ("POST", f"{C}/doc/v/<uuid:version_id>/consent"): "notice!",
    ("GET", f"{C}/doc/consent/<uuid:consent_id>"): "nobody's",
    ("POST", f"{C}/doc/consent/<uuid:consent_id>"): "nobody's",
    ("GET", f"{C}/doc/copy"): "notice!",
    ("POST", f"{C}/doc/copy"): "notice!",
    ("GET", f"{C}/talk"): "talk",
    ("POST", f"{C}/talk"): "talk",
    ("GET", f"{C}/write"): "letters",
    ("POST", f"{C}/write"): "letters",
    ("POST", f"{C}/draft"): "letters",
    ("GET", G): "read",
    ("GET", f"{G}/copy"): "nobody's",  # this school keeps its plans here
    ("GET", f"{G}/numbers"): "read",  # who reads only own points gets no number made of others'
    ("GET", f"{G}/change"): "change!",
    ("POST", f"{G}/change"): "change!",
    ("GET", f"{G}/point"): "data!",
    ("POST", f"{G}/point"): "data!",
    ("GET", f"{G}/talk"): "talk",
    ("POST", f"{G}/talk"): "talk",
    ("GET", f"{G}/write"): "letters",
    ("POST", f"{G}/write"): "letters",
    ("POST", f"{G}/draft"): "letters",
    ("GET", "/app/my/<uuid:student_id>"): "my",
    ("GET", "/app/my/<uuid:student_id>/seen"): "my",
    ("POST", "/app/my/<uuid:student_id>/seen"): "my",
    ("POST", "/app/my/<uuid:student_id>/ask"): "my",
    ("GET", "/app/my/doc"): "site:anybody",
    ("GET", "/app/my/<uuid:student_id>/doc"): "my",
    ("POST", "/app/my/<uuid:student_id>/doc/say"): "nobody's",  # no version of the walk is there
    ("GET", "/app/my/<uuid:student_id>/wish"): "my",
    ("POST", "/app/my/<uuid:student_id>/wish"): "my",
    ("GET", "/app/my/<uuid:student_id>/sign/<uuid:consent_id>"): "nobody's",  # nothing is asked for there
    ("POST", "/app/my/<uuid:student_id>/sign/<uuid:consent_id>"): "nobody's",
    ("GET", "/app/duties"): "site:known",  # one's own, empty for most
    ("POST", "/app/duties/got"): "nobody's",
    ("POST", "/app/duties/undo"): "nobody's",
    ("GET", "/app/point/<uuid:point_id>/correct"): "theirs!",
    ("POST", "/app/point/<uuid:point_id>/correct"): "theirs!",
    ("POST", "/session/end"): "site:anybody",
    ("GET", "/static/<path:filename>"): OPEN,
    ("GET", "/healthz"): OPEN,
    ("GET", "/readyz"): OPEN,
    ("POST", "/in/sms/<token>"): OPEN,  # the same empty answer to everybody
    ("GET", "/canvas/back"): OPEN,
    ("POST", "/classroom/<uuid:client_id>/enter"): OPEN,
    ("GET", "/classroom/back"): OPEN,
    ("GET", "/classroom/<uuid:client_id>/go"): OPEN,
    ("GET", "/classroom/<uuid:client_id>"): OPEN,
    ("GET", "/classroom/<uuid:client_id>/student"): OPEN,
    ("GET", "/classroom/<uuid:client_id>/<any(setup, teacher, review, upgrade):frame>"): OPEN,
    ("GET", "/google/back"): OPEN,
    ("GET", "/n/<secret>"): OPEN,
    ("GET", "/_components"): OPEN,
    ("GET", "/lti/canvas.json"): OPEN,
    ("GET", "/lti/jwks"): OPEN,
    ("GET", "/lti/register"): OPEN,
    ("GET", "/lti/register/<code>"): OPEN,
    ("POST", "/lti/register/<code>"): OPEN,
    ("GET", "/lti/login"): OPEN,
    ("POST", "/lti/login"): OPEN,
    ("POST", "/lti/launch"): OPEN,
    ("POST", "/lti/confirm"): OPEN,
    ("POST", "/lti/choice"): OPEN,  # only what our own screen sealed, once
    ("GET", "/check-in"): OPEN,
    ("POST", "/session/resume"): OPEN,
}

PUBLIC = frozenset({"/lti/jwks", "/lti/canvas.json", "/static/<path:filename>"})
"""Keys, configuration and files that are the same for the whole world may be kept by caches."""

CLOSED_403 = frozenset({"/app/add", "/app/add/<uuid:member_id>", "/app/setup", "/app/setup/open"})
"""Staff without the standing read here who may open records: the same page for every id."""
