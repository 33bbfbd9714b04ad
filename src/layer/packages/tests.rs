//! Databases of packages as distributions write them, and broken ones.

use proptest::prelude::*;

use super::*;
use crate::layer::{Entry, EntryKind};

fn names(found: Option<Vec<Package>>) -> Vec<String> {
    found.unwrap_or_default().into_iter().map(|one| format!("{} {}", one.name, one.version)).collect()
}

const STATUS: &[u8] = b"Package: bash\nEssential: yes\nStatus: install ok installed\nVersion: 5.2.15-2+b2\n\
Architecture: amd64\nDescription: GNU Bourne Again SHell\n Package: not-a-field\n .\n more\n\nPackage: gone\n\
Status: deinstall ok config-files\nVersion: 1.0\n\nPackage: never\nStatus: unknown ok not-installed\n\n\
Package: libc6\nVersion: 2.36-9\nStatus: install ok installed\nMulti-Arch: same\nArchitecture: amd64\n";

const APK: &[u8] =
    b"C:Q1sum=\nP:musl\nV:1.2.5-r0\nA:x86_64\nL:MIT\nF:lib\nR:ld-musl-x86_64.so.1\na:0:0:755\n\nP:zlib\nV:1.3.1-r1\n\n";

#[test]
fn databases_are_read() {
    assert_eq!(names(dpkg::read(STATUS)), ["bash 5.2.15-2+b2", "libc6 2.36-9"]);
    assert_eq!(
        names(dpkg::read(b"Package: tzdata\r\nVersion: 2024a-0\r\n")),
        ["tzdata 2024a-0"],
        "as distroless writes it"
    );
    let apk = apk::read(APK).unwrap();
    assert_eq!(
        (apk[0].licence.as_deref(), apk[0].arch.as_deref(), apk[1].name.as_str()),
        (Some("MIT"), Some("x86_64"), "zlib")
    );
    let python = python::read(
        b"Metadata-Version: 2.1\nName: Flask\nVersion: 3.0.0\nLicense: UNKNOWN\n\
        Classifier: License :: OSI Approved :: BSD License\n\nName: not-it\n",
    )
    .unwrap();
    assert_eq!((python[0].name.as_str(), python[0].licence.as_deref()), ("Flask", Some("BSD License")));
    let npm = npm::read(br#"{"name":"@scope/a","version":"1.0.0","licenses":[{"type":"MIT"},{"type":"Apache-2.0"}]}"#)
        .unwrap();
    assert_eq!(npm[0].licence.as_deref(), Some("MIT OR Apache-2.0"));
    assert_eq!(npm::read(br#"{"type":"module"}"#), Some(Vec::new()));
    assert_eq!(
        dpkg::licences(b"Format: https://x/\n\nFiles: *\nLicense: GPL-2+\n\nLicense: MIT\n text\n").as_deref(),
        Some("GPL-2+ AND MIT")
    );
    assert_eq!(dpkg::licences(b"This package was debianised by hand.\nLicense: GPL\n"), None);
}

#[test]
fn packages_whose_files_are_there_are_listed_whatever_their_state() {
    let status = |state: &str| format!("Package: a\nStatus: install ok {state}\nVersion: 1\n");
    for state in ["installed", "unpacked", "half-configured", "half-installed", "triggers-awaited", "triggers-pending"]
    {
        assert_eq!(names(dpkg::read(status(state).as_bytes())), ["a 1"], "{state}");
    }
    for state in ["not-installed", "config-files"] {
        assert_eq!(names(dpkg::read(status(state).as_bytes())), [""; 0], "{state}");
    }
}

#[test]
fn an_earlier_version_says_nothing_if_the_last_cannot_be_read() {
    let first: &[u8] = b"Package: a\nVersion: 1\n";
    let list = found(&[&[("var/lib/dpkg/status", first)], &[("var/lib/dpkg/status", b"\x00\x01")]]);
    assert_eq!((list.packages.len(), list.problems.len()), (0, 1));
    assert_eq!(list.problems[0].code, "broken");
    // Of a path that stands twice in a layer, the last counts.
    let second: &[u8] = b"Package: b\nVersion: 1\n";
    let list = found(&[&[("var/lib/dpkg/status", first), ("var/lib/dpkg/status", second)]]);
    assert_eq!(list.packages.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["b"]);
}

#[test]
fn a_package_without_a_name_is_not_listed() {
    let content = b"P:\nV:1.0\n\nP:musl\nV:1.2\n";
    let mut index = FileIndex::new();
    let entry = Entry { size: content.len() as u64, ..Entry::new(EntryKind::File, "lib/apk/db/installed") };
    index.push(&entry).unwrap();
    let mut packages = Packages::new();
    packages.add(0, index);
    assert_eq!(packages.wanted().unwrap().len(), 1);
    packages.take(0, content.to_vec());
    assert_eq!(names(Some(packages.list().packages)), ["musl 1.2"]);
}

#[test]
fn broken_databases_are_told() {
    for broken in [&b"\x00\x01\x02"[..], b"SQLite format 3\0", b"hello\nworld\n"] {
        assert_eq!(dpkg::read(broken), None);
        assert_eq!(apk::read(broken), None);
        assert_eq!(python::read(broken), None);
        assert_eq!(npm::read(broken), None);
    }
    assert_eq!(npm::read(br#"{"name":"a","version":"#), None);
    let long = format!("Package: {}\nVersion: 1\n", "x".repeat(1_000_000));
    assert_eq!(dpkg::read(long.as_bytes()).unwrap()[0].name.len(), limits::PACKAGE_FIELD_CHARACTERS);
}

/// A layer of these files.
fn index(files: &[(&str, usize)]) -> FileIndex {
    let mut index = FileIndex::new();
    for (path, size) in files {
        let entry = Entry { size: *size as u64, ..Entry::new(EntryKind::File, *path) };
        index.push(&entry).unwrap();
    }
    index
}

/// The packages of layers of files with their contents.
fn found(layers: &[&[(&str, &[u8])]]) -> PackageList {
    let mut packages = Packages::new();
    for (position, files) in (0_u32..).zip(layers) {
        let sizes: Vec<(&str, usize)> = files.iter().map(|(path, content)| (*path, content.len())).collect();
        packages.add(position, index(&sizes));
    }
    let wanted = packages.wanted().unwrap().to_vec();
    for (number, one) in wanted.iter().enumerate() {
        packages.take(number, layers[one.layer as usize][one.at as usize].1.to_vec());
    }
    packages.list()
}

#[test]
fn a_package_belongs_to_the_layer_that_brought_its_version() {
    let first: &[u8] = b"Package: a\nVersion: 1\n\nPackage: b\nVersion: 1\n";
    let second: &[u8] = b"Package: a\nVersion: 2\n\nPackage: b\nVersion: 1\n\nPackage: c\nVersion: 1\n";
    let list = found(&[
        &[("./var/lib/dpkg/status", first), ("etc/os-release", b"ID=debian\nVERSION_ID=\"12\"\n")],
        &[("app/x", b"x")],
        &[("var/lib/dpkg/status", second), ("usr/share/doc/c/copyright", b"Format: x\nLicense: MIT\n")],
    ]);
    let told: Vec<_> = list.packages.iter().map(|one| (one.name.as_str(), one.version.as_str(), one.layer)).collect();
    assert_eq!(told, [("a", "2", 2), ("b", "1", 0), ("c", "1", 2)]);
    assert_eq!(list.packages[2].licence.as_deref(), Some("MIT"));
    assert_eq!(list.packages[0].purl, "pkg:deb/debian/a@2?distro=debian-12");
    assert!(list.problems.is_empty(), "{:?}", list.problems);
}

#[test]
fn files_are_found_where_programs_look() {
    let list = found(&[&[
        ("lib/apk/db/installed", APK),
        ("usr/lib/python3/site-packages/flask-3.dist-info/METADATA", b"Name: Flask\nVersion: 3\n"),
        ("app/node_modules/@s/a/package.json", br#"{"name":"@s/a","version":"1","license":"ISC"}"#),
        ("app/node_modules/a/test/package.json", br#"{"name":"inner","version":"1"}"#),
        ("app/package.json", br#"{"name":"own","version":"1"}"#),
        ("var/lib/rpm/rpmdb.sqlite", b"SQLite format 3"),
        ("app/node_modules/broken/package.json", b"{"),
        ("home/var/lib/dpkg/status", STATUS),
    ]]);
    let urls: Vec<&str> = list.packages.iter().map(|one| one.purl.as_str()).collect();
    assert_eq!(
        urls,
        [
            "pkg:apk/alpine/musl@1.2.5-r0?arch=x86_64",
            "pkg:apk/alpine/zlib@1.3.1-r1",
            "pkg:npm/%40s/a@1",
            "pkg:pypi/flask@3"
        ]
    );
    let told: Vec<(&str, &str)> = list.problems.iter().map(|one| (one.path.as_str(), one.code)).collect();
    assert_eq!(told, [("var/lib/rpm/rpmdb.sqlite", "broken"), ("app/node_modules/broken/package.json", "broken")]);
}

#[test]
fn what_is_not_proved_or_too_large_is_a_problem() {
    let mut packages = Packages::new();
    let huge = usize::try_from(limits::PACKAGE_DATABASE_BYTES).unwrap() + 1;
    packages.add(0, index(&[("var/lib/dpkg/status", huge), ("lib/apk/db/installed", 10)]));
    assert_eq!(packages.wanted().unwrap().len(), 1);
    packages.take(0, b"short".to_vec());
    packages.take(7, Vec::new());
    let codes: Vec<&str> = packages.list().problems.iter().map(|one| one.code).collect();
    assert_eq!(codes, ["too-large", "not-proved"]);
}

#[test]
fn a_hundred_thousand_modules_are_bounded() {
    let paths: Vec<String> = (0..100_000).map(|at| format!("a/node_modules/m{at}/package.json")).collect();
    let files: Vec<(&str, usize)> = paths.iter().map(|path| (path.as_str(), 20)).collect();
    let mut packages = Packages::new();
    packages.add(0, index(&files));
    let started = std::time::Instant::now();
    assert_eq!(packages.wanted().unwrap().len(), limits::PACKAGE_FILES);
    assert!(packages.problems.iter().any(|one| one.code == "too-many"));
    assert!(started.elapsed().as_secs() < 10, "{:?}", started.elapsed());
}

#[test]
fn versions_are_held_against_each_other() {
    let package = |name: &str, version: &str| Package {
        kind: "npm".to_owned(),
        name: name.to_owned(),
        version: version.to_owned(),
        ..Package::default()
    };
    let a = [package("same", "1"), package("up", "1"), package("gone", "1"), package("two", "1"), package("two", "2")];
    let b = [package("same", "1"), package("up", "2"), package("new", "1"), package("two", "2"), package("two", "3")];
    let told: Vec<String> = differences(&a, &b)
        .into_iter()
        .map(|one| format!("{} {} {:?} {:?}", one.state, one.name, one.a.as_deref(), one.b.as_deref()))
        .collect();
    assert_eq!(
        told,
        [
            "removed gone Some(\"1\") None",
            "added new None Some(\"1\")",
            "changed two Some(\"1\") Some(\"3\")",
            "changed up Some(\"1\") Some(\"2\")"
        ]
    );
}

#[test]
fn the_bill_of_materials_is_json() {
    let mut list = found(&[&[("lib/apk/db/installed", APK)]]);
    list.packages[0].name = "\"\u{1}\\\u{2028}é".to_owned();
    let text = cyclonedx("ghcr.io/o/app:1", "sha256:x", &["sha256:layer".to_owned()], &list.packages);
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!((json["bomFormat"].as_str(), json["specVersion"].as_str()), (Some("CycloneDX"), Some("1.6")));
    assert_eq!(json["components"][0]["name"].as_str(), Some("\"\u{1}\\\u{2028}é"));
    assert_eq!(json["components"][1]["properties"][1]["value"].as_str(), Some("sha256:layer"));
}

proptest! {
    #[test]
    fn nothing_panics(bytes in prop::collection::vec(any::<u8>(), 0..400), text in "(Package|Version|P|V|Name)?[:\n a-z]{0,200}") {
        for content in [&bytes[..], text.as_bytes()] {
            for form in [Form::Dpkg, Form::Apk, Form::Python, Form::Npm, Form::Rpm, Form::Program] {
                let _ = read(form, content);
            }
            let _ = binaries::told(content);
            let _ = dpkg::licences(content);
            purl::Distro::default().read(content);
        }
    }
}

const RPM: &[u8] = include_bytes!("../../../tests/packages/rpmdb.sqlite");

#[test]
fn rpm_is_read_from_sqlite_over_many_pages() {
    let found = rpm::read(RPM).unwrap();
    assert_eq!(found.len(), 24);
    let told = |at: usize| (found[at].name.as_str(), found[at].version.as_str(), found[at].size);
    assert_eq!(told(0), ("package-00", "1.0-2.fc41", Some(1000)));
    assert_eq!(told(3), ("package-03", "2:1.3-2.fc41", Some(1003)), "an epoch");
    assert_eq!(told(5), ("package-05", "1.5-2.fc41", Some(5_000_000_000)), "a size of 64 bits");
    assert_eq!(told(23), ("package-23", "1.23-2.fc41", Some(1023)), "a header over several pages");
    assert_eq!(found[1].licence.as_deref(), Some("GPL-2.0-or-later"));
    assert_eq!(found[1].arch.as_deref(), Some("x86_64"));
    let list = self::found(&[&[
        ("usr/lib/sysimage/rpm/rpmdb.sqlite", RPM),
        ("etc/os-release", b"ID=fedora\nVERSION_ID=41\n"),
    ]]);
    assert_eq!(list.packages[3].purl, "pkg:rpm/fedora/package-03@1.3-2.fc41?arch=x86_64&epoch=2&distro=fedora-41");
}

#[test]
fn a_broken_rpm_database_is_none_and_ends() {
    for cut in [0, 15, 100, 511, 512, 5000, RPM.len() - 512] {
        let _ = rpm::read(&RPM[..cut]);
    }
    assert_eq!(rpm::read(&RPM[..4096]), None, "pages are missing");
    // Each byte of the first pages once: a page may name itself, or any other.
    let mut bytes = RPM.to_vec();
    for at in 0..3072 {
        for value in [0, 1, 5, 13, 255] {
            let own = std::mem::replace(&mut bytes[at], value);
            let _ = rpm::read(&bytes);
            bytes[at] = own;
        }
    }
}

#[test]
fn older_forms_of_rpm_are_named() {
    let list = found(&[&[("var/lib/rpm/Packages", b"x"), ("usr/lib/sysimage/rpm/Packages.db", b"x")]]);
    let codes: Vec<&str> = list.problems.iter().map(|one| one.code).collect();
    assert_eq!(codes, ["rpm-ndb", "rpm-bdb"]);
    let list = found(&[&[
        ("var/lib/rpm/rpmdb.sqlite", RPM),
        ("var/lib/rpm/rpmdb.sqlite-wal", b"x"),
        ("var/lib/rpm/rpmdb.sqlite-shm", b""),
    ]]);
    assert_eq!((list.packages.len(), list.problems[0].code), (24, "rpm-unfinished"));
}

/// The same with links: `path>target`.
fn linked(links: &[(&str, &str)], files: &[(&str, &[u8])]) -> PackageList {
    let mut index = FileIndex::new();
    for (path, target) in links {
        index.push(&Entry { link: target.as_bytes().to_vec(), ..Entry::new(EntryKind::Symlink, *path) }).unwrap();
    }
    for (path, content) in files {
        index.push(&Entry { size: content.len() as u64, ..Entry::new(EntryKind::File, *path) }).unwrap();
    }
    let mut packages = Packages::new();
    packages.add(0, index);
    let wanted = packages.wanted().unwrap().to_vec();
    for (number, one) in wanted.iter().enumerate() {
        packages.take(number, files[one.at as usize - links.len()].1.to_vec());
    }
    packages.list()
}

#[test]
fn a_database_behind_a_link_is_found_or_said() {
    let names = |list: &PackageList| list.packages.iter().map(|one| one.name.clone()).collect::<Vec<_>>();
    let first: &[u8] = b"Package: a\nVersion: 1\n";
    for links in [
        &[("var/lib/dpkg", "../../data/dpkg")][..],
        &[("var/lib/dpkg", "/data/dpkg")],
        &[("var/lib/dpkg/status", "/data/dpkg/status")],
        &[("var/lib", "/lib2"), ("lib2/dpkg", "../data/dpkg")],
        &[("var/lib/dpkg", "/other"), ("other", "data/dpkg")],
    ] {
        let list = linked(links, &[("data/dpkg/status", first)]);
        assert_eq!(names(&list), ["a"], "{links:?} {:?}", list.problems);
    }
    assert_eq!(names(&linked(&[("var/lib/dpkg", "/data")], &[("data/status.d/base", first)])), ["a"]);
    let list = linked(&[("var/lib/dpkg", "/data")], &[("x", b"x")]);
    assert_eq!((list.problems[0].path.as_str(), list.problems[0].code), ("var/lib/dpkg", "behind-link"));
    // Links in a circle lead nowhere, and end.
    let list = linked(&[("var/lib/dpkg", "/var/lib/rpm"), ("var/lib/rpm", "/var/lib/dpkg")], &[]);
    assert!(list.problems.iter().all(|one| one.code == "behind-link"), "{:?}", list.problems);
    // A merged /usr is no lost database.
    let list = linked(&[("lib", "usr/lib"), ("bin", "usr/bin")], &[("etc/x", b"x")]);
    assert!(list.problems.is_empty(), "{:?}", list.problems);
}

/// A program as Go's linker writes it, for what is read of it here.
fn go_program(modules: &str) -> Vec<u8> {
    let varint = |length: usize| vec![u8::try_from(length & 0x7f).unwrap() | 0x80, u8::try_from(length >> 7).unwrap()];
    let text = |text: &[u8]| [varint(text.len()), text.to_vec()].concat();
    let mark = [7; 16];
    let inner = [&mark[..], modules.as_bytes(), &mark[..]].concat();
    let head = [b"\xff Go buildinf:\x08\x02".to_vec(), vec![0; 16]].concat();
    [vec![1; 160], head, text(b"go1.22.1 X:boring"), text(&inner), vec![2; 70_000]].concat()
}

#[test]
fn go_tells_its_modules() {
    let modules = "path\tx/cmd\nmod\tx\t(devel)\t\ndep\ta.b/c\tv1.0.0\th1:x=\ndep\td\tv2\n=>\te\tv3\th1:y=\nbuild\tCGO_ENABLED=0\n";
    let told = binaries::told(&go_program(modules));
    let found = binaries::read(&told).unwrap();
    let names: Vec<String> = found.iter().map(|one| format!("{} {}", one.name, one.version)).collect();
    assert_eq!(names, ["stdlib 1.22.1", "x (devel)", "a.b/c v1.0.0", "e v3"]);
    assert_eq!(purl::of(&found[2], &purl::Distro::default()), "pkg:golang/a.b/c@v1.0.0");
    assert_eq!(binaries::told(&vec![0; 200_000]), Vec::<u8>::new());
    assert_eq!(binaries::read(b""), Some(Vec::new()));
    let mut old = vec![0; 200_000];
    old[4096..4112].copy_from_slice(b"\xff Go buildinf:\x08\x00");
    assert_eq!(binaries::told(&old), binaries::GO_OLD);
    old[4110] = 7;
    assert_eq!(binaries::told(&old), b"", "no header");
    assert_eq!(binaries::read(b"cargo\n{"), None);
    let crates = br#"cargo
{"packages":[{"name":"serde","version":"1.0.0","source":"crates.io"},{"name":"cc","version":"1.1.0","kind":"build"}]}"#;
    let found = binaries::read(crates).unwrap();
    assert_eq!((found.len(), found[0].kind.as_str(), found[0].name.as_str()), (1, "cargo", "serde"));
}

#[test]
fn programs_are_looked_into_only_where_they_may_be_run() {
    let mut index = FileIndex::new();
    for (path, mode, size) in
        [("app", 0o755, 100_000), ("data", 0o644, 100_000), ("small", 0o755, 1000), ("huge", 0o755, 1 << 30)]
    {
        index.push(&Entry { mode, size, ..Entry::new(EntryKind::File, path) }).unwrap();
    }
    let mut packages = Packages::new();
    packages.add(0, index);
    let wanted: Vec<_> = packages.wanted().unwrap().iter().map(|one| (one.path.clone(), one.form)).collect();
    assert_eq!(wanted, [("app".to_owned(), Form::Program)]);
    packages.take(0, Vec::new());
    let told: Vec<_> = packages.list().problems.into_iter().map(|one| (one.path, one.code)).collect();
    assert_eq!(told, [("huge".to_owned(), "program-too-large")]);
}
