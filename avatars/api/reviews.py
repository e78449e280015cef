"""`/v1/avatars/{id}/review`: the team's word on an avatar. Greenroom's own addition."""

from django.http import HttpRequest, HttpResponse, JsonResponse

from avatars.access import may_review_with
from avatars.models import Approval, Avatar, Policy, Right
from avatars.services import review

from .answers import meaning
from .avatars import find
from .bearer import needing, token_of
from .doors import router
from .places import AvatarId
from .refusals import Refusal, detail, invalid
from .shapes import Problem, Review, Verdict

_ERRORS = dict.fromkeys((400, 401, 403, 404, 429, 503), Problem)


@router.get(
    "/avatars/{avatar_id}/review",
    **needing(Right.READ, Right.REVIEW, responses={200: meaning("The latest decision.")}),
    tags=["Reviews"],
    operation_id="getReview",
    summary="Read the team's word on an avatar",
    url_name="review",
    response={200: Review, **_ERRORS},
)
def get_review(request: HttpRequest, avatar_id: AvatarId) -> HttpResponse:
    """The latest decision, and the version to decide on."""
    return JsonResponse(_described(find(avatar_id)))


@router.post(
    "/avatars/{avatar_id}/review",
    **needing(Right.REVIEW, responses={200: meaning("The decision, as it stands now.")}),
    tags=["Reviews"],
    operation_id="decideReview",
    summary="Approve an avatar, reject it or ask for changes",
    url_name="decide",
    response={200: Review, **_ERRORS, 409: Problem, 413: Problem},
)
def decide(request: HttpRequest, avatar_id: AvatarId, verdict: Verdict) -> HttpResponse:
    """A decision on the version that was read; 409 when somebody decided since then."""
    avatar, token = find(avatar_id), token_of(request)
    approval, note = Approval(verdict.decision), verdict.note.strip()
    if approval != Approval.APPROVED and not note:
        words = "Say in a sentence why, and what to change"
        raise invalid([detail("note", words, "missing")])
    if not may_review_with(token, avatar, Policy.current()):
        raise Refusal(403, "Forbidden", "There is nothing for you to decide about this avatar.")
    decided = review.decide(
        avatar.pk,
        review.Verdict(approval, verdict.version, note, verdict.reason or ""),
        token.owner,
        token,
    )
    if not decided:
        raise Refusal(409, "Conflict", "Somebody else was first. Read the review once more.")
    avatar.refresh_from_db()
    return JsonResponse(_described(avatar))


def _described(avatar: Avatar) -> dict[str, str | int | None]:
    return {
        "approval": avatar.approval,
        "reason": avatar.review_reason or None,
        "note": avatar.review_note,
        "version": avatar.version,
    }
