"""The help: a page for every rule about photos and every no of Anam's, and the ways there."""

import re

import pytest
from django.test import Client
from django.utils.html import escape

from avatars.causes import WORDS
from avatars.models import Avatar, State, Weather
from avatars.photos.rules import CHECKS, RULES
from avatars.remedies import REMEDIES, Ending
from avatars.upstream.errors import Cause
from avatars.views.help_photos import WEIGHTS
from dashboard.people.models import User
from dashboard.people.roles import Role
from tests.conftest import ClientOf, MakeAvatar, MakePerson

pytestmark = pytest.mark.django_db
IN_THE_ADDRESS = [
    "<script>alert(1)</script>",
    "%3Cscript%3E",
    "..%2f..%2fetc%2fpasswd",
    "{{7*7}}",
    "SMALL",
    "small'--",
    "small%00",
    "RULES",
    "x" * 3000,
    "__class__",
]


@pytest.fixture
def reader(client_of: ClientOf) -> Client:
    return client_of(Role.VIEWER)


def opened(browser: Client, path: str) -> str:
    response = browser.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def links_on(page: str) -> set[str]:
    return set(re.findall(r'href="(/help/[^"]*)"', page))


# Photos ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("code", RULES)
def test_every_rule_has_a_page_with_all_its_words(reader: Client, code: str) -> None:
    rule, page = RULES[code], opened(reader, f"/help/photos/{code}")
    assert f"<h1>{escape(rule.title)}</h1>" in page
    for words in (rule.why, rule.how_to_fix, CHECKS[rule.check], WEIGHTS[rule.severity].sentence):
        assert escape(words) in page
    assert escape(rule.wanted[1:]) in page  # its first letter is a capital there


def test_the_list_names_every_rule_in_the_order_of_the_checks(reader: Client) -> None:
    page = opened(reader, "/help/photos/")
    named = re.findall(r'href="/help/photos/([\w-]+)"', page)
    order = list(CHECKS)
    places = [order.index(RULES[code].check) for code in named]
    assert sorted(named) == sorted(RULES)
    assert places == sorted(places)
    for rule in RULES.values():
        assert escape(rule.title) in page
        assert escape(rule.wanted) in page
    assert "A square portrait" in page


def test_who_reads_on_comes_to_every_rule(reader: Client) -> None:
    seen: list[str] = []
    onward = ["/help/photos/" + next(iter(RULES))]
    while onward:
        seen.append(onward[0])
        page = opened(reader, onward[0]).partition('aria-label="More rules"')[2]
        ways = re.findall(r'"(/help/[^"]+)"', page.partition("</nav>")[0])
        onward = [way for way in ways if way not in seen]
    assert len(seen) == len(RULES)


def test_every_rule_says_why_in_whole_sentences() -> None:
    for rule in RULES.values():
        assert rule.check in CHECKS
        assert rule.why.endswith(".")
        assert rule.how_to_fix.endswith(".")


# No from Anam ------------------------------------------------------------------------------------
@pytest.mark.parametrize("cause", Cause)
def test_every_cause_has_a_page_with_all_its_words(reader: Client, cause: Cause) -> None:
    page, words, remedy = opened(reader, f"/help/refusals/{cause}"), WORDS[cause], REMEDIES[cause]
    assert f"<h1>{escape(words.title)}</h1>" in page
    for sentence in (words.happened, words.next, remedy.safe, remedy.ending, *remedy.tries):
        assert escape(sentence) in page
    for who in remedy.who:
        assert who[1:] in page  # the first one has a capital there


@pytest.mark.parametrize("cause", Cause)
def test_every_cause_has_something_to_try(cause: Cause) -> None:
    remedy = REMEDIES[cause]
    assert remedy.who
    assert len(remedy.tries) >= 2
    for sentence in (remedy.safe, *remedy.tries):
        assert sentence.endswith(".")
    assert len(set(remedy.tries)) == len(remedy.tries)


def test_what_anam_says_of_a_photo_is_final_for_that_photo_and_nothing_else_is() -> None:
    of_photos = {Cause.UNPROCESSABLE, Cause.INDECENT, Cause.LIKENESS, Cause.AGE}
    final = {c for c, remedy in REMEDIES.items() if remedy.ending == Ending.FOR_THE_PHOTO}
    assert final == of_photos


def test_the_list_leads_to_every_cause(reader: Client) -> None:
    page = opened(reader, "/help/refusals/")
    assert {f"/help/refusals/{cause}" for cause in Cause} <= links_on(page)
    for words in WORDS.values():
        assert escape(words.title) in page
        assert escape(words.happened) in page


# Whoever asks for something else ------------------------------------------------------------------
@pytest.mark.parametrize("folder", ["photos", "refusals"])
@pytest.mark.parametrize("text", IN_THE_ADDRESS)
def test_what_is_no_page_is_not_found_and_not_repeated(
    reader: Client, folder: str, text: str
) -> None:
    response = reader.get(f"/help/{folder}/{text}")
    assert response.status_code == 404
    assert text not in response.content.decode()


def test_a_rule_is_no_cause_and_a_cause_no_rule(reader: Client) -> None:
    assert reader.get(f"/help/photos/{Cause.QUOTA}").status_code == 404
    assert reader.get("/help/refusals/small").status_code == 404


@pytest.mark.parametrize("path", ["/help/photos/", "/help/photos/small", "/help/refusals/age"])
def test_the_help_is_for_people_who_may_look_around(client_of: ClientOf, path: str) -> None:
    assert Client().get(path).status_code == 302
    assert client_of(None).get(path).status_code == 403


# The ways there ----------------------------------------------------------------------------------
@pytest.mark.parametrize("state", [State.HELD, State.UNKNOWN, State.REFUSED])
@pytest.mark.parametrize("cause", Cause)
def test_an_avatar_leads_to_what_can_be_tried(
    reader: Client, avatar: MakeAvatar, state: State, cause: Cause
) -> None:
    page = opened(reader, avatar(state=state, cause=cause).get_absolute_url())
    assert f"/help/refusals/{cause}" in links_on(page)


def test_an_avatar_without_trouble_leads_to_no_refusal(
    reader: Client, ready_avatar: MakeAvatar
) -> None:
    page = opened(reader, ready_avatar().get_absolute_url())
    assert links_on(page) == {"/help/photos/"}


def test_whoever_waits_in_line_is_led_to_what_keeps_the_line(
    reader: Client, avatar: MakeAvatar
) -> None:
    found = avatar(state=State.QUEUED)
    Weather.objects.update_or_create(rehearsal=True, defaults={"cause": Cause.QUOTA})
    assert "/help/refusals/quota" in links_on(opened(reader, found.get_absolute_url()))


def test_the_status_page_leads_to_what_can_be_tried(
    client_of: ClientOf, avatar: MakeAvatar
) -> None:
    avatar(state=State.HELD, cause=Cause.RATE)
    Weather.objects.update_or_create(rehearsal=True, defaults={"cause": Cause.PLAN})
    links = links_on(opened(client_of(Role.ADMINISTRATOR), "/status"))
    assert {"/help/refusals/rate", "/help/refusals/plan"} <= links


def test_each_finding_leads_to_its_page_and_a_page_is_there(
    reader: Client, ready_avatar: MakeAvatar
) -> None:
    found = [rule for rule in RULES.values() if rule.severity == "advice"]
    advice = [rule.found("so much").as_dict() for rule in found]
    links = links_on(opened(reader, ready_avatar(advice=advice).get_absolute_url()))
    assert {f"/help/photos/{rule.code}" for rule in found} <= links
    for link in links:
        opened(reader, link)


def test_a_finding_that_is_no_rule_of_photos_leads_nowhere(
    reader: Client, ready_avatar: MakeAvatar
) -> None:
    finding = {**RULES["small"].found("so much").as_dict(), "code": 'small"><script>'}
    page = opened(reader, ready_avatar(advice=[finding]).get_absolute_url())
    assert escape(finding["title"]) in page
    assert links_on(page) == {"/help/photos/"}


# Another photo -----------------------------------------------------------------------------------
@pytest.fixture
def ines(person: MakePerson) -> User:
    return person(role=Role.CREATOR, name="Ines")


@pytest.fixture
def refused(avatar: MakeAvatar, ines: User) -> Avatar:
    return avatar(owner=ines, state=State.REFUSED, cause=Cause.LIKENESS)


def test_the_maker_of_a_refused_avatar_is_offered_to_try_another_photo(
    client_of: ClientOf, ines: User, refused: Avatar
) -> None:
    page = opened(client_of(ines), refused.get_absolute_url())
    assert f'href="/upload?instead={refused.pk}"' in page
    assert "Try another photo" in page


def test_for_a_model_that_is_not_open_it_is_another_model(
    client_of: ClientOf, ines: User, avatar: MakeAvatar
) -> None:
    found = avatar(owner=ines, state=State.REFUSED, cause=Cause.MODEL)
    page = opened(client_of(ines), found.get_absolute_url())
    assert f'href="/upload?instead={found.pk}"' in page
    assert "Choose another model" in page


@pytest.mark.parametrize("role", Role)
def test_nobody_else_is_offered_that(client_of: ClientOf, refused: Avatar, role: Role) -> None:
    assert "instead=" not in opened(client_of(role), refused.get_absolute_url())


@pytest.mark.parametrize("state", [State.HELD, State.UNKNOWN, State.QUEUED, State.READY])
def test_what_is_not_refused_needs_no_other_photo(
    client_of: ClientOf, ines: User, avatar: MakeAvatar, state: State
) -> None:
    found = avatar(owner=ines, state=state, cause=Cause.RATE)
    assert "instead=" not in opened(client_of(ines), found.get_absolute_url())
