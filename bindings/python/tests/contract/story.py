"""Plays one story: reads its file, takes its steps in order, and holds what they share."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Lock
from typing import Any

from library import Clock

from skolebro import SkolebroError

from . import error, host
from .asked import Step, moment
from .matching import difference
from .phone import StoryPhone


@dataclass
class Outcome:
    """What became of a step: its result, and the error's name where it failed."""

    result: Any
    error: str | None = None


def _folder() -> Path:
    return Path(os.environ["SKOLEBRO_CONTRACT"])


def every_name() -> list[str]:
    return sorted(path.stem for path in _folder().glob("*.json"))


def run(name: str, folder: Path) -> None:
    steps = json.loads((_folder() / f"{name}.json").read_text(encoding="utf-8"))["steps"]
    with ExitStack() as ends:
        story = Story(steps[0], folder)
        # However the story ends.
        ends.callback(lambda: host.ask({"host": "close", "town": story.town["town"]}))
        ends.callback(story.close)
        background = ends.enter_context(ThreadPoolExecutor(max_workers=16))
        joined: dict[str, Future[Outcome]] = {}
        for number, step in enumerate(steps[1:], start=1):
            at = f"{name}, step {number}: {json.dumps(step, ensure_ascii=False)}"
            if "background" in step and step.get("do") != "join":
                joined[step["background"]] = background.submit(story.take, step)
                continue
            began = time.monotonic()
            wrong = ""
            for outcome in _tries(story, step, joined, began):
                wrong = _judge(step, outcome)
                if not wrong:
                    break
            took = time.monotonic() - began
            assert not wrong, f"{at}\n  {wrong}"
            assert took * 1000 <= step.get("within_ms", float("inf")), f"{at}\n  took {took:.1f} s"


def _tries(story: Story, step: Step, joined: dict[str, Future[Outcome]], began: float) -> Iterator[Outcome]:
    """Once, or a few milliseconds apart until it is too late."""
    until = began + step.get("until_ms", 0) / 1000
    between = Event()
    while True:
        yield joined.pop(step["background"]).result(60) if step.get("do") == "join" else story.take(step)
        if time.monotonic() >= until:
            return
        between.wait(0.005)


def _judge(step: Step, outcome: Outcome) -> str:
    """What is wrong with it; nothing if nothing is."""
    wanted = step.get("error")
    if outcome.error != wanted:
        return f"error {outcome.error} {outcome.result}, and not {wanted}"
    return (difference(step["expect"], outcome.result) or "") if "expect" in step else ""


class Story:
    def __init__(self, opening: Step, folder: Path) -> None:
        assert opening["host"] == "open", "a story begins by opening a school"
        self.town: dict[str, Any] = host.ask(opening)
        self.clock = Clock(moment(opening["at"]))
        self.folder = folder
        # Ids of what was reported, by the names that the story gives.
        self.items: dict[str, str] = {}
        self._phones: dict[str, StoryPhone] = {}
        self._lock = Lock()

    def take(self, step: Step) -> Outcome:
        if verb := step.get("host"):
            if verb == "clock":
                self.clock.advance_to(moment(step["to"]))
            return Outcome(host.ask({**step, "town": self.town["town"]}))
        with self._lock:
            phone = self._phones.setdefault(step["phone"], StoryPhone(self, step["phone"]))
        try:
            return Outcome(phone.act(step))
        except SkolebroError as problem:
            return Outcome(error.fields(problem), error.name(problem))

    def close(self) -> None:
        for phone in self._phones.values():
            phone.close()

    @property
    def url(self) -> str:
        return str(self.town["url"])

    @property
    def school(self) -> str:
        return str(self.town["school"])

    def person(self, given: str) -> str:
        return str(self.town["people"][given])

    def group(self, name: str) -> str:
        return str(self.town["groups"][name])

    def name_of(self, person: str) -> str | None:
        """The name of a person that the host named."""
        return next((name for name, known in self.town["people"].items() if known == person), None)

    def code(self, given: str) -> str:
        return str(host.ask({"host": "code", "person": given, "town": self.town["town"]})["code"])

    def name_item(self, step: Step, item: str) -> None:
        if "as" in step:
            self.items[step["as"]] = item
