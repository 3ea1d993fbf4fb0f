"""pylti1p3's tool configuration on the door store: many clients per issuer, never a guess between two."""

from __future__ import annotations

from typing import Any

from pylti1p3.deployment import Deployment as LibDeployment
from pylti1p3.registration import Registration as LibRegistration
from pylti1p3.tool_config.abstract import ToolConfAbstract
from typing_extensions import override

from lti_app.doors.records import Deployment, DeploymentState, DoorStore, Registration


class StoredToolConf(ToolConfAbstract[Any]):
    """Looks registrations and deployments up by (issuer, client id) and (registration, deployment id)."""

    def __init__(self, doors: DoorStore) -> None:
        self._doors = doors

    @override
    def check_iss_has_one_client(self, iss: str) -> bool:
        return False

    @override
    def check_iss_has_many_clients(self, iss: str) -> bool:
        return True

    @override
    def find_registration_by_issuer(self, iss: str, *args: Any, **kwargs: Any) -> LibRegistration:
        raise NotImplementedError("an issuer alone does not name a registration")

    @override
    def find_registration_by_params(  # type: ignore[override]  # None is how the library expects "not found"
        self, iss: str, client_id: str | None, *args: Any, **kwargs: Any
    ) -> LibRegistration | None:
        found = self.registered(iss, client_id)
        return None if found is None else as_library(found)

    @override
    def find_deployment(self, iss: str, deployment_id: str) -> LibDeployment | None:
        raise NotImplementedError("an issuer alone does not name a deployment")

    @override
    def find_deployment_by_params(
        self, iss: str, deployment_id: str, client_id: str, *args: Any, **kwargs: Any
    ) -> LibDeployment | None:
        registration = self.registered(iss, client_id)
        if registration is None or self.active(registration, deployment_id) is None:
            return None
        return LibDeployment().set_deployment_id(deployment_id)

    def registered(
        self, iss: str, client_id: str | None, deployment_id: str | None = None
    ) -> Registration | None:
        """Return the one enabled registration meant, or None.

        Without ``client_id`` it must be the issuer's only one, or the only one that knows ``deployment_id``
        (LTI core 4.1.3).
        """
        found = [one for one in self._doors.registrations_of(iss, client_id) if one.enabled]
        if len(found) > 1 and deployment_id:
            found = [one for one in found if self._doors.deployment(one.id, deployment_id) is not None]
        return found[0] if len(found) == 1 else None

    def active(self, registration: Registration, deployment_id: str) -> Deployment | None:
        """Return the deployment when it is active and mapped to a site."""
        found = self._doors.deployment(registration.id, deployment_id)
        return found if found is not None and is_open(found) else None


def is_open(deployment: Deployment) -> bool:
    """Whether launches from it come in: it is active and mapped to a site."""
    return deployment.state is DeploymentState.ACTIVE and deployment.site_id is not None


def as_library(registration: Registration) -> LibRegistration:
    """Return our registration as the library's. Its keys are not set: we verify and sign ourselves."""
    library = LibRegistration()
    library.set_issuer(registration.issuer).set_client_id(registration.client_id)
    library.set_auth_login_url(registration.auth_url).set_auth_token_url(registration.token_url)
    library.set_key_set_url(registration.jwks_url)
    if registration.auth_audience:
        library.set_auth_audience(registration.auth_audience)
    return library
