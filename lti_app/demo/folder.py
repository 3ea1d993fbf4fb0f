"""The demonstration's one folder: database, keys and secrets it makes for itself, readable by its owner
only."""

from __future__ import annotations

import json
import os
import secrets
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.fernet import Fernet

_NOTE = """This folder holds the data of the Rapport demonstration and nothing else. Everybody in it is
invented.
Delete it, or start with --fresh, to begin again.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoFolder:
    """Where the demo keeps its things. ``secret_key`` encrypts at rest, ``api_secret`` is the practice API
    key."""

    path: Path
    secret_key: str = field(repr=False)
    api_secret: str = field(repr=False)

    @property
    def database_url(self) -> str:
        """The SQLite database of the demo."""
        return f"sqlite:///{self.path / 'rapport.db'}"

    @property
    def is_seeded(self) -> bool:
        """Tell whether a seed was completed here."""
        return (self.path / "seeded").exists()

    def forget_unfinished(self) -> None:
        """Remove the database of a start that was cut off before its seed was complete."""
        if not self.is_seeded:
            for part in self.path.glob("rapport.db*"):
                part.unlink()

    def mark_seeded(self) -> None:
        """Remember that the seed was completed."""
        (self.path / "seeded").write_text("yes\n", encoding="utf-8")


def open_folder(path: Path, *, fresh: bool) -> DemoFolder:
    """Return the demo folder at ``path``, made new when it is missing or ``fresh`` is asked for.

    Raises:
        FileExistsError: when ``path`` holds something that is not a demo folder (it is never deleted).
    """
    note = path / "README.txt"
    if path.exists() and any(path.iterdir()) and not note.exists():
        raise FileExistsError(f"{path} exists and is not a demo folder. Choose another with IEP_DEMO_DIR.")
    if fresh and path.exists():
        shutil.rmtree(path)
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(0o700)
    note.write_text(_NOTE, encoding="utf-8")
    secret_file = path / "secrets.json"
    if not secret_file.exists():
        made = {"secret_key": Fernet.generate_key().decode(), "api_secret": secrets.token_urlsafe(32)}
        with os.fdopen(os.open(secret_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(made, file)
    kept = json.loads(secret_file.read_text(encoding="utf-8"))
    return DemoFolder(path=path, secret_key=kept["secret_key"], api_secret=kept["api_secret"])
