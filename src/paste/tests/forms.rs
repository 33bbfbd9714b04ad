//! Tests: a realistic sample of every form, and what is made of it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::*;
use crate::media_type;

#[test]
fn paste_a_bare_document_is_never_cut() {
    for (document, title) in [(MANIFEST, "manifest"), (CONFIG, "config"), (INDEX, "index")] {
        let excerpt = one(&paste(document), Form::Document);
        assert_eq!((text(&excerpt), excerpt.exact, excerpt.title.as_str()), (document, true, title));
    }
    let pasted = paste("{M}\n");
    let excerpt = one(&pasted, Form::Document);
    assert_eq!(text(&excerpt), format!("{MANIFEST}\n"));
    assert!(excerpt.exact);
    notes(&pasted, "The text ends in a line break, which is kept, but may be the terminal's and not the document's.");
    let pasted = paste("  {C}");
    assert_eq!(text(&pasted.documents[0]), format!("  {CONFIG}"));
    assert!(!pasted.documents[0].exact);
    notes(
        &pasted,
        "White space stands before the document; it is kept, but may be the paste's and not the document's.",
    );
}

#[test]
fn paste_schema_1_and_unknown_json_are_documents() {
    let schema1 = r#"{"schemaVersion":1,"name":"a/b","tag":"v","fsLayers":[],"history":[],"signatures":[]}"#;
    assert_eq!(one(&paste(schema1), Form::Document).title, "schema 1 manifest");
    let descriptor = r#"{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:{HEX}","size":1}"#;
    assert_eq!(one(&paste(descriptor), Form::Document).title, "descriptor");
    assert_eq!(one(&paste(r#"{"imageLayoutVersion":"1.0.0"}"#), Form::Document).title, "oci-layout file");
    let artifact = r#"{"mediaType":"application/vnd.oci.artifact.manifest.v1+json","blobs":[]}"#;
    assert_eq!(one(&paste(artifact), Form::Document).title, "artifact manifest");
    for sample in ["{}", "[1, 2]", "{\"name\": \"x\"}"] {
        let pasted = paste(sample);
        assert_eq!((pasted.form, pasted.kind, pasted.documents.len()), (Form::ToolJson, "json", 0), "{sample}");
    }
}

#[test]
fn paste_broken_json_is_taken_as_it_is() {
    let pasted = paste("{\"schemaVersion\": 2,\n  \"layers\": [");
    let excerpt = one(&pasted, Form::Document);
    assert_eq!(text(&excerpt), "{\"schemaVersion\": 2,\n  \"layers\": [");
    assert!(!excerpt.exact);
    assert_eq!(excerpt.title, "text that is not JSON");
    notes(&pasted, "What begins like a document is not JSON: it is taken as it is.");
    let cut = MANIFEST[..MANIFEST.len() - 10].trim_end();
    assert_eq!(text(&one(&paste(&format!("$ crane manifest a\n{cut}\n$ crane digest a\n")), Form::Document)), cut);
    let pasted = paste(&format!("$ crane manifest a\n{cut}\n$ crane config a\n{{C}}"));
    assert_eq!(text(&one(&pasted, Form::Document)), CONFIG);
    notes(&pasted, "A part of the text begins like a document but is not JSON: it was left out.");
    let escaped = "{&quot;schemaVersion&quot;:2}";
    assert_eq!(text(&one(&paste(escaped), Form::Document)), escaped);
}

#[test]
fn paste_commands_that_print_documents_give_their_digest() {
    for (command, name) in [
        ("crane manifest a/b@{D}", "crane manifest"),
        ("skopeo inspect --raw docker://a/b@{D}", "skopeo inspect"),
        ("docker buildx imagetools inspect --raw a/b@{D}", "docker buildx imagetools inspect"),
        ("curl -s -H 'Accept: a/b' \\\n  https://r.example/v2/a/b/manifests/{D}", "curl"),
    ] {
        let pasted = paste(&format!("$ {command}\n{{M}}$ "));
        let excerpt = one(&pasted, Form::Document);
        assert_eq!((text(&excerpt), excerpt.exact), (MANIFEST, true), "{command}");
        assert_eq!(excerpt.expected.unwrap().as_str(), sha256(MANIFEST), "{command}");
        expects(&pasted, "{D}", &format!("the {name} command"));
        notes(&pasted, &format!("{name} prints the document as it is held."));
    }
}

#[test]
fn paste_the_digest_decides_about_the_last_line_break() {
    let digest = sha256(&format!("{MANIFEST}\n"));
    let pasted = paste(&format!("$ crane manifest a/b@{digest}\n{{M}}\n$ "));
    assert_eq!(text(&pasted.documents[0]), format!("{MANIFEST}\n"));
}

#[test]
fn paste_the_digest_decides_about_the_indentation() {
    let indented = format!("    {}", MANIFEST.replace('\n', "\n    "));
    for (own, bytes) in [(&indented, indented.as_str()), (&MANIFEST.to_owned(), MANIFEST)] {
        let pasted = paste(&format!("$ crane manifest a/b@{}\n{indented}\n$ ", sha256(own)));
        let excerpt = one(&pasted, Form::Document);
        assert_eq!((text(&excerpt), excerpt.exact), (bytes, true));
    }
    let pasted = paste(&format!("$ crane manifest a/b\n{indented}\n$ "));
    assert_eq!((text(&pasted.documents[0]), pasted.documents[0].exact), (MANIFEST, false));
}

#[test]
fn paste_the_digest_of_a_manifest_is_not_that_of_its_config() {
    let pasted = paste("$ crane config a/b@{D}\n{C}\n");
    assert_eq!(one(&pasted, Form::Document).expected, None);
    assert_eq!(pasted.expected, None);
    mentions(&pasted, "{D}", "asked", Some(&fill("a/b@{D}")));
}

#[test]
fn paste_curl_i_gives_headers_and_the_exact_body() {
    let length = MANIFEST.len();
    for (eol, http) in [("\n", "HTTP/2 200"), ("\r\n", "HTTP/1.1 200 OK")] {
        let head = format!(
            "{http}\ncontent-type: application/vnd.docker.distribution.manifest.v2+json; charset=utf-8\nDocker-Content-Digest: {{D}}\nContent-Length: {length}\n\n"
        );
        let pasted = paste(&format!(
            "$ curl -i https://r.example/v2/a/b/manifests/v1\n{}{{M}}user@host:~$ ",
            head.replace('\n', eol)
        ));
        let excerpt = one(&pasted, Form::HttpResponse);
        assert_eq!((text(&excerpt), excerpt.exact), (MANIFEST, true));
        assert_eq!(excerpt.content_type.unwrap().as_str(), media_type::DOCKER_MANIFEST);
        assert_eq!(excerpt.header_digest, Some(sha256(MANIFEST)));
        expects(&pasted, "{D}", "the Docker-Content-Digest header");
        notes(&pasted, "The body has as many bytes as Content-Length says.");
    }
}

#[test]
fn paste_the_length_says_where_a_body_ends() {
    let body = format!("\n {CONFIG}\n");
    let pasted = paste(&format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}\n\n$ ", body.len()));
    let excerpt = one(&pasted, Form::HttpResponse);
    assert_eq!((text(&excerpt), excerpt.exact), (body.as_str(), true));
    let pasted = paste("HTTP/1.1 200 OK\nContent-Length: 5\n\n{C}");
    assert!(!pasted.documents[0].exact);
    let note = format!("Content-Length is 5, but the body has {} bytes here: it was changed on its way.", CONFIG.len());
    notes(&pasted, &note);
    let pasted = paste("HTTP/1.1 200 OK\nContent-Encoding: gzip\nContent-Length: 5\n\n{C}");
    assert!(pasted.documents[0].exact);
}

#[test]
fn paste_several_answers_in_a_row() {
    let challenge = "HTTP/1.1 100 Continue\n\nHTTP/1.1 401 Unauthorized\nWww-Authenticate: Bearer\n\n{\"errors\":[]}\n";
    let pasted = paste(&format!("{challenge}HTTP/2 307\nlocation: /x\n\nHTTP/2 200\n\n{{M}}"));
    assert_eq!(text(&one(&pasted, Form::HttpResponse)), MANIFEST);
    let pasted = paste(challenge);
    assert_eq!((pasted.form, pasted.documents.len()), (Form::HttpResponse, 0));
    notes(&pasted, "The answer is 401: its body says why, it is no document.");
    let pasted = paste("HTTP/1.1 200 OK\nDocker-Content-Digest: {D}\nContent-Length: 7\n\n");
    assert_eq!((pasted.form, pasted.documents.len()), (Form::HttpResponse, 0));
    expects(&pasted, "{D}", "the Docker-Content-Digest header");
    notes(&pasted, "The answer has headers only, no document.");
}

#[test]
fn paste_curl_v_marks_what_was_received() {
    let sample = "$ curl -v https://r.example/v2/a/manifests/v1\n* Connected to r.example\n> GET /v2/a/manifests/v1 HTTP/1.1\n> Host: r.example\n>\n< HTTP/1.1 200 OK\n< Docker-Content-Digest: {D}\n<\n{ [5 bytes data]\n{M}";
    let pasted = paste(sample);
    assert_eq!(text(&one(&pasted, Form::HttpResponse)), MANIFEST);
    expects(&pasted, "{D}", "the Docker-Content-Digest header");
}

#[test]
fn paste_a_bad_digest_header_is_told() {
    let pasted = paste("HTTP/1.1 200 OK\nDocker-Content-Digest: sha256:12\n\n{M}");
    assert_eq!(pasted.expected, None);
    assert_eq!(pasted.documents[0].header_digest.as_deref(), Some("sha256:12"));
    notes(
        &pasted,
        "The Docker-Content-Digest header cannot be used: \"sha256:12\" is not a digest: it has 2 hex characters where sha256 has 64.",
    );
}

#[test]
fn paste_docker_manifest_inspect_is_not_exact() {
    let tabbed = MANIFEST.replace("   ", "\t");
    let pasted = paste(&format!("$ docker manifest inspect a/b:v\n{tabbed}\n"));
    let excerpt = one(&pasted, Form::ManifestInspect);
    assert_eq!((text(&excerpt), excerpt.exact), (tabbed.as_str(), false));
    notes(
        &pasted,
        "docker manifest inspect indents a manifest anew with tabs: only the white space is not the registry's.",
    );
    let pasted = paste("# docker manifest inspect a/b:v\n{I}\n");
    one(&pasted, Form::ManifestInspect);
    notes(&pasted, "docker manifest inspect builds an index anew from its entries and drops what it does not know.");
}

fn verbose_entry(raw: &str) -> String {
    let nested = MANIFEST.replace("   ", "\t").replace('\n', "\n\t");
    format!(
        "{{\n\t\"Ref\": \"docker.io/a/b:v@{{D}}\",\n\t\"Descriptor\": {{\n\t\t\"mediaType\": \"application/vnd.docker.distribution.manifest.v2+json\",\n\t\t\"digest\": \"{{D}}\",\n\t\t\"size\": 1\n\t}},\n{raw}\t\"SchemaV2Manifest\": {nested}\n}}"
    )
}

#[test]
fn paste_verbose_inspect_gives_the_raw_bytes() {
    let raw = format!("\t\"Raw\": \"{}\",\n", STANDARD.encode(MANIFEST));
    let pasted = paste(&verbose_entry(&raw));
    let excerpt = one(&pasted, Form::ManifestInspectVerbose);
    assert_eq!((text(&excerpt), excerpt.exact), (MANIFEST, true));
    assert_eq!(excerpt.expected.unwrap().as_str(), sha256(MANIFEST));
    assert_eq!(excerpt.content_type.unwrap().as_str(), media_type::DOCKER_MANIFEST);
    assert_eq!(excerpt.title, fill("docker.io/a/b:v@{D}"));
    expects(&pasted, "{D}", "the Descriptor");
    notes(&pasted, "The bytes of the manifests were taken from Raw.");

    let pasted = paste(&format!("$ docker manifest inspect -v a/b:v\n[\n{0},\n{0}\n]\n", verbose_entry(&raw)));
    assert_eq!((pasted.form, pasted.documents.len(), pasted.expected), (Form::ManifestInspectVerbose, 2, None));
}

#[test]
fn paste_verbose_inspect_without_raw_is_not_exact() {
    let pasted = paste(&verbose_entry(""));
    let excerpt = one(&pasted, Form::ManifestInspectVerbose);
    assert_eq!((text(&excerpt), excerpt.exact), (MANIFEST.replace("   ", "\t").as_str(), false));
    notes(
        &pasted,
        "There is no Raw, so the manifest was taken from where Docker wrote it anew: its white space is not the registry's.",
    );
    let pasted = paste(&verbose_entry("\t\"Raw\": \"!!\",\n"));
    assert!(!pasted.documents[0].exact);
    notes(&pasted, "Raw is not base64, so it could not be used.");
}

#[test]
fn paste_docker_inspect_only_mentions() {
    let record = r#"[{"Id": "sha256:{HEX}", "RepoTags": ["a/b:v"], "RepoDigests": ["a/b@{D}"], "Parent": "", "Config": {},
        "Architecture": "amd64", "Os": "linux", "RootFS": {"Type": "layers", "Layers": ["sha256:1111111111111111111111111111111111111111111111111111111111111111"]}EXTRA}]"#;
    let pasted = paste(&record.replace("EXTRA", ""));
    assert_eq!((pasted.form, pasted.documents.len()), (Form::DockerInspect, 0));
    mentions(&pasted, "sha256:{HEX}", "image-id", Some("a/b:v"));
    mentions(&pasted, "{D}", "pulled", Some("a/b"));
    mentions(&pasted, &format!("sha256:{}", "1".repeat(64)), "diff-id", Some("a/b:v"));
    let pasted = paste(&record.replace("EXTRA", r#", "Descriptor": {"digest": "sha256:{HEX}"}"#));
    mentions(&pasted, "sha256:{HEX}", "stored-id", Some("a/b:v"));
    let pasted = paste(r#"[{"Id": "{HEX}", "State": {}, "Image": "{D}"}]"#);
    mentions(&pasted, "{D}", "image-id", None);
}

#[test]
fn paste_skopeo_inspect_only_mentions() {
    let pasted = paste(
        r#"{"Name": "docker.io/a/b", "Digest": "{D}", "RepoTags": [], "Layers": ["sha256:{HEX}"], "Architecture": "amd64", "Os": "linux"}"#,
    );
    assert_eq!((pasted.form, pasted.documents.len()), (Form::SkopeoInspect, 0));
    mentions(&pasted, "{D}", "manifest-or-index", Some("docker.io/a/b"));
    mentions(&pasted, "sha256:{HEX}", "layer", Some("docker.io/a/b"));
}

#[test]
fn paste_docker_pull() {
    let pasted = paste(
        "$ docker pull busybox\nUsing default tag: latest\nlatest: Pulling from library/busybox\n9f86d081884c: Pull complete\n2c26b46b68ff: Already exists\nDigest: {D}\nStatus: Downloaded newer image for busybox:latest\ndocker.io/library/busybox:latest\n",
    );
    assert_eq!((pasted.form, pasted.documents.len()), (Form::PullOutput, 0));
    mentions(&pasted, "9f86d081884c", "layer", Some("busybox:latest"));
    mentions(&pasted, "2c26b46b68ff", "layer", Some("busybox:latest"));
    mentions(&pasted, "{D}", "manifest-or-index", Some("busybox:latest"));
    expects(&pasted, "{D}", "the line Digest: …");
}

#[test]
fn paste_pushes_and_podman() {
    let pasted =
        paste("The push refers to repository [r.example/a/b]\n9f86d081884c: Pushed\nv1: digest: {D} size: 528\n");
    mentions(&pasted, "9f86d081884c", "diff-id", Some("r.example/a/b"));
    expects(&pasted, "{D}", "the line digest: … of the push");
    let pasted = paste(
        "Trying to pull docker.io/library/busybox:latest...\nGetting image source signatures\nCopying blob sha256:{HEX}\nCopying config 2c26b46b68 done\nWriting manifest to image destination\n{HEX}\n",
    );
    assert_eq!(pasted.form, Form::PullOutput);
    mentions(&pasted, "sha256:{HEX}", "layer", None);
    mentions(&pasted, "2c26b46b68", "config", None);
}

#[test]
fn paste_tables_of_images() {
    const ID: &str = "image-id";
    let pasted = paste(
        "REPOSITORY   TAG       DIGEST        IMAGE ID       CREATED       SIZE\nbusybox      latest    {D}   9f86d081884c   2 weeks ago   4.26MB\n<none>       <none>    <none>   2c26b46b68ff   2 weeks ago   4MB\n",
    );
    assert_eq!((pasted.form, pasted.documents.len()), (Form::ImagesTable, 0));
    mentions(&pasted, "{D}", "manifest-or-index", Some("busybox:latest"));
    mentions(&pasted, "9f86d081884c", ID, Some("busybox:latest"));
    mentions(&pasted, "2c26b46b68ff", ID, None);
    let pasted = paste(
        "$ podman images\nREPOSITORY                 TAG     IMAGE ID      CREATED      SIZE\nlocalhost/a                v       9f86d081884c  2 weeks ago  4.5 MB\n",
    );
    mentions(&pasted, "9f86d081884c", ID, Some("localhost/a:v"));
    let pasted = paste(
        "IMAGE             ID             DISK USAGE   CONTENT SIZE   EXTRA\nbusybox:latest    9f86d081884c   6.1MB   2MB   U\n├─ linux/amd64    2c26b46b68ff   6.1MB   2MB\n",
    );
    mentions(&pasted, "9f86d081884c", "image-id", Some("busybox:latest"));
    mentions(&pasted, "2c26b46b68ff", "platform-manifest", Some("busybox:latest"));
}

#[test]
fn paste_docker_history() {
    let pasted = paste(
        "IMAGE                    CREATED       CREATED BY                  SIZE      COMMENT\nsha256:{HEX}   2 weeks ago   /bin/sh -c #(nop) CMD [\"sh\"]   0B\n<missing>                2 weeks ago   ADD file in /               4MB\n2c26b46b68ff   3 weeks ago  RUN x  1B\n",
    );
    assert_eq!((pasted.form, pasted.documents.len()), (Form::HistoryTable, 0));
    mentions(&pasted, "sha256:{HEX}", "image-id", None);
    mentions(&pasted, "2c26b46b68ff", "build-step", None);
}

#[test]
fn paste_bare_digests_and_prefixes() {
    for sample in ["sha256:{HEX}", "{HEX}\n", "`sha256:{HEX}`", "@sha256:{HEX}", "> sha256:{HEX}"] {
        let pasted = paste(sample);
        assert_eq!((pasted.form, pasted.digests.len(), pasted.expected.is_none()), (Form::Digest, 1, true), "{sample}");
        mentions(&pasted, "sha256:{HEX}", "digest", None);
    }
    for (sample, prefix) in
        [("9f86d0", "9f86d0"), ("sha256:9F86D081…", "sha256:9f86d081"), ("9f86d081884c\n", "9f86d081884c")]
    {
        let pasted = paste(sample);
        assert_eq!(pasted.form, Form::DigestPrefix, "{sample}");
        mentions(&pasted, prefix, "digest", None);
    }
    let pasted = paste("$ crane digest busybox\nsha256:{HEX}\n");
    assert_eq!(pasted.form, Form::Digest);
    mentions(&pasted, "sha256:{HEX}", "printed", Some("busybox"));
}

#[test]
fn paste_a_document_in_a_string_of_other_json_is_taken_out() {
    let answer =
        serde_json::json!({"images": [{"imageId": {"imageDigest": sha256(MANIFEST)}, "imageManifest": MANIFEST}]});
    let pasted = paste(&answer.to_string());
    let excerpt = one(&pasted, Form::ToolJson);
    assert_eq!((text(&excerpt), excerpt.exact, pasted.kind), (MANIFEST, true, "ecr-batch-get-image"));
    assert!(pasted.candidates.iter().any(|digest| digest.as_str() == sha256(MANIFEST)));
}

#[test]
fn paste_what_is_not_known() {
    for sample in
        ["", "hello world", "INFO done {\"took\": 3} status=200\nand more", "\u{feff}", "{HEX}{HEX}", "$ ls", "a = [1]"]
    {
        let pasted = paste(sample);
        assert_eq!((pasted.form, pasted.documents.len(), pasted.digests.len()), (Form::Unknown, 0, 0), "{sample}");
    }
}

#[test]
fn paste_digests_beside_a_document_are_expected_of_it() {
    for (sample, from) in [
        ("Digest: {D}\n\n{M}", "the line Digest: …"),
        ("{M}\n\n{D}\n", "a line of its own"),
        ("{M}\n# expected: {D}\n", "the line expected: …"),
        ("The manifest should be {D}, but is not:\n```json\n{M}\n```\n", "the text beside the document"),
        ("{M}$ crane manifest a | sha256sum\nHEXD  -\n", "the line of sha256sum"),
    ] {
        let pasted = paste(&sample.replace("HEXD", &sha256(MANIFEST)[7..]));
        assert_eq!(text(&one(&pasted, Form::Document)), MANIFEST, "{sample}");
        expects(&pasted, "{D}", from);
    }
}

#[test]
fn paste_the_closest_digest_is_expected_and_the_others_mentioned() {
    let pasted = paste("sha256:{HEX}\n$ crane manifest a/b@{D}\n{M}\n");
    expects(&pasted, "{D}", "the crane manifest command");
    mentions(&pasted, "sha256:{HEX}", "digest", None);
    let pasted = paste("Digest: sha256:{HEX}\nexpected: {D}\n{M}\n");
    expects(&pasted, "sha256:{HEX}", "the line Digest: …");
    mentions(&pasted, "{D}", "digest", None);
}

#[test]
fn paste_text_with_digests() {
    let pasted = paste("Name: docker.io/a/b:v\nDigest: {D}\nManifests:\n  Name: docker.io/a/b:v@sha256:{HEX}\n");
    assert_eq!((pasted.form, pasted.expected.is_none()), (Form::Mentions, true));
    mentions(&pasted, "{D}", "manifest-or-index", Some("docker.io/a/b:v"));
    mentions(&pasted, "sha256:{HEX}", "pin", Some("docker.io/a/b:v"));
    let pasted = paste("$ docker pull busybox@sha256:{HEX}");
    assert_eq!(pasted.form, Form::Command);
    mentions(&pasted, "sha256:{HEX}", "pin", Some("busybox"));
    assert_eq!(pasted.inspect.as_deref(), Some(fill("busybox@sha256:{HEX}").as_str()));
    let pasted = paste("image id: sha256:{HEX}\nand more");
    mentions(&pasted, "sha256:{HEX}", "image-id", None);
}

#[test]
fn paste_several_documents_come_out_in_order() {
    let pasted = paste("$ crane manifest a\n{M}$ crane config a\n{C}\n{I}{C}");
    assert_eq!(pasted.form, Form::Several);
    let titles: Vec<&str> = pasted.documents.iter().map(|document| document.title.as_str()).collect();
    assert_eq!(titles, ["manifest", "config", "index", "config"]);
    assert_eq!(text(&pasted.documents[0]), MANIFEST);
    assert_eq!(text(&pasted.documents[1]), CONFIG);
    let pasted = paste("HTTP/2 200\n\n{M}\n$ crane config a\n{C}\n9f86d081884c: Pull complete\n");
    assert_eq!((pasted.form, pasted.documents.len()), (Form::Several, 2));
    mentions(&pasted, "9f86d081884c", "layer", None);
}

#[test]
fn paste_codes_and_sentences_are_stable() {
    let all = [
        (Form::Document, "document"),
        (Form::HttpResponse, "http-response"),
        (Form::ManifestInspect, "manifest-inspect"),
        (Form::ManifestInspectVerbose, "manifest-inspect-verbose"),
        (Form::DockerInspect, "docker-inspect"),
        (Form::SkopeoInspect, "skopeo-inspect"),
        (Form::PullOutput, "pull-output"),
        (Form::ImagesTable, "images-table"),
        (Form::RegistryTable, "registry-table"),
        (Form::HistoryTable, "history-table"),
        (Form::Digest, "digest"),
        (Form::DigestPrefix, "digest-prefix"),
        (Form::ToolJson, "tool-json"),
        (Form::ErrorMessage, "error-message"),
        (Form::ImageFile, "image-file"),
        (Form::Reference, "reference"),
        (Form::Command, "command"),
        (Form::Mentions, "mentions"),
        (Form::Several, "several"),
        (Form::Unknown, "unknown"),
    ];
    for (form, code) in all {
        assert_eq!(form.code(), code);
        for sentence in [form.describe(), form.proof()] {
            assert!(sentence.ends_with('.') && sentence.starts_with(char::is_uppercase), "{sentence}");
        }
    }
    assert_eq!(serde_json::to_string(&Form::HttpResponse).unwrap(), "\"http-response\"");
    assert_eq!(Form::HttpResponse.describe(), "This is a registry's answer with its headers, as curl -i prints it.");
}

#[test]
fn paste_tables_of_containers_and_of_gcloud() {
    let pasted = paste(
        "CONTAINER ID   IMAGE          COMMAND   CREATED      STATUS      PORTS     NAMES\n2752ea5db34c   9f86d081884c   \"sh\"      3 days ago   Up 3 days             web\n2752ea5db34d   r.example/a:1   \"sh\"      3 days ago   Up             b\n",
    );
    assert_eq!((pasted.form, pasted.kind), (Form::ImagesTable, "containers-table"));
    mentions(&pasted, "9f86d081884c", "image-id", None);
    assert!(!pasted.digests.iter().any(|mention| mention.digest_text.starts_with("2752")), "a container is no image");
    assert_eq!(pasted.references[0].text, "r.example/a:1");
    let pasted = paste("DIGEST        TAGS  TIMESTAMP\n9f86d081884c  2.4   2024-03-02T10:00:00\n");
    mentions(&pasted, "9f86d081884c", "manifest-or-index", None);
    assert!(pasted.notes.iter().all(|note| note.code() != "no-name"));
}

#[test]
fn paste_output_of_builds_and_of_cosign() {
    let pasted = paste(
        "#5 [1/3] FROM r.example/a:1@sha256:{HEX}\n#5 sha256:{HEX} 3.40MB / 3.40MB 0.3s done\n#5 extracting {D} 0.1s done\n",
    );
    assert_eq!(pasted.kind, "build-output");
    mentions(&pasted, "{D}", "layer", None);
    let pasted = paste(
        "Step 1/2 : FROM alpine\n ---> 9f86d081884c\n ---> Running in 2752ea5db34c\nSuccessfully built 2c26b46b68ff\n",
    );
    mentions(&pasted, "9f86d081884c", "build-step", None);
    mentions(&pasted, "2c26b46b68ff", "image-id", None);
    assert_eq!(pasted.digests.len(), 2, "a container is no image");
    let pasted = paste("└── Signatures for an image tag: r.example/a:sha256-{HEX}.sig\n");
    mentions(&pasted, "sha256:{HEX}", "subject", Some("r.example/a"));
}

#[test]
fn paste_refusals_say_what_they_mean() {
    let refusal = "{\"errors\":[{\"code\":\"UNAUTHORIZED\",\"message\":\"authentication required\"}]}";
    for text in [refusal.to_owned(), format!("HTTP/1.1 401 Unauthorized\n\n{refusal}\n")] {
        let pasted = read(text.as_bytes());
        assert!(pasted.notes.iter().any(|note| note.code() == "means-unauthorized"), "{text}");
    }
}

#[test]
fn paste_sentences_that_begin_like_commands_are_read() {
    let pasted = paste("docker pull で表示されるダイジェスト sha256:{HEX} と違う。\n");
    mentions(&pasted, "sha256:{HEX}", "manifest-or-index", None);
    let pasted = paste("docker pull shows sha256:{HEX}, why?\n");
    mentions(&pasted, "sha256:{HEX}", "digest", None);
    let pasted = paste("FAIL: r.example/a:1\nvalidating image: mismatched digest: x\n");
    assert_eq!(pasted.references.iter().map(|named| named.text.as_str()).collect::<Vec<_>>(), ["r.example/a:1"]);
}

#[test]
fn paste_digests_in_upper_case_are_said_and_names_on_other_lines_kept() {
    let upper = fill("{HEX}").to_uppercase();
    let pasted = read(format!("SHA256          {upper}       C:\\m.json\n").as_bytes());
    mentions(&pasted, "sha256:{HEX}", "sum", None);
    assert!(pasted.notes.iter().any(|note| note.code() == "upper-case"));
    let pasted = paste("Pushed: r.example/chart:1.2.3\nDigest: {D}\n");
    assert_eq!(pasted.kind, "helm-output");
    mentions(&pasted, "{D}", "manifest-or-index", Some("r.example/chart:1.2.3"));
    let pasted = paste("pullImage {\n imageName = \"r.example/a\";\n imageDigest = \"sha256:{HEX}\";\n}\n");
    mentions(&pasted, "sha256:{HEX}", "manifest-or-index", Some("r.example/a"));
}

#[test]
fn paste_columns_of_tables_say_what_their_digests_are() {
    let (a, b) = (format!("sha256:{}", "a".repeat(64)), format!("sha256:{}", "b".repeat(64)));
    let table = format!(
        "--------\n|  DescribeImages  |\n+----+----+\n|  imageDigest  |  imageTags  |\n+----+----+\n|  {a}  |  v1  |\n+----+----+\n\n| Name | Image ID | Note |\n|---|---|---|\n| x | `{b}` | y |\n"
    );
    let read = crate::paste::read(table.as_bytes());
    let what: Vec<(&str, crate::paste::What)> =
        read.digests.iter().map(|one| (one.digest_text.as_str(), one.what)).collect();
    assert_eq!(what, [(a.as_str(), crate::paste::What::ManifestOrIndex), (b.as_str(), crate::paste::What::ImageId)]);
}

#[test]
fn paste_a_label_at_the_end_of_a_long_log_is_still_the_closest() {
    let line = |at: usize| format!("The image r.example/a:1 had sha256:{at:064x} once.\n");
    let log: String = (0..3000).map(line).collect();
    let pasted = paste(&format!("{log}Digest: {{D}}\n{{M}}\n"));
    expects(&pasted, "{D}", "the line Digest: …");
    assert_eq!(pasted.digests.len(), crate::limits::PASTE_DIGESTS);
}

#[test]
fn paste_a_version_before_a_digest_is_no_image() {
    let digest = format!("sha256:{}", "a".repeat(64));
    let read = crate::paste::read(format!("stored artifact for digest '6.5.4@{digest}'\n").as_bytes());
    assert!(read.references.is_empty(), "{:?}", read.references);
    assert_eq!((read.digests[0].digest_text.as_str(), read.digests[0].reference.as_deref()), (digest.as_str(), None));
}

#[test]
fn paste_digests_of_a_file_are_listed_if_they_stand_apart_from_their_names() {
    let hex = "a".repeat(64);
    let read = crate::paste::read(format!("image:\n  repository: r.example/a\n  tag: v1\n  sha: {hex}\n").as_bytes());
    let one = &read.digests[0];
    assert_eq!(
        (one.digest_text.as_str(), one.reference.as_deref()),
        (format!("sha256:{hex}").as_str(), Some("r.example/a:v1"))
    );
    assert_eq!(one.line, Some(4));
}
