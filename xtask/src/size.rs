//! The size gate: what the page loads, compressed as a web server would send it, must stay small.

use crate::bundle;
use crate::command::{captured, program};
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// The most that wasm, JS and CSS of the page may be together, brotli-compressed, from the empty page to the structure of
/// an image. The goal is 150 KiB. 140 KiB of it are the module that reads registries and documents and makes every check: this
/// gate keeps it from growing until that is won back. The rules about which entry of an index engines choose took it 4 kB
/// further, health checks and what else a config starts 1 kB.
const LIMIT: u64 = 189 * 1024;

/// The same for what is loaded only with a paste or a dropped file (recovery, archives and layouts), and for what
/// comes after the structure: the tables below it, dialogs, tabs.
/// Names and carriers of more tools took the module that reads pastes from 309 to 322 kB; readers of more kinds of files that
/// name images, six carriers and error messages by their cause to 342 kB, tables by their heads, lists of images and commands
/// of more tools to 350 kB; archives that are read as they unpack to 360 kB. The provenance of charts, pages of changed files
/// and the words for tables of contents took all of these 3 kB further.
const ON_DEMAND_LIMIT: u64 = 443_000;

/// The same for what is loaded only with the first layer or file: hashes, decompressors (xz among them), tar, their worker.
/// Access control lists and what podman unpacks took it 6 kB further; tars that are saved, and what programs say of their
/// packages, 6 kB.
/// Layers by their tables of contents, and packages that are kept while a layer is read, 12 kB; hard links to what is no file,
/// names of AUFS, late opaque markers and tars whose name begins as a compression 5 kB. All modules that apply layers have these.
/// Tables of contents that are held against the whole tar (rights, owners, contents, chunks) took it 14 kB further, small layers
/// that the host hashes 3 kB, the first file of a layer 1 kB.
const LAYER_LIMIT: u64 = 291 * 1024;

/// The same for what is loaded only when files are looked at: the layers laid over each other, and their elements.
/// Wasted space by directory took it 6 kB further; the entries of chosen paths and the changes of a layer 11 kB.
/// The parts that show artifacts, and layers by their tables of contents, 5 kB.
const FILES_LIMIT: u64 = 147 * 1024;

/// The same for what is loaded only when an image or a report is saved.
const SAVING_LIMIT: u64 = 24 * 1024;

/// The names of the files that wait for a paste or a file, for the structure, for a dialog or a tab to be opened,
/// or for paper.
const ON_DEMAND: [&str; 22] = [
    "alone-",
    "downloads-",
    "patch-",
    "statements-",
    "signing-",
    "embed-define",
    "embed.",
    "stowplan_open",
    "elements-later-define",
    "later.",
    "sections",
    "intake",
    "launched-",
    "checks.en",
    "reasons.en",
    "pasting.en",
    "pins-",
    "doc-link",
    "errors.en",
    "media.",
    "plan.en",
    "snapshot-",
];

/// The names of the files that wait for a layer.
const LAYERS: [&str; 4] = ["stowplan_data", "data-worker", "layers-", "verifying-"];

/// The names of the files that are loaded when files are looked at.
const FILES: [&str; 2] = ["stowplan_files", "files"];

/// The same for what is loaded only when signatures and statements are looked for: the registry client and the readers.
/// The files of a list of packages against those of the image took it 4 kB further, the rule which digests cover an image 9 kB.
/// The layers and files of each package 4 kB.
const FOUND_LIMIT: u64 = 274_500;

/// The names of the files that wait until signatures and statements are looked for.
const FOUND: [&str; 5] = ["stowplan_found", "signatures", "trust.", "referrers-", "verify-signatures-"];

/// The same for what is loaded only when signatures are verified: the judge and its primitives. The budget is 360 kB.
/// Signatures of the Notary Project, names and what covers an image took the module to 386 kB; canonical JSON without tables
/// for floating-point numbers, and JSON that is read and written as text, brought it back to 352 kB.
const TRUST_LIMIT: u64 = 354_000;

/// The names of the files that wait until signatures are verified.
const TRUST: [&str; 1] = ["stowplan_trust"];

/// The same for what is loaded only when images are compared or tags listed: the registry client and the files of layers.
/// Packages, platforms, bases and the tags' view took it to 214 kB; rpm, programs and links to databases 11 kB further.
/// The repositories of a registry 1 kB. Changed files of any number in one list, and details of tags, 1.5 kB.
/// The choice of a platform, what of both images is verified, and the way from a growth to its files, 3 kB.
const COMPARE_LIMIT: u64 = 241_000;

/// The names of the files that wait until then.
const COMPARE: [&str; 6] = ["stowplan_compare", "compare", "comparing", "lineage-", "packages-", "tags-"];

/// The same for what is loaded only when an artifact is opened or a layer is looked into: YAML, and the parser of wasm.
const ARTIFACT_LIMIT: u64 = 102_500;

/// The names of the files that wait until then.
const ARTIFACT: [&str; 4] = ["stowplan_artifact", "artifact-", "read-artifact-", "peek-"];

/// The same for what is loaded only when identities, commands or the places of a digest are shown.
const EXPLAIN_LIMIT: u64 = 55_000;

/// The names of the files that wait until then.
const EXPLAIN: [&str; 1] = ["stowplan_explain"];

/// The names of the files that are loaded when an image or a report is saved.
const SAVING: [&str; 5] = ["save", "saving", "pack", "text-", "offline"];

/// The same for the page "How it works", beside the public module that it takes.
const HOW_LIMIT: u64 = 24 * 1024;

/// The names of its files, and of those of its lesson that the first screen takes when a byte is changed there.
const HOW: [&str; 4] = ["how", "lesson-", "which-", "mend-"];

/// The same for what is loaded in Chinese only: all words of that language.
const CHINESE_LIMIT: u64 = 57 * 1024;

/// The mark in the names of the files of that language.
const CHINESE: &str = ".zh-";

/// Scripts that others share are called so; they belong to the first of the tables with a script that imports them.
const SHARED: &str = "chunk-";

/// The scripts for others' pages: this one has it in chunks of its own.
const NOT_THE_PAGE: [&str; 4] = ["api.js", "stow-plan", "kit-", "frame."];

/// Prints the sizes as tables; true if the sums are within their limits.
pub fn gate() -> Result<bool> {
    let files = page_files(&bundle::dist().join("www"))?;
    let (mut shared, files): (Vec<_>, Vec<_>) = files.into_iter().partition(|file| is_called(file, &[SHARED]));
    let (chinese, files): (Vec<_>, Vec<_>) = files.into_iter().partition(|file| is_chinese(file));
    let (how, files): (Vec<_>, Vec<_>) = files.into_iter().partition(|file| is_called(file, &HOW));
    let (layers, files): (Vec<_>, Vec<_>) = files.into_iter().partition(|file| is_called(file, &LAYERS));
    let (explored, files): (Vec<_>, Vec<_>) = files.into_iter().partition(|file| is_called(file, &FILES));
    let (trust, files): (Vec<_>, Vec<_>) = files.into_iter().partition(|file| is_called(file, &TRUST));
    let (found, files): (Vec<_>, Vec<_>) = files.into_iter().partition(|file| is_called(file, &FOUND));
    let (compared, files): (Vec<_>, Vec<_>) = files.into_iter().partition(|file| is_called(file, &COMPARE));
    let (artifacts, files): (Vec<_>, Vec<_>) = files.into_iter().partition(|file| is_called(file, &ARTIFACT));
    let (explained, files): (Vec<_>, Vec<_>) = files.into_iter().partition(|file| is_called(file, &EXPLAIN));
    let (saving, files): (Vec<_>, Vec<_>) = files.into_iter().partition(|file| is_called(file, &SAVING));
    let (on_demand, first): (Vec<_>, Vec<_>) = files.into_iter().partition(|file| is_called(file, &ON_DEMAND));
    println!("{:<32} {:>9} {:>9}", "file", "bytes", "brotli");
    let mut within = true;
    for (title, files, limit) in [
        ("first view", first, LIMIT),
        ("on demand", on_demand, ON_DEMAND_LIMIT),
        ("with a layer", layers, LAYER_LIMIT),
        ("with files", explored, FILES_LIMIT),
        ("with statements", found, FOUND_LIMIT),
        ("with signatures", trust, TRUST_LIMIT),
        ("with comparisons", compared, COMPARE_LIMIT),
        ("with artifacts", artifacts, ARTIFACT_LIMIT),
        ("with identities", explained, EXPLAIN_LIMIT),
        ("with saving", saving, SAVING_LIMIT),
        ("in Chinese", chinese, CHINESE_LIMIT),
        ("how it works", how, HOW_LIMIT),
    ] {
        within &= table(title, &with_imported(files, &mut shared)?, limit)?;
    }
    Ok(within)
}

/// The most that the scripts of `<stow-plan>` may be together before its wasm module is needed.
const ELEMENT_LIMIT: u64 = 60_000;

/// The names of those scripts: one of them, the worker, is the page's too.
const ELEMENT: [&str; 4] = ["stow-plan-define.js", "kit-parts-define-", "worker.js", "kit-plan.en-"];

/// Prints the sizes of what the element loads before the wasm module; true if the sum is within its limit.
pub fn element() -> Result<bool> {
    let www = bundle::dist().join("www");
    let all: Vec<_> = std::fs::read_dir(&www)?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    let (own, mut shared): (Vec<_>, Vec<_>) = all
        .into_iter()
        .partition(|file| is_called(file, &ELEMENT) && file.extension().is_some_and(|kind| kind == "js"));
    shared.retain(|file| is_called(file, &[SHARED, "kit-chunk-"]) && file.extension().is_some_and(|kind| kind == "js"));
    table("the element", &with_imported(own, &mut shared)?, ELEMENT_LIMIT)
}

/// The files, and the shared scripts that they import and that no list has yet.
fn with_imported(mut files: Vec<PathBuf>, shared: &mut Vec<PathBuf>) -> Result<Vec<PathBuf>> {
    let mut at = 0;
    while let Some(file) = files.get(at) {
        let text = String::from_utf8_lossy(&std::fs::read(file)?).into_owned();
        let names = |file: &mut PathBuf| text.contains(&*file.file_name().unwrap_or_default().to_string_lossy());
        files.extend(shared.extract_if(.., names));
        at += 1;
    }
    Ok(files)
}

fn table(title: &str, files: &[PathBuf], limit: u64) -> Result<bool> {
    let sizes = compressed(files)?;
    for (file, size) in files.iter().zip(&sizes) {
        let bytes = std::fs::metadata(file)?.len();
        println!("{:<32} {bytes:>9} {size:>9}", file.file_name().unwrap_or_default().to_string_lossy());
    }
    let sum = sizes.iter().sum::<u64>();
    println!("{title:<32} {:>9} {sum:>9} of {limit}", "");
    Ok(is_within(sum, limit))
}

fn is_called(file: &Path, starts: &[&str]) -> bool {
    file.file_name().is_some_and(|name| starts.iter().any(|start| name.to_string_lossy().starts_with(start)))
}

fn is_chinese(file: &Path) -> bool {
    file.file_name().is_some_and(|name| name.to_string_lossy().contains(CHINESE))
}

fn is_within(sum: u64, limit: u64) -> bool {
    (1..=limit).contains(&sum)
}

/// Every script, style sheet and wasm module of the built page, in order.
fn page_files(www: &Path) -> Result<Vec<PathBuf>> {
    let folder = std::fs::read_dir(www).with_context(|| format!("cannot read {}", www.display()))?;
    let mut files = Vec::new();
    for entry in folder {
        let path = entry?.path();
        if path.file_name().is_some_and(|name| is_loaded(&name.to_string_lossy())) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn is_loaded(name: &str) -> bool {
    let kind = Path::new(name).extension().unwrap_or_default();
    ["js", "css", "wasm"].iter().any(|known| kind == *known)
        && !NOT_THE_PAGE.iter().any(|start| name.starts_with(start))
}

/// The brotli size of each file at the highest quality, by Node's own zlib.
fn compressed(files: &[PathBuf]) -> Result<Vec<u64>> {
    const SCRIPT: &str = "const fs = require('node:fs'), zlib = require('node:zlib'); \
        for (const f of process.argv.slice(1)) console.log(zlib.brotliCompressSync(fs.readFileSync(f)).length)";
    let lines =
        captured(program("node").args(["-e", SCRIPT, "--"]).args(files)).context("node cannot compress dist/")?;
    lines.lines().map(|line| line.parse().with_context(|| format!("node gave {line} as a size"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_all_but_the_public_entry_points() {
        for name in ["page.js", "worker.js", "chunk-ABC.js", "page.css", "stowplan_bg.wasm"] {
            assert!(is_loaded(name), "{name}");
        }
        for name in ["api.js", "api.d.ts", "page.js.br", "sample.json", "js"] {
            assert!(!is_loaded(name), "{name}");
        }
    }

    #[test]
    fn what_waits_for_a_paste_is_counted_by_itself() {
        assert!(is_called(Path::new("dist/www/stowplan_open_bg.wasm"), &ON_DEMAND));
        assert!(is_called(Path::new("dist/www/stowplan_data_bg.wasm"), &LAYERS));
        assert!(!is_called(Path::new("dist/www/stowplan_bg.wasm"), &[ON_DEMAND.as_slice(), &LAYERS].concat()));
    }

    #[test]
    fn words_of_another_language_are_counted_by_themselves() {
        assert!(is_chinese(Path::new("dist/www/files.zh-ABC.js")));
        assert!(!is_chinese(Path::new("dist/www/files.en-ABC.js")));
    }

    #[test]
    fn an_empty_page_and_a_fat_one_fail() {
        assert!(!is_within(0, LIMIT));
        assert!(is_within(LIMIT, LIMIT));
        assert!(!is_within(LIMIT + 1, LIMIT));
    }

    #[test]
    fn files_are_compressed_in_order() -> Result<()> {
        let dir = std::env::temp_dir().join(format!("stowplan-size-{}", std::process::id()));
        std::fs::create_dir_all(&dir)?;
        let (short, long) = (dir.join("a.js"), dir.join("b.js"));
        std::fs::write(&short, "x".repeat(10_000))?;
        std::fs::write(&long, (0..3000_u32).map(|n| (n * n).to_string()).collect::<String>())?;
        let sizes = compressed(&page_files(&dir)?)?;
        assert_eq!(sizes.len(), 2);
        assert!(sizes[0] < 100 && sizes[1] > 1000, "{sizes:?}");
        std::fs::remove_dir_all(dir)?;
        Ok(())
    }
}
