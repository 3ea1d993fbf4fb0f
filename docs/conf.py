"""How Sphinx builds the documentation: Markdown by MyST, the Furo theme, nothing fetched from elsewhere."""

import sys
from pathlib import Path

# Our own extensions: pictures drawn by the library's chart, and tables that a keyboard can scroll.
sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "Rapport"
author = "The Rapport authors"
project_copyright = "2026, The Rapport authors"
version = release = "0.1.0"

extensions = ["myst_parser", "pictures", "wide_tables"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build", "decisions/template.md"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
nitpicky = True

html_theme = "furo"
html_title = "Rapport"
html_static_path = ["_ext/static"]
html_css_files = ["pages.css"]
html_theme_options = {"navigation_with_keys": True}
html_copy_source = False
html_show_sourcelink = False
