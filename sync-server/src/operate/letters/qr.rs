//! The QR square that saves typing: a link that the app reads with its own camera, as inline SVG.

use qrcode::{EcLevel, QrCode, render::svg};
use std::fmt::Write;

/// `skolebro:enrol?server=…&code=…`. The camera app of the phone alone cannot leak it to a web server: the scheme is the
/// app's own.
pub fn enrol_link(server: Option<&str>, code: &str) -> String {
    let mut link = String::from("skolebro:enrol?");
    if let Some(server) = server {
        link.push_str("server=");
        encode(&mut link, server);
        link.push('&');
    }
    link.push_str("code=");
    encode(&mut link, code);
    link
}

fn encode(link: &mut String, text: &str) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            link.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(link, "%{byte:02X}");
        }
    }
}

/// None: the text is longer than any square holds.
pub fn square(text: &str) -> Option<String> {
    // A quarter may be lost to a fold or a stain.
    let code = QrCode::with_error_correction_level(text, EcLevel::Q).ok()?;
    let svg = code.render::<svg::Color<'_>>().quiet_zone(true).module_dimensions(4, 4).build();
    // Inline in HTML: without the declaration of a file of its own.
    let start = svg.find("<svg")?;
    svg.get(start..).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_link_names_the_server_and_the_code_and_nothing_breaks_out_of_it() {
        assert_eq!(
            enrol_link(Some("https://skola.example.se:8443"), "ABCD-EFGH"),
            "skolebro:enrol?server=https%3A%2F%2Fskola.example.se%3A8443&code=ABCD-EFGH"
        );
        assert_eq!(enrol_link(None, "A&b=c"), "skolebro:enrol?code=A%26b%3Dc");
    }

    #[test]
    fn the_square_is_one_svg_without_a_declaration() {
        let svg = square(&enrol_link(Some("https://skola.example.se"), "ABCD-EFGH-JKLM")).unwrap();
        assert!(svg.starts_with("<svg") && svg.ends_with("</svg>"));
        assert!(!svg.contains("<?xml"));
        assert!(square(&"x".repeat(5_000)).is_none());
    }
}
