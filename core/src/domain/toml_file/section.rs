//! One table of a file: it is asked for its keys, and what nobody asked for is a mistake.

use super::{
    problem::{Mistakes, Problem},
    suggest::nearest,
};
use std::{cell::RefCell, collections::BTreeSet};
use toml::de::{DeTable, DeValue};

/// A table, where it stands, and the keys that have been asked for.
#[derive(Debug)]
pub struct Section<'a, 'i> {
    table: &'a DeTable<'i>,
    offset: Option<usize>,
    path: String,
    asked: RefCell<BTreeSet<&'static str>>,
}

impl<'a, 'i> Section<'a, 'i> {
    pub(super) fn root(table: &'a DeTable<'i>) -> Self {
        Self::new(table, None, String::new())
    }

    fn new(table: &'a DeTable<'i>, offset: Option<usize>, path: String) -> Self {
        Self { table, offset, path, asked: RefCell::default() }
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
        let offset = self.table.get(key).map(|value| value.span().start).or(self.offset);
        let line = offset.and_then(|offset| mistakes.line(offset));
        mistakes.add(line, self.path_of(key), problem);
    }

    /// What `read` makes of `key`; a mistake where the key is missing or is nothing that `read` takes.
    pub fn need<T>(
        &self,
        key: &'static str,
        read: impl FnOnce(&DeValue<'i>) -> Result<T, Problem>,
        mistakes: &mut Mistakes,
    ) -> Option<T> {
        if !self.has(key) {
            self.asked.borrow_mut().insert(key);
            self.mistake(key, Problem::Missing, mistakes);
            return None;
        }
        self.may(key, read, mistakes)
    }

    /// As [`Section::need`], but the key may be left out.
    pub fn may<T>(
        &self,
        key: &'static str,
        read: impl FnOnce(&DeValue<'i>) -> Result<T, Problem>,
        mistakes: &mut Mistakes,
    ) -> Option<T> {
        self.asked.borrow_mut().insert(key);
        match read(self.table.get(key)?.get_ref()) {
            Ok(value) => Some(value),
            Err(problem) => {
                self.mistake(key, problem, mistakes);
                None
            }
        }
    }

    /// The table `[key]` under this one.
    pub fn table(&self, key: &'static str, mistakes: &mut Mistakes) -> Option<Section<'a, 'i>> {
        self.asked.borrow_mut().insert(key);
        let Some(value) = self.table.get(key) else {
            self.mistake(key, Problem::Missing, mistakes);
            return None;
        };
        let Some(table) = value.get_ref().as_table() else {
            self.mistake(key, wrong_type("a table", value.get_ref()), mistakes);
            return None;
        };
        Some(Section::new(table, Some(value.span().start), self.path_of(key)))
    }

    /// The tables `[[key]]` under this one, in order. None at all is not a mistake here.
    pub fn tables(&self, key: &'static str, mistakes: &mut Mistakes) -> Vec<Section<'a, 'i>> {
        self.asked.borrow_mut().insert(key);
        let Some(value) = self.table.get(key) else { return Vec::new() };
        let Some(items) = value.get_ref().as_array() else {
            self.mistake(key, wrong_type("tables in double brackets", value.get_ref()), mistakes);
            return Vec::new();
        };
        let mut sections = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            let path = format!("{}[{}]", self.path_of(key), index + 1);
            match item.get_ref().as_table() {
                Some(table) => sections.push(Section::new(table, Some(item.span().start), path)),
                None => {
                    let line = mistakes.line(item.span().start);
                    mistakes.add(line, path, wrong_type("a table", item.get_ref()));
                }
            }
        }
        sections
    }

    /// Every key that nobody has asked for is unknown. Called last.
    pub fn done(&self, mistakes: &mut Mistakes) {
        let asked = self.asked.borrow();
        for key in self.table.keys() {
            let name = key.get_ref().as_ref();
            if !asked.contains(name) {
                let known: Vec<String> = asked.iter().map(|&known| known.to_owned()).collect();
                let problem = Problem::UnknownKey { nearest: nearest(name, &known), known };
                let line = mistakes.line(key.span().start);
                mistakes.add(line, self.path_of(name), problem);
            }
        }
    }
}

pub(in crate::domain) fn wrong_type(expected: &'static str, found: &DeValue<'_>) -> Problem {
    let found = match found {
        DeValue::String(_) => "text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number with a decimal point",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    };
    Problem::WrongType { expected, found }
}
