"""What docs/webhooks.md tells those who write receivers."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from avatars.models import PING, Approval, Delivery, State, Topic, Webhook
from avatars.services.delivery_bodies import body_of
from avatars.services.signatures import headers_of, secret_of

pytestmark = pytest.mark.django_db
DOCS = (Path(__file__).parents[2] / "docs" / "webhooks.md").read_text()


def rows(name: str) -> list[str]:
    """The words in the first column of the table with that head."""
    table = DOCS.partition(f"| {name} |")[2].partition("\n\n")[0]
    return re.findall(r"^\| `([\w.-]+)` \|", table, re.MULTILINE)


@pytest.fixture
def is_genuine() -> Callable[..., bool]:
    code = DOCS.partition("```python\n")[2].partition("```")[0]
    assert len([line for line in code.splitlines() if line.strip()]) == 8
    space: dict[str, Any] = {}
    exec(code, space)
    found: Callable[..., bool] = space["is_genuine"]
    return found


def test_the_code_in_the_docs_knows_true_from_false(is_genuine: Callable[..., bool]) -> None:
    webhook, body, now = Webhook(pk=1), '{"displayName": "Žofie"}'.encode(), timezone.now()
    headers = headers_of(webhook, Delivery(), body, now)
    assert is_genuine(secret_of(webhook), headers, body)
    assert not is_genuine(secret_of(Webhook(pk=2)), headers, body)
    assert not is_genuine(secret_of(webhook), headers, body + b" ")
    old = headers_of(webhook, Delivery(), body, now - timedelta(minutes=6))
    assert not is_genuine(secret_of(webhook), old, body)


def test_every_topic_stands_in_the_table() -> None:
    assert rows("topic") == [*Topic.values, PING]


def test_every_field_stands_in_the_table(owed: Delivery) -> None:
    sent = re.findall(r'"(\w+)":', body_of(owed))
    told = [name.rpartition(".")[2] for name in rows("in the body")]
    assert told == [name for name in sent if name != "data"]


def test_every_header_stands_in_the_table(owed: Delivery) -> None:
    headers = headers_of(owed.webhook, owed, b"", timezone.now())
    assert rows("in the headers") == [name for name in headers if name.startswith("webhook-")]


def test_every_state_is_named() -> None:
    for word in (*State.values, *Approval.values):
        assert f"`{word}`" in DOCS
