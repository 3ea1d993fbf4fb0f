"""The district's own system for the official plan, when it has one: its name, its codes, how much it takes.

Beside such a system the plan here is a working copy "as of" a day, and signatures are recorded as done there.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from iepcore.errors import InvalidValue
from iepcore.progress import FindingWord

LONGEST_CODE = 40
LONGEST_SYSTEM = 80
LONGEST_LINK = 500
TEXT_LIMITS = (100, 20_000)
"""How few and how many characters of progress text a system may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressCode:
    """The code a system prints for one of our fixed words.

    Raises:
        InvalidValue: ``official_code`` for an empty code, more than one line, or more than 40 characters.
    """

    word: FindingWord
    code: str

    def __post_init__(self) -> None:
        code = " ".join(self.code.split())
        if not code or len(code) > LONGEST_CODE or not code.isprintable():
            raise InvalidValue("official_code", field=self.word.value, params={"limit": LONGEST_CODE})
        object.__setattr__(self, "code", code)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialPlan:
    """Where the official plan is kept. An empty ``name`` says: elsewhere, and nobody has said where yet.

    ``link`` opens the system; ``text_limit`` is how many characters of progress text it takes per goal (None:
    not known).

    Raises:
        InvalidValue: ``official_name``, ``official_link`` (an https address without a password in it),
            ``official_limit`` (100 to 20,000), ``official_code_twice``.
    """

    name: str = ""
    link: str = ""
    codes: tuple[ProgressCode, ...] = ()
    text_limit: int | None = None

    def __post_init__(self) -> None:
        name = " ".join(self.name.split())
        if len(name) > LONGEST_SYSTEM or not name.isprintable():
            raise InvalidValue("official_name", field="official_name", params={"limit": LONGEST_SYSTEM})
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "link", self.link.strip())
        if self.link and not _is_link(self.link):
            raise InvalidValue("official_link", field="official_link")
        low, high = TEXT_LIMITS
        if self.text_limit is not None and not low <= self.text_limit <= high:
            raise InvalidValue("official_limit", field="official_limit", params={"low": low, "high": high})
        if len({one.word for one in self.codes}) != len(self.codes):
            raise InvalidValue("official_code_twice", field="codes")
        object.__setattr__(self, "codes", tuple(sorted(self.codes, key=lambda one: one.word.value)))

    def code(self, word: FindingWord) -> str:
        """Return the system's code for a word; empty when nobody entered one."""
        return next((one.code for one in self.codes if one.word is word), "")


def _is_link(link: str) -> bool:
    try:
        parts = urlsplit(link)
        well_formed = bool(parts.hostname) and parts.username is None and parts.password is None
    except ValueError:
        return False
    return well_formed and parts.scheme == "https" and len(link) <= LONGEST_LINK and link.isprintable()
