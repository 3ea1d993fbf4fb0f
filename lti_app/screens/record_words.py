"""What the recording page's script says by itself: sentences in the reader's language with {slots}."""

from __future__ import annotations

from lti_app.screens.page import Frame
from lti_app.screens.record_grid import count_words, trail_words


def page_words(frame: Frame) -> dict[str, str]:
    """Everything the page's script says, with {slots} where it fills in."""
    words = frame.words
    return {
        "kept": words("Saved at school"),
        "sending": words("Saving…"),
        "away-one": words("Waiting for the school's server: 1 tap kept on this page. Do not close it."),
        "away-many": words(
            "Waiting for the school's server: %(number)s taps kept on this page. Do not close it.",
            number="{n}",
        ),
        "over-one": words(
            "Your time here is over. Open again from your LMS in another tab and go to Record there: it takes"
            " over 1 tap kept on this page. Do not close this page until then."
        ),
        "over-many": words(
            "Your time here is over. Open again from your LMS in another tab and go to Record there: it takes"
            " over %(number)s taps kept on this page. Do not close this page until then.",
            number="{n}",
        ),
        "none": words("No try yet"),
        "count": count_words(frame, "{c}", "{t}"),
        "trail": trail_words(frame, "{name}", "{t}", "{p}"),
        "full": words(
            "%(name)s has all %(planned)s tries. Undo one, or end the session.", name="{name}", planned="{p}"
        ),
        "nothing": words("%(name)s has no try to take back.", name="{name}"),
        "undone": words("%(name)s: %(result)s taken back.", name="{name}", result="{r}"),
        "refused": words("Not saved: %(name)s, %(result)s.", name="{name}", result="{r}"),
        "undo": words("Undo"),
        "no-right": words("You cannot record for this child any more."),
        "watching": words("You are acting as someone else. You can look, but nothing can be changed."),
        "other": words("The school's server did not accept it. Write it down and tell the case manager."),
        "new-set": words(
            "%(name)s: the earlier tries were closed as a score. This begins a new set.", name="{name}"
        ),
        "ending-one": words("The session ends as soon as 1 tap is saved at school."),
        "ending-many": words(
            "The session ends as soon as %(number)s taps are saved at school.", number="{n}"
        ),
        "seen": words("I have seen this"),
    }
