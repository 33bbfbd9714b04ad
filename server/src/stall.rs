//! Server, the client's socket: a client that takes nothing, or next to nothing, of what is there for it loses its connection.
//!
//! Without it a client that reads slowly would hold its request, and the upstream's connection, for as long as it likes.
//! Only the time counts in which bytes wait for the client: a slow registry, and what a budget holds back, are not its fault.

use std::future::Future as _;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep};

/// The most unsent bytes that the kernel keeps for one client: else it would take megabytes at once, and the server could not tell
/// a slow reader from one that stands still.
#[cfg(any(target_os = "linux", target_os = "android"))]
const UNSENT: u32 = 128 * 1024;

/// The slowest rate that a client may have.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Floor {
    /// While nothing at all is taken.
    pub(crate) stall: Duration,
    /// The time over which speed is measured.
    pub(crate) window: Duration,
    /// The fewest bytes in it.
    pub(crate) bytes: u64,
}

/// Tells the log that a connection was ended because its client was too slow.
#[derive(Clone, Debug, Default)]
pub(crate) struct TooSlow(Arc<AtomicBool>);

impl TooSlow {
    pub(crate) fn was(&self) -> bool {
        self.0.load(Relaxed)
    }
}

/// A TCP stream whose reader may be slow down to a floor only.
pub(crate) struct StallGuard {
    stream: TcpStream,
    floor: Floor,
    told: TooSlow,
    /// Bytes wait since then.
    waiting: Option<Waiting>,
    /// In this window: for how long bytes have waited, and how many were taken.
    waited: Duration,
    taken: u64,
}

struct Waiting {
    since: Instant,
    patience: Pin<Box<Sleep>>,
}

impl StallGuard {
    pub(crate) fn new(stream: TcpStream, floor: Floor, told: TooSlow) -> Self {
        #[cfg(any(target_os = "linux", target_os = "android"))]
        let _ = socket2::SockRef::from(&stream).set_tcp_notsent_lowat(UNSENT);
        Self { stream, floor, told, waiting: None, waited: Duration::ZERO, taken: 0 }
    }

    fn watch(&mut self, cx: &mut Context<'_>, wrote: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if let Poll::Ready(Ok(bytes)) = &wrote {
            self.taken += *bytes as u64;
        }
        if wrote.is_ready() {
            if let Some(waiting) = self.waiting.take() {
                self.waited += waiting.since.elapsed();
            }
            return if self.is_too_slow() { self.end() } else { wrote };
        }
        let left = self.floor.stall.min(self.floor.window.saturating_sub(self.waited));
        let waiting =
            self.waiting.get_or_insert_with(|| Waiting { since: Instant::now(), patience: Box::pin(sleep(left)) });
        while waiting.patience.as_mut().poll(cx).is_ready() {
            let now = Instant::now();
            let stood = now - waiting.since;
            if stood >= self.floor.stall || (self.waited + stood >= self.floor.window && self.taken < self.floor.bytes)
            {
                return self.end();
            }
            // The window is over and enough was taken: the next one begins, within the same wait.
            (self.waited, self.taken) = (Duration::ZERO, 0);
            waiting.since = now;
            waiting.patience.as_mut().reset(now + self.floor.window.min(self.floor.stall));
        }
        Poll::Pending
    }

    /// True if the window is over with too few bytes; if it is over with enough, the next one begins.
    fn is_too_slow(&mut self) -> bool {
        if self.waited < self.floor.window {
            return false;
        }
        let slow = self.taken < self.floor.bytes;
        (self.waited, self.taken) = (Duration::ZERO, 0);
        slow
    }

    fn end(&mut self) -> Poll<io::Result<usize>> {
        self.told.0.store(true, Relaxed);
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for StallGuard {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for StallGuard {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, data: &[u8]) -> Poll<io::Result<usize>> {
        let wrote = Pin::new(&mut self.stream).poll_write(cx, data);
        self.watch(cx, wrote)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        data: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let wrote = Pin::new(&mut self.stream).poll_write_vectored(cx, data);
        self.watch(cx, wrote)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
