//! Access tables of other versions: what each gives and takes beside this one's.

use skolebro_core::domain::{
    access::{
        Needs, Place, Relation,
        other_table::{Standing, Table, of_this_version, on_this_thread},
        relations,
    },
    people::Role,
    scope::Topic,
};
use std::{collections::BTreeMap, sync::LazyLock};

type Cells = BTreeMap<Relation, Vec<(Place, Needs)>>;

fn changed(change: fn(Relation, &mut Vec<(Place, Needs)>)) -> Cells {
    let cells = relations().into_iter().map(|relation| {
        let mut cells = of_this_version(relation).to_vec();
        change(relation, &mut cells);
        (relation, cells)
    });
    cells.collect()
}

/// Nobody but staff has a circle of one, and no teacher reads what staff keep of a pupil.
fn narrower(relation: Relation) -> &'static [(Place, Needs)] {
    static CELLS: LazyLock<Cells> = LazyLock::new(|| {
        changed(|relation, cells| match relation {
            Relation::Home(_) => cells.retain(|(place, _)| !matches!(place, Place::PupilParty(_))),
            Relation::Staff(Role::ContactTeacher | Role::Teacher) => {
                cells.retain(|(place, _)| !matches!(place, Place::PupilStaff(_)));
            }
            Relation::Staff(_) | Relation::AdultPupil | Relation::Itself => {}
        })
    });
    CELLS.get(&relation).map_or(&[], Vec::as_slice)
}

/// Whoever works there reads all that stands about a pupil.
fn wider(relation: Relation) -> &'static [(Place, Needs)] {
    static CELLS: LazyLock<Cells> = LazyLock::new(|| {
        changed(|relation, cells| {
            if matches!(relation, Relation::Staff(_)) {
                let more =
                    Topic::ALL.iter().copied().flat_map(|topic| [Place::PupilAll(topic), Place::PupilParty(topic)]);
                let more: Vec<_> = more.filter(|place| cells.iter().all(|(held, _)| held != place)).collect();
                cells.extend(more.into_iter().map(|place| (place, Needs::Nothing)));
            }
        })
    });
    CELLS.get(&relation).map_or(&[], Vec::as_slice)
}

/// How many versions there are.
pub const TABLES: usize = 3;

/// From now on the server is of that version; it has to start for it.
pub fn version(number: usize) -> Standing {
    let table: Option<Table> = match number % TABLES {
        0 => None,
        1 => Some(narrower),
        _ => Some(wider),
    };
    on_this_thread(table)
}
