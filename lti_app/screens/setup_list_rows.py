"""The rows of a case manager's list on the screen: whom each may be, and what the form said of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from iepcore.caseload import Opening, PupilChoice, ReviewRow
from iepcore.ids import RosterMemberId
from iepcore.language import LANGUAGES
from iepcore.people import ListedPupil, RowMatch, WantedPupil
from lti_app.screens.choices import GRADES, Options
from lti_app.screens.page import Frame

NOBODY = "new"
"""The choice of a pupil whom no list has."""

_TAGS = frozenset(one.tag for one in LANGUAGES)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLine:
    """One row of the form. ``options`` are (value, words) of whom it may be, where a person must choose;
    ``member`` is chosen already where it is sure. ``href`` leads to a record that is open."""

    key: str
    name: str
    note: str
    badge: tuple[str, str]
    called: str
    legal: str
    grade: str
    language: str
    number: str
    member: str = ""
    options: tuple[tuple[str, str], ...] = ()
    chosen: bool = False
    href: str = ""
    errors: tuple[tuple[str, str], ...] = ()


def line_of(frame: Frame, found: ReviewRow) -> CaseLine:
    """Return the line of one row of a pasted list."""
    wanted = found.row.wanted
    open_already = next((one for one in found.choices if one.student_id is not None), None)
    is_sure = found.row.match is RowMatch.SURE
    if open_already is not None and is_sure:
        return _open_line(frame, open_already, wanted)
    if is_sure:
        line = _pupil_line(frame, found.choices[0].pupil, wanted)
        return replace(line, badge=(frame.words("found"), "done"), chosen=True)
    legal = wanted.name or wanted.sis_id or wanted.mail
    line = CaseLine(
        key=str(uuid4()),
        name=legal,
        note=_typed_note(wanted),
        badge=(frame.words("not in any list"), "open"),
        called=_first(wanted.name),
        legal=legal,
        grade=wanted.grade,
        language=wanted.language,
        number=wanted.sis_id,
        member=NOBODY,
    )
    if found.row.match is RowMatch.NEW:
        return line
    pupils = [one.pupil for one in found.choices if one.student_id is None]
    if not pupils:  # only the name is equal: it may be the same child or another one
        note = frame.words("A record of this name is open. Tick it only for another child of that name.")
        return replace(
            line, badge=(frame.words("please look"), "open"), note=f"{line.note} · {note}".strip(" ·")
        )
    grades = {one.grade for one in pupils if one.grade}
    return replace(
        line,
        badge=(frame.words("please choose"), "open"),
        member="",
        grade=wanted.grade or (grades.pop() if len(grades) == 1 else ""),
        options=(
            *((str(one.lines[0].id), _who(frame, one)) for one in pupils),
            (NOBODY, frame.words("Somebody else, who is in no list")),
        ),
    )


def chosen_line(frame: Frame, choice: PupilChoice) -> CaseLine:
    """Return the line of a pupil who was picked from the list of all."""
    if choice.student_id is not None:
        return _open_line(frame, choice, WantedPupil(name=""))
    line = _pupil_line(frame, choice.pupil, WantedPupil(name=""))
    return replace(line, badge=(frame.words("found"), "done"), chosen=True)


def typed_lines(frame: Frame, form: Mapping[str, str], rows: Sequence[str]) -> list[CaseLine]:
    """Return the lines as they came back from the form, each with what does not fit yet."""
    lines = []
    for key in rows:
        line = CaseLine(
            key=key,
            name=form.get(f"legal-{key}", ""),
            note=form.get(f"note-{key}", ""),
            badge=("", ""),
            called=form.get(f"called-{key}", "").strip(),
            legal=form.get(f"legal-{key}", "").strip(),
            grade=form.get(f"grade-{key}", ""),
            language=form.get(f"language-{key}", ""),
            number=form.get(f"number-{key}", "").strip(),
            member=form.get(f"member-{key}", ""),
            options=_options(form, key),
            chosen=form.get(f"open-{key}") == "1",
        )
        lines.append(replace(line, errors=_errors(frame, line)) if _wants(line) else line)
    return lines


def openings_of(lines: Iterable[CaseLine], *, language: str) -> list[Opening]:
    """Return what is to be opened. ``language`` is that of the rows that say none."""
    return [
        Opening(
            member_id=None if line.member == NOBODY else RosterMemberId(UUID(line.member)),
            preferred_name=line.called,
            legal_name=line.legal,
            grade=line.grade,
            home_language=line.language or language,
            sis_id=line.number,
            key=line.key,
        )
        for line in lines
        if _wants(line)
    ]


def course_options(frame: Frame, choices: Iterable[PupilChoice]) -> Options:
    """Return the courses to look into, by title."""
    titles = sorted({title for one in choices for title in one.pupil.courses}, key=str.casefold)
    return [("", frame.words("All courses")), *((title, title) for title in titles)]


def _wants(line: CaseLine) -> bool:
    return line.chosen or (bool(line.options) and line.member not in {"", NOBODY})


def _errors(frame: Frame, line: CaseLine) -> tuple[tuple[str, str], ...]:
    errors = []
    if not line.called:
        errors.append((f"called-{line.key}", frame.words("%(name)s: write the name", name=line.name)))
    if line.grade not in GRADES:
        errors.append((f"grade-{line.key}", frame.words("%(name)s: choose the grade", name=line.name)))
    if line.language and line.language not in _TAGS:
        errors.append((f"language-{line.key}", frame.words("%(name)s: choose the language", name=line.name)))
    if line.member != NOBODY and not _is_id(line.member):
        errors.append((f"member-{line.key}", frame.words("%(name)s: choose who it is", name=line.name)))
    return tuple(errors)


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _options(form: Mapping[str, str], key: str) -> tuple[tuple[str, str], ...]:
    """Return the choices of a row as the form carried them (value and words, in turn)."""
    pairs = form.get(f"options-{key}", "")
    found = [tuple(line.split("\t", 1)) for line in pairs.split("\n") if "\t" in line]
    return tuple((one[0], one[1].strip()) for one in found)


def _pupil_line(frame: Frame, pupil: ListedPupil, wanted: WantedPupil) -> CaseLine:
    legal = pupil.name or wanted.name
    return CaseLine(
        key=str(uuid4()),
        name=legal,
        note=", ".join(pupil.courses[:3]),
        badge=("", ""),
        called=_first(legal),
        legal=legal,
        grade=wanted.grade or pupil.grade,
        language=wanted.language,
        number=wanted.sis_id,
        member=str(pupil.lines[0].id),
    )


def _open_line(frame: Frame, choice: PupilChoice, wanted: WantedPupil) -> CaseLine:
    line = _pupil_line(frame, choice.pupil, wanted)
    return replace(line, badge=(frame.words("open already"), "done"), href=f"/app/c/{choice.student_id}")


def _who(frame: Frame, pupil: ListedPupil) -> str:
    parts = [pupil.name]
    if pupil.grade:
        parts.append(frame.words("grade %(grade)s", grade=pupil.grade))
    parts.extend(pupil.courses[:2])
    return " · ".join(part for part in parts if part)


def _typed_note(wanted: WantedPupil) -> str:
    return " · ".join(part for part in (wanted.sis_id, wanted.mail) if part)


def _first(name: str) -> str:
    last, comma, first = name.partition(",")
    words = (first if comma else last).split()
    return words[0] if words else ""
