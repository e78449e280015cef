"""Names, notes and answers that mean harm stay text where faces are reviewed and people are asked.

They are put into the rows as they are, past everything that would have made them harmless.
"""

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from avatars.models import (
    Approval,
    Avatar,
    Consent,
    Event,
    Kind,
    Notice,
    PhotoCall,
    Reply,
    State,
    Wording,
)
from avatars.names import tidy_text
from avatars.services import consents, photo_calls
from avatars.services.consents import Terms
from dashboard.people.models import User
from dashboard.people.roles import Role
from tests.conftest import ClientOf, MakeAvatar, MakePerson
from tests.hostile import first, stored
from tests.views.outside import address, question, stranger, way_back
from tests.views.tree import Tree, tree_of

pytestmark = pytest.mark.django_db
TEXTS = [stored(text)[:50] for text in first(2)]
PLAIN = "Ada Plain"
Told = Callable[[str], dict[str, Tree]]


def same(hostile: Tree, plain: Tree) -> bool:
    return (hostile.elements, hostile.strange) == (plain.elements, plain.strange)


def read(text: str) -> str:
    """What somebody reads of it."""
    return " ".join(tidy_text(text).split())


@pytest.fixture
def office(client_of: ClientOf, person: MakePerson) -> Client:
    return client_of(person(Role.ADMINISTRATOR, name="Grace"))


@pytest.fixture
def mia(person: MakePerson) -> User:
    return person(Role.CREATOR, name="Mia")


@pytest.fixture
def told(
    office: Client, client_of: ClientOf, accepted: MakeAvatar, mia: User, wording: Wording
) -> Told:
    """The pages, by name, of a face about which everything is said in these words."""
    call = photo_calls.open_call(mia, title="a", purpose="b", model="cara-4", places=9, days=9)
    hers = client_of(mia)

    def shown(text: str) -> dict[str, Tree]:
        cache.clear()  # many visits within a minute
        PhotoCall.objects.update(title=text, purpose=text)
        Reply.objects.update(name=text[:60], text=text)
        face = _face(accepted(owner=mia), call, text)
        asked, given = _consents(face, mia, text)
        _happened(face, text)
        pages = {
            "queue": office.get(reverse("review")),
            "desk": office.get(reverse("review-desk", args=[face.pk])),
            "avatar": office.get(face.get_absolute_url()),
            "consent": office.get(reverse("avatar-consent", args=[face.pk])),
            "form": office.get(reverse("consent-form", args=[face.pk])),
            "erase": office.get(reverse("avatar-erase", args=[face.pk])),
            "record": office.get(reverse("record"), {"avatar": str(face.pk)}),
            "replies": office.get(reverse("policy-replies")),
            "notices": hers.get(reverse("notices")),
            "calls": hers.get(reverse("calls")),
            "call": stranger().get(address(call)),
            "question": stranger().get(question(asked)),
            "withdraw": stranger().get(way_back(given)),
        }
        _put_away(face)
        return {name: tree_of(page) for name, page in pages.items()}

    return shown


def _face(face: Avatar, call: PhotoCall, text: str) -> Avatar:
    Avatar.objects.filter(pk=face.pk).update(
        state=State.READY,
        approval=Approval.WAITING,
        display_name=text,
        purpose=text,
        review_note=text,
        call=call,
        upstream_id=str(face.pk),
    )
    face.refresh_from_db()
    return face


def _consents(face: Avatar, mia: User, text: str) -> tuple[Consent, Consent]:
    terms = Terms(text, text)
    given, asked = consents.ask(face, terms, mia), consents.ask(face, terms, mia)
    consents.answer(given, yes=True, who=text)
    return asked, given


def _happened(face: Avatar, text: str) -> None:
    detail = {"before": {"name": text}, "after": {"name": f"{text}!"}, "said": text}
    Event.objects.create(
        avatar=face, actor=None, visitor=text, kind=Kind.RESUBMITTED, note=text, detail=detail
    )


def _put_away(face: Avatar) -> None:
    """So that the next one is alone on every page."""
    Notice.objects.all().delete()
    Consent.objects.update(photo_sha256="")
    Avatar.objects.filter(pk=face.pk).update(state=State.REMOVED, photo="", photo_sha256="")


def test_on_none_of_these_pages_a_word_becomes_more_than_a_word(told: Told) -> None:
    plain = told(PLAIN)
    for text in TEXTS:
        for name, tree in told(text).items():
            assert same(tree, plain[name]), (name, ascii(text))
            assert read(text)[:40] in read(tree.words), (name, ascii(text))
