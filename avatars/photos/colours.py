"""From any way of storing colours to 8-bit RGB on white."""

from dataclasses import dataclass

from PIL import Image, ImageChops

from avatars.photos.limits import PROFILE_BYTES_MAX
from avatars.photos.profile import mode_of, to_srgb

_SIXTEEN_BITS_TO_EIGHT = [(value + 128) // 257 for value in range(65536)]
_WHITE = 255
_GREY_TOLERANCE = 8


@dataclass(frozen=True)
class Colours:
    """An 8-bit RGB image, the profile it still needs, and whether it was see-through."""

    image: Image.Image
    profile: bytes | None
    transparent: bool


def in_rgb(image: Image.Image) -> Colours:
    """Any loaded image as 8-bit RGB. One that is so already comes back itself, not copied."""
    profile: bytes | None = image.info.get("icc_profile")
    transparent = False
    if image.mode.startswith("I;16"):
        image = _from_sixteen_bits(image)
    elif image.mode in ("I", "F"):
        image = _from_numbers(image)
    if image.has_transparency_data:
        image, transparent = _on_white(image)
    if image.mode not in ("RGB", "L", "CMYK", "LAB"):
        image = image.convert("RGB")
    if profile and mode_of(profile) != image.mode:
        profile = None
    if image.mode == "RGB" and (not profile or len(profile) <= PROFILE_BYTES_MAX):
        return Colours(image, profile, transparent)
    converted = to_srgb(image, profile) if profile else None
    return Colours(converted or image.convert("RGB"), None, transparent)


def is_greyscale(image: Image.Image) -> bool:
    """Whether an RGB image shows greys only, judged by 64 x 64 of its pixels."""
    sample = image.resize((64, 64), Image.Resampling.NEAREST)
    red, green, blue = sample.split()
    differences = (ImageChops.difference(red, green), ImageChops.difference(green, blue))
    return all(_range(difference)[1] <= _GREY_TOLERANCE for difference in differences)


def _from_sixteen_bits(image: Image.Image) -> Image.Image:
    """Scaled by 257, so that 65535 is white; the colour that stands for nothing is white."""
    table = _SIXTEEN_BITS_TO_EIGHT.copy()
    nothing = image.info.get("transparency")
    if isinstance(nothing, int):
        table[nothing] = _WHITE
    result = image.convert("I").point(table, "L")
    result.info.pop("transparency", None)
    return result


def _from_numbers(image: Image.Image) -> Image.Image:
    """Integers or floats say nowhere how far they reach: the brightest pixel tells."""
    brightest = _range(image)[1]
    reach = next((limit for limit in (1, 255, 65535) if brightest <= limit), brightest)
    return image.point(lambda value: value * (255 / reach) + 0.5).convert("L")


def _on_white(image: Image.Image) -> tuple[Image.Image, bool]:
    """The image over white as RGB, and whether any of the white can be seen."""
    layer = image if image.mode == "RGBA" else image.convert("RGBA")
    if _range(layer, 3)[0] == _WHITE:
        return layer.convert("RGB"), False
    canvas = Image.new("RGB", layer.size, "white")
    canvas.paste(layer, mask=layer)
    return canvas, True


def _range(image: Image.Image, band: int = 0) -> tuple[float, float]:
    """Lowest and highest value of one band. Pillow nests them only when there are several."""
    extrema = image.getextrema()
    lowest, highest = extrema[band] if isinstance(extrema[0], tuple) else extrema
    return lowest, highest
