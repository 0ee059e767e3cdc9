"""The end of the process: Python must not end while a thread of the library is calling it, or it would take the process
down. So whatever is open then is shut down, and the library's threads are waited for."""

from __future__ import annotations

import atexit
import sys
import threading
import weakref
from datetime import timedelta
from typing import TYPE_CHECKING

from ._generated.skolebro_ffi import wait_for_callbacks

if TYPE_CHECKING:
    from .phone import Phone

# Longer than any listener or secret store should take; one that never comes back must not keep the process for ever.
PATIENCE = timedelta(seconds=10)

_phones: weakref.WeakSet[Phone] = weakref.WeakSet()
_counting = threading.Lock()


def remember(phone: Phone) -> None:
    with _counting:
        _phones.add(phone)


@atexit.register
def _end() -> None:
    with _counting:
        phones = list(_phones)
    for phone in phones:
        phone.shut_down()
    if not wait_for_callbacks(PATIENCE):
        print("skolebro: a listener or a secret store does not come back", file=sys.stderr)
