"""A phone of a story: every verb of the vocabulary, as calls of the library."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from library import fail_with, open_phone, panic_inside

import skolebro
from skolebro import (
    Cancellation,
    Capacity,
    CommandBody,
    Draft,
    IfAdvised,
    Phone,
    Screen,
    ScreenRequest,
    Settings,
    SkolebroError,
    Submission,
    Together,
    Who,
    Window,
)

from . import asked, shown
from .asked import Step, day
from .listening import Heard
from .secrets import Secrets

if TYPE_CHECKING:
    from .story import Story


class StoryPhone:
    def __init__(self, story: Story, name: str) -> None:
        self._story = story
        self._name = name
        self._library: Phone | None = None
        self._folder = name
        # By folder, as a keychain keeps them: what one process saved, the next one finds.
        self._secrets: dict[str, Secrets] = {}
        self._heard: dict[str, Heard] = {}
        self._cancellations: defaultdict[str, Cancellation] = defaultdict(Cancellation)

    def act(self, step: Step) -> Any:
        verb: Callable[[Step], Any] | None = getattr(self, f"do_{step['do']}", None)
        assert verb is not None, f"no verb {step['do']}"
        answer = verb(step)
        return {} if answer is None else answer

    def close(self) -> None:
        if self._library is not None:
            self._library.shut_down()

    @property
    def phone(self) -> Phone:
        assert self._library is not None, f"{self._name} has not been opened"
        return self._library

    def screen(self, request: ScreenRequest, school: str | None = None) -> Screen:
        return self.phone.screen(school or self._story.school, request)

    # What it is made of.

    def do_open(self, step: Step) -> None:
        self._folder = step.get("folder", self._name)
        secrets = self._secrets.setdefault(self._folder, Secrets())
        secrets.failing = step.get("secrets") == "failing"
        settings = Settings(
            folder=str(self._story.folder / self._folder),
            server=step.get("server", self._story.url),
            language=asked.language(step["language"]) if step.get("language") else None,
        )
        timeout = timedelta(milliseconds=step.get("timeout_ms", 20_000))
        self._library = open_phone(settings, secrets, self._story.clock, timeout)

    def do_close(self, _: Step) -> None:
        self.phone.shut_down()

    def do_drop(self, _: Step) -> None:
        self._library = None

    def do_secrets(self, step: Step) -> None:
        self._secrets[self._folder].failing = {"failing": True, "working": False}[step["to"]]

    def do_overwrite(self, step: Step) -> None:
        with (self._story.folder / self._folder / step["file"]).open("r+b") as file:
            file.seek(step["at"])
            file.write(bytes(step["bytes"]))

    def do_holds(self, step: Step) -> Any:
        """What a thief would find who reads the files without the app."""
        files = (self._story.folder / self._folder).iterdir()
        return {"found": any(step["text"].encode() in file.read_bytes() for file in files)}

    def do_kept_aside(self, _: Step) -> Any:
        return {"count": len(self.phone.kept_aside())}

    def do_suspend(self, _: Step) -> None:
        self.phone.suspend()

    def do_resume(self, _: Step) -> None:
        self.phone.resume()

    # Whose it is.

    def do_enrol(self, step: Step) -> Any:
        code = step["code"] if "code" in step else self._story.code(step["person"])
        return self._who(self.phone.enrol(code, step["name"]))

    def do_who(self, _: Step) -> Any:
        return self._who(self.phone.who())

    def _who(self, who: Who | None) -> Any:
        return {
            "person": who and self._story.name_of(who.person),
            "standing": who and shown.snake(who.standing),
        }

    def do_sign_out(self, step: Step) -> None:
        self.phone.sign_out("unsent" in step)

    def do_devices(self, step: Step) -> Any:
        devices = self.phone.devices(self._cancellation(step))
        return [{"name": one.name, "this": one.this, "revoked": one.revoked_at is not None} for one in devices]

    def do_revoke_device(self, step: Step) -> None:
        devices = self.phone.devices()
        self.phone.revoke_device(next(one.device for one in devices if one.name == step["name"]))

    def do_language(self, step: Step) -> Any:
        if "to" in step:
            self.phone.set_language(asked.language(step["to"]) if step["to"] else None)
        return {"language": shown.snake(self.phone.language())}

    def do_now(self, _: Step) -> Any:
        return {"now": shown.moment(self.phone.now())}

    # What is said.

    def do_report(self, step: Step) -> Any:
        return self._say(step, asked.draft(self._story, step))

    def do_press(self, step: Step) -> Any:
        return self._say(step, asked.button(self._story, self.phone, step))

    def _say(self, step: Step, draft: Draft) -> Any:
        if not step.get("everywhere"):
            return self._submitted(step, self.phone.submit(draft, asked.if_advised(step)))
        match self.phone.submit_everywhere(draft, asked.if_advised(step)):
            case Together.KEPT(each=kept):
                self._story.name_item(step, kept[0].id)
                advice = [shown.refusal(one.advice) for one in kept if one.advice]
                return {"kept": True, "schools": len(kept), "advice": advice}
            case Together.ADVISED(each=advised):
                advice = [shown.refusal(one.why) for one in advised]
                return {"kept": False, "schools": len(advised), "advice": advice}
            case done:
                raise AssertionError(f"neither kept nor advised: {done}")

    def do_mend(self, step: Step) -> Any:
        item, body = self._story.items[step["item"]], asked.report(self._story, step)
        return self._submitted(step, self.phone.mend(item, body, asked.if_advised(step)))

    def _submitted(self, step: Step, done: Submission) -> Any:
        match done:
            case Submission.KEPT(id=item, advice=advice):
                self._story.name_item(step, item)
                return {"kept": True, "advice": advice and shown.refusal(advice)}
            case Submission.ADVISED(why=why):
                return {"kept": False, "advice": shown.refusal(why)}
        raise AssertionError(f"neither kept nor advised: {done}")

    def do_resend(self, step: Step) -> None:
        self._story.name_item(step, self.phone.resend(self._story.items[step["item"]]))

    def do_dismiss(self, step: Step) -> None:
        self.phone.dismiss(self._story.items[step["item"]])

    def do_take_back(self, step: Step) -> None:
        self.phone.take_back(self._story.items[step["item"]])

    def do_advise(self, step: Step) -> Any:
        advice = self.phone.advise(asked.draft(self._story, step))
        return {"advice": advice and shown.refusal(advice)}

    def do_capacities(self, step: Step) -> Any:
        found = self.phone.capacities(self._story.school, asked.report(self._story, step))
        return [shown.capacity(one) for one in found]

    def do_threads(self, step: Step) -> Any:
        """Several threads of the host at once: each reports and reads."""
        body = asked.report(self._story, {"children": [step["child"]], "kind": "other", "from": step["from"]})
        with ThreadPoolExecutor(max_workers=step["count"]) as threads:
            all_of = list(threads.map(lambda _: self._report_and_read(body, step["each"]), range(step["count"])))
        kept = [item for items, _ in all_of for item in items]
        return {"kept": len(kept), "distinct": len(set(kept)), "errors": sum(wrong for _, wrong in all_of)}

    def _report_and_read(self, body: CommandBody, times: int) -> tuple[list[str], int]:
        kept, errors = [], 0
        for _ in range(times):
            draft = Draft(school=self._story.school, capacity=Capacity.HOME(), body=body, depends_on=None)
            try:
                done = self.phone.submit(draft, IfAdvised.SEND_ANYWAY)
                if isinstance(done, Submission.KEPT):
                    kept.append(done.id)
                else:
                    errors += 1
                self.screen(ScreenRequest.HOME())
            except SkolebroError:
                errors += 1
        return kept, errors

    # What is shown.

    def do_today(self, step: Step) -> Any:
        screen = self.screen(ScreenRequest.HOME(), step.get("school"))
        assert isinstance(screen, Screen.HOME)
        return shown.today(screen.shown)

    def do_child(self, step: Step) -> Any:
        pupil = self._story.person(step["child"])
        screen = self.screen(ScreenRequest.CHILD_PAGE(pupil=pupil, before=None, limit=step.get("limit", 20)))
        assert isinstance(screen, Screen.CHILD_PAGE)
        return shown.child(screen.shown)

    def do_roll(self, step: Step) -> Any:
        screen = self.screen(asked.roll_of(self._story, step))
        if isinstance(screen, Screen.NOT_THEIRS):
            return {"not_theirs": screen.text}
        assert isinstance(screen, Screen.ROLL)
        return shown.roll(screen.shown)

    def do_inbox(self, step: Step) -> Any:
        screen = self.screen(ScreenRequest.NOTICES(after=None, limit=step.get("limit", 20)))
        assert isinstance(screen, Screen.NOTICES)
        return shown.inbox(screen.shown)

    def do_outbox(self, step: Step) -> Any:
        window = Window(skip=step.get("skip", 0), limit=step.get("limit", 100))
        screen = self.screen(ScreenRequest.SAID(window=window))
        assert isinstance(screen, Screen.SAID)
        return shown.outbox(screen.shown)

    def do_absences(self, step: Step) -> Any:
        screen = self.screen(_absences(step))
        if isinstance(screen, Screen.NOT_THEIRS):
            return {"not_theirs": screen.text}
        assert isinstance(screen, Screen.ABSENCES)
        return shown.absences(screen.shown)

    def do_pages(self, step: Step) -> Any:
        """All pages, one after the other, as a list that is scrolled to its end."""
        pages = []
        for screen in skolebro.pages(self.phone, self._story.school, _absences(step)):
            assert isinstance(screen, Screen.ABSENCES)
            pages.append(screen.shown.absences.items)
        lines = [(item.line.day, item.pupil.id) for page in pages for item in page]
        days = [day for day, _ in lines]
        return {
            "total": len(lines),
            "pages": len(pages),
            "longest": max(len(page) for page in pages),
            "distinct": len(set(lines)),
            "newest_first": days == sorted(days, reverse=True),
        }

    def do_warnings(self, _: Step) -> Any:
        return shown.warnings(self.phone.warnings())

    def do_explain(self, step: Step) -> Any:
        try:
            fail_with(step["variant"])
        except SkolebroError as error:
            return shown.refusal(skolebro.explain(error, asked.language(step["language"])))
        raise AssertionError(f"no error {step['variant']}")

    def do_fail_with(self, step: Step) -> None:
        fail_with(step["variant"])

    def do_panic(self, _: Step) -> None:
        panic_inside(self.phone)

    # In step with the server.

    def do_sync(self, step: Step) -> Any:
        deadline = timedelta(milliseconds=step.get("deadline_ms", 60_000))
        return shown.synced(self.phone.sync_once(deadline, self._cancellation(step)))

    def do_cancel(self, step: Step) -> None:
        (self._cancellation(step) or self.phone).cancel()

    def _cancellation(self, step: Step) -> Cancellation | None:
        """Whichever step names it first makes it: a call may be called off before it begins."""
        return self._cancellations[step["cancellation"]] if "cancellation" in step else None

    def do_start_sync(self, _: Step) -> None:
        self.phone.start_sync()

    def do_stop_sync(self, _: Step) -> None:
        self.phone.stop_sync()

    def do_sync_now(self, _: Step) -> None:
        self.phone.sync_now()

    def do_sync_state(self, _: Step) -> Any:
        return shown.sync_state(self.phone.sync_state())

    def do_listen(self, step: Step) -> None:
        heard = Heard()
        match step["to"]:
            case "changes":
                heard.listening = self.phone.listen(heard.change)
            case "sync":
                heard.listening = self.phone.listen_to_sync(heard.state)
            case other:
                raise AssertionError(f"nothing to listen to: {other}")
        self._heard[step["as"]] = heard

    def do_heard(self, step: Step) -> Any:
        return self._heard[step["as"]].so_far()

    def do_unlisten(self, step: Step) -> None:
        listening = self._heard[step["as"]].listening
        assert listening is not None
        listening.cancel()


def _absences(step: Step) -> ScreenRequest:
    return ScreenRequest.ABSENCES(_from=day(step, "from"), to=day(step, "to"), after=None, limit=step.get("limit", 200))
