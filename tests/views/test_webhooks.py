"""The webhooks' pages: adding, the log, and the buttons."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import escape
from django_tasks_db.models import DBTaskResult
from pytest_django import DjangoAssertNumQueries, Settings

from avatars.models import Delivery, DeliveryState, Kind, Topic, Webhook
from avatars.services import webhooks
from avatars.services.deliveries import deliver_next
from avatars.services.signatures import secret_of
from dashboard.people.models import User
from dashboard.people.roles import Role
from tests.conftest import ClientOf, MakeAvatar, MakePerson
from tests.services.receivers import receiving

pytestmark = pytest.mark.django_db
URL = "https://hooks.example.com/team"


@pytest.fixture
def administrator(person: MakePerson) -> User:
    return person(Role.ADMINISTRATOR, name="Grace")


@pytest.fixture
def office(client_of: ClientOf, administrator: User) -> Client:
    return client_of(administrator)


@pytest.fixture
def webhook(administrator: User) -> Webhook:
    return webhooks.add(URL, list(Topic.values), administrator)


def page(office: Client, address: str = "/webhooks") -> str:
    return office.get(address).content.decode()


def act(office: Client, webhook: Webhook, what: str) -> str:
    address = f"/webhooks/{webhook.pk}/act"
    response = office.post(address, {"do": what}, follow=True)
    assert response.status_code == 200
    return str(response.content.decode())


def told(webhook: Webhook, **fields: Any) -> Delivery:
    now = timezone.now()
    defaults = {"topic": Topic.READY, "happened_at": now, "state": DeliveryState.DELIVERED}
    return Delivery.objects.create(webhook=webhook, **{**defaults, **fields})


# The list ----------------------------------------------------------------------------------------
def test_the_empty_page_says_what_webhooks_are_for_and_offers_all_topics(office: Client) -> None:
    text = page(office)
    assert "Nobody is told anything yet" in text
    for topic in Topic:
        assert f'value="{topic}" checked' in text
        assert escape(topic.label) in text


def test_adding_leads_to_its_page_with_the_secret(office: Client, administrator: User) -> None:
    form = {"url": f" {URL} ", "topics": ["avatar.ready", "avatar.removed"]}
    response = office.post("/webhooks/add", form, follow=True)
    (made,) = Webhook.objects.all()
    assert (made.url, made.created_by) == (URL, administrator)
    assert made.topics == ["avatar.ready", "avatar.removed"]
    text = response.content.decode()
    assert secret_of(made) in text
    assert "by Grace" in text
    assert "Cache-Control" in response.headers
    assert "no-store" in response.headers["Cache-Control"]
    assert secret_of(made) not in page(office)
    assert "ready, removed" in page(office)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "Say where"),
        ("example", "not a full web address"),
        ("http://www.example.com", "begin with https"),
        ("ftp://www.example.com", "begin with https"),
        ("https://me:secret@www.example.com", "name or a password"),
        ("https://www.example.com:8443", "unusual port"),
        ("https://127.0.0.1/hook", "private network"),
        ("https://10.1.2.3/hook", "private network"),
        ("https://[::1]/hook", "private network"),
        ("https://169.254.169.254/latest", "private network"),
        ("https://localhost/hook", "private network"),
        ("https://2130706433/hook", "not a full web address"),
        ("https://www.example.com/" + "a" * 2000, "at most 2000"),
    ],
)
def test_what_may_not_be_an_address_is_refused_in_words(
    office: Client, url: str, words: str
) -> None:
    response = office.post("/webhooks/add", {"url": url, "topics": ["avatar.ready"]})
    assert response.status_code == 422
    text = response.content.decode()
    assert words in text
    assert f'value="{escape(url)}"' in text
    assert 'value="avatar.ready" checked' in text
    assert 'value="avatar.removed">' in text
    assert not Webhook.objects.exists()


@pytest.mark.parametrize("url", ["http://10.1.2.3:9000/hook", "http://receiver:9000/"])
def test_inside_addresses_are_for_whom_the_operator_lets(
    office: Client, settings: Settings, url: str
) -> None:
    settings.WEBHOOK_PRIVATE = True
    assert office.post("/webhooks/add", {"url": url, "topics": ["avatar.ready"]}).status_code == 302
    assert Webhook.objects.get().url == url


@pytest.mark.parametrize("topics", [[], ["avatar.sold"]])
def test_without_a_topic_there_is_nothing_to_tell(office: Client, topics: list[str]) -> None:
    response = office.post("/webhooks/add", {"url": URL, "topics": topics})
    assert response.status_code == 422
    assert 'id="webhook-topics-error"' in response.content.decode()


def test_the_list_tells_how_each_of_them_goes(
    office: Client, webhook: Webhook, administrator: User
) -> None:
    now = timezone.now()
    tries = [{"at": now.isoformat(), "status": 500, "said": "", "seconds": 0.1}]
    latest: list[dict[str, Any]] = [{}, {"state": "pending", "tries": tries}, {"state": "failed"}]
    for number, fields in enumerate(latest):
        other = webhooks.add(f"https://example.com/{number}", ["avatar.ready"], administrator)
        told(other, state="delivered", created_at=now - timedelta(hours=1))
        told(other, **fields)
    webhooks.pause(webhook, None)
    badges = re.findall(r'data-tone="(\w+)">([^<]+)</span>\s+</li>', page(office))
    assert badges == [
        ("plain", "Paused"),
        ("good", "Active"),
        ("wait", "1 to be tried again"),
        ("bad", "Last one given up"),
    ]
    assert "Anam has made the avatar, given up" in page(office)


def test_the_list_costs_the_same_for_many(
    office: Client, administrator: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(5):
        told(webhooks.add(f"https://example.com/{number}", ["avatar.ready"], administrator))
    page(office)
    with django_assert_num_queries(11):
        page(office)


# Its page ----------------------------------------------------------------------------------------
def test_the_log_tells_every_try_in_words(
    office: Client, webhook: Webhook, ready_avatar: MakeAvatar, settings: Settings
) -> None:
    settings.WEBHOOK_PRIVATE = True
    with receiving() as receiver:
        Webhook.objects.update(url=receiver.url)
        receiver.statuses, receiver.said = [503], b"Down <for> repairs"
        avatar = ready_avatar(display_name="Anna & Co")
        avatar.events.create(kind=Kind.CREATED)
        deliver_next()
    text = page(office, f"/webhooks/{webhook.pk}")
    assert "503 Service Unavailable" in text
    assert "“Down &lt;for&gt; repairs”" in text
    assert f'href="{avatar.get_absolute_url()}">Anna &amp; Co</a>' in text
    assert "To be tried again" in text
    assert "avatar.ready" in text


def test_the_log_is_paged_from_the_newest(
    office: Client, webhook: Webhook, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    now = timezone.now()
    for number in range(60):
        moment = now - timedelta(minutes=number)
        told(webhook, created_at=moment, happened_at=moment)
    address, seen = f"/webhooks/{webhook.pk}", []
    page(office, address)
    with django_assert_num_queries(9):
        page(office, address)
    while address:
        text = page(office, address)
        seen.append(re.findall(r'/deliveries/([\w-]+)/resend"', text))
        more = re.search(r'href="(\S+)#log">Show older', text)
        address = more[1].replace("&amp;", "&") if more else ""
    newest_first = [str(pk) for pk in Delivery.objects.values_list("pk", flat=True)]
    assert [len(part) for part in seen] == [25, 25, 10]
    assert sum(seen, []) == newest_first  # noqa: RUF017


@pytest.mark.parametrize("before", ["x", "2026-01-01", "~", "9999-99-99~1"])
def test_nonsense_in_the_address_shows_the_newest(
    office: Client, webhook: Webhook, before: str
) -> None:
    told(webhook)
    assert "Send again" in page(office, f"/webhooks/{webhook.pk}?before={before}")


def test_the_log_follows_what_is_about_to_happen(office: Client, webhook: Webhook) -> None:
    address = f"/webhooks/{webhook.pk}"
    assert "hx-get" not in page(office, address)
    delivery = told(webhook, state="pending", due_at=timezone.now())
    assert f'hx-get="{address}"' in page(office, address)
    assert '<meta http-equiv="refresh"' in page(office, address)
    assert "Send again" not in page(office, address)
    Delivery.objects.filter(pk=delivery.pk).update(due_at=timezone.now() + timedelta(hours=1))
    assert "hx-get" not in page(office, address)
    assert "Send again" in page(office, address)
    webhooks.pause(webhook, None)
    assert "Waits while paused" in page(office, address)
    assert "Send again" not in page(office, address)


# Buttons -----------------------------------------------------------------------------------------
def test_a_test_message_is_on_its_way_at_once(office: Client, webhook: Webhook) -> None:
    assert "on its way" in act(office, webhook, "ping")
    assert Delivery.objects.get().topic == "ping"
    assert DBTaskResult.objects.filter(queue_name="webhooks").count() == 1
    assert "A test message" in page(office)


def test_pausing_and_going_on(office: Client, webhook: Webhook) -> None:
    assert "Paused." in act(office, webhook, "pause")
    assert "Somebody else was faster" in act(office, webhook, "pause")
    assert "Somebody else was faster" in act(office, webhook, "ping")
    assert not Delivery.objects.exists()
    webhook.refresh_from_db()
    assert not webhook.is_active
    assert "Nothing is sent to it" in page(office, f"/webhooks/{webhook.pk}")
    assert "It goes on." in act(office, webhook, "resume")
    webhook.refresh_from_db()
    assert webhook.is_active


def test_another_address_and_other_topics(office: Client, webhook: Webhook) -> None:
    address = f"/webhooks/{webhook.pk}/change"
    form = {"url": "https://example.com/other", "topics": ["avatar.approved"]}
    assert "Saved." in office.post(address, form, follow=True).content.decode()
    webhook.refresh_from_db()
    assert (webhook.url, webhook.topics) == (form["url"], ["avatar.approved"])
    response = office.post(address, {"url": "http://x", "topics": ["avatar.ready"]})
    assert response.status_code == 422
    assert "<details open>" in response.content.decode()
    webhook.refresh_from_db()
    assert webhook.url == form["url"]


def test_a_deleted_one_is_gone_from_every_page(office: Client, webhook: Webhook) -> None:
    address = f"/webhooks/{webhook.pk}"
    delivery = told(webhook)
    response = office.post(f"{address}/remove", follow=True)
    assert "The webhook is deleted." in response.content.decode()
    assert URL not in page(office)
    assert office.get(address).status_code == 404
    for door in ("act", "change", "remove", f"deliveries/{delivery.pk}/resend"):
        assert office.post(f"{address}/{door}", {"do": "resume"}).status_code == 404


def test_a_message_is_sent_again(office: Client, webhook: Webhook) -> None:
    delivery = told(webhook)
    address = f"/webhooks/{webhook.pk}/deliveries/{delivery.pk}/resend"
    assert "sent once more" in office.post(address, follow=True).content.decode()
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.PENDING
    assert DBTaskResult.objects.filter(queue_name="webhooks").count() == 1
    assert "Somebody else was faster" in office.post(address, follow=True).content.decode()


def test_a_message_of_another_webhook_is_not_found(
    office: Client, webhook: Webhook, administrator: User
) -> None:
    other = told(webhooks.add(URL, ["avatar.ready"], administrator))
    assert office.post(f"/webhooks/{webhook.pk}/deliveries/{other.pk}/resend").status_code == 404


@pytest.mark.parametrize("what", ["", "delete"])
def test_what_no_button_says_is_not_done(office: Client, webhook: Webhook, what: str) -> None:
    assert office.post(f"/webhooks/{webhook.pk}/act", {"do": what}).status_code == 404


@pytest.mark.parametrize("role", [None, Role.VIEWER, Role.CREATOR, Role.REVIEWER])
def test_webhooks_are_for_administrators(
    client_of: ClientOf, webhook: Webhook, role: Role | None
) -> None:
    browser, delivery = client_of(role), told(webhook)
    address = f"/webhooks/{webhook.pk}"
    for path in ("/webhooks", address):
        assert browser.get(path).status_code == 403
    doors = ("act", "change", "remove", f"deliveries/{delivery.pk}/resend")
    for path in ("/webhooks/add", *(f"{address}/{door}" for door in doors)):
        assert browser.post(path, {"do": "pause"}).status_code == 403
    webhook.refresh_from_db()
    assert (webhook.is_active, webhook.deleted_at) == (True, None)
