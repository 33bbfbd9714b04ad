//! CBOR (RFC 8949) as COSE envelopes use it: values of definite length, bounded. The judge brings no reader of it.

/// The depth to which values lie in values: an envelope's are five deep.
const DEEPEST: usize = 8;

/// The most values that one text may hold.
const VALUES: usize = 4096;

/// The most members that a map may have: names are compared with each other.
const MEMBERS: usize = 64;

#[derive(Debug, PartialEq)]
pub(super) enum Cbor<'a> {
    Number(i64),
    Bytes(&'a [u8]),
    Text(&'a str),
    List(Vec<Cbor<'a>>),
    Map(Vec<(Cbor<'a>, Cbor<'a>)>),
    Tag(u64, Box<Cbor<'a>>),
    /// A truth value, null, or a number that is no integer.
    Other,
}

impl<'a> Cbor<'a> {
    /// Reads one value that is all there is; none if a map has a name twice.
    pub(super) fn parse(bytes: &'a [u8]) -> Option<Self> {
        let mut reader = Reader { rest: bytes, left: VALUES };
        let value = reader.value(DEEPEST)?;
        reader.rest.is_empty().then_some(value)
    }

    /// The value of that name in a map.
    pub(super) fn get(&self, name: &Cbor<'_>) -> Option<&Self> {
        let Self::Map(members) = self else { return None };
        members.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    pub(super) fn bytes(&self) -> Option<&'a [u8]> {
        if let Self::Bytes(bytes) = self { Some(bytes) } else { None }
    }

    pub(super) fn text(&self) -> Option<&'a str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// A time in seconds since 1970 (tag 1).
    pub(super) fn seconds(&self) -> Option<i64> {
        match self {
            Self::Tag(1, value) => match **value {
                Self::Number(seconds) => Some(seconds),
                _ => None,
            },
            _ => None,
        }
    }
}

struct Reader<'a> {
    rest: &'a [u8],
    left: usize,
}

impl<'a> Reader<'a> {
    fn value(&mut self, deep: usize) -> Option<Cbor<'a>> {
        self.left = self.left.checked_sub(1)?;
        let deep = deep.checked_sub(1)?;
        let (major, argument) = self.head()?;
        Some(match major {
            0 => Cbor::Number(i64::try_from(argument).ok()?),
            1 => Cbor::Number(-1 - i64::try_from(argument).ok()?),
            2 => Cbor::Bytes(self.take(argument)?),
            3 => Cbor::Text(std::str::from_utf8(self.take(argument)?).ok()?),
            4 => {
                let mut list = Vec::new();
                for _ in 0..argument {
                    list.push(self.value(deep)?);
                }
                Cbor::List(list)
            }
            5 => {
                let mut members: Vec<(Cbor<'a>, Cbor<'a>)> = Vec::new();
                for _ in 0..argument {
                    let (name, value) = (self.value(deep)?, self.value(deep)?);
                    if members.len() == MEMBERS || members.iter().any(|(known, _)| *known == name) {
                        return None;
                    }
                    members.push((name, value));
                }
                Cbor::Map(members)
            }
            6 => Cbor::Tag(argument, Box::new(self.value(deep)?)),
            _ => Cbor::Other,
        })
    }

    /// The kind of a value, and its number or length.
    fn head(&mut self) -> Option<(u8, u64)> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        let length = match first & 31 {
            small @ 0..24 => return Some((first >> 5, u64::from(small))),
            24 => 1,
            25 => 2,
            26 => 4,
            27 => 8,
            // Without a length, or of no meaning.
            _ => return None,
        };
        let bytes = self.take(length)?;
        Some((first >> 5, bytes.iter().fold(0, |number, byte| (number << 8) | u64::from(*byte))))
    }

    fn take(&mut self, length: u64) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(usize::try_from(length).ok()?)?;
        self.rest = rest;
        Some(taken)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn values_are_read_as_they_stand() {
        let read = |bytes: &'static [u8]| Cbor::parse(bytes);
        assert_eq!(read(&[0x18, 100]), Some(Cbor::Number(100)));
        assert_eq!(read(&[0x38, 0x25]), Some(Cbor::Number(-38)));
        assert_eq!(read(&[0x42, 1, 2]), Some(Cbor::Bytes(&[1, 2])));
        assert_eq!(read(&[0x62, b'a', b'b']), Some(Cbor::Text("ab")));
        assert_eq!(read(&[0xc1, 0x1a, 0, 0, 1, 0]).and_then(|value| value.seconds()), Some(256));
        let map = read(&[0xa2, 1, 2, 0x61, b'a', 0x81, 0xf6]).unwrap();
        assert_eq!(map.get(&Cbor::Number(1)), Some(&Cbor::Number(2)));
        assert_eq!(map.get(&Cbor::Text("a")), Some(&Cbor::List(vec![Cbor::Other])));
    }

    #[test]
    fn what_is_cut_twice_or_without_end_is_not_read() {
        for bytes in [
            &[][..],
            &[0x42, 1],
            &[0xa2, 1, 2, 1, 3],
            &[0x9f, 0xff],
            &[1, 2],
            &[0x1b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        ] {
            assert_eq!(Cbor::parse(bytes), None, "{bytes:?}");
        }
        assert_eq!(Cbor::parse(&[0x81; 100]), None);
        assert_eq!(Cbor::parse(&[0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]), None);
        let wide = [&[0x99, 0xff, 0xff][..], &[0; 0xffff]].concat();
        assert_eq!(Cbor::parse(&wide), None);
    }

    proptest! {
        #[test]
        fn any_bytes_come_to_an_end(bytes: Vec<u8>) {
            let _ = Cbor::parse(&bytes);
        }
    }
}
