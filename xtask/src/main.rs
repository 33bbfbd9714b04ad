//! Stowplan's tasks: build, serve, test, bench, ci.
fn main() {}
