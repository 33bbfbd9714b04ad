//! Each place of a registry and of a layout, by a registry that is a script.

use std::collections::HashMap;

use pollster::block_on;

use super::*;
use crate::check::Outcome;
use crate::digest::Algorithm;
use crate::limits;
use crate::registry::fake::{Fake, answer};
use crate::registry::{Cache, Request};
use crate::{CheckId, Digest};

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const INDEX: &str = "application/vnd.oci.image.index.v1+json";
const BUNDLE: &str = "application/vnd.dev.sigstore.bundle.v0.3+json";

fn sha(bytes: &[u8]) -> Digest {
    Algorithm::Sha256.digest(bytes)
}

/// Status, headers and body.
type Answer = (u16, Vec<(String, String)>, Vec<u8>);

/// The answers of a registry by path below `/v2/a/`.
#[derive(Clone, Default)]
struct Served(HashMap<String, Answer>);

impl Served {
    fn put(&mut self, path: &str, media_type: &str, body: &str) {
        let headers = vec![("content-type".to_owned(), media_type.to_owned())];
        self.0.insert(path.to_owned(), (200, headers, body.as_bytes().to_vec()));
    }

    /// A referrer of a digest with one small blob; its descriptor.
    fn referrer(&mut self, subject: Option<&Digest>, blob: &str) -> String {
        self.put(&format!("blobs/{}", sha(blob.as_bytes())), "x", blob);
        let subject = subject.map_or(String::new(), |subject| {
            format!(r#""subject":{{"mediaType":"{MANIFEST}","digest":"{subject}","size":1}},"#)
        });
        let manifest = format!(
            r#"{{"schemaVersion":2,"mediaType":"{MANIFEST}","artifactType":"{BUNDLE}",{subject}"config":{{"mediaType":"application/vnd.oci.empty.v1+json","digest":"{}","size":2}},"layers":[{{"mediaType":"{BUNDLE}","digest":"{}","size":{}}}]}}"#,
            sha(b"{}"),
            sha(blob.as_bytes()),
            blob.len()
        );
        let digest = sha(manifest.as_bytes());
        self.put(&format!("manifests/{digest}"), MANIFEST, &manifest);
        format!(
            r#"{{"mediaType":"{MANIFEST}","digest":"{digest}","size":{},"artifactType":"application/vnd.oci.empty.v1+json"}}"#,
            manifest.len()
        )
    }

    fn ask(&self, nodes: &[NodeFacts], options: &Options, reference: &str) -> (Found, Fake) {
        let served = self.clone();
        let fake = Fake::new(move |request: &Request, _| {
            let path = request.url.split_once("/a/").map_or("", |(_, path)| path);
            match served.0.get(path) {
                Some((status, headers, body)) => {
                    let headers: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
                    answer(*status, &headers, body)
                }
                None => answer(404, &[], b"{}"),
            }
        });
        let client = fake.client("", vec![], &Cache::default());
        let reference = Reference::parse(reference).unwrap();
        let found = block_on(referrers(&client, &reference, nodes, options, &|_| {}, &|_| {})).unwrap();
        (found, fake)
    }
}

fn image() -> (Digest, Vec<NodeFacts>) {
    let digest = sha(b"the image");
    let node = NodeFacts {
        id: "0".into(),
        kind: "manifest".into(),
        digest: Some(digest.to_string()),
        read: true,
        chosen: true,
        ..NodeFacts::default()
    };
    (digest, vec![node])
}

fn list(entries: &[String]) -> String {
    format!(r#"{{"schemaVersion":2,"mediaType":"{INDEX}","manifests":[{}]}}"#, entries.join(","))
}

fn states(found: &Found) -> Vec<(PlaceKind, PlaceState, &'static str)> {
    found.places.iter().map(|place| (place.place, place.state, place.check.reason)).collect()
}

fn referrer_checks(found: &Found) -> Vec<(Outcome, &'static str)> {
    let checks = found.nodes.iter().flat_map(|node| &node.checks).filter(|check| check.id == CheckId::Referrer);
    checks.map(|check| (check.outcome, check.reason)).collect()
}

#[test]
fn the_api_is_asked_page_by_page_and_what_it_names_is_hashed() {
    let (digest, nodes) = image();
    let mut served = Served::default();
    let [one, two] = ["one", "two"].map(|blob| served.referrer(Some(&digest), blob));
    served.put(&format!("referrers/{digest}"), INDEX, &list(&[one]));
    let link = format!("</v2/a/referrers/{digest}?last=1>; rel=\"next\"");
    served.0.get_mut(&format!("referrers/{digest}")).unwrap().1.push(("link".into(), link));
    served.put(&format!("referrers/{digest}?last=1"), INDEX, &list(&[two]));
    let (found, _) = served.ask(&nodes, &Options::default(), "r.io/a:1");
    let ids: Vec<_> = found.nodes.iter().map(|node| node.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "0/referrers[0]",
            "0/referrers[0]/config",
            "0/referrers[0]/layers[0]",
            "0/referrers[1]",
            "0/referrers[1]/config",
            "0/referrers[1]/layers[0]"
        ]
    );
    assert!(found.nodes.iter().all(|node| node.read && node.facts.about.as_deref() == Some(digest.as_str())));
    assert_eq!(referrer_checks(&found), [(Outcome::Pass, "referrer-fits"); 2]);
    assert!(found.bytes.iter().any(|(_, bytes)| &**bytes == b"two"));
    assert_eq!(
        states(&found)[..2],
        [
            (PlaceKind::Referrers, PlaceState::Found, "place-found"),
            (PlaceKind::FallbackTag, PlaceState::NotAsked, "place-needless"),
        ]
    );
}

#[test]
fn without_the_api_the_fallback_tag_is_read() {
    let (digest, nodes) = image();
    for status in [404, 400, 405, 501, 200] {
        let mut served = Served::default();
        let entry = served.referrer(Some(&digest), "one");
        let tag = digest.as_str().replace(':', "-");
        served.put(&format!("manifests/{tag}"), INDEX, &list(&[entry]));
        served.0.insert(format!("referrers/{digest}"), (status, vec![], b"<!doctype html>".to_vec()));
        let (found, _) = served.ask(&nodes, &Options::default(), "r.io/a:1");
        assert_eq!(states(&found)[0], (PlaceKind::Referrers, PlaceState::Failed, "place-not-offered"), "{status}");
        assert_eq!(states(&found)[1], (PlaceKind::FallbackTag, PlaceState::Found, "place-found"), "{status}");
        assert_eq!(referrer_checks(&found), [(Outcome::Pass, "referrer-fits")]);
    }
}

/// A page of the API that names the next one.
fn paged(served: &mut Served, path: &str, next: &str, entries: &[String]) {
    served.put(path, INDEX, &list(entries));
    served.0.get_mut(path).unwrap().1.push(("link".into(), format!("</v2/a/{next}>; rel=\"next\"")));
}

#[test]
fn a_list_that_is_not_whole_says_so_and_its_pages_count() {
    let (digest, nodes) = image();
    let asked = |served: &Served| {
        let (found, fake) = served.ask(&nodes, &Options::default(), "r.io/a:1");
        let place = found.places[0].clone();
        let pages = fake.requests.borrow().iter().filter(|request| request.url.contains("/referrers/")).count();
        (place.state, place.check.reason, place.nodes.len(), pages)
    };
    let first = format!("referrers/{digest}");
    let page = |number: usize| format!("{first}?n={number}");
    let mut served = Served::default();
    let one = served.referrer(Some(&digest), "one");
    paged(&mut served, &first, &page(1), &[one]);
    // The second page is not there.
    assert_eq!(asked(&served), (PlaceState::Failed, "place-cut", 1, 2));
    // It is the last one.
    let two = served.referrer(Some(&digest), "two");
    served.put(&page(1), INDEX, &list(&[two]));
    assert_eq!(asked(&served), (PlaceState::Found, "place-found", 2, 2));
    // The list goes on and on.
    for number in 1..=limits::REFERRER_PAGES {
        paged(&mut served, &page(number), &page(number + 1), &[]);
    }
    assert_eq!(asked(&served), (PlaceState::Failed, "place-cut", 1, limits::REFERRER_PAGES));
    // The next page is elsewhere.
    served.0.get_mut(&first).unwrap().1 = vec![("link".into(), "<https://evil.example/x>; rel=\"next\"".into())];
    assert_eq!(asked(&served), (PlaceState::Failed, "place-cut", 1, 1));
}

#[test]
fn trap_13_a_referrer_is_about_the_digest_that_its_manifest_names() {
    let (digest, nodes) = image();
    let mut served = Served::default();
    let entries = [served.referrer(Some(&sha(b"another")), "one"), served.referrer(None, "two")];
    served.put(&format!("referrers/{digest}"), INDEX, &list(&entries));
    let (found, _) = served.ask(&nodes, &Options::default(), "r.io/a:1");
    let expected = [(Outcome::Fail, "referrer-differs"), (Outcome::Fail, "referrer-without-subject")];
    assert_eq!(referrer_checks(&found), expected);
}

#[test]
fn trap_13_a_descriptor_with_a_wrong_size_and_bytes_of_another_digest_fail() {
    let (digest, nodes) = image();
    let mut served = Served::default();
    let entry = served.referrer(Some(&digest), "one").replace("\"size\":", "\"size\":1");
    let other = served.referrer(Some(&digest), "two");
    let named = other.split("\"digest\":\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    served.put(&format!("manifests/{named}"), MANIFEST, "{}");
    served.put(&format!("referrers/{digest}"), INDEX, &list(&[entry, other]));
    let (found, _) = served.ask(&nodes, &Options::default(), "r.io/a:1");
    let failed = |id: CheckId| {
        found.nodes.iter().flat_map(|node| &node.checks).any(|check| check.id == id && check.outcome == Outcome::Fail)
    };
    assert!(failed(CheckId::Size) && failed(CheckId::Digest));
}

#[test]
fn cosigns_tags_are_asked_by_head_and_read_only_where_something_is() {
    let (digest, nodes) = image();
    let mut served = Served::default();
    served.referrer(None, "signed");
    let manifest = served.0.values().find(|(_, _, body)| body.starts_with(b"{")).unwrap().2.clone();
    let tag = digest.as_str().replace(':', "-");
    served.put(&format!("manifests/{tag}.sig"), MANIFEST, std::str::from_utf8(&manifest).unwrap());
    let (found, fake) = served.ask(&nodes, &Options::default(), "r.io/a:1");
    assert_eq!(referrer_checks(&found), [(Outcome::NotChecked, "referrer-by-tag")]);
    let all = states(&found);
    assert!(all.contains(&(PlaceKind::SigTag, PlaceState::Found, "place-found")));
    assert!(all.contains(&(PlaceKind::AttTag, PlaceState::Empty, "place-empty")));
    assert!(all.contains(&(PlaceKind::Index, PlaceState::NotAsked, "place-no-index")));
    let requests = fake.requests.borrow();
    let of = |ending: &str| {
        let asked = requests.iter().filter(|request| request.url.ends_with(ending));
        asked.map(|request| request.method.as_str()).collect::<Vec<_>>()
    };
    assert_eq!((of(".sig"), of(".att")), (vec!["HEAD", "GET"], vec!["HEAD"]));
}

#[test]
fn a_registry_that_counts_pulls_is_asked_only_on_demand() {
    let (_, nodes) = image();
    let (found, fake) = Served::default().ask(&nodes, &Options::default(), "docker.io/library/a:1");
    assert!(fake.requests.borrow().is_empty());
    assert!(
        states(&found)[..5]
            .iter()
            .all(|(_, state, reason)| (*state, *reason) == (PlaceState::NotAsked, "place-counted"))
    );
    let options = Options { counted: true, ..Options::default() };
    let (found, fake) = Served::default().ask(&nodes, &options, "docker.io/library/a:1");
    assert_eq!(fake.requests.borrow().len(), 5);
    assert!(states(&found)[1..5].iter().all(|(_, state, _)| *state == PlaceState::Empty));
}

#[test]
fn a_place_that_does_not_answer_says_so_and_the_others_are_asked() {
    let (digest, nodes) = image();
    let mut served = Served::default();
    served.0.insert(format!("referrers/{digest}"), (403, vec![], b"{}".to_vec()));
    let (found, _) = served.ask(&nodes, &Options::default(), "r.io/a:1");
    assert_eq!(states(&found)[0], (PlaceKind::Referrers, PlaceState::Failed, "place-failed"));
    assert_eq!(states(&found)[1].1, PlaceState::Empty);
}

#[test]
fn the_root_the_platform_in_view_and_its_attestations_are_asked_about_once_each() {
    let node = |id: &str, kind: &str, parent: Option<&str>, attests: Option<&Digest>| NodeFacts {
        id: id.into(),
        kind: kind.into(),
        digest: Some(sha(id.as_bytes()).to_string()),
        parent: parent.map(str::to_owned),
        read: true,
        chosen: id == "0/b",
        attests: attests.map(ToString::to_string),
        ..NodeFacts::default()
    };
    let (a, b) = (sha(b"0/a"), sha(b"0/b"));
    let nodes = [
        node("0", "index", None, None),
        node("0/a", "manifest", Some("0"), None),
        node("0/b", "manifest", Some("0"), None),
        node("0/c", "attestation", Some("0"), Some(&a)),
        node("0/d", "attestation", Some("0"), Some(&b)),
    ];
    let ids = |named: Option<&str>| targets(&nodes, named).into_iter().map(|one| one.id).collect::<Vec<_>>();
    assert_eq!(ids(None), ["0", "0/b", "0/d"]);
    assert_eq!(ids(Some("0/a")), ["0", "0/a", "0/c"]);
}

#[test]
fn a_layout_has_the_same_places() {
    let (digest, mut nodes) = image();
    let tag = digest.as_str().replace(':', "-");
    let named = |id: &str, name: &str, value: String| NodeFacts {
        id: id.into(),
        kind: "signature".into(),
        digest: Some(sha(id.as_bytes()).to_string()),
        annotations: vec![(name.to_owned(), value)],
        ..NodeFacts::default()
    };
    nodes.push(named("1", "org.opencontainers.image.ref.name", format!("r.io/a:{tag}.sig")));
    nodes.push(NodeFacts { subject: Some(digest.to_string()), ..named("2", "x", String::new()) });
    let found = here(&nodes, None);
    let at = |kind: PlaceKind| found.places.iter().find(|place| place.place == kind).unwrap().nodes.clone();
    assert_eq!((at(PlaceKind::SigTag), at(PlaceKind::Referrers)), (vec!["1".to_owned()], vec!["2".to_owned()]));
    assert_eq!(found.about, [("2".to_owned(), digest.to_string()), ("1".to_owned(), digest.to_string())]);
}
