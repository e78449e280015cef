"""What helps against each cause: what is safe, whether it stays so, who can act, what to try.

What happened, and what happens next, stands in `causes`.
"""

from dataclasses import dataclass
from enum import StrEnum

from avatars.upstream.errors import Cause


class Ending(StrEnum):
    """Whether it is final."""

    FOR_THE_PHOTO = "Yes, for this photo. Another one of the same person may pass."
    AS_IT_IS = "Yes, as it is. With the photo, the name or the model changed it is a new try."
    GOES_ON = "No. Greenroom goes on by itself, and nobody has to send the photo again."
    WAITS = "No. It waits until somebody has done what stands below."


class Who(StrEnum):
    """Who can do something about it."""

    MAKER = "whoever made the avatar"
    ADMINISTRATOR = "an administrator"
    ANAM = "Anam"
    GREENROOM = "Greenroom itself"


@dataclass(frozen=True)
class Remedy:
    """Whole sentences. `tries`: what helps, the most promising first."""

    safe: str
    ending: Ending
    who: tuple[Who, ...]
    tries: tuple[str, ...]


_SAFE = "The photo is safe here"
_IN_LINE = f"{_SAFE} and keeps its place in the line. Nothing was made at Anam."
_KEPT = (
    f"{_SAFE} with its name and its purpose, until whoever made it removes it. Nothing was made "
    "at Anam."
)
_LOOK_NOW = "On the page “Status”, press “Look at Anam now”: whatever waits is sent at once."
_OPEN_MODELS = "cara-4 and cara-3 are open to every organisation."

REMEDIES: dict[Cause, Remedy] = {
    Cause.OUTAGE: Remedy(
        _IN_LINE,
        Ending.GOES_ON,
        (Who.GREENROOM, Who.ANAM, Who.ADMINISTRATOR),
        (
            "Wait: Greenroom looks again after seconds at first, later every ten minutes.",
            "See whether the Anam Lab opens in your browser. If it doesn't, Anam has trouble.",
            "If it does, an administrator looks whether this server may reach the internet: a "
            "firewall, a proxy or a name server may be in the way.",
            _LOOK_NOW,
        ),
    ),
    Cause.ADDRESS: Remedy(
        _IN_LINE,
        Ending.WAITS,
        (Who.ADMINISTRATOR,),
        (
            "Take ANAM_API_URL out of the settings: without it, Anam's own address counts.",
            "If it has to be there, look for a typing error, for http in the place of https, and "
            "for a path behind the host.",
            "Start Greenroom anew, so that it reads its settings.",
            _LOOK_NOW,
        ),
    ),
    Cause.KEY: Remedy(
        _IN_LINE,
        Ending.WAITS,
        (Who.ADMINISTRATOR,),
        (
            "See in the Anam Lab whether the key is still there. If it isn't, make a new one.",
            "Put it into ANAM_API_KEY, whole and without spaces or quotes around it.",
            "Start Greenroom anew, so that it reads its settings.",
            _LOOK_NOW,
        ),
    ),
    Cause.PERMISSION: Remedy(
        _IN_LINE,
        Ending.WAITS,
        (Who.ADMINISTRATOR,),
        (
            "See in the Anam Lab which permissions the key has: it has to create avatars, and to "
            "read, change and delete them.",
            "If a key can't be changed there, make a new one with all four, put it into "
            "ANAM_API_KEY and start Greenroom anew.",
            _LOOK_NOW,
        ),
    ),
    Cause.PLAN: Remedy(
        _IN_LINE,
        Ending.WAITS,
        (Who.ADMINISTRATOR, Who.ANAM),
        (
            "See in the Anam Lab whether the plan includes avatars that are made from a photo.",
            f"Try another model: {_OPEN_MODELS}",
            "Change the plan, or ask Anam which one includes it.",
        ),
    ),
    Cause.QUOTA: Remedy(
        _IN_LINE,
        Ending.GOES_ON,
        (Who.MAKER, Who.ADMINISTRATOR),
        (
            "Remove an avatar that nobody needs any more. “Remove at Anam now” on its page frees "
            "the slot at once, and the next in line takes it.",
            "An administrator takes stock: avatars that were made in the Anam Lab count too.",
            "Smaller plans may have room for a single custom avatar. A larger one has more.",
        ),
    ),
    Cause.MODEL: Remedy(
        _KEPT,
        Ending.AS_IT_IS,
        (Who.MAKER, Who.ADMINISTRATOR),
        (
            f"Choose another model: {_OPEN_MODELS}",
            "Models whose names end in “-latest” are opened for chosen organisations. An "
            "administrator can ask Anam for that.",
            "Until then, an administrator takes the model out of ANAM_MODELS, so that nobody "
            "chooses it.",
        ),
    ),
    Cause.RATE: Remedy(
        _IN_LINE,
        Ending.GOES_ON,
        (Who.GREENROOM,),
        (
            "Wait until the time that the avatar's page shows. Asking sooner does not help: Anam "
            "named it.",
            "Don't send the photo a second time: it would stand in line behind the first.",
        ),
    ),
    Cause.INVALID: Remedy(
        _KEPT,
        Ending.AS_IT_IS,
        (Who.MAKER, Who.ADMINISTRATOR),
        (
            "Read Anam's own sentence on the avatar's page: mostly it names the field.",
            "If it is about the name, choose one of 3 to 50 plain letters.",
            "If it is about the picture, open the photo in a picture program, save a fresh copy as "
            "JPEG and try that one.",
            "If nothing helps, tell an administrator: the record has the sentence and the id of "
            "the request, which Anam may ask for.",
        ),
    ),
    Cause.TOO_LARGE: Remedy(
        _KEPT,
        Ending.AS_IT_IS,
        (Who.MAKER, Who.ADMINISTRATOR),
        (
            "Crop the photo to a square around head and shoulders and save it as JPEG: 1152 x 1152 "
            "pixels are plenty.",
            "Greenroom never sends more than Anam documents, 4.5 MB. If small photos are refused "
            "too, an administrator looks for a proxy on the way that allows less.",
        ),
    ),
    Cause.UNPROCESSABLE: Remedy(
        _KEPT,
        Ending.FOR_THE_PHOTO,
        (Who.MAKER,),
        (
            "Take a photo with one person alone. A mirror, a poster or a screen behind them may "
            "count as a second face.",
            "Face the camera, with both eyes open and the mouth closed. Nothing covers the face: "
            "no sunglasses, mask or hand.",
            "Stand in front of a plain wall, with light from the front and not from behind.",
            "Show head and shoulders, with a quarter of the height free above the head.",
            "Use the original from the camera. Copies from chats, screenshots and filters lose "
            "what Anam needs.",
        ),
    ),
    Cause.INDECENT: Remedy(
        _KEPT,
        Ending.FOR_THE_PHOTO,
        (Who.MAKER, Who.ANAM),
        (
            "Wear everyday clothes that cover shoulders and chest, and can be told from the skin "
            "by their colour.",
            "Stand in front of a plain wall: pictures, writing and symbols behind somebody are "
            "judged too.",
            "Leave the hands out of the picture, and whatever they hold.",
            "If nothing in the photo could be taken amiss, the check was wrong. Try another photo; "
            "if that is refused as well, an administrator can ask Anam.",
        ),
    ),
    Cause.LIKENESS: Remedy(
        _KEPT,
        Ending.FOR_THE_PHOTO,
        (Who.MAKER, Who.ANAM),
        (
            "If it only looks like somebody famous, try another photo of the same person: from "
            "another day, with other hair, clothes and light, straight from the front.",
            "No costume, no make-up for the stage, no pose of a known picture.",
            "If it is somebody famous, choose another person: Anam makes no avatar of them from a "
            "photo.",
            "If the person is taken for somebody else again and again, an administrator can ask "
            "Anam.",
        ),
    ),
    Cause.AGE: Remedy(
        _KEPT,
        Ending.FOR_THE_PHOTO,
        (Who.MAKER, Who.ANAM),
        (
            "Show the whole face from the front, without hat, sunglasses or hair across it.",
            "Use even light from the front, and the sharp original: soft light, filters and small "
            "copies make people look younger.",
            "Take a recent photo, not one from years ago.",
            "Of somebody who is not an adult no avatar is made, whatever the photo.",
        ),
    ),
    Cause.NO_ANSWER: Remedy(
        f"{_SAFE}. While the first sending may have arrived, it is not sent a second time.",
        Ending.GOES_ON,
        (Who.GREENROOM,),
        (
            "Wait: Anam may take minutes, and its list has to show the avatar before it is found.",
            "Don't make another one of the same name meanwhile. Then two fit, and an administrator "
            "has to say which is which.",
        ),
    ),
    Cause.LOST_OFTEN: Remedy(
        _KEPT,
        Ending.WAITS,
        (Who.MAKER, Who.ADMINISTRATOR),
        (
            "See whether other avatars are made at this time. If none is, Anam has trouble: wait "
            "an hour.",
            "Press “Try again” on the avatar's page.",
            "If only this photo gets lost, save a fresh, smaller copy of it as JPEG and send that "
            "one.",
            "If all get lost, an administrator looks for a proxy that ends calls after less than "
            "two minutes: so long may Anam take for an avatar.",
        ),
    ),
    Cause.SEVERAL_FIT: Remedy(
        f"{_SAFE}, and nothing is sent before somebody has chosen.",
        Ending.WAITS,
        (Who.ADMINISTRATOR,),
        (
            "Open the avatar's page: it shows what could be meant, and when Anam made each.",
            "Compare the pictures with those in the Anam Lab, and pick the right one.",
            "If it is none of them, say so. Then the photo is sent once more.",
            "Different names for avatars that are made at the same time spare you this.",
        ),
    ),
    Cause.PHOTO_MISSING: Remedy(
        "The avatar's name, its purpose and its history are safe. Whether the photo's file is "
        "still there is what has to be found out.",
        Ending.WAITS,
        (Who.ADMINISTRATOR, Who.MAKER),
        (
            "Look whether the folder that DATA_DIR names is there, mounted, and readable for "
            "Greenroom. After a move it may belong to another user of the system.",
            "If files were lost, bring the folder back from the backup.",
            "If there is none, whoever has the photo makes the avatar anew, and removes this one.",
        ),
    ),
    Cause.SAME: Remedy(
        f"{_SAFE}, and so is the avatar that was there before.",
        Ending.AS_IT_IS,
        (Who.MAKER,),
        (
            "Look in the gallery for an avatar with this face: it may be all you need.",
            "For another one, change the name or take another photo, and send it again.",
        ),
    ),
    Cause.GONE: Remedy(
        "What was uploaded here is safe: the photo, the name, the team's word and the history. The "
        "avatar at Anam is lost.",
        Ending.WAITS,
        (Who.ADMINISTRATOR,),
        (
            "Ask whoever works in the Anam Lab whether they removed it, and why.",
            "Take stock, and say for this avatar whether it is created again or kept as it is.",
            "Where it is in use, put another one in its place meanwhile: its feeds show it.",
        ),
    ),
}
