//! A fuzz target.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| stowplan_fuzz::peek(bytes));
