//! Tests: what tools print, as people copy it: each with its kind, what its digests are, and the images that it names.

use super::*;

/// The output of a tool: `{A}` to `{D}` stand for digests, `{a}` to `{d}` for their first twelve characters.
struct Output {
    text: &'static str,
    kind: &'static str,
    /// A digest, what it is, and the image that it stands beside.
    digests: &'static [(&'static str, &'static str, &'static str)],
    /// Images that are named, among others.
    names: &'static [&'static str],
}

fn filled(text: &str) -> String {
    let mut text = text.to_owned();
    for (letter, pair) in [("A", "a1"), ("B", "b2"), ("C", "c3"), ("D", "d4")] {
        text = text.replace(&format!("{{{letter}}}"), &format!("sha256:{}", pair.repeat(32)));
        text = text.replace(&format!("{{{}}}", letter.to_lowercase()), &pair.repeat(6));
        text = text.replace(&format!("{{{letter}HEX}}"), &pair.repeat(32));
    }
    text
}

const OUTPUTS: &[Output] = &[
    // Argo CD
    Output {
        text: "Name:               argocd/guestbook\nProject:            default\nServer:             https://kubernetes.default.svc\nNamespace:          guestbook\nURL:                https://argocd.example/applications/guestbook\nRepo:               https://github.com/example/apps.git\nTarget:             HEAD\nPath:               guestbook\nImages:             r.example/team/guestbook:0.2@{A},\n                    r.example/team/redis:7.2@{B}\nSyncWindow:         Sync Allowed\nSync Policy:        <none>\nSync Status:        Synced to HEAD (6bed858)\nHealth Status:      Healthy\n\nGROUP  KIND        NAMESPACE  NAME          STATUS  HEALTH   HOOK  MESSAGE\n       Service     guestbook  guestbook-ui  Synced  Healthy\napps   Deployment  guestbook  guestbook-ui  Synced  Healthy\n",
        kind: "argocd-app",
        digests: &[("{A}", "pin", "r.example/team/guestbook:0.2"), ("{B}", "pin", "r.example/team/redis:7.2")],
        names: &["r.example/team/guestbook:0.2@{A}", "r.example/team/redis:7.2@{B}"],
    },
    Output {
        text: "Name:               argocd/web\nSync Status:        OutOfSync from  (1ff8a67)\nHealth Status:      Missing\nImages:             nginx:1.25,\n                    redis:7, quay.io/a/b:v1\n",
        kind: "argocd-app",
        digests: &[],
        names: &["nginx:1.25", "redis:7", "quay.io/a/b:v1"],
    },
    Output {
        text: "Images:\n  - nginx:1.25\n  - ghcr.io/team/web:2.4\n  - busybox@{A}\nEvents: none\n",
        kind: "mentions",
        digests: &[("{A}", "pin", "busybox")],
        names: &["nginx:1.25", "ghcr.io/team/web:2.4", "busybox@{A}"],
    },
    // Flux
    Output {
        text: "NAME                            \tLAST SCAN                \tSUSPENDED\tREADY\tMESSAGE\nimagerepository/podinfo\t2024-05-14T09:11:12+02:00\tFalse\tTrue\tsuccessful scan: found 42 tags\n\nNAME                    \tLATEST IMAGE                         \tREADY\tMESSAGE\nimagepolicy/podinfo\tghcr.io/stefanprodan/podinfo:6.5.4\tTrue\tLatest image tag for 'ghcr.io/stefanprodan/podinfo' resolved to 6.5.4 with digest {A} (previously 6.5.3)\n",
        kind: "flux-get",
        digests: &[("{A}", "digest", "ghcr.io/stefanprodan/podinfo:6.5.4")],
        names: &["ghcr.io/stefanprodan/podinfo:6.5.4"],
    },
    Output {
        text: "NAME     IMAGE                         TAG    READY  MESSAGE\npodinfo  ghcr.io/stefanprodan/podinfo  6.5.4  True   Latest image tag for ghcr.io/stefanprodan/podinfo resolved to 6.5.4\n",
        kind: "flux-get",
        digests: &[],
        names: &["ghcr.io/stefanprodan/podinfo:6.5.4"],
    },
    Output {
        text: "$ flux get sources oci\nNAME     REVISION               SUSPENDED  READY  MESSAGE\npodinfo  6.5.4@sha256:a1a1a1a1  False      True   stored artifact for digest '6.5.4@sha256:a1a1a1a1'\n",
        kind: "flux-get",
        digests: &[("sha256:a1a1a1a1", "pin", "")],
        names: &[],
    },
    Output {
        text: "apiVersion: image.toolkit.fluxcd.io/v1beta2\nkind: ImagePolicy\nmetadata:\n  name: podinfo\nstatus:\n  latestImage: ghcr.io/stefanprodan/podinfo:6.5.4\n  latestDigest: {A}\n  observedGeneration: 1\n",
        kind: "kubernetes",
        digests: &[("{A}", "manifest-or-index", "ghcr.io/stefanprodan/podinfo:6.5.4")],
        names: &["ghcr.io/stefanprodan/podinfo:6.5.4"],
    },
    Output {
        text: "spec:\n  interval: 5m\n  url: oci://ghcr.io/stefanprodan/manifests/podinfo\n  ref:\n    tag: 6.5.4\nstatus:\n  artifact:\n    lastUpdateTime: \"2024-05-14T09:11:12Z\"\n    size: 1234\n    revision: 6.5.4@{A}\n",
        kind: "mentions",
        digests: &[("{A}", "pin", "ghcr.io/stefanprodan/manifests/podinfo:6.5.4")],
        names: &["ghcr.io/stefanprodan/manifests/podinfo:6.5.4@{A}"],
    },
    Output {
        text: "{\"apiVersion\":\"source.toolkit.fluxcd.io/v1\",\"kind\":\"OCIRepository\",\"spec\":{\"url\":\"oci://ghcr.io/o/manifests/app\",\"ref\":{\"tag\":\"1.2.0\"}},\"status\":{\"artifact\":{\"revision\":\"1.2.0@{A}\"}}}",
        kind: "kubernetes-object",
        digests: &[("{A}", "pin", "ghcr.io/o/manifests/app:1.2.0")],
        names: &[],
    },
    // kubectl
    Output {
        text: "$ kubectl get pods -A -o jsonpath='{range .items[*]}{.spec.containers[*].image}{\"\\n\"}{end}' | sort | uniq -c\n      3 nginx:1.25\n      1 registry.k8s.io/pause:3.9\n     12 busybox\n",
        kind: "mentions",
        digests: &[],
        names: &["nginx:1.25", "registry.k8s.io/pause:3.9", "busybox"],
    },
    Output {
        text: "$ kubectl get pods -o jsonpath='{range .items[*]}{.metadata.name}{\"\\t\"}{.status.containerStatuses[*].imageID}{\"\\n\"}{end}'\nweb-5d4f\tdocker-pullable://nginx@{A}\ndb-0\tdocker.io/library/postgres@{B}\n",
        kind: "mentions",
        digests: &[("{A}", "pin", "nginx"), ("{B}", "pin", "docker.io/library/postgres")],
        names: &["nginx@{A}", "docker.io/library/postgres@{B}"],
    },
    Output {
        text: "NAME   READY   UP-TO-DATE   AVAILABLE   AGE   CONTAINERS    IMAGES                             SELECTOR\nweb    3/3     3            3           5d    nginx,proxy   nginx:1.25,r.example/team/proxy:2   app=web\ndb     1/1     1            1           5d    db            postgres@{A}                       app=db\n",
        kind: "kubernetes-table",
        digests: &[("{A}", "pin", "postgres")],
        names: &["nginx:1.25", "r.example/team/proxy:2", "postgres@{A}"],
    },
    Output {
        text: "NAME        IMAGE        IMAGEID\nweb-5d4f    nginx:1.25   docker.io/library/nginx@{A}\n",
        kind: "mentions",
        digests: &[("{A}", "pin", "docker.io/library/nginx")],
        names: &["nginx:1.25"],
    },
    Output {
        text: "Events:\n  Type    Reason     Age   From               Message\n  ----    ------     ----  ----               -------\n  Normal  Scheduled  14s   default-scheduler  Successfully assigned default/web to node-1\n  Normal  Pulling    13s   kubelet            Pulling image \"nginx:1.25\"\n  Normal  Pulled     12s   kubelet            Successfully pulled image \"nginx:1.25\" in 1.2s (1.2s including waiting). Image size: 70540112 bytes.\n",
        kind: "kubernetes-events",
        digests: &[],
        names: &["nginx:1.25"],
    },
    // Google, Azure, AWS
    Output {
        text: "Listing items under project p, location us, repository r.\n\nIMAGE                      DIGEST                                                                   CREATE_TIME          UPDATE_TIME          SIZE\nus-docker.pkg.dev/p/r/app  {A}  2024-01-02T03:04:05  2024-01-02T03:04:05  12345\nus-docker.pkg.dev/p/r/db   {B}  2024-01-02T03:04:05  2024-01-02T03:04:05  12345\n",
        kind: "gar-images",
        digests: &[
            ("{A}", "manifest-or-index", "us-docker.pkg.dev/p/r/app"),
            ("{B}", "manifest-or-index", "us-docker.pkg.dev/p/r/db"),
        ],
        names: &["us-docker.pkg.dev/p/r/app"],
    },
    Output {
        text: "$ gcloud artifacts docker images list us-docker.pkg.dev/p/r --include-tags\nIMAGE                      DIGEST       TAGS        CREATE_TIME          UPDATE_TIME          SIZE\nus-docker.pkg.dev/p/r/app  {A}  v1,latest   2024-01-02T03:04:05  2024-01-02T03:04:05  12345\nus-docker.pkg.dev/p/r/app  {B}              2024-01-02T03:04:05  2024-01-02T03:04:05  12345\n",
        kind: "gar-images",
        digests: &[
            ("{A}", "manifest-or-index", "us-docker.pkg.dev/p/r/app:v1"),
            ("{B}", "manifest-or-index", "us-docker.pkg.dev/p/r/app"),
        ],
        names: &["us-docker.pkg.dev/p/r/app:v1"],
    },
    Output {
        text: "DIGEST        TAGS    TIMESTAMP\n{a}  2.4,v2  2024-03-02T10:00:00\n{b}          2024-03-01T10:00:00\n",
        kind: "gcr-list-tags",
        digests: &[("{a}", "manifest-or-index", ""), ("{b}", "manifest-or-index", "")],
        names: &[],
    },
    Output {
        text: "image_summary:\n  digest: {A}\n  fully_qualified_digest: us-docker.pkg.dev/p/r/app@{A}\n  registry: us-docker.pkg.dev\n  repository: r\n  slsa_build_level: unknown\n",
        kind: "mentions",
        digests: &[("{A}", "pin", "us-docker.pkg.dev/p/r/app")],
        names: &["us-docker.pkg.dev/p/r/app@{A}"],
    },
    Output {
        text: "results:\n  images:\n  - digest: {A}\n    name: us-docker.pkg.dev/p/r/app:v1\n    pushTiming:\n      endTime: '2024-01-02T03:04:05Z'\n",
        kind: "mentions",
        digests: &[("{A}", "manifest-or-index", "us-docker.pkg.dev/p/r/app:v1")],
        names: &["us-docker.pkg.dev/p/r/app:v1"],
    },
    Output {
        text: "Architecture    CreatedTime                   Digest                                                                   LastUpdateTime                Os\n--------------  ----------------------------  -----------------------------------------------------------------------  ----------------------------  -----\namd64           2024-01-02T03:04:05.1234567Z  {A}  2024-01-02T03:04:05.1234567Z  linux\n",
        kind: "acr-manifests",
        digests: &[("{A}", "manifest-or-index", "")],
        names: &[],
    },
    Output {
        text: "IMAGEDETAILS\tapplication/vnd.docker.container.image.v1+json\t{A}\tapplication/vnd.docker.distribution.manifest.v2+json\t2024-01-02T03:04:05+00:00\t12345678\t123456789012\tteam/app\nIMAGETAGS\tv1\n",
        kind: "ecr-describe-images",
        digests: &[("{A}", "manifest-or-index", "")],
        names: &[],
    },
    Output {
        text: "IMAGEIDS\t{A}\tv1\nIMAGEIDS\t{B}\n",
        kind: "ecr-list-images",
        digests: &[("{A}", "manifest-or-index", ""), ("{B}", "manifest-or-index", "")],
        names: &[],
    },
    Output {
        text: "-------------------------------\n|       DescribeImages        |\n+-----------------------------+\n||       imageDetails        ||\n|+----------------+----------+|\n||  imageDigest   |  {A} ||\n||  repositoryName|  app     ||\n|+----------------+----------+|\n",
        kind: "ecr-describe-images",
        digests: &[("{A}", "manifest-or-index", "")],
        names: &[],
    },
    // OpenShift
    Output {
        text: "NAME   IMAGE REPOSITORY                                   TAGS      UPDATED\nruby   registry.apps.example/ns/ruby                      2.7,3.0   5 days ago\n",
        kind: "openshift-images",
        digests: &[],
        names: &["registry.apps.example/ns/ruby:2.7"],
    },
    Output {
        text: "$ oc get istag\nNAME          IMAGE REFERENCE                        UPDATED\nruby:latest   registry.svc.example:5000/ns/ruby@{A}   2 days ago\n",
        kind: "openshift-images",
        digests: &[("{A}", "pin", "registry.svc.example:5000/ns/ruby")],
        names: &["registry.svc.example:5000/ns/ruby@{A}"],
    },
    Output {
        text: "Name:          registry.example/app:1\nDigest:        {A}\nMedia Type:    application/vnd.docker.distribution.manifest.v2+json\nCreated:       2y ago\nImage Size:    31.2MB in 2 layers\nLayers:        3.5MB {B}\n               27MB  {C}\nOS:            linux\nArch:          amd64\n",
        kind: "oc-image-info",
        digests: &[("{A}", "manifest-or-index", "registry.example/app:1"), ("{B}", "layer", ""), ("{C}", "layer", "")],
        names: &["registry.example/app:1"],
    },
    Output {
        text: "Name:           4.14.3\nDigest:         {A}\nCreated:        2023-11-20T10:11:12Z\nOS/Arch:        linux/amd64\nManifests:      670\n\nPull From: quay.io/openshift-release-dev/ocp-release@{A}\n\nImages:\n  NAME                     DIGEST\n  aws-ebs-csi-driver       {B}\n  cli                      {C}\n",
        kind: "mentions",
        digests: &[
            ("{A}", "pin", "quay.io/openshift-release-dev/ocp-release"),
            ("{B}", "manifest-or-index", ""),
            ("{C}", "manifest-or-index", ""),
        ],
        names: &["quay.io/openshift-release-dev/ocp-release@{A}"],
    },
    // Local stores
    Output {
        text: "REPOSITORY    TAG     IMAGE ID        CREATED        PLATFORM       SIZE       BLOB SIZE\nalpine        3.19    {a}    2 weeks ago    linux/amd64    7.6 MiB    3.3 MiB\n",
        kind: "images-table",
        digests: &[("{a}", "stored-id", "alpine:3.19")],
        names: &["alpine:3.19"],
    },
    Output {
        text: "|-----------------------|---------|---------------|--------|\n|         Image         |   Tag   |   Image ID    |  Size  |\n|-----------------------|---------|---------------|--------|\n| registry.k8s.io/pause | 3.9     | a1a1a1a1a1a1a | 744kB  |\n| docker.io/kicbase/x   | <none>  | b2b2b2b2b2b2b | 744kB  |\n|-----------------------|---------|---------------|--------|\n",
        kind: "images-table",
        digests: &[
            ("a1a1a1a1a1a1a", "image-id", "registry.k8s.io/pause:3.9"),
            ("b2b2b2b2b2b2b", "image-id", "docker.io/kicbase/x"),
        ],
        names: &["registry.k8s.io/pause:3.9"],
    },
    Output {
        text: "DIGEST     SIZE      AGE       LABELS\n{A}     1.4kB     2 hours   containerd.io/distribution.source.docker.io=library/nginx\n",
        kind: "ctr-content",
        digests: &[("{A}", "blob", "")],
        names: &[],
    },
    Output {
        text: "NAME      IMAGE         COMMAND                  SERVICE   CREATED      STATUS      PORTS\nx-web-1   nginx:1.25    \"/docker-entrypoint.…\"   web       3 days ago   Up 3 days   0.0.0.0:80->80/tcp\nx-db-1    postgres:16   \"docker-entrypoint.s…\"   db        3 days ago   Up 3 days   5432/tcp\n",
        kind: "containers-table",
        digests: &[],
        names: &["nginx:1.25", "postgres:16"],
    },
    Output {
        text: "ID             NAME      MODE         REPLICAS   IMAGE          PORTS\n2752ea5db34c   web       replicated   3/3        nginx:1.25     *:80->80/tcp\n",
        kind: "containers-table",
        digests: &[],
        names: &["nginx:1.25"],
    },
    Output {
        text: "$ docker compose config --images\nnginx:1.25\npostgres\nr.example/team/app:2\n",
        kind: "mentions",
        digests: &[],
        names: &["nginx:1.25", "postgres", "r.example/team/app:2"],
    },
    Output {
        text: "SIGNED TAG   DIGEST                                                             SIGNERS\nv1           {AHEX}   alice\n",
        kind: "docker-trust",
        digests: &[("{A}", "manifest-or-index", "")],
        names: &[],
    },
    Output {
        text: "Loaded image: nginx:1.25\nLoaded image ID: {A}\n",
        kind: "mentions",
        digests: &[("{A}", "image-id", "")],
        names: &["nginx:1.25"],
    },
    Output {
        text: "2024-03-02T10:11:12.123456789Z container create {AHEX} (image=nginx:1.25, name=web)\n2024-03-02T10:11:13.123456789Z image pull nginx:1.25 (name=nginx)\n",
        kind: "mentions",
        digests: &[],
        names: &["nginx:1.25"],
    },
    // Registries
    Output {
        text: "$ crane ls r.example/team/app\nlatest\nv1\nsha256-{AHEX}.sig\n",
        kind: "mentions",
        digests: &[],
        names: &["r.example/team/app:latest", "r.example/team/app:v1"],
    },
    Output {
        text: "{\"Repository\": \"docker.io/library/nginx\", \"Tags\": [\"1.24\", \"1.25\"]}",
        kind: "registry-tags",
        digests: &[],
        names: &["docker.io/library/nginx:1.24", "docker.io/library/nginx:1.25"],
    },
    Output {
        text: "2024/01/01 12:00:00 existing blob: {A}\n2024/01/01 12:00:00 pushed blob: {B}\n2024/01/01 12:00:00 r.example/app:v1: digest: {C} size: 528\nr.example/app@{C}\n",
        kind: "build-push-output",
        digests: &[("{A}", "blob", ""), ("{B}", "blob", ""), ("{C}", "manifest-or-index", "")],
        names: &["r.example/app@{C}"],
    },
    Output {
        text: "✓ Uploaded  hi.txt                                        12/12  B 100.00%  4ms\n  └─ {A}\n✓ Uploaded  application/vnd.oci.image.manifest.v1+json    588/588  B 100.00%  0s\n  └─ {B}\nPushed [registry] r.example/hello:v1\nArtifactType: application/vnd.unknown.artifact.v1\nDigest: {B}\n",
        kind: "oras-output",
        digests: &[("{A}", "blob", ""), ("{B}", "manifest", "")],
        names: &["r.example/hello:v1"],
    },
    Output {
        text: "1.25\nLast pushed 2 days ago by doijanky\ndocker pull nginx:1.25\nDigest\tOS/ARCH\tVulnerabilities\tCompressed size\n{a}\tlinux/amd64\t---\t70.54 MB\n{b}\tlinux/arm64\t---\t68.1 MB\n",
        kind: "hub-platforms",
        digests: &[("{a}", "platform-manifest", ""), ("{b}", "platform-manifest", "")],
        names: &["nginx:1.25"],
    },
    Output {
        text: "\nVerification for ghcr.io/o/app:1 --\nThe following checks were performed on each of these signatures:\n  - The cosign claims were validated\n  - The signatures were verified against the specified public key\n\n[{\"critical\":{\"identity\":{\"docker-reference\":\"ghcr.io/o/app\"},\"image\":{\"docker-manifest-digest\":\"{A}\"},\"type\":\"cosign container image signature\"},\"optional\":null}]\n",
        kind: "cosign-verify",
        digests: &[("{A}", "signed", "ghcr.io/o/app")],
        names: &["ghcr.io/o/app:1"],
    },
    // Builders and pipelines
    Output {
        text: "===> EXPORTING\nAdding layer 'paketo-buildpacks/go:bin'\nSaving r.example/app...\n*** Images ({a}):\n      r.example/app:latest\nSuccessfully built image r.example/app:latest\n",
        kind: "build-output",
        digests: &[("{a}", "image-id", "")],
        names: &["r.example/app:latest"],
    },
    Output {
        text: "Using Docker executor with image ruby:3.3 ...\nPulling docker image ruby:3.3 ...\nUsing docker image {A} for ruby:3.3 with digest ruby@{B} ...\n",
        kind: "mentions",
        digests: &[("{A}", "image-id", ""), ("{B}", "pin", "ruby")],
        names: &["ruby:3.3", "ruby@{B}"],
    },
    Output {
        text: "time=\"2024-03-02T10:11:12Z\" level=info msg=\"Found new nginx:latest image ({a})\"\n",
        kind: "mentions",
        digests: &[("{a}", "image-id", "")],
        names: &["nginx:latest"],
    },
    Output {
        text: "Tags used in deployment:\n - app -> r.example/app:v1@{A}\nWaiting for deployments to stabilize...\n",
        kind: "mentions",
        digests: &[("{A}", "pin", "r.example/app:v1")],
        names: &["r.example/app:v1@{A}"],
    },
    Output {
        text: "📝 Results\n\n NAME             VALUE\n ∙ IMAGE_DIGEST   {A}\n ∙ IMAGE_URL      r.example/app:v1\n",
        kind: "mentions",
        digests: &[("{A}", "manifest-or-index", "")],
        names: &["r.example/app:v1"],
    },
    Output {
        text: "| Package | Type | Update | Change |\n|---|---|---|---|\n| docker.io/library/nginx | final | digest | `a1a1a1a` -> `b2b2b2b` |\n",
        kind: "mentions",
        digests: &[("a1a1a1a", "manifest-or-index", ""), ("b2b2b2b", "manifest-or-index", "")],
        names: &[],
    },
    Output {
        text: "● ostree-image-signed:docker://ghcr.io/ublue-os/silverblue-main:39\n                   Digest: {A}\n                  Version: 39.20240101.0 (2024-01-01T00:00:00Z)\n",
        kind: "mentions",
        digests: &[("{A}", "manifest-or-index", "ghcr.io/ublue-os/silverblue-main:39")],
        names: &["ghcr.io/ublue-os/silverblue-main:39"],
    },
    Output {
        text: "● Booted image: quay.io/fedora/fedora-bootc:41\n        Digest: {A} (amd64)\n       Version: 41.20250101.0\n",
        kind: "mentions",
        digests: &[("{A}", "manifest-or-index", "quay.io/fedora/fedora-bootc:41")],
        names: &["quay.io/fedora/fedora-bootc:41"],
    },
    Output { text: "Image is up to date for {A}\n", kind: "mentions", digests: &[("{A}", "image-id", "")], names: &[] },
    Output {
        text: "    ✓ SBOM of image already cached, 128 packages indexed\n\n  Target     │  nginx:1.25             │    0C     3H     9M    52L\n    digest   │  {a}           │\n  Base image │  debian:12-slim         │    0C     0H     0M    17L\n",
        kind: "mentions",
        digests: &[("{a}", "manifest-or-index", "")],
        names: &["nginx:1.25"],
    },
    // Helm
    Output {
        text: "$ helm get manifest web\n---\n# Source: web/templates/deploy.yaml\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  template:\n    spec:\n      containers:\n        - name: web\n          image: \"nginx:1.25\"\n",
        kind: "kubernetes",
        digests: &[],
        names: &["nginx:1.25"],
    },
    Output {
        text: "USER-SUPPLIED VALUES:\nimage:\n  repository: ghcr.io/team/web\n  tag: \"2.4\"\nreplicas: 2\n",
        kind: "helm-values",
        digests: &[],
        names: &["ghcr.io/team/web:2.4"],
    },
];

#[test]
fn paste_what_tools_print_is_named_with_its_digests_and_images() {
    let mut faults = Vec::new();
    for output in OUTPUTS {
        let text = filled(output.text);
        let pasted = read(text.as_bytes());
        let mut fault = |what: String| {
            faults.push(format!("{what}\n  in {:?}\n  {pasted:?}", &output.text[..60.min(output.text.len())]))
        };
        if pasted.kind != output.kind {
            fault(format!("{} is {}", output.kind, pasted.kind));
        }
        if !pasted.documents.is_empty() || pasted.notes.iter().any(|note| ["broken", "left-out"].contains(&note.code()))
        {
            fault("a document".to_owned());
        }
        for (digest, what, reference) in output.digests {
            let digest = filled(digest);
            let is = |one: &&crate::paste::Mention| one.digest_text == digest && one.what.code() == *what;
            let found: Vec<&str> =
                pasted.digests.iter().filter(is).map(|one| one.reference.as_deref().unwrap_or_default()).collect();
            if !found.contains(reference) && (found.is_empty() || !reference.is_empty()) {
                fault(format!("{digest} as {what} of {reference:?}: {found:?}"));
            }
        }
        for name in output.names.iter().map(|name| filled(name)) {
            if !pasted.references.iter().any(|named| named.text == name) {
                fault(format!("{name} is not named"));
            }
        }
        for named in &pasted.references {
            if crate::Reference::parse(&named.text).is_err() {
                fault(format!("{} cannot be inspected", named.text));
            }
        }
    }
    assert!(OUTPUTS.len() >= 40);
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn paste_a_table_of_a_registry_is_no_local_store() {
    let pasted = read(
        filled("IMAGE  DIGEST  CREATE_TIME  UPDATE_TIME  SIZE\nr.example/a  {A}  2024-01-02  2024-01-02  1\n")
            .as_bytes(),
    );
    assert_eq!(pasted.form, Form::RegistryTable);
    assert!(!pasted.title.contains("local") && !pasted.form.proof().contains("local"));
    assert!(pasted.notes.is_empty(), "{:?}", pasted.notes);
}

#[test]
fn paste_the_note_on_how_a_text_was_made_follows_what_kubectl_is_told() {
    let note = |text: &str| {
        let pasted = paste(text);
        assert_eq!(pasted.documents.len(), 1, "{pasted:?}");
        let codes: Vec<&str> = pasted.notes.iter().map(|note| note.code()).collect();
        codes.join(" ")
    };
    let field = "$ kubectl get configmap m -o jsonpath='{.data.manifest\\.json}'";
    assert_eq!(note(&format!("{field}\n{{M}}$ ")), "field-value");
    assert_eq!(note(&format!("{field} | jq .\n{{M}}\n$ ")), "rewritten");
    assert_eq!(note("$ kubectl get configmap m -o go-template='{{index .data \"m\"}}'\n{M}\n$ "), "field-value");
}
