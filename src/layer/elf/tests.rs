//! A program made by hand, whole and cut; hostile headers; this very test program.

use super::Elf;
use crate::limits;

/// The settings of a program that is made here: its header, its segments, then the parts that they name.
#[derive(Clone, Copy)]
struct Made<'a> {
    wide: bool,
    little: bool,
    kind: u16,
    needed: &'a [&'a str],
    interpreter: &'a str,
}

const USUAL: Made = Made { wide: true, little: true, kind: 3, needed: &["libc.so.6"], interpreter: "/lib/ld.so" };

struct Writer {
    bytes: Vec<u8>,
    wide: bool,
    little: bool,
}

impl Writer {
    fn put(&mut self, at: usize, bytes: &[u8]) {
        self.bytes[at..at + bytes.len()].copy_from_slice(bytes);
    }

    fn half(&mut self, at: usize, value: u16) {
        self.put(at, &if self.little { value.to_le_bytes() } else { value.to_be_bytes() });
    }

    fn int(&mut self, at: usize, value: u32) {
        self.put(at, &if self.little { value.to_le_bytes() } else { value.to_be_bytes() });
    }

    fn word(&mut self, at: usize, value: u32) {
        let wide = u64::from(value);
        match (self.wide, self.little) {
            (false, _) => self.int(at, value),
            (true, true) => self.put(at, &wide.to_le_bytes()),
            (true, false) => self.put(at, &wide.to_be_bytes()),
        }
    }
}

fn made(how: Made) -> Vec<u8> {
    let Made { wide, little, kind, needed, interpreter } = how;
    let pick = |long: usize, short: usize| if wide { long } else { short };
    let mut out = Writer { bytes: vec![0; 2048], wide, little };
    out.put(0, b"\x7fELF");
    out.put(4, &[if wide { 2 } else { 1 }, if little { 1 } else { 2 }, 1, 3]);
    out.half(16, kind);
    out.half(18, 183);
    out.word(24, 0x4010);
    let (start, size) = (pick(64, 52), pick(56, 32));
    out.word(pick(32, 28), u32::try_from(start).unwrap());
    out.half(pick(54, 42), u16::try_from(size).unwrap());
    let mut segments = vec![(1, 0, 0x4000, 2048)];
    if !interpreter.is_empty() {
        segments.push((3, 512, 0x4200, u32::try_from(interpreter.len()).unwrap() + 1));
    }
    if !needed.is_empty() {
        segments.push((2, 768, 0x4300, 256));
    }
    segments.push((4, 1536, 0x4600, 20));
    out.half(pick(56, 44), u16::try_from(segments.len()).unwrap());
    for (index, (kind, offset, address, length)) in segments.into_iter().enumerate() {
        let at = start + index * size;
        out.int(at, kind);
        out.word(at + pick(8, 4), offset);
        out.word(at + pick(16, 8), address);
        out.word(at + pick(32, 16), length);
    }
    out.put(512, interpreter.as_bytes());
    let strings = format!("\0{}\0me.so\0", needed.join("\0"));
    let place = |name: &str| u32::try_from(strings.find(name).unwrap()).unwrap();
    out.put(1100, strings.as_bytes());
    let step = pick(8, 4);
    let mut dynamic: Vec<(u32, u32)> = needed.iter().map(|name| (1, place(name))).collect();
    dynamic.extend([(5, 0x4000 + 1100), (14, place("me.so"))]);
    for (index, value) in dynamic.into_iter().flat_map(|(tag, value)| [tag, value]).enumerate() {
        out.word(768 + index * step, value);
    }
    for (index, value) in [4, 4, 3].into_iter().enumerate() {
        out.int(1536 + 4 * index, value);
    }
    out.put(1548, b"GNU\0\xde\xad\xbe\xef");
    out.bytes
}

#[test]
fn both_sizes_and_both_byte_orders_are_read() {
    for (wide, little) in [(true, true), (true, false), (false, true), (false, false)] {
        let found = Elf::of(&made(Made { wide, little, needed: &["libm.so.6", "libc.so.6"], ..USUAL }));
        let expected = Elf {
            bits: if wide { 64 } else { 32 },
            order: if little { "little" } else { "big" },
            kind: 3,
            pie: true,
            machine: 183,
            abi: 3,
            entry: 0x4010,
            interpreter: Some("/lib/ld.so".to_owned()),
            dynamic: true,
            needed: vec!["libm.so.6".to_owned(), "libc.so.6".to_owned()],
            soname: Some("me.so".to_owned()),
            runpath: None,
            build_id: Some("deadbeef".to_owned()),
            cut: false,
        };
        assert_eq!(found, Some(expected), "{wide} {little}");
    }
}

#[test]
fn a_static_program_wants_nothing() {
    let found = Elf::of(&made(Made { kind: 2, needed: &[], interpreter: "", ..USUAL })).unwrap();
    assert!(!found.dynamic && !found.pie && !found.cut);
    assert_eq!((found.needed.len(), found.interpreter), (0, None));
}

#[test]
fn other_files_are_none() {
    for bytes in
        [&b"#!/bin/sh\necho a text that is long enough to be a header of sixty-four bytes\n"[..], b"", b"\x7fELF"]
    {
        assert_eq!(Elf::of(bytes), None);
    }
    for (at, value) in [(4, 3), (5, 3), (0, 0)] {
        let mut odd = made(USUAL);
        odd[at] = value;
        assert_eq!(Elf::of(&odd), None, "{at}");
    }
}

#[test]
fn a_file_that_ends_early_says_so() {
    let whole = made(USUAL);
    for length in [64, 100, 300, 520, 800, 1540] {
        assert!(Elf::of(&whole[..length]).unwrap().cut, "{length}");
    }
    let found = Elf::of(&whole[..800]).unwrap();
    assert_eq!((found.interpreter.as_deref(), found.dynamic), (Some("/lib/ld.so"), true));
}

#[test]
fn no_header_makes_it_panic_or_run_without_an_end() {
    for how in [USUAL, Made { wide: false, ..USUAL }, Made { little: false, ..USUAL }] {
        let whole = made(how);
        for at in 0..300 {
            for value in [0, 1, 0x7f, 0xff] {
                let mut hostile = whole.clone();
                hostile[at] = value;
                let _ = Elf::of(&hostile);
                let _ = Elf::of(&hostile[..64 + at * 6]);
            }
        }
    }
}

#[test]
fn lists_have_an_end() {
    let many = made(USUAL);
    let mut file = many.clone();
    // The dynamic section names one library again and again.
    let entries = 3 * limits::ELF_NEEDED;
    let start = file.len();
    for _ in 0..entries {
        file.extend([1_u64.to_le_bytes(), 1_u64.to_le_bytes()].concat());
    }
    file.extend([5_u64.to_le_bytes(), (0x4000_u64 + 1100).to_le_bytes()].concat());
    let at = 64 + 2 * 56;
    file[at + 8..at + 16].copy_from_slice(&(start as u64).to_le_bytes());
    file[at + 32..at + 40].copy_from_slice(&((entries as u64 + 1) * 16).to_le_bytes());
    let found = Elf::of(&file).unwrap();
    assert_eq!(found.needed.len(), limits::ELF_NEEDED);
    assert!(found.needed.iter().all(|name| name == "libc.so.6"));
    // A name without an end is cut.
    let mut long = many;
    long[1100..].fill(b'a');
    long.extend(vec![b'a'; 4096]);
    assert_eq!(Elf::of(&long).unwrap().needed[0].len(), limits::ELF_TEXT);
}

#[test]
#[cfg(target_os = "linux")]
fn this_very_program_is_one() {
    let bytes = std::fs::read(std::env::current_exe().unwrap()).unwrap();
    let found = Elf::of(&bytes).unwrap();
    assert!(!found.cut && matches!(found.kind, 2 | 3) && found.entry > 0, "{found:?}");
}
