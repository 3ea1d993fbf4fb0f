"""Duties of one member of staff: each part on the team reads what is theirs, a substitute one line each."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from iepcore.ids import AdultId, StudentId, new_uuid7
from iepcore.people import StaffRole
from iepcore.plan import Delivery
from iepcore.plan.document import PlanContents, Support, SupportKind
from iepcore.plan.duties import LONGEST_LINE, duties_of
from iepcore.testing.document_values import a_service
from iepcore.testing.people_values import TODAY, words

ME, OTHER = AdultId(new_uuid7()), AdultId(new_uuid7())
CHILD = StudentId(new_uuid7())


def _support(kind: SupportKind, text: str) -> Support:
    return Support(
        kind=kind, words=words(text), where="all classes", responsible="teacher", in_state_tests=True
    )


def _contents() -> PlanContents:
    ended = {"begins_on": date(2020, 1, 1), "ends_on": TODAY - timedelta(days=1)}
    return PlanContents(
        supports=tuple(_support(kind, kind.value) for kind in SupportKind),
        services=(
            a_service(CHILD, service="mine", provider_id=ME),
            a_service(CHILD, service="theirs", provider_id=OTHER),
            a_service(CHILD, service="nobody's"),
            a_service(CHILD, service="talks", provider_id=OTHER, delivery=Delivery.CONSULT),
            a_service(CHILD, service="over", provider_id=ME, **ended),
        ),
    )


@pytest.mark.parametrize(
    ("role", "staff", "unnamed", "consults"),
    [
        (StaffRole.CASE_MANAGER, 1, ["nobody's"], ["talks"]),
        (StaffRole.SPECIAL_ED_TEACHER, 1, ["nobody's"], ["talks"]),
        (StaffRole.RELATED_SERVICE_PROVIDER, 1, ["nobody's"], ["talks"]),
        (StaffRole.GEN_ED_TEACHER, 1, [], ["talks"]),
        (StaffRole.PARAPROFESSIONAL, 0, [], []),
    ],
)
def test_each_part_on_the_team_reads_its_own(
    role: StaffRole, staff: int, unnamed: list[str], consults: list[str]
) -> None:
    """How and what stand apart; another's service is nobody else's duty, an ended one nobody's."""
    found = duties_of(_contents(), role, ME, on=TODAY)

    assert (1, 1, 1, staff) == (
        len(found.accommodations),
        len(found.modifications),
        len(found.aids),
        len(found.staff_supports),
    )
    assert {SupportKind.MODIFICATION} == {one.kind for one in found.modifications}
    assert ["mine"] == [one.service for one in found.mine]
    assert unnamed == [one.service for one in found.unnamed]
    assert consults == [one.service for one in found.consults]
    assert not found.is_short


def test_substitute_reads_one_line_each() -> None:
    """No place, no person, no service, no help for staff; long words are cut at a word."""
    long = _support(SupportKind.ACCOMMODATION, "Half again as much time. " * 10 + "\n\nAsk the office.")
    found = duties_of(
        PlanContents(supports=(*_contents().supports, long)), StaffRole.SUBSTITUTE, ME, on=TODAY
    )

    assert found.is_short
    assert ((), (), (), ()) == (found.staff_supports, found.mine, found.unnamed, found.consults)
    shown = [*found.accommodations, *found.modifications, *found.aids]
    assert [("", "", False)] * 4 == [(one.where, one.responsible, one.in_state_tests) for one in shown]
    assert LONGEST_LINE >= max(len(one.words.text) for one in shown)
    assert found.accommodations[-1].words.text.endswith(" as…")


def test_administrator_has_only_services_of_their_own() -> None:
    """They supervise; a plan that names them as a provider asks that of them."""
    assert ["mine"] == [
        one.service for one in duties_of(_contents(), StaffRole.ADMINISTRATOR, ME, on=TODAY).mine
    ]
    assert duties_of(PlanContents(), StaffRole.ADMINISTRATOR, ME, on=TODAY).is_empty
    assert not duties_of(_contents(), StaffRole.GEN_ED_TEACHER, OTHER, on=TODAY).is_empty
