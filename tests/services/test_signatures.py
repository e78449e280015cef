"""What receivers check, with an implementation of their own."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.apps import apps
from pytest_django import Settings

from avatars.models import Delivery, Webhook
from avatars.services.signatures import headers_of, secret_of
from avatars.services.webhooks import add
from tests.conftest import MakePerson

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 24, 12, 0, 0, 900_000, tzinfo=UTC)


def is_genuine(secret: str, headers: dict[str, str], body: bytes) -> bool:
    """As docs/webhooks.md tells receivers to do it."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return any(
        hmac.compare_digest(f"v1,{expected}", each)
        for each in headers["webhook-signature"].split(" ")
    )


@pytest.fixture
def webhook(person: MakePerson) -> Webhook:
    return add("https://example.com/hook", ["avatar.ready"], person())


def test_a_receiver_can_check_the_signature(webhook: Webhook) -> None:
    delivery = Delivery(webhook=webhook)
    body = '{"displayName": "Žofie"}'.encode()
    headers = headers_of(webhook, delivery, body, AT)
    assert headers["webhook-id"] == str(delivery.pk)
    assert headers["webhook-timestamp"] == "1795521600"
    assert headers["Content-Type"] == "application/json"
    assert is_genuine(secret_of(webhook), headers, body)


@pytest.mark.parametrize("what", ["webhook-id", "webhook-timestamp", "body", "secret"])
def test_whatever_is_changed_is_noticed(webhook: Webhook, what: str) -> None:
    body = b"{}"
    headers = headers_of(webhook, Delivery(webhook=webhook), body, AT)
    secret = secret_of(webhook)
    if what == "body":
        body = b"{ }"
    elif what == "secret":
        secret = "whsec_" + base64.b64encode(bytes(32)).decode()
    else:
        headers[what] = headers[what][:-1] + ("1" if headers[what][-1] == "0" else "0")
    assert not is_genuine(secret, headers, body)


def test_a_known_answer_of_the_specification() -> None:
    """The example that Standard Webhooks' own libraries test themselves with."""
    headers = {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    assert is_genuine(secret, headers, b'{"test": 2432232314}')


def test_each_webhook_has_a_secret_of_its_own_that_stays(
    webhook: Webhook, person: MakePerson
) -> None:
    other = add(webhook.url, webhook.topics, person())
    secrets = {secret_of(webhook), secret_of(other)}
    assert len(secrets) == 2
    for secret in secrets:
        assert len(base64.b64decode(secret.removeprefix("whsec_"))) == 32
    assert secret_of(Webhook.objects.get(pk=webhook.pk)) == secret_of(webhook)


def test_it_hangs_on_the_installations_key_and_the_salt(
    webhook: Webhook, settings: Settings
) -> None:
    before = secret_of(webhook)
    settings.SECRET_KEY = "another installation's"
    elsewhere = secret_of(webhook)
    webhook.salt = UUID(int=7)
    assert len({before, elsewhere, secret_of(webhook)}) == 3


def test_no_copy_of_the_database_holds_it(webhook: Webhook) -> None:
    rows = [row for model in apps.get_models() for row in model._default_manager.values_list()]
    secret = secret_of(webhook).removeprefix("whsec_")
    assert str(webhook.salt) in str(rows).replace("UUID('", "")
    assert secret not in str(rows)
    assert base64.b64decode(secret).hex() not in str(rows)
