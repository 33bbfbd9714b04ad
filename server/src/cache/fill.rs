//! The cache, filling: a body passes by, is written beside, and gets its name only if its bytes have their digest.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::task::{Context, Poll};

use axum::body::Bytes;
use http::HeaderMap;
use http_body::{Body, Frame, SizeHint};
use sha2::{Digest as _, Sha256, Sha512};
use tokio::sync::mpsc::error::SendError;
use tokio::sync::mpsc::{OwnedPermit, Receiver, Sender, channel};
use tokio::task::spawn_blocking;

use super::{Inner, Key, entry, key};
use crate::policy::{Addressed, Algorithm};

/// Pieces on their way to the disk; a disk that is slower slows the body down.
const PIECES: usize = 4;

type Reserving = Pin<Box<dyn Future<Output = Result<OwnedPermit<Bytes>, SendError<()>>> + Send>>;

/// The end of a writer that the body holds.
pub(crate) struct Fill {
    sender: Sender<Bytes>,
    reserving: Option<Reserving>,
    place: Option<OwnedPermit<Bytes>>,
    through: Arc<AtomicBool>,
}

impl Fill {
    pub(super) fn start(inner: &Arc<Inner>, key: Key, content: &Addressed, headers: &HeaderMap) -> Self {
        let (sender, pieces) = channel(PIECES);
        let through = Arc::new(AtomicBool::new(false));
        let place = Place { inner: Arc::clone(inner), key, part: part(inner), length: 0, event: "failed" };
        let writer = Writer { place, hash: Hash::new(content), through: Arc::clone(&through) };
        let headers = content.kept_headers(headers);
        spawn_blocking(move || writer.run(&headers, pieces));
        Self { sender, reserving: None, place: None, through }
    }

    /// Waits for a place for the next piece; an error when the writer has given up.
    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), ()>> {
        if self.place.is_some() {
            return Poll::Ready(Ok(()));
        }
        let sender = &self.sender;
        let reserving = self.reserving.get_or_insert_with(|| Box::pin(sender.clone().reserve_owned()));
        let Poll::Ready(place) = reserving.as_mut().poll(cx) else { return Poll::Pending };
        self.reserving = None;
        self.place = place.ok();
        Poll::Ready(if self.place.is_some() { Ok(()) } else { Err(()) })
    }

    fn push(&mut self, data: &Bytes) {
        if let Some(place) = self.place.take() {
            place.send(data.clone());
        }
    }

    /// All bytes are through; without this nothing is kept.
    fn end(self) {
        self.through.store(true, Release);
    }
}

/// A file for what is being written, named after nothing but this process and a count.
fn part(inner: &Inner) -> PathBuf {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let now = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default().as_nanos();
    let name = format!("{}-{}-{now}", std::process::id(), COUNT.fetch_add(1, Relaxed));
    key::folders(&inner.dir).1.join(name)
}

enum Hash {
    Sha256(Sha256, String),
    Sha512(Sha512, String),
}

impl Hash {
    fn new(content: &Addressed) -> Self {
        match content.algorithm {
            Algorithm::Sha256 => Self::Sha256(Sha256::new(), content.hex.clone()),
            Algorithm::Sha512 => Self::Sha512(Sha512::new(), content.hex.clone()),
        }
    }

    fn update(&mut self, data: &[u8]) {
        match self {
            Self::Sha256(hash, _) => hash.update(data),
            Self::Sha512(hash, _) => hash.update(data),
        }
    }

    fn confirms(self) -> bool {
        match self {
            Self::Sha256(hash, expected) => key::hex(&hash.finalize()) == expected,
            Self::Sha512(hash, expected) => key::hex(&hash.finalize()) == expected,
        }
    }
}

/// A writer's key, its file and the room for the written bytes. It is given back however the writer ends, also by
/// a panic or before it ran.
struct Place {
    inner: Arc<Inner>,
    key: Key,
    part: PathBuf,
    length: u64,
    event: &'static str,
}

impl Place {
    /// Takes room for these bytes, which were written just now; false if there is none.
    fn takes(&mut self, bytes: u64) -> bool {
        self.length += bytes;
        self.inner.takes(bytes)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.inner.writing.fetch_sub(self.length, Relaxed);
        self.inner.metrics.cache.add(self.event);
        if self.event != "stored" {
            let _ = fs::remove_file(&self.part);
        }
        self.inner.done(self.key);
    }
}

/// The end that runs beside, on a thread that may block.
struct Writer {
    place: Place,
    hash: Hash,
    through: Arc<AtomicBool>,
}

impl Writer {
    fn run(mut self, headers: &HeaderMap, pieces: Receiver<Bytes>) {
        let kept = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&self.place.part)
            .and_then(|mut file| entry::begin(&mut file, headers).map(|()| file))
            .and_then(|file| self.write(file, pieces));
        self.place.event = match kept {
            Ok(true) => "stored",
            Ok(false) => "given-up",
            Err(error) if error.kind() == io::ErrorKind::InvalidData => "wrong-digest",
            Err(error) => {
                tracing::warn!(%error, "the cache cannot be written");
                "failed"
            }
        };
    }

    /// True if the file has its name; false if the body broke off or there is no room for it.
    fn write(&mut self, mut file: File, mut pieces: Receiver<Bytes>) -> io::Result<bool> {
        while let Some(data) = pieces.blocking_recv() {
            self.hash.update(&data);
            let written = file.write_all(&data);
            // Once it is there, so that a count finds it; what did not fit either way is taken back at the end.
            let fits = self.place.takes(data.len() as u64);
            written?;
            if !fits {
                return Ok(false);
            }
        }
        if !self.through.load(Acquire) {
            return Ok(false);
        }
        let hash = std::mem::replace(&mut self.hash, Hash::Sha256(Sha256::new(), String::new()));
        if !hash.confirms() {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let Place { inner, key, part, length, .. } = &self.place;
        entry::end(&mut file, *length)?;
        let name = key.file(&inner.dir);
        key::make(name.parent().unwrap_or(&inner.dir))?;
        fs::rename(part, name)?;
        Ok(true)
    }
}

/// A body that is kept while it passes by; whatever happens to the copy, the body is what came.
pub(crate) struct Tee<B> {
    body: B,
    fill: Option<Fill>,
}

impl<B> Tee<B> {
    pub(crate) fn new(body: B, fill: Option<Fill>) -> Self {
        Self { body, fill }
    }
}

impl<B: Body<Data = Bytes> + Unpin> Body for Tee<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        let this = self.get_mut();
        if let Some(fill) = &mut this.fill {
            match fill.poll_ready(cx) {
                Poll::Ready(Ok(())) => {}
                Poll::Ready(Err(())) => this.fill = None,
                Poll::Pending => return Poll::Pending,
            }
        }
        let Poll::Ready(frame) = Pin::new(&mut this.body).poll_frame(cx) else { return Poll::Pending };
        match (&frame, &mut this.fill) {
            (Some(Ok(frame)), Some(fill)) => {
                if let Some(data) = frame.data_ref() {
                    fill.push(data);
                }
            }
            (Some(Err(_)), _) => this.fill = None,
            _ => {}
        }
        if frame.is_none() || this.body.is_end_stream() {
            this.fill.take().into_iter().for_each(Fill::end);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::super::Cache;
    use super::*;
    use crate::config::CacheConfig;

    /// A cache of the test's own, and a writer that has already taken its place in it.
    fn writer(name: &str) -> (Cache, Writer) {
        let dir = std::env::temp_dir().join(format!("stowplan-fill-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&dir);
        let cache = Cache::open(&CacheConfig { dir, size: 1 << 20 }, &Arc::default()).unwrap();
        let content = Addressed { algorithm: Algorithm::Sha256, hex: "0".repeat(64), address: name.to_owned() };
        let (inner, key) = (Arc::clone(&cache.0), Key::of(&content));
        inner.filling.lock().unwrap().insert(key);
        let part = part(&inner);
        let mut place = Place { inner, key, part, length: 0, event: "failed" };
        assert!(place.takes(100));
        assert_eq!(cache.0.writing.load(Relaxed), 100);
        (cache, Writer { place, hash: Hash::new(&content), through: Arc::default() })
    }

    #[track_caller]
    fn holds_nothing(Cache(inner): &Cache) {
        assert_eq!(inner.writing.load(Relaxed), 0, "the room");
        assert!(inner.filling.lock().unwrap().is_empty(), "the key");
        assert_eq!(fs::read_dir(key::folders(&inner.dir).1).unwrap().count(), 0, "the file");
        let mut events = String::new();
        inner.metrics.cache.write(&mut events, "cache", "event", "");
        assert!(events.contains("cache{event=\"failed\"} 1"), "{events}");
        fs::remove_dir_all(&inner.dir).unwrap();
    }

    #[test]
    fn a_writer_that_never_ran_gives_its_place_back() {
        let (cache, writer) = writer("never");
        drop(writer);
        holds_nothing(&cache);
    }

    #[tokio::test]
    async fn a_writer_that_panics_gives_its_place_back() {
        let (cache, writer) = writer("panics");
        let (_sender, pieces) = channel(1);
        // It may wait on a thread for that only; here waiting panics, with its file begun.
        catch_unwind(AssertUnwindSafe(|| writer.run(&HeaderMap::new(), pieces))).unwrap_err();
        holds_nothing(&cache);
    }
}
