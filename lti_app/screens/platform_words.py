"""What an administrator is told about platforms: launches, checks and refused forms, and what to fix."""

from __future__ import annotations

from lti_app.doors.installs import OPENED
from lti_app.doors.lti.first_launch import UNKNOWN_PLATFORM
from lti_app.doors.lti.platform_checks import Check
from lti_app.doors.records import DeploymentState
from lti_app.screens.google_words import google_words
from lti_app.screens.page import Frame


def state_words(frame: Frame, state: DeploymentState) -> tuple[str, str]:
    """Return the words of a deployment's state and the kind of badge."""
    return {
        DeploymentState.PENDING: (frame.words("waits for you"), "open"),
        DeploymentState.ACTIVE: (frame.words("on"), "done"),
        DeploymentState.DISABLED: (frame.words("off"), ""),
    }[state]


def launch_words(frame: Frame, outcome: str) -> tuple[str, str]:
    """Return what happened in a launch, and what to fix (empty when nothing is to be done)."""
    kind = outcome.partition(":")[0]
    if outcome == OPENED:
        return frame.words("Somebody opened Rapport."), ""
    by_google = google_words(frame, outcome)
    if by_google is not None:
        return by_google
    if kind == "claims":
        return (
            frame.words("The platform left out something we need: %(names)s.", names=outcome[7:]),
            frame.words("Look at the tool's privacy and placement settings there."),
        )
    if kind == "platform":
        return (
            frame.words("The platform said no before it sent anybody."),
            frame.words("Usually the person was not signed in there. Nothing to fix unless it repeats."),
        )
    known = {
        "deployment_pending": (
            frame.words("A new place in the platform opened Rapport for the first time."),
            frame.words("Approve it above if you know it."),
        ),
        "deployment_disabled": (
            frame.words("Somebody came by a place that is turned off."),
            frame.words("Turn it on above, or remove the tool there."),
        ),
        "registration_disabled": (
            frame.words("Somebody came while the platform was turned off."),
            frame.words("Turn it on, or remove the tool there."),
        ),
        "nonce": (frame.words("An old page was sent again."), ""),
        "state_unknown": (frame.words("A page was opened twice, or too late."), ""),
        "jwks_unreachable": (
            frame.words("We could not read the platform's keys."),
            frame.words("Press “Test”. Ask whoever runs the platform or the network between."),
        ),
        "target_differs": (
            frame.words("The platform changed the address on the way."),
            frame.words("Compare the tool's addresses there with those below."),
        ),
        "id_token_aud": (
            frame.words("The message was meant for another client id."),
            frame.words("Compare the client id here with the one in the platform."),
        ),
    }
    if outcome in known:
        return known[outcome]
    if outcome in {UNKNOWN_PLATFORM, "id_token_iss"}:
        return (
            frame.words("The platform gives another issuer than it was connected with."),
            frame.words("Compare the issuer here with the one in the platform."),
        )
    if outcome in {"id_token_expired", "id_token_early", "id_token_old"}:
        return (
            frame.words("The message was too old, or from the future."),
            frame.words("Press “Test”: it compares the clocks."),
        )
    if outcome in {"unknown_kid", "id_token_signature", "jwks_malformed", "id_token_kid"}:
        return (
            frame.words("The signature did not fit the platform's keys."),
            frame.words("Press “Test”. If all is good there, the platform changed its keys and it passes."),
        )
    if kind.startswith("confirm_"):
        return (
            frame.words("The browser kept neither cookies nor storage."),
            frame.words("Set the tool to open in a new window there."),
        )
    return (
        frame.words("The message was not as LTI 1.3 asks (%(code)s).", code=outcome),
        frame.words("If it repeats, give this line to whoever runs Rapport."),
    )


def check_words(frame: Frame, check: Check) -> str:
    """Return what one check found, in one line."""
    good = {
        "keys": frame.words("We can read the platform's keys."),
        "clock": frame.words("Its clock and ours agree."),
        "token": frame.words("It knows us and lets us read course lists."),
    }
    if not check.code:
        return good[check.what]
    number = check.number or 0
    bad = {
        "keys_status": frame.words("Its keys are not where they should be (%(number)s).", number=number),
        "keys_none": frame.words("Its key list holds no key we can use."),
        "clock_apart": frame.words("Its clock and ours are %(number)s seconds apart.", number=number),
        "token_refused": frame.words(
            "It refuses us (%(number)s). Look whether it can read our keys at the address below.",
            number=number,
        ),
        "scope_not_granted": frame.words("It knows us but does not let us read course lists."),
        "token_silent": frame.words("It does not answer our question for access."),
    }
    return bad.get(check.code) or refused_words(frame, check.code)


def refused_words(frame: Frame, code: str) -> str:
    """Return what to do about something typed or asked for."""
    known = {
        "base_needed": frame.words("Give the school's own address there."),
        "base_form": frame.words("Write an address such as https://moodle.example.org."),
        "id_form": frame.words("Copy it from the platform, 1 to 255 characters."),
        "address_http": frame.words("The address must begin with https://."),
        "address_unknown": frame.words("There is no such host. Look for a typing mistake."),
        "address_private": frame.words(
            "That address is in a private network. Whoever runs Rapport can connect it: iep lms add."
        ),
        "outside_silent": frame.words("It did not answer in time."),
        "outside_certificate": frame.words("Its certificate does not fit, or has run out."),
        "outside_redirect": frame.words("It sent us to another address."),
        "connected_elsewhere": frame.words("That belongs to another school here."),
        "addresses_in_use": frame.words(
            "People come in by this connection, so its addresses stay. Whoever runs Rapport can change them:"
            " iep lms add."
        ),
        "own_way_in": frame.words("You came in through this one. Use another way in to turn it off."),
        "has_officer": frame.words("There is a records officer now. She appoints the others."),
    }
    return known.get(code) or frame.words("This cannot be used (%(code)s).", code=code)
