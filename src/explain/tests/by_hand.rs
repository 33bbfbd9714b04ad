//! The commands: right for each kind, and harmless for any text that a registry wrote. A real shell reads the quoting.

use super::*;

fn about(mut given: Given, at: usize) -> Vec<Recipe> {
    given.node = Some(at);
    recipes(&given)
}

fn tools(recipes: &[Recipe]) -> Vec<Tool> {
    recipes.iter().map(|recipe| recipe.tool).collect()
}

fn lines(recipes: &[Recipe]) -> Vec<&str> {
    recipes.iter().flat_map(|recipe| &recipe.lines).map(String::as_str).collect()
}

#[test]
fn a_manifest_is_checked_with_curl_docker_skopeo_and_crane() {
    let digest = digest_of("manifest linux/amd64");
    let all = about(two_platforms(), AMD64);
    assert_eq!(tools(&all), [Tool::Curl, Tool::Docker, Tool::Skopeo, Tool::Crane]);
    let accept = "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, \
        application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.docker.distribution.manifest.v2+json";
    let url = format!("https://ghcr.io/v2/demo/app/manifests/{digest}");
    assert_eq!(
        lines(&all),
        [
            format!("curl -fsS -H 'Accept: {accept}' {url} | sha256sum"),
            format!("docker buildx imagetools inspect --raw ghcr.io/demo/app@{digest} | sha256sum"),
            format!("skopeo inspect --raw docker://ghcr.io/demo/app@{digest} | sha256sum"),
            format!("crane manifest ghcr.io/demo/app@{digest} | sha256sum"),
        ]
    );
}

#[test]
fn every_kind_that_a_registry_serves_as_a_manifest_is_asked_for_as_one() {
    for kind in ["index", "manifest", "artifact", "attestation", "schema1", "signature"] {
        assert!(
            about(of(vec![node(kind, None, &digest_of("a"))]), 0)[0].lines[0].contains("/manifests/sha256:"),
            "{kind}"
        );
    }
    for kind in ["config", "layer", "blob", "unknown"] {
        assert!(about(of(vec![node(kind, None, &digest_of("a"))]), 0)[0].lines[0].contains("/blobs/sha256:"), "{kind}");
    }
}

#[test]
fn a_config_is_asked_for_through_its_manifest() {
    let (config, manifest) = (digest_of("config linux/amd64"), digest_of("manifest linux/amd64"));
    assert_eq!(
        lines(&about(two_platforms(), CONFIG)),
        [
            format!("curl -fsS -L https://ghcr.io/v2/demo/app/blobs/{config} | sha256sum"),
            format!("crane config ghcr.io/demo/app@{manifest} | sha256sum"),
            format!("skopeo inspect --config --raw docker://ghcr.io/demo/app@{manifest} | sha256sum"),
        ]
    );
}

#[test]
fn a_layer_is_asked_for_as_it_is_and_unpacked() {
    let digest = digest_of("layer 1 linux/amd64");
    let unpacked = |compression: Option<&str>| {
        let mut given = two_platforms();
        given.nodes[LAYER + 1].compression = compression.map(str::to_owned);
        about(given, LAYER + 1)
    };
    let all = unpacked(Some("gzip"));
    assert_eq!(tools(&all), [Tool::Curl, Tool::Crane, Tool::Layer]);
    assert_eq!(all[2].lines, [format!("crane blob ghcr.io/demo/app@{digest} | gzip -dc | sha256sum")]);
    for (compression, command) in
        [(Some("zstd"), "zstd -dc"), (Some("xz"), "xz -dc"), (Some("none"), "cat"), (None, "cat")]
    {
        assert!(unpacked(compression)[2].lines[0].contains(&format!("| {command} |")), "{command}");
    }
    assert_eq!(tools(&unpacked(Some("bzip2"))), [Tool::Curl, Tool::Crane]);
}

#[test]
fn each_command_says_what_it_prints() {
    let given = two_platforms();
    let (digest, diff_id) = (digest_of("layer 1 linux/amd64"), digest_of("diff 1 linux/amd64"));
    let all = about(given, LAYER + 1);
    assert_eq!(all.len(), 3);
    for Recipe { tool, expect, .. } in all {
        let value = if tool == Tool::Layer { &diff_id } else { &digest };
        assert_eq!(format!("sha256:{}", expect.unwrap()), *value, "{tool:?}");
    }
}

#[test]
fn docker_hub_needs_a_token_and_has_another_host() {
    for reference in ["docker.io/library/busybox:latest", "registry-1.docker.io/library/busybox:latest"] {
        let mut given = of(vec![node("manifest", None, &digest_of("a"))]);
        given.reference = Some(reference.to_owned());
        let all = recipes(&given);
        assert_eq!(all[0].tool, Tool::CurlToken);
        assert!(all[0].lines[0].contains("scope=repository:library/busybox:pull'"), "{:?}", all[0]);
        assert!(all[0].lines[0].starts_with("TOKEN=$(curl -fsS 'https://auth.docker.io/token?"), "{:?}", all[0]);
        let url = "https://registry-1.docker.io/v2/library/busybox/manifests/sha256:";
        assert!(all[0].lines[1].contains(url), "{:?}", all[0]);
    }
}

#[test]
fn a_loopback_registry_speaks_plain_http() {
    for host in ["127.0.0.1:5000", "localhost:5000", "localhost"] {
        let mut given = of(vec![node("manifest", None, &digest_of("a"))]);
        given.reference = Some(format!("{host}/demo/app:v1"));
        let all = recipes(&given);
        assert!(all[0].lines[0].contains(&format!(" http://{host}/v2/demo/app/")), "{:?}", all[0]);
        assert!(all[2].lines[0].starts_with("skopeo inspect --raw --tls-verify=false "), "{:?}", all[2]);
        assert!(all[3].lines[0].starts_with("crane manifest --insecure "), "{:?}", all[3]);
    }
    let mut given = of(vec![node("manifest", None, &digest_of("a"))]);
    given.reference = Some("127.0.0.1.example.org/demo/app:v1".to_owned());
    let all = recipes(&given);
    assert!(!lines(&all).concat().contains("insecure"));
    assert!(all[0].lines[0].contains(" https://127"), "{:?}", all[0]);
}

#[test]
fn what_was_pasted_is_summed_from_a_file_that_the_page_saved() {
    let digest = format!("sha512:{}", "a".repeat(128));
    let mut layer = node("layer", None, &digest);
    layer.diff_id = Some(digest_of("tar"));
    let given = Given { reference: None, file: Some("sha512-aa.bin".to_owned()), ..of(vec![layer]) };
    let all = recipes(&given);
    assert_eq!(lines(&all), ["sha512sum sha512-aa.bin", "cat sha512-aa.bin | sha256sum"]);
    assert_eq!((all[0].tool, all[0].note), (Tool::File, Some(Note::File)));
    assert_eq!((all[1].tool, all[1].note), (Tool::Layer, None));
    assert_eq!(recipes(&of(vec![Node { digest: None, ..node("manifest", None, "") }])), []);
}

#[test]
fn a_hostile_digest_reference_or_file_name_stays_one_word() {
    let evil = "sha256:x'; touch pwned; '";
    let mut given = of(vec![node("manifest", None, evil)]);
    given.reference = Some("ghcr.io/a$(id)/b:v1".to_owned());
    let all = recipes(&given);
    assert_eq!(all.len(), 4);
    for line in lines(&all) {
        let words =
            run(&format!("set -f; for w in {}; do printf '%s\\n' \"$w\"; done", line.split(" | ").next().unwrap()));
        assert!(words.lines().any(|word| word.ends_with(evil) && word.contains("a$(id)/b")), "{line}: {words}");
    }
    given.reference = None;
    given.file = Some("x`id`\n.bin".to_owned());
    assert_eq!(lines(&recipes(&given)), ["sha256sum 'x`id`.bin'"]);
}

#[test]
fn each_digest_is_checked_with_the_command_of_its_own_algorithm_and_with_none_if_there_is_none() {
    let sums = |algorithm: &str| {
        let given = of(vec![node("manifest", None, &format!("{algorithm}:{}", "ab".repeat(32)))]);
        recipes(&given).into_iter().flat_map(|recipe| recipe.lines).collect::<Vec<_>>()
    };
    for algorithm in ["sha256", "sha384", "sha512"] {
        let all = sums(algorithm);
        assert_eq!(all.len(), 4);
        assert!(all.iter().all(|line| line.ends_with(&format!("| {algorithm}sum"))), "{all:?}");
    }
    assert!(sums("blake3").is_empty() && sums("").is_empty());
    assert_eq!(recipes(&of(vec![node("manifest", None, "no digest")])), []);
}

#[test]
fn a_node_that_is_not_there_has_no_commands() {
    assert_eq!(recipes(&Given { node: Some(99), ..two_platforms() }), []);
    assert_eq!(recipes(&Given { node: None, ..two_platforms() }), []);
    let mut given = two_platforms();
    given.nodes[CONFIG].parent = Some(99);
    assert_eq!(tools(&about(given, CONFIG)), [Tool::Curl, Tool::Crane]);
}
