"""The backup file itself: pieces in their order, keys told apart, a kind for every column."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet

from lti_app.storage.backup import LEFT_OUT, TYPES, kind_of
from lti_app.storage.backup_file import (
    PIECE_BYTES,
    BackupFault,
    BackupProblem,
    BackupWriter,
    mark_of,
    read_lines,
)
from lti_app.storage.schema import metadata
from tests.unit.screens.conftest import KEY

OTHER_KEY = Fernet.generate_key().decode()


def test_pieces_of_two_files_do_not_mix(tmp_path: Path) -> None:
    """A piece taken from another backup of the same key, or two pieces in another order, are noticed."""
    noise = [os.urandom(PIECE_BYTES).hex() for _ in range(3)]
    files = []
    for name in ("a", "b"):
        with (tmp_path / name).open("wb") as file:
            writer = BackupWriter(file, [KEY])
            for line in noise:
                writer.line(line)
            writer.close()
        files.append((tmp_path / name).read_bytes().splitlines(keepends=True))
    a, b = files
    assert 4 < len(a)

    for spoiled in ([*a[:2], b[2], *a[3:]], [a[0], a[2], a[1], *a[3:]], [*a[:2], a[1], *a[2:]]):
        (tmp_path / "c").write_bytes(b"".join(spoiled))
        with (tmp_path / "c").open("rb") as file, pytest.raises(BackupProblem) as caught:
            list(read_lines(file, [KEY]))
        assert BackupFault.DAMAGED is caught.value.fault
    with (tmp_path / "a").open("rb") as file:
        assert noise == list(read_lines(file, [KEY]))


def test_the_mark_of_a_key_tells_keys_apart_and_nothing_else() -> None:
    """Twelve letters, not a part of the key."""
    assert 12 == len(mark_of(KEY))
    assert mark_of(KEY) != mark_of(OTHER_KEY)
    assert mark_of(KEY) not in KEY


def test_every_column_has_a_kind_and_what_is_left_out_exists() -> None:
    """A table that no backup can hold is noticed here and not on the day of the disaster."""
    kinds = {kind_of(column) for table in metadata.sorted_tables for column in table.columns}

    assert kinds <= TYPES.keys()
    assert LEFT_OUT <= metadata.tables.keys()
    with pytest.raises(TypeError, match="no backup"):
        kind_of(sa.Column("picture", sa.LargeBinary))
