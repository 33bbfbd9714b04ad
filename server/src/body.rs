//! Proxy, the body: bytes as they come, one piece at a time, within their limits of time, size and bytes a minute.

use std::future::Future as _;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::time::{Instant, Sleep, sleep};

use crate::account::Account;
use crate::budget::Budgets;
use crate::client::network;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// A body on its way to the client; nothing is buffered here, and what the request holds (`held`: its permits, its turn
/// with the host) lives as long as it.
pub(crate) struct Paced<B, H> {
    inner: B,
    limits: Pace,
    left: u64,
    deadline: Pin<Box<Sleep>>,
    end: Instant,
    /// The next piece has to wait: the client had more than its share.
    waits: bool,
    account: Account,
    ended: bool,
    _held: H,
}

/// The limits of one body.
pub(crate) struct Pace {
    pub(crate) idle: Duration,
    pub(crate) whole: Duration,
    pub(crate) size: u64,
    pub(crate) budgets: Budgets,
}

impl<B: Body<Data = Bytes>, H> Paced<B, H> {
    pub(crate) fn new(inner: B, limits: Pace, account: Account, held: H) -> Self {
        let (deadline, end) = (Box::pin(sleep(limits.idle)), Instant::now() + limits.whole);
        let (left, ended) = (limits.size, inner.is_end_stream());
        Self { inner, limits, left, deadline, end, waits: false, account, ended, _held: held }
    }

    fn passed(&mut self, bytes: usize) -> Result<(), &'static str> {
        self.left = self.left.checked_sub(bytes as u64).ok_or("too-large")?;
        self.account.sent(bytes);
        let wait = self.limits.budgets.take(network(self.account.client()), bytes as u64);
        let now = Instant::now();
        if now > self.end {
            return Err("too-long");
        }
        self.waits = !wait.is_zero();
        if self.waits {
            self.account.metrics().limits.add("bytes-per-minute");
        }
        let patience = if self.waits { wait } else { self.limits.idle };
        self.deadline.as_mut().reset((now + patience).min(self.end));
        Ok(())
    }

    fn cut(&mut self, reason: &'static str) -> Failure {
        self.account.cut(reason);
        self.ended = true;
        match reason {
            "idle" => "the registry stopped sending".into(),
            "too-long" => "the answer took too long".into(),
            "too-large" => "the answer is larger than this proxy passes on".into(),
            other => other.into(),
        }
    }
}

impl<B, H> Body for Paced<B, H>
where
    B: Body<Data = Bytes, Error: Into<Failure>> + Unpin,
    H: Unpin,
{
    type Data = Bytes;
    type Error = Failure;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Failure>>> {
        let this = self.get_mut();
        if this.waits {
            ready!(this.deadline.as_mut().poll(cx));
            this.waits = false;
            this.deadline.as_mut().reset((Instant::now() + this.limits.idle).min(this.end));
        }
        let Poll::Ready(frame) = Pin::new(&mut this.inner).poll_frame(cx) else {
            ready!(this.deadline.as_mut().poll(cx));
            let reason = if Instant::now() >= this.end { "too-long" } else { "idle" };
            return Poll::Ready(Some(Err(this.cut(reason))));
        };
        Poll::Ready(match frame {
            None => {
                this.ended = true;
                None
            }
            Some(Err(error)) => {
                this.cut("upstream-broke");
                Some(Err(error.into()))
            }
            // Trailers carry nothing that a registry client reads, and would pass the header policy by.
            Some(Ok(frame)) => match frame.into_data() {
                Err(_) => {
                    this.ended = true;
                    None
                }
                Ok(data) => {
                    let passed = this.passed(data.len());
                    this.ended |= this.inner.is_end_stream();
                    Some(passed.map(|()| Frame::data(data)).map_err(|reason| this.cut(reason)))
                }
            },
        })
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

impl<B, H> Drop for Paced<B, H> {
    fn drop(&mut self) {
        if !self.ended {
            self.account.cut("client-left");
        }
    }
}
