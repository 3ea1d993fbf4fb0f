"""Between two households stands a wall, whatever either says to a plan, in whatever order."""

from __future__ import annotations

from dataclasses import asdict

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from iepcore.caseload import ConsentAsked
from iepcore.errors import IllegalMove, InvalidValue, NotFound, NotPermitted
from iepcore.ids import PlanVersionId
from iepcore.language import FreeText
from iepcore.plan.document import AnswerKind, ConsentKind, PlanPart, PlanState, PlanVersion
from iepcore.testing import a_key
from iepcore.testing.document_values import a_plan_version
from tests.unit.caseload.plan_town import PlanTown, said

PARENTS = ("mother", "father")
REFUSED = (NotPermitted, IllegalMove, InvalidValue, NotFound)
"""InvalidValue: who may not decide cannot be asked for a signature."""
ACTS = ("wish", "student", "unwish", "answer", "ask", "comment", "back", "sign", "decline", "reply")


def _act(town: PlanTown, version_id: PlanVersionId, who: str, act: str, mark: str) -> None:
    """Do one thing as a parent, or (``reply``) answer their newest remark as the school does."""
    me, words = town.caseload(who), FreeText(text=f"{mark} of {who}", lang="es")
    if act in {"wish", "student"}:
        me.wishes.say(town.maya.id, words, a_key(), for_student=act == "student")
    elif act == "unwish":
        me.wishes.say(town.maya.id, None, a_key())
    elif act == "comment":
        me.answering.comment(version_id, words, a_key())
    elif act in {"answer", "ask", "back"}:
        kind = {"answer": AnswerKind.NOT_ACCEPTED, "ask": AnswerKind.QUESTION, "back": AnswerKind.TAKEN_BACK}
        given_words = words if act == "ask" else None
        me.answering.answer(version_id, PlanPart.ESY, "", kind[act], a_key(), words=given_words)
    elif act == "reply":
        theirs = [
            one.comment
            for one in town.manager.answering.said(version_id).remarks
            if one.comment.author_id == town.id(who)
        ]
        if theirs:
            words = said(f"{mark} to {who}")
            town.manager.answering.comment(version_id, words, a_key(), answers=theirs[-1].id)
    else:
        asked = town.manager.agreeing.ask(
            town.maya.id,
            ConsentAsked(kind=ConsentKind.PLAN, text=said(f"{mark} for {who}"), of_id=town.id(who)),
        )
        if act == "sign":
            me.signing.sign(asked.id, (f"{mark} for {who}",), version=1)
        else:
            me.signing.decline(asked.id, version=1)


def proposed(town: PlanTown) -> PlanVersion:
    """Lay a proposed version there, without the way it came."""
    version = a_plan_version(
        town.maya.id, contents=town.contents(), state=PlanState.PROPOSED, written_by=town.id("manager")
    )
    with town.store.write() as uow:
        uow.plans.add_version(version)
    return version


def _everything_of(town: PlanTown, who: str) -> str:
    """Return all that a parent can read, written out."""
    me, maya = town.caseload(who), town.maya.id
    shown = [
        asdict(me.answering.page(maya)),
        asdict(me.wishes.page(maya)),
        repr(me.answering.card(maya)),
        _signatures_of(town, who),
        repr([one.message for one in me.conversation.page(maya, None).entries]),
        repr(me.home.child(maya)),
    ]
    return repr(shown)


def _signatures_of(town: PlanTown, who: str) -> str:
    """Return the signatures asked of a parent; who may not decide has no such page."""
    try:
        return repr(town.caseload(who).signing.of_child(town.maya.id))
    except NotPermitted:
        return ""


STEPS = st.lists(st.tuples(st.sampled_from(PARENTS), st.sampled_from(ACTS)), max_size=8)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=STEPS, father_decides=st.booleans())
def test_no_word_of_one_household_reaches_the_other(
    steps: list[tuple[str, str]], father_decides: bool
) -> None:
    """Neither words nor who said them, neither the school's answer nor that one was asked."""
    town = PlanTown()
    town.keep_plans(student_voice=True)
    town.set_rights("father", records=True, decides=father_decides)
    version = proposed(town)
    for place, (who, act) in enumerate(steps):
        town.clock.forward(seconds=1)
        try:
            _act(town, version.id, who, act, f"mark{place}")
        except REFUSED:
            continue
    for who, other in (PARENTS, PARENTS[::-1]):
        shown = _everything_of(town, who)
        for told in (f" of {other}", f" to {other}", f" for {other}", str(town.id(other))):
            assert told not in shown


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=st.lists(st.sampled_from(ACTS), max_size=6))
def test_who_only_reads_leaves_nothing_but_a_wish(steps: list[str]) -> None:
    """A parent with records only: no answer, no remark, no signature is kept of them."""
    town = PlanTown()
    version = proposed(town)
    for act in steps:
        town.clock.forward(seconds=1)
        try:
            _act(town, version.id, "father", act, "mark")
        except REFUSED:
            continue
    with town.store.read() as uow:
        assert [] == list(uow.plans.answers_of(version.id))
        assert [] == list(uow.plans.comments_of(version.id))
        assert [] == [one for one in uow.plans.consents_of(town.maya.id) if one.signature is not None]
