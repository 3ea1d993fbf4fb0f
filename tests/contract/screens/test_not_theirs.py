"""Every route there is, walked by everybody who has no right to a child, with that child's real ids.

The routes come from the application's map, the ids from the child's archive, the words that must not be told
from the record itself: a new route, a new room and a new text are walked without a line here.
"""

from __future__ import annotations

import html
import inspect
import re
import sys
import uuid
from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import Any

import pytest
from werkzeug.routing import Rule

from tests.contract.screens.furnished import World
from tests.contract.screens.outsiders import (
    BOOKS,
    OF_AGE,
    OUTSIDERS,
    Outsider,
    canaries,
    come_of_age,
    ids_by_kind,
    placed,
    record_of,
    token_of,
)
from tests.unit.screens.conftest import House

OTHERS = ("maya", "jonah", "theo", "tess", "lucia", "noor", "ezra")
IDS_EACH = 2
"""So many things of a kind are tried at each argument."""
_DO = re.compile(
    r'do (?:==|in|not in) [{(]?((?:"\w+"(?:, )?)+)|^_(?:SAID|DO\w*|STEPS) = \{(.*?)\}', re.M | re.S
)
_WORD = re.compile(r'"(\w+)"')
_FIELD = re.compile(
    r'request\.form\.(?:get|getlist)\("(\w+)"|given_id\("(\w+)"\)|_(?:text|day|time)\("(\w+)"'
)
_OUTSIDE = ("/static/", "/healthz", "/readyz")
_LEAVES = frozenset({"/session/end"})


@cache
def _forms_of(module: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the field names a screen reads and the steps its ``do`` names, from its source."""
    source = inspect.getsource(sys.modules[module])
    steps = {word for found in _DO.findall(source) for part in found for word in _WORD.findall(part)}
    names = {name for found in _FIELD.findall(source) for name in found if name}
    return tuple(sorted(names - {"do"})), tuple(sorted(steps))


def paths(rule: Rule, ids: dict[str, list[Any]]) -> Iterator[str]:
    """Yield the addresses of a rule with the child's ids at every argument."""
    everything = [one for name, found in ids.items() if name.count("_") == 1 for one in found[:1]]
    path = rule.rule
    choices: list[tuple[str, list[str]]] = []
    for placeholder in re.findall(r"<[^>]+>", path):
        name = placeholder.strip("<>").split(":")[-1]
        if "any(" in placeholder:
            choices.append((placeholder, re.findall(r"any\(([^)]*)\)", placeholder)[0].split(", ")[:1]))
        elif "uuid:" in placeholder:
            own = ids.get(name) or everything
            choices.append((placeholder, [str(one) for one in own[:IDS_EACH]]))
        else:
            choices.append((placeholder, ["1" if "int:" in placeholder else uuid.uuid4().hex]))
    made = [path]
    for placeholder, values in choices:
        made = [one.replace(placeholder, value) for one in made for value in values]
    yield from islice(made, 6)


def forms(house: House, rule: Rule, ids: dict[str, list[Any]]) -> Iterator[dict[str, str]]:
    """Yield forms for a rule: an empty one, and each step of its screen with the child's ids in it."""
    yield {}
    view = house.app.view_functions[rule.endpoint]
    names, steps = _forms_of(inspect.unwrap(view).__module__)
    whole = {name: _answer(name, ids) for name in names}
    whole |= {"client_key": str(uuid.uuid4()), "version": "1", "words": "Walked.", "text": "Walked."}
    for do in steps or ("",):
        yield whole | ({"do": do} if do else {})


def _answer(name: str, ids: dict[str, list[Any]]) -> str:
    by_name = {"goal": "goal_id", "back": "student_id", "child": "student_id", "item": "outbox_item_id"}
    key = by_name.get(name, name if name.endswith("_id") else f"{name}_id")
    if key in ids:
        return str(ids[key][0])
    if name.endswith(("_on", "day")):
        return "2026-11-20"
    return "yes" if name.startswith("may_") else "1"


def walk(house: House, token: str | None, ids: dict[str, list[Any]]) -> Iterator[tuple[str, int, str]]:
    """Walk every rule of the map, reading first; yield what was asked, the status and what came back."""
    rules = sorted(house.app.url_map.iter_rules(), key=lambda one: (one.rule, one.endpoint))
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    for method in ("GET", "POST"):
        for rule in rules:
            if method not in (rule.methods or ()) or rule.rule.startswith(_OUTSIDE) or rule.rule in _LEAVES:
                continue
            found = paths(rule, ids)
            for path in found if method == "GET" else islice(found, 1):
                for form in forms(house, rule, ids) if method == "POST" else ({},):
                    answer = house.client.open(
                        path, method=method, data=form if method == "POST" else None, headers=headers
                    )
                    body = answer.get_data(as_text=True)
                    yield (
                        f"{method} {rule.rule} {form.get('do', '')}",
                        answer.status_code,
                        (html.unescape(body) + str(answer.headers)),
                    )
                    answer.close()


def _kept(record: list[object], who: Outsider) -> set[str]:
    return {repr(one) for one in record if not (who.office and isinstance(one, BOOKS))}


def check(house: House, token: str | None, who: Outsider) -> list[str]:
    """Walk as one outsider; return each leak and each change."""
    ids, (names, words) = ids_by_kind(house), canaries(house, OTHERS)
    assert len(words) > 12, "the record of the walked child is nearly empty"
    secret = words if who.knows_name else words | names
    before, wrong, seen = record_of(house, "amara"), [], 0
    for asked, status, told in walk(house, token, ids):
        seen += 1
        if status >= 500:
            wrong.append(f"{asked} broke ({status})")
        if not who.reads:
            wrong += [f"{asked} tells {word!r}" for word in secret if word in told]
    changed = _kept(before, who) ^ _kept(record_of(house, "amara"), who)
    wrong += [f"changed: {one.partition('(')[0]}" for one in changed]
    assert seen > 150
    return sorted(set(wrong))


@pytest.mark.parametrize("who", OUTSIDERS)
def test_nobody_without_a_right_learns_or_changes_anything(who: str, house: House, world: World) -> None:
    """Not one word of the record comes back on any route, and the record is afterwards what it was."""
    ids = placed(house)

    assert [] == check(house, token_of(house, world, ids, OUTSIDERS[who]), OUTSIDERS[who])


@pytest.mark.parametrize("who", OF_AGE)
def test_parents_pages_close_when_the_student_comes_of_age(who: str, house: House, world: World) -> None:
    """From the birthday on a parent who read yesterday finds nothing of the record on any route."""
    ids = placed(house)
    come_of_age(house)

    assert [] == check(house, token_of(house, world, ids, OF_AGE[who]), OF_AGE[who])


def test_without_a_session_no_route_tells_or_changes_anything(house: House) -> None:
    """Ids alone open nothing: a person who knows every address of a child gets the empty shell."""
    assert [] == check(house, None, Outsider(adult=None))


def test_walk_meets_every_rule_of_the_map(house: House) -> None:
    """A rule whose arguments the walk could not fill would be walked with nothing: there is none."""
    ids = ids_by_kind(house)
    assert [] == [rule.rule for rule in house.app.url_map.iter_rules() if not list(paths(rule, ids))]
    assert [] == [one for rule in house.app.url_map.iter_rules() for one in paths(rule, ids) if "<" in one]
