//! Generates Kotlin and Python sources from the built library. A workspace binary, so that the generator is of the same
//! version as the scaffolding in the library, and cargo's cache keeps it. It must hold nothing of its own.

fn main() {
    uniffi::uniffi_bindgen_main();
}
