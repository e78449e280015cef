"""The types of fields, as people say them."""

from typing import Any

_WORDS = {"string": "text", "integer": "number", "boolean": "true or false", "null": "null"}


def kind(shape: dict[str, Any]) -> str:
    """In words: "text", "number from 1 to 100", "list of Avatar", "text or null"."""
    if "$ref" in shape:
        return name_of(shape["$ref"])
    if "anyOf" in shape:
        return " or ".join(dict.fromkeys(kind(part) for part in shape["anyOf"]))
    if "enum" in shape:
        return "one of " + ", ".join(f"“{value}”" for value in shape["enum"] if value)
    if shape.get("type") == "array":
        return f"list of {kind(shape.get('items', {}))}"
    if shape.get("format") == "binary":
        return "file"
    return _WORDS.get(shape.get("type", ""), "object") + _bounds(shape)


def shape_in(shape: dict[str, Any]) -> str:
    """The name of the shape that it is, has a list of or may be; empty for plain values."""
    if "$ref" in shape:
        return name_of(shape["$ref"])
    parts = [*shape.get("anyOf", ()), shape.get("items", {})]
    return next((found for part in parts if part and (found := shape_in(part))), "")


def name_of(reference: str) -> str:
    return reference.rpartition("/")[2]


def _bounds(shape: dict[str, Any]) -> str:
    low = shape.get("minimum", shape.get("minLength"))
    high = shape.get("maximum", shape.get("maxLength"))
    unit = " characters" if shape.get("type") == "string" else ""
    if low is not None and high is not None:
        return f" of {low} to {high}{unit}" if unit else f" from {low} to {high}"
    return f", at most {high}{unit}" if high is not None else ""
