"""The prepared photo: upright, bare, small enough, and still the same picture."""

from hashlib import sha256

import pytest
from PIL import Image

from avatars.photos.colours import in_rgb
from avatars.photos.compression import JpegCompression
from avatars.photos.inspect import inspect
from avatars.photos.photo import Photo
from avatars.photos.prepare import (
    SENT_BYTES_MAX,
    THUMBNAIL_WIDTHS,
    Prepared,
    prepare,
    thumbnails,
)
from tests.photos import pictures
from tests.photos.pictures import difference, opened, portrait, saved


def accepted(data: bytes) -> Photo:
    inspection = inspect(data)
    assert inspection.photo is not None, inspection.errors
    return inspection.photo


def prepared(data: bytes) -> Prepared:
    return prepare(accepted(data))


def profile_of(data: bytes) -> bytes | None:
    profile: bytes | None = opened(data).info.get("icc_profile")
    return profile


def test_a_prepared_photo_describes_itself() -> None:
    photo = prepared(pictures.portrait_jpeg(1200, 1300))
    assert (photo.content_type, photo.extension) == ("image/jpeg", ".jpg")
    assert (photo.width, photo.height) == (1200, 1300)
    assert photo.sha256 == sha256(photo.data).hexdigest()
    assert opened(photo.data).size == (1200, 1300)


def test_a_photo_is_not_printed_with_its_bytes() -> None:
    photo = accepted(pictures.portrait_jpeg())
    assert len(repr(photo)) + len(repr(prepare(photo))) < 1000


@pytest.mark.parametrize(
    ("data", "kind", "content_type", "extension"),
    [
        (pictures.portrait_jpeg(), "JPEG", "image/jpeg", ".jpg"),
        (pictures.mpo(), "JPEG", "image/jpeg", ".jpg"),
        (pictures.portrait_png(), "PNG", "image/png", ".png"),
        (pictures.portrait_webp(), "WEBP", "image/webp", ".webp"),
    ],
)
def test_a_photo_keeps_its_kind(data: bytes, kind: str, content_type: str, extension: str) -> None:
    photo = prepared(data)
    assert opened(photo.data).format == kind
    assert (photo.content_type, photo.extension) == (content_type, extension)


@pytest.mark.parametrize("subsampling", ["4:4:4", "4:2:2", "4:2:0"])
@pytest.mark.parametrize("quality", [60, 92, 100])
def test_an_upright_jpeg_loses_nothing_to_speak_of(quality: int, subsampling: str) -> None:
    data = pictures.portrait_jpeg(quality=quality, subsampling=subsampling)
    photo = prepared(data)
    assert difference(opened(photo.data), opened(data)) < 1
    assert abs(len(photo.data) - len(data)) < 0.05 * len(data)


def test_an_upright_jpeg_keeps_its_tables_and_subsampling() -> None:
    data = pictures.portrait_jpeg(quality=83, subsampling="4:2:2")
    before, after = accepted(data), accepted(prepared(data).data)
    assert before.compression == after.compression


def test_a_progressive_jpeg_loses_nothing_to_speak_of() -> None:
    data = pictures.portrait_jpeg(progressive=True)
    assert difference(opened(prepared(data).data), opened(data)) < 1


@pytest.mark.parametrize("orientation", pictures.HELD)
@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_a_photo_held_any_way_comes_out_upright_to_the_pixel(kind: str, orientation: int) -> None:
    photo = prepared(pictures.phone_photo(kind, orientation, 400, 600))
    assert (photo.width, photo.height) == (400, 600)
    assert difference(opened(photo.data).convert("RGB"), portrait(400, 600)) == 0


@pytest.mark.parametrize("orientation", pictures.HELD)
def test_a_turned_phone_photo_equals_its_upright_original(orientation: int) -> None:
    photo = prepared(pictures.phone_jpeg(orientation, 1205, 1603))
    assert (photo.width, photo.height) == (1205, 1603)
    assert difference(opened(photo.data), portrait(1205, 1603)) < 3


def test_a_turned_photo_too_heavy_at_high_quality_keeps_its_own_tables() -> None:
    """Written at quality 95 this one has 6 MB; its own tables give what it had."""
    noise = opened(pictures.noise_jpeg(2400, quality=70))
    data = saved(noise, "JPEG", quality=70, exif=pictures.phone_exif(6))
    photo = prepared(data)
    assert 0.95 * len(data) < len(photo.data) < 1.05 * len(data)
    turned_tables = accepted(data).compression
    assert turned_tables is not None
    assert accepted(photo.data).compression == turned_tables
    upright_again = opened(data).transpose(Image.Transpose.ROTATE_270)
    assert difference(opened(photo.data), upright_again) < 5


def test_tables_turn_with_the_picture() -> None:
    table = tuple(range(64))
    compression = JpegCompression((table,), subsampling=1)
    turned = compression.turned()
    assert turned.tables[0][:3] == (0, 8, 16)
    assert turned.turned().tables == compression.tables
    assert turned.subsampling == 0


@pytest.mark.parametrize(
    "data",
    [
        pictures.talkative_jpeg(),
        pictures.phone_jpeg(6),
        pictures.mpo(),
        pictures.phone_photo("PNG", 6),
        pictures.phone_photo("WEBP", 6),
        pictures.portrait_webp(exif=pictures.phone_exif(), xmp=pictures.GPS_WORDS),
        pictures.talkative_png(),
    ],
)
def test_nothing_but_the_picture_is_left(data: bytes) -> None:
    photo = prepared(data)
    picture = opened(photo.data)
    assert not picture.getexif()
    assert set(picture.info) & {"exif", "xmp", "comment", "photoshop", "mp"} == set()
    for made in (photo.data, *photo.thumbnails.values()):
        assert pictures.GPS_WORDS not in made
        assert b"Exif" not in made


def test_the_test_photos_do_say_where_they_were_taken() -> None:
    for data in (pictures.talkative_jpeg(), pictures.phone_jpeg(6), pictures.talkative_png()):
        assert pictures.GPS_WORDS in data
    assert opened(pictures.phone_jpeg(6)).getexif().get_ifd(0x8825)[1] == "N"


@pytest.mark.parametrize(
    "photo",
    [pictures.portrait_jpeg(), pictures.portrait_png(), pictures.portrait_webp()],
    ids=["jpeg", "png", "webp"],
)
def test_a_page_hidden_behind_a_photo_is_gone(photo: bytes) -> None:
    polyglot = photo + pictures.SCRIPT
    result = prepared(polyglot)
    assert result.data == prepared(photo).data
    assert pictures.SCRIPT not in result.data


def test_a_small_profile_stays_and_the_pixels_with_it() -> None:
    profile = pictures.swapping_profile()
    for data in (
        pictures.portrait_jpeg(600, 600, icc_profile=profile),
        pictures.portrait_png(600, 600, icc_profile=profile),
        pictures.portrait_webp(600, 600, icc_profile=profile),
    ):
        photo = prepared(data)
        assert profile_of(photo.data) == profile
        assert difference(opened(photo.data), opened(data)) < 1.5


def test_a_big_profile_is_turned_into_pixels() -> None:
    """The profile swaps red and green, so the picture without it must have them swapped."""
    photo = prepared(pictures.portrait_jpeg(600, 600, icc_profile=pictures.big_profile()))
    red, green, blue = portrait(600, 600).split()
    assert profile_of(photo.data) is None
    assert difference(opened(photo.data), Image.merge("RGB", (green, red, blue))) < 4


def test_a_profile_of_200_kilobytes_is_the_largest_kept() -> None:
    allowed = pictures.big_profile(200_000)
    assert profile_of(prepared(pictures.portrait_jpeg(icc_profile=allowed)).data) == allowed
    above = pictures.big_profile(200_001)
    assert profile_of(prepared(pictures.portrait_jpeg(icc_profile=above)).data) is None


@pytest.mark.parametrize("profile", [b"no profile", b"\xff" * 300_000])
def test_a_profile_that_is_none_is_dropped_and_the_photo_kept(profile: bytes) -> None:
    data = pictures.portrait_jpeg(600, 600, icc_profile=profile)
    photo = prepared(data)
    assert profile_of(photo.data) is None
    assert difference(opened(photo.data), opened(data)) < 1


def test_a_big_broken_profile_is_dropped_and_the_photo_kept() -> None:
    broken = pictures.big_profile()[:128] + b"\xff" * 300_000
    data = pictures.portrait_jpeg(600, 600, icc_profile=broken)
    photo = prepared(data)
    assert profile_of(photo.data) is None
    assert difference(opened(photo.data), opened(data)) < 1


def test_a_profile_for_other_colours_is_dropped() -> None:
    photo = prepared(pictures.cmyk_jpeg(600, 600, icc_profile=pictures.swapping_profile()))
    assert profile_of(photo.data) is None


def test_a_grey_photo_with_a_grey_profile_becomes_colour_without_one() -> None:
    profile = bytearray(pictures.swapping_profile())
    profile[16:20] = b"GRAY"
    grey = portrait(600, 600).convert("L")
    photo = prepared(saved(grey, "JPEG", quality=95, icc_profile=bytes(profile)))
    assert profile_of(photo.data) is None
    assert difference(opened(photo.data), grey.convert("RGB")) < 2


def test_print_colours_become_screen_colours() -> None:
    photo = prepared(pictures.cmyk_jpeg())
    assert opened(photo.data).mode == "RGB"
    assert difference(opened(photo.data), portrait()) < 3


def test_sixteen_bits_of_grey_are_scaled_and_not_clipped() -> None:
    picture = opened(prepared(pictures.grey_16_bit_png(600, 300)).data)
    row = [picture.getpixel((x, 100)) for x in (0, 150, 300, 599)]
    assert row == [(value,) * 3 for value in (0, 64, 128, 255)]


def test_sixteen_bits_of_colour_are_scaled_and_not_clipped() -> None:
    picture = opened(prepared(pictures.colour_16_bit_png()).data)
    assert picture.getpixel((300, 300)) == (255, 128, 0)


def test_the_grey_that_stands_for_nothing_becomes_white() -> None:
    chunk = pictures.png_chunk(b"tRNS", b"\0\0")
    black = pictures.png_file(300, 300, bytes(601) * 300, depth=16, colour=0, more=chunk)
    assert opened(prepared(black).data).getpixel((9, 9)) == (255, 255, 255)


def test_what_is_see_through_becomes_white() -> None:
    picture = opened(prepared(pictures.see_through_png()).data)
    assert picture.mode == "RGB"
    assert picture.crop((0, 0, 300, 600)).getextrema() == ((255, 255),) * 3
    right = (300, 0, 600, 600)
    assert difference(picture.crop(right), portrait(600, 600).crop(right)) == 0


def test_see_through_palette_colours_become_white() -> None:
    data = pictures.palette_png()
    expected = Image.new("RGB", (600, 600), "white")
    layer = opened(data).convert("RGBA")
    expected.paste(layer, mask=layer)
    assert difference(opened(prepared(data).data), expected) == 0


def test_lossless_webp_stays_lossless() -> None:
    data = pictures.portrait_webp(600, 600, lossless=True)
    photo = prepared(data)
    assert b"VP8L" in photo.data[:40]
    assert difference(opened(photo.data), portrait(600, 600)) == 0


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "PA", "RGBA", "CMYK", "YCbCr", "HSV"])
def test_every_way_of_storing_colours_becomes_rgb(mode: str) -> None:
    source = portrait(300, 300)
    stored = source.convert("P").convert("PA") if mode == "PA" else source.convert(mode)
    colours = in_rgb(stored)
    assert colours.image.mode == "RGB"
    assert not colours.transparent
    assert difference(colours.image, stored.convert("RGB")) == 0


@pytest.mark.parametrize(("mode", "white"), [("I", 65535), ("I", 255), ("F", 1.0), ("F", 7e5)])
def test_numbers_without_a_stated_reach_are_scaled_to_their_brightest(
    mode: str, white: float
) -> None:
    stored = Image.new(mode, (300, 300), white)
    half = white / 2 if mode == "F" else int(white) // 2
    stored.paste(half, (0, 0, 150, 300))
    result = in_rgb(stored).image
    assert result.getpixel((200, 0)) == (255, 255, 255)
    assert result.getpixel((100, 0)) in [(127, 127, 127), (128, 128, 128)]


def test_a_black_picture_of_numbers_stays_black() -> None:
    assert in_rgb(Image.new("F", (300, 300))).image.getextrema() == ((0, 0),) * 3


def test_lab_colours_become_rgb() -> None:
    colours = in_rgb(pictures.lab_picture(300, 300))
    assert difference(colours.image, portrait(300, 300)) < 3


def test_a_png_too_heavy_to_send_becomes_a_jpeg_of_the_best_quality() -> None:
    data = pictures.portrait_png(3200, 3200)
    photo = prepared(data)
    assert len(data) > SENT_BYTES_MAX >= len(photo.data)
    assert (photo.content_type, photo.width, photo.height) == ("image/jpeg", 3200, 3200)
    assert (
        accepted(photo.data).compression
        == accepted(pictures.portrait_jpeg(quality=95, subsampling="4:4:4")).compression
    )


def test_the_quality_goes_down_before_the_size_does() -> None:
    """This noise has 5.8 MB at quality 95; the next one fits at full size."""
    photo = prepared(pictures.noise_png(1500))
    next_best = pictures.noise_jpeg(1500, quality=92, subsampling="4:2:0")
    assert (photo.width, photo.height) == (1500, 1500)
    assert accepted(photo.data).compression == accepted(next_best).compression


def test_a_photo_no_quality_can_fit_becomes_smaller() -> None:
    data = pictures.noise_jpeg(3600, quality=70)
    photo = prepared(data)
    assert len(photo.data) <= SENT_BYTES_MAX
    assert photo.width == photo.height < 3600
    assert opened(photo.data).size == (photo.width, photo.height)


def test_the_limit_leaves_room_for_the_rest_of_the_request() -> None:
    assert SENT_BYTES_MAX == 4_500_000 - 4_096


def test_a_shrunk_photo_keeps_its_profile_and_its_shape() -> None:
    noise = opened(pictures.noise_jpeg(3600, quality=70)).crop((0, 0, 3600, 2700))
    profile = pictures.swapping_profile()
    photo = prepared(saved(noise, "JPEG", quality=80, icc_profile=profile))
    assert photo.width * 3 == photo.height * 4
    assert profile_of(photo.data) == profile


def test_thumbnails_are_webp_squares_of_their_widths() -> None:
    squares = prepared(pictures.portrait_jpeg(1300, 1800)).thumbnails
    assert tuple(squares) == THUMBNAIL_WIDTHS == (96, 320, 640)
    for width, data in squares.items():
        assert opened(data).format == "WEBP"
        assert opened(data).size == (width, width)


def test_thumbnails_are_never_larger_than_the_photo() -> None:
    squares = prepared(pictures.portrait_jpeg(400, 300)).thumbnails
    assert [opened(data).width for data in squares.values()] == [96, 300, 300]


@pytest.mark.parametrize(
    ("size", "window"),
    [
        ((900, 1500), (0, 150, 900, 1050)),
        ((600, 640), (0, 0, 600, 600)),
        ((1500, 900), (300, 0, 1200, 900)),
    ],
    ids=["upright", "nearly-square", "wide"],
)
def test_a_thumbnail_shows_the_middle_and_where_heads_are(
    size: tuple[int, int], window: tuple[int, int, int, int]
) -> None:
    data = pictures.portrait_png(*size)
    expected = portrait(*size).crop(window).resize((320, 320), Image.Resampling.LANCZOS)
    assert difference(opened(prepared(data).thumbnails[320]), expected) < 6


def test_thumbnails_show_the_colours_the_profile_asks_for() -> None:
    data = pictures.portrait_png(600, 600, icc_profile=pictures.swapping_profile())
    red, green, blue = portrait(600, 600).resize((320, 320)).split()
    thumbnail = prepared(data).thumbnails[320]
    assert profile_of(thumbnail) is None
    assert difference(opened(thumbnail), Image.merge("RGB", (green, red, blue))) < 5


@pytest.mark.parametrize(
    "data",
    [
        pictures.phone_jpeg(6, 3000, 4000),
        pictures.portrait_png(icc_profile=pictures.swapping_profile()),
        pictures.portrait_webp(),
    ],
    ids=["jpeg", "png-with-profile", "webp"],
)
def test_lost_thumbnails_are_made_again_from_the_prepared_photo(data: bytes) -> None:
    photo = prepared(data)
    again = thumbnails(photo.data)
    assert tuple(again) == THUMBNAIL_WIDTHS
    for width, square in again.items():
        assert difference(opened(square), opened(photo.thumbnails[width])) < 4


def test_thumbnails_of_a_damaged_file_are_an_error() -> None:
    with pytest.raises(OSError, match="truncated"):
        thumbnails(pictures.portrait_jpeg()[:5000])
