"""What a Greenroom holds beside avatars: consents, a photo call, replies, a notice for each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from avatars.models import (
    Avatar,
    Consent,
    Event,
    How,
    Kind,
    Look,
    Notice,
    PhotoCall,
    Reply,
    Standing,
)
from avatars.services import consents, photo_calls
from avatars.services.consents import Terms
from dashboard.people.models import User
from tests.photos import pictures


@dataclass(frozen=True)
class Papers:
    """`question` waits for an answer, `agreed` was given by a link, `signed` on paper.

    `notices`: the number of one, by whose it is.
    """

    question: Consent
    agreed: Consent
    signed: Consent
    call: PhotoCall
    reply: Reply
    notices: dict[UUID, int]

    def belong_to(self, owner: User) -> None:
        PhotoCall.objects.filter(pk=self.call.pk).update(made_by=owner)

    def ask_once_more(self) -> None:
        """What was signed is a question again."""
        link = {"how": How.LINK, "link_until": timezone.now() + timedelta(days=1)}
        Consent.objects.filter(pk=self.signed.pk).update(standing=Standing.ASKED, **link)


def papers_of(avatar: Avatar, owner: User, people: Iterable[User]) -> Papers:
    terms = Terms("Anna Berg", "Our intranet")
    agreed = consents.ask(avatar, terms, owner)
    consents.answer(agreed, yes=True, who="Anna Berg")
    call = photo_calls.open_call(
        owner, title="Faces", purpose="Our intranet", model="cara-4", places=9, days=9
    )
    event = Event.objects.create(avatar=avatar, actor=None, kind=Kind.CREATED)
    return Papers(
        question=consents.ask(avatar, terms, owner),
        agreed=agreed,
        signed=consents.put_on_file(
            avatar, terms, owner, data=pictures.grey_jpeg(40, 40), extension=".jpg"
        ),
        call=call,
        reply=Reply.objects.offered()[0],
        notices={
            person.pk: Notice.objects.create(person=person, event=event).pk
            for person in (owner, *people)
        },
    )


def seen_by_all(avatar: Avatar, people: Iterable[User]) -> None:
    """Everybody has had it open, an hour ago."""
    then = timezone.now() - timedelta(hours=1)
    for person in people:
        Look.objects.take(avatar.pk, person, avatar.version, then)
