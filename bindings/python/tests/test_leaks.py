"""Opening and closing, subscribing and cancelling, ten thousand times each: memory and threads stay where they were."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

import pytest
from library import allocations_held
from village import nobody_there

from skolebro import Cancellation, Change, MemorySecrets, Phone, SyncState

WINDOW = 1_000
# Ten thousand cycles.
FEWEST = 10
MOST = 60
# Of which the middle one is asked.
LAST = 5
# In kilobytes: thirty-two bytes for each cycle of a window.
GROWTH = 32

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


@pytest.fixture
def folder() -> Iterator[Path]:
    """In memory where there is such a place: what is asked here is not how fast a disk is."""
    shared = Path("/dev/shm")
    with TemporaryDirectory(dir=shared if shared.is_dir() else None) as made:
        yield Path(made)


def status(field: str) -> int:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith(f"{field}:")).split()[1])


def resident() -> int:
    gc.collect()
    return status("VmRSS")


def held() -> int:
    """The library's allocations that are not given back."""
    gc.collect()
    return allocations_held()


def assert_flat(cycle: Callable[[], None]) -> None:
    """What leaks adds to every window and never stops; what an allocator takes now and then adds to a few. So the middle
    one of the last windows is asked, and again until it is flat or has been given long enough.
    """
    windows: list[int] = []

    def middle() -> int:
        return sorted(windows[-LAST:])[LAST // 2]

    for _ in range(WINDOW):
        cycle()
    before = held()
    while len(windows) < FEWEST or (middle() > GROWTH and len(windows) < MOST):
        start = resident()
        for _ in range(WINDOW):
            cycle()
        windows.append(resident() - start)
    # Fewer than one in ten cycles; threads that are ending still hold some.
    wait_until(lambda: held() - before < WINDOW, lambda: f"{held() - before} allocations are left")
    print(f"{windows} kB in windows of {WINDOW}, {held() - before} allocations")
    assert middle() <= GROWTH, f"grows: {windows} kB"


def wait_for_threads(most: int) -> None:
    wait_until(lambda: status("Threads") <= most, lambda: f"{status('Threads')} threads are left of {most}")


def wait_until(so: Callable[[], bool], otherwise: Callable[[], str]) -> None:
    until, between = time.monotonic() + 20, Event()
    while not so():
        assert time.monotonic() < until, otherwise()
        between.wait(0.005)


def test_nothing_is_left_of_ten_thousand_phones(folder: Path) -> None:
    secrets, threads = MemorySecrets(), status("Threads")

    def cycle() -> None:
        with Phone.open(nobody_there(folder), secrets) as phone, phone.changes() as changes:
            assert changes.within(20) == Change.EVERYTHING()

    assert_flat(cycle)
    wait_for_threads(threads)


def test_nothing_is_left_of_ten_thousand_listeners(folder: Path) -> None:
    threads = status("Threads")
    with Phone.open(nobody_there(folder), MemorySecrets()) as phone:

        def hear(_: Change | SyncState) -> None: ...

        def cycle() -> None:
            phone.listen(hear).cancel()
            # Let go of: as good as cancelled.
            phone.listen_to_sync(hear)
            phone.changes()
            phone.sync_states().close()
            # Called off before it began.
            its = Cancellation()
            its.cancel()
            phone.sync_once(timedelta(minutes=1), its)
            phone.start_sync()
            phone.stop_sync()

        assert_flat(cycle)
    wait_for_threads(threads)
