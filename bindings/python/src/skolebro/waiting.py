"""Ctrl-C while a call waits for the server: Python runs no signal handler before such a call has come back. So on the main
thread it is made on another one, and called off."""

from __future__ import annotations

# And not `threading` and `concurrent.futures`: an interrupt inside those leaves their locks held, or a thread that nobody
# knows of.
from _thread import allocate_lock, get_ident, start_new_thread
from collections.abc import Callable
from threading import main_thread
from typing import TypeVar

from ._generated.skolebro_ffi import Cancellation

T = TypeVar("T")

# Seconds.
A_LITTLE = 0.1


def interruptible(call: Callable[[Cancellation | None], T], cancellation: Cancellation | None) -> T:
    """What `call` answers. Interrupted, it is called off, and waited for, since it may have reached the server. Whoever made
    the cancellation finds it cancelled then."""
    if get_ident() != main_thread().ident:
        return call(cancellation)
    its = cancellation or Cancellation()
    outcome: list[tuple[T | None, BaseException | None]] = []
    over = allocate_lock()
    over.acquire()

    def run() -> None:
        try:
            outcome.append((call(its), None))
        except BaseException as problem:
            outcome.append((None, problem))
        finally:
            over.release()

    started: list[int] = []
    try:
        # In one step: an interrupt in it finds that the thread was started.
        started.extend(map(start_new_thread, (run,), ((),)))
        # A little at a time: an interrupt that comes just before a wait does not end it.
        while not over.acquire(timeout=A_LITTLE):
            pass
    except BaseException:
        its.cancel()
        while started and not outcome and not over.acquire(timeout=A_LITTLE):
            pass
        outcome.clear()
        raise
    answer, problem = outcome.pop()
    if problem is None:
        return answer  # type: ignore[return-value]
    try:
        raise problem
    finally:
        # It holds this frame, which held it: the phone would stay open until somebody collects garbage.
        del problem, answer
