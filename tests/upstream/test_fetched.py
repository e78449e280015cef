"""What strangers answer: bytes, packed or endless, slow or never, and proofs of who they are."""

import gzip
import logging
import socket
import ssl
import threading
import traceback

import pytest
from pytest_django import Settings

from avatars.upstream.fetch import TooManyBytes, Unreachable
from tests.upstream import sockets
from tests.upstream.fetching import PHOTO, got, unreachable
from tests.upstream.internet import GOOD, Internet, Site, certificates, over_tls, page, sent_to


def test_the_last_byte_allowed_is_taken_and_one_more_is_too_many(site: Site) -> None:
    site.pages["/photo.jpg"] = page(bytes(1000))
    assert len(got(most_bytes=1000).data) == 1000
    with pytest.raises(TooManyBytes) as caught:
        got(most_bytes=999)
    assert "0.000999 MB" in str(caught.value)


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\n\r\n" + bytes(5000),
        b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n" + bytes(10),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        + b"1f4\r\n%b\r\n" % bytes(500) * 9,
    ],
    ids=["until-closed", "told", "chunked"],
)
def test_too_many_bytes_are_told_however_they_come(site: Site, answer: bytes) -> None:
    site.pages["/photo.jpg"] = answer
    with pytest.raises(TooManyBytes):
        got()


def test_an_endless_body_is_cut_at_the_limit(internet: Internet) -> None:
    def endless(line: socket.socket, over: threading.Event) -> None:
        sockets.read_request(line)
        line.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while not over.is_set():
            line.sendall(bytes(65_536))

    with sockets.serving(over_tls(endless)) as server:
        internet.serve(server)
        with pytest.raises(TooManyBytes):
            got(most_bytes=1_000_000)


@pytest.mark.parametrize(
    "answer",
    [
        page(b"x", "Content-Length: 100"),
        page(b"x" * 100, "Content-Length: -1"),
        page(b"x" * 100, "Content-Length: " + "9" * 5000),
        page(b"x", "Content-Length: 1", "Content-Length: 100"),
        page(gzip.compress(bytes(10_000)), "Content-Encoding: gzip"),
        page(gzip.compress(bytes(10_000)), "Content-Encoding: identity, gzip"),
        page(b"x", "Content-Encoding: br"),
        page(gzip.compress(bytes(10_000)), "Transfer-Encoding: gzip, chunked"),
        page(status="401 Unauthorized"),
        page(status="404 Not Found"),
        page(status="500 Oh"),
        page(status="101 Switching"),
        b"",
        b"SSH-2.0-OpenSSH_9\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000 + b"\r\n\r\n",
        b"HTTP/1.1 103 Early\r\n\r\n" * 50,
    ],
    ids=lambda answer: ascii(answer[:70]),
)
def test_an_answer_of_no_use_reads_like_no_answer(site: Site, answer: bytes) -> None:
    site.pages["/photo.jpg"] = answer
    unreachable()


def test_an_answer_longer_than_it_says_is_cut_where_it_says(site: Site) -> None:
    site.pages["/photo.jpg"] = page(b"picture and more", "Content-Length: 7")
    assert got().data == b"picture"


@pytest.mark.parametrize(
    "manners",
    [
        sockets.never_reading,
        sockets.hanging,
        sockets.resetting,
        sockets.closing,
        sockets.half,
        sockets.dripping(sockets.HEAD + bytes(12), over_before=0),
        sockets.dripping(sockets.HEAD + bytes(12), over_before=len(sockets.HEAD)),
    ],
    ids=["deaf", "hang", "reset", "closed", "half", "header-drip", "body-drip"],
)
@pytest.mark.parametrize("secure", [True, False])
def test_a_server_without_manners_reads_like_no_server(
    internet: Internet, settings: Settings, manners: sockets.Manners, secure: bool
) -> None:
    settings.FETCH_HTTP = True
    with sockets.serving(over_tls(manners) if secure else manners) as server:
        internet.serve(server, port=443 if secure else 80)
        unreachable(PHOTO if secure else PHOTO.replace("https", "http"), seconds=0.4)


def test_a_handshake_that_never_comes_ends_with_the_deadline(internet: Internet) -> None:
    with sockets.serving(sockets.never_reading) as server:
        internet.serve(server)
        unreachable(seconds=0.3)


@pytest.mark.parametrize("names", [("other.example",), ("good.example.evil.example", GOOD)])
def test_a_certificate_for_another_name_is_no_proof(
    internet: Internet, settings: Settings, names: tuple[str, ...]
) -> None:
    server_side, settings.FETCH_TRUST = certificates(names)
    site = Site()
    with sockets.serving(over_tls(site, server_side)) as server:
        internet.serve(server)
        unreachable()
    assert site.requests == []


def test_a_certificate_of_nobody_is_no_proof(site: Site, settings: Settings) -> None:
    settings.FETCH_TRUST = None
    unreachable()
    settings.FETCH_TRUST = ssl.create_default_context()
    unreachable()
    assert site.requests == []


def test_no_proxy_of_the_environment_is_used(
    site: Site, canary: sockets.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, canary.address)
    site.pages["/photo.jpg"] = page()
    assert got().data == b"picture"


def test_neither_logs_nor_errors_hold_the_query(
    site: Site, internet: Internet, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    given, moved = f"{PHOTO}?signed=given-secret", "https://good.example/b?signed=moved-secret"
    site.pages["/photo.jpg"] = sent_to(moved)
    with pytest.raises(Unreachable) as caught:
        got(given)
    told = "".join(traceback.format_exception(caught.value))
    assert "nothing came from good.example: status 404" in caplog.text
    assert "-secret" not in f"{caplog.text} {told} {caught.value!r} {vars(caught.value)}"
