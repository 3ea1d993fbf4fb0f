"""A pasted list: columns by their header or a person's word, each row waiting for a yes, nothing guessed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iepcore.people import (
    PastedColumn,
    PastedList,
    PastedProblem,
    PastedRow,
    PasteNote,
    PasteQuestion,
    Separator,
    WantedPupil,
    pasted_rows,
    read_paste,
)

NAME, FIRST, LAST = PastedColumn.NAME, PastedColumn.FIRST, PastedColumn.LAST


def read(text: str, *columns: PastedColumn | None, birth_dates: bool = False) -> PastedList:
    """Return what a paste says, with the columns a person named, if any."""
    return pasted_rows(read_paste(text), columns or None, birth_dates=birth_dates)


def names(found: PastedList) -> list[str]:
    """Return the names of the rows."""
    return [row.name for row in found.rows]


@pytest.mark.parametrize(
    "text",
    [
        "Name\tID\tGrade\nMaya Quill\t1001\t4\n",
        "Name;ID;Grade\r\nMaya Quill;1001;4",
        'Student name,Student ID,Grade level\n"Quill, Maya",1001,4th\n',
        "Last name\tFirst Name\tStudent Number\tGR.\rQuill\tMaya\t1001\tGrade 4\r",
        "\ufeffID, Name , GRADE\n\n1001,  Maya  Quill,04\n\n",
    ],
)
def test_a_header_names_the_columns(text: str) -> None:
    """With tabs, semicolons or commas, in any order, from any system's line ends."""
    found = read(text)

    assert [("Maya Quill", "1001", "4")] == [(row.name, row.sis_id, row.grade) for row in found.rows]
    assert () == found.questions == found.problems


def test_a_row_is_one_of_a_list() -> None:
    """As the review of a case manager's list takes it."""
    text = "Name\tID\tEmail\tGrade\tHome language\nMaya Quill\t1001\tm@x.example\tK\tEspañol"
    [row] = read(text).rows

    expected = WantedPupil(name="Maya Quill", sis_id="1001", mail="m@x.example", grade="K", language="es")
    assert expected == row.wanted()


def test_without_a_header_a_person_says_what_stands_where() -> None:
    """Numbers that look like numbers of the school may be of the state."""
    text = "1001\tMaya Quill\n1002\tOmar Haidari"
    assert (PasteQuestion.WHICH_IS_NAME,) == read(text).questions
    assert ["Maya Quill", "Omar Haidari"] == names(read(text, None, NAME))
    assert ["", ""] == [row.sis_id for row in read(text, None, NAME).rows]


def test_one_column_is_the_name() -> None:
    """A list of names alone needs no question; a single "Quill, Maya" among them is turned, and said so."""
    found = read("Maya Quill\nOmar Haidari\nNguyen, Lena")

    assert ["Maya Quill", "Omar Haidari", "Lena Nguyen"] == names(found)
    assert [(), (), (PasteNote.NAME_TURNED,)] == [row.notes for row in found.rows]


def test_a_comma_in_each_line_may_be_two_things() -> None:
    """Two columns, or one name: a person says which."""
    text = "Quill, Maya\nHaidari, Omar"
    table = read_paste(text)

    assert (PasteQuestion.COMMA,) == pasted_rows(table).questions
    assert ["Maya Quill", "Omar Haidari"] == names(pasted_rows(table, (LAST, FIRST)))
    assert ["Maya Quill", "Omar Haidari"] == names(pasted_rows(read_paste(text, separator=Separator.NONE)))


@pytest.mark.parametrize(
    ("columns", "questions"),
    [
        ((FIRST, None), (PasteQuestion.WHICH_IS_NAME,)),
        ((None, None), (PasteQuestion.WHICH_IS_NAME,)),
        ((NAME, NAME), (PasteQuestion.NAME_TWICE,)),
        ((NAME, LAST), (PasteQuestion.NAME_TWICE,)),
    ],
)
def test_columns_that_make_no_name(
    columns: tuple[PastedColumn | None, ...], questions: tuple[PasteQuestion, ...]
) -> None:
    """No row is read before it is clear what its name is."""
    found = pasted_rows(read_paste("a\tb\nc\td"), columns)

    assert (questions, ()) == (found.questions, found.rows)


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        ("\t1001\t", "name_empty", NAME),
        (f"{'x' * 121}\t1001\t", "name_too_long", NAME),
        (f"{'x' * 201}\t1001\t", "cell_too_long", NAME),
        ("Maya Quill\t10 01\t", "sis_id_form", PastedColumn.SIS_ID),
        ("Maya Quill\t1001\tmaya at school", "mail_form", PastedColumn.MAIL),
    ],
)
def test_a_row_that_cannot_be_read(row: str, code: str, column: PastedColumn) -> None:
    """Its line as a person counts, a code and the column; the next is read."""
    found = read(f"Name\tID\tMail\n\n{row}\nOmar Haidari\t1002\t")

    assert (PastedProblem(line=3, code=code, column=column),) == found.problems
    assert ["Omar Haidari"] == names(found)


def test_one_number_is_one_pupil() -> None:
    """The same row twice is read once; one number of two names is nobody's until a person looks."""
    text = "Name\tID\nMaya Quill\t1\nmaya quill\t1\nOmar H\t2\nLena N\t2\nSam Lee\t\nSam Lee\t"
    found = read(text)

    assert [(2, "Maya Quill"), (6, "Sam Lee"), (7, "Sam Lee")] == [(row.line, row.name) for row in found.rows]
    assert [(3, "row_twice"), (4, "sis_id_twice"), (5, "sis_id_twice")] == [
        (one.line, one.code) for one in found.problems
    ]
    assert [(), (PasteNote.SAME_NAME,), (PasteNote.SAME_NAME,)] == [row.notes for row in found.rows]


def test_what_was_not_understood_stands_beside_the_row() -> None:
    """The row is good without it, and the person sees that it is missing."""
    text = (
        "Name\tGrade\tLanguage\nQuill, Maya, Jr.\tthird\tKlingon\tmore\nOmar\t2\ttlh\nAna\t1\tes-MX\nBo\t\t"
    )
    found = read(text)

    notes = (
        PasteNote.NAME_COMMAS,
        PasteNote.GRADE_UNKNOWN,
        PasteNote.LANGUAGE_UNKNOWN,
        PasteNote.MORE_CELLS,
    )
    assert [notes, (PasteNote.LANGUAGE_UNKNOWN,), (), ()] == [row.notes for row in found.rows]
    assert ["", "", "es", ""] == [row.language for row in found.rows]
    assert "Quill, Maya, Jr." == found.rows[0].name


def test_cells_beyond_the_named_columns_are_noted() -> None:
    """They may have moved."""
    found = pasted_rows(read_paste("Maya\t1\tx"), (NAME, PastedColumn.SIS_ID))

    assert [(PasteNote.MORE_CELLS,)] == [row.notes for row in found.rows]


def test_a_birth_date_is_left_out_unless_asked_for() -> None:
    """And then read in one form only: 03/04 is two days."""
    text = "Name\tDOB\nMaya\t2015-03-04\nOmar\t03/04/2015\nLena\t2015-13-40\nSam\t"

    assert [None] * 4 == [row.born_on for row in read(text).rows]
    asked = read(text, birth_dates=True)
    assert [date(2015, 3, 4), None, None, None] == [row.born_on for row in asked.rows]
    unclear = (PasteNote.BIRTH_DATE_UNCLEAR,)
    assert [(), unclear, unclear, ()] == [row.notes for row in asked.rows]


def test_a_person_may_say_that_the_first_row_is_no_header() -> None:
    """A child may be called Grade; and a header may have words we do not know."""
    assert ["Grade"] == names(pasted_rows(read_paste("Grade", has_header=False)))
    table = read_paste("Alumno\tClave\nMaya\t1", has_header=True)
    assert (("Alumno", "Clave"), (None, None)) == (table.header, table.columns)
    assert ["Maya"] == names(pasted_rows(table, (NAME, None)))


def test_only_what_somebody_confirmed_goes_on() -> None:
    """Row by row."""
    found = read("Name\nMaya\nOmar\nLena")

    assert ["Maya", "Lena"] == [row.name for row in found.confirmed({2, 4, 9})]


def test_nothing_is_read_from_nothing() -> None:
    """An empty paste has no rows and asks what it is."""
    assert PastedList(questions=(PasteQuestion.WHICH_IS_NAME,)) == read(" \n\t\n")


def test_a_list_has_an_end() -> None:
    """A whole district's export is no caseload."""
    found = read("Name\n" + "\n".join(f"Child {number}" for number in range(600)))

    assert (500, [(502, "too_many_rows")]) == (
        len(found.rows),
        [(one.line, one.code) for one in found.problems],
    )


def test_representations_show_no_child() -> None:
    """A log of a row holds its line."""
    found = read("Name\tID\tMail\nMaya Quill\t1001\tm@x.example")

    assert not [word for word in ("Maya", "1001", "m@x") if word in repr(found) + repr(read_paste("Maya"))]
    assert isinstance(found.rows[0], PastedRow)


@given(st.text(max_size=200), st.sampled_from([None, *Separator]), st.sampled_from([None, True, False]))
def test_any_text_can_be_pasted(text: str, separator: Separator | None, has_header: bool | None) -> None:
    """Whatever it is, nothing is raised, and every row has a name and a line of the text."""
    table = read_paste(text, separator=separator, has_header=has_header)
    found = pasted_rows(table, (*table.columns[:-1], NAME) if table.columns else None)

    for row in found.rows:
        assert row.name.strip()
        assert 1 <= row.line <= len(text) + 1


CELLS = st.text(alphabet="abc XYZé'-", min_size=1, max_size=12).filter(str.strip)


@given(st.lists(st.tuples(CELLS, st.integers(1, 9999)), min_size=1, max_size=8, unique_by=lambda row: row[1]))
def test_columns_may_stand_in_any_order(rows: list[tuple[str, int]]) -> None:
    """The same list with its columns turned is the same list."""
    one = "Name\tID\n" + "\n".join(f"{name}\t{number}" for name, number in rows)
    other = "ID;Name\n" + "\n".join(f'{number};"{name}"' for name, number in rows)

    assert read(one) == read(other)
