//! registry::Client, auth. `WWW-Authenticate` (RFC 9110, 11.6.1): any number of challenges in one header.
//!
//! Hand-written: `http-auth` knows no `token68`, and gives nothing of a challenge that breaks off, of which
//! registries' clients take what came before.

/// One challenge: a scheme and its parameters; a `token68` is skipped, no registry uses one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Challenge {
    /// Lower case.
    pub scheme: String,
    /// Names in lower case, values unescaped, in order.
    pub params: Vec<(String, String)>,
}

impl Challenge {
    /// The first parameter of that name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }
}

/// The challenges of a header, and whether all of it could be read; what stands before a fault is kept.
pub(super) fn parse(header: &str) -> (Vec<Challenge>, bool) {
    let mut list = Vec::new();
    let complete = read(&mut Cursor { rest: header }, &mut list).is_some();
    (list, complete)
}

fn read(cursor: &mut Cursor<'_>, list: &mut Vec<Challenge>) -> Option<()> {
    loop {
        cursor.skip(|c| matches!(c, ' ' | '\t' | ','));
        if cursor.rest.is_empty() {
            return Some(());
        }
        let name = cursor.token()?;
        let space = cursor.skip_space();
        if cursor.eat('=') {
            // A parameter after a comma belongs to the challenge before it.
            list.last_mut()?.params.push((name, cursor.value()?));
        } else {
            list.push(Challenge { scheme: name, params: Vec::new() });
            if space && !cursor.at_separator() && !cursor.token68() {
                let name = cursor.token()?;
                cursor.skip_space();
                let value = if cursor.eat('=') { cursor.value()? } else { return None };
                list.last_mut()?.params.push((name, value));
            }
        }
        cursor.skip_space();
        if !cursor.at_separator() {
            return None;
        }
    }
}

struct Cursor<'a> {
    rest: &'a str,
}

impl Cursor<'_> {
    fn skip(&mut self, what: impl Fn(char) -> bool) -> bool {
        let before = self.rest.len();
        self.rest = self.rest.trim_start_matches(what);
        self.rest.len() < before
    }

    fn skip_space(&mut self) -> bool {
        self.skip(|c| matches!(c, ' ' | '\t'))
    }

    fn at_separator(&self) -> bool {
        self.rest.is_empty() || self.rest.starts_with(',')
    }

    fn eat(&mut self, wanted: char) -> bool {
        let rest = self.rest.strip_prefix(wanted);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// A token in lower case: schemes and parameter names are case-insensitive.
    fn token(&mut self) -> Option<String> {
        self.raw_token().map(|token| token.to_ascii_lowercase())
    }

    fn raw_token(&mut self) -> Option<String> {
        let word = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
        let end = self.rest.find(|c| !word(c)).unwrap_or(self.rest.len());
        let (token, rest) = self.rest.split_at(end);
        self.rest = rest;
        (!token.is_empty()).then(|| token.to_owned())
    }

    fn token68(&mut self) -> bool {
        let end = self.rest.find([',', ' ', '\t']).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        let body = word.trim_end_matches('=');
        let fits = !body.is_empty() && body.chars().all(|c| c.is_ascii_alphanumeric() || "-._~+/".contains(c));
        let last = rest.trim_start_matches([' ', '\t']);
        if !fits || !(last.is_empty() || last.starts_with(',')) {
            return false;
        }
        self.rest = rest;
        true
    }

    fn value(&mut self) -> Option<String> {
        self.skip_space();
        if !self.eat('"') {
            return self.raw_token();
        }
        let mut value = String::new();
        let mut chars = self.rest.char_indices();
        while let Some((at, c)) = chars.next() {
            match c {
                '"' => {
                    self.rest = &self.rest[at + 1..];
                    return Some(value);
                }
                '\\' => value.push(chars.next()?.1),
                c => value.push(c),
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use std::{env, fs, path::Path};

    use super::*;
    use proptest::prelude::*;
    use serde_json::Value;

    #[test]
    fn challenges_come_in_any_order_and_number() {
        let (list, complete) =
            parse("Basic realm=\"a, b\", Bearer scope=x , realm = \"https://h/\\\"t\\\"\",error=\"no\"");
        assert!(complete);
        assert_eq!(list[0].get("realm"), Some("a, b"));
        assert_eq!((list[1].scheme.as_str(), list[1].get("realm")), ("bearer", Some("https://h/\"t\"")));
        assert_eq!(list[1].get("service"), None);
    }

    #[test]
    fn what_stands_before_a_fault_is_kept() {
        for header in
            ["Bearer realm=\"x\",service=\"y", "Bearer realm=x service=y", "Bearer realm=x;", "Bearer realm=x, ="]
        {
            let (list, complete) = parse(header);
            assert!(!complete, "{header}");
            assert_eq!(list[0].get("realm"), Some("x"), "{header}");
        }
        assert_eq!(parse("=x"), (vec![], false));
        assert_eq!(parse(""), (vec![], true));
    }

    /// Rows that other parsers judge by rules that are not RFC 9110's.
    fn excepted(header: &str) -> Option<&'static str> {
        header.ends_with("error error").then_some("by the RFC, `error error` is a third challenge with a token68")
    }

    #[test]
    fn every_challenge_of_the_vectors_is_read_as_told() {
        let Ok(folder) = env::var("STOWPLAN_VECTORS") else {
            eprintln!("skipped: STOWPLAN_VECTORS is not set, so challenges.json is not read");
            return;
        };
        let bytes = fs::read(Path::new(&folder).join("challenges.json")).unwrap();
        let rows: Vec<Value> = serde_json::from_slice(&bytes).unwrap();
        for row in &rows {
            // Several header lines mean the same as one with commas (RFC 9110, 5.3); fetch joins them like that.
            let lines =
                row["header"].as_array().map(|lines| lines.iter().filter_map(Value::as_str).collect::<Vec<_>>());
            let header = lines.map_or_else(|| row["header"].as_str().unwrap().to_owned(), |lines| lines.join(", "));
            let (list, complete) = parse(&header);
            if let Some(why) = excepted(&header) {
                println!("excepted {header}: {why}");
                assert!(list.iter().any(|one| one.scheme == "basic" && one.get("realm") == Some("foo")));
                continue;
            }
            assert_eq!(complete, row["valid"].as_bool().unwrap(), "{header}");
            if let Some(told) = row["challenges"].as_array() {
                assert_eq!(list.len(), told.len(), "{header}");
                told.iter().zip(&list).for_each(|(told, found)| compare(&header, told, found));
            }
        }
        assert!(rows.len() > 20);
    }

    fn compare(header: &str, told: &Value, found: &Challenge) {
        let scheme = told["scheme"].as_str().unwrap().to_ascii_lowercase();
        assert!(scheme == "unknown" || scheme == found.scheme, "{header}: {}", found.scheme);
        let told = told["params"].as_object().unwrap();
        // oras-go does not collect the parameters of Basic; those rows have none to collect.
        assert_eq!(found.params.len(), told.len(), "{header}");
        for (name, value) in told {
            assert_eq!(found.get(name), value.as_str(), "{header}");
        }
    }

    proptest! {
        #[test]
        fn parsing_never_panics(header in ".{0,120}") {
            let _ = parse(&header);
        }

        #[test]
        fn parsing_near_challenges_never_panics(header in "(Basic|Bearer| |,|=|\"|\\\\|a|é|realm){0,30}") {
            let (list, _) = parse(&header);
            prop_assert!(list.iter().all(|one| !one.scheme.is_empty()));
        }
    }
}
