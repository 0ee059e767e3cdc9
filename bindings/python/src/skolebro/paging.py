"""Lists of any length come in pages, and each page says where the next one begins."""

from __future__ import annotations

import copy
from collections.abc import Iterator

from ._generated.skolebro_core import Screen, ScreenRequest, Window
from ._generated.skolebro_ffi import Skolebro


def pages(phone: Skolebro, school: str, request: ScreenRequest) -> Iterator[Screen]:
    """The screen asked for, and then the same with its list's following page, to the last one. Each is read when it is asked
    for. `Screen.NOT_THEIRS`, and a screen whose list is not paged, comes alone."""
    wanted: ScreenRequest | None = request
    while wanted is not None:
        screen = phone.screen(school, wanted)
        yield screen
        wanted = _following(wanted, screen)


def _following(request: ScreenRequest, screen: Screen) -> ScreenRequest | None:
    """By the form that all lists share (`items` and `next`), so that a new screen's list is read too."""
    shown = getattr(screen, "shown", None)
    parts = vars(shown).values() if shown is not None else ()
    places = [part.next for part in parts if hasattr(part, "items") and hasattr(part, "next")]
    if not places or places[0] is None:
        return None
    following = copy.copy(request)
    if isinstance(window := getattr(request, "window", None), Window):
        vars(following)["window"] = Window(skip=places[0], limit=window.limit)
    else:
        vars(following)["after" if hasattr(request, "after") else "before"] = places[0]
    return following
