"""Ctrl-C while a call waits for the server: Python runs no signal handler before such a call has come back. So on the main
thread it is made on another one, and called off."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import TypeVar

T = TypeVar("T")


def interruptible(call: Callable[[], T], cancel: Callable[[], object]) -> T:
    """What `call` answers. Interrupted, it is called off, and waited for, since it may have reached the server."""
    if threading.get_ident() != threading.main_thread().ident:
        return call()
    outcome: Future[T] = Future()

    def run() -> None:
        try:
            outcome.set_result(call())
        except BaseException as problem:
            outcome.set_exception(problem)

    threading.Thread(target=run, name="skolebro-wait").start()
    try:
        wait([outcome])
    except BaseException:
        # Again, where it had not begun to wait for the server when it was called off.
        while not outcome.done():
            with contextlib.suppress(Exception):
                cancel()
            wait([outcome], timeout=0.05)
        raise
    return outcome.result()
