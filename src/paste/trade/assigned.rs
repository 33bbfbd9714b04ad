//! Images in files of assignments: HCL of Terraform and Nomad (`image = "name"`), and quadlets of podman (`Image=name`).

use super::{Found, in_one_piece, plain_name};

/// Keys that name an image in HCL.
const KEYS: [&str; 6] = ["image", "image_name", "image_uri", "container_image", "docker_image", "base_image"];

/// Finds every assignment of HCL, and every member of JSON in it, whose value is a name without variables.
pub(super) fn hcl(text: &str) -> Vec<Found> {
    let mut rows = Vec::new();
    let (mut of_image, mut block) = (false, "");
    for (line, start) in lines(text) {
        let trimmed = line.trim_start();
        if let Some(rest) = trimmed.strip_prefix("resource \"").or_else(|| trimmed.strip_prefix("task \"")) {
            of_image = rest.starts_with("docker_image\"");
            block = rest.split('"').rfind(|word| !word.trim().is_empty() && !word.contains('{')).unwrap_or_default();
        }
        let Some((key, value)) = trimmed.split_once(['=', ':']) else { continue };
        let key = key.trim().trim_matches('"');
        if !(KEYS.contains(&key) || of_image && key == "name") {
            continue;
        }
        let Some((word, behind)) = value.trim_start().strip_prefix('"').and_then(|rest| rest.split_once('"')) else {
            continue;
        };
        let is_whole = matches!(behind.trim_start().as_bytes().first(), None | Some(b'#' | b',' | b'/' | b'}'));
        if let Some((name, offset)) = plain_name(word).filter(|_| is_whole) {
            let at = start + (word.as_ptr() as usize - line.as_ptr() as usize) + offset;
            rows.push(Found { label: block.to_owned(), ..in_one_piece(name, at, at + name.len()) });
        }
    }
    rows
}

/// Finds `Image=` in a quadlet.
pub(super) fn quadlet(text: &str) -> Vec<Found> {
    let found = lines(text).filter_map(|(line, start)| {
        let (key, value) = line.split_once('=')?;
        let (name, offset) = plain_name(value.trim()).filter(|_| key.trim() == "Image")?;
        let at = start + key.len() + 1 + (value.len() - value.trim_start().len()) + offset;
        Some(in_one_piece(name, at, at + name.len()))
    });
    found.collect()
}

/// The lines without their ends, and where they start.
fn lines(text: &str) -> impl Iterator<Item = (&str, usize)> {
    let mut at = 0;
    text.split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        (line.trim_end_matches(['\n', '\r']), start)
    })
}
