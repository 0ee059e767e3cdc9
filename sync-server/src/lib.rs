//! The school's side: the engine decides and answers, stores keep, HTTP is a thin face.
mod closing;
pub mod command_line;
mod descriptors;
pub mod engine;
pub mod http;
pub mod keys;
pub mod logs;
pub mod operate;
mod private;
pub mod roster;
pub mod serve;
pub mod store;
