//! Off the line, under the native tests of layers: tars, gzip members and zstd frames made by hand, and how they are read.

#![allow(dead_code, reason = "each test uses its part")]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use stowplan::Algorithm;
use stowplan::layer::{LayerReader, LayerVerdict, Spec, TarHasher, Unpacker, verdict};

/// A header block of ustar with its checksum.
pub fn header(name: &str, flag: u8, size: u64) -> Vec<u8> {
    let mut block = vec![0_u8; 512];
    block[..name.len()].copy_from_slice(name.as_bytes());
    block[100..108].copy_from_slice(b"0000644\0");
    block[108..116].copy_from_slice(b"0000000\0");
    block[116..124].copy_from_slice(b"0000000\0");
    block[124..136].copy_from_slice(format!("{size:011o}\0").as_bytes());
    block[136..148].copy_from_slice(b"00000000000\0");
    block[156] = flag;
    block[257..265].copy_from_slice(b"ustar\x0000");
    sum(&mut block);
    block
}

pub fn sum(block: &mut [u8]) {
    block[148..156].fill(b' ');
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
}

pub fn entry(name: &str, flag: u8, content: &[u8]) -> Vec<u8> {
    let mut bytes = header(name, flag, content.len() as u64);
    bytes.extend_from_slice(content);
    bytes.resize(bytes.len().next_multiple_of(512), 0);
    bytes
}

/// A symbolic link.
pub fn symlink(name: &str, target: &str) -> Vec<u8> {
    let mut block = header(name, b'2', 0);
    block[157..157 + target.len()].copy_from_slice(target.as_bytes());
    sum(&mut block);
    block
}

pub fn ended(parts: &[Vec<u8>]) -> Vec<u8> {
    [parts.concat(), vec![0; 1024]].concat()
}

pub fn pax(records: &[(&str, &str)]) -> Vec<u8> {
    let line = |(key, value): &(&str, &str)| {
        let rest = key.len() + value.len() + 3;
        let length = (1..5).map(|digits| rest + digits).find(|all| all.to_string().len() + rest == *all).unwrap();
        format!("{length} {key}={value}\n")
    };
    entry("PaxHeaders/x", b'x', records.iter().map(line).collect::<String>().as_bytes())
}

/// A gzip member with stored blocks: any compressor will do.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut member = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    let chunks: Vec<_> = bytes.chunks(60_000).collect();
    for (at, chunk) in chunks.iter().enumerate() {
        let length = u16::try_from(chunk.len()).unwrap();
        member.push(u8::from(at + 1 == chunks.len()));
        member.extend_from_slice(&length.to_le_bytes());
        member.extend_from_slice(&(!length).to_le_bytes());
        member.extend_from_slice(chunk);
    }
    if chunks.is_empty() {
        member.extend_from_slice(&[1, 0, 0, 0xff, 0xff]);
    }
    member.extend_from_slice(&zlib_rs::crc32::crc32(0, bytes).to_le_bytes());
    member.extend_from_slice(&u32::try_from(bytes.len()).unwrap().to_le_bytes());
    member
}

/// A zstd frame with raw blocks.
pub fn zstd(bytes: &[u8]) -> Vec<u8> {
    let mut frame = vec![0x28, 0xb5, 0x2f, 0xfd, 0b1010_0000];
    frame.extend_from_slice(&u32::try_from(bytes.len()).unwrap().to_le_bytes());
    let chunks: Vec<_> = bytes.chunks(100_000).collect();
    for (at, chunk) in chunks.iter().enumerate() {
        let last = u32::from(at + 1 == chunks.len());
        frame.extend_from_slice(&(u32::try_from(chunk.len()).unwrap() << 3 | last).to_le_bytes()[..3]);
        frame.extend_from_slice(chunk);
    }
    frame
}

pub fn sha(bytes: &[u8]) -> String {
    Algorithm::Sha256.digest(bytes).to_string()
}

pub fn claims(blob: &[u8], tar: &[u8]) -> Spec {
    Spec { digest: Some(sha(blob)), size: Some(blob.len() as u64), diff_id: Some(sha(tar)), ..Spec::default() }
}

pub fn read(spec: &Spec, blob: &[u8], piece: usize) -> LayerVerdict {
    let mut reader = LayerReader::new(spec.clone());
    blob.chunks(piece.max(1)).for_each(|piece| reader.push(piece));
    reader.finish().unwrap()
}

pub fn halves(spec: &Spec, blob: &[u8], piece: usize, room: usize) -> LayerVerdict {
    let (mut unpacker, mut hasher) = (Unpacker::new(spec), TarHasher::new(spec));
    let mut buffer = vec![0; room.max(1)];
    for piece in blob.chunks(piece.max(1)) {
        unpacker.push(piece);
        loop {
            let made = unpacker.take(&mut buffer);
            if made == 0 {
                break;
            }
            hasher.push(&buffer[..made]);
        }
    }
    verdict(spec, &unpacker.finish(), &hasher.finish())
}
