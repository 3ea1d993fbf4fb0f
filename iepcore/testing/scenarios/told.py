"""What a scenario tells of states, held against the states its site came to by the library's own steps."""

from __future__ import annotations

from collections.abc import Iterator

from iepcore.testing.scenarios.entries import Entry, compared
from iepcore.testing.scenarios.site import Site

_MEETING = {"scheduled": "planned", "open": "planned"}


def told_entries(site: Site) -> Iterator[Entry]:
    """Yield the state, review and last day of each version, and the state of each meeting."""
    with site.store.read() as uow:
        versions = {one.id: one for one in uow.plans.versions_of(site.student_id)}
    told = sorted(
        (one for one in site.facts.told("ieps") if isinstance(one.get("version"), int)),
        key=lambda one: (str(one.get("begin")), one["version"]),
    )
    for place, one in enumerate(told):
        prefix = f"{site.key}/versions/{place + 1}"
        version = versions.get(site.versions[place]) if place in site.versions else None
        if version is None:
            yield compared(f"{prefix}/state", one.get("state"), "not built", "the plan's machine")
            continue
        yield compared(f"{prefix}/state", one.get("state"), version.state, "the plan's machine")
        yield compared(
            f"{prefix}/annual_review_meeting",
            one.get("annual_review_meeting"),
            version.reviewed_on,
            "the version as stored",
        )
        yield compared(f"{prefix}/end", one.get("end"), version.ends_on, "the version as stored")
        if "ended_on" in one:
            yield compared(f"{prefix}/ended_on", one["ended_on"], version.ended_on, "the step that ended it")
    for one in site.facts.told("meetings"):
        if one["id"] not in site.meetings:
            yield compared(
                f"{site.key}/meetings/{one['id']}/state", one.get("state"), "not built", "left out"
            )
            continue
        state = site.meetings[one["id"]].state.value
        expected = _MEETING.get(str(one.get("state")), one.get("state"))
        if expected == "held" and one.get("parent_present") is False:
            expected = "held_without_parent"
        yield compared(f"{site.key}/meetings/{one['id']}/state", expected, state, "the meeting's machine")
