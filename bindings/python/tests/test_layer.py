"""What Python adds: `with`, streams, pages, and a token in a file."""

from __future__ import annotations

import stat
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest
from library import PATIENCE
from village import Village, nobody_there

import skolebro
from skolebro import (
    Change,
    FileSecrets,
    Language,
    MemorySecrets,
    Phone,
    Screen,
    ScreenRequest,
    SecretStoreError,
    SkolebroError,
    Standing,
    SyncEnd,
    Window,
)

LONG = PATIENCE.total_seconds()


def test_a_phone_is_closed_by_with_whatever_happens(tmp_path: Path) -> None:
    with pytest.raises(LookupError), skolebro.open(tmp_path / "amal", "http://127.0.0.1:9") as phone:
        assert phone.who() is None
        raise LookupError
    with pytest.raises(SkolebroError.Closed):
        phone.who()


def test_a_token_in_a_file_survives_and_only_its_owner_reads_it(village: Village) -> None:
    settings = village.settings("Amal")
    folder = Path(settings.folder)
    with skolebro.open(folder, settings.server, language=Language.DA) as phone:
        assert phone.language() == Language.DA
        phone.enrol(village.ask("code", person="Amal")["code"], "Amals dator")
    token = folder / "token"
    assert stat.S_IMODE(token.stat().st_mode) == 0o600
    with skolebro.open(folder, settings.server) as phone:
        assert [one.this for one in phone.devices()] == [True]
        phone.sign_out()
        who = phone.who()
        assert who is not None
        assert who.standing == Standing.SIGNED_OUT
    assert not token.exists()


def test_secrets_that_cannot_be_read_or_written_say_why_and_not_what(tmp_path: Path) -> None:
    path = tmp_path / "token"
    secrets = FileSecrets(path)
    assert secrets.load() is None
    secrets.clear()
    secrets.save("hemligt")
    secrets.save("hemligt också")
    assert secrets.load() == "hemligt också"
    assert [one.name for one in tmp_path.iterdir()] == ["token"]
    path.write_bytes(b"\xff\xfehemligt")
    with pytest.raises(SecretStoreError.Failed) as caught:
        secrets.load()
    assert "hemligt" not in caught.value.detail
    with pytest.raises(SecretStoreError.Failed):
        FileSecrets(path / "below").save("hemligt")


def test_a_stream_begins_with_the_current_state_and_ends_with_the_phone(tmp_path: Path) -> None:
    phone = Phone.open(nobody_there(tmp_path), MemorySecrets())
    with ThreadPoolExecutor() as threads:
        states = threads.submit(lambda stream: [state.running for state in stream], phone.sync_states())
        changes = phone.changes()
        assert changes.within(LONG) == Change.EVERYTHING()
        with pytest.raises(TimeoutError):
            changes.within(0.01)
        phone.set_language(Language.NB)
        assert next(changes) == Change.EVERYTHING()
        phone.start_sync()
        phone.shut_down()
        heard = states.result(LONG)
        assert heard[0] is False
        with pytest.raises(StopIteration):
            next(changes)


def test_a_phone_is_held_by_its_streams_and_closed_when_nobody_holds_it(tmp_path: Path) -> None:
    phone = Phone.open(nobody_there(tmp_path), MemorySecrets())
    gone, stream = weakref.ref(phone), phone.changes()
    del phone
    assert next(stream) == Change.EVERYTHING()
    assert gone() is not None
    del stream
    assert gone() is None


def test_a_closed_stream_ends_for_whoever_waits_for_it(tmp_path: Path) -> None:
    with Phone.open(nobody_there(tmp_path), MemorySecrets()) as phone, ThreadPoolExecutor() as threads:
        stream, begun = phone.changes(), threading.Event()

        def read() -> int:
            begun.set()
            return len(list(stream))

        reading = threads.submit(read)
        assert begun.wait(LONG)
        stream.close()
        assert reading.result(LONG) <= 1


def test_whoever_reads_too_slowly_is_told_everything_once(tmp_path: Path) -> None:
    with Phone.open(nobody_there(tmp_path), MemorySecrets()) as phone:
        slow, quick = phone.changes(), phone.changes()
        for _ in range(500):
            phone.set_language(None)
            # As slow as the quickest: the library has told both.
            quick.within(LONG)
        phone.shut_down()
        assert 1 <= len(list(slow)) <= 65


def test_pages_go_through_any_list(village: Village) -> None:
    village.ask("grow", pupils=7)
    village.ask("absences", pupils=7, days=3, **{"from": "2026-09-08"})
    olga = village.phone("Olga")
    wanted = ScreenRequest.ABSENCES(_from=date(2026, 9, 1), to=date(2026, 10, 1), after=None, limit=4)
    seen = []
    for screen in skolebro.pages(olga, village.school, wanted):
        assert isinstance(screen, Screen.ABSENCES)
        seen.append([(line.line.day, line.pupil.id) for line in screen.shown.absences.items])
    assert [len(page) for page in seen] == [4, 4, 4, 4, 4, 1]
    assert len({line for page in seen for line in page}) == 21
    assert wanted.after is None

    window = Window(skip=0, limit=2)
    for request in (
        ScreenRequest.CHILD_PAGE(pupil=village.person("Liv"), before=None, limit=2),
        ScreenRequest.NOTICES(after=None, limit=2),
        ScreenRequest.SAID(window=window),
        ScreenRequest.GROUP(group=str(village.town["groups"]["4B"]), day=None, window=window),
        ScreenRequest.SCHOOL(day=None, window=window),
        ScreenRequest.CALLS(day=None, window=window),
        ScreenRequest.EXPLANATIONS(window=window),
        ScreenRequest.FOLLOW_UPS(window=window),
        ScreenRequest.EVACUATION(window=window),
        ScreenRequest.HOME(),
    ):
        pages = list(skolebro.pages(olga, village.school, request))
        assert len(pages) >= 1
        assert all(type(page) is type(pages[0]) for page in pages)
    assert len(list(skolebro.pages(olga, village.school, ScreenRequest.EVACUATION(window=window)))) > 1

    amal = village.phone("Amal")
    [alone] = skolebro.pages(amal, village.school, wanted)
    assert isinstance(alone, Screen.NOT_THEIRS)


def test_the_loop_keeps_in_step_and_its_stream_says_so(village: Village) -> None:
    phone = village.phone("Amal")
    with phone, phone.sync_states() as states:
        phone.start_sync()
        for state in states:
            if state.running and state.last and state.last.ended == SyncEnd.COMPLETE() and not state.syncing:
                break
        phone.sync_now()
        while not states.within(LONG).syncing:
            pass
        assert phone.sync_once(timedelta(seconds=20)).ended in (SyncEnd.COMPLETE(), SyncEnd.BUSY())
