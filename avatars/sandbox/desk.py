"""The five calls of the avatars API, one method each."""

import re
import time
from collections.abc import Callable
from functools import partial
from threading import Lock
from uuid import uuid4

from .answers import Answer, Problem, Refusal, as_json, error, invalid, message
from .avatar import Avatar
from .call import Call
from .faults import in_name
from .knobs import Panel
from .links import Signer
from .listing import Listing
from .parcel import json_object
from .shelf import Shelf
from .stock import STOCK
from .submission import Submission, name_problems, submission

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MISSING = error(404, "Avatar not found")
NOT_YOURS = message(403, "Stock avatars can't be changed.")
FULL = (
    "You have reached the maximum number of one-shot avatars for your plan ({quota}). "
    "Delete one to create another."
)


class Desk:
    """`media_url`: the prefix of the links it gives, empty for wherever the caller came in."""

    def __init__(
        self, shelf: Shelf, signer: Signer, panel: Panel, now: Callable[[], float], media_url: str
    ) -> None:
        self._shelf = shelf
        self._signer = signer
        self._panel = panel
        self._now = now
        self._media_url = media_url.rstrip("/")
        self._placing = Lock()

    def create(self, call: Call) -> Answer:
        wanted = submission(call)
        self._check_quota()
        work = partial(self._place, call, wanted)
        return self._unless_named(wanted.name, work, call)

    def list(self, call: Call) -> Answer:
        listing = Listing.asked(call.query)
        found = [
            avatar
            for avatar in self._shelf.all()
            if listing.wants(avatar, ready=self._ready(avatar))
        ]
        page = [self._shown(avatar, call) for avatar in listing.cut(found)]
        return as_json(200, {"data": page, "meta": listing.meta(len(found))})

    def get(self, call: Call, avatar_id: str) -> Answer:
        return as_json(200, self._shown(self._find(avatar_id), call))

    def rename(self, call: Call, avatar_id: str) -> Answer:
        avatar = self._find(avatar_id)
        if avatar.is_stock:
            raise Refusal(NOT_YOURS)
        name = json_object(call).get("displayName")
        if problems := name_problems(name):
            raise Refusal(invalid(problems))
        work = partial(self._rename, call, avatar, str(name))
        return self._unless_named(str(name), work, call)

    def delete(self, call: Call, avatar_id: str) -> Answer:
        """Hard takes a hidden one too: an erasure request may well come after a soft delete."""
        if _valid(avatar_id) in STOCK:
            raise Refusal(NOT_YOURS)
        if call.query.get("hard") != "true":
            self._shelf.hide(self._find(avatar_id).id)
            return message(200, "Avatar deleted successfully")
        if not self._shelf.purge(_valid(avatar_id)):
            raise Refusal(MISSING)
        return message(200, "Avatar permanently deleted")

    def _place(self, call: Call, wanted: Submission) -> Answer:
        time.sleep(self._panel.knobs.delay)
        with self._placing:  # two creates may have waited for the same last place
            self._check_quota()
            avatar = _avatar(wanted, self._now())
            self._shelf.place(avatar, wanted.source)
        return as_json(201, self._shown(avatar, call))

    def _rename(self, call: Call, avatar: Avatar, name: str) -> Answer:
        renamed = self._shelf.rename(avatar, name, self._now())
        if renamed is None:
            raise Refusal(MISSING)
        return as_json(200, self._shown(renamed, call))

    def _unless_named(self, name: str, work: Callable[[], Answer], call: Call) -> Answer:
        fault = in_name(name, self._shelf.first_time)
        return fault.happen(work, call.line) if fault else work()

    def _check_quota(self) -> None:
        quota = self._panel.knobs.quota
        if quota and self._shelf.count_custom() >= quota:
            raise Refusal(error(403, FULL.format(quota=quota)))

    def _find(self, avatar_id: str) -> Avatar:
        avatar = self._shelf.find(_valid(avatar_id))
        if avatar is None:
            raise Refusal(MISSING)
        return avatar

    def _ready(self, avatar: Avatar) -> bool:
        return avatar.ready(self._now(), self._panel.knobs.preview_after)

    def _shown(self, avatar: Avatar, call: Call) -> dict[str, object]:
        prefix = self._media_url or call.base
        life = self._panel.knobs.link_life

        def link(name: str) -> str:
            return f"{prefix}/media/{avatar.id}/{name}"

        def signed(name: str) -> str:
            return prefix + self._signer.sign(f"/media/{avatar.id}/{name}", life)

        return avatar.shown(ready=self._ready(avatar), link=link, signed=signed)


def _valid(avatar_id: str) -> str:
    if not UUID.fullmatch(avatar_id.lower()):
        problem: Problem = {"path": "id", "message": "Invalid uuid", "code": "invalid_string"}
        raise Refusal(invalid([problem]))
    return avatar_id.lower()


def _avatar(wanted: Submission, now: float) -> Avatar:
    return Avatar(
        id=str(uuid4()),
        name=wanted.name,
        model=wanted.model,
        created_at=now,
        updated_at=now,
        description=wanted.seen.description,
        tags=wanted.seen.tags,
        style=wanted.style,
        has_portrait=wanted.seen.allows_portrait,
    )
