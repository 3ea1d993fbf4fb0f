"""Rotation of the secret keys: every secret in the database sealed again with the first key."""

from __future__ import annotations

import sqlalchemy as sa

from lti_app.storage.engine import Engines
from lti_app.storage.metadata import Secret
from lti_app.storage.schema import metadata
from lti_app.storage.vault import Vault


def reseal_all(engines: Engines, vault: Vault) -> int:
    """Seal every stored secret with the vault's first key, in one transaction; return how many.

    Afterwards the old keys may leave ``IEP_SECRET_KEYS``.

    Raises:
        IepError: ``secret_unreadable`` when one was sealed with a key the vault lacks; nothing is changed.
        Busy: the database cannot write now.
    """
    count = 0
    with engines.writing() as connection:
        for table in metadata.sorted_tables:
            secrets = [column for column in table.columns if isinstance(column.type, Secret)]
            if not secrets:
                continue
            keys = list(table.primary_key)
            for row in connection.execute(sa.select(*keys, *secrets)).mappings().all():
                where = [key == row[key.name] for key in keys]
                again = {column.name: vault.reseal(row[column.name]) for column in secrets}
                connection.execute(sa.update(table).where(*where).values(again))
                count += len(again)
    return count
