"""What one member of staff has to do under a plan: taken from its contents by their part on the child's team.

Whoever teaches or helps a child is told their own duties and the accommodations, modifications and supports
(34 CFR 300.323(d)(2)). A change in what is expected (modification) is never mixed with a change in how.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from iepcore.ids import AdultId
from iepcore.language import FreeText
from iepcore.people import StaffRole
from iepcore.plan.document import PlanContents, Support, SupportKind
from iepcore.plan.services import Delivery, ServicePrescription

ASKED = frozenset(
    {
        StaffRole.CASE_MANAGER,
        StaffRole.SPECIAL_ED_TEACHER,
        StaffRole.GEN_ED_TEACHER,
        StaffRole.RELATED_SERVICE_PROVIDER,
        StaffRole.PARAPROFESSIONAL,
    }
)
"""Parts on a team whose holders are asked whether they know their duties. A substitute reads a short list for
the days they are there; an administrator supervises."""

LONGEST_LINE = 140
"""Characters of one line of a substitute's list."""

_GIVES_SERVICES = frozenset(
    {StaffRole.CASE_MANAGER, StaffRole.SPECIAL_ED_TEACHER, StaffRole.RELATED_SERVICE_PROVIDER}
)
_IS_CONSULTED = _GIVES_SERVICES | {StaffRole.GEN_ED_TEACHER}
_NOT_FOR_AIDES = frozenset({StaffRole.PARAPROFESSIONAL})


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffDuties:
    """The duties of one person. ``mine`` are services this person gives, ``unnamed`` those for which the plan
    names nobody (for who gives services), ``consults`` talks with staff about the child. ``is_short``: one
    line each, without place, person or service, as a substitute sees them.
    """

    accommodations: tuple[Support, ...] = ()
    modifications: tuple[Support, ...] = ()
    aids: tuple[Support, ...] = ()
    staff_supports: tuple[Support, ...] = ()
    mine: tuple[ServicePrescription, ...] = ()
    unnamed: tuple[ServicePrescription, ...] = ()
    consults: tuple[ServicePrescription, ...] = ()
    is_short: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether the plan asks nothing of this person."""
        return not (
            self.accommodations
            or self.modifications
            or self.aids
            or self.staff_supports
            or self.mine
            or self.unnamed
            or self.consults
        )


def duties_of(contents: PlanContents, role: StaffRole, adult_id: AdultId, *, on: date) -> StaffDuties:
    """Return the duties of a person with a part on the team. Services that ended before ``on`` are left out;
    those to come are there.
    """
    running = [one for one in contents.services if one.ends_on >= on]
    mine = tuple(one for one in running if one.provider_id == adult_id)
    if role is StaffRole.ADMINISTRATOR:
        return StaffDuties(mine=mine)
    if role is StaffRole.SUBSTITUTE:
        return StaffDuties(
            accommodations=_short(contents, SupportKind.ACCOMMODATION),
            modifications=_short(contents, SupportKind.MODIFICATION),
            aids=_short(contents, SupportKind.AID),
            is_short=True,
        )
    others = [one for one in running if one.provider_id != adult_id]
    return StaffDuties(
        accommodations=contents.supports_of(SupportKind.ACCOMMODATION),
        modifications=contents.supports_of(SupportKind.MODIFICATION),
        aids=contents.supports_of(SupportKind.AID),
        staff_supports=() if role in _NOT_FOR_AIDES else contents.supports_of(SupportKind.STAFF_SUPPORT),
        mine=mine,
        unnamed=tuple(
            one
            for one in others
            if one.provider_id is None and one.delivery is Delivery.DIRECT and role in _GIVES_SERVICES
        ),
        consults=tuple(one for one in others if one.delivery is Delivery.CONSULT and role in _IS_CONSULTED),
    )


def _short(contents: PlanContents, kind: SupportKind) -> tuple[Support, ...]:
    return tuple(
        replace(one, words=_one_line(one.words), where="", responsible="", in_state_tests=False)
        for one in contents.supports_of(kind)
    )


def _one_line(words: FreeText) -> FreeText:
    line = " ".join(words.text.split())
    if len(line) > LONGEST_LINE:
        line = line[: LONGEST_LINE - 1].rsplit(" ", 1)[0] + "…"
    return FreeText(text=line, lang=words.lang)
