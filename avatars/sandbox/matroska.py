"""A WebM file around pictures that are already compressed.

A lossy WebP picture *is* one VP8 key frame (RFC 6386 and the WebP container specification), so a
video needs no encoder: only the Matroska container (RFC 9559) around Pillow's own output.
"""

import struct
from collections.abc import Sequence

TIMESTAMP_SCALE = 1_000_000  # nanoseconds in one tick: all times below are milliseconds
KEY_FRAME = 0x80
TRACK = 1
LONGEST_CLUSTER = 32_767  # milliseconds: a block's time is 16 signed bits from its cluster's

EBML, SEGMENT, INFO, TRACKS, CUES, CLUSTER = (
    0x1A45DFA3,
    0x18538067,
    0x1549A966,
    0x1654AE6B,
    0x1C53BB6B,
    0x1F43B675,
)


def webm(frames: Sequence[bytes], *, size: tuple[int, int], rate: int) -> bytes:
    """A silent video of VP8 key frames: width and height in pixels, `rate` frames a second.

    Every frame is a key frame, every second is a cluster with a cue, and the cues stand in front,
    so that a player can seek after reading the first kilobyte.
    """
    times = [round(index * 1000 / rate) for index in range(len(frames))]
    starts = range(0, len(frames), rate)
    clusters = [_cluster(frames[at : at + rate], times[at : at + rate]) for at in starts]
    head = _info(round(len(frames) * 1000 / rate)) + _tracks(size, rate)
    # Cues hold positions of fixed width, so their own length is known before the positions are.
    first = len(head) + len(_cues([0] * len(clusters), [0] * len(clusters)))
    positions = [first + sum(map(len, clusters[:index])) for index in range(len(clusters))]
    cues = _cues([times[at] for at in starts], positions)
    return _header() + _element(SEGMENT, head + cues + b"".join(clusters))


def vp8_frame(webp: bytes) -> bytes:
    """The VP8 key frame inside a lossy WebP file. ValueError when there is none."""
    at = 12
    while at + 8 <= len(webp):
        name, length = struct.unpack_from("<4sI", webp, at)
        if name == b"VP8 ":
            return webp[at + 8 : at + 8 + length]
        at += 8 + length + length % 2
    raise ValueError("not a lossy WebP picture")


def _header() -> bytes:
    return _element(
        EBML,
        _number(0x4286, 1)  # EBMLVersion
        + _number(0x42F7, 1)  # EBMLReadVersion
        + _number(0x42F2, 4)  # EBMLMaxIDLength
        + _number(0x42F3, 8)  # EBMLMaxSizeLength
        + _element(0x4282, b"webm")  # DocType
        + _number(0x4287, 4)  # DocTypeVersion
        + _number(0x4285, 2),  # DocTypeReadVersion
    )


def _info(milliseconds: int) -> bytes:
    writer = b"Greenroom sandbox"
    return _element(
        INFO,
        _number(0x2AD7B1, TIMESTAMP_SCALE)
        + _element(0x4489, struct.pack(">d", milliseconds))  # Duration
        + _element(0x4D80, writer)  # MuxingApp
        + _element(0x5741, writer),  # WritingApp
    )


def _tracks(size: tuple[int, int], rate: int) -> bytes:
    video = _number(0xB0, size[0]) + _number(0xBA, size[1])  # PixelWidth, PixelHeight
    entry = (
        _number(0xD7, TRACK)  # TrackNumber
        + _number(0x73C5, TRACK)  # TrackUID
        + _number(0x83, 1)  # TrackType: video
        + _number(0x9C, 0)  # FlagLacing
        + _element(0x86, b"V_VP8")  # CodecID
        + _number(0x23E383, 1_000_000_000 // rate)  # DefaultDuration, nanoseconds
        + _element(0xE0, video)
    )
    return _element(TRACKS, _element(0xAE, entry))


def _cues(times: Sequence[int], positions: Sequence[int]) -> bytes:
    return _element(CUES, b"".join(map(_cue, times, positions)))


def _cue(time: int, position: int) -> bytes:
    where = _number(0xF7, TRACK) + _number(0xF1, position, width=8)  # CueClusterPosition
    return _element(0xBB, _number(0xB3, time, width=8) + _element(0xB7, where))


def _cluster(frames: Sequence[bytes], times: Sequence[int]) -> bytes:
    start = times[0]
    if times[-1] - start > LONGEST_CLUSTER:
        raise ValueError("too few frames a second for a cluster")
    blocks = [
        _element(0xA3, struct.pack(">BhB", 0x80 | TRACK, time - start, KEY_FRAME) + frame)
        for frame, time in zip(frames, times, strict=True)
    ]
    return _element(CLUSTER, _number(0xE7, start) + b"".join(blocks))


def _element(identifier: int, payload: bytes) -> bytes:
    # The length always takes eight bytes: the first one says so.
    return _plain(identifier) + struct.pack(">Q", 1 << 56 | len(payload)) + payload


def _number(identifier: int, value: int, *, width: int | None = None) -> bytes:
    return _element(identifier, value.to_bytes(width, "big") if width else _plain(value))


def _plain(value: int) -> bytes:
    return value.to_bytes(max(1, (value.bit_length() + 7) // 8), "big")
