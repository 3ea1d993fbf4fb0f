"""What a site has chosen: its state and numbers, where the official plan is kept, what families see, and what
counsel answered. One value, kept with its versions.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache

from iepcore.calendars.business import BusinessCalendar
from iepcore.calendars.counsel import OPEN_QUESTIONS, CounselChoice, CounselQuestion
from iepcore.calendars.days import LeapRule
from iepcore.calendars.deadlines import DeadlineRules
from iepcore.calendars.official import OfficialPlan
from iepcore.calendars.policy import PolicyLevel, PolicyProfile, PolicyRule
from iepcore.calendars.profiles import FEDERAL, state_profile
from iepcore.calendars.school import SchoolCalendar
from iepcore.errors import InvalidValue
from iepcore.ids import AdultId

RANGES = {"minutes_days": (0, 30), "reply_days": (1, 10), "quiet_days": (7, 120)}
"""Smallest and largest number of each count of days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteChoices:
    """The choices of a site. The default is what holds while nobody has chosen (``version`` 0).

    ``state``: postal code, empty while not said; ``rules``: numbers of the state or the district laid over
    what is known; ``state_holidays``: days that are no business days there, beside the federal ones.
    ``official_plan``: where the official plan is kept; None when it is kept here.
    ``student_voice``: a student may answer too, where a parent agrees; ``staff_names_shown``: the family's
    page of who opened the record names staff, not only their role; ``minutes_days``: school days until
    families see the minutes of a meeting; ``reply_days``: school days within which staff mean to answer;
    ``quiet_days``: calendar days without two-way contact after which a family counts as not heard.

    Raises:
        InvalidValue: ``state_unknown``; ``policy_less_protective``, ``policy_units_differ``,
            ``policy_state_only``, ``policy_level`` for a rule that claims to be federal; ``choice_range``;
            ``counsel_twice``; ``version_range``.
    """

    state: str = ""
    rules: tuple[PolicyRule, ...] = ()
    state_holidays: frozenset[date] = frozenset()
    official_plan: OfficialPlan | None = field(default_factory=OfficialPlan)
    student_voice: bool = False
    staff_names_shown: bool = False
    minutes_days: int = 5
    reply_days: int = 2
    quiet_days: int = 30
    counsel: tuple[CounselChoice, ...] = ()
    changed_at: datetime | None = None
    changed_by: AdultId | None = None
    version: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "state", self.state.strip().upper())
        for name, (low, high) in RANGES.items():
            if not low <= getattr(self, name) <= high:
                raise InvalidValue("choice_range", field=name, params={"low": low, "high": high})
        if self.version < 0:
            raise InvalidValue("version_range", field="version")
        if len({one.question for one in self.counsel}) != len(self.counsel):
            raise InvalidValue("counsel_twice", field="counsel")
        _profile_of(self.state, self.rules)  # its refusals are ours

    @property
    def profile(self) -> PolicyProfile:
        """Every number that holds here, with its source."""
        return _profile_of(self.state, self.rules)

    @property
    def is_kept_elsewhere(self) -> bool:
        """Whether the official plan lies in another system, named or not."""
        return self.official_plan is not None

    def decided(self, question: CounselQuestion) -> CounselChoice | None:
        """Return what was decided for a question, or None."""
        return next((one for one in self.counsel if one.question is question), None)

    def answer(self, question: CounselQuestion) -> str:
        """Return what holds for a question: what was decided, else the product's default."""
        decided = self.decided(question)
        return OPEN_QUESTIONS[question].default if decided is None else decided.answer

    def deadline_rules(self, school: SchoolCalendar | None) -> DeadlineRules:
        """Return what computes due dates here; ``school`` None while nobody has entered a calendar."""
        return DeadlineRules(
            profile=self.profile,
            school=school,
            business=BusinessCalendar(state_holidays=self.state_holidays),
            leap_birthday=LeapRule(self.answer(CounselQuestion.LEAP_BIRTHDAY)),
        )


@lru_cache(maxsize=64)
def _profile_of(state: str, rules: tuple[PolicyRule, ...]) -> PolicyProfile:
    """Lay a site's own rules over those of its state; every screen asks, so it is done once."""
    made = state_profile(state) if state else FEDERAL
    # A state's number is laid down before a district's is held against it.
    for level in (PolicyLevel.FEDERAL, PolicyLevel.STATE, PolicyLevel.DISTRICT):
        for rule in (one for one in rules if one.level is level):
            if level is PolicyLevel.FEDERAL:
                raise InvalidValue("policy_level", field=rule.key.value)
            made = made.with_rule(rule)
    return made
