"""Opening and closing, subscribing and cancelling, ten thousand times each: memory and threads stay where they were."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

import pytest
from village import nobody_there

from skolebro import Change, MemorySecrets, Phone, SyncState

WARM_UP = 1_000
CYCLES = 10_000
# What the second half of the cycles may add, in kilobytes: less than a hundred bytes for each.
GROWTH = 500

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


def growth(cycle: Callable[[], None]) -> int:
    """How much the second half of the cycles has added to what the process holds, in kilobytes."""
    for _ in range(WARM_UP + CYCLES // 2):
        cycle()
    half = resident()
    for _ in range(CYCLES // 2):
        cycle()
    return resident() - half


def wait_for_threads(most: int) -> None:
    until, between = time.monotonic() + 20, Event()
    while status("Threads") > most:
        assert time.monotonic() < until, f"{status('Threads')} threads are left of {most}"
        between.wait(0.005)


def test_nothing_is_left_of_ten_thousand_phones(folder: Path) -> None:
    secrets, threads = MemorySecrets(), status("Threads")

    def cycle() -> None:
        with Phone.open(nobody_there(folder), secrets) as phone, phone.changes() as changes:
            assert changes.within(20) == Change.EVERYTHING()

    grown = growth(cycle)
    assert grown < GROWTH, f"{grown} kB"
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

        grown = growth(cycle)
        assert grown < GROWTH, f"{grown} kB"
    wait_for_threads(threads)
