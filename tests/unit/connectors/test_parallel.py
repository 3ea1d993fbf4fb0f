"""Many lists at once: every job once, what was yielded stays good, and the end is an end."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.http import Done, Failed, Part, concerns_all, in_parallel, streams_in_parallel
from connectors.http.errors import (
    CallError,
    CallTrace,
    ConsentLost,
    Forbidden,
    NoAnswer,
    RateLimited,
    ServerFault,
    TokenExpired,
    Unreachable,
)
from connectors.http.parallel import PullStopped, check_wanted, count_page
from iepcore.people import PullProgress

TRACE = CallTrace(method="GET", template="/t")
LONG = 30.0


@given(jobs=st.lists(st.integers(0, 99), max_size=20), workers=st.integers(0, 9))
def test_every_job_comes_out_once(jobs: list[int], workers: int) -> None:
    """Done or failed, in any order, whatever the number of workers."""

    def work(job: int) -> int:
        if job % 3 == 0:
            raise Forbidden(TRACE)
        return job * 2

    results = list(in_parallel(jobs, work, workers=workers))

    assert sorted(jobs) == sorted(result.job for result in results)
    for result in results:
        assert isinstance(result, Failed) is (result.job % 3 == 0)
        assert isinstance(result, Failed) or result.job * 2 == result.value


def test_pieces_keep_the_order_of_their_job() -> None:
    """Between jobs there is none."""
    seen: dict[str, list[int]] = {"a": [], "b": [], "c": []}
    ended: list[str] = []
    for result in streams_in_parallel("abc", lambda job: iter(range(5)), workers=2):
        if isinstance(result, Part):
            assert result.job not in ended
            seen[result.job].append(result.value)
        else:
            assert isinstance(result, Done)
            ended.append(result.job)

    assert {job: [0, 1, 2, 3, 4] for job in "abc"} == seen
    assert sorted("abc") == sorted(ended)


def test_a_stream_that_breaks_is_marked() -> None:
    """Its pieces were good, its end says that they are not all."""

    def work(job: int) -> Iterator[str]:
        yield "first"
        raise NoAnswer(TRACE)

    first, last = list(streams_in_parallel([1], work))

    assert Part(job=1, value="first") == first
    assert isinstance(last, Failed)
    assert "no_answer" == last.error.code


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (ConsentLost(TRACE), True),
        (TokenExpired(TRACE), True),
        (Unreachable(TRACE), True),
        (NoAnswer(TRACE), False),
        (Forbidden(TRACE), False),
        (RateLimited(TRACE), False),
        (ServerFault(TRACE), False),
    ],
)
def test_some_errors_concern_all(error: CallError, expected: bool) -> None:
    """No consent, no token, no road: the next course would meet the same."""
    assert expected is concerns_all(error)


def test_what_concerns_all_ends_the_rest() -> None:
    """What was yielded before stays; nobody begins another job."""
    begun: list[int] = []
    go_on = threading.Event()

    def work(job: int) -> int:
        begun.append(job)
        if job == 1:
            assert go_on.wait(LONG)
            raise ConsentLost(TRACE)
        return job

    results = in_parallel(range(100), work, workers=1)

    first = next(results)
    assert isinstance(first, Done)
    assert 0 == first.value
    go_on.set()
    with pytest.raises(ConsentLost):
        next(results)
    assert [0, 1] == begun


def test_a_fault_of_ours_is_raised_where_the_consumer_stands() -> None:
    """Not swallowed by a thread."""

    def work(job: int) -> int:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        list(in_parallel([1, 2], work))


def test_who_stops_listening_stops_the_work() -> None:
    """Those under way end at their next request, nobody begins, and every thread is gone afterwards."""
    stopped: list[int] = []
    pages = 0

    def work(job: int) -> Iterator[int]:
        nonlocal pages
        try:
            while True:
                check_wanted()
                pages += 1
                yield pages
        except (PullStopped, GeneratorExit):
            stopped.append(job)
            raise

    results = streams_in_parallel(range(10), work, workers=3)
    next(results)
    results.close()

    assert not [thread for thread in threading.enumerate() if thread.name == "pull"]
    assert {0, 1, 2} >= set(stopped)
    assert pages <= 3 * (3 + 2)


def test_results_wait_for_their_consumer() -> None:
    """At most as many as there are workers, and one in the hands of each: memory holds pages, not lists."""
    made = threading.Semaphore(0)
    count = 0

    def work(job: int) -> Iterator[int]:
        nonlocal count
        for number in range(1000):
            count += 1
            made.release()
            yield number

    results = streams_in_parallel([1], work, workers=4)
    next(results)
    for _ in range(3):
        assert made.acquire(timeout=LONG)
    next(results)

    assert count <= 2 + 1 + 1
    results.close()


def test_progress_is_told_in_the_consumers_thread() -> None:
    """Jobs, pages and rows; never backwards; the last says that all is done."""
    told: list[PullProgress] = []
    threads: set[int] = set()

    def tell(progress: PullProgress) -> None:
        told.append(progress)
        threads.add(threading.get_ident())

    def work(job: int) -> int:
        count_page(30)
        count_page(10)
        return job

    list(in_parallel(range(7), work, workers=3, tell=tell))

    assert {threading.get_ident()} == threads
    assert PullProgress(done=7, of=7, pages=14, rows=280) == told[-1]
    order = [(one.done, one.pages, one.rows) for one in told]
    assert sorted(order) == order


def test_whoever_hears_the_progress_may_stop() -> None:
    """Its exception comes out, and the work ends."""

    class Enough(Exception):
        """Somebody pressed stop."""

    def tell(progress: PullProgress) -> None:
        raise Enough

    with pytest.raises(Enough):
        list(in_parallel(range(50), lambda job: job, tell=tell))
    assert not [thread for thread in threading.enumerate() if thread.name == "pull"]


def test_outside_a_pull_nothing_is_asked_of_anybody() -> None:
    """A single read counts for no one and is always wanted."""
    check_wanted()
    count_page(3)
