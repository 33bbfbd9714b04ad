//! Every identity of an image, what each tool prints of them, and the formulas opened.

use super::*;

fn known(identities: &[Identity]) -> Vec<(What, Known)> {
    identities.iter().map(|one| (one.what, one.known)).collect()
}

fn all(given: &Given) -> Vec<Identity> {
    let Identities { mut own, layers, .. } = image(given).identities;
    own.extend(layers);
    own
}

fn printed_by(given: &Given, tool: Printer) -> Printed {
    image(given).printed.into_iter().find(|line| line.tool == tool).unwrap()
}

/// The report with checks of a DiffID at each layer of one platform.
fn unpacked(outcomes: [&str; 3]) -> Given {
    let mut given = two_platforms();
    for (layer, outcome) in given.nodes[LAYER..].iter_mut().zip(outcomes) {
        layer.checks = vec![check("diff-id", outcome, layer.diff_id.as_deref(), None)];
    }
    given
}

#[test]
fn identities_are_proved_over_read_bytes_only_and_chain_ids_of_claims_stay_claims() {
    let Identities { own, layers, of_layers, layer_count } = image(&two_platforms()).identities;
    use Known::{Claimed, Derived, Proved};
    use What::{ChainId, DiffId, ImageId, Index, Layer, Manifest};
    assert_eq!(known(&own), [(Index, Proved), (Manifest, Proved), (Manifest, Proved), (ImageId, Proved)]);
    assert_eq!(known(&layers[..3]), [(Layer, Claimed), (DiffId, Claimed), (ChainId, Derived)]);
    assert_eq!((layers.len(), of_layers, layer_count), (9, 9, 3));
    assert_eq!(own[1].value, digest_of("manifest linux/amd64"));
    assert_eq!(own[2].value, digest_of("manifest linux/arm64/v8"), "the other platform's comes behind");
    let places = |of: &[Identity]| of.iter().map(|one| (one.node, one.layer)).collect::<Vec<_>>();
    assert_eq!(places(&own), [(Some(0), None), (Some(AMD64), None), (Some(6), None), (Some(CONFIG), None)]);
    assert_eq!(places(&layers[2..4]), [(Some(LAYER), Some(1)), (Some(LAYER + 1), Some(2))]);
}

#[test]
fn what_could_not_be_held_against_the_digest_that_was_given_is_only_claimed() {
    let mut given = two_platforms();
    given.nodes[AMD64].mark = "not-checked".to_owned();
    assert_eq!(all(&given)[1].known, Known::Claimed);
    given.nodes[AMD64].mark = "warn".to_owned();
    assert_eq!(all(&given)[1].known, Known::Proved);
    given.nodes[AMD64].read = false;
    assert_eq!(all(&given)[1].known, Known::Claimed);
}

#[test]
fn a_config_that_does_not_hash_to_the_image_id_disproves_it() {
    let given = flipped_config();
    let image_id = all(&given).into_iter().find(|one| one.what == What::ImageId).unwrap();
    assert_eq!((image_id.value, image_id.known), (digest_of("config linux/amd64"), Known::Failed));
    assert_eq!(printed_by(&given, Printer::Classic).known, Known::Failed);
}

#[test]
fn an_artifact_has_a_manifest_digest_and_no_image_id() {
    let config = proved("config", Some(0), "{}");
    let given = of(vec![proved("artifact", None, "manifest"), config, node("blob", Some(0), &digest_of("sbom"))]);
    assert_eq!(known(&all(&given)), [(What::Manifest, Known::Proved)]);
    assert_eq!(image(&given).printed, []);
    assert_eq!(image(&Given { node: None, ..given }), Explanation::default());
}

#[test]
fn a_schema_1_manifest_has_the_digest_of_its_payload_and_layers_as_far_as_they_are_known() {
    let given = schema1();
    let found = image(&given).identities;
    assert_eq!(known(&found.own), [(What::Payload, Known::Proved)]);
    assert_eq!((found.own[0].formula, found.own[0].prints), (Formula::Payload, What::Manifest));
    assert_eq!(known(&found.layers), [(What::Layer, Known::Claimed)]);
    assert_eq!(image(&given).printed, []);
}

#[test]
fn a_config_alone_has_an_image_id_and_diff_ids_and_its_manifest_is_not_known_here() {
    let diff_ids = Some(vec![digest_of("d0"), digest_of("d1")]);
    let config = Node { diff_ids, ..proved("config", None, "c") };
    let given = Given { nodes: vec![config], ..Given::default() };
    use What::{DiffId, ImageId, Manifest};
    let expected =
        [(Manifest, Known::Unknown), (ImageId, Known::Proved), (DiffId, Known::Claimed), (DiffId, Known::Claimed)];
    assert_eq!(known(&all(&given)), expected);
    assert_eq!(image(&given).identities.layer_count, 2);
    let rootfs = printed_by(&given, Printer::Rootfs);
    assert_eq!((rootfs.count, rootfs.known), (2, Known::Claimed));
    assert_eq!(printed_by(&given, Printer::Podman).values, [digest_of("c")]);
    assert_eq!(printed_by(&given, Printer::Pull).known, Known::Unknown);
}

#[test]
fn what_is_not_known_here_is_said_and_never_left_out() {
    let given =
        of(vec![proved("manifest", None, "m"), Node { read: false, ..node("layer", Some(0), &digest_of("l")) }]);
    use Known::{Claimed, Proved, Unknown};
    use What::{ChainId, DiffId, ImageId, Layer, Manifest};
    let expected = [(Manifest, Proved), (ImageId, Unknown), (Layer, Claimed), (DiffId, Unknown), (ChainId, Unknown)];
    assert_eq!(known(&all(&given)), expected);
    let named = of(vec![Node { image_id: Some(digest_of("c")), ..proved("manifest", None, "m") }]);
    assert_eq!(known(&all(&named))[1], (ImageId, Claimed), "a config that the report does not have");
}

#[test]
fn rootfs_and_chain_ids_are_as_well_known_as_the_diff_ids_that_they_are_made_of() {
    use Known::{Claimed, Derived, Failed, Proved};
    for (outcomes, rootfs, chains) in [
        (["pass", "pass", "pass"], Proved, [Proved, Proved, Proved]),
        (["pass", "not-checked", "pass"], Claimed, [Proved, Derived, Derived]),
        (["pass", "fail", "pass"], Failed, [Proved, Derived, Derived]),
    ] {
        let given = unpacked(outcomes);
        let all = all(&given);
        let found: Vec<Known> = all.iter().filter(|one| one.what == What::ChainId).map(|one| one.known).collect();
        assert_eq!(found, chains, "{outcomes:?}");
        assert_eq!(printed_by(&given, Printer::Rootfs).known, rootfs, "{outcomes:?}");
    }
}

#[test]
fn each_tool_prints_the_digest_that_it_prints() {
    let given = two_platforms();
    let [index, manifest, config] = ["index", "manifest linux/amd64", "config linux/amd64"].map(digest_of);
    let pinned = format!("ghcr.io/demo/app@{index}");
    use Printer::{
        Classic, Containerd, Crane, CranePlatform, Crictl, Kubelet, Podman, Pull, RepoDigests, Rootfs, Skopeo,
    };
    for (tools, what, value) in [
        (&[Pull, Containerd, Crane, Skopeo][..], What::Index, &index),
        (&[Classic, Podman, Crictl], What::ImageId, &config),
        (&[RepoDigests, Kubelet], What::Index, &pinned),
        (&[CranePlatform], What::Manifest, &manifest),
    ] {
        for tool in tools {
            let line = printed_by(&given, *tool);
            assert_eq!(
                (line.what, &line.values[..], line.known),
                (what, &[value.clone()][..], Known::Proved),
                "{tool:?}"
            );
        }
    }
    let rootfs = printed_by(&given, Rootfs);
    assert_eq!((rootfs.values.len(), rootfs.count, rootfs.known), (3, 3, Known::Claimed));
}

#[test]
fn the_outermost_index_is_what_a_pull_prints() {
    let mut nodes = vec![proved("index", None, "outer"), proved("index", Some(0), "inner")];
    let at = add_image(&mut nodes, Some(1), "linux/amd64");
    let given = Given { node: Some(at), ..of(nodes) };
    assert_eq!(printed_by(&given, Printer::Pull).values, [digest_of("outer")]);
    let values: Vec<String> = all(&given).into_iter().take(3).map(|one| one.value).collect();
    assert_eq!(values, ["outer", "inner", "manifest linux/amd64"].map(digest_of));
}

#[test]
fn a_pasted_manifest_has_no_repository_so_repo_digests_are_not_known() {
    let given = Given { reference: None, ..two_platforms() };
    for tool in [Printer::RepoDigests, Printer::Kubelet] {
        let line = printed_by(&given, tool);
        assert_eq!((line.values.len(), line.known), (0, Known::Unknown));
    }
    let alone = of(vec![proved("manifest", None, "m")]);
    assert_eq!(printed_by(&alone, Printer::Pull).what, What::Manifest);
}

#[test]
fn no_report_is_too_large_and_none_leads_in_a_circle() {
    let mut nodes = vec![proved("index", None, "index")];
    let at = add_image(&mut nodes, Some(0), "linux/amd64");
    nodes.extend((0..200).map(|number| proved("manifest", Some(0), &format!("other {number}"))));
    nodes.extend((3..1000).map(|position| layer(at, position, "linux/amd64")));
    let found = image(&Given { node: Some(at), ..of(nodes) }).identities;
    assert_eq!(found.own.len(), 1 + 1 + limits::SHOWN_PLATFORMS + 1);
    assert_eq!((found.layers.len(), found.of_layers, found.layer_count), (limits::SHOWN_IDENTITIES, 3000, 1000));
    let many = vec![digest_of("d"); 5000];
    let config = Node { diff_ids: Some(many), ..proved("config", None, "c") };
    let rootfs = printed_by(&Given { nodes: vec![config], ..Given::default() }, Printer::Rootfs);
    assert_eq!((rootfs.values.len(), rootfs.count), (limits::SHOWN_IDENTITIES, 5000));
    let circle = of(vec![proved("index", Some(1), "a"), proved("index", Some(0), "b")]);
    assert!(all(&circle).len() < 9);
    let nowhere = of(vec![proved("manifest", Some(77), "a")]);
    assert_eq!(all(&nowhere).len(), 2);
}

/// The formula of one identity, opened.
fn opened(given: &Given, what: What, at: usize) -> Input {
    let one = all(given).into_iter().filter(|one| one.what == what).nth(at).unwrap();
    let asked = Asked { what, formula: one.formula, value: one.value, below: one.below };
    input(&Given { node: one.node, ..given.clone() }, &asked)
}

#[test]
fn a_formula_opens_to_the_bytes_that_go_in() {
    let given = two_platforms();
    for what in [What::Index, What::Manifest, What::ImageId] {
        let input = opened(&given, what, 0);
        assert_eq!((input.kind, input.why, input.recipes.is_empty()), (InputKind::Bytes, None, false), "{what:?}");
    }
    assert_eq!(opened(&given, What::ImageId, 0).digest, Some(digest_of("config linux/amd64")));
    let layer = opened(&given, What::Layer, 0);
    assert_eq!((layer.kind, layer.why), (InputKind::None, Some(Why::Unread)));
    assert!(layer.recipes.iter().all(|recipe| recipe.tool != Tool::Layer) && layer.recipes.len() == 2);
    let diff_id = opened(&given, What::DiffId, 0);
    assert_eq!(diff_id.why, Some(Why::Unpacked));
    assert_eq!(diff_id.recipes.iter().map(|recipe| recipe.tool).collect::<Vec<_>>(), [Tool::Layer]);
    assert_eq!(opened(&given, What::ChainId, 0).why, Some(Why::First));
    assert_eq!(opened(&flipped_config(), What::ImageId, 0).why, Some(Why::Other));
    let payload = opened(&schema1(), What::Payload, 0);
    assert_eq!((payload.kind, payload.why), (InputKind::Bytes, Some(Why::Payload)));
}

#[test]
fn what_is_not_known_opens_to_nothing() {
    let given =
        of(vec![proved("manifest", None, "m"), Node { read: false, ..node("layer", Some(0), &digest_of("l")) }]);
    assert_eq!(opened(&given, What::DiffId, 0).why, Some(Why::Unknown));
    assert_eq!(opened(&given, What::ImageId, 0).why, Some(Why::Unknown));
    let asked = Asked { what: What::ChainId, formula: Formula::ChainId, value: String::new(), below: None };
    let input = input(&given, &asked);
    assert_eq!((input.why, input.recipes.len()), (Some(Why::Claimed), 0));
}

#[test]
fn the_text_of_a_chain_id_is_that_of_the_specification_and_the_command_makes_the_same_hash() {
    let given = two_platforms();
    let input = opened(&given, What::ChainId, 1);
    let text = input.text.unwrap();
    assert_eq!(text, format!("{} {}", digest_of("diff 0 linux/amd64"), digest_of("diff 1 linux/amd64")));
    assert_eq!((text.len(), input.kind), (143, InputKind::Text));
    let printed = run(&input.recipes[0].lines[0]);
    assert_eq!(format!("sha256:{}", printed.split(' ').next().unwrap()), digest_of(&text));
}

#[test]
fn the_command_of_a_chain_id_is_that_of_its_own_algorithm_whatever_the_diff_ids_are() {
    let first = format!("sha512:{}", "a".repeat(128));
    let mut given = two_platforms();
    (given.nodes[LAYER].diff_id, given.nodes[LAYER].chain_id) = (Some(first.clone()), Some(first));
    let recipes = opened(&given, What::ChainId, 1).recipes;
    assert!(recipes[0].lines[0].ends_with("| sha256sum"), "{recipes:?}");
    given.nodes[LAYER + 1].chain_id = Some("blake3:00".to_owned());
    assert_eq!(opened(&given, What::ChainId, 1).recipes, []);
}
