"""The library as tests have it: what everybody has, and what is only in one that was built for tests."""

from __future__ import annotations

from datetime import timedelta

from skolebro import Phone, SecretStore, Settings
from skolebro._generated.skolebro_ffi import (
    TestClock as Clock,
)
from skolebro._generated.skolebro_ffi import (
    allocations_held,
    echo,
    error_variants,
    every_command,
    fail_with,
    open_for_tests,
    panic_inside,
)

__all__ = [
    "Clock",
    "allocations_held",
    "echo",
    "error_variants",
    "every_command",
    "fail_with",
    "open_phone",
    "panic_inside",
]

# What should answer has all the time that a slow machine takes.
PATIENCE = timedelta(seconds=20)


def open_phone(settings: Settings, secrets: SecretStore, clock: Clock, timeout: timedelta = PATIENCE) -> Phone:
    """As `Phone.open`, with the test's own clock and patience."""
    phone = open_for_tests(settings, secrets, clock, timeout)
    return Phone._uniffi_make_instance(phone._uniffi_clone_handle())
