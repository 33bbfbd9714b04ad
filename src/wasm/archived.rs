//! The boundary: files that may be archives, listed and read; see `www/layers/`. Types: `DataModule` in `www/types.d.ts`.

use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;

use super::data::{LayerReader, entries, finished, read};
use super::values::value;
use crate::archive::{self, Listed};
use crate::layer::Spec;

/// A file read once from its start.
#[wasm_bindgen]
pub struct Opener(archive::Opener);

#[wasm_bindgen]
impl Opener {
    /// `new Opener(spec)`.
    ///
    /// # Errors
    /// Where the description is none.
    #[wasm_bindgen(constructor)]
    #[expect(clippy::needless_pass_by_value, reason = "what crosses the boundary is owned")]
    pub fn new(spec: JsValue) -> Result<Self, JsValue> {
        Ok(Self(archive::Opener::new(read(&spec)?)))
    }

    /// The next piece of the file.
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

    /// The verdict over the file as a layer.
    ///
    /// # Errors
    /// Where it was given before.
    pub fn finish(&mut self) -> Result<JsValue, JsValue> {
        finished(self.0.finish())
    }

    /// The list of entries as bytes.
    #[must_use]
    pub fn index(&self) -> Uint8Array {
        Uint8Array::from(self.0.index().to_bytes().as_slice())
    }

    /// The first entries.
    ///
    /// # Errors
    /// Where they cannot be written.
    pub fn entries(&self, most: u32) -> Result<JsValue, JsValue> {
        entries(self.0.index(), most)
    }

    /// How many contents were kept.
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

    /// What the file unpacks to, where it may be a document.
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
    /// Where the description is none.
    #[wasm_bindgen(constructor)]
    #[expect(clippy::needless_pass_by_value, reason = "what crosses the boundary is owned")]
    pub fn new(spec: JsValue) -> Result<Self, JsValue> {
        let spec: Spec = read(&spec)?;
        let seeker = archive::Seeker::new(spec.size.unwrap_or_default(), spec.limits.entries);
        Ok(Self { seeker: Some(seeker), listed: None })
    }

    /// The bytes at the place that was asked for; gives the place of those that are needed next.
    #[expect(clippy::cast_precision_loss, reason = "a number of JavaScript")]
    pub fn push(&mut self, piece: &[u8]) -> f64 {
        self.seeker.as_mut().map_or(f64::MAX, |seeker| seeker.push(piece) as f64)
    }

    /// What is to be said of the tar.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn finish(&mut self) -> Result<JsValue, JsValue> {
        if let Some(seeker) = self.seeker.take() {
            self.listed = Some(seeker.finish());
        }
        value(&self.listed.as_ref().map(Listed::checks).unwrap_or_default())
    }

    /// How many entries there are.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn count(&self) -> u32 {
        self.listed.as_ref().map_or(0, |listed| u32::try_from(listed.index.len()).unwrap_or(u32::MAX))
    }

    /// The list of entries as bytes, once finished.
    #[must_use]
    pub fn index(&self) -> Uint8Array {
        let bytes = self.listed.as_ref().map(|listed| listed.index.to_bytes()).unwrap_or_default();
        Uint8Array::from(bytes.as_slice())
    }

    /// The first entries, once finished.
    ///
    /// # Errors
    /// Where they cannot be written.
    pub fn entries(&self, most: u32) -> Result<JsValue, JsValue> {
        self.listed.as_ref().map_or_else(|| Ok(JsValue::NULL), |listed| entries(&listed.index, most))
    }
}

/// The layers of a compressed archive, in one pass.
#[wasm_bindgen]
pub struct Pass {
    pass: archive::Pass,
    ready: Option<(u32, LayerReader)>,
}

#[wasm_bindgen]
impl Pass {
    /// `new Pass(file, [[entry, spec]])`.
    ///
    /// # Errors
    /// Where the descriptions are none.
    #[wasm_bindgen(constructor)]
    #[expect(clippy::needless_pass_by_value, reason = "what crosses the boundary is owned")]
    pub fn new(file: JsValue, wanted: JsValue) -> Result<Self, JsValue> {
        Ok(Self { pass: archive::Pass::new(read(&file)?, read(&wanted)?), ready: None })
    }

    /// The next piece of the archive; true once nothing more is wanted of it.
    pub fn push(&mut self, piece: &[u8]) -> bool {
        self.pass.push(piece)
    }

    /// The number of the next entry that was read to its end; -1 where there is none.
    pub fn next(&mut self) -> f64 {
        self.ready = self.pass.take().map(|(at, reader)| (at, LayerReader(reader)));
        self.ready.as_ref().map_or(-1.0, |(at, _)| f64::from(*at))
    }

    /// The reader of that entry.
    pub fn reader(&mut self) -> Option<LayerReader> {
        self.ready.take().map(|(_, reader)| reader)
    }
}

/// The content of one entry of a compressed archive.
#[wasm_bindgen]
pub struct EntryStream(archive::EntryStream);

#[wasm_bindgen]
impl EntryStream {
    /// `new EntryStream(file, entry)`.
    ///
    /// # Errors
    /// Where the description is none.
    #[wasm_bindgen(constructor)]
    #[expect(clippy::needless_pass_by_value, reason = "what crosses the boundary is owned")]
    pub fn new(file: JsValue, entry: u32) -> Result<Self, JsValue> {
        Ok(Self(archive::EntryStream::new(read(&file)?, entry)))
    }

    /// The next piece of the archive; gives what of the entry is in it.
    #[must_use]
    pub fn push(&mut self, piece: &[u8]) -> Uint8Array {
        Uint8Array::from(self.0.push(piece).as_slice())
    }

    /// Whether the content is complete.
    #[wasm_bindgen(getter, js_name = isOver)]
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.0.is_over()
    }
}
