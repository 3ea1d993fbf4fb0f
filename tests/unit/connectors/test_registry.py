"""Connectors by name: found without being loaded, and one that is broken takes no other with it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from importlib.metadata import EntryPoint, distributions
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from connectors.canvas import CanvasSource
from connectors.google_classroom import GoogleSource
from connectors.http.errors import TokenExpired
from connectors.oneroster import OneRosterSource
from connectors.registry import OURS, ConnectorUnusable, config_of, connectors, make_source
from iepcore.errors import InvalidValue

Found = Callable[[], Iterable[EntryPoint]]

GOOD = """
from iepcore.people import CourseList

class Source:
    source = "sis"
    def __init__(self, config): self.config = config
    def courses(self): return CourseList(courses=())
    def rosters(self, courses, *, tell=None): return iter(())

def make(config):
    if config.get("how") == "refuse":
        from iepcore.errors import InvalidValue
        raise InvalidValue("option_missing", field="file")
    if config.get("how") == "break":
        raise RuntimeError("a secret of the configuration")
    return object() if config.get("how") == "odd" else Source(config)

number = 7
"""


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Found]:
    """Return what installs packages in a folder of the test's own, each with entry points and a module."""
    monkeypatch.syspath_prepend(tmp_path)
    modules = set(sys.modules)

    def install(**packages: str) -> Found:
        for package, entries in packages.items():
            info = tmp_path / f"{package}-2.0.dist-info"
            info.mkdir()
            metadata = f"Metadata-Version: 2.1\nName: {package}\nVersion: 2.0\n"
            (info / "METADATA").write_text(metadata, encoding="utf-8")
            lines = "\n".join(entries.split("; "))
            (info / "entry_points.txt").write_text(f"[rapport.connectors]\n{lines}\n", encoding="utf-8")
        (tmp_path / "sis_thing.py").write_text(GOOD, encoding="utf-8")
        (tmp_path / "sis_broken.py").write_text("import a_module_that_is_nowhere", encoding="utf-8")
        return lambda: [
            one
            for dist in distributions(path=[str(tmp_path)])
            for one in dist.entry_points
            if one.group == "rapport.connectors"
        ]

    try:
        yield install  # type: ignore[misc]
    finally:
        for name in set(sys.modules) - modules:
            if name.startswith("sis_"):
                del sys.modules[name]


def told(found: Found, name: str, config: Mapping[str, str] | None = None) -> tuple[str, str, str]:
    """Return how a connector is refused: code, name, kind."""
    with pytest.raises(ConnectorUnusable) as caught:
        make_source(name, config or {}, found)
    assert caught.value.__cause__ is caught.value.__context__ is None
    return caught.value.code, caught.value.name, caught.value.kind


def test_ours_are_declared() -> None:
    """The installed package gives the three, under its own name."""
    ours = [one for one in connectors() if one.package == "iepcore"]

    assert sorted(OURS) == [one.name for one in ours]
    assert all(one.version and not one.problem for one in ours)


def test_listing_loads_nothing(installed: Callable[..., Found]) -> None:
    """Name, package and version come from what is installed; a broken one stands in the list too."""
    found = installed(thing="thing = sis_thing:make; other = sis_broken:make")

    assert [("other", "thing", "2.0"), ("thing", "thing", "2.0")] == sorted(
        (one.name, one.package, one.version) for one in connectors(found)
    )
    assert not {"sis_thing", "sis_broken"} & set(sys.modules)


def test_one_is_made_of_its_configuration(installed: Callable[..., Found]) -> None:
    """It gets a copy of the texts."""
    found = installed(thing="thing = sis_thing:make")
    config = {"a": "b"}
    source = make_source("thing", config, found)

    assert "sis" == source.source
    assert config == source.config  # type: ignore[attr-defined]
    assert config is not source.config  # type: ignore[attr-defined]


def test_what_it_says_of_its_configuration_comes_through(installed: Callable[..., Found]) -> None:
    """Errors of our tree are for the person; the words of any other stay inside."""
    found = installed(thing="thing = sis_thing:make")

    with pytest.raises(InvalidValue, match="option_missing"):
        make_source("thing", {"how": "refuse"}, found)
    assert ("connector_broken", "thing", "RuntimeError") == told(found, "thing", {"how": "break"})


def test_broken_ones_are_refused_by_name(installed: Callable[..., Found]) -> None:
    """Each with its own reason, and the good one beside them works."""
    found = installed(
        thing="good = sis_thing:make; broken = sis_broken:make; gone = sis_thing:nothing; "
        "number = sis_thing:number; Odd Name = sis_thing:make"
    )

    assert ("connector_unknown", "none", "") == told(found, "none")
    assert ("connector_unknown", "", "") == told(found, "a secret typed as a name")
    assert ("connector_broken", "broken", "ModuleNotFoundError") == told(found, "broken")
    assert ("connector_broken", "gone", "AttributeError") == told(found, "gone")
    assert ("connector_form", "number", "") == told(found, "number")
    assert ("connector_name", "", "") == told(found, "Odd Name")
    assert ("connector_form", "good", "") == told(found, "good", {"how": "odd"})
    assert "sis" == make_source("good", {}, found).source


def test_a_name_is_of_one_package(installed: Callable[..., Found]) -> None:
    """Nobody takes the place of another, and nobody that of ours."""
    found = installed(one="same = sis_thing:make; canvas = sis_thing:make", two="same = sis_thing:make")

    assert ("connector_twice", "same", "") == told(found, "same")
    assert ("connector_twice", "canvas", "") == told(found, "canvas")
    assert {"connector_twice"} == {one.problem for one in connectors(found)}


@pytest.mark.parametrize(
    ("text", "config"),
    [
        ("", {}),
        ("# where\nfile = /data/r.zip\n\n  school=org 1  \n", {"file": "/data/r.zip", "school": "org 1"}),
        ("a=", {"a": ""}),
    ],
)
def test_a_configuration_in_lines(text: str, config: dict[str, str]) -> None:
    """One key and one text a line."""
    assert config == config_of(text)


@pytest.mark.parametrize("text", ["a=1\na=2", "x=1\nno sign", "x=1\nBIG=2"])
def test_a_line_that_is_none(text: str) -> None:
    """Its number is told, its words are not."""
    with pytest.raises(InvalidValue) as caught:
        config_of(text)

    assert ("config_line", 2) == (caught.value.code, caught.value.params["line"])
    assert "no sign" not in str(caught.value)


def test_oneroster_by_its_name(tmp_path: Path) -> None:
    """A file, and nothing is read before it is asked."""
    assert isinstance(make_source("oneroster", {"file": str(tmp_path / "r.zip")}), OneRosterSource)


def test_canvas_by_its_name(tmp_path: Path, httpserver: HTTPServer) -> None:
    """An address and a file with a token; the token goes to that address."""
    token = tmp_path / "token"
    token.write_text("abc\n", encoding="ascii")
    config = {
        "base_url": httpserver.url_for("").rstrip("/"),
        "token_file": str(token),
        "zone": "America/Chicago",
    }
    httpserver.expect_ordered_request(
        "/api/v1/courses", headers={"Authorization": "Bearer abc"}
    ).respond_with_json([{"id": 7, "name": "Reading"}])
    for _ in range(2):  # a refused token is asked for once more
        httpserver.expect_ordered_request("/api/v1/courses").respond_with_json(
            {"errors": [{"message": "Invalid access token."}]},
            status=401,
            headers={"WWW-Authenticate": 'Bearer realm="canvas-lms"'},
        )
    source = make_source("canvas", config)

    assert isinstance(source, CanvasSource)
    assert ["7"] == [one.id for one in source.courses().courses]
    with pytest.raises(TokenExpired):
        source.courses()


@pytest.mark.parametrize(
    ("name", "config", "code", "field"),
    [
        ("canvas", {}, "option_missing", "base_url"),
        ("canvas", {"base_url": "https://c.example", "colour": "red"}, "option_unknown", "colour"),
        ("canvas", {"base_url": "https://c.example", "token_file": "none"}, "token_file", "token_file"),
        ("google", {}, "option_missing", "key_file"),
        ("google", {"key_file": "k", "administrator": "a@x.example", "b": "c"}, "option_unknown", "b"),
        ("google", {"key_file": "none", "administrator": "a@x.example"}, "service_key_form", "key"),
    ],
)
def test_a_configuration_that_is_refused(name: str, config: dict[str, str], code: str, field: str) -> None:
    """With the key that is wrong."""
    with pytest.raises(InvalidValue) as caught:
        make_source(name, config)

    assert (code, field) == (caught.value.code, caught.value.field)


def test_canvas_knows_its_zone(tmp_path: Path) -> None:
    """A zone nobody knows is refused at once."""
    token = tmp_path / "token"
    token.write_text("abc", encoding="ascii")
    config = {"base_url": "https://c.example", "token_file": str(token), "zone": "Mars/Base"}
    with pytest.raises(InvalidValue, match="option_form"):
        make_source("canvas", config)


def test_google_by_its_name(tmp_path: Path) -> None:
    """A service account's file and the administrator it acts for."""
    key = tmp_path / "key.json"
    key.write_text(
        '{"type": "service_account", "client_email": "a@p.example", "client_id": "1", "private_key_id": "k",'
        ' "private_key": "x", "token_uri": "https://oauth2.googleapis.com/token"}',
        encoding="utf-8",
    )
    config = {"key_file": str(key), "administrator": "admin@school.example.org", "zone": "UTC"}

    assert isinstance(make_source("google", config), GoogleSource)
