//! Reads the headers of an ELF file: the machine that it is for, and the libraries that it needs.
//!
//! `object` reads the structures. Each part stands alone: one header that is wrong does not hide what the others say.

use object::Endianness;
use object::elf::{
    DT_NEEDED, DT_NULL, DT_RPATH, DT_RUNPATH, DT_SONAME, DT_STRTAB, ET_DYN, FileHeader32, FileHeader64,
    NT_GNU_BUILD_ID, PT_DYNAMIC, PT_INTERP, PT_LOAD,
};
use object::read::elf::{Dyn, FileHeader, ProgramHeader};

use crate::limits;

/// The headers of an ELF file, with the numbers that they hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Elf {
    /// 32 or 64.
    pub bits: u8,
    /// `little` or `big`.
    pub order: &'static str,
    /// `e_type`.
    #[serde(rename = "type")]
    pub kind: u16,
    /// True if it is a shared object with an interpreter: a program that runs at any address.
    pub pie: bool,
    /// `e_machine`.
    pub machine: u16,
    /// The operating system's interface, `EI_OSABI`.
    pub abi: u8,
    /// The address at which it starts.
    pub entry: u64,
    /// The program that loads it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interpreter: Option<String>,
    /// True if it has a dynamic section.
    pub dynamic: bool,
    /// The libraries that it names.
    pub needed: Vec<String>,
    /// Its own name as a library.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub soname: Option<String>,
    /// The paths in which it looks for libraries first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub runpath: Option<String>,
    /// In hex digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub build_id: Option<String>,
    /// True if a reference points outside of the bytes, or only a part was read.
    pub cut: bool,
}

impl Elf {
    /// From a file or its beginning. None if it is no ELF file of a known class and byte order.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Option<Self> {
        match bytes.get(4)? {
            1 => read::<FileHeader32<Endianness>>(bytes),
            _ => read::<FileHeader64<Endianness>>(bytes),
        }
    }
}

fn read<H: FileHeader<Endian = Endianness>>(bytes: &[u8]) -> Option<Elf> {
    let header = H::parse(bytes).ok()?;
    let endian = header.endian().ok()?;
    let segments = header.program_headers(endian, bytes);
    let mut elf = Elf {
        bits: if header.is_type_64() { 64 } else { 32 },
        order: if header.is_little_endian() { "little" } else { "big" },
        kind: header.e_type(endian).0,
        machine: header.e_machine(endian).0,
        abi: header.e_ident().os_abi.0,
        entry: header.e_entry(endian).into(),
        cut: segments.is_err(),
        ..Elf::default()
    };
    let segments = segments.unwrap_or_default();
    elf.cut |= segments.len() > limits::ELF_SEGMENTS;
    let file = File::<H> { bytes, endian, segments: &segments[..segments.len().min(limits::ELF_SEGMENTS)] };
    for part in [File::interpreter, File::dynamic, File::build_id] {
        elf.cut |= part(&file, &mut elf).is_none();
    }
    elf.pie = elf.kind == ET_DYN.0 && elf.interpreter.is_some();
    Some(elf)
}

struct File<'a, H: FileHeader<Endian = Endianness>> {
    bytes: &'a [u8],
    endian: Endianness,
    segments: &'a [H::ProgramHeader],
}

/// Each part is nothing if it points outside of the bytes.
impl<H: FileHeader<Endian = Endianness>> File<'_, H> {
    fn interpreter(&self, elf: &mut Elf) -> Option<()> {
        if let Some(found) = self.segments.iter().find(|one| one.p_type(self.endian) == PT_INTERP) {
            let (start, size) = found.file_range(self.endian);
            elf.interpreter = Some(self.text(start, limits::ELF_TEXT.min(usize::try_from(size).ok()?))?);
        }
        Some(())
    }

    fn dynamic(&self, elf: &mut Elf) -> Option<()> {
        let Some(segment) = self.segments.iter().find(|one| one.p_type(self.endian) == PT_DYNAMIC) else {
            return Some(());
        };
        elf.dynamic = true;
        let entries = segment.dynamic(self.endian, self.bytes).ok()??;
        let entries = || {
            let all = entries.iter().take(limits::ELF_DYNAMIC).map(|one| (one.tag(self.endian), one.val(self.endian)));
            all.take_while(|(tag, _)| *tag != DT_NULL)
        };
        let strings = entries().find(|(tag, _)| *tag == DT_STRTAB).and_then(|(_, at)| self.offset(at));
        for (tag, at) in entries() {
            let text = || self.text(strings?.checked_add(at)?, limits::ELF_TEXT);
            match tag {
                DT_NEEDED if elf.needed.len() < limits::ELF_NEEDED => elf.needed.push(text()?),
                DT_SONAME => elf.soname = Some(text()?),
                DT_RUNPATH | DT_RPATH => elf.runpath = Some(text()?),
                _ => {}
            }
        }
        Some(())
    }

    fn build_id(&self, elf: &mut Elf) -> Option<()> {
        for segment in self.segments {
            // The notes of one segment end at the first that is wrong.
            let notes = segment.notes(self.endian, self.bytes).ok()?;
            for note in notes.into_iter().flatten().take(limits::ELF_NOTES).map_while(Result::ok) {
                let is_short = note.desc().len() <= 64;
                if note.name() == b"GNU" && note.n_type(self.endian) == NT_GNU_BUILD_ID && is_short {
                    elf.build_id = Some(note.desc().iter().map(|byte| format!("{byte:02x}")).collect());
                    return Some(());
                }
            }
        }
        Some(())
    }

    /// The place of an address of memory in the file.
    fn offset(&self, address: u64) -> Option<u64> {
        self.segments.iter().filter(|one| one.p_type(self.endian) == PT_LOAD).find_map(|one| {
            let within = address.checked_sub(one.p_vaddr(self.endian).into())?;
            let (start, size) = one.file_range(self.endian);
            if within < size { start.checked_add(within) } else { None }
        })
    }

    /// The text at a place, up to its zero byte or to `most` bytes.
    fn text(&self, at: u64, most: usize) -> Option<String> {
        let rest = self.bytes.get(usize::try_from(at).ok()?..).filter(|rest| !rest.is_empty())?;
        let text = rest.iter().take(most).take_while(|byte| **byte != 0).copied().collect::<Vec<_>>();
        Some(String::from_utf8_lossy(&text).into_owned())
    }
}

#[cfg(test)]
mod tests;
