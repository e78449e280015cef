"""The tables that the coded picture of a JPEG needs (ITU T.81, annexes B.2.4.1 and B.2.4.2)."""

_LENGTHS = 16  # of Huffman codes, in bits
_STEPS = 64  # in a quantisation table, of one or two bytes


def quantisation_tables(content: bytes) -> dict[int, bytes]:
    """By their numbers, each as it stands in the segment. Raises ValueError."""
    tables = {}
    while content:
        precision, number = content[0] >> 4, content[0] & 15
        end = 1 + _STEPS * (1 + precision)
        if precision > 1 or len(content) < end:
            raise ValueError("an odd quantisation table")
        tables[number], content = content[:end], content[end:]
    return tables


def huffman_tables(content: bytes) -> dict[int, bytes]:
    """By class and number, each as it stands in the segment. Raises ValueError.

    No honest table names a value twice, and so none has room for a text.
    """
    tables = {}
    while content:
        end = 1 + _LENGTHS + sum(content[1 : 1 + _LENGTHS])
        values = content[1 + _LENGTHS : end]
        if len(content) < end or len(set(values)) != len(values):
            raise ValueError("an odd Huffman table")
        tables[content[0]], content = content[:end], content[end:]
    return tables
