"""What uniffi's generated code lacks in Python: its records fail when they are compared with what is no such record (`None`),
their `repr` is empty, and its own faults are errors of another kind, which tell what the call was about."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from types import ModuleType


def mend(module: ModuleType, internal: Callable[..., Exception]) -> None:
    # The generated code raises what it finds by this name.
    vars(module)["InternalError"] = lambda *_: internal(detail="a value did not cross the language border")
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
