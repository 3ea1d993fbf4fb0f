"""Sessions under another's face (masquerade): ended all together, since none keeps who wears it."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from iepcore.ids import SiteId
from lti_app.storage.door_tables import visit
from lti_app.storage.engine import Engines


def end_worn_sessions(engines: Engines, site_id: SiteId, *, at: datetime) -> int:
    """End every masqueraded session of a site and return how many; whoever may wears the face again by a
    launch, where the wearer is looked at.

    Raises:
        Busy: the database cannot write now.
    """
    column = visit.c
    worn = (column.site_id == site_id, column.masquerade.is_(True), column.revoked_at.is_(None))
    with engines.writing() as connection:
        return connection.execute(sa.update(visit).where(*worn).values(revoked_at=at)).rowcount
