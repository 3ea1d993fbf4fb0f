"""The changes of a goal as they lie in one column: whatever they hold comes back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from iepcore.plan import GoalPhase
from lti_app.storage.documents import DOCUMENT_READERS, write_document
from tests.unit.plan.test_phases import PHASES


@given(st.lists(PHASES, max_size=4).map(tuple))
def test_changes_go_into_their_column_and_back(phases: tuple[GoalPhase, ...]) -> None:
    """Levels to the last bit, words in any script, days and instants; none is the empty list."""
    text = write_document("phases", phases)

    assert phases == DOCUMENT_READERS["phases"](text)
    assert ("[]" == text) == (phases == ())
