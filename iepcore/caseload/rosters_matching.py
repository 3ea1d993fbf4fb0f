"""After a pull: whose accounts in several address books are one pupil, and which a person must decide.

A pupil's account opens no door, so the school's own number or a verified address ties it to the pupil's
record at once. An adult's account would: it is never tied by a job, however sure the match; it becomes a
question to a person.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from iepcore.caseload.desk import Desk
from iepcore.ids import AdultId, MatchDoubtId, StudentId, new_uuid7
from iepcore.people import (
    Identity,
    KnownPerson,
    Match,
    MatchBasis,
    MatchDoubt,
    PersonKind,
    PersonMatch,
    RosterFeed,
    RosterMember,
    ToldAccount,
    kind_of,
    match_people,
)
from iepcore.ports import UnitOfWork

SURE_ADULT = "sure_adult"
"""The reason of a question whose answer the numbers give already, but which only a person may give."""

_ONE_PLATFORM = ("lti:", "canvas:")
"""Sources of one platform: what follows is the platform's registration, and its account numbers are the
same."""


def match_feed(desk: Desk, uow: UnitOfWork, feed: RosterFeed) -> None:
    """Tie the pupils' accounts that are surely theirs, and raise a question for each that may be."""
    identities = uow.rosters.all_identities()
    sources = sorted({feed.source, *(one.source for one in identities)})
    told = {account.key: account for source in sources for account in accounts_of(uow.people.roster(source))}
    held: dict[tuple[PersonKind, AdultId | StudentId], list[ToldAccount]] = defaultdict(list)
    for one in identities:
        bare = ToldAccount(source=one.source, subject=one.subject, kind=one.kind)
        held[one.kind, one.person_id].append(told.get((one.source, one.subject), bare))
    known = [
        KnownPerson(person_id=person_id, kind=kind, accounts=tuple(accounts))
        for (kind, person_id), accounts in held.items()
    ]
    kinds = {one.person_id: one.kind for one in known}
    taken = {(one.source, one.subject) for one in identities}
    for match in match_people(told.values(), known):
        fresh = [key for key in match.accounts if key not in taken]
        if fresh and match.person_ids:
            _settle(desk, uow, match, fresh, kinds)


def accounts_of(lines: Iterable[RosterMember]) -> tuple[ToldAccount, ...]:
    """Return each account of the active lines of one source, with what all its courses tell of it."""
    by_subject: dict[str, list[RosterMember]] = defaultdict(list)
    for line in lines:
        if line.active:
            by_subject[line.subject].append(line)
    return tuple(
        ToldAccount(
            source=held[0].source,
            subject=subject,
            kind=kind_of({one.standing for one in held}),
            sis_ids=frozenset(number for one in held for number in _numbers(one)),
            mails=frozenset(one.email for one in held if one.email and one.email_verified),
            names=frozenset(one.name for one in held if one.name),
        )
        for subject, held in sorted(by_subject.items())
    )


def _numbers(line: RosterMember) -> Iterable[str]:
    """Yield the numbers that name one person in the whole school: its own, and that of the platform's
    account (which two sources of one platform share)."""
    if line.sis_id:
        yield line.sis_id
    for prefix in _ONE_PLATFORM:
        if line.channel_user_id and line.source.startswith(prefix):
            yield f"account {line.source.removeprefix(prefix)} {line.channel_user_id}"


def _settle(
    desk: Desk,
    uow: UnitOfWork,
    match: PersonMatch,
    fresh: list[tuple[str, str]],
    kinds: dict[AdultId | StudentId, PersonKind],
) -> None:
    is_sure = match.match is Match.SAME and set(match.bases) - {MatchBasis.IDENTITY}
    for source, subject in fresh:
        for person_id in match.person_ids:
            kind = kinds[person_id]
            if is_sure and kind is PersonKind.STUDENT:
                uow.people.add_identity(
                    Identity(source=source, subject=subject, kind=kind, person_id=person_id)
                )
                continue
            reason = SURE_ADULT if is_sure else (match.doubts[0].value if match.doubts else "")
            uow.rosters.add_doubt(
                MatchDoubt(
                    id=MatchDoubtId(new_uuid7()),
                    source=source,
                    subject=subject,
                    kind=kind,
                    person_id=person_id,
                    reason=reason,
                    raised_at=desk.clock.now(),
                )
            )
