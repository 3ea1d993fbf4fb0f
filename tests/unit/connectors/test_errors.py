"""The error tree of the connectors: each leaf says what to do, and none says too much."""

from __future__ import annotations

import pytest

from connectors.http import errors
from connectors.http.errors import CallError, CallTrace, NoAnswer, ProtocolFault, ServerFault, Unreachable
from iepcore.errors import ConnectorError

TRACE = CallTrace(method="POST", template="/api/v1/things/:id", status=503, request_id="a1-b2")
LEAVES = [leaf for leaf in vars(errors).values() if isinstance(leaf, type) and issubclass(leaf, CallError)]


@pytest.mark.parametrize("leaf", LEAVES)
def test_each_leaf_carries_the_call_and_an_advice(leaf: type[CallError]) -> None:
    """Method, template, status, request id; a code of its own and the key of a sentence."""
    error = leaf(TRACE)

    assert isinstance(error, ConnectorError)
    assert {
        "method": "POST",
        "path": "/api/v1/things/:id",
        "status": 503,
        "request_id": "a1-b2",
    } == error.params
    assert f"advice.{error.code}" == error.advice_key


def test_each_leaf_has_its_own_code() -> None:
    """A screen chooses its sentence by it."""
    assert len(LEAVES) == len({leaf(TRACE).code for leaf in LEAVES})


def test_only_doubtful_errors_are_doubtful() -> None:
    """What may have been done in spite of the error."""
    doubtful = {leaf.__name__ for leaf in LEAVES if leaf(TRACE).may_have_happened}

    assert {"NoAnswer", "ServerFault", "ProtocolFault"} == doubtful


@pytest.mark.parametrize(
    ("status", "expected"), [(301, False), (302, True), (307, False), (308, False), (200, True)]
)
def test_a_redirect_that_keeps_the_method_did_nothing(status: int, expected: bool) -> None:
    """301, 307 and 308 ask for the same request elsewhere."""
    trace = CallTrace(method="POST", template="/", status=status)

    assert expected is ProtocolFault(trace).may_have_happened


@pytest.mark.parametrize(
    ("status", "expected"), [(500, False), (501, False), (502, True), (503, True), (504, True)]
)
def test_gateway_faults_may_be_read_again(status: int, expected: bool) -> None:
    """A fault inside the platform would only come again."""
    assert expected is ServerFault(CallTrace(method="GET", template="/", status=status)).retryable


def test_silence_is_a_kind_of_being_unreachable() -> None:
    """Whoever handles the one handles the other."""
    assert issubclass(NoAnswer, Unreachable)
    assert NoAnswer(TRACE).retryable


@pytest.mark.parametrize("text", ["Casey Smith", "a\nb", "", "x" * 81, "é"])
def test_a_request_id_that_is_no_token_is_dropped(text: str) -> None:
    """The other side could write a name into it."""
    trace = CallTrace(method="GET", template="/", status=200, request_id=text)

    assert trace.request_id is None
    assert "GET / 200 -" == str(trace)


def test_a_trace_without_an_answer_reads_so() -> None:
    """A dash for what is not known."""
    assert "GET /x - -" == str(CallTrace(method="GET", template="/x"))
