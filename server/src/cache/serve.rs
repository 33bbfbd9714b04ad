//! The cache, serving: what is kept as an answer, whole or the one range that was asked for.

use std::io::{self, Seek as _, SeekFrom};
use std::ops::Range;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::body::Bytes;
use http::header::{ACCEPT_RANGES, CONTENT_LENGTH, CONTENT_RANGE, ETAG, IF_RANGE, RANGE};
use http::{HeaderMap, HeaderValue, StatusCode};
use http_body::{Body, Frame, SizeHint};
use tokio::fs::File;
use tokio::io::{AsyncRead as _, ReadBuf};

use super::Entry;

const PIECE: usize = 128 * 1024;

/// An answer out of the cache, as if upstream had sent it.
pub(crate) struct Served {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: FileBody,
}

/// Answers a request with these headers; a HEAD gets them without the bytes.
pub(crate) fn serve(mut entry: Entry, asked: &HeaderMap, head: bool) -> io::Result<Served> {
    let mut headers = std::mem::take(&mut entry.headers);
    headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    let (status, range) = match wanted(asked, &headers, entry.length) {
        Wanted::Whole => (StatusCode::OK, 0..entry.length),
        Wanted::Part(range) => {
            let said = format!("bytes {}-{}/{}", range.start, range.end - 1, entry.length);
            headers.insert(CONTENT_RANGE, HeaderValue::try_from(said).map_err(io::Error::other)?);
            (StatusCode::PARTIAL_CONTENT, range)
        }
        Wanted::Nothing => {
            let said = format!("bytes */{}", entry.length);
            headers.insert(CONTENT_RANGE, HeaderValue::try_from(said).map_err(io::Error::other)?);
            (StatusCode::RANGE_NOT_SATISFIABLE, 0..0)
        }
    };
    headers.insert(CONTENT_LENGTH, (range.end - range.start).into());
    entry.file.seek(SeekFrom::Start(entry.offset + range.start))?;
    let mut file = File::from_std(entry.file);
    file.set_max_buf_size(PIECE);
    Ok(Served { status, headers, body: FileBody { file, left: if head { 0 } else { range.end - range.start } } })
}

#[derive(Debug, PartialEq, Eq)]
enum Wanted {
    Whole,
    Part(Range<u64>),
    Nothing,
}

/// RFC 9110, 14: one range of bytes; several, other units and what cannot be read are answered whole.
fn wanted(asked: &HeaderMap, kept: &HeaderMap, length: u64) -> Wanted {
    if asked.get(IF_RANGE).is_some_and(|tag| kept.get(ETAG) != Some(tag)) {
        return Wanted::Whole;
    }
    let Some(text) = asked.get(RANGE).and_then(|value| value.to_str().ok()) else { return Wanted::Whole };
    let Some((first, last)) = text.strip_prefix("bytes=").and_then(|spec| spec.split_once('-')) else {
        return Wanted::Whole;
    };
    let range = match (first.trim().parse::<u64>(), last.trim().parse::<u64>()) {
        (Ok(first), Ok(last)) if last >= first => first..last.saturating_add(1).min(length),
        (Ok(first), Err(_)) if last.trim().is_empty() => first..length,
        (Err(_), Ok(last)) if first.trim().is_empty() => length.saturating_sub(last)..length,
        _ => return Wanted::Whole,
    };
    if range.start >= range.end { Wanted::Nothing } else { Wanted::Part(range) }
}

/// So many bytes of a file, as they are read.
pub(crate) struct FileBody {
    file: File,
    left: u64,
}

impl Body for FileBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let this = self.get_mut();
        if this.left == 0 {
            return Poll::Ready(None);
        }
        let size = usize::try_from(this.left).unwrap_or(PIECE).min(PIECE);
        let mut piece = vec![0; size];
        let mut buffer = ReadBuf::new(&mut piece);
        ready!(Pin::new(&mut this.file).poll_read(cx, &mut buffer))?;
        let read = buffer.filled().len();
        if read == 0 {
            this.left = 0;
            return Poll::Ready(Some(Err(io::ErrorKind::UnexpectedEof.into())));
        }
        piece.truncate(read);
        this.left -= read as u64;
        Poll::Ready(Some(Ok(Frame::data(piece.into()))))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn asks(range: &'static str, expected: Wanted) {
        let asked = HeaderMap::from_iter([(RANGE, HeaderValue::from_static(range))]);
        assert_eq!(wanted(&asked, &HeaderMap::new(), 10), expected, "{range}");
    }

    #[test]
    fn one_range_is_a_part() {
        asks("bytes=0-3", Wanted::Part(0..4));
        asks("bytes=3-", Wanted::Part(3..10));
        asks("bytes=9-99", Wanted::Part(9..10));
        asks("bytes=-3", Wanted::Part(7..10));
        asks("bytes=-99", Wanted::Part(0..10));
        asks("bytes=0-18446744073709551615", Wanted::Part(0..10));
    }

    #[test]
    fn what_lies_behind_the_end_cannot_be_had() {
        asks("bytes=10-", Wanted::Nothing);
        asks("bytes=10-12", Wanted::Nothing);
        asks("bytes=-0", Wanted::Nothing);
    }

    #[test]
    fn everything_else_is_whole() {
        for range in ["bytes=3-1", "bytes=a-b", "bytes=-", "bytes=1-2,4-5", "lines=1-2", "bytes", ""] {
            asks(range, Wanted::Whole);
        }
        let asked = HeaderMap::from_iter([
            (RANGE, HeaderValue::from_static("bytes=1-")),
            (IF_RANGE, HeaderValue::from_static("\"a\"")),
        ]);
        let kept = |tag| HeaderMap::from_iter([(ETAG, HeaderValue::from_static(tag))]);
        assert_eq!(wanted(&asked, &kept("\"b\""), 10), Wanted::Whole);
        assert_eq!(wanted(&asked, &kept("\"a\""), 10), Wanted::Part(1..10));
    }
}
