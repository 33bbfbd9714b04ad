//! Node -> plan: which of an artifact's blobs is read, and as what, by media types and titles alone.

use serde::{Deserialize, Serialize};

use crate::media_type::{BlobKind, MediaType};

/// The kind of an artifact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ArtifactKind {
    /// A Helm chart.
    Helm,
    /// Files by their titles, as ORAS pushes them.
    Oras,
    /// A WebAssembly module or component.
    Wasm,
    /// A model as GGUF.
    Gguf,
    /// A model as safetensors.
    Safetensors,
}

/// A blob of an artifact, as its node has it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Part {
    /// The id of its node.
    pub id: String,
    /// As its descriptor says.
    pub media_type: Option<String>,
    /// As its descriptor says.
    pub digest: Option<String>,
    /// In bytes, as its descriptor says.
    pub size: Option<f64>,
    /// As its descriptor says.
    pub annotations: Option<Vec<(String, String)>>,
}

/// The parts of an artifact that are to be read.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ArtifactPlan {
    /// Its kind.
    pub kind: ArtifactKind,
    /// The blob that says what is in it, by the id of its node; none if the titles say all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read: Option<String>,
    /// True if that blob is a tar, whose files can be explored.
    pub tar: bool,
    /// The blob with the provenance of a chart, by the id of its node.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provenance: Option<String>,
    /// Every blob.
    pub parts: Vec<ArtifactPart>,
}

/// A blob of an artifact, as it is listed.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ArtifactPart {
    /// The id of its node.
    pub id: String,
    /// The name of the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// As its descriptor says.
    pub media_type: String,
    /// As its descriptor says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// In bytes, as its descriptor says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<f64>,
    /// True if ORAS unpacks it to a directory of that name.
    pub unpack: bool,
    /// True if the title leads out of the folder into which it is pulled: ORAS refuses it.
    pub outside: bool,
}

const TITLE: &str = "org.opencontainers.image.title";
const MODEL_PATH: &str = "org.cncf.model.filepath";
const UNPACK: &str = "io.deis.oras.content.unpack";
const CHART: &str = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";
const PROVENANCE: &str = "application/vnd.cncf.helm.chart.provenance.v1.prov";

/// Plans the reading of these blobs: all of a manifest, or one alone.
#[must_use]
pub fn plan(parts: &[Part]) -> ArtifactPlan {
    let listed: Vec<ArtifactPart> = parts.iter().map(ArtifactPart::of).collect();
    let first = |kind, fits: &dyn Fn(&ArtifactPart) -> bool| {
        listed.iter().find(|part| fits(part)).map(|part| (kind, Some(part.id.clone())))
    };
    let found = first(ArtifactKind::Helm, &|part| part.media_type == CHART)
        .or_else(|| first(ArtifactKind::Wasm, &ArtifactPart::is_wasm))
        .or_else(|| first(ArtifactKind::Gguf, &|part| part.is_model("gguf") || part.is_ollamas()))
        .or_else(|| first(ArtifactKind::Safetensors, &|part| part.is_model("safetensors")));
    let is_alone = listed.len() == 1;
    let unpacked = listed.iter().find(|part| is_alone && part.unpack).map(|part| part.id.clone());
    let (kind, read) = found.unwrap_or((ArtifactKind::Oras, unpacked));
    let tar = read.is_some() && matches!(kind, ArtifactKind::Helm | ArtifactKind::Oras);
    let provenance = listed.iter().find(|part| kind == ArtifactKind::Helm && part.media_type == PROVENANCE);
    let provenance = provenance.map(|part| part.id.clone());
    ArtifactPlan { kind, read, tar, provenance, parts: listed }
}

impl ArtifactPart {
    fn of(part: &Part) -> Self {
        let annotations = part.annotations.as_deref().unwrap_or_default();
        let said = |name: &str| annotations.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        let title = said(TITLE).or_else(|| said(MODEL_PATH)).filter(|title| !title.is_empty());
        Self {
            id: part.id.clone(),
            title: title.map(super::cut),
            media_type: part.media_type.clone().unwrap_or_default(),
            digest: part.digest.clone(),
            size: part.size,
            unpack: said(UNPACK) == Some("true"),
            outside: title.is_some_and(leads_out),
        }
    }

    fn is_wasm(&self) -> bool {
        let kind = BlobKind::of(&MediaType::new(&self.media_type), None);
        kind == BlobKind::Wasm && !self.media_type.contains("config")
            || self.title.as_ref().is_some_and(|title| ends(title, ".wasm"))
    }

    /// By its type, or by its name if its type promises nothing else.
    fn is_model(&self, format: &str) -> bool {
        let named = self.title.as_ref().is_some_and(|title| ends(title, &format!(".{format}")));
        named && !self.unpack
            || self.media_type.contains(&format!(".ai.{format}"))
            || self.media_type.contains(&format!("x-{format}"))
    }

    fn is_ollamas(&self) -> bool {
        self.media_type == "application/vnd.ollama.image.model"
    }
}

fn ends(title: &str, with: &str) -> bool {
    title.to_ascii_lowercase().ends_with(with)
}

fn leads_out(title: &str) -> bool {
    let is_drive = title.as_bytes().get(1) == Some(&b':');
    title.starts_with(['/', '\\']) || is_drive || title.split(['/', '\\']).any(|word| word == "..")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(media_type: &str, annotations: &[(&str, &str)]) -> Part {
        let annotations = annotations.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        Part {
            id: media_type.to_owned(),
            media_type: Some(media_type.to_owned()),
            annotations: Some(annotations),
            ..Part::default()
        }
    }

    #[track_caller]
    fn is(parts: &[Part], kind: ArtifactKind, read: Option<usize>) -> ArtifactPlan {
        let found = plan(parts);
        assert_eq!(found.kind, kind);
        assert_eq!(found.read, read.map(|at| parts[at].id.clone()));
        found
    }

    #[test]
    fn types_and_titles_say_what_is_read() {
        let prov = part(PROVENANCE, &[]);
        let chart = is(&[prov.clone(), part(CHART, &[])], ArtifactKind::Helm, Some(1));
        assert_eq!((chart.tar, chart.provenance.as_deref()), (true, Some(PROVENANCE)));
        assert_eq!(is(&[part(CHART, &[])], ArtifactKind::Helm, Some(0)).provenance, None);
        is(&[part("application/wasm", &[])], ArtifactKind::Wasm, Some(0));
        is(&[part("application/vnd.wasm.content.layer.v1+wasm", &[])], ArtifactKind::Wasm, Some(0));
        is(&[part("application/octet-stream", &[(TITLE, "a.WASM")])], ArtifactKind::Wasm, Some(0));
        let licence = part("application/vnd.docker.ai.license", &[]);
        is(&[licence, part("application/vnd.docker.ai.gguf.v3", &[])], ArtifactKind::Gguf, Some(1));
        is(&[part("application/vnd.ollama.image.model", &[])], ArtifactKind::Gguf, Some(0));
        let raw = "application/vnd.cncf.model.weight.v1.raw";
        is(&[part(raw, &[(MODEL_PATH, "model-1.safetensors")])], ArtifactKind::Safetensors, Some(0));
        assert_eq!(is(&[prov], ArtifactKind::Oras, None).provenance, None);
    }

    #[test]
    fn files_have_titles_and_a_directory_is_a_tar() {
        let directory = part("application/vnd.oci.image.layer.v1.tar+gzip", &[(TITLE, "docs"), (UNPACK, "true")]);
        assert!(is(std::slice::from_ref(&directory), ArtifactKind::Oras, Some(0)).tar);
        let file = part("text/plain", &[(TITLE, "a/b.txt")]);
        let both = is(&[directory, file], ArtifactKind::Oras, None);
        assert_eq!(both.parts.iter().map(|part| part.unpack).collect::<Vec<_>>(), [true, false]);
        assert_eq!(both.parts[1].title.as_deref(), Some("a/b.txt"));
    }

    #[test]
    fn titles_that_lead_out_are_marked() {
        for (title, outside) in
            [("a/../b", true), ("/a", true), ("..", true), ("C:\\x", true), ("a\\..\\b", true), ("a..b/c", false)]
        {
            assert_eq!(plan(&[part("a/b", &[(TITLE, title)])]).parts[0].outside, outside, "{title}");
        }
    }
}
