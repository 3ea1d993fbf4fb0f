"""Turn: launches of one process go one after the other, where nothing of them waits.

Threads that check launches at once only take turns at the interpreter, many times in each, which costs
a third of a launch (measured). So each has its turn whole, and steps aside while it waits for a platform.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, get_ident


class Turn:
    """A lock that knows who holds it, so that a launch may step aside and one that holds none may try to."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._holder: int | None = None

    def __enter__(self) -> None:
        self._lock.acquire()
        self._holder = get_ident()

    def __exit__(self, *_: object) -> None:
        self._holder = None
        self._lock.release()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Let others have their turn while this thread waits for something outside."""
        if self._holder != get_ident():
            yield
            return
        self.__exit__()
        try:
            yield
        finally:
            self.__enter__()
