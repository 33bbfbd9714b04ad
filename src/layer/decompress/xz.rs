//! bytes -> tar bytes. xz streams, one after the other, with a cap on the dictionary.

use xz4rust::{XzDecoder, XzError};

use super::Step;
use crate::layer::{Fault, FaultKind};
use crate::limits;

/// The most input that the decoder may ask to have in one piece: a block's header is at most a KiB.
const HELD: usize = 4096;

/// Reads xz; integrity checks are the format's own (CRC32 or CRC64 of each block, the index, the footer).
pub(super) struct Xz {
    decoder: Box<XzDecoder<'static>>,
    dictionary: u64,
    /// The end of the last input, which was too short to go on with.
    held: Vec<u8>,
    state: State,
    at: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Within,
    /// A stream is over: padding, another stream or the end.
    Between,
}

impl Xz {
    /// One for dictionaries of 64 MiB, or as much more as the caller allows for windows.
    pub(super) fn new(window: u64) -> Self {
        let dictionary = limits::XZ_DICTIONARY_BYTES.max(window);
        let most = usize::try_from(dictionary).unwrap_or(usize::MAX);
        let decoder = XzDecoder::in_heap_with_alloc_dict_size(64 * 1024, most);
        Self { decoder, dictionary, held: Vec::new(), state: State::Within, at: 0 }
    }

    pub(super) fn step(&mut self, input: &[u8], output: &mut [u8]) -> Result<Step, Fault> {
        if self.held.is_empty() {
            let step = self.decode(input, output)?;
            if step.is_progress() || input.is_empty() || output.is_empty() {
                return Ok(step);
            }
        }
        // Input that is too short for the decoder is kept, so that the caller need not know.
        let more = input.len().min(HELD - self.held.len().min(HELD));
        let before = self.held.len();
        let held = [std::mem::take(&mut self.held).as_slice(), &input[..more]].concat();
        let step = self.decode(&held, output)?;
        if !step.is_progress() && held.len() >= HELD {
            return Err(self.fault("is cut into parts that cannot be read"));
        }
        if step.is_progress() && step.used >= before {
            return Ok(Step { used: step.used - before, made: step.made });
        }
        self.held = held[step.used..].to_vec();
        Ok(Step { used: more, made: step.made })
    }

    pub(super) fn finish(&self, size: u64) -> Result<(), Fault> {
        if self.state == State::Between && self.held.is_empty() {
            return Ok(());
        }
        Err(Fault::new(FaultKind::Compression, size, format!("the xz stream ends early, after {size} bytes")))
    }

    fn decode(&mut self, input: &[u8], output: &mut [u8]) -> Result<Step, Fault> {
        let mut padding = 0;
        if self.state == State::Between {
            padding = input.iter().take_while(|byte| **byte == 0).count();
            if padding == input.len() {
                self.at += padding as u64;
                return Ok(Step { used: padding, made: 0 });
            }
            self.decoder.reset();
            self.state = State::Within;
        }
        let found = match self.decoder.decode(&input[padding..], output) {
            Ok(found) => found,
            Err(XzError::NeedsLargerInputBuffer) => return Ok(Step { used: padding, made: 0 }),
            Err(error) => return Err(self.named(&error)),
        };
        if found.is_end_of_stream() {
            self.state = State::Between;
        }
        let used = padding + found.input_consumed();
        self.at += used as u64;
        Ok(Step { used, made: found.output_produced() })
    }

    fn named(&self, error: &XzError) -> Fault {
        match error {
            XzError::DictionaryTooLarge(size) => {
                let most = self.dictionary;
                let message = format!(
                    "the xz stream asks for a dictionary of {size} bytes, and at most {most} are allowed: a cap that can \
                     be raised (windowBytes)"
                );
                Fault::new(FaultKind::Limit, self.at, message)
            }
            XzError::UnsupportedStreamHeaderOption
            | XzError::UnsupportedBlockHeaderOption
            | XzError::UnsupportedCheckType(_)
            | XzError::Sha256NotSupported => self.fault("uses an option that is not read here"),
            XzError::StreamHeaderMagicNumberMismatch => self.fault("is followed by something that is no xz stream"),
            XzError::ContentCrc32Mismatch(..) | XzError::ContentCrc64Mismatch(..) => {
                self.fault("is damaged: the checksum of its content does not fit")
            }
            _ => self.fault("is damaged"),
        }
    }

    fn fault(&self, what: &str) -> Fault {
        let at = self.at;
        Fault::new(FaultKind::Compression, at, format!("the xz stream {what}, at about byte {at}"))
    }
}

#[cfg(test)]
mod tests {
    use base64::prelude::{BASE64_STANDARD, Engine as _};

    use crate::layer::decompress::Decompressor;

    /// 400 lines of text, written by xz with each kind of check that is read, the second through a filter for x86.
    const CRC64: &str = "/Td6WFoAAATm1rRGAgAhARwAAAAQz1jM4BwfADldADCICgcDmgqfpdl++MxzSVhK2hmIlui11xZbCdehJc1gPtsXeX1ciyWmCQQhxUMwMTtubh8B3g0AAAAAAADcU6W6KtO9pgABVaA4AAAAQQKu2rHEZ/sCAAAAAARZWg==";
    const CRC32: &str = "/Td6WFoAAAFpIt42AgEEACEBCADSuXTL4BwfADldADCICgcDmgqfpdl++MxzSVhK2hmIlui11xZbCdehJc1gPtsXeX1ciyWmCQQhxUMwMTtubh8B3g0AAAAAAABOq6lBAAFRoDgAAABXQD9BPjANiwIAAAAAAVla";
    /// The same with a check that is not read, and with a dictionary of 192 MiB.
    const SHA256: &str = "/Td6WFoAAArh+wyhAgAhARYAAAB0L+Wj4BwfADldADCICgcDmgqfpdl++MxzSVhK2hmIlui11xZbCdehJc1gPtsXeX1ciyWmCQQhxUMwMTtubh8B3g0AAAAAAACFVtW32TjwMvMzdno9b6Z0uHxC4L/DdSJ4rAiqrT74VwABbaA4AAAAgYeHMrbp3xwCAAAAAApZWg==";
    const LARGE: &str = "/Td6WFoAAAFpIt42AgAhAR8AAAD+YO3e4BwfADldADCICgcDmgqfpdl++MxzSVhK2hmIlui11xZbCdehJc1gPtsXeX1ciyWmCQQhxUMwMTtubh8B3g0AAAAAAABOq6lBAAFRoDgAAABXQD9BPjANiwIAAAAAAVla";

    fn bytes(text: &str) -> Vec<u8> {
        BASE64_STANDARD.decode(text).unwrap()
    }

    fn text() -> Vec<u8> {
        b"a plan of stowage\n".repeat(400)
    }

    /// Decompresses these bytes, given so many at a time into a buffer of that size.
    fn unpack(input: &[u8], piece: usize, room: usize) -> Result<Vec<u8>, String> {
        let mut decompressor = Decompressor::new(0, None).outer(true);
        let (mut found, mut buffer) = (Vec::new(), vec![0; room]);
        for mut piece in input.chunks(piece) {
            loop {
                let step = decompressor.step(piece, &mut buffer).map_err(|fault| fault.message)?;
                found.extend_from_slice(&buffer[..step.made]);
                piece = &piece[step.used..];
                if !step.is_progress() {
                    break;
                }
            }
            assert!(piece.is_empty(), "all of a piece is taken");
        }
        decompressor.finish(input.len() as u64).map_err(|fault| fault.message)?;
        Ok(found)
    }

    #[test]
    fn streams_are_read_however_they_are_cut_and_one_after_the_other() {
        for one in [CRC64, CRC32] {
            for (piece, room) in [(1, 1), (1, 4096), (7, 100), (1000, 33), (1 << 20, 1 << 20)] {
                assert_eq!(unpack(&bytes(one), piece, room), Ok(text()), "pieces of {piece} into {room}");
            }
        }
        let two = [bytes(CRC64), vec![0; 8], bytes(CRC32), vec![0; 4]].concat();
        for piece in [1, 13, 1 << 20] {
            assert_eq!(unpack(&two, piece, 4096), Ok(text().repeat(2)), "pieces of {piece}");
        }
    }

    #[test]
    fn damage_is_told_and_nothing_panics() {
        let whole = bytes(CRC64);
        for at in 0..whole.len() {
            assert!(at < 10 || unpack(&whole[..at], 16, 512).is_err(), "cut at {at}");
            for bit in 0..8 {
                let mut damaged = whole.clone();
                damaged[at] ^= 1 << bit;
                // A bit that does not matter changes nothing; one that does is found out.
                let found = unpack(&damaged, 16, 512);
                assert!(at < 6 || found.is_err() || found == Ok(text()), "bit {bit} of byte {at}");
            }
        }
        let followed = [whole.as_slice(), b"more"].concat();
        let message = unpack(&followed, 4096, 4096).unwrap_err();
        assert!(
            message.contains("is followed by something that is no xz stream") || message.contains("early"),
            "{message}"
        );
    }

    #[test]
    fn what_is_not_read_has_its_own_sentence() {
        let message = unpack(&bytes(SHA256), 4096, 4096).unwrap_err();
        assert!(message.starts_with("the xz stream uses an option that is not read here"), "{message}");
        let message = unpack(&bytes(LARGE), 4096, 4096).unwrap_err();
        let said = "the xz stream asks for a dictionary of 201326592 bytes, and at most 67108864 are allowed: a cap that \
                    can be raised (windowBytes)";
        assert_eq!(message, said);
        let mut raised = Decompressor::new(1 << 28, None).outer(true);
        let mut buffer = vec![0; 1 << 16];
        let mut input = &bytes(LARGE)[..];
        let mut found = Vec::new();
        loop {
            let step = raised.step(input, &mut buffer).unwrap();
            found.extend_from_slice(&buffer[..step.made]);
            input = &input[step.used..];
            if !step.is_progress() {
                break;
            }
        }
        assert_eq!(found, text());
    }

    #[test]
    fn a_layer_is_still_no_xz() {
        let mut decompressor = Decompressor::new(0, None);
        let (input, mut used) = (bytes(CRC64), 0);
        let fault = loop {
            match decompressor.step(&input[used..], &mut [0; 64]) {
                Ok(step) if step.is_progress() => used += step.used,
                // It has fewer bytes than the header of a tar, which would count before the magic.
                Ok(_) => break decompressor.finish(input.len() as u64).unwrap_err(),
                Err(fault) => break fault,
            }
        };
        assert!(
            fault.message.starts_with("the layer is compressed with xz, which is not read here"),
            "{}",
            fault.message
        );
    }
}
