//! What is this sha256? The places of a digest, and what it could be if it has none.

use super::*;

/// The role and the node of each place.
fn places(given: &Given, text: &str) -> Vec<(String, Option<usize>)> {
    lookup(given, text).hits.into_iter().map(|hit| (hit.role, hit.node)).collect()
}

#[track_caller]
fn found(given: &Given, text: &str, expected: &[(&str, Option<usize>)]) {
    let expected: Vec<_> = expected.iter().map(|(role, node)| ((*role).to_owned(), *node)).collect();
    assert_eq!(places(given, text), expected, "{text}");
}

#[test]
fn a_digest_is_read_from_what_people_copy() {
    for (text, query) in [
        ("2b8fd9751c4c", "2b8fd9751c4c"),
        ("  SHA256:2B8FD9 ", "sha256:2b8fd9"),
        ("\u{feff}2b8fd9\u{a0}", "2b8fd9"),
        ("busybox@sha256:2b8fd9751c4c", "sha256:2b8fd9751c4c"),
        ("`2b8fd9751c4c…`", "2b8fd9751c4c"),
        ("\"sha256:2b8fd9751c4c\",", "sha256:2b8fd9751c4c"),
        ("<busybox@sha512:2b8fd9>", "sha512:2b8fd9"),
        ("2b8fd9...", "2b8fd9"),
        ("2b8fd", ""),
        ("2b8fd9x", ""),
        ("2b8fd9..", ""),
        ("2b8fd9……", ""),
        ("md5:2b8fd9", ""),
        ("sha256:", ""),
        ("a b@2b8fd9", ""),
        ("a@b@2b8fd9", ""),
        ("é@é", ""),
        ("busybox", ""),
        ("", ""),
    ] {
        assert_eq!(lookup(&Given::default(), text).query, query, "{text}");
    }
    assert_eq!(lookup(&Given::default(), &"a".repeat(128)).query.len(), 128);
    assert_eq!(lookup(&Given::default(), &"a".repeat(129)).query, "");
}

proptest::proptest! {
    #[test]
    fn any_text_is_a_question_or_none(text in r"[ @:<'`a-f0-9.…]{0,20}(sha256:)?[a-f0-9é]{0,140}[`…., ]{0,4}") {
        let query = lookup(&Given::default(), &text).query;
        let digits = hex(&query).len();
        let is_query = (limits::LOOKUP_DIGITS..=128).contains(&digits) && text.to_lowercase().contains(&query);
        proptest::prop_assert!(query.is_empty() || is_query, "{}", query);
    }
}

#[test]
fn every_kind_of_identity_is_found_where_it_occurs_whole_or_by_its_beginning() {
    let given = two_platforms();
    found(&given, &digest_of("index"), &[("index", Some(0))]);
    found(&given, &digest_of("config linux/amd64")[7..13], &[("config", Some(CONFIG))]);
    found(&given, &digest_of("diff 1 linux/amd64"), &[("diffId", Some(LAYER + 1))]);
    found(&given, &digest_of("chain 1 linux/amd64")[7..19], &[("chainId", Some(LAYER + 1))]);
    // The base layer is the same blob for both platforms.
    found(&given, &digest_of("layer 0 base"), &[("layer", Some(LAYER)), ("layer", Some(8))]);
    found(&given, &digest_of("index").replace("sha256", "sha512"), &[]);
    let subject = Some(digest_of("other"));
    let signed = of(vec![Node { subject, ..proved("artifact", None, "a") }]);
    found(&signed, &digest_of("other"), &[("subject", Some(0))]);
}

#[test]
fn different_digests_with_one_beginning_are_told_apart() {
    let like = |digit: u8| format!("sha256:abcdef{digit}{}", "0".repeat(57));
    let given =
        of(vec![node("manifest", None, &like(1)), node("manifest", None, &like(2)), node("blob", None, &like(2))]);
    let found = lookup(&given, "abcdef");
    assert_eq!((found.digests, found.hits.len()), (2, 3));
    assert_eq!(lookup(&given, "abcdef1").digests, 1);
}

#[test]
fn a_digest_that_was_promised_and_the_one_that_came_are_found() {
    found(&flipped_config(), &digest_of("config linux/amd64"), &[("promised", Some(CONFIG))]);
    found(&flipped_config(), &digest_of("flipped"), &[("config", Some(CONFIG))]);
    let (promised, got) = (digest_of("promised"), digest_of("got"));
    let mut layer = node("layer", None, &promised);
    layer.checks = vec![check("digest", "fail", Some(&promised), Some(&got))];
    found(&of(vec![layer.clone()]), &got, &[("got", Some(0))]);
    found(&of(vec![layer.clone()]), &promised, &[("layer", Some(0))]);
    layer.checks[0].outcome = "pass".to_owned();
    found(&of(vec![layer]), &got, &[]);
}

#[test]
fn digests_of_forms_and_in_pasted_texts_are_found() {
    let told = digest_of("told");
    let mention =
        |digest: &str| DigestOf { digest: digest.to_owned(), what: "a layer".to_owned(), code: "layer".to_owned() };
    let given = Given {
        forms: vec![
            FormDigest { name: "compact".to_owned(), digest: digest_of("compact") },
            FormDigest { name: "as pasted".to_owned(), digest: digest_of("manifest") },
        ],
        pasted: vec![PastedText {
            expected: Some(told.clone()),
            expected_from: Some("a header".to_owned()),
            digests: vec![mention("8ddc19f16526"), mention(&told)],
        }],
        ..of(vec![node("manifest", None, &digest_of("manifest"))])
    };
    let form = &lookup(&given, &digest_of("compact")).hits[0];
    assert_eq!((form.role.as_str(), form.name.as_str(), form.node), ("form", "compact", None));
    found(&given, &digest_of("manifest"), &[("manifest", Some(0))]);
    let stated = lookup(&given, &told).hits;
    assert_eq!(stated.len(), 1, "the digest that the text gives for its document is told once");
    assert_eq!((stated[0].role.as_str(), stated[0].name.as_str()), ("stated", "a header"));
    let mention = &lookup(&given, "8ddc19f16526").hits[0];
    assert_eq!((mention.role.as_str(), mention.name.as_str(), mention.code.as_str()), ("mention", "a layer", "layer"));
    // A digest without an algorithm may be of any.
    found(&given, "sha256:8ddc19", &[("mention", None)]);
}

#[test]
fn the_diff_ids_of_a_config_are_told_if_no_layers_carry_them() {
    let diff_ids = Some(vec![digest_of("d0"), digest_of("d1")]);
    let config = Node { diff_ids, ..proved("config", None, "c") };
    let hits = lookup(&of(vec![config.clone()]), &digest_of("d1")).hits;
    assert_eq!(hits.len(), 1);
    assert_eq!((hits[0].role.as_str(), hits[0].node, hits[0].layer), ("diffId", Some(0), Some(2)));
    let below = Node { parent: Some(1), ..config };
    found(&of(vec![below.clone(), proved("manifest", None, "m")]), &digest_of("d1"), &[("diffId", Some(0))]);
    let with_layer = of(vec![below, proved("manifest", None, "m"), node("layer", Some(1), &digest_of("l"))]);
    found(&with_layer, &digest_of("d1"), &[]);
}

#[test]
fn what_a_digest_could_be_depends_on_what_was_not_read() {
    let miss = lookup(&two_platforms(), "0123456789ab");
    assert_eq!((miss.hits.len(), miss.digests, &miss.could[..]), (0, 0, &[Could::Other, Could::Layer][..]));
    let unread = |kind: &str| Node { read: false, ..node(kind, None, &digest_of(kind)) };
    let could = |nodes| lookup(&of(nodes), "0123456789ab").could;
    let all = vec![unread("manifest"), unread("config"), unread("layer")];
    assert_eq!(could(all), [Could::Other, Could::Manifest, Could::Config, Could::Layer, Could::Index]);
    assert_eq!(could(vec![unread("index")]), [Could::Other, Could::Manifest]);
    assert_eq!(lookup(&two_platforms(), &digest_of("index")).could, []);
    assert_eq!(lookup(&two_platforms(), "busybox"), Lookup::default());
}

#[test]
fn contents_that_are_the_same_everywhere_are_known() {
    let known = |content: &[u8]| lookup(&two_platforms(), &Algorithm::Sha256.digest(content).to_string()).known;
    assert_eq!(known(b""), Some(Everywhere::Nothing));
    assert_eq!(known(b"{}"), Some(Everywhere::EmptyJson));
    assert_eq!(known(&[0; 1024]), Some(Everywhere::EmptyTar));
    assert_eq!(known(b"x"), None);
    assert_eq!(lookup(&two_platforms(), "e3b0c44298fc").known, Some(Everywhere::Nothing));
    assert_eq!(lookup(&two_platforms(), "a3ed95").known, Some(Everywhere::EmptyGzip));
    assert_eq!(lookup(&two_platforms(), "4f4fb7").known, Some(Everywhere::EmptyBuildkit));
}

#[test]
fn so_many_places_are_told_and_no_more() {
    let nodes = (0..5000).map(|_| node("layer", None, &digest_of("same"))).collect();
    let found = lookup(&of(nodes), &digest_of("same"));
    assert_eq!((found.hits.len(), found.digests), (limits::LOOKUP_PLACES, 1));
}
