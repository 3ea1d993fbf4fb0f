"""One bearer session whatever the door: tokens, the viewer, resume and sign-out."""

from lti_app.session.goto import goto
from lti_app.session.viewer import Viewer, current_viewer

__all__ = ["Viewer", "current_viewer", "goto"]
