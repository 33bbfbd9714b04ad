//! Gives out a layer's tar as it is, or some of its entries, while the layer is read and proved again.

use std::collections::{BTreeSet, VecDeque};

use super::tar::{BLOCK, Sink, TarReader};
use super::{Entry, Fault, LayerVerdict, Spec, TarHasher, Unpacker, verdict};
use crate::limits;

/// The most tar bytes that are made at a time.
const PIECE: usize = 256 * 1024;

/// The most bytes of headers before one entry that are held until it is known whether they are wanted: a long name, a long
/// link and a PAX header, each as long as it may be.
const HELD: u64 = 4 * limits::TAR_HEADER_BYTES;

/// Reads a layer and gives out its tar.
pub struct Exporter {
    spec: Spec,
    unpacker: Option<Unpacker>,
    hasher: TarHasher,
    buffer: Vec<u8>,
    made: usize,
    slicer: Option<Slicer>,
}

/// Cuts entries out of a tar, byte for byte, with the extended headers before them.
struct Slicer {
    reader: Option<TarReader>,
    slices: Slices,
    /// The bytes since the last entry ended, and where they begin.
    tail: Vec<u8>,
    from: u64,
    out: Vec<u8>,
}

struct Slices {
    wanted: BTreeSet<u32>,
    seen: u32,
    /// The ranges of the tar to give out: from, to.
    ranges: VecDeque<(u64, u64)>,
    /// The end of the last entry, its padding included.
    end: u64,
}

impl Exporter {
    /// For the whole tar of a layer, or for the entries with these numbers.
    #[must_use]
    pub fn new(spec: Spec, wanted: Option<BTreeSet<u32>>) -> Self {
        let (unpacker, hasher) = (Some(Unpacker::new(&spec)), TarHasher::new(&spec));
        Self { spec, unpacker, hasher, buffer: vec![0; PIECE], made: 0, slicer: wanted.map(Slicer::new) }
    }

    /// Takes the next piece of the blob; what it unpacks to is had by [`advance`](Self::advance).
    pub fn push(&mut self, piece: &[u8]) {
        if let Some(unpacker) = &mut self.unpacker {
            unpacker.push(piece);
        }
    }

    /// Unpacks some more; false once all that was pushed is used up. The bytes to write are the [`output`](Self::output).
    pub fn advance(&mut self) -> bool {
        let Self { unpacker, hasher, buffer, made, slicer, .. } = self;
        *made = unpacker.as_mut().map_or(0, |unpacker| unpacker.take(buffer));
        hasher.push(&buffer[..*made]);
        if let Some(slicer) = slicer {
            slicer.push(&buffer[..*made]);
        }
        *made > 0
    }

    /// The tar bytes of the last step.
    #[must_use]
    pub fn output(&self) -> &[u8] {
        self.slicer.as_ref().map_or(&self.buffer[..self.made], |slicer| &slicer.out)
    }

    /// The number of wanted entries that were not met.
    #[must_use]
    pub fn missing(&self) -> usize {
        self.slicer.as_ref().map_or(0, |slicer| slicer.slices.wanted.len())
    }

    /// As [`Unpacker::decoded`].
    pub fn decoded(&mut self, encoding: &str) {
        self.unpacker.iter_mut().for_each(|half| half.decoded(encoding));
    }

    /// As [`Unpacker::is_unending`].
    #[must_use]
    pub fn is_unending(&self) -> bool {
        self.unpacker.as_ref().is_some_and(Unpacker::is_unending)
    }

    /// That was the whole blob: the verdict over it; none if this was said before.
    pub fn finish(&mut self) -> Option<LayerVerdict> {
        let unpacked = self.unpacker.take()?.finish();
        Some(verdict(&self.spec, &unpacked, &self.hasher.finish()))
    }
}

impl Slicer {
    fn new(wanted: BTreeSet<u32>) -> Self {
        let slices = Slices { wanted, seen: 0, ranges: VecDeque::new(), end: 0 };
        Self { reader: Some(TarReader::new()), slices, tail: Vec::new(), from: 0, out: Vec::new() }
    }

    fn push(&mut self, bytes: &[u8]) {
        self.out.clear();
        let Self { reader, slices, tail, from, out } = self;
        let Some(parser) = reader else { return };
        let is_sound = parser.push(bytes, slices).is_ok();
        tail.extend_from_slice(bytes);
        let end = *from + tail.len() as u64;
        while let Some((start, stop)) = slices.ranges.front_mut() {
            // Headers that were too long to be held.
            if *start < *from {
                slices.ranges.pop_front();
                continue;
            }
            let now = (*stop).min(end);
            out.extend_from_slice(part(tail, *start, now, *from));
            *start = now.max(*start);
            if *start < *stop {
                break;
            }
            slices.ranges.pop_front();
        }
        if !is_sound {
            *reader = None;
            tail.clear();
            return;
        }
        let keep = slices.end.max(end.saturating_sub(HELD)).clamp(*from, end);
        tail.drain(..usize::try_from(keep - *from).unwrap_or(tail.len()).min(tail.len()));
        *from = keep;
    }
}

/// The bytes of a text that begins at `base` from one place to another.
fn part(text: &[u8], from: u64, to: u64, base: u64) -> &[u8] {
    let at = |place: u64| usize::try_from(place.saturating_sub(base)).unwrap_or(usize::MAX).min(text.len());
    text.get(at(from)..at(to)).unwrap_or_default()
}

impl Sink for Slices {
    fn entry(&mut self, entry: &Entry, _map: &[(u64, u64)]) -> Result<(), Fault> {
        let block = BLOCK as u64;
        self.end = entry.data_at.saturating_add(entry.stored).div_ceil(block).saturating_mul(block);
        if self.wanted.remove(&self.seen) {
            self.ranges.push_back((entry.header_at, self.end));
        }
        self.seen = self.seen.saturating_add(1);
        Ok(())
    }

    fn data(&mut self, _bytes: &[u8]) {}

    fn end(&mut self) {}
}
