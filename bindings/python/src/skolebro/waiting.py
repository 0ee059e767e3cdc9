"""Ctrl-C while a call waits for the server: Python runs no signal handler before such a call has come back. So on the main
thread it is made on another one, and called off."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import TypeVar

from ._generated.skolebro_ffi import Cancellation

T = TypeVar("T")


def interruptible(call: Callable[[Cancellation | None], T], cancellation: Cancellation | None) -> T:
    """What `call` answers. Interrupted, it is called off, and waited for, since it may have reached the server. Whoever made
    the cancellation finds it cancelled then."""
    if threading.get_ident() != threading.main_thread().ident:
        return call(cancellation)
    its = cancellation or Cancellation()
    outcome: Future[T] = Future()

    def run() -> None:
        try:
            outcome.set_result(call(its))
        except BaseException as problem:
            outcome.set_exception(problem)

    threading.Thread(target=run, name="skolebro-wait").start()
    try:
        wait([outcome])
    except BaseException:
        its.cancel()
        wait([outcome])
        raise
    return outcome.result()
