"""What a create asks for, checked: everything wrong with it is found at once."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from .answers import Problem, Refusal, error, invalid, message
from .call import Call
from .drawing import face
from .parcel import File, Parcel, opened
from .pictures import Impression, NotAPhoto, Unreadable, impression

SHORTEST, LONGEST = 3, 50  # characters of a display name
KINDS = ("image/jpeg", "image/png", "image/webp")
MODELS = ("cara-3", "cara-4")
DEFAULT_MODEL = "cara-4"


@dataclass(frozen=True)
class Submission:
    name: str
    model: str
    source: bytes
    style: str  # of renderStyle: "realistic" for a photo, "illustrated" for a drawn stand-in
    seen: Impression


def submission(call: Call) -> Submission:
    """Raises a Refusal: 400 with every problem, 403 for a gated model, 422 for a broken photo."""
    parcel = opened(call)
    name = parcel.fields.get("displayName")
    model = parcel.fields.get("avatarModel") or DEFAULT_MODEL
    problems = [*name_problems(name), *_model_problems(model), *_image_problems(parcel)]
    if problems:
        raise Refusal(invalid(problems))
    if str(model).endswith("-latest"):
        text = f"The model {model} is not enabled for your organization."
        raise Refusal(message(403, text))
    source, style = _source(parcel)
    return Submission(str(name), str(model), source, style, _look(source))


def name_problems(name: object) -> list[Problem]:
    if not isinstance(name, str) or not name:
        return [_problem("displayName", "Display name is required", "invalid_type")]
    if len(name) < SHORTEST:
        text = f"Display name must be at least {SHORTEST} characters"
        return [_problem("displayName", text, "too_small")]
    if len(name) > LONGEST:
        text = f"Display name must be at most {LONGEST} characters"
        return [_problem("displayName", text, "too_big")]
    return []


def _model_problems(model: object) -> list[Problem]:
    if model in MODELS or (isinstance(model, str) and model.endswith("-latest")):
        return []
    text = f"Unknown avatar model, expected one of {', '.join(MODELS)}"
    return [_problem("avatarModel", text, "invalid_enum_value")]


def _image_problems(parcel: Parcel) -> list[Problem]:
    url = parcel.fields.get("imageUrl")
    if "imageFile" in parcel.fields:  # a part without a file name arrives as text
        text = "imageFile must be a file: give the part a filename"
        return [_problem("imageFile", text, "invalid_type")]
    if bool(parcel.file) == bool(url):
        text = "Provide exactly one of imageFile and imageUrl"
        return [_problem("imageFile", text, "custom")]
    if parcel.file:
        return _file_problems(parcel.file)
    return [] if _is_web_address(url) else [_problem("imageUrl", "Invalid URL", "invalid_string")]


def _file_problems(file: File) -> list[Problem]:
    if file.kind not in KINDS:
        text = f"Invalid file type {file.kind}, expected JPEG, PNG or WebP"
        return [_problem("imageFile", text, "custom")]
    return []


def _is_web_address(url: object) -> bool:
    try:
        parts = urlsplit(str(url))
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _source(parcel: Parcel) -> tuple[bytes, str]:
    # The sandbox never goes out to the network: the same URL always gives the same drawn face.
    if parcel.file:
        return parcel.file.content, "realistic"
    return face(str(parcel.fields["imageUrl"])), "illustrated"


def _look(source: bytes) -> Impression:
    try:
        return impression(source)
    except NotAPhoto as foreign:
        text = "The file is not a JPEG, PNG or WebP image"
        raise Refusal(invalid([_problem("imageFile", text, "custom")])) from foreign
    except Unreadable as broken:
        raise Refusal(error(422, "The image could not be processed")) from broken


def _problem(path: str, text: str, code: str) -> Problem:
    return {"path": path, "message": text, "code": code}
