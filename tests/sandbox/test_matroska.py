from collections.abc import Iterator
from io import BytesIO

import pytest
from PIL import Image

from avatars.sandbox.matroska import vp8_frame, webm

SEGMENT, CUES, CUE, CUE_TIME, CUE_PLACE, CUE_CLUSTER, CLUSTER, TIMESTAMP, BLOCK = (
    *(0x18538067, 0x1C53BB6B, 0xBB, 0xB3, 0xB7, 0xF1, 0x1F43B675, 0xE7, 0xA3),
)


def picture(**options: object) -> bytes:
    stream = BytesIO()
    Image.new("RGB", (16, 16), "teal").save(stream, "WEBP", **options)
    return stream.getvalue()


def elements(content: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Identifier, offset and payload of each element, by the rules of EBML (RFC 8794)."""
    at = 0
    while at < len(content):
        width = 9 - content[at].bit_length()
        identifier = int.from_bytes(content[at : at + width])
        length_at = at + width
        length_width = 9 - content[length_at].bit_length()
        marked = int.from_bytes(content[length_at : length_at + length_width])
        start = length_at + length_width
        end = start + (marked ^ 1 << 7 * length_width)
        assert end <= len(content)
        yield identifier, at, content[start:end]
        at = end


def inside(content: bytes, *path: int) -> list[bytes]:
    found = [content]
    for wanted in path:
        found = [part for one in found for name, _, part in elements(one) if name == wanted]
    return found


def test_every_cue_points_at_the_cluster_of_its_time() -> None:
    video = webm([vp8_frame(picture())] * 30, size=(16, 16), rate=12)
    (segment,) = inside(video, SEGMENT)
    clusters = {
        at: int.from_bytes(inside(part, TIMESTAMP)[0])
        for name, at, part in elements(segment)
        if name == CLUSTER
    }
    places = map(int.from_bytes, inside(segment, CUES, CUE, CUE_PLACE, CUE_CLUSTER))
    times = map(int.from_bytes, inside(segment, CUES, CUE, CUE_TIME))
    assert dict(zip(places, times, strict=True)) == clusters
    assert list(clusters.values()) == [0, 1000, 2000]


def test_every_frame_is_kept_byte_for_byte() -> None:
    frames = [vp8_frame(picture(quality=quality)) for quality in range(10, 100, 5)]
    video = webm(frames, size=(16, 16), rate=12)
    assert [block[4:] for block in inside(video, SEGMENT, CLUSTER, BLOCK)] == frames


def test_a_lossless_picture_holds_no_video_frame() -> None:
    with pytest.raises(ValueError, match="lossy"):
        vp8_frame(picture(lossless=True))
