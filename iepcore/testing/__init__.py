"""For tests, ours and other people's: builders of values, and contract classes an implementation must pass.

::

    from iepcore.testing import StoreContract

    class TestMyStore(StoreContract):
        @pytest.fixture
        def open_store(self):
            return lambda site_id: MyStore(site_id)

The builders need nothing but the library; the contract classes need pytest, loaded with the first of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iepcore.testing.builders import (
        NOW,
        TODAY,
        StoppedClock,
        a_goal,
        a_key,
        a_message,
        a_parent,
        a_student,
        a_thread,
        an_adult,
        an_appointment,
        an_assignment,
        an_outbox_item,
        points_of,
        words,
    )
    from iepcore.testing.listed_source import ListedSource
    from iepcore.testing.roster_contract import ExpectedCourse, RosterSourceContract
    from iepcore.testing.store_contract import StoreContract

__all__ = [
    "NOW",
    "TODAY",
    "ExpectedCourse",
    "ListedSource",
    "RosterSourceContract",
    "StoppedClock",
    "StoreContract",
    "a_goal",
    "a_key",
    "a_message",
    "a_parent",
    "a_student",
    "a_thread",
    "an_adult",
    "an_appointment",
    "an_assignment",
    "an_outbox_item",
    "points_of",
    "words",
]

_CONTRACTS = {
    "ExpectedCourse": "roster_contract",
    "ListedSource": "listed_source",
    "RosterSourceContract": "roster_contract",
    "StoreContract": "store_contract",
}


# Hidden from the type checker, which would otherwise believe in every name anyone types.
if not TYPE_CHECKING:  # pragma: no branch

    def __getattr__(name: str) -> object:
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        value: object = getattr(import_module(f"{__name__}.{_CONTRACTS.get(name, 'builders')}"), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
