"""Photos on the desk: taken in, put in order and taken off again, before anything is sent."""

import logging
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from secrets import token_hex
from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from avatars.models import Desk, Draft
from avatars.models.draft import NEW_NAME_MAX, now_in_milliseconds
from avatars.models.portrait import Portrait
from avatars.names import name_of_file, tidy_name
from avatars.photos.checklist import checklist
from avatars.photos.faces import find_faces
from avatars.photos.framing import Frame, frame_for, framed
from avatars.photos.inspect import Inspection, inspect
from avatars.photos.likeness import looks, nearest
from avatars.photos.photo import HOLDING, Photo
from avatars.photos.prepare import likeness_of, prepare, preview
from avatars.photos.thumbnail import HEAD_HEIGHT

from .strays import DRAFTS, discard, empty

logger = logging.getLogger(__name__)

_CUT = ("photo", "square", "preview")  # the files that are another frame's
MOST = 40  # photos on one desk: twice what one handful may hold
_SIDE_MAX = 2**31 - 1  # pixels that a row takes; a file that will not do may claim more

_Facts = dict[str, Any]
_Files = dict[str, tuple[str, bytes]]


class DeskIsFull(Exception):
    """There are as many photos on it as it takes."""


@dataclass(frozen=True)
class _Judged:
    """What was found about some bytes: fields of a draft, and its files by field."""

    facts: _Facts
    files: _Files = field(repr=False)


def put(
    owner: Any, key: str, file_name: str, data: bytes, name: str = "", place: int | None = None
) -> Draft:
    """Judge a file and keep it on the desk; with the same `key` again it is the same draft.

    `place`: when it was picked, in milliseconds, for the order on the desk; None for now.
    A file that will not do is kept too, without its bytes: what is wrong with it stays to be read.
    Raises `DeskIsFull`, and `OSError` when the disk takes no more; then nothing is kept.
    """
    if known := put_before(owner, key):
        return known
    draft = Draft(
        id=uuid4(),
        owner=owner,
        key=key,
        file_name=tidy_name(file_name)[-NEW_NAME_MAX:],
        display_name=name or name_of_file(file_name),
        original_bytes=len(data),
        place=place or now_in_milliseconds(),
    )
    with HOLDING:
        judged = _judged(data, Frame())
    names = _written(draft, 1, judged.files)
    for column, value in {**judged.facts, **names}.items():
        setattr(draft, column, value)
    return _added(draft)


def put_before(owner: Any, key: str) -> Draft | None:
    """What was put there with that key already. Raises `DeskIsFull` when nothing more fits."""
    known = Draft.objects.filter(owner=owner, key=key).first()
    if known is None and Draft.objects.filter(owner=owner).count() >= MOST:
        raise DeskIsFull
    return known


def reframe(draft: Draft, frame: Frame) -> bool:
    """Cut it anew out of what came; False when somebody else was first, or no original is kept.

    Raises `FileNotFoundError` when the original is gone, and `OSError` when the disk takes no more.
    """
    if not draft.original:
        return False
    with default_storage.open(str(draft.original)) as stream:
        data = stream.read()
    with HOLDING:
        judged = _judged(data, frame.within(draft.width, draft.height))
    kept = {column: file for column, file in judged.files.items() if column != "original"}
    names = _written(draft, draft.version + 1, kept)
    old = [name for name in draft.files if name != str(draft.original)]
    facts = {**judged.facts, **dict.fromkeys(_CUT, ""), **names}
    if not Draft.objects.change(draft, timezone.now(), **facts):
        discard(names.values())
        return False
    discard(old)
    with suppress(Draft.DoesNotExist):  # taken off a moment ago, which the next look tells
        draft.refresh_from_db()
    return True


def frame_of(draft: Draft) -> Frame:
    """The chosen one; all of the picture, when none is."""
    return Frame(**draft.frame)


def square_of(draft: Draft) -> Frame:
    """The square around the face where that is known, else where heads usually are."""
    return Frame(**draft.suggested) if draft.suggested else middle_of(draft)


def middle_of(draft: Draft) -> Frame:
    """The largest square, where heads usually are, in the picture as it is turned now."""
    turns = frame_of(draft).turns
    width, height = sides_of(draft)
    side = min(width, height)
    top = round(height * HEAD_HEIGHT - side / 2)
    whole = Frame(turns, (width - side) // 2, max(top, 0), side)
    return whole.within(draft.width, draft.height)


def sides_of(draft: Draft) -> tuple[int, int]:
    """Width and height of the whole picture, turned as it is."""
    sides = (draft.width, draft.height)
    return sides[::-1] if frame_of(draft).turns % 2 else sides


def keep_both(draft: Draft) -> bool:
    """They know the avatars that look alike, and want this one as well."""
    return Draft.objects.change(draft, timezone.now(), keeps_both=True)


def take_off(drafts: Iterable[Draft]) -> bool:
    """Forget them and their files; False while the disk does not let go of one, whose row stays."""
    return False not in list(map(_taken_off, drafts))  # each of them, also after one that stays


def take_off_old(now: datetime) -> None:
    """Those that nobody has touched for a week."""
    take_off(Draft.objects.forgotten(now))


def take_off_copies(portrait: Portrait) -> None:
    """Those of a photo that is to be forgotten, whoever's desk they lie on; its owner is told.

    Raises `OSError` while the disk does not let go of one.
    """
    if not portrait.photo_sha256:
        return
    told = Draft.objects.values_list("pk", "photo_likeness", "whole_likeness")
    # What is cut out of it may look like another picture; the original is on the disk all the same.
    own = looks(portrait.photo_likeness, portrait.whole_likeness)
    near = [pk for pk, *theirs in told if nearest(own, looks(*theirs)) is not None]
    same = Q(photo_sha256=portrait.photo_sha256)
    copies = list(Draft.objects.filter(same | Q(pk__in=near)))
    if False in [_taken_off(draft, tell=True) for draft in copies]:
        raise OSError("a file of a draft can't be deleted")


def call(owner: Any, names: Mapping[UUID, str]) -> None:
    """Write down the names that were typed for drafts."""
    Draft.objects.call(owner, dict(names), timezone.now())


def _taken_off(draft: Draft, *, tell: bool = False) -> bool:
    """All that lies in its folder goes, what a killed process left there too."""
    home = f"{DRAFTS}/{draft.pk}"
    # The files first: as long as a row is there, they are found.
    if not empty(home):
        return False
    with transaction.atomic():
        deleted, _ = Draft.objects.filter(pk=draft.pk).delete()
        if deleted and tell:
            Desk.objects.tell_taken_off(draft.owner_id)
    # Once more, for a frame that was cut meanwhile. From now on none can be.
    gone = empty(home)
    discard([home])
    return gone


def _judged(data: bytes, frame: Frame) -> _Judged:
    facts, files, photo = _looked_at(data, frame)
    if photo:
        prepared = prepare(photo)
        files["photo"] = (f"photo{prepared.extension}", prepared.data)
        files["square"] = ("square.webp", prepared.thumbnails[max(prepared.thumbnails)])
        facts |= {
            "photo_sha256": prepared.sha256,
            "photo_likeness": prepared.likeness,
            "photo_type": prepared.content_type,
            "photo_width": prepared.width,
            "photo_height": prepared.height,
            "photo_bytes": len(prepared.data),
        }
        if frame.is_whole:
            facts["whole_likeness"] = prepared.likeness  # one mark, so one comparison
    return _Judged(facts, files)


def _looked_at(data: bytes, frame: Frame) -> tuple[_Facts, _Files, Photo | None]:
    """With what is to be prepared. The whole picture is let go of here: two take too much room."""
    inspection = inspect(data, frame)
    facts, files = _told(inspection, frame), {}
    if inspection.whole:
        files["original"] = ("original", data)
        whole = preview(framed(inspection.whole, Frame(frame.turns)))
        files["preview"] = ("preview.webp", whole)
        if frame.is_whole:  # of the whole picture: no other frame changes it
            facts["suggested"] = _suggested(inspection, inspection.whole)
            facts["whole_likeness"] = likeness_of(whole)
    return facts, files, inspection.photo


def _suggested(inspection: Inspection, whole: Photo) -> dict[str, Any]:
    """The frame around the largest face; {} when none was found, or nobody can look."""
    # In a photo whose shape is refused nobody looked yet, and a frame is just what it needs.
    faces = find_faces(whole.image) if inspection.faces is None else inspection.faces
    return asdict(frame_for(faces[0], whole.width, whole.height)) if faces else {}


def _told(inspection: Inspection, frame: Frame) -> _Facts:
    facts = inspection.facts
    return {
        "kind": facts.kind,
        "width": min(facts.width, _SIDE_MAX),
        "height": min(facts.height, _SIDE_MAX),
        "frame": {} if frame.is_whole else asdict(frame),
        "advice": [finding.as_dict() for finding in inspection.findings],
        "checks": [check.as_dict() for check in checklist(inspection)],
        **dict.fromkeys(("photo_sha256", "photo_likeness", "photo_type"), ""),
        **dict.fromkeys(("photo_width", "photo_height", "photo_bytes"), 0),
    }


def _written(draft: Draft, version: int, files: Mapping[str, tuple[str, bytes]]) -> dict[str, str]:
    """Put the files on disk, all or none; their names by field.

    No two writers ever get the same name: who comes second deletes its own files alone.
    """
    names: dict[str, str] = {}
    try:
        for column, (name, data) in files.items():
            place = f"{DRAFTS}/{draft.pk}/{version}-{token_hex(4)}-{name}"
            names[column] = default_storage.save(place, ContentFile(data))
    except BaseException:
        discard(names.values())
        raise
    return names


def _added(draft: Draft) -> Draft:
    try:
        with transaction.atomic():
            # One after the other, so that the last place is taken once.
            get_user_model().objects.select_for_update(no_key=True).get(pk=draft.owner_id)
            if Draft.objects.filter(owner=draft.owner).exclude(key=draft.key).count() >= MOST:
                raise DeskIsFull
            draft.save(force_insert=True)
    except IntegrityError:  # the same drop, sent twice at once
        discard([*draft.files, f"{DRAFTS}/{draft.pk}"])
        return Draft.objects.get(owner=draft.owner, key=draft.key)
    except BaseException:
        _let_go(draft)
        raise
    return draft


def _let_go(draft: Draft) -> None:
    """Delete its files, unless a commit whose answer was lost has made the row after all."""
    try:
        is_there = Draft.objects.filter(pk=draft.pk).exists()
    except DatabaseError:
        return  # nobody knows: files without a row go with the strays
    if not is_there:
        discard([*draft.files, f"{DRAFTS}/{draft.pk}"])
