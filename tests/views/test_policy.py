"""The pages of the policy: everybody reads them, and administrators change them."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from avatars.models import RULES, Event, Kind, Policy, Reply, ReviewTime, State, Wording
from avatars.policy_forms import variable_of
from avatars.views.policy_words import TITLES, what_happens
from dashboard.people.models import User
from dashboard.people.roles import Role
from dashboard.policy import _VARIABLES
from tests.conftest import ClientOf, MakeAvatar, MakePerson
from tests.rules import settle

pytestmark = pytest.mark.django_db
AS_IT_COMES = {"review": "after", "creators": "creators", "version": "0"}


@pytest.fixture
def ada(person: MakePerson) -> User:
    return person(role=Role.ADMINISTRATOR, name="Ada Office")


@pytest.fixture
def office(client_of: ClientOf, ada: User) -> Client:
    return client_of(ada)


def page_of(client: Client, path: str = "/policy") -> str:
    return client.get(path).content.decode()


# Reading -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", [Role.VIEWER, Role.CREATOR, Role.REVIEWER])
def test_everybody_reads_the_rules_and_finds_nothing_to_fill_in(
    client_of: ClientOf, role: Role
) -> None:
    settle(review=ReviewTime.BOTH, month_limit=7)
    page = page_of(client_of(role))
    assert "Before and after" in page
    assert "<strong>7</strong>" in page
    assert 'action="/policy/change"' not in page
    assert all(title in page for title in TITLES.values())


@pytest.mark.parametrize("role", [Role.VIEWER, Role.CREATOR, Role.REVIEWER])
@pytest.mark.parametrize(
    "path",
    ["/policy/change", "/policy/replies/add", "/policy/replies/1/retire", "/policy/wording/change"],
)
def test_nobody_but_an_administrator_changes_anything(
    client_of: ClientOf, role: Role, path: str
) -> None:
    before = (Policy.current().version, Reply.objects.offered().count(), Wording.objects.count())
    assert client_of(role).post(path, AS_IT_COMES).status_code == 403
    after = (Policy.current().version, Reply.objects.offered().count(), Wording.objects.count())
    assert after == before


def test_each_time_for_a_review_says_what_it_comes_to(office: Client) -> None:
    page = page_of(office)
    for words in (
        "nothing spent, before a reviewer has said yes",
        "An avatar is used only after a reviewer has said",
        "nothing used before one has said yes to the avatar",
        "every avatar counts as approved",
    ):
        assert words in page


def test_the_page_says_who_waits_under_the_rules_of_before(
    office: Client, avatar: MakeAvatar, ready_avatar: MakeAvatar
) -> None:
    assert "Nobody waits" in page_of(office)
    ready_avatar()
    avatar(state=State.REVIEW, review=ReviewTime.BEFORE)
    avatar(state=State.REVIEW, needs_consent=True)
    page = page_of(office)
    assert "2 wait for a reviewer now, and 1 is kept from Anam for want of consent" in page


def test_one_reviewer_alone_is_warned_of_before_four_eyes_and_after(
    office: Client, person: MakePerson
) -> None:
    assert "Only Ada Office may review" in page_of(office)
    saved = office.post("/policy/change", {**AS_IT_COMES, "four_eyes": "on"}, follow=True)
    assert saved.content.decode().count("Only Ada Office may review") == 2
    person(role=Role.REVIEWER)
    assert "may review at the moment" not in page_of(office)


def test_the_page_costs_the_same_however_much_was_changed(
    office: Client, ada: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    page_of(office)
    for number in range(1, 13):
        rules = {**AS_IT_COMES, "month_limit": str(number), "version": str(number - 1)}
        assert office.post("/policy/change", rules).status_code == 302
    # The person, their permissions twice, the policy, the changes, the queue, the unsent ones
    # twice, the reviewers, whether sending is paused, the unread notices, what waits for review.
    with django_assert_num_queries(12):
        assert page_of(office).count("→ <strong>") == 10


# Changing ----------------------------------------------------------------------------------------
def test_all_rules_are_saved_at_once_and_told_again(office: Client, ada: User) -> None:
    rules = {
        "review": "both",
        "four_eyes": "on",
        "consent": "on",
        "creators": "reviewers",
        "private": "on",
        "month_limit": "10",
        "month_warning": "7",
        "version": "0",
    }
    saved = office.post("/policy/change", rules, follow=True)
    policy = Policy.current()
    assert policy.rules == {
        "review": "both",
        "four_eyes": True,
        "consent": True,
        "creators": "reviewers",
        "private": True,
        "month_limit": 10,
        "month_warning": 7,
    }
    assert (policy.changed_by, policy.version) == (ada, 1)
    page = saved.content.decode()
    assert "Saved." in page
    assert (
        "When avatars are reviewed: Once Anam has made the avatar → <strong>Before and after"
        in page
    )
    assert "Four eyes: No → <strong>Yes" in page
    assert "no limit → <strong>10" in page


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"month_limit": "5", "month_warning": "6"}, "Say 5 or less"),
        ({"month_warning": "6"}, "There is no limit to warn of"),
        ({"month_limit": "0"}, "Leave it empty for no limit at all"),
        ({"month_limit": "-3"}, "One at least"),
        ({"month_limit": "99999999"}, "1,000,000 at most. Nothing was saved"),
        ({"month_limit": "5", "month_warning": "0"}, "One at least"),
        ({"month_limit": "many"}, "whole number"),
        ({"month_limit": "10000000000000000000000"}, "1000000"),
        ({"review": "sometimes"}, "sometimes"),
        ({"creators": ""}, "required"),
        ({"version": ""}, "required"),
        ({"version": "99999999999999999999"}, "2147483647"),
    ],
)
def test_bad_values_are_refused_in_words(office: Client, wrong: dict[str, str], words: str) -> None:
    response = office.post("/policy/change", {**AS_IT_COMES, **wrong})
    assert response.status_code == 422
    assert "Nothing was saved" in response.content.decode()
    assert words in response.content.decode()
    assert Policy.current().version == 0


def test_a_stale_form_is_told_what_was_changed_since(
    office: Client, client_of: ClientOf, person: MakePerson
) -> None:
    bob = client_of(person(role=Role.ADMINISTRATOR, name="Bob"))
    bob.post("/policy/change", {**AS_IT_COMES, "private": "on"})
    bob.post("/policy/change", {**AS_IT_COMES, "private": "on", "month_limit": "3", "version": "1"})
    response = office.post("/policy/change", {**AS_IT_COMES, "review": "never"})
    page = response.content.decode()
    assert response.status_code == 409
    assert "nothing of yours was saved" in page
    notice = page.partition('role="alert"')[2].partition("Below it stands")[0]
    assert "Bob" in notice
    assert "Private until approved: No → <strong>Yes" in notice
    assert "no limit → <strong>3" in notice
    assert 'name="version" value="2"' in page
    assert Policy.current().review == "after"


def test_what_the_environment_settles_is_shown_as_fixed_with_its_name(
    office: Client, settings: Settings
) -> None:
    settings.POLICY = {"review": "before", "month_limit": 4, "four_eyes": True}
    page = page_of(office)
    for variable in ("POLICY_REVIEW", "POLICY_MONTH_LIMIT", "POLICY_FOUR_EYES"):
        assert f"<code>{variable}</code>" in page
    assert "POLICY_PRIVATE" not in page
    assert 'name="review"' not in page
    saved = office.post("/policy/change", {**AS_IT_COMES, "review": "never", "private": "on"})
    assert saved.status_code == 302
    assert (Policy.current().review, Policy.current().private) == ("before", True)
    too_high = {**AS_IT_COMES, "month_warning": "5", "version": "1"}
    assert "the limit is 4" in office.post("/policy/change", too_high).content.decode()


def test_everything_may_be_fixed(office: Client, settings: Settings) -> None:
    settings.POLICY = {**Policy.current().rules, "month_limit": 4, "month_warning": 2}
    assert page_of(office).count("it can't be changed here") == len(RULES)


def test_the_variables_are_those_that_the_settings_read() -> None:
    assert {rule: name for rule, (name, _) in _VARIABLES.items()} == {
        rule: variable_of(rule) for rule in RULES
    }


@pytest.mark.parametrize("review", ReviewTime)
@pytest.mark.parametrize("consent", [False, True])
def test_what_happens_to_a_photo_is_said_for_every_policy(review: str, consent: bool) -> None:
    words = what_happens(Policy(review=review, consent=consent))
    waits = consent or review in ("before", "both")
    assert ("nothing is sent to Anam before" in words) == waits
    assert ("at once" in words) == (not waits)


# Replies -----------------------------------------------------------------------------------------
SMILE = {"name": "Smile", "decision": "changes", "reason": "framing", "text": "Please smile."}


def test_reviewers_read_the_replies_and_others_do_not(client_of: ClientOf) -> None:
    reviewer = page_of(client_of(Role.REVIEWER), "/policy/replies")
    assert "Sharper photo" in reviewer
    assert "Retire" not in reviewer
    assert client_of(Role.CREATOR).get("/policy/replies").status_code == 403


def test_a_reply_is_added_and_retired_on_the_record(office: Client, ada: User) -> None:
    office.post("/policy/replies/add", SMILE)
    reply = Reply.objects.get(name="Smile")
    assert (reply.text, reply.made_by) == ("Please smile.", ada)
    office.post(f"/policy/replies/{reply.pk}/retire")
    page = page_of(office, "/policy/replies")
    assert page.index("Retired: 1") < page.index("Please smile.")
    again = office.post(f"/policy/replies/{reply.pk}/retire", follow=True)
    assert "was retired already" in again.content.decode()
    assert Event.objects.filter(kind=Kind.REPLY_CHANGED, actor=ada).count() == 2


def test_a_better_reply_begins_with_the_words_of_the_old_one(office: Client) -> None:
    old = Reply.objects.get(name="Sharper photo")
    page = page_of(office, f"/policy/replies?instead_of={old.pk}")
    assert "In the place of “Sharper photo”" in page
    assert old.text in page.partition("<textarea")[2]
    office.post("/policy/replies/add", {**SMILE, "name": old.name, "instead_of": old.pk})
    assert Reply.objects.offered().get(name=old.name).text == "Please smile."


@pytest.mark.parametrize("asked", ["x", "-1", "٣", "99999999999999999999", "0"])
def test_a_better_reply_for_none_is_just_another(office: Client, asked: str) -> None:
    assert "Add a reply" in page_of(office, f"/policy/replies?instead_of={asked}")


def test_who_betters_a_reply_that_was_retired_meanwhile_keeps_their_words(office: Client) -> None:
    old = Reply.objects.get(name="Sharper photo")
    office.post(f"/policy/replies/{old.pk}/retire")
    response = office.post("/policy/replies/add", {**SMILE, "instead_of": old.pk})
    assert response.status_code == 409
    assert "Please smile." in response.content.decode().partition("<textarea")[2]
    assert office.post("/policy/replies/add", SMILE).status_code == 302


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "\u200b"},
        {"name": "n" * 61},
        {"name": "Sharper photo"},
        {"text": " \n "},
        {"text": "x" * 2001},
        {"decision": "approved"},
        {"reason": "mood"},
        {"instead_of": "99999999999"},
    ],
)
def test_a_reply_that_will_not_do_is_told_so(office: Client, wrong: dict[str, str]) -> None:
    before = Reply.objects.count()
    response = office.post("/policy/replies/add", {**SMILE, **wrong})
    assert response.status_code == 422
    assert "Nothing was saved" in response.content.decode()
    assert Reply.objects.count() == before


def test_without_a_reply_the_page_says_what_one_is_for(office: Client) -> None:
    for reply in Reply.objects.offered():
        office.post(f"/policy/replies/{reply.pk}/retire")
    assert "No reply is ready" in page_of(office, "/policy/replies")


# The wording -------------------------------------------------------------------------------------
def test_everybody_reads_what_people_agree_to_and_what_they_agreed_to_before(
    client_of: ClientOf, office: Client, ada: User
) -> None:
    first = Wording.current().text
    office.post("/policy/wording/change", {"text": "I agree.\r\n\r\nReally.", "number": "1"})
    page = page_of(client_of(Role.VIEWER), "/policy/wording")
    assert "Version 2, which counts now" in page
    assert "<p>I agree.</p>" in page
    assert page.index("Version 1") < page.index(first.partition("\n")[0])
    assert "<textarea" not in page
    assert Wording.current().text == "I agree.\n\nReally."


def test_a_wording_that_was_renewed_meanwhile_is_told_with_ones_own_words_kept(
    office: Client,
) -> None:
    office.post("/policy/wording/change", {"text": "I agree.", "number": "1"})
    response = office.post("/policy/wording/change", {"text": "I do.", "number": "1"})
    page = response.content.decode()
    assert response.status_code == 409
    assert "Somebody else has changed the wording meanwhile" in page
    assert "I do." in page.partition("<textarea")[2]
    assert Wording.objects.count() == 2
    assert (
        office.post("/policy/wording/change", {"text": "I do.", "number": "2"}).status_code == 302
    )


@pytest.mark.parametrize(
    "wrong", [{"text": " "}, {"text": "x" * 6001}, {"number": ""}, {"number": "99999999999"}]
)
def test_a_wording_that_will_not_do_is_told_so(office: Client, wrong: dict[str, str]) -> None:
    response = office.post("/policy/wording/change", {"text": "I agree.", "number": "1", **wrong})
    assert response.status_code == 422
    assert Wording.objects.count() == 1


def test_the_same_words_are_no_new_version(office: Client) -> None:
    same = {"text": Wording.current().text, "number": "1"}
    assert (
        "count already" in office.post("/policy/wording/change", same, follow=True).content.decode()
    )
    assert not Event.objects.filter(kind=Kind.WORDING_CHANGED).exists()
