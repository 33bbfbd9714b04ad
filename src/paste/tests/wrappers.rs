//! Tests: what terminals, editors, web pages and mail put around a text, one by one and in pairs.

use super::*;

/// A way in which a text is dressed on its way, and whether undressing it may change white space.
pub(super) struct Wrapper {
    pub name: &'static str,
    pub wrap: fn(&str) -> String,
}

fn each_line(text: &str, dress: impl Fn(usize, &str) -> String) -> String {
    text.split('\n').enumerate().map(|(index, line)| dress(index + 1, line)).collect::<Vec<_>>().join("\n")
}

pub(super) const WRAPPERS: [Wrapper; 15] = [
    Wrapper { name: "prompt", wrap: |text| format!("user@host:~$ crane manifest a/b:v\n{text}\nuser@host:~$ ") },
    Wrapper { name: "prompt without a line break", wrap: |text| format!("$ crane manifest a/b:v\n{text}$ ") },
    Wrapper {
        name: "windows prompt",
        wrap: |text| format!("PS C:\\Users\\me> crane manifest a/b:v\n{text}\nPS C:\\Users\\me> "),
    },
    Wrapper { name: "fence", wrap: |text| format!("```json\n{text}\n```\n") },
    Wrapper { name: "tildes and prose", wrap: |text| format!("Look at this:\n\n~~~\n{text}\n~~~\nOdd, is it not?") },
    Wrapper { name: "quote", wrap: |text| each_line(text, |_, line| format!("> {line}")) },
    Wrapper { name: "quote without spaces", wrap: |text| each_line(text, |_, line| format!(">{line}")) },
    Wrapper { name: "indentation", wrap: |text| format!("see\n{}", each_line(text, |_, line| format!("    {line}"))) },
    Wrapper { name: "colours", wrap: |text| each_line(text, |_, line| format!("\u{1b}[1;32m{line}\u{1b}[0m\u{1b}[K")) },
    Wrapper { name: "title escape", wrap: |text| format!("\u{1b}]0;user@host: ~\u{7}{text}") },
    Wrapper { name: "byte order mark", wrap: |text| format!("\u{feff}{text}") },
    Wrapper { name: "zero width", wrap: |text| each_line(text, |_, line| format!("\u{200b}{line}\u{200b}")) },
    Wrapper { name: "cat -n", wrap: |text| each_line(text, |index, line| format!("{index:6}\t{line}")) },
    Wrapper {
        name: "numbers and colons",
        wrap: |text| each_line(text, |index, line| format!("{}: {line}", index + 8)),
    },
    Wrapper { name: "numbers and bars", wrap: |text| each_line(text, |index, line| format!("{index:>4} | {line}")) },
];

/// One document comes out: the very bytes if it says so, else the same JSON.
#[track_caller]
pub(super) fn survives(document: &str, pasted: &str, how: &str) {
    let read = read(pasted.as_bytes());
    assert_eq!(read.documents.len(), 1, "{how}: {pasted}\n{read:?}");
    let excerpt = &read.documents[0];
    if excerpt.exact {
        assert_eq!(text(excerpt), document, "{how}");
    } else {
        let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
        assert_eq!(value(text(excerpt)), value(document), "{how}");
    }
}

#[test]
fn paste_every_wrapper_comes_off() {
    for wrapper in &WRAPPERS {
        for document in [MANIFEST, CONFIG, INDEX] {
            survives(document, &(wrapper.wrap)(document), wrapper.name);
        }
    }
}

#[test]
fn paste_every_pair_of_wrappers_comes_off() {
    for outer in &WRAPPERS {
        for inner in &WRAPPERS {
            let how = format!("{} in {}", inner.name, outer.name);
            for document in [MANIFEST, CONFIG] {
                survives(document, &(outer.wrap)(&(inner.wrap)(document)), &how);
            }
        }
    }
}

#[test]
fn paste_only_cuts_that_can_change_a_document_make_it_inexact() {
    for (name, exact) in [
        ("prompt", true),
        ("fence", true),
        ("quote", true),
        ("colours", true),
        ("zero width", true),
        ("cat -n", false),
        ("numbers and bars", false),
    ] {
        let wrapper = WRAPPERS.iter().find(|wrapper| wrapper.name == name).unwrap();
        assert_eq!(read((wrapper.wrap)(MANIFEST).as_bytes()).documents[0].exact, exact, "{name}");
        assert!(read((wrapper.wrap)(CONFIG).as_bytes()).documents[0].exact, "{name}, one line");
    }
}

#[test]
fn paste_each_cut_is_told() {
    for (name, note) in [
        ("quote", "Quote marks before the lines were cut away."),
        ("colours", "Terminal colours were cut away."),
        ("zero width", "Invisible characters at the edges of lines were cut away."),
        (
            "indentation",
            "The indentation that all lines of the document had in common was cut away; it may be the document's own.",
        ),
        ("cat -n", "Line numbers were cut away, and with them maybe white space that belongs to the document."),
    ] {
        let wrapper = WRAPPERS.iter().find(|wrapper| wrapper.name == name).unwrap();
        notes(&read((wrapper.wrap)(MANIFEST).as_bytes()), note);
    }
}

#[test]
fn paste_other_forms_survive_wrappers_too() {
    let pull = "latest: Pulling from library/busybox\n9f86d081884c: Pull complete\nDigest: {D}\nStatus: Downloaded newer image for busybox:latest";
    let answer = "HTTP/2 200\ncontent-type: application/json\ndocker-content-digest: {D}\n\n{M}";
    for wrapper in &WRAPPERS {
        let pasted = read((wrapper.wrap)(&fill(pull)).as_bytes());
        assert_eq!(pasted.form, Form::PullOutput, "{}", wrapper.name);
        expects(&pasted, "{D}", "the line Digest: …");
        let pasted = read((wrapper.wrap)(&fill(answer)).as_bytes());
        assert_eq!((pasted.form, pasted.documents.len()), (Form::HttpResponse, 1), "{}", wrapper.name);
        expects(&pasted, "{D}", "the Docker-Content-Digest header");
    }
}

#[test]
fn paste_mends_what_web_pages_do_between_tokens() {
    let spaced = MANIFEST.replace("   ", "\u{a0}\u{a0} ");
    let pasted = read(spaced.as_bytes());
    survives(MANIFEST, &spaced, "no-break spaces");
    assert!(!pasted.documents[0].exact);
    notes(&pasted, "Invisible characters and odd spaces between the tokens were turned back into plain white space.");
    survives(MANIFEST, &MANIFEST.replace('"', "“"), "typographic quotes");
    let wrapped: String = CONFIG.as_bytes().chunks(20).map(|line| String::from_utf8_lossy(line) + "\n").collect();
    survives(CONFIG, &wrapped, "hard-wrapped");
}

#[test]
fn paste_line_ends_of_windows_are_doubtful() {
    let windows = MANIFEST.replace('\n', "\r\n");
    for sample in [windows.clone(), format!("$ crane manifest a\r\n{windows}\r\n")] {
        let pasted = read(sample.as_bytes());
        assert_eq!((text(&pasted.documents[0]), pasted.documents[0].exact), (windows.as_str(), false));
        notes(&pasted, "The lines end in CRLF, as on Windows, so the line breaks may not be the document's own.");
    }
}

#[test]
fn paste_uneven_indentation_is_doubtful() {
    let pasted = read(format!("see\n  {MANIFEST}").as_bytes());
    assert_eq!((text(&pasted.documents[0]), pasted.documents[0].exact), (MANIFEST, false));
    notes(&pasted, "The lines of the document are indented unevenly, so white space may be lost or added.");
}

#[test]
fn paste_utf16_is_read() {
    let utf16: Vec<u8> = "\u{feff}".chars().chain(CONFIG.chars()).flat_map(|c| (c as u16).to_le_bytes()).collect();
    let pasted = read(&utf16);
    assert_eq!(text(&pasted.documents[0]), CONFIG);
    notes(&pasted, "The text was UTF-16 and was turned into UTF-8.");
}

#[test]
fn paste_bytes_that_are_not_text() {
    let pasted = read(b"{\"layers\": \"\xff\"}");
    assert_eq!(pasted.documents[0].bytes, b"{\"layers\": \"\xff\"}");
    notes(&pasted, "The text is not UTF-8: its bytes are taken as they are.");
    assert_eq!(read(b"\x1f\x8b\x08\xff").form, Form::Unknown);
}
