//! Writes a node: its own members and the facts of its kind as one object.
//!
//! `#[serde(flatten)]` would write a map, whose keys are new strings of JavaScript for each of ten thousand nodes; those of a
//! structure are made once.

use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::Node;

/// Writes the members that are there.
macro_rules! optional {
    ($to:ident, $($name:literal: $value:expr),* $(,)?) => { $(
        if let Some(value) = $value {
            $to.serialize_field($name, value)?;
        }
    )* };
}

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let facts = &self.facts;
        // Its number of members is for formats that write it; JSON and JavaScript have none.
        let mut object = serializer.serialize_struct("Node", 8)?;
        object.serialize_field("id", &self.id)?;
        object.serialize_field("kind", &self.kind)?;
        object.serialize_field("mediaType", &self.media_type)?;
        object.serialize_field("size", &self.size)?;
        object.serialize_field("digest", &self.digest)?;
        object.serialize_field("parent", &self.parent)?;
        optional!(object, "path": &self.path);
        object.serialize_field("read", &self.read)?;
        optional!(object, "platform": &self.platform, "title": &self.title);
        object.serialize_field("checks", &self.checks)?;
        optional!(
            object,
            "annotations": some(&self.annotations),
            "imageId": &facts.image_id,
            "artifactType": &facts.artifact_type,
            "subject": &facts.subject,
            "attests": &facts.attests,
            "about": &facts.about,
            "chosen": facts.chosen.then_some(&true),
            "diffIds": &facts.diff_ids,
            "history": &facts.history,
            "image": &facts.image,
            "compression": &facts.compression,
            "blobKind": &facts.blob_kind,
            "tar": &facts.tar,
            "diffId": &facts.diff_id,
            "chainId": &facts.chain_id,
            "historyIndex": &facts.history_index,
            "urls": some(&facts.urls),
            "name": &facts.name,
        );
        object.end()
    }
}

/// A list, unless it is empty.
fn some<T>(list: &Vec<T>) -> Option<&Vec<T>> {
    Some(list).filter(|list| !list.is_empty())
}

#[cfg(test)]
mod tests {
    use crate::report::{Node, NodeKind};

    #[test]
    fn members_without_a_value_are_absent_or_null_as_the_contract_says() {
        let bare = Node::new("0", NodeKind::Layer);
        let always = ["id", "kind", "mediaType", "size", "digest", "parent", "read", "checks"];
        let json = serde_json::to_value(&bare).unwrap();
        assert_eq!(json.as_object().unwrap().len(), always.len(), "{json}");
        assert!(always.iter().all(|name| json.get(name).is_some()), "{json}");

        let mut full = Node::new("0", NodeKind::Layer);
        full.facts.chosen = true;
        full.facts.urls = vec!["u".to_owned()];
        full.facts.history_index = Some(0);
        full.annotations = vec![("a".to_owned(), "b".to_owned())];
        let json = serde_json::to_string(&full).unwrap();
        let more = r#""checks":[],"annotations":[["a","b"]],"chosen":true,"historyIndex":0,"urls":["u"]}"#;
        assert!(json.ends_with(more), "{json}");
    }
}
