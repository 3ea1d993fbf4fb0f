"""What an administrator is told about sign-ins with Google that opened nothing, and what to fix."""

from __future__ import annotations

from lti_app.screens.page import Frame


def google_words(frame: Frame, outcome: str) -> tuple[str, str] | None:
    """Return what happened and what to do, or None for an outcome that is not Google's."""
    kind, _, code = outcome.partition(":")
    if kind in {"google_other_account", "google_domain"}:
        return (
            frame.words("Somebody used another Google account than the school's."),
            frame.words("Nothing to fix. If the school has one more domain, add it: iep google add."),
        )
    if kind in {"google_item", "google_frame"}:
        return frame.words("Somebody opened a page of a class they have no part in."), ""
    if kind in {"google_state", "google_browser"} or kind.startswith("handover_"):
        return frame.words("A sign-in was opened twice, too late, or in another browser."), ""
    if kind == "google_declined":
        return frame.words("Somebody said no in Google's window."), ""
    if kind == "google_code":
        return (
            frame.words("Google did not take the sign-in (%(code)s).", code=code),
            frame.words("Compare the client's secret and redirect addresses with those at Google."),
        )
    return None
