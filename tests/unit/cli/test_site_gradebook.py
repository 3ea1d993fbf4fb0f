"""``iep site gradebook``: whether teachers may let a neutral word travel to the LMS's gradebook."""

from __future__ import annotations

from tests.unit.cli.conftest import Shell


def _on(shell: Shell) -> list[bool]:
    wired = shell.wired()
    found = [one.gradebook_words for one in wired.doors.sites()]
    wired.engines.close()
    return found


def test_off_at_first_and_back(school: Shell) -> None:
    """A new school lets nothing travel; on says who reads it; off ends it."""
    assert [False] == _on(school)
    said = school.ok("site", "gradebook", "on").out
    assert [True] == _on(school)
    assert "the pupil and observers read them there" in said
    assert "read them" not in school.ok("site", "gradebook", "off").out
    assert [False] == _on(school)


def test_other_words_are_no_state(school: Shell) -> None:
    """Only on and off."""
    assert 0 != school.run("site", "gradebook", "maybe").code
    assert [False] == _on(school)
