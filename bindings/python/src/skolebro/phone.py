"""A phone as Python has it: closed by `with`, listened to by functions and iterators. All that a phone does is the library's."""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Any

from . import ending
from ._generated.skolebro_core import Change, DeviceEntry, Language, SyncReport, Who
from ._generated.skolebro_ffi import (
    Cancellation,
    HandedCode,
    SecretStore,
    Settings,
    Skolebro,
    Subscription,
    SyncState,
)
from .listening import CallingOnChange, CallingOnSync, Listening, Stream
from .secrets import FileSecrets
from .waiting import interruptible


def open(
    folder: str | os.PathLike[str],
    server: str,
    *,
    secrets: SecretStore | None = None,
    language: Language | None = None,
) -> Phone:
    """Opens the phone in a folder, which is made where there is none. Needs no network.

    One folder is for one person and server, and for one open phone at a time. `secrets` keeps the device token: `FileSecrets`
    in that folder, where nothing else is given. `language`: to speak in whatever the person's own is.

    Raises `SkolebroError.BadSettings`, `OutboxDamaged` (once, after putting the files aside), `OutboxTooNew`, `Storage`.
    """
    settings = Settings(folder=os.fspath(folder), server=server, language=language)
    return Phone.open(settings, secrets if secrets is not None else FileSecrets.in_folder(Path(folder)))


class Phone(Skolebro):
    """A phone: every call of the library's object, and what Python adds. Any thread may call it, several at once."""

    def __new__(cls, *_: Any, **__: Any) -> Phone:
        phone = super().__new__(cls)
        phone._ending = threading.Lock()
        phone._ended = False
        phone._streams = weakref.WeakSet()
        ending.remember(phone)
        return phone

    _ending: threading.Lock
    _ended: bool
    _streams: weakref.WeakSet[Stream[Any]]

    def __enter__(self) -> Phone:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.shut_down()

    def shut_down(self) -> None:
        """Ends it, and its streams: every other call says `SkolebroError.Closed` from then on. Twice is once."""
        super().shut_down()
        with self._ending:
            self._ended = True
            streams = list(self._streams)
        for stream in streams:
            stream.end()

    # What waits for the server gives up on Ctrl-C.

    def enrol(
        self, code: str, device_name: str, cancellation: Cancellation | None = None, even_if_unsent: bool = False
    ) -> Who:
        return interruptible(lambda its: super(Phone, self).enrol(code, device_name, its, even_if_unsent), cancellation)

    def devices(self, cancellation: Cancellation | None = None) -> list[DeviceEntry]:
        return interruptible(super().devices, cancellation)

    def make_code(self, school: str, person: str, cancellation: Cancellation | None = None) -> HandedCode:
        return interruptible(lambda its: super(Phone, self).make_code(school, person, its), cancellation)

    def revoke_device(
        self, device: str, cancellation: Cancellation | None = None, even_if_unsent: bool = False
    ) -> None:
        interruptible(lambda its: super(Phone, self).revoke_device(device, its, even_if_unsent), cancellation)

    def sync_once(self, deadline: timedelta, cancellation: Cancellation | None = None) -> SyncReport:
        return interruptible(lambda its: super(Phone, self).sync_once(deadline, its), cancellation)

    def listen(self, listener: Callable[[Change], object]) -> Listening:
        """Calls `listener` with what is to be read again, `Change.EVERYTHING()` first, for as long as what this gives back is
        held and not cancelled. It is called on a thread of the library's, one call at a time, and may call the phone."""
        return Listening(self.on_change(CallingOnChange(listener)))

    def listen_to_sync(self, listener: Callable[[SyncState], object]) -> Listening:
        """As `listen`, for how the phone stands with the server: how it stands now first."""
        return Listening(self.on_sync(CallingOnSync(listener)))

    def changes(self) -> Stream[Change]:
        """What is to be read again, `Change.EVERYTHING()` first. Whoever reads too slowly is told `EVERYTHING` in place of
        the many. Listens from now on, until it is closed or let go of, or the phone is shut down."""
        return self._stream(
            lambda put: self.on_change(CallingOnChange(put)),
            lambda _: Change.EVERYTHING(),
        )

    def sync_states(self) -> Stream[SyncState]:
        """How the phone stands with the server, how it stands now first. Whoever reads too slowly is told the newest."""
        return self._stream(lambda put: self.on_sync(CallingOnSync(put)), lambda newest: newest)

    def _stream(
        self, subscribe: Callable[[Callable[[Any], object]], Subscription], in_place_of_many: Callable[[Any], Any]
    ) -> Stream[Any]:
        stream = Stream(subscribe, in_place_of_many, of=self)
        with self._ending:
            self._streams.add(stream)
            ended = self._ended
        if ended:
            stream.end()
        return stream
