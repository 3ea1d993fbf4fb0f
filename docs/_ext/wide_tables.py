"""Tables wider than the page scroll by themselves: this lets a keyboard reach them in every browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx

_WRAPPED = '<div class="table-wrapper'


def let_keyboard_in(
    app: Sphinx, page: str, template: str, context: dict[str, Any], tree: nodes.document | None
) -> None:
    """Give the theme's scrolling box around each table a place in the order of the keyboard."""
    if "body" in context:
        reachable = _WRAPPED.replace("<div", '<div tabindex="0" role="group" aria-label="Table"')
        context["body"] = context["body"].replace(_WRAPPED, reachable)


def setup(app: Sphinx) -> dict[str, Any]:
    """Change each page just before it is written."""
    app.connect("html-page-context", let_keyboard_in)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
