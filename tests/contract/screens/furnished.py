"""What stands in the furnished house: letters, answers, notes and drafts, each with a word of its own.

A word of ``WORDS`` occurs nowhere else in the product, so finding it says whose words were shown.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field, replace
from datetime import timedelta

from iepcore.caseload import Arrival, Letter, NewAmendment, arrive
from iepcore.family import HomeAnswer
from iepcore.ids import AdultId, AssignmentId, ClientKey, GoalId, new_uuid7
from iepcore.language import FreeText
from iepcore.people import Appointment, Assignment, SiteRole, StaffRole
from iepcore.plan.document import AmendmentMethod, PlanPart, PresentLevel
from iepcore.testing.roster_values import a_feed
from lti_app.demo.caseload import demo_id
from lti_app.screens.plan_routes import slug_of
from tests.unit.screens.conftest import House

CHILDREN = ("maya", "jonah", "amara")

WORDS = {
    "letter to Maya's parents": "quillwort",
    "letter to Renee": "bombazine",
    "letter to Osei": "calabash",
    "answer of Renee": "dittander",
    "answer of Osei": "esparto",
    "seen at Renee's": "frangipane",
    "seen at Osei's": "gallinule",
    "manager's note on Amara's score": "hornbeam",
    "manager's note on Maya's score": "ipecac",
    "aide's note on Maya's score": "jalousie",
    "manager's draft about Amara": "kedgeree",
}


@dataclass(slots=True, kw_only=True)
class World:
    """The ids of things in the house, by a name; ``adults`` are those who came after the seed."""

    adults: dict[str, AdultId] = field(default_factory=dict)
    goals: dict[str, tuple[GoalId, ...]] = field(default_factory=dict)
    points: dict[str, tuple[str, uuid.UUID]] = field(default_factory=dict)
    messages: dict[str, uuid.UUID] = field(default_factory=dict)
    items: dict[str, uuid.UUID] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    task: uuid.UUID = field(default_factory=uuid.uuid4)
    relationships: dict[str, uuid.UUID] = field(default_factory=dict)
    plans: dict[str, uuid.UUID] = field(default_factory=dict)
    levels: dict[str, str] = field(default_factory=dict)
    open_key: uuid.UUID = field(default_factory=uuid.uuid4)
    feed: uuid.UUID = field(default_factory=uuid.uuid4)


def key() -> ClientKey:
    """Return a new client key."""
    return ClientKey(uuid.uuid4())


def free(name: str) -> FreeText:
    """Return words that nobody else says."""
    return FreeText(text=f"Words with {WORDS[name]} in them.", lang="en")


def furnish(house: House) -> World:
    """Let everybody say something."""
    world = World()
    site = house.wired.doors.sites()[0]
    store, clock = house.wired.store(site.id), house.wired.site_clock(site)
    for who in ("unknown_staff", "manager_of_one", "provider_here", "left_team"):
        arrival = Arrival(source="lti:walk", subject=who, name=f"Walker {who}", reads="en", is_staff=True)
        adult_id = arrive(store, clock, arrival)
        assert adult_id is not None
        world.adults[who] = adult_id
    today = clock.today()
    with store.write() as uow:
        for who, child, role, ended in (
            ("manager_of_one", "maya", StaffRole.CASE_MANAGER, None),
            ("provider_here", "amara", StaffRole.RELATED_SERVICE_PROVIDER, None),
            ("left_team", "amara", StaffRole.SPECIAL_ED_TEACHER, today - timedelta(days=1)),
        ):
            uow.people.add_assignment(
                Assignment(
                    id=AssignmentId(new_uuid7()),
                    adult_id=world.adults[who],
                    student_id=house.student(child),
                    role=role,
                    starts_on=today - timedelta(days=9),
                    ends_on=ended,
                    assigned_by=house.adult("halloran"),
                    assigned_at=clock.now(),
                )
            )
        uow.people.add_appointment(
            Appointment(
                adult_id=house.adult("pell"),
                role=SiteRole.ADMINISTRATOR,
                starts_on=today,
                appointed_by=None,
                appointed_at=clock.now(),
            )
        )
    feed = a_feed()
    with store.write() as uow:
        uow.rosters.add_feed(feed)
    world.feed = feed.id
    for child in CHILDREN:
        world.goals[child] = (house.goal(child),) + ((house.goal(child, "words"),) if child == "maya" else ())
    for child, adult in (("maya", "dana"), ("jonah", "carl"), ("amara", "osei")):
        world.relationships[child] = demo_id("relationship", child, adult)
    _talk(house, world)
    _scores(house, world)
    _plans(house, world)
    return world


def _talk(house: House, world: World) -> None:
    manager = house.caseload("halloran")
    for name, child, readers in (
        ("letter to Maya's parents", "maya", ("dana", "rui")),
        ("letter to Renee", "amara", ("renee",)),
        ("letter to Osei", "amara", ("osei",)),
    ):
        letter = Letter(parts=(free(name),), recipient_ids=frozenset(house.adult(one) for one in readers))
        sent = manager.writing.send(house.student(child), house.goal(child), letter, key())
        world.messages[name] = sent.message.id
        world.items[name] = sent.items[0].id
        world.links[name] = sent.items[0].link_secret
    for name, who in (("Renee", "renee"), ("Osei", "osei")):
        family = house.caseload(who)
        amara, goal = house.student("amara"), house.goal("amara")
        answer = family.conversation.reply(amara, goal, free(f"answer of {name}"), key())
        world.messages[f"answer of {name}"] = answer.id
        family.conversation.observe(goal, next(iter(HomeAnswer)), key(), words=free(f"seen at {name}'s"))
    asked = manager.interpreting.ask(world.messages["letter to Renee"], 0, "es", house.adult("ruiz"))
    world.task = asked.id
    manager.writing.save_draft(
        house.student("amara"),
        house.goal("amara"),
        (free("manager's draft about Amara"),),
        language="en",
        version=0,
    )


def _plans(house: House, world: World) -> None:
    """Begin a change of every child's plan, so that there is a draft to write in."""
    manager = house.caseload("halloran")
    day = manager.desk.clock.today()
    for child in CHILDREN:
        found = manager.plans.page(house.student(child))
        assert found.current is not None
        world.plans[child] = found.current.id
        why = FreeText(text="More practice.", lang="en")
        new = NewAmendment(
            method=AmendmentMethod.MEETING, agreed_on=day, why=why, begins_on=day + timedelta(days=9)
        )
        draft = manager.drafting.amend(house.student(child), new)
        area = f"the area of {child}"  # so that nobody else's piece has its address
        level = PresentLevel(area=area, strengths=why, now=why)
        manager.drafting.put(draft.id, PlanPart.LEVEL, level, started_from="")
        world.levels[child] = slug_of(area)


def _scores(house: House, world: World) -> None:
    reading = {"correct": 3, "trials": 5}
    for name, child, who, goal in (
        ("manager's note on Amara's score", "amara", "halloran", "main"),
        ("manager's note on Maya's score", "maya", "halloran", "words"),
        ("aide's note on Maya's score", "maya", "moss", "words"),
    ):
        found = house.caseload(who).progress.record(house.goal(child, goal), reading, key(), note=free(name))
        world.points[name] = (child, found.point.id)
    house.caseload("halloran").progress.start_set(
        house.goal("jonah"), ClientKey(world.open_key), planned_trials=5
    )


def named_html(house: House, child: str, name: str) -> None:
    """Give a child a name that an attacker would choose."""
    with house.wired.store(house.wired.doors.sites()[0].id).write() as uow:
        student = uow.people.student(house.student(child))
        assert student is not None
        uow.people.save_student(
            replace(student, preferred_name=name, legal_name=name, version=student.version + 1)
        )
