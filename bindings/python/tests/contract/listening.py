"""A listener that writes down what it is told, in order, and notices if it is told two things at once."""

from __future__ import annotations

import threading

from skolebro import Change, Listening, SyncState

from .shown import in_a_word, snake


class Heard:
    def __init__(self) -> None:
        self.listening: Listening | None = None
        self._told: list[str] = []
        self._busy = threading.Lock()
        self._overlapped = False

    def so_far(self) -> list[str]:
        assert not self._overlapped, "it was told two things at once"
        return list(self._told)

    def change(self, change: Change) -> None:
        self._hear(snake(change))

    def state(self, state: SyncState) -> None:
        self._hear(in_a_word(state))

    def _hear(self, what: str) -> None:
        if not self._busy.acquire(blocking=False):
            self._overlapped = True
            return
        self._told.append(what)
        self._busy.release()
