//! The judge's primitives against Wycheproof's cases.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot read its input fails")]
#![cfg(feature = "trust")]

mod trusting;

use std::fs;

use serde_json::Value;
use stowplan::trust::verifies;
use trusting::vectors;

/// The scheme that a file's cases are of; none if the judge never asks for it.
fn scheme_of(name: &str) -> Option<String> {
    let sha = name.split("_sha").nth(1)?.split('_').next()?;
    match name.split('_').collect::<Vec<_>>()[..] {
        ["ecdsa", "secp256r1", ..] if sha == "256" => Some("ECDSA_P256_SHA256".into()),
        ["ecdsa", "secp384r1", ..] if sha != "512" => Some(format!("ECDSA_P384_SHA{sha}")),
        ["rsa", "pss", ..] => Some(format!("RSA_PSS_SHA{sha}")),
        ["rsa", "signature", ..] => Some(format!("RSA_PKCS1_SHA{sha}")),
        _ => None,
    }
}

#[test]
fn wycheproofs_cases_get_their_results() {
    let Some(folder) = vectors() else { return };
    let (mut wrong, mut seen) = (Vec::new(), 0);
    for path in fs::read_dir(folder.join("C2SP_wycheproof/testvectors_v1")).unwrap().map(|entry| entry.unwrap().path())
    {
        let name = path.file_name().unwrap().to_str().unwrap();
        let ed25519 = name.starts_with("ed25519").then(|| "ED25519".to_owned());
        let Some(scheme) = ed25519.or_else(|| scheme_of(name)) else { continue };
        let file: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        for group in file["testGroups"].as_array().unwrap() {
            let key = hex(group["publicKeyDer"].as_str().unwrap());
            for case in group["tests"].as_array().unwrap() {
                let text = |name: &str| hex(case[name].as_str().unwrap());
                let good = verifies(&scheme, &key, &text("msg"), &text("sig"));
                let fits = match case["result"].as_str().unwrap() {
                    "valid" => good == Some(true),
                    "invalid" => good != Some(true),
                    _ => true,
                };
                seen += 1;
                if !fits {
                    wrong.push(format!("{name} {}: {good:?} for {} {}", case["tcId"], case["result"], case["comment"]));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {seen}\n{}", wrong.len(), wrong.join("\n"));
    assert!(seen > 4000, "{seen}");
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len() / 2).map(|at| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).unwrap()).collect()
}
