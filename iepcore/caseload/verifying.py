"""Checking the chains of a site, row by row, for whoever looks after the machine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing

from iepcore.access import ChainCheck, ChainHead, ChainName, ChainReport, genesis
from iepcore.ids import SiteId
from iepcore.ports import UnitOfWork

EVERY = 1_000
"""After so many rows it says how far it is."""


def verify_chains(
    uow: UnitOfWork,
    site_id: SiteId,
    *,
    kept: Mapping[ChainName, ChainHead] | None = None,
    tell: Callable[[ChainName, int], None] | None = None,
) -> Mapping[ChainName, ChainReport]:
    """Check the trail and the record of access as one moment of the store holds them.

    ``kept`` are heads that somebody kept outside; ``tell`` is called now and then with the rows so far.
    """
    reports: dict[ChainName, ChainReport] = {}
    told: Mapping[ChainName, dict[int, str]] = {}
    for chain in ChainName:  # the trail comes first: it tells of erasures in the other
        check = ChainCheck(genesis(site_id, chain), kept=(kept or {}).get(chain))
        with closing(uow.audit.sealed(chain)) as rows:
            for number, row in enumerate(rows, start=1):
                if not check.take(row):
                    break
                if tell is not None and number % EVERY == 0:
                    tell(chain, number)
        reports[chain] = check.end(
            uow.audit.head(chain), None if chain is ChainName.TRAIL else told.get(chain, {})
        )
        if chain is ChainName.TRAIL:
            told = check.erasures
    return reports
