"""The sentence that says what to do next about an error, for whoever shows it."""

from __future__ import annotations

from iepcore.errors import IepError
from iepcore.language.catalogue import find_message, has_message, template_slots
from iepcore.language.phrases import Phrase


def advice_phrase(error: IepError) -> Phrase:
    """Return the advice for an error: its own sentence, else that of its kind (``advice.not_permitted``).

    A sentence that speaks of a number the error does not carry is passed over, so that showing an error
    never fails. What a screen shows to somebody who may not know of a record is the screen's decision.
    """
    kinds = [kind for kind in type(error).__mro__ if issubclass(kind, IepError)]
    for key in (error.advice_key, *(f"advice.{kind.default_code}" for kind in kinds)):
        if has_message(key) and template_slots(find_message(key, "en").text) <= error.params.keys():
            return Phrase(key=key, params=error.params)
    raise LookupError("the English catalogue lacks advice.error")
