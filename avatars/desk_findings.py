"""What is told about a desk as a whole, and about photos that never came onto it."""

from avatars.photos.finding import Finding
from avatars.services.drafts import MOST
from avatars.services.web_photos import Busy
from avatars.upstream.fetch import TooManyBytes
from avatars.upstream.web_address import BadAddress

DESK_IS_FULL = Finding(
    code="desk-full",
    severity="error",
    title="The desk is full",
    measured=f"{MOST} photos",
    wanted=f"{MOST} photos at most",
    how_to_fix="Make avatars of those that are ready, or take some off the desk. Nothing is lost.",
)
OTHER_DESK = Finding(
    code="other-desk",
    severity="error",
    title="This desk is somebody else's",
    measured="another person signed in to this browser since",
    wanted="the person who opened the desk",
    how_to_fix="Nothing was taken from it. Sign in as yourself in another tab and try again, or "
    "load this page again for the desk of whoever is signed in now.",
)
NO_ADDRESS = Finding(
    code="no-address",
    severity="error",
    title="There is no address",
    measured="an empty field",
    wanted="the https address of one picture",
    how_to_fix="Copy the address of the picture itself, not of the page around it.",
)
PHOTO_LOST = Finding(
    code="photo-lost",
    severity="error",
    title="The photo can't be read any more",
    measured="the stored file is not what was looked at",
    wanted="the photo as it came",
    how_to_fix="Nothing was made. Take it off the desk and put it there once more. If that "
    "happens again, an administrator should check the disk.",
)
ALREADY_ASKED = Finding(
    code="still-running",
    severity="error",
    title="It is being made at this moment",
    measured="another request with this photo",
    wanted="one request at a time",
    how_to_fix="Nothing is made twice. Load this page again in a moment, or look into the gallery.",
)

MADE_BEFORE = Finding(
    code="made-before",
    severity="error",
    title="An avatar was made of it before",
    measured="the same photo with another frame",
    wanted="one avatar of each photo on the desk",
    how_to_fix="That one is as it was. To make another, put the photo on the desk once more.",
)


def no_picture(problem: Exception) -> Finding:
    """Why nothing came from an address; the fetch has the words."""
    what, _, then = str(problem).partition(". ")
    if isinstance(problem, Busy):
        what, then = "Others fetch photos at this moment", "Nothing was opened. Try again now."
    return Finding(
        code=_code_of(problem),
        severity="error",
        title=what,
        measured="no picture",
        wanted="a picture that anybody on the internet can open",
        how_to_fix=then,
    )


def _code_of(problem: Exception) -> str:
    if isinstance(problem, BadAddress):
        return f"address-{problem.code}"
    if isinstance(problem, Busy):
        return "fetching-busy"
    return "too-many-bytes" if isinstance(problem, TooManyBytes) else "unreachable"
