"""An answer without the quotation: in the ways mail programs quote, and without losing a person's words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.mail.quoting import text_of_html, without_quotes

NOTICE = (
    "> Ms. Halloran at Cedar Hollow has written to you.\n> https://school.example.org/n/abc\n> Ref 7KQ2M4XD"
)
BARE = NOTICE.replace("> ", "")


@pytest.mark.parametrize(
    "introduction",
    [
        "On Tue, Nov 24, 2026 at 4:30 PM Cedar Hollow <notices@school.example.org> wrote:",
        "On Tuesday, 24 November 2026\nat 16:30, Cedar Hollow School\n<notices@school.example.org> wrote:",
        "El mar, 24 nov 2026 a las 16:30, Cedar Hollow (<notices@school.example.org>) escribió:",
        "El 24/11/26 a las 16:30, Cedar Hollow escribio:",
        "در تاریخ سه‌شنبه ۲۴ نوامبر ۲۰۲۶ ساعت ۱۶:۳۰ Cedar Hollow نوشت:",
        "به تاریخ ۲۴ نوامبر Cedar Hollow <notices@school.example.org> نوشته است:",
        "Le mar. 24 nov. 2026 à 16:30, Cedar Hollow a écrit :",
        "Am 24.11.2026 um 16:30 schrieb Cedar Hollow:",
        "Em ter., 24 de nov. de 2026 16:30, Cedar Hollow escreveu:",
    ],
)
@pytest.mark.parametrize("quoted", [NOTICE, BARE, f"\n{NOTICE}"])
def test_the_quoted_notice_goes(introduction: str, quoted: str) -> None:
    """The line that introduces it, in one piece or broken, and what follows it, marked or bare."""
    assert "Gracias, nos vemos.\n\nElena" == without_quotes(
        f"Gracias, nos vemos.\r\n\r\nElena\r\n\r\n{introduction}\n{quoted}"
    )


@pytest.mark.parametrize(
    "block",
    [
        "-----Original Message-----\nFrom: Cedar Hollow\n" + BARE,
        "-------- Mensaje original --------\n" + BARE,
        "________________________________\nFrom: Cedar Hollow <n@x.example>\nSent: Tuesday\nTo: Elena\n"
        + BARE,
        "De: Cedar Hollow\nEnviado el: martes\nPara: Elena\nAsunto: mensaje\n" + BARE,
        "-- \nElena Ruiz\n+1 504 555 0117",
        "Sent from my iPhone",
        "Enviado desde mi iPhone\n\n" + NOTICE,
    ],
)
def test_other_programs_ways_go_too(block: str) -> None:
    """Blocks of headers, rules, signatures and what a telephone adds."""
    assert "We will come." == without_quotes(f"We will come.\n\n{block}")


def test_answers_below_and_between_stay() -> None:
    """Who answers under each quoted line loses nothing."""
    text = "On Tuesday Cedar Hollow wrote:\n> Can you come?\nYes, at four.\n> Who comes?\nBoth of us.\n"
    assert "Yes, at four.\nBoth of us." == without_quotes(text)


@pytest.mark.parametrize(
    "text",
    [
        "On Monday she wrote: a whole page!",
        "From: the whole family",
        "El martes no puedo.",
        "1 > 0 and --",
        "_____ is what he wrote",
    ],
)
def test_words_that_only_look_like_it_stay(text: str) -> None:
    """A sentence with the same words is a sentence."""
    assert text == without_quotes(text)


@given(
    st.text(alphabet=st.characters(exclude_characters="\r\n>", exclude_categories=["Cs", "Cc"]), max_size=40)
)
def test_one_plain_line_is_never_lost(line: str) -> None:
    """Whatever one line says, it is there above a quotation, but for white space and signs of a signature."""
    if without_quotes(line):
        assert without_quotes(line) == without_quotes(f"{line}\n\n{NOTICE}")


def test_html_becomes_lines_and_its_quotation_is_marked() -> None:
    """Blocks are lines, a blockquote is a quotation, styles and scripts are not read."""
    html = (
        "<html><head><style>p{color:red}</style><title>x</title></head><body><p>Gracias&nbsp;a todos.</p>"
        "<div>Elena<br>Ruiz</div><script>alert(1)</script>"
        "<div>El mar, 24 nov, Cedar Hollow escribi&oacute;:<blockquote><p>Read it</p></blockquote></div>"
    )
    assert "Gracias a todos.\nElena\nRuiz" == without_quotes(text_of_html(html))
    assert "a" == text_of_html("</blockquote></style>a").strip()
