"""Every rule of the map turned into requests, with ids of the walked children, their own and crossed."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from werkzeug.routing import Rule

from iepcore.family import HomeAnswer
from lti_app.demo.caseload import demo_id
from lti_app.demo.seed import people
from tests.contract.screens.furnished import CHILDREN, World
from tests.contract.screens.guide import OPEN, ROUTES, Row
from tests.unit.screens.conftest import House

NOBODY = "nobody"
"""Stands for a child, or a thing, that does not exist: its ids are new."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One request and whose child it is about; ``about`` is ``crossed`` when its ids are of two children."""

    method: str
    rule: str
    path: str
    about: str = ""
    thing: str = ""
    data: Any = None
    json: Any = None

    @property
    def right(self) -> str:
        """The right it needs, nobody's when the guide does not know the route."""
        return ROUTES.get((self.method, self.rule), NOBODY)


def steps(house: House, world: World, *, is_open: bool = True) -> list[Step]:
    """Return every request of the walk, those that only read first; ``is_open``: also to the open routes."""
    rules = sorted(house.app.url_map.iter_rules(), key=lambda rule: rule.rule)
    found = [step for rule in rules for step in _of_rule(house, world, rule) if step.right != OPEN or is_open]
    return sorted(found, key=lambda step: (step.method != "GET", step.rule == "/session/end"))


def _of_rule(house: House, world: World, rule: Rule) -> Iterator[Step]:
    for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
        for about, thing, values in _arguments(house, world, rule):
            path = rule.rule
            for name, value in values.items():
                converter = next(one for one in _placeholders(rule) if one.endswith(f"{name}>"))
                path = path.replace(converter, str(value))
            if method == "GET":
                yield Step(method=method, rule=rule.rule, path=path, about=about, thing=thing)
            else:
                yield from _posts(house, world, rule.rule, path, about, thing, values)
        if (method, rule.rule) == ("GET", "/app/record/done"):
            for child in CHILDREN:
                path = f"{rule.rule}?s={world.goals[child][0]}.{uuid.uuid4()}"
                yield Step(method=method, rule=rule.rule, path=path, about=child, thing="goal")


def _placeholders(rule: Rule) -> list[str]:
    return [f"<{part.split('>')[0]}>" for part in rule.rule.split("<")[1:]]


def _arguments(house: House, world: World, rule: Rule) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield (child, thing, values) for the arguments of a rule; an argument nobody knows is an error."""
    names = frozenset(rule.arguments)
    children = [(child, house.student(child)) for child in CHILDREN] + [(NOBODY, uuid.uuid4())]
    if not names:
        yield "", "", {}
    elif names == {"student_id"}:
        yield from ((child, "", {"student_id": one}) for child, one in children)
    elif names == {"goal_id"}:
        yield from ((child, "", {"goal_id": one}) for child in CHILDREN for one in world.goals[child])
        yield NOBODY, "", {"goal_id": uuid.uuid4()}
    elif names == {"student_id", "relationship_id"}:
        for child, student_id in children:
            for owner, relationship in world.relationships.items():
                about = child if owner == child else "crossed"
                yield about, "", {"student_id": student_id, "relationship_id": relationship}
    elif names == {"student_id", "member_id"}:
        for child, student_id in children:
            yield child, "", {"student_id": student_id, "member_id": _member("ned")}
            thing = "observer of Maya's course"
            yield child, thing, {"student_id": student_id, "member_id": _member("gwen", course=2)}
    elif names == {"student_id", "version_id"}:
        for child, student_id in children:
            for owner, version in world.plans.items():
                about = child if owner == child else "crossed"
                yield about, "", {"student_id": student_id, "version_id": version}
    elif names == {"student_id", "part_name"}:
        yield from ((child, "", {"student_id": one, "part_name": "level"}) for child, one in children)
    elif names == {"student_id", "part_name", "slug"}:
        for child, student_id in children:
            for owner, slug in world.levels.items():
                about = child if owner == child else "crossed"
                yield about, "", {"student_id": student_id, "part_name": "level", "slug": slug}
    elif names == {"student_id", "notice_id"}:
        yield from ((child, "", {"student_id": one, "notice_id": uuid.uuid4()}) for child, one in children)
    elif names == {"student_id", "consent_id"}:
        yield from ((child, "", {"student_id": one, "consent_id": uuid.uuid4()}) for child, one in children)
    elif names == {"member_id"}:
        yield "", "", {"member_id": _member("maya")}
        yield NOBODY, "", {"member_id": uuid.uuid4()}
    elif names == {"point_id"}:
        yield from ((child, name, {"point_id": one}) for name, (child, one) in world.points.items())
        yield NOBODY, "", {"point_id": uuid.uuid4()}
    elif names == {"item_id"}:
        yield from (("", name, {"item_id": one}) for name, one in world.items.items())
        yield NOBODY, "", {"item_id": uuid.uuid4()}
    elif names == {"request_id"}:
        yield "", "task", {"request_id": world.task}
        yield NOBODY, "", {"request_id": uuid.uuid4()}
    elif names == {"feed_id"}:
        yield "", "", {"feed_id": world.feed}
        yield NOBODY, "", {"feed_id": uuid.uuid4()}
    elif names == {"client_id"}:
        yield "", "", {"client_id": uuid.uuid4()}
    elif names == {"client_id", "frame"}:
        yield "", "", {"client_id": uuid.uuid4(), "frame": "teacher"}
    elif names == {"secret"}:
        yield from (("", "", {"secret": one}) for one in [*world.links.values(), uuid.uuid4().hex])
    elif names == {"token"}:
        yield "", "", {"token": "x" * 40}
    elif names == {"code"}:
        yield "", "", {"code": uuid.uuid4().hex}
    elif names == {"filename"}:
        yield "", "", {"filename": "css/rapport.css"}
        yield "", "", {"filename": "../settings.py"}
    else:
        raise AssertionError(f"{rule.rule}: the walk has no ids for {sorted(names)}; give it some")


def _member(key: str, *, course: int = 0) -> uuid.UUID:
    return demo_id("member", people()["courses"][course]["context_id"], key)


def _posts(
    house: House, world: World, rule: str, path: str, about: str, thing: str, values: dict[str, Any]
) -> Iterator[Step]:
    """Yield the forms of a rule. One that nobody has typed here is sent empty."""
    fresh = str(uuid.uuid4())
    child = about if about in CHILDREN else "maya"
    simple: dict[str, dict[str, Any]] = {
        "/family": {"q": "a"},
        "/family/<uuid:member_id>": _rights()
        | {"relation": "mother", "home": "new", "reads": "en", "speaks": "en"},
        "/family/rights/<uuid:relationship_id>": _rights() | {"version": "1"},
        "/rights": {"do": "transfer", "outcome": "transfers", "version": "0"},
        "/team": {"do": "add", "member": str(_member("abara")), "role": "related_service_provider"},
        "/texting": {"adult": str(house.adult("dana")), "number": "+15045550117", "do": "agreed"},
        "/new": {"kind": "count", "key": fresh},
        "/dates": {"kind": "evaluated", "dated_on": "2026-01-20", "client_key": fresh},
        "/dates/back": {"event": str(uuid.uuid4()), "client_key": fresh},
        "/dates/born": {"born_on": "2016-05-04", "version": "1"},
        "/talk": {"text": "Good morning.", "client_key": fresh},
        "/write": {"words": "Good morning.", "lang": "en", "client_key": fresh, "version": "0"},
        "/draft": {"words": "Good morning.", "lang": "en", "version": "0"},
        "/change": {"words": "Echo reading begins", "starts_on": "2026-11-20", "version": "1"},
        "/point": {"client_key": fresh, "observed_on": "2026-11-20", "correct": "3", "trials": "5"},
    }
    forms: dict[str, dict[str, Any]] = {
        "/app/platforms": {"do": "invite"},
        "/app/outbox": {"do": "go_on"},
        "/app/requests": {"do": "answer", "request": str(uuid.uuid4()), "answer": "looked"},
        "/app/disclosures/<uuid:student_id>": {"on": "2026-01-20", "party": "A clinic"},
        "/app/openings": {
            "name": "Nobody Here",
            "why": "cover",
            "words": "Nobody answers.",
            "client_key": fresh,
        },
        "/app/openings/told": {"opening": str(uuid.uuid4())},
        "/app/my/<uuid:student_id>/ask": {"way": "look", "client_key": fresh},
        "/app/answers": {"do": "aside", "reply": str(uuid.uuid4())},
        "/app/rosters/<uuid:feed_id>": {"do": "update"},
        "/app/site/calendar": {"do": "look", "text": "kind,first,last,name\nyear,2026-08-31,2027-06-11,This"},
        "/app/site/choices": {"do": "counsel", "question": "ed_fi", "answer": "on"},
        "/app/setup": {"do": "paste", "text": "Piper Nobody"},
        "/app/rosters": {"do": "canvas"},
        "/app/staff": {"adult": str(house.adult("eklund")), "role": "interpreter", "do": "appoint"},
        "/app/point/<uuid:point_id>/correct": {"client_key": fresh, "correct": "2", "trials": "5"},
        "/app/tasks/<uuid:request_id>": {"text": "Palabras."},
        "/app/outbox/<uuid:item_id>/again": {"back": str(house.student(child)), "back_kind": "c"},
    }
    tail = rule.removeprefix("/app/c/<uuid:student_id>").removeprefix("/app/g/<uuid:goal_id>")
    if rule == "/app/my/<uuid:student_id>/seen":
        for owner in CHILDREN:
            mixed = about if owner == about else "crossed"
            sent = {"goal_id": str(house.goal(owner)), "answer": next(iter(HomeAnswer)).value}
            yield Step(method="POST", rule=rule, path=path, about=mixed, data=sent | {"client_key": fresh})
    elif rule == "/app/record/tap":
        for owner in CHILDREN:
            sent = {"goal": str(world.goals[owner][-1]), "set_key": str(uuid.uuid4()), "planned": 5}
            sent |= {"client_key": str(uuid.uuid4()), "outcome": "correct"}
            yield Step(method="POST", rule=rule, path=path, about=owner, json=sent)
    elif rule == "/app/record/end":
        sent = {"s": f"{house.goal('jonah')}.{world.open_key}"}
        yield Step(method="POST", rule=rule, path=path, data=sent)
    elif rule == "/app/talk/ask":
        for name, message in world.messages.items():
            sent = {"message_id": str(message), "part": "0", "to": "fr", "back_kind": "c"}
            sent |= {"interpreter_id": str(house.adult("ruiz")), "back": str(house.student("amara"))}
            yield Step(method="POST", rule=rule, path=path, thing=name, data=sent)
    elif rule == "/app/today/again":
        for name, item in world.items.items():
            yield Step(method="POST", rule=rule, path=path, thing=name, data={"item": str(item)})
    elif rule == "/session/resume":
        yield Step(method="POST", rule=rule, path=path, json={"tab": "x" * 43, "secret": "y" * 43})
    else:
        sent = forms.get(rule) or simple.get(tail, {})
        if "client_key" in sent:
            sent = sent | {"client_key": str(uuid.uuid4())}
        yield Step(method="POST", rule=rule, path=path, about=about, thing=thing, data=sent)


def _rights() -> dict[str, str]:
    return {"may_access_records": "yes", "may_decide": "no", "basis": "said at the door"}


def may(row: Row, step: Step, viewer: str) -> bool:
    """Tell what the guide says of a step."""
    right = step.right
    if step.about in {NOBODY, "crossed"}:
        return False
    if right.startswith("site:"):
        standing = right.removeprefix("site:")
        if step.thing == "goal":  # a list of goals: each is the child's
            return "read" in row.children.get(step.about, frozenset())
        return standing == "anybody" or standing in row.site
    if right in ("books", "books!"):
        reads = right == "books" and "dates!" in row.children.get(step.about, frozenset())
        return "books" in row.site or reads
    if right == "sends":
        return row.sends
    if right == "asked":
        return row.asked
    if right == "messages":
        return step.thing in row.messages
    if right == "theirs!" and viewer == "aide" and step.thing.startswith("aide's"):
        right = "own!"
    return right in row.children.get(step.about, frozenset())
