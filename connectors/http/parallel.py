"""Many lists at once: a bounded number of threads, results as they come, and an end that is one.

``in_parallel`` has one result for each job, ``streams_in_parallel`` hands on each piece (such as a page) as
soon as it is read. What has been yielded stays good whatever happens later. What goes wrong with one job
(``CallError``) is a result of that job; what concerns all jobs ends the rest and is raised. No new request
begins once the consumer has stopped, and closing the iterator waits for those under way.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar, cast

from connectors.http.errors import CallError, ConsentLost, NoAnswer, TokenExpired, Unreachable

if TYPE_CHECKING:  # the room of people is larger than this one
    from iepcore.people import PullProgress

J = TypeVar("J")
R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part(Generic[J, R]):
    """A piece of a job's results, in the job's own order."""

    job: J
    value: R


@dataclass(frozen=True, slots=True, kw_only=True)
class Done(Generic[J, R]):
    """A job that came to its end, with its result (``None`` for a stream)."""

    job: J
    value: R


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed(Generic[J]):
    """A job that did not; the pieces of it that were yielded are not the whole."""

    job: J
    error: CallError


class PullStopped(Exception):
    """Nobody wants the rest. It ends a worker's job and never reaches a consumer."""


def concerns_all(error: CallError) -> bool:
    """Tell whether what one job met will meet every other: no consent, no token, no road."""
    lost = isinstance(error, ConsentLost | TokenExpired)
    return lost or (isinstance(error, Unreachable) and not isinstance(error, NoAnswer))


def in_parallel(
    jobs: Sequence[J],
    work: Callable[[J], R],
    *,
    workers: int = 8,
    tell: _Tell | None = None,
    ends_all: Callable[[CallError], bool] = concerns_all,
) -> Generator[Done[J, R] | Failed[J], None, None]:
    """Yield each job once, as it ends, in any order: done with what ``work`` returned, or failed.

    ``tell`` hears of jobs, pages and rows in the consumer's thread and may raise to stop. At most ``workers``
    results wait to be consumed.

    Raises:
        CallError: the first one that ``ends_all`` says concerns every job.
    """

    def finish(job: J, put: _Put[J, R]) -> None:
        put(Done(job=job, value=work(job)))

    return cast("Generator[Done[J, R] | Failed[J], None, None]", _run(jobs, finish, workers, tell, ends_all))


def streams_in_parallel(
    jobs: Sequence[J],
    work: Callable[[J], Iterable[R]],
    *,
    workers: int = 8,
    tell: _Tell | None = None,
    ends_all: Callable[[CallError], bool] = concerns_all,
) -> Generator[Part[J, R] | Done[J, None] | Failed[J], None, None]:
    """Yield the pieces of every job as they are read, and at the end of each job ``Done`` or ``Failed``.

    At most ``workers`` pieces wait to be consumed, so that memory holds pages, not lists.

    Raises:
        CallError: the first one that ``ends_all`` says concerns every job.
    """

    def pour(job: J, put: _Put[J, R | None]) -> None:
        for value in work(job):
            put(Part(job=job, value=value))
        put(Done(job=job, value=None))

    return cast(
        "Generator[Part[J, R] | Done[J, None] | Failed[J], None, None]",
        _run(jobs, pour, workers, tell, ends_all),
    )


def check_wanted() -> None:
    """Raise ``PullStopped`` in a worker whose pull has ended; elsewhere do nothing."""
    pull: _Pull | None = getattr(_here, "pull", None)
    if pull is not None and pull.stopped:
        raise PullStopped


def count_page(rows: int) -> None:
    """Count one page read, if this thread works for a pull."""
    pull: _Pull | None = getattr(_here, "pull", None)
    if pull is not None:
        pull.page(rows)


_here = threading.local()
_Tell = Callable[["PullProgress"], None]
_Result = Part[J, R] | Done[J, R] | Failed[J]
_Put = Callable[[_Result[J, R]], None]


class _Pull:
    """What the threads of one pull share, under one lock: workers wait for room, the consumer for news."""

    def __init__(self, *, room: int, of: int, at_work: int, tell: _Tell | None) -> None:
        lock = threading.Lock()
        self.room = room
        self.room_made, self.news_came = threading.Condition(lock), threading.Condition(lock)
        self.results: deque[object] = deque()
        self.broken: BaseException | None = None
        self.stopped = False
        self.at_work = at_work
        self.of = of
        self.tell = tell
        self.counts = self.told = (0, 0, 0)
        """Jobs done, pages and rows read."""

    def put(self, result: object) -> None:
        with self.room_made:
            self.room_made.wait_for(lambda: self.stopped or len(self.results) < self.room)
            if self.stopped:
                raise PullStopped
            self.results.append(result)
            self.news_came.notify()

    def page(self, rows: int) -> None:
        with self.news_came:
            done, pages, before = self.counts
            self.counts = done, pages + 1, before + rows
            if self.tell is not None:
                self.news_came.notify()

    def stop(self, problem: BaseException | None = None) -> None:
        with self.news_came:
            self.stopped = True
            self.broken = self.broken or problem
            self.room_made.notify_all()
            self.news_came.notify()

    def leave(self) -> None:
        with self.news_came:
            self.at_work -= 1
            self.news_came.notify()

    def news(self) -> tuple[object | None, bool]:
        """Wait for a result, for progress or for the end; tell; return the result and whether it is over.

        Raises:
            BaseException: what broke the pull, once the results before it are consumed.
        """
        with self.news_came:
            self.news_came.wait_for(lambda: self.results or self.broken or not self.at_work or self._untold())
            result = self.results.popleft() if self.results else None
            if result is None and self.broken is not None:
                raise self.broken
            done, pages, rows = self.counts
            self.counts = done + isinstance(result, Done | Failed), pages, rows
            self.room_made.notify()
            over = not self.at_work and not self.results
            untold, self.told = self._untold(), self.counts
        if untold and self.tell is not None:
            from iepcore.people import PullProgress

            done, pages, rows = self.told
            self.tell(PullProgress(done=done, of=self.of, pages=pages, rows=rows))
        return result, over

    def _untold(self) -> bool:
        return self.tell is not None and self.told != self.counts


def _run(
    jobs: Sequence[J],
    work: Callable[[J, _Put[J, R]], None],
    workers: int,
    tell: _Tell | None,
    ends_all: Callable[[CallError], bool],
) -> Generator[_Result[J, R], None, None]:
    count = min(max(1, workers), len(jobs))
    pull = _Pull(room=count, of=len(jobs), at_work=count, tell=tell)
    waiting = deque(jobs)
    threads = [
        threading.Thread(target=_labour, args=(pull, waiting, work, ends_all), name="pull", daemon=True)
        for _ in range(count)
    ]
    over = not jobs
    try:
        for thread in threads:
            thread.start()
        while not over:
            result, over = pull.news()
            if result is not None:
                yield cast("_Result[J, R]", result)
    finally:
        pull.stop()
        for thread in threads:
            if thread.ident is not None:
                thread.join()


def _labour(
    pull: _Pull,
    waiting: deque[J],
    work: Callable[[J, _Put[J, R]], None],
    ends_all: Callable[[CallError], bool],
) -> None:
    """Work on jobs until there are none, or nobody wants them."""
    _here.pull = pull
    try:
        while not pull.stopped and waiting:
            try:
                job = waiting.popleft()
            except IndexError:
                # Somebody else was faster.
                return
            try:
                work(job, pull.put)
            except CallError as error:
                if ends_all(error):
                    raise
                pull.put(Failed(job=job, error=error))
    except PullStopped:
        pass
    except BaseException as problem:
        pull.stop(problem)
    finally:
        del _here.pull
        pull.leave()
