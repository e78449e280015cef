"""The kinds of photos that are taken here, in words and as pages and programs name them."""

from avatars.photos.header import Kind
from avatars.photos.heif import HEIC_IS_TAKEN

KIND_WORDS: dict[Kind, str] = {"JPEG": "JPEG", "PNG": "PNG", "WEBP": "WebP", "HEIF": "HEIC"}

KINDS = "JPEG, PNG, WebP or HEIC" if HEIC_IS_TAKEN else "JPEG, PNG or WebP"

CONTENT_TYPES = (
    "image/jpeg",
    "image/png",
    "image/webp",
    *(("image/heic", "image/heif") if HEIC_IS_TAKEN else ()),
)

# Not every browser knows what kind a file named .heic is, so its endings are named too.
ACCEPT = ",".join((*CONTENT_TYPES, *((".heic", ".heif") if HEIC_IS_TAKEN else ())))
