//! The boundary: `openArchive`, with what it takes and gives; see `www/remote.js`.

use js_sys::{Array, Function, Uint8Array};
use serde::Serialize;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::open::open_options;
use super::session;
use super::values::{failure, member, text, value};
use crate::archive::{self, ArchiveFile, Contents, Place};
use crate::error::{Error, ErrorKind};
use crate::image::Stage;
use crate::layer::{Entry, EntryKind, FileIndex};
use crate::report::Report;

/// What crosses back.
#[derive(Serialize)]
struct Opened {
    report: Report,
    places: Vec<Place>,
}

/// `openArchive(source, read, options, onProgress)`: the report and where its blobs lie; null where it holds no images.
///
/// `source` is `{ index, size, digest }` of a tar, or `{ files: [{ path, size }] }` of a folder;
/// `read(entry, at, from, length)` gives a promise of bytes.
///
/// # Errors
/// Where the list of entries is none, or nothing could be read.
#[wasm_bindgen(js_name = openArchive)]
pub async fn open_archive(
    source: JsValue,
    read: Function,
    options: JsValue,
    on_progress: Function,
) -> Result<JsValue, JsValue> {
    let options = open_options(&options).map_err(failure)?;
    let (index, file) = listing(&source)?;
    let on_stage = |stage: Stage| {
        // What the caller's callback throws is not our failure.
        let _ignored = value(&stage).and_then(|stage| on_progress.call1(&JsValue::NULL, &stage));
    };
    let opened = archive::open(&index, file.as_ref(), &Reading(read), &options, &on_stage).await.map_err(failure)?;
    let Some(opened) = opened else { return Ok(JsValue::NULL) };
    session::keep(opened.bytes);
    value(&Opened { report: opened.report, places: opened.places })
}

fn listing(source: &JsValue) -> Result<(FileIndex, Option<ArchiveFile>), JsValue> {
    if let Some(index) = member(source, "index") {
        let index = FileIndex::from_bytes(&Uint8Array::new(&index).to_vec()).map_err(failure)?;
        let file = ArchiveFile { size: number(source, "size"), digest: text(source, "digest") };
        return Ok((index, Some(file)));
    }
    let mut index = FileIndex::new();
    let files = member(source, "files").map(|files| Array::from(&files)).unwrap_or_default();
    for file in files.iter() {
        let mut entry = Entry::new(EntryKind::File, text(&file, "path").unwrap_or_default().into_bytes());
        entry.size = number(&file, "size");
        entry.stored = entry.size;
        index.push(&entry).map_err(failure)?;
    }
    Ok((index, None))
}

/// A size; none that a file can have is beyond what a number of JavaScript holds.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "sizes of files")]
fn number(from: &JsValue, name: &str) -> u64 {
    member(from, name).and_then(|value| value.as_f64()).unwrap_or_default() as u64
}

/// Contents that JavaScript reads.
struct Reading(Function);

impl Contents for Reading {
    #[expect(clippy::cast_precision_loss, reason = "places in files are far below 2^53")]
    async fn read(&self, entry: usize, data_at: u64, from: u64, length: u64) -> Result<Vec<u8>, Error> {
        let given: Array = [entry as u64, data_at, from, length].iter().map(|n| JsValue::from(*n as f64)).collect();
        let failed = |thrown: JsValue| {
            let message = text(&thrown, "message").unwrap_or_else(|| "its bytes cannot be read".to_owned());
            let kind = match text(&thrown, "code").as_deref() {
                Some("aborted") => ErrorKind::Aborted,
                Some("limit-exceeded") => ErrorKind::LimitExceeded,
                _ => ErrorKind::NotFound,
            };
            Error::new(kind, message)
        };
        let promise = self.0.apply(&JsValue::NULL, &given).map_err(failed)?;
        let bytes = JsFuture::from(js_sys::Promise::resolve(&promise)).await.map_err(failed)?;
        let bytes = bytes.dyn_into::<Uint8Array>();
        bytes.map(|bytes| bytes.to_vec()).map_err(|_| Error::new(ErrorKind::NotFound, "its bytes cannot be read"))
    }
}
