"""What people are told about each cause: what happened, and what happens next or can be done."""

from dataclasses import dataclass

from avatars.upstream.errors import Cause


@dataclass(frozen=True)
class Words:
    """`title` for badges and lists, `happened` and `next` as whole sentences."""

    title: str
    happened: str
    next: str


_SAFE = "The photo is safe here"

WORDS: dict[Cause, Words] = {
    Cause.OUTAGE: Words(
        "Anam can't be reached",
        "Greenroom could not reach Anam, so nothing was sent.",
        f"{_SAFE} and is sent by itself as soon as Anam answers.",
    ),
    Cause.ADDRESS: Words(
        "Wrong address for Anam",
        "The address in ANAM_API_URL does not answer like Anam's API.",
        f"An administrator must check that setting. {_SAFE} and is sent by itself afterwards.",
    ),
    Cause.KEY: Words(
        "Anam does not accept the key",
        "Anam refused this installation's API key, so nothing was made.",
        f"An administrator must check ANAM_API_KEY. {_SAFE} and is sent by itself afterwards.",
    ),
    Cause.PERMISSION: Words(
        "The key lacks a permission",
        "This installation's API key may not create avatars.",
        "An administrator must give the key that permission in the Anam Lab. "
        f"{_SAFE} and is sent by itself afterwards.",
    ),
    Cause.PLAN: Words(
        "Not part of the Anam plan",
        "The organisation's Anam plan does not include this.",
        f"An administrator can change the plan. {_SAFE}; it is tried again now and then.",
    ),
    Cause.QUOTA: Words(
        "No free avatar slot at Anam",
        "The organisation has as many custom avatars at Anam as its plan allows.",
        f"Removing one in the Anam Lab frees a slot. {_SAFE} and is tried again by itself.",
    ),
    Cause.MODEL: Words(
        "Model not available",
        "Anam does not let this organisation use the chosen model.",
        "Choose another model and send the photo again. Nothing was made.",
    ),
    Cause.RATE: Words(
        "Anam asks for patience",
        "Anam is checking too many photos at the moment.",
        f"{_SAFE} and is sent again by itself at the time shown.",
    ),
    Cause.INVALID: Words(
        "Anam refused the request",
        "Anam says that something in the request is not right.",
        "Change what it names and send the photo again. Nothing was made.",
    ),
    Cause.TOO_LARGE: Words(
        "Too large for Anam",
        "Anam says that the photo is too large to be sent.",
        "Try a smaller version of the photo. Nothing was made.",
    ),
    Cause.UNPROCESSABLE: Words(
        "Anam can't use this photo",
        "Anam could not make an avatar from this photo.",
        "Try another one: a single face, sharp, looking at the camera, in even light.",
    ),
    Cause.INDECENT: Words(
        "Refused by Anam's content check",
        "Anam's content check took this photo for inappropriate.",
        "That is final for this photo. Try another one, with plain clothes and background.",
    ),
    Cause.LIKENESS: Words(
        "Looks like a celebrity",
        "Anam's check found the likeness of a well-known person.",
        "That is final for this photo. Try another photo of the person or somebody else.",
    ),
    Cause.AGE: Words(
        "Age can't be verified",
        "Anam's check could not make sure that the person is an adult.",
        "That is final for this photo. Try another one that shows the whole face in good light.",
    ),
    Cause.NO_ANSWER: Words(
        "Waiting for certainty",
        "Anam got the photo, but its answer was lost on the way. The avatar may exist already.",
        "Greenroom looks for it at Anam and sends the photo again only if it is surely not there.",
    ),
    Cause.LOST_OFTEN: Words(
        "Anam's answers keep getting lost",
        "Anam got the photo several times and never answered clearly, and it has no such avatar.",
        f"{_SAFE}. Look whether Anam has trouble, then try again by hand.",
    ),
    Cause.SEVERAL_FIT: Words(
        "An administrator must choose",
        "Anam's answer was lost, and what is there could be this one, or somebody else's.",
        f"An administrator picks the right one on its page. {_SAFE}; nothing is sent meanwhile.",
    ),
    Cause.PHOTO_MISSING: Words(
        "The photo is missing",
        "The stored photo could not be read, so nothing was sent.",
        "An administrator should check the data folder. It is tried again by itself.",
    ),
    Cause.SAME: Words(
        "Anam gave one that is here already",
        "Anam answered with an avatar that another row here stands for, so nothing new was made.",
        "If it should be another one, try again with another photo or another name.",
    ),
    Cause.GONE: Words(
        "Gone at Anam",
        "Anam does not know this avatar any more.",
        "What was uploaded here is safe. An administrator says in the stock-take whether it is "
        "kept without Anam or created again.",
    ),
}
