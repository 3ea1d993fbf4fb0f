"""Screen words: every one collected, in Spanish, and for families in Dari; long words break no screen."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from gettext import GNUTranslations, NullTranslations
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from types import ModuleType

import pytest
from jinja2 import Environment, nodes

from iepcore.language import LANGUAGES
from lti_app.screens.words import FAMILY_LANGUAGES, STAFF_LANGUAGES, catalogue, choose_language
from tests.unit.screens.conftest import FAMILY, House

ROOT = Path(__file__).resolve().parents[3]
APP = ROOT / "lti_app"
TAGS = ("es", "prs")
OWN_NAMES = {name for one in LANGUAGES for name in (one.own_name, one.tag, one.tag.split("-")[0])}
"""How languages are called when no catalogue has their name: as their readers write it, or by the tag."""
SPOKEN = ("aria-label", "placeholder", "title", "alt")
"""Attributes that people read or hear."""

ATTRIBUTES = re.compile(r"""(?:[a-z-]+="[^"]*"|[\s0])+""")
"""What a macro or block adds to a tag that another template opens."""

WRITTEN_ELSEWHERE = {("findings.py", "message")}
"""A function that hands its own argument on; beside it only names of languages stand in variables."""


@pytest.fixture(scope="module")
def script() -> ModuleType:
    """scripts/screen_words.py as a module."""
    sys.path.insert(0, str(ROOT / "scripts"))
    try:
        import screen_words
    finally:
        sys.path.pop(0)
    return screen_words


class Pseudo(NullTranslations):
    """Words twice as long as anybody's, slots untouched; it remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: set[str] = set()

    def gettext(self, message: str) -> str:
        """Return the long words for a message."""
        self.asked.add(message)
        return long_words(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return the long words for a number."""
        self.asked.add(msgid1)
        return long_words(msgid1 if n == 1 else msgid2)


def long_words(message: str) -> str:
    """Return a message whose words have grown; a mark on either side shows where it begins and ends."""

    def longer(match: re.Match[str]) -> str:
        return match[0] if match[0].startswith("%") else f"{match[0]}{match[0].lower()}ungs"

    return f"⟦{re.sub(r'%[(][a-z_]+[)][sd]|[A-Za-z]+', longer, message)}⟧"


class Written(HTMLParser):
    """The words that stand in a template itself, outside its expressions."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at the attributes that people read."""
        self.inside = tag
        self.found += [value or "" for name, value in attrs if name in SPOKEN and has_words(value)]

    def handle_data(self, data: str) -> None:
        """Look at text."""
        if has_words(data) and self.inside not in {"script", "style"}:
            self.found.append(" ".join(data.split()))


def has_words(text: str | None) -> bool:
    """Tell whether a text holds at least one letter."""
    return any(letter.isalpha() for letter in text or "")


def written_in(path: Path) -> list[str]:
    """Return the words of a template that no catalogue can translate."""
    pieces = (
        value if kind == "data" else " " if kind == "block_begin" else "0" if kind == "variable_begin" else ""
        for _line, kind, value in Environment(autoescape=True).lex(path.read_text(encoding="utf-8"))
    )
    parser = Written()
    parser.feed("".join(pieces))
    return [one for one in parser.found if not ATTRIBUTES.fullmatch(one)]


def words_only(html: str) -> str:
    """Return what stands on a page outside its tags."""
    return re.sub(r"<[^>]*>", " ", html)


def po(script: ModuleType, tag: str) -> Path:
    """Return the catalogue of a language."""
    found: Path = next(path for path in script.po_files() if path.parents[1].name == tag)
    return found


# ---- The catalogues


@pytest.mark.parametrize("tag", TAGS)
def test_catalogue_has_every_word_with_its_slots_and_is_compiled(script: ModuleType, tag: str) -> None:
    """Nothing is missing, empty, fuzzy or left over, and the committed .mo says the same."""
    assert [] == script.problems(po(script, tag))


@pytest.mark.parametrize("tag", TAGS)
def test_catalogue_says_that_nobody_has_reviewed_it_yet(tag: str) -> None:
    """The header is in the compiled file too, so that a screen can say it."""
    assert isinstance(catalogue(tag), GNUTranslations)
    assert "no" == catalogue(tag).info()["x-reviewed"]


@pytest.mark.parametrize("tag", TAGS)
def test_catalogue_carries_no_direction_controls(script: ModuleType, tag: str) -> None:
    """Direction is the page's work: isolates in words would be read aloud or copied along."""
    assert not re.search(
        "[\u200e\u200f\u202a-\u202e\u2066-\u2069]", po(script, tag).read_text(encoding="utf-8")
    )


def test_dari_is_written_in_its_own_letters(script: ModuleType) -> None:
    """Arabic kaf and yeh, which look alike and break search, do not stand in Dari words."""
    own = script._read(po(script, "prs"))
    assert [] == [one.id for one in own if re.search("[\u0643\u064a]", "".join(script.forms(one.string)))]


def test_words_of_family_screens_are_those_marked_for_dari(script: ModuleType) -> None:
    """Spanish has every word of a screen; Dari those that a family can meet."""
    family = {one.key for one in script.wanted("prs")}
    everybody = {one.key for one in script.wanted("es")}
    assert family < everybody
    assert {"My child", "Tell the school", "Skip to the page"} <= family


# ---- Nothing escapes the collection


def test_every_call_has_its_words_where_the_collection_sees_them(script: ModuleType) -> None:
    """A message in a variable would never reach a catalogue."""
    python = [path for path in script.sources() if path.suffix == ".py"]
    calls = {(path.name, one) for path in python for one in script.unknown_words(path)}
    assert WRITTEN_ELSEWHERE >= {(name, one) for name, one in calls if "english_name" not in one}


def test_templates_say_words_only_through_the_two_known_names(script: ModuleType) -> None:
    """``_`` and ``ngettext`` with the words between the brackets: Jinja's extractor sees no others."""
    odd = []
    for path in (path for path in script.sources() if path.suffix == ".html"):
        tree = Environment(autoescape=True).parse(path.read_text(encoding="utf-8"))
        for call in tree.find_all(nodes.Call):
            if isinstance(call.node, nodes.Getattr) and call.node.attr in {"words", "count_words"}:
                odd.append((path.name, call.lineno))
            if isinstance(call.node, nodes.Name) and call.node.name in {"_", "ngettext"}:
                first = call.args[: 1 if call.node.name == "_" else 2]
                if not all(isinstance(one, nodes.Const) for one in first):
                    odd.append((path.name, call.lineno))
    assert [] == odd


def test_templates_hold_no_words_of_their_own(script: ModuleType) -> None:
    """What people read or hear comes through a catalogue or from the view."""
    templates = [path for path in script.sources() if path.suffix == ".html"]
    assert {} == {path.name: found for path in templates if (found := written_in(path))}


def test_pages_of_the_door_stand_outside(script: ModuleType) -> None:
    """They hold all languages at once, for nobody is known there yet."""
    names = {path.relative_to(APP).as_posix() for path in script.sources()}
    assert not any(name.startswith("templates/door/") for name in names)
    assert "templates/screens/notice.html" not in names
    assert "templates/screens/today.html" in names


def test_words_are_found_in_f_strings_short_names_and_plurals(script: ModuleType) -> None:
    """Whatever Python runs it, the same words are found."""
    source = b"""
words = frame.words
one = f"{frame.words('In an f-string.')} more"
two = words("By a short name")
three = frame.count_words("%(number)s day", "%(number)s days", 3)
four = html(frame, "With %(marks)s", marks=one)
five = count_words(frame, "not", "ours")
six = words(variable)
"""
    found = list(script.extract(script.python_words, BytesIO(source), script.KEYWORDS))
    assert {
        "In an f-string.",
        "By a short name",
        ("%(number)s day", "%(number)s days"),
        "With %(marks)s",
    } == {one[1] for one in found}


def test_one_singular_with_two_plurals_is_refused(script: ModuleType) -> None:
    """gettext keeps one plural for a singular; the other would silently show the wrong words."""
    found: dict[str, object] = {}
    script._add(found, ("%(number)s more", "%(number)s more"), "a")
    with pytest.raises(ValueError, match="two plurals"):
        script._add(found, ("%(number)s more", "%(number)s others"), "b")


# ---- The tool


@pytest.fixture
def copied(script: ModuleType, tmp_path: Path) -> Callable[[str, str], Path]:
    """Return a maker of a Spanish catalogue with one thing changed."""

    def made(old: str, new: str) -> Path:
        folder = tmp_path / "es" / "LC_MESSAGES"
        folder.mkdir(parents=True)
        text = po(script, "es").read_text(encoding="utf-8")
        assert old in text
        (folder / "screens.po").write_text(text.replace(old, new, 1), encoding="utf-8")
        (folder / "screens.mo").write_bytes(script.compiled(folder / "screens.po"))
        return folder / "screens.po"

    return made


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('msgstr "Llamar al %(phone)s"', 'msgstr "Llamar al %(telefono)s"', "other slots: Call %(phone)s"),
        ('msgstr "Llamar al %(phone)s"', 'msgstr "Llamar al %(phone)"', "other slots: Call %(phone)s"),
        ('msgstr "Llamar al %(phone)s"', 'msgstr ""', "not translated: Call %(phone)s"),
    ],
)
def test_damaged_translation_is_told(
    script: ModuleType, copied: Callable[[str, str], Path], old: str, new: str, said: str
) -> None:
    """A wrong slot would stop a page at the worst moment; it stops the check instead."""
    assert f"es: {said}" in script.problems(copied(old, new))


def test_stale_compiled_catalogue_is_told(script: ModuleType, copied: Callable[[str, str], Path]) -> None:
    """A changed .po without its .mo would show the old words."""
    path = copied("X-Reviewed: no", "X-Reviewed: no")
    path.write_text(path.read_text(encoding="utf-8").replace('"Familia"', '"La familia"'), encoding="utf-8")
    assert "es: screens.mo is not what screens.po says; run the verb compile" in script.problems(path)


def test_update_keeps_translations_and_drops_what_no_screen_says(
    script: ModuleType, copied: Callable[[str, str], Path]
) -> None:
    """New words come in empty, in the order of the screens; the header stays."""
    path = copied('msgid "Send"\n', 'msgid "Nobody says this"\n')
    text: str = script.updated(path)
    assert "Nobody says this" not in text
    assert 'msgid "Send"\nmsgstr ""\n' in text
    assert script.updated(po(script, "es")) == text.replace(
        'msgid "Send"\nmsgstr ""\n', 'msgid "Send"\nmsgstr "Enviar"\n'
    )


def test_tool_wants_one_known_verb(script: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    """Without one it says how it is used."""
    assert 2 == script.main([])
    assert "python scripts/screen_words.py update" in capsys.readouterr().err


# ---- The words on screens


def test_english_needs_no_catalogue() -> None:
    """Its words are the message ids."""
    assert "Today" == catalogue("en").gettext("Today")
    assert "Hoy" == catalogue("es").gettext("Today")


@pytest.mark.parametrize(
    ("wanted", "family", "shown"),
    [
        ("es-MX", False, "es"),
        ("prs", True, "prs"),
        ("prs", False, "en"),
        ("fr", True, "en"),
        ("not a tag", True, "en"),
        (None, True, "en"),
    ],
)
def test_language_is_the_wanted_one_where_it_is_offered(wanted: str | None, family: bool, shown: str) -> None:
    """A region gives way to its language; what is not offered to this reader is English."""
    assert shown == choose_language(wanted, family=family)


def test_languages_offered_have_catalogues() -> None:
    """No language can be chosen that then shows English."""
    assert set(TAGS) | {"en"} == {*STAFF_LANGUAGES, *FAMILY_LANGUAGES}


IN_A_FRAME = "hreflang="
"""What only a page with a language switch has."""

PEOPLE = {
    "halloran": ("es", ("maya", "luca", "parwana")),
    "moss": ("es", ("maya", "lucia")),
    "hart": ("es", ("maya",)),
    "ames": ("es", ()),
    "karimi": ("es", ()),
    "elena": ("prs", ("lucia",)),
    "farid": ("prs", ("parwana",)),
    "rui": ("prs", ("luca",)),
}
"""Who looks at which children, in which language."""


def paths_of(house: House, who: str, child: str | None) -> set[str]:
    """Return where somebody can begin: every screen without a record, and those of a child and its goals."""
    found: set[str] = set()
    for rule in house.app.url_map.iter_rules():
        if "GET" not in (rule.methods or set()) or not rule.rule.startswith("/app/"):
            continue
        if who in FAMILY and not ("/my" in rule.rule or "/talk" in rule.rule):
            continue  # the family's own screens; their links lead on
        for goal in ("main", "next", "words") if child is not None else ():
            known = {"student_id": house.student(str(child)), "goal_id": house.goal(str(child), goal)}
            if rule.arguments <= set(known):
                found.add(re.sub(r"<uuid:(\w+)>", lambda match, ids=known: str(ids[match[1]]), rule.rule))
        if not rule.arguments:
            found.add(rule.rule)
    return found


def links_on(html: str) -> set[str]:
    """Return the pages of our own that a page links to, in the language it has."""
    links = {link.replace("&amp;", "&") for link in re.findall(r'href="(/app/[^"#]*)"', html)}
    return {link for link in links if "lang=" not in link}


def kind_of(path: str) -> str:
    """Return a path without the record it is about: one page of a kind is enough to follow."""
    return re.sub(r"[0-9a-f-]{36}|(?<==)[^&]*", "*", path)


@pytest.mark.parametrize("who", PEOPLE)
def test_every_screen_stands_with_words_twice_as_long(
    house: House, script: ModuleType, monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    """No slot breaks, the words are ours on each screen, and each word asked for has been collected."""
    lang, children = PEOPLE[who]
    pseudo = Pseudo()
    monkeypatch.setattr("lti_app.screens.page.catalogue", lambda tag: pseudo)
    todo = {path for child in (*children, None) for path in paths_of(house, who, child)}
    screens = 0
    known = {kind_of(path) for path in todo}
    while todo:
        path = todo.pop()
        answer = house.get(path, as_=who, lang=lang)
        assert answer.status_code in {200, 302, 303, 403, 404}, path
        if answer.status_code == 200 and IN_A_FRAME in answer.text:
            screens += 1
            assert long_words("Skip to the page") in answer.text, path
            assert not re.search(r"%\(\w+\)", words_only(answer.text)), path
            for link in sorted(links_on(answer.text)):
                if kind_of(link) not in known:
                    known.add(kind_of(link))
                    todo.add(link)
    assert 0 < screens
    collected = {one.key for one in script.wanted(lang)}
    assert set() == pseudo.asked - collected - OWN_NAMES
