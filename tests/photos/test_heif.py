"""HEIC: read where the extra is installed, upright, in the right colours, and never trusted."""

import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from avatars.photos.decoder import decode
from avatars.photos.heif_header import read_heif_header
from avatars.photos.inspect import inspect
from avatars.photos.photo import Photo
from avatars.photos.prepare import SENT_BYTES_MAX, prepare
from tests.photos import heics, pictures
from tests.photos.pictures import difference, opened, portrait

WITHOUT = """
import sys
sys.modules["pillow_heif"] = None
from avatars.photos.inspect import inspect
from avatars.photos.kinds import ACCEPT, CONTENT_TYPES, KINDS
(finding,) = inspect(sys.stdin.buffer.read()).findings
print(finding.code, finding.measured, finding.wanted, KINDS, ACCEPT, len(CONTENT_TYPES), sep="|")
"""


def accepted(data: bytes) -> Photo:
    inspection = inspect(data)
    assert inspection.photo is not None, inspection.errors
    return inspection.photo


def findings(data: bytes) -> dict[str, str]:
    return {finding.code: finding.measured for finding in inspect(data).findings}


def the_error(data: bytes) -> str:
    (finding,) = inspect(data).errors
    return f"{finding.code}: {finding.measured}"


def changed(data: bytes, old: bytes, new: bytes) -> bytes:
    """The same with one place written over; it has to be there once."""
    assert data.count(old) == 1
    assert len(old) == len(new)
    return data.replace(old, new)


def sides(width: int, height: int) -> bytes:
    return width.to_bytes(4) + height.to_bytes(4)


def test_a_photo_of_an_iphone_is_taken_and_told_that_it_is_converted() -> None:
    (finding,) = inspect(heics.portrait_heic()).findings
    assert (finding.code, finding.severity) == ("converted", "fixed")
    assert finding.measured == "HEIC, as iPhones take them"
    assert "JPEG" in finding.wanted


def test_it_is_sent_as_a_jpeg_that_looks_the_same() -> None:
    photo = prepare(accepted(heics.portrait_heic()))
    assert (photo.content_type, photo.extension) == ("image/jpeg", ".jpg")
    assert opened(photo.data).format == "JPEG"
    assert difference(opened(photo.data), portrait()) < 3


@pytest.mark.parametrize("orientation", pictures.HELD)
def test_a_photo_held_any_way_comes_out_upright_and_is_turned_once(orientation: int) -> None:
    photo = accepted(heics.phone_heic(orientation))
    assert (photo.width, photo.height) == (400, 600)
    assert difference(photo.image, portrait(400, 600)) < 3


def test_a_turn_that_exif_alone_claims_counts_nothing() -> None:
    assert difference(accepted(heics.told_twice()).image, portrait(400, 600)) < 3


def test_nothing_but_the_picture_is_left_and_people_are_told() -> None:
    data = heics.phone_heic(6)
    assert pictures.GPS_WORDS in data
    assert "place" in findings(data)["metadata"]
    photo = prepare(accepted(data))
    for made in (photo.data, *photo.thumbnails.values()):
        assert pictures.GPS_WORDS not in made
        assert b"Exif" not in made


def test_ten_bits_a_colour_become_eight() -> None:
    data = heics.deep_heic()
    assert findings(data)["colours"] == "10 bits a colour"
    red, green, blue = accepted(data).image.getpixel((150, 150))  # type: ignore[misc]
    assert (abs(red - 233), abs(green - 117), abs(blue - 39)) < (4, 4, 4)


def test_what_can_be_seen_through_is_laid_on_white() -> None:
    photo = accepted(heics.see_through_heic())
    assert photo.transparent
    assert photo.image.getpixel((50, 300)) == (255, 255, 255)
    assert photo.image.getpixel((300, 300)) != (255, 255, 255)


def test_a_grey_photo_gets_its_advice() -> None:
    data = heics.heic(portrait(400, 600).convert("L"))
    assert "greyscale" in findings(data)


def test_a_colour_profile_goes_along() -> None:
    profile = pictures.swapping_profile()
    photo = accepted(heics.portrait_heic(400, 400, icc_profile=profile))
    assert photo.profile == profile
    assert opened(prepare(photo).data).info["icc_profile"] == profile


def test_tiles_as_phones_write_them_give_the_whole_picture() -> None:
    photo = accepted(heics.portrait_heic(1200, 900, tile_size=512))
    assert difference(photo.image, portrait(1200, 900)) < 3


@pytest.mark.parametrize(("primary", "side"), [(0, 400), (1, 300)])
def test_of_several_pictures_the_one_to_show_is_taken(primary: int, side: int) -> None:
    assert accepted(heics.two_pictures(primary)).width == side


def test_a_thumbnail_inside_is_not_taken_for_the_photo() -> None:
    assert accepted(heics.heic(portrait(600, 600), thumbnails=[100])).width == 600


def test_a_picture_that_is_read_at_half_its_sides_is_the_same_picture() -> None:
    data = heics.portrait_heic(1201, 1203)
    photo = decode(data, replace(read_heif_header(data), halved=True))
    assert (photo.width, photo.height) == (601, 602)
    assert difference(photo.image, portrait(1201, 1203).resize((601, 602))) < 3


def test_the_largest_photo_of_a_phone_is_taken_at_half_its_sides() -> None:
    data = heics.grid(16, 11)
    assert findings(data)["halved"] == "8192 x 5632 pixels"
    assert accepted(data).image.size == (4096, 2816)


@pytest.mark.parametrize("kept", [0.02, 0.3, 0.7, 0.99])
def test_a_photo_cut_short_is_refused_in_words(kept: float) -> None:
    for whole in (heics.portrait_heic(300, 300), heics.portrait_heic(1200, 900, tile_size=512)):
        words = the_error(whole[: int(len(whole) * kept)])
        assert words == "damaged: the file ends before the picture does"


def test_what_hangs_behind_the_picture_is_not_looked_at() -> None:
    assert accepted(heics.portrait_heic(300, 300) + b"more of it").width == 300


def test_a_sequence_is_refused_with_its_frames() -> None:
    sizes = heics.box(b"stsz", bytes(8) + (24).to_bytes(4))
    data = heics.portrait_heic(300, 300) + heics.box(b"moov", sizes)
    assert the_error(data) == "animated: an animation of 24 frames"


def test_a_bomb_is_refused_by_its_header() -> None:
    data = changed(heics.portrait_heic(600, 600), sides(600, 600), sides(30_000, 30_000))
    assert the_error(data).startswith("too-many-pixels: 30000 x 30000 pixels, 900 million in all")


def test_a_grid_that_is_too_large_is_refused_by_its_header() -> None:
    assert the_error(heics.grid(40, 40)).startswith("too-many-pixels: 20480 x 20480 pixels")


@pytest.mark.parametrize(
    "data",
    [
        changed(heics.heic(portrait(1600, 1600)), sides(1600, 1600), sides(300, 300)),
        heics.grid(2, 2, parts=5),
        heics.file_of_grid(600, 600, 9, 9, [2] * 81),
        heics.file_of_grid(1024, 1024, 2, 2, [2, 2, 2, 1]),
        heics.file_of_grid(1024, 1024, 2, 2, [2, 2, 2, 9]),
    ],
    ids=["large-inside", "parts-too-many", "tiles-beyond-the-picture", "in-itself", "not-there"],
)
def test_a_file_that_asks_for_more_than_it_shows_is_refused_unread(data: bytes) -> None:
    assert the_error(data) == "damaged: the file is put together in a way that no camera does"


def test_bytes_that_belong_to_two_items_are_refused_unread() -> None:
    """Else a file could be read a thousand times over."""
    data = heics.grid(2, 2)
    coded = len(data) - data.index(b"mdat") - 4
    place = (len(data) - coded).to_bytes(4) + coded.to_bytes(4)
    assert "no camera" in the_error(changed(data, place, bytes(4) + len(data).to_bytes(4)))


def test_a_second_picture_in_the_coded_data_is_refused_unread() -> None:
    """Else one item could hold a film of thousands, and the decoder would begin with all of it."""
    data = heics.grid(1, 1)
    coded = data[data.index(b"mdat") + 4 :]
    place = (len(data) - len(coded)).to_bytes(4) + len(coded).to_bytes(4)
    twice = len(data).to_bytes(4) + (2 * len(coded)).to_bytes(4)
    film = changed(data, place, twice) + 2 * coded
    assert the_error(film) == "damaged: the file is put together in a way that no camera does"


def test_compressed_notes_are_refused_unread() -> None:
    data = heics.heic(portrait(300, 300), xmp=b"<x:xmpmeta/>")
    assert inspect(data).photo is not None
    packed = changed(data, b"application/rdf+xml\0", b"application/r\0f+xml\0")
    assert the_error(packed) == "damaged: the file is put together in a way that no camera does"


def test_pixels_that_are_nonsense_are_a_refusal_and_no_crash() -> None:
    data = bytearray(heics.portrait_heic(300, 300))
    data[data.index(b"mdat") + 12 :] = b"\xff" * (len(data) - data.index(b"mdat") - 12)
    assert inspect(bytes(data)).photo is None or inspect(bytes(data)).errors == ()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    changes=st.lists(
        st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=12
    ),
    to_header=st.booleans(),
)
def test_changed_bytes_give_findings_or_a_photo_that_can_be_prepared(
    changes: list[tuple[float, int]], *, to_header: bool
) -> None:
    data = bytearray(heics.phone_heic(6, 300, 260))
    reach = min(len(data), 900) if to_header else len(data)
    for place, value in changes:
        data[int(place * reach)] = value
    inspection = inspect(bytes(data))
    if inspection.photo is None:
        assert inspection.errors
    else:
        assert len(prepare(inspection.photo).data) <= SENT_BYTES_MAX


@settings(max_examples=300, deadline=None)
@given(rest=st.binary(max_size=300))
def test_any_bytes_behind_the_brand_give_findings(rest: bytes) -> None:
    assert inspect(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + rest).errors


def test_without_the_extra_it_is_refused_as_before_and_no_page_names_it() -> None:
    told = subprocess.run(
        [sys.executable, "-c", WITHOUT],
        input=heics.portrait_heic(300, 300),
        capture_output=True,
        check=True,
    )
    assert told.stdout.decode().strip().split("|") == [
        "not-a-photo",
        "a HEIC photo, as iPhones take them",
        "a photo saved as JPEG, PNG or WebP",
        "JPEG, PNG or WebP",
        "image/jpeg,image/png,image/webp",
        "3",
    ]
