//! Tests only: a transport that answers by a function, writes down what it was asked, and whose clock only sleep moves.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::rc::Rc;
use std::task::Poll;

use super::{Cache, Client, Credential, Event, Name, Options, Request, Response, Transport, TransportError};

pub(crate) type Answer = Result<Response, TransportError>;
type Script = Rc<dyn Fn(&Request, usize) -> Answer>;

#[derive(Clone)]
pub(crate) struct Fake {
    answer: Script,
    pub requests: Rc<RefCell<Vec<Request>>>,
    pub slept: Rc<RefCell<Vec<u64>>>,
    pub events: Rc<RefCell<Vec<Event>>>,
    pub clock: Rc<Cell<f64>>,
    pub abort: Rc<Cell<bool>>,
}

impl Fake {
    /// Answers by a function of the request and its number, from 0.
    pub fn new(answer: impl Fn(&Request, usize) -> Answer + 'static) -> Self {
        Self {
            answer: Rc::new(answer),
            requests: Rc::default(),
            slept: Rc::default(),
            events: Rc::default(),
            clock: Rc::default(),
            abort: Rc::default(),
        }
    }

    pub fn client(&self, proxy: &str, credentials: Vec<Credential>, cache: &Cache) -> Client<Self> {
        let events = self.events.clone();
        let options = Options { proxy: proxy.to_owned(), credentials };
        Client::new(self.clone(), options, cache.clone(), move |event| events.borrow_mut().push(event))
    }

    pub fn urls(&self) -> Vec<String> {
        self.requests.borrow().iter().map(|request| request.url.clone()).collect()
    }

    /// The `Authorization` of each request.
    pub fn authority(&self) -> Vec<String> {
        self.requests.borrow().iter().map(|request| header(request, "authorization").unwrap_or_default()).collect()
    }
}

impl Transport for Fake {
    async fn send(&self, request: Request) -> Answer {
        let number = self.requests.borrow().len();
        self.requests.borrow_mut().push(request.clone());
        let mut waited = false;
        poll_fn(|context| {
            context.waker().wake_by_ref();
            if std::mem::replace(&mut waited, true) { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
        (self.answer)(&request, number).map(|response| answered_by(&request, response))
    }

    async fn sleep(&self, milliseconds: u64) {
        self.slept.borrow_mut().push(milliseconds);
        self.clock.set(self.clock.get() + milliseconds as f64);
    }

    fn now(&self) -> f64 {
        self.clock.get()
    }

    fn aborted(&self) -> bool {
        self.abort.get()
    }
}

/// Adds the headers by which a transport and our own proxy say who answered, if the script does not set them.
fn answered_by(request: &Request, mut response: Response) -> Response {
    if response.headers.get(":url").is_some() || response.headers.get("stowplan-answered-by").is_some() {
        return response;
    }
    response.headers.add(":url", &request.url);
    let proxied =
        request.url.split_once("://").map_or("", |(_, rest)| rest).split_once('/').map_or("", |(_, rest)| rest);
    let proxied = proxied.strip_prefix("r/").unwrap_or(proxied);
    response.headers.add("stowplan-answered-by", &format!("https://{proxied}"));
    response
}

pub(crate) fn header(request: &Request, name: &str) -> Option<String> {
    request.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.clone())
}

pub(crate) fn answer(status: u16, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    Ok(Response { status, headers: headers.iter().copied().collect(), body: body.to_vec() })
}

pub(crate) fn name(reference: &str) -> Name {
    Name::of(&crate::Reference::parse(reference).unwrap()).unwrap()
}

pub(crate) fn ann(registry: &str) -> Credential {
    Credential { registry: registry.into(), username: "ann".into(), password: "pw".into() }
}

/// `ann:pw` for Basic.
pub(crate) const ANN: &str = "Basic YW5uOnB3";
