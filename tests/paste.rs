//! Every document of the shared vectors comes out of a paste as it went in (set `STOWPLAN_VECTORS` to their folder).

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::path::PathBuf;

use serde_json::Value;
use stowplan::paste::{self, Form};

/// The documents that are JSON and that a registry may hold, by their file.
fn documents() -> Vec<(String, Vec<u8>)> {
    let Some(folder) = std::env::var_os("STOWPLAN_VECTORS").map(PathBuf::from) else {
        eprintln!("skipped: STOWPLAN_VECTORS is not set, so no document is pasted");
        return Vec::new();
    };
    let index: Value = serde_json::from_slice(&std::fs::read(folder.join("index.json")).unwrap()).unwrap();
    let rows = index.as_array().unwrap().iter().filter_map(|row| row["file"].as_str());
    let files = rows.filter(|file| file.ends_with(".json")).map(str::to_owned);
    let read = files.map(|file| (file.clone(), std::fs::read(folder.join(file)).unwrap()));
    read.filter(|(_, bytes)| serde_json::from_slice::<Value>(bytes).is_ok_and(|json| json.is_object()))
        .filter(|(_, bytes)| paste::read(bytes).kind != "json")
        .collect()
}

#[test]
fn paste_keeps_every_document_as_it_is() {
    for (file, bytes) in documents() {
        let pasted = paste::read(&bytes);
        assert_eq!((pasted.form, pasted.documents.len()), (Form::Document, 1), "{file}");
        assert_eq!(pasted.documents[0].bytes, bytes, "{file}");
    }
}

#[test]
fn paste_takes_every_document_out_of_a_terminal() {
    for (file, bytes) in documents() {
        let document = String::from_utf8(bytes).unwrap();
        for pasted in [
            format!("user@host:~$ crane manifest a/b:v\n{document}\nuser@host:~$ "),
            format!(
                "> ```json\n{}\n> ```",
                document.split('\n').map(|line| format!("> {line}")).collect::<Vec<_>>().join("\n")
            ),
            format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{document}$ ", document.len()),
        ] {
            let read = paste::read(pasted.as_bytes());
            assert_eq!(read.documents.len(), 1, "{file}: {:?}", read.notes);
            let excerpt = &read.documents[0];
            let whole = read.form == Form::HttpResponse;
            let expected = if whole { document.as_str() } else { document.trim() };
            assert!(!excerpt.exact || excerpt.bytes == expected.as_bytes(), "{file}: {:?}", read.notes);
            assert_eq!(json(&excerpt.bytes), json(document.as_bytes()), "{file}");
        }
    }
}

fn json(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap()
}
