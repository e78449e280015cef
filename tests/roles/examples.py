"""What the doors are tried with. Whoever adds a door adds its lines here, where it needs any.

`VALUES` fills addresses: the route up to a parameter tells what stands there, and a row that the
house lacks may be made on the spot, since nothing outlives a visit. `EXAMPLES` says, by method and
route, what makes a request work for somebody who may. Doors of allauth and of Django's admin have
theirs in `borrowed`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from avatars.models import (
    RULES,
    Approval,
    Mailing,
    Policy,
    ReviewTime,
    Right,
    State,
    Token,
    Topic,
    Wording,
)
from avatars.services import changing, passes
from avatars.upstream.errors import Cause
from dashboard.people.models import User
from dashboard.people.roles import Role
from tests.api.conftest import photo

from .house import PASSWORD, House
from .papers import seen_by_all

Body = Mapping[str, Any]
Value = Callable[[House, User], object]


def _nothing(*_: object) -> None:
    """Most doors need no more than to be there."""


@dataclass(frozen=True)
class Example:
    """`avatar`: fields that it has. `before`: what else has happened, given whose things they are.

    A body goes out as a form, under `/v1/` as JSON unless it holds a file. `in_session`: what the
    door does is done to the session.
    """

    body: Callable[[House], Body] = lambda _: {}
    avatar: Body = field(default_factory=dict)
    before: Callable[[House, User], object] = _nothing
    headers: Mapping[str, str] = field(default_factory=dict)
    in_session: bool = False


VALUES: dict[str, Value] = {
    "avatars/<uuid:avatar_id>": lambda house, _: house.avatar.pk,
    "avatars/<uuid:avatar_id>/thumbnails/<slug:digest>": lambda house, _: house.avatar.photo_sha256[
        :12
    ],
    "avatars/<uuid:avatar_id>/consents/<uuid:consent_id>": lambda house, _: house.papers.signed.pk,
    "avatars/<uuid:avatar_id>/crops/<slug:shape>": lambda _, __: "landscape",
    "call/<slug:code>": lambda house, _: house.papers.call.code,
    "calls/<uuid:call_id>": lambda house, _: house.papers.call.pk,
    "consent/<slug:code>": lambda house, _: house.papers.question.code,
    "desk/<uuid:draft_id>": lambda house, _: house.draft.pk,
    "desk/<uuid:draft_id>/use/<uuid:avatar_id>": lambda house, _: house.avatar.pk,
    "desk/<uuid:draft_id>/<slug:which>": lambda _, __: "preview",
    "desk/<uuid:draft_id>/<slug:which>/<int:version>": lambda _, __: 1,
    "feeds/<slug:slug>": lambda house, _: house.feed.slug,
    "help/photos/<slug:rule>": lambda _, __: "small",
    "help/refusals/<slug:cause>": lambda _, __: Cause.QUOTA,
    "invitations/<slug:code>": lambda house, _: house.invitation_code,
    "links/<str:text>": lambda house, _: passes.pass_for(house.avatar, "videoUrl"),
    "notices/<int:notice_id>": lambda house, owner: house.papers.notices[owner.pk],
    "people/<uuid:pk>": lambda _, owner: owner.pk,
    "people/invitations/<int:pk>": lambda house, _: house.invitation.pk,
    "policy/replies/<int:reply_id>": lambda house, _: house.papers.reply.pk,
    "rehearsal/media/<path:path>": lambda house, _: house.picture,
    "review/<uuid:avatar_id>": lambda house, _: house.avatar.pk,
    "stocktake/<int:difference_id>": lambda house, _: house.difference.pk,
    "tokens/<int:token_id>": lambda house, _: house.token.pk,
    "v1/avatars/<avatar_id>": lambda house, _: house.avatar.upstream_id,
    "v1/creations/<creation_id>": lambda house, _: house.avatar.pk,
    "v1/feed/<slug>": lambda house, _: house.feed.slug,
    "webhooks/<int:webhook_id>": lambda house, _: house.webhook.pk,
    "webhooks/<int:webhook_id>/deliveries/<uuid:delivery_id>": lambda house, _: house.delivery.pk,
    "withdraw/<slug:code>": lambda house, _: house.papers.agreed.withdrawal_code,
}

_HELD = {"state": State.HELD, "cause": Cause.QUOTA, "upstream_id": None}
_CANDIDATE = "55555555-5555-4555-8555-555555555555"
_IN_DOUBT = {
    "state": State.UNKNOWN,
    "cause": Cause.SEVERAL_FIT,
    "upstream_id": None,
    "attempts": 1,
    "candidates": [{"id": _CANDIDATE, "name": "Anna Berg"}],
}
_WAITING = {"approval": Approval.WAITING}
_NO = {"decision": "rejected", "note": "Too dark."}
_WEBHOOK = {"url": "https://www.example.com/other", "topics": [Topic.READY]}
_NEW_PERSON = {
    "name": "Grace Hopper",
    "email": "grace@example.com",
    "password1": PASSWORD,
    "password2": PASSWORD,
}


def _removed(house: House, owner: User) -> None:
    changing.remove(house.avatar, owner)


def _of_token(house: House, owner: User) -> None:
    Token.objects.filter(pk=house.token.pk).update(owner=owner)


def _out(house: House, _: User) -> None:
    User.objects.filter(pk=house.other.pk).update(is_active=False)


def _opened(house: House, _: User) -> None:
    seen_by_all(house.avatar, house.people.values())


def _asked_once_more(house: House, _: User) -> None:
    house.papers.ask_once_more()


def _decision(house: House) -> Body:
    return {**_NO, "version": house.avatar.version}


def _terms() -> Body:
    return {"who": "Anna Berg", "scope": "Our intranet", "wish": uuid4()}


def _policy(_: House) -> Body:
    policy = Policy.current()
    rules = {name: getattr(policy, name) for name in RULES if getattr(policy, name)}
    return {**rules, "review": ReviewTime.BOTH, "version": policy.version}


def _persona(house: House) -> Body:
    return {"personaConfig": {"avatarId": house.avatar.upstream_id}}


EXAMPLES: dict[str, Example] = {
    # Avatars
    "POST upload": Example(
        lambda _: {"display_name": "Carla", "image_file": photo(), "wish": uuid4()}
    ),
    "POST desk/put": Example(lambda _: {"image_file": photo()}),
    "POST desk/keep": Example(lambda _: {"avatar_model": "cara-3"}),
    "POST desk/<uuid:draft_id>/frame": Example(lambda _: {"do": "square"}),
    "POST avatars/<uuid:avatar_id>/again": Example(avatar=_HELD),
    "POST avatars/<uuid:avatar_id>/choose": Example(
        lambda _: {"upstream_id": _CANDIDATE, "shown": f"{_CANDIDATE} 1"}, avatar=_IN_DOUBT
    ),
    "POST avatars/<uuid:avatar_id>/rename": Example(lambda _: {"display_name": "Carla"}),
    "POST avatars/<uuid:avatar_id>/restore": Example(before=_removed),
    "POST avatars/<uuid:avatar_id>/remove-now": Example(before=_removed),
    "POST avatars/<uuid:avatar_id>/erase": Example(
        lambda house: {"display_name": house.avatar.display_name}
    ),
    # Review
    "POST avatars/<uuid:avatar_id>/review": Example(_decision),
    "POST avatars/<uuid:avatar_id>/resubmit": Example(avatar={"approval": Approval.CHANGES}),
    "GET review/next": Example(avatar=_WAITING),
    "POST review/approve": Example(
        lambda house: {"chosen": f"{house.avatar.pk}:{house.avatar.version}"},
        avatar=_WAITING,
        before=_opened,
    ),
    "GET review/<uuid:avatar_id>": Example(avatar=_WAITING),
    "POST review/<uuid:avatar_id>": Example(_decision, avatar=_WAITING),
    "POST review/<uuid:avatar_id>/here": Example(
        lambda house: {"version": house.avatar.version}, avatar=_WAITING, before=_opened
    ),
    # Consent and photo calls
    "POST avatars/<uuid:avatar_id>/consent/ask": Example(lambda _: _terms()),
    "POST avatars/<uuid:avatar_id>/consent/own": Example(lambda _: _terms()),
    "POST avatars/<uuid:avatar_id>/consent/file": Example(lambda _: {**_terms(), "file": photo()}),
    "POST avatars/<uuid:avatar_id>/consents/<uuid:consent_id>/cancel": Example(
        before=_asked_once_more
    ),
    "POST consent/<slug:code>": Example(lambda _: {"do": "yes", "who": "Anna", "length": "open"}),
    "POST calls/open": Example(
        lambda _: {
            "title": "More faces",
            "purpose": "Our intranet",
            "places": 1,
            "days": 1,
            "model": "cara-4",
            "wish": uuid4(),
        }
    ),
    "POST call/<slug:code>": Example(
        lambda _: {
            "photo": photo(),
            "who": "Anna",
            "agrees": "on",
            "wording": Wording.current().number,
            "wish": uuid4(),
        }
    ),
    # The policy and the notices
    "POST policy/change": Example(_policy),
    "POST policy/replies/add": Example(
        lambda _: {"name": "Hat", "decision": "changes", "reason": "quality", "text": "No hats."}
    ),
    "POST policy/wording/change": Example(
        lambda _: {"text": "I agree to everything.", "number": Wording.current().number}
    ),
    "POST notices/read": Example(lambda house: {"newest": max(house.papers.notices.values())}),
    "POST notices/mail": Example(lambda _: {"mailing": Mailing.DAILY}),
    # Feeds
    "POST feeds/open": Example(
        lambda house: {"slug": "sales", "avatar": house.avatar.pk, "version": 0}
    ),
    "POST feeds/<slug:slug>/swap": Example(
        lambda house: {"avatar": house.avatar.pk, "version": house.feed.version}
    ),
    "POST feeds/<slug:slug>/undo": Example(lambda house: {"version": house.feed.version}),
    # Programs
    "POST tokens/make": Example(
        lambda _: {"name": "B", "rights": [Right.READ], "days": 1, "rate": 1, "wish": uuid4()}
    ),
    "POST tokens/<int:token_id>/revoke": Example(before=_of_token),
    "POST webhooks/add": Example(lambda _: _WEBHOOK),
    "POST webhooks/<int:webhook_id>/change": Example(lambda _: _WEBHOOK),
    "POST webhooks/<int:webhook_id>/act": Example(lambda _: {"do": "pause"}),
    # People
    "POST account": Example(lambda _: {"name": "Grace"}),
    "POST invitations/<slug:code>": Example(lambda _: _NEW_PERSON),
    "POST setup/<slug:code>": Example(lambda _: _NEW_PERSON),
    "POST people/invite": Example(lambda _: {"role": Role.VIEWER, "days": 1, "wish": uuid4()}),
    "POST people/<uuid:pk>/role": Example(lambda _: {"role": Role.REVIEWER}),
    "POST people/<uuid:pk>/reactivate": Example(before=_out),
    # Running it
    "POST stocktake/all": Example(lambda _: {"do": "import"}),
    "POST stocktake/<int:difference_id>": Example(lambda _: {"do": "import"}),
    # The gateway
    "POST v1/avatars": Example(
        lambda _: {"displayName": "Carla", "imageFile": photo()},
        headers={"Prefer": "respond-async"},
    ),
    "POST v1/photos/check": Example(lambda _: {"imageFile": photo()}),
    "PUT v1/avatars/<avatar_id>": Example(lambda _: {"displayName": "Carla"}),
    "POST v1/avatars/<avatar_id>/review": Example(_decision),
    "POST v1/auth/session-token": Example(_persona),
    "POST v1/engine/session": Example(_persona),
}
