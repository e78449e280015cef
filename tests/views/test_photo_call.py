"""/call/<code>: somebody without an account sends their own photo."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from avatars.models import Approval, Avatar, Consent, How, PhotoCall, Standing, State, Wording
from avatars.services import consents, photo_calls
from avatars.services.erasing import erase
from avatars.tasks import mail_consent
from dashboard.people.models import User
from dashboard.people.roles import Role
from tests.conftest import ClientOf, MakePerson, files_in
from tests.photos import pictures
from tests.services.test_tasks import planned
from tests.views.outside import address, portrait, stranger, tells_nobody, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def mia(person: MakePerson) -> User:
    return person(role=Role.CREATOR, name="Mia Maker")


def opened(by: User, **fields: Any) -> PhotoCall:
    defaults = {"title": "Faces for the museum", "purpose": "Guides in hall three"}
    more = {"model": "cara-4", "places": 3, "days": 7}
    return photo_calls.open_call(by, **{**defaults, **more, **fields})


@pytest.fixture
def call(mia: User) -> PhotoCall:
    return opened(mia)


@pytest.fixture
def visitor() -> Client:
    return stranger()


def form(**fields: Any) -> dict[str, Any]:
    wording = Wording.objects.order_by("-number")[0].number
    filled = {"who": "Anna Berg", "agrees": "on", "wording": wording, "wish": uuid4().hex}
    given = {**filled, "photo": portrait(), **fields}
    return {name: value for name, value in given.items() if value is not None}


def test_they_read_who_asks_for_what_and_how_to_make_a_good_photo(
    visitor: Client, call: PhotoCall
) -> None:
    response = visitor.get(address(call))
    text = text_of(response)
    for words in ("Faces for the museum", "Guides in hall three", "Mia Maker", "version 1"):
        assert words in text
    assert "What makes a good photo" in text
    assert tells_nobody(response)


def test_a_photo_comes_in_with_its_consent_and_they_get_their_way_back(
    visitor: Client, call: PhotoCall, mia: User
) -> None:
    until = timezone.localdate() + timedelta(days=100)
    response = visitor.post(address(call), form(until=str(until)), follow=True)
    text = text_of(response)
    avatar, consent = Avatar.objects.get(), Consent.objects.get()
    assert (response.status_code, "Thank you, Anna Berg" in text) == (200, True)
    assert f"http://testserver/withdraw/{consent.withdrawal_code}" in text
    assert tells_nobody(response)
    assert (avatar.owner, avatar.display_name, avatar.purpose) == (
        mia,
        "Anna Berg",
        "Guides in hall three",
    )
    assert (avatar.state, avatar.approval) == (State.REVIEW, Approval.WAITING)
    assert (consent.how, consent.scope) == (How.CALL, "Guides in hall three")
    assert consent.valid_until
    assert consent.valid_until.date() == until
    for secret in (str(avatar.pk), str(mia.pk), mia.email, call.code):
        assert secret not in text


def test_the_team_reads_who_sent_it_in_and_by_which_call(
    visitor: Client, client_of: ClientOf, call: PhotoCall, mia: User
) -> None:
    visitor.post(address(call), form())
    avatar = Avatar.objects.get()
    Avatar.objects.update(display_name="Guide three")
    text = text_of(client_of(mia).get(avatar.get_absolute_url()))
    assert "Sent in by <bdi>Anna Berg</bdi> through the photo call" in text
    assert "“<bdi>Faces for the museum</bdi>”" in text
    assert "<strong>Anna Berg</strong> uploaded the photo" in text


def test_whoever_is_told_what_is_wrong_is_led_to_no_page_that_is_closed_to_them(
    visitor: Client, client_of: ClientOf, call: PhotoCall
) -> None:
    viewer, without_a_role = client_of(Role.VIEWER), client_of(None)
    for browser in (visitor, without_a_role, viewer):
        tiny = portrait(pictures.portrait_jpeg(64, 64))
        text = text_of(browser.post(address(call), form(photo=tiny)))
        assert "The photo is too small" in text
        assert ("/help/photos/too-few-pixels" in text) is (browser is viewer)


def test_a_double_click_sends_one_photo(visitor: Client, mia: User) -> None:
    call = opened(mia, places=1)
    wish = uuid4().hex
    texts = {text_of(visitor.post(address(call), form(wish=wish), follow=True)) for _ in range(2)}
    assert len(texts) == 1
    assert "Thank you" in texts.pop()
    assert (Avatar.objects.count(), Consent.objects.count()) == (1, 1)


def test_the_same_form_with_another_photo_is_told_apart(visitor: Client, call: PhotoCall) -> None:
    wish = uuid4().hex
    visitor.post(address(call), form(wish=wish))
    response = visitor.post(address(call), form(wish=wish, who="Berta Klee"))
    text = text_of(response)
    assert (response.status_code, "with this form already" in text) == (422, True)
    assert wish not in text  # the next try is a fresh one
    assert "withdraw/" not in text
    assert Avatar.objects.count() == 1


@pytest.mark.parametrize("wish", [None, "", "x" * 37, "ä", "two words"])
def test_a_form_without_a_mark_of_ours_shares_nothing_with_others(
    visitor: Client, call: PhotoCall, wish: str | None
) -> None:
    for who in ("Anna Berg", "Anna Berg"):
        response = visitor.post(address(call), form(wish=wish, who=who))
        assert response.status_code in (302, 422)
    assert Avatar.objects.count() in (0, 2)


BAD: list[tuple[dict[str, Any], str]] = [
    ({"photo": None}, "There is no photo"),
    ({"photo": portrait(b"")}, "The file is empty"),
    ({"photo": portrait(pictures.portrait_gif())}, "not a photo we can use"),
    ({"photo": portrait(pictures.portrait_jpeg(100, 100))}, "too small"),
    ({"who": ""}, "it is your signature"),
    ({"who": " \u200b"}, "it is your signature"),
    ({"agrees": None}, "Do you agree?"),
    ({"until": "2020-01-01"}, "after today"),
    ({"email": "nobody"}, "valid email"),
    ({"wording": "0"}, "have been changed"),
    ({"wording": None}, "have been changed"),
    ({"wording": "99999999999999999999"}, "have been changed"),
]


@pytest.mark.parametrize(("fields", "words"), BAD, ids=[words for _, words in BAD])
def test_what_is_wrong_is_said_in_words_and_nothing_is_kept(
    visitor: Client, call: PhotoCall, rooms: Path, fields: dict[str, Any], words: str
) -> None:
    if fields.get("photo"):
        fields["photo"].seek(0)
    response = visitor.post(address(call), form(**fields))
    assert (response.status_code, words in text_of(response)) == (422, True)
    assert not Avatar.objects.exists()
    assert not Consent.objects.exists()
    assert files_in(rooms / "media") == []


def test_the_words_that_changed_meanwhile_have_to_be_read_again(
    visitor: Client, call: PhotoCall
) -> None:
    old = form()
    Wording.objects.create(number=2, text="Brand-new words")
    response = visitor.post(address(call), old)
    assert (response.status_code, "Brand-new words" in text_of(response)) == (422, True)
    assert 'name="agrees" required aria-invalid="true"' in text_of(response)
    assert 'name="agrees" checked' not in text_of(response)
    assert (
        "have been changed since" in text_of(response).partition("</h2>")[2].partition("<form")[0]
    )
    assert visitor.post(address(call), form()).status_code == 302
    assert Consent.objects.get().wording.number == 2


def test_everything_wrong_is_said_at_once(visitor: Client, call: PhotoCall) -> None:
    text = text_of(visitor.post(address(call), {"photo": portrait(b"GIF89a")}))
    assert "not a photo we can use" in text
    assert "it is your signature" in text
    assert "Do you agree?" in text


def test_they_see_nobody_elses(visitor: Client, call: PhotoCall) -> None:
    visitor.post(address(call), form())
    text = text_of(stranger().get(address(call)))
    for secret in ("Anna Berg", str(Avatar.objects.get().pk), "1 of 3", "withdraw/"):
        assert secret not in text


@pytest.mark.parametrize(
    ("how", "words"),
    [("full", "full"), ("closed", "over"), ("late", "over"), ("left", "over")],
)
def test_a_call_that_is_over_says_so_kindly(
    visitor: Client, mia: User, call: PhotoCall, how: str, words: str
) -> None:
    match how:
        case "full":
            PhotoCall.objects.update(taken=3)
        case "closed":
            photo_calls.close(call, mia)
        case "late":
            PhotoCall.objects.update(until=timezone.now())
        case "left":
            User.objects.filter(pk=mia.pk).update(is_active=False)
    for response in (visitor.get(address(call)), visitor.post(address(call), form())):
        assert response.status_code == 410
        assert f"This photo call is {words}" in text_of(response)
        assert "Faces for the museum" not in text_of(response)
        assert tells_nobody(response)
    assert not Avatar.objects.exists()


def test_a_call_that_never_was_opens_nothing(visitor: Client, call: PhotoCall) -> None:
    for code in ("x", call.digest, str(call.pk)):
        assert visitor.get(f"/call/{code}").status_code == 404
        assert visitor.post(f"/call/{code}", form()).status_code == 404
    assert not Avatar.objects.exists()


def test_a_body_larger_than_a_photo_is_not_read(visitor: Client, call: PhotoCall) -> None:
    response = visitor.post(address(call), form(photo=portrait(b"x" * 10_050_000)))
    assert response.status_code == 413
    assert "too much" in text_of(response)


def test_a_disk_that_takes_nothing_is_told_and_the_next_try_works(
    visitor: Client, call: PhotoCall, rooms: Path
) -> None:
    (rooms / "media").mkdir()
    (rooms / "media" / "photos").write_text("no folder can be here")
    sent = form()
    response = visitor.post(address(call), sent)
    text = text_of(response)
    assert (response.status_code, "could not be stored" in text) == (503, True)
    assert f'value="{sent["wish"]}"' in text
    assert not Avatar.objects.exists()
    (rooms / "media" / "photos").unlink()
    sent["photo"].seek(0)
    assert visitor.post(address(call), sent).status_code == 302
    assert Avatar.objects.count() == 1


def test_the_way_back_is_mailed_once_to_those_who_said_where(
    visitor: Client, call: PhotoCall
) -> None:
    sent = form(email="anna@example.com", who="Anna, see http://evil.example")
    for _ in range(2):
        sent["photo"].seek(0)
        text = text_of(visitor.post(address(call), sent, follow=True))
        assert "anna@example.com" in text
    (task,) = planned("mail_consent")
    mail_consent.call(*task.args_kwargs["args"])
    (letter,) = mail.outbox
    code = Consent.objects.get().withdrawal_code
    assert f"http://testserver/withdraw/{code}" in letter.body
    assert "evil" not in f"{letter.subject} {letter.body}"


def test_sent_once_more_after_it_was_erased_it_leads_nowhere(
    visitor: Client, call: PhotoCall, mia: User
) -> None:
    sent = form()
    visitor.post(address(call), sent)
    erase(Avatar.objects.get(), mia)
    sent["photo"].seek(0)
    response = visitor.post(address(call), sent)
    assert "Thank you" not in text_of(response)
    assert Avatar.objects.filter(erased_at=None).count() == 0


def test_who_took_one_back_agrees_with_the_next_photo_they_send(
    visitor: Client, call: PhotoCall, mia: User
) -> None:
    visitor.post(address(call), form())
    consents.withdraw(Consent.objects.get())
    assert Avatar.objects.get().consent == Standing.WITHDRAWN
    visitor.post(address(call), form())
    standings = Avatar.objects.order_by("created_at").values_list("consent", flat=True)
    assert list(standings) == [Standing.WITHDRAWN, Standing.GIVEN]


def test_the_thanks_can_be_read_again_and_lead_to_taking_it_back(
    visitor: Client, call: PhotoCall
) -> None:
    place = visitor.post(address(call), form())["Location"]
    for _ in range(2):
        assert "Thank you, Anna Berg" in text_of(visitor.get(place))
    page = place.removesuffix("?sent")
    assert f'href="http://testserver{page}"' in text_of(visitor.get(place))
    visitor.post(page)
    assert "Your consent is taken back" in text_of(visitor.get(place))
