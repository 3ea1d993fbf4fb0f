"""Tables of where rosters come from, how their pulls went, and what is still to be decided about them."""

from __future__ import annotations

import sqlalchemy as sa

from iepcore.people import CourseStanding, DoubtState, PersonKind, RunState
from lti_app.storage.metadata import Instant
from lti_app.storage.site_tables import Document, Word, column, id_column, part_of, site_table

SITE_END = "the end of the site"
_OPEN = sa.text("state IN ('asked', 'running', 'waiting')")

roster_feed = site_table(
    "roster_feed",
    id_column("id", key=True),
    column("kind", sa.Text),
    column("name", sa.Text),
    column("source", sa.Text),
    column("connected_at", Instant),
    id_column("connected_by", optional=True),
    column("config", sa.Text),
    column("nightly", sa.Boolean),
    column("accepted_at", Instant, optional=True),
    id_column("accepted_by", optional=True),
    column("ended_at", Instant, optional=True),
    column("version", sa.Integer),
    personal_data="the adults who connected a source of rosters and said yes to its first preview, by id",
    erased_by=SITE_END,
)

roster_run = site_table(
    "roster_run",
    id_column("id", key=True),
    id_column("feed_id"),
    column("asked_at", Instant),
    id_column("asked_by", optional=True),
    column("state", Word(RunState)),
    column("staged", sa.Boolean),
    column("of", sa.Integer),
    column("done", sa.Integer),
    column("pages", sa.Integer),
    column("rows", sa.Integer),
    column("tries", sa.Integer),
    column("reason", sa.Text),
    column("lease_until", Instant, optional=True),
    column("ended_at", Instant, optional=True),
    column("version", sa.Integer),
    part_of("feed_id", "roster_feed"),
    sa.Index(None, "site_id", "feed_id", "asked_at"),
    sa.Index(
        "ix_roster_run_open",
        "site_id",
        "feed_id",
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    ),
    personal_data="the adult who asked for a pull, by id: when, how far it came, how it ended",
    erased_by=SITE_END,
)

course_state = site_table(
    "course_state",
    id_column("feed_id", key=True),
    column("context_id", sa.Text, key=True),
    id_column("run_id"),
    column("title", sa.Text),
    column("standing", Word(CourseStanding)),
    column("pulled_at", Instant),
    column("people", sa.Integer),
    column("came", sa.Integer),
    column("left", sa.Integer),
    column("changed", sa.Integer),
    column("links", sa.Integer),
    column("unread", sa.Integer),
    column("shortfalls", Document("shortfalls")),
    part_of("feed_id", "roster_feed"),
    personal_data="none: how many people a course has and how its last pull went",
    erased_by=SITE_END,
)

staged_course = site_table(
    "staged_course",
    id_column("feed_id", key=True),
    column("context_id", sa.Text, key=True),
    id_column("run_id"),
    column("roster", Document("course_roster")),
    column("gone", sa.Boolean),
    part_of("feed_id", "roster_feed"),
    sa.Index(None, "site_id", "run_id"),
    personal_data="everyone in a course as it was read for a preview: name, address, role, who acts for whom",
    erased_by="the decision about the preview (a week at most), erasure of a child of the source",
)

guardian_hint = site_table(
    "guardian_hint",
    column("source", sa.Text, key=True),
    column("context_id", sa.Text, key=True),
    column("guardian_subject", sa.Text, key=True),
    column("student_subject", sa.Text, key=True),
    column("relation", sa.Text),
    column("seen_at", Instant),
    sa.Index(None, "site_id", "source", "student_subject"),
    personal_data="a parent and a pupil, by the source's ids, and the source's word for who they are",
    erased_by="the next whole roster of the course, erasure of the child, or the end of the site",
)

match_doubt = site_table(
    "match_doubt",
    id_column("id", key=True),
    column("source", sa.Text),
    column("subject", sa.Text),
    column("kind", Word(PersonKind)),
    id_column("person_id"),
    column("reason", sa.Text),
    column("raised_at", Instant),
    column("state", Word(DoubtState)),
    id_column("decided_by", optional=True),
    column("decided_at", Instant, optional=True),
    column("version", sa.Integer),
    sa.UniqueConstraint("site_id", "source", "subject", "person_id"),
    personal_data="the child or adult, by id: whether somebody of a roster is the same, and who said so",
    erased_by="erasure of the child or adult, or the end of the site",
)
