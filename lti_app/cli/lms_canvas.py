"""``iep lms canvas``: give a site its Canvas API key, and ask Canvas what that key may do."""

from __future__ import annotations

from uuid import UUID

import click

from connectors.canvas import CanvasCapabilities, CanvasFeature, DeveloperKey, KeyCheck, scopes_for
from connectors.canvas.capabilities import Capability, CapabilityState
from connectors.canvas.features import TITLES
from connectors.http import Origin
from connectors.http.errors import CallError, RequestRefused
from iepcore.errors import InvalidValue
from lti_app.cli.place import wired_here
from lti_app.delivery.connections import BACK_PATH
from lti_app.doors.records import ApiClient, Registration
from lti_app.wiring import Wired

KEY_FAULTS = {
    "invalid_client": "Canvas knows no key with this client id. Look under Admin, Developer Keys.",
    "key_off": "The key is there and not switched on for this account. Set its state to On.",
}


@click.command()
@click.option(
    "--registration", "registration_id", type=click.UUID, default=None, help="Default: the only one."
)
@click.option("--base-url", default=None, help="The school's Canvas, such as https://school.instructure.com")
@click.option("--client-id", default=None, help="Id of the API developer key (not the LTI key).")
@click.option("--client-secret", default=None, help="Its secret. Stored encrypted.")
@click.option(
    "--check", is_flag=True, help="Ask Canvas what the stored key may do, and say which scopes to add."
)
def canvas(
    registration_id: UUID | None,
    base_url: str | None,
    client_id: str | None,
    client_secret: str | None,
    check: bool,
) -> None:
    """Give a site its Canvas API key, so that teachers can lend their own inbox for notices."""
    given = {"--base-url": base_url, "--client-id": client_id, "--client-secret": client_secret}
    if check and not any(given.values()):
        wired = wired_here()
        _check(wired, _chosen(wired, registration_id))
        return
    missing = [name for name, text in given.items() if not text]
    if base_url is None or client_id is None or client_secret is None or missing:
        raise click.UsageError(f"Give {', '.join(missing)}, or --check alone.")
    try:
        origin = str(Origin.parse(base_url))
    except InvalidValue as wrong:
        raise click.ClickException(
            f"--base-url: {wrong.code}. Write https://host and nothing after it."
        ) from None
    wired = wired_here()
    chosen = _chosen(wired, registration_id)
    wired.doors.save_api_client(
        ApiClient(
            registration_id=chosen.id, base_url=origin, client_id=client_id, client_secret=client_secret
        )
    )
    click.echo("Stored. The key's redirect address must be:")
    click.echo(f"  {wired.settings.url(BACK_PATH)}")
    if check:
        _check(wired, chosen)


def _chosen(wired: Wired, registration_id: UUID | None) -> Registration:
    chosen = [
        one for one in wired.doors.registrations() if registration_id is None or one.id == registration_id
    ]
    if len(chosen) != 1:
        raise click.ClickException("Say which platform with --registration. List them with: iep lms list")
    return chosen[0]


def _check(wired: Wired, registration: Registration) -> None:
    """Say what the key may do, feature by feature. Nobody's token is used."""
    held = wired.doors.api_client(registration.id)
    if held is None:
        raise click.ClickException(
            "This platform has no API key yet. Give one with: iep lms canvas --base-url ..."
        )
    back = wired.settings.url(BACK_PATH)
    key = DeveloperKey(client_id=held.client_id, client_secret=held.client_secret, redirect_uri=back)
    try:
        answer = KeyCheck(Origin.parse(held.base_url), key).ask(scopes_for(CanvasFeature))
    except RequestRefused as refused:
        raise click.ClickException(_fault(refused.detail, back)) from None
    except CallError as error:
        raise click.ClickException(
            f"{held.base_url} did not answer as Canvas does [{error.code}]. Check --base-url."
        ) from None
    found = CanvasCapabilities.of(answer.granted, enforced=answer.enforced)
    click.echo(f"{held.base_url}  key {held.client_id}")
    if not found.enforced:
        click.echo(
            "Warning: this key does not enforce scopes [scopes_not_enforced]. Who connects lends everything"
            " they may do in Canvas. Turn on Enforce Scopes and choose from the list in the documentation."
        )
    for one in found.features:
        click.echo(_line(one))
        for need in one.missing:
            click.echo(f"      add {need.route.scope}  to {need.reason}")


def _line(one: Capability) -> str:
    title = TITLES[one.feature]
    if one.state is CapabilityState.WORKS:
        return f"  works    {title}"
    return f"  missing  {title} [{one.code}]"


def _fault(detail: str, back: str) -> str:
    if detail == "redirect_uri":
        return f"Canvas refuses our address [redirect_uri]. Among the key's redirect URIs must be: {back}"
    words = KEY_FAULTS.get(detail, "Canvas refuses this key. Look under Admin, Developer Keys.")
    return f"{words} [{detail or 'request_refused'}]"
