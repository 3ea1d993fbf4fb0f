"""What rows say of each other: enrollments of people and classes that are there, and who acts for whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from connectors.oneroster.book import Book
from connectors.oneroster.columns import GUARDIAN_ROLES

_BY_WEIGHT = ("parent", "guardian", "relative")


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What is known without the zip, when it tells changes only: people by id with their roles, and
    classes."""

    roles: Mapping[str, frozenset[str]] = field(default_factory=dict)
    classes: Collection[str] = frozenset()


def check_enrollments(book: Book, before: Before) -> None:
    """Set aside the enrollments of nobody, as problems with their lines.

    One of a class that nobody told is a problem of its own; one of a person who is being deleted is none.
    Changes in a class that is not known here are passed over: it need not have been chosen.
    """
    for class_id in list(book.enrollments):
        of_class = book.enrollments[class_id]
        if class_id not in book.classes and class_id not in before.classes:
            book.lost_enrollments += len(of_class.unread) + of_class.more
            if book.manifest.is_delta:
                book.passed_over += len(of_class.rows)
            else:
                for line in sorted(of_class.rows.values()):
                    book.problems.add("enrollments.csv", line, "id_dangling", ["classSourcedId"])
            del book.enrollments[class_id]
            continue
        lost = {
            row: line
            for row, line in of_class.rows.items()
            if row.user_id not in book.users and row.user_id not in before.roles
        }
        for row, line in sorted(lost.items(), key=lambda pair: pair[1]):
            del of_class.rows[row]
            of_class.miss(book.problems.add("enrollments.csv", line, "id_dangling", ["userSourcedId"]))


def check_classes(book: Book, before: Before) -> None:
    """Note the classes whose course, school or term nobody told. They stay: nobody's place depends on it."""
    whole = not book.manifest.is_delta
    known: Mapping[str, Collection[str]] = {
        "courseSourcedId": book.courses,
        "schoolSourcedId": book.orgs,
        "termSourcedIds": book.sessions,
    }
    for one in book.classes.values():
        told = {
            "courseSourcedId": (one.course_id,),
            "schoolSourcedId": (one.school_id,),
            "termSourcedIds": one.term_ids,
        }
        lost = [
            column
            for column, ids in told.items()
            if whole and known[column] and any(each and each not in known[column] for each in ids)
        ]
        if lost and not one.is_deleted:
            book.problems.add("classes.csv", book.lines["classes.csv", one.id], "id_dangling", lost)


def guardian_links(book: Book, before: Before) -> Mapping[str, Mapping[str, str]]:
    """Return student -> guardian -> the guardian's role, by what either of the two rows says.

    A link stands between a student and a parent, guardian or relative whose account is in use, and nobody
    else. Where both are students and parents, nobody can say which acts for which, and there is none.
    """
    roles = _roles(book, before)
    links: dict[str, dict[str, str]] = defaultdict(dict)
    for user in book.users.values():
        if user.is_deleted:
            continue
        lost = False
        for agent_id in user.agent_ids:
            other = book.users.get(agent_id)
            if other is None and agent_id not in before.roles:
                lost = True
                continue
            if agent_id == user.id or (other is not None and other.is_deleted):
                continue
            acts = _acts_for(roles(agent_id), roles(user.id)), _acts_for(roles(user.id), roles(agent_id))
            if acts == (True, False) and (other is None or other.is_enabled):
                links[user.id][agent_id] = _word(roles(agent_id))
            elif acts == (False, True) and user.is_enabled:
                links[agent_id][user.id] = _word(roles(user.id))
        if lost:
            line = book.lines["users.csv", user.id]
            book.problems.add("users.csv", line, "id_dangling", ["agentSourcedIds"])
    return links


def _roles(book: Book, before: Before) -> Callable[[str], frozenset[str]]:
    def roles(user_id: str) -> frozenset[str]:
        return book.roles_of(user_id) or before.roles.get(user_id, frozenset())

    return roles


def _acts_for(guardian: frozenset[str], student: frozenset[str]) -> bool:
    return bool(guardian & GUARDIAN_ROLES) and "student" in student


def _word(roles: frozenset[str]) -> str:
    return next(word for word in _BY_WEIGHT if word in roles)
