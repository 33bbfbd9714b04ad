//! Key orders: each tool writes the members of each kind of object in its own order.
//!
//! Go writes struct fields in the order of the declaration and maps sorted, so a tool is a list of keys for each kind of
//! object. One more tool is one more entry in [`TOOLS`]; one more habit of a single kind is one more in its list in [`ALTERNATIVES`].

use super::keys::{ALTERNATIVES, DOCKER, TOOLS};

/// The kinds of objects whose order tools disagree about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// A manifest, index, artifact manifest or schema 1 manifest.
    Manifest,
    /// A content descriptor.
    Descriptor,
    /// `platform` of a descriptor.
    Platform,
    /// An image config.
    Image,
    /// `config` and `container_config` of an image config.
    Container,
    /// A line of `history`.
    History,
    /// `rootfs`, `Healthcheck`: no tool is known to differ but by sorting.
    Small,
    /// `annotations`, `Labels`, `Volumes`, …: maps, which Go sorts.
    Map,
    /// Anything else: stays as written, unless everything is sorted.
    Other,
}

pub(super) const ROLES: usize = 9;

/// The order of an object's members.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Keys {
    AsWritten,
    Sorted,
    /// Those keys first and in this order, others after them as written.
    Listed(&'static str, &'static [&'static str]),
}

use Keys::{AsWritten, Listed, Sorted};

impl Keys {
    fn name(self) -> &'static str {
        match self {
            AsWritten => "as written",
            Sorted => "sorted",
            Listed(name, _) => name,
        }
    }

    /// Puts `members` in this order; equal names keep theirs.
    pub(super) fn arrange<T>(self, members: &mut [T], name: impl Fn(&T) -> &str) {
        match self {
            AsWritten => {}
            Sorted => members.sort_by(|a, b| name(a).cmp(name(b))),
            Listed(_, keys) => {
                members.sort_by_key(|member| keys.iter().position(|key| *key == name(member)).unwrap_or(keys.len()));
            }
        }
    }
}

/// An order for every kind of object.
#[derive(Clone, Debug)]
pub(super) struct Profile {
    /// The step in words, empty if nothing is moved.
    pub(super) words: String,
    pub(super) cost: u32,
    pub(super) keys: [Keys; ROLES],
}

/// The orders worth trying for a document with these kinds of objects, likeliest first: the tools, then mixtures.
pub(super) fn profiles(present: [bool; ROLES]) -> Vec<Profile> {
    let same = |one: &Profile, other: &Profile| {
        (0..ROLES).all(|role| !present[role] || one.keys[role].name() == other.keys[role].name())
    };
    let mut profiles: Vec<Profile> = Vec::new();
    for tool in TOOLS.iter().map(Tool::profile) {
        if !profiles.iter().any(|known| same(known, &tool)) {
            profiles.push(tool);
        }
    }
    let tools = profiles.len();
    for mixture in mixtures(present) {
        if !profiles[..tools].iter().any(|known| same(known, &mixture)) {
            profiles.push(mixture);
        }
    }
    profiles.sort_by_key(|profile| profile.cost);
    profiles
}

/// The order of one tool, by its words.
pub(super) fn tool(words: &str) -> Option<Profile> {
    TOOLS.iter().find(|tool| tool.words == words).map(Tool::profile)
}

/// Every combination of the single habits: a document may pass through several tools.
fn mixtures(present: [bool; ROLES]) -> Vec<Profile> {
    let mut mixed = vec![Profile { words: String::new(), cost: MIXED, keys: DOCKER.keys }];
    for (role, alternatives) in ALTERNATIVES {
        let slot = *role as usize;
        if present[slot] {
            let with = |base: &Profile, cost: u32, keys: &Keys| {
                let mut profile = base.clone();
                profile.keys[slot] = *keys;
                profile.cost += cost;
                profile
            };
            let each = |base| (0..).zip(*alternatives).map(move |(cost, keys)| with(base, cost, keys));
            mixed = mixed.iter().flat_map(each).collect();
        }
    }
    mixed.sort_by_key(|profile| profile.cost);
    mixed.truncate(MIXTURES);
    for profile in &mut mixed {
        profile.words = mixture_words(present, &profile.keys);
    }
    mixed
}

fn mixture_words(present: [bool; ROLES], keys: &[Keys; ROLES]) -> String {
    let parts: Vec<String> = ALTERNATIVES
        .iter()
        .filter(|(role, _)| present[*role as usize])
        .map(|(role, _)| format!("{} {}", role_words(*role), keys[*role as usize].name()))
        .collect();
    format!("keys put in order: {}", parts.join(", "))
}

fn role_words(role: Role) -> &'static str {
    match role {
        Role::Manifest | Role::Image => "the document's",
        Role::Descriptor => "descriptors'",
        Role::Platform => "platforms'",
        Role::Container => "the container config's",
        Role::History => "history lines'",
        Role::Small | Role::Other => "others'",
        Role::Map => "annotations' and labels'",
    }
}

/// The cost of a mixture beyond its parts, and how many are tried at most.
const MIXED: u32 = 6;
const MIXTURES: usize = 600;

/// One tool's orders.
pub(super) struct Tool {
    pub(super) words: &'static str,
    pub(super) cost: u32,
    pub(super) keys: [Keys; ROLES],
}

impl Tool {
    fn profile(&self) -> Profile {
        Profile { words: self.words.to_owned(), cost: self.cost, keys: self.keys }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recover::keys::SIZE_FIRST;

    fn arranged(keys: Keys, names: &str) -> String {
        let mut names: Vec<&str> = names.split(' ').collect();
        keys.arrange(&mut names, |name| name);
        names.join(" ")
    }

    #[test]
    fn recover_orders_listed_keys_first_and_keeps_the_rest() {
        assert_eq!(arranged(SIZE_FIRST, "digest zz size mediaType aa"), "mediaType size digest zz aa");
        assert_eq!(arranged(Sorted, "b B a 1"), "1 B a b");
        assert_eq!(arranged(AsWritten, "b a"), "b a");
    }

    #[test]
    fn recover_tries_each_distinct_order_once_and_tools_first() {
        let mut present = [false; ROLES];
        present[Role::Manifest as usize] = true;
        present[Role::Descriptor as usize] = true;
        let profiles = profiles(present);
        assert_eq!(profiles[0].words, "");
        assert_eq!(profiles[1].words, "keys put in Docker's order");
        assert_eq!(profiles.len(), 8 * 8);
        assert!(profiles.is_sorted_by_key(|profile| profile.cost));
        let last = profiles.last().unwrap();
        assert_eq!(last.words, "keys put in order: the document's with schemaVersion last, descriptors' as written");
    }
}
