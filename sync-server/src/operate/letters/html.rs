//! HTML for paper, and nothing else: no script, no link, nothing fetched. Everything that is filled in is escaped.

use skolebro_core::plain::is_unseen;
use std::fmt::{self, Display};

/// Escapes text for HTML, attributes included.
#[derive(Clone, Copy, Debug)]
pub struct Escaped<'a>(pub &'a str);

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write;
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                c if is_unseen(c) => {}
                c if c.is_control() && c != '\n' => f.write_char(' ')?,
                c => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

/// A4, one letter a page; black on white, for any printer.
pub const STYLE: &str = "\
@page { size: A4; margin: 20mm; }
* { box-sizing: border-box; }
body { font: 11.5pt/1.45 system-ui, 'Segoe UI', Arial, sans-serif; color: #000; background: #fff; margin: 0; }
section { max-width: 170mm; margin: 0 auto; padding: 8mm 0; break-after: page; break-inside: avoid; }
section:last-child { break-after: auto; }
header { display: flex; justify-content: space-between; border-bottom: 0.4pt solid #000; padding-bottom: 3mm; }
h1 { font-size: 19pt; margin: 8mm 0 4mm; }
h2 { font-size: 13pt; margin: 6mm 0 2mm; }
p, li { margin: 0 0 2.2mm; }
.card { display: flex; gap: 9mm; align-items: center; border: 0.8pt solid #000; padding: 6mm; margin: 6mm 0; }
.card svg { width: 46mm; height: 46mm; flex: none; }
.label { font-size: 9.5pt; margin: 0; }
.code { font: bold 17pt/1.5 ui-monospace, 'DejaVu Sans Mono', Consolas, monospace; overflow-wrap: anywhere; margin: 0 0 3mm; }
.server { font-family: ui-monospace, 'DejaVu Sans Mono', Consolas, monospace; overflow-wrap: anywhere; margin: 0; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 0.4pt solid #000; padding: 1.5mm 3mm 1.5mm 0; text-align: left; vertical-align: top; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
";

/// A whole document around `body`, which is HTML already.
pub fn page(language: &str, title: &str, body: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"robots\" content=\"noindex\">\n<title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n{body}</body>\n</html>\n",
        Escaped(title)
    )
}
