//! Every text that a person reads, in the person's language, from the Fluent catalogues in `core/locales`.
//!
//! One place for all shells. It must never hold a sentence of its own, and never show a key: a test fails where a key or
//! an argument is missing in any language.
//!
//! Fluent's own isolation marks are off, since they would stand around every number in a terminal. Instead each text
//! argument that holds right-to-left letters is isolated here, so that an Arabic name does not turn a Swedish sentence.

mod attendance;
mod commands;
mod dates;
mod notices;
mod people;
mod problems;
mod rejections;
#[cfg(test)]
mod tests;

pub use commands::Labels;
pub use notices::{NoticeFacts, NoticeText};
pub use people::Names;
pub use problems::Fault;
pub use rejections::Refusal;

use crate::domain::people::Language;
use fluent_bundle::{FluentArgs, FluentError, FluentResource, FluentValue, concurrent::FluentBundle};
use std::{borrow::Cow, fmt, sync::LazyLock};

type Bundle = FluentBundle<FluentResource>;

macro_rules! catalogue {
    ($tag:literal) => {
        &[
            include_str!(concat!("../../locales/", $tag, "/common.ftl")),
            include_str!(concat!("../../locales/", $tag, "/people.ftl")),
            include_str!(concat!("../../locales/", $tag, "/attendance.ftl")),
            include_str!(concat!("../../locales/", $tag, "/notices.ftl")),
            include_str!(concat!("../../locales/", $tag, "/commands.ftl")),
            include_str!(concat!("../../locales/", $tag, "/rejections.ftl")),
            include_str!(concat!("../../locales/", $tag, "/problems.ftl")),
            include_str!(concat!("../../locales/", $tag, "/screens.ftl")),
            include_str!(concat!("../../locales/", $tag, "/letters.ftl")),
            include_str!(concat!("../../locales/", $tag, "/terminal.ftl")),
        ]
    };
}

/// The catalogues of a language, as their files are written.
fn sources(language: Language) -> &'static [&'static str] {
    match language {
        Language::Sv => catalogue!("sv"),
        Language::Da => catalogue!("da"),
        Language::Nb => catalogue!("nb"),
        Language::En => catalogue!("en"),
    }
}

fn bundle(language: Language) -> Bundle {
    // Plural rules go by the language alone; every tag of ours can be read.
    let locale = language.tag().parse().unwrap_or_default();
    let mut bundle = Bundle::new_concurrent(vec![locale]);
    bundle.set_use_isolating(false);
    for source in sources(language) {
        // What cannot be read is left out of the bundle, and a test says where.
        let resource = FluentResource::try_new((*source).to_owned()).unwrap_or_else(|(readable, _)| readable);
        bundle.add_resource_overriding(resource);
    }
    bundle
}

static SV: LazyLock<Bundle> = LazyLock::new(|| bundle(Language::Sv));
static DA: LazyLock<Bundle> = LazyLock::new(|| bundle(Language::Da));
static NB: LazyLock<Bundle> = LazyLock::new(|| bundle(Language::Nb));
static EN: LazyLock<Bundle> = LazyLock::new(|| bundle(Language::En));

/// A value in a text: words, or a number that chooses the plural.
#[derive(Clone, Debug, PartialEq)]
pub enum Arg<'a> {
    Words(Cow<'a, str>),
    Number(i64),
}

impl<'a> From<&'a str> for Arg<'a> {
    fn from(words: &'a str) -> Self {
        Arg::Words(Cow::Borrowed(words))
    }
}
impl<'a> From<&'a String> for Arg<'a> {
    fn from(words: &'a String) -> Self {
        Arg::Words(Cow::Borrowed(words))
    }
}
impl From<String> for Arg<'_> {
    fn from(words: String) -> Self {
        Arg::Words(Cow::Owned(words))
    }
}
macro_rules! numbers {
    ($($type:ty),+) => {$(
        impl From<$type> for Arg<'_> {
            fn from(number: $type) -> Self { Arg::Number(i64::from(number)) }
        }
    )+};
}
numbers!(u8, u16, u32, i32, i64);
impl From<usize> for Arg<'_> {
    fn from(number: usize) -> Self {
        Arg::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

/// `say!(texts, "key", name = "Liv", count = 3)`.
#[macro_export]
macro_rules! say {
    ($texts:expr, $key:expr $(, $name:ident = $value:expr)* $(,)?) => {
        $texts.text($key, &[$((stringify!($name), $crate::device::text::Arg::from($value))),*])
    };
}

/// The texts of one language. Cheap to make and to copy: catalogues are read once per process.
#[derive(Clone, Copy)]
pub struct Texts {
    language: Language,
    bundle: &'static Bundle,
}

impl fmt::Debug for Texts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Texts").field("language", &self.language).finish_non_exhaustive()
    }
}

impl Texts {
    pub fn new(language: Language) -> Self {
        let bundle = match language {
            Language::Sv => &*SV,
            Language::Da => &*DA,
            Language::Nb => &*NB,
            Language::En => &*EN,
        };
        Self { language, bundle }
    }

    pub fn language(&self) -> Language {
        self.language
    }

    /// The text of `key`, or of `key.attribute`. A key that is not there gives itself, so that a person sees at least
    /// that something should stand there; tests fail on it.
    pub fn text(&self, key: &str, args: &[(&str, Arg<'_>)]) -> String {
        self.try_text(key, args).unwrap_or_else(|| {
            debug_assert!(false, "no text for {key} in {}", self.language.tag());
            key.to_owned()
        })
    }

    /// As [`Texts::text`], for a key that a newer server may have made up.
    pub(super) fn try_text(&self, key: &str, args: &[(&str, Arg<'_>)]) -> Option<String> {
        let (id, attribute) = match key.split_once('.') {
            Some((id, attribute)) => (id, Some(attribute)),
            None => (key, None),
        };
        let message = self.bundle.get_message(id)?;
        let pattern = match attribute {
            Some(name) => message.get_attribute(name)?.value(),
            None => message.value()?,
        };
        let mut fluent = FluentArgs::with_capacity(args.len());
        for (name, value) in args {
            match value {
                Arg::Words(words) => fluent.set(*name, FluentValue::String(isolated(words))),
                Arg::Number(number) => fluent.set(*name, *number),
            }
        }
        let mut errors: Vec<FluentError> = Vec::new();
        let text = self.bundle.format_pattern(pattern, Some(&fluent), &mut errors);
        debug_assert!(errors.is_empty(), "{key} in {}: {errors:?}", self.language.tag());
        Some(text.into_owned())
    }

    /// The first letter as at the beginning of a sentence.
    pub fn sentence(&self, text: &str) -> String {
        let mut letters = text.chars();
        match letters.next() {
            Some(first) => first.to_uppercase().chain(letters).collect(),
            None => String::new(),
        }
    }

    /// The first letter as in the middle of a sentence.
    fn within(&self, text: &str) -> String {
        let mut letters = text.chars();
        match letters.next() {
            Some(first) => first.to_lowercase().chain(letters).collect(),
            None => String::new(),
        }
    }

    /// Somebody's own words, in the quotation marks of the language.
    pub fn quoted(&self, words: &str) -> String {
        say!(self, "quoted-words", text = words)
    }

    /// `Liv, Noor och Ali`.
    pub fn list(&self, items: &[String]) -> String {
        match items {
            [] => String::new(),
            [only] => only.clone(),
            [first @ .., last] => {
                let first: Vec<Cow<'_, str>> = first.iter().map(|item| isolated(item)).collect();
                say!(self, "list-and", first = first.join(", "), last = last)
            }
        }
    }
}

/// U+2068 … U+2069 around words with right-to-left letters; other words as they are.
fn isolated(words: &str) -> Cow<'_, str> {
    let is_marked = words.starts_with('\u{2068}');
    if is_marked || !words.chars().any(is_right_to_left) {
        return Cow::Borrowed(words);
    }
    Cow::Owned(format!("\u{2068}{words}\u{2069}"))
}

/// Hebrew, Arabic, Syriac, Thaana, N'Ko and their presentation forms, and the marks that turn direction by themselves.
fn is_right_to_left(letter: char) -> bool {
    matches!(u32::from(letter),
        0x0590..=0x08ff | 0x200f | 0x202b | 0x202e | 0x2067 | 0xfb1d..=0xfdff | 0xfe70..=0xfeff | 0x1_0800..=0x1_0fff | 0x1_e800..=0x1_efff)
}
