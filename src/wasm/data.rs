//! The boundary: a layer read in two halves, or in one; see `www/engine/layers/`. Types: `DataModule` in `www/types.d.ts`.

use js_sys::{Error as JsError, Uint8Array};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::values::{from_js, to_js, to_js_exact};
use crate::digest::{Algorithm, Reported};
use crate::layer::{self, EntryKind, EntryRef, FileIndex, Spec};

pub(super) fn once<T>(result: Option<T>) -> Result<T, JsValue> {
    result.ok_or_else(|| JsError::new("the layer has been finished before").into())
}

/// Gives the list of entries.
pub(super) trait Lists {
    /// None before it is finished.
    fn list(&self) -> Option<&FileIndex>;
}

/// Exports those methods: wasm-bindgen takes none from a trait.
macro_rules! lists {
    ($($lister:ident),*) => { $(
        #[wasm_bindgen]
        impl $lister {
            /// The list of entries as bytes.
            #[must_use]
            pub fn index(&self) -> Uint8Array {
                Uint8Array::from(self.list().map(FileIndex::to_bytes).unwrap_or_default().as_slice())
            }

            /// The first entries.
            ///
            /// # Errors
            /// If they cannot be written.
            pub fn entries(&self, most: u32) -> Result<JsValue, JsValue> {
                super::data::entries(self.list(), most)
            }
        }
    )* };
}
pub(super) use lists;

/// Exports the methods that read a file whole, through its one member.
macro_rules! reads {
    ($($reader:ident),*) => { $(
        #[wasm_bindgen]
        impl $reader {
            /// The next piece of it.
            pub fn push(&mut self, piece: &[u8]) {
                self.0.push(piece);
            }

            /// Tar bytes so far.
            #[wasm_bindgen(getter)]
            #[must_use]
            #[expect(clippy::cast_precision_loss, reason = "a number of JavaScript")]
            pub fn unpacked(&self) -> f64 {
                self.0.unpacked() as f64
            }

            /// The verdict over it as a layer.
            ///
            /// # Errors
            /// If it was given before.
            pub fn finish(&mut self) -> Result<JsValue, JsValue> {
                super::values::to_js(&super::data::once(self.0.finish())?)
            }
        }
    )* };
}
pub(super) use reads;

/// `memoryBytes()`: how much memory this module has by now; it never shrinks.
#[wasm_bindgen(js_name = memoryBytes)]
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "a number of JavaScript")]
pub fn memory_bytes() -> f64 {
    const PAGE: usize = 64 * 1024;
    (core::arch::wasm32::memory_size(0) * PAGE) as f64
}

/// Both halves in one.
#[wasm_bindgen]
pub struct LayerReader(layer::LayerReader);

#[wasm_bindgen]
impl LayerReader {
    /// `new LayerReader(spec)`.
    ///
    /// # Errors
    /// If the description is invalid.
    #[wasm_bindgen(constructor)]
    pub fn new(spec: JsValue) -> Result<Self, JsValue> {
        Ok(Self(layer::LayerReader::new(from_js(spec)?)))
    }

    /// The bytes that come were encoded so on their way, and have been decoded.
    pub fn decoded(&mut self, encoding: &str) {
        self.0.decoded(encoding);
    }

    /// True if there are more bytes than are read of any blob.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn unending(&self) -> bool {
        self.0.is_unending()
    }
}

reads!(LayerReader);
lists!(LayerReader, SmallReader, TarHasher);

impl Lists for LayerReader {
    fn list(&self) -> Option<&FileIndex> {
        Some(self.0.index())
    }
}

impl Lists for TarHasher {
    fn list(&self) -> Option<&FileIndex> {
        Some(self.0.index())
    }
}

/// A small layer whose hashes the host computes; see [`layer::SmallReader`].
#[wasm_bindgen]
pub struct SmallReader(Option<layer::SmallReader>);

thread_local! {
    /// The room for a tar, which one layer after the other uses.
    static ROOM: std::cell::Cell<Vec<u8>> = const { std::cell::Cell::new(Vec::new()) };
}

#[wasm_bindgen]
impl SmallReader {
    /// `SmallReader.of(spec)`: nothing if the layer is not read so.
    ///
    /// # Errors
    /// If the description is invalid.
    pub fn of(spec: JsValue) -> Result<Option<Self>, JsValue> {
        let spec: Spec = from_js(spec)?;
        Ok(layer::SmallReader::takes(&spec).then(|| Self(Some(layer::SmallReader::new(spec, ROOM.take())))))
    }

    /// The next piece of the blob; false if the layer can no longer be read so.
    pub fn push(&mut self, piece: &[u8]) -> bool {
        let Some(reader) = &mut self.0 else { return false };
        reader.push(piece);
        !reader.is_over()
    }

    /// Tar bytes so far.
    #[wasm_bindgen(getter)]
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a number of JavaScript")]
    pub fn unpacked(&self) -> f64 {
        self.0.as_ref().map_or(0, |reader| reader.tar().len()) as f64
    }

    /// The names that the host has for the algorithms of the blob's digest and of the tar's.
    #[must_use]
    pub fn algorithms(&self) -> Vec<String> {
        let both = self.0.as_ref().and_then(layer::SmallReader::algorithms);
        let name = |algorithm: Algorithm| algorithm.name().to_ascii_uppercase().replace("SHA", "SHA-");
        both.into_iter().flat_map(|(blob, tar)| [name(blob), name(tar)]).collect()
    }

    /// The tar as it lies in the module's memory: to be used before the next call.
    ///
    /// # Errors
    /// If the module has no memory.
    pub fn tar(&self) -> Result<Uint8Array, JsValue> {
        let tar = self.0.as_ref().map(layer::SmallReader::tar).unwrap_or_default();
        let buffer = js_sys::Reflect::get(&wasm_bindgen::memory(), &"buffer".into())?;
        let (at, length) = (u32::try_from(tar.as_ptr().addr()), u32::try_from(tar.len()));
        Ok(Uint8Array::new_with_byte_offset_and_length(&buffer, at.unwrap_or_default(), length.unwrap_or_default()))
    }

    /// The verdict over the layer, if the host reports the hashes that are named; else nothing: it is to be read again.
    ///
    /// # Errors
    /// If the verdict cannot be written.
    pub fn finish(&mut self, blob: &[u8], tar: &[u8]) -> Result<JsValue, JsValue> {
        let Some(reader) = &mut self.0 else { return Ok(JsValue::UNDEFINED) };
        let reported =
            reader.algorithms().and_then(|both| Some((Reported::new(both.0, blob)?, Reported::new(both.1, tar)?)));
        match reported.and_then(|(blob, tar)| reader.finish(&blob, &tar)) {
            Some(verdict) => to_js(&verdict),
            None => Ok(JsValue::UNDEFINED),
        }
    }
}

/// `confirms(bytes, hash)`: whether a sha256 that the host computed over these bytes is the one that is computed here.
#[wasm_bindgen]
#[must_use]
pub fn confirms(bytes: &[u8], hash: &[u8]) -> bool {
    let reported = Reported::new(Algorithm::Sha256, hash);
    reported.is_some_and(|reported| reported.confirmed(&Algorithm::Sha256.digest(bytes)).is_some())
}

impl Drop for SmallReader {
    fn drop(&mut self) {
        if let Some(reader) = self.0.take() {
            ROOM.set(reader.into_room());
        }
    }
}

impl Lists for SmallReader {
    fn list(&self) -> Option<&FileIndex> {
        self.0.as_ref().map(layer::SmallReader::index)
    }
}

/// The first half: hashes and decompresses.
#[wasm_bindgen]
pub struct Unpacker {
    half: Option<layer::Unpacker>,
    buffer: Vec<u8>,
}

#[wasm_bindgen]
impl Unpacker {
    /// `new Unpacker(spec)`.
    ///
    /// # Errors
    /// If the description is invalid.
    #[wasm_bindgen(constructor)]
    pub fn new(spec: JsValue) -> Result<Self, JsValue> {
        Ok(Self { half: Some(layer::Unpacker::new(&from_js::<Spec>(spec)?)), buffer: Vec::new() })
    }

    /// The next piece of the blob.
    pub fn push(&mut self, piece: &[u8]) {
        if let Some(half) = &mut self.half {
            half.push(piece);
        }
    }

    /// The bytes that come were encoded so on their way, and have been decoded.
    pub fn decoded(&mut self, encoding: &str) {
        self.half.iter_mut().for_each(|half| half.decoded(encoding));
    }

    /// True if there are more bytes than are read of any blob.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn unending(&self) -> bool {
        self.half.as_ref().is_some_and(layer::Unpacker::is_unending)
    }

    /// Writes the next tar bytes to the front of `into`; 0 if all that was pushed is used up.
    #[expect(clippy::needless_pass_by_value, reason = "what crosses the boundary is owned")]
    pub fn take(&mut self, into: Uint8Array) -> u32 {
        let Some(half) = &mut self.half else { return 0 };
        let room = into.length() as usize;
        if self.buffer.len() < room {
            self.buffer.resize(room, 0);
        }
        let made = half.take(&mut self.buffer[..room]);
        let length = u32::try_from(made).unwrap_or_default();
        into.subarray(0, length).copy_from(&self.buffer[..made]);
        length
    }

    /// The result of this half.
    ///
    /// # Errors
    /// If that was given before.
    pub fn finish(&mut self) -> Result<JsValue, JsValue> {
        to_js_exact(&once(self.half.take())?.finish())
    }
}

/// The second half: hashes and lists the tar.
#[wasm_bindgen]
pub struct TarHasher(layer::TarHasher);

#[wasm_bindgen]
impl TarHasher {
    /// `new TarHasher(spec)`.
    ///
    /// # Errors
    /// If the description is invalid.
    #[wasm_bindgen(constructor)]
    pub fn new(spec: JsValue) -> Result<Self, JsValue> {
        Ok(Self(layer::TarHasher::new(&from_js::<Spec>(spec)?)))
    }

    /// The next piece of the tar.
    pub fn push(&mut self, piece: &[u8]) {
        self.0.push(piece);
    }

    /// The result of this half.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn finish(&mut self) -> Result<JsValue, JsValue> {
        to_js_exact(&self.0.finish())
    }
}

/// One file of a layer that is read again.
#[wasm_bindgen]
pub struct Extractor(layer::Extractor);

#[wasm_bindgen]
impl Extractor {
    /// `new Extractor(spec, at, most)`: the entry's number in its tar, and how many bytes are kept.
    ///
    /// # Errors
    /// If the description is invalid.
    #[wasm_bindgen(constructor)]
    pub fn new(spec: JsValue, at: u32, most: u32) -> Result<Self, JsValue> {
        Ok(Self(layer::Extractor::new(from_js(spec)?, at, most)))
    }

    /// `Extractor.first(spec, path, most)`: for the first entry of that path, in a layer that was not listed.
    ///
    /// # Errors
    /// If the description is invalid.
    pub fn first(spec: JsValue, path: &str, most: u32) -> Result<Self, JsValue> {
        Ok(Self(layer::Extractor::first(from_js(spec)?, path, most)))
    }

    /// True if no further byte adds to the answer.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn settled(&self) -> bool {
        self.0.is_settled()
    }

    /// The check of a layer that was read no further than so many bytes.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn stopped(&self, read: f64) -> Result<JsValue, JsValue> {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the nearest integer from 0 up")]
        let read = read as u64;
        to_js(&self.0.stopped(read))
    }

    /// The next piece of the blob; true once the content is complete.
    pub fn push(&mut self, piece: &[u8]) -> bool {
        self.0.push(piece)
    }

    /// The bytes that come were encoded so on their way, and have been decoded.
    pub fn decoded(&mut self, encoding: &str) {
        self.0.decoded(encoding);
    }

    /// True if there are more bytes than are read of any blob.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn unending(&self) -> bool {
        self.0.is_unending()
    }

    /// The content as far as it is kept.
    #[must_use]
    pub fn content(&self) -> Uint8Array {
        Uint8Array::from(self.0.content())
    }

    /// The facts about it.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn facts(&self) -> Result<JsValue, JsValue> {
        to_js(&self.0.facts())
    }

    /// The verdict over the whole layer.
    ///
    /// # Errors
    /// If it was given before.
    pub fn finish(&mut self) -> Result<JsValue, JsValue> {
        to_js(&once(self.0.finish())?)
    }
}

/// `verdict(spec, unpacked, tar_facts)`: over both halves.
///
/// # Errors
/// If these are not the results of the halves.
#[wasm_bindgen]
pub fn verdict(spec: JsValue, unpacked: JsValue, tar_facts: JsValue) -> Result<JsValue, JsValue> {
    to_js(&layer::verdict(&from_js(spec)?, &from_js(unpacked)?, &from_js(tar_facts)?))
}

/// `unreadable(spec, reason)`: the verdict over what could not be read.
///
/// # Errors
/// If the description is invalid.
#[wasm_bindgen]
pub fn unreadable(spec: JsValue, reason: &str) -> Result<JsValue, JsValue> {
    to_js(&layer::unreadable(&from_js(spec)?, reason))
}

/// An entry as the report lists it.
#[derive(Serialize)]
struct Listed<'a> {
    name: String,
    #[serde(rename = "type")]
    kind: &'static str,
    size: u64,
    mode: u32,
    uid: u64,
    gid: u64,
    #[serde(skip_serializing_if = "str::is_empty")]
    uname: std::borrow::Cow<'a, str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    gname: std::borrow::Cow<'a, str>,
    mtime: i64,
    #[serde(skip_serializing_if = "str::is_empty")]
    linkname: std::borrow::Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    devmajor: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    devminor: Option<u64>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    sparse: bool,
}

impl<'a> From<EntryRef<'a>> for Listed<'a> {
    fn from(entry: EntryRef<'a>) -> Self {
        Self {
            name: String::from_utf8_lossy(entry.path).into_owned(),
            kind: kind(entry.kind),
            size: entry.size,
            mode: entry.mode,
            uid: entry.uid,
            gid: entry.gid,
            uname: String::from_utf8_lossy(entry.user),
            gname: String::from_utf8_lossy(entry.group),
            mtime: entry.mtime,
            linkname: String::from_utf8_lossy(entry.link),
            devmajor: entry.device.map(|(major, _)| major),
            devminor: entry.device.map(|(_, minor)| minor),
            sparse: entry.sparse,
        }
    }
}

fn kind(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::File => "file",
        EntryKind::HardLink => "link",
        EntryKind::Symlink => "symlink",
        EntryKind::CharDevice => "char",
        EntryKind::BlockDevice => "block",
        EntryKind::Directory => "dir",
        EntryKind::Fifo => "fifo",
        EntryKind::GlobalHeader => "global",
        EntryKind::Other(_) => "other",
    }
}

pub(super) fn entries(index: Option<&FileIndex>, most: u32) -> Result<JsValue, JsValue> {
    let listed: Vec<Listed<'_>> =
        index.into_iter().flat_map(|index| index.listed(most as usize)).map(Listed::from).collect();
    to_js(&listed)
}
