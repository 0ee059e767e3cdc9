"""Where a script's phone keeps its device token. On a person's own phone the platform's store does; none is in any backup."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from ._generated.skolebro_ffi import SecretStore, SecretStoreError


class FileSecrets(SecretStore):
    """A file that only its owner reads (0600), as the terminal's phone has it: either one can open the other's folder."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = Path(path)

    @classmethod
    def in_folder(cls, folder: str | os.PathLike[str]) -> FileSecrets:
        """`token`, beside the phone's own files."""
        return cls(Path(folder) / "token")

    def load(self) -> str | None:
        try:
            return self._path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as problem:
            raise _failed(problem) from None

    def save(self, secret: str) -> None:
        beside = self._path.with_name(self._path.name + ".new")
        try:
            # One that a killed process left may be anybody's to read.
            with contextlib.suppress(FileNotFoundError):
                beside.unlink()
            descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(secret)
                file.flush()
                os.fsync(file.fileno())
            # Renaming keeps the old one whole until the new one is.
            beside.replace(self._path)
        except OSError as problem:
            raise _failed(problem) from None

    def clear(self) -> None:
        try:
            self._path.unlink(missing_ok=True)
        except OSError as problem:
            raise _failed(problem) from None


class MemorySecrets(SecretStore):
    """For tests: what it keeps goes with it. Share one among phones that are the same folder opened again."""

    def __init__(self) -> None:
        self._secret: str | None = None

    def load(self) -> str | None:
        return self._secret

    def save(self, secret: str) -> None:
        self._secret = secret

    def clear(self) -> None:
        self._secret = None


def _failed(problem: OSError | UnicodeDecodeError) -> SecretStoreError:
    """What the system says, and nothing of what the file holds."""
    detail = problem.strerror if isinstance(problem, OSError) else "the file is no text"
    return SecretStoreError.Failed(detail=detail or type(problem).__name__)
