//! A phone of a story: every verb of the vocabulary, as calls of the library.

use super::{
    asked::{self, day, number, text},
    listening::{Heard, Listener, Listening},
    secrets::Secrets,
    shown::{self, snake, word},
    story::Story,
};
use crate::library::*;
use serde_json::{Value, json};
use std::{
    collections::{BTreeSet, HashMap},
    io::{Seek, SeekFrom, Write},
    sync::{Arc, Mutex, atomic::Ordering::SeqCst},
    time::Duration,
};

#[derive(Default)]
pub struct Phone {
    library: Mutex<Option<Arc<Skolebro>>>,
    /// By folder, as a keychain keeps them: what one process saved, the next one finds.
    secrets: Mutex<HashMap<String, Arc<Secrets>>>,
    folder: Mutex<String>,
    listening: Mutex<HashMap<String, Listening>>,
    cancellations: Mutex<HashMap<String, Arc<Cancellation>>>,
}

type Answer = Result<Value, SkolebroError>;

impl Phone {
    pub fn act(&self, story: &Arc<Story>, name: &str, step: &Value) -> Answer {
        match text(step, "do") {
            "open" => return self.open(story, name, step),
            "drop" => {
                *self.library.lock().unwrap() = None;
                return Ok(json!({}));
            }
            "secrets" => {
                let failing = text(step, "to") == "failing";
                self.secrets.lock().unwrap()[&*self.folder.lock().unwrap()].failing.store(failing, SeqCst);
                return Ok(json!({}));
            }
            "overwrite" => {
                self.overwrite(story, step);
                return Ok(json!({}));
            }
            "holds" => return Ok(json!({ "found": self.holds(story, text(step, "text").as_bytes()) })),
            "heard" => return Ok(json!(self.listening.lock().unwrap()[text(step, "as")].heard.so_far())),
            "unlisten" => {
                let held = self.listening.lock().unwrap().get_mut(text(step, "as")).unwrap().subscription.take();
                held.expect("it listens").cancel();
                return Ok(json!({}));
            }
            "fail_with" => return fail_with(text(step, "variant").to_owned()).map(|()| json!({})),
            "explain" => {
                let error = fail_with(text(step, "variant").to_owned()).unwrap_err();
                return Ok(shown::refusal(&explain(error, asked::language(text(step, "language")))));
            }
            _ => {}
        }
        let open = self.library.lock().unwrap().clone();
        let phone = open.unwrap_or_else(|| panic!("{name} has not been opened"));
        self.call(story, &phone, step)
    }

    fn open(&self, story: &Story, name: &str, step: &Value) -> Answer {
        let folder = step["folder"].as_str().unwrap_or(name).to_owned();
        let secrets = Arc::clone(self.secrets.lock().unwrap().entry(folder.clone()).or_default());
        secrets.failing.store(step["secrets"] == "failing", SeqCst);
        let settings = Settings {
            folder: story.folder.path().join(&folder).to_str().unwrap().to_owned(),
            server: step["server"].as_str().map_or_else(|| story.url(), str::to_owned),
            language: step["language"].as_str().map(asked::language),
        };
        let timeout = Duration::from_millis(number(step, "timeout_ms", 20_000).into());
        *self.folder.lock().unwrap() = folder;
        let opened = open_for_tests(settings, secrets, Arc::clone(&story.clock), timeout)?;
        *self.library.lock().unwrap() = Some(opened);
        Ok(json!({}))
    }

    fn overwrite(&self, story: &Story, step: &Value) {
        let path = story.folder.path().join(&*self.folder.lock().unwrap()).join(text(step, "file"));
        let bytes: Vec<u8> = serde_json::from_value(step["bytes"].clone()).unwrap();
        let mut file = std::fs::OpenOptions::new().write(true).open(path).unwrap();
        file.seek(SeekFrom::Start(step["at"].as_u64().unwrap())).unwrap();
        file.write_all(&bytes).unwrap();
    }

    /// What a thief would find who reads the files without the app.
    fn holds(&self, story: &Story, wanted: &[u8]) -> bool {
        let folder = story.folder.path().join(&*self.folder.lock().unwrap());
        folder.read_dir().unwrap().any(|file| {
            let bytes = std::fs::read(file.unwrap().path()).unwrap();
            bytes.windows(wanted.len()).any(|here| here == wanted)
        })
    }

    fn call(&self, story: &Arc<Story>, phone: &Arc<Skolebro>, step: &Value) -> Answer {
        let school = story.school();
        let nothing = |()| json!({});
        let window = || Window { skip: number(step, "skip", 0), limit: number(step, "limit", 100) };
        match text(step, "do") {
            "close" => {
                phone.shut_down();
                Ok(json!({}))
            }
            "kept_aside" => Ok(json!({ "count": phone.kept_aside()?.len() })),
            "enrol" => {
                let code = step["code"].as_str().map_or_else(|| story.code(text(step, "person")), str::to_owned);
                phone.enrol(code, text(step, "name").to_owned(), None, false).map(|who| shown_who(story, Some(who)))
            }
            "who" => phone.who().map(|who| shown_who(story, who)),
            "sign_out" => phone.sign_out(step.get("unsent").is_some()).map(nothing),
            "suspend" => phone.suspend().map(nothing),
            "resume" => phone.resume().map(nothing),
            "devices" => {
                phone.devices(self.cancellation(step)).map(|devices| devices.iter().map(shown_device).collect())
            }
            "revoke_device" => {
                let devices = phone.devices(None)?;
                let device = devices.iter().find(|device| device.name == text(step, "name")).expect("that device");
                phone.revoke_device(device.device, None, false).map(nothing)
            }
            "language" => {
                if let Some(to) = step.get("to") {
                    phone.set_language(to.as_str().map(asked::language))?;
                }
                phone.language().map(|language| json!({ "language": word(&language) }))
            }
            "now" => phone.now().map(|now| json!({ "now": shown::moment(now) })),
            "report" => self.said(story, phone, step, asked::draft(story, step)),
            "press" => self.said(story, phone, step, asked::button(story, phone, step)?),
            "mend" => {
                let body = asked::report(story, step);
                let done = phone.mend(story.item(text(step, "item")), body, asked::if_advised(step))?;
                self.submitted(story, step, done)
            }
            "resend" => {
                let id = phone.resend(story.item(text(step, "item")))?;
                story.name_item(step, id);
                Ok(json!({}))
            }
            "advise" => {
                let advice = phone.advise(asked::draft(story, step))?;
                Ok(json!({ "advice": advice.as_ref().map(shown::refusal) }))
            }
            "capacities" => {
                let found = phone.capacities(school, asked::report(story, step))?;
                Ok(found.iter().map(shown::capacity).collect())
            }
            "dismiss" => phone.dismiss(story.item(text(step, "item"))).map(nothing),
            "take_back" => phone.take_back(story.item(text(step, "item"))).map(nothing),
            "outbox" => match phone.screen(school, ScreenRequest::Said { window: window() })? {
                Screen::Said { shown } => Ok(shown::outbox(&shown)),
                other => panic!("not an outbox: {other:?}"),
            },
            "today" => match phone.screen(asked::school(story, step), ScreenRequest::Home)? {
                Screen::Home { shown } => Ok(shown::today(&shown)),
                other => panic!("not a guardian's today: {other:?}"),
            },
            "child" => {
                let (pupil, limit) = (story.person(text(step, "child")), number(step, "limit", 20));
                match phone.screen(school, ScreenRequest::ChildPage { pupil, before: None, limit })? {
                    Screen::ChildPage { shown } => Ok(shown::child(&shown)),
                    other => panic!("not a child's page: {other:?}"),
                }
            }
            "roll" => match phone.screen(school, asked::roll_of(story, step))? {
                Screen::Roll { shown } => Ok(shown::roll(&shown)),
                Screen::NotTheirs { text } => Ok(json!({ "not_theirs": text })),
                other => panic!("not a roll: {other:?}"),
            },
            "inbox" => {
                match phone.screen(school, ScreenRequest::Notices { after: None, limit: number(step, "limit", 20) })? {
                    Screen::Notices { shown } => Ok(shown::inbox(&shown)),
                    other => panic!("not an inbox: {other:?}"),
                }
            }
            "absences" => match phone.screen(school, absences_after(step, None))? {
                Screen::Absences { shown } => Ok(shown::absences(&shown)),
                Screen::NotTheirs { text } => Ok(json!({ "not_theirs": text })),
                other => panic!("not absences: {other:?}"),
            },
            "pages" => pages(story, phone, step),
            "warnings" => phone.warnings().map(|warnings| shown::warnings(&warnings)),
            "sync" => {
                let deadline = Duration::from_millis(number(step, "deadline_ms", 60_000).into());
                let report = phone.sync_once(deadline, self.cancellation(step))?;
                Ok(shown::synced(&report))
            }
            "cancel" => match self.cancellation(step) {
                Some(its) => {
                    its.cancel();
                    Ok(json!({}))
                }
                None => phone.cancel().map(nothing),
            },
            "start_sync" => phone.start_sync().map(nothing),
            "stop_sync" => phone.stop_sync().map(nothing),
            "sync_now" => phone.sync_now().map(nothing),
            "sync_state" => Ok(shown::sync_state(&phone.sync_state())),
            "listen" => {
                let heard = Arc::new(Heard::default());
                let listener = Arc::new(Listener(Arc::clone(&heard)));
                let subscription = match text(step, "to") {
                    "changes" => phone.on_change(listener)?,
                    "sync" => phone.on_sync(listener)?,
                    other => panic!("nothing to listen to: {other}"),
                };
                self.listening
                    .lock()
                    .unwrap()
                    .insert(text(step, "as").to_owned(), Listening { heard, subscription: Some(subscription) });
                Ok(json!({}))
            }
            "threads" => Ok(threads(story, phone, step)),
            "panic" => panic_inside(phone).map(nothing),
            other => panic!("no verb {other}"),
        }
    }

    /// Whichever step names it first makes it: a call may be called off before it begins.
    fn cancellation(&self, step: &Value) -> Option<Arc<Cancellation>> {
        let name = step["cancellation"].as_str()?;
        Some(self.cancellations.lock().unwrap().entry(name.to_owned()).or_default().clone())
    }

    fn said(&self, story: &Story, phone: &Skolebro, step: &Value, draft: Draft) -> Answer {
        let if_advised = asked::if_advised(step);
        if step["everywhere"] != true {
            return self.submitted(story, step, phone.submit(draft, if_advised)?);
        }
        Ok(match phone.submit_everywhere(draft, if_advised)? {
            Together::Kept { each } => {
                story.name_item(step, each[0].id);
                let advice: Vec<Value> =
                    each.iter().filter_map(|kept| kept.advice.as_ref()).map(shown::refusal).collect();
                json!({ "kept": true, "schools": each.len(), "advice": advice })
            }
            Together::Advised { each } => {
                let advice: Vec<Value> = each.iter().map(|at| shown::refusal(&at.why)).collect();
                json!({ "kept": false, "schools": each.len(), "advice": advice })
            }
        })
    }

    fn submitted(&self, story: &Story, step: &Value, done: Submission) -> Answer {
        Ok(match done {
            Submission::Kept { id, advice } => {
                story.name_item(step, id);
                json!({ "kept": true, "advice": advice.as_ref().map(shown::refusal) })
            }
            Submission::Advised { why } => json!({ "kept": false, "advice": shown::refusal(&why) }),
        })
    }
}

fn shown_who(story: &Story, who: Option<Who>) -> Value {
    let person = who.as_ref().and_then(|who| story.name_of(who.person));
    json!({ "person": person, "standing": who.map(|who| snake(&who.standing)) })
}

fn shown_device(device: &DeviceEntry) -> Value {
    json!({ "name": device.name, "this": device.this, "revoked": device.revoked_at.is_some() })
}

fn absences_after(step: &Value, after: Option<AbsencePlace>) -> ScreenRequest {
    let (from, to, limit) = (day(step, "from"), day(step, "to"), number(step, "limit", 200));
    ScreenRequest::Absences { from, to, after, limit }
}

/// All pages, one after the other, as a list that is scrolled to its end.
fn pages(story: &Story, phone: &Skolebro, step: &Value) -> Answer {
    let (mut total, mut count, mut longest) = (0, 0, 0);
    let (mut distinct, mut newest_first) = (BTreeSet::new(), true);
    let (mut after, mut last): (Option<AbsencePlace>, Option<Day>) = (None, None);
    loop {
        let Screen::Absences { shown } = phone.screen(story.school(), absences_after(step, after))? else {
            panic!("not absences");
        };
        let page = shown.absences;
        count += 1;
        total += page.items.len();
        longest = longest.max(page.items.len());
        for item in &page.items {
            newest_first &= last.is_none_or(|last| item.line.day <= last);
            last = Some(item.line.day);
            distinct.insert((item.line.day, item.pupil.id));
        }
        after = page.next;
        if after.is_none() {
            let distinct = distinct.len();
            return Ok(json!({
                "total": total, "pages": count, "longest": longest, "distinct": distinct, "newest_first": newest_first,
            }));
        }
    }
}

/// Several threads of the host at once: each reports and reads.
fn threads(story: &Arc<Story>, phone: &Arc<Skolebro>, step: &Value) -> Value {
    let asked = json!({ "children": [step["child"]], "kind": "other", "from": step["from"] });
    let body = asked::report(story, &asked);
    let each = number(step, "each", 1);
    let running = (0..number(step, "count", 2)).map(|_| {
        let (story, phone, body) = (Arc::clone(story), Arc::clone(phone), body.clone());
        std::thread::spawn(move || {
            let (mut kept, mut errors) = (Vec::new(), 0);
            for _ in 0..each {
                let (capacity, body) = (Capacity::Home, body.clone());
                let draft = Draft { school: story.school(), capacity, body, depends_on: None };
                match phone.submit(draft, IfAdvised::SendAnyway) {
                    Ok(Submission::Kept { id, .. }) => kept.push(id),
                    Ok(Submission::Advised { .. }) | Err(_) => errors += 1,
                }
                errors += u32::from(phone.screen(story.school(), ScreenRequest::Home).is_err());
            }
            (kept, errors)
        })
    });
    let running: Vec<_> = running.collect();
    let (mut kept, mut errors) = (Vec::new(), 0);
    for thread in running {
        let (its, wrong) = thread.join().unwrap();
        kept.extend(its);
        errors += wrong;
    }
    let distinct = kept.iter().collect::<BTreeSet<_>>().len();
    json!({ "kept": kept.len(), "distinct": distinct, "errors": errors })
}
