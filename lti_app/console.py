"""The console: what a site's administrator sees and does about platforms. No child's data passes through it.

Every step goes through the access decision (``ResourceKind.PLATFORM``) and leaves its line in the trail.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from iepcore.access import Action, Resource, ResourceKind
from iepcore.caseload import Caseload
from iepcore.errors import NotFound
from iepcore.ids import AdultId, new_uuid7
from iepcore.people import Adult, Appointment, SiteRole
from lti_app.doors.installs import OPENED, Installation, InstallStore, LaunchNote
from lti_app.doors.lti.install_refusals import InstallRefused
from lti_app.doors.lti.outside import Outside
from lti_app.doors.lti.platform_checks import Check, check_platform
from lti_app.doors.lti.presets import OTHER, Addresses, name_of_issuer, preset
from lti_app.doors.lti.registering import REGISTER_PATH, new_invite
from lti_app.doors.lti.services import PlatformServices
from lti_app.doors.records import GOOGLE, Deployment, DeploymentState, DoorStore, Registration, Site

SHOWN_NOTES = 8
_PRODUCTS = {"canvas": "Canvas", "moodle": "Moodle", "blackboard": "Blackboard", "d2l": "Brightspace"}
_PRODUCTS |= {"desire2learn": "Brightspace", "blackboardlearn": "Blackboard", "schoology": "Schoology"}
_PLATFORM = Resource(kind=ResourceKind.PLATFORM)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformRow:
    """One registration as its site's administrator sees it. ``is_ours``: this site looks after it."""

    registration: Registration
    name: str
    is_ours: bool
    deployments: tuple[Deployment, ...]
    notes: tuple[LaunchNote, ...]
    opened_at: datetime | None

    @property
    def waiting(self) -> tuple[Deployment, ...]:
        """The deployments that wait for approval."""
        return tuple(one for one in self.deployments if one.state is DeploymentState.PENDING)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsolePage:
    """Everything the page of platforms shows. ``officers`` is None once the site has a records officer, else
    the staff who could become the first."""

    rows: tuple[PlatformRow, ...]
    officers: tuple[Adult, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedPlatform:
    """A platform typed in by hand."""

    preset: str
    base: str
    client_id: str
    deployment_id: str
    issuer: str = ""
    auth_url: str = ""
    token_url: str = ""
    jwks_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the console works with, beside the caseload of whoever looks."""

    doors: DoorStore
    installs: InstallStore
    outside: Outside
    services: PlatformServices
    clock: Callable[[], datetime]
    public_url: str


class Console:
    """Use cases of a site's administrator. Each raises ``NotPermitted`` without that standing."""

    def __init__(
        self, around: Surroundings, site: Site, caseload: Caseload, *, came_by: tuple[UUID, str] | None
    ) -> None:
        self._around = around
        self._site = site
        self._caseload = caseload
        self._came_by = came_by

    @property
    def public_url(self) -> str:
        """Where platforms reach us, to be shown."""
        return self._around.public_url

    def may_look(self) -> bool:
        """Whether the person is an administrator of the site, without a trace (for what a menu offers)."""
        desk = self._caseload.desk
        with desk.store.read() as uow:
            return desk.may(uow, Action.READ, _PLATFORM)

    def page(self) -> ConsolePage:
        """List the platforms of this site, with what waits and what went wrong."""
        with self._caseload.desk.changing() as change:
            change.permit(Action.READ, _PLATFORM, what="platforms")
            appointed = change.uow.people.appointments()
            today = self._caseload.desk.clock.today()
            has_officer = any(
                one.role is SiteRole.RECORDS_OFFICER and one.holds_on(today) for one in appointed
            )
            staff = [one for one in change.uow.people.all_adults() if one.came_as_staff]
        rows = [self._row(one) for one in self._around.doors.registrations() if self._sees(one)]
        rows.sort(key=lambda row: (not row.waiting, row.name.casefold(), row.registration.client_id))
        officers = tuple(sorted(staff, key=lambda adult: adult.name.casefold()))
        return ConsolePage(rows=tuple(rows), officers=None if has_officer else officers)

    def invite(self) -> str:
        """Make a link that connects one platform to this site, and return it. It is shown once."""
        self._permit("platform_invite")
        made_by = self._caseload.desk.adult_id
        code, invite = new_invite(self._site.id, made_by=made_by, at=self._around.clock())
        self._around.installs.add_invite(invite)
        return f"{self._around.public_url}{REGISTER_PATH}/{code}"

    def set_deployment(self, registration_id: UUID, deployment_id: str, *, on: bool) -> None:
        """Approve a deployment for this site, or turn one off.

        Raises:
            NotFound: it is not this site's to decide.
            InstallRefused: ``own_way_in`` when it is the one the person came by.
        """
        self._permit("approve_deployment" if on else "close_deployment")
        row = self._mine(registration_id)
        held = next((one for one in row.deployments if one.deployment_id == deployment_id), None)
        if held is None:
            raise NotFound("deployment")
        if not on and self._came_by == (registration_id, deployment_id):
            raise InstallRefused("own_way_in")
        state = DeploymentState.ACTIVE if on else DeploymentState.DISABLED
        self._around.doors.save_deployment(replace(held, state=state, site_id=self._site.id))

    def set_platform(self, registration_id: UUID, *, on: bool) -> None:
        """Turn a platform on or off; raises as ``set_deployment``."""
        self._permit("open_platform" if on else "close_platform")
        row = self._mine(registration_id)
        if not row.is_ours:
            raise NotFound("platform")
        if not on and self._came_by is not None and self._came_by[0] == registration_id:
            raise InstallRefused("own_way_in")
        self._around.doors.save_registration(replace(row.registration, enabled=on))

    def check(self, registration_id: UUID) -> tuple[Check, ...]:
        """Ask the platform for its keys and for a token."""
        self._permit("check_platform")
        row = self._mine(registration_id)
        # Google gives no token to us as ourselves: people bring their own.
        asks = not self._is_google(registration_id)
        active = [one for one in row.deployments if one.state is DeploymentState.ACTIVE and asks]
        around = self._around
        return check_platform(
            around.outside,
            around.services,
            around.clock,
            row.registration,
            active[0].deployment_id if active else None,
        )

    def add(self, typed: TypedPlatform) -> UUID:
        """Connect a platform typed in by hand; its addresses must be ones we may ask.

        One that people came by already keeps its addresses (``addresses_in_use``).

        Raises:
            InstallRefused: with the field that is to blame.
        """
        self._permit("add_platform")
        for field, text in (("client_id", typed.client_id), ("deployment_id", typed.deployment_id)):
            if len(text) > 255 or not text.isprintable() or (field == "client_id" and not text):
                raise InstallRefused("id_form", field=field)
        found = _addresses(typed)
        for field in ("auth_url", "token_url", "jwks_url"):
            try:
                self._around.outside.check(getattr(found, field))
            except InstallRefused as refused:
                raise InstallRefused(
                    refused.code, field=field if typed.preset == OTHER else "base", host=refused.host
                ) from None
        return self._keep(typed, found)

    def name_officer(self, adult_id: AdultId) -> None:
        """Name the first records officer, who appoints everybody else.

        Raises:
            NotFound: no such member of staff.
            InstallRefused: ``has_officer`` when there is one already: appointing is hers then.
        """
        desk = self._caseload.desk
        with desk.changing() as change:
            change.permit(Action.WRITE, _PLATFORM, what="name_first_officer")
            today = desk.clock.today()
            for one in change.uow.people.appointments():
                if one.role is SiteRole.RECORDS_OFFICER and one.holds_on(today):
                    raise InstallRefused("has_officer")
            adult = change.uow.people.adult(adult_id)
            if adult is None or not adult.came_as_staff:
                raise NotFound("adult")
            change.uow.people.add_appointment(
                Appointment(
                    adult_id=adult_id,
                    role=SiteRole.RECORDS_OFFICER,
                    starts_on=today,
                    appointed_by=desk.adult_id,
                    appointed_at=desk.clock.now(),
                )
            )

    def _permit(self, what: str) -> None:
        with self._caseload.desk.changing() as change:
            change.permit(Action.WRITE, _PLATFORM, what=what)

    def _mine(self, registration_id: UUID) -> PlatformRow:
        registration = self._around.doors.registration(registration_id)
        if registration is None or not self._sees(registration):
            raise NotFound("platform")
        return self._row(registration)

    def _sees(self, registration: Registration) -> bool:
        made = self._around.installs.installation(registration.id)
        return (made is not None and made.site_id == self._site.id) or any(
            one.site_id == self._site.id for one in self._deployments(registration.id)
        )

    def _deployments(self, registration_id: UUID) -> list[Deployment]:
        return [one for one in self._around.doors.deployments() if one.registration_id == registration_id]

    def _row(self, registration: Registration) -> PlatformRow:
        """Return a row. Another site's deployments never stand in it; what waits only at home."""
        made = self._around.installs.installation(registration.id)
        everything = self._deployments(registration.id)
        sites = {one.site_id for one in everything if one.site_id is not None}
        ours = made.site_id == self._site.id if made is not None else sites == {self._site.id}
        mine = [one for one in everything if one.site_id == self._site.id or (ours and one.site_id is None)]
        known = {one.deployment_id for one in mine}
        notes = [
            one
            for one in self._around.installs.launch_notes(registration.id, limit=100)
            if one.deployment_id in known or (ours and not one.deployment_id)
        ]
        opened = [one.at for one in notes if one.outcome == OPENED]
        return PlatformRow(
            registration=registration,
            name=_name(made.product if made else "", made.name if made else "", registration.issuer),
            is_ours=ours,
            deployments=tuple(sorted(mine, key=_waiting_first)),
            notes=tuple(notes[:SHOWN_NOTES]),
            opened_at=opened[0] if opened else None,
        )

    def _is_google(self, registration_id: UUID) -> bool:
        key = self._around.doors.api_client(registration_id)
        return key is not None and key.kind == GOOGLE

    def _somebody_came_by(self, registration_id: UUID) -> bool:
        """Whether people of this site are known by this platform's word.

        Who may change where its keys are may speak for all of them, so an administrator, who sees no child,
        may not.
        """
        source = f"lti:{registration_id}"
        with self._caseload.desk.store.read() as uow:
            return any(
                one.source == source
                for adult in uow.people.all_adults()
                for one in uow.people.identities_of(adult.id)
            )

    def _keep(self, typed: TypedPlatform, found: Addresses) -> UUID:
        around = self._around
        known = around.doors.registrations_of(found.issuer, typed.client_id)
        if known and not (self._sees(known[0]) and self._row(known[0]).is_ours):
            raise InstallRefused("connected_elsewhere", field="client_id")
        if known and self._is_google(known[0].id):  # its addresses are Google's: iep google add
            raise InstallRefused("addresses_in_use", field="client_id")
        if known and _places(known[0]) != _places(found) and self._somebody_came_by(known[0].id):
            raise InstallRefused("addresses_in_use", field="client_id")
        if known and typed.deployment_id:
            held = around.doors.deployment(known[0].id, typed.deployment_id)
            if held is not None and held.site_id not in (None, self._site.id):
                raise InstallRefused("connected_elsewhere", field="deployment_id")
        before = around.installs.installation(known[0].id) if known else None
        registration = Registration(
            id=known[0].id if known else new_uuid7(),
            issuer=found.issuer,
            client_id=typed.client_id,
            auth_url=found.auth_url,
            token_url=found.token_url,
            jwks_url=found.jwks_url,
            auth_audience=found.auth_audience,
        )
        around.doors.save_registration(registration)
        around.installs.save_installation(
            Installation(
                registration_id=registration.id,
                site_id=self._site.id,
                product=typed.preset.partition("-")[0],
                name=before.name if before else name_of_issuer(found.issuer),
                frames=tuple(dict.fromkeys((*found.frames, *(before.frames if before else ())))),
                created_at=before.created_at if before else around.clock(),
                inside=before is not None and before.inside,
            )
        )
        if typed.deployment_id:
            around.doors.save_deployment(
                Deployment(
                    registration_id=registration.id,
                    deployment_id=typed.deployment_id,
                    state=DeploymentState.ACTIVE,
                    site_id=self._site.id,
                )
            )
        return registration.id


def _places(one: Registration | Addresses) -> tuple[str, str, str]:
    return one.auth_url, one.token_url, one.jwks_url


def _waiting_first(deployment: Deployment) -> tuple[bool, str]:
    return deployment.state is not DeploymentState.PENDING, deployment.deployment_id


def _name(product: str, told: str, issuer: str) -> str:
    """Return what people call a platform: its product and what it calls itself, else where it is."""
    known = _PRODUCTS.get(product, "")
    name = told or name_of_issuer(issuer) or urlsplit(issuer).hostname or issuer
    return f"{known}: {name}" if known and not name.startswith(known) else name


def _addresses(typed: TypedPlatform) -> Addresses:
    if typed.preset != OTHER:
        return preset(typed.preset).addresses(base=typed.base, client_id=typed.client_id)
    if not 0 < len(typed.issuer) <= 255 or not typed.issuer.isprintable():
        raise InstallRefused("id_form", field="issuer")
    return Addresses(
        issuer=typed.issuer, auth_url=typed.auth_url, token_url=typed.token_url, jwks_url=typed.jwks_url
    )
