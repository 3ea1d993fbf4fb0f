"""The one place where concrete things meet: storage, clock, doors, use cases, channels."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import g, has_request_context

from connectors.google_classroom import GoogleGrant
from connectors.google_classroom.routes import SOURCE as GOOGLE_SOURCE
from iepcore.access import Actor, System
from iepcore.caseload import OUTBOX, REPLIES, Arrival, Caseload, Policy, ReplyingDesk, SiteFacts, arrive
from iepcore.caseload.standing import may_read_records
from iepcore.errors import InvalidValue, NotFound
from iepcore.ids import AdultId, RosterFeedId, SiteId
from iepcore.language import normalise_tag
from iepcore.notices import ChannelTraits
from iepcore.people import AddressKind, Adult, ChannelAddress, RosterMember, RosterRun
from iepcore.ports import GradebookSink, Store
from lti_app.clock import SiteClock
from lti_app.console import Console, Surroundings
from lti_app.delivery.addresses import address_of
from lti_app.delivery.connections import CanvasConnections, features_of
from lti_app.delivery.google_connections import GoogleConnections
from lti_app.delivery.google_rosters import GoogleRosters
from lti_app.delivery.roads import Roads
from lti_app.delivery.sms import SmsDoor, inbound_of
from lti_app.delivery.worker import facts_of
from lti_app.doors.google_access import GoogleUse
from lti_app.doors.lti.administrators import is_administrator
from lti_app.doors.lti.claims import LaunchContext
from lti_app.doors.lti.roles import Part, Standing
from lti_app.doors.parts import parts
from lti_app.doors.records import DoorStore, Site
from lti_app.doors.threshold import Known, Person, PlainThreshold, Threshold
from lti_app.first_administrator import welcome
from lti_app.gradebook import Gradebooks
from lti_app.roster import Rosters
from lti_app.rosters.sources import FeedSources, file_source
from lti_app.screens.parts import RosterPull, actor_of
from lti_app.session.tokens import hash_of
from lti_app.session.viewer import Viewer
from lti_app.settings import Sending, Settings
from lti_app.storage.door import SqlDoorStore
from lti_app.storage.engine import Engines, open_engines
from lti_app.storage.google_access import SqlGoogleStore
from lti_app.storage.installs import SqlInstallStore
from lti_app.storage.migrate import current, newest
from lti_app.storage.store import SqlStore
from lti_app.storage.threshold import SqlThreshold
from lti_app.storage.vault import Vault


def utc_now() -> datetime:
    """Return now, aware, in UTC."""
    return datetime.now(UTC)


class Wired:
    """Everything the application, the worker and the command line are made of."""

    def __init__(
        self,
        settings: Settings,
        *,
        engines: Engines,
        doors: DoorStore,
        clock: Callable[[], datetime] = utc_now,
        stores: Callable[[SiteId], Store] | None = None,
    ) -> None:
        self.settings = settings
        self.engines = engines
        self.doors = doors
        self.clock = clock
        self.installs = SqlInstallStore(engines)
        self.arrivals = self
        self.connections = CanvasConnections(settings, doors, lambda: self.clock(), self._frames_of)
        self.google_kept = SqlGoogleStore(engines, Vault(settings.secret_keys))
        self.google = GoogleConnections(settings, doors, self.google_kept, lambda: self.clock())
        self.roads = Roads(settings, doors, self.connections, self.google)
        self._sms_door = SmsDoor(inbound_of(settings), self._reply_desks, lambda: self.clock())
        self.rosters = Rosters(doors, lambda: self.clock())
        self.google_rosters_of = GoogleRosters(doors, self.google_kept, self.google)
        self.feed_sources = FeedSources(doors, self.connections, self.google_rosters_of)
        self.gradebooks = Gradebooks(doors, lambda: self.clock())
        self._stores = stores or (lambda site_id: SqlStore(engines, site_id))
        self.threshold: Threshold = PlainThreshold(doors)
        if stores is None and isinstance(doors, SqlDoorStore):
            self.threshold = SqlThreshold(engines, doors)

    def ready(self) -> bool:
        """Tell whether the database answers and has the newest tables."""
        return current(self.engines) == newest()

    def store(self, site_id: SiteId) -> Store:
        """Return the records of one site."""
        return self._stores(site_id)

    def site_clock(self, site: Site) -> SiteClock:
        """Return the clock of one site."""
        return SiteClock(zone=ZoneInfo(site.zone), source=self.clock)

    def caseload_of(self, site: Site, actor: Actor) -> Caseload:
        """Return the use cases for an actor at a site (the worker's jobs act as ``System``)."""
        policy = Policy(
            channels=tuple(self.roads.of(site)),
            report_codes=site.report_codes,
            gradebook_words=site.gradebook_words,
        )
        return Caseload(self.store(site.id), actor, self.site_clock(site), policy)

    def job(self, site: Site, name: str) -> Caseload:
        """Return the use cases for a named job at a site."""
        return self.caseload_of(site, System(job=name))

    def has_connected(self, site: Site, reason: str, adult_id: AdultId) -> bool:
        """Tell whether an adult has connected in the meantime what a notice of theirs waits for."""
        if reason == "connect_canvas":
            return self.doors.grant(site.id, adult_id) is not None
        return reason == "connect_google" and self.google.state(site, adult_id) == "connected"

    # what the doors ask

    def known(self, launch: LaunchContext, person: Person) -> Known | None:
        """Return the person of a launch that changes nothing; see :mod:`lti_app.doors.threshold`."""
        if is_administrator(launch.roles):  # who may be the first one here
            return None
        if (person.site_id, person.subject) != (launch.site_id, launch.subject):
            return None
        return person.known(_arrival_of(launch), self.clock())

    def arrive(self, launch: LaunchContext) -> AdultId | None:
        """Return the adult behind a launch; see :func:`iepcore.caseload.arrive`."""
        site = self._site(launch.site_id)
        store, clock = self.store(site.id), self.site_clock(site)
        adult_id = arrive(store, clock, _arrival_of(launch))
        if adult_id is not None and launch.standing in {Standing.STAFF, Standing.ADMIN}:
            welcome(self.installs, store, clock, launch, adult_id)
        return adult_id

    def part_of(self, site_id: SiteId, adult_id: AdultId) -> Part:
        """Return what an adult is at a site today: staff with a place or an office, parent of a child."""
        today = self.site_clock(self._site(site_id)).today()
        with self.store(site_id).read() as uow:
            held = uow.people.relationships_of_adult(adult_id)
            places = uow.people.assignments_of_adult(adult_id)
            offices = uow.people.appointments_of_adult(adult_id)
        return Part(
            staff=any(one.holds_on(today) for one in places) or any(one.holds_on(today) for one in offices),
            parent=any(may_read_records(one, today) for one in held),
        )

    # what the screens ask

    def console(self, viewer: Viewer) -> Console:
        """Return what an administrator may see and do about platforms, acting as the viewer."""
        here = parts()
        came_by = (
            (viewer.registration_id, viewer.deployment_id)
            if viewer.registration_id is not None and viewer.deployment_id is not None
            else None
        )
        around = Surroundings(
            doors=self.doors,
            installs=self.installs,
            outside=here.outside,
            services=here.services,
            clock=lambda: self.clock(),
            public_url=self.settings.public_url,
        )
        return Console(around, viewer.site, self.caseload(viewer), came_by=came_by)

    def caseload(self, viewer: Viewer) -> Caseload:
        """Return the use cases, acting as the viewer."""
        return self.caseload_of(viewer.site, actor_of(viewer))

    def adult(self, viewer: Viewer) -> Adult | None:
        """Return the viewer as an adult of the site, read once per request."""
        if viewer.adult_id is None:
            return None
        if has_request_context() and "rapport_adult" in g:
            known: Adult | None = g.rapport_adult
            return known
        with self.store(viewer.site.id).read() as uow:
            adult = uow.people.adult(viewer.adult_id)
        if has_request_context():
            g.rapport_adult = adult
        return adult

    def pull_roster(self, viewer: Viewer, *, fresh: bool = False, confirmed: bool = False) -> RosterPull:
        """Refresh the address book of the viewer's course through NRPS; see
        :class:`lti_app.roster.Rosters`."""
        people = self.caseload(viewer).people

        def keep(lines: list[RosterMember], complete: bool) -> None:
            context_id = viewer.context_id or ""
            people.keep_roster(viewer.source, context_id, lines, complete=complete, confirmed=confirmed)

        return self.rosters.pull(viewer, parts().services, keep, fresh=fresh)

    def pupil_names(self, viewer: Viewer) -> tuple[tuple[str, ...], bool]:
        """Return the names of the pupils of the viewer's course, from the address book or the platform; see
        :class:`lti_app.roster.Rosters`."""
        with self.store(viewer.site.id).read() as uow:
            kept = uow.people.roster(viewer.source, viewer.context_id) if viewer.context_id else ()
        return self.rosters.pupil_names(viewer, parts().services, kept)

    def gradebook(self, viewer: Viewer) -> GradebookSink | None:
        """Return the gradebook of the viewer's course; None where the launch offered none."""
        return self.gradebooks.of(viewer, parts().services)

    def _frames_of(self, registration_id: UUID) -> tuple[str, ...]:
        """Return the other origins of a platform that an administrator named."""
        found = self.installs.installation(registration_id)
        return () if found is None else found.frames

    def canvas_state(self, viewer: Viewer) -> str:
        """Return how the viewer's own Canvas connection stands."""
        return self.connections.state(viewer.site, viewer.adult_id)

    def canvas_address(self, viewer: Viewer) -> str:
        """Return the address in Canvas where the viewer lends us her own inbox."""
        actor = actor_of(viewer)
        with self.store(viewer.site.id).read() as uow:
            features = features_of(uow.rosters.feeds(), actor.adult_id)
        return self.connections.address(
            viewer.site, actor.adult_id, session_hash=viewer.session_hash, features=features
        )

    def canvas_finish(self, state: str, code: str) -> Site:
        """End a connection that came back from Canvas, and let what waited for it go on."""

        def adult_of(site: Site, adult_id: AdultId) -> Adult | None:
            with self.store(site.id).read() as uow:
                return uow.people.adult(adult_id)

        site, adult_id = self.connections.finish(state, code, adult_of=adult_of)
        self.job(site, OUTBOX.job).delivery.connected(adult_id)
        return site

    def canvas_leave(self, viewer: Viewer) -> None:
        """Take the viewer's Canvas connection back."""
        self.connections.disconnect(viewer.site, actor_of(viewer).adult_id)

    def google_state(self, viewer: Viewer) -> str:
        """Return how the viewer's own Google connection stands for sending mail."""
        return self.google.state(viewer.site, viewer.adult_id)

    def google_address(self, viewer: Viewer) -> str:
        """Return the address at Google where the viewer lends us her own account."""
        adult_id = actor_of(viewer).adult_id
        subject = viewer.subject if viewer.source == GOOGLE_SOURCE else ""
        return self.google.address(viewer.site, adult_id, session_hash=viewer.session_hash, subject=subject)

    def google_finish(self, state: str, code: str) -> Site:
        """End a connection that came back from Google, and let what waited for it go on."""
        site, adult_id = self.google.finish(state, code, is_theirs=self._is_their_google)
        self.job(site, OUTBOX.job).delivery.connected(adult_id)
        return site

    def google_leave(self, viewer: Viewer) -> None:
        """Take the viewer's Google connection back."""
        self.google.disconnect(viewer.site, actor_of(viewer).adult_id)

    def _is_their_google(self, site: Site, adult_id: AdultId, grant: GoogleGrant) -> bool:
        """Tell whether an account is an adult's: by its number where one came by Google, else by the mail
        address that the school's systems hold of them. Never by a name."""
        with self.store(site.id).read() as uow:
            owner = uow.people.identity(GOOGLE_SOURCE, grant.subject)
            if owner is not None:
                return owner.person_id == adult_id
            if any(one.source == GOOGLE_SOURCE for one in uow.people.identities_of(adult_id)):
                return False
            adult = uow.people.adult(adult_id)
        mail = adult.address(AddressKind.MAIL) if adult is not None else None
        return mail is not None and mail.value.casefold() == grant.email.casefold()

    def school_of_link(self, secret: str) -> Site | None:
        """Return the school behind a notice's link."""
        link = self.doors.notice_link(hash_of(secret), at=self.clock())
        return self.doors.site(link.site_id) if link is not None else None

    def roads_of(self, site: Site) -> Mapping[AddressKind, ChannelTraits]:
        """Return the roads of a site with what each promises."""
        return {kind: channel.traits for kind, channel in self.roads.of(site).items()}

    def notice_facts(self, viewer: Viewer) -> SiteFacts:
        """Return what notices of the viewer's site say of the school."""
        return facts_of(viewer.site, self.settings)

    def sms_crowded(self) -> bool:
        """Count one call of the provider of text messages; tell whether there were too many of late."""
        return self._sms_door.is_crowded()

    def sms_came_in(self, token: str, headers: Mapping[str, str], body: bytes) -> None:
        """Take what the provider says came in."""
        self._sms_door.take(token, headers, body)

    def _reply_desks(self) -> list[ReplyingDesk]:
        return [self.job(site, REPLIES.job).replies for site in self.doors.sites()]

    @property
    def reply_roads(self) -> Roads:
        """Where answers to notices can be fetched from."""
        return self.roads

    def sends_here(self) -> bool:
        """Tell whether this machine sends at all."""
        return self.settings.sending is Sending.LIVE

    def address_of(self, text: str) -> ChannelAddress:
        """Return what somebody typed as an address."""
        return address_of(text)

    def google_rosters(self, viewer: Viewer) -> tuple[str, str]:
        """Return how Classroom can be read, and in the name of which administrator."""
        administrators = self.google_rosters_of.administrators(viewer.site)
        if administrators:
            return "domain", administrators[0]
        return self.google.state(viewer.site, viewer.adult_id, GoogleUse.ROSTERS), ""

    def canvas_rosters(self, viewer: Viewer) -> str:
        """Return whose accounts the rosters of the site's Canvas name."""
        return self.feed_sources.canvas_source(viewer.site)

    def bring_file(self, viewer: Viewer, feed_id: RosterFeedId, path: Path) -> RosterRun:
        """Read a OneRoster file and lay its courses ready."""
        rosters = self.caseload(viewer).rosters
        feed = rosters.feed(feed_id).feed
        store = self.store(viewer.site.id)
        return rosters.bring(feed_id, file_source(path, site=viewer.site, feed=feed, store=store))

    def is_demo(self) -> bool:
        """Tell whether this is the demonstration."""
        return self.settings.demo

    def _site(self, site_id: SiteId) -> Site:
        """Return a site, read once per request."""
        known: Site | None = g.get("rapport_site") if has_request_context() else None
        if known is not None and known.id == site_id:
            return known
        site = self.doors.site(site_id)
        if site is None:
            raise NotFound("site")
        if has_request_context():
            g.rapport_site = site
        return site


def wire(settings: Settings) -> Wired:
    """Open the database named by the settings and put everything together."""
    engines = open_engines(settings.database_url)
    doors = SqlDoorStore(engines, Vault(settings.secret_keys))
    return Wired(settings, engines=engines, doors=doors)


def _arrival_of(launch: LaunchContext) -> Arrival:
    """Return the facts of a launch that concern a person."""
    return Arrival(
        source=launch.source,
        subject=launch.subject,
        name=launch.display_name,
        reads=_readable_tag(launch.locale),
        zone=launch.time_zone,
        email=launch.email,
        channel_user_id=launch.canvas_user_id,
        observes=launch.observees,
        is_staff=launch.standing in {Standing.STAFF, Standing.ADMIN},
        is_family=launch.standing is Standing.FAMILY,
        worn_by=launch.masquerading_id,
    )


@lru_cache(maxsize=256)
def _readable_tag(locale: str | None) -> str:
    """Return the platform's locale as a language tag (``es_MX`` -> ``es-MX``), English when there is none."""
    try:
        return normalise_tag((locale or "en").replace("_", "-"))
    except InvalidValue:
        return "en"
