"""The pages people see: who you are, a course with the tool in a frame, inbox, mailbox.

Who somebody is stands in the address (``?as=KEY``), on purpose: this is a practice LMS, and three panes of
one browser must be able to be three people at once.
"""

from __future__ import annotations

import re
from email.utils import getaddresses
from urllib.parse import urlencode

from flask import Blueprint, abort, redirect, render_template, request
from markupsafe import Markup, escape
from werkzeug.wrappers import Response as AnyResponse

from lti_app.sandbox.admin import from_this_machine
from lti_app.sandbox.deep_linking import carded, linked_item, wished
from lti_app.sandbox.grades import shown_to
from lti_app.sandbox.hints import LaunchHint
from lti_app.sandbox.people import STAFF_ROLES, Course, User
from lti_app.sandbox.world import World, world

pages = Blueprint("pages", __name__)

# ``frame`` is what hosted Canvas does: a sibling frame of that name keeps the data. ``silent`` promises
# storage and never answers; ``none`` does not even promise.
STORAGE_TARGETS = {"parent": "_parent", "frame": "post_message_forwarding", "silent": "_parent", "none": None}
# Canvas source ``lib/lti/launch.rb``; it sets no ``sandbox`` attribute on a tool's frame.
FRAME_FEATURES = "geolocation microphone camera midi encrypted-media autoplay clipboard-write display-capture"
FRAME_ALLOW = "; ".join(f"{feature} *" for feature in FRAME_FEATURES.split())
GROUPS = (
    ("teacher", "Teachers"),
    ("ta", "Aides, providers and interpreters"),
    ("administrator", "IT"),
    ("observer", "Families"),
    ("student", "Pupils"),
    ("test_student", "Test account"),
)
_LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)]")


def linked(text: str) -> Markup:
    """Plain text as HTML: escaped, with web addresses made clickable."""
    done, parts = 0, Markup()
    for match in _LINK.finditer(text):
        url = escape(match[0])
        parts += escape(text[done : match.start()])
        parts += Markup('<a href="{0}" target="_blank" rel="noopener">{0}</a>').format(url)
        done = match.end()
    return parts + escape(text[done:])


@pages.get("/")
def home() -> str:
    """Choose who you are."""
    here = world()
    groups = [(title, [u for u in here.people.users if u.kind == kind]) for kind, title in GROUPS]
    return render_template("home.html", groups=groups, courses={c.id: c for c in here.people.courses})


@pages.get("/courses/<int:course_id>")
def course_home(course_id: int) -> str | AnyResponse:
    """The course's own page; ``frame=bare`` shows only the tool."""
    here = world()
    user, course = _visitor(here), _course(here, course_id)
    if request.args.get("hostile"):
        return redirect(f"/hostile?{urlencode({'as': user.key})}")
    if request.args.get("frame") == "bare":
        return _tool_page(here, user, course)
    return render_template("course.html", course=course, user=user, page="home")


@pages.get("/courses/<int:course_id>/<any(announcements, assignments, grades):page>")
def course_page(course_id: int, page: str) -> str:
    """A page of the course. It is empty, to show that the tool is one item among others, but for what a
    teacher added from the tool: assignments, and words in the gradebook.
    """
    here = world()
    course, user = _course(here, course_id), _visitor(here)
    links = here.links.of_course(course_id) if page == "assignments" else []
    may_add = page == "assignments" and bool(user.roles_in(course_id) & STAFF_ROLES)
    columns = shown_to(here, user, course_id) if page == "grades" else []
    return render_template(
        "course.html", course=course, user=user, page=page, links=links, may_add=may_add, columns=columns
    )


@pages.get("/courses/<int:course_id>/deep_linking/new")
def add_from_tool(course_id: int) -> str:
    """Ask the tool for an item to add to the course."""
    here = world()
    user, course = _visitor(here), _course(here, course_id)
    return _tool_page(here, user, course, *wished(here, user, course))


@pages.get("/courses/<int:course_id>/links/<int:link_id>")
def open_item(course_id: int, link_id: int) -> str:
    """An item that a teacher added, launched."""
    here = world()
    user, course = _visitor(here), _course(here, course_id)
    return _tool_page(here, user, course, *linked_item(here, course, link_id))


@pages.get("/courses/<int:course_id>/users/<pupil_key>/card")
def pupil_card(course_id: int, pupil_key: str) -> str:
    """The tool, launched from the card of a pupil."""
    here = world()
    user, course = _visitor(here), _course(here, course_id)
    return _tool_page(here, user, course, *carded(here, user, course, pupil_key))


@pages.get("/courses/<int:course_id>/external_tools/1")
def course_tool(course_id: int) -> str:
    """The tool, launched from the course navigation."""
    here = world()
    target = here.installs.target("course_navigation")
    return _tool_page(here, _visitor(here), _course(here, course_id), target_url=target)


@pages.get("/accounts/1/external_tools/1")
def account_tool() -> str:
    """The tool, launched from the account navigation: no course, hence no pupils and no parents."""
    here = world()
    user = _visitor(here)
    if not user.is_administrator:
        abort(403)
    return _tool_page(here, user, None, target_url=here.installs.target("account_navigation"))


@pages.get("/post_message_forwarding")
def storage_frame() -> str:
    """The named frame that keeps a tool's launch data."""
    return render_template("storage_frame.html")


@pages.get("/inbox")
def inbox() -> str:
    """One person's conversations."""
    here = world()
    user = _visitor(here)
    threads = [t for t in here.inbox.all() if user.canvas_user_id in t.participants]
    names = {u.canvas_user_id: u.name for u in here.people.users}
    return render_template("inbox.html", user=user, threads=list(reversed(threads)), names=names)


@pages.get("/mailbox")
def mailbox() -> str:
    """All received mail, by address."""
    if not from_this_machine():
        abort(403)
    boxes: dict[str, list[object]] = {}
    for mail in reversed(world().mailbox.all()):
        for _, address in getaddresses(list(mail.recipients)):
            boxes.setdefault(address, []).append(mail)
    return render_template("mailbox.html", boxes=sorted(boxes.items()))


@pages.get("/hostile")
def hostile() -> str:
    """A page a pupil made under the LMS's own origin; it frames the tool and hopes for somebody's session."""
    return render_template("hostile.html", user=_visitor(world()))


def _visitor(here: World) -> User:
    user = here.people.by_key(request.args.get("as", ""))
    if user is None:
        abort(404)
    return user


def _course(here: World, course_id: int) -> Course:
    course = here.people.course(course_id)
    if course is None:
        abort(404)
    if not here.people.may_open(_visitor(here), course_id):
        abort(403)
    return course


def _tool_page(
    here: World,
    user: User,
    course: Course | None,
    kind: str = "navigation",
    about: str = "",
    target_url: str | None = None,
) -> str:
    if not here.config.installed:
        abort(404)
    storage = request.args.get("storage", "parent")
    if storage not in STORAGE_TARGETS:
        abort(400)
    target = STORAGE_TARGETS[storage]
    masquerading = request.args.get("by")
    if masquerading and here.people.by_key(masquerading) is None:
        abort(404)
    launch = LaunchHint(
        user_key=user.key,
        course_id=course.id if course else None,
        target_link_uri=target_url or here.config.launch_url,
        storage_target=target,
        masquerading=masquerading,
        kind=kind,
        about=about,
    )
    fields = {
        "iss": here.config.issuer,
        "login_hint": here.hints.login_hint(user.key),
        "client_id": here.config.client_id,
        "lti_deployment_id": here.config.deployment_id,
        "target_link_uri": launch.target_link_uri,
        "lti_message_hint": here.hints.message_hint(launch),
        "canvas_region": "practice",
        "canvas_environment": "test",
    }
    if target:
        fields["lti_storage_target"] = target
    return render_template(
        "tool.html",
        course=course,
        account=course is None,
        user=user,
        page="tool",
        bare=request.args.get("frame") == "bare",
        action=f"{here.config.tool_base}/lti/login",
        fields=fields,
        storage=storage,
        allow=FRAME_ALLOW,
    )
