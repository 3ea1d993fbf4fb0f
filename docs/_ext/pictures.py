"""Pictures of invented children's scores, drawn by the library's own chart: ``{chart} name``.

The text under the directive is the caption. The data stand in ``children.py``; a picture cannot drift from
the geometry, because it is drawn by it whenever the pages are built.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from children import PICTURES
from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from iepcore.reports import svg_of

if TYPE_CHECKING:
    from sphinx.application import Sphinx


class Chart(SphinxDirective):
    """Draw one picture of ``children.PICTURES`` with its caption."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar[dict[str, Any]] = {}

    def run(self) -> list[nodes.Node]:
        """Return the figure; other formats than HTML keep the caption alone."""
        name = self.arguments[0]
        if name not in PICTURES:
            raise self.error(f"there is no picture called {name!r} in docs/_ext/children.py")
        self.env.note_dependency(__file__.replace("pictures.py", "children.py"))
        picture = PICTURES[name]()
        figure = nodes.container(classes=["picture"])
        for size, chart in (("wide", picture.wide), ("narrow", picture.narrow)):
            # The page shows the one that fits; the other is hidden from everybody.
            drawn = svg_of(chart, picture.labels, ident=f"{name}-{size}", marked=picture.marked)
            figure += nodes.raw("", f'<div class="picture-{size}">{drawn}</div>', format="html")
        if self.content:
            caption = nodes.container(classes=["picture-caption"])
            self.state.nested_parse(self.content, self.content_offset, caption)
            figure += caption
        return [figure]


def setup(app: Sphinx) -> dict[str, Any]:
    """Tell Sphinx about the directive."""
    app.add_directive("chart", Chart)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
