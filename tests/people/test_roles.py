"""Who may do what, in the table and in the groups of the database."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dashboard.people.groups import fill_groups
from dashboard.people.models import User
from dashboard.people.roles import IN_WORDS, Role, give, permissions_of
from tests.people.conftest import MakePerson

MATRIX = {
    "avatars.view_avatar": "viewer creator reviewer administrator",
    "avatars.add_avatar": "creator reviewer administrator",
    "avatars.review_avatar": "reviewer administrator",
    "avatars.change_avatar": "administrator",
    "avatars.delete_avatar": "administrator",
    "avatars.operate_avatar": "administrator",
    "avatars.view_event": "administrator",
    "people.view_user": "administrator",
    "people.add_user": "administrator",
    "people.change_user": "administrator",
    "people.delete_user": "",
    "people.view_invitation": "administrator",
    "people.add_invitation": "administrator",
    "people.change_invitation": "administrator",
    "people.delete_invitation": "",
    "people.change_setup": "",
    "auth.change_group": "",
}


@pytest.mark.parametrize("role", Role)
def test_each_role_may_do_exactly_what_the_matrix_says(person: MakePerson, role: Role) -> None:
    somebody = person(role=role)
    for permission, roles in MATRIX.items():
        assert somebody.has_perm(permission) is (role.value in roles.split()), permission


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role)
def test_the_groups_hold_the_table_and_nothing_else(role: Role) -> None:
    held = Group.objects.get(name=role).permissions.values_list(
        "content_type__app_label", "codename"
    )
    assert {f"{app}.{codename}" for app, codename in held} == permissions_of(role)


def test_every_role_is_said_in_words() -> None:
    assert set(IN_WORDS) == set(Role)


@pytest.mark.django_db
def test_a_migrate_mends_groups_that_were_changed_by_hand() -> None:
    viewer = Group.objects.get(name=Role.VIEWER)
    viewer.permissions.set(Permission.objects.filter(codename="delete_group"))
    Group.objects.get(name=Role.REVIEWER).delete()
    call_command("migrate", verbosity=0)
    assert [p.codename for p in viewer.permissions.all()] == ["view_avatar"]
    assert Group.objects.get(name=Role.REVIEWER).permissions.count() == 3


@pytest.mark.django_db
def test_filling_waits_quietly_for_permissions_that_do_not_exist_yet() -> None:
    Permission.objects.filter(content_type__app_label="avatars").delete()
    fill_groups("default")
    assert not Group.objects.get(name=Role.REVIEWER).permissions.exists()
    assert Group.objects.get(name=Role.ADMINISTRATOR).permissions.count() == 6


@pytest.mark.django_db
def test_filling_groups_that_are_right_asks_twice_and_writes_nothing() -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        fill_groups("default", apps)
    assert len(queries) == 2
    assert all(query["sql"].startswith("SELECT") for query in queries)


def test_giving_a_role_takes_the_former_one_away(person: MakePerson) -> None:
    somebody = person(role=Role.ADMINISTRATOR)
    friends = Group.objects.create(name="friends of the house")
    somebody.groups.add(friends)
    give(somebody, Role.CREATOR)
    somebody = User.objects.get(pk=somebody.pk)
    assert {group.name for group in somebody.groups.all()} == {"creator", "friends of the house"}
    assert somebody.role is Role.CREATOR


def test_only_administrators_are_staff_and_nobody_is_superuser(person: MakePerson) -> None:
    for role in Role:
        somebody = person(role.label, role)
        assert somebody.is_staff is (role is Role.ADMINISTRATOR)
        assert not somebody.is_superuser
        give(somebody, Role.VIEWER)
        somebody.refresh_from_db()
        assert not somebody.is_staff


def test_somebody_without_a_role_may_do_nothing(person: MakePerson) -> None:
    somebody = person(role=None)
    assert somebody.role is None
    assert somebody.get_all_permissions() == set()
