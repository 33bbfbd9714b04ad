//! A text that is one image's name: as written, in an address, in a command or on a line of a file.

use crate::paste::command::Command;
use crate::paste::cut::is_sentence;
use crate::paste::forms::Named;
use crate::paste::meaning::{Mention, What};
use crate::paste::note::Say;
use crate::paste::{Form, Pasted, digests, names, prompt};
use crate::reference::Reference;

const ADDRESS: Say = Say("address", "This is an address that names an image.");
const FROM_LINE: Say = Say("from-line", "This is a line of a Dockerfile.");
const IMAGE_LINE: Say = Say("image-line", "This is a line of a file that names an image.");

/// The longest text that is looked at as one name; names end at 255 characters, addresses are longer.
const LONGEST: usize = 2048;

/// Reads a text as one name; `None` for anything else.
pub(super) fn read(text: &str) -> Option<Pasted> {
    let text = text.trim().trim_matches(['"', '\'', '`', '\u{feff}']).trim();
    if text.is_empty() || text.len() > LONGEST || text.contains(['\n', '{', '[']) {
        return None;
    }
    let line = prompt::strip(text).filter(|rest| !rest.is_empty()).unwrap_or(text);
    let (form, kind, name) = one(line, line.len() < text.len())?;
    let reference = Reference::parse(&name).ok()?;
    let mut pasted = Pasted::empty(form);
    if let Some(kind) = kind {
        (pasted.kind, pasted.title) = (kind.0, kind.1);
    }
    if let Some(digest) = reference.digest() {
        let (digest_text, reference) = (digest.to_string(), name.split('@').next().map(str::to_owned));
        let (what, label, path) = (What::Pin, String::new(), None);
        pasted.digests.push(Mention { digest_text, what, label, reference, path, line: None });
    }
    pasted.references.push(Named { text: name.clone(), path: None, line: None });
    pasted.inspect = Some(name);
    Some(pasted)
}

/// `prompted`: a prompt stood before the line, so a word alone is a command.
fn one(line: &str, prompted: bool) -> Option<(Form, Option<Say>, String)> {
    if let Some(name) = names::of_address(line) {
        return Some((Form::Reference, Some(ADDRESS), name));
    }
    if let Some(command) = Command::parse(line) {
        if !prompted && is_sentence(line, &command) {
            return None;
        }
        return Some((Form::Command, None, command.image()?));
    }
    let words: Vec<&str> = line.split_whitespace().collect();
    match words[..] {
        [only] if prompted || only.len() >= digests::PREFIX && digests::is_hex(only) => None,
        [only] if digests::prefix(only).is_some() || digests::whole(only).is_some() => None,
        [only] => names::named(only).map(|name| (Form::Reference, None, name.to_owned())),
        ["FROM" | "from", ref rest @ ..] => from(rest).map(|name| (Form::ImageFile, Some(FROM_LINE), name)),
        [.., "image:" | "\"image\":" | "uses:", word] if words.len() <= 3 => {
            names::named(word).map(|name| (Form::ImageFile, Some(IMAGE_LINE), name.to_owned()))
        }
        _ => None,
    }
}

/// `FROM [--platform=…] NAME [AS stage]`
fn from(words: &[&str]) -> Option<String> {
    let words: Vec<&str> = words.iter().copied().filter(|word| !word.starts_with("--")).collect();
    let name = match words[..] {
        [name] => name,
        [name, "AS" | "as", _] => name,
        _ => return None,
    };
    names::named(name).filter(|name| *name != "scratch" && !name.contains('$')).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paste_one_name_is_inspected_at_once() {
        let pin = format!("r.example/a@sha256:{}", "a".repeat(64));
        for (text, form, name) in [
            ("nginx", Form::Reference, "nginx"),
            (" ghcr.io/o/app:1.2\n", Form::Reference, "ghcr.io/o/app:1.2"),
            ("docker://busybox:1", Form::Reference, "busybox:1"),
            ("$ docker pull busybox", Form::Command, "busybox"),
            ("crane manifest a/b:v | jq .", Form::Command, "a/b:v"),
            ("docker run --rm -it -p 80:80 nginx:1.25 sh", Form::Command, "nginx:1.25"),
            ("kubectl run web --image=nginx:1.25", Form::Command, "nginx:1.25"),
            ("helm pull oci://r.example/charts/web:1.0", Form::Command, "r.example/charts/web:1.0"),
            ("cosign verify --certificate-identity x@y --key k.pub ghcr.io/o/app:1", Form::Command, "ghcr.io/o/app:1"),
            ("kubectl set image deployment/web web=ghcr.io/o/app:1.2", Form::Command, "ghcr.io/o/app:1.2"),
            ("hub.docker.com/r/grafana/loki", Form::Reference, "grafana/loki"),
            ("https://gallery.ecr.aws/docker/library/nginx", Form::Reference, "public.ecr.aws/docker/library/nginx"),
            ("FROM --platform=linux/amd64 golang:1.22 AS build", Form::ImageFile, "golang:1.22"),
            ("- image: nginx:1.25", Form::ImageFile, "nginx:1.25"),
            ("https://hub.docker.com/_/nginx", Form::Reference, "nginx"),
            (&pin, Form::Reference, &pin),
        ] {
            let pasted = read(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((pasted.form, pasted.inspect.as_deref()), (form, Some(name)), "{text}");
        }
    }

    #[test]
    fn paste_other_texts_are_not_one_name() {
        for text in [
            "",
            "9f86d0",
            "hello world",
            "docker images",
            "kubectl get pods",
            "FROM the registry",
            "FROM scratch",
            "https://example.com/a",
        ] {
            assert!(read(text).is_none(), "{text}");
        }
    }
}
