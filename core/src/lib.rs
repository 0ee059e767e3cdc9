//! Skolebro's core: the rules (`domain`), what travels (`protocol`) and what a phone adds (`device`).
pub mod clock;
#[cfg(feature = "device")]
pub mod device;
pub mod domain;
#[cfg(feature = "uniffi")]
pub mod foreign;
pub mod plain;
pub mod protocol;
pub mod reading;

#[cfg(feature = "uniffi")]
uniffi::setup_scaffolding!();
