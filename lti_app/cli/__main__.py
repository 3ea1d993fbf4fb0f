"""``python -m lti_app.cli``: the same as ``iep``."""

from __future__ import annotations

from lti_app.cli import main

main()
