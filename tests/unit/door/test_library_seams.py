"""The seams of pylti1p3 that we override: a new version that renames one must not pass unseen."""

from __future__ import annotations

import pytest
from pylti1p3.oidc_login import OIDCLogin
from pylti1p3.session import SessionService
from pylti1p3.tool_config.abstract import ToolConfAbstract

from lti_app.doors.lti.login import StateCookies, StrictLogin, UnusedSession
from lti_app.doors.lti.toolconf import StoredToolConf
from lti_app.doors.memory import MemoryDoorStore
from tests.contract.lti.tool import TestWiring, make_app


@pytest.mark.parametrize(
    "name",
    ["_prepare_redirect_url", "_generate_nonce", "_get_uuid", "validate_oidc_login", "_get_request_param"],
)
def test_login_seams(name: str) -> None:
    """Each step we replace is a step the library has."""
    assert callable(getattr(OIDCLogin, name))
    assert callable(getattr(StrictLogin, name))


def test_session_and_configuration_seams() -> None:
    """What the library would keep in the browser's session, it hands to us, and we keep nothing there."""
    assert callable(SessionService.save_nonce)
    UnusedSession().save_nonce("n")
    cookies = StateCookies()
    cookies.set_cookie("state", "x")
    with make_app(TestWiring()).test_request_context():
        assert cookies.get_cookie("state") is None


def test_configuration_never_guesses() -> None:
    """An issuer alone names no registration; unknown pairs are None, which the library turns into its
    refusal.
    """
    conf = StoredToolConf(MemoryDoorStore())
    assert isinstance(conf, ToolConfAbstract)
    assert (False, True) == (conf.check_iss_has_one_client("x"), conf.check_iss_has_many_clients("x"))
    assert conf.find_registration_by_params("x", "y") is None
    assert conf.find_deployment_by_params("x", "d", "y") is None
    with pytest.raises(NotImplementedError):
        conf.find_registration_by_issuer("x")
    with pytest.raises(NotImplementedError):
        conf.find_deployment("x", "d")
