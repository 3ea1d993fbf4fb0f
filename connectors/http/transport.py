"""The transport: reads that may be repeated, and sends that never are.

Two verbs with different laws. ``get_pages`` (and ``get_one``) ask again after a refusal for rate, a gateway's
fault or silence. ``send_once`` never does: what it cannot know it calls ``Unknown``, and somebody looks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, BinaryIO, TypeVar
from urllib.parse import urljoin

from connectors.http.answers import Answer, Page, load_one, load_page
from connectors.http.errors import CallError, CallTrace, ProtocolFault, RateLimited, TokenExpired
from connectors.http.exchange import Limits, SessionFactory, Wish, exchange, new_session
from connectors.http.parallel import check_wanted, count_page
from connectors.http.retry import RetryLaw, Timing
from connectors.http.routes import Body, Origin, Pairs, Route
from connectors.http.schemas import AnswerSchema
from connectors.http.seams import Dialect, Gate, NextQuery, Rejected, Sent, TokenSource, Unknown

if TYPE_CHECKING:
    import requests

T = TypeVar("T")
_NO_VALUES: Mapping[str, str] = {}


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
        wish: Wish | None = self._wish(route, path, query=params)
        seen: set[tuple[str, Pairs]] = set()
        for number in range(1, self._limits.pages + 1):
            if wish is None:
                return
            seen.add((wish.url, wish.query))
            answer = self._read(wish)
            page = load_page(schema, answer, number=number, rows=route.rows, may_lack=route.rows_may_lack)
            count_page(len(page.items) + len(page.problems))
            following = self._following(answer, self._wish(route, path, query=params), seen)
            # What is no longer needed is let go before the consumer takes its time.
            del answer
            yield page
            del page
            if isinstance(following, ProtocolFault):
                raise following
            wish = following
        if wish is not None:
            raise ProtocolFault(wish.trace, code="too_many_pages")

    def _following(
        self, answer: Answer, first: Wish, seen: set[tuple[str, Pairs]]
    ) -> Wish | ProtocolFault | None:
        link = self._dialect.next_link(answer)
        if link is None:
            return None
        if isinstance(link, NextQuery):
            wish = Wish(trace=first.trace, url=first.url, query=link.after(first.query))
        else:
            # Opaque: the link carries its whole query.
            wish = Wish(trace=first.trace, url=_joined(answer.url, link))
        if not self._origin.holds(wish.url):
            return ProtocolFault(answer.trace, code="next_elsewhere")
        if (wish.url, wish.query) in seen:
            return ProtocolFault(answer.trace, code="next_again")
        return wish

    def get_one(
        self, route: Route, params: Pairs, schema: AnswerSchema[T], *, path: Mapping[str, str] = _NO_VALUES
    ) -> T:
        """Return one thing, read under the same law as pages.

        Raises:
            CallError: after the retries.
        """
        return load_one(schema, self._read(self._wish(route, path, query=params)))

    def download(
        self, address: str, *, most_bytes: int = 256 * 1024 * 1024, seconds: float = 600.0
    ) -> BinaryIO:
        """Return the file at an address that the platform gave: open at its beginning, gone when closed.

        It may lie on another origin, so our token does not go along. Read under the law of reads.

        Raises:
            CallError: after the retries; see ``connectors.http.downloads.fetch_file``.
        """
        return self._again(lambda: self._file(address, most_bytes, seconds))

    def send_once(
        self,
        route: Route,
        body: Body | None,
        load: Callable[[Answer], T],
        *,
        path: Mapping[str, str] = _NO_VALUES,
        params: Pairs = (),
    ) -> Sent[T] | Rejected | Unknown:
        """Send once: pairs as a form, a mapping as JSON, None without a body. ``load`` reads the answer and
        may raise ``ProtocolFault``.

        Never repeated, with one exception that cannot double anything: a 401 that says the token ran out was
        given before anything was done, so a fresh token gets one try. It goes over a connection of its own: a
        kept one that died in the meantime would look like an unknown outcome.
        """
        wish = self._wish(route, path, query=params, body=body)
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
        self, route: Route, path: Mapping[str, str], *, query: Pairs = (), body: Body | None = None
    ) -> Wish:
        trace = CallTrace(method=route.method, template=route.template)
        return Wish(trace=trace, url=f"{self._origin}{route.path(path)}", query=query, body=body)

    def _read(self, wish: Wish) -> Answer:
        return self._again(lambda: self._with_token(wish))

    def _again(self, read: Callable[[], T]) -> T:
        """Read, and read again while the law allows."""
        attempt = 0
        while True:
            attempt += 1
            check_wanted()
            try:
                return read()
            except CallError as error:
                wait = self._law.wait(attempt, asked=error.wait_seconds, draw=self._timing.draw)
                if not error.retryable or wait is None:
                    raise
            self._timing.sleep(wait)

    def _file(self, address: str, most_bytes: int, seconds: float) -> BinaryIO:
        from connectors.http.downloads import fetch_file

        with self._sessions() as session:
            found = fetch_file(
                session,
                address,
                self._origin,
                most_bytes=most_bytes,
                seconds=seconds,
                limits=self._limits,
                timing=self._timing,
            )
        if isinstance(found, Answer):
            raise self._dialect.refusal(found)
        return found

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
        asked = Wish(trace=wish.trace, url=wish.url, query=wish.query, body=wish.body, bearer=bearer)
        with self._gate.turn():
            check_wanted()
            answer = exchange(session, asked, limits=self._limits, timing=self._timing)
            error = self._dialect.refusal(answer) if answer.status >= 400 else None
            self._gate.heard(
                remaining=self._dialect.remaining(answer),
                refused=isinstance(error, RateLimited),
                wait_seconds=None if error is None else error.wait_seconds,
            )
        if error is not None:
            raise error
        if not 200 <= answer.status < 300:
            raise ProtocolFault(answer.trace, code="redirected")
        return answer


def _joined(base: str, link: str) -> str:
    """Return the address of a link, or an empty text when it is none: its own words must not travel on."""
    try:
        return urljoin(base, link)
    except ValueError:
        return ""
