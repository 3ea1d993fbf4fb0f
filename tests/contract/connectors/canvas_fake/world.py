"""The people and conversations behind the fake Canvas, with an oracle: who can see each stored thing.

Written from the public API reference and ``conversations_controller.rb`` as the research page tells it, never
from our client. Expands group recipients as Canvas does, so that a client that used one would be caught.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.contract.connectors.canvas_fake.people import GRADERS, STAFF, TIME, People


class Refused(Exception):
    """A complaint of the conversations endpoint."""

    def __init__(self, attribute: str, message: str) -> None:
        self.complaint = {"attribute": attribute, "message": message}
        super().__init__(attribute, message)


@dataclass(kw_only=True)
class Said:
    """One message."""

    id: int
    author: int
    body: str
    at: str = TIME
    generated: bool = False


@dataclass(kw_only=True)
class Talk:
    """One conversation. `seen_by` is the oracle: everybody in whose inbox it lies."""

    id: int
    subject: str
    participants: list[int]
    private: bool
    messages: list[Said] = field(default_factory=list)
    hidden_from: set[int] = field(default_factory=set)
    read_by: set[int] = field(default_factory=set)

    @property
    def seen_by(self) -> set[int]:
        return set(self.participants) - self.hidden_from


@dataclass(kw_only=True)
class Thing:
    """Anything else that is stored: an event, a comment, a column. `seen_by` is the oracle."""

    id: int
    kind: str
    words: str
    seen_by: set[int]
    owner: int
    fields: dict[str, str] = field(default_factory=dict)


class CanvasWorld(People):
    """Users, rows of courses, conversations, and what else is stored, each with who can see it."""

    def __init__(self) -> None:
        super().__init__()
        self.talks: list[Talk] = []
        self.things: list[Thing] = []
        self.drop_silently = False
        self.add_bystander: int | None = None
        self.always_reuses = False
        self._last_id = 90_000

    def put_event(self, user: int, context_code: str, fields: dict[str, str]) -> Thing:
        """Store a calendar event: one's own is seen by oneself, a course's by the whole course."""
        kind, _, number = context_code.partition("_")
        if kind == "user" and int(number) == user:
            seen_by = {user}
        elif kind == "course" and self.may_read(user, int(number)):
            seen_by = self.members(int(number))
        else:
            raise Refused("context_code", "invalid")
        return self._thing("event", user, fields.get("title", ""), seen_by, fields)

    def put_comment(self, grader: int, course: int, pupil: int, words: str, *, group: bool = False) -> Thing:
        """Store a comment on a submission: the pupil, who watches them, and all who grade see it."""
        pupils = self.members(course, {"StudentEnrollment"}) if group else {pupil}
        watching = {user for one in pupils for user in self.watchers(course, one)}
        return self._thing("comment", grader, words, pupils | watching | self.members(course, GRADERS), {})

    def put_column(self, teacher: int, course: int, words: str) -> Thing:
        """Store a gradebook column: everybody who may see all marks sees it, hidden or not."""
        return self._thing("column", teacher, words, self.members(course, GRADERS) | self.admins, {})

    def put_announcement(self, teacher: int, course: int, words: str) -> Thing:
        """Store an announcement: everybody in the course sees it."""
        return self._thing("announcement", teacher, words, self.members(course), {})

    def _thing(self, kind: str, owner: int, words: str, seen_by: set[int], fields: dict[str, str]) -> Thing:
        made = Thing(
            id=self._next(), kind=kind, words=words, seen_by=seen_by | {owner}, owner=owner, fields=fields
        )
        self.things.append(made)
        return made

    def seen_by(self, number: int) -> set[int]:
        """Say who can see a stored object, whatever it is."""
        [found] = [one for one in (*self.talks, *self.things) if one.id == number]
        return set(found.seen_by)

    def answer(self, talk: Talk, author: int, body: str, *, at: str = TIME, generated: bool = False) -> Said:
        """Let a participant write back in a conversation."""
        talk.messages.append(Said(id=self._next(), author=author, body=body, at=at, generated=generated))
        talk.read_by = {author}
        return talk.messages[-1]

    def may_write(self, sender: int, recipient: int) -> bool:
        """Say whether they share a course in which one of them is staff (or it is a message to oneself)."""
        if sender == recipient:
            return True
        for mine in (row for row in self.rows if row.user == sender):
            for theirs in (row for row in self.rows if row.user == recipient and row.course == mine.course):
                if mine.kind in STAFF or theirs.kind in STAFF:
                    return True
        return False

    def send(
        self, sender: int, *, recipients: list[str], subject: str, body: str, force_new: bool, group: bool
    ) -> list[Talk]:
        """Deliver a message as Canvas does and return the conversations it went into."""
        if not recipients:
            raise Refused("recipients", "blank")
        if not body.strip():
            raise Refused("body", "blank")
        people = [
            user for user in self._expand(recipients) if user in self.names and self.may_write(sender, user)
        ]
        if not people:
            raise Refused("recipients", "invalid")
        if self.drop_silently:
            people = [sender]
        if group:
            return [self._put(sender, people, subject=subject, body=body, private=False, force_new=force_new)]
        return [
            self._put(sender, [user], subject=subject, body=body, private=True, force_new=force_new)
            for user in people
        ]

    def sent_by(self, user: int, *, with_user: int | None) -> list[Talk]:
        """Return the conversations in which the user wrote, newest first."""
        return [
            talk
            for talk in sorted(self.talks, key=lambda talk: talk.messages[-1].id, reverse=True)
            if any(said.author == user for said in talk.messages)
            and (with_user is None or with_user in talk.participants)
        ]

    def as_json(self, talk: Talk, viewer: int, *, whole: bool) -> dict[str, object]:
        """Return a conversation for its viewer: previews cut to 100 characters, lists without messages."""
        others = [user for user in talk.participants if user != viewer]
        own = [said for said in talk.messages if said.author == viewer]
        document: dict[str, object] = {
            "id": talk.id,
            "subject": talk.subject,
            "workflow_state": "read" if viewer in talk.read_by else "unread",
            "last_message": None,
            "last_message_at": None,
            "last_authored_message": _preview(own[-1].body) if own else None,
            "last_authored_message_at": TIME,
            "message_count": len(talk.messages),
            "subscribed": True,
            "private": talk.private,
            "starred": False,
            "properties": ["last_author"],
            "audience": others or ([] if self.drop_silently else [viewer]),
            "audience_contexts": {"courses": {}, "groups": {}},
            "participants": [
                {"id": user, "name": self.names[user] or "", "full_name": self.names[user] or ""}
                for user in talk.participants
            ],
            "visible": True,
            "context_code": None,
            "context_name": None,
        }
        if whole:
            document["messages"] = [
                {
                    "id": said.id,
                    "author_id": said.author,
                    "created_at": said.at,
                    "generated": said.generated,
                    "body": said.body,
                    "forwarded_messages": [],
                    "attachments": [],
                    "media_comment": None,
                    "participating_user_ids": sorted(talk.participants),
                }
                for said in reversed(talk.messages)
            ]
        return document

    def _put(
        self, sender: int, people: list[int], *, subject: str, body: str, private: bool, force_new: bool
    ) -> Talk:
        participants = list(
            dict.fromkeys([sender, *people, *([self.add_bystander] if self.add_bystander else [])])
        )
        old = [talk for talk in self.talks if talk.private and set(talk.participants) == set(participants)]
        if old and private and (not force_new or self.always_reuses):
            talk = old[-1]  # continued: the new subject is ignored
        else:
            talk = Talk(id=self._next(), subject=subject, participants=participants, private=private)
            self.talks.append(talk)
        talk.messages.append(Said(id=self._next(), author=sender, body=body))
        talk.read_by = {sender}
        return talk

    def _expand(self, recipients: list[str]) -> list[int]:
        found: list[int] = []
        for recipient in recipients:
            if recipient.isdecimal():
                found.append(int(recipient))
                continue
            kind, _, rest = recipient.partition("_")
            number, _, part = rest.partition("_")
            wanted = {"students": "StudentEnrollment", "observers": "ObserverEnrollment"}.get(part)
            found += [
                row.user
                for row in self.rows
                if kind == "course" and str(row.course) == number and wanted in {None, row.kind}
            ]
        return list(dict.fromkeys(found))

    def _next(self) -> int:
        self._last_id += 1
        return self._last_id


def _preview(body: str) -> str:
    return body if len(body) <= 100 else body[:97] + "..."
