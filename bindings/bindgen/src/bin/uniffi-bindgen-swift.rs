//! Generates Swift sources and C headers from the built library: uniffi's own front end for Swift, which writes each
//! kind of file by itself. It must hold nothing of its own.

fn main() {
    uniffi::uniffi_bindgen_swift();
}
