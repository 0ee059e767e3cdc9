"""What tests share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from village import Village


@pytest.fixture
def village(tmp_path: Path) -> Iterator[Village]:
    """A school with a real server, for this test alone."""
    village = Village(tmp_path)
    try:
        yield village
    finally:
        village.close()
