"""A process that ends while a phone is open, is told of changes and syncs: Python's end must not take it down."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from library import PATIENCE
from village import Village

from skolebro import SyncEnd

LEAVES_IT_OPEN = """
import sys, threading, skolebro
phone = skolebro.open(sys.argv[1], "http://127.0.0.1:9")
phone.start_sync()
heard = threading.Semaphore(0)
def hear(change):
    heard.release()
    sum(range(1000))
listening = [phone.listen(hear) for _ in range(4)]
def change():
    try:
        while True:
            phone.set_language(None)
    except skolebro.SkolebroError.Closed:
        pass
threading.Thread(target=change, daemon=True).start()
for _ in range(50):
    assert heard.acquire(timeout=20)
"""


# The store is Python's code too: what asks for the secret just then is waited for.
LEAVES_IT_IN_THE_STORE = """
import sys, threading, skolebro
from datetime import timedelta
asked = threading.Event()
class Slow(skolebro.MemorySecrets):
    slow = False
    def load(self):
        if self.slow:
            asked.set()
            sum(range(3_000_000))
        return super().load()
secrets = Slow()
phone = skolebro.open(sys.argv[1], "http://127.0.0.1:9", secrets=secrets)
secrets.slow = True
def use():
    try:
        HOW
    except skolebro.SkolebroError:
        pass
threading.Thread(target=use, daemon=True).start()
assert asked.wait(20)
"""
HOW = [
    "phone.devices()",
    "phone.sync_once(timedelta(seconds=20))",
    "phone.start_sync(); asked.wait(20); phone.stop_sync()",
    "phone.start_sync(); asked.wait(20); phone.shut_down()",
]


@pytest.mark.parametrize("how", HOW)
def test_a_script_that_ends_while_the_secret_is_asked_for_ends_well(tmp_path: Path, how: str) -> None:
    script = [sys.executable, "-c", LEAVES_IT_IN_THE_STORE.replace("HOW", how), str(tmp_path)]
    done = subprocess.run(script, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("time", range(5))
def test_a_script_that_closes_nothing_ends_well(tmp_path: Path, time: int) -> None:
    script = [sys.executable, "-c", LEAVES_IT_OPEN, str(tmp_path)]
    done = subprocess.run(script, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.fixture
def heeds_ctrl_c() -> Iterator[None]:
    """A run in the background of a shell ignores it from the start."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heeds_ctrl_c")
def test_ctrl_c_calls_off_what_waits_for_the_server(village: Village) -> None:
    phone = village.phone("Amal")
    village.ask("hang")

    def interrupt() -> None:
        village.ask("hung", count=1)
        os.kill(os.getpid(), signal.SIGINT)

    interrupter = threading.Thread(target=interrupt)
    interrupter.start()
    with pytest.raises(KeyboardInterrupt):
        phone.sync_once(PATIENCE * 3)
    interrupter.join()
    # And did not run out of time.
    last = phone.sync_state().last
    assert last is not None and last.ended == SyncEnd.CANCELLED()
    village.ask("start")
    assert phone.sync_once(PATIENCE).ended == SyncEnd.COMPLETE()
    phone.shut_down()
