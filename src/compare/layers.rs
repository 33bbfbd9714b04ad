//! Pairs the layers of two images, and computes the cost of pulling one for a machine that has the other.

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use super::cost::{Classic, Cost, Held, cost};
use super::side::{Layer, Side};
use crate::limits;

/// One line of the comparison of layers.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ComparedLayer {
    /// Its state.
    pub state: LayerState,
    /// The digest in the first image.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub a: Option<String>,
    /// The digest in the second image.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub b: Option<String>,
    /// Its compressed size in the first image, in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size_a: Option<u64>,
    /// The same in the second image.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size_b: Option<u64>,
    /// Its place among the layers of the first image, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position_a: Option<usize>,
    /// The same in the second image.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position_b: Option<usize>,
    /// The command that made it in the first image.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command_a: Option<String>,
    /// The same in the second image.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command_b: Option<String>,
    /// True if a command holds what looks like a secret.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub secret: bool,
}

/// The state of a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LayerState {
    /// The same bytes at the same place.
    Same,
    /// The same tar, compressed otherwise.
    Recompressed,
    /// The same tar at another place among the layers.
    Moved,
    /// Only the second image has it.
    Added,
    /// Only the first image has it.
    Removed,
    /// Another layer stands in its place.
    Changed,
}

/// The compressed sizes of the images, in bytes; a blob that stands in an image twice counts once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Sizes {
    /// The layers of the first image.
    pub a: u64,
    /// The layers of the second image.
    pub b: u64,
    /// Those of the second image that the first one has, by digest or DiffID.
    pub shared: u64,
    /// The bytes of pulling the second image for a machine that has the first.
    pub pull: u64,
    /// The number of layers of that pull.
    pub pull_layers: usize,
    /// The same for Docker's classic store, which has a layer only if all below it are the same.
    pub classic: Classic,
    /// The number of layers of the first image.
    pub layers_a: usize,
    /// The number of layers of the second image.
    pub layers_b: usize,
}

impl Sizes {
    pub(super) fn of(a: &Side<'_>, b: &Side<'_>) -> Self {
        let Cost { pull, of, layers, of_layers, classic, .. } = cost(&Held::of(a), b);
        Self {
            a: once(&a.layers).map(Layer::size).fold(0, u64::saturating_add),
            b: of,
            shared: of - pull,
            pull,
            pull_layers: layers,
            classic,
            layers_a: a.layers.len(),
            layers_b: of_layers,
        }
    }
}

/// Each blob of these layers once: it is downloaded once.
pub(super) fn once<'s, 'a>(layers: &'s [Layer<'a>]) -> impl Iterator<Item = &'s Layer<'a>> {
    let mut seen: HashSet<&str> = HashSet::new();
    layers.iter().filter(move |layer| layer.node.digest.as_deref().is_none_or(|digest| seen.insert(digest)))
}

/// True if every layer is the same tar at the same place.
pub(super) fn are_same(layers: &[ComparedLayer]) -> bool {
    layers.iter().all(|layer| matches!(layer.state, LayerState::Same | LayerState::Recompressed))
}

/// Aligns the layers: a common sequence as long as possible, then what moved, then what stands in whose place.
pub(super) fn align(a: &Side<'_>, b: &Side<'_>) -> Vec<ComparedLayer> {
    let classes = classes(a, b);
    let pairs = common(&classes.0, &classes.1);
    let moved = moved(&classes, &pairs);
    let mut lines = Vec::new();
    let (mut from_a, mut from_b) = (0, 0);
    for (at_a, at_b) in
        pairs.iter().copied().map(Some).chain([None]).map(|pair| pair.unwrap_or((usize::MAX, usize::MAX)))
    {
        let (to_a, to_b) = (at_a.min(a.layers.len()), at_b.min(b.layers.len()));
        gap(a, b, (from_a..to_a, from_b..to_b), &moved, &mut lines);
        if let (Some(one), Some(other)) = (a.layers.get(at_a), b.layers.get(at_b)) {
            let is_same = one.node.digest.is_some() && one.node.digest == other.node.digest;
            let state = if is_same { LayerState::Same } else { LayerState::Recompressed };
            lines.push(line(state, Some((at_a, one)), Some((at_b, other))));
        }
        (from_a, from_b) = (at_a.saturating_add(1), at_b.saturating_add(1));
    }
    lines
}

type Range = std::ops::Range<usize>;

/// The lines of what stands between two common layers.
fn gap(a: &Side<'_>, b: &Side<'_>, (in_a, in_b): (Range, Range), moved: &Moved, lines: &mut Vec<ComparedLayer>) {
    let is_left = |at: &usize| !moved.from_a.contains_key(at);
    let mut left: Vec<usize> = in_a.filter(is_left).collect();
    let right: Vec<usize> = in_b.collect();
    let new: Vec<usize> = right.iter().copied().filter(|at| !moved.from_b.contains_key(at)).collect();
    let paired = pair(a, b, &left, &new);
    for at in right {
        let other = b.layers.get(at).map(|layer| (at, layer));
        if let Some(from) = moved.from_b.get(&at) {
            lines.push(line(LayerState::Moved, a.layers.get(*from).map(|layer| (*from, layer)), other));
            continue;
        }
        let Some(own) = paired.get(&at).copied() else {
            lines.push(line(LayerState::Added, None, other));
            continue;
        };
        // Layers that were removed before it come before it.
        let before: Vec<usize> = left.extract_if(.., |at| *at < own && !paired.values().any(|one| one == at)).collect();
        lines.extend(before.iter().map(|at| removed(a, *at)));
        left.retain(|at| *at != own);
        lines.push(line(LayerState::Changed, a.layers.get(own).map(|layer| (own, layer)), other));
    }
    lines.extend(left.iter().map(|at| removed(a, *at)));
}

fn removed(a: &Side<'_>, at: usize) -> ComparedLayer {
    line(LayerState::Removed, a.layers.get(at).map(|layer| (at, layer)), None)
}

/// Layers that stand in each other's place: those of the same command in the same order, or all if there are as many.
fn pair(a: &Side<'_>, b: &Side<'_>, left: &[usize], right: &[usize]) -> HashMap<usize, usize> {
    if left.len() == right.len() {
        return right.iter().copied().zip(left.iter().copied()).collect();
    }
    let command = |side: &Side<'_>, at: usize| side.layers.get(at)?.command?.created_by.clone();
    let mut found = HashMap::new();
    let mut next = 0;
    for at in right {
        let Some(wanted) = command(b, *at) else { continue };
        let rest = left.get(next..).unwrap_or_default();
        // So far each layer of one image is looked at as often as the other has layers: engines allow some hundreds.
        let most = rest.len().min(limits::COMPARED_CELLS / right.len().max(1));
        if let Some(step) = rest[..most].iter().position(|own| command(a, *own).as_deref() == Some(&wanted)) {
            found.insert(*at, left[next + step]);
            next += step + 1;
        }
    }
    found
}

fn line(state: LayerState, a: Option<(usize, &Layer<'_>)>, b: Option<(usize, &Layer<'_>)>) -> ComparedLayer {
    let digest = |side: Option<(usize, &Layer<'_>)>| side.and_then(|(_, layer)| layer.node.digest.clone());
    let size = |side: Option<(usize, &Layer<'_>)>| side.map(|(_, layer)| layer.size());
    let lines = [a, b].map(|side| side.and_then(|(_, layer)| layer.command));
    let command = |at: usize| lines[at].and_then(|line| line.created_by.clone());
    ComparedLayer {
        state,
        a: digest(a),
        b: digest(b),
        size_a: size(a),
        size_b: size(b),
        position_a: a.map(|(at, _)| at),
        position_b: b.map(|(at, _)| at),
        command_a: command(0),
        command_b: command(1),
        secret: lines.iter().flatten().any(|line| line.secret == Some(true)),
    }
}

/// Layers that are the same tar have the same number.
fn classes<'a>(a: &Side<'a>, b: &Side<'a>) -> (Vec<usize>, Vec<usize>) {
    let mut known: HashMap<&'a str, usize> = HashMap::new();
    let mut count = 0;
    let mut number = |layer: &Layer<'a>| {
        let names = [layer.diff_id, layer.node.digest.as_deref()];
        let found = names.into_iter().flatten().find_map(|name| known.get(name).copied());
        let class = found.unwrap_or_else(|| {
            count += 1;
            count
        });
        for name in names.into_iter().flatten() {
            known.entry(name).or_insert(class);
        }
        class
    };
    (a.layers.iter().map(&mut number).collect(), b.layers.iter().map(&mut number).collect())
}

/// A longest common sequence, as pairs of places.
fn common(a: &[usize], b: &[usize]) -> Vec<(usize, usize)> {
    let start = a.iter().zip(b).take_while(|(one, other)| one == other).count();
    let (rest_a, rest_b) = (&a[start..], &b[start..]);
    let ends = rest_a.iter().rev().zip(rest_b.iter().rev()).take_while(|(one, other)| one == other).count();
    let (inner_a, inner_b) = (&rest_a[..rest_a.len() - ends], &rest_b[..rest_b.len() - ends]);
    let mut pairs: Vec<(usize, usize)> = (0..start).map(|at| (at, at)).collect();
    let inner = if inner_a.len().saturating_mul(inner_b.len()) <= limits::COMPARED_CELLS {
        longest(inner_a, inner_b)
    } else {
        greedy(inner_a, inner_b)
    };
    pairs.extend(inner.into_iter().map(|(at_a, at_b)| (at_a + start, at_b + start)));
    pairs.extend((0..ends).map(|at| (a.len() - ends + at, b.len() - ends + at)));
    pairs
}

/// By the table of lengths.
fn longest(a: &[usize], b: &[usize]) -> Vec<(usize, usize)> {
    let width = b.len() + 1;
    let mut table = vec![0_u32; (a.len() + 1) * width];
    for at_a in (0..a.len()).rev() {
        for at_b in (0..b.len()).rev() {
            let here = at_a * width + at_b;
            table[here] =
                if a[at_a] == b[at_b] { table[here + width + 1] + 1 } else { table[here + width].max(table[here + 1]) };
        }
    }
    let (mut at_a, mut at_b, mut pairs) = (0, 0, Vec::new());
    while at_a < a.len() && at_b < b.len() {
        let here = at_a * width + at_b;
        if a[at_a] == b[at_b] {
            pairs.push((at_a, at_b));
            (at_a, at_b) = (at_a + 1, at_b + 1);
        } else if table[here + width] >= table[here + 1] {
            at_a += 1;
        } else {
            at_b += 1;
        }
    }
    pairs
}

/// Each layer with the first of the same kind behind those that are taken.
fn greedy(a: &[usize], b: &[usize]) -> Vec<(usize, usize)> {
    let mut places: HashMap<usize, Vec<usize>> = HashMap::new();
    b.iter().enumerate().for_each(|(at, class)| places.entry(*class).or_default().push(at));
    let (mut pairs, mut from) = (Vec::new(), 0);
    for (at_a, class) in a.iter().enumerate() {
        let Some(own) = places.get(class) else { continue };
        if let Some(at_b) = own.get(own.partition_point(|at| *at < from)) {
            pairs.push((at_a, *at_b));
            from = at_b + 1;
        }
    }
    pairs
}

/// Layers that stand at another place in the other image, in both directions.
struct Moved {
    from_a: HashMap<usize, usize>,
    from_b: HashMap<usize, usize>,
}

fn moved((a, b): &(Vec<usize>, Vec<usize>), pairs: &[(usize, usize)]) -> Moved {
    let taken_a: HashSet<usize> = pairs.iter().map(|(at, _)| *at).collect();
    let taken_b: HashSet<usize> = pairs.iter().map(|(_, at)| *at).collect();
    let mut left: HashMap<usize, Vec<usize>> = HashMap::new();
    for (at, class) in a.iter().enumerate().rev().filter(|(at, _)| !taken_a.contains(at)) {
        left.entry(*class).or_default().push(at);
    }
    let mut moved = Moved { from_a: HashMap::new(), from_b: HashMap::new() };
    for (at, class) in b.iter().enumerate().filter(|(at, _)| !taken_b.contains(at)) {
        if let Some(from) = left.get_mut(class).and_then(Vec::pop) {
            moved.from_a.insert(from, at);
            moved.from_b.insert(at, from);
        }
    }
    moved
}
