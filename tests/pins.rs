//! Twelve files as projects have them, of ten kinds: every image is read, and pinning changes its place and no other byte.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use stowplan::Digest;
use stowplan::paste::trade::{self, FileKind};

/// A file, and each image in it: the text that stands before the pin, and the one behind which the digest comes.
struct File {
    name: Option<&'static str>,
    kind: FileKind,
    text: &'static str,
    /// The text in the file, and its text once it is pinned; `D0` is the digest of the first row, and so on.
    changes: &'static [(&'static str, &'static str)],
    references: &'static [&'static str],
}

const OLD: &str = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

const FILES: [File; 12] = [
    File {
        name: Some("Dockerfile"),
        kind: FileKind::Dockerfile,
        text: "# syntax=docker/dockerfile:1.7\n\nARG NODE=node:20-bookworm\n\nFROM ${NODE} AS deps\nWORKDIR /app\nCOPY package*.json ./\nRUN --mount=type=cache,target=/root/.npm \\\n    npm ci\n\nFROM deps AS build\nCOPY . .\nRUN npm run build # FROM nowhere\n\nFROM nginx:1.27-alpine\nCOPY --from=build /app/dist /usr/share/nginx/html\n",
        changes: &[
            ("docker/dockerfile:1.7", "docker/dockerfile:1.7@D0"),
            ("node:20-bookworm", "node:20-bookworm@D1"),
            ("nginx:1.27-alpine", "nginx:1.27-alpine@D2"),
        ],
        references: &["docker/dockerfile:1.7", "node:20-bookworm", "nginx:1.27-alpine"],
    },
    File {
        name: None,
        kind: FileKind::Dockerfile,
        text: "FROM --platform=linux/amd64 mcr.microsoft.com/dotnet/sdk:8.0 as build\r\nRUN dotnet publish -o /out\r\nfrom gcr.io/distroless/base@OLD\r\nCOPY --from=build /out /app\r\n",
        changes: &[("dotnet/sdk:8.0", "dotnet/sdk:8.0@D0"), ("base@OLD", "base@D1")],
        references: &["mcr.microsoft.com/dotnet/sdk:8.0", "gcr.io/distroless/base@OLD"],
    },
    File {
        name: Some("docker-compose.yml"),
        kind: FileKind::Compose,
        text: "# Our stack\nx-base: &base\n  restart: always\n  image: \"redis:7.4\"   # cached\n\nservices:\n  cache:\n    <<: *base\n  db:\n    image: 'postgres:17.2@OLD'\n    environment: { POSTGRES_PASSWORD: x }\n  web: {image: registry.example.com/team/app:1.2, ports: [\"8080:8080\"]}\n  built:\n    build: .\n",
        changes: &[
            ("redis:7.4", "redis:7.4@D0"),
            ("postgres:17.2@OLD", "postgres:17.2@D1"),
            ("team/app:1.2", "team/app:1.2@D2"),
        ],
        references: &["redis:7.4", "postgres:17.2@OLD", "registry.example.com/team/app:1.2"],
    },
    File {
        name: None,
        kind: FileKind::Kubernetes,
        text: "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  template:\n    spec:\n      initContainers:\n        - name: init\n          image: busybox:1.36\n          command: [sh, -c, \"echo image: not:this\"]\n      containers:\n        - image: ghcr.io/team/web:2.4\n          name: web\n          env:\n            - name: IMAGE\n              value: not:that\n---\napiVersion: batch/v1\nkind: CronJob\nspec:\n  jobTemplate: {spec: {template: {spec: {containers: [{name: c, image: 'alpine:3.20'}]}}}}\n",
        changes: &[
            ("busybox:1.36", "busybox:1.36@D0"),
            ("ghcr.io/team/web:2.4", "ghcr.io/team/web:2.4@D1"),
            ("alpine:3.20", "alpine:3.20@D2"),
        ],
        references: &["busybox:1.36", "ghcr.io/team/web:2.4", "alpine:3.20"],
    },
    File {
        name: None,
        kind: FileKind::Kubernetes,
        text: "{\n    \"apiVersion\": \"v1\",\n    \"kind\": \"List\",\n    \"items\": [\n        {\"kind\": \"Pod\", \"spec\": {\"containers\": [{\"name\": \"a\", \"image\": \"quay.io/a/b:v1\"}]}}\n    ]\n}\n",
        changes: &[("quay.io/a/b:v1", "quay.io/a/b:v1@D0")],
        references: &["quay.io/a/b:v1"],
    },
    File {
        name: Some("charts/web/values.yaml"),
        kind: FileKind::HelmValues,
        text: "replicas: 2\nimage:\n  registry: ghcr.io\n  repository: team/web\n  pullPolicy: IfNotPresent\n  # Overrides the chart's version.\n  tag: \"2.4\"\nmetrics:\n  image:\n    repository: prom/statsd-exporter\n    tag: v0.26.1\n    digest: \"\"\nsidecar:\n  image: busybox:1.36\n",
        changes: &[("\"2.4\"", "\"2.4@D0\""), ("digest: \"\"", "digest: \"D1\""), ("busybox:1.36", "busybox:1.36@D2")],
        references: &["ghcr.io/team/web:2.4", "prom/statsd-exporter:v0.26.1", "busybox:1.36"],
    },
    File {
        name: Some(".github/workflows/ci.yml"),
        kind: FileKind::GithubWorkflow,
        text: "name: ci\non: [push]\njobs:\n  test:\n    runs-on: ubuntu-latest\n    container:\n      image: node:20\n    services:\n      db:\n        image: postgres:16\n    steps:\n      - uses: actions/checkout@v4\n      - uses: docker://ghcr.io/team/lint:v3\n      - run: |\n          docker run image: not:this\n",
        changes: &[
            ("image: node:20", "image: node:20@D0"),
            ("postgres:16", "postgres:16@D1"),
            ("docker://ghcr.io/team/lint:v3", "docker://ghcr.io/team/lint:v3@D2"),
        ],
        references: &["node:20", "postgres:16", "ghcr.io/team/lint:v3"],
    },
    File {
        name: Some(".gitlab-ci.yml"),
        kind: FileKind::GitlabCi,
        text: "default:\n  image: ruby:3.3\nstages: [test]\ntest:\n  stage: test\n  image:\n    name: \"team/builder:v2\"\n    entrypoint: [\"\"]\n  services:\n    - postgres:16\n    - name: redis:7\n      alias: cache\n  script:\n    - rake test\n",
        changes: &[
            ("ruby:3.3", "ruby:3.3@D0"),
            ("team/builder:v2", "team/builder:v2@D1"),
            ("postgres:16", "postgres:16@D2"),
            ("redis:7", "redis:7@D3"),
        ],
        references: &["ruby:3.3", "team/builder:v2", "postgres:16", "redis:7"],
    },
    File {
        name: Some(".devcontainer/devcontainer.json"),
        kind: FileKind::Devcontainer,
        text: "// Our container\n{\n\t\"name\": \"app // not a comment\",\n\t\"image\": \"mcr.microsoft.com/devcontainers/base:bookworm\", // pin\n\t/* \"image\": \"not:this\", */\n\t\"features\": {\n\t\t\"ghcr.io/devcontainers/features/node:1\": {},\n\t},\n}\n",
        changes: &[("base:bookworm", "base:bookworm@D0")],
        references: &["mcr.microsoft.com/devcontainers/base:bookworm"],
    },
    File {
        name: None,
        kind: FileKind::Nix,
        text: "{ dockerTools }:\ndockerTools.pullImage {\n  imageName = \"nginx\";\n  imageDigest = \"OLD\"; # of 1.27\n  finalImageTag = \"1.27\";\n  sha256 = \"0000000000000000000000000000000000000000000000000000\";\n}\n",
        changes: &[("\"OLD\"", "\"D0\"")],
        references: &["nginx:1.27@OLD"],
    },
    File {
        name: Some("MODULE.bazel"),
        kind: FileKind::Bazel,
        text: "oci = use_extension(\"@rules_oci//oci:extensions.bzl\", \"oci\")\noci.pull(\n    name = \"distroless\",\n    digest = \"OLD\",\n    image = \"gcr.io/distroless/base\",\n    platforms = [\"linux/amd64\"],\n)\noci.pull(\n    name = \"alpine\",\n    image = \"docker.io/library/alpine\",\n    tag = \"3.20\",  # later\n)\nuse_repo(oci, \"distroless\")\n",
        changes: &[("digest = \"OLD\"", "digest = \"D0\""), ("\"3.20\"", "\"3.20\", digest = \"D1\"")],
        references: &["gcr.io/distroless/base@OLD", "docker.io/library/alpine:3.20"],
    },
    File {
        name: None,
        kind: FileKind::Renovate,
        text: "{\"packageFiles\":{\"dockerfile\":[{\"deps\":[{\"depName\":\"node\",\"datasource\":\"docker\",\"currentValue\":\"20\",\"currentDigest\":\"OLD\"},{\"depName\":\"left-pad\",\"datasource\":\"npm\",\"currentDigest\":\"abc\"}]}]}}",
        changes: &[("\"OLD\"", "\"D0\"")],
        references: &["node:20@OLD"],
    },
];

fn digest(n: usize) -> Digest {
    Digest::parse(&format!("sha256:{:064x}", n + 1)).unwrap()
}

#[test]
fn files_are_pinned_byte_for_byte() {
    for file in FILES {
        let text = file.text.replace("OLD", OLD);
        let read = trade::read_images(&text, file.name);
        assert_eq!(read.kind, Some(file.kind), "{text}");
        let references: Vec<String> = file.references.iter().map(|name| name.replace("OLD", OLD)).collect();
        let found: Vec<&str> = read.images.iter().map(|row| row.reference.as_str()).collect();
        assert_eq!(found, references, "{text}");
        let edits: Vec<_> =
            read.images.iter().enumerate().map(|(at, row)| (row.edit.clone().unwrap(), digest(at))).collect();
        let mut expected = text.clone();
        for (from, to) in file.changes {
            let from = from.replace("OLD", OLD);
            let filled = (0..4).fold(to.to_string(), |to, n| to.replace(&format!("D{n}"), digest(n).as_str()));
            assert_eq!(expected.matches(&from).count(), 1, "{from} in {text}");
            expected = expected.replace(&from, &filled);
        }
        assert_eq!(trade::pin_images(&text, &edits).unwrap(), expected);
        let again = trade::read_images(&expected, file.name);
        let pinned: Vec<_> = again.images.iter().filter_map(|row| row.digest.clone()).collect();
        assert_eq!(pinned, (0..read.images.len()).map(digest).collect::<Vec<_>>(), "{expected}");
    }
}
