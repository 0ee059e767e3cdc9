"""A school with a real server, and phones of its people, for tests that are no stories of the suite."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from contract import host
from library import PATIENCE, Clock, open_phone

from skolebro import MemorySecrets, Phone, Settings

# A school day, before the cutoff.
MORNING = datetime(2026, 9, 15, 4, 50, tzinfo=timezone.utc)


class Village:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.town = host.ask({"host": "open", "at": MORNING.strftime("%Y-%m-%dT%H:%M:%SZ")})
        self.clock = Clock(MORNING)
        self.school = str(self.town["school"])

    def ask(self, verb: str, **arguments: Any) -> Any:
        return host.ask({"host": verb, "town": self.town["town"], **arguments})

    def person(self, name: str) -> str:
        return str(self.town["people"][name])

    def settings(self, name: str) -> Settings:
        return Settings(folder=str(self.folder / name), server=str(self.town["url"]), language=None)

    def phone(self, name: str, secrets: MemorySecrets | None = None, timeout: timedelta = PATIENCE) -> Phone:
        """Enrolled, and in step with the server."""
        phone = open_phone(self.settings(name), secrets or MemorySecrets(), self.clock, timeout)
        phone.enrol(self.ask("code", person=name)["code"], f"{name}s dator 💻")
        phone.sync_once(PATIENCE)
        return phone

    def close(self) -> None:
        self.ask("close")


def nobody_there(folder: Path) -> Settings:
    """A phone whose server does not answer: nobody listens on the discard port."""
    return Settings(folder=str(folder), server="http://127.0.0.1:9", language=None)
