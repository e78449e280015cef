"""/setup/<code>: the first administrator, once."""

from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import Client

from dashboard.people import first_run
from dashboard.people.codes import digest
from dashboard.people.models import SetUp, User
from dashboard.people.roles import Role
from tests.conftest import wipe_record
from tests.people.conftest import PASSWORD, MakePerson

pytestmark = pytest.mark.django_db

FILLED = {
    "name": "Grace Hopper",
    "email": "Grace@example.com",
    "password1": PASSWORD,
    "password2": PASSWORD,
}


@pytest.fixture
def code() -> str:
    made = first_run.new_set_up_code()
    assert made
    return made


def test_the_link_shows_a_form(client: Client, code: str) -> None:
    response = client.get(f"/setup/{code}")
    assert response.status_code == 200
    assert b'name="password2"' in response.content
    assert "no-store" in response["Cache-Control"]


def test_filling_it_makes_the_administrator_and_signs_them_in(client: Client, code: str) -> None:
    response = client.post(f"/setup/{code}", FILLED)
    assert (response.status_code, response["Location"]) == (302, "/")
    grace = User.objects.get()
    assert (grace.email, grace.role, grace.is_superuser) == (
        "grace@example.com",
        Role.ADMINISTRATOR,
        False,
    )
    assert client.session["_auth_user_id"] == str(grace.pk)
    assert client.get("/people/").status_code == 200


def test_the_database_knows_a_digest_and_never_the_code(code: str) -> None:
    row = SetUp.objects.get()
    assert row.digest == digest(code) != code


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"password2": "something-else-7"}, "didn’t match"),
        ({"password1": "12345678", "password2": "12345678"}, "too common"),
        ({"password1": "grace@example", "password2": "grace@example"}, "too similar"),
        ({"email": "grace"}, "valid email"),
        ({"name": ""}, "required"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_made(
    client: Client, code: str, change: dict[str, str], words: str
) -> None:
    response = client.post(f"/setup/{code}", FILLED | change)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not User.objects.exists()
    assert client.post(f"/setup/{code}", FILLED).status_code == 302


def test_a_wrong_code_is_not_found_and_says_why(client: Client, code: str) -> None:
    for response in (client.get("/setup/wrong"), client.post("/setup/wrong", FILLED)):
        assert response.status_code == 404
        assert "set-up link doesn" in response.content.decode()
    assert not User.objects.exists()


def test_a_fresh_code_replaces_an_unused_one(client: Client, code: str) -> None:
    fresh = first_run.new_set_up_code()
    assert fresh
    assert fresh != code
    assert client.get(f"/setup/{code}").status_code == 404
    assert client.get(f"/setup/{fresh}").status_code == 200


def test_the_door_stays_closed_when_everybody_is_deleted_later(client: Client, code: str) -> None:
    client.post(f"/setup/{code}", FILLED)
    wipe_record()
    User.objects.all().delete()
    assert Client().get(f"/setup/{code}").status_code == 404
    assert Client().post(f"/setup/{code}", FILLED).status_code == 404
    assert first_run.new_set_up_code() is None


def test_the_door_closes_when_somebody_came_in_another_way(
    client: Client, code: str, person: MakePerson
) -> None:
    somebody = person()
    assert client.get(f"/setup/{code}").status_code == 404
    with pytest.raises(first_run.Closed):
        first_run.make_administrator(code, User.objects.draft("late@example.com"))
    assert first_run.new_set_up_code() is None
    somebody.delete()
    assert first_run.new_set_up_code() is None
    assert client.get(f"/setup/{code}").status_code == 404


def test_a_second_post_that_saw_the_open_door_too_makes_nobody(code: str) -> None:
    assert first_run.is_open(code)
    first_run.make_administrator(code, User.objects.draft("first@example.com"))
    with pytest.raises(first_run.Closed):
        first_run.make_administrator(code, User.objects.draft("second@example.com"))
    assert [user.email for user in User.objects.all()] == ["first@example.com"]


@pytest.mark.django_db(transaction=True)
def test_of_many_posts_at_the_same_moment_one_makes_an_administrator() -> None:
    code, start, statuses = first_run.new_set_up_code(), Barrier(4), []

    def post(number: int) -> None:
        start.wait()
        filled = FILLED | {"email": f"person{number}@example.com"}
        statuses.append(Client().post(f"/setup/{code}", filled).status_code)
        connection.close()

    threads = [Thread(target=post, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [302, 404, 404, 404]
    assert User.objects.count() == 1
