"""A real SMTP server in a thread that can refuse, fall silent and hang up at every step."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass(frozen=True)
class Got:
    """A mail as it arrived."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    greeting: str

    @property
    def message(self) -> EmailMessage:
        return BytesParser(_class=EmailMessage, policy=policy.default).parsebytes(self.raw)


@dataclass
class Mailbox:
    """What the server keeps, and how it behaves. An answer is sent as it is; `hang up` closes the line."""

    kept: list[Got] = field(default_factory=list)
    mail: str = ""
    rcpt: str = ""
    data_command: str = ""
    data_end: str = ""
    logins: list[str] = field(default_factory=list)

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.mail:
            return await _say(server, self.mail)
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.rcpt:
            return await _say(server, self.rcpt)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.data_end.startswith("5") or self.data_end.startswith("4"):
            return self.data_end
        assert isinstance(envelope.content, bytes)
        self.kept.append(
            Got(str(envelope.mail_from), tuple(envelope.rcpt_tos), envelope.content, str(session.host_name))
        )
        return await _say(server, self.data_end) if self.data_end else "250 OK"

    def check_login(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: LoginPassword
    ) -> AuthResult:
        self.logins.append(data.login.decode())
        return AuthResult(success=data.password == b"right", handled=False)


class _Talker(SMTP):
    """The server's side of one talk, with a DATA command that can be refused before the text."""

    async def smtp_DATA(self, arg: str) -> None:
        handler: Mailbox = self.event_handler
        if handler.data_command:
            await self.push(await _say(self, handler.data_command))
            return
        await super().smtp_DATA(arg)


async def _say(server: SMTP, answer: str) -> str:
    if answer == "hang up":
        server.transport.abort()
    return answer


class _Door(Controller):
    """Port 0 lets the system choose; the start-up check knocks at the port that was chosen."""

    @property
    def chosen_port(self) -> int:
        assert self.server is not None
        return int(self.server.sockets[0].getsockname()[1])

    def factory(self) -> SMTP:
        return _Talker(self.handler, **self.SMTP_kwargs)

    def _trigger_server(self) -> None:
        socket.create_connection(("127.0.0.1", self.chosen_port)).close()


@contextmanager
def serving(
    mailbox: Mailbox,
    *,
    starttls: ssl.SSLContext | None = None,
    tls: ssl.SSLContext | None = None,
    login: bool = False,
) -> Iterator[int]:
    """Serve on a free port of loopback and give the port."""
    extra = {"authenticator": mailbox.check_login, "auth_required": True} if login else {}
    door = _Door(
        mailbox,
        hostname="127.0.0.1",
        port=0,
        ssl_context=tls,
        server_hostname="mail.test",
        tls_context=starttls,
        **extra,
    )
    door.start()
    try:
        yield door.chosen_port
    finally:
        door.stop()


def make_certificate(folder: Path, host: str = "localhost") -> tuple[Path, ssl.SSLContext]:
    """Return a certificate of a test host, and the server's side of it."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    chain, secret = folder / "cert.pem", folder / "key.pem"
    chain.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(chain, secret)
    return chain, context
