"""Trouble that tests and the stage can switch on: a REST API that refuses, breaks or is not there."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

MODES = ("ok", "refuse_429", "error_503_html", "reset_after_read", "down")
MAX_PAGE_SIZE = 50


class FaultUnknown(Exception):
    """The request names a fault that does not exist, or a value outside its range."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultState:
    """What is broken now.

    ``mode`` holds for ``/api/v1``: ``reset_after_read`` cuts the line after a message was read and *stored*
    (or only read, with ``stored`` false), for POSTs only; the others hold for every route. ``remaining``
    counts the requests still hit, none means until switched off.
    """

    mode: str = "ok"
    stored: bool = True
    remaining: int | None = None
    nrps_page_size: int = MAX_PAGE_SIZE


class Faults:
    """The switchboard."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._state = FaultState()

    @property
    def state(self) -> FaultState:
        """What is switched on."""
        return self._state

    def change(self, wanted: Mapping[str, Any]) -> FaultState:
        """Apply a JSON object with ``mode``, ``stored``, ``times`` and ``nrps_page_size``, each optional."""
        state = self._state
        if "mode" in wanted:
            if wanted["mode"] not in MODES:
                raise FaultUnknown("mode")
            times = wanted.get("times")
            if times is not None and (not isinstance(times, int) or times < 1):
                raise FaultUnknown("times")
            state = replace(
                state, mode=wanted["mode"], remaining=times, stored=bool(wanted.get("stored", True))
            )
        if "nrps_page_size" in wanted:
            size = wanted["nrps_page_size"]
            if not isinstance(size, int) or not 1 <= size <= MAX_PAGE_SIZE:
                raise FaultUnknown("nrps_page_size")
            state = replace(state, nrps_page_size=size)
        with self._lock:
            self._state = state
        return state

    def strike(self, method: str) -> FaultState | None:
        """The fault that hits this request, if one does; counts it."""
        with self._lock:
            state = self._state
            if state.mode == "ok" or (state.mode == "reset_after_read" and method != "POST"):
                return None
            if state.remaining is not None:
                left = state.remaining - 1
                after = replace(state, remaining=left) if left else replace(state, mode="ok", remaining=None)
                self._state = after
            return state

    def clear(self) -> None:
        """Nothing is broken any more."""
        with self._lock:
            self._state = FaultState()
