//! `docker history`: the image ID of each build step that the local store still has.

use crate::paste::Form;
use crate::paste::digests;
use crate::paste::forms::Part;
use crate::paste::meaning::What;
use crate::paste::text::Text;

/// Finds the head line and the rows below it.
pub(super) fn recognise(text: &Text) -> Option<Part> {
    let mut part = Part::new(Form::HistoryTable);
    let mut first = true;
    for (piece, line) in text.free_lines() {
        if part.pieces.is_empty() && !line.starts_with('I') {
            continue;
        }
        let words: Vec<&str> = line.split_whitespace().collect();
        if matches!(words[..], ["IMAGE" | "ID", "CREATED", "CREATED", "BY", "SIZE", ..]) {
            part.claim(piece);
        } else if let (false, Some(word)) = (part.pieces.is_empty(), words.first()) {
            let id = digests::whole(word).map(|digest| digest.to_string()).or_else(|| digests::prefix(word));
            if id.is_none() && *word != "<missing>" {
                continue;
            }
            let what = if first { What::ImageId } else { What::BuildStep };
            part.mention(&id.unwrap_or_default(), what, "IMAGE", None);
            part.claim(piece);
            first = false;
        }
    }
    part.found()
}
