"""What Canvas answers, as far as we read it. Fields we do not need never enter the program."""

from __future__ import annotations

from dataclasses import dataclass, field

from marshmallow import fields

from connectors.http import AnswerSchema, IdField


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message of a conversation. Its words stay out of its representation."""

    author_id: str
    body: str = field(repr=False)
    id: str = "0"
    created_at: str | None = None
    generated: bool = False
    participating_user_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """Somebody in a conversation: the id, never the name."""

    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """A conversation as its sender sees it. ``audience`` leaves the sender out, ``participants`` does not.

    ``last_authored_message`` is cut to about 100 characters by Canvas; ``messages`` come with one
    conversation and with a new one, not in lists.
    """

    id: str
    audience: tuple[str, ...]
    participants: tuple[Participant, ...]
    private: bool
    last_authored_message: str = field(default="", repr=False)
    messages: tuple[Message, ...] = ()

    @property
    def seen_by(self) -> frozenset[str]:
        """Everybody this answer names as somebody who can see the conversation."""
        talking = {user_id for message in self.messages for user_id in message.participating_user_ids}
        return frozenset({*self.audience, *talking, *(person.id for person in self.participants)})


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenUser:
    """Whose token it is."""

    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenAnswer:
    """An answer of the token endpoint. A refresh brings no new ``refresh_token``."""

    access_token: str = field(repr=False)
    expires_in: int = 3600
    refresh_token: str = field(default="", repr=False)
    scope: str = ""
    user: TokenUser | None = None


class MessageSchema(AnswerSchema[Message]):
    """``ConversationMessage``."""

    into = Message
    id = IdField()
    author_id = IdField(required=True)
    body = fields.String(required=True)
    created_at = fields.String(allow_none=True)
    generated = fields.Boolean(truthy={True}, falsy={False})
    participating_user_ids = fields.List(IdField())


class ParticipantSchema(AnswerSchema[Participant]):
    """``ConversationParticipant``."""

    into = Participant
    id = IdField(required=True)


def _conversation(
    *,
    id: str,
    audience: list[str] | None,
    participants: list[Participant],
    private: bool | None,
    last_authored_message: str | None = None,
    messages: list[Message] | None = None,
) -> Conversation:
    return Conversation(
        id=id,
        audience=tuple(audience or ()),
        participants=tuple(participants),
        private=private is True,
        last_authored_message=last_authored_message or "",
        messages=tuple(messages or ()),
    )


class ConversationSchema(AnswerSchema[Conversation]):
    """``Conversation``. Without a clear ``private: true`` it counts as not private."""

    into = _conversation
    id = IdField(required=True)
    audience = fields.List(IdField(), required=True, allow_none=True)
    participants = fields.List(fields.Nested(ParticipantSchema()), required=True)
    private = fields.Boolean(load_default=None, allow_none=True, truthy={True}, falsy={False})
    last_authored_message = fields.String(allow_none=True)
    messages = fields.List(fields.Nested(MessageSchema()), allow_none=True)


class TokenUserSchema(AnswerSchema[TokenUser]):
    """``user`` of the token answer."""

    into = TokenUser
    id = IdField(required=True)


class TokenAnswerSchema(AnswerSchema[TokenAnswer]):
    """``TokenResponse``."""

    into = TokenAnswer
    access_token = fields.String(required=True)
    expires_in = fields.Integer(strict=True)
    refresh_token = fields.String()
    scope = fields.String()
    user = fields.Nested(TokenUserSchema(), allow_none=True)


class NothingSchema(AnswerSchema[None]):
    """An answer whose content does not matter, as long as it is an object."""

    @staticmethod
    def into() -> None:
        """Keep nothing."""
