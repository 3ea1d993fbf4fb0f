"""The everyday launch: it finds everything as it was and writes nothing; any difference writes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from iepcore.caseload import Arrival, arrive
from iepcore.errors import NotPermitted
from iepcore.testing.builders import StoppedClock
from iepcore.testing.people_values import a_suspension
from tests.unit.caseload.town import SOURCE, Town

MAIL = "mother@example.org"


class Counting:
    """A store that counts its write units of work."""

    def __init__(self, town: Town) -> None:
        self._store = town.store
        self.site_id, self.read = town.store.site_id, town.store.read
        self.writes = 0

    def write(self) -> Any:
        self.writes += 1
        return self._store.write()


def told(**changes: Any) -> Arrival:
    """What the platform says of the mother, as we know it already."""
    whole: dict[str, Any] = {"source": SOURCE, "subject": "mother", "name": "Mother", "reads": "es"}
    return Arrival(**whole | {"email": MAIL, "observes": ("maya",), "is_family": True} | changes)


def writes(town: Town, arrival: Arrival, clock: StoppedClock | None = None) -> int:
    """Arrive, as an adult the town knows, and return how many units of work wrote."""
    store = Counting(town)
    assert town.id(arrival.subject) == arrive(store, clock or town.clock, arrival)  # type: ignore[arg-type]
    return store.writes


def observed(town: Town) -> set[str]:
    """Return whose parent the platform says the mother is."""
    with town.store.read() as uow:
        return {one.pupil_subject for one in uow.people.hints_of_observer(SOURCE, "mother")}


def test_a_launch_that_tells_nothing_new_writes_nothing(each_town: Town) -> None:
    """The first one of a day notes whom she observes; the next ones of the hour find that written down."""
    assert 1 == writes(each_town, told())
    assert 0 == writes(each_town, told())
    assert 0 == writes(each_town, told(reads="en", name="Other"))  # her own words here stand
    assert {"maya"} == observed(each_town)
    teacher = {"subject": "teacher", "email": "teacher@example.org", "observes": (), "is_family": False}
    assert 1 == writes(each_town, told(**teacher, is_staff=True))  # the platform calls her staff: new
    assert 0 == writes(each_town, told(**teacher, is_staff=True))


@pytest.mark.parametrize(
    "news",
    [
        {"email": "new@example.org"},
        {"zone": "America/Denver"},
        {"is_staff": True},
        {"channel_user_id": "77"},
        {"observes": ()},
        {"observes": ("maya", "ivo")},
    ],
    ids=lambda news: next(iter(news)) + str(len(next(iter(news.values())) if "observes" in news else "")),
)
def test_any_difference_is_written(each_town: Town, news: dict[str, Any]) -> None:
    """Whatever the platform vouches for is as new as its last launch."""
    writes(each_town, told())
    assert 1 == writes(each_town, told(**news))
    assert set(told(**news).observes) == observed(each_town)
    assert 0 == writes(each_town, told(**news))


@pytest.mark.parametrize(
    "later", [timedelta(hours=1), -timedelta(minutes=1)], ids=["later", "clock set back"]
)
def test_what_a_platform_links_is_written_again_within_the_day(each_town: Town, later: timedelta) -> None:
    """A hint lives a day from when it was written, so an old one, or one of the future, is new."""
    writes(each_town, told())
    assert 1 == writes(each_town, told(), StoppedClock(each_town.clock.now() + later))


def test_a_disabled_person_is_refused_however_usual_the_launch(each_town: Town) -> None:
    """Nothing new is told, and still nobody is let in."""
    writes(each_town, told())
    with each_town.store.write() as uow:
        uow.keeping.add_suspension(a_suspension(each_town.id("mother")))
    with pytest.raises(NotPermitted, match="person_disabled"):
        arrive(each_town.store, each_town.clock, told())
