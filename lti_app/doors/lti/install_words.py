"""What went wrong while connecting, in plain words, and what to do: for the installer (in English).

``%(host)s`` is the only value that may stand in a sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_ADMIN = "If it stays, tell the person who runs Rapport the reference number below."

WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "invite_needed": (
        "This address lacks its last part.",
        "Ask the person who runs Rapport for a link. They make one with the command: iep lms invite",
    ),
    "invite_over": (
        "This link was used before, or is too old.",
        "Ask for a new link. Each one connects one platform, once.",
    ),
    "address_form": (
        "The platform did not give us a proper web address.",
        "Start again from the platform's own page for adding tools.",
    ),
    "address_http": (
        "The platform at %(host)s gave us an address without encryption.",
        "Give the platform an https address, then start again.",
    ),
    "address_unknown": (
        "There is no host called %(host)s.",
        "Look for a typing mistake in the platform's own address settings.",
    ),
    "address_private": (
        "The host %(host)s is inside a private network, where we do not go by ourselves.",
        "The person who runs Rapport can connect it by hand with the command: iep lms add",
    ),
    "outside_silent": ("The platform at %(host)s did not answer in time.", "Try again. " + _ADMIN),
    "outside_certificate": (
        "The certificate of %(host)s does not fit or is not trusted.",
        "Renew the platform's certificate, with its whole chain, then try again.",
    ),
    "outside_redirect": (
        "The platform at %(host)s sent us to another address.",
        "Set the platform's own address to the one it really answers at, then start again.",
    ),
    "outside_too_large": ("The answer of %(host)s is far too large.", _ADMIN),
    "outside_not_json": (
        "The platform at %(host)s answered with a page, not with its settings.",
        "Is it in maintenance, or behind a sign-in page? Open it up, then try again.",
    ),
    "configuration_absent": (
        "The platform at %(host)s has no settings page for registering tools.",
        "Switch dynamic registration on there, or add the tool by hand.",
    ),
    "configuration_form": (
        "The settings of %(host)s lack something we need.",
        "Bring the platform up to date, or add the tool by hand.",
    ),
    "issuer_elsewhere": (
        "The platform speaks for another host: %(host)s.",
        "On your own Canvas, set lti_iss in config/security.yml to its own address. Then start again.",
    ),
    "endpoint_elsewhere": (
        "The platform would send people to another host: %(host)s.",
        "Nothing was connected. Ask the platform's vendor whether that host is theirs; add it by hand if so.",
    ),
    "no_rs256": (
        "The platform at %(host)s cannot sign with RS256, which LTI asks for.",
        "Bring the platform up to date.",
    ),
    "token_form": ("The platform's registration token cannot be used.", "Start again from the platform."),
    "registration_token": (
        "The platform at %(host)s no longer accepts this registration.",
        "Its permission lasts for a short time only. Start again from the platform with the same link.",
    ),
    "registration_refused": (
        "The platform at %(host)s refused the registration.",
        "Are you allowed to add tools there? Is Rapport there already? Then remove it there and start again.",
    ),
    "platform_trouble": ("The platform at %(host)s has trouble of its own.", "Try again in some minutes."),
    "answer_form": (
        "We could not read what %(host)s answered.",
        "Look whether the platform lists Rapport now. Remove it there, then start again. " + _ADMIN,
    ),
    "connected_elsewhere": (
        "This platform connected the same registration to another school.",
        "Nothing was changed. Ask the person who runs Rapport.",
    ),
}


def told(code: str, host: str) -> tuple[str, str]:
    """Return what happened and what to do."""
    what, do = WORDS[code]
    return what % {"host": host}, do
