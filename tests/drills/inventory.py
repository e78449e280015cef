"""What there is of an avatar, here and upstream, and what lies about that belongs to nobody."""

import json
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import Request, urlopen

from django.conf import settings
from PIL import Image

from avatars.models import Avatar, State, Wish
from avatars.photos.prepare import THUMBNAIL_WIDTHS


@dataclass(frozen=True)
class Found:
    rows: int
    ready: int
    upstream: int
    paired: bool  # each row names an avatar that is there, and each of those has a row
    broken: int  # files of the rows that are missing, or not what was stored
    strays: int
    wishes: int  # neither fulfilled nor forgotten

    def is_clean(self, expected: int) -> bool:
        counts = (self.rows, self.ready, self.upstream)
        mess = self.broken + self.strays + self.wishes
        return counts == (expected,) * 3 and self.paired and not mess


def take(name: str) -> Found:
    rows = list(Avatar.objects.filter(display_name=name))
    there = upstream_ids(name)
    return Found(
        rows=len(rows),
        ready=sum(row.state == State.READY for row in rows),
        upstream=len(there),
        paired={row.upstream_id for row in rows} == there,
        broken=sum(not is_whole(row) for row in rows),
        strays=len(strays()),
        wishes=Wish.objects.filter(done_at=None).count(),
    )


def upstream_ids(name: str) -> set[str]:
    """Of the avatars with that very name in the upstream's list."""
    query = f"page=1&perPage=100&onlyOneShot=true&search={quote(name)}"
    data = asked(f"/v1/avatars?{query}")["data"]
    return {item["id"] for item in data if item["displayName"] == name}


def asked(path: str, **turned: Any) -> Any:
    """What the sandbox answers at `path`; with `turned`, after a PUT of that."""
    header = {"Authorization": f"Bearer {settings.ANAM_API_KEY}"}
    data = json.dumps(turned).encode() if turned else None
    method = "PUT" if turned else "GET"
    request = Request(settings.ANAM_API_URL + path, data=data, headers=header, method=method)
    with urlopen(request, timeout=10) as answer:
        return json.load(answer)


def strays() -> list[str]:
    """Files and folders of no row."""
    ours = {path for row in Avatar.objects.all() for path in _files_of(row)}
    ours |= {path.parent for path in ours}
    top = {settings.MEDIA_ROOT, settings.MEDIA_ROOT / "photos", settings.MEDIA_ROOT / "thumbnails"}
    return [str(path) for path in settings.MEDIA_ROOT.rglob("*") if path not in ours | top]


def is_whole(row: Avatar) -> bool:
    photo, *thumbnails = _files_of(row)
    try:
        for thumbnail in thumbnails:
            with Image.open(thumbnail) as picture:
                picture.load()
        return sha256(photo.read_bytes()).hexdigest() == row.photo_sha256
    except OSError:
        return False


def _files_of(row: Avatar) -> list[Path]:
    names = [str(row.photo), *(row.thumbnail_name(width) for width in THUMBNAIL_WIDTHS)]
    return [settings.MEDIA_ROOT / name for name in names]
