"""The storage host: pictures for everybody, clips for holders of a signed link, in ranges."""

import re
from hashlib import md5

from .answers import Answer, Refusal, data, xml
from .assets import ASSETS, Assets
from .call import Call
from .links import Signer

RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})$")
MISSING = xml(404, "NoSuchKey", "The specified key does not exist.")


class Media:
    """A soft delete leaves the files where they are; only a hard one takes them away."""

    def __init__(self, assets: Assets, signer: Signer) -> None:
        self._assets = assets
        self._signer = signer

    def serve(self, call: Call, avatar_id: str, name: str) -> Answer:
        asset = ASSETS.get(name)
        if asset is None:
            raise Refusal(MISSING)
        if asset.signed:
            self._signer.check(call.path, call.query)
        content = self._assets.read(avatar_id, name)
        if content is None:
            raise Refusal(MISSING)
        return _part(content, asset.kind, call.header("Range"))


def _part(content: bytes, kind: str, wanted: str) -> Answer:
    # MD5 is what S3 and R2 use as ETag of a plain upload; nothing rests on its strength.
    tag = md5(content, usedforsecurity=False).hexdigest()
    headers = (("Accept-Ranges", "bytes"), ("ETag", f'"{tag}"'))
    size = len(content)
    match = RANGE.match(wanted)
    if not match or not any(match.groups()):  # several ranges at once may be ignored (RFC 9110)
        return data(200, kind, content, *headers)
    start, end = _bounds(match[1], match[2], size)
    if start >= end:
        return data(416, kind, b"", ("Content-Range", f"bytes */{size}"), *headers)
    part = ("Content-Range", f"bytes {start}-{end - 1}/{size}")
    return data(206, kind, content[start:end], part, *headers)


def _bounds(first: str, last: str, size: int) -> tuple[int, int]:
    """From and up to but not including; "-500" asks for the last 500 bytes."""
    if not first:
        return max(0, size - int(last)), size
    return int(first), min(size, int(last) + 1) if last else size
