"""Who may look into Django's admin, and that no POST to any of its addresses changes a row."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from avatars.models import Avatar, Event
from dashboard.people.models import User
from dashboard.people.roles import Role
from tests.conftest import ClientOf

from .conftest import OURS, admins, list_of, page_of

pytestmark = pytest.mark.django_db
WATCHED = {"avatars", "people", "auth", "account", "mfa", "admin", "django_tasks_database"}
ELSEWHERE = ["index", "jsi18n", "autocomplete", "password_change", "password_change_done", "login"]


def everything() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, but for sessions."""
    models = [model for model in apps.get_models() if model._meta.app_label in WATCHED]
    return {m._meta.label: list(m._base_manager.order_by("pk").values()) for m in models}


def other_values(row: Model) -> dict[str, Any]:
    """A form that would change each field, if the admin took any."""
    form: dict[str, Any] = {field.name: "other" for field in row._meta.concrete_fields}
    if isinstance(row, User):
        del form["name"]  # what may be changed there; without it the form is refused
    return form | {"groups": ["1"], "post": "yes"}


def addresses(row: Model) -> list[str]:
    page, place = page_of(row), list_of(type(row))
    around = [page.replace("/change/", f"/{view}/") for view in ("delete", "history")]
    return [place, f"{place}add/", page, *around]


def forms(shown: Any, row: Model) -> Iterator[tuple[str, dict[str, Any]]]:
    """Whatever could change something, and each action: on a list without saying yes to it."""
    for address in addresses(row):
        yield address, other_values(row) | {"_save": "Save"}
        for action in (
            "delete_selected",
            *(getattr(a, "__name__", a) for a in shown.actions or []),
        ):
            chosen = {"action": action, "_selected_action": str(row.pk)}
            yield address, chosen | {"index": "0"}
            if address != list_of(type(row)):
                yield address, chosen | {"CHANGE_FORM-action": action, "confirmed": "yes"}


def test_no_post_to_any_address_changes_anything(office: Client, furnished: Avatar) -> None:
    before = everything()
    assert all(before[label] for label in ("avatars.Event", "avatars.Consent", "people.User"))
    posted = 0
    for model, shown in admins():
        if row := model._base_manager.first():
            for address, form in forms(shown, row):
                office.post(address, form)
                posted += 1
    for name in ELSEWHERE:
        office.post(reverse(f"admin:{name}"), {"old_password": "x", "username": "x"})
    office.post(reverse("admin:app_list", args=["avatars"]), {"action": "delete_selected"})
    office.post(reverse("admin:view_on_site", args=[1, furnished.pk]))
    assert posted > 300
    after = everything()
    for label, rows in before.items():
        assert after[label] == rows, label


def test_the_walk_comes_past_every_list(office: Client, furnished: Avatar) -> None:
    rows = {model._meta.label_lower: model._base_manager.exists() for model, _ in admins()}
    assert {label for label in OURS if rows.get(label)} == set(OURS)
    for model, _ in admins():
        if model._meta.label_lower in OURS:
            assert office.get(list_of(model)).status_code == 200
            for row in model._base_manager.all()[:3]:
                assert office.get(page_of(row)).status_code == 200


@pytest.mark.parametrize("superuser", [False, True])
def test_events_can_neither_be_added_nor_changed_nor_deleted(
    office: Client, operator: User, furnished: Avatar, superuser: bool
) -> None:
    operator.is_superuser = superuser
    operator.save()
    event = Event.objects.filter(avatar=furnished)[0]
    add, page = f"{list_of(Event)}add/", page_of(event)
    for address in (add, page.replace("change", "delete")):
        assert office.get(address).status_code == 403
        assert office.post(address, {"post": "yes"}).status_code == 403
    assert office.post(page, {"note": "Other", "_save": "Save"}).status_code == 403
    listed = office.get(list_of(Event))
    assert listed.context["action_form"] is None
    assert b"_save" not in office.get(page).content
    chosen = {"action": "delete_selected", "_selected_action": str(event.pk), "post": "yes"}
    office.post(list_of(Event), chosen)
    assert Event.objects.filter(pk=event.pk, note=event.note).exists()


@pytest.mark.parametrize("label", OURS)
@pytest.mark.parametrize("role", [None, Role.VIEWER, Role.CREATOR, Role.REVIEWER])
def test_whoever_does_not_operate_stays_outside(
    client_of: ClientOf, label: str, role: Role | None
) -> None:
    client = client_of(role)
    address = list_of(apps.get_model(label))
    for answer in (client.get(address), client.post(address)):
        assert answer.status_code == 302
        assert answer["Location"].startswith("/admin/login/")
    assert client.get(address, follow=True).status_code == 403


@pytest.mark.parametrize("label", OURS)
def test_staff_without_the_right_sees_no_list(
    client_of: ClientOf, operator: User, label: str
) -> None:
    operator.groups.clear()
    client = client_of(operator)
    assert client.get(list_of(apps.get_model(label))).status_code == 403
    assert "Your role opens nothing here" in client.get("/admin/").content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "avatars/consent/?digest__startswith=a",
        "avatars/consent/?salt__startswith=a",
        "avatars/photocall/?digest__startswith=a",
        "avatars/token/?digest__startswith=a",
        "avatars/token/?owner__password__startswith=a",
        "avatars/webhook/?salt__startswith=a",
        "people/user/?password__startswith=a",
        "people/invitation/?digest__startswith=a",
        "people/invitation/?invited_by__password__startswith=a",
    ],
)
def test_what_is_not_shown_can_not_be_guessed_at_either(office: Client, query: str) -> None:
    assert office.get(f"/admin/{query}").status_code == 400


def test_passwords_are_changed_where_the_rules_are(office: Client) -> None:
    answer = office.post("/admin/password_change/", {"old_password": "x"})
    assert answer["Location"] == reverse("account_change_password")


def test_whoever_is_in_can_not_become_somebody_else_there(
    office: Client, operator: User, person: Any
) -> None:
    other = person(role=Role.ADMINISTRATOR)
    other.set_password("a-lamp-by-the-mirror-4")
    other.save()
    form = {"username": other.email, "password": "a-lamp-by-the-mirror-4"}
    assert office.post("/admin/login/", form)["Location"] == "/admin/"
    assert office.session["_auth_user_id"] == str(operator.pk)


def test_the_index_has_groups_in_the_order_of_the_work(office: Client, furnished: Avatar) -> None:
    groups = office.get("/admin/").context["app_list"]
    assert [group["name"] for group in groups] == [
        "Avatars",
        "Review and consent",
        "The record",
        "Programs",
        "Anam",
        "People",
    ]
    assert not any(model["add_url"] for group in groups for model in group["models"])
    assert "docs/operate.md" in office.get("/admin/").content.decode()
