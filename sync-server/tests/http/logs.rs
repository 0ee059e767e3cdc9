//! Neither logs nor metrics say who anybody is.

use crate::town::{Town, enrol, outcomes, person, school, sick};
use serde_json::json;
use std::{
    io::{self, Write},
    sync::{Arc, Mutex, PoisonError},
};

#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_whole_morning_leaves_no_name_note_token_or_id_behind() {
    let kept = Kept::default();
    let writer = kept.clone();
    // The one test of this binary that reads logs; the others write into them too, and may not be seen either.
    let started = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .json()
        .with_writer(move || writer.clone())
        .try_init();
    started.unwrap();
    let town = Town::open();
    let (amal, nils) = (town.enrol("Amal"), town.enrol("Nils"));
    let mut report = sick("Liv");
    report["body"]["note"] = json!("tillbaka efter tandläkaren");
    let command = report["id"].as_str().unwrap().to_owned();
    assert!(outcomes(amal.sync(0, &[report]))[0].get("accepted").is_some());
    outcomes(nils.sync(0, &[sick("Liv")]));
    assert!(outcomes(nils.sync(0, &vec![json!(0); 500])).is_empty());
    amal.pull();
    let code = town.code("Erik");
    enrol(&town.url(), "WRONG-WRONG-WRONG");
    amal.ask("GET", "/v1/nowhere/Haddad?child=Liv").send().unwrap();
    amal.ask("POST", "/v1/sync").body("{\"school\":\"Liv Haddad\"}").send().unwrap();
    amal.ask("DELETE", &format!("/v1/devices/{}", amal.device)).send().unwrap();
    amal.ask("GET", "/v1/devices").send().unwrap();
    town.order(&["block", "--person", &person("Nils").to_string(), "--pupil", &person("Ida").to_string()]).unwrap();
    town.order(&["people"]).unwrap();
    town.order(&["tick"]).unwrap();
    let metrics = town.metrics();
    let secrets =
        [amal.token.clone(), nils.token.clone(), code, command, amal.device.to_string(), school().to_string()];
    assert!(town.running.stop());

    let logs = String::from_utf8(kept.0.lock().unwrap_or_else(PoisonError::into_inner).clone()).unwrap();
    assert!(logs.contains("/v1/sync"), "requests are logged at this level");
    assert!(metrics.contains("kind=\"report_absence\",outcome=\"accepted\"} 1"), "{metrics}");
    assert!(metrics.contains("skolebro_commits_total ") && metrics.contains("skolebro_sync_rows_count "));
    // A request leaves a line, however many things in it are wrong; other tests of this binary leave a few as well.
    assert!((1..10).contains(&logs.matches("without an id").count()));
    let mut forbidden: Vec<String> = vec!["tandläkaren".into(), "Almskolan".into(), "nowhere".into(), "WRONG".into()];
    for name in ["Liv", "Ida", "Amal", "Erik", "Nils", "Vera", "Sanna", "Olle"] {
        forbidden.push(person(name).to_string());
        forbidden.push(format!("\"{name}"));
    }
    forbidden.extend(["Haddad", "Lind", "Berg", "Kontor"].map(str::to_owned));
    forbidden.extend(secrets);
    for word in forbidden {
        let ours = |line: &&str| line.contains("skolebro");
        // Schools and devices are no persons, but a metric has no use for them either.
        assert!(!metrics.contains(&word), "{word} is in the metrics");
        let told: Vec<&str> = logs.lines().filter(ours).filter(|line| line.contains(&word)).collect();
        assert!(told.is_empty() || word == school().to_string(), "{word} is logged: {told:?}");
    }
}
