"""`/v1/avatars/{id}/review`: the team's word on an avatar. Greenroom's own addition."""

from django.http import HttpRequest, HttpResponse, JsonResponse

from avatars.access import may_review_with, policy_of
from avatars.models import Approval, Avatar, Right, State
from avatars.names import tidy_text
from avatars.services import review
from avatars.tasks import send_due

from .answers import meaning
from .avatars import find
from .bearer import needing, token_of
from .doors import router
from .places import AvatarId
from .refusals import Refusal, detail, invalid
from .shapes import Problem, Review, Verdict

_ERRORS = dict.fromkeys((400, 401, 403, 404, 429, 503), Problem)
_MEANINGS = {
    200: meaning("The decision, as it stands now."),
    403: meaning(
        "The token lacks the right, and `right` names it; or there is nothing for it to decide: "
        "its person or its maker made this avatar, for instance."
    ),
    409: meaning("Somebody decided since then; or the consent of the person shown is missing."),
}
_NOT_YOURS = (
    "There is nothing for you to decide about this avatar. A token never decides about what its "
    "person or its maker made: somebody else does."
)
_NO_CONSENT = (
    "The person shown has not agreed, or not any more, so nobody can approve it. Nothing was "
    "changed. They can be asked on its page."
)


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
    return JsonResponse(_described(find(request, avatar_id)))


@router.post(
    "/avatars/{avatar_id}/review",
    **needing(Right.REVIEW, responses=_MEANINGS),
    tags=["Reviews"],
    operation_id="decideReview",
    summary="Approve an avatar, reject it or ask for changes",
    url_name="decide",
    response={200: Review, **_ERRORS, 409: Problem, 413: Problem},
)
def decide(request: HttpRequest, avatar_id: AvatarId, verdict: Verdict) -> HttpResponse:
    """A decision on the version that was read; 409 when somebody decided since then.

    No token decides about what its person or its maker made. Nothing is approved without the
    consent that the policy asks for: that is a 409 too.
    """
    avatar, token = find(request, avatar_id), token_of(request)
    approval, note = Approval(verdict.decision), tidy_text(verdict.note)
    if approval != Approval.APPROVED and not note:
        words = "Say in a sentence why, and what to change"
        raise invalid([detail("note", words, "missing")])
    if not may_review_with(token, avatar, policy_of(request)):
        raise Refusal(403, "Forbidden", _NOT_YOURS)
    if approval == Approval.APPROVED and avatar.lacks_consent:
        raise Refusal(409, "Consent missing", _NO_CONSENT)
    decided = review.decide(
        avatar.pk,
        review.Verdict(approval, verdict.version, note, verdict.reason or ""),
        token.owner,
        token,
    )
    if not decided:
        raise Refusal(409, "Conflict", "Somebody else was first. Read the review once more.")
    if avatar.state == State.REVIEW and approval == Approval.APPROVED:
        send_due.enqueue()
    avatar.refresh_from_db()
    return JsonResponse(_described(avatar))


def _described(avatar: Avatar) -> dict[str, str | int | None]:
    return {
        "approval": avatar.approval,
        "reason": avatar.review_reason or None,
        "note": avatar.review_note,
        "version": avatar.version,
    }
