"""The transport: reads that may be repeated, and sends that never are.

Two verbs with different laws. ``get_pages`` (and ``get_one``) ask again after a refusal for rate, a gateway's
fault or silence. ``send_once`` never does: what it cannot know it calls ``Unknown``, and somebody looks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar
from urllib.parse import urljoin

import requests

from connectors.http.answers import Answer, AnswerSchema, Page, load_one, load_page
from connectors.http.errors import CallError, CallTrace, ProtocolFault, RateLimited, TokenExpired
from connectors.http.exchange import Limits, SessionFactory, Wish, exchange, new_session
from connectors.http.retry import RetryLaw, Timing
from connectors.http.routes import Origin, Pairs, Route

T = TypeVar("T")
_NO_VALUES: Mapping[str, str] = {}


class TokenSource(Protocol):
    """Where a bearer comes from."""

    def token(self) -> str:
        """Return a token that should work now. May raise ``ConsentLost`` or another ``CallError``."""
        ...

    def invalidate(self, token: str) -> None:
        """Hear that ``token`` was refused as run out. A token fetched in the meantime stays good."""
        ...


class Gate(Protocol):
    """How many may be under way at once, for one token."""

    def turn(self) -> AbstractContextManager[None]:
        """Wait for a turn, hold it, give it back."""
        ...

    def heard(self, *, remaining: float | None, refused: bool) -> None:
        """Learn from one answer."""
        ...


class Dialect(Protocol):
    """What differs between vendors."""

    def refusal(self, answer: Answer) -> CallError:
        """Return the error that an answer with a status of 400 and above stands for."""
        ...

    def next_link(self, answer: Answer) -> str | None:
        """Return the address of the next page, or None on the last."""
        ...

    def remaining(self, answer: Answer) -> float | None:
        """Return what the platform says is left of its patience, if it says so."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent(Generic[T]):
    """The platform answered that it did it; ``value`` is its answer."""

    value: T
    trace: CallTrace


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """Surely nothing was done. ``error.retryable`` tells whether the same may work later."""

    error: CallError


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """It may or may not have been done: look before anything else."""

    error: CallError


class Transport:
    """Calls to one origin with one token. Share one between threads; its session pool holds 8 connections."""

    def __init__(
        self,
        origin: Origin,
        dialect: Dialect,
        *,
        gate: Gate,
        tokens: TokenSource | None = None,
        timing: Timing | None = None,
        law: RetryLaw | None = None,
        limits: Limits | None = None,
        sessions: SessionFactory = new_session,
    ) -> None:
        self._origin = origin
        self._dialect = dialect
        self._tokens = tokens
        self._gate = gate
        self._timing = timing or Timing()
        self._law = law or RetryLaw()
        self._limits = limits or Limits()
        self._sessions = sessions
        self._reading = sessions()

    def close(self) -> None:
        """Close the kept connections."""
        self._reading.close()

    def get_pages(
        self, route: Route, params: Pairs, schema: AnswerSchema[T], *, path: Mapping[str, str] = _NO_VALUES
    ) -> Iterator[Page[T]]:
        """Yield the pages of a list, one request each, until there is no next one.

        Raises:
            CallError: after the retries; ``ProtocolFault`` ``next_elsewhere`` (it leaves the origin and the
                token would go along), ``next_again`` (a loop) or ``too_many_pages``.
        """
        wish = self._wish(route, path, query=params)
        seen = {wish.url}
        for number in range(1, self._limits.pages + 1):
            answer = self._read(wish)
            yield load_page(schema, answer, number=number)
            link = self._dialect.next_link(answer)
            if link is None:
                return
            url = urljoin(answer.url, link)
            if not self._origin.holds(url):
                raise ProtocolFault(answer.trace, code="next_elsewhere")
            if url in seen:
                raise ProtocolFault(answer.trace, code="next_again")
            seen.add(url)
            # Opaque: the link carries its whole query.
            wish = Wish(trace=wish.trace, url=url)
        raise ProtocolFault(wish.trace, code="too_many_pages")

    def get_one(
        self, route: Route, params: Pairs, schema: AnswerSchema[T], *, path: Mapping[str, str] = _NO_VALUES
    ) -> T:
        """Return one thing, read under the same law as pages.

        Raises:
            CallError: after the retries.
        """
        return load_one(schema, self._read(self._wish(route, path, query=params)))

    def send_once(
        self,
        route: Route,
        body: Pairs,
        load: Callable[[Answer], T],
        *,
        path: Mapping[str, str] = _NO_VALUES,
    ) -> Sent[T] | Rejected | Unknown:
        """Send a form once. ``load`` reads the answer and may raise ``ProtocolFault``.

        Never repeated, with one exception that cannot double anything: a 401 that says the token ran out was
        given before anything was done, so a fresh token gets one try. It goes over a connection of its own: a
        kept one that died in the meantime would look like an unknown outcome.
        """
        wish = self._wish(route, path, form=body)
        with self._sessions() as session:
            answer = self._attempt(session, wish)
        if isinstance(answer, CallError):
            return Unknown(error=answer) if answer.may_have_happened else Rejected(error=answer)
        if isinstance(answer, Rejected):
            return answer
        try:
            return Sent(value=load(answer), trace=answer.trace)
        except ProtocolFault as error:
            return Unknown(error=error)

    def _wish(
        self, route: Route, path: Mapping[str, str], *, query: Pairs = (), form: Pairs | None = None
    ) -> Wish:
        trace = CallTrace(method=route.method, template=route.template)
        return Wish(trace=trace, url=f"{self._origin}{route.path(path)}", query=query, form=form)

    def _read(self, wish: Wish) -> Answer:
        attempt = 0
        while True:
            attempt += 1
            try:
                return self._with_token(wish)
            except CallError as error:
                wait = self._law.wait(attempt, asked=error.wait_seconds, draw=self._timing.draw)
                if not error.retryable or wait is None:
                    raise
            self._timing.sleep(wait)

    def _attempt(self, session: requests.Session, wish: Wish) -> Answer | Rejected | CallError:
        """Send; after a run-out token once more. A token that cannot be had means that nothing was sent."""
        error: CallError
        for _ in range(2):
            try:
                bearer = self._bearer()
            except CallError as problem:
                return Rejected(error=problem)
            try:
                return self._ask(session, wish, bearer)
            except CallError as problem:
                error = problem
            if not self._may_refresh(error, bearer):
                break
        return error

    def _with_token(self, wish: Wish) -> Answer:
        """Read with a bearer; when it has run out, once more with a fresh one."""
        bearer = self._bearer()
        try:
            return self._ask(self._reading, wish, bearer)
        except TokenExpired as error:
            if not self._may_refresh(error, bearer):
                raise
        return self._ask(self._reading, wish, self._bearer())

    def _bearer(self) -> str | None:
        return None if self._tokens is None else self._tokens.token()

    def _may_refresh(self, error: CallError, bearer: str | None) -> bool:
        """Pass on that a bearer has run out; tell whether that is what went wrong."""
        if not isinstance(error, TokenExpired) or self._tokens is None or bearer is None:
            return False
        self._tokens.invalidate(bearer)
        return True

    def _ask(self, session: requests.Session, wish: Wish, bearer: str | None) -> Answer:
        asked = Wish(trace=wish.trace, url=wish.url, query=wish.query, form=wish.form, bearer=bearer)
        with self._gate.turn():
            answer = exchange(session, asked, limits=self._limits, timing=self._timing)
        error = self._dialect.refusal(answer) if answer.status >= 400 else None
        self._gate.heard(remaining=self._dialect.remaining(answer), refused=isinstance(error, RateLimited))
        if error is not None:
            raise error
        if not 200 <= answer.status < 300:
            raise ProtocolFault(answer.trace, code="redirected")
        return answer
