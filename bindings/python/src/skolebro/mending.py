"""What uniffi's generated records lack in Python: they fail when they are compared with what is no such record (`None`), and
their `repr` is empty."""

from __future__ import annotations

import dataclasses
from types import ModuleType


def mend(module: ModuleType) -> None:
    for held in list(vars(module).values()):
        if not isinstance(held, type) or held.__module__ != module.__name__:
            continue
        if dataclasses.is_dataclass(held):
            held.__eq__ = _same  # type: ignore[method-assign]
            held.__repr__ = held.__str__  # type: ignore[method-assign]
        for case in vars(held).values():
            if isinstance(case, type) and dataclasses.is_dataclass(case):
                case.__repr__ = case.__str__  # type: ignore[method-assign]


def _same(self: object, other: object) -> bool:
    return vars(self) == vars(other) if type(other) is type(self) else NotImplemented
