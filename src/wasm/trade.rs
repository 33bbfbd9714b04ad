//! The boundary: `readImages` and `pinImages`, with what they take and give.

use js_sys::Array;
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::options::{member, text};
use super::values::{failure, to_js};
use crate::Digest;
use crate::paste::trade::{self, Edit, ImageFile, Row};

/// `readImages(text, name)`: `{ kind, images }`; `kind` is null if the text is no file that names images.
///
/// # Errors
/// None of the core's.
#[wasm_bindgen(js_name = readImages)]
pub fn read_images(text: &str, name: Option<String>) -> Result<JsValue, JsValue> {
    to_js(&FileForm::from(trade::read_images(text, name.as_deref())))
}

/// `pinImages(text, rows)`: the text with each row's `now` written as its digest; rows without `now` stay as they are.
///
/// # Errors
/// `invalid-digest`, or `unsupported-input` if the rows are not of this text.
#[wasm_bindgen(js_name = pinImages)]
#[expect(clippy::needless_pass_by_value, reason = "wasm-bindgen hands arrays over by value")]
pub fn pin_images(content: &str, rows: Array) -> Result<String, JsValue> {
    let mut edits = Vec::new();
    for row in rows.iter() {
        let Some(now) = text(&row, "now") else { continue };
        let digest = Digest::parse(&now).map_err(failure)?;
        let given = member(&row, "edit").map(|edit| edit_of(&edit));
        let edit = given.or_else(|| trade::edit_at(content, number(&row, "start"), number(&row, "end")));
        edits.extend(edit.map(|edit| (edit, digest)));
    }
    trade::pin_images(content, &edits).map_err(failure)
}

/// `holdsSecret(text)`: true if a text has what looks like a secret, so that no address is made of it.
#[wasm_bindgen(js_name = holdsSecret)]
#[must_use]
pub fn holds_secret(text: &str) -> bool {
    crate::paste::holds_secret(text)
}

fn edit_of(from: &JsValue) -> Edit {
    let words = |name| text(from, name).unwrap_or_default();
    let hex = member(from, "hex").is_some_and(|value| value.is_truthy());
    Edit { start: number(from, "start"), end: number(from, "end"), before: words("before"), after: words("after"), hex }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place in a text, by our own JS")]
fn number(from: &JsValue, name: &str) -> usize {
    member(from, name).and_then(|value| value.as_f64()).unwrap_or_default() as usize
}

#[derive(Serialize)]
struct FileForm {
    kind: Option<&'static str>,
    images: Vec<RowForm>,
}

#[derive(Serialize)]
struct RowForm {
    reference: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    label: String,
    line: usize,
    column: usize,
    start: usize,
    end: usize,
    pinned: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    digest: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    platform: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    edit: Option<EditForm>,
}

#[derive(Serialize)]
struct EditForm {
    start: usize,
    end: usize,
    before: String,
    after: String,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    hex: bool,
}

impl From<ImageFile> for FileForm {
    fn from(file: ImageFile) -> Self {
        Self {
            kind: file.kind.map(trade::FileKind::code),
            images: file.images.into_iter().map(RowForm::from).collect(),
        }
    }
}

impl From<Row> for RowForm {
    fn from(row: Row) -> Self {
        let Row { reference, label, line, column, start, end, digest, platform, edit } = row;
        let edit = edit.map(|Edit { start, end, before, after, hex }| EditForm { start, end, before, after, hex });
        let (pinned, digest) = (digest.is_some(), digest.map(|digest| digest.to_string()));
        Self { reference, label, line, column, start, end, pinned, digest, platform, edit }
    }
}
