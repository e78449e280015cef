"""Two web processes over the same rows and files, and an Anam on the other side of a socket."""

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import httpx
import pytest

from tests.browser.greenroom import Greenroom, StandaloneSandbox
from tests.photos import pictures

PERSON = {
    "name": "Mia Berg",
    "email": "mia@example.com",
    "password1": "a long walk to the moon",
    "password2": "a long walk to the moon",
}
POSTS = 50


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandaloneSandbox]:
    folder = tmp_path_factory.mktemp("sandbox")
    with StandaloneSandbox(folder, "--delay", "0.5", "--preview-after", "1") as running:
        yield running


@pytest.fixture(scope="module")
def first(
    tmp_path_factory: pytest.TempPathFactory, sandbox: StandaloneSandbox
) -> Iterator[Greenroom]:
    with Greenroom(tmp_path_factory.mktemp("data"), **sandbox.settings) as running:
        yield running


@pytest.fixture(scope="module")
def cookies(first: Greenroom) -> httpx.Cookies:
    """Mia's, who has made her account at the first door."""
    with httpx.Client(follow_redirects=True) as browser:
        token = value_of(browser.get(first.set_up_link).text)
        answer = browser.post(first.set_up_link, data={**PERSON, "csrfmiddlewaretoken": token})
        assert answer.status_code == 200, answer.text
        return browser.cookies


@pytest.fixture(scope="module")
def second(
    tmp_path_factory: pytest.TempPathFactory,
    sandbox: StandaloneSandbox,
    first: Greenroom,
    cookies: httpx.Cookies,
) -> Iterator[Greenroom]:
    """Another process over the folder of the first; it begins when the house has its Mia."""
    folder = first.log.parent
    shared = {
        "DATA_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder / 'greenroom.sqlite3'}",
    }
    with Greenroom(tmp_path_factory.mktemp("log"), **shared, **sandbox.settings) as running:
        yield running


def value_of(page: str, name: str = "csrfmiddlewaretoken") -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    assert found
    return found[1]


def test_fifty_equal_posts_at_two_doors_are_one_avatar_and_one_create(
    first: Greenroom, second: Greenroom, cookies: httpx.Cookies, sandbox: StandaloneSandbox
) -> None:
    with httpx.Client(cookies=cookies) as browser:
        page = browser.get(f"{first.address}/upload").text
    fields = {
        "display_name": "Fifty clicks",
        "avatar_model": "cara-4",
        "csrfmiddlewaretoken": value_of(page),
        "wish": value_of(page, "wish"),
    }
    photo = pictures.portrait_jpeg(300, 300)
    start = Barrier(POSTS)

    def click(number: int) -> tuple[int, str]:
        file = {"image_file": ("portrait.jpg", photo, "image/jpeg")}
        with httpx.Client(cookies=cookies, timeout=60) as browser:
            start.wait()
            door = (first, second)[number % 2].address
            answer = browser.post(f"{door}/upload", data=fields, files=file)
        return answer.status_code, answer.headers.get("Location", answer.text[:300])

    with ThreadPoolExecutor(POSTS) as pool:
        answers = list(pool.map(click, range(POSTS)))
    assert {status for status, _ in answers} == {302}, set(answers)
    (place,) = {location for _, location in answers}
    assert place.startswith("/avatars/")
    assert_it_becomes_ready(second.address + place, cookies)
    assert creates_at(sandbox) == 1
    with httpx.Client(cookies=cookies) as browser:
        gallery = browser.get(f"{second.address}/?q=Fifty").text
    assert set(re.findall(r"/avatars/[0-9a-f-]{36}(?=\")", gallery)) == {place}
    media = first.log.parent / "media"
    assert len([path for path in media.rglob("*") if path.is_file()]) == 4


def assert_it_becomes_ready(address: str, cookies: httpx.Cookies) -> None:
    with httpx.Client(cookies=cookies, headers={"Accept": "application/json"}) as browser:
        for _ in range(150):
            facts = browser.get(address).json()
            if facts["state"] == "ready":
                return
            time.sleep(0.2)
    raise AssertionError(facts)


def creates_at(sandbox: StandaloneSandbox) -> int:
    return sum(
        request["method"] == "POST" and request["path"] == "/v1/avatars"
        for request in sandbox.requests()
    )
