"""TLS and AUTH against aiosmtpd, with certificates made for the test."""

from __future__ import annotations

import datetime
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pydantic import SecretStr

from gazette.notice.options import Relay
from gazette.notice.smtp import Connection, Envelope, RelayError
from gazette.notice.verdicts import Fate, Verdict


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for localhost that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1)).add_extension(names, False)
        .add_extension(x509.BasicConstraints(True, None), True).sign(key, hashes.SHA256())
    )  # fmt: skip
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@dataclass
class Taker:
    taken: list[str] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.taken.append(envelope.rcpt_tos[0])
        return "250 ok"


def login(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (b"me", b"p\xc3\xa4ss")
    return AuthResult(success=right, handled=right)


@dataclass
class Server:
    port: int
    taken: list[str]


def serve(certificate: Path, **given: Any) -> Iterator[Server]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    taker = Taker()
    tls = given.pop("tls")
    named = {"ssl_context": context} if tls == "tls" else {"tls_context": context, "require_starttls": True}
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(taker, "127.0.0.1", port, **named, **given)
    controller.start()
    try:
        yield Server(port, taker.taken)
    finally:
        controller.stop()


@pytest.fixture(params=["starttls", "tls"])
def server(request: pytest.FixtureRequest, certificate: Path) -> Iterator[tuple[Server, str]]:
    for each in serve(certificate, tls=request.param, authenticator=login, auth_require_tls=request.param != "tls"):
        yield each, request.param


def relay(server: tuple[Server, str], ca_file: Path | str, password: str = "päss", host: str = "127.0.0.1") -> Relay:
    return Relay(
        host=host, port=server[0].port, tls=server[1], user="me", password=SecretStr(password), ca_file=str(ca_file)
    )


def test_mail_goes_over_tls_after_a_login(server: tuple[Server, str], certificate: Path) -> None:
    waiting, verdicts = iter(["a@example.com", "b@example.com"]), list[Verdict]()
    connection = Connection(relay(server, certificate), 10)
    connection.converse(
        lambda: next(waiting, None),
        lambda to: Envelope("from@example.com", to, b"Subject: x\r\n\r\nx\r\n"),
        lambda to, verdict: verdicts.append(verdict),
    )
    connection.close(quit_=True)
    assert [v.fate for v in verdicts] == [Fate.ACCEPTED] * 2
    assert server[0].taken == ["a@example.com", "b@example.com"]


def test_a_certificate_that_nobody_vouches_for_is_refused(server: tuple[Server, str]) -> None:
    with pytest.raises(RelayError, match="certificate is not valid") as caught:
        Connection(relay(server, ""), 10).open()
    assert caught.value.lasting


def test_a_wrong_password_is_a_fault_that_lasts_and_is_not_shown(server: tuple[Server, str], certificate: Path) -> None:
    with pytest.raises(RelayError, match="refuses the login") as caught:
        Connection(relay(server, certificate, "hunter2"), 10).open()
    assert caught.value.lasting
    assert "hunter2" not in str(caught.value)
