//! The headers before an entry that extend it: PAX records (POSIX pax) and GNU's long names.

use super::fault;
use super::number::{decimal, time};
use crate::layer::{Entry, Fault};

/// Keys with their values, in the order of the header.
pub(super) type Records = Vec<(Vec<u8>, Vec<u8>)>;

/// The facts about an entry in the headers before it.
#[derive(Default)]
pub(super) struct Extensions {
    /// The position of the first of them in the tar.
    pub(super) at: Option<u64>,
    pub(super) records: Records,
    pub(super) long_name: Option<Vec<u8>>,
    pub(super) long_link: Option<Vec<u8>>,
}

const SPARSE_OFFSET: &[u8] = b"GNU.sparse.offset";
const SPARSE_LENGTH: &[u8] = b"GNU.sparse.numbytes";
pub(super) const SPARSE_MAP: &[u8] = b"GNU.sparse.map";
const XATTR: &[u8] = b"SCHILY.xattr.";

impl Extensions {
    pub(super) fn get(&self, key: &[u8]) -> Option<&[u8]> {
        let found = self.records.iter().rev().find(|(name, _)| name == key);
        found.map(|(_, value)| value.as_slice()).filter(|value| !value.is_empty())
    }

    /// The entry as these headers have it; `at` is where its own header begins.
    pub(super) fn apply(&self, entry: &mut Entry, at: u64) -> Result<(), Fault> {
        let number = |key: &str, read: fn(&[u8]) -> Option<i64>| {
            let Some(value) = self.get(key.as_bytes()) else { return Ok(None) };
            read(value).map(Some).ok_or_else(|| {
                fault(at, format!("the PAX record {key} before byte {at} is no number: \"{}\"", value.escape_ascii()))
            })
        };
        let replace = |field: &mut Vec<u8>, key: &[u8]| {
            if let Some(value) = self.get(key) {
                *field = value.to_vec();
            }
        };
        replace(&mut entry.path, b"path");
        replace(&mut entry.link, b"linkpath");
        replace(&mut entry.user, b"uname");
        replace(&mut entry.group, b"gname");
        entry.uid = number("uid", decimal)?.unwrap_or(entry.uid);
        entry.gid = number("gid", decimal)?.unwrap_or(entry.gid);
        entry.mtime = number("mtime", time)?.unwrap_or(entry.mtime);
        // Go decodes these two as well, and refuses the archive if it cannot.
        number("atime", time)?;
        number("ctime", time)?;
        if let Some(size) = number("size", decimal)? {
            entry.size = u64::try_from(size)
                .map_err(|_| fault(at, format!("the PAX record size before byte {at} is negative: {size}")))?;
        }
        for (key, value) in &self.records {
            match key.strip_prefix(XATTR) {
                // An empty value takes a record away, as everywhere in PAX.
                Some(name) if value.is_empty() => entry.empty_xattrs.push(name.to_vec()),
                Some(name) => entry.xattrs.push((name.to_vec(), value.clone())),
                None => {}
            }
        }
        if let Some(name) = &self.long_name {
            entry.path.clone_from(name);
        }
        if let Some(link) = &self.long_link {
            entry.link.clone_from(link);
        }
        Ok(())
    }
}

/// The records of an extended header whose content begins at byte `at`.
pub(super) fn records(text: &[u8], at: u64) -> Result<Records, Fault> {
    let mut records = Vec::new();
    let mut map: Vec<u8> = Vec::new();
    let mut numbers = 0_usize;
    let mut rest = text;
    while !rest.is_empty() {
        let place = at + (text.len() - rest.len()) as u64;
        let (key, value, after) =
            record(rest).map_err(|why| fault(place, format!("the PAX record at byte {place} {why}")))?;
        rest = after;
        if key != SPARSE_OFFSET && key != SPARSE_LENGTH {
            records.push((key.to_vec(), value.to_vec()));
            continue;
        }
        // GNU 0.0: the same two keys over and over, in turn.
        let turn = if numbers.is_multiple_of(2) { SPARSE_OFFSET } else { SPARSE_LENGTH };
        if key != turn || value.contains(&b',') {
            let key = key.escape_ascii();
            return Err(fault(place, format!("the PAX record at byte {place} is {key}, out of turn or no number")));
        }
        if numbers > 0 {
            map.push(b',');
        }
        map.extend_from_slice(value);
        numbers += 1;
    }
    if numbers > 0 {
        records.push((SPARSE_MAP.to_vec(), map));
    }
    Ok(records)
}

type Record<'a> = (&'a [u8], &'a [u8], &'a [u8]);

/// `LENGTH KEY=VALUE\n`, where the length counts all of it.
fn record(text: &[u8]) -> Result<Record<'_>, String> {
    let space = text.iter().take(20).position(|byte| *byte == b' ');
    let space = space.ok_or("does not begin with its length and a space")?;
    let length = std::str::from_utf8(&text[..space]).ok().and_then(|digits| digits.parse::<usize>().ok());
    let length = length.ok_or_else(|| format!("has no length but \"{}\"", text[..space].escape_ascii()))?;
    let left = text.len();
    if length > left || length < space + 4 {
        return Err(format!("says that it is {length} bytes long, and {left} are left"));
    }
    let (record, after) = text.split_at(length);
    let Some(record) = record[space + 1..].strip_suffix(b"\n") else {
        return Err(format!("does not end with a line feed after {length} bytes"));
    };
    let equals = record.iter().position(|byte| *byte == b'=').ok_or("has no \"=\"")?;
    let (key, value) = (&record[..equals], &record[equals + 1..]);
    let is_text = matches!(key, b"path" | b"linkpath" | b"uname" | b"gname");
    if key.is_empty() || key.contains(&0) || is_text && value.contains(&0) {
        return Err(format!("has an empty key, or a NUL: \"{}\"", key.escape_ascii()));
    }
    Ok((key, value, after))
}
