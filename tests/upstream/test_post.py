"""Sending to addresses of strangers, such as receivers of webhooks."""

import gzip
import socket
import threading

import pytest
from pytest_django import Settings

from avatars.upstream.fetch import BadAddress, Posted, Unreachable, check, post
from tests.upstream import sockets
from tests.upstream.internet import Internet, Site, over_tls, page, sent_to

HOOK = "https://good.example/hook"


def posted(url: str = HOOK, *, private: bool = False, seconds: float = 5) -> Posted:
    return post(url, b'{"a":1}', {"X-Signature": "abc"}, private=private, seconds=seconds)


def test_the_body_and_its_headers_arrive_as_they_are(site: Site) -> None:
    site.pages["/hook"] = page(b"thanks", "Content-Type: text/plain")
    assert posted() == Posted(200, "thanks")
    head, _, body = site.requests[0].partition(b"\r\n\r\n")
    assert body == b'{"a":1}'
    assert head.startswith(b"POST /hook HTTP/1.1\r\n")
    assert b"X-Signature: abc" in head
    assert b"Host: good.example" in head


@pytest.mark.parametrize("status", ["204 No Content", "400 No", "410 Gone", "500 Oh", "503 Later"])
def test_every_status_is_an_answer(site: Site, status: str) -> None:
    heads = ["Content-Length: 0"] if status.startswith("204") else []
    site.pages["/hook"] = page(
        b"" if heads else b"no", "Content-Type: text/plain", *heads, status=status
    )
    assert posted().status == int(status[:3])


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(site: Site, status: int) -> None:
    site.pages |= {"/hook": sent_to("/b", status), "/b": page()}
    assert posted() == Posted(status, "")
    assert len(site.requests) == 1


@pytest.mark.parametrize(
    ("kind", "body", "said"),
    [
        ("text/plain", b"a\0b\r\n\x1b[31mred", "a b [31mred"),
        ("text/plain", b"x" * 90_000, "x" * 500),
        ("application/json; charset=utf-8", b'{"ok": true}', '{"ok": true}'),
        ("application/problem+json", b"{}", "{}"),
        ("text/plain", b"\xff\xfe", "\ufffd\ufffd"),
        ("text/plain", "a\u202eb\ud83d".encode("utf-8", "surrogatepass"), "ab\ufffd\ufffd\ufffd"),
        ("image/png", b"PNG", ""),
        ("", b"text", ""),
    ],
)
def test_the_beginning_of_a_text_is_kept_clean(
    site: Site, kind: str, body: bytes, said: str
) -> None:
    site.pages["/hook"] = page(body, f"Content-Type: {kind}")
    assert posted().said == said


def test_what_is_packed_is_not_unpacked(site: Site) -> None:
    packed = gzip.compress(b"text")
    site.pages["/hook"] = page(packed, "Content-Type: text/plain", "Content-Encoding: gzip")
    assert posted() == Posted(200, "")


def test_a_status_counts_though_the_rest_never_comes(internet: Internet) -> None:
    def stuck(line: socket.socket, over: threading.Event) -> None:
        sockets.read_request(line)
        line.sendall(page(b"tha", "Content-Type: text/plain", "Content-Length: 6"))
        over.wait(30)

    with sockets.serving(over_tls(stuck)) as server:
        internet.serve(server)
        assert posted(seconds=0.5) == Posted(200, "tha")


def test_a_receiver_that_never_reads_does_not_hold_us(internet: Internet) -> None:
    with sockets.serving(over_tls(sockets.never_reading)) as server:
        internet.serve(server)
        with pytest.raises(Unreachable):
            post(HOOK, bytes(40_000_000), {}, seconds=0.5)


@pytest.mark.parametrize("url", ["http://127.0.0.1:9000/hook", "http://localhost/", HOOK])
def test_the_operator_may_allow_what_is_inside(url: str) -> None:
    check(url, private=True)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("ftp://127.0.0.1/", "scheme"),
        ("http://anna@127.0.0.1/", "credentials"),
        ("http://127.0.0.1:70000/", "port"),
        ("http://127.1/", "not-an-address"),
    ],
)
def test_not_even_the_operator_may_write_nonsense(url: str, code: str) -> None:
    with pytest.raises(BadAddress) as caught:
        posted(url, private=True)
    assert caught.value.code == code


def test_a_receiver_inside_is_reached_with_the_operators_word_and_not_without(
    settings: Settings,
) -> None:
    """Through the real look-up and the real connection: no part of the internet is stood in for."""
    settings.FETCH_HTTP = True
    site = Site(hook=page(b"thanks", "Content-Type: text/plain"))
    with sockets.serving(site) as server:
        for host in ("127.0.0.1", "localhost"):
            url = f"http://{host}:{server.place[1]}/hook"
            with pytest.raises(BadAddress):
                posted(url)
            assert posted(url, private=True) == Posted(200, "thanks")
        with pytest.raises(Unreachable):
            posted("http://localhost/hook")
    assert len(site.requests) == 2
