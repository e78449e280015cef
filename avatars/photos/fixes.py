"""What Greenroom puts in order by itself, told so that nobody has to guess."""

from avatars.photos import rules
from avatars.photos.finding import Finding
from avatars.photos.limits import SENT_BYTES_MAX
from avatars.photos.measures import megabytes
from avatars.photos.photo import Photo


def weight_fixes(photo: Photo) -> list[Finding]:
    """For a photo too heavy to be sent as it is."""
    if len(photo.data) <= SENT_BYTES_MAX:
        return []
    return [rules.WILL_SHRINK.found(megabytes(len(photo.data)))]
