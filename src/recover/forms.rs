//! Without an expected digest: the well-known forms of a text, each named, with its digest.

use super::escape::ESCAPES;
use super::layout::LAYOUTS;
use super::order::tool;
use super::tree::Tree;
use super::unwrap::unwrap;
use crate::digest::{Algorithm, Digest};
use crate::limits;

/// A form that a text may have had, and its digest there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// The form, in words.
    pub name: String,
    /// The sha256 of the text in this form.
    pub digest: Digest,
    /// Its length in bytes.
    pub size: usize,
}

/// The text as pasted and in each well-known form; forms that give the same bytes are named once, the first of them.
#[must_use]
pub fn well_known_forms(pasted: &[u8]) -> Vec<Form> {
    let mut forms = Vec::new();
    add(&mut forms, AS_PASTED, pasted);
    let text = pasted.trim_ascii();
    add(&mut forms, TRIMMED, text);
    add(&mut forms, ENDED, &[text, b"\n"].concat());
    if let Some(payload) = unwrap(pasted).into_iter().find(|inner| inner.words.contains("payload")) {
        add(&mut forms, PAYLOAD, &payload.bytes);
    }
    let readable = (pasted.len() <= limits::CONFIG_BYTES).then(|| Tree::read(text)).flatten();
    for known in KNOWN.iter().filter(|_| readable.is_some()) {
        if let Some(bytes) = readable.as_ref().and_then(|tree| write(tree, text, known)) {
            add(&mut forms, known.name, &bytes);
        }
    }
    forms
}

/// A form by the words of its rules.
struct Known {
    name: &'static str,
    order: &'static str,
    layout: &'static str,
}

const AS_PASTED: &str = "as pasted";
const TRIMMED: &str = "as pasted, without white space around it";
const ENDED: &str = "as pasted, with one final newline";
const PAYLOAD: &str = "the payload of its signatures (the digest of a schema 1 manifest)";

const COMPACT: &str = "written on one line without spaces";
const AS_WRITTEN: &str = "";

const KNOWN: &[Known] = &[
    Known {
        name: "Docker's: 3 spaces, no final newline",
        order: "keys put in Docker's order",
        layout: "indented with 3 spaces",
    },
    Known { name: "Docker's, compact (skopeo, buildah)", order: "keys put in Docker's order", layout: COMPACT },
    Known {
        name: "OCI's, compact (skopeo, buildah, umoci)",
        order: "keys put in the order of OCI's Go structs (containerd, BuildKit, skopeo)",
        layout: COMPACT,
    },
    Known {
        name: "OCI's: 2 spaces, no final newline (BuildKit)",
        order: "keys put in the order of OCI's Go structs (containerd, BuildKit, skopeo)",
        layout: "indented with 2 spaces",
    },
    Known {
        name: "go-containerregistry's, compact (crane, ko, kaniko)",
        order: "keys put in go-containerregistry's order (crane, ko, kaniko, apko)",
        layout: COMPACT,
    },
    Known { name: "compact, keys as written", order: AS_WRITTEN, layout: COMPACT },
    Known { name: "2 spaces, keys as written", order: AS_WRITTEN, layout: "indented with 2 spaces" },
    Known { name: "3 spaces, keys as written", order: AS_WRITTEN, layout: "indented with 3 spaces" },
    Known { name: "4 spaces, keys as written", order: AS_WRITTEN, layout: "indented with 4 spaces" },
    Known { name: "compact, keys sorted", order: "keys sorted by name", layout: COMPACT },
];

fn add(forms: &mut Vec<Form>, name: &str, bytes: &[u8]) {
    let digest = Algorithm::Sha256.digest(bytes);
    if !forms.iter().any(|form| form.digest == digest) {
        forms.push(Form { name: name.to_owned(), digest, size: bytes.len() });
    }
}

/// Writes a form as Go escapes it if it reorders keys, and with the escapes as written if it does not.
fn write(tree: &Tree, text: &[u8], known: &Known) -> Option<Vec<u8>> {
    let profile = tool(known.order)?;
    let layout = LAYOUTS.iter().find(|layout| layout.words == known.layout)?;
    let encoded = tree.encode(text, &ESCAPES[usize::from(!known.order.is_empty())]);
    let mut out = Vec::with_capacity(text.len());
    let fits = layout.write(&tree.parts(&profile.keys), |n| encoded.token(n), limits::CONFIG_BYTES * 4, &mut out);
    fits.then_some(out)
}

/// The names of all forms.
#[cfg(test)]
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    let fixed = [AS_PASTED, TRIMMED, ENDED, PAYLOAD];
    fixed.into_iter().chain(KNOWN.iter().map(|known| known.name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recover_names_the_well_known_forms() {
        let forms = well_known_forms(b"{\"mediaType\": \"x\",\n \"schemaVersion\": 2}\n");
        let docker = forms.iter().find(|form| form.name == KNOWN[0].name).unwrap();
        let expected = b"{\n   \"schemaVersion\": 2,\n   \"mediaType\": \"x\"\n}";
        assert_eq!((&docker.digest, docker.size), (&Algorithm::Sha256.digest(expected), expected.len()));
        let names: Vec<&str> = forms.iter().map(|form| &*form.name).collect();
        assert_eq!(
            names,
            [
                "as pasted",
                "as pasted, without white space around it",
                "Docker's: 3 spaces, no final newline",
                "Docker's, compact (skopeo, buildah)",
                "OCI's: 2 spaces, no final newline (BuildKit)",
                "compact, keys as written",
                "2 spaces, keys as written",
                "3 spaces, keys as written",
                "4 spaces, keys as written",
            ]
        );
    }

    #[test]
    fn recover_finds_every_known_form_among_the_rules() {
        let tree =
            Tree::read(b"{\"schemaVersion\":2,\"layers\":[{\"digest\":\"\",\"size\":1,\"data\":\"\",\"urls\":[]}]}")
                .unwrap();
        for known in KNOWN {
            assert!(write(&tree, b"", known).is_some(), "{}", known.name);
        }
    }

    #[test]
    fn recover_shows_what_is_not_json_as_it_is() {
        let names: Vec<String> = well_known_forms(b"\xff\n").into_iter().map(|form| form.name).collect();
        assert_eq!(names, ["as pasted", "as pasted, without white space around it"]);
    }
}
