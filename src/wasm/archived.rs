//! The boundary: files that may be archives, listed and read; see `www/engine/archives/`. Types: `DataModule` in `www/types.d.ts`.

use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;

use super::data::{Lists, lists, reads};
use super::values::{from_js, to_js, to_js_exact};
use crate::archive::{self, Judged, Listed};
use crate::layer::{FileIndex, Spec};

/// A file read once from its start.
#[wasm_bindgen]
pub struct Opener(archive::Opener);

/// One entry of a compressed archive, hashed as it went by.
#[wasm_bindgen]
pub struct Proof(archive::Proof);

reads!(Opener);
lists!(Opener, Proof, Seeker, Pass);

impl Lists for Opener {
    fn list(&self) -> Option<&FileIndex> {
        Some(self.0.index())
    }
}

impl Lists for Proof {
    fn list(&self) -> Option<&FileIndex> {
        Some(&self.0.index)
    }
}

#[wasm_bindgen]
impl Proof {
    /// The number of the entry.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn entry(&self) -> u32 {
        self.0.entry
    }

    /// The results of both halves, for `verdict`.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn halves(&self) -> Result<JsValue, JsValue> {
        to_js_exact(&self.0.halves)
    }
}

impl Lists for Seeker {
    fn list(&self) -> Option<&FileIndex> {
        self.listed.as_ref().map(|listed| &listed.index)
    }
}

impl Lists for Pass {
    fn list(&self) -> Option<&FileIndex> {
        self.ready.as_ref().map(|ready| &ready.index)
    }
}

#[wasm_bindgen]
impl Opener {
    /// `new Opener(spec, proves)`: whether entries of a compressed archive are hashed, and not its tar.
    ///
    /// # Errors
    /// If the description is invalid.
    #[wasm_bindgen(constructor)]
    pub fn new(spec: JsValue, proves: bool) -> Result<Self, JsValue> {
        Ok(Self(archive::Opener::new(from_js(spec)?, proves)))
    }

    /// The next piece of what the file unpacks to, if an `Unpacker` elsewhere unpacks it.
    #[wasm_bindgen(js_name = pushTar)]
    pub fn push_tar(&mut self, piece: &[u8]) {
        self.0.push_tar(piece);
    }

    /// The verdict over the file, with what that `Unpacker` found out.
    ///
    /// # Errors
    /// If that is not the result of its other half.
    #[wasm_bindgen(js_name = finishWith)]
    pub fn finish_with(&mut self, unpacked: JsValue) -> Result<JsValue, JsValue> {
        to_js(&self.0.finish_with(&from_js(unpacked)?))
    }

    /// True if entries are hashed, and the tar around them is not.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn proves(&self) -> bool {
        self.0.proves()
    }

    /// The next entry that was hashed.
    pub fn next(&mut self) -> Option<Proof> {
        self.0.take().map(Proof)
    }

    /// The number of kept contents.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn kept(&self) -> u32 {
        u32::try_from(self.0.kept().len()).unwrap_or(u32::MAX)
    }

    /// The number of the entry of the content kept at that place.
    #[wasm_bindgen(js_name = keptEntry)]
    #[must_use]
    pub fn kept_entry(&self, at: u32) -> u32 {
        self.0.kept().get(at as usize).map_or(u32::MAX, |(entry, _)| *entry)
    }

    /// The content kept at that place.
    #[wasm_bindgen(js_name = keptBytes)]
    #[must_use]
    pub fn kept_bytes(&self, at: u32) -> Uint8Array {
        Uint8Array::from(self.0.kept().get(at as usize).map(|(_, bytes)| bytes.as_slice()).unwrap_or_default())
    }

    /// True if there was no room for all entries that would be kept.
    #[wasm_bindgen(getter, js_name = isFull)]
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.0.is_full()
    }

    /// The unpacked file, if it may be a document.
    #[must_use]
    pub fn text(&self) -> Option<Uint8Array> {
        self.0.text().map(Uint8Array::from)
    }
}

/// A tar that is listed without its contents being read.
#[wasm_bindgen]
pub struct Seeker {
    seeker: Option<archive::Seeker>,
    listed: Option<Listed>,
}

#[wasm_bindgen]
impl Seeker {
    /// `new Seeker(size, limits)`: how many bytes the tar has.
    ///
    /// # Errors
    /// If the description is invalid.
    #[wasm_bindgen(constructor)]
    pub fn new(spec: JsValue) -> Result<Self, JsValue> {
        let spec: Spec = from_js(spec)?;
        let seeker = archive::Seeker::new(spec.size.unwrap_or_default(), spec.limits.entries);
        Ok(Self { seeker: Some(seeker), listed: None })
    }

    /// The bytes at the place that was asked for; gives the place of those that are needed next.
    #[expect(clippy::cast_precision_loss, reason = "a number of JavaScript")]
    pub fn push(&mut self, piece: &[u8]) -> f64 {
        self.seeker.as_mut().map_or(f64::MAX, |seeker| seeker.push(piece) as f64)
    }

    /// The checks of the tar.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn finish(&mut self) -> Result<JsValue, JsValue> {
        if let Some(seeker) = self.seeker.take() {
            self.listed = Some(seeker.finish());
        }
        to_js(&self.listed.as_ref().map(Listed::checks).unwrap_or_default())
    }

    /// The number of entries.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn count(&self) -> u32 {
        self.listed.as_ref().map_or(0, |listed| u32::try_from(listed.index.len()).unwrap_or(u32::MAX))
    }
}

/// The layers of a compressed archive, in one pass.
#[wasm_bindgen]
pub struct Pass {
    pass: archive::Pass,
    ready: Option<Judged>,
}

#[wasm_bindgen]
impl Pass {
    /// `new Pass(file, [[entry, spec]])`.
    ///
    /// # Errors
    /// If the descriptions are invalid.
    #[wasm_bindgen(constructor)]
    pub fn new(file: JsValue, wanted: JsValue) -> Result<Self, JsValue> {
        Ok(Self { pass: archive::Pass::new(from_js(file)?, from_js(wanted)?), ready: None })
    }

    /// The next piece of the archive; true once nothing more is wanted of it.
    pub fn push(&mut self, piece: &[u8]) -> bool {
        self.pass.push(piece)
    }

    /// That was all that can be read of the archive: the next entries are those that it did not reach the end of.
    #[expect(clippy::needless_pass_by_value, reason = "what crosses the boundary is owned")]
    pub fn finish(&mut self, reason: Option<String>) {
        self.pass.finish(reason.as_deref());
    }

    /// The number of the next entry that was read to its end, whose list is then the one here; -1 if there is none.
    pub fn next(&mut self) -> f64 {
        self.ready = self.pass.take();
        self.ready.as_ref().map_or(-1.0, |ready| f64::from(ready.entry))
    }

    /// The verdict over that entry.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn verdict(&self) -> Result<JsValue, JsValue> {
        to_js(&self.ready.as_ref().map(|ready| &ready.verdict))
    }
}

/// The contents of some entries of a compressed archive.
#[wasm_bindgen]
pub struct EntryStream {
    stream: archive::EntryStream,
    is_last: bool,
}

#[wasm_bindgen]
impl EntryStream {
    /// `new EntryStream(file, entries)`.
    ///
    /// # Errors
    /// If the description is invalid.
    #[wasm_bindgen(constructor)]
    pub fn new(file: JsValue, entries: Vec<u32>) -> Result<Self, JsValue> {
        Ok(Self { stream: archive::EntryStream::new(from_js(file)?, &entries), is_last: false })
    }

    /// The next piece of the archive.
    pub fn push(&mut self, piece: &[u8]) {
        self.stream.push(piece);
    }

    /// The next part of the content of the next entry; none if more of the archive is needed.
    pub fn next(&mut self) -> Option<Uint8Array> {
        let part = self.stream.take()?;
        self.is_last = part.is_last;
        Some(Uint8Array::from(part.bytes.as_slice()))
    }

    /// True if that part was its entry's last.
    #[wasm_bindgen(getter, js_name = isLast)]
    #[must_use]
    pub fn is_last(&self) -> bool {
        self.is_last
    }

    /// True if there is no more to come.
    #[wasm_bindgen(getter, js_name = isOver)]
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.stream.is_over()
    }

    /// Why the rest cannot be read, if that was all of the archive.
    pub fn reason(&mut self) -> String {
        self.stream.reason()
    }
}
