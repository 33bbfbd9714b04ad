//! Every rule of the image spec's schemas and prose, and of Docker's, each with its JSON path.
//!
//! A violation that the usual programs accept (a Go program's `null` list) is a warning; everything
//! else is a failure. Unknown members and media types are allowed, as the spec demands.

mod annotations;
mod config;
mod descriptor;
mod manifests;
mod rules;
mod schema1;

use crate::checks::Check;
use crate::checks::findings::{At, shorten};
use crate::document::kind::is_generic;
use crate::json::{Json, Object};
use crate::media_type::{DocumentKind, MediaType};
use crate::say::{Word, say};
use rules::{Need, Rules};
pub(super) use rules::{is_go_time, is_rfc3339};

/// Holds a document of that kind and type against its rules.
pub(super) fn checks(root: &Json, kind: DocumentKind, media_type: Option<&MediaType>) -> Vec<Check> {
    let docker = media_type.is_some_and(|media_type| media_type.is_docker() || is_generic(media_type));
    let mut rules = Rules::new(docker, kind == DocumentKind::Descriptor);
    if let Some(members) = rules.expect_object(root, &At::ROOT) {
        walk(&mut rules, root, members, kind);
    }
    let Rules { schema, annotations, annotated, .. } = rules;
    let mut checks =
        schema.into_checks(|| say!("follows-rules", "follows every rule for {kind}", kind = describe(kind, docker)));
    if annotated {
        checks.extend(annotations.into_checks(|| say!("annotations-fit", "the annotations keep to their rules")));
    }
    checks
}

/// A kind in words.
pub(super) fn describe(kind: DocumentKind, docker: bool) -> Word {
    match (kind, docker) {
        (DocumentKind::Index, false) => Word("oci-index", "an OCI image index"),
        (DocumentKind::Index, true) => Word("docker-list", "a Docker manifest list"),
        (DocumentKind::Manifest, false) => Word("oci-manifest", "an OCI manifest"),
        (DocumentKind::Manifest, true) => Word("docker-manifest", "a Docker schema 2 manifest"),
        (DocumentKind::Config, false) => Word("oci-config", "an OCI image config"),
        (DocumentKind::Config, true) => Word("docker-config", "a Docker image config"),
        (DocumentKind::Schema1, _) => Word("schema1", "a Docker schema 1 manifest"),
        (DocumentKind::Artifact, _) => Word("oci-artifact", "a former OCI artifact manifest"),
        (DocumentKind::Descriptor, _) => Word("descriptor", "a descriptor"),
        (DocumentKind::Layout, _) => Word("oci-layout", "the oci-layout file"),
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
        let message = say!(
            "layout-version",
            "imageLayoutVersion is \"{version}\", and there is only 1.0.0",
            version = shorten(version)
        );
        rules.schema.fail(&At::ROOT.name("imageLayoutVersion"), message);
    }
}
