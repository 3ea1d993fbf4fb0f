"""Use cases, one module and one class per room; ``Caseload`` gathers them for one actor at one site's
store."""

from __future__ import annotations

from iepcore.access import Actor
from iepcore.caseload.agreeing import AgreeingDesk, ConsentAsked
from iepcore.caseload.answering import AnsweringDesk, FamilyPlanPage, Remark, SaidPage, TimelineStep
from iepcore.caseload.arrivals import Arrival, arrive
from iepcore.caseload.calendars import CALENDAR_IMPORT, CalendarPage, CalendarsDesk
from iepcore.caseload.changes import ChangePage, ChangesDesk, NewPhase
from iepcore.caseload.choices import ChoicesDesk, ChoicesPage, Number
from iepcore.caseload.composing import ComposePage, ComposingDesk, Letter, Reader, Sent
from iepcore.caseload.consenting import ConsentingDesk, TextingRow
from iepcore.caseload.conversing import ConversationPage, ConversingDesk, Entry
from iepcore.caseload.deadlines import ChildDue, DatesPage, DeadlinesDesk, Dues, EventRow, SiteRules
from iepcore.caseload.delivering import OUTBOX, DeliveryDesk
from iepcore.caseload.desk import Desk, Policy
from iepcore.caseload.disclosing import (
    DisclosuresDesk,
    DisclosuresPage,
    NewDisclosure,
    SeenBy,
    SeenDay,
    SeenPage,
)
from iepcore.caseload.drafting import DraftingDesk
from iepcore.caseload.duties import DutiesDesk, DutiesPage, DutyRow, Knower, Knowing
from iepcore.caseload.families import Candidate, Confirmation, FamiliesDesk, FamilyView, ParentRow
from iepcore.caseload.goals import GoalCard, GoalPage, GoalsDesk, NewGoal, StudentPage
from iepcore.caseload.gradebook import GradebookDesk
from iepcore.caseload.heard import FamilySaid
from iepcore.caseload.home import ChildGoal, ChildPage, HomeDesk, MyChild, NewestNote
from iepcore.caseload.interpreting import InterpretingDesk, Task
from iepcore.caseload.keeping import PERSON_DISABLED, Disabled, KeepingDesk
from iepcore.caseload.noticed import NewCopy, NoticedDesk
from iepcore.caseload.noticing import Ready, SiteFacts
from iepcore.caseload.opening import OpeningRow, OpeningsDesk
from iepcore.caseload.outbox import OutboxDesk, OutboxPage, OutboxRow
from iepcore.caseload.people import PeopleDesk, RosterRow, TeamRow, TeamView
from iepcore.caseload.plan_beginnings import NewAmendment, PlanDays
from iepcore.caseload.plans import PlanComparison, PlanLine, PlanPage, PlansDesk, VersionPage
from iepcore.caseload.plans_due import PLANS_TAKE_EFFECT, bring_into_effect
from iepcore.caseload.point_page import PointPage
from iepcore.caseload.proposing import ProposingDesk
from iepcore.caseload.recording import (
    IDLE_SETS,
    Recorded,
    RecorderRow,
    RecordingDesk,
    Tapped,
    close_idle_sets,
    takes_taps,
)
from iepcore.caseload.replying import REPLIES, ReplyingDesk
from iepcore.caseload.requesting import RequestDue, RequestRow, RequestsDesk, RequestsPage
from iepcore.caseload.rights import RightsDesk, RightsPage, TransferNote, WindowNote
from iepcore.caseload.rosters import CoursePreview, FeedPage, RostersDesk
from iepcore.caseload.rosters_doubts import DoubtRow, DoubtsDesk
from iepcore.caseload.rosters_pulling import ROSTERS, PullingDesk
from iepcore.caseload.sending import SENDING, SendingDesk
from iepcore.caseload.setup import Opened, Opening, PupilChoice, ReviewRow, SetupDesk
from iepcore.caseload.setup_around import AddedStaff, AroundDesk, AroundPage, ParentOffer, StaffOffer
from iepcore.caseload.signing import SigningDesk, SigningPage
from iepcore.caseload.staffing import StaffDesk, StaffRow
from iepcore.caseload.today import ChildRow, Quiet, Seen, Stuck, TodayDesk, TodayPage, Waiting
from iepcore.caseload.trail import TrailDesk, TrailPage, TrailRow
from iepcore.caseload.transferring import TransferPreview, TransferringDesk
from iepcore.caseload.unmatched import Place, UnmatchedDesk, UnmatchedPage, UnmatchedRow
from iepcore.caseload.verifying import verify_chains
from iepcore.caseload.weighing import NumbersPage, WeighingDesk
from iepcore.caseload.wishes import WishesDesk, WishesView, WishPage, WishRow
from iepcore.ports import Clock, Store


class Caseload:
    """Every use case for one actor. Nothing here is kept between calls; rights are read afresh each time.

    ``store`` is bound to one site, ``clock`` to its zone. Each room is a property, such as
    ``caseload.progress.tap(...)`` or ``caseload.writing.send(...)``.
    """

    def __init__(self, store: Store, actor: Actor, clock: Clock, policy: Policy | None = None) -> None:
        self.desk = Desk(store=store, actor=actor, clock=clock, policy=policy or Policy())
        self.people = PeopleDesk(self.desk)
        self.staff = StaffDesk(self.desk)
        self.families = FamiliesDesk(self.desk)
        self.rights = RightsDesk(self.desk)
        self.goals = GoalsDesk(self.desk)
        self.changes = ChangesDesk(self.desk)
        self.weighing = WeighingDesk(self.desk)
        self.progress = RecordingDesk(self.desk)
        self.today = TodayDesk(self.desk)
        self.calendars = CalendarsDesk(self.desk)
        self.choices = ChoicesDesk(self.desk)
        self.deadlines = DeadlinesDesk(self.desk)
        self.writing = ComposingDesk(self.desk)
        self.conversation = ConversingDesk(self.desk)
        self.home = HomeDesk(self.desk)
        self.interpreting = InterpretingDesk(self.desk)
        self.delivery = DeliveryDesk(self.desk)
        self.sending = SendingDesk(self.desk)
        self.outbox = OutboxDesk(self.desk)
        self.replies = ReplyingDesk(self.desk)
        self.unmatched = UnmatchedDesk(self.desk)
        self.texting = ConsentingDesk(self.desk)
        self.keeping = KeepingDesk(self.desk)
        self.gradebook = GradebookDesk(self.desk)
        self.rosters = RostersDesk(self.desk)
        self.pulling = PullingDesk(self.desk)
        self.doubts = DoubtsDesk(self.desk)
        self.setup = SetupDesk(self.desk)
        self.around = AroundDesk(self.desk)
        self.trail = TrailDesk(self.desk)
        self.disclosures = DisclosuresDesk(self.desk)
        self.requests = RequestsDesk(self.desk)
        self.openings = OpeningsDesk(self.desk)
        self.transfers = TransferringDesk(self.desk)
        self.wishes = WishesDesk(self.desk)
        self.answering = AnsweringDesk(self.desk)
        self.signing = SigningDesk(self.desk)
        self.duties = DutiesDesk(self.desk)
        self.plans = PlansDesk(self.desk)
        self.drafting = DraftingDesk(self.desk)
        self.noticed = NoticedDesk(self.desk)
        self.proposing = ProposingDesk(self.desk)
        self.agreeing = AgreeingDesk(self.desk)


__all__ = [
    "CALENDAR_IMPORT",
    "IDLE_SETS",
    "OUTBOX",
    "PERSON_DISABLED",
    "PLANS_TAKE_EFFECT",
    "REPLIES",
    "ROSTERS",
    "SENDING",
    "AddedStaff",
    "AgreeingDesk",
    "AnsweringDesk",
    "AroundDesk",
    "AroundPage",
    "Arrival",
    "CalendarPage",
    "CalendarsDesk",
    "Candidate",
    "Caseload",
    "ChangePage",
    "ChangesDesk",
    "ChildDue",
    "ChildGoal",
    "ChildPage",
    "ChildRow",
    "ChoicesDesk",
    "ChoicesPage",
    "ComposePage",
    "ComposingDesk",
    "Confirmation",
    "ConsentAsked",
    "ConsentingDesk",
    "ConversationPage",
    "ConversingDesk",
    "CoursePreview",
    "DatesPage",
    "DeadlinesDesk",
    "DeliveryDesk",
    "Desk",
    "Disabled",
    "DisclosuresDesk",
    "DisclosuresPage",
    "DoubtRow",
    "DoubtsDesk",
    "DraftingDesk",
    "Dues",
    "DutiesDesk",
    "DutiesPage",
    "DutyRow",
    "Entry",
    "EventRow",
    "FamiliesDesk",
    "FamilyPlanPage",
    "FamilySaid",
    "FamilyView",
    "FeedPage",
    "GoalCard",
    "GoalPage",
    "GoalsDesk",
    "GradebookDesk",
    "HomeDesk",
    "InterpretingDesk",
    "KeepingDesk",
    "Knower",
    "Knowing",
    "Letter",
    "MyChild",
    "NewAmendment",
    "NewCopy",
    "NewDisclosure",
    "NewGoal",
    "NewPhase",
    "NewestNote",
    "NoticedDesk",
    "Number",
    "NumbersPage",
    "Opened",
    "Opening",
    "OpeningRow",
    "OpeningsDesk",
    "OutboxDesk",
    "OutboxPage",
    "OutboxRow",
    "ParentOffer",
    "ParentRow",
    "PeopleDesk",
    "Place",
    "PlanComparison",
    "PlanDays",
    "PlanLine",
    "PlanPage",
    "PlansDesk",
    "PointPage",
    "Policy",
    "ProposingDesk",
    "PullingDesk",
    "PupilChoice",
    "Quiet",
    "Reader",
    "Ready",
    "Recorded",
    "RecorderRow",
    "RecordingDesk",
    "Remark",
    "ReplyingDesk",
    "RequestDue",
    "RequestRow",
    "RequestsDesk",
    "RequestsPage",
    "ReviewRow",
    "RightsDesk",
    "RightsPage",
    "RosterRow",
    "RostersDesk",
    "SaidPage",
    "Seen",
    "SeenBy",
    "SeenDay",
    "SeenPage",
    "SendingDesk",
    "Sent",
    "SetupDesk",
    "SigningDesk",
    "SigningPage",
    "SiteFacts",
    "SiteRules",
    "StaffDesk",
    "StaffOffer",
    "StaffRow",
    "Stuck",
    "StudentPage",
    "Tapped",
    "Task",
    "TeamRow",
    "TeamView",
    "TextingRow",
    "TimelineStep",
    "TodayDesk",
    "TodayPage",
    "TrailDesk",
    "TrailPage",
    "TrailRow",
    "TransferNote",
    "TransferPreview",
    "TransferringDesk",
    "UnmatchedDesk",
    "UnmatchedPage",
    "UnmatchedRow",
    "VersionPage",
    "Waiting",
    "WeighingDesk",
    "WindowNote",
    "WishPage",
    "WishRow",
    "WishesDesk",
    "WishesView",
    "arrive",
    "bring_into_effect",
    "close_idle_sets",
    "takes_taps",
    "verify_chains",
]
