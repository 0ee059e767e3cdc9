"""What the same calls cost in Python that `bindings/examples/figures.rs` makes in Rust. Each line is JSON: `{"lang", "what",
"ns"}`, a median. SKOLEBRO_CONTRACT_HOST names the server's program."""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import skolebro
from skolebro import MemorySecrets, Phone, Screen, ScreenRequest, Settings

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
from contract import host

A_MINUTE = timedelta(minutes=1)


def show(what: str, runs: int, run: Callable[[], object], times: int = 1) -> None:
    took = []
    for _ in range(runs):
        since = time.perf_counter_ns()
        for _ in range(times):
            run()
        took.append((time.perf_counter_ns() - since) / times)
    print(json.dumps({"lang": "python", "what": what, "ns": round(statistics.median(took))}), flush=True)


class Figures:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._town = host.ask({"host": "open", "at": "2026-09-15T04:50:00Z"})
        self._ask("grow", pupils=500)
        self._ask("absences", pupils=500, days=20, **{"from": "2026-09-08"})
        self._school = str(self._town["school"])

    def _ask(self, verb: str, **arguments: Any) -> Any:
        return host.ask({"host": verb, "town": self._town["town"], **arguments})

    def _enrolled(self, person: str) -> tuple[Settings, MemorySecrets, Phone]:
        settings = Settings(folder=str(self._folder / person), server=self._town["url"], language=None)
        secrets = MemorySecrets()
        phone = Phone.open(settings, secrets)
        phone.enrol(self._ask("code", person=person)["code"], "figures")
        phone.sync_once(A_MINUTE)
        return settings, secrets, phone

    def run(self) -> None:
        settings, secrets, amal = self._enrolled("Amal")
        _, _, olga = self._enrolled("Olga")
        home = ScreenRequest.HOME()
        absences = ScreenRequest.ABSENCES(_from=date(2026, 9, 1), to=date(2026, 10, 30), after=None, limit=200)

        def cold_open() -> None:
            with Phone.open(settings, secrets) as phone:
                phone.screen(self._school, home)

        def pages() -> None:
            total = 0
            for screen in skolebro.pages(olga, self._school, absences):
                assert isinstance(screen, Screen.ABSENCES)
                total += len(screen.shown.absences.items)
            assert total == 10_000

        show("trivial_call", 300, amal.sync_state, times=100)
        show("today", 300, lambda: amal.screen(self._school, home))
        show("page_200", 50, lambda: olga.screen(self._school, absences))
        show("pages_10000", 5, pages)
        amal.shut_down()
        show("cold_open", 50, cold_open)
        olga.shut_down()
        self._ask("close")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        Figures(Path(folder)).run()
