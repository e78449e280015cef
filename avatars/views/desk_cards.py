"""The cards of a desk: what is shown of each photo that lies on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpRequest
from django.template.loader import render_to_string

from avatars.models import Avatar, Draft
from avatars.photos.framing import Frame
from avatars.photos.limits import ASPECT_SQUARE
from avatars.photos.measures import size
from avatars.services.drafts import frame_of, middle_of, sides_of, square_of
from avatars.services.lookalikes import seen_before

from .finding import visible

Seen = dict[UUID, list[tuple[Avatar, bool]]]


@dataclass(frozen=True)
class Card:
    """`seen`: (avatar, whether it is the very same photo). `twin`: another card of this photo.

    `width` and `height` are those that the frame lies in: turned as it is.
    """

    draft: Draft
    frame: Frame
    width: int
    height: int
    seen: Sequence[tuple[Avatar, bool]] = ()
    twin: Draft | None = None

    @property
    def asks(self) -> bool:
        """Whether somebody has to say first that they want another one of this photo."""
        return bool(self.seen or self.twin) and not self.draft.keeps_both

    @property
    def state(self) -> str:
        if not self.draft.has_photo:
            return "refused"
        return "asks" if self.asks else "failed" if self.draft.problem else "good"

    @property
    def can_be_square(self) -> bool:
        """Whether a button offers to cut it to a square."""
        sides = sorted((self.width, self.height))
        return (
            bool(self.draft.original)
            and not self.frame.side
            and sides[1] > ASPECT_SQUARE * sides[0]
        )

    @property
    def short(self) -> int:
        """The shorter side, which is as large as a square can be."""
        return min(self.width, self.height)

    @property
    def start(self) -> Frame:
        """Where the tool for the frame begins: in the picture as it is turned now."""
        if self.frame.side:
            return self.frame
        square = square_of(self.draft)
        return square if square.turns == self.frame.turns else middle_of(self.draft)

    @property
    def came(self) -> str:
        """How heavy the file is that came."""
        return size(self.draft.original_bytes)

    @property
    def goes(self) -> str:
        """How heavy what is sent is."""
        return size(self.draft.photo_bytes)

    @property
    def offers_face(self) -> bool:
        """Whether a button offers the frame around the face, because this one could be better."""
        better = any(
            check["key"] in ("face", "shape") and check["state"] in ("advice", "error")
            for check in self.draft.checks
        )
        return better and bool(self.draft.suggested) and square_of(self.draft) != self.frame

    @property
    def is_changed(self) -> bool:
        """Whether what is sent differs from what came."""
        return (
            any(check["state"] == "fixed" for check in self.draft.checks) or not self.frame.is_whole
        )


def cards_of(request: HttpRequest, drafts: Sequence[Draft]) -> list[Card]:
    """In their order. Nobody is shown an avatar that the policy hides from them."""
    return _cards(drafts, _seen(request, drafts))


def card_as_html(request: HttpRequest, draft: Draft) -> str:
    """One card, as it stands on the page. Raises `Http404` when it was taken off a moment ago."""
    drafts = list(Draft.objects.of(request.user))
    cards = _cards(drafts, _seen(request, [draft]))
    card = next((card for card in cards if card.draft.pk == draft.pk), None)
    if card is None:
        raise Http404("It is not on the desk any more.")
    return render_to_string("avatars/_draft.html", {"card": card}, request)


def _seen(request: HttpRequest, drafts: Sequence[Draft]) -> Seen:
    return seen_before(drafts, visible(request, Avatar.objects.all()))


def _cards(drafts: Sequence[Draft], seen: Seen) -> list[Card]:
    first: dict[str, Draft] = {}
    cards = []
    for draft in drafts:
        same = first.setdefault(draft.photo_sha256, draft) if draft.photo_sha256 else draft
        cards.append(_card(draft, seen.get(draft.pk, []), None if same is draft else same))
    return cards


def _card(draft: Draft, seen: Sequence[tuple[Avatar, bool]], twin: Draft | None) -> Card:
    width, height = sides_of(draft)
    return Card(draft, frame_of(draft), width, height, seen, twin)
