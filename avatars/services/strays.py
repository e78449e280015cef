"""Files that belong to no avatar, and their end."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import batched
from logging import getLogger
from secrets import token_hex

from django.conf import settings
from django.core.files.storage import default_storage

from avatars.models import Avatar, Consent, Draft, Pulse

logger = getLogger(__name__)

PHOTOS, THUMBNAILS, CONSENTS, DRAFTS = "photos", "thumbnails", "consents", "drafts"
_BATCH = 500
_MARK = "database.txt"
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def discard(names: Iterable[str]) -> int:
    """Delete files, and tell how many went. One that can't be deleted keeps no other one."""
    gone = 0
    for name in names:
        try:
            default_storage.delete(name)
            gone += 1
        except OSError:
            logger.exception("%s can't be deleted", name)
    return gone


def empty(folder: str) -> bool:
    """Delete every file in it, whoever wrote it; False when something stays."""
    names = [f"{folder}/{name}" for part in _listed(folder) for name in part]
    return discard(names) == len(names)


def delete_files_of(avatar_ids: set[str]) -> int:
    """Delete whatever lies under the ids that have no row; how many files."""
    homeless = avatar_ids - _with_rows(avatar_ids)
    if not homeless:
        return 0
    photos = [path for path in _files(PHOTOS) if _id_in(path) in homeless]
    thumbnails = [path for pk in homeless for path in _files(f"{THUMBNAILS}/{pk}")]
    gone = discard(photos + thumbnails)
    discard(f"{THUMBNAILS}/{pk}" for pk in homeless)
    return gone


def delete_stray_files(older_than: datetime) -> int:
    """Delete the files of no avatar, consent or desk, and half-written ones, if they are older.

    Nothing at all under a database that never was with these files: an empty one, or that of
    another installation, would take every photo for a stray.
    """
    if not _belong_together():
        return 0
    gone = 0
    for paths in batched(_files(PHOTOS), _BATCH):
        gone += discard(path for path in _strays(paths) if _is_older(path, older_than))
    for paths in batched(_files(CONSENTS), _BATCH):
        gone += discard(path for path in _unnamed(paths) if _is_older(path, older_than))
    folders = [f"{THUMBNAILS}/{name}" for name in _listed(THUMBNAILS)[0]]
    for some in batched(folders, _BATCH):
        inside = (path for folder in some for path in _files(folder))
        gone += discard(path for path in _strays(inside) if _is_older(path, older_than))
        discard(folder for folder in some if _is_empty(folder, older_than))
    return gone + _delete_off_the_desks(older_than)


def _delete_off_the_desks(older_than: datetime) -> int:
    """What a process that was killed meanwhile left of photos that are on nobody's desk."""
    gone = 0
    # What somebody else put there, such as a disk's lost+found, has no id and stays.
    for ids in batched(filter(_ID.fullmatch, _listed(DRAFTS)[0]), _BATCH):
        here = {str(pk) for pk in Draft.objects.filter(pk__in=ids).values_list("pk", flat=True)}
        folders = [f"{DRAFTS}/{name}" for name in ids if name not in here]
        inside = (path for folder in folders for path in _files(folder))
        gone += discard(path for path in inside if _is_older(path, older_than))
        discard(folder for folder in folders if _is_empty(folder, older_than))
    return gone


def _belong_together() -> bool:
    """Whether database and files know each other, by a mark from their first meeting."""
    if not Avatar.objects.exists():
        return False
    file = settings.DATA_DIR / _MARK
    try:
        mark = file.read_text()
    except FileNotFoundError:
        mark = token_hex(8)
        file.write_text(mark)
        Pulse.beat(f"files {mark}")
    together = Pulse.last(f"files {mark}") is not None
    if not together:
        logger.error("the data folder belongs to another database: no file is deleted from it")
    return together


def _strays(paths: Iterable[str]) -> list[str]:
    """Half-written ones, and those that no row names: by the avatar's id, or in `photo`."""
    paths = list(paths)
    ids = _with_rows({_id_in(path) for path in paths})
    rows = Avatar.objects.filter(photo__in=[p for p in paths if p.startswith(PHOTOS)])
    names = set(rows.values_list("photo", flat=True))
    return [
        path
        for path in paths
        if path.endswith(".part") or (_id_in(path) not in ids and path not in names)
    ]


def _unnamed(paths: Iterable[str]) -> set[str]:
    """The signed forms of no consent: of one that a killed process did not write down."""
    paths = set(paths)
    return paths - set(Consent.objects.filter(file__in=paths).values_list("file", flat=True))


def _with_rows(ids: set[str]) -> set[str]:
    # An erased avatar owns no file: whatever still came after its erasure has to go.
    kept = Avatar.objects.filter(pk__in=ids - {""}, erased_at=None)
    found = kept.values_list("pk", flat=True)
    return {str(pk) for pk in found}


def _id_in(path: str) -> str:
    """The avatar that a file is of by its name; "" for a file that is none of ours."""
    found = _ID.search(path)
    return found[0] if found else ""


def _files(folder: str) -> Iterator[str]:
    return (f"{folder}/{name}" for name in _listed(folder)[1])


def _listed(folder: str) -> tuple[list[str], list[str]]:
    try:
        return default_storage.listdir(folder)
    except (FileNotFoundError, NotADirectoryError):
        return [], []


def _is_older(path: str, moment: datetime) -> bool:
    try:
        return default_storage.get_modified_time(path) < moment
    except FileNotFoundError:
        return False


def _is_empty(folder: str, older_than: datetime) -> bool:
    return _listed(folder) == ([], []) and _is_older(folder, older_than)
