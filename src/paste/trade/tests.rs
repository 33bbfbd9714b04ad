//! Tests: files as people have them, what is read from them, and that pinning changes nothing else.

use super::*;

fn digest(n: usize) -> Digest {
    Digest::parse(&format!("sha256:{n:064x}")).unwrap()
}

/// Reads a file of that kind: `reference @ line` of each row.
#[track_caller]
fn rows(text: &str, name: Option<&str>, kind: FileKind) -> Vec<String> {
    let file = read_images(text, name);
    assert_eq!(file.kind, Some(kind), "{file:?}");
    file.images.iter().map(|row| format!("{} {}", row.line, row.reference)).collect()
}

/// Pins every row to its own digest.
fn pinned(text: &str, name: Option<&str>) -> String {
    let rows = read_images(text, name).images;
    let edits: Vec<_> = rows.into_iter().enumerate().filter_map(|(at, row)| Some((row.edit?, digest(at)))).collect();
    pin_images(text, &edits).unwrap()
}

#[test]
fn trade_a_dockerfile_names_images_stages_and_variables() {
    let text = "# syntax=docker/dockerfile:1\nARG BASE=alpine:3.20\nARG GO=1.22\nFROM --platform=$BUILDPLATFORM golang:${GO} AS build\nRUN --mount=type=bind,from=busybox:1,target=/b true \\\n  && echo FROM x\nFROM build AS test\nFROM ${BASE} AS run\nCOPY --from=build /a /a\nCOPY --from=ghcr.io/o/tool:v1 /t /t\nCOPY --from=0 /x /x\nRUN <<EOF\nFROM not:this\nEOF\nFROM --platform=linux/arm64 scratch\n";
    let found = rows(text, None, FileKind::Dockerfile);
    assert_eq!(
        found,
        ["1 docker/dockerfile:1", "2 alpine:3.20", "4 golang:1.22", "5 busybox:1", "10 ghcr.io/o/tool:v1"]
    );
    let pinned = pinned(text, None);
    assert_eq!(pinned.lines().nth(1), Some(format!("ARG BASE=alpine:3.20@{}", digest(1)).as_str()));
    assert_eq!(pinned.lines().nth(3), text.lines().nth(3), "a name behind a variable stays");
}

#[test]
fn trade_yaml_keeps_comments_quotes_anchors_and_line_ends() {
    let text = "services:\r\n  web: # public\r\n    image: &web \"nginx:1.25\"  # pin me\r\n    platform: linux/arm64\r\n  again: {image: *web}\r\n  db:\r\n    image: 'postgres:16@sha256:0000000000000000000000000000000000000000000000000000000000000009'\r\n  own:\r\n    image: ${IMAGE:-x}\r\n    build: .\r\n";
    let file = read_images(text, Some("compose.yml"));
    assert_eq!(file.kind, Some(FileKind::Compose));
    let web = &file.images[0];
    assert_eq!(
        (web.label.as_str(), web.line, web.column, web.platform.as_deref()),
        ("web", 3, 18, Some("linux/arm64"))
    );
    assert_eq!(&text[web.start..web.end], "nginx:1.25");
    assert_eq!((file.images.len(), file.images[1].digest.clone()), (2, Some(digest(9))));
    let expected = text
        .replace("\"nginx:1.25\"", &format!("\"nginx:1.25@{}\"", digest(0)))
        .replace(&digest(9).to_string(), &digest(1).to_string());
    assert_eq!(pinned(text, Some("compose.yml")), expected);
}

#[test]
fn trade_every_kind_is_told_by_its_content() {
    let hex = digest(7);
    for (text, kind, found) in [
        ("apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: a\n    image: a/b:v\n---\napiVersion: v1\nkind: Pod\nspec:\n  initContainers:\n  - image: c:1\n".to_owned(), FileKind::Kubernetes, vec!["6 a/b:v", "12 c:1"]),
        ("image:\n  registry: quay.io\n  repository: a/b\n  tag: \"1.2\"\nsidecar:\n  image:\n    repository: c/d\n    tag: v1\n    digest: \"\"\n".to_owned(), FileKind::HelmValues, vec!["4 quay.io/a/b:1.2", "9 c/d:v1"]),
        ("on: push\njobs:\n  t:\n    runs-on: x\n    container: node:20\n    services:\n      db:\n        image: postgres:16\n    steps:\n      - uses: actions/checkout@v4\n      - uses: docker://alpine:3.20\n".to_owned(), FileKind::GithubWorkflow, vec!["5 node:20", "8 postgres:16", "11 alpine:3.20"]),
        ("stages: [t]\nimage: ruby:3.3\nt:\n  image:\n    name: a/b:v\n    entrypoint: ['']\n  services:\n    - postgres:16\n    - name: redis:7\n  script:\n    - \"image: not:this\"\n".to_owned(), FileKind::GitlabCi, vec!["2 ruby:3.3", "5 a/b:v", "8 postgres:16", "9 redis:7"]),
        ("{\n\t// base\n\t\"image\": \"mcr.microsoft.com/devcontainers/base:1\", /* x */\n\t\"features\": {},\n}\n".to_owned(), FileKind::Devcontainer, vec!["3 mcr.microsoft.com/devcontainers/base:1"]),
        (format!("dockerTools.pullImage {{\n  imageName = \"nginx\";\n  imageDigest = \"{hex}\";\n  finalImageTag = \"1.25\";\n}}\n"), FileKind::Nix, vec!["3 nginx:1.25@HEX"]),
        (format!("oci.pull(\n    name = \"base\",\n    digest = \"{hex}\",\n    image = \"gcr.io/distroless/static\",\n    platforms = [\"linux/amd64\", \"linux/arm64\"],\n)\n# oci.pull(image = \"x\", tag = \"y\")\noci.pull(name = \"t\", image = \"alpine\", tag = \"3.20\")\n"), FileKind::Bazel, vec!["3 gcr.io/distroless/static@HEX", "8 alpine:3.20"]),
        (format!("{{\"deps\": [{{\"depName\": \"nginx\", \"datasource\": \"docker\", \"currentValue\": \"1.25\", \"currentDigest\": \"{hex}\"}}]}}"), FileKind::Renovate, vec!["1 nginx:1.25@HEX"]),
    ] {
        let found: Vec<String> = found.into_iter().map(|row| row.replace("HEX", hex.as_str())).collect();
        assert_eq!(rows(&text, None, kind), found, "{kind:?}");
    }
}

#[test]
fn trade_split_members_are_pinned_where_the_file_has_them() {
    let values = "image:\n  repository: a/b\n  tag: 1.2 # the tag\n  digest: \"\"\n";
    assert_eq!(pinned(values, None), values.replace("digest: \"\"", &format!("digest: \"{}\"", digest(0))));
    let values = "image:\n  repository: a/b\n  tag: v1.2 # the tag\n";
    assert_eq!(pinned(values, Some("values.yaml")), values.replace("v1.2", &format!("v1.2@{}", digest(0))));
    let bazel = "oci.pull(name = \"t\", image = \"alpine\", tag = \"3.20\")\n";
    assert_eq!(pinned(bazel, None), bazel.replace("\"3.20\"", &format!("\"3.20\", digest = \"{}\"", digest(0))));
}

#[test]
fn trade_places_count_as_javascript_does_and_edits_stay_within() {
    let text = "# 😀 注释\nFROM nginx:1\n";
    let row = &read_images(text, None).images[0];
    let units: Vec<u16> = text.encode_utf16().collect();
    assert_eq!(String::from_utf16_lossy(&units[row.start..row.end]), "nginx:1");
    assert_eq!((row.line, row.column), (2, 6));
    let edit = |start, end| (Edit::new(start, end, ""), digest(1));
    assert!(pin_images(text, &[edit(0, 1000)]).is_err());
    assert!(pin_images(text, &[edit(3, 1)]).is_err());
    assert!(pin_images(text, &[edit(0, 8), edit(7, 9)]).is_err());
    assert_eq!(pin_images(text, &[]).unwrap(), text);
}

#[test]
fn trade_other_texts_name_no_image() {
    for text in [
        "",
        "hello: world\n",
        "FROM the desk of\n",
        "{\"image\": 1}",
        "image: \"{{ .Values.image }}\"\n",
        "- [\n",
        &"[".repeat(100_000),
    ] {
        let file = read_images(text, None);
        assert_eq!((file.kind, file.images.len()), (None, 0), "{text:.20}");
    }
}

#[test]
fn trade_templates_are_read_line_by_line() {
    let text = "{{- if .Values.x }}\nspec:\n  containers:\n    - image: \"nginx:1.25\"\n    - image: {{ .Values.image }}\n{{- end }}\n";
    assert_eq!(rows(text, None, FileKind::Yaml), ["4 nginx:1.25"]);
}

#[test]
fn trade_kustomize_names_images_apart() {
    let hex = digest(7);
    let text =
        format!("images:\n- name: web\n  newName: r.example/a\n  digest: {hex}\n- name: api\n  newTag: \"2.4\"\n");
    assert_eq!(rows(&text, None, FileKind::Yaml), [format!("4 r.example/a@{hex}"), "6 api:2.4".to_owned()]);
}

/// Pins every row that can be pinned: these then read as pinned, and the others as before.
#[track_caller]
fn pinned_and_read_again(text: &str, name: Option<&str>) -> String {
    let before = read_images(text, name);
    let after_text = pinned(text, name);
    let after = read_images(&after_text, name);
    assert_eq!(after.kind, before.kind, "{after_text}");
    assert_eq!(after.images.len(), before.images.len(), "{after_text}");
    for (at, (was, is)) in before.images.iter().zip(&after.images).enumerate() {
        let wanted = if was.edit.is_some() { Some(digest(at)) } else { was.digest.clone() };
        assert_eq!(is.digest, wanted, "{after_text}");
        assert_eq!(was.reference.split('@').next(), is.reference.split('@').next());
    }
    after_text
}

#[test]
fn trade_a_dockerfile_is_read_as_buildkit_reads_it() {
    let text = "# escape=`\n# syntax=docker/dockerfile:1\nARG TAG=3.20\nARG BASE=alpine:${TAG}\nARG TOOL=\"ghcr.io/o/tool:v1\"\nFROM --platform=linux/arm64 `\n  # why\n  ${BASE} `\n  AS First\nONBUILD COPY --from=ghcr.io/o/on:1 /a /b\nRUN --mount=type=cache,target=/c --mount=from=busybox:1,target=/b `\n  echo --mount=from=not:this\nCOPY --chown=1 --from=\"r.example/q:2\" a --from=not:that\nRUN <<-ONE cat <<'TWO'\nFROM not:here\n\tONE\nFROM not:there\nTWO\nFROM first\nFROM ${OTHER:-debian:12} AS last\nCOPY --from=LAST /x /x\nFROM ${TOOL}\n";
    let found = rows(text, None, FileKind::Dockerfile);
    assert_eq!(
        found,
        [
            "2 docker/dockerfile:1",
            "5 ghcr.io/o/tool:v1",
            "8 alpine:3.20",
            "10 ghcr.io/o/on:1",
            "11 busybox:1",
            "13 r.example/q:2",
            "20 debian:12"
        ]
    );
    let file = read_images(text, None);
    let row = &file.images[2];
    assert_eq!((row.label.as_str(), row.platform.as_deref(), &row.edit), ("first", Some("linux/arm64"), &None));
    let pinned = pinned_and_read_again(text, None);
    assert!(pinned.contains(&format!("FROM ${{OTHER:-debian:12@{}}} AS last", digest(6))), "{pinned}");
    assert!(pinned.contains(&format!("--from=\"r.example/q:2@{}\" a", digest(5))), "{pinned}");
    assert!(pinned.contains(&format!("ARG TOOL=\"ghcr.io/o/tool:v1@{}\"\n", digest(1))), "{pinned}");
}

#[test]
fn trade_an_argument_takes_a_digest_only_if_it_is_a_whole_name_everywhere() {
    let both = "ARG BASE=alpine:3.20\nFROM ${BASE}\nFROM ${BASE}-slim\n";
    assert_eq!(pinned_and_read_again(both, None), both);
    let hex = digest(9);
    let apart = format!("ARG PIN={hex}\nFROM alpine:3.20@${{PIN}}\n");
    assert_eq!(pinned_and_read_again(&apart, None), apart.replace(hex.as_str(), digest(0).as_str()));
    let twice = format!("ARG PIN={hex}\nFROM a:1@$PIN\nFROM b:1@$PIN\n");
    assert_eq!(pinned_and_read_again(&twice, None), twice);
    let one = "ARG BASE=alpine:3.20\nFROM $BASE AS a\nFROM ${BASE:-x} AS b\n";
    assert_eq!(pinned_and_read_again(one, None), one.replace("3.20", &format!("3.20@{}", digest(0))));
}

#[test]
fn trade_compose_files_have_defaults_of_variables() {
    let text = "services:\n  a:\n    image: ${A:-nginx:1.25}\n  b:\n    image: \"${REG-docker.io}/library/redis:${TAG:-7}\" # 缓存 😀\n  c:\n    image: ${REG:-ghcr.io}/o/app:1\n  d:\n    image: ${IMG}\n  e:\n    image: o/app:${V:-1}-slim\n";
    let found = rows(text, Some("compose.yml"), FileKind::Compose);
    assert_eq!(found, ["3 nginx:1.25", "5 docker.io/library/redis:7", "7 ghcr.io/o/app:1", "11 o/app:1-slim"]);
    let wanted = text
        .replace("nginx:1.25}", &format!("nginx:1.25@{}}}", digest(0)))
        .replace("TAG:-7}", &format!("TAG:-7@{}}}", digest(1)))
        .replace("app:1\n", &format!("app:1@{}\n", digest(2)));
    assert_eq!(pinned_and_read_again(text, Some("compose.yml")), wanted);
}

#[test]
fn trade_bazel_reads_brackets_strings_and_names() {
    let hex = digest(9);
    let text = format!(
        "PIN = \"{hex}\"\n\noci.pull(\n    # digest = \"no\",\n    name = \"a)\",\n    image = 'gcr.io/a/b',\n    labels = {{\"x\": f(\"digest\", (1))}},\n    tag = \"1\",\n    digest = PIN,\n    platforms = [\n        \"linux/amd64\",\n    ],\n)\ncontainer_pull(name = \"c\", registry = \"r.example\", repository = \"\"\"o/c\"\"\", tag = \"2\",\n)\noci_pull(name = \"d\", image = \"e\", digest = made(\"x\"))\n\"oci.pull(image = 'not', tag = 'this')\"\n"
    );
    let found = rows(&text, Some("MODULE.bazel"), FileKind::Bazel);
    assert_eq!(found, [format!("8 gcr.io/a/b:1@{hex}"), "14 r.example/o/c:2".to_owned(), "16 e".to_owned()]);
    let file = read_images(&text, None);
    let first = &file.images[0];
    assert_eq!((first.label.as_str(), first.platform.as_deref()), ("a)", Some("linux/amd64")));
    let wanted = text
        .replace(hex.as_str(), digest(0).as_str())
        .replace("tag = \"2\"", &format!("tag = \"2\", digest = \"{}\"", digest(1)));
    assert_eq!(pinned_and_read_again(&text, None), wanted);
}

#[test]
fn trade_nix_reads_braces_strings_and_names() {
    let hex = digest(9);
    let text = format!(
        "{{ pkgs }}: let\n  pin = \"{hex}\";\nin [\n  (pkgs.dockerTools.pullImage rec {{\n    imageName = \"nginx\";\n    /* imageDigest = \"no\"; */\n    passthru = {{ imageName = \"not}}this\"; }};\n    imageDigest = pin;\n    finalImageTag = ''1.25'';\n    os = \"linux\"; arch = \"arm64\";\n  }})\n  {{ imageName = \"quay.io/a/b\"; imageDigest = \"{}\"; sha256 = \"0\"; }}\n  (pullImage {{ imageName = \"redis\"; finalImageTag = \"7\"; }})\n]\n",
        digest(8)
    );
    let found = rows(&text, None, FileKind::Nix);
    assert_eq!(
        found,
        [format!("2 nginx:1.25@{hex}"), format!("12 quay.io/a/b@{}", digest(8)), "13 redis:7".to_owned()]
    );
    assert_eq!(read_images(&text, None).images[0].platform.as_deref(), Some("linux/arm64"));
    let wanted = text
        .replace(hex.as_str(), digest(0).as_str())
        .replace(digest(8).as_str(), digest(1).as_str())
        .replace("\"redis\";", &format!("\"redis\"; imageDigest = \"{}\";", digest(2)));
    assert_eq!(pinned_and_read_again(&text, None), wanted);
}

#[test]
fn trade_charts_write_digests_as_their_members_do() {
    let hex = |n: usize| digest(n).encoded().to_owned();
    let text = format!(
        "grafana:\n  image:\n    registry: docker.io\n    repository: grafana/grafana\n    tag: 11.0.0\n    sha: \"\"\nloki:\n  image:\n    repository: grafana/loki\n    tag: 3.0.0\n    sha: {}\nnull:\n  image: {{repository: a/b, tag: v1, digest: }}\n  other: 1\nsha:\n  image:\n    repository: c/d\n    tag: v2\n    sha:\n    # here\ningress:\n  image:\n    registry: registry.k8s.io\n    image: ingress-nginx/controller\n    tag: \"v1.10.0\"\n    digest: {}\nown:\n  image:\n    repository: e/f\n    tag: \"\"\ntilde:\n  image:\n    repository: g/h\n    tag: v3\n    digest: ~ # none\n",
        hex(9),
        digest(8)
    );
    let found = rows(&text, Some("values.yaml"), FileKind::HelmValues);
    assert_eq!(
        found,
        [
            "6 docker.io/grafana/grafana:11.0.0".to_owned(),
            format!("11 grafana/loki:3.0.0@{}", digest(9)),
            "13 a/b:v1".to_owned(),
            "19 c/d:v2".to_owned(),
            format!("26 registry.k8s.io/ingress-nginx/controller:v1.10.0@{}", digest(8)),
            "29 e/f".to_owned(),
            "35 g/h:v3".to_owned()
        ]
    );
    let wanted = text
        .replace("sha: \"\"", &format!("sha: \"{}\"", hex(0)))
        .replace(&hex(9), &hex(1))
        .replace("digest: }", &format!("digest: {} }}", digest(2)))
        .replace("sha:\n    #", &format!("sha: \"{}\"\n    #", hex(3)))
        .replace(digest(8).as_str(), digest(4).as_str())
        .replace("digest: ~ #", &format!("digest: {} #", digest(6)));
    assert_eq!(pinned_and_read_again(&text, Some("values.yaml")), wanted);
    let json = "{\"image\": {\"repository\": \"a/b\", \"tag\": \"v1\", \"digest\": null}}";
    let wanted = json.replace("null", &format!("\"{}\"", digest(0)));
    assert_eq!(pinned_and_read_again(json, Some("values.yaml")), wanted);
}

#[test]
fn trade_places_count_as_javascript_does_in_every_reader() {
    let hex = digest(9);
    for (text, name, at) in [
        ("# 😀\nFROM 😀 AS x\nARG A=\"😀\" B=1\nFROM a:1\n".to_owned(), "Dockerfile", "a:1"),
        ("x: 😀 \ny: {k: '😀😀', image: a:1}\n".to_owned(), "compose.yml", "a:1"),
        (format!("# 😀\noci.pull(name = \"😀\", image = \"a\", digest = \"{hex}\")"), "a.bzl", hex.as_str()),
        (
            format!("/* 😀 */ pullImage {{ x = \"😀\"; imageName = \"a\"; imageDigest = \"{hex}\"; }}"),
            "a.nix",
            hex.as_str(),
        ),
    ] {
        let row = &read_images(&text, Some(name)).images[0];
        let units: Vec<u16> = text.encode_utf16().collect();
        assert_eq!(String::from_utf16_lossy(&units[row.start..row.end]), at, "{text}");
        let line = text.split('\n').nth(row.line - 1).unwrap().encode_utf16().collect::<Vec<_>>();
        assert_eq!(String::from_utf16_lossy(&line[row.column - 1..][..row.end - row.start]), at, "{text}");
        pinned_and_read_again(&text, Some(name));
    }
}

#[test]
fn trade_further_kinds_are_told_by_content_and_pinned() {
    for (text, kind, found) in [
        (
            "version: 2.1\nexecutors:\n  e:\n    docker:\n      - image: cimg/go:1.22\njobs:\n  build:\n    docker:\n      - image: cimg/node:20.11\n      - image: postgres:16\n    steps:\n      - checkout\n",
            FileKind::CircleCi,
            vec!["5 cimg/go:1.22", "9 cimg/node:20.11", "10 postgres:16"],
        ),
        (
            "steps:\n- name: 'gcr.io/cloud-builders/docker:20' # build\n  args: ['build']\n- name: node:20\n  entrypoint: npm\nimages: ['gcr.io/p/app']\n",
            FileKind::CloudBuild,
            vec!["2 gcr.io/cloud-builders/docker:20", "4 node:20"],
        ),
        (
            "pool: {vmImage: ubuntu-latest}\nresources:\n  containers:\n  - container: dev\n    image: mcr.microsoft.com/dotnet/sdk:8.0\njobs:\n- job: a\n  container: dev\n- job: b\n  container: node:20\n",
            FileKind::AzurePipelines,
            vec!["5 mcr.microsoft.com/dotnet/sdk:8.0", "10 node:20"],
        ),
        (
            "image: node:20\npipelines:\n  default:\n  - step:\n      image: {name: 'o/app:1', username: x}\ndefinitions:\n  services:\n    db: {image: postgres:16}\n",
            FileKind::BitbucketPipelines,
            vec!["1 node:20", "5 o/app:1", "8 postgres:16"],
        ),
        (
            "resource \"docker_image\" \"web\" {\n  name = \"nginx:1.25\" # pin\n}\nresource \"kubernetes_deployment\" \"d\" {\n  name  = \"not-this\"\n  image = \"${var.image}\"\n  container_definitions = jsonencode([{\n    \"image\": \"o/app:1\",\n  }])\n  base_image = \"a:1\" == x\n}\n",
            FileKind::Hcl,
            vec!["2 nginx:1.25", "8 o/app:1"],
        ),
        (
            "[Unit]\nDescription=Web\n[Container]\nImage = ghcr.io/o/web:2\nImage=quay.io/a/b:1\nExec=Image=not\n",
            FileKind::Quadlet,
            vec!["4 ghcr.io/o/web:2", "5 quay.io/a/b:1"],
        ),
    ] {
        assert_eq!(rows(text, None, kind), found, "{kind:?}");
        let mut wanted = text.to_owned();
        for (at, row) in found.iter().enumerate() {
            let name = row.split_once(' ').unwrap().1;
            wanted = wanted.replacen(name, &format!("{name}@{}", digest(at)), 1);
        }
        assert_eq!(pinned_and_read_again(text, None), wanted);
    }
    for (name, kind) in [
        (".circleci/config.yml", FileKind::CircleCi),
        ("cloudbuild.yaml", FileKind::CloudBuild),
        ("azure-pipelines.yml", FileKind::AzurePipelines),
        ("bitbucket-pipelines.yml", FileKind::BitbucketPipelines),
    ] {
        assert_eq!(read_images("image: a:1\n", Some(name)).kind, Some(kind));
    }
    assert_eq!(read_images("image = \"a:1\"\n", Some("main.tf")).kind, Some(FileKind::Hcl));
    assert_eq!(read_images("Image=a:1\n", Some("web.container")).kind, Some(FileKind::Quadlet));
    let plan = "  + resource \"x\" \"y\" {\n      + image = \"a:1\"\n    }\nPlan: 1 to add\n";
    assert_eq!(read_images(plan, None).kind, None);
}

#[test]
fn trade_calls_in_calls_are_read_once() {
    let nested = format!("{}image = \"a\", tag = \"1\"{}", "oci.pull(x = ".repeat(30_000), ")".repeat(30_000));
    for text in
        ["oci.pull(".repeat(60_000), "oci.pull(a = \"b\", ".repeat(30_000), "pullImage {".repeat(60_000), nested]
    {
        let start = std::time::Instant::now();
        let _ = (read_images(&text, Some("a.bzl")), read_images(&text, Some("a.nix")));
        assert!(start.elapsed().as_secs() < 20, "{:?} for {text:.20}", start.elapsed());
    }
}
