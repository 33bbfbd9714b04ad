//! Off the line: reads one layer natively, on one thread, from a file or from standard input (`-`); for the benchmarks.
//! Prints one line of JSON: bytes, digest, diffId, unpacked, entries, seconds.

#![allow(clippy::print_stdout, reason = "what it is for")]

use std::error::Error;
use std::fs::File;
use std::io::{self, Read};
use std::time::Instant;

use stowplan::layer::{LayerReader, Spec};

fn main() -> Result<(), Box<dyn Error>> {
    let name = std::env::args().nth(1).unwrap_or_else(|| "-".to_owned());
    let mut input: Box<dyn Read> = if name == "-" { Box::new(io::stdin()) } else { Box::new(File::open(&name)?) };
    let start = Instant::now();
    let mut reader = LayerReader::new(Spec::default());
    let mut piece = vec![0; 256 * 1024];
    loop {
        let length = input.read(&mut piece)?;
        if length == 0 {
            break;
        }
        reader.push(&piece[..length]);
    }
    let found = reader.finish().ok_or("the layer has been finished before")?;
    let (digest, diff_id) = (found.digest.unwrap_or_default(), found.diff_id.unwrap_or_default());
    let (bytes, unpacked, entries) = (found.size, found.unpacked, found.entry_count);
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "{{\"bytes\":{bytes},\"digest\":\"{digest}\",\"diffId\":\"{diff_id}\",\"unpacked\":{unpacked},\"entries\":{entries},\"seconds\":{seconds}}}"
    );
    Ok(())
}
