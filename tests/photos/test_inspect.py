"""The verdict: what is refused, what is advised, and that nothing ever breaks it."""

import struct
from threading import Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFile

from avatars.photos.decoder import decode
from avatars.photos.inspect import (
    FILE_BYTES_MAX,
    PIXELS_MAX,
    SHORT_SIDE_MIN,
    Inspection,
    inspect,
)
from avatars.photos.jpeg_header import read_jpeg_header
from avatars.photos.photo import WORKING
from avatars.photos.prepare import SENT_BYTES_MAX, prepare
from avatars.photos.webp_header import read_webp_header
from tests.photos import pictures

SMALL_PHOTOS = {
    "JPEG": pictures.phone_jpeg(6, 300, 260),
    "progressive JPEG": pictures.portrait_jpeg(300, 260, progressive=True),
    "MPO": pictures.mpo(300, 260),
    "PNG": pictures.phone_photo("PNG", 3, 300, 260),
    "palette PNG": pictures.palette_png(300, 260),
    "WebP": pictures.portrait_webp(300, 260, exif=pictures.phone_exif(8)),
    "lossless WebP": pictures.phone_photo("WEBP", 6, 300, 260),
}
BY_NAME = pytest.mark.parametrize("name", SMALL_PHOTOS)


def codes(inspection: Inspection) -> list[str]:
    return [finding.code for finding in inspection.findings]


def error_codes(data: bytes) -> list[str]:
    inspection = inspect(data)
    assert (inspection.photo is None) == bool(inspection.errors)
    return [finding.code for finding in inspection.errors]


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (pictures.portrait_jpeg(), "JPEG"),
        (pictures.portrait_jpeg(progressive=True), "JPEG"),
        (pictures.portrait_png(), "PNG"),
        (pictures.portrait_webp(), "WEBP"),
        (pictures.portrait_webp(lossless=True), "WEBP"),
    ],
    ids=["jpeg", "progressive", "png", "webp", "lossless-webp"],
)
def test_a_good_photo_passes_without_a_word(data: bytes, kind: str) -> None:
    inspection = inspect(data)
    assert inspection.findings == ()
    assert inspection.photo is not None
    assert inspection.faces is not None
    assert len(inspection.faces) == 1
    assert (inspection.photo.kind, inspection.photo.data) == (kind, data)
    assert (inspection.photo.width, inspection.photo.height) == (1200, 1200)


def test_a_finding_says_everything_in_words() -> None:
    (finding,) = inspect(pictures.portrait_jpeg(300, 200)).errors
    assert finding.as_dict() == {
        "code": "too-few-pixels",
        "severity": "error",
        "title": "The photo is too small",
        "measured": "300 x 200 pixels",
        "wanted": "at least 256 pixels on the shorter side, better 1152 x 1152",
        "how_to_fix": finding.how_to_fix,
    }
    assert finding.how_to_fix.endswith(".")


def test_no_bytes_are_an_empty_file() -> None:
    assert error_codes(b"") == ["empty-file"]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (pictures.portrait_gif(), "GIF"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1avif" + bytes(99), "AVIF"),
        (b"\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf" + bytes(99), "AVIF"),
        (pictures.saved(pictures.portrait(300, 300), "AVIF"), "AVIF"),
        (b"\0\0\0\x18ftypisom\0\0\0\0isommp42" + bytes(99), "video"),
        (pictures.saved(pictures.portrait(300, 300), "PDF"), "PDF"),
        (pictures.saved(pictures.portrait(300, 300), "BMP"), "BMP"),
        (pictures.saved(pictures.portrait(300, 300), "TIFF"), "TIFF"),
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>', "SVG"),
        (b"\n <!DOCTYPE HTML><html><body><svg></svg></body></html>", "web page"),
        (b"PK\x03\x04" + bytes(99), "ZIP"),
        (b"just words", "another kind"),
        (b"\xff\xd8", "another kind"),
    ],
)
def test_a_file_of_another_kind_is_named(data: bytes, name: str) -> None:
    (finding,) = inspect(data).findings
    assert finding.code == "not-a-photo"
    assert name in finding.measured


def test_a_heavy_file_is_refused_in_megabytes() -> None:
    heavy = pictures.portrait_jpeg() + bytes(12_000_000)
    (finding,) = inspect(heavy).errors
    assert finding.code == "too-many-bytes"
    assert (finding.measured, finding.wanted) == ("12.2 MB", "at most 10.0 MB")


def test_a_file_of_exactly_the_limit_passes() -> None:
    photo = pictures.portrait_jpeg()
    padding = bytes(FILE_BYTES_MAX - len(photo))
    assert error_codes(photo + padding) == []
    assert error_codes(photo + padding + b"\0") == ["too-many-bytes"]


def test_heavy_bytes_that_are_no_photo_give_both_findings() -> None:
    assert error_codes(b"%PDF" + bytes(12_000_000)) == ["too-many-bytes", "not-a-photo"]


@pytest.mark.parametrize(
    "data",
    [pictures.webp_bomb(), pictures.whole_webp_bomb(), pictures.png_bomb()],
    ids=["38-byte-webp", "28-byte-webp", "png"],
)
def test_a_bomb_is_refused_by_its_header(data: bytes) -> None:
    (finding,) = inspect(data).findings
    assert finding.code == "too-many-pixels"
    assert finding.wanted.startswith("at most ")
    assert finding.wanted.endswith(" like this one")


def test_the_bombs_are_as_small_as_promised_and_one_would_really_go_off() -> None:
    assert len(pictures.webp_bomb()) == 38
    assert len(pictures.whole_webp_bomb()) == 28
    assert pictures.opened(pictures.whole_webp_bomb(2000)).size == (2000, 2000)


def test_a_jpeg_that_states_too_many_pixels_is_not_decoded() -> None:
    data = bytearray(pictures.portrait_jpeg(600, 600))
    frame = data.index(b"\xff\xc0")
    data[frame + 5 : frame + 9] = struct.pack(">HH", 8000, 8000)
    assert error_codes(bytes(data)) == ["too-many-pixels"]


def test_the_pixel_limit_itself_is_allowed() -> None:
    """It is that of the kind: a WebP takes more memory for each pixel than a JPEG."""
    limit = read_webp_header(pictures.whole_webp_bomb()).pixels_max
    assert limit < PIXELS_MAX
    assert error_codes(pictures.whole_webp_bomb(int(limit**0.5))) == []
    assert error_codes(pictures.whole_webp_bomb(int(limit**0.5) + 1)) == ["too-many-pixels"]


def test_a_strip_is_too_small_and_too_narrow_at_once() -> None:
    inspection = inspect(pictures.strip_png())
    assert codes(inspection) == ["too-few-pixels", "too-narrow"]
    assert inspection.findings[1].measured == "30000 x 1 pixels, 30000.0 to 1"


def test_a_giant_strip_gives_pixels_and_shape_at_once() -> None:
    strip = pictures.png_file(600_000, 100, bytes(99))
    assert error_codes(strip) == ["too-many-pixels", "too-few-pixels", "too-narrow"]


def test_four_to_one_is_the_narrowest_shape() -> None:
    assert error_codes(pictures.portrait_jpeg(SHORT_SIDE_MIN * 4, SHORT_SIDE_MIN)) == []
    assert error_codes(pictures.portrait_jpeg(SHORT_SIDE_MIN * 4 + 1, SHORT_SIDE_MIN)) == [
        "too-narrow"
    ]


def test_a_small_photo_cut_short_is_both() -> None:
    data = pictures.portrait_jpeg(200, 200)
    assert error_codes(data[:-500]) == ["damaged", "too-few-pixels"]


@pytest.mark.parametrize("data", [pictures.moving_png(), pictures.moving_webp()])
def test_an_animation_is_refused_with_its_frames(data: bytes) -> None:
    (finding,) = inspect(data).errors
    assert (finding.code, finding.measured) == ("animated", "an animation of 2 frames")


def test_the_second_picture_of_a_phone_photo_is_no_animation() -> None:
    data = pictures.mpo()
    assert pictures.opened(data).format == "MPO"
    (finding,) = inspect(data).findings
    assert (finding.code, finding.measured) == ("metadata", "a second picture")


def test_a_phone_photo_whose_second_picture_is_cut_short_passes() -> None:
    assert error_codes(pictures.mpo()[:-100]) == []


@BY_NAME
@pytest.mark.parametrize("kept", [0.02, 0.1, 0.3, 0.5, 0.7])
def test_a_photo_cut_short_is_refused_in_words(name: str, kept: float) -> None:
    whole = SMALL_PHOTOS[name]
    (finding,) = inspect(whole[: int(len(whole) * kept)]).errors
    assert finding.code == "damaged"
    assert finding.measured == "the file ends before the picture does"


@pytest.mark.parametrize("name", ["JPEG", "progressive JPEG", "PNG", "WebP", "lossless WebP"])
@pytest.mark.parametrize("missing", [2, 3, 11, 400])
def test_a_photo_that_lacks_its_last_bytes_is_refused(name: str, missing: int) -> None:
    assert error_codes(SMALL_PHOTOS[name][:-missing]) == ["damaged"]


def test_a_jpeg_of_markers_alone_has_no_picture() -> None:
    (finding,) = inspect(b"\xff\xd8\xff\xd9").errors
    assert finding.measured == "the file has the beginning of a photo but no picture in it"


def test_a_changed_byte_in_a_png_is_noticed() -> None:
    data = bytearray(pictures.portrait_png(300, 300))
    data[data.index(b"IDAT") + 2000] ^= 1
    (finding,) = inspect(bytes(data)).errors
    assert finding.measured == "part of the file is not what was saved"


def test_a_png_whose_pixels_end_too_soon_is_damaged() -> None:
    assert error_codes(pictures.png_file(300, 300, b"")) == ["damaged"]


def test_two_sizes_in_one_file_are_damage() -> None:
    """The second frame header is the one Pillow would set memory aside for."""
    data = pictures.portrait_jpeg(300, 300)
    frame = data.index(b"\xff\xc0")
    length = 2 + int.from_bytes(data[frame + 2 : frame + 4])
    second = bytearray(data[frame : frame + length])
    second[5:9] = struct.pack(">HH", 9000, 9000)
    forged = data[: frame + length] + second + data[frame + length :]
    assert error_codes(forged) == ["damaged"]
    with pytest.raises(ValueError, match="disagree"):
        decode(forged, read_jpeg_header(forged))


def test_thousands_of_scans_are_refused_unread() -> None:
    (finding,) = inspect(pictures.jpeg_of_many_scans(150)).errors
    assert finding.code == "damaged"
    assert "unusual number of pieces" in finding.measured


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xd8" + b"\xff\xe0\0\x02" * 30_000 + pictures.portrait_jpeg(300, 300)[2:],
        pictures.png_file(
            300, 300, bytes(901 * 300), more=pictures.png_chunk(b"abCd", b"") * 30_000
        ),
        pictures.webp_file(SMALL_PHOTOS["WebP"][12:] + b"JUNK\0\0\0\0" * 30_000),
    ],
    ids=["jpeg", "png", "webp"],
)
def test_a_file_of_countless_pieces_is_refused_unread(data: bytes) -> None:
    (finding,) = inspect(data).errors
    assert "unusual number of pieces" in finding.measured


def test_a_photo_with_broken_camera_data_passes_as_it_lies() -> None:
    inspection = inspect(pictures.portrait_jpeg(exif=b"Exif\0\0nonsense"))
    assert inspection.findings == ()
    assert inspection.photo is not None


def test_size_advice_speaks_of_the_upright_photo() -> None:
    inspection = inspect(pictures.phone_jpeg(6, 600, 900))
    assert codes(inspection) == ["small", "not-square", "sideways", "metadata"]
    assert {finding.measured for finding in inspection.advice} == {"600 x 900 pixels"}
    assert "top and bottom" in inspection.advice[1].how_to_fix


def test_a_wide_photo_is_told_which_sides_it_loses() -> None:
    (finding,) = inspect(pictures.portrait_jpeg(1800, 1200)).findings
    assert finding.code == "not-square"
    assert "left and right" in finding.how_to_fix


def test_a_pixel_more_on_one_side_is_still_square() -> None:
    assert inspect(pictures.portrait_jpeg(1201, 1200)).findings == ()


@pytest.mark.parametrize(
    "data",
    [
        pictures.grey_jpeg(),
        pictures.saved(pictures.portrait().convert("1"), "PNG"),
        pictures.saved(pictures.portrait().convert("L").convert("RGB"), "JPEG"),
        pictures.grey_16_bit_png(1200, 1200),
    ],
    ids=["grey-jpeg", "black-and-white", "grey-as-rgb", "sixteen-bit"],
)
def test_a_photo_without_colours_gets_advice(data: bytes) -> None:
    assert inspect(data).advice[0].code == "greyscale"


@pytest.mark.parametrize("data", [pictures.see_through_png(), pictures.palette_png()])
def test_a_see_through_background_gets_advice(data: bytes) -> None:
    assert [finding.code for finding in inspect(data).advice] == ["small", "transparent"]


def test_an_alpha_channel_that_hides_nothing_gets_none() -> None:
    opaque = pictures.saved(pictures.portrait().convert("RGBA"), "PNG")
    assert inspect(opaque).findings == ()


def test_a_photo_too_heavy_to_send_is_told_it_will_shrink() -> None:
    data = pictures.noise_png(1350)
    assert len(data) > SENT_BYTES_MAX
    (finding,) = inspect(data).fixes
    assert (finding.code, finding.severity) == ("will-shrink", "fixed")
    assert finding.wanted == "at most 4.5 MB to send"


def test_pillows_own_settings_are_left_alone_and_its_bomb_warning_stays_silent() -> None:
    """Our cap lies below Pillow's, so the largest photo allowed never reaches it."""
    assert Image.MAX_IMAGE_PIXELS == 1024 * 1024 * 1024 // 4 // 3
    assert PIXELS_MAX < Image.MAX_IMAGE_PIXELS
    assert not ImageFile.LOAD_TRUNCATED_IMAGES


def test_two_photos_at_a_time_and_no_more() -> None:
    """A third one waits until a place is free, and then it is judged all the same."""
    verdicts: list[Inspection] = []
    third = Thread(target=lambda: verdicts.append(inspect(SMALL_PHOTOS["JPEG"])))
    with WORKING, WORKING:
        third.start()
        third.join(timeout=0.3)
        assert third.is_alive()
    third.join(timeout=30)
    assert verdicts[0].photo is not None


def test_a_refusal_by_the_header_waits_for_nobody() -> None:
    with WORKING, WORKING:
        assert error_codes(pictures.png_bomb()) == ["too-many-pixels"]


def test_a_refused_photo_gives_its_place_back() -> None:
    broken = pictures.png_file(300, 300, b"")
    assert [error_codes(broken) for _ in range(3)] == [["damaged"]] * 3
    assert WORKING.acquire(blocking=False)
    assert WORKING.acquire(blocking=False)
    WORKING.release(2)


@BY_NAME
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    changes=st.lists(
        st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=12
    ),
    to_header=st.booleans(),
)
def test_changed_bytes_give_findings_or_a_photo_that_can_be_prepared(
    name: str, changes: list[tuple[float, int]], to_header: bool
) -> None:
    data = bytearray(SMALL_PHOTOS[name])
    reach = min(len(data), 700) if to_header else len(data)
    for place, value in changes:
        data[int(place * reach)] = value
    inspection = inspect(bytes(data))
    if inspection.photo is None:
        assert inspection.errors
    else:
        prepared = prepare(inspection.photo)
        assert len(prepared.data) <= SENT_BYTES_MAX
        assert pictures.opened(prepared.data).size == (prepared.width, prepared.height)


@settings(max_examples=300, deadline=None)
@given(
    beginning=st.sampled_from(
        [b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x40\0\0\0WEBPVP8X", b"\0\0\0\x20ftyp"]
    ),
    rest=st.binary(max_size=200),
)
def test_any_bytes_at_all_give_findings(beginning: bytes, rest: bytes) -> None:
    inspection = inspect(beginning + rest)
    assert inspection.errors
    assert all(all(finding.as_dict().values()) for finding in inspection.findings)
