"""The desk: photos lie on it, are put in order, and are made from there."""

import html
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from avatars.models import Avatar, Desk, Draft, Policy, State, Wish
from avatars.photos.faces import find_faces
from avatars.photos.framing import Frame
from avatars.services import drafts, erasing
from avatars.views.desk_cards import card_as_html
from dashboard.people.models import User
from dashboard.people.roles import Role
from tests.conftest import ClientOf, MakeAvatar, MakePerson
from tests.photos import pictures
from tests.upstream.conftest import canary as canary  # fixtures
from tests.upstream.conftest import internet as internet
from tests.upstream.conftest import site as site
from tests.upstream.internet import HOST, Site, page

pytestmark = pytest.mark.django_db
AS_SCRIPTS_DO = {"Accept": "application/json"}
ALL = reverse("upload")


@pytest.fixture
def anna(person: MakePerson) -> User:
    return person(role=Role.CREATOR)


@pytest.fixture
def desk(client_of: ClientOf, anna: User) -> Client:
    return client_of(anna)


def photo(data: bytes | None = None, name: str = "anna.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, pictures.portrait_jpeg(500, 400) if data is None else data)


def put(desk: Client, data: bytes | None = None, name: str = "anna.jpg", **more: str) -> Draft:
    form = {"image_file": photo(data, name), **more}
    answer = desk.post(reverse("desk-put"), form, headers=AS_SCRIPTS_DO)
    assert answer.status_code == 201, answer.content
    return Draft.objects.get(pk=answer.json()["id"])


def make(desk: Client, *put_there: Draft, **more: Any) -> Any:
    names = {f"name-{draft.pk}": draft.display_name for draft in put_there}
    form = {"draft": [draft.pk for draft in put_there], "avatar_model": "cara-4", **names, **more}
    return desk.post(ALL, form)


def text_of(response: Any) -> str:
    return str(response.content.decode())


def test_a_photo_is_answered_with_its_card_which_the_page_shows_again(desk: Client) -> None:
    form = {"image_file": photo(name="IMG_anna.jpg"), "key": "k"}
    answer = desk.post(reverse("desk-put"), form, headers=AS_SCRIPTS_DO)
    draft = Draft.objects.get()
    card = answer.json()["card"]
    assert f'id="draft-{draft.pk}"' in card
    assert 'value="Anna"' in card
    for check in draft.checks:
        assert check["title"] in card
    assert f'id="draft-{draft.pk}"' in text_of(desk.get(ALL))


def test_without_scripts_photos_lead_back_to_the_desk(desk: Client) -> None:
    files = [photo(), photo(pictures.portrait_png(400, 400), "berta.png")]
    answer = desk.post(reverse("desk-put"), {"image_file": files})
    assert [draft.display_name for draft in Draft.objects.order_by("created_at")] == [
        "Anna",
        "Berta",
    ]
    assert answer["Location"].startswith(f"{ALL}#draft-")


def test_each_photo_goes_its_own_way_and_the_refused_one_stays(desk: Client) -> None:
    good = [put(desk, name="anna.jpg"), put(desk, pictures.portrait_png(300, 300), "berta.png")]
    bad = put(desk, pictures.portrait_gif(), "holiday.gif")
    answer = make(desk, *good, bad)
    assert answer["Location"] == ALL
    assert sorted(Avatar.objects.values_list("display_name", flat=True)) == ["Anna", "Berta"]
    assert list(Draft.objects.all()) == [bad]
    shown = text_of(desk.get(ALL))
    assert "2 avatars are on the way" in shown
    assert "This file is not a photo we can use" in shown


def test_one_photo_leads_to_its_avatar_and_several_to_the_gallery(desk: Client) -> None:
    answer = make(desk, put(desk))
    assert answer["Location"] == Avatar.objects.get().get_absolute_url()
    first = put(desk, pictures.portrait_png(300, 300))
    other = put(desk, pictures.noise_png(300))
    for draft in (first, other):
        drafts.keep_both(draft)
    assert make(desk, first, other)["Location"] == reverse("gallery")
    assert Avatar.objects.count() == 3


def test_the_same_form_twice_makes_nothing_twice(desk: Client) -> None:
    draft = put(desk)
    first, again = make(desk, draft), make(desk, draft)
    assert first["Location"] == again["Location"] == Avatar.objects.get().get_absolute_url()


def test_a_name_that_is_too_short_is_told_at_its_card_and_the_others_are_made(
    desk: Client,
) -> None:
    draft, other = put(desk), put(desk, pictures.portrait_png(300, 300), "berta.png")
    drafts.keep_both(other)
    answer = make(desk, draft, other, **{f"name-{draft.pk}": "A"})
    assert answer["Location"] == ALL
    shown = text_of(desk.get(ALL))
    assert "The name is too short" in shown
    assert 'value="A"' in shown
    assert "1 avatar is on the way" in shown
    assert Avatar.objects.get().display_name == "Berta"


def test_what_is_typed_is_there_on_another_device(
    desk: Client, client_of: ClientOf, anna: User
) -> None:
    draft = put(desk)
    typed = {"avatar_model": "cara-3", "purpose": "Our intranet", f"name-{draft.pk}": "Anna Berg"}
    assert desk.post(reverse("desk-keep"), typed, headers=AS_SCRIPTS_DO).status_code == 204
    shown = text_of(client_of(anna).get(ALL))
    assert 'value="Anna Berg"' in shown
    assert "Our intranet</textarea>" in shown
    assert re.search(r'<option value="cara-3" selected', shown)
    assert Desk.objects.get().purpose == "Our intranet"


def test_every_button_of_a_card_keeps_what_is_typed(desk: Client) -> None:
    draft, other = put(desk), put(desk, pictures.portrait_png(300, 300))
    typed = {f"name-{draft.pk}": "Anna Berg", "do": "square"}
    desk.post(reverse("draft-frame", args=[other.pk]), typed)
    assert Draft.objects.get(pk=draft.pk).display_name == "Anna Berg"


@pytest.mark.parametrize(
    ("do", "sides"),
    [("square", (400, 400)), ("left", (400, 500)), ("right", (400, 500)), ("whole", (500, 400))],
)
def test_a_button_cuts_or_turns(desk: Client, do: str, sides: tuple[int, int]) -> None:
    draft = put(
        desk, pictures.saved(Image.new("RGB", (500, 400), "tan"), "JPEG")
    )  # nobody is in it whom a frame could suit
    answer = desk.post(reverse("draft-frame", args=[draft.pk]), {"do": do}, headers=AS_SCRIPTS_DO)
    draft.refresh_from_db()
    assert (draft.photo_width, draft.photo_height) == sides
    assert f"{sides[0]} × {sides[1]}" in answer.json()["card"] or do == "whole"


def test_the_numbers_of_the_form_cut_a_frame(desk: Client) -> None:
    draft = put(desk, pictures.portrait_png(500, 400))
    numbers = {"left": 120, "top": 30, "side": 310, "turns": 0}
    form = {"do": "this", **{f"{name}-{draft.pk}": value for name, value in numbers.items()}}
    desk.post(reverse("draft-frame", args=[draft.pk]), form)
    draft.refresh_from_db()
    assert draft.frame == {"turns": 0, "left": 120, "top": 30, "side": 310}
    avatar = Avatar.objects.get(pk=_made(desk, draft))
    cut = pictures.opened(Path(avatar.photo.path).read_bytes()).convert("RGB")
    assert pictures.difference(cut, pictures.portrait(500, 400).crop((120, 30, 430, 340))) == 0


def test_a_face_is_framed_by_one_button(desk: Client) -> None:
    draft = put(desk, pictures.saved(pictures.astronaut(), "JPEG"))
    assert "Frame it for me" in text_of(desk.get(ALL))
    desk.post(reverse("draft-frame", args=[draft.pk]), {"do": "square"})
    draft.refresh_from_db()
    frame = drafts.frame_of(draft)
    assert 256 <= frame.side < 512
    faces = find_faces(pictures.opened(Path(draft.photo.path).read_bytes()).convert("RGB"))
    assert faces
    mouth = faces[0].mouth_middle[1] / draft.photo_height
    assert mouth == pytest.approx(0.5, abs=0.06)
    assert "Frame it for me" not in text_of(desk.get(ALL))


@pytest.mark.parametrize("odd", ["-5", "1e9", "²", "999999999", "", "x", "1.5"])
def test_odd_numbers_cut_nothing_odd(desk: Client, odd: str) -> None:
    draft = put(desk)
    form = {"do": "this", **{f"{name}-{draft.pk}": odd for name in ("left", "top", "side")}}
    assert desk.post(reverse("draft-frame", args=[draft.pk]), form).status_code == 302
    draft.refresh_from_db()
    assert draft.has_photo


def test_a_photo_that_was_made_before_asks_first(desk: Client) -> None:
    (old,) = [Avatar.objects.get(pk=_made(desk, put(desk)))]
    draft = put(desk)
    shown = text_of(desk.get(ALL))
    assert "This very photo is an avatar already." in shown
    assert old.get_absolute_url() in shown
    assert make(desk, draft)["Location"] == ALL
    assert Avatar.objects.count() == 1
    desk.post(reverse("draft-both", args=[draft.pk]))
    make(desk, draft)
    assert Avatar.objects.count() == 2


def test_a_photo_that_looks_alike_asks_too_and_the_old_one_may_be_used(desk: Client) -> None:
    old = Avatar.objects.get(pk=_made(desk, put(desk, pictures.portrait_jpeg(800, 800))))
    draft = put(desk, pictures.portrait_jpeg(500, 500, quality=70))
    assert "A photo that looks like this one" in text_of(desk.get(ALL))
    answer = desk.post(reverse("draft-use", args=[draft.pk, old.pk]))
    assert answer["Location"] == old.get_absolute_url()
    assert not Draft.objects.exists()
    assert Avatar.objects.count() == 1


def test_nobody_is_shown_an_avatar_that_the_policy_hides(
    desk: Client, accepted: MakeAvatar
) -> None:
    hidden = accepted(display_name="Hidden one")
    Policy.objects.update_or_create(defaults={"private": True})
    draft = put(desk, pictures.portrait_jpeg(400, 400))
    assert draft.photo_sha256 == hidden.photo_sha256
    assert "Hidden one" not in text_of(desk.get(ALL))
    assert desk.post(reverse("draft-use", args=[draft.pk, hidden.pk])).status_code == 404


def test_the_same_photo_twice_on_the_desk_is_made_once_unless_both_are_wanted(
    desk: Client,
) -> None:
    first, twin = put(desk), put(desk)
    assert "Twice on this desk" in text_of(desk.get(ALL))
    make(desk, first, twin)
    assert list(Draft.objects.all()) == [twin]
    desk.post(reverse("draft-both", args=[twin.pk]))
    make(desk, twin)
    assert Avatar.objects.count() == 2


def test_a_full_month_closes_the_button_and_not_the_desk(desk: Client) -> None:
    draft = put(desk)
    Policy.objects.update_or_create(defaults={"month_limit": 0})
    shown = text_of(desk.get(ALL))
    assert f'id="draft-{draft.pk}"' in shown
    assert "This month is full" in shown
    make(desk, draft)
    assert "Nothing was made: this month is full." in text_of(desk.get(ALL))
    assert not Avatar.objects.exists()
    desk.post(reverse("draft-off", args=[draft.pk]))
    assert not Draft.objects.exists()


def test_what_stays_is_named_at_the_top_of_the_page(desk: Client) -> None:
    draft = put(desk)
    make(desk, draft, **{f"name-{draft.pk}": "A"})
    for _ in range(2):  # a reload forgets nothing
        (finding,) = desk.get(ALL).context["findings"]
        assert (finding["code"], finding["file"]) == ("name-length", "anna.jpg")
    desk.post(reverse("desk-keep"), {f"name-{draft.pk}": "Anna"})
    assert desk.get(ALL).context["findings"] == []


def test_of_several_photos_the_newest_takes_the_place(
    desk: Client, anna: User, avatar: MakeAvatar
) -> None:
    old = avatar(owner=anna, state=State.REFUSED)
    first, newest = put(desk), put(desk, pictures.noise_png(300), "newest.png")
    make(desk, first, newest, replaces=str(old.pk))
    assert Avatar.objects.get(replaces=old).display_name == "Newest"


def test_no_other_photo_takes_the_place_while_the_newest_asks_something(
    desk: Client, anna: User, avatar: MakeAvatar
) -> None:
    old = avatar(owner=anna, state=State.REFUSED)
    make(desk, put(desk))
    put(desk, pictures.noise_png(300), "first.png")
    newest = put(desk, name="newest.jpg")
    put(desk, pictures.portrait_gif(), "no photo.gif")
    make(desk, *Draft.objects.of(anna), replaces=str(old.pk), purpose="The museum")
    assert list(Draft.objects.exclude(photo="")) == [newest]
    assert not Avatar.objects.filter(replaces=old).exists()
    assert Desk.objects.get().replaces == old
    assert Desk.objects.get().purpose == "The museum"
    drafts.keep_both(newest)
    make(desk, newest, replaces=str(old.pk))
    assert Avatar.objects.get(replaces=old).display_name == "Newest"
    assert Avatar.objects.get(display_name="First").replaces is None


def test_a_place_that_is_taken_is_not_taken_again_by_what_was_kept_back(
    desk: Client, anna: User, avatar: MakeAvatar
) -> None:
    old = avatar(owner=anna, state=State.REFUSED)
    first, newest = put(desk), put(desk, pictures.noise_png(300), "newest.png")
    make(desk, first, newest, replaces=str(old.pk), **{f"name-{first.pk}": "A"})
    assert Avatar.objects.get(replaces=old).display_name == "Newest"
    assert "takes the place of" not in text_of(desk.get(ALL))
    assert Desk.objects.get().replaces is None


def test_the_same_form_once_more_brings_back_nothing_that_was_put_away(
    desk: Client, anna: User, avatar: MakeAvatar
) -> None:
    old = avatar(owner=anna, state=State.REFUSED)
    draft = put(desk)
    for _ in range(2):
        make(desk, draft, replaces=str(old.pk), purpose="The museum")
        kept = Desk.objects.get()
        assert (kept.replaces, kept.purpose, kept.model) == (None, "", "cara-4")


def test_the_same_form_without_scripts_puts_nothing_there_twice(desk: Client) -> None:
    for _ in range(2):
        two = [photo(), photo()]
        desk.post(reverse("desk-put"), {"image_file": two, "wish": "one"})
    assert Draft.objects.count() == 2
    desk.post(reverse("desk-put"), {"image_file": photo(pictures.noise_png(300)), "wish": "one"})
    assert Draft.objects.count() == 3


def test_an_avatar_of_another_frame_keeps_the_draft_and_says_so(desk: Client) -> None:
    draft = put(desk)
    make(desk, draft)
    Draft.objects.bulk_create([draft])  # as if its process had died before it was taken off
    data = pictures.portrait_jpeg(500, 400)
    for field in ("original", "photo"):
        default_storage.save(str(getattr(draft, field)), ContentFile(data))
    assert drafts.reframe(draft, Frame(side=300))
    drafts.keep_both(draft)
    make(desk, draft)
    assert "An avatar was made of it before" in text_of(desk.get(ALL))
    assert Draft.objects.exists()
    assert Avatar.objects.count() == 1


def test_what_keeps_a_photo_back_is_not_said_of_a_frame_that_was_chosen_since(
    desk: Client,
) -> None:
    draft = put(desk)
    assert drafts.reframe(Draft.objects.get(), Frame(side=300))
    Draft.objects.blame(draft, {"title": "The photo can't be read any more"})
    draft.refresh_from_db()
    assert draft.problem == {}


def test_the_tool_for_the_frame_begins_in_the_picture_as_it_is_turned_now(
    desk: Client, anna: User
) -> None:
    draft = put(desk, pictures.portrait_jpeg(400, 600))
    upright = {"turns": 0, "left": 0, "top": 200, "side": 300}
    Draft.objects.filter(pk=draft.pk).update(suggested=upright)
    desk.post(reverse("draft-frame", args=[draft.pk]), {"do": "right"})
    shown = text_of(desk.get(ALL))
    assert re.search(r'name="top-[^"]*" min="0" max="400" value="0"', shown)
    assert 'max="400" value="400" data-part="side"' in shown


def test_nobody_touches_another_one_s_desk(desk: Client, client_of: ClientOf) -> None:
    draft = put(desk)
    other = client_of(Role.ADMINISTRATOR)
    doors = [
        reverse("draft-frame", args=[draft.pk]),
        reverse("draft-both", args=[draft.pk]),
    ]
    assert [other.post(door, {"do": "square"}).status_code for door in doors] == [404, 404]
    picture = reverse("draft-picture", args=[draft.pk, "original", 1])
    assert b"".join(desk.get(picture))
    assert other.get(picture).status_code == 404
    other.post(reverse("draft-off", args=[draft.pk]))
    other.post(ALL, {"draft": draft.pk, f"name-{draft.pk}": "Taken over"})
    draft.refresh_from_db()
    assert draft.display_name == "Anna"
    assert not Avatar.objects.exists()


def test_pictures_of_a_draft_are_what_they_say(desk: Client) -> None:
    draft = put(desk, pictures.portrait_png(500, 400), "anna.png")
    kinds = {"original": "PNG", "preview": "WEBP", "square": "WEBP", "photo": "PNG"}
    for which, kind in kinds.items():
        answer = desk.get(reverse("draft-picture", args=[draft.pk, which, draft.version]))
        data = b"".join(answer)
        assert answer["Content-Type"] == f"image/{kind.lower()}"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert pictures.opened(data).format == kind
    assert desk.get(reverse("draft-picture", args=[draft.pk, "owner", 1])).status_code == 404


def test_browsers_keep_no_original_and_nothing_under_another_version(desk: Client) -> None:
    draft = put(desk)

    def kept(which: str, version: int) -> str:
        answer = desk.get(reverse("draft-picture", args=[draft.pk, which, version]))
        assert b"".join(answer)
        return str(answer["Cache-Control"])

    assert "no-store" in kept("original", draft.version)
    assert "no-store" in kept("photo", draft.version + 1)
    assert "immutable" in kept("photo", draft.version)


def test_taken_off_it_is_gone(desk: Client) -> None:
    draft = put(desk)
    door = reverse("draft-off", args=[draft.pk])
    assert desk.post(door)["Location"] == ALL
    assert desk.post(door, headers=AS_SCRIPTS_DO).json() == {"card": "", "twins": []}
    assert not Draft.objects.exists()


def test_a_draft_that_is_taken_off_while_its_card_is_made_is_not_found(
    desk: Client, anna: User, rf: RequestFactory
) -> None:
    draft = put(desk)
    request = rf.post(reverse("desk-put"))
    request.user = anna
    drafts.take_off([draft])
    with pytest.raises(Http404):
        card_as_html(request, draft)


def test_a_full_desk_says_so(desk: Client, anna: User) -> None:
    Draft.objects.bulk_create(Draft(owner=anna, key=str(n)) for n in range(drafts.MOST))
    answer = desk.post(reverse("desk-put"), {"image_file": photo()}, headers=AS_SCRIPTS_DO)
    assert answer.status_code == 422
    assert answer.json()["findings"][0]["code"] == "desk-full"
    page = desk.post(reverse("desk-put"), {"image_file": photo()})
    assert page.status_code == 422
    assert "The desk is full" in text_of(page)


def test_a_picture_that_is_here_already_is_not_fetched_again(desk: Client, site: Site) -> None:
    site.pages["/anna.jpg"] = page(pictures.portrait_jpeg(400, 400))
    form = {"address": f"https://{HOST}/anna.jpg", "key": "k"}
    first = desk.post(reverse("desk-fetch"), form, headers=AS_SCRIPTS_DO).json()
    del site.pages["/anna.jpg"]  # only the answer was lost, and now the site is gone
    again = desk.post(reverse("desk-fetch"), form, headers=AS_SCRIPTS_DO)
    assert again.json()["id"] == first["id"]


def test_a_picture_from_the_web_comes_onto_the_desk(desk: Client, site: Site) -> None:
    site.pages["/team/anna_berg.jpg"] = page(pictures.portrait_jpeg(400, 400))
    form = {"address": f"https://{HOST}/team/anna_berg.jpg", "key": "k"}
    answer = desk.post(reverse("desk-fetch"), form, headers=AS_SCRIPTS_DO)
    draft = Draft.objects.get()
    assert answer.status_code == 201
    assert draft.display_name == "Anna Berg"
    assert draft.has_photo


def test_enter_in_the_address_gets_the_picture_and_makes_nothing(desk: Client, site: Site) -> None:
    site.pages["/anna.jpg"] = page(pictures.portrait_jpeg(500, 400))
    address = f"https://{HOST}/anna.jpg"
    assert desk.post(ALL, {"address": address})["Location"].startswith(f"{ALL}#draft-")
    first = Draft.objects.get()
    make(desk, first, address=address)
    assert Draft.objects.count() == 2
    assert not Avatar.objects.exists()


def test_several_photos_of_one_name_are_numbered_as_in_a_form_that_makes_them(
    desk: Client,
) -> None:
    two = [photo(), photo(pictures.noise_png(300), "other.png")]
    desk.post(reverse("desk-put"), {"image_file": two, "display_name": "Mia"})
    assert sorted(draft.display_name for draft in Draft.objects.all()) == ["Mia", "Mia 2"]
    desk.post(reverse("desk-put"), {"image_file": photo(name="anna.jpg"), "display_name": " "})
    assert Draft.objects.filter(display_name="Anna").exists()


def test_photos_lie_in_the_order_in_which_they_were_picked_whichever_came_first(
    desk: Client, anna: User
) -> None:
    now = int(timezone.now().timestamp() * 1000)
    second = put(desk, pictures.noise_png(300), "second.png", at=str(now + 1))
    first = put(desk, pictures.portrait_jpeg(400, 400), "first.jpg", at=str(now))
    last = put(desk, pictures.portrait_gif(), "last.gif", at="a moment ago")
    Draft.objects.filter(pk=last.pk).update(place=now + 2)
    assert list(Draft.objects.of(anna)) == [first, second, last]


def test_whoever_comes_to_a_door_of_the_desk_by_its_address_sees_the_desk(desk: Client) -> None:
    draft = put(desk)
    doors = [reverse("desk-put"), reverse("desk-fetch"), reverse("draft-off", args=[draft.pk])]
    assert [desk.get(door)["Location"] for door in doors] == [ALL] * 3
    assert Draft.objects.exists()


def test_an_address_that_brought_nothing_is_there_to_be_mended(desk: Client, site: Site) -> None:
    shown = text_of(desk.post(reverse("desk-fetch"), {"address": "http://good.example/a.jpg"}))
    assert 'value="http://good.example/a.jpg"' in shown
    assert '<details class="web" open>' in shown


def test_what_is_no_longer_on_the_desk_is_not_said_to_need_a_look(desk: Client) -> None:
    draft = put(desk)
    drafts.take_off([draft])
    make(desk, draft)
    assert "those photos are no longer on your desk" in text_of(desk.get(ALL))


def test_a_photo_that_comes_before_its_twin_but_arrives_after_it_says_so_at_the_other_card(
    desk: Client,
) -> None:
    now = int(timezone.now().timestamp() * 1000)
    second = put(desk, name="second.jpg", at=str(now + 1))
    form = {"image_file": photo(name="first.jpg"), "at": str(now)}
    answer = desk.post(reverse("desk-put"), form, headers=AS_SCRIPTS_DO).json()
    assert "Twice on this desk" not in answer["card"]
    (card,) = answer["twins"]
    assert f'id="draft-{second.pk}"' in card
    assert "Twice on this desk" in card


def test_a_twin_that_is_alone_says_nothing_of_it(desk: Client) -> None:
    first, twin = put(desk), put(desk)
    assert "Twice on this desk" in text_of(desk.get(ALL))
    door = reverse("draft-off", args=[first.pk])
    (card,) = desk.post(door, headers=AS_SCRIPTS_DO).json()["twins"]
    assert f'id="draft-{twin.pk}"' in card
    assert "Twice on this desk" not in card


def test_a_name_that_was_typed_survives_a_press_that_brings_no_photo(desk: Client) -> None:
    answer = desk.post(reverse("desk-put"), {"display_name": "Mia of the museum"})
    assert answer.status_code == 422
    assert 'value="Mia of the museum"' in text_of(answer)


def test_a_form_without_scripts_asks_before_it_makes_a_face_once_more(desk: Client) -> None:
    form = {"display_name": "Anna Berg", "image_file": photo(), "wish": "one"}
    first = desk.post(ALL, form)["Location"]
    again = {**form, "image_file": photo()}
    assert desk.post(ALL, again)["Location"] == first  # this form was sent before
    desk.post(ALL, {**again, "image_file": photo(), "wish": "two"})
    draft = Draft.objects.get()
    assert draft.has_photo
    shown = text_of(desk.get(ALL))
    assert "Made before?" in shown
    assert "Nothing was made yet" in shown
    assert Avatar.objects.count() == 1
    twice = [photo(pictures.noise_png(300)), photo(pictures.noise_png(300))]
    desk.post(ALL, {**form, "image_file": twice, "wish": "three"})
    assert "Twice on this desk" in text_of(desk.get(ALL))
    assert Avatar.objects.count() == 1


def test_whose_photo_left_the_desk_with_an_erased_face_is_told_once(
    desk: Client, anna: User, accepted: MakeAvatar
) -> None:
    avatar = accepted()
    put(desk, pictures.portrait_jpeg(400, 400))
    kept = put(desk, pictures.noise_png(300))
    erasing.erase(avatar, avatar.owner)
    for _ in range(2):  # a page that was loaded and not read tells nobody
        assert "1 photo left your desk" in text_of(desk.get(ALL))
    make(desk, kept)  # from a page that did not say so yet
    page = text_of(desk.get(ALL))
    assert "1 photo left your desk" in page
    assert 'name="taken_off" value="1"' in page
    desk.post(reverse("desk-keep"), {"taken_off": "1"})
    assert "left your desk" not in text_of(desk.get(ALL))


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("", "no-address"),
        ("http://good.example/a.jpg", "address-scheme"),
        ("https://127.0.0.1/a.jpg", "unreachable"),
        ("https://nobody.example/a.jpg", "unreachable"),
    ],
)
def test_an_address_that_brings_nothing_is_told_in_words(
    desk: Client, site: Site, address: str, code: str
) -> None:
    answer = desk.post(reverse("desk-fetch"), {"address": address}, headers=AS_SCRIPTS_DO)
    (finding,) = answer.json()["findings"]
    assert (answer.status_code, finding["code"]) == (422, code)
    assert finding["title"]
    assert finding["how_to_fix"]
    assert not Draft.objects.exists()


def test_who_may_not_make_avatars_finds_the_doors_closed(client_of: ClientOf) -> None:
    viewer = client_of(Role.VIEWER)
    for door in ("desk-put", "desk-fetch", "desk-keep"):
        assert viewer.post(reverse(door)).status_code == 403


def test_a_month_that_fills_up_half_way_stops_there_and_keeps_the_rest(
    desk: Client, client_of: ClientOf
) -> None:
    two = [put(desk), put(desk, pictures.portrait_png(300, 300), "berta.png")]
    drafts.keep_both(two[1])
    Policy.objects.update_or_create(defaults={"month_limit": 1})
    make(desk, *two)
    shown = text_of(desk.get(ALL))
    assert "This month is full" in shown
    assert "1 avatar is on the way" in shown
    assert Avatar.objects.get().display_name == "Anna"
    assert Draft.objects.get().display_name == "Berta"


def test_it_waits_in_line_like_any_other(desk: Client) -> None:
    make(desk, put(desk))
    assert Avatar.objects.get().state == State.QUEUED
    assert Wish.objects.get().done_at


def test_the_browser_finds_the_rules_for_its_own_look(desk: Client) -> None:
    found = re.search(r'id="photo-rules" data-json="([^"]*)"', text_of(desk.get(ALL)))
    assert found
    assert set(json.loads(html.unescape(found[1]))) >= {
        "not-a-photo",
        "too-many-bytes",
        "too-few-pixels",
    }


def _made(desk: Client, draft: Draft) -> str:
    return str(make(desk, draft)["Location"].rpartition("/")[2])


def test_another_photo_for_an_avatar_keeps_its_name_and_the_choices(
    desk: Client, anna: User, avatar: MakeAvatar
) -> None:
    old = avatar(
        owner=anna, state=State.REFUSED, display_name="Ada", model="cara-3", purpose="The museum"
    )
    shown = text_of(desk.get(ALL, {"instead": str(old.pk)}))
    assert 'name="display_name" value="Ada"' in shown
    assert re.search(r'<option value="cara-3" selected', shown)
    assert "The museum</textarea>" in shown
    chosen = {"replaces": str(old.pk), "avatar_model": "cara-3", "purpose": "The museum"}
    draft = put(desk, None, "other.jpg", display_name="Ada", **chosen)
    later = text_of(desk.get(ALL))
    assert f'name="replaces" value="{old.pk}"' in later
    make(desk, draft, **chosen)
    new = Avatar.objects.exclude(pk=old.pk).get()
    assert (new.display_name, new.model, new.purpose, new.replaces) == (
        "Ada",
        "cara-3",
        "The museum",
        old,
    )
    assert "takes the place of" not in text_of(desk.get(ALL))


def test_it_need_not_take_the_place_after_all(desk: Client, anna: User, avatar: MakeAvatar) -> None:
    old = avatar(owner=anna, state=State.REFUSED)
    put(desk, replaces=str(old.pk), avatar_model="cara-4")
    assert "takes the place of" in text_of(desk.get(ALL))
    desk.post(reverse("desk-keep"), {"replaces": [str(old.pk), ""], "avatar_model": "cara-4"})
    assert "takes the place of" not in text_of(desk.get(ALL))


def test_what_no_row_would_take_is_cut_before_any_database_is_asked(desk: Client) -> None:
    claims = pictures.png_file(4_294_967_295, 3, b"")
    draft = put(desk, claims, "wide.png", key="a\0key")
    name = "Anna " * 20
    answer = desk.post(reverse("desk-keep"), {f"name-{draft.pk}": name}, headers=AS_SCRIPTS_DO)
    assert answer.status_code == 204
    draft.refresh_from_db()
    draft.clean_fields()  # as PostgreSQL looks at lengths, which SQLite does not
    assert "\0" not in draft.key
    assert draft.width == 2_147_483_647  # the most that a column of PostgreSQL takes
    assert draft.display_name == name[:49]


@pytest.mark.parametrize("door", ["desk-put", "desk-keep", "upload"])
def test_a_desk_that_was_opened_by_somebody_else_gives_nothing_to_whoever_signed_in_since(
    desk: Client, anna: User, person: MakePerson, door: str
) -> None:
    ben = person(role=Role.CREATOR)
    form = {"owner": ben.pk, "image_file": photo(), "avatar_model": "cara-4", "purpose": "Ben's"}
    answer = desk.post(reverse(door), form, headers=AS_SCRIPTS_DO)
    assert answer.status_code == 409
    assert answer.json()["findings"][0]["code"] == "other-desk"
    assert not Draft.objects.exists()
    assert not Desk.objects.exists()
    assert not Avatar.objects.exists()


def test_such_a_desk_takes_nothing_off_either(desk: Client, anna: User, person: MakePerson) -> None:
    draft = put(desk)
    form = {"owner": person(role=Role.CREATOR).pk, "avatar_model": "cara-4", "purpose": "Ben's"}
    for name in ("draft-off", "draft-both", "draft-frame"):
        answer = desk.post(reverse(name, args=[draft.pk]), form, headers=AS_SCRIPTS_DO)
        assert answer.status_code == 409
    assert Draft.objects.get() == draft
    assert not Desk.objects.exists()
