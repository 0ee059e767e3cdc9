//! One table of a file. What of it is no value of its own is taken out first, and the rest is read whole.

use super::{
    problem::{Mistakes, Problem},
    suggest::nearest,
};
use serde::{
    Deserializer,
    de::{DeserializeOwned, Error as _, Visitor, value::Error},
    forward_to_deserialize_any,
};
use std::{
    borrow::Cow,
    collections::BTreeSet,
    ops::{Range, RangeInclusive},
};
use toml::{
    Spanned,
    de::{DeArray, DeTable, DeValue, ValueDeserializer},
};

/// A table, where it stands, and the keys that have been taken out.
#[derive(Clone, Debug)]
pub struct Section<'i> {
    table: DeTable<'i>,
    offset: usize,
    path: String,
    taken: BTreeSet<&'static str>,
}

impl<'i> Section<'i> {
    pub(super) fn root(table: DeTable<'i>) -> Self {
        Self { table, offset: 0, path: String::new(), taken: BTreeSet::new() }
    }

    fn path_of(&self, key: &str) -> String {
        match (self.path.is_empty(), key.is_empty()) {
            (true, _) => key.to_owned(),
            (false, true) => self.path.clone(),
            (false, false) => format!("{}.{key}", self.path),
        }
    }

    pub fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// A mistake about `key`, or about the whole section where `key` is empty.
    pub fn mistake(&self, key: &str, problem: Problem, mistakes: &mut Mistakes) {
        let offset = self.table.get(key).map_or(self.offset, |value| value.span().start);
        // The file as a whole has no line.
        let line = if self.path.is_empty() && !self.has(key) { None } else { mistakes.line(offset) };
        mistakes.add(line, self.path_of(key), problem);
    }

    /// A mistake where `number` is not in `range`.
    pub fn within<N: Into<i64> + Copy>(
        &self,
        key: &str,
        number: N,
        range: RangeInclusive<i64>,
        mistakes: &mut Mistakes,
    ) {
        let number = number.into();
        if !range.contains(&number) {
            let (least, most) = range.into_inner();
            self.mistake(key, Problem::OutOfRange { found: number.to_string(), least, most }, mistakes);
        }
    }

    /// The table `[key]` under this one.
    pub fn section(&mut self, key: &'static str, mistakes: &mut Mistakes) -> Option<Section<'i>> {
        self.taken.insert(key);
        let Some(value) = self.table.get(key) else {
            self.mistake(key, Problem::Missing, mistakes);
            return None;
        };
        let section = self.under(value, self.path_of(key));
        if section.is_none() {
            self.mistake(key, Problem::other_than("a table"), mistakes);
        }
        section
    }

    /// The tables `[[key]]` under this one, in order. None at all is not a mistake here.
    pub fn sections(&mut self, key: &'static str, mistakes: &mut Mistakes) -> Vec<Section<'i>> {
        self.taken.insert(key);
        let Some(value) = self.table.get(key) else { return Vec::new() };
        let items = value.get_ref().as_array().map(|items| items.iter().enumerate());
        let sections: Option<Vec<_>> = items.and_then(|mut items| {
            items.try_fold(Vec::new(), |mut sections, (index, item)| {
                sections.push(self.under(item, format!("{}[{}]", self.path_of(key), index + 1))?);
                Some(sections)
            })
        });
        sections.unwrap_or_else(|| {
            self.mistake(key, Problem::other_than("a list of tables in double brackets"), mistakes);
            Vec::new()
        })
    }

    fn under(&self, value: &Spanned<DeValue<'i>>, path: String) -> Option<Section<'i>> {
        let table = value.get_ref().as_table()?.clone();
        Some(Section { table, offset: value.span().start, path, taken: BTreeSet::new() })
    }

    /// The value of `key`, which may be left out.
    pub fn may<T: DeserializeOwned>(&mut self, key: &'static str, mistakes: &mut Mistakes) -> Option<T> {
        self.taken.insert(key);
        self.check_filled(key, mistakes);
        let value = self.table.get(key)?.clone();
        T::deserialize(ValueDeserializer::from(value)).inspect_err(|error| drop(self.unread(error, mistakes))).ok()
    }

    pub fn need<T: DeserializeOwned>(&mut self, key: &'static str, mistakes: &mut Mistakes) -> Option<T> {
        if !self.has(key) {
            self.mistake(key, Problem::Missing, mistakes);
        }
        self.may(key, mistakes)
    }

    /// Everything that has not been taken out, as one value. `lists` are fields of it that stay empty: they have been taken
    /// out, some of them as tables that have another name in the file.
    pub fn read<T: DeserializeOwned>(&self, lists: &[&'static str], mistakes: &mut Mistakes) -> Option<T> {
        let known = fields_of::<T>().map(|fields| {
            let known: Vec<&str> = fields.iter().copied().filter(|field| !lists.contains(field)).collect();
            self.nothing_but(&known, mistakes);
            known
        });
        let is_read = |key: &str| !self.taken.contains(key) && known.as_ref().is_none_or(|known| known.contains(&key));
        let left = self.table.iter().filter(|(key, _)| is_read(key.get_ref()));
        let mut rest: DeTable<'_> = left.map(|(key, value)| (key.clone(), value.clone())).collect();
        for key in rest.keys() {
            self.check_filled(key.get_ref(), mistakes);
        }
        for list in lists {
            rest.insert(Spanned::new(0..0, Cow::Borrowed(*list)), Spanned::new(0..0, DeValue::Array(DeArray::new())));
        }
        // What is wrong is left out, and the others are looked at again.
        let mut wrong = BTreeSet::new();
        loop {
            let all = Spanned::new(self.offset..self.offset, DeValue::Table(rest.clone()));
            let error = match T::deserialize(ValueDeserializer::from(all)) {
                Ok(read) => return Some(read).filter(|_| wrong.is_empty()),
                Err(error) => error,
            };
            let missing = Problem::missing(error.message());
            if missing.is_some_and(|missing| wrong.contains(missing)) {
                return None;
            }
            let key = self.unread(&error, mistakes)?;
            rest.remove(key.as_str())?;
            wrong.insert(key);
        }
    }

    /// Every key that was not taken out is unknown.
    pub fn done(&self, mistakes: &mut Mistakes) {
        self.nothing_but(&[], mistakes);
    }

    /// Every other key that was not taken out is unknown.
    pub fn nothing_but(&self, known: &[&str], mistakes: &mut Mistakes) {
        for key in self.table.keys() {
            let name = key.get_ref().as_ref();
            if !self.taken.contains(name) && !known.contains(&name) {
                let known: Vec<String> = known.iter().chain(&self.taken).map(|known| (*known).to_owned()).collect();
                let problem = Problem::UnknownKey { nearest: nearest(name, &known), known };
                mistakes.add(mistakes.line(key.span().start), self.path_of(name), problem);
            }
        }
    }

    /// Nothing is written empty: what may be left out is left out.
    fn check_filled(&self, key: &str, mistakes: &mut Mistakes) {
        let Some(value) = self.table.get(key) else { return };
        let value = value.get_ref();
        let is_blank = value.as_str().is_some_and(|text| text.trim().is_empty());
        if is_blank || value.as_array().is_some_and(|items| items.is_empty()) {
            self.mistake(key, Problem::Empty, mistakes);
        }
    }

    /// Tells of what `serde` could not read, and gives the key of the value; none: a key is missing, or all is wrong.
    fn unread(&self, error: &toml::de::Error, mistakes: &mut Mistakes) -> Option<String> {
        if let Some(missing) = Problem::missing(error.message()) {
            self.mistake(missing, Problem::Missing, mistakes);
            return None;
        }
        let span = error.span().unwrap_or(self.offset..self.offset);
        let holds = |held: Range<usize>| held.start <= span.start && span.end <= held.end;
        let key = self.table.iter().find(|(key, value)| holds(key.span()) || holds(value.span()));
        let key = key.map(|(key, _)| key.get_ref().clone().into_owned());
        let path = self.path_of(key.as_deref().unwrap_or_default());
        mistakes.add(mistakes.line(span.start), path, Problem::of(error.message()));
        key
    }
}

/// The fields that `T` asks for by name. None: it is no struct.
pub(super) fn fields_of<T: DeserializeOwned>() -> Option<&'static [&'static str]> {
    let mut fields = None;
    // It gives nothing to read from, and so never a value.
    let _ = T::deserialize(Asked(&mut fields));
    fields
}

/// Remembers what a struct asks for.
struct Asked<'a>(&'a mut Option<&'static [&'static str]>);

impl<'de> Deserializer<'de> for Asked<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, Error> {
        Err(Error::custom("there is nothing to read"))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        *self.0 = Some(fields);
        self.deserialize_any(visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}
