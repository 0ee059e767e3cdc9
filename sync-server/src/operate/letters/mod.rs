//! The printable letters that carry activation codes, one page a person in the person's language, and the office's list
//! for handing them out.
//!
//! Letters carry no child's name: they lie about on desks. The list carries no code.

mod files;
mod html;
mod qr;

pub use files::{LETTERS, LIST, make_room, write};
pub use qr::enrol_link;

use super::answer::{Letter, Letters, Recipient, WhyNot};
use html::{Escaped, page};
use skolebro_core::{
    device::{http::check_address, text::Texts},
    say,
};
use std::fmt::Write;

/// The link does not fit a QR square, because of the server's address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the server's address is too long for a QR square")]
pub struct TooLong;

/// Whether phones take that address, and letters can carry it: before codes are made, because new codes kill older ones.
///
/// # Errors
/// In words for the operator.
pub fn check_server(server: &str) -> Result<(), String> {
    check_address(server.trim()).map_err(|problem| format!("--server {server:?}: {problem}"))?;
    qr::square(&enrol_link(Some(server), "XXXX-XXXX-XXXX")).map(|_| ()).ok_or_else(|| TooLong.to_string())
}

/// One HTML document, one page a letter.
///
/// # Errors
/// [`TooLong`].
pub fn letters(made: &Letters) -> Result<String, TooLong> {
    let mut body = String::new();
    for letter in &made.letters {
        body.push_str(&section(made, letter)?);
    }
    Ok(page(made.school_language.tag(), &say!(Texts::new(made.school_language), "letter-title"), &body))
}

fn section(made: &Letters, letter: &Letter) -> Result<String, TooLong> {
    let language = letter.to.language.unwrap_or(made.school_language);
    let texts = Texts::new(language);
    let school = made.school.as_str();
    let why = match letter.to.is_staff {
        true => say!(texts, "letter-why-staff", school = school),
        false => say!(texts, "letter-why-home", school = school),
    };
    let lost = match made.school_phone.as_str() {
        "" => say!(texts, "letter-lost-no-phone"),
        phone => say!(texts, "letter-lost", phone = phone),
    };
    let square = qr::square(&enrol_link(made.server.as_deref(), &letter.code)).ok_or(TooLong)?;
    let paragraph = |text: String| format!("<p>{}</p>\n", Escaped(&text));
    let steps = [say!(texts, "letter-step-install"), say!(texts, "letter-step-scan"), say!(texts, "letter-step-done")];
    let mut html = format!(
        "<section lang=\"{}\">\n<header><span>{}</span><span>{}</span></header>\n<h1>{}</h1>\n",
        language.tag(),
        Escaped(school),
        Escaped(&made.group),
        Escaped(&say!(texts, "letter-title"))
    );
    // The name keeps its own direction to itself.
    let greeting = say!(texts, "letter-greeting", name = NAME);
    let greeting = Escaped(&greeting).to_string().replace(NAME, &own(&letter.to.name));
    // Writing to a String cannot fail.
    let _ = writeln!(html, "<p>{greeting}</p>");
    html.push_str(&paragraph(why));
    let _ = write!(html, "<h2>{}</h2>\n<ol>\n", Escaped(&say!(texts, "letter-steps")));
    for step in steps {
        let _ = writeln!(html, "<li>{}</li>", Escaped(&step));
    }
    let _ = write!(
        html,
        "</ol>\n<div class=\"card\">\n{square}\n<div>\n{}</div>\n</div>\n",
        card(made, &letter.code, texts)
    );
    html.push_str(&paragraph(say!(texts, "letter-valid", date = texts.date(made.until, made.made))));
    // Who else gets a code is not said: an adult may be alone, and another barred.
    html.push_str(&paragraph(match letter.to.is_staff {
        true => say!(texts, "letter-keep"),
        false => say!(texts, "letter-keep-home"),
    }));
    html.push_str(&paragraph(lost));
    html.push_str(&paragraph(say!(texts, "letter-without")));
    html.push_str(&paragraph(say!(texts, "letter-sender", school = school)));
    html.push_str("</section>\n");
    Ok(html)
}

/// What is typed where nothing can be scanned.
fn card(made: &Letters, code: &str, texts: Texts) -> String {
    let mut card = format!(
        "<p class=\"label\">{}</p>\n<p class=\"code\">{}</p>\n",
        Escaped(&say!(texts, "letter-code")),
        Escaped(code)
    );
    if let Some(server) = &made.server {
        let label = say!(texts, "letter-server");
        let _ =
            write!(card, "<p class=\"label\">{}</p>\n<p class=\"server\">{}</p>\n", Escaped(&label), Escaped(server));
    }
    card
}

/// Who gets a letter, and who does not and why; in the school's language.
pub fn list(made: &Letters) -> String {
    let texts = Texts::new(made.school_language);
    let whose = if made.group.is_empty() { &made.school } else { &made.group };
    let title = say!(texts, "list-title", group = whose);
    let (date, until) = (texts.date(made.made, made.made), texts.date(made.until, made.made));
    let mut body = format!(
        "<section lang=\"{}\">\n<header><span>{}</span><span>{}</span></header>\n<h1>{}</h1>\n<p>{}</p>\n<p>{}</p>\n",
        made.school_language.tag(),
        Escaped(&made.school),
        Escaped(&made.group),
        Escaped(&title),
        Escaped(&say!(texts, "list-made", date = date, until = until)),
        Escaped(&say!(texts, "list-keep"))
    );
    let note = |to: &Recipient| if to.protected { say!(texts, "list-protected") } else { String::new() };
    let rows: Vec<_> = made.letters.iter().map(|letter| (&letter.to, note(&letter.to))).collect();
    body.push_str(&table(texts, &rows));
    if !made.left.is_empty() {
        let _ = writeln!(body, "<h2>{}</h2>", Escaped(&say!(texts, "list-left-title")));
        let both = |to: &Recipient, why| format!("{} {}", why_not(why, made, texts), note(to)).trim_end().to_owned();
        let rows: Vec<_> = made.left.iter().map(|(person, why)| (person, both(person, *why))).collect();
        body.push_str(&table(texts, &rows));
    }
    body.push_str("</section>\n");
    page(made.school_language.tag(), &title, &body)
}

fn why_not(why: WhyNot, list: &Letters, texts: Texts) -> String {
    match why {
        WhyNot::Pending => say!(texts, "list-left-pending"),
        WhyNot::Blocked => say!(texts, "list-left-blocked"),
        WhyNot::Nothing => say!(texts, "list-left-nothing"),
        WhyNot::NoName => say!(texts, "list-left-no-name"),
        WhyNot::HasCode { made } => say!(texts, "list-left-has-code", date = texts.date(made, list.made)),
    }
}

/// Stands for a name in a text, until the name itself is put in as HTML: a character of nobody's.
const NAME: &str = "\u{E000}";

/// A name of its own direction: one that is written from right to left turns nothing round that stands beside it.
fn own(name: &str) -> String {
    format!("<bdi>{}</bdi>", Escaped(name))
}

fn table(texts: Texts, rows: &[(&Recipient, String)]) -> String {
    let mut html = String::from("<table>\n<thead><tr>");
    for heading in [say!(texts, "list-person"), say!(texts, "list-pupils"), say!(texts, "list-note")] {
        let _ = write!(html, "<th>{}</th>", Escaped(&heading));
    }
    html.push_str("</tr></thead>\n<tbody>\n");
    for (person, note) in rows {
        let pupils: Vec<String> = person.pupils.iter().map(|name| own(name)).collect();
        let (name, pupils) = (own(&person.name), pupils.join(", "));
        let _ = writeln!(html, "<tr><td>{name}</td><td>{pupils}</td><td>{}</td></tr>", Escaped(note));
    }
    html.push_str("</tbody>\n</table>\n");
    html
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use chrono::NaiveDate;
    use skolebro_core::domain::{ids::PersonId, people::Language};

    fn to(name: &str, language: Option<Language>, pupils: &[&str]) -> Recipient {
        Recipient {
            person: PersonId::derive(&[&name]),
            name: name.to_owned(),
            language,
            protected: name.starts_with("Erik"),
            is_staff: pupils.is_empty(),
            pupils: pupils.iter().map(|&pupil| pupil.to_owned()).collect(),
        }
    }

    fn made() -> Letters {
        let letter = |to, code: &str| Letter { to, code: code.to_owned() };
        Letters {
            school: "Almskolan & Co".to_owned(),
            school_phone: "010-123 45 67".to_owned(),
            school_language: Language::Sv,
            group: "4B".to_owned(),
            server: Some("https://skola.example.se".to_owned()),
            made: NaiveDate::from_ymd_opt(2026, 11, 22).unwrap(),
            until: NaiveDate::from_ymd_opt(2026, 12, 5).unwrap(),
            letters: vec![
                letter(
                    to("Amal <script>alert('x')</script> Haddad", Some(Language::En), &["Liv Haddad"]),
                    "AAAA-BBBB-CCCC",
                ),
                letter(to("Erik Lind", Some(Language::Da), &["Liv Haddad"]), "DDDD-EEEE-FFFF"),
                letter(to("Sanna Berg", None, &[]), "GGGG-HHHH-JJJJ"),
            ],
            left: vec![(to("Nils Ek", None, &["Ida Ek"]), WhyNot::Blocked)],
        }
    }

    #[test]
    fn each_person_has_a_page_in_their_own_language_with_their_own_code() {
        let html = letters(&made()).unwrap();
        let pages: Vec<&str> = html.split("<section").skip(1).collect();
        assert_eq!(pages.len(), 3);
        assert!(pages[0].contains("lang=\"en\"") && pages[0].contains("5 December"));
        assert!(pages[1].contains("lang=\"da\"") && pages[1].contains("den 5. december"));
        assert!(pages[2].contains("lang=\"sv\"") && pages[2].contains("tar du närvaro"));
        for (index, code) in ["AAAA-BBBB-CCCC", "DDDD-EEEE-FFFF", "GGGG-HHHH-JJJJ"].iter().enumerate() {
            for (page, text) in pages.iter().enumerate() {
                assert_eq!(text.contains(code), page == index);
            }
            assert!(pages[index].contains("<svg"));
        }
        assert!(html.contains("break-after: page"));
    }

    #[test]
    fn no_letter_promises_a_code_to_another_adult() {
        let html = letters(&made()).unwrap();
        let pages: Vec<&str> = html.split("<section").skip(1).collect();
        assert!(pages[0].contains("yours alone") && pages[0].contains("if they are to have one"));
        assert!(pages[1].contains("kun din"));
        assert!(pages[2].contains("Lämna den inte till någon annan.") && !pages[2].contains("vuxna"), "Sanna, staff");
        for word in ["vårdnadshavare", "guardian", "forælder"] {
            assert!(!html.contains(word), "{word}");
        }
    }

    #[test]
    fn a_name_is_text_and_nothing_runs_or_is_fetched() {
        let (letters, list) = (letters(&made()).unwrap(), list(&made()));
        for html in [&letters, &list] {
            assert!(!html.contains("<script") && html.contains("Almskolan &amp; Co"));
            assert!(!html.contains("src=") && !html.contains("href=") && !html.contains("url("));
        }
        assert!(letters.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"));
    }

    #[test]
    fn a_name_from_right_to_left_stays_in_its_own_place() {
        let mut made = made();
        made.letters = vec![Letter {
            to: to("عمل حداد", None, &["ليف", "Liv Berg"]),
            code: "AAAA-BBBB-CCCC".to_owned(),
        }];
        assert!(list(&made).contains("<td><bdi>عمل حداد</bdi></td><td><bdi>ليف</bdi>, <bdi>Liv Berg</bdi></td>"));
        assert!(letters(&made).unwrap().contains("<bdi>عمل حداد</bdi>"));
    }

    #[test]
    fn letters_name_no_child_and_the_list_carries_no_code() {
        let (letters, list) = (letters(&made()).unwrap(), list(&made()));
        assert!(!letters.contains("Liv") && !letters.contains("Nils"));
        assert!(list.contains("Liv Haddad") && list.contains("Nils Ek") && list.contains("Spärrad"));
        assert!(list.contains("lämnas personligen"));
        for letter in made().letters {
            assert!(!list.contains(&letter.code));
        }
    }
}
