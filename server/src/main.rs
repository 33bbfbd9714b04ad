//! Stowplan's server: the static site and the CORS registry proxy.
fn main() {}
