"""Greenroom's client of Anam works against Greenroom: one of them can stand behind another."""

from uuid import uuid4

import pytest

from avatars.upstream.client import Upstream
from avatars.upstream.errors import Held, Missing, NotAllowed, Refused
from tests.contract.conftest import Service
from tests.sandbox.conftest import photo

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def anam(greenroom_service: Service) -> Upstream:
    behind = greenroom_service
    return Upstream(behind.base_url, behind.key, behind.transport)


def create(anam: Upstream, name: str = "Anna Berg", data: bytes | None = None) -> str:
    return anam.create(
        display_name=name,
        model="cara-4",
        photo=photo() if data is None else data,
        content_type="image/jpeg",
        filename="portrait.jpg",
    ).id


def test_it_creates_reads_lists_renames_and_deletes(anam: Upstream) -> None:
    made = create(anam)
    assert anam.get(made).display_name == "Anna Berg"
    assert [item.id for item in anam.list().avatars] == [made]
    assert anam.list(custom_only=False).total == 4
    assert anam.rename(made, "Berta Cole").display_name == "Berta Cole"
    anam.delete(made)
    with pytest.raises(Missing):
        anam.get(made)
    anam.delete(made, hard=True)


def test_it_tells_the_ends_apart(anam: Upstream, greenroom_service: Service) -> None:
    anam.ping()
    with pytest.raises(Refused, match="displayName"):
        create(anam, "A")
    with pytest.raises(Refused):
        create(anam, data=photo()[:600])
    with pytest.raises(Missing):
        anam.get(str(uuid4()))
    stock = anam.list(custom_only=False).avatars[0]
    with pytest.raises(NotAllowed):
        anam.rename(stock.id, "Mine now")
    with pytest.raises(Held):
        Upstream(greenroom_service.base_url, "grn_wrong", greenroom_service.transport).ping()
