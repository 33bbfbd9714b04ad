//! tar bytes -> Entry. The maps of sparse files: GNU's old headers, and PAX 0.0, 0.1 and 1.0 (GNU tar manual, D.2).

use super::meta::{Extensions, SPARSE_MAP};
use super::number::{decimal, field};
use super::{BLOCK, fault};
use crate::layer::{Fault, FaultKind};
use crate::limits;

/// The places of a sparse file's content: offset and length of each piece.
pub(super) type Map = Vec<(u64, u64)>;

/// The place of the map.
pub(super) enum MapPlace {
    /// Not sparse.
    Not,
    Whole(Map),
    /// PAX 1.0: in front of the content.
    Ahead,
}

/// The PAX records about a sparse file, with its name and its size with holes.
pub(super) fn of_records(records: &Extensions, at: u64) -> Result<MapPlace, Fault> {
    let version = (records.get(b"GNU.sparse.major"), records.get(b"GNU.sparse.minor"));
    match version {
        (Some(b"1"), Some(b"0")) => return Ok(MapPlace::Ahead),
        (Some(b"0"), Some(b"0" | b"1")) => {}
        // An unknown version: Go reads such a file as it stands.
        (Some(_), _) | (_, Some(_)) => return Ok(MapPlace::Not),
        _ if records.get(SPARSE_MAP).is_none() => return Ok(MapPlace::Not),
        _ => {}
    }
    let count = records.get(b"GNU.sparse.numblocks").and_then(decimal).and_then(|count| usize::try_from(count).ok());
    let numbers = records.get(SPARSE_MAP).unwrap_or_default();
    let numbers: Option<Vec<i64>> = match numbers {
        b"" => Some(Vec::new()),
        text => text.split(|byte| *byte == b',').map(decimal).collect(),
    };
    match (count, numbers) {
        (Some(count), Some(numbers)) if count.checked_mul(2) == Some(numbers.len()) => {
            pairs(&numbers, at).map(MapPlace::Whole)
        }
        _ => Err(fault(
            at,
            format!("the sparse map before byte {at} has not as many numbers as GNU.sparse.numblocks says"),
        )),
    }
}

/// The pieces of an old GNU header or of one of its extension blocks; false if no more follow.
pub(super) fn old_pieces(bytes: &[u8], at: u64, map: &mut Map) -> Result<(), Fault> {
    for piece in bytes.chunks_exact(24) {
        if piece[0] == 0 {
            break;
        }
        let numbers = [field(&piece[..12]), field(&piece[12..])].map(|number| number.unwrap_or(-1));
        map.extend(pairs(&numbers, at)?);
        if map.len() > limits::SPARSE_PIECES {
            return Err(too_many(at));
        }
    }
    Ok(())
}

/// The map of PAX 1.0 as far as it has been read: a count and then two numbers a piece, one a line.
/// None while lines are missing.
pub(super) fn ahead(text: &[u8], at: u64) -> Result<Option<Map>, Fault> {
    let mut lines = text.split_inclusive(|byte| *byte == b'\n').filter_map(|line| line.strip_suffix(b"\n"));
    let Some(first) = lines.next() else {
        return if text.len() > BLOCK {
            Err(fault(at, format!("the sparse map at byte {at} has no count")))
        } else {
            Ok(None)
        };
    };
    let count = decimal(first).and_then(|count| usize::try_from(count).ok());
    let count = count.ok_or_else(|| fault(at, format!("the sparse map at byte {at} has no count")))?;
    if count > limits::SPARSE_PIECES {
        return Err(too_many(at));
    }
    let numbers: Vec<_> = lines.take(count * 2).map(decimal).collect();
    if numbers.len() < count * 2 {
        return Ok(None);
    }
    let numbers: Option<Vec<i64>> = numbers.into_iter().collect();
    let numbers = numbers.ok_or_else(|| fault(at, format!("the sparse map at byte {at} holds what is no number")))?;
    pairs(&numbers, at).map(Some)
}

/// Holds a map against the file's size and against how much content stands in the archive.
pub(super) fn check(map: &Map, size: u64, stored: u64, at: u64) -> Result<(), Fault> {
    let mut end = 0;
    let mut sum = 0_u64;
    for (offset, length) in map {
        let next = offset.checked_add(*length).filter(|next| *next <= size);
        let Some(next) = next else {
            let what =
                format!("the sparse map before byte {at} goes beyond the file's {size} bytes: {length} at {offset}");
            return Err(fault(at, what));
        };
        if *offset < end {
            let what = format!("the sparse map before byte {at} overlaps or runs backwards: {offset} after {end}");
            return Err(fault(at, what));
        }
        (end, sum) = (next, sum + length);
    }
    // Go refuses both: data that is not there, and data that no piece of the file refers to.
    if sum != stored {
        return Err(fault(at, format!("the sparse map before byte {at} wants {sum} bytes, and {stored} are stored")));
    }
    Ok(())
}

fn pairs(numbers: &[i64], at: u64) -> Result<Map, Fault> {
    let of = |number: i64| {
        u64::try_from(number)
            .map_err(|_| fault(at, format!("the sparse map before byte {at} holds a negative or unreadable number")))
    };
    numbers.chunks_exact(2).map(|pair| Ok((of(pair[0])?, of(pair[1])?))).collect()
}

pub(super) fn too_many(at: u64) -> Fault {
    let most = limits::SPARSE_PIECES;
    Fault::new(FaultKind::Limit, at, format!("the sparse map before byte {at} has more than {most} pieces"))
}
