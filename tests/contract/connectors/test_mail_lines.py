"""The line to a mail server: dead, silent, upgraded, encrypted, or not what it says it is."""

from __future__ import annotations

import socket
import ssl
import threading
from pathlib import Path

import pytest

from connectors.mail import MailSecurity
from tests.contract.connectors.doers import Watch
from tests.contract.connectors.mail_server import Mailbox, make_certificate, serving
from tests.contract.connectors.post import Post, outcome


@pytest.fixture
def mailbox() -> Mailbox:
    """Return an empty mailbox that behaves."""
    return Mailbox()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ssl.SSLContext]:
    """Return a certificate for localhost."""
    return make_certificate(tmp_path_factory.mktemp("tls"))


def test_a_dead_server_can_be_tried_later(watch: Watch, dead_port: int) -> None:
    """Nothing left this machine."""
    assert ("refused", "mail_down", True) == outcome(Post(dead_port, watch).deliver())


def test_a_silent_server_can_be_tried_later(watch: Watch) -> None:
    """It takes the call and never says a word: nothing was handed over."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        post = Post(silent.getsockname()[1], watch, host="127.0.0.1", connect_seconds=0.2, read_seconds=0.2)

        assert ("refused", "mail_down", True) == outcome(post.deliver())


def test_silence_after_the_text_is_unknown(watch: Watch) -> None:
    """The server has it all and says nothing more."""
    done = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def talk() -> None:
            line, _ = server.accept()
            with line, line.makefile("rb") as heard:
                line.sendall(b"220 hello\r\n")
                for said in heard:
                    if said.startswith(b"DATA"):
                        line.sendall(b"354 go\r\n")
                        break
                    line.sendall(b"250 ok\r\n")
                done.wait(20)

        thread = threading.Thread(target=talk)
        thread.start()
        post = Post(server.getsockname()[1], watch, host="127.0.0.1", final_seconds=0.1)
        receipt = post.deliver()
        done.set()
        thread.join()

    assert ("unknown", "no_answer", False) == outcome(receipt)
    assert receipt.platform_id is not None


def test_starttls_and_login(mailbox: Mailbox, watch: Watch, certificate: tuple[Path, ssl.SSLContext]) -> None:
    """The usual way out of a school: upgraded, then a name and a password."""
    chain, context = certificate
    with serving(mailbox, starttls=context, login=True) as port:
        post = Post(port, watch, tls=chain, security=MailSecurity.STARTTLS, user="u", password="right")
        assert ("sent", "", False) == outcome(post.deliver())
        wrong = Post(port, watch, tls=chain, security=MailSecurity.STARTTLS, user="u", password="wrong")
        assert ("refused", "mail_login", True) == outcome(wrong.deliver())
    assert {"u"} == set(mailbox.logins)
    assert 1 == len(mailbox.kept)
    assert "wrong" not in repr(wrong.settings)


def test_tls_from_the_first_byte(
    mailbox: Mailbox, watch: Watch, certificate: tuple[Path, ssl.SSLContext]
) -> None:
    """Port 465."""
    chain, context = certificate
    with serving(mailbox, tls=context) as port:
        post = Post(port, watch, tls=chain, security=MailSecurity.TLS)
        assert ("sent", "", False) == outcome(post.deliver())


@pytest.mark.parametrize("security", [MailSecurity.STARTTLS, MailSecurity.TLS])
def test_a_server_that_cannot_prove_its_name_gets_nothing(
    mailbox: Mailbox, watch: Watch, certificate: tuple[Path, ssl.SSLContext], security: MailSecurity
) -> None:
    """Not even the recipient's address."""
    context = certificate[1]
    tls, starttls = (context, None) if security is MailSecurity.TLS else (None, context)
    with serving(mailbox, tls=tls, starttls=starttls) as port:
        assert ("refused", "mail_security", True) == outcome(Post(port, watch, security=security).deliver())
    assert [] == mailbox.kept


def test_a_server_without_tls_gets_nothing(mailbox: Mailbox, watch: Watch) -> None:
    """Asked for and not there: no silent fall back to plain."""
    with serving(mailbox) as port:
        post = Post(port, watch, security=MailSecurity.STARTTLS)
        assert ("refused", "mail_security", True) == outcome(post.deliver())
    assert [] == mailbox.kept
