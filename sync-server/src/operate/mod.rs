//! What an operator does: orders from the command line go to the running server by a local socket, or are carried out by
//! themselves where none runs. Tokens are never shown; codes only where they were asked for.

pub mod alone;
pub mod answer;
mod assignments;
pub mod book;
mod codes;
pub mod desk;
mod find;
mod import;
pub mod letters;
pub mod order;
pub mod people;
mod render;
pub mod socket;

pub use render::codes_written;
