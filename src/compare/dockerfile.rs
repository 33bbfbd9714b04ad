//! The history of an image as the lines of a Dockerfile: each as it was recorded, or inferred from what is left of it.

use serde::Serialize;

use super::side::{Given, Line, Side};
use crate::error::Error;
use crate::limits;

/// One line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// The instruction.
    pub text: String,
    /// The source of the line.
    pub known: Known,
    /// The id of the layer's node that it made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layer: Option<String>,
    /// True for COPY and ADD: the layer's files are what it brought.
    pub brings: bool,
    /// True if it holds what looks like a secret.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub secret: bool,
}

/// The source of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Known {
    /// The history has the instruction itself.
    Recorded,
    /// The history has what it came to; a part of the instruction is lost.
    Inferred,
}

/// The instructions of a Dockerfile.
const INSTRUCTIONS: [&str; 17] = [
    "ADD",
    "ARG",
    "CMD",
    "COPY",
    "ENTRYPOINT",
    "ENV",
    "EXPOSE",
    "HEALTHCHECK",
    "LABEL",
    "MAINTAINER",
    "ONBUILD",
    "RUN",
    "SHELL",
    "STOPSIGNAL",
    "USER",
    "VOLUME",
    "WORKDIR",
];

const SHELL: &str = "/bin/sh -c ";

/// The lines of an image, the first one first.
///
/// # Errors
/// As [`Side::of`].
pub fn dockerfile(given: &Given) -> Result<Vec<Step>, Error> {
    let side = Side::of(given)?;
    let history = side.config.and_then(|config| config.history.as_deref()).unwrap_or_default();
    Ok(history.iter().take(limits::DOCUMENT_NODES).map(step).collect())
}

fn step(line: &Line) -> Step {
    let written = line.created_by.as_deref().unwrap_or_default().trim();
    let is_buildkit = line.comment.as_deref().is_some_and(|comment| comment.starts_with("buildkit"));
    let (text, known) = if written.is_empty() {
        ("# no command is recorded".to_owned(), Known::Inferred)
    } else if let Some(own) =
        written.split_once("#(nop)").map(|(_, rest)| rest.trim()).filter(|own| instruction(own).is_some())
    {
        of_the_classic_builder(own)
    } else if let Some("RUN") = instruction(written) {
        let command = written.trim_start_matches("RUN").trim();
        let known = if is_buildkit { Known::Recorded } else { Known::Inferred };
        (format!("RUN {}", shell(command.strip_suffix(" # buildkit").unwrap_or(command))), known)
    } else if instruction(written).is_some() {
        let known = if is_buildkit { Known::Recorded } else { Known::Inferred };
        (written.strip_suffix(" # buildkit").unwrap_or(written).to_owned(), known)
    } else if shell(written) != written {
        (format!("RUN {}", shell(written)), Known::Inferred)
    } else {
        (format!("# {written}"), Known::Inferred)
    };
    Step {
        brings: matches!(instruction(&text), Some("COPY" | "ADD")) && line.layer.is_some(),
        text,
        known,
        layer: line.layer.clone(),
        secret: line.secret == Some(true),
    }
}

/// The instruction that a text begins with.
fn instruction(text: &str) -> Option<&'static str> {
    let word = text.split_whitespace().next()?;
    INSTRUCTIONS.into_iter().find(|name| *name == word)
}

/// `COPY dir:4e1f… in /app`: what was copied is lost, only its sum is left.
fn of_the_classic_builder(own: &str) -> (String, Known) {
    let is_copy = matches!(instruction(own), Some("COPY" | "ADD"));
    let Some((name, rest)) = own.split_once(char::is_whitespace).filter(|_| is_copy) else {
        return (own.to_owned(), Known::Recorded);
    };
    let rest = rest.trim();
    let target = rest.split_once(" in ").map(|(_, target)| target.trim());
    (target.map_or_else(|| own.to_owned(), |target| format!("{name} … {target}")), Known::Inferred)
}

/// The command without the shell that ran it, and without the build arguments before it: `|2 A=1 B=2 /bin/sh -c make`.
fn shell(command: &str) -> &str {
    let has_arguments = command.starts_with('|');
    let rest =
        if has_arguments { command.split_once(SHELL).map(|(_, rest)| rest) } else { command.strip_prefix(SHELL) };
    rest.map_or(command, str::trim)
}
