"""Numbers in words, the same ones everywhere."""


def megabytes(count: int) -> str:
    return f"{count / 1_000_000:.1f} MB"


def size(count: int) -> str:
    """Of any file, as the desk's own script says it."""
    return kilobytes(count) if count < 100_000 else megabytes(count)


def sides(width: int, height: int) -> str:
    return f"{width} x {height} pixels"


def kilobytes(count: int) -> str:
    return f"{-(-count // 1000)} KB"
