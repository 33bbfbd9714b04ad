//! Line: Document -> Check. Every rule of the image spec's schemas and prose, and of Docker's, each with its JSON path.
//!
//! What the usual programs accept although the schema does not (a Go program's `null` list, a converter's size of
//! -1) is a warning; everything else is a failure. Unknown members and media types are allowed, as the spec demands.

mod annotations;
mod config;
mod descriptor;
mod manifests;
mod rules;
mod schema1;

use crate::checks::Check;
use crate::checks::findings::At;
use crate::document::kind::is_generic;
use crate::json::{Json, Object};
use crate::media_type::{DocumentKind, MediaType};
pub(super) use rules::is_rfc3339;
use rules::{Need, Rules};

/// Holds a document of that kind and type against its rules.
pub(super) fn checks(root: &Json, kind: DocumentKind, media_type: Option<&MediaType>) -> Vec<Check> {
    let docker = media_type.is_some_and(|media_type| media_type.is_docker() || is_generic(media_type));
    let mut rules = Rules::new(docker, kind == DocumentKind::Descriptor);
    if let Some(members) = rules.expect_object(root, &At::ROOT) {
        walk(&mut rules, root, members, kind);
    }
    let Rules { schema, annotations, annotated, .. } = rules;
    let mut checks = schema.into_checks(|| format!("follows every rule for {}", describe(kind, docker)));
    if annotated {
        checks.extend(annotations.into_checks(|| "the annotations keep to their rules".to_owned()));
    }
    checks
}

/// A kind in words.
pub(super) fn describe(kind: DocumentKind, docker: bool) -> &'static str {
    match (kind, docker) {
        (DocumentKind::Index, false) => "an OCI image index",
        (DocumentKind::Index, true) => "a Docker manifest list",
        (DocumentKind::Manifest, false) => "an OCI manifest",
        (DocumentKind::Manifest, true) => "a Docker schema 2 manifest",
        (DocumentKind::Config, false) => "an OCI image config",
        (DocumentKind::Config, true) => "a Docker image config",
        (DocumentKind::Schema1, _) => "a Docker schema 1 manifest",
        (DocumentKind::Artifact, _) => "a former OCI artifact manifest",
        (DocumentKind::Descriptor, _) => "a descriptor",
        (DocumentKind::Layout, _) => "the oci-layout file",
    }
}

fn walk(rules: &mut Rules, root: &Json, members: &Object, kind: DocumentKind) {
    match kind {
        DocumentKind::Index => manifests::index(rules, members),
        DocumentKind::Manifest => manifests::manifest(rules, members),
        DocumentKind::Artifact => manifests::artifact(rules, members),
        DocumentKind::Config => config::config(rules, members),
        DocumentKind::Schema1 => schema1::schema1(rules, members),
        DocumentKind::Layout => layout(rules, members),
        DocumentKind::Descriptor => {
            descriptor::descriptor(rules, root, &At::ROOT);
        }
    }
}

/// `oci-layout` (image-spec, image-layout).
fn layout(rules: &mut Rules, root: &Object) {
    let Some(version) = rules.string(root, &At::ROOT, "imageLayoutVersion", Need::Must) else { return };
    if version != "1.0.0" {
        let message =
            format!("imageLayoutVersion is \"{}\", and there is only 1.0.0", super::findings::shorten(version));
        rules.schema.fail(&At::ROOT.name("imageLayoutVersion"), message);
    }
}
