"""The five factors on one page: each answer is a piece of its own, so two people can answer side by side."""

from __future__ import annotations

from collections.abc import Mapping

from iepcore.caseload import Caseload
from iepcore.plan.document import FactorAnswer, PlanContents, PlanPart, PlanVersion, SpecialFactor, part_hash
from lti_app.screens.plan_fields import PartForm, Typed
from lti_app.screens.plan_form_services import read_factors, typed_factors


def typed_all(contents: PlanContents) -> dict[str, str]:
    """Return the five answers as fields, each with how it stood when the page was opened."""
    hashes = {
        f"from_{factor.value}": part_hash(contents, PlanPart.FACTOR, factor.value) for factor in SpecialFactor
    }
    return typed_factors(_answers(contents)) | hashes


def read_all(
    typed: Typed, form: PartForm, contents: PlanContents
) -> dict[SpecialFactor, FactorAnswer | None] | None:
    """Return the five answers that were typed, None with errors in ``form``."""
    return read_factors(typed, form, _answers(contents))


def put_factors(
    caseload: Caseload,
    draft: PlanVersion,
    answers: Mapping[SpecialFactor, FactorAnswer | None],
    typed: Typed,
) -> None:
    """Put every answer that differs into the draft.

    Raises:
        Conflict: a colleague answered one of them since; those before it are in.
    """
    stands = _answers(draft.contents)
    for factor, answer in answers.items():
        if stands.get(factor) != answer:
            caseload.drafting.put(
                draft.id,
                PlanPart.FACTOR,
                answer,
                started_from=typed.get(f"from_{factor.value}", ""),
                about=factor.value,
            )


def _answers(contents: PlanContents) -> dict[SpecialFactor, FactorAnswer]:
    return {answer.factor: answer for answer in contents.factors}
