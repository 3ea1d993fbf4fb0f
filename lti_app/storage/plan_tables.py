"""Tables of the plan: goals, points, sets and tries."""

from __future__ import annotations

import sqlalchemy as sa

from iepcore.plan import GoalState, TrialOutcome
from iepcore.progress import Direction
from lti_app.storage.metadata import Instant
from lti_app.storage.site_tables import Document, Word, column, id_column, part_of, site_table

goal = site_table(
    "goal",
    id_column("id", key=True),
    id_column("student_id"),
    column("area", sa.Text),
    column("text", Document("free_text")),
    column("measure", Document("measure")),
    column("baseline", sa.Double),
    column("target", sa.Double),
    column("direction", Word(Direction)),
    column("criterion", Document("criterion")),
    column("starts_on", sa.Date),
    column("ends_on", sa.Date),
    id_column("created_by"),
    column("created_at", Instant),
    column("skill_key", sa.Text, optional=True),
    column("skill_words", Document("free_text"), optional=True),
    column("introduced_on", sa.Date, optional=True),
    column("state", Word(GoalState)),
    column("version", sa.Integer),
    column("phases", Document("phases")),
    part_of("student_id", "student"),
    sa.Index(None, "site_id", "student_id"),
    personal_data="the child: an annual goal, and what changed on the way",
)

data_point = site_table(
    "data_point",
    id_column("id", key=True),
    id_column("goal_id"),
    column("goal_version", sa.Integer),
    id_column("student_id"),
    id_column("recorder_id"),
    id_column("client_key"),
    column("reading", Document("reading")),
    column("score", sa.Double, optional=True),
    column("observed_on", sa.Date),
    column("observed_at", Instant),
    column("received_at", Instant),
    column("note", Document("free_text"), optional=True),
    id_column("supersedes", optional=True),
    id_column("from_set", optional=True),
    part_of("goal_id", "goal"),
    part_of("student_id", "student"),
    sa.UniqueConstraint("site_id", "recorder_id", "client_key"),
    sa.Index(None, "site_id", "goal_id", "observed_on", "observed_at", "id"),
    sa.Index(None, "site_id", "student_id"),
    sa.Index(
        "ix_data_point_correction",
        "site_id",
        "goal_id",
        "supersedes",
        sqlite_where=sa.text("supersedes IS NOT NULL"),
        postgresql_where=sa.text("supersedes IS NOT NULL"),
    ),
    personal_data="the child: what was observed, with the staff member who recorded it",
)

trial_set = site_table(
    "trial_set",
    id_column("id", key=True),
    id_column("goal_id"),
    column("goal_version", sa.Integer),
    id_column("student_id"),
    id_column("recorder_id"),
    id_column("client_key"),
    column("started_at", Instant),
    column("planned_trials", sa.Integer),
    column("ended_at", Instant, optional=True),
    part_of("goal_id", "goal"),
    part_of("student_id", "student"),
    sa.UniqueConstraint("site_id", "recorder_id", "client_key"),
    sa.Index(None, "site_id", "student_id"),
    sa.Index(
        "ix_trial_set_open",
        "site_id",
        "recorder_id",
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    ),
    personal_data="the child: one sitting, with the staff member who sat",
)

trial = site_table(
    "trial",
    id_column("id", key=True),
    id_column("set_id"),
    id_column("client_key"),
    column("at", Instant),
    column("received_at", Instant),
    column("outcome", Word(TrialOutcome), optional=True),
    id_column("undoes", optional=True),
    part_of("set_id", "trial_set"),
    sa.UniqueConstraint("site_id", "set_id", "client_key"),
    personal_data="the child: the outcome of one try",
)
