"""A stand-in for the internet, on loopback: names, addresses, certificates, and canaries.

It stands behind the checks. Names lead to addresses as a resolver would say, and an address that
passed the checks leads to a server of the test, or else to the canary, which nobody may wake.
"""

import ipaddress
import socket
import ssl
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pytest_django import Settings

from tests.upstream.sockets import Manners, Server, read_request

GOOD = "93.184.216.34"
GOOD_6 = "2606:2800:220:1::1"
HOST = "good.example"

Look = Callable[[str, int], list[str]]


class Internet:
    """What the settings' seams lead to. `asked` and `reached` tell what came through them."""

    def __init__(self, canary: tuple[str, int]) -> None:
        self.names: dict[str, list[str] | Look] = {HOST: [GOOD]}
        self.places: dict[tuple[str, int], tuple[str, int]] = {}
        self.asked: list[str] = []
        self.reached: list[tuple[str, int]] = []
        self._canary = canary

    def stands_in(self, settings: Settings) -> None:
        settings.FETCH_RESOLVER = self.look_up
        settings.FETCH_CONNECT = self.connect
        settings.FETCH_TRUST = certificates()[1]

    def serve(self, server: Server, *, address: str = GOOD, port: int = 443) -> None:
        self.places[address, port] = server.place

    def look_up(self, name: str, port: int) -> list[str]:
        self.asked.append(name)
        known = self.names.get(name)
        if known is None:
            return read_as_number(name)
        return known(name, port) if callable(known) else known

    def connect(self, address: str, port: int) -> tuple[str, int]:
        self.reached.append((address, port))
        return self.places.get((address, port), self._canary)


def read_as_number(name: str) -> list[str]:
    """As generous as C libraries are: 127.1, 0x7f000001 and 017700000001 are addresses there."""
    found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    return [str(place[0]) for *_, place in found]


class Site:
    """The manners of a web server: an answer for each path, and a note of what was asked."""

    def __init__(self, **pages: bytes) -> None:
        self.pages = {f"/{name}": page for name, page in pages.items()}
        self.requests: list[bytes] = []

    def __call__(self, line: socket.socket, over: object) -> None:
        request = read_request(line)
        self.requests.append(request)
        path = request.split(b" ")[1].partition(b"?")[0].decode()
        line.sendall(self.pages.get(path, page(b"no such page", status="404 Not Found")))


def page(body: bytes = b"picture", *heads: str, status: str = "200 OK") -> bytes:
    """An answer as it goes over the wire; its length is told unless `heads` tell one."""
    lines = [f"HTTP/1.1 {status}", *heads]
    if not any("content-length" in head.lower() or "chunked" in head for head in heads):
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def sent_to(location: str, status: int = 302) -> bytes:
    head = f"HTTP/1.1 {status} Elsewhere\r\nLocation: ".encode()
    return head + location.encode("utf-8", "surrogatepass") + b"\r\nContent-Length: 0\r\n\r\n"


def over_tls(manners: Manners, trust: ssl.SSLContext | None = None) -> Manners:
    def secured(line: socket.socket, over: object) -> None:
        with (trust or certificates()[0]).wrap_socket(line, server_side=True) as secure:
            manners(secure, over)  # type: ignore[arg-type]

    return secured


@lru_cache(maxsize=4)
def certificates(
    names: tuple[str, ...] = (HOST, "*.good.example", "xn--mnchen-3ya.example", GOOD),
) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """For a server that is who `names` say, and for a client that believes it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "stand-in")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([_named(name) for name in names]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "both.pem"
        place.write_bytes(pem + secret)
        server.load_cert_chain(place)
    return server, ssl.create_default_context(cadata=pem.decode())


def _named(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
