"""HEIC, where the extra `heic` is installed: the one place that knows whether it is."""

from io import BytesIO

from PIL import Image

from avatars.photos.header import Header

try:
    import pillow_heif
except ImportError:
    HEIC_IS_TAKEN = False
else:
    HEIC_IS_TAKEN = True
    # One thread as for the other kinds, and nothing but the picture itself.
    pillow_heif.options.DECODE_THREADS = 1
    pillow_heif.options.THUMBNAILS = False
    pillow_heif.options.DEPTH_IMAGES = False
    pillow_heif.options.AUX_IMAGES = False

_STRIP = 512  # rows that are worked on at a time, an even number
_INFO = ("icc_profile", "exif", "xmp")  # the last two to be told, not to be kept
# As the decoder calls them and as we go on with them; the last one comes multiplied by its alpha.
_MODES = {"L": "L", "I;16": "I;16", "RGB": "RGB", "RGBA": "RGBA", "RGBa": "RGBA"}


def decode_heif(data: bytes, header: Header) -> Image.Image:
    """The picture, turned and cropped as the file says, with what else it holds. Raises anything.

    Pillow's way of opening it would hold everything twice, so the decoder is asked directly.
    EXIF counts nothing here: its turn is said a second time by the file (23008-12, annex A).
    """
    file = pillow_heif.open_heif(BytesIO(data), remove_stride=False)
    source = file[file.primary_index]
    pixels = memoryview(source.data)
    (width, height), mode = source.size, source.mode
    if mode not in _MODES or width * height > header.pixels:
        raise ValueError("The header and the picture disagree.")
    image = _copied(pixels, source.stride, (width, height), mode, halved=header.halved)
    image.info |= {name: source.info[name] for name in _INFO if source.info.get(name)}
    return image


def _copied(
    pixels: memoryview, stride: int, size: tuple[int, int], mode: str, *, halved: bool
) -> Image.Image:
    """Strip by strip, so that a halved picture never takes its full size a second time."""
    width, height = size
    scale = 2 if halved else 1
    image = Image.new(_MODES[mode], (-(-width // scale), -(-height // scale)))
    for top in range(0, height, _STRIP):
        rows = min(_STRIP, height - top)
        part = pixels[top * stride : (top + rows) * stride]
        strip = Image.frombuffer(mode, (width, rows), bytes(part), "raw", mode, stride, 1)
        strip = strip.convert(image.mode)
        image.paste(strip.reduce(scale) if halved else strip, (0, top // scale))
    return image
