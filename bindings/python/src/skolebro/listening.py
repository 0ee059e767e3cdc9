"""Listening in Python's ways: by a function, and by an iterator. The library calls on a thread of its own, and in order."""

from __future__ import annotations

import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from types import TracebackType
from typing import Any, Generic, TypeVar

from ._generated.skolebro_core import Change
from ._generated.skolebro_ffi import ChangeListener, Subscription, SyncListener, SyncState

T = TypeVar("T")

# A reader who has more than this before it is told one thing in place of them all.
MOST_WAITING = 64


class Listening:
    """Lasts until it is cancelled, left as a context, or let go of."""

    def __init__(self, subscription: Subscription) -> None:
        self._subscription = subscription

    def cancel(self) -> None:
        """No call begins after this. One that is under way is not waited for."""
        self._subscription.cancel()

    def __enter__(self) -> Listening:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.cancel()


class Stream(Generic[T]):
    """An iterator over what is told: the current state first, and then it waits for more. It ends when it is closed, when it
    is let go of, or, after what had been told by then, when the phone is shut down."""

    def __init__(
        self,
        subscribe: Callable[[Callable[[T], object]], Subscription],
        in_place_of_many: Callable[[T], T],
        of: object,
    ) -> None:
        # A phone that nobody holds any more is closed: whoever reads this holds it.
        self._of = of
        # The library holds the box and not the stream: so a stream that nobody holds any more is let go of.
        self._box = _Box(in_place_of_many)
        self._subscription = subscribe(self._box.put)

    def __iter__(self) -> Stream[T]:
        return self

    def __next__(self) -> T:
        return self._box.take(None)

    def within(self, seconds: float) -> T:
        """The next one. Raises `TimeoutError` if there is none by then, and `StopIteration` if there will be none."""
        return self._box.take(seconds)

    def close(self) -> None:
        """Whoever waits for the next one stops waiting. What was told and not yet read is dropped."""
        self._subscription.cancel()
        self._box.end(and_forget=True)

    def end(self) -> None:
        """Nothing more will be told; what was told can still be read."""
        self._subscription.cancel()
        self._box.end(and_forget=False)

    def __enter__(self) -> Stream[T]:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _Box(Generic[T]):
    def __init__(self, in_place_of_many: Callable[[T], T]) -> None:
        self._in_place_of_many = in_place_of_many
        self._waiting: deque[T] = deque()
        self._changed = threading.Condition()
        self._ended = False

    def put(self, told: T) -> None:
        with self._changed:
            if self._ended:
                return
            if len(self._waiting) >= MOST_WAITING:
                self._waiting.clear()
                told = self._in_place_of_many(told)
            self._waiting.append(told)
            self._changed.notify()

    def take(self, seconds: float | None) -> T:
        until = None if seconds is None else time.monotonic() + seconds
        with self._changed:
            while not self._waiting:
                if self._ended:
                    raise StopIteration
                left = None if until is None else until - time.monotonic()
                if left is not None and left <= 0:
                    raise TimeoutError("nothing was told")
                self._changed.wait(left)
            return self._waiting.popleft()

    def end(self, and_forget: bool) -> None:
        with self._changed:
            self._ended = True
            if and_forget:
                self._waiting.clear()
            self._changed.notify_all()


class CallingOnChange(ChangeListener):
    def __init__(self, call: Callable[[Change], object]) -> None:
        self._call = call

    def changed(self, change: Change) -> None:
        _call(self._call, change)


class CallingOnSync(SyncListener):
    def __init__(self, call: Callable[[SyncState], object]) -> None:
        self._call = call

    def changed(self, state: SyncState) -> None:
        _call(self._call, state)


def _call(call: Callable[[Any], object], told: object) -> None:
    try:
        call(told)
    except Exception:
        # As of any thread's function that fails: the library would keep it to itself. `thread` is not one of Python's own.
        threading.excepthook(threading.ExceptHookArgs((*sys.exc_info(), None)))
