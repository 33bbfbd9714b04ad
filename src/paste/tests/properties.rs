//! Tests: what holds for any text.

use proptest::prelude::*;

use super::wrappers::{WRAPPERS, survives};
use super::*;
use crate::limits;

/// Any JSON object with strings that try to look like what is cut away.
fn document() -> impl Strategy<Value = String> {
    let string = prop_oneof!["[ -~]{0,20}", "\\PC{0,8}", Just("> 12: {".to_owned()), Just("}\u{200b}$ ".to_owned())];
    let leaf = prop_oneof![
        string.clone().prop_map(serde_json::Value::String),
        any::<i64>().prop_map(serde_json::Value::from),
        Just(serde_json::Value::Null),
    ];
    let value = leaf.prop_recursive(3, 24, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(serde_json::Value::Array),
            prop::collection::hash_map(string.clone(), inner, 0..4)
                .prop_map(|members| serde_json::Value::Object(members.into_iter().collect())),
        ]
    });
    (value, any::<bool>()).prop_map(|(value, pretty)| {
        let root = serde_json::json!({ "schemaVersion": 2, "layers": value });
        if pretty { serde_json::to_string_pretty(&root) } else { serde_json::to_string(&root) }.unwrap()
    })
}

/// Text made of what forms look for.
fn fragments() -> impl Strategy<Value = String> {
    let fragment = prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        "\"",
        "\\",
        "\n",
        "\r\n",
        " ",
        "\t",
        "$ ",
        "> ",
        "```\n",
        "1: ",
        "2: ",
        "\u{1b}[0m",
        "\u{200b}",
        "HTTP/1.1 200 OK\n",
        "Content-Length: 3\n",
        "docker manifest inspect a@",
        "curl /v2/a/manifests/",
        "sha256:",
        HEX,
        "Digest: ",
        "REPOSITORY TAG IMAGE ID\n",
        "├─",
        "é",
        "{\"Descriptor\":{\"digest\":\"\"},\"Raw\":\"",
        "\"}",
        "{}",
        "“",
        "\\\n",
        "\u{a0}",
        ": Pull complete\n",
        "Copying blob ",
        "@",
        "PS ",
        "C:\\>",
        "HTTP/",
        "99999999999999999999 ",
        "18446744073709551615",
    ]);
    prop::collection::vec(fragment, 0..40).prop_map(|fragments| fragments.concat())
}

proptest! {
    #[test]
    fn paste_never_panics_on_bytes(bytes: Vec<u8>) {
        let _ = read(&bytes);
    }

    #[test]
    fn paste_never_panics_on_text(text in "\\PC{0,300}", fragments in fragments()) {
        let _ = read(text.as_bytes());
        let _ = read(fragments.as_bytes());
    }

    #[test]
    fn paste_documents_survive_any_two_wrappers(document in document(), outer in 0..WRAPPERS.len(), inner in 0..WRAPPERS.len()) {
        let how = format!("{} in {}", WRAPPERS[inner].name, WRAPPERS[outer].name);
        survives(&document, &(WRAPPERS[outer].wrap)(&(WRAPPERS[inner].wrap)(&document)), &how);
    }

    #[test]
    fn paste_json_is_never_cut(document in document(), before in "[ \\n]{0,3}", after in "[ \\n]{0,3}") {
        let text = format!("{before}{document}{after}");
        prop_assert_eq!(&read(text.as_bytes()).documents[0].bytes, text.as_bytes());
    }
}

#[test]
fn paste_hostile_texts_end_soon() {
    for text in [
        "{\n".repeat(300_000),
        "{}".repeat(200_000),
        "[".repeat(300_000),
        "sha256:".repeat(50_000),
        format!("sha256:{HEX}\n").repeat(5_000),
        (0..50_000).map(|n| format!("sha256:{n:064x}\n")).collect(),
        (0..20_000).map(|n| format!("$ docker pull a@sha256:{n:064x}\n")).collect(),
        (0..10_000).map(|n| format!("sha256:{n:064x},")).collect(),
        "image: a ".repeat(50_000),
        "> ".repeat(100_000),
        "\u{1b}[".repeat(100_000),
        "1\n2\n".repeat(50_000),
        "\n".repeat(limits::PASTE_LINES + 1),
    ] {
        let start = std::time::Instant::now();
        let pasted = read(text.as_bytes());
        assert!(start.elapsed().as_secs() < 40, "{:?} for {:.20}", start.elapsed(), text);
        assert!(pasted.documents.len() <= limits::PASTE_DOCUMENTS);
        assert!(pasted.digests.len() <= limits::PASTE_DIGESTS);
    }
}

#[test]
fn paste_too_large_a_text_is_not_taken_apart() {
    let text = format!("{{\"a\":\"{}\"}}", "x".repeat(limits::PASTE_BYTES));
    let pasted = read(text.as_bytes());
    assert_eq!(one(&pasted, Form::Document).bytes.len(), text.len());
    notes(&pasted, "The text is too large to be taken apart.");
}
