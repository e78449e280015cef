"""Every rule about a photo. The page, the API, the record and the help are made from this list."""

from avatars.photos.face_rules import FACE_RULES
from avatars.photos.kinds import KINDS
from avatars.photos.limits import (
    ASPECT_MAX,
    FILE_BYTES_MAX,
    PIXELS_MAX,
    SENT_BYTES_MAX,
    SHORT_SIDE_ADVISED,
    SHORT_SIDE_MIN,
)
from avatars.photos.measures import megabytes, sides
from avatars.photos.rule import Rule

# The lines of the list of checks, in their order; rules name them by key.
CHECKS = {
    "kind": "Kind of file",
    "bytes": "Size of the file",
    "whole": "In one piece",
    "pixels": "Pixels",
    "shape": "Shape",
    "upright": "Upright",
    "colours": "Colours",
    "metadata": "Hidden data",
    "weight": "Small enough to send",
    "face": "Framing",
}

_PLENTY = sides(SHORT_SIDE_ADVISED, SHORT_SIDE_ADVISED)

NOT_A_PHOTO = Rule(
    code="not-a-photo",
    check="kind",
    severity="error",
    title="This file is not a photo we can use",
    wanted=f"a photo saved as {KINDS}",
    how_to_fix=f"Choose a photo saved as {KINDS}.",
    why="Anam makes avatars from JPEG, PNG and WebP, and from nothing else. What a file is, its "
    "first bytes tell: a new name does not make a photo of it. Most picture programs and phones "
    "can export what they show as JPEG.",
)
CONVERTED = Rule(
    code="converted",
    check="kind",
    severity="fixed",
    title="The photo is converted",
    wanted="JPEG, PNG or WebP, which Anam takes",
    how_to_fix="Nothing to do: Greenroom writes it as JPEG in the best quality that fits.",
    why="iPhones save photos as HEIC, which is small and good, and which Anam does not take. "
    "Greenroom reads it and writes a JPEG. On a face the difference can't be seen.",
)
ANIMATED = Rule(
    code="animated",
    check="kind",
    severity="error",
    title="The picture moves",
    wanted="a still photo",
    how_to_fix="Choose the frame in which the face is sharp and save it by itself as JPEG or PNG.",
    why="An avatar is made from one picture. Which of an animation's frames would be taken is "
    "anybody's guess, and the first one is seldom the best. So you choose it.",
)
EMPTY_FILE = Rule(
    code="empty-file",
    check="bytes",
    severity="error",
    title="The file is empty",
    wanted=NOT_A_PHOTO.wanted,
    how_to_fix="The copy may have gone wrong. Choose the original file again.",
    why="The file has a name and nothing in it. That happens when a copy is broken off, or when a "
    "cloud folder shows a photo that is not on this device yet. Open it once, then choose it "
    "again.",
)
TOO_MANY_BYTES = Rule(
    code="too-many-bytes",
    check="bytes",
    severity="error",
    title="The file is too big",
    wanted=f"at most {megabytes(FILE_BYTES_MAX)}",
    how_to_fix="Export the photo as JPEG in high quality, or make it smaller: "
    f"{_PLENTY} are plenty.",
    why=f"Whatever is larger than {megabytes(SENT_BYTES_MAX)} is made lighter before it is sent, "
    f"and up to {megabytes(FILE_BYTES_MAX)} that shows nowhere. A larger file costs time to "
    "upload and makes no better avatar.",
)
DAMAGED = Rule(
    code="damaged",
    check="whole",
    severity="error",
    title="The photo is damaged",
    wanted="a photo that can be read from beginning to end",
    how_to_fix="Get the file again from the phone or camera, or open it in a picture program and "
    "save a fresh copy as JPEG.",
    why="Every photo is read to its last pixel before it is taken. Programs that show a damaged "
    "one fill what is missing with grey, often at the bottom and easy to overlook. An avatar "
    "would keep it.",
)
TOO_MANY_PIXELS = Rule(
    code="too-many-pixels",
    check="pixels",
    severity="error",
    title="The photo has too many pixels",
    wanted=f"at most {PIXELS_MAX / 1e6:.0f} million pixels",
    how_to_fix="Make the photo smaller in a picture program and save it as JPEG. "
    f"{_PLENTY} are plenty.",
    why="A picture takes four bytes of memory for each pixel, and more while it is read, however "
    "small its file is. A few bytes can ask for more than any computer has, so the limit holds "
    "before anything is read. It depends on how the file stores the picture: a JPEG may have the "
    "most pixels, a WebP the fewest. Phones save 12 to 48 million as JPEG or HEIC; some cameras "
    "save more than the limit, and a smaller copy loses nothing here.",
)
TOO_FEW_PIXELS = Rule(
    code="too-few-pixels",
    check="pixels",
    severity="error",
    title="The photo is too small",
    wanted=f"at least {SHORT_SIDE_MIN} pixels on the shorter side, "
    f"better {SHORT_SIDE_ADVISED} x {SHORT_SIDE_ADVISED}",
    how_to_fix="Use the original from the phone or camera. Previews and copies from chats are "
    "smaller, and enlarging them brings no detail back.",
    why="Below this, eyes and mouth are a handful of pixels, and whatever is made of them is "
    "invented. A frame that is drawn very tightly has the same effect: what counts are the pixels "
    "inside it.",
)
SMALL = Rule(
    code="small",
    check="pixels",
    severity="advice",
    title="The photo is rather small",
    wanted=f"{_PLENTY} or more",
    how_to_fix="It will work, but a larger one gives a sharper avatar. Use the original from the "
    "phone or camera if you have it.",
    why=f"Anam draws its frames {SHORT_SIDE_ADVISED} pixels long. A smaller photo has to be "
    "enlarged for that, which makes skin and hair look soft.",
)
HALVED = Rule(
    code="halved",
    check="pixels",
    severity="fixed",
    title="The photo is made smaller",
    wanted="no more pixels than an avatar can show",
    how_to_fix="Nothing to do: both sides are halved, and an avatar shows far less than that.",
    why=f"Anam draws its frames {SHORT_SIDE_ADVISED} pixels long. The largest pictures that phones "
    "take have fifty million pixels, and reading one whole takes more memory than it is worth. "
    "Greenroom reads such a picture at half its sides.",
)
TOO_NARROW = Rule(
    code="too-narrow",
    check="shape",
    severity="error",
    title="The photo is too narrow",
    wanted=f"no side more than {ASPECT_MAX:.0f} times the other, best a square",
    how_to_fix="Head and shoulders don't fit into such a strip. Crop the photo to a square around "
    "them.",
    why="An avatar shows head and shoulders, which are about as wide as they are high. In a strip "
    "one of them is missing. Panoramas and banners often hold a good portrait: draw the frame "
    "around it.",
)
NOT_SQUARE = Rule(
    code="not-square",
    check="shape",
    severity="advice",
    title="The photo is not square",
    wanted="a square with the face in the middle",
    how_to_fix="Upright and wide frames are cut out of a square, so parts at the edges will be "
    "lost. Crop the photo to a square around head and shoulders.",
    why="Anam cuts upright and wide frames out of the middle of a square. From any other shape "
    "parts are lost first, and nobody asks which. Whoever draws the square decides where the "
    "face is.",
)
SIDEWAYS = Rule(
    code="sideways",
    check="upright",
    severity="fixed",
    title="The photo is turned upright",
    wanted="an upright picture",
    how_to_fix="Nothing to do: Greenroom turns it.",
    why="A phone held sideways saves the picture as its sensor saw it, with a note on how to turn "
    "it. Most programs follow that note, some do not, and then a face lies on its side. Greenroom "
    "turns the picture itself, so nobody has to read the note.",
)
GREYSCALE = Rule(
    code="greyscale",
    check="colours",
    severity="advice",
    title="The photo has no colours",
    wanted="a colour photo",
    how_to_fix="The avatar will be grey too. Choose a colour photo for a lifelike one.",
    why="Anam adds no colours: from a grey photo comes a grey person. That can be what you want, "
    "so it is allowed.",
)
TRANSPARENT = Rule(
    code="transparent",
    check="colours",
    severity="advice",
    title="The background is transparent",
    wanted="a photo with a background",
    how_to_fix="It will be laid on white. If you want another background, put it behind the person "
    "first.",
    why="A video has no see-through parts, so something has to be behind the person. Greenroom "
    "takes white, which suits most pages but shows every rough edge of a cut-out. A calm room or "
    "a plain wall looks more natural.",
)
COLOURS = Rule(
    code="colours",
    check="colours",
    severity="fixed",
    title="The colours are written anew",
    wanted="red, green and blue of 8 bits each",
    how_to_fix="Nothing to do: Greenroom writes them as screens show them.",
    why="Colours can be stored for printing presses, with more steps than screens show, or from a "
    "small set. Not every program reads these alike, and a face comes out too red or too pale. "
    "Greenroom turns them into the usual ones, so that everybody sees the same.",
)
METADATA = Rule(
    code="metadata",
    check="metadata",
    severity="fixed",
    title="Hidden data is left out",
    wanted="nothing but the picture",
    how_to_fix="Nothing to do: none of it is sent. Only the picture is.",
    why="Photos often carry more than they show: where and when they were taken, with which "
    "device, a second picture, or whatever somebody hung behind it. None of that helps an avatar, "
    "and some of it is nobody's business. Greenroom writes down what kinds it found, never what "
    "they say.",
)
WILL_SHRINK = Rule(
    code="will-shrink",
    check="weight",
    severity="fixed",
    title="The photo is made lighter",
    wanted=f"at most {megabytes(SENT_BYTES_MAX)} to send",
    how_to_fix="Nothing to do: a lighter copy is sent, at the best quality that fits.",
    why=f"Anam takes {megabytes(SENT_BYTES_MAX)} at most. Greenroom saves a heavier photo as JPEG "
    "in the best quality that fits, and only takes pixels away when that is not enough. On a face "
    "the difference can't be seen.",
)

RULES = {
    rule.code: rule
    for rule in (
        NOT_A_PHOTO,
        CONVERTED,
        ANIMATED,
        EMPTY_FILE,
        TOO_MANY_BYTES,
        DAMAGED,
        TOO_MANY_PIXELS,
        TOO_FEW_PIXELS,
        SMALL,
        HALVED,
        TOO_NARROW,
        NOT_SQUARE,
        SIDEWAYS,
        GREYSCALE,
        TRANSPARENT,
        COLOURS,
        METADATA,
        WILL_SHRINK,
        *FACE_RULES,
    )
}
