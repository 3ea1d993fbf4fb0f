"""A reply without what mail programs add: the quoted notice, the line that introduces it, the signature.

Nothing a person wrote may be lost by it: lines under a quotation are kept, and only what is surely quoted
goes.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

_QUOTED = re.compile(r"^\s*>")
# "On Tuesday ... wrote:" in the languages notices are written in, and in three more that families'
# programs speak.
_INTRODUCES = re.compile(
    r"^\W*(?:on\b.{4,200}\bwrote|el\b.{4,200}\bescribi[oó]|le\b.{4,200}\ba écrit|am\b.{4,200}\bschrieb.{0,80}"
    r"|em\b.{4,200}\bescreveu|(?:در|به تاریخ).{4,200}\bنوشت(?:ه است)?)\s*[:：]\s*$",
    re.IGNORECASE | re.DOTALL,
)
_ORIGINAL = re.compile(
    r"^\W*(?:original message|forwarded message|mensaje original|mensaje reenviado|پیام اصلی)\W*$",
    re.IGNORECASE,
)
_FROM = re.compile(r"^\s*\*?(?:from|de|von|از|فرستنده)\s*:\*?\s*\S", re.IGNORECASE)
_HEAD = re.compile(
    r"^\s*\*?(?:sent|date|to|subject|enviado(?: el)?|fecha|para|asunto|تاریخ|به|گیرنده|موضوع)\s*:",
    re.IGNORECASE,
)
_DEVICE = re.compile(
    r"^\s*(?:sent from my|get outlook for|enviado desde mi|obtener outlook para|فرستاده شده از)\b.{0,60}$",
    re.IGNORECASE,
)
_RULE = re.compile(r"^\s*[_=-]{10,}\s*$")


def without_quotes(text: str) -> str:
    """Return what a person wrote above, between and below the quotation, without their signature."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept: list[str] = []
    at = 0
    while at < len(lines):
        taken = _introduction(lines, at)
        if taken:
            after = _next_written(lines, at + taken)
            if after is None or not _QUOTED.match(lines[after]):
                break  # the rest is the notice, quoted without marks
            at = after
        elif _begins_original(lines, at) or lines[at].rstrip("\r\n") in {"-- ", "--"}:
            break
        elif _QUOTED.match(lines[at]) or _DEVICE.match(lines[at]):
            at += 1
        else:
            kept.append(lines[at].rstrip())
            at += 1
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def text_of_html(html: str) -> str:
    """Return the text of an HTML mail; what stands in a quotation gets the marks of one."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.text()


def _introduction(lines: list[str], at: int) -> int:
    """Return how many lines from ``at`` introduce a quotation: programs break a long one in two or three."""
    if not lines[at].strip():
        return 0
    for count in (1, 2, 3):
        if at + count <= len(lines) and _INTRODUCES.match(" ".join(lines[at : at + count])):
            return count
    return 0


def _begins_original(lines: list[str], at: int) -> bool:
    if _ORIGINAL.match(lines[at]):
        return True
    if _RULE.match(lines[at]):
        following = _next_written(lines, at + 1)
        return following is not None and _is_header_block(lines, following)
    return _is_header_block(lines, at)


def _is_header_block(lines: list[str], at: int) -> bool:
    """Tell whether here begins "From: / Sent: / To: / Subject:", as some programs copy it."""
    return (
        bool(_FROM.match(lines[at])) and sum(bool(_HEAD.match(line)) for line in lines[at + 1 : at + 5]) >= 2
    )


def _next_written(lines: list[str], at: int) -> int | None:
    return next((number for number in range(at, len(lines)) if lines[number].strip()), None)


class _Reader(HTMLParser):
    """Collects text; blocks become lines, quotations get ``>``."""

    _BLOCKS = frozenset({"p", "div", "br", "tr", "li", "blockquote", "h1", "h2", "h3", "table", "ul", "ol"})
    _SILENT = frozenset({"style", "script", "head", "title"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = [""]
        self._quoted = 0
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a line with a block, a quotation with its mark."""
        self._silent += tag in self._SILENT
        self._quoted += tag == "blockquote"
        if tag in self._BLOCKS:
            self._break()

    def handle_endtag(self, tag: str) -> None:
        """End what was begun; a tag that was never begun ends nothing."""
        if tag in self._SILENT:
            self._silent = max(0, self._silent - 1)
        if tag == "blockquote":
            self._quoted = max(0, self._quoted - 1)
        if tag in self._BLOCKS and tag != "br":
            self._break()

    def handle_data(self, data: str) -> None:
        """Keep text that is meant to be seen."""
        if not self._silent:
            self._lines[-1] += re.sub(r"\s+", " ", data)

    def text(self) -> str:
        """Return the lines."""
        return "\n".join(line.strip() for line in self._lines)

    def _break(self) -> None:
        if self._lines[-1].strip(" >"):
            self._lines.append("")
        self._lines[-1] = "> " if self._quoted else ""
