"""The address book of one source as rosters again, for a source that tells what has changed since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from iepcore.people.feeds import GuardianHint
from iepcore.people.pulls import (
    CourseListing,
    CourseRoster,
    Enrollment,
    EnrollmentState,
    GuardianLink,
    RosterPerson,
    RosterSection,
)
from iepcore.people.roster import RosterMember


def kept_rosters(
    lines: Iterable[RosterMember], hints: Iterable[GuardianHint] = ()
) -> tuple[CourseRoster, ...]:
    """Return the courses that the kept lines of one source make, by id, each person once.

    A line that is not active is an enrollment that has ended. Of sections nothing is kept.
    """
    by_course: dict[str, dict[str, RosterMember]] = defaultdict(dict)
    for line in lines:
        by_course[line.context_id][line.subject] = line
    links: dict[str, list[GuardianHint]] = defaultdict(list)
    for hint in hints:
        links[hint.context_id].append(hint)
    return tuple(
        _roster(course, [by_course[course][subject] for subject in sorted(by_course[course])], links[course])
        for course in sorted(by_course)
    )


def _roster(course: str, lines: list[RosterMember], links: list[GuardianHint]) -> CourseRoster:
    title = lines[0].context_title
    subjects = {line.subject for line in lines}
    return CourseRoster(
        course=CourseListing(id=course, title=title),
        pulled_at=max(line.seen_at for line in lines),
        sections=(RosterSection(id=course, title=title),),
        people=tuple(
            RosterPerson(
                subject=line.subject,
                name=line.name,
                sis_id=line.sis_id,
                email=line.email,
                email_verified=line.email_verified,
                channel_user_id=line.channel_user_id,
                grade=line.grade,
            )
            for line in lines
        ),
        enrollments=tuple(
            Enrollment(
                subject=line.subject,
                section_id=course,
                standing=line.standing,
                state=EnrollmentState.ACTIVE if line.active else EnrollmentState.ENDED,
            )
            for line in lines
        ),
        guardians=tuple(
            GuardianLink(
                guardian_subject=link.guardian_subject,
                student_subject=link.student_subject,
                relation=link.relation,
            )
            for link in sorted(links, key=lambda one: (one.guardian_subject, one.student_subject))
            if {link.guardian_subject, link.student_subject} <= subjects
        ),
    )
