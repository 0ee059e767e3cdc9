"""The process that holds the schools: started once for the whole run, asked by one line, answered by one."""

from __future__ import annotations

import functools
import json
import os
import subprocess
import threading
from typing import IO, Any, cast

_asking = threading.Lock()


def ask(request: dict[str, Any]) -> Any:
    """The answer's `ok`; its `error` is raised."""
    with _asking:
        asked, told = _host()
        asked.write(json.dumps(request, ensure_ascii=False) + "\n")
        asked.flush()
        line = told.readline()
    assert line, "the host has ended"
    answer = json.loads(line)
    assert "error" not in answer, f"{request}: {answer['error']}"
    return answer["ok"]


@functools.cache
def _host() -> tuple[IO[str], IO[str]]:
    # It ends when this process does, since its stdin is closed then.
    process = subprocess.Popen(
        [os.environ["SKOLEBRO_CONTRACT_HOST"]],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    return cast("IO[str]", process.stdin), cast("IO[str]", process.stdout)
