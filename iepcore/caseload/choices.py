"""What a site chose, and what the law leaves open: staff read it, a records officer or administrator changes
it.

Every save is a version of its own; the older ones stay.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from iepcore.access import Action, Person, Resource, ResourceKind
from iepcore.calendars import (
    CounselChoice,
    CounselQuestion,
    OfficialPlan,
    PolicyKey,
    PolicyLevel,
    PolicyRule,
    SiteChoices,
    with_rule,
)
from iepcore.caseload.desk import Change, Desk
from iepcore.errors import Conflict, InvalidValue
from iepcore.ids import AdultId
from iepcore.people import Adult

_CHOICES = Resource(kind=ResourceKind.SITE_CHOICES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """One number: the rule that holds today, the one that would without the site's own, and the site's."""

    key: PolicyKey
    rule: PolicyRule | None
    outer: PolicyRule | None
    own: tuple[PolicyRule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoicesPage:
    """The choices that hold, the numbers one by one, who changed them last, and whether the actor may."""

    choices: SiteChoices
    numbers: tuple[Number, ...]
    changed_by: Adult | None
    today: date
    may_change: bool
    versions: int


class ChoicesDesk:
    """Use cases of the settings of a site. Each raises ``NotPermitted`` without a standing."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def held(self) -> SiteChoices:
        """Return what holds, for whoever needs to act by it; it names nobody."""
        with self._desk.store.read() as uow:
            return uow.calendars.choices()

    def page(self) -> ChoicesPage:
        """Return the choices for the settings page."""
        desk = self._desk
        with desk.changing() as change:
            change.permit(Action.READ, _CHOICES, what="site_choices")
            choices = change.uow.calendars.choices()
            who = choices.changed_by
            return ChoicesPage(
                choices=choices,
                numbers=tuple(_number(choices, key, desk.clock.today()) for key in PolicyKey),
                changed_by=None if who is None else change.uow.people.adult(who),
                today=desk.clock.today(),
                may_change=desk.may(change.uow, Action.WRITE, _CHOICES),
                versions=choices.version,
            )

    def save(
        self,
        *,
        version: int,
        state: str,
        official_plan: OfficialPlan | None,
        student_voice: bool,
        staff_names_shown: bool,
        minutes_days: int,
        reply_days: int,
        quiet_days: int,
    ) -> SiteChoices:
        """Save the plain choices over version ``version``.

        Raises:
            InvalidValue: as :class:`SiteChoices`.
            Conflict: somebody saved in between; nothing is lost, both are carried.
        """
        return self._change(
            version,
            what="site_choices_saved",
            state=state,
            official_plan=official_plan,
            student_voice=student_voice,
            staff_names_shown=staff_names_shown,
            minutes_days=minutes_days,
            reply_days=reply_days,
            quiet_days=quiet_days,
        )

    def set_rule(self, rule: PolicyRule) -> SiteChoices:
        """Set one number from a day on, in place of the site's own one of that day.

        Raises:
            InvalidValue: ``policy_less_protective`` and the others of :class:`SiteChoices`, with the rule
                that stands above.
        """
        with self._changing("site_number") as change:
            current = change.uow.calendars.choices()
            return self._put(change, current, rules=with_rule(current.rules, rule))

    def drop_rule(self, key: PolicyKey, level: PolicyLevel, effective_from: date) -> SiteChoices:
        """Take one of the site's own numbers back; what stands above holds again.

        Raises:
            InvalidValue: ``policy_not_own`` when the site has no such number.
        """
        with self._changing("site_number_back") as change:
            current = change.uow.calendars.choices()
            same = (key, level, effective_from)
            left = tuple(one for one in current.rules if (one.key, one.level, one.effective_from) != same)
            if len(left) == len(current.rules):
                raise InvalidValue("policy_not_own", field=key.value)
            return self._put(change, current, rules=left)

    def decide(self, question: CounselQuestion, answer: str, *, note: str = "") -> SiteChoices:
        """Note what counsel decided for a question, as of today.

        Raises:
            InvalidValue: ``counsel_answer``, ``counsel_note``.
        """
        decided = CounselChoice(
            question=question, answer=answer, decided_on=self._desk.clock.today(), note=note
        )
        with self._changing("counsel_choice") as change:
            current = change.uow.calendars.choices()
            others = tuple(one for one in current.counsel if one.question is not question)
            return self._put(change, current, counsel=(*others, decided))

    def undecide(self, question: CounselQuestion) -> SiteChoices:
        """Go back to the product's default for a question."""
        with self._changing("counsel_choice_back") as change:
            current = change.uow.calendars.choices()
            others = tuple(one for one in current.counsel if one.question is not question)
            return current if others == current.counsel else self._put(change, current, counsel=others)

    def _change(self, version: int, *, what: str, **values: Any) -> SiteChoices:
        with self._changing(what) as change:
            current = change.uow.calendars.choices()
            if current.version != version:
                yours = replace(current, **values)
                raise Conflict("site_choices", current=current, yours=yours)
            return self._put(change, current, **values)

    @contextmanager
    def _changing(self, what: str) -> Iterator[Change]:
        with self._desk.changing() as change:
            change.permit(Action.WRITE, _CHOICES, what=what)
            yield change

    def _put(self, change: Change, current: SiteChoices, **values: Any) -> SiteChoices:
        desk = self._desk
        made = replace(current, **values)
        if made == current:
            return current
        signed = replace(
            made, changed_at=desk.clock.now(), changed_by=_who(desk), version=current.version + 1
        )
        change.uow.calendars.add_choices(signed)
        return signed


def _number(choices: SiteChoices, key: PolicyKey, day: date) -> Number:
    own = tuple(one for one in choices.rules if one.key is key)
    outer = replace(choices, rules=tuple(one for one in choices.rules if one.key is not key))
    return Number(key=key, rule=choices.profile.at(key, day), outer=outer.profile.at(key, day), own=own)


def _who(desk: Desk) -> AdultId | None:
    return desk.actor.adult_id if isinstance(desk.actor, Person) else None
