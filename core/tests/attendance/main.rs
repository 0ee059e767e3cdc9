//! Every sentence of domain.md, *Attendance*, as stories over the pure rules, with the wrong person beside the right one.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod asked_anew;
mod figures;
mod missing;
mod report;
mod roll;
mod running;
mod school;
mod sought;
