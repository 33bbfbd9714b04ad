//! Serialises numbers that JavaScript cannot hold as the nearest ones that it can.
//!
//! A tar may claim any 64-bit size, owner or time. A serializer for JavaScript refuses integers beyond 2^53, and such a
//! claim must not be the reason that a report cannot be shown.

use serde::ser::{
    Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};

/// The largest integer below which JavaScript holds each (ECMA-262, `Number.MAX_SAFE_INTEGER`).
const SAFE: u64 = (1 << 53) - 1;

/// A value whose numbers are rounded, however deep they lie in it.
pub(crate) struct Rounded<'a, T: ?Sized>(pub(crate) &'a T);

impl<T: ?Sized + Serialize> Serialize for Rounded<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(Rounding(serializer))
    }
}

/// A serializer, or what it makes of a sequence, a map or a structure.
struct Rounding<S>(S);

macro_rules! pass_on {
    ($($name:ident($of:ty))*) => { $(
        fn $name(self, value: $of) -> Result<S::Ok, S::Error> {
            self.0.$name(value)
        }
    )* };
}

macro_rules! begin {
    ($($name:ident -> $kind:ident($($argument:ident: $of:ty),*))*) => { $(
        fn $name(self, $($argument: $of),*) -> Result<Self::$kind, S::Error> {
            self.0.$name($($argument),*).map(Rounding)
        }
    )* };
}

impl<S: Serializer> Serializer for Rounding<S> {
    type Ok = S::Ok;
    type Error = S::Error;
    type SerializeSeq = Rounding<S::SerializeSeq>;
    type SerializeTuple = Rounding<S::SerializeTuple>;
    type SerializeTupleStruct = Rounding<S::SerializeTupleStruct>;
    type SerializeTupleVariant = Rounding<S::SerializeTupleVariant>;
    type SerializeMap = Rounding<S::SerializeMap>;
    type SerializeStruct = Rounding<S::SerializeStruct>;
    type SerializeStructVariant = Rounding<S::SerializeStructVariant>;

    #[expect(clippy::cast_precision_loss, reason = "the nearest number that JavaScript has")]
    fn serialize_u64(self, value: u64) -> Result<S::Ok, S::Error> {
        if value <= SAFE { self.0.serialize_u64(value) } else { self.0.serialize_f64(value as f64) }
    }

    #[expect(clippy::cast_precision_loss, reason = "the nearest number that JavaScript has")]
    fn serialize_i64(self, value: i64) -> Result<S::Ok, S::Error> {
        if value.unsigned_abs() <= SAFE { self.0.serialize_i64(value) } else { self.0.serialize_f64(value as f64) }
    }

    pass_on! {
        serialize_bool(bool) serialize_i8(i8) serialize_i16(i16) serialize_i32(i32) serialize_u8(u8) serialize_u16(u16)
        serialize_u32(u32) serialize_f32(f32) serialize_f64(f64) serialize_char(char) serialize_str(&str)
        serialize_bytes(&[u8]) serialize_unit_struct(&'static str)
    }

    fn serialize_none(self) -> Result<S::Ok, S::Error> {
        self.0.serialize_none()
    }

    fn serialize_unit(self) -> Result<S::Ok, S::Error> {
        self.0.serialize_unit()
    }

    fn serialize_some<T: ?Sized + Serialize>(self, value: &T) -> Result<S::Ok, S::Error> {
        self.0.serialize_some(&Rounded(value))
    }

    fn serialize_unit_variant(self, name: &'static str, index: u32, of: &'static str) -> Result<S::Ok, S::Error> {
        self.0.serialize_unit_variant(name, index, of)
    }

    fn serialize_newtype_struct<T: ?Sized + Serialize>(self, name: &'static str, value: &T) -> Result<S::Ok, S::Error> {
        self.0.serialize_newtype_struct(name, &Rounded(value))
    }

    fn serialize_newtype_variant<T: ?Sized + Serialize>(
        self,
        name: &'static str,
        index: u32,
        of: &'static str,
        value: &T,
    ) -> Result<S::Ok, S::Error> {
        self.0.serialize_newtype_variant(name, index, of, &Rounded(value))
    }

    begin! {
        serialize_seq -> SerializeSeq(length: Option<usize>)
        serialize_tuple -> SerializeTuple(length: usize)
        serialize_tuple_struct -> SerializeTupleStruct(name: &'static str, length: usize)
        serialize_tuple_variant -> SerializeTupleVariant(name: &'static str, index: u32, of: &'static str, length: usize)
        serialize_map -> SerializeMap(length: Option<usize>)
        serialize_struct -> SerializeStruct(name: &'static str, length: usize)
        serialize_struct_variant -> SerializeStructVariant(name: &'static str, index: u32, of: &'static str, length: usize)
    }
}

/// Rounds the content of something as well.
macro_rules! inside {
    ($($kind:ident { $($name:ident($($key:ident: $of:ty)?))* })*) => { $(
        impl<S: $kind> $kind for Rounding<S> {
            type Ok = S::Ok;
            type Error = S::Error;

            $(fn $name<T: ?Sized + Serialize>(&mut self, $($key: $of,)? value: &T) -> Result<(), S::Error> {
                self.0.$name($($key,)? &Rounded(value))
            })*

            fn end(self) -> Result<S::Ok, S::Error> {
                self.0.end()
            }
        }
    )* };
}

inside! {
    SerializeSeq { serialize_element() }
    SerializeTuple { serialize_element() }
    SerializeTupleStruct { serialize_field() }
    SerializeTupleVariant { serialize_field() }
    SerializeMap { serialize_key() serialize_value() }
    SerializeStruct { serialize_field(key: &'static str) }
    SerializeStructVariant { serialize_field(key: &'static str) }
}

#[cfg(test)]
mod tests {
    use super::Rounded;
    use serde::Serialize;
    use std::collections::BTreeMap;

    #[derive(Serialize)]
    enum Odd {
        Unit,
        New(u64),
        Tuple(i64, u8),
        Named { size: u64 },
    }

    #[derive(Serialize)]
    struct Inner {
        uid: u64,
    }

    #[derive(Serialize)]
    struct Outer {
        size: u64,
        mtime: Option<i64>,
        name: &'static str,
        all: Vec<Odd>,
        by_name: BTreeMap<&'static str, u64>,
        #[serde(flatten)]
        inner: Inner,
    }

    #[test]
    fn numbers_beyond_what_javascript_holds_are_the_nearest_that_it_holds() {
        let safe = (1 << 53) - 1;
        let data = Outer {
            size: u64::MAX,
            mtime: Some(i64::MIN),
            name: "a",
            all: vec![Odd::Unit, Odd::New(safe), Odd::Tuple(-(1 << 60), 3), Odd::Named { size: safe + 2 }],
            by_name: BTreeMap::from([("b", u64::MAX)]),
            inner: Inner { uid: 1 << 63 },
        };
        let expected = serde_json::json!({
            "size": 18_446_744_073_709_551_615.0_f64,
            "mtime": -9_223_372_036_854_775_808.0_f64,
            "name": "a",
            "all": ["Unit", { "New": safe }, { "Tuple": [-1_152_921_504_606_846_976.0_f64, 3] }, { "Named": { "size": 9_007_199_254_740_992.0_f64 } }],
            "by_name": { "b": 18_446_744_073_709_551_615.0_f64 },
            "uid": 9_223_372_036_854_775_808.0_f64,
        });
        assert_eq!(serde_json::to_value(Rounded(&data)).unwrap(), expected);
    }

    #[test]
    fn everything_else_stays_as_it_is() {
        let data = (true, 1_i64, 2.5, "text", (), None::<u8>, vec![0_u64], Odd::Unit);
        assert_eq!(serde_json::to_value(Rounded(&data)).unwrap(), serde_json::to_value(&data).unwrap());
    }
}
