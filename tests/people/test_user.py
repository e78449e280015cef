"""Names and addresses of people."""

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError

from dashboard.people.models import User
from tests.people.conftest import PASSWORD, MakePerson


@pytest.mark.django_db
def test_an_address_is_kept_in_lower_case_and_found_in_any() -> None:
    made = User.objects.create_user("Ada@Example.COM", PASSWORD)
    assert made.email == "ada@example.com"
    assert User.objects.get(email="ADA@example.com") == made
    assert User.objects.get_by_natural_key("aDa@example.com") == made


@pytest.mark.django_db
def test_the_database_itself_refuses_the_same_address_in_other_letters(person: MakePerson) -> None:
    person("Ada")
    with pytest.raises(IntegrityError):
        User.objects.create_user("ADA@example.com", PASSWORD)


@pytest.mark.django_db
def test_nobody_is_without_an_address(person: MakePerson) -> None:
    ada = person("Ada")
    ada.email = ""
    with pytest.raises(IntegrityError):
        ada.save()


def test_the_address_somebody_came_in_with_counts_as_confirmed(person: MakePerson) -> None:
    address = EmailAddress.objects.get(user=person("Ada"))
    assert (address.email, address.primary, address.verified) == ("ada@example.com", True, True)


@pytest.mark.django_db
def test_a_name_that_was_not_given_is_what_stands_before_the_at() -> None:
    assert User.objects.create_user("grace.hopper@example.com").name == "grace.hopper"


@pytest.mark.django_db
def test_nobody_signs_in_as_somebody_without_a_password() -> None:
    assert not User.objects.create_user("ada@example.com").has_usable_password()


def test_the_short_name_is_the_first_word() -> None:
    assert User(name="Ada King of Lovelace").short_name == "Ada"
    assert User(email="ada@example.com").short_name == "ada@example.com"
