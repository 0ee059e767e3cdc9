"""The lines that docs/bindings.md shows do what they say, as a script of their own against a real server."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from village import Village

from skolebro import FileSecrets

EXAMPLE = Path(__file__).parent.parent / "examples" / "first_lines.py"


def test_first_lines(village: Village, tmp_path: Path) -> None:
    folder = tmp_path / "amal"
    code = village.ask("code", person="Amal")["code"]
    done = subprocess.run(
        [sys.executable, str(EXAMPLE), str(folder), village.town["url"], code],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    heading, kept, told = done.stdout.splitlines()
    assert "Liv Berg: " in heading
    assert kept == "kept on this phone; sent: 1"
    assert told.startswith("to be read again: Change.")
    assert FileSecrets.in_folder(folder).load()
