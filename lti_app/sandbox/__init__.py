"""A stand-in LMS, written from the vendors' documents, for the demo and the end-to-end tests.

It signs real LTI 1.3 launches, has courses, a roster service, OAuth2, a Canvas-like conversations API and a
mailbox. It imports nothing else of this project, so that it cannot agree with our mistakes. Everybody in it
is fictional.
"""

from __future__ import annotations

from lti_app.sandbox.app import create_sandbox
from lti_app.sandbox.config import SandboxConfig, StageControl
from lti_app.sandbox.serving import SandboxHandle, run_in_thread

__all__ = ["SandboxConfig", "SandboxHandle", "StageControl", "create_sandbox", "run_in_thread"]
