//! For tests: on one thread another table stands for this version's, as a later version's may.

use super::{Needs, Place, Relation};
use std::{
    cell::{Cell, RefCell},
    marker::PhantomData,
    ptr::fn_addr_eq,
};

pub type Table = fn(Relation) -> &'static [(Place, Needs)];

thread_local! {
    static OTHER: Cell<Option<Table>> = const { Cell::new(None) };
    static FINGERPRINTS: RefCell<Vec<(Table, String)>> = const { RefCell::new(Vec::new()) };
}

/// What the relation reads where no other table stands.
pub fn of_this_version(relation: Relation) -> &'static [(Place, Needs)] {
    super::reads_in_this_version(relation)
}

pub(super) fn reads(relation: Relation) -> Option<&'static [(Place, Needs)]> {
    OTHER.get().map(|table| table(relation))
}

/// The fingerprint of the table that stands here, made once; none: it is this version's.
pub(in crate::domain) fn fingerprint(make: fn() -> String) -> Option<String> {
    let table = OTHER.get()?;
    let known = FINGERPRINTS.with_borrow(|made| made.iter().find(|(other, _)| fn_addr_eq(*other, table)).cloned());
    Some(known.map_or_else(
        || {
            let made = make();
            FINGERPRINTS.with_borrow_mut(|all| all.push((table, made.clone())));
            made
        },
        |(_, made)| made,
    ))
}

/// The table stands for as long as this does; none: this version's.
pub fn on_this_thread(table: Option<Table>) -> Standing {
    Standing { before: OTHER.replace(table), of_this_thread: PhantomData }
}

#[derive(Debug)]
#[must_use]
pub struct Standing {
    before: Option<Table>,
    of_this_thread: PhantomData<*const ()>,
}

impl Drop for Standing {
    fn drop(&mut self) {
        OTHER.set(self.before);
    }
}
