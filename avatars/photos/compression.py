"""How a JPEG was compressed, so that saving it again loses next to nothing."""

from dataclasses import dataclass
from typing import Any

from PIL.JpegImagePlugin import JpegImageFile, get_sampling

# Pillow's numbers for chroma subsampling.
_FULL = 0
_HALVED_BOTH_WAYS = 2


@dataclass(frozen=True)
class JpegCompression:
    """Quantisation tables, one per colour component, row by row; Pillow's subsampling."""

    tables: tuple[tuple[int, ...], ...]
    subsampling: int

    def turned(self) -> "JpegCompression":
        """The same compression for a picture whose sides have changed places."""
        tables = tuple(
            tuple(table[column * 8 + row] for row in range(8) for column in range(8))
            for table in self.tables
        )
        is_symmetric = self.subsampling in (_FULL, _HALVED_BOTH_WAYS)
        return JpegCompression(tables, self.subsampling if is_symmetric else _FULL)

    def options(self) -> dict[str, Any]:
        """For `Image.save`."""
        return {"qtables": [list(table) for table in self.tables], "subsampling": self.subsampling}


def compression_of(image: JpegImageFile) -> JpegCompression | None:
    """None where the tables were not made for brightness and chroma: CMYK and plain RGB."""
    if image.layers not in (1, 3) or image.info.get("adobe_transform") == 0:
        return None
    tables = tuple(tuple(image.quantization[layer[3]]) for layer in image.layer)
    if image.layers == 1:
        return JpegCompression(tables, _HALVED_BOTH_WAYS)
    return JpegCompression(tables, max(_FULL, get_sampling(image)))
