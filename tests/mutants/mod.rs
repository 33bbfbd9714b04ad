//! Documents that are nearly right, from a seed: names, order and types are changed in ways that readers differ about.

use serde_json::Value;

/// Numbers from a seed (splitmix64), the same on every machine.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `most`.
    pub fn below(&mut self, most: usize) -> usize {
        usize::try_from(self.next() % (most.max(1) as u64)).unwrap()
    }

    fn one_in(&mut self, many: usize) -> bool {
        self.below(many) == 0
    }

    fn of<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len())]
    }
}

/// A document as it is written: names and values are tokens.
#[derive(Clone)]
enum Text {
    Token(String),
    List(Vec<Text>),
    Map(Vec<(String, Text)>),
    /// A string that holds JSON.
    Inner(Box<Text>),
}

/// A document from one that is right, with up to four changes.
pub fn mutant(right: &Value, dice: &mut Dice) -> String {
    let mut text = Text::of(right);
    for _ in 0..dice.below(5) {
        let places = text.places();
        change(text.place(&mut dice.below(places)), dice);
    }
    let mut written = String::new();
    if dice.one_in(60) {
        written.push_str(dice.of(&[" ", "\n", "\u{b}", "\u{a0}", "\u{200b}", "\u{feff}", "x"]));
    }
    text.write(&mut written);
    if dice.one_in(60) {
        written.push_str(dice.of(&["\n", "\u{a0}", "\u{2028}", "}", ",", "\0"]));
    }
    written
}

fn change(at: &mut Text, dice: &mut Dice) {
    match at {
        Text::Map(members) if !members.is_empty() && !dice.one_in(8) => members_change(members, dice),
        Text::List(elements) if !elements.is_empty() && !dice.one_in(8) => {
            let which = dice.below(elements.len());
            match dice.below(4) {
                0 => elements[which] = odd(dice),
                1 => drop(elements.remove(which)),
                2 => elements.push(elements[which].clone()),
                _ => elements.reverse(),
            }
        }
        Text::Token(_) if dice.one_in(2) => *at = other(at, dice),
        _ => *at = odd(dice),
    }
}

fn members_change(members: &mut Vec<(String, Text)>, dice: &mut Dice) {
    let which = dice.below(members.len());
    let (name, value) = members[which].clone();
    let into = dice.below(members.len() + 1);
    match dice.below(10) {
        0..=2 => members[which].0 = renamed(&name, dice),
        3..=5 => {
            let value = if dice.one_in(3) { odd(dice) } else { other(&value, dice) };
            let name = if dice.one_in(4) { name } else { renamed(&name, dice) };
            members.insert(into, (name, value));
        }
        6 => members[which].1 = odd(dice),
        7 => drop(members.remove(which)),
        8 => {
            let name = dice.of(&[
                "layers",
                "Manifests",
                "fslayers",
                "history",
                "config",
                "data",
                "urls",
                "x",
                "X",
                "\\u0064ata",
            ]);
            members.insert(into, (name.to_owned(), odd(dice)));
        }
        _ => members.rotate_left(which),
    }
}

/// The name in another case, with the letters that fold to an ASCII letter, and with escapes; or nearly the same name.
fn renamed(name: &str, dice: &mut Dice) -> String {
    let mut changed = String::new();
    for letter in name.chars() {
        match (letter, dice.below(8)) {
            ('s' | 'S', 4..=6) => changed.push('\u{17f}'),
            ('k' | 'K', 4..=6) => changed.push('\u{212a}'),
            ('i', 0) => changed.push('\u{131}'),
            (letter, 1) if letter.is_ascii_alphanumeric() => changed.push_str(&format!("\\u{:04x}", letter as u32)),
            (letter, 2..=3) if letter.is_ascii_lowercase() => changed.push(letter.to_ascii_uppercase()),
            (letter, 2..=3) => changed.push(letter.to_ascii_lowercase()),
            (letter, _) => changed.push(letter),
        }
    }
    if dice.one_in(20) {
        changed.push_str(dice.of(&[" ", "_", "s", "\\u0000", "\u{301}"]));
    }
    changed
}

/// A value of another kind, or one that only some readers take.
fn odd(dice: &mut Dice) -> Text {
    Text::Token(
        dice.of(&[
            "null",
            "null",
            "null",
            "5",
            "1e3",
            "1.0",
            "-0",
            "0",
            "-1",
            "9007199254740993",
            "9223372036854775808",
            "99999999999999999999",
            "1E400",
            "0.1",
            "\"\"",
            "\"x\"",
            "\"5\"",
            "\"\\ud800\"",
            "\"\\u0000\"",
            "[]",
            "{}",
            "[null]",
            "[\"a\",5]",
            "[[]]",
            "[\"a\",null]",
            "{\"a\":null}",
            "{\"a\":1}",
            "{\"a\":\"b\"}",
            "{\"a\":{}}",
            "true",
            "false",
            "\"true\"",
            "\"e30=\"",
            "\"2020-01-01t00:00:00Z\"",
            "\"2020-01-01T00:00:60Z\"",
            "\"2020-01-01T00:00:00\\u005a\"",
            "\"2020-02-30T00:00:00Z\"",
            "\"2021-01-01T00:00:00.5+01:00\"",
            "[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]",
            "{\"digest\":\"x\",\"Digest\":\"y\"}",
            "[{}]",
            "[null,{}]",
        ])
        .to_owned(),
    )
}

/// A value of the same kind that says something else.
fn other(value: &Text, dice: &mut Dice) -> Text {
    match value {
        Text::Token(token) if token.starts_with('"') => Text::Token(
            dice.of(&[
                "\"evil\"",
                "\"root\"",
                "\"A=evil\"",
                "\"sha256:ef2d127de37b942baad06145e54b0c619a1f22327b2ebbcfbec78f5564afe39d\"",
            ])
            .to_owned(),
        ),
        Text::Token(token) if token.starts_with(|c: char| c.is_ascii_digit()) => {
            Text::Token(dice.of(&["1", "2", "77"]).to_owned())
        }
        Text::Token(token) if token == "true" => Text::Token("false".to_owned()),
        Text::Token(_) => Text::Token("true".to_owned()),
        Text::List(elements) => Text::List(elements.iter().rev().take(1 + dice.below(2)).cloned().collect()),
        Text::Map(members) if members.is_empty() => odd(dice),
        Text::Map(members) => {
            let mut members = members.clone();
            members_change(&mut members, dice);
            Text::Map(members)
        }
        Text::Inner(inner) => Text::Inner(Box::new(other(inner, dice))),
    }
}

impl Text {
    fn of(value: &Value) -> Self {
        match value {
            Value::Array(elements) => Self::List(elements.iter().map(Self::of).collect()),
            Value::Object(members) => {
                Self::Map(members.iter().map(|(name, value)| (name.clone(), Self::of(value))).collect())
            }
            Value::String(text) if text.starts_with('{') => {
                Self::Inner(Box::new(Self::of(&serde_json::from_str(text).unwrap())))
            }
            other => Self::Token(other.to_string()),
        }
    }

    fn places(&self) -> usize {
        1 + match self {
            Self::Token(_) => 0,
            Self::List(elements) => elements.iter().map(Self::places).sum(),
            Self::Map(members) => members.iter().map(|(_, value)| value.places()).sum(),
            Self::Inner(inner) => inner.places(),
        }
    }

    /// The value at that place, depth first.
    fn place(&mut self, at: &mut usize) -> &mut Self {
        if *at == 0 {
            return self;
        }
        *at -= 1;
        let below: Vec<&mut Self> = match self {
            Self::Token(_) => unreachable!("a token has no place below it"),
            Self::List(elements) => elements.iter_mut().collect(),
            Self::Map(members) => members.iter_mut().map(|(_, value)| value).collect(),
            Self::Inner(inner) => vec![inner],
        };
        for value in below {
            let places = value.places();
            if *at < places {
                return value.place(at);
            }
            *at -= places;
        }
        unreachable!("there are as many places as were counted")
    }

    fn write(&self, into: &mut String) {
        match self {
            Self::Token(token) => into.push_str(token),
            Self::List(elements) => {
                into.push('[');
                for (index, element) in elements.iter().enumerate() {
                    into.push_str(if index > 0 { "," } else { "" });
                    element.write(into);
                }
                into.push(']');
            }
            Self::Map(members) => {
                into.push('{');
                for (index, (name, value)) in members.iter().enumerate() {
                    into.push_str(if index > 0 { ",\"" } else { "\"" });
                    into.push_str(name);
                    into.push_str("\":");
                    value.write(into);
                }
                into.push('}');
            }
            Self::Inner(inner) => {
                let mut text = String::new();
                inner.write(&mut text);
                into.push_str(&Value::String(text).to_string());
            }
        }
    }
}
