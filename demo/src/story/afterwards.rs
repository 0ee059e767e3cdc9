//! After the morning: fresh codes for three of its people, and the commands to try, as they are to be typed.

use super::{orders::Operator, script::Script, town::Town};
use skolebro_demo::sample::{PersonNo, PersonaKind, SchoolNo};
use skolebro_server::operate::{answer::Trouble, letters, order};
use std::fmt::Write as _;

/// One person with a phone in a terminal.
struct Guest {
    folder: String,
    code: String,
}

/// The words to print. Makes the letters of Liv's class.
///
/// # Errors
/// A code was refused, or the letters cannot be written.
pub fn invitation(town: &Town, script: &Script, operator: &Operator) -> Result<String, Trouble> {
    let missing = || Trouble::refused("the sample lacks Liv's family");
    let persona = town.made.persona(PersonaKind::MarriedTwoSchools).ok_or_else(missing)?;
    let (Some(&liv), Some(&amal)) = (persona.pupils.first(), persona.adults.first()) else { return Err(missing()) };
    let seat = town.made.pupil(liv).ok_or_else(missing)?;
    let class = town.made.group(seat.class);
    let teacher = class.lead;

    let folder = operator.data.join("letters");
    std::fs::create_dir_all(&folder).map_err(|error| Trouble::refused(error.to_string()))?;
    let school = town.made.school(seat.school).name.clone();
    let wanted = order::Codes { group: Some(class.name.clone()), again: true, ..operator.wanted(Some(school)) };
    let letters = operator.codes(wanted)?;
    letters::write(&folder, &letters)?;
    let code = letters.letters.iter().find(|letter| letter.to.person == town.person(amal));
    let amals = code.map(|letter| letter.code.clone()).ok_or_else(missing)?;
    let code = |who: PersonNo| {
        let code = operator.code_of(town, who)?;
        code.ok_or_else(|| Trouble::refused(format!("no code was made for {}", town.name(who))))
    };

    // An office that still has somebody to call, if there is one.
    let open = script.tally.calls.iter().filter(|(_, open)| **open).map(|(pupil, _)| *pupil);
    let at_school = |pupil: PersonNo| town.made.pupil(pupil).map_or(SchoolNo(0), |seat| seat.school);
    let call = open.min_by_key(|pupil| at_school(*pupil) != seat.school);
    let office_school = call.map_or(seat.school, at_school);
    let office = town.office(office_school).ok_or_else(missing)?;

    let end = match operator.keeps {
        true => {
            format!("Ctrl-C ends it; {} stays, and a new demonstration needs a fresh folder", operator.data.display())
        }
        false => format!(
            "Ctrl-C ends it and removes {}, with the phones and letters in it (--data DIR keeps them)",
            operator.data.display()
        ),
    };
    let mut text = format!(
        "\nThe server stays up, and its clock goes on from 09:20: a report for today is late by now, one for\n\
         tomorrow is in time. {end}.\n\
         To try it, type these in other terminals, in this folder. The first one compiles for a while; --lang en speaks English.\n",
    );
    let guest =
        |name: &str, code: String| Guest { folder: operator.data.join("try").join(name).display().to_string(), code };
    let classmate = town.made.pupils_in(seat.class).map(|pupil| pupil.person);
    let late = classmate.filter(|pupil| *pupil != liv).find(|pupil| !script.tally.words.contains_key(pupil));
    let mut roll = vec![format!("roll {}", class.name)];
    if let Some(late) = late {
        roll.push(format!("roll {} --late \"{}@09:10\" --close", class.name, town.name(late)));
    }
    roll.push("today".to_owned());
    let mut calls = vec!["board".to_owned(), "calls".to_owned()];
    if let Some(call) = call {
        calls.push(format!("calls --log \"{}\" --reached yes", town.name(call)));
    }
    let children =
        persona.pupils.iter().map(|pupil| town.made.person(*pupil).given_name).collect::<Vec<_>>().join(" and ");
    // At 09:20 a report for today is late; the first try of whoever tries this is to be one in time.
    let said = ["sick Liv --from tomorrow", "today", "outbox"].map(str::to_owned).to_vec();
    let about = format!("{}, at home with {children}", town.name(amal));
    guest("amal", amals).write(&mut text, operator, "A guardian", &about, &said);
    let about = format!("{}, whose roll of {} has not been called yet", town.name(teacher), class.name);
    guest("teacher", code(teacher)?).write(&mut text, operator, "A teacher", &about, &roll);
    let about = format!("{} at {}", town.name(office), town.made.school(office_school).name);
    guest("office", code(office)?).write(&mut text, operator, "The office", &about, &calls);
    let _ = write!(
        text,
        "\nLetters for the homes of {}, to print: {}\n\
         The operator's side:  cargo run --release -q -p skolebro-server -- --data {} status\n",
        class.name,
        folder.join("letters.html").display(),
        operator.data.display()
    );
    Ok(text)
}

impl Guest {
    fn write(&self, text: &mut String, operator: &Operator, what: &str, about: &str, said: &[String]) {
        let words = format!("cargo run --release -q -p skolebro-cli -- --phone {}", self.folder);
        // Writing to a String cannot fail.
        let _ = writeln!(text, "\n{what}: {about}");
        let _ = writeln!(text, "  {words} enrol --server {} --code {}", operator.url, self.code);
        for said in said {
            let _ = writeln!(text, "  {words} {said}");
        }
    }
}
