"""``iepcore``: the domain library of special education between school and family. Names load on first use.

What is not in ``__all__`` is not public; what each name is stands in ``docs/reference/iepcore.md``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # fmt: off
    # isort: off
    from iepcore.access import (
        BEGUN, Action, Actor, Audience, AuditEvent, AuditKind, Basis, BlankedDisclosure, BreakGlass,
        ChainCheck, ChainFault, ChainHead, ChainName, ChainReport, Decision, Disclosure, DisclosureBasis,
        DisclosureSeal, Grant, Link, OpeningReason, Outcome, Party, Permitted, Person, RecordRequest,
        Relations, RequestAnswer, RequestEnd, RequestState, RequestWay, Resource, ResourceKind, Sealed,
        System, TrailQuery, check_chain, decide, event_bucket, genesis, require, sealed_rows,
    )
    from iepcore.calendars import (
        FEDERAL, OPEN_QUESTIONS, BusinessCalendar, CalendarDay, CalendarLine, ChildDates, CounselChoice,
        CounselQuestion, DayKind, DayUnit, Deadline, DeadlineGap, DeadlineKind, DeadlineRules, DueDate,
        DueState, ImportPlan, LeapRule, LineKind, OfficialPlan, OpenQuestion, PlanDates, PolicyKey,
        PolicyLevel, PolicyProfile, PolicyRule, ProgressCode, Protection, SchoolCalendar, SchoolYear,
        SiteChoices, Term, TermKind, TimelineEvent, TimelineKind, YearChange, add_days, add_years,
        attains_age, child_dates, due_dates, federal_holidays, plan_import, school_calendar, standing_events,
        state_profile, warned_on,
    )
    from iepcore.caseload import (
        IDLE_SETS, OUTBOX, PLANS_TAKE_EFFECT, REPLIES, ROSTERS, SENDING, AgreeingDesk, AnsweringDesk,
        AroundDesk, AroundPage, Arrival, Caseload, Confirmation, ConsentAsked, ConsentingDesk,
        DisclosuresDesk, DisclosuresPage, DoubtsDesk, DraftingDesk, DutiesDesk, DutiesPage, DutyRow,
        FamilyPlanPage, FamilySaid, FeedPage, Knower, Knowing, Letter, NewAmendment, NewCopy, NewDisclosure,
        NewGoal, NoticedDesk, Opened, Opening, OpeningRow, OpeningsDesk, OutboxDesk, OutboxPage, OutboxRow,
        Place, PlanComparison, PlanDays, PlanLine, PlanPage, PlansDesk, Policy, ProposingDesk, PullingDesk,
        Ready, Remark, ReplyingDesk, RequestDue, RequestRow, RequestsDesk, RequestsPage, RostersDesk,
        SaidPage, SeenBy, SeenDay, SeenPage, SendingDesk, SetupDesk, SigningDesk, SigningPage, SiteFacts,
        TextingRow, TimelineStep, TrailDesk, TrailPage, TrailRow, TransferPreview, TransferringDesk,
        UnmatchedDesk, UnmatchedPage, UnmatchedRow, VersionPage, WishPage, WishRow, WishesDesk, WishesView,
        arrive, bring_into_effect, close_idle_sets, verify_chains,
    )
    from iepcore.errors import (
        Busy, Conflict, ConnectorError, IepError, IllegalMove, InvalidRows, InvalidValue, NotFound,
        NotPermitted,
    )
    from iepcore.family import (
        ContactDirection, ContactLogEntry, ContactMethod, ContactResult, Draft, HomeAnswer, HomeObservation,
        Message, MessageKind, MessageOpened, Thread, Translation, TranslationMethod, TranslationRequest,
        is_visible_to, source_hash, update_parts,
    )
    from iepcore.ids import (
        AccessWindowId, AdultId, AssignmentId, BreakGlassId, ClientKey, ContactId, CopySentId, DisclosureId,
        DraftId, EventId, FamilyWishId, GoalId, GradebookWordId, HoldId, MatchDoubtId, MeetingId, MessageId,
        ObservationId, OutboxId, ParentConsentId, PartAnswerId, PartDraftId, PlanCommentId, PlanId,
        PlanVersionId, PointId, RecordRequestId, RelationshipId, RosterFeedId, RosterMemberId, RosterRunId,
        ServiceId, SessionId, SiteId, StudentId, SuspensionId, ThreadId, TranslationId, TrialId, TrialSetId,
        WrittenNoticeId, new_uuid7, parse_client_key, parse_uuid,
    )
    from iepcore.language import (
        LANGUAGES, CatalogueStatus, FreeText, Language, Name, Part, Phrase, Rendered, catalogue_languages,
        catalogue_status, direction_of, english_name, foreign_runs, format_day, format_number, normalise_tag,
        own_name, render,
    )
    from iepcore.meetings import (
        AMENDING_RULES, ASKING_RULES, EXCUSAL_RULES, INTERPRETER_RULE, MEETING_MOVES, NOTICE_RULES,
        REQUIRED_PARTS, WITHOUT_PARENT, AmendingGap, AskingGap, AttemptGap, AttemptRecord, Excusal,
        ExcusalGap, InterpreterBooking, InterpreterGap, InterpreterKind, Invited, Meeting, MeetingAttempt,
        MeetingGround, MeetingKind, MeetingNotice, MeetingState, NoticeGap, NoticeMode, NoticeTiming,
        TeamPart, amending_gaps, asking_gaps, attempt_record, attempts_of, excusal_gaps, excused_parts,
        interpreter_gaps, missing_parts, move_meeting, notice_gaps, notice_timing, reschedule,
    )
    from iepcore.memory import MemoryStore
    from iepcore.minutes import (
        Ledger, MinutesForecast, MinutesPolicy, MissedReason, PlannedSpan, Proration, SessionLog, TimeGiven,
        ledger, minutes_forecast, planned_minutes, planned_spans, time_given,
    )
    from iepcore.notices import (
        MOST_LISTED, PLAN_WORDS, ChannelTraits, ConsentWay, GradebookWord, IncomingReply, KeptReply, Notice,
        OutboxItem, OutboxState, Receipt, ReceiptState, ReplyKind, ReplyState, RoadConsent, RoadConsentState,
        RoadFetch, SendingMode, SendingPolicy, SentNotice, Urgency, WordState, check_content_free, come_back,
        consent_of, file_reply, hold_item, lease_item, mark_unknown, needs_consent, neutral_title,
        neutral_word, notice_phrases, pass_reply_on, requeue_item, set_reply_aside, settle_item, settle_word,
        short_notice_phrase,
    )
    from iepcore.people import (
        ADULT_AT, BY_LAW, NATURAL, AccessWindow, AddressKind, Adult, Appointment, ArrivingRecord, Assignment,
        CaseRow, ChannelAddress, CourseList, CourseListing, CourseRoster, CourseStanding, CourseState, Doubt,
        DoubtState, Enrollment, EnrollmentState, GuardianHint, GuardianLink, Identity, KnownPerson,
        LegalHold, LinkHint, ListedPupil, ListedStaff, MajorityRule, Match, MatchBasis, MatchDoubt,
        PasteNote, PasteQuestion, PastedColumn, PastedList, PastedProblem, PastedRow, PastedTable,
        PersonKind, PersonMatch, PullProgress, Relation, Relationship, RightsStage, RightsTransfer,
        RosterChanges, RosterFeed, RosterMember, RosterPerson, RosterPlan, RosterRun, RosterSection,
        RosterStanding, RowMatch, RunState, Separator, Shortfall, ShortfallKind, SiteRole, StaffRole,
        StagedCourse, Student, Suspension, TeamGap, ToldAccount, ToldRelation, TransferOutcome, UnreadRow,
        WantedPupil, WindowKind, WindowPart, check_rights, folded_mail, grade_of, hints_after, hints_of,
        kept_rosters, kind_of, lines_after, listed_pupils, match_list, match_people, members_of, pasted_rows,
        plan_course, read_paste, roster_changes, staff_not_on_team, stage_on, stages_of, standings_of,
        told_accounts, without_person,
    )
    from iepcore.plan import (
        SKILL_KEYS, TRANSFER_RULES, DataPoint, Delivery, Finding, FindingPolicy, Goal, GoalPhase, GoalState,
        Growth, Interval, Section504Plan, ServicePrescription, Tally, Transfer, TransferDecision,
        TransferGap, Trial, TrialOutcome, TrialSet, begin_phase, correct_point, current_points, end_set,
        find, growth_since, is_second_not_yet, move_goal, phase_of, phased_series, point_of_set, tally,
        transfer_gaps, withdraw_phase,
    )
    from iepcore.plan.document import (
        Amendment, AmendmentMethod, AnswerKind, Assessment, AssessmentKind, ChangeKind, ConsentKind,
        CopyFormat, CopyKind, CopySent, CopyWay, DutyReceipt, EsyAnswer, EsyDecision, FactorAnswer,
        FamilyWish, FieldChange, GoalKind, Ground, Lack, MeasuredLine, MergedContents, Missing, NoticeParts,
        NoticeStep, Objective, ObjectiveState, ParentConcern, ParentConsent, ParentConsentState, PartAnswer,
        PartClash, PartDraft, Placement, PlanChange, PlanComment, PlanContents, PlanGoal, PlanHead, PlanPart,
        PlanState, PlanStep, PlanVersion, PresentLevel, RawField, Signature, SignatureMethod, SpecialFactor,
        Support, SupportKind, TransitionPlan, Voice, WrittenNotice, adopt, answer_plan, differences,
        end_plan, expire_consent, give_consent, head_of, key_of, lacks, merge_contents, move_objective,
        no_response, part_hash, part_of, pieces_of, propose, put_part, record_copy, refuse_consent,
        revoke_consent, send_notice, standing_answers, standing_wishes, supersede_amended, take_effect,
        text_hash, value_hash, version_lacks, write_plan,
    )
    from iepcore.plan.duties import StaffDuties, duties_of
    from iepcore.plan.incoming import (
        GoalDoubt, PastedGoal, PastedLine, PastedPlan, PastedService, PastedSupport, ServiceDoubt, goal_of,
        read_pasted_plan, service_of,
    )
    from iepcore.plan.measurable import GoalHint, goal_hints
    from iepcore.plan.weighing import Evidence, PhaseContrast, PhaseSpan, evidence
    from iepcore.ports import (
        ArchiveRepository, AuditRepository, Clock, DisclosuresRepository, FamilyRepository,
        GradebookRepository, GradebookSink, KeepingRepository, NoticeChannel, OutboxRepository,
        PeopleRepository, PlanRepository, PlansRepository, ReplySource, RosterRepository, RosterSource,
        SendingRepository, Store, UnitOfWork,
    )
    from iepcore.progress import (
        Aimline, CbmProbe, CbmReading, CbmTask, ConsecutiveCriterion, CountReading, Criterion, Direction,
        DurationReading, FindingWord, FlagResult, IntervalReading, LatencyReading, Measure, MeasureKind,
        NOfMCriterion, Observation, PercentReading, PeriodStatus, PromptReading, RateReading, Reading,
        RubricReading, SampleReading, Series, StatusResult, StepResult, TaskReading, accuracy,
        baseline_median, finding_word, four_point_flag, period_status, raw_of, reading_from_raw, score,
    )
    from iepcore.reports import Chart, ChartLabels, ChartPart, Sparkline, chart_of, sparkline_of, svg_of
    from iepcore.schemas import (
        CALENDAR_COLUMNS, FORMAT_VERSION, KIND_NAMES, EdFiPlan, PointRow, arriving_record,
        calendar_lines_from_csv, dump, dump_part, export_lines, goals_to_csv, import_lines, is_ed_fi,
        is_plan_csv, load, load_part, moved_id, plan_template, points_to_csv, read_ed_fi, read_plan_csv,
        rows_from_csv, services_to_csv, supports_to_csv,
    )
    # isort: on
    # fmt: on

# fmt: off
__all__ = [
    "ADULT_AT", "AMENDING_RULES", "ASKING_RULES", "BEGUN", "BY_LAW", "CALENDAR_COLUMNS", "EXCUSAL_RULES",
    "FEDERAL", "FORMAT_VERSION", "IDLE_SETS", "INTERPRETER_RULE", "KIND_NAMES", "LANGUAGES", "MEETING_MOVES",
    "MOST_LISTED", "NATURAL", "NOTICE_RULES", "OPEN_QUESTIONS", "OUTBOX", "PLANS_TAKE_EFFECT", "PLAN_WORDS",
    "REPLIES", "REQUIRED_PARTS", "ROSTERS", "SENDING", "SKILL_KEYS", "TRANSFER_RULES", "WITHOUT_PARENT",
    "AccessWindow", "AccessWindowId", "Action", "Actor", "AddressKind", "Adult", "AdultId", "AgreeingDesk",
    "Aimline", "AmendingGap", "Amendment", "AmendmentMethod", "AnswerKind", "AnsweringDesk", "Appointment",
    "ArchiveRepository", "AroundDesk", "AroundPage", "Arrival", "ArrivingRecord", "AskingGap", "Assessment",
    "AssessmentKind", "Assignment", "AssignmentId", "AttemptGap", "AttemptRecord", "Audience", "AuditEvent",
    "AuditKind", "AuditRepository", "Basis", "BlankedDisclosure", "BreakGlass", "BreakGlassId",
    "BusinessCalendar", "Busy", "CalendarDay", "CalendarLine", "CaseRow", "Caseload", "CatalogueStatus",
    "CbmProbe", "CbmReading", "CbmTask", "ChainCheck", "ChainFault", "ChainHead", "ChainName", "ChainReport",
    "ChangeKind", "ChannelAddress", "ChannelTraits", "Chart", "ChartLabels", "ChartPart", "ChildDates",
    "ClientKey", "Clock", "Confirmation", "Conflict", "ConnectorError", "ConsecutiveCriterion",
    "ConsentAsked", "ConsentKind", "ConsentWay", "ConsentingDesk", "ContactDirection", "ContactId",
    "ContactLogEntry", "ContactMethod", "ContactResult", "CopyFormat", "CopyKind", "CopySent", "CopySentId",
    "CopyWay", "CounselChoice", "CounselQuestion", "CountReading", "CourseList", "CourseListing",
    "CourseRoster", "CourseStanding", "CourseState", "Criterion", "DataPoint", "DayKind", "DayUnit",
    "Deadline", "DeadlineGap", "DeadlineKind", "DeadlineRules", "Decision", "Delivery", "Direction",
    "Disclosure", "DisclosureBasis", "DisclosureId", "DisclosureSeal", "DisclosuresDesk", "DisclosuresPage",
    "DisclosuresRepository", "Doubt", "DoubtState", "DoubtsDesk", "Draft", "DraftId", "DraftingDesk",
    "DueDate", "DueState", "DurationReading", "DutiesDesk", "DutiesPage", "DutyReceipt", "DutyRow",
    "EdFiPlan", "Enrollment", "EnrollmentState", "EsyAnswer", "EsyDecision", "EventId", "Evidence",
    "Excusal", "ExcusalGap", "FactorAnswer", "FamilyPlanPage", "FamilyRepository", "FamilySaid",
    "FamilyWish", "FamilyWishId", "FeedPage", "FieldChange", "Finding", "FindingPolicy", "FindingWord",
    "FlagResult", "FreeText", "Goal", "GoalDoubt", "GoalHint", "GoalId", "GoalKind", "GoalPhase",
    "GoalState", "GradebookRepository", "GradebookSink", "GradebookWord", "GradebookWordId", "Grant",
    "Ground", "Growth", "GuardianHint", "GuardianLink", "HoldId", "HomeAnswer", "HomeObservation",
    "Identity", "IepError", "IllegalMove", "ImportPlan", "IncomingReply", "InterpreterBooking",
    "InterpreterGap", "InterpreterKind", "Interval", "IntervalReading", "InvalidRows", "InvalidValue",
    "Invited", "KeepingRepository", "KeptReply", "Knower", "Knowing", "KnownPerson", "Lack", "Language",
    "LatencyReading", "LeapRule", "Ledger", "LegalHold", "Letter", "LineKind", "Link", "LinkHint",
    "ListedPupil", "ListedStaff", "MajorityRule", "Match", "MatchBasis", "MatchDoubt", "MatchDoubtId",
    "Measure", "MeasureKind", "MeasuredLine", "Meeting", "MeetingAttempt", "MeetingGround", "MeetingId",
    "MeetingKind", "MeetingNotice", "MeetingState", "MemoryStore", "MergedContents", "Message", "MessageId",
    "MessageKind", "MessageOpened", "MinutesForecast", "MinutesPolicy", "MissedReason", "Missing",
    "NOfMCriterion", "Name", "NewAmendment", "NewCopy", "NewDisclosure", "NewGoal", "NotFound",
    "NotPermitted", "Notice", "NoticeChannel", "NoticeGap", "NoticeMode", "NoticeParts", "NoticeStep",
    "NoticeTiming", "NoticedDesk", "Objective", "ObjectiveState", "Observation", "ObservationId",
    "OfficialPlan", "OpenQuestion", "Opened", "Opening", "OpeningReason", "OpeningRow", "OpeningsDesk",
    "OutboxDesk", "OutboxId", "OutboxItem", "OutboxPage", "OutboxRepository", "OutboxRow", "OutboxState",
    "Outcome", "ParentConcern", "ParentConsent", "ParentConsentId", "ParentConsentState", "Part",
    "PartAnswer", "PartAnswerId", "PartClash", "PartDraft", "PartDraftId", "Party", "PasteNote",
    "PasteQuestion", "PastedColumn", "PastedGoal", "PastedLine", "PastedList", "PastedPlan", "PastedProblem",
    "PastedRow", "PastedService", "PastedSupport", "PastedTable", "PeopleRepository", "PercentReading",
    "PeriodStatus", "Permitted", "Person", "PersonKind", "PersonMatch", "PhaseContrast", "PhaseSpan",
    "Phrase", "Place", "Placement", "PlanChange", "PlanComment", "PlanCommentId", "PlanComparison",
    "PlanContents", "PlanDates", "PlanDays", "PlanGoal", "PlanHead", "PlanId", "PlanLine", "PlanPage",
    "PlanPart", "PlanRepository", "PlanState", "PlanStep", "PlanVersion", "PlanVersionId", "PlannedSpan",
    "PlansDesk", "PlansRepository", "PointId", "PointRow", "Policy", "PolicyKey", "PolicyLevel",
    "PolicyProfile", "PolicyRule", "PresentLevel", "ProgressCode", "PromptReading", "ProposingDesk",
    "Proration", "Protection", "PullProgress", "PullingDesk", "RateReading", "RawField", "Reading", "Ready",
    "Receipt", "ReceiptState", "RecordRequest", "RecordRequestId", "Relation", "Relations", "Relationship",
    "RelationshipId", "Remark", "Rendered", "ReplyKind", "ReplySource", "ReplyState", "ReplyingDesk",
    "RequestAnswer", "RequestDue", "RequestEnd", "RequestRow", "RequestState", "RequestWay", "RequestsDesk",
    "RequestsPage", "Resource", "ResourceKind", "RightsStage", "RightsTransfer", "RoadConsent",
    "RoadConsentState", "RoadFetch", "RosterChanges", "RosterFeed", "RosterFeedId", "RosterMember",
    "RosterMemberId", "RosterPerson", "RosterPlan", "RosterRepository", "RosterRun", "RosterRunId",
    "RosterSection", "RosterSource", "RosterStanding", "RostersDesk", "RowMatch", "RubricReading",
    "RunState", "SaidPage", "SampleReading", "SchoolCalendar", "SchoolYear", "Sealed", "Section504Plan",
    "SeenBy", "SeenDay", "SeenPage", "SendingDesk", "SendingMode", "SendingPolicy", "SendingRepository",
    "SentNotice", "Separator", "Series", "ServiceDoubt", "ServiceId", "ServicePrescription", "SessionId",
    "SessionLog", "SetupDesk", "Shortfall", "ShortfallKind", "Signature", "SignatureMethod", "SigningDesk",
    "SigningPage", "SiteChoices", "SiteFacts", "SiteId", "SiteRole", "Sparkline", "SpecialFactor",
    "StaffDuties", "StaffRole", "StagedCourse", "StatusResult", "StepResult", "Store", "Student",
    "StudentId", "Support", "SupportKind", "Suspension", "SuspensionId", "System", "Tally", "TaskReading",
    "TeamGap", "TeamPart", "Term", "TermKind", "TextingRow", "Thread", "ThreadId", "TimeGiven",
    "TimelineEvent", "TimelineKind", "TimelineStep", "ToldAccount", "ToldRelation", "TrailDesk", "TrailPage",
    "TrailQuery", "TrailRow", "Transfer", "TransferDecision", "TransferGap", "TransferOutcome",
    "TransferPreview", "TransferringDesk", "TransitionPlan", "Translation", "TranslationId",
    "TranslationMethod", "TranslationRequest", "Trial", "TrialId", "TrialOutcome", "TrialSet", "TrialSetId",
    "UnitOfWork", "UnmatchedDesk", "UnmatchedPage", "UnmatchedRow", "UnreadRow", "Urgency", "VersionPage",
    "Voice", "WantedPupil", "WindowKind", "WindowPart", "WishPage", "WishRow", "WishesDesk", "WishesView",
    "WordState", "WrittenNotice", "WrittenNoticeId", "YearChange", "accuracy", "add_days", "add_years",
    "adopt", "amending_gaps", "answer_plan", "arrive", "arriving_record", "asking_gaps", "attains_age",
    "attempt_record", "attempts_of", "baseline_median", "begin_phase", "bring_into_effect",
    "calendar_lines_from_csv", "catalogue_languages", "catalogue_status", "chart_of", "check_chain",
    "check_content_free", "check_rights", "child_dates", "close_idle_sets", "come_back", "consent_of",
    "correct_point", "current_points", "decide", "differences", "direction_of", "due_dates", "dump",
    "dump_part", "duties_of", "end_plan", "end_set", "english_name", "event_bucket", "evidence",
    "excusal_gaps", "excused_parts", "expire_consent", "export_lines", "federal_holidays", "file_reply",
    "find", "finding_word", "folded_mail", "foreign_runs", "format_day", "format_number", "four_point_flag",
    "genesis", "give_consent", "goal_hints", "goal_of", "goals_to_csv", "grade_of", "growth_since",
    "head_of", "hints_after", "hints_of", "hold_item", "import_lines", "interpreter_gaps", "is_ed_fi",
    "is_plan_csv", "is_second_not_yet", "is_visible_to", "kept_rosters", "key_of", "kind_of", "lacks",
    "lease_item", "ledger", "lines_after", "listed_pupils", "load", "load_part", "mark_unknown",
    "match_list", "match_people", "members_of", "merge_contents", "minutes_forecast", "missing_parts",
    "move_goal", "move_meeting", "move_objective", "moved_id", "needs_consent", "neutral_title",
    "neutral_word", "new_uuid7", "no_response", "normalise_tag", "notice_gaps", "notice_phrases",
    "notice_timing", "own_name", "parse_client_key", "parse_uuid", "part_hash", "part_of", "pass_reply_on",
    "pasted_rows", "period_status", "phase_of", "phased_series", "pieces_of", "plan_course", "plan_import",
    "plan_template", "planned_minutes", "planned_spans", "point_of_set", "points_to_csv", "propose",
    "put_part", "raw_of", "read_ed_fi", "read_paste", "read_pasted_plan", "read_plan_csv",
    "reading_from_raw", "record_copy", "refuse_consent", "render", "requeue_item", "require", "reschedule",
    "revoke_consent", "roster_changes", "rows_from_csv", "school_calendar", "score", "sealed_rows",
    "send_notice", "service_of", "services_to_csv", "set_reply_aside", "settle_item", "settle_word",
    "short_notice_phrase", "source_hash", "sparkline_of", "staff_not_on_team", "stage_on", "stages_of",
    "standing_answers", "standing_events", "standing_wishes", "standings_of", "state_profile",
    "supersede_amended", "supports_to_csv", "svg_of", "take_effect", "tally", "text_hash", "time_given",
    "told_accounts", "transfer_gaps", "update_parts", "value_hash", "verify_chains", "version_lacks",
    "warned_on", "withdraw_phase", "without_person", "write_plan",
]

_ROOMS = {
    "errors":
        "Busy Conflict ConnectorError IepError IllegalMove InvalidRows InvalidValue NotFound "
        "NotPermitted",
    "ids":
        "AccessWindowId AdultId AssignmentId BreakGlassId ClientKey ContactId CopySentId DisclosureId "
        "DraftId EventId FamilyWishId GoalId GradebookWordId HoldId MatchDoubtId MeetingId MessageId "
        "ObservationId OutboxId ParentConsentId PartAnswerId PartDraftId PlanCommentId PlanId "
        "PlanVersionId PointId RecordRequestId RelationshipId RosterFeedId RosterMemberId RosterRunId "
        "ServiceId SessionId SiteId StudentId SuspensionId ThreadId TranslationId TrialId TrialSetId "
        "WrittenNoticeId new_uuid7 parse_client_key parse_uuid",
    "language":
        "LANGUAGES CatalogueStatus FreeText Language Name Part Phrase Rendered catalogue_languages "
        "catalogue_status direction_of english_name foreign_runs format_day format_number "
        "normalise_tag own_name render",
    "progress":
        "Aimline CbmProbe CbmReading CbmTask ConsecutiveCriterion CountReading Criterion Direction "
        "DurationReading FindingWord FlagResult IntervalReading LatencyReading Measure MeasureKind "
        "NOfMCriterion Observation PercentReading PeriodStatus PromptReading RateReading Reading "
        "RubricReading SampleReading Series StatusResult StepResult TaskReading accuracy "
        "baseline_median finding_word four_point_flag period_status raw_of reading_from_raw score",
    "calendars":
        "FEDERAL OPEN_QUESTIONS BusinessCalendar CalendarDay CalendarLine ChildDates CounselChoice "
        "CounselQuestion DayKind DayUnit Deadline DeadlineGap DeadlineKind DeadlineRules DueDate "
        "DueState ImportPlan LeapRule LineKind OfficialPlan OpenQuestion PlanDates PolicyKey "
        "PolicyLevel PolicyProfile PolicyRule ProgressCode Protection SchoolCalendar SchoolYear "
        "SiteChoices Term TermKind TimelineEvent TimelineKind YearChange add_days add_years "
        "attains_age child_dates due_dates federal_holidays plan_import school_calendar "
        "standing_events state_profile warned_on",
    "people":
        "ADULT_AT BY_LAW NATURAL AccessWindow AddressKind Adult Appointment ArrivingRecord Assignment "
        "CaseRow ChannelAddress CourseList CourseListing CourseRoster CourseStanding CourseState "
        "Doubt DoubtState Enrollment EnrollmentState GuardianHint GuardianLink Identity KnownPerson "
        "LegalHold LinkHint ListedPupil ListedStaff MajorityRule Match MatchBasis MatchDoubt "
        "PasteNote PasteQuestion PastedColumn PastedList PastedProblem PastedRow PastedTable "
        "PersonKind PersonMatch PullProgress Relation Relationship RightsStage RightsTransfer "
        "RosterChanges RosterFeed RosterMember RosterPerson RosterPlan RosterRun RosterSection "
        "RosterStanding RowMatch RunState Separator Shortfall ShortfallKind SiteRole StaffRole "
        "StagedCourse Student Suspension TeamGap ToldAccount ToldRelation TransferOutcome UnreadRow "
        "WantedPupil WindowKind WindowPart check_rights folded_mail grade_of hints_after hints_of "
        "kept_rosters kind_of lines_after listed_pupils match_list match_people members_of "
        "pasted_rows plan_course read_paste roster_changes staff_not_on_team stage_on stages_of "
        "standings_of told_accounts without_person",
    "access":
        "BEGUN Action Actor Audience AuditEvent AuditKind Basis BlankedDisclosure BreakGlass "
        "ChainCheck ChainFault ChainHead ChainName ChainReport Decision Disclosure DisclosureBasis "
        "DisclosureSeal Grant Link OpeningReason Outcome Party Permitted Person RecordRequest "
        "Relations RequestAnswer RequestEnd RequestState RequestWay Resource ResourceKind Sealed "
        "System TrailQuery check_chain decide event_bucket genesis require sealed_rows",
    "plan":
        "SKILL_KEYS TRANSFER_RULES DataPoint Delivery Finding FindingPolicy Goal GoalPhase GoalState "
        "Growth Interval Section504Plan ServicePrescription Tally Transfer TransferDecision "
        "TransferGap Trial TrialOutcome TrialSet begin_phase correct_point current_points end_set "
        "find growth_since is_second_not_yet move_goal phase_of phased_series point_of_set tally "
        "transfer_gaps withdraw_phase",
    "plan.duties": "StaffDuties duties_of",
    "plan.measurable":
        "GoalHint goal_hints",
    "plan.incoming":
        "GoalDoubt PastedGoal PastedLine PastedPlan PastedService PastedSupport ServiceDoubt goal_of "
        "read_pasted_plan service_of",
    "plan.weighing": "Evidence PhaseContrast PhaseSpan evidence",
    "plan.document":
        "Amendment AmendmentMethod AnswerKind Assessment AssessmentKind ChangeKind ConsentKind "
        "CopyFormat CopyKind CopySent CopyWay DutyReceipt EsyAnswer EsyDecision FactorAnswer "
        "FamilyWish FieldChange GoalKind Ground Lack MeasuredLine MergedContents Missing NoticeParts "
        "NoticeStep Objective ObjectiveState ParentConcern ParentConsent ParentConsentState "
        "PartAnswer PartClash PartDraft Placement PlanChange PlanComment PlanContents PlanGoal "
        "PlanHead PlanPart PlanState PlanStep PlanVersion PresentLevel RawField Signature "
        "SignatureMethod SpecialFactor Support SupportKind TransitionPlan Voice WrittenNotice adopt "
        "answer_plan differences end_plan expire_consent give_consent head_of key_of lacks "
        "merge_contents move_objective no_response part_hash part_of pieces_of propose put_part "
        "record_copy refuse_consent revoke_consent send_notice standing_answers standing_wishes "
        "supersede_amended take_effect text_hash value_hash version_lacks write_plan",
    "meetings":
        "AMENDING_RULES ASKING_RULES EXCUSAL_RULES INTERPRETER_RULE MEETING_MOVES NOTICE_RULES "
        "REQUIRED_PARTS WITHOUT_PARENT AmendingGap AskingGap AttemptGap AttemptRecord Excusal "
        "ExcusalGap InterpreterBooking InterpreterGap InterpreterKind Invited Meeting MeetingAttempt "
        "MeetingGround MeetingKind MeetingNotice MeetingState NoticeGap NoticeMode NoticeTiming "
        "TeamPart amending_gaps asking_gaps attempt_record attempts_of excusal_gaps excused_parts "
        "interpreter_gaps missing_parts move_meeting notice_gaps notice_timing reschedule",
    "minutes":
        "Ledger MinutesForecast MinutesPolicy MissedReason PlannedSpan Proration SessionLog TimeGiven "
        "ledger minutes_forecast planned_minutes planned_spans time_given",
    "notices":
        "MOST_LISTED PLAN_WORDS ChannelTraits ConsentWay GradebookWord IncomingReply KeptReply Notice "
        "OutboxItem OutboxState Receipt ReceiptState ReplyKind ReplyState RoadConsent "
        "RoadConsentState RoadFetch SendingMode SendingPolicy SentNotice Urgency WordState "
        "check_content_free come_back consent_of file_reply hold_item lease_item mark_unknown "
        "needs_consent neutral_title neutral_word notice_phrases pass_reply_on requeue_item "
        "set_reply_aside settle_item settle_word short_notice_phrase",
    "family":
        "ContactDirection ContactLogEntry ContactMethod ContactResult Draft HomeAnswer "
        "HomeObservation Message MessageKind MessageOpened Thread Translation TranslationMethod "
        "TranslationRequest is_visible_to source_hash update_parts",
    "reports": "Chart ChartLabels ChartPart Sparkline chart_of sparkline_of svg_of",
    "ports":
        "ArchiveRepository AuditRepository Clock DisclosuresRepository FamilyRepository "
        "GradebookRepository GradebookSink KeepingRepository NoticeChannel OutboxRepository "
        "PeopleRepository PlanRepository PlansRepository ReplySource RosterRepository RosterSource "
        "SendingRepository Store UnitOfWork",
    "memory": "MemoryStore",
    "schemas":
        "CALENDAR_COLUMNS FORMAT_VERSION KIND_NAMES EdFiPlan PointRow arriving_record "
        "calendar_lines_from_csv dump dump_part export_lines goals_to_csv import_lines is_ed_fi "
        "is_plan_csv load load_part moved_id plan_template points_to_csv read_ed_fi read_plan_csv "
        "rows_from_csv services_to_csv supports_to_csv",
    "caseload":
        "IDLE_SETS OUTBOX PLANS_TAKE_EFFECT REPLIES ROSTERS SENDING AgreeingDesk AnsweringDesk "
        "AroundDesk AroundPage Arrival Caseload Confirmation ConsentAsked ConsentingDesk "
        "DisclosuresDesk DisclosuresPage DoubtsDesk DraftingDesk DutiesDesk DutiesPage DutyRow "
        "FamilyPlanPage FamilySaid FeedPage Knower Knowing Letter NewAmendment NewCopy NewDisclosure "
        "NewGoal NoticedDesk Opened Opening OpeningRow OpeningsDesk OutboxDesk OutboxPage OutboxRow "
        "Place PlanComparison PlanDays PlanLine PlanPage PlansDesk Policy ProposingDesk PullingDesk "
        "Ready Remark ReplyingDesk RequestDue RequestRow RequestsDesk RequestsPage RostersDesk "
        "SaidPage SeenBy SeenDay SeenPage SendingDesk SetupDesk SigningDesk SigningPage SiteFacts "
        "TextingRow TimelineStep TrailDesk TrailPage TrailRow TransferPreview TransferringDesk "
        "UnmatchedDesk UnmatchedPage UnmatchedRow VersionPage WishPage WishRow WishesDesk WishesView "
        "arrive bring_into_effect close_idle_sets verify_chains",
}
# fmt: on
_ROOM_OF = {name: room for room, names in _ROOMS.items() for name in names.split()}


# Hidden from the type checker, which would otherwise believe in every name anyone types.
if not TYPE_CHECKING:  # pragma: no branch

    def __getattr__(name: str) -> object:
        if name not in _ROOM_OF:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        value: object = getattr(import_module(f"{__name__}.{_ROOM_OF[name]}"), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
