"""What a script does wrong: calls after the end, from any thread, with listeners and stores that fail. Each gets a typed
error, and nothing aborts."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from queue import SimpleQueue

import pytest
from library import PATIENCE, panic_inside
from test_values import SOMEBODY, report
from village import Village, nobody_there

from skolebro import (
    AbsenceKind,
    Capacity,
    Change,
    ChangeListener,
    CommandBody,
    Draft,
    IfAdvised,
    ListenerError,
    MemorySecrets,
    Phone,
    ScreenRequest,
    SecretStore,
    SecretStoreError,
    Settings,
    SkolebroError,
    SyncEnd,
)

LONG = PATIENCE.total_seconds()


@pytest.fixture
def phone(tmp_path: Path) -> Iterator[Phone]:
    with Phone.open(nobody_there(tmp_path), MemorySecrets()) as phone:
        yield phone


def test_a_closed_phone_says_so_to_every_call(phone: Phone) -> None:
    phone.shut_down()
    phone.shut_down()
    draft = Draft(school=SOMEBODY, capacity=Capacity.HOME(), body=report(), depends_on=None)
    calls: list[Callable[[], object]] = [
        phone.who,
        lambda: phone.enrol("CODE", "phone"),
        phone.sign_out,
        phone.devices,
        lambda: phone.make_code(SOMEBODY, SOMEBODY),
        lambda: phone.revoke_device(SOMEBODY),
        phone.language,
        lambda: phone.set_language(None),
        lambda: phone.screen(SOMEBODY, ScreenRequest.HOME()),
        lambda: phone.capacities(SOMEBODY, report()),
        lambda: phone.submit(draft, IfAdvised.ASK),
        lambda: phone.advise(draft),
        lambda: phone.mend(SOMEBODY, report(), IfAdvised.ASK),
        lambda: phone.resend(SOMEBODY),
        lambda: phone.dismiss(SOMEBODY),
        lambda: phone.take_back(SOMEBODY),
        phone.now,
        phone.warnings,
        lambda: phone.sync_once(PATIENCE),
        phone.cancel,
        phone.start_sync,
        phone.stop_sync,
        phone.sync_now,
        phone.suspend,
        phone.resume,
        phone.kept_aside,
        lambda: phone.listen(print),
        lambda: phone.listen_to_sync(print),
        phone.changes,
        phone.sync_states,
    ]
    for number, call in enumerate(calls):
        with pytest.raises(SkolebroError.Closed):
            pytest.fail(f"call {number} says {call()}")
    assert not phone.sync_state().running
    with pytest.raises(SkolebroError.Closed), phone:
        phone.who()


def test_a_panic_inside_is_an_error_and_the_phone_goes_on(phone: Phone) -> None:
    for _ in range(3):
        with pytest.raises(SkolebroError.Internal) as caught:
            panic_inside(phone)
        assert caught.value.detail
    assert phone.who() is None


def test_opened_here_used_there_and_closed_elsewhere(phone: Phone) -> None:
    def use(_: int) -> bool:
        return all(phone.who() is None and phone.now() is not None for _ in range(50))

    with ThreadPoolExecutor(max_workers=8) as threads:
        assert all(threads.map(use, range(8)))
        threads.submit(phone.shut_down).result(LONG)
    with pytest.raises(SkolebroError.Closed):
        phone.who()


@pytest.fixture
def failures(monkeypatch: pytest.MonkeyPatch) -> SimpleQueue[type[BaseException]]:
    """What Python is told of functions that failed on threads."""
    told: SimpleQueue[type[BaseException]] = SimpleQueue()
    monkeypatch.setattr(threading, "excepthook", lambda failed: told.put(failed.exc_type))
    return told


def test_a_listener_may_call_back_and_fail_and_still_hears_the_next_change(
    phone: Phone, failures: SimpleQueue[type[BaseException]]
) -> None:
    heard: SimpleQueue[Change] = SimpleQueue()

    def meddle(change: Change) -> None:
        phone.who()
        phone.listen(print).cancel()
        heard.put(change)
        raise LookupError("a listener that fails")

    with phone.listen(meddle):
        for _ in range(3):
            assert heard.get(timeout=LONG) == Change.EVERYTHING()
            assert failures.get(timeout=LONG) is LookupError
            phone.set_language(None)


def test_a_listener_may_shut_the_phone_down(phone: Phone) -> None:
    heard: SimpleQueue[Change] = SimpleQueue()

    def end(change: Change) -> None:
        phone.shut_down()
        heard.put(change)

    phone.start_sync()
    listening = phone.listen(end)
    assert heard.get(timeout=LONG) == Change.EVERYTHING()
    with pytest.raises(SkolebroError.Closed):
        phone.who()
    listening.cancel()
    listening.cancel()


class Failing(ChangeListener):
    """One of the library's own kind, which fails as it may, and then as it may not."""

    def __init__(self) -> None:
        self.heard: SimpleQueue[Change] = SimpleQueue()

    def changed(self, change: Change) -> None:
        self.heard.put(change)
        if self.heard.qsize() % 2:
            raise ListenerError.Failed("no")
        raise LookupError("nor so")


def test_a_listener_of_the_librarys_own_kind_may_fail_too(phone: Phone) -> None:
    listener = Failing()
    subscription = phone.on_change(listener)
    for _ in range(4):
        phone.set_language(None)
    assert [listener.heard.get(timeout=LONG) for _ in range(5)] == [Change.EVERYTHING()] * 5
    subscription.cancel()


class Broken(SecretStore):
    def __init__(self, error: Exception) -> None:
        self.error: Exception | None = error

    def load(self) -> str | None:
        if self.error:
            raise self.error
        return None

    def save(self, secret: str) -> None:
        self.load()

    def clear(self) -> None:
        self.load()


@pytest.mark.parametrize(
    "error", [SecretStoreError.Locked(), SecretStoreError.Failed("nej"), LookupError("nej")], ids=lambda one: repr(one)
)
def test_a_secret_store_that_fails_is_told_of(village: Village, error: Exception) -> None:
    store = Broken(error)
    with Phone.open(village.settings("Amal"), store) as phone:
        assert phone.who() is None
        with pytest.raises(SkolebroError.SecretStore):
            phone.enrol(village.ask("code", person="Amal")["code"], "dator")
        store.error = None
        who = phone.enrol(village.ask("code", person="Amal")["code"], "dator")
        assert who.person == village.person("Amal")
        store.error = error
        with pytest.raises(SkolebroError.SecretStore):
            phone.devices()


@pytest.mark.parametrize(
    "address", ["http://skole.example.se", "http://127.evil.example", "ftp://127.0.0.1", "skole", ""]
)
def test_addresses_that_would_send_a_code_in_the_open_are_refused(tmp_path: Path, address: str) -> None:
    with pytest.raises(SkolebroError.BadSettings):
        Phone.open(Settings(folder=str(tmp_path), server=address, language=None), MemorySecrets())


def test_closing_does_not_wait_for_a_server_that_is_silent(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, ThreadPoolExecutor() as threads:
        settings = nobody_there(tmp_path)
        settings.server = f"http://127.0.0.1:{silent.getsockname()[1]}"
        phone = Phone.open(settings, MemorySecrets())
        waiting = threads.submit(phone.enrol, "CODE", "phone")
        silent.settimeout(LONG)
        # Held, so that the server stays silent rather than away.
        held, _ = silent.accept()
        phone.shut_down()
        with pytest.raises(SkolebroError.Cancelled):
            waiting.result(LONG)
        held.close()


def test_closing_while_another_thread_syncs(village: Village) -> None:
    phone = village.phone("Amal")
    body = CommandBody.REPORT_ABSENCE(
        pupils=[village.person("Liv")],
        kind=AbsenceKind.SICK,
        _from=phone.now().date(),
        to=phone.now().date(),
        part=None,
        note=None,
        on_behalf_of=None,
        phoned_at=None,
    )
    draft = Draft(school=village.school, capacity=Capacity.HOME(), body=body, depends_on=None)
    phone.submit(draft, IfAdvised.SEND_ANYWAY)
    village.ask("hang")
    with ThreadPoolExecutor() as threads:
        waiting = threads.submit(phone.sync_once, timedelta(minutes=1))
        village.ask("hung", count=1)
        phone.shut_down()
        assert waiting.result(LONG).ended == SyncEnd.CANCELLED()
