"""YuNet: finds faces, their eyes, noses and mouths (Wu, Peng and Yu, 2023; OpenCV Zoo).

Importing this needs numpy and onnxruntime, the extra `face`. The model looks at a square of `SIDE`
pixels in three grids of cells, 8, 16 and 32 pixels wide. Each cell answers how sure it is that it
sees a face, where that is and where the five points of it are.
"""

from pathlib import Path
from threading import Lock

import numpy
import onnxruntime
from numpy.typing import NDArray
from PIL import Image

Numbers = NDArray[numpy.float32]

MODEL = Path(__file__).parent / "models" / "yunet-2023mar" / "face_detection_yunet_2023mar.onnx"
SIDE = 640
POINTS = 5

# As OpenCV's own reader of this model has it, and a little stricter: 0.6 sees faces in clouds.
_SURE = 0.7
_SAME_FACE = 0.3  # two boxes that share so much of their area show one face
_CANDIDATES_MAX = 500  # cells near one face agree about it; a crowd has a few hundred
_STRIDES = (8, 16, 32)
_PARTS = ("cls", "obj", "bbox", "kps")
_ANSWERS = [f"{part}_{stride}" for stride in _STRIDES for part in _PARTS]

_lock = Lock()
_sessions: list[onnxruntime.InferenceSession] = []


def detect(image: Image.Image) -> list[list[float]]:
    """One row a face, the surest first: left, top, width, height, five points, sureness.

    For RGB of at most `SIDE` x `SIDE` pixels. The points are x and y of both eyes, of the nose and
    of both corners of the mouth, those on the picture's left first. Takes 0.02 s of one processor
    and 25 MB. One picture at a time, so that it stays at that however many are uploaded at once.
    """
    with _lock:
        if not _sessions:
            _sessions.append(_session())
        answers = _sessions[0].run(_ANSWERS, {"input": _as_numbers(image)})
    grids = [answers[i : i + len(_PARTS)] for i in range(0, len(answers), len(_PARTS))]
    rows = [_rows(stride, *grid) for stride, grid in zip(_STRIDES, grids, strict=True)]
    faces: list[list[float]] = _one_each(numpy.concatenate(rows)).tolist()
    return faces


def _session() -> onnxruntime.InferenceSession:
    """One thread: the web server has threads enough, and the model is small.

    Planning its memory ahead would save nothing here and take 15 MB.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_mem_pattern = False
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(MODEL, options, providers=["CPUExecutionProvider"])


def _as_numbers(image: Image.Image) -> Numbers:
    """1 x 3 x SIDE x SIDE, blue before green before red, black where the picture ends."""
    numbers = numpy.zeros((1, 3, SIDE, SIDE), numpy.float32)
    pixels = numpy.asarray(image)[:, :, ::-1]
    numbers[0, :, : image.height, : image.width] = pixels.transpose(2, 0, 1)
    return numbers


def _rows(stride: int, cls: Numbers, obj: Numbers, bbox: Numbers, kps: Numbers) -> Numbers:
    """The sure cells of one grid. Places are told in strides from the cell, sizes as logarithms."""
    sure = numpy.sqrt(numpy.clip(cls[0, :, 0], 0, 1) * numpy.clip(obj[0, :, 0], 0, 1))
    chosen = numpy.flatnonzero(sure >= _SURE)
    cells = numpy.stack([chosen % (SIDE // stride), chosen // (SIDE // stride)], axis=1)
    sizes = numpy.exp(bbox[0, chosen, 2:]) * stride
    corners = (cells + bbox[0, chosen, :2]) * stride - sizes / 2
    points = (numpy.tile(cells, POINTS) + kps[0, chosen]) * stride
    return numpy.column_stack([corners, sizes, points, sure[chosen]]).astype(numpy.float32)


def _one_each(rows: Numbers) -> Numbers:
    """The surest row of each face: what overlaps it too much is the same face again."""
    left = rows[numpy.argsort(-rows[:, -1], kind="stable")][:_CANDIDATES_MAX]
    kept = []
    while len(left):
        kept.append(left[0])
        left = left[_overlaps(left[0], left) <= _SAME_FACE]
    return numpy.array(kept, numpy.float32).reshape(-1, rows.shape[1])


def _overlaps(row: Numbers, rows: Numbers) -> Numbers:
    """What part of both boxes together is in both, for one row with each of the others."""
    starts = numpy.maximum(row[:2], rows[:, :2])
    ends = numpy.minimum(row[:2] + row[2:4], rows[:, :2] + rows[:, 2:4])
    shared = numpy.prod(numpy.clip(ends - starts, 0, None), axis=1)
    areas = rows[:, 2] * rows[:, 3]
    parts: Numbers = shared / (row[2] * row[3] + areas - shared)
    return parts
