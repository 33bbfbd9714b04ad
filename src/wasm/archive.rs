//! The boundary: `openArchive`, with what it takes and gives; see `www/engine/remote.js`.

use js_sys::{Array, Function, Uint8Array};
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::open::Asked;
use super::options::{Bytes, given};
use super::session;
use super::values::{failure, from_js, to_js};
use crate::archive::{self, ArchiveFile, Contents, Place};
use crate::error::{Error, ErrorKind};
use crate::image::{OpenOptions, Stage};
use crate::layer::{Entry, EntryKind, FileIndex};
use crate::report::Report;

/// The result that crosses back.
#[derive(Serialize)]
struct Opened {
    report: Report,
    places: Vec<Place>,
}

/// `openArchive(source, read, options, onProgress)`: the report and where its blobs lie; null if it holds no images.
///
/// `source` is `{ index, size, digest }` of a tar, or `{ files: [{ path, size }] }` of a folder;
/// `read(entry, at, from, length)` gives a promise of bytes.
///
/// # Errors
/// If the list of entries is invalid, or nothing could be read.
#[wasm_bindgen(js_name = openArchive)]
pub async fn open_archive(
    source: JsValue,
    read: Function,
    options: JsValue,
    on_progress: Function,
) -> Result<JsValue, JsValue> {
    let options = OpenOptions::try_from(from_js::<Asked>(options)?).map_err(failure)?;
    let (index, file) = from_js::<Source>(source)?.list().map_err(failure)?;
    let on_stage = |stage: Stage| {
        // An error that the caller's callback throws is not our failure.
        let _ignored = to_js(&stage).and_then(|stage| on_progress.call1(&JsValue::NULL, &stage));
    };
    let opened = archive::open(&index, file.as_ref(), &Reading(read), &options, &on_stage).await.map_err(failure)?;
    let Some(opened) = opened else { return Ok(JsValue::NULL) };
    session::keep(opened.bytes);
    to_js(&Opened { report: opened.report, places: opened.places })
}

/// A tar with its list of entries, or the files of a folder.
#[derive(Deserialize)]
struct Source {
    index: Option<Bytes>,
    size: Option<f64>,
    digest: Option<String>,
    files: Option<Vec<FolderFile>>,
}

#[derive(Deserialize)]
struct FolderFile {
    path: String,
    size: f64,
}

impl Source {
    fn list(self) -> Result<(FileIndex, Option<ArchiveFile>), Error> {
        let Some(index) = self.index else { return Ok((folder(self.files.unwrap_or_default())?, None)) };
        let file = ArchiveFile { size: whole(self.size.unwrap_or_default()), digest: given(self.digest) };
        Ok((FileIndex::from_bytes(&index.into_vec())?, Some(file)))
    }
}

fn folder(files: Vec<FolderFile>) -> Result<FileIndex, Error> {
    let mut index = FileIndex::new();
    for file in files {
        let mut entry = Entry::new(EntryKind::File, file.path.into_bytes());
        entry.size = whole(file.size);
        entry.stored = entry.size;
        index.push(&entry)?;
    }
    Ok(index)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "sizes of files")]
fn whole(size: f64) -> u64 {
    size as u64
}

/// Contents that JavaScript reads.
struct Reading(Function);

impl Contents for Reading {
    #[expect(clippy::cast_precision_loss, reason = "places in files are far below 2^53")]
    async fn read(&self, entry: usize, data_at: u64, from: u64, length: u64) -> Result<Vec<u8>, Error> {
        let given: Array = [entry as u64, data_at, from, length].iter().map(|n| JsValue::from(*n as f64)).collect();
        let promise = self.0.apply(&JsValue::NULL, &given).map_err(failed)?;
        let bytes = JsFuture::from(js_sys::Promise::resolve(&promise)).await.map_err(failed)?;
        let bytes = bytes.dyn_into::<Uint8Array>();
        bytes.map(|bytes| bytes.to_vec()).map_err(failed)
    }
}

/// Why the bytes of an entry cannot be read, by what was thrown instead of them.
fn failed(thrown: JsValue) -> Error {
    let Thrown { message, code } = from_js(thrown).unwrap_or_default();
    let kind = match code.as_deref() {
        Some("aborted") => ErrorKind::Aborted,
        Some("limit-exceeded") => ErrorKind::LimitExceeded,
        _ => ErrorKind::NotFound,
    };
    Error::new(kind, message.unwrap_or_else(|| "its bytes cannot be read".to_owned()))
}

/// The facts about a value that JavaScript threw, which may be anything at all.
#[derive(Default, Deserialize)]
struct Thrown {
    message: Option<String>,
    code: Option<String>,
}
