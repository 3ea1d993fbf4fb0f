"""``iep audit``: check that nobody bent the trail, and take its head to keep it outside."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence

import click

from iepcore.access import (
    Action,
    ChainFault,
    ChainHead,
    ChainName,
    ChainReport,
    Resource,
    ResourceKind,
    System,
)
from iepcore.caseload import Desk, verify_chains
from lti_app.cli.place import site_here, wired_here
from lti_app.doors.records import Site
from lti_app.storage.trail_guards import guard, missing_guards
from lti_app.wiring import Wired

JOB = System(job="audit")

NAMES = {ChainName.TRAIL: "trail", ChainName.DISCLOSURES: "disclosures"}
MEANING = {
    ChainFault.MISSING: "Rows are missing here, or stand in another order.",
    ChainFault.CUT: "This row does not follow the one before it: something was removed, put between, or put"
    " in its place.",
    ChainFault.CHANGED: "What this row says is not what was written.",
    ChainFault.SUBJECT: "Whom or what this row is about is not what was written.",
    ChainFault.BLANKED: "Names were taken away without an erasure that says so, or not those it says.",
    ChainFault.TAIL: "The end is not where it was: the newest rows are missing, or rows were put behind"
    " them.",
    ChainFault.KEPT: "The chain does not hold the head you kept: it was made anew since, or this is another"
    " site, or an older backup.",
}
_HEAD = re.compile(r"(trail|disclosures):(\d{1,18}):([0-9a-f]{64})")


@click.group()
def audit() -> None:
    """The trail: every row carries the hash of the one before it."""


@audit.command()
@click.option("--site", "site_name", default=None, help="Name or id (default: every site).")
@click.option("--head", "kept", multiple=True, help="A head you kept, as `iep audit head` printed it.")
def verify(site_name: str | None, kept: tuple[str, ...]) -> None:
    """Read every row and say whether the chains hold; end with 1 at the first broken place.

    People may go on working: one moment of the database is read. Give the head you kept outside to learn
    also whether somebody made a whole new chain.
    """
    wired = wired_here()
    heads = _heads(kept)
    sites = list(wired.doors.sites()) if site_name is None else [site_here(wired, site_name)]
    if heads and len(sites) != 1:
        raise click.ClickException("A head belongs to one site. Say which with --site.")
    broken = 0
    for site in sites:
        _note(wired, site, "audit_verify")
        with wired.store(site.id).read() as uow:
            reports = verify_chains(uow, site.id, kept=heads, tell=_tell)
            missing = uow.audit.missing_guards()
        broken += sum(_say(site, name, report) for name, report in reports.items())
        if missing:
            broken += 1
            click.echo(f"{site.name}: guards of the database are missing: {', '.join(missing)}.")
            click.echo("  Somebody dropped them. Make them again with: iep audit guard")
    if broken:
        raise click.exceptions.Exit(1)


@audit.command()
@click.option("--site", "site_name", default=None, help="Name or id (default: every site).")
def head(site_name: str | None) -> None:
    """Print where each chain ends. Keep the lines outside this machine: on paper, in another system.

    It checks nothing; `iep audit verify` does.
    """
    wired = wired_here()
    for site in list(wired.doors.sites()) if site_name is None else [site_here(wired, site_name)]:
        with wired.store(site.id).read() as uow:
            for chain in ChainName:
                click.echo(f"{site.id}  {NAMES[chain]}:{uow.audit.head(chain)}")


@audit.command(name="guard")
def make_guards() -> None:
    """Make the database's guards again, where somebody dropped them. Verify afterwards."""
    wired = wired_here()
    with wired.engines.writing() as connection:
        missing: Sequence[str] = missing_guards(connection)
        guard(connection)
    click.echo(f"{len(missing)} guards were missing." if missing else "No guard was missing.")


def _heads(kept: tuple[str, ...]) -> Mapping[ChainName, ChainHead]:
    found = {}
    for text in kept:
        match = _HEAD.fullmatch(text.split()[-1] if text.split() else "")
        if match is None:
            raise click.ClickException("--head must be a line of `iep audit head`, such as trail:120:5f0c…")
        found[ChainName(match[1])] = ChainHead(seq=int(match[2]), hash=match[3])
    return found


def _say(site: Site, name: ChainName, report: ChainReport) -> int:
    """Print what was found; return 1 for a chain that does not hold."""
    if report.fault is None:
        erased = f", {report.blanked} of them of erased records" if report.blanked else ""
        click.echo(
            f"{site.name}: {NAMES[name]} holds, {report.rows} rows{erased}. Head {NAMES[name]}:{report.head}"
        )
        return 0
    click.echo(f"{site.name}: {NAMES[name]} is broken at row {report.place}. {MEANING[report.fault]}")
    click.echo(f"  Rows 1 to {report.rows} before it hold. Keep a backup of the database as it is now.")
    return 1


def _tell(name: ChainName, rows: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{NAMES[name]}: {rows} rows …", nl=False, err=True)


def _note(wired: Wired, site: Site, what: str) -> None:
    """Write the command into the trail before it runs."""
    desk = Desk(store=wired.store(site.id), actor=JOB, clock=wired.site_clock(site))
    with desk.changing() as change:
        change.permit(Action.READ, Resource(kind=ResourceKind.AUDIT_LOG), what=what)
