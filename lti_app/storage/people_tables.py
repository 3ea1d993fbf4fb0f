"""Tables of people: students, adults, rights, teams, identities and the address book."""

from __future__ import annotations

import sqlalchemy as sa

from iepcore.people import (
    PersonKind,
    Relation,
    RosterStanding,
    SiteRole,
    StaffRole,
    TransferOutcome,
    WindowKind,
)
from lti_app.storage.metadata import Instant
from lti_app.storage.site_tables import (
    ADULT_END,
    Document,
    Word,
    column,
    id_column,
    part_of,
    site_table,
)

student = site_table(
    "student",
    id_column("id", key=True),
    column("legal_name", sa.Text),
    column("preferred_name", sa.Text),
    column("grade", sa.Text),
    column("home_language", sa.Text),
    id_column("created_by"),
    column("created_at", Instant),
    column("born_on", sa.Date, optional=True),
    column("left_on", sa.Date, optional=True),
    column("version", sa.Integer),
    personal_data="the child: names, grade, language, birthday",
)

adult = site_table(
    "adult",
    id_column("id", key=True),
    column("name", sa.Text),
    column("reads", sa.Text),
    column("created_at", Instant),
    column("speaks", sa.Text),
    column("needs_interpreter", sa.Boolean),
    column("came_as_staff", sa.Boolean),
    column("addresses", Document("addresses")),
    column("zone", sa.Text, optional=True),
    column("version", sa.Integer),
    personal_data="the adult: name, languages, addresses",
    erased_by=ADULT_END,
)

relationship = site_table(
    "relationship",
    id_column("id", key=True),
    id_column("student_id"),
    id_column("adult_id"),
    column("relation", Word(Relation)),
    column("household", sa.Text),
    column("may_access_records", sa.Boolean),
    column("may_decide", sa.Boolean),
    column("basis", sa.Text),
    id_column("verified_by"),
    column("verified_at", Instant),
    column("valid_from", sa.Date),
    column("valid_to", sa.Date, optional=True),
    column("address_protected", sa.Boolean),
    column("document", sa.Text),
    id_column("agreed_by", optional=True),
    column("version", sa.Integer),
    part_of("student_id", "student"),
    part_of("adult_id", "adult"),
    sa.Index(None, "site_id", "student_id"),
    sa.Index(None, "site_id", "adult_id"),
    personal_data="the child and a parent: who they are to each other, rights, and what that rests on",
)

assignment = site_table(
    "assignment",
    id_column("id", key=True),
    id_column("adult_id"),
    id_column("student_id"),
    column("role", Word(StaffRole)),
    column("starts_on", sa.Date),
    id_column("assigned_by"),
    column("assigned_at", Instant),
    column("ends_on", sa.Date, optional=True),
    id_column("stands_in_for", optional=True),
    column("version", sa.Integer),
    part_of("student_id", "student"),
    part_of("adult_id", "adult"),
    sa.Index(None, "site_id", "student_id"),
    sa.Index(None, "site_id", "adult_id"),
    personal_data="the child and a member of the team: who works with whom",
)

rights_transfer = site_table(
    "rights_transfer",
    id_column("student_id", key=True),
    column("outcome", Word(TransferOutcome)),
    column("basis", sa.Text),
    column("student_told_on", sa.Date, optional=True),
    column("parents_told_on", sa.Date, optional=True),
    column("parents_may_write", sa.Boolean),
    id_column("noted_by"),
    column("noted_at", Instant),
    column("version", sa.Integer),
    part_of("student_id", "student"),
    personal_data="the child who comes of age: whose rights they are, on which paper, when both were told",
)

access_window = site_table(
    "access_window",
    id_column("id", key=True),
    id_column("student_id"),
    id_column("adult_id"),
    column("kind", Word(WindowKind)),
    column("opens_at", Instant),
    column("closes_at", Instant),
    column("parts", Document("window_parts")),
    column("basis", sa.Text),
    column("purpose", sa.Text),
    id_column("noted_by"),
    column("noted_at", Instant),
    id_column("agreed_by", optional=True),
    column("ended_at", Instant, optional=True),
    column("version", sa.Integer),
    part_of("student_id", "student"),
    part_of("adult_id", "adult"),
    sa.Index(None, "site_id", "student_id"),
    sa.Index(None, "site_id", "adult_id"),
    personal_data="the child and somebody from outside: what is open to them, from when to when, and why",
)

appointment = site_table(
    "appointment",
    id_column("adult_id", key=True),
    column("role", Word(SiteRole), key=True),
    column("starts_on", sa.Date, key=True),
    id_column("appointed_by", optional=True),
    column("appointed_at", Instant),
    column("ends_on", sa.Date, optional=True),
    part_of("adult_id", "adult"),
    personal_data="the adult: standing in the site",
    erased_by=ADULT_END,
)

identity = site_table(
    "identity",
    column("source", sa.Text, key=True),
    column("subject", sa.Text, key=True),
    column("kind", Word(PersonKind)),
    id_column("person_id"),
    sa.Index(None, "site_id", "person_id"),
    personal_data="the child or adult: the platform's id of the person",
    erased_by="erasure of the child or adult, or the end of the site",
)

roster_member = site_table(
    "roster_member",
    id_column("id", key=True),
    column("source", sa.Text),
    column("context_id", sa.Text),
    column("context_title", sa.Text),
    column("subject", sa.Text),
    column("standing", Word(RosterStanding)),
    column("seen_at", Instant),
    column("active", sa.Boolean),
    column("name", sa.Text, optional=True),
    column("email", sa.Text, optional=True),
    column("channel_user_id", sa.Text, optional=True),
    column("sis_id", sa.Text, optional=True),
    column("email_verified", sa.Boolean),
    column("grade", sa.Text, optional=True),
    sa.UniqueConstraint("site_id", "source", "context_id", "subject"),
    sa.Index(None, "site_id", "source", "subject"),
    personal_data="everyone in a course, as the platform tells: name, address, number, grade, role",
    erased_by="erasure of the child (its own rows), or the end of the site",
)

link_hint = site_table(
    "link_hint",
    column("source", sa.Text, key=True),
    column("observer_subject", sa.Text, key=True),
    column("pupil_subject", sa.Text, key=True),
    column("seen_at", Instant),
    column("expires_at", Instant),
    sa.Index(None, "site_id", "source", "pupil_subject"),
    personal_data="a parent and a pupil, by the platform's ids",
    erased_by="the observer's next launch, erasure of the child, or the end of the site",
)
