"""The people and conversations behind the fake Canvas, with an oracle: who can see each stored thing.

Written from the public API reference and ``conversations_controller.rb`` as the research page tells it, never
from our client. Expands group recipients as Canvas does, so that a client that used one would be caught.
"""

from __future__ import annotations

from dataclasses import dataclass, field

STAFF = frozenset({"TeacherEnrollment", "TaEnrollment"})
TIME = "2026-10-01T15:00:00Z"


class Refused(Exception):
    """A complaint of the conversations endpoint."""

    def __init__(self, attribute: str, message: str) -> None:
        self.complaint = {"attribute": attribute, "message": message}
        super().__init__(attribute, message)


@dataclass(frozen=True, kw_only=True)
class Enrolled:
    """One row of a course: who, as what, and whom an observer watches."""

    course: int
    user: int
    kind: str
    watches: int | None = None


@dataclass(kw_only=True)
class Said:
    """One message."""

    id: int
    author: int
    body: str


@dataclass(kw_only=True)
class Talk:
    """One conversation. `seen_by` is the oracle: everybody in whose inbox it lies."""

    id: int
    subject: str
    participants: list[int]
    private: bool
    messages: list[Said] = field(default_factory=list)
    hidden_from: set[int] = field(default_factory=set)

    @property
    def seen_by(self) -> set[int]:
        return set(self.participants) - self.hidden_from


class CanvasWorld:
    """Users, rows of courses, conversations."""

    def __init__(self) -> None:
        self.names: dict[int, str] = {}
        self.rows: list[Enrolled] = []
        self.talks: list[Talk] = []
        self.drop_silently = False
        self.add_bystander: int | None = None
        self._last_id = 90_000

    def add_user(self, user: int, name: str) -> int:
        self.names[user] = name
        return user

    def enrol(self, course: int, user: int, kind: str, *, watches: int | None = None) -> None:
        self.rows.append(Enrolled(course=course, user=user, kind=kind, watches=watches))

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
            "workflow_state": "read",
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
                {"id": user, "name": self.names[user], "full_name": self.names[user]}
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
                    "created_at": TIME,
                    "generated": False,
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
        if old and private and not force_new:
            talk = old[-1]  # continued: the new subject is ignored
        else:
            talk = Talk(id=self._next(), subject=subject, participants=participants, private=private)
            self.talks.append(talk)
        talk.messages.append(Said(id=self._next(), author=sender, body=body))
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
