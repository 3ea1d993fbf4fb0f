"""The seven parts of prior written notice as questions in plain words, and what a notice goes before."""

from __future__ import annotations

from iepcore.plan.document import NOTICE_PARTS, NoticeStep
from lti_app.screens.page import Frame
from lti_app.screens.plan_asks import Ask


def part_asks(frame: Frame) -> list[Ask]:
    """Return the seven parts of 34 CFR 300.503(b) as questions in plain words, in the order of the rule."""
    rows: dict[str, tuple[str, str]] = {
        "action": (
            frame.words("1. What the school will do, or will not do"),
            frame.words("One or two sentences: what changes, from which day."),
        ),
        "why": (
            frame.words("2. Why"),
            frame.words("The reason in words the family uses, not a rule."),
        ),
        "evidence": (
            frame.words("3. What we looked at"),
            frame.words("Each evaluation, score, record or report the decision rests on."),
        ),
        "safeguards": (
            frame.words("4. Your rights, and where the booklet is"),
            frame.words("That parents have protections under the law, and how to get a copy of them."),
        ),
        "sources_of_help": (
            frame.words("5. Who can help you understand this"),
            frame.words("Names and numbers outside the school, such as the parent center of the state."),
        ),
        "options_considered": (
            frame.words("6. What else the team thought about, and why not"),
            frame.words("Each other way that was talked about, also the family’s own proposals."),
        ),
        "other_factors": (
            frame.words("7. Anything else that counted"),
            frame.words("If nothing did, say so."),
        ),
    }
    return [
        Ask(name=name, kind="box", label=rows[name][0], hint=rows[name][1], rows=4, is_read=True)
        for name in NOTICE_PARTS
    ]


def step_words(frame: Frame, step: NoticeStep) -> str:
    """Return what a notice goes before."""
    return {
        NoticeStep.PLAN: frame.words("Before a plan or a change takes effect"),
        NoticeStep.EXIT: frame.words("Before services end because they are no longer needed"),
        NoticeStep.REVOCATION: frame.words("Before services stop because consent was taken back"),
        NoticeStep.REFUSAL: frame.words("The school says no to something the family asked for"),
        NoticeStep.EVALUATION: frame.words("Before an evaluation"),
        NoticeStep.OTHER: frame.words("Before something else"),
    }[step]
