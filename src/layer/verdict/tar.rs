//! The checks of the tar in a layer: its form, bytes that no program reads, the cap that stopped it.

use crate::checks::{Check, CheckId, Outcome};
use crate::layer::decompress::{Hidden, HiddenPlace};
use crate::layer::{Fault, FaultKind, TarFacts, Unpacked};
use crate::say::say;

/// The checks of the tar: whether it is one, and the doubts about its bytes.
pub(super) fn checks(unpacked: &Unpacked, tar_facts: &TarFacts) -> Vec<Check> {
    let stop = unpacked.fault.as_ref().or(tar_facts.fault.as_ref());
    let mut checks = vec![match stop {
        Some(fault) => stopped(fault),
        None if unpacked.size == 0 => empty(),
        None => whole(unpacked, tar_facts),
    }];
    if stop.is_none() {
        refuse(&mut checks, tar_facts);
    }
    checks.extend(unpacked.hidden.as_ref().map(hidden));
    checks.extend(stop.and_then(limit));
    checks
}

/// A cap of ours that stopped the reading: it disproves nothing.
pub(super) fn limit(fault: &Fault) -> Option<Check> {
    let check = || Check::new(CheckId::Limits, Outcome::NotChecked, fault.message.clone()).because("cap-reached");
    (fault.kind == FaultKind::Limit).then(check)
}

fn stopped(fault: &Fault) -> Check {
    let check = |outcome, message: String| Check::new(CheckId::Tar, outcome, message);
    match fault.kind {
        FaultKind::Limit => {
            let message = format!("the layer was not read to its end: {}", fault.message);
            check(Outcome::NotChecked, message).because("cap-reached")
        }
        FaultKind::Unread => check(Outcome::NotChecked, fault.message.clone()).because("compression-not-read"),
        FaultKind::Compression => {
            check(Outcome::Fail, fault.message.clone()).because("broken-compression").with("at", fault.at)
        }
        FaultKind::Tar => check(Outcome::Fail, fault.message.clone()).because("broken-tar").with("at", fault.at),
    }
}

/// A blob of no bytes: Docker takes it for an empty layer on purpose, and Go's archive/tar reads no entry from it.
fn empty() -> Check {
    let message = "the layer has no bytes, and even an empty tar has 1024: Docker, podman and containerd take it for an \
                   empty layer, stricter programs fail";
    Check::new(CheckId::Tar, Outcome::Warn, message).because("empty-blob")
}

fn whole(unpacked: &Unpacked, tar_facts: &TarFacts) -> Check {
    let (entries, bytes) = (tar_facts.entries, tar_facts.bytes);
    let counts = match entries {
        1 => say!("one-entry", "1 entry in {bytes} bytes", bytes),
        _ => say!("entry-counts", "{entries} entries in {bytes} bytes", entries, bytes),
    };
    let oddities: Vec<_> = unpacked.oddities.iter().chain(&tar_facts.oddities).map(|oddity| oddity.said()).collect();
    let (outcome, message) = if oddities.is_empty() {
        (Outcome::Pass, say!("well-formed", "the layer is a well-formed tar: {counts}", counts))
    } else {
        (Outcome::Warn, say!("oddities", "the layer can be read, {counts}, but {oddities}", counts, oddities))
    };
    let check = Check::new(CheckId::Tar, outcome, message);
    let check = check.with("entries", tar_facts.entries).with("bytes", tar_facts.bytes);
    if tar_facts.trailing > 0 { check.because("bytes-behind-end").with("behind", tar_facts.trailing) } else { check }
}

/// Entries that engines refuse: they take the place of a pass, the worst first.
fn refuse(checks: &mut Vec<Check>, tar_facts: &TarFacts) {
    let mut refused: Vec<_> = tar_facts.refused.iter().collect();
    refused.sort_by_key(|found| !found.kind.is_refused_by_all());
    if !refused.is_empty() {
        checks.retain(|check| check.outcome != Outcome::Pass);
    }
    let told = refused.into_iter().map(|found| {
        let outcome = if found.kind.is_refused_by_all() { Outcome::Fail } else { Outcome::Warn };
        let check = Check::new(CheckId::Tar, outcome, found.message()).because(found.kind.told().0);
        check.with("count", found.count).with("path", found.path.as_str())
    });
    checks.splice(0..0, told);
    checks.extend(tar_facts.unresolved.as_ref().map(|why| {
        Check::new(CheckId::Limits, Outcome::NotChecked, format!("where its entries land was not looked at: {why}"))
            .because("cap-reached")
    }));
}

/// Bytes that the digest covers and no container shows.
fn hidden(hidden: &Hidden) -> Check {
    let Hidden { place, bytes, parts } = hidden;
    let (reason, what) = match place {
        HiddenPlace::GzipHeader => ("hidden-in-gzip-header", "headers of gzip members (extra field, name, comment)"),
        HiddenPlace::ZstdFrame => ("hidden-in-zstd-frame", "skippable zstd frames that no annotation names"),
    };
    let message = format!("{bytes} bytes of the layer lie in {parts} {what}: no program unpacks them");
    Check::new(CheckId::Tar, Outcome::Warn, message).because(reason).with("bytes", *bytes).with("parts", *parts)
}
