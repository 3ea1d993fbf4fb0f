"""Zips that are no rosters, half ones, hostile ones: one clear fault, nothing taken, nothing told."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from connectors.oneroster import Limits, OneRosterFault, OneRosterOptions, OneRosterSource, make
from iepcore.errors import InvalidValue
from tests.contract.connectors.oneroster_zip import District, csv_of, zip_of

MANIFEST = ("propertyName", "value")


def code_of(path: Path, limits: Limits | None = None) -> str:
    """Return the code of the fault that a file must have."""
    with pytest.raises(OneRosterFault) as caught:
        OneRosterSource(path, limits=limits).courses()
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    return caught.value.code


def zipped(folder: Path, **changed: bytes | None) -> Path:
    """Return the district with files changed, by name without ending."""
    return District(files={f"{name}.csv": data for name, data in changed.items()}).write(folder / "r.zip")


def named(name: str) -> Callable[[Path], Path]:
    """Return what writes the district with one more entry of this name."""

    def write(folder: Path) -> Path:
        path = District().write(folder / "r.zip")
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr(zipfile.ZipInfo(name), b"x")
        return path

    return write


def cut(folder: Path) -> Path:
    """Half a zip: the disk of the sender was full."""
    path = District().write(folder / "r.zip")
    path.write_bytes(path.read_bytes()[:-200])
    return path


def encrypted(folder: Path) -> Path:
    """A zip that says its users are encrypted."""
    path = District().write(folder / "r.zip")
    data = bytearray(path.read_bytes())
    for mark, flag_at, name_at in ((b"PK\x01\x02", 8, 46), (b"PK\x03\x04", 6, 30)):
        place = data.find(mark)
        while place >= 0:
            if data[place + name_at : place + name_at + 9] == b"users.csv":
                data[place + flag_at] |= 1
            place = data.find(mark, place + 1)
    path.write_bytes(data)
    return path


def squeezed_otherwise(folder: Path) -> Path:
    """A zip with a method that no exporter uses."""
    path = folder / "r.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_BZIP2) as archive:
        for name, data in District().contents().items():
            archive.writestr(name, data)
    return path


def bomb(folder: Path) -> Path:
    """A few kilobytes that unpack to many megabytes."""
    return zip_of(folder / "r.zip", {**District().contents(), "users.csv": b"\0" * 40_000_000})


def many(folder: Path) -> Path:
    """More entries than any roster has."""
    more = {f"file{number}.csv": b"" for number in range(200)}
    return zip_of(folder / "r.zip", {**District().contents(), **more})


def twice(folder: Path) -> Path:
    """Two files of one name, in letters of another size."""
    return zip_of(folder / "r.zip", {**District().contents(), "Users.CSV": b"sourcedId\r\n"})


def text(folder: Path) -> Path:
    """No zip at all."""
    path = folder / "r.zip"
    path.write_text("sourcedId,status\n", encoding="utf-8")
    return path


def a_folder(folder: Path) -> Path:
    """A folder in place of a file."""
    path = folder / "r.zip"
    path.mkdir()
    return path


@pytest.mark.parametrize(
    ("write", "code"),
    [
        (lambda folder: folder / "none.zip", "file_unreadable"),
        (a_folder, "file_unreadable"),
        (text, "not_a_zip"),
        (lambda folder: zip_of(folder / "r.zip", {}), "manifest_missing"),
        (cut, "zip_broken"),
        (encrypted, "zip_encrypted"),
        (squeezed_otherwise, "zip_method"),
        (bomb, "zip_bomb"),
        (many, "zip_bomb"),
        (twice, "zip_twice"),
        (named("roster/users.csv"), "zip_folders"),
        (named("roster/"), "zip_folders"),
        (named("../users.csv"), "zip_names"),
        (named("/etc/users.csv"), "zip_names"),
        (named("..\\users.csv"), "zip_names"),
        (named("c:users.csv"), "zip_names"),
        (named("a\nb.csv"), "zip_names"),
    ],
    ids=[
        "not-there",
        "folder-for-file",
        "text",
        "empty",
        "half-written",
        "encrypted",
        "method",
        "bomb",
        "many-entries",
        "two-of-a-name",
        "in-a-folder",
        "with-a-folder",
        "climbs",
        "absolute",
        "backslash",
        "drive",
        "line-break",
    ],
)
def test_a_zip_that_is_not_taken(tmp_path: Path, write: Callable[[Path], Path], code: str) -> None:
    """Each with its own reason, before anything is unpacked where that can be told."""
    assert code == code_of(write(tmp_path))


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Limits(archive=1000), "file_too_large"),
        (Limits(entry=100), "zip_bomb"),
        (Limits(unpacked=1000), "zip_bomb"),
        (Limits(entries=3), "zip_bomb"),
        (Limits(line=20), "not_text"),
        (Limits(ratio=1, ratio_from=100), "zip_bomb"),
    ],
)
def test_each_size_has_a_limit(tmp_path: Path, limits: Limits, code: str) -> None:
    """Of the file, an entry, all together, their number, a line, and of how far it was packed."""
    assert code == code_of(District().write(tmp_path / "r.zip"), limits)


def manifest(**told: str) -> bytes:
    """Return a manifest with these properties (double underscores are points)."""
    rows = [{"propertyName": key.replace("__", "."), "value": value} for key, value in told.items()]
    return csv_of(MANIFEST, rows)


ALL = {"file__users": "bulk", "file__classes": "bulk", "file__enrollments": "bulk"}


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"manifest": None}, "manifest_missing"),
        ({"manifest": b""}, "header_missing"),
        ({"manifest": b"a,b\r\n"}, "column_missing"),
        ({"manifest": manifest(**ALL)}, "version_unknown"),
        ({"manifest": manifest(oneroster__version="1.0", **ALL)}, "version_unknown"),
        ({"manifest": manifest(oneroster__version="1.1", **{**ALL, "file__users": "full"})}, "manifest_form"),
        ({"manifest": manifest(oneroster__version="1.1") + b"oneroster.version,1.2\r\n"}, "manifest_form"),
        ({"manifest": manifest(oneroster__version="1.1", file__users="bulk")}, "file_missing"),
        ({"manifest": manifest(oneroster__version="1.1", **{**ALL, "file__users": "delta"})}, "is_delta"),
        ({"users": None}, "file_missing"),
        ({"users": b""}, "header_missing"),
        ({"users": b"\r\n\r\n"}, "header_missing"),
        ({"users": b"sourcedId,givenName\r\n"}, "column_missing"),
        ({"users": b"sourcedId,role,Role\r\n"}, "column_twice"),
        ({"users": "sourcedId,role\r\n".encode("utf-16")}, "not_text"),
        ({"users": b"PK\x03\x04\x00\x00\x00 a spreadsheet"}, "not_text"),
        ({"users": b"x" * 100_000}, "not_text"),
        ({"users": b'"sourcedId,role\r\n'}, "header_missing"),
    ],
)
def test_files_that_are_not_what_they_should_be(
    tmp_path: Path, changed: dict[str, bytes | None], code: str
) -> None:
    """A manifest, its words, the files it announces, and a header in each are mandatory."""
    assert code == code_of(zipped(tmp_path, **changed))


def test_a_fault_names_file_and_columns(tmp_path: Path) -> None:
    """Of the standard, never of the sender."""
    with pytest.raises(OneRosterFault) as caught:
        OneRosterSource(zipped(tmp_path, users=b"sourcedId,givenName\r\n")).courses()

    assert ("users.csv", ("role",)) == (caught.value.place, caught.value.fields)
    assert "column_missing fields=role place=users.csv" == " ".join(caught.value.args)


def test_a_byte_order_mark_and_other_files_are_no_fault(tmp_path: Path) -> None:
    """Spreadsheets write the one, systems of file folders the others; a file nobody announced is told."""
    district = District(modes={"courses.csv": "absent"})
    users = b"\xef\xbb\xbf" + district.contents()["users.csv"].replace(b"\r\n", b"\n")
    path = zip_of(tmp_path / "r.zip", {**district.contents(), "users.csv": users, ".DS_Store": b"\0"})
    source = OneRosterSource(path)

    assert 3 == len(source.courses().courses)
    assert [("courses.csv", 1, "not_announced")] == [
        (one.place, one.line, one.code) for one in source.report.rows
    ]


WHOLE = io.BytesIO()
with zipfile.ZipFile(WHOLE, "w", zipfile.ZIP_DEFLATED) as made:
    for file_name, content in District(version="1.2").contents().items():
        made.writestr(zipfile.ZipInfo(file_name), content, zipfile.ZIP_DEFLATED)
DATA = WHOLE.getvalue()


def read_all(path: Path) -> None:
    """Read everything a zip has, as the product does; a fault of ours is fine."""
    source = OneRosterSource(path)
    with suppress(OneRosterFault):
        list(source.rosters(source.courses().courses))
        assert source.report.total >= 0


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file to write over again and again."""
    return tmp_path_factory.mktemp("broken") / "r.zip"


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(DATA) - 1))
def test_any_half_zip_is_a_fault_of_ours(place: Path, length: int) -> None:
    """Cut off anywhere, nothing else than our own fault comes out."""
    place.write_bytes(DATA[:length])
    with pytest.raises(OneRosterFault):
        OneRosterSource(place).courses()


@settings(max_examples=400, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(DATA) - 1), st.integers(1, 255)), min_size=1, max_size=4))
@example([(len(DATA) - 6, 255)])
def test_any_flipped_bits_are_a_fault_of_ours_or_harmless(place: Path, flips: list[tuple[int, int]]) -> None:
    """Nothing else than our own fault comes out, wherever the damage is."""
    data = bytearray(DATA)
    for at, bits in flips:
        data[at] ^= bits
    place.write_bytes(data)
    read_all(place)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(["users.csv", "roles.csv", "classes.csv", "enrollments.csv", "manifest.csv"]),
    st.binary(max_size=60),
    st.integers(0, 400),
    st.integers(0, 40),
)
def test_any_bytes_in_a_file_are_told(place: Path, name: str, noise: bytes, at: int, over: int) -> None:
    """A zip that is whole may hold anything in its files."""
    contents = District(version="1.2").contents()
    data = contents[name]
    zip_of(place, {**contents, name: data[:at] + noise + data[at + over :]})
    read_all(place)


def test_sizes_that_lie_are_found_out(tmp_path: Path) -> None:
    """The directory says ten bytes, the file has more: what is read does not fit its checksum."""
    path = District().write(tmp_path / "r.zip")
    data = bytearray(path.read_bytes())
    place = data.find(b"PK\x01\x02")
    while data[place + 46 : place + 55] != b"users.csv":
        place = data.find(b"PK\x01\x02", place + 1)
    struct.pack_into("<I", data, place + 24, 10)
    path.write_bytes(data)

    assert "zip_broken" == code_of(path)


@pytest.mark.parametrize(
    ("config", "code", "field"),
    [
        ({}, "option_missing", "file"),
        ({"file": "r.zip", "colour": "red"}, "option_unknown", "colour"),
        ({"file": "r.zip", "sis_id": "name"}, "option_form", "sis_id"),
        ({"file": "r.zip", "sis_id": "userIds:"}, "option_form", "sis_id"),
        ({"file": "r.zip", "mail_domains": "@x"}, "option_form", "mail_domains"),
        ({"file": "r.zip", "source": " "}, "identity_form", "source"),
    ],
)
def test_a_configuration_that_is_refused(config: dict[str, str], code: str, field: str) -> None:
    """With the key that is wrong."""
    with pytest.raises(InvalidValue) as caught:
        make(config)

    assert (code, field) == (caught.value.code, caught.value.field)


def test_a_configuration_makes_a_source(tmp_path: Path) -> None:
    """The names are those of the options; domains stand with commas between them."""
    path = District().write(tmp_path / "r.zip")
    domains = "Cedar.example.org, alder.example.org"
    source = make({"file": str(path), "source": "district", "mail_domains": domains, "school": "org-1"})

    assert "district" == source.source
    assert 3 == len(source.courses().courses)
    assert OneRosterOptions(mail_domains=frozenset({"a.example.org"})).vouches_for("x@A.example.org")
