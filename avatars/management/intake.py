"""One file becomes one avatar, or a list of what is wrong with it."""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import DatabaseError

from avatars.forms import NO_ROOM, judge_name
from avatars.limit_findings import MAY_NOT_CREATE, month_is_full
from avatars.models import Avatar, State, Wish
from avatars.photos.finding import Finding
from avatars.photos.taking import take
from avatars.services.accept import Wanted, accept
from avatars.services.limits import MayNotCreate, MonthIsFull
from avatars.services.wishes import OtherContent, StillRunning, patiently
from avatars.tasks import send_due

from .files import read

logger = logging.getLogger(__name__)

_STILL_RUNNING = Finding(
    code="still-running",
    severity="error",
    title="Another command takes in this photo at the moment",
    measured="the same file, for the same person",
    wanted="one command at a time",
    how_to_fix="Nothing is made twice. Run the command again in a moment.",
)


@dataclass(frozen=True)
class Outcome:
    """What became of one file. `findings` refuse it, or tell about one that passed."""

    path: Path
    avatar: Avatar | None = None
    earlier: bool = False
    findings: tuple[Finding, ...] = ()

    def with_avatar(self, avatars: Mapping[UUID, Avatar]) -> "Outcome":
        """The same, with its avatar as it is now."""
        return replace(self, avatar=avatars[self.avatar.pk]) if self.avatar else self

    def facts(self) -> dict[str, Any]:
        return {
            "path": str(self.path),
            "accepted": self.avatar is not None,
            "earlier": self.earlier,
            "avatar": self.avatar.facts() if self.avatar else None,
            "findings": [finding.as_dict() for finding in self.findings],
        }


@dataclass(frozen=True)
class Intake:
    """For one maker, one model and one purpose."""

    owner: Any
    model: str
    purpose: str = ""

    def take(self, path: Path, name: str) -> Outcome:
        """Take one file in, unless this very file was taken in within the last 24 hours.

        Raises `DatabaseError`; then nothing of this file is here.
        """
        data = read(path)
        if isinstance(data, Finding):
            return Outcome(path, findings=(data,))
        return self._judged(path, name, data)

    def _judged(self, path: Path, name: str, data: bytes) -> Outcome:
        misnamed = judge_name(name)
        taken = take(data)
        errors = (*([misnamed] if misnamed else []), *taken.errors)
        if errors or taken.prepared is None:
            return Outcome(path, findings=errors)
        wanted = Wanted(name, self.model, taken.prepared, taken.as_dicts, self.purpose)
        try:
            outcome = self._accepted(path, wanted, self._key(path, data))
        except OtherContent as other:
            return Outcome(path, findings=(_used(other.avatars),))
        except StillRunning:
            return Outcome(path, findings=(_STILL_RUNNING,))
        except (MayNotCreate, MonthIsFull) as refusal:
            return Outcome(path, findings=(_by_policy(refusal),))
        except OSError as error:
            measured = error.strerror or NO_ROOM.measured
            return Outcome(path, findings=(replace(NO_ROOM, measured=measured),))
        return replace(outcome, findings=taken.findings)

    def _key(self, path: Path, data: bytes) -> str:
        """The same for the same file of the same maker, however the command names it."""
        parts = [str(self.owner.pk), str(path.resolve()), sha256(data).hexdigest()]
        return f"command-{sha256(json.dumps(parts).encode()).hexdigest()}"

    def _accepted(self, path: Path, wanted: Wanted, key: str) -> Outcome:
        done = Wish.objects.filter(owner=self.owner, key=key).exclude(done_at=None)

        def take() -> Outcome:
            earlier = done.exists()
            (avatar,) = accept(owner=self.owner, wanted=[wanted], key=key)
            return Outcome(path, avatar, earlier)

        outcome = patiently(take)
        if outcome.avatar:
            _wake(outcome.avatar)
        return outcome


def _wake(avatar: Avatar) -> None:
    if avatar.state != State.QUEUED:
        return
    try:
        send_due.enqueue()
    except DatabaseError:
        logger.exception("a wake-up was lost, which costs a sweep's minute")


def _by_policy(refusal: MayNotCreate | MonthIsFull) -> Finding:
    return month_is_full(refusal) if isinstance(refusal, MonthIsFull) else MAY_NOT_CREATE


def _used(avatars: list[Avatar]) -> Finding:
    earlier = ", ".join(f"“{avatar.display_name}” ({avatar.pk})" for avatar in avatars)
    return Finding(
        code="wish-used",
        severity="error",
        title="This very file has made another avatar in the last 24 hours",
        measured=earlier or "an avatar that is not here any more",
        wanted="the same name and model as then",
        how_to_fix="Nothing was made now; that one is as it was. For another avatar, copy the file "
        "under another name.",
    )
