//! Image -> Report. A node with its children; flattening gives every node its id from its place.

use crate::report::Node;

/// A node and what hangs below it.
#[derive(Debug)]
pub(crate) struct Branch {
    pub(crate) node: Node,
    pub(crate) children: Vec<Branch>,
}

impl From<Node> for Branch {
    fn from(node: Node) -> Self {
        Self { node, children: Vec::new() }
    }
}

/// Parents before children, ids from the path in the parent: `0`, `0/manifests[1]`, `0/manifests[1]/config`.
pub(crate) fn flatten(roots: Vec<Branch>) -> Vec<Node> {
    let mut nodes = Vec::new();
    for (position, root) in roots.into_iter().enumerate() {
        push(root, position.to_string(), None, &mut nodes);
    }
    nodes
}

/// The nodes of a branch that hangs below the node `parent`, which has its id already.
pub(crate) fn below(parent: &str, branch: Branch) -> Vec<Node> {
    let mut nodes = Vec::new();
    let id = child_id(parent, branch.node.path.as_deref());
    push(branch, id, Some(parent), &mut nodes);
    nodes
}

fn push(branch: Branch, id: String, parent: Option<&str>, nodes: &mut Vec<Node>) {
    let Branch { mut node, children } = branch;
    link_history(&mut node, parent);
    node.id.clone_from(&id);
    node.parent = parent.map(str::to_owned);
    nodes.push(node);
    for child in children {
        let child_id = child_id(&id, child.node.path.as_deref());
        push(child, child_id, Some(&id), nodes);
    }
}

fn child_id(parent: &str, path: Option<&str>) -> String {
    format!("{parent}/{}", path.and_then(|path| path.strip_prefix("$.")).unwrap_or("content"))
}

/// A config's history names layers by their path in the manifest; now that its id is known, by their ids.
fn link_history(node: &mut Node, parent: Option<&str>) {
    let (Some(history), Some(parent)) = (&mut node.facts.history, parent) else { return };
    for line in history {
        line.layer = line.layer.take().map(|path| child_id(parent, Some(&path)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::HistoryLine;
    use crate::report::NodeKind;

    fn branch(path: Option<&str>, children: Vec<Branch>) -> Branch {
        let mut node = Node::new("", NodeKind::Unknown);
        node.path = path.map(str::to_owned);
        Branch { node, children }
    }

    #[test]
    fn ids_are_places_and_parents_come_first() {
        let mut config = branch(Some("$.config"), Vec::new());
        config.node.facts.history =
            Some(vec![HistoryLine { layer: Some("$.layers[0]".to_owned()), ..HistoryLine::default() }]);
        let manifest = branch(Some("$.manifests[1]"), vec![config, branch(Some("$.layers[0]"), Vec::new())]);
        let nodes = flatten(vec![branch(None, vec![manifest]), branch(None, Vec::new())]);

        let ids: Vec<&str> = nodes.iter().map(|node| node.id.as_str()).collect();
        assert_eq!(ids, ["0", "0/manifests[1]", "0/manifests[1]/config", "0/manifests[1]/layers[0]", "1"]);
        assert_eq!(nodes[2].parent.as_deref(), Some("0/manifests[1]"));
        assert_eq!(nodes[2].facts.history.as_ref().unwrap()[0].layer.as_deref(), Some("0/manifests[1]/layers[0]"));
    }
}
