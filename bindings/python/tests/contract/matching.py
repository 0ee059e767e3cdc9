"""What `expect` says of a result: an object names some fields, a list all its elements, and the rest is equal."""

from __future__ import annotations

from typing import Any


def difference(expected: Any, actual: Any, at: str = "result") -> str | None:
    """Where the two differ, in words. None: they match."""
    match expected, actual:
        case dict(), list():
            return _first(_in_list(how, elements, actual, at) for how, elements in expected.items())
        case dict(), dict():
            return _first(_in_field(name, wanted, actual, at) for name, wanted in expected.items())
        case list(), list() if len(expected) == len(actual):
            pairs = enumerate(zip(expected, actual, strict=True))
            return _first(difference(wanted, found, f"{at}[{place}]") for place, (wanted, found) in pairs)
    # True is 1 in Python, and is not in a story.
    same = type(expected) is type(actual) and expected == actual
    return None if same else f"{at} is {actual!r}, and not {expected!r}"


def _in_field(name: str, wanted: Any, actual: dict[str, Any], at: str) -> str | None:
    if name not in actual:
        return f"{at} has no {name}: {actual!r}"
    return difference(wanted, actual[name], f"{at}.{name}")


def _in_list(how: str, elements: Any, found: list[Any], at: str) -> str | None:
    if how not in ("contains", "lacks"):
        return f"{at} is a list, and {how} says nothing of lists"
    if not isinstance(elements, list):
        return f"{at}: {how} takes a list"
    for element in elements:
        if any(difference(element, one) is None for one in found) != (how == "contains"):
            return f"{at}: {how} {element!r} does not hold of {found!r}"
    return None


def _first(differences: Any) -> str | None:
    return next((one for one in differences if one is not None), None)
