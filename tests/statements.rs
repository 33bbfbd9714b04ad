//! The content of statements and lists of packages: own ones, and those of other projects.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot read its input fails")]
#![cfg(all(feature = "found", feature = "trust"))]

mod trusting;

use std::fs;

use serde_json::{Value, json};
use stowplan::statement::{About, Fit, Statement, Wrap, read};
use stowplan::{CheckId, Outcome};
use trusting::vectors;

const IMAGE: &str = "sha256:1111111111111111111111111111111111111111111111111111111111111111";
const OTHER: &str = "sha256:2222222222222222222222222222222222222222222222222222222222222222";

/// An image in another index within the same root.
const ELSEWHERE: &str = "sha256:4444444444444444444444444444444444444444444444444444444444444444";

fn about() -> About {
    let platforms = vec![(OTHER.into(), "linux/arm64".into())];
    About { image: vec![IMAGE.into()], platforms, elsewhere: vec![ELSEWHERE.into()], ..About::default() }
}

fn of(json: &Value) -> Statement {
    read(json.to_string().as_bytes(), &about(), None).unwrap()
}

fn subject(digest: &str) -> Value {
    let (algorithm, hex) = digest.split_once(':').unwrap();
    json!([{ "name": "registry.example/app", "digest": { algorithm: hex } }])
}

fn statement(kind: &str, predicate: Value) -> Value {
    json!({ "_type": "https://in-toto.io/Statement/v1", "predicateType": kind, "subject": subject(IMAGE), "predicate": predicate })
}

fn check(statement: &Statement, id: CheckId) -> (Outcome, &'static str) {
    let found = statement.checks.iter().find(|check| check.id == id).unwrap();
    (found.outcome, found.reason)
}

fn built() -> Value {
    json!({
        "buildDefinition": {
            "buildType": "https://actions.github.io/buildtypes/workflow/v1",
            "externalParameters": { "workflow": {
                "ref": "refs/tags/v1.2", "repository": "https://github.com/owner/app", "path": ".github/workflows/release.yml" } },
            "internalParameters": { "github": { "runner_environment": "github-hosted" } },
            "resolvedDependencies": [{
                "uri": "git+https://github.com/owner/app@refs/tags/v1.2",
                "digest": { "gitCommit": "3f2c1ab0e8c7f1b2a3d4e5f60718293a4b5c6d7e" } }]
        },
        "runDetails": {
            "builder": { "id": "https://github.com/owner/app/.github/workflows/release.yml@refs/tags/v1.2" },
            "metadata": { "invocationId": "https://github.com/owner/app/actions/runs/987/attempts/1" }
        }
    })
}

#[test]
fn provenance_is_one_sentence() {
    let read = of(&statement("https://slsa.dev/provenance/v1", built()));
    assert_eq!(
        read.sentence,
        "Built from owner/app at 3f2c1ab by release.yml on a GitHub-hosted runner, run 987, for tag v1.2"
    );
    assert_eq!(read.said.reason, "built-from");
    assert!(read.facts.iter().any(|fact| fact.name == "material" && fact.value.contains("gitCommit:3f2c1ab")));
    let old = json!({
        "builder": { "id": "https://github.com/actions/runner/github-hosted" },
        "buildType": "x",
        "invocation": {
            "configSource": {
                "uri": "git+https://github.com/owner/app@refs/heads/main",
                "digest": { "sha1": "3f2c1ab0e8c7f1b2a3d4e5f60718293a4b5c6d7e" },
                "entryPoint": ".github/workflows/release.yml" },
            "environment": { "github_run_id": "987" }
        },
        "materials": [{ "uri": "pkg:docker/golang@1.21", "digest": { "sha256": "c8" } }]
    });
    let read = of(&statement("https://slsa.dev/provenance/v0.2", old));
    assert_eq!(
        read.sentence,
        "Built from owner/app at 3f2c1ab by release.yml on a GitHub-hosted runner, run 987, for branch main"
    );
}

#[test]
fn buildkits_provenance_names_its_dockerfile_and_may_lack_a_source() {
    let metadata = json!({ "https://mobyproject.org/buildkit@v1#metadata": {
        "vcs": { "source": "https://github.com/owner/app.git", "revision": "abc" },
        "source": { "infos": [{ "filename": "Dockerfile", "data": "RlJPTSBzY3JhdGNo" }] } } });
    let predicate = json!({ "builder": { "id": "" }, "invocation": { "configSource": { "entryPoint": "Dockerfile" } }, "metadata": metadata });
    let read = of(&statement("https://slsa.dev/provenance/v0.2", predicate));
    assert_eq!(read.sentence, "Built from owner/app at abc by Dockerfile");
    assert!(read.facts.iter().any(|fact| fact.name == "dockerfile" && fact.value == "FROM scratch"));
    let read = of(&statement("https://slsa.dev/provenance/v0.2", json!({})));
    assert_eq!(read.said.reason, "built-somewhere");
}

#[test]
fn trap_16_the_subject_decides_and_names_are_claims() {
    let mut one = statement("https://slsa.dev/provenance/v1", built());
    assert_eq!(check(&of(&one), CheckId::SignedSubject), (Outcome::Pass, "statement-fits"));
    one["subject"] = subject(OTHER);
    let read = of(&one);
    assert_eq!(check(&read, CheckId::SignedSubject), (Outcome::Warn, "statement-of-platform"));
    assert_eq!((read.subjects[0].fits, read.subjects[0].platform.as_deref()), (Fit::Platform, Some("linux/arm64")));
    one["subject"] = subject(ELSEWHERE);
    let read = of(&one);
    assert_eq!(check(&read, CheckId::SignedSubject), (Outcome::Warn, "statement-of-other-index"));
    assert_eq!((read.subjects[0].fits, read.subjects[0].platform.as_deref()), (Fit::OtherIndex, None));
    one["subject"] = subject(&IMAGE.replace('1', "3"));
    assert_eq!(check(&of(&one), CheckId::SignedSubject), (Outcome::Fail, "statement-of-another"));
    one["subject"] = json!([]);
    assert_eq!(check(&of(&one), CheckId::SignedSubject), (Outcome::NotChecked, "statement-without-subject"));
    // Not only the first of several.
    one["subject"] = json!([subject(&IMAGE.replace('1', "3"))[0], subject(IMAGE)[0]]);
    assert_eq!(check(&of(&one), CheckId::SignedSubject), (Outcome::Pass, "statement-fits"));
    let spdx = json!({ "spdxVersion": "SPDX-2.3", "name": "registry.example/app", "packages": [] });
    let mut other = statement("https://spdx.dev/Document", spdx);
    other["subject"] = subject(&IMAGE.replace('1', "3"));
    assert_eq!(check(&of(&other), CheckId::SignedSubject), (Outcome::Fail, "statement-of-another"));
}

/// The judge of signatures has the same rule: `tests/trust_traps.rs`.
#[test]
fn trap_16_hex_in_capitals_is_the_same_and_another_algorithm_cannot_be_compared() {
    let hex = |letter: &str, length: usize| letter.repeat(length);
    let platforms = vec![(format!("sha256:{}", hex("b", 64)), "linux/arm64".into())];
    let about = About { image: vec![format!("sha256:{}", hex("a", 64))], platforms, ..About::default() };
    let said = |digest: Value| {
        let mut one = statement("https://slsa.dev/provenance/v1", built());
        one["subject"] = json!([{ "name": "app", "digest": digest }]);
        let read = read(one.to_string().as_bytes(), &about, None).unwrap();
        (read.subjects[0].fits, check(&read, CheckId::SignedSubject))
    };
    let pass = (Fit::Image, (Outcome::Pass, "statement-fits"));
    assert_eq!(said(json!({ "sha256": hex("A", 64) })), pass);
    assert_eq!(said(json!({ "sha512": hex("c", 128), "sha256": hex("A", 64) })), pass);
    let platform = (Fit::Platform, (Outcome::Warn, "statement-of-platform"));
    assert_eq!(said(json!({ "sha256": hex("B", 64) })), platform);
    let another = (Fit::Other, (Outcome::Fail, "statement-of-another"));
    assert_eq!(said(json!({ "sha256": hex("C", 64) })), another);
    assert_eq!(said(json!({ "sha512": hex("c", 128), "sha256": hex("c", 64) })), another);
    let apart = (Fit::Unknown, (Outcome::NotChecked, "statement-algorithm-other"));
    assert_eq!(said(json!({ "sha512": hex("a", 128) })), apart);
    assert_eq!(said(json!({ "gitCommit": hex("a", 40) })), apart);
    // The name of another algorithm may begin like that one.
    assert_eq!(said(json!({ "sha256-tree": hex("a", 64) })), apart);
}

#[test]
fn a_document_of_the_image_that_has_another_algorithm_may_be_the_subject() {
    let about = About { image: vec![IMAGE.into(), format!("sha512:{}", "d".repeat(128))], ..About::default() };
    let mut one = statement("https://slsa.dev/provenance/v1", built());
    one["subject"] = json!([{ "digest": { "sha512": "c".repeat(128) } }]);
    let said = |one: &Value| check(&read(one.to_string().as_bytes(), &about, None).unwrap(), CheckId::SignedSubject);
    assert_eq!(said(&one), (Outcome::NotChecked, "statement-algorithm-other"));
    one["subject"] = json!([{ "digest": { "sha512": "c".repeat(128), "sha256": "c".repeat(64) } }]);
    assert_eq!(said(&one), (Outcome::Fail, "statement-of-another"));
    one["subject"] = json!([{ "digest": { "sha512": "D".repeat(128) } }]);
    assert_eq!(said(&one), (Outcome::Pass, "statement-fits"));
}

#[test]
fn a_statement_of_another_type_than_its_place_claims_warns() {
    let text = statement("https://slsa.dev/provenance/v1", built()).to_string();
    let claimed = read(text.as_bytes(), &about(), Some("https://spdx.dev/Document")).unwrap();
    assert_eq!(check(&claimed, CheckId::Statement), (Outcome::Warn, "statement-type-differs"));
    let twice = text.replacen('{', "{\"predicateType\":\"https://spdx.dev/Document\",", 1);
    assert!(read(twice.as_bytes(), &about(), None).is_err());
}

#[test]
fn envelopes_and_bundles_are_unwrapped() {
    use base64::Engine;
    let inner = statement("https://slsa.dev/provenance/v1", built()).to_string();
    let payload = base64::engine::general_purpose::STANDARD.encode(inner);
    let envelope =
        json!({ "payloadType": "application/vnd.in-toto+json", "payload": payload, "signatures": [{ "sig": "" }] });
    assert_eq!(of(&envelope).wrapped, [Wrap::Dsse]);
    let bundle = json!({ "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json", "verificationMaterial": {}, "dsseEnvelope": envelope });
    let read = of(&bundle);
    assert_eq!(read.wrapped, [Wrap::Bundle, Wrap::Dsse]);
    assert_eq!(read.kind, "https://slsa.dev/provenance/v1");
}

#[test]
fn lists_of_packages_are_tables() {
    let spdx = json!({
        "spdxVersion": "SPDX-2.3", "name": "app", "creationInfo": { "created": "2026-11-01T00:00:00Z" },
        "packages": [
            { "name": "curl", "versionInfo": "7.88.1", "licenseDeclared": "curl", "licenseConcluded": "NOASSERTION",
              "supplier": "Organization: Debian", "externalRefs": [{ "referenceType": "purl", "referenceLocator": "pkg:deb/debian/curl@7.88.1" }] },
            { "name": "own", "licenseDeclared": "NONE" }
        ],
        "files": [{ "fileName": "./usr/bin/curl", "checksums": [{ "algorithm": "SHA256", "checksumValue": "ab" }] }]
    });
    let packages = of(&spdx).packages.unwrap();
    let row = &packages.rows[0];
    assert_eq!(
        [&row.name, &row.version, &row.licence, &row.kind, &row.supplier],
        ["curl", "7.88.1", "curl", "deb", "Debian"]
    );
    assert_eq!((packages.total, packages.without_licence), (2, 1));
    assert_eq!(packages.files, [("./usr/bin/curl".to_owned(), "sha256".to_owned(), "ab".to_owned())]);
    let cyclonedx = json!({
        "bomFormat": "CycloneDX", "specVersion": "1.5",
        "components": [{ "type": "library", "group": "@a", "name": "b", "version": "1", "purl": "pkg:npm/%40a/b@1",
            "licenses": [{ "license": { "id": "MIT" } }], "components": [{ "type": "file", "name": "inner" }] }]
    });
    let read = of(&cyclonedx);
    assert_eq!(read.sentence, "2 packages, CycloneDX 1.5");
    let rows = read.packages.unwrap().rows;
    assert_eq!((rows[0].name.as_str(), rows[0].kind.as_str(), rows[0].licence.as_str()), ("@a/b", "npm", "MIT"));
    assert_eq!(rows[1].kind, "file");
    let graph = json!({ "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": [
        { "type": "CreationInfo", "@id": "_:c", "specVersion": "3.0.1" },
        { "type": "software_Package", "spdxId": "urn:p", "name": "curl", "software_packageVersion": "7", "software_packageUrl": "pkg:deb/curl@7", "suppliedBy": "urn:o" },
        { "type": "Organization", "spdxId": "urn:o", "name": "Debian" },
        { "type": "simplelicensing_LicenseExpression", "spdxId": "urn:l", "simplelicensing_licenseExpression": "MIT" },
        { "type": "Relationship", "spdxId": "urn:r", "relationshipType": "hasDeclaredLicense", "from": "urn:p", "to": ["urn:l"] }
    ] });
    let read = of(&graph);
    assert_eq!(read.sentence, "1 packages, SPDX 3.0.1");
    let row = &read.packages.unwrap().rows[0];
    assert_eq!(
        [&row.name, &row.version, &row.licence, &row.kind, &row.supplier],
        ["curl", "7", "MIT", "deb", "Debian"]
    );
    let tags = "SPDXVersion: SPDX-2.2\nPackageName: curl\nPackageVersion: 7\nPackageLicenseDeclared: MIT\nExternalRef: PACKAGE-MANAGER purl pkg:deb/curl@7\n";
    let read = stowplan::statement::read(tags.as_bytes(), &about(), None).unwrap();
    assert_eq!(read.packages.unwrap().rows[0].kind, "deb");
}

#[test]
fn provenance_is_held_against_the_certificate_that_signed_it() {
    let said = |claims: &[(&str, &str)]| {
        let mut read = of(&statement("https://slsa.dev/provenance/v1", built()));
        let own = read.checks.len();
        read.compare(&claims.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect::<Vec<_>>());
        read.checks.split_off(own).pop().map(|check| (check.outcome, check.reason, check.message))
    };
    const COMMIT: &str = "3f2c1ab0e8c7f1b2a3d4e5f60718293a4b5c6d7e";
    let source = ("sourceRepositoryURI", "https://github.com/Owner/App");
    let commit = ("sourceRepositoryDigest", COMMIT);
    let runner = ("runnerEnvironment", "github-hosted");
    let (pass, warn) = ((Outcome::Pass, "provenance-certified"), (Outcome::Warn, "provenance-not-certified"));
    let told = |claims: &[(&str, &str)]| said(claims).map(|(outcome, reason, _)| (outcome, reason));
    let (.., words) = said(&[source, commit, runner]).unwrap();
    assert_eq!(words, "the certificate says the same: source; commit; runner");
    assert_eq!(told(&[commit]), Some(pass));
    assert_eq!(told(&[source, ("sourceRepositoryDigest", &"0".repeat(40))]), Some(warn));
    assert_eq!(told(&[("sourceRepositoryURI", "https://github.com/owner/app2"), commit]), Some(warn));
    assert_eq!(told(&[source, commit, ("runnerEnvironment", "self-hosted")]), Some(warn));
    // By another algorithm it cannot be compared, and nothing is said of what only one of them names.
    assert_eq!(told(&[("sourceRepositoryDigest", &"0".repeat(64)), ("buildTrigger", "push")]), None);
}

/// The names of the files that each package of a list has.
fn owned(list: &Value) -> Vec<Vec<String>> {
    let packages = of(list).packages.unwrap();
    let name = |at: &u32| format!("{}:{}", packages.files[*at as usize].0, packages.files[*at as usize].1);
    packages.rows.iter().map(|row| row.files.iter().map(name).collect()).collect()
}

#[test]
fn files_belong_to_the_packages_that_a_list_says() {
    let file = |id: &str| {
        json!({ "SPDXID": id, "fileName": format!("/{id}"), "checksums": [
            { "algorithm": "SHA1", "checksumValue": "00" }, { "algorithm": "SHA256", "checksumValue": "ab" }] })
    };
    let relation = |from: &str, kind: &str, to: &str| json!({ "spdxElementId": from, "relationshipType": kind, "relatedSpdxElement": to });
    let spdx = json!({
        "spdxVersion": "SPDX-2.3",
        "packages": [{ "SPDXID": "p", "name": "p", "hasFiles": ["a", "p", "no"] }, { "SPDXID": "q", "name": "q" }, { "name": "r" }],
        "files": [file("a"), file("b"), file("c"), file("d")],
        "relationships": [
            relation("p", "CONTAINS", "b"), relation("c", "CONTAINED_BY", "q"), relation("q", "OTHER", "d"),
            relation("DOCUMENT", "DESCRIBES", "p"), relation("p", "CONTAINS", "q"), relation("", "CONTAINS", "d"),
        ]
    });
    let both = |id: &str| [format!("/{id}:sha1"), format!("/{id}:sha256")];
    assert_eq!(owned(&spdx), [[both("a"), both("b")].concat(), both("c").to_vec(), vec![]]);
    // Go writes null for a list that is empty.
    let empty =
        json!({ "spdxVersion": "SPDX-2.3", "packages": [{ "name": "p", "hasFiles": null }], "relationships": null });
    assert_eq!(owned(&empty), [Vec::<String>::new()]);
    let graph = json!({ "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": [
        { "type": "Relationship", "spdxId": "urn:r", "relationshipType": "contains", "from": "urn:p", "to": ["urn:f", "urn:g", "urn:p"] },
        { "type": "software_Package", "spdxId": "urn:p", "name": "p" },
        { "type": "software_File", "spdxId": "urn:f", "name": "/f", "verifiedUsing": [
            { "type": "Hash", "algorithm": "sha256", "hashValue": "ab" }, { "type": "PackageVerificationCode" }, "urn:other"] },
        { "type": "software_File", "spdxId": "urn:g", "name": "/g" }
    ] });
    assert_eq!(owned(&graph), [["/f:sha256"]]);
    let hashes = json!([{ "alg": "SHA-256", "content": "ab" }]);
    let cyclonedx = json!({ "bomFormat": "CycloneDX", "specVersion": "1.5", "components": [
        { "type": "library", "name": "p", "hashes": hashes, "components": [{ "type": "file", "name": "/f", "hashes": hashes }] },
        { "type": "file", "name": "/g", "hashes": hashes }, { "type": "file", "name": "only-a-name", "hashes": hashes }] });
    assert_eq!(owned(&cyclonedx), [vec!["/f:sha-256"], vec!["/f:sha-256"], vec!["/g:sha-256"], vec![]]);
}

#[test]
fn packages_with_more_hashes_than_are_taken_over_have_none_rather_than_a_part() {
    let hash = json!({ "algorithm": "SHA256", "checksumValue": "ab" });
    let file = |at: u32| json!({ "SPDXID": format!("f{at}"), "fileName": "/f", "checksums": vec![&hash; 8] });
    let packages = json!([
        { "SPDXID": "p", "name": "p", "hasFiles": ["f0", "f24999"] },
        { "SPDXID": "q", "name": "q", "hasFiles": ["f1", "f25000"] },
    ]);
    let files: Vec<_> = (0..=25_000).map(file).collect();
    let read = of(&json!({ "spdxVersion": "SPDX-2.3", "packages": packages, "files": files })).packages.unwrap();
    assert_eq!(read.files.len(), 200_000);
    let own: Vec<_> = (0..8).chain(199_992..200_000).collect();
    assert_eq!(read.rows.iter().map(|row| row.files.clone()).collect::<Vec<_>>(), [own, vec![]]);
    // One file may be named by as many packages as there are: together they have no more than that.
    let packages: Vec<_> =
        (0..3).map(|at| json!({ "SPDXID": format!("p{at}"), "hasFiles": vec!["f0"; 11_000] })).collect();
    let read = of(&json!({ "spdxVersion": "SPDX-2.3", "packages": packages, "files": [file(0)] })).packages.unwrap();
    assert_eq!(read.rows.iter().map(|row| row.files.len()).collect::<Vec<_>>(), [88_000, 88_000, 0]);
}

#[test]
fn more_packages_than_are_shown_are_counted() {
    let packages: Vec<_> = (0..50_010).map(|at| json!({ "name": format!("p{at}") })).collect();
    let packages = of(&json!({ "spdxVersion": "SPDX-2.3", "packages": packages })).packages.unwrap();
    assert_eq!((packages.rows.len(), packages.total), (50_000, 50_010));
}

#[test]
fn a_changed_byte_never_breaks_a_reader() {
    let one = statement("https://slsa.dev/provenance/v1", built()).to_string().into_bytes();
    for at in 0..one.len() {
        for change in [1_u8, 0x20, 0x80, 0xff] {
            let mut changed = one.clone();
            changed[at] ^= change;
            if let Ok(read) = read(&changed, &about(), None) {
                assert!(!read.sentence.chars().any(stowplan::is_hidden));
            }
        }
        let _cut = read(&one[..at], &about(), None);
    }
}

#[test]
fn statements_of_other_projects_are_read() {
    let Some(folder) = vectors() else { return };
    let index: Value = serde_json::from_slice(&fs::read(folder.join("index.json")).unwrap()).unwrap();
    // Its payload was cut.
    let broken = "binary-linux-amd64-no-tlog-upload.intoto.jsonl";
    let (mut seen, mut unread) = (0, Vec::new());
    for one in index.as_array().unwrap() {
        let text = |name: &str| one[name].as_str().unwrap_or_default();
        let is_read = match (text("kind"), text("expected")) {
            _ if text("file").ends_with(broken) => false,
            ("cyclonedx" | "openvex", "valid") => !text("file").ends_with(".xml"),
            ("sbom" | "in-toto-statement" | "vuln-predicate" | "dsse-envelope", _) => true,
            _ => false,
        };
        let file = folder.join(text("file"));
        let (true, Ok(bytes)) = (is_read, fs::read(file)) else { continue };
        match read(&bytes, &About::default(), None) {
            Ok(read) => assert!(!read.sentence.is_empty()),
            Err(error) => unread.push((text("file").to_owned(), error.to_string())),
        }
        seen += 1;
    }
    assert!(unread.is_empty(), "{unread:#?}");
    assert!(seen > 50, "{seen}");
}

#[test]
fn what_of_a_cyclonedx_document_is_wrong_is_named_and_a_right_one_has_no_failure() {
    let Some(folder) = vectors() else { return };
    let index: Value = serde_json::from_slice(&fs::read(folder.join("index.json")).unwrap()).unwrap();
    let (mut seen, mut otherwise) = (0, Vec::new());
    for one in index.as_array().unwrap().iter().filter(|one| one["kind"] == "cyclonedx") {
        let file = one["file"].as_str().unwrap_or_default();
        let Ok(bytes) = fs::read(folder.join(file)) else { continue };
        // The specification's own tests skip some of its documents.
        if !file.ends_with(".json") || file.contains("/skip_") {
            continue;
        }
        let read = read(&bytes, &About::default(), None);
        let wrong: Vec<_> = match &read {
            Ok(read) => read
                .checks
                .iter()
                .filter(|check| check.outcome == Outcome::Fail)
                .map(|check| check.message.clone())
                .collect(),
            Err(error) => vec![error.to_string()],
        };
        if wrong.is_empty() != (one["expected"] == "valid") {
            otherwise.push((file.rsplit('/').next().unwrap_or_default().to_owned(), wrong));
        }
        seen += 1;
    }
    assert!(otherwise.is_empty(), "{} of {seen}: {otherwise:#?}", otherwise.len());
}
