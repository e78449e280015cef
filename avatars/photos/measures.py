"""Numbers in words, the same ones everywhere."""


def megabytes(count: int) -> str:
    return f"{count / 1_000_000:.1f} MB"


def sides(width: int, height: int) -> str:
    return f"{width} x {height} pixels"
