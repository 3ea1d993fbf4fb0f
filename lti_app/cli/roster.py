"""``iep roster``: look at a OneRoster file, take it in, and list the connectors that give rosters.

Names of pupils and families are never shown here: whoever runs the server sees counts, files and lines.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from connectors.oneroster import OneRosterDelta, OneRosterSource, open_zip, options_of
from connectors.registry import connectors
from iepcore.errors import ConnectorError, IllegalMove, InvalidValue
from iepcore.language import Phrase, render
from iepcore.people import CourseStanding
from lti_app.cli.place import site_here, wired_here
from lti_app.cli.roster_import import Asked, Importing, Taken
from lti_app.cli.roster_words import (
    Bar,
    problem_values,
    refusal,
    show_json,
    show_problems,
)

_FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
_JSON = click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")


def _options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options by which a file is read."""
    for option in (
        click.option("--school", default="", help="Only the school of this sourcedId."),
        click.option(
            "--sis-id",
            default="",
            help="The person's number: identifier (as at first), sourcedId, or userIds:TYPE.",
        ),
        click.option(
            "--mail-domain",
            "mail_domains",
            multiple=True,
            help="Addresses below it were given out by the school and are theirs for sure; may repeat.",
        ),
    ):
        command = option(command)
    return command


@click.group()
def roster() -> None:
    """Rosters from a OneRoster file of the school's system. See docs/how-to/import-a-roster.md."""


@roster.command()
@_FILE
@_options
@click.option("--all", "every", is_flag=True, help="Every problem, not the first fifty.")
@_JSON
def check(file: Path, every: bool, as_json: bool, **told: Any) -> None:
    """Read a OneRoster zip and say what is in it and what is wrong. Needs no database and changes nothing.

    Ends with 1 when the file cannot be used or a row of it cannot be read.
    """
    bar = Bar()
    try:
        _, options = options_of(_config(file, told))
        source = open_zip(file, options, previous=lambda: (), watch=bar.rows)
        listed = source.courses()
        whole = sum(one.complete for one in source.rosters(listed.courses, tell=bar.tell))
        report = source.report
    except (ConnectorError, InvalidValue) as error:
        bar.end()
        raise refusal(error) from None
    bar.end()
    is_delta = isinstance(source, OneRosterDelta)
    document = {
        "version": source.version,
        "kind": "delta" if is_delta else "bulk",
        "counts": dict(source.counts) if isinstance(source, OneRosterSource) else {},
        "schools": _schools(source),
        "courses": len(listed.courses),
        "whole_courses": 0 if is_delta else whole,
        "problems": report.total,
        "rows": problem_values(report.rows),
    }
    if as_json:
        show_json(document)
    else:
        _say(source, document)
        show_problems(report, every=every)
    if report.total and not is_delta:
        raise click.exceptions.Exit(1)


def _say(source: OneRosterSource | OneRosterDelta, document: dict[str, Any]) -> None:
    if isinstance(source, OneRosterDelta):
        click.echo(f"OneRoster {source.version}, changes only (delta).")
        click.echo("What they are about is looked up in the address book when they are imported.")
        return
    click.echo(f"OneRoster {source.version}, whole (bulk).")
    click.echo(", ".join(f"{count:,} {name}" for name, count in source.counts.items()))
    for id_, (name, count) in source.schools.items():
        click.echo(f"  school {id_}  {name or '(no name)'}  {count:,} classes")
    courses, whole = document["courses"], document["whole_courses"]
    click.echo(f"{whole:,} of {courses:,} courses are whole; {document['problems']:,} problems.")


def _schools(source: OneRosterSource | OneRosterDelta) -> list[dict[str, object]]:
    if isinstance(source, OneRosterDelta):
        return []
    return [{"id": id_, "name": name, "classes": count} for id_, (name, count) in source.schools.items()]


def _config(file: Path, told: dict[str, Any]) -> dict[str, str]:
    config = {"file": str(file), "school": told["school"], "sis_id": told["sis_id"]}
    return {**config, "mail_domains": ",".join(told["mail_domains"])}


@roster.command(name="import")
@_FILE
@click.option("--site", "site_name", default=None, help="Name or id (default: the only one).")
@click.option("--source", default="oneroster", show_default=True, help="Whose ids these are; one per system.")
@_options
@click.option("--yes", is_flag=True, help="Take it in. Without it the command only says what would change.")
@click.option("--dry-run", is_flag=True, help="Only say what would change, whatever else is given.")
@_JSON
def import_file(
    file: Path, site_name: str | None, source: str, yes: bool, dry_run: bool, as_json: bool, **told: Any
) -> None:
    """Take a OneRoster zip into a school's address book: whole (bulk), or changes (delta).

    Who is gone leaves the address book; no record, right or place on a team is touched. A course where more
    than half would leave at once waits for a person's word under “Rosters”.
    """
    wired = wired_here()
    site = site_here(wired, site_name)
    bar = Bar()
    asked = Asked(source=source, config={key: text for key, text in _config(file, told).items() if text})
    importing = Importing(wired, site, asked, bar)
    try:
        taken = importing.preview() if dry_run or not yes else importing.take_in()
    except (ConnectorError, IllegalMove, InvalidValue) as error:
        bar.end()
        raise refusal(error) from None
    bar.end()
    if as_json:
        show_json(taken.document())
    else:
        _say_taken(taken, site.name)
        show_problems(taken.report)


def _say_taken(taken: Taken, school: str) -> None:
    for line in taken.courses:
        if line.changes:
            state = "" if line.is_whole else "  (partial)"
            click.echo(
                f"{line.title or line.id}:  {line.came} come, {line.left} leave, {line.changed} change{state}"
            )
    came, left, changed = (
        sum(getattr(line, name) for line in taken.courses) for name in ("came", "left", "changed")
    )
    partial = sum(not line.is_whole for line in taken.courses)
    click.echo(f"{len(taken.courses):,} courses: {came:,} come, {left:,} leave, {changed:,} change.")
    if partial:
        click.echo(f"{partial:,} are not whole: from silence nobody leaves them.")
    if taken.gone:
        click.echo(f"{taken.gone:,} courses are in the file no more.")
    if taken.passed_over:
        click.echo(f"{taken.passed_over:,} changes are about classes that are not known here.")
    if taken.state is None:
        click.echo("Nothing was changed. Take it in with: --yes")
        return
    click.echo(f"Taken into the address book of “{school}”: {taken.state}.")
    held = sum(one is CourseStanding.HELD for one in taken.standings)
    if held:
        click.echo(f"{held:,} courses wait: more than half would leave. A person says under “Rosters” if so.")


@roster.command()
def sources() -> None:
    """List the connectors that give rosters: ours and those of other packages. None of them is loaded."""
    for one in connectors():
        said = render(Phrase(key=f"advice.{one.problem}"), "en").text if one.problem else ""
        click.echo(f"{one.name:<16}{one.package} {one.version}  {said}".rstrip())
