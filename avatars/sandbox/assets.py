"""The files made from a photo, each on its first request: half a second for a clip, then kept."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from PIL import Image

from . import clip, pictures
from .shelf import Shelf, write


@dataclass(frozen=True)
class Asset:
    kind: str
    make: Callable[[Image.Image], bytes]  # from the refined square
    signed: bool = False


ASSETS = {
    "image.jpg": Asset("image/jpeg", pictures.jpeg),
    "landscape.jpg": Asset("image/jpeg", lambda square: pictures.jpeg(pictures.landscape(square))),
    "portrait.jpg": Asset("image/jpeg", lambda square: pictures.jpeg(pictures.portrait(square))),
    "video.webm": Asset("video/webm", clip.make, signed=True),
    "idle.webm": Asset("video/webm", lambda square: clip.make(square, sway=0), signed=True),
}


class Assets:
    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        # One at a time in a process. Two processes may both make a file: it comes out the same.
        self._lock = Lock()

    def read(self, avatar_id: str, name: str) -> bytes | None:
        """None when the avatar was purged, even while its file is being made."""
        path = self._shelf.folder(avatar_id) / name
        try:
            return path.read_bytes()
        except FileNotFoundError:
            pass
        with self._lock:
            return path.read_bytes() if path.exists() else self._make(avatar_id, name)

    def _make(self, avatar_id: str, name: str) -> bytes | None:
        try:
            square = pictures.refined(self._shelf.source(avatar_id))
            content = ASSETS[name].make(square)
            write(self._shelf.folder(avatar_id) / name, content)
        except FileNotFoundError:
            return None
        return content
