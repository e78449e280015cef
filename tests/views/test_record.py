"""/record: everything that happened, to be searched and taken home, for those who may read it."""

import csv
import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import escape
from pytest_django import Settings

from avatars.models import Avatar, Event, Kind, State, Subject, Token
from avatars.models.areas import AREAS, Area
from avatars.services import erasing, record
from avatars.views.place import EventPlace
from avatars.views.record import PAGE
from dashboard.people.models import User
from dashboard.people.roles import Role
from tests.conftest import ClientOf, MakeAvatar, MakePerson

pytestmark = pytest.mark.django_db
SIGNED = "https://media.example.com/a.mp4?X-Amz-Signature=5ec2e7"


@pytest.fixture
def grace(person: MakePerson) -> User:
    return person(Role.ADMINISTRATOR, name="Grace")


@pytest.fixture
def office(client_of: ClientOf, grace: User) -> Client:
    return client_of(grace)


def page(office: Client, **query: Any) -> str:
    response = office.get("/record", query)
    assert response.status_code == 200
    return str(response.content.decode())


def listed(office: Client, **query: Any) -> list[str]:
    """The notes of the events on the page, from top to bottom."""
    lines = office.get("/record", query).context["lines"]
    return [line.event.note for line in lines]


def exported(office: Client, **query: Any) -> list[dict[str, Any]]:
    response = office.get("/record.json", query)
    found: list[dict[str, Any]] = json.loads(b"".join(response.streaming_content))  # type: ignore[attr-defined]
    return found


def table(office: Client, **query: Any) -> list[dict[str, str]]:
    response = office.get("/record.csv", query)
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.DictReader(StringIO(text)))


def at(day: int, hour: int = 12) -> datetime:
    return datetime(2026, 5, day, hour, tzinfo=UTC)


# Who may -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("path", ["/record", "/record.csv", "/record.json"])
@pytest.mark.parametrize("role", [None, Role.VIEWER, Role.CREATOR, Role.REVIEWER])
def test_nobody_but_administrators_reads_it(
    client_of: ClientOf, path: str, role: Role | None
) -> None:
    assert client_of(role).get(path).status_code == 403
    assert not Event.objects.exists()


@pytest.mark.parametrize("path", ["/record", "/record.csv", "/record.json"])
def test_it_takes_no_forms(office: Client, path: str) -> None:
    assert office.post(path, {"note": "x"}).status_code == 405
    assert office.delete(path).status_code == 405


# The page ----------------------------------------------------------------------------------------
def test_the_empty_record_says_what_will_be_in_it(office: Client) -> None:
    text = page(office)
    assert "Nothing has happened yet" in text
    assert "record.csv" not in text


def test_a_line_says_who_did_what_on_what_why_and_from_what_to_what(
    office: Client, ready_avatar: MakeAvatar, person: MakePerson
) -> None:
    anna = ready_avatar(display_name="Anna <b>")
    Event.objects.create(
        avatar=anna,
        actor=person(name="Rita"),
        kind=Kind.REJECTED,
        note="Too dark\nand not her",
        detail={"before": "approved", "after": "rejected", "reason": "quality"},
        trace="a-request-of-today",
    )
    text = " ".join(page(office).split())
    assert "<strong>Rita</strong> rejected the avatar" in text
    assert f'<a href="/avatars/{anna.pk}">{escape(anna.display_name)}</a>' in text
    assert "Too dark<br>and not her" in text
    assert 'Approved <span aria-hidden="true">→</span>' in text
    assert "Reason: The picture is not good enough" in text
    assert 'href="/record?trace=a-request-of-today"' in text


@pytest.mark.parametrize(
    ("kind", "subject", "name", "sentence", "place"),
    [
        (Kind.TOKEN_MADE, Subject.TOKEN, "CI", "made the token “CI”", "/tokens"),
        (Kind.FEED_OPENED, Subject.FEED, "de", "opened the feed de", "/feeds#feed-de"),
        (Kind.INVITED, Subject.INVITATION, "a@b.c", "invited a@b.c", "/people/"),
        (Kind.DEACTIVATED, Subject.PERSON, "Bob", "deactivated Bob", "/people/"),
        (Kind.WEBHOOK_ADDED, Subject.WEBHOOK, "https://a", "added the webhook https://a", "/webh"),
        (Kind.POLICY_CHANGED, Subject.POLICY, "", "changed the policy", ""),
    ],
)
def test_what_is_about_no_avatar_leads_to_its_own_page(
    office: Client, grace: User, kind: Kind, subject: Subject, name: str, sentence: str, place: str
) -> None:
    record.write(kind, (subject, "7", name), actor=grace)
    (line,) = office.get("/record").context["lines"]
    assert line.words.sentence == sentence
    assert line.place.startswith(place)
    assert escape(sentence) in page(office)


def test_people_without_an_account_go_by_their_names(
    office: Client, ready_avatar: MakeAvatar
) -> None:
    Event.objects.create(avatar=ready_avatar(), visitor="Vera Face", kind=Kind.CONSENT_GIVEN)
    assert "<strong>Vera Face</strong> gave consent" in page(office)


# Paging ------------------------------------------------------------------------------------------
def test_every_event_is_on_one_page_and_the_newest_comes_first(office: Client) -> None:
    """Many at the very same moment, as one request makes them."""
    notes = [str(number) for number in range(2 * PAGE + 3)]
    Event.objects.bulk_create(
        Event(kind=Kind.POLICY_CHANGED, subject=Subject.POLICY, note=note, at=at(1))
        for note in notes
    )
    seen, address = [], "/record"
    while address:
        context = office.get(address).context
        seen += [line.event.note for line in context["lines"]]
        address = context["older_url"]
        assert bool(context["newer_url"]) == (len(seen) > PAGE)
    assert seen == notes[::-1]


def test_paging_keeps_the_filters(office: Client) -> None:
    Event.objects.bulk_create(
        Event(kind=kind, subject=Subject.POLICY, note=kind, at=at(1))
        for kind in [Kind.POLICY_CHANGED, Kind.EXPORTED] * (PAGE + 1)
    )
    older = office.get("/record", {"kind": Kind.EXPORTED}).context["older_url"]
    assert [line.event.note for line in office.get(older).context["lines"]] == [Kind.EXPORTED]


def test_beyond_the_last_event_is_the_beginning(office: Client) -> None:
    record.write(Kind.EXPORTED, (Subject.RECORD, "", ""))
    place = EventPlace(at(1) - timedelta(days=10_000), 1).text
    assert "where the record begins" in page(office, before=place)


@pytest.mark.parametrize(
    "place", ["x", "2026-05-01~1", f"{at(1).isoformat()}~{uuid4()}", f"{at(1).isoformat()}~", "~1"]
)
def test_a_place_that_is_none_is_the_newest(office: Client, place: str) -> None:
    record.write(Kind.EXPORTED, (Subject.RECORD, "", ""), note="here")
    assert listed(office, before=place) == ["here"]


def test_a_place_with_an_enormous_number_is_no_error(office: Client) -> None:
    place = f"{timezone.now().isoformat()}~{10**30}"
    assert office.get("/record", {"before": place}).status_code == 200


def _fill(count: int, ready_avatar: MakeAvatar, person: MakePerson) -> None:
    """Of all kinds, about as many things and by as many people as there can be."""
    faces = [ready_avatar() for _ in range(5)]
    people = [person() for _ in range(5)]
    tokens = [
        Token.objects.create(
            owner=owner, name="t", digest=str(uuid4()), rate=1, expires_at=timezone.now()
        )
        for owner in people
    ]
    subjects = [Subject.TOKEN, Subject.PERSON, Subject.FEED, Subject.WEBHOOK]
    kinds = list(Kind)
    Event.objects.bulk_create(
        Event(
            avatar=faces[n % 5] if n % 2 else None,
            subject=Subject.AVATAR if n % 2 else subjects[n % 4],
            subject_name="x",
            actor=people[n % 5],
            token=tokens[n % 5],
            kind=kinds[n % len(kinds)],
            detail={"before": {"a": 1}, "after": {"a": 2}},
        )
        for n in range(count)
    )


@pytest.mark.parametrize("path", ["/record", "/record?avatar=Face&kind=review", "/record.json"])
def test_a_thousand_events_ask_the_database_no_more_than_ten(
    office: Client, ready_avatar: MakeAvatar, person: MakePerson, path: str
) -> None:
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            response = office.get(path)
            assert len(b"".join(response)) > 1000
        return len([query for query in asked.captured_queries if "SAVEPOINT" not in query["sql"]])

    _fill(10, ready_avatar, person)
    few = questions()
    _fill(990, ready_avatar, person)
    # An export comes in steps of 500, each one question.
    assert questions() == few + (2 if "json" in path else 0)


# Filters -----------------------------------------------------------------------------------------
@pytest.fixture
def varied(grace: User, ready_avatar: MakeAvatar, person: MakePerson) -> Avatar:
    """One event each of several kinds, people and days; the note says what is odd about it."""
    anna = ready_avatar(display_name="Anna Berg", upstream_id="at-anam-1")
    other = ready_avatar(display_name="Berta")
    Event.objects.create(avatar=anna, kind=Kind.CREATED, note="itself", at=at(1))
    Event.objects.create(avatar=other, actor=grace, kind=Kind.APPROVED, note="grace", at=at(2))
    Event.objects.create(avatar=anna, visitor="Vera", kind=Kind.CONSENT_SEEN, note="vera", at=at(3))
    Event.objects.create(
        subject=Subject.TOKEN,
        subject_id="1",
        actor=person(name="Bob"),
        kind=Kind.TOKEN_MADE,
        note="token",
        trace="one-request",
        at=at(4),
    )
    return anna


@pytest.mark.parametrize(
    ("query", "notes"),
    [
        ({}, ["token", "vera", "grace", "itself"]),
        ({"about": "token"}, ["token"]),
        ({"about": "avatar"}, ["vera", "grace", "itself"]),
        ({"kind": "approved"}, ["grace"]),
        ({"kind": "consent"}, ["vera"]),
        ({"kind": "programs"}, ["token"]),
        ({"who": "greenroom"}, ["itself"]),
        ({"who": "visitors"}, ["vera"]),
        ({"avatar": "anna"}, ["vera", "itself"]),
        ({"avatar": "at-anam-1"}, ["vera", "itself"]),
        ({"avatar": "er"}, ["vera", "grace", "itself"]),
        ({"avatar": "100%"}, []),
        ({"trace": "one-request"}, ["token"]),
        ({"trace": "one-reques"}, []),
        ({"since": "2026-05-03"}, ["token", "vera"]),
        ({"until": "2026-05-02"}, ["grace", "itself"]),
        ({"since": "2026-05-02", "until": "2026-05-02"}, ["grace"]),
        ({"since": "03/05/2026"}, ["token", "vera"]),
        ({"about": "avatar", "kind": "review", "avatar": "Berta"}, ["grace"]),
        ({"about": "token", "kind": "review"}, []),
    ],
)
def test_filters_find_what_fits_and_exports_hold_the_same(
    office: Client, varied: Avatar, query: dict[str, str], notes: list[str]
) -> None:
    assert listed(office, **query) == notes
    assert [row["note"] for row in table(office, **query) if row["note"]] == notes
    assert [row["note"] for row in exported(office, **query) if row["note"]] == notes


def test_an_avatar_is_found_by_its_id_here(office: Client, varied: Avatar) -> None:
    assert listed(office, avatar=str(varied.pk)) == ["vera", "itself"]


def test_somebody_is_found_by_who_they_are(office: Client, varied: Avatar, grace: User) -> None:
    assert listed(office, who=str(grace.pk)) == ["grace"]
    assert f'<option value="{grace.pk}">Grace, {grace.email}</option>' in page(office)


def test_a_day_is_one_of_the_time_zone_in_which_pages_are_written(
    office: Client, settings: Settings
) -> None:
    settings.TIME_ZONE = "Pacific/Auckland"
    early = at(1, hour=13)  # the second of May there already
    record.write(Kind.EXPORTED, (Subject.RECORD, "", ""), note="early")
    Event.objects.create(kind=Kind.EXPORTED, subject=Subject.RECORD, note="that day", at=early)
    assert listed(office, since="2026-05-02", until="2026-05-02") == ["that day"]
    assert listed(office, until="2026-05-01") == []


def test_each_area_finds_all_of_its_kinds(office: Client) -> None:
    Event.objects.bulk_create(
        Event(kind=kind, subject=Subject.POLICY, note=kind.value, at=at(1)) for kind in Kind
    )
    for area in Area:
        assert set(listed(office, kind=area.value)) == {kind.value for kind in AREAS[area]}


def test_nothing_that_fits_is_said_with_a_way_out(office: Client, varied: Avatar) -> None:
    text = page(office, avatar="nobody")
    assert "Nothing fits" in text
    assert 'value="nobody"' in text


@pytest.mark.parametrize(
    "query",
    [
        {"since": "yesterday"},
        {"since": "2026-05-02", "until": "2026-05-01"},
        {"until": "2026-02-30"},
        {"since": "0001-01-01"},
        {"until": "9999-12-31"},
        {"kind": "nonsense"},
        {"about": "nonsense"},
        {"who": "nobody"},
        {"who": "00000000-0000-4000-8000-000000000000"},
        {"trace": "x" * 33},
        {"avatar": "a\0b"},
    ],
)
@pytest.mark.parametrize("path", ["/record", "/record.csv", "/record.json"])
def test_a_filter_that_makes_no_sense_is_said_and_shows_nothing(
    office: Client, varied: Avatar, query: dict[str, str], path: str
) -> None:
    response = office.get(path, query)
    assert response.status_code == 422
    text = response.content.decode()
    assert "That can&#x27;t be looked for" in text or "That can't be looked for" in text
    assert 'class="errorlist' in text
    assert "Berta" not in text
    assert not Event.objects.filter(kind=Kind.EXPORTED).exists()


# Exports -----------------------------------------------------------------------------------------
def test_the_page_offers_what_it_shows_as_files(office: Client, varied: Avatar) -> None:
    text = page(office, kind="review", since="2026-05-01")
    for ending in ("csv", "json"):
        assert f'href="/record.{ending}?kind=review&amp;since=2026-05-01"' in text


def test_a_file_has_a_name_and_is_kept_by_nobody_on_the_way(office: Client) -> None:
    for ending, kind in (("csv", "text/csv; charset=utf-8"), ("json", "application/json")):
        response = office.get(f"/record.{ending}")
        assert response["Content-Type"] == kind
        assert (
            f'filename="record-{timezone.localdate()}.{ending}"' in response["Content-Disposition"]
        )
        assert "no-store" in response["Cache-Control"]


def test_the_export_is_on_the_record_and_in_itself(office: Client, grace: User) -> None:
    (row,) = exported(office, kind="rules")
    event = Event.objects.get()
    assert (event.kind, event.actor, event.subject) == (Kind.EXPORTED, grace, Subject.RECORD)
    assert event.detail == {"format": "json", "kind": "rules"}
    assert (row["id"], row["kind"], row["who"]) == (event.pk, "exported", "Grace")


def test_a_name_that_was_looked_for_does_not_outlive_its_avatar_in_the_record(
    office: Client, varied: Avatar
) -> None:
    exported(office, avatar="Anna Berg")
    exported(office, avatar=str(varied.pk))
    looked_for = [
        event.detail["avatar"] for event in Event.objects.filter(kind=Kind.EXPORTED).order_by("id")
    ]
    assert looked_for == ["by a name", str(varied.pk)]


def test_asking_for_the_size_of_an_export_is_no_export(office: Client) -> None:
    assert office.head("/record.csv").status_code == 405
    assert not Event.objects.exists()


def test_more_events_than_fit_into_memory_at_once_are_all_exported(office: Client) -> None:
    Event.objects.bulk_create(
        Event(kind=Kind.CALL_CLOSED, subject=Subject.CALL, at=at(1)) for _ in range(1203)
    )
    for rows in (exported(office, about="call"), table(office, about="call")):
        assert len({row["id"] for row in rows}) == len(rows) == 1203


def test_an_export_of_nothing_can_still_be_read(office: Client) -> None:
    assert exported(office, kind="approved") == []
    assert table(office, kind="approved") == []


def test_a_program_gets_everything_that_is_known_of_an_event(
    office: Client, ready_avatar: MakeAvatar, grace: User
) -> None:
    token = Token.objects.create(owner=grace, name="CI", rate=1, expires_at=timezone.now())
    face = ready_avatar(display_name="Anna")
    event = Event.objects.create(
        avatar=face,
        actor=grace,
        token=token,
        kind=Kind.RENAMED,
        detail={"from": "Anja", "to": "Anna"},
        trace="one-request",
    )
    row = exported(office)[-1]
    assert datetime.fromisoformat(row.pop("at")) == event.at.replace(
        microsecond=event.at.microsecond // 1000 * 1000
    )
    assert row == {
        "id": event.pk,
        "who": "Grace (by the token “CI”)",
        "actor_id": str(grace.pk),
        "token_id": token.pk,
        "kind": "renamed",
        "what": "renamed the avatar",
        "about": "avatar",
        "about_id": str(face.pk),
        "name": "Anna",
        "note": "",
        "detail": {"from": "Anja", "to": "Anna"},
        "request": "one-request",
    }
    line = table(office)[-1]
    assert (line["before"], line["after"]) == ("Anja", "Anna")
    assert datetime.fromisoformat(line["at"]) == event.at


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '" =1', "Mia;=1+1", "＝1+1"]


@pytest.mark.parametrize("name", FORMULAS)
def test_no_cell_is_a_live_formula(
    office: Client, ready_avatar: MakeAvatar, grace: User, name: str
) -> None:
    User.objects.filter(pk=grace.pk).update(name=name)
    Event.objects.create(
        avatar=ready_avatar(display_name=name),
        visitor=name,
        kind=Kind.RENAMED,
        note=name,
        detail={"from": name, "to": name, name: name},
        trace=name,
    )
    record.write(Kind.TOKEN_MADE, (Subject.TOKEN, 1, name), actor=grace)
    rows = table(office)
    cells = [cell for row in rows for cell in row.values()]
    assert [cell for cell in cells if cell.lstrip(' "').startswith(tuple("=+-@＝\t\r"))] == []
    assert [cell for cell in cells if ";=" in cell] == []
    assert name in {row["note"] for row in exported(office)}  # a program wants it as it is


def test_exports_hold_neither_signed_links_nor_tokens(
    office: Client, ready_avatar: MakeAvatar
) -> None:
    token = f"grn_{'a' * 36}"
    note = f"see {SIGNED} and {token}"
    Event.objects.create(
        avatar=ready_avatar(), kind=Kind.CHANGES, note=note, detail={"at": [SIGNED], "to": token}
    )
    for path in ("/record.csv", "/record.json"):
        text = b"".join(office.get(path).streaming_content).decode()  # type: ignore[attr-defined]
        assert [secret for secret in ("5ec2e7", "X-Amz", token) if secret in text] == []
        assert "see https://media.example.com/a.mp4 and (a token)" in text


def test_an_erased_face_has_no_words_anywhere(
    office: Client, accepted: MakeAvatar, person: MakePerson
) -> None:
    face = accepted(display_name="Vera Face")
    Event.objects.create(avatar=face, visitor="Vera Face", kind=Kind.CONSENT_GIVEN, note="me, Vera")
    assert erasing.erase(face, face.owner)
    being_erased = accepted(display_name="Vera Face")
    Event.objects.create(avatar=being_erased, kind=Kind.CHANGES, note="Vera", detail={"a": "Vera"})
    Avatar.objects.filter(pk=being_erased.pk).update(errand="erase", state=State.REMOVED)
    texts = [
        page(office),
        json.dumps(exported(office)),
        json.dumps(table(office)),
        page(office, avatar=str(being_erased.pk)),
    ]
    for text in texts:
        assert "Vera" not in text
        assert "gave consent" in text or "Being erased" in text


# Django's admin ----------------------------------------------------------------------------------
@pytest.mark.parametrize("role", [Role.REVIEWER, Role.ADMINISTRATOR])
def test_no_door_of_djangos_admin_changes_an_event(
    client_of: ClientOf, ready_avatar: MakeAvatar, person: MakePerson, role: Role
) -> None:
    face, bob = ready_avatar(), person(name="Bob")
    event = Event.objects.create(avatar=face, actor=bob, kind=Kind.CHANGES, note="as it was")
    before = Event.objects.values().get()
    office, there = client_of(role), "/admin/avatars/event/"
    typed = {"note": "other", "kind": Kind.APPROVED, "post": "yes", "_save": "Save"}
    selected = {"action": "delete_selected", "_selected_action": [str(event.pk)], "post": "yes"}
    inline = {
        "events-TOTAL_FORMS": "1",
        "events-INITIAL_FORMS": "1",
        "events-0-id": str(event.pk),
        "events-0-note": "other",
        "events-0-DELETE": "on",
    }
    for path, form in [
        (f"{there}add/", typed),
        (f"{there}{event.pk}/change/", typed),
        (f"{there}{event.pk}/delete/", typed),
        (there, selected),
        (there, {**selected, "index": "0", "select_across": "1"}),
        (there, {"form-TOTAL_FORMS": "1", "form-0-id": str(event.pk), "form-0-note": "other"}),
        (f"/admin/avatars/avatar/{face.pk}/change/", {**typed, **inline}),
        (f"/admin/avatars/avatar/{face.pk}/delete/", typed),
        (f"/admin/people/user/{bob.pk}/delete/", typed),
    ]:
        answer = office.post(path, form)
        assert answer.status_code in (302, 403, 404) or path == there, path
        assert Event.objects.values().get(pk=event.pk) == before, path
    assert office.get(f"{there}add/").status_code in (302, 403)


# The avatar's own page ---------------------------------------------------------------------------
def test_an_avatars_page_tells_reasons_and_changes_in_the_same_words(
    client_of: ClientOf, ready_avatar: MakeAvatar, person: MakePerson
) -> None:
    face = ready_avatar(display_name="Anna")
    Event.objects.create(
        avatar=face,
        visitor="Vera",
        kind=Kind.REJECTED,
        detail={"before": "approved", "after": "rejected", "reason": "quality"},
        trace="one-request",
    )
    text = client_of(Role.VIEWER).get(face.get_absolute_url()).content.decode()
    assert "<strong>Vera</strong> rejected the avatar" in text
    assert "Reason: The picture is not good enough" in text
    assert "one-request" not in text
    text = client_of(Role.ADMINISTRATOR).get(face.get_absolute_url()).content.decode()
    assert 'href="/record?trace=one-request"' in text


def test_a_long_history_asks_the_database_no_more_than_a_short_one(
    client_of: ClientOf, ready_avatar: MakeAvatar, person: MakePerson
) -> None:
    face, office = ready_avatar(), client_of(Role.ADMINISTRATOR)

    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            office.get(face.get_absolute_url())
        return len(asked)

    def happens(times: int) -> None:
        for _ in range(times):
            Event.objects.create(avatar=face, actor=person(), kind=Kind.RENAMED, trace="a-request")

    happens(2)
    questions()  # whoever is first also fills caches
    few = questions()
    happens(20)
    assert questions() == few
