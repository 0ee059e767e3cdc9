"""The secret store as a shell would write it, in memory, and able to fail."""

from __future__ import annotations

from skolebro import MemorySecrets, SecretStoreError


class Secrets(MemorySecrets):
    def __init__(self) -> None:
        super().__init__()
        self.failing = False

    def load(self) -> str | None:
        self._works()
        return super().load()

    def save(self, secret: str) -> None:
        self._works()
        super().save(secret)

    def clear(self) -> None:
        self._works()
        super().clear()

    def _works(self) -> None:
        if self.failing:
            raise SecretStoreError.Failed("nyckelringen är låst 🔒")
