"""No address of the table makes us touch anything inside, whichever way it comes in."""

from collections.abc import Iterator
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from avatars.upstream.fetch import BadAddress, Unreachable, check, fetch, post
from tests.upstream.canaries import Canaries, listening
from tests.upstream.internet import Internet, Site, over_tls, page, sent_to
from tests.upstream.sockets import Server, serving
from tests.upstream.tricky import NAMES, PORT, TRICKY

GOOD = "https://good.example/photo.jpg"
REDIRECTS = [301, 302, 303, 307, 308]
PIECES = [*"@:/\\?#[]%.-_ \t019afx", "::", "//", "%25", "http://", "good.example", "127.0.0.1",
          "xn--", "\u3002", "\uff11", "\u200b", "\u00df", "\ud800"]  # fmt: skip
TABLE = pytest.mark.parametrize("tricky", TRICKY, ids=lambda url: ascii(url)[:50])


@pytest.fixture(scope="module")
def canaries() -> Iterator[Canaries]:
    with listening() as birds:
        yield birds


@pytest.fixture(scope="module")
def site() -> Site:
    return Site()


@pytest.fixture(scope="module")
def servers(site: Site) -> Iterator[tuple[Server, Server]]:
    """The good site, plain and over TLS."""
    with serving(site) as plain, serving(over_tls(site)) as secure:
        yield plain, secure


@pytest.fixture(autouse=True)
def internet(
    settings: Settings, canaries: Canaries, site: Site, servers: tuple[Server, Server]
) -> Iterator[Internet]:
    """All that passes the checks, and isn't the good site, leads to a canary."""
    plain, secure = servers
    net = Internet(canaries.place)
    net.names |= NAMES
    net.stands_in(settings)
    net.serve(plain, port=80)
    net.serve(secure, port=443)
    settings.FETCH_HTTP = True
    site.pages = {"/photo.jpg": page(b"picture")}
    yield net
    assert canaries.woken == 0


def at(url: str, canaries: Canaries) -> str:
    return url.replace(PORT, str(canaries.place[1]))


def touched(net: Internet) -> list[tuple[str, int]]:
    return [place for place in net.reached if place not in net.places]


def test_the_table_is_long() -> None:
    assert len(TRICKY) == len(set(TRICKY)) >= 400


def test_a_good_address_works(internet: Internet) -> None:
    assert fetch(GOOD, most_bytes=100).data == b"picture"
    assert post(GOOD, b"{}", {}).status == 200
    assert touched(internet) == []


@TABLE
def test_nothing_is_fetched_from_it(tricky: str, canaries: Canaries, internet: Internet) -> None:
    with pytest.raises((BadAddress, Unreachable)):
        fetch(at(tricky, canaries), most_bytes=100)
    assert internet.reached == []


@TABLE
def test_nothing_is_sent_to_it(tricky: str, canaries: Canaries, internet: Internet) -> None:
    with pytest.raises((BadAddress, Unreachable)):
        post(at(tricky, canaries), b"{}", {"Content-Type": "application/json"})
    assert internet.reached == []


@TABLE
def test_no_redirect_leads_to_it(
    tricky: str, canaries: Canaries, internet: Internet, site: Site
) -> None:
    status = REDIRECTS[TRICKY.index(tricky) % len(REDIRECTS)]
    site.pages["/"] = sent_to(at(tricky, canaries), status)
    with pytest.raises(Unreachable):
        fetch("http://good.example/", most_bytes=100)
    assert touched(internet) == []


@pytest.mark.parametrize("status", REDIRECTS)
@pytest.mark.parametrize(
    "inner",
    [
        "http://127.0.0.1/",
        "https://localhost/",
        "//127.0.0.1/",
        "//localhost/",
        "https://[::ffff:7f00:1]/",
        "https://169.254.169.254/latest/meta-data/",
        "https://nat64.example/",
        "https://mixed-last.example/",
    ],
)
def test_no_kind_of_redirect_leads_inside(
    inner: str, status: int, internet: Internet, site: Site
) -> None:
    site.pages["/"] = sent_to(inner, status)
    with pytest.raises(Unreachable):
        fetch("https://good.example/", most_bytes=100)
    assert touched(internet) == []


def test_https_alone_is_as_safe_without_the_stand_in_for_connections(
    settings: Settings, canaries: Canaries
) -> None:
    settings.FETCH_HTTP = False
    settings.FETCH_CONNECT = None
    for tricky in TRICKY:
        for url in {tricky, tricky.replace("http:", "https:")}:
            with pytest.raises((BadAddress, Unreachable)):
                fetch(at(url, canaries), most_bytes=100)
            with pytest.raises((BadAddress, Unreachable)):
                post(at(url, canaries), b"{}", {})


def test_the_text_alone_rules_out_every_number_that_is_not_plainly_an_address() -> None:
    for url in ("http://2130706433/", "http://0x7f.1/", "http://127.1/", "http://017700000001/"):
        with pytest.raises(BadAddress) as caught:
            check(url, private=True)
        assert caught.value.code == "not-an-address"


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_whatever_is_written_is_an_address_or_a_bad_one(text: str) -> None:
    with suppress(BadAddress):
        check(text)
    with suppress(BadAddress):
        check(f"https://{text}/", private=True)


def test_without_the_checks_the_table_would_lead_inside(
    canaries: Canaries, settings: Settings
) -> None:
    """The canaries do sing, and the table is no list of typing errors."""
    with listening() as others:
        net = Internet(others.place)
        net.names |= NAMES
        net.stands_in(settings)
        for tricky in TRICKY:
            with pytest.raises((BadAddress, Unreachable)):
                post(at(tricky, others), b"{}", {}, private=True, seconds=5)
        assert len({address for address, _ in net.reached}) >= 80
        assert others.woken == len(net.reached) >= 150
