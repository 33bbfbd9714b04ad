//! OpenVEX: which vulnerabilities affect what, by whose word.

use serde_json::Value;

use super::Content;
use super::facts::{add, items, text};
use crate::say::say;

pub(super) fn read(document: &Value) -> Content {
    let statements = items(document, &["statements"]);
    let count = |status: &str| statements.iter().filter(|one| text(one, &["status"]) == Some(status)).count();
    let (affected, fixed) = (count("affected"), count("fixed"));
    let (unaffected, open) = (count("not_affected"), count("under_investigation"));
    let author = text(document, &["author"]).unwrap_or_default().to_owned();
    let mut facts = Vec::new();
    add(&mut facts, "author", Some(&author));
    add(&mut facts, "created", text(document, &["timestamp"]));
    add(&mut facts, "document", text(document, &["@id"]));
    for one in statements {
        let name = text(one, &["vulnerability"]).or_else(|| text(one, &["vulnerability", "name"]));
        let name = name.or_else(|| text(one, &["vulnerability", "@id"])).unwrap_or("?");
        let status = text(one, &["status"]).unwrap_or("?");
        let why = text(one, &["justification"]).or_else(|| text(one, &["impact_statement"]));
        let products =
            items(one, &["products"]).iter().filter_map(|product| product.as_str().or_else(|| text(product, &["@id"])));
        let products: Vec<_> = products.take(20).collect();
        let why = why.map_or_else(String::new, |why| format!(" ({why})"));
        add(&mut facts, "vulnerability", Some(format!("{name}: {status}{why} {}", products.join(", "))));
    }
    let count = statements.len();
    let said = say!(
        "vex-says",
        "{author} says of {count} vulnerabilities: {affected} affect, {unaffected} do not affect, {fixed} are fixed, {open} are looked into",
        author,
        count,
        affected,
        unaffected,
        fixed,
        open
    );
    Content { form: "openvex", said, facts, ..Content::default() }
}
