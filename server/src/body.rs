//! Proxy, the body: upstream's bytes as they come, one piece at a time, given up when nothing comes for too long.

use std::future::Future as _;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use tokio::time::{Instant, Sleep, sleep};

use crate::permits::Permit;

/// An upstream's body on its way to the client; nothing is buffered here, and the permit lives as long as it.
pub(crate) struct Paced {
    inner: Incoming,
    idle: Duration,
    deadline: Pin<Box<Sleep>>,
    _permit: Permit,
}

impl Paced {
    pub(crate) fn new(inner: Incoming, idle: Duration, permit: Permit) -> Self {
        Self { inner, idle, deadline: Box::pin(sleep(idle)), _permit: permit }
    }
}

impl Body for Paced {
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let this = self.get_mut();
        if let Poll::Ready(frame) = Pin::new(&mut this.inner).poll_frame(cx) {
            this.deadline.as_mut().reset(Instant::now() + this.idle);
            // Trailers carry nothing that a registry client reads, and would pass the header policy by.
            let frame = frame.filter(|frame| !matches!(frame, Ok(frame) if frame.is_trailers()));
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        ready!(this.deadline.as_mut().poll(cx));
        Poll::Ready(Some(Err("the registry stopped sending".into())))
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
