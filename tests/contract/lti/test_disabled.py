"""Somebody whom the school disabled comes to the door."""

from __future__ import annotations

from iepcore.errors import NotPermitted
from tests.contract.lti.conftest import Stage


def test_a_disabled_person_gets_the_page_of_a_pupil(stage: Stage) -> None:
    """The same status and bytes as for somebody who has no part in anything, and no session."""
    pupil = stage.launch(roles=[])
    stage.wiring.arrivals.error = NotPermitted("person_disabled")

    disabled = stage.launch()

    assert (200, 200) == (pupil.status_code, disabled.status_code)
    assert pupil.data == disabled.data
    assert b'"token"' not in disabled.data
