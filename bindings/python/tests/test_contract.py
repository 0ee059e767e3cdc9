"""The contract suite in Python: every story of `bindings/contract` against the library and a real server process."""

from __future__ import annotations

from pathlib import Path

import pytest
from contract import story

STORIES = story.every_name()
assert STORIES, "there are no stories"


@pytest.mark.parametrize("name", STORIES)
def test_story(name: str, tmp_path: Path) -> None:
    story.run(name, tmp_path)
