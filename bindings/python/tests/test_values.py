"""Values that cross the border twice are what they were, built on either side; and what is no value is refused."""

from __future__ import annotations

import enum
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from library import echo, error_variants, every_command, fail_with
from village import nobody_there

import skolebro
from skolebro import (
    AbsenceKind,
    CommandBody,
    Language,
    MemorySecrets,
    PartOfDay,
    Phone,
    ScreenRequest,
    SkolebroError,
    Window,
)

SOMEBODY = "018f3c9e-0000-7000-8000-000000000001"


def rebuilt(value: Any) -> Any:
    """The same, made from its parts as a script would make it."""
    if isinstance(value, list):
        return [rebuilt(one) for one in value]
    if isinstance(value, enum.Enum) or not type(value).__module__.startswith("skolebro."):
        return value
    parts = vars(value)
    if "_values" in parts:
        return type(value)(*(rebuilt(one) for one in parts["_values"]))
    return type(value)(**{name: rebuilt(one) for name, one in parts.items()})


@pytest.mark.parametrize("command", every_command(), ids=lambda one: type(one).__name__)
def test_every_command_comes_back(command: CommandBody) -> None:
    made_here = rebuilt(command)
    assert made_here is not command
    assert echo(command) == command == made_here == echo(made_here)


def test_every_case_is_a_command() -> None:
    cases = {type(one).__name__.rpartition(".")[2] for one in every_command()}
    assert cases == {name for name, held in vars(CommandBody).items() if isinstance(held, type)}


def report(**changed: Any) -> CommandBody:
    fields: dict[str, Any] = {
        "pupils": [SOMEBODY],
        "kind": AbsenceKind.SICK,
        "_from": date(2026, 3, 29),
        "to": date(2026, 3, 29),
        "part": PartOfDay(_from=time(8, 15), to=time(10, 5, 30)),
        "note": "Åse är sjuk 🤒, og Bjørn også",
        "on_behalf_of": None,
        "phoned_at": datetime(2026, 3, 29, 1, 0, 0, 123456, tzinfo=timezone(timedelta(hours=2))),
    }
    return CommandBody.REPORT_ABSENCE(**{**fields, **changed})


def test_a_report_made_by_hand_comes_back() -> None:
    assert echo(report()) == report()
    for change in ({"note": "Åse"}, {"to": date(2026, 3, 30)}, {"part": None}, {"kind": AbsenceKind.OTHER}):
        assert echo(report(**change)) != report()


def test_a_record_is_compared_and_shown_as_any_value() -> None:
    morning = PartOfDay(_from=time(8), to=time(10))
    assert morning == PartOfDay(_from=time(8), to=time(10))
    for other in (None, 8, PartOfDay(_from=time(8), to=time(11)), Window(skip=0, limit=1), report()):
        assert morning != other
        assert other != morning
    assert repr(morning) == "PartOfDay(_from=08:00:00, to=10:00:00)"
    assert "_from=2026-03-29" in repr(report())


@pytest.mark.parametrize(
    "wrong",
    [
        {"pupils": "Liv"},
        {"pupils": ["Liv"]},
        {"pupils": None},
        {"kind": "sick"},
        {"note": 5},
        {"_from": "2026-03-29"},
        {"phoned_at": datetime(2026, 3, 29)},
        {"part": "the morning"},
    ],
    ids=str,
)
def test_what_is_no_value_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises((TypeError, ValueError, AttributeError, SkolebroError.Internal)):
        echo(report(**wrong))
    assert echo(report()) == report()


def test_what_is_no_argument_is_refused(tmp_path: Path) -> None:
    with Phone.open(nobody_there(tmp_path), MemorySecrets()) as phone:
        with pytest.raises(SkolebroError.Internal) as caught:
            phone.screen("Liv Berg", ScreenRequest.HOME())
        assert "Liv" not in str(caught.value)
        with pytest.raises(ValueError):
            phone.screen(SOMEBODY, ScreenRequest.SAID(window=Window(skip=-1, limit=2)))
        with pytest.raises(ValueError):
            phone.sync_once(timedelta(seconds=-1))
        with pytest.raises(SkolebroError.NotSignedIn):
            phone.screen(SOMEBODY, ScreenRequest.HOME())


def test_every_error_has_words_in_every_language() -> None:
    for variant in error_variants():
        with pytest.raises(SkolebroError) as caught:
            fail_with(variant)
        assert type(caught.value) is getattr(SkolebroError, variant)
        for language in Language:
            words = skolebro.explain(caught.value, language)
            assert words.text
            assert words.instead
            assert "prov" not in words.text, f"{variant} says its detail to a person"


def test_what_is_exported_is_there() -> None:
    missing = [name for name in skolebro.__all__ if not hasattr(skolebro, name)]
    assert missing == []


def test_every_name_of_a_type_is_exported() -> None:
    stubs = Path(skolebro.__file__).parent / "_generated"
    for module in ("skolebro_core", "skolebro_ffi"):
        lines = (stubs / f"{module}.pyi").read_text(encoding="utf-8").splitlines()
        names = [line.partition(":")[0] for line in lines if ": typing.TypeAlias" in line]
        assert [name for name in names if name not in skolebro.__all__ and name not in ("Duration", "Timestamp")] == []
