"""Fetching from addresses of strangers: which ones are opened, and where they may lead."""

import socket
import threading

import pytest
from pytest_django import Settings

from avatars.upstream.fetch import BadAddress, Fetched, check
from tests.upstream import sockets
from tests.upstream.fetching import PHOTO, got, unreachable
from tests.upstream.internet import GOOD, GOOD_6, Internet, Site, certificates, page, sent_to


def test_a_photo_arrives_with_its_kind_and_its_name(site: Site) -> None:
    site.pages["/photo.jpg"] = page(b"picture", "Content-Type: Image/JPEG; q=1")
    assert got() == Fetched(b"picture", "image/jpeg", "photo.jpg")


def test_the_site_sees_the_name_and_the_request_of_a_stranger(
    site: Site, internet: Internet
) -> None:
    seen: list[str | None] = []
    certificates()[0].sni_callback = lambda _, name, __: seen.append(name)
    site.pages["/photo.jpg"] = page()
    got(f"{PHOTO}?signed=1#part")
    head = site.requests[0].decode().lower()
    assert seen == ["good.example"]
    assert head.startswith("get /photo.jpg?signed=1 http/1.1\r\n")
    assert "\r\nhost: good.example\r\n" in head
    assert "\r\naccept-encoding: identity\r\n" in head
    assert "cookie" not in head
    assert "authorization" not in head
    assert "part" not in head
    assert internet.reached == [(GOOD, 443)]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/photo.jpg", "photo.jpg"),
        ("/a/b/Anna%20Berg.jpg?x=1", "Anna Berg.jpg"),
        ("/", ""),
        ("", ""),
        ("/a/b/", ""),
        ("/..%2f..%2fetc%2fpasswd", "passwd"),
        ("/C:%5cphotos%5cface.png", "face.png"),
        ("/%00%0d%0aface%e2%80%ae.png", "face.png"),
        (f"/{'x' * 300}.jpg", f"{'x' * 96}.jpg"),
    ],
)
def test_the_name_of_the_file_is_the_tidied_end_of_the_path(
    site: Site, path: str, name: str
) -> None:
    site.pages = {f"{path.partition('?')[0] or '/'}": page()}
    assert got(f"https://good.example{path}").filename == name


def test_a_name_in_another_alphabet_is_looked_up_as_the_net_spells_it(
    site: Site, internet: Internet
) -> None:
    internet.names["xn--mnchen-3ya.example"] = [GOOD]
    site.pages["/"] = page()
    assert got("https://MÜNCHEN.example/").data == b"picture"
    assert internet.asked == ["xn--mnchen-3ya.example"]


def test_a_name_that_newer_rules_forbid_is_opened_as_it_is_spelled(
    site: Site, internet: Internet
) -> None:
    """Names of emoji exist, and nobody has to read them."""
    internet.names["xn--i-7iq.good.example"] = [GOOD]
    site.pages["/"] = page()
    assert got("https://xn--i-7iq.good.example/").data == b"picture"
    assert b"Host: xn--i-7iq.good.example\r\n" in site.requests[0]


def test_a_public_address_without_a_name_asks_no_resolver(site: Site, internet: Internet) -> None:
    site.pages["/"] = page()
    assert got(f"https://{GOOD}/").data == b"picture"
    assert internet.asked == []


@pytest.mark.parametrize(
    "url", ["HTTPS://GOOD.EXAMPLE/photo.jpg", "https://good.example:443/photo.jpg"]
)
def test_spellings_of_a_good_address_are_good(site: Site, url: str) -> None:
    site.pages["/photo.jpg"] = page()
    assert got(url).data == b"picture"


def test_when_one_address_is_dead_the_next_one_is_tried(site: Site, internet: Internet) -> None:
    internet.names["good.example"] = [GOOD_6, GOOD]
    with socket.create_server(("127.0.0.1", 0)) as listener:
        dead = listener.getsockname()
    internet.places[GOOD_6, 443] = dead
    site.pages["/photo.jpg"] = page()
    assert got().data == b"picture"
    assert internet.reached == [(GOOD_6, 443), (GOOD, 443)]


def test_a_silent_address_leaves_time_for_the_next_one(site: Site, internet: Internet) -> None:
    internet.names["good.example"] = [GOOD_6, GOOD]
    site.pages["/photo.jpg"] = page()
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        internet.places[GOOD_6, 443] = full.getsockname()
        with socket.create_connection(full.getsockname()):  # fills the only seat there is
            assert got().data == b"picture"
    assert internet.reached == [(GOOD_6, 443), (GOOD, 443)]


# What the text alone tells


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("", "not-an-address"),
        ("good.example/photo.jpg", "not-an-address"),
        ("https://", "not-an-address"),
        ("https://good.example/a b", "not-an-address"),
        ("https://good.example\\photo.jpg", "not-an-address"),
        ("https://127.1/", "not-an-address"),
        ("https://good.example./", "not-an-address"),
        ("https://[2003::1%eth0]/", "not-an-address"),
        ("https://[2003::1%25eth0]/", "not-an-address"),
        ("https://[2003::1%eth\uff11]/", "not-an-address"),
        ("https://good.example/" + "x" * 8000, "not-an-address"),
        ("http://good.example/", "scheme"),
        ("ftp://good.example/", "scheme"),
        ("https://anna@good.example/", "credentials"),
        ("https://anna:secret@good.example/", "credentials"),
        ("https://good.example:8443/", "port"),
        ("https://good.example:0/", "port"),
    ],
)
def test_a_bad_address_is_told_apart_before_anything_is_opened(
    url: str, code: str, internet: Internet
) -> None:
    for ask in (check, got):
        with pytest.raises(BadAddress) as caught:
            ask(url)
        assert caught.value.code == code
        assert "Nothing was opened." in str(caught.value)
    assert internet.asked == []


def test_http_is_a_matter_of_the_setting(
    site: Site, internet: Internet, settings: Settings
) -> None:
    with sockets.serving(Site(photo=page(b"plain"))) as server:
        internet.serve(server, port=80)
        with pytest.raises(BadAddress):
            got("http://good.example/photo")
        settings.FETCH_HTTP = True
        assert got("http://good.example/photo").data == b"plain"


# Redirects


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed(site: Site, status: int) -> None:
    site.pages |= {"/photo.jpg": sent_to("/b", status), "/b": page(b"there")}
    assert got() == Fetched(b"there", "", "photo.jpg")


def test_three_redirects_are_followed_and_a_fourth_is_not(site: Site) -> None:
    hops = {f"/{n}": sent_to(f"{n + 1}", 302) for n in range(4)}
    site.pages |= hops | {"/4": page(b"there")}
    assert got("https://good.example/1").data == b"there"
    unreachable("https://good.example/0")


@pytest.mark.parametrize("location", ["/photo.jpg", "", "https://good.example/photo.jpg", "?"])
def test_a_circle_ends(site: Site, location: str) -> None:
    site.pages["/photo.jpg"] = sent_to(location)
    unreachable()
    assert len(site.requests) == 4


@pytest.mark.parametrize("status", [300, 304, 305, 306])
def test_other_statuses_lead_nowhere(site: Site, status: int) -> None:
    site.pages |= {"/photo.jpg": sent_to("/b", status), "/b": page()}
    unreachable()


def test_a_redirect_without_a_place_leads_nowhere(site: Site) -> None:
    site.pages["/photo.jpg"] = page(status="302 Found")
    unreachable()


@pytest.mark.parametrize(
    "location",
    ["http://good.example/b", "ftp://good.example/b", "https://good.example:8443/b",
     "https://anna@good.example/b", "https://good.example/\tb", "/\\good.example/b"],
)  # fmt: skip
def test_a_redirect_is_judged_like_a_new_address(
    site: Site, internet: Internet, location: str
) -> None:
    site.pages |= {"/photo.jpg": sent_to(location), "/b": page()}
    unreachable()
    assert len(internet.reached) == 1


def test_no_cookie_of_one_hop_goes_to_the_next(site: Site) -> None:
    heads = ("Location: /b", "Set-Cookie: a=b; Path=/")
    site.pages |= {"/photo.jpg": page(b"", *heads, status="302 Found"), "/b": page()}
    got()
    assert b"cookie" not in site.requests[1].lower()


# Names that change


def test_a_name_is_looked_up_once_for_each_connection(site: Site, internet: Internet) -> None:
    turns = iter([[GOOD], ["127.0.0.1"]])
    internet.names["good.example"] = lambda *_: next(turns)
    site.pages["/photo.jpg"] = page()
    assert got().data == b"picture"
    unreachable()
    assert internet.reached == [(GOOD, 443)]


def test_a_name_that_turns_inward_between_two_hops_is_caught(
    site: Site, internet: Internet
) -> None:
    turns = iter([[GOOD], ["127.0.0.1"]])
    internet.names["good.example"] = lambda *_: next(turns)
    site.pages |= {"/photo.jpg": sent_to("/b"), "/b": page()}
    unreachable()
    assert internet.reached == [(GOOD, 443)]


def test_a_connection_that_ended_elsewhere_than_at_the_checked_address_is_dropped(
    internet: Internet, settings: Settings
) -> None:
    settings.FETCH_HTTP = True
    site = Site(photo=page())
    with sockets.serving(site) as server:
        # Linux takes a connection to 0.0.0.0 to loopback, and says so when asked for the peer.
        internet.places[GOOD, 80] = ("0.0.0.0", server.place[1])
        unreachable("http://good.example/photo")
        assert site.requests == []
        internet.serve(server, port=80)
        assert got("http://good.example/photo").data == b"picture"


def test_a_resolver_that_never_answers_ends_with_the_deadline(internet: Internet) -> None:
    over, answered = threading.Event(), threading.Event()

    def silent(name: str, port: int) -> list[str]:
        over.wait(20)
        answered.set()
        return [GOOD]

    internet.names["good.example"] = silent
    unreachable(seconds=0.2)
    assert not answered.is_set()
    over.set()


def test_a_name_of_nobody_reads_like_all_the_rest(internet: Internet) -> None:
    unreachable("https://nobody.example/")


def test_a_resolver_that_breaks_reads_like_all_the_rest(internet: Internet) -> None:
    def breaks(name: str, port: int) -> list[str]:
        raise UnicodeError(name)

    internet.names["good.example"] = breaks
    unreachable()
