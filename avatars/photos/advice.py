"""The advice: the photo will do, and this would make a better avatar."""

from avatars.photos.finding import Finding
from avatars.photos.limits import ASPECT_SQUARE, SENT_BYTES_MAX, SHORT_SIDE_ADVISED
from avatars.photos.photo import Photo
from avatars.photos.refusals import megabytes, sides


def shape_advice(photo: Photo) -> list[Finding]:
    """For a photo whose shape is not refused already: too small, not square."""
    found = []
    if min(photo.width, photo.height) < SHORT_SIDE_ADVISED:
        found.append(_small(photo))
    if max(photo.width, photo.height) > ASPECT_SQUARE * min(photo.width, photo.height):
        found.append(_not_square(photo))
    return found


def look_advice(photo: Photo) -> list[Finding]:
    """Colours, background and weight."""
    found = []
    if photo.greyscale:
        found.append(_greyscale())
    if photo.transparent:
        found.append(_transparent())
    if len(photo.data) > SENT_BYTES_MAX:
        found.append(_will_shrink(len(photo.data)))
    return found


def _small(photo: Photo) -> Finding:
    return Finding(
        "small",
        "advice",
        "The photo is rather small",
        sides(photo.width, photo.height),
        f"{SHORT_SIDE_ADVISED} x {SHORT_SIDE_ADVISED} pixels or more",
        "It will work, but a larger one gives a sharper avatar. Use the original from the "
        "phone or camera if you have it.",
    )


def _not_square(photo: Photo) -> Finding:
    lost = "left and right" if photo.width > photo.height else "top and bottom"
    return Finding(
        "not-square",
        "advice",
        "The photo is not square",
        sides(photo.width, photo.height),
        "a square with the face in the middle",
        f"Upright and wide frames are cut out of a square, so parts at the {lost} will be "
        "lost. Crop the photo to a square around head and shoulders.",
    )


def _greyscale() -> Finding:
    return Finding(
        "greyscale",
        "advice",
        "The photo has no colours",
        "only shades of grey",
        "a colour photo",
        "The avatar will be grey too. Choose a colour photo for a lifelike one.",
    )


def _transparent() -> Finding:
    return Finding(
        "transparent",
        "advice",
        "The background is transparent",
        "parts of the picture are see-through",
        "a photo with a background",
        "It will be laid on white. If you want another background, put it behind the person first.",
    )


def _will_shrink(count: int) -> Finding:
    return Finding(
        "will-shrink",
        "advice",
        "The photo will be made lighter",
        megabytes(count),
        f"at most {megabytes(SENT_BYTES_MAX)} to send",
        "Nothing to do: a lighter copy is sent, at the best quality that fits.",
    )
