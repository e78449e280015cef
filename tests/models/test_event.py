"""The record is written once and never changed, whichever of Django's ways is tried."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.core import serializers
from django.db import IntegrityError, connection, transaction
from django.db.models import F, ProtectedError
from django.db.models.deletion import Collector
from django.utils import timezone

from avatars.models import Event, Kind, Notice, Subject, Token
from avatars.models.areas import AREAS, Area
from avatars.models.event import SOMEBODY
from avatars.services import record
from dashboard.people.models import User
from tests.conftest import MakeAvatar, MakePerson

pytestmark = pytest.mark.django_db


@pytest.fixture
def grace(person: MakePerson) -> User:
    return person(name="Grace")


@pytest.fixture
def token(grace: User) -> Token:
    return Token.objects.create(owner=grace, name="robot", rate=1, expires_at=timezone.now())


@pytest.fixture
def event(avatar: MakeAvatar, grace: User, token: Token) -> Event:
    return Event.objects.create(
        avatar=avatar(),
        actor=grace,
        token=token,
        kind=Kind.REJECTED,
        note="too dark",
        detail={"before": "waiting", "after": "rejected"},
    )


def rows() -> list[Any]:
    """The whole table, as the database has it."""
    with connection.cursor() as cursor:
        cursor.execute("select * from avatars_event order by id")
        return list(cursor.fetchall())


def _changed(event: Event) -> Event:
    event.note = "fine"
    return event


def _other(event: Event, **fields: Any) -> Event:
    """A new object that claims to be the old one."""
    return Event(pk=event.pk, kind=Kind.RENAMED, avatar=event.avatar, note="fine", **fields)


def _siblings(event: Event) -> Any:
    """The events of its avatar, as the avatar has them."""
    assert event.avatar
    return event.avatar.events


def _from_a_dump(event: Event) -> None:
    dump = serializers.serialize("json", [event]).replace("too dark", "fine")
    for loaded in serializers.deserialize("json", dump):
        loaded.save()


def _moved(event: Event) -> None:
    siblings = _siblings(event)
    event.avatar_id = None
    siblings.add(event)


CHANGES: dict[str, Callable[[Event], Any]] = {
    "save": lambda e: _changed(e).save(),
    "save of some fields": lambda e: _changed(e).save(update_fields=["note"]),
    "forced save": lambda e: _changed(e).save(force_update=True),
    "save_base": lambda e: _changed(e).save_base(),
    "raw save_base": lambda e: _changed(e).save_base(raw=True),
    "asave": lambda e: async_to_sync(_changed(e).asave)(),
    "save of a new object with its id": lambda e: _other(e).save(),
    "save_base of a new object with its id": lambda e: _other(e).save_base(),
    "create with its id": lambda e: Event.objects.create(pk=e.pk, kind=Kind.APPROVED),
    "loaddata": _from_a_dump,
    "update": lambda e: Event.objects.update(note="fine"),
    "update of some": lambda e: Event.objects.filter(pk=e.pk).update(note="fine"),
    "update by an expression": lambda e: Event.objects.update(at=F("at") + timedelta(days=1)),
    "aupdate": lambda e: async_to_sync(Event.objects.all().aupdate)(note="fine"),
    "_update": lambda e: Event.objects.all()._update([]),
    "bulk_update": lambda e: Event.objects.bulk_update([_changed(e)], ["note"]),
    "update_or_create": lambda e: Event.objects.update_or_create(
        pk=e.pk, defaults={"note": "fine"}
    ),
    "bulk_create over old ones": lambda e: Event.objects.bulk_create(
        [_other(e)], update_conflicts=True, update_fields=["note"], unique_fields=["id"]
    ),
    "bulk_create over old ones, by place": lambda e: Event.objects.bulk_create(
        [_other(e)], None, False, True, ["note"], ["id"]
    ),
    "bulk_create that skips old ones": lambda e: Event.objects.bulk_create(
        [_other(e)], ignore_conflicts=True
    ),
    "base manager": lambda e: Event._base_manager.update(note="fine"),
    "default manager": lambda e: Event._default_manager.update(note="fine"),
    "relation: update": lambda e: _siblings(e).update(note="fine"),
    "relation: clear": lambda e: _siblings(e).clear(),
    "relation: clear one by one": lambda e: _siblings(e).clear(bulk=False),
    "relation: remove": lambda e: _siblings(e).remove(e),
    "relation: set": lambda e: _siblings(e).set([]),
    "relation: add": _moved,
}


def _collected(event: Event) -> None:
    """As Django's own deletion goes about it, past all querysets."""
    collector = Collector("default")
    collector.collect([event])
    collector.delete()


DELETIONS: dict[str, Callable[[Event], Any]] = {
    "delete": lambda e: e.delete(),
    "adelete": lambda e: async_to_sync(e.adelete)(),
    "queryset": lambda e: Event.objects.all().delete(),
    "queryset, some": lambda e: Event.objects.filter(pk=e.pk).delete(),
    "queryset, async": lambda e: async_to_sync(Event.objects.all().adelete)(),
    "_raw_delete": lambda e: Event.objects.all()._raw_delete("default"),
    "base manager": lambda e: Event._base_manager.all().delete(),
    "base manager, raw": lambda e: Event._base_manager.all()._raw_delete("default"),
    "collector": _collected,
    "relation": lambda e: _siblings(e).all().delete(),
    "its avatar": lambda e: e.avatar and e.avatar.delete(),
    "its person": lambda e: e.actor and User.objects.filter(pk=e.actor.pk).delete(),
    "its token": lambda e: e.token and e.token.delete(),
    "everybody": lambda e: User.objects.all().delete(),
}


@pytest.mark.parametrize("way", [*CHANGES])
def test_no_way_changes_an_event(event: Event, way: str) -> None:
    before = rows()
    with pytest.raises((TypeError, IntegrityError)), transaction.atomic():
        CHANGES[way](event)
    assert rows() == before


@pytest.mark.parametrize("way", [*DELETIONS])
def test_no_way_deletes_an_event(event: Event, way: str) -> None:
    before = rows()
    with pytest.raises((TypeError, ProtectedError)), transaction.atomic():
        DELETIONS[way](event)
    assert rows() == before


def test_somebody_whom_an_event_is_about_goes_and_it_stays(grace: User, person: MakePerson) -> None:
    """It knows them by a number and a name, not by a relation; only their notices go."""
    guest = person(name="Guest")
    record.write(Kind.ROLE_CHANGED, (Subject.PERSON, guest.pk, str(guest)), actor=grace)
    assert Notice.objects.get().person == guest
    before = rows()
    guest.delete()
    assert rows() == before
    assert Event.objects.get().sentence == "changed the role of Guest"


# The one change ----------------------------------------------------------------------------------
def test_erasing_takes_words_and_nothing_else(event: Event, avatar: MakeAvatar) -> None:
    erased = avatar(erased_at=timezone.now())
    said = Event.objects.create(
        avatar=erased,
        visitor="Vera Face",
        kind=Kind.CONSENT_GIVEN,
        subject_name="Vera",
        note="my own face",
        detail={"name": "Vera"},
        trace="a-request-1",
    )
    silent = Event.objects.create(avatar=erased, actor=event.actor, kind=Kind.ERASED)
    before = {each.pk: each for each in Event.objects.all()}
    assert Event.objects.all().forget_words() == 2
    after = {each.pk: each for each in Event.objects.all()}
    words = ("note", "detail", "subject_name", "visitor")
    assert [getattr(after[said.pk], name) for name in words] == ["", {}, "", SOMEBODY]
    assert [getattr(after[silent.pk], name) for name in words] == ["", {}, "", ""]
    for field in Event._meta.concrete_fields:
        kept = [before[event.pk]] if field.name in words else before.values()
        for each in kept:
            assert getattr(after[each.pk], field.attname) == getattr(each, field.attname)
    assert after[said.pk].actor_name == "Somebody"
    assert after[silent.pk].actor_name == "Grace"


def test_words_of_what_is_not_erased_can_not_be_forgotten(event: Event) -> None:
    before = rows()
    assert Event.objects.all().forget_words() == 0
    assert rows() == before


# In words ----------------------------------------------------------------------------------------
def test_an_event_tells_who_did_what(avatar: MakeAvatar, grace: User, token: Token) -> None:
    by_someone = Event(avatar=avatar(), actor=grace, kind=Kind.APPROVED)
    by_itself = Event(avatar=avatar(), kind=Kind.SENDING)
    by_a_program = Event(avatar=avatar(), actor=grace, token=token, kind=Kind.RENAMED)
    by_a_visitor = Event(avatar=avatar(), visitor="Vera", kind=Kind.CONSENT_GIVEN)
    assert f"{by_someone.actor_name} {by_someone.sentence}" == "Grace approved the avatar"
    assert by_itself.actor_name == "Greenroom"
    assert by_a_program.actor_name == "Grace (by the token “robot”)"
    assert f"{by_a_visitor.actor_name} {by_a_visitor.sentence}" == "Vera gave consent"


@pytest.mark.parametrize(
    ("kind", "of_another", "of_their_own"),
    [
        (Kind.PASSWORD_CHANGED, "changed the password of Ada", "changed their own password"),
        (Kind.FACTOR_ADDED, "added a second factor for Ada", "added a second factor"),
        (Kind.ROLE_CHANGED, "changed the role of Ada", "changed the role of Ada"),
        (Kind.SIGNED_IN, "signed in", "signed in"),
    ],
)
def test_what_people_do_about_themselves_reads_naturally(
    grace: User, person: MakePerson, kind: Kind, of_another: str, of_their_own: str
) -> None:
    ada = person(name="Ada")
    about = {"subject": Subject.PERSON, "subject_id": str(ada.pk), "subject_name": "Ada"}
    assert Event(actor=grace, kind=kind, **about).sentence == of_another
    assert Event(actor=ada, kind=kind, **about).sentence == of_their_own


def test_a_kind_without_a_name_stays_indefinite() -> None:
    assert Event(kind=Kind.INVITED, subject=Subject.INVITATION).sentence == "invited somebody"


def test_every_kind_has_one_area_in_which_people_find_it() -> None:
    listed = [kind for area in Area for kind in AREAS[area]]
    assert sorted(listed) == sorted(Kind)
