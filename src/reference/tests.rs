//! Every accepted and refused form of a reference, with the message of each.

use super::*;
use proptest::prelude::*;

const HEX: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

fn parse(text: &str) -> Reference {
    Reference::parse(text).unwrap_or_else(|error| panic!("{error}"))
}

#[track_caller]
fn rejected(text: &str, why: &str) {
    let error = Reference::parse(text).unwrap_err();
    assert_eq!(error.code(), "invalid-reference");
    let text = text.trim();
    assert_eq!(error.to_string(), format!("\"{}\" is not an image reference: {why}", text.escape_debug()));
}

#[test]
fn short_names_mean_docker_hub() {
    let found = parse("busybox");
    assert_eq!((found.registry(), found.repository()), (Some("docker.io"), Some("library/busybox")));
    assert_eq!((found.tag(), found.digest(), found.endpoint()), (Some("latest"), None, Some("registry-1.docker.io")));
    assert_eq!((found.familiar(), found.canonical()), ("busybox".into(), "docker.io/library/busybox:latest".into()));
    assert_eq!(parse("index.docker.io/library/foo:1.2").familiar(), "foo:1.2");
    assert_eq!(parse("  docker://user/app \n").canonical(), "docker.io/user/app:latest");
}

#[cfg(feature = "trust")]
#[test]
fn the_place_of_a_reference_is_its_registry_and_repository() {
    for (text, registry, repository) in [
        ("busybox", "docker.io", "library/busybox"),
        (" docker://index.docker.io/user/app:1.2\n", "docker.io", "user/app"),
        ("localhost:5000/a/b:1.2@sha256:77", "localhost:5000", "a/b"),
        ("[::1]:5000/a:b", "[::1]:5000", "a"),
        ("registry.example/app", "registry.example", "app"),
        // These are no references.
        ("", "docker.io", "library/"),
        ("registry.example/UPPER case", "registry.example", "UPPER case"),
    ] {
        assert_eq!(place(text), (registry, repository.to_owned()), "{text}");
        if let Ok(parsed) = Reference::parse(text) {
            assert_eq!((parsed.registry(), parsed.repository()), (Some(registry), Some(repository)), "{text}");
        }
    }
}

#[cfg(feature = "trust")]
proptest! {
    #[test]
    fn every_reference_lies_where_it_says(text in "(docker://)?([a-z]{1,3}[.:]?[0-9]{0,2}/)?[a-z]{1,3}(/[a-z]{1,2})?(:[a-z0-9]{1,3})?(@sha256:[a-f0-9]{64})?") {
        if let Ok(parsed) = Reference::parse(&text) {
            let (registry, repository) = place(&text);
            prop_assert_eq!((parsed.registry(), parsed.repository()), (Some(registry), Some(repository.as_str())));
        }
    }
}

#[test]
fn the_first_part_is_a_registry_if_it_cannot_be_a_name() {
    for (text, registry) in [
        ("localhost/a", "localhost"),
        ("ghcr.io/o/app", "ghcr.io"),
        ("host:5000/a", "host:5000"),
        ("HOST/a", "HOST"),
        ("[2001:db8::1]/a", "[2001:db8::1]"),
        ("[::1]:5000/a", "[::1]:5000"),
        ("host/a", "docker.io"),
    ] {
        assert_eq!(parse(text).registry(), Some(registry), "{text}");
    }
    assert_eq!(parse("127.0.0.1:5000/a:v1").endpoint(), Some("127.0.0.1:5000"));
    assert_eq!(parse("localhost:5000").canonical(), "docker.io/library/localhost:5000");
}

#[test]
fn a_digest_drops_the_tag_from_the_canonical_form_only() {
    let found = parse(&format!("ghcr.io/o/app:1.2@sha256:{HEX}"));
    assert_eq!(found.tag(), Some("1.2"));
    assert_eq!(found.canonical(), format!("ghcr.io/o/app@sha256:{HEX}"));
    assert_eq!(found.familiar(), format!("ghcr.io/o/app:1.2@sha256:{HEX}"));
    assert_eq!(parse(&format!("app@sha256:{HEX}")).tag(), None);
}

#[test]
fn a_digest_alone_has_no_name() {
    for text in [HEX.to_owned(), format!("sha256:{HEX}")] {
        let found = parse(&text);
        assert_eq!((found.registry(), found.repository(), found.tag(), found.endpoint()), (None, None, None, None));
        assert_eq!(found.canonical(), format!("sha256:{HEX}"));
        assert_eq!(found.familiar(), format!("sha256:{HEX}"));
    }
    assert_eq!(parse("sha256:abc").canonical(), "docker.io/library/sha256:abc", "too short for a digest: a tag");
}

#[test]
fn the_familiar_form_never_means_something_else() {
    for text in [&format!("docker.io/{HEX}"), "docker.io/localhost/a", "docker.io/a.b/c", "docker.io/library/a/b"] {
        assert_eq!(parse(&parse(text).familiar()), parse(text), "{text}");
    }
    assert_eq!(parse(&format!("docker.io/{HEX}")).familiar(), format!("library/{HEX}"));
    assert_eq!(parse("docker.io/a.b/c").familiar(), "docker.io/a.b/c");
}

#[test]
fn every_rejected_form_says_where_and_why() {
    rejected("", "nothing is written");
    rejected("  ", "nothing is written");
    rejected("a b", "there is white space at position 2");
    rejected("a\u{7}", "there is a control character at position 2");
    rejected("größe", "there is a character outside ASCII at position 3");
    rejected("docker pull busybox", "it starts with a command: give the image alone");
    rejected("https://ghcr.io/o/a", "it starts with the URL scheme \"https://\": leave that out");
    rejected("ghcr.io/o/App", "the repository has upper-case \"A\" at position 11");
    rejected("Uppercase:tag", "the repository has upper-case \"U\" at position 1");
    rejected("a/b/", "it ends with a slash at position 4");
    rejected("ghcr.io/", "there is no repository at position 9");
    rejected("a//b", "an empty part between slashes stands at position 3");
    rejected("a/b$c", "the repository has \"$\" at position 4");
    rejected("a/-b", "the part \"-b\" of the repository at position 3 starts or ends with a separator (. _ or -)");
    rejected("a/b_", "the part \"b_\" of the repository at position 3 starts or ends with a separator (. _ or -)");
    rejected("a..b", "the separator \"..\" in the repository at position 2 is not one of . _ __ or hyphens");
    rejected("a._b", "the separator \"._\" in the repository at position 2 is not one of . _ __ or hyphens");
    rejected("a___b", "the separator \"___\" in the repository at position 2 is not one of . _ __ or hyphens");
}

#[test]
fn rejected_registries_say_where_and_why() {
    rejected("host:port/a", "the port \"port\" at position 6 is not a number");
    rejected("host:/a", "the port \"\" at position 6 is not a number");
    rejected("a_b.com/c", "the registry \"a_b.com\" has \"_\" at position 2");
    rejected("a..com/c", "the registry \"a..com\" has an empty part at position 3");
    rejected("a.-b/c", "the part \"-b\" of the registry at position 3 starts or ends with a hyphen");
    rejected("fd00::1/a", "the registry \"fd00::1\" has more than one colon: write an IPv6 address in [ ]");
    rejected("[fe80::1%eth0]/a", "the IPv6 address has a zone at position 9: a reference cannot name one");
    rejected("[::g]/a", "\"::g\" at position 2 is not an IPv6 address");
    rejected("[::1/a", "the [ at position 1 is not closed");
    rejected("[::1]5/a", "at position 6, only a port may follow the address");
    rejected("[::1]:5000", "there is no repository after the registry");
}

#[test]
fn rejected_tags_and_digests_say_where_and_why() {
    rejected("a:", "there is no tag after the colon at position 2");
    rejected("a:.b", "the tag has \".\" at position 3: it starts with a letter, digit or _, then . and - may follow");
    rejected("a:b:c", "the tag has \":\" at position 4: it starts with a letter, digit or _, then . and - may follow");
    rejected(&format!("a:{}", "b".repeat(129)), "the tag has 129 characters, and at most 128 are allowed");
    rejected(&format!("h.io/{}", "b".repeat(256)), "the repository has 256 characters, and at most 255 are allowed");
    rejected("a/b:1/c", "there is a slash at position 6 after the tag: only the first part of a name can have a port");
    rejected("@sha256:00", "there is no name before the @");
    rejected("a@", "there is no digest after the @ at position 2");
    rejected("a@b@c", "there is a second @ at position 4");
    rejected(
        "a@sha256:00",
        "at position 3, \"sha256:00\" is not a digest: it has 2 hex characters where sha256 has 64",
    );
    rejected("a@md5:00", "at position 3, the digest's algorithm \"md5\" is not one of sha256, sha384, sha512");
}

#[test]
fn a_long_text_is_refused_and_shortened() {
    let message = Reference::parse(&"a".repeat(2000)).unwrap_err().to_string();
    assert!(message.ends_with("a…\" is not an image reference: it is 2000 bytes long, and at most 1024 are read"));
    assert!(message.len() < 400);
}

#[test]
fn it_serializes_for_the_page() {
    let json = serde_json::to_value(parse("busybox:1")).unwrap();
    let expected = serde_json::json!({
        "registry": "docker.io", "repository": "library/busybox", "tag": "1", "digest": null,
        "familiar": "busybox:1", "canonical": "docker.io/library/busybox:1",
    });
    assert_eq!(json, expected);
}

proptest! {
    #[test]
    fn parsing_never_panics(text in ".{0,80}") {
        let _ = Reference::parse(&text);
    }

    #[test]
    fn parsing_near_references_never_panics(text in "[a-zA-Z0-9./:@_%\\[\\]-]{0,40}") {
        if let Ok(found) = Reference::parse(&text) {
            prop_assert_eq!(&parse(&found.familiar()), &found);
        }
    }

    #[test]
    fn the_canonical_form_is_a_fixpoint(
        text in "([a-z]{1,4}\\.[a-z]{2}(:[0-9]{2,4})?/|localhost/|[A-Z]{3}/)?[a-z0-9]{1,5}((__|[._-])[a-z0-9]{1,4}){0,2}(/[a-z0-9]{1,5}){0,2}(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,6})?(@sha256:[0-9a-f]{64})?"
    ) {
        // A dot in the first part makes it a registry, where `_` is not allowed: those few are refused.
        if let Ok(found) = Reference::parse(&text) {
            let canonical = found.canonical();
            prop_assert_eq!(parse(&canonical).canonical(), canonical);
        }
    }
}
