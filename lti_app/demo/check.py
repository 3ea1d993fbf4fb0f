"""``iep demo --check``: the whole loop without a browser window, over real HTTP against the running
servers."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import requests

from iepcore.language import render
from iepcore.language.phrases import Phrase
from iepcore.notices import check_content_free
from lti_app.demo.browser import Browser, LoopBroken, Page
from lti_app.demo.caseload import children, demo_id
from lti_app.demo.classroom import classroom_children
from lti_app.demo.classroom_check import sign_in
from lti_app.demo.seed import people
from lti_app.demo.supervisor import Demo

COURSE = 101
TEACHER, PARENT, CHILD = "halloran", "elena", "lucia"
OWN_WORDS = "Lucía read her own story to the class today."
ANSWER = "Gracias. En casa también lee en voz alta."
DELIVERY_SECONDS = 25.0


@dataclass(slots=True, kw_only=True)
class Loop:
    """What the steps hand on to each other."""

    demo: Demo
    teacher: Browser = field(default_factory=Browser)
    parent: Browser = field(default_factory=Browser)
    other_teacher: Browser = field(default_factory=Browser)

    @property
    def goal(self) -> str:
        """The path of the child's goal."""
        return f"/app/g/{demo_id('goal', CHILD, 'main')}"

    @property
    def child(self) -> str:
        """The child's id."""
        return str(demo_id("student", CHILD))


def walk(demo: Demo, tell: Callable[[str], None]) -> bool:
    """Walk the loop; tell one line per step with its time. Return whether every step did what it should."""
    loop = Loop(demo=demo)
    began = time.monotonic()
    for number, (name, step) in enumerate(STEPS, start=1):
        started = time.monotonic()
        try:
            found = step(loop)
        except LoopBroken as broken:
            tell(f"{number:2d}. FAILED  {name}: {broken}")
            return False
        tell(f"{number:2d}. ok {(time.monotonic() - started) * 1000:6.0f} ms  {name}: {found}")
    tell(f"The loop is whole: {len(STEPS)} steps in {time.monotonic() - began:.1f} s.")
    return True


def launch_teacher(loop: Loop) -> str:
    """Launch as the case manager, through OIDC."""
    page = loop.teacher.launch(loop.demo.lms_url, loop.demo.tool_url, TEACHER, COURSE)
    _must(page, "Callum")
    return "Today shows the caseload"


def pull_roster(loop: Loop) -> str:
    """Open the course's address book, pulled through Names and Roles."""
    page = loop.teacher.open("/app/add")
    pupils = [user for user in people()["users"] if _is_pupil(user)]
    missing = [user for user in pupils if user["name"] not in page.text]
    if missing:
        raise LoopBroken(f"{len(missing)} of {len(pupils)} pupils are missing from the roster")
    return f"{len(pupils)} pupils of the course"


def record_points(loop: Loop) -> str:
    """Record three readings."""
    for correct, errors in ((62, 3), (63, 4), (64, 3)):
        form = loop.teacher.open(f"{loop.goal}/point").form("/point")
        loop.teacher.send(form, correct=str(correct), errors=str(errors), seconds="60")
    page = loop.teacher.open(loop.goal)
    _must(page, "64")
    return "3 points, each kept once"


def read_finding(loop: Loop) -> str:
    """Read the finding."""
    word = render(Phrase(key="finding.on_track"), "en").text
    page = loop.teacher.open(loop.goal)
    _must(page, word)
    return f"“{word}”, with the rule and the numbers"


def refuse_nonsense(loop: Loop) -> str:
    """Type a reading that cannot be, and see it come back with what to do."""
    form = loop.teacher.open(f"{loop.goal}/point").form("/point")
    try:
        loop.teacher.send(form, correct="minus two", errors="0", seconds="60")
    except LoopBroken as refused:
        if "422" in str(refused):
            return "a reading that is no number came back, nothing was stored"
        raise
    raise LoopBroken("a reading that is no number was taken")


def connect_canvas(loop: Loop) -> str:
    """Lend the teacher's own inbox, by her yes in the practice Canvas."""
    address = loop.teacher.ask("/app/canvas")["url"]
    consent = loop.teacher.fetch("GET", f"{address}&as={TEACHER}")
    form = consent.form("/login/oauth2/accept")
    fields = [*((name, text) for name, text in form.fields if name != "decision"), ("decision", "authorize")]
    page = loop.teacher.fetch("POST", form.action, fields)
    _must(page, "Canvas is connected")
    return "consent given, tokens kept encrypted"


def write_note(loop: Loop) -> str:
    """Write the update and send it; the sentences go out in Spanish, her own words as she wrote them."""
    form = loop.teacher.open(f"{loop.goal}/write").form("/write")
    loop.teacher.send(form, went_well=OWN_WORDS)
    return "message, notice and trail in one transaction"


def deliver_once(loop: Loop) -> str:
    """See the notice arrive in the LMS inbox exactly once, without any word of child or plan."""
    limit = time.monotonic() + DELIVERY_SECONDS
    arrived: list[dict[str, Any]] = []
    while time.monotonic() < limit and not arrived:
        arrived = _wire(loop)
        time.sleep(0.2)
    time.sleep(1.5)  # a second copy would come with the worker's next rounds
    arrived = _wire(loop)
    if len(arrived) != 1:
        raise LoopBroken(f"{len(arrived)} notices arrived, not one")
    raw = str(arrived[0])
    names = [name for child in children() for name in (child["legal_name"], child["preferred_name"])]
    try:
        check_content_free(raw, names=names)
    except ValueError as found:
        raise LoopBroken(f"the notice says too much ({found})") from None
    if OWN_WORDS.split()[0] in raw or "Lucía" in raw:
        raise LoopBroken("the notice holds words of the note")
    return f"1 notice of {len(raw)} bytes; no child, no plan"


def open_link(loop: Loop) -> str:
    """Open the notice's link as a mail scanner would: a page without data that changes nothing."""
    links = [
        word for word in str(_wire(loop)[0]).replace("%3A", ":").replace("%2F", "/").split() if "/n/" in word
    ]
    text = " ".join(links)
    start = text.find("/n/")
    if start < 0:
        raise LoopBroken("the notice has no link")
    secret = text[start + 3 :].split("%")[0].split("\\")[0].split("'")[0].split("&")[0]
    page = loop.parent.fetch("GET", f"{loop.demo.tool_url}/n/{secret}")
    if "Lucía" in page.text or "Halloran" in page.text:
        raise LoopBroken("the link's page shows data")
    _must(page, people()["school"]["name"])
    return "a neutral page that leads to the school's site"


def launch_parent(loop: Loop) -> str:
    """Launch as the mother, who reads Spanish."""
    page = loop.parent.launch(loop.demo.lms_url, loop.demo.tool_url, PARENT, COURSE)
    word = render(Phrase(key="finding.on_track"), "es").text
    _must(page, "Lucía")
    _must(page, word)
    return f"my child, in Spanish: “{word}”"


def read_note(loop: Loop) -> str:
    """Read the note: the sentences in Spanish, the teacher's words in her own language and marked so."""
    page = loop.parent.open(f"{loop.goal}/talk")
    _must(page, "Buenas noticias")
    _must(page, OWN_WORDS)
    return "sentences in Spanish, the original kept and marked"


def reply(loop: Loop) -> str:
    """Answer."""
    form = loop.parent.open(f"{loop.goal}/talk").form("/talk")
    loop.parent.send(form, text=ANSWER)
    return "kept, for the school team only"


def observe(loop: Loop) -> str:
    """Say what was seen at home, in two taps."""
    form = loop.parent.open(f"/app/my/{loop.child}").form("/seen")
    loop.parent.send(form, answer="yes_alone")
    return "“yes, alone”, plotted apart from school data"


def see_on_today(loop: Loop) -> str:
    """Find the answer and the observation on the teacher's Today."""
    page = loop.teacher.open("/app/today")
    _must(page, ANSWER)
    _must(page, "Elena Duarte")
    return "the answer stands on top, in its own language"


def open_in_classroom(loop: Loop) -> str:
    """Sign in with Google as the school's other case manager, in the frame of Classroom."""
    page = sign_in(loop.demo, loop.other_teacher)
    for child in classroom_children():
        _must(page, child["preferred_name"])
    return "signed in by Google's window; Today shows her own three"


def write_from_classroom(loop: Loop) -> str:
    """Record a reading and write to a family that has no account in any LMS; the notice comes by mail."""
    child = classroom_children()[0]
    goal, before = f"/app/g/{demo_id('goal', child['key'], 'main')}", len(_wire(loop))
    form = loop.other_teacher.open(f"{goal}/point").form("/point")
    loop.other_teacher.send(form, correct="104", errors="2", seconds="60")
    form = loop.other_teacher.open(f"{goal}/write").form("/write")
    loop.other_teacher.send(form, went_well="She read with a partner all week.")
    limit = time.monotonic() + DELIVERY_SECONDS
    while time.monotonic() < limit and len(_wire(loop)) == before:
        time.sleep(0.2)
    arrived = _wire(loop)[before:]
    if [child["family"][0]["email"]] != [one["receiver"] for one in arrived]:
        raise LoopBroken(f"{len(arrived)} notices arrived, not one by mail")
    names = [name for one in classroom_children() for name in (one["legal_name"], one["preferred_name"])]
    try:
        check_content_free(str(arrived[0]), names=names)
    except ValueError as found:
        raise LoopBroken(f"the notice says too much ({found})") from None
    return "a reading kept, 1 notice by mail; no child, no plan"


STEPS: tuple[tuple[str, Callable[[Loop], str]], ...] = (
    ("teacher launches from the LMS", launch_teacher),
    ("roster of the course", pull_roster),
    ("three data points", record_points),
    ("a reading that cannot be", refuse_nonsense),
    ("the finding", read_finding),
    ("Canvas connected", connect_canvas),
    ("note to the family", write_note),
    ("delivered once", deliver_once),
    ("the notice's link", open_link),
    ("parent launches", launch_parent),
    ("parent reads", read_note),
    ("parent answers", reply),
    ("seen at home", observe),
    ("on the teacher's Today", see_on_today),
    ("a teacher in Google Classroom", open_in_classroom),
    ("her note, by mail", write_from_classroom),
)


def _must(page: Page, words: str) -> None:
    if words not in page.text:
        raise LoopBroken(f"“{words}” is not on {urlsplit(page.url).path}")


def _is_pupil(user: dict[str, Any]) -> bool:
    return any(held["course"] == COURSE and held["role"] == "student" for held in user["enrollments"])


def _wire(loop: Loop) -> list[dict[str, Any]]:
    """Return what arrived at the practice LMS and its mailbox, byte by byte."""
    key = {"X-Sandbox-Key": loop.demo.lms.admin_key}
    try:
        answer = requests.get(f"{loop.demo.lms_url}/sandbox/wire", headers=key, timeout=10)
        answer.raise_for_status()
        listed = answer.json()
    except requests.RequestException as problem:
        raise LoopBroken(f"the practice LMS does not tell what arrived: {type(problem).__name__}") from None
    rows: list[dict[str, Any]] = listed if isinstance(listed, list) else listed["deliveries"]
    return rows
