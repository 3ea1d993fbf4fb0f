"""What people see of the practice Classroom: classes, a class's work, an item, and the frames of the add-on.

Who somebody is stands in the address (``?as=KEY``), as in the practice LMS beside it.
"""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from lti_app.sandbox.classroom_people import Account, Class
from lti_app.sandbox.classroom_world import Attachment, Post
from lti_app.sandbox.world import World, world

classroom = Blueprint("classroom", __name__, url_prefix="/google")

# "iframes", Classroom add-ons developer guide: what the frame of an add-on may do.
SANDBOX = (
    "allow-popups allow-popups-to-escape-sandbox allow-forms allow-scripts allow-modals allow-same-origin "
    "allow-storage-access-by-user-activation"
)


@classroom.get("")
def home() -> str:
    """Choose who you are, or your classes."""
    here = world()
    account = here.classroom.people.by_key(request.args.get("as", ""))
    mine = [one for one in here.classroom.classes() if account is not None and _inside(here, account, one)]
    return render_template("classroom_home.html", account=account, classes=mine, people=here.classroom.people)


@classroom.get("/c/<course_id>")
def work(course_id: str) -> str:
    """The work of a class."""
    here = world()
    account, found = _visitor(here, course_id)
    rows = [(post, here.classroom.attachments(post.id)) for post in here.classroom.posts(course_id)]
    return _render("classroom_class.html", here, account, found, rows=rows)


@classroom.post("/c/<course_id>")
def change(course_id: str) -> AnyResponse:
    """A teacher adds an item, or copies the class."""
    here = world()
    account, _ = _visitor(here, course_id)
    if not here.classroom.is_teacher(account, course_id):
        abort(403)
    if request.form.get("copy"):
        copied = here.classroom.copy_class(course_id)
        return redirect(f"/google/c/{copied.id}?{urlencode({'as': account.key})}", 303)
    link = request.form.get("link", "").strip()
    post = here.classroom.add_post(
        course_id,
        request.form.get("title", "").strip() or "Untitled",
        kind=request.form.get("kind", "courseWork"),
        links=(link,) if link else (),
    )
    return redirect(f"/google/c/{course_id}/w/{post.id}?{urlencode({'as': account.key})}", 303)


@classroom.get("/c/<course_id>/w/<item_id>")
def item(course_id: str, item_id: str) -> str:
    """One item with its attachments."""
    here = world()
    account, found = _visitor(here, course_id)
    post = _post(here, course_id, item_id)
    return _render(
        "classroom_item.html",
        here,
        account,
        found,
        post=post,
        attachments=here.classroom.attachments(post.id),
    )


@classroom.get("/c/<course_id>/w/<item_id>/addon")
def setup(course_id: str, item_id: str) -> str:
    """The frame in which a teacher adds something; with ``url`` the one that upgrades a pasted link."""
    here = world()
    account, found = _visitor(here, course_id)
    if not here.classroom.is_teacher(account, course_id):
        abort(403)
    post = _post(here, course_id, item_id)
    query = {**_of_item(post), "addOnToken": here.classroom.add_on_token(account, post)}
    url = request.args.get("url", "")
    if url:
        query["urlToUpgrade"] = url
    frame = "upgrade" if url else "setup"
    return _framed(here, account, found, post, f"{here.config.google_add_on}/{frame}", query)


@classroom.get("/c/<course_id>/w/<item_id>/a/<attachment_id>")
def view(course_id: str, item_id: str, attachment_id: str) -> str:
    """An attachment in its frame: a teacher's or a student's view."""
    here = world()
    account, found = _visitor(here, course_id)
    post = _post(here, course_id, item_id)
    attachment = here.classroom.attachment(post.id, attachment_id)
    if attachment is None:
        abort(404)
    query = {**_of_item(post), "attachmentId": attachment.id}
    return _framed(
        here, account, found, post, _view_of(here, account, course_id, attachment), query, attachment
    )


def _view_of(here: World, account: Account, course_id: str, attachment: Attachment) -> str:
    # ``see`` opens the other view, as somebody who typed its address would.
    teacher = here.classroom.is_teacher(account, course_id)
    name = {"teacher": "teacherViewUri", "student": "studentViewUri"}.get(
        request.args.get("see", ""), "teacherViewUri" if teacher else "studentViewUri"
    )
    return str(attachment.body[name]["uri"])


def _framed(
    here: World,
    account: Account,
    found: Class,
    post: Post,
    address: str,
    query: dict[str, str],
    attachment: Attachment | None = None,
) -> str:
    # Only whoever signed in to the add-on before is named to it.
    if here.classroom.has_said_yes(account):
        query["login_hint"] = account.id
    return _render(
        "classroom_frame.html",
        here,
        account,
        found,
        post=post,
        attachment=attachment,
        src=f"{address}?{urlencode(query)}",
        sandbox=SANDBOX,
        bare=request.args.get("frame") == "bare",
    )


def _of_item(post: Post) -> dict[str, str]:
    return {"courseId": post.course_id, "itemId": post.id, "itemType": post.kind}


def _render(template: str, here: World, account: Account, found: Class, **more: object) -> str:
    return render_template(
        template,
        account=account,
        a_class=found,
        teaches=here.classroom.is_teacher(account, found.id),
        **more,
    )


def _visitor(here: World, course_id: str) -> tuple[Account, Class]:
    account = here.classroom.people.by_key(request.args.get("as", ""))
    found = here.classroom.a_class(course_id)
    if account is None or found is None:
        abort(404)
    if not _inside(here, account, found):
        abort(403)
    return account, found


def _inside(here: World, account: Account, found: Class) -> bool:
    return here.classroom.is_teacher(account, found.id) or here.classroom.is_student(account, found.id)


def _post(here: World, course_id: str, item_id: str) -> Post:
    post = here.classroom.post(course_id, item_id)
    if post is None:
        abort(404)
    return post
