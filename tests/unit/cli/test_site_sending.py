"""``iep site sending``: shows and sets what may leave a school, and refuses what does not fit."""

from __future__ import annotations

from tests.unit.cli.conftest import Shell


def _name(shell: Shell) -> str:
    return shell.ok("site", "list").lines[0].split()[0]


def test_a_new_school_is_off_and_goes_on_step_by_step(school: Shell) -> None:
    """Off, listed, live, stopped, going on: each told; the list stays until another is given."""
    name = _name(school)
    listed = ("--address", "you@example.org", "--address", "+1 504 555 0100")

    assert "Sending is off for" in school.ok("site", "sending", name).out
    said = school.ok("site", "sending", name, "listed", *listed).out
    for words in ("Sending is listed", "mail  you@example.org", "sms  +15045550100"):
        assert words in said
    live = school.ok("site", "sending", name, "live").out
    assert "Sending is live for" in live
    assert "you@example.org" in live
    assert "Sending is live, stopped" in school.ok("site", "sending", name, "stop").out
    assert "Sending is live for" in school.ok("site", "sending", name, "go-on").out
    assert "IEP_SENDING is off" in school.ok("site", "sending", name).out
    assert "IEP_SENDING is off" not in school.ok("site", "sending", name, IEP_SENDING="live").out


def test_what_does_not_fit_changes_nothing(school: Shell) -> None:
    """An address without its mode, or one that is none."""
    name = _name(school)
    for words in (("live", "--address", "you@example.org"), ("listed", "--address", "you@")):
        done = school.run("site", "sending", name, *words)
        assert 1 == done.code
        assert "Nothing was changed" in done.err
    assert "Sending is off" in school.ok("site", "sending", name).out


def test_where_text_messages_come_in_is_told(school: Shell) -> None:
    """The address that a provider calls, once there is a key; the key itself is not shown."""
    said = school.ok("site", "sending", _name(school), IEP_SMS_IN_KEY="k" * 32).out
    assert "https://rapport.example.org/in/sms/" in said
    assert "k" * 32 not in said
