//! The Worker's boundary to the policy: requests and answers cross as texts, each step says what the shim does next.
//!
//! ```text
//! worker.js: Proxy.request(method, target, headers) -> Step -+-> respond with it
//!                                                            +-> fetch(step.url) -> Proxy.heard(step, ...) -> Step ...
//! ```
//!
//! Headers are lists of names and values in turn. A value is one character a byte, as the Fetch standard has it.

use std::cell::RefCell;
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use stowplan_policy::{
    Addressed, Algorithm, Decision, InvalidRule, Pauses, Policy, Rates, Reach, Realm, Realms, Refusal, RefusalKind,
    Shares, Upstream, may_keep, realm_of,
};
use wasm_bindgen::prelude::wasm_bindgen;

/// The policy of one Worker.
#[wasm_bindgen]
pub struct Proxy {
    policy: Policy,
    pauses: RefCell<Pauses>,
    rates: Option<RefCell<Rates>>,
    shares: RefCell<Shares>,
    realms: RefCell<Realms>,
}

/// As the server's: the longest that a registry's `Retry-After` is obeyed before it is asked again.
const LONGEST_PAUSE: Duration = Duration::from_secs(5 * 60);

/// The next step of the shim: ask an upstream, or respond.
#[wasm_bindgen]
pub struct Step {
    inner: Inner,
}

enum Inner {
    Ask(Box<Upstream>),
    /// Without a body of the policy's own, the upstream's is passed on.
    Respond {
        status: StatusCode,
        headers: HeaderMap,
        body: Option<String>,
        keeps: bool,
        realms: Vec<Realm>,
    },
}

/// The headers that ask for a part, or for nothing if nothing changed.
const CONDITIONS: [HeaderName; 4] = [header::RANGE, header::IF_RANGE, header::IF_NONE_MATCH, header::IF_MODIFIED_SINCE];

#[wasm_bindgen]
impl Proxy {
    /// The policy for these hosts, plain hosts and origins, as the server's flags of the same names.
    ///
    /// # Errors
    /// A sentence for the operator who configures the Worker.
    #[wasm_bindgen(constructor)]
    #[expect(clippy::needless_pass_by_value, reason = "what crosses the boundary is owned")]
    pub fn new(
        allow: Vec<String>,
        plain_http: Vec<String>,
        origins: Vec<String>,
        allow_any: bool,
    ) -> Result<Proxy, String> {
        let policy = Policy::new(&allow, &plain_http, allow_any).and_then(|policy| policy.with_origins(&origins));
        let policy = policy.map_err(|error: InvalidRule| error.to_string())?;
        Ok(Self {
            policy,
            pauses: RefCell::new(Pauses::new(LONGEST_PAUSE)),
            rates: None,
            shares: RefCell::new(Shares::new(usize::MAX, usize::MAX)),
            realms: RefCell::default(),
        })
    }

    /// Lets a client make so many requests a minute; 0 is any number.
    #[wasm_bindgen(js_name = limitRequests)]
    pub fn limit_requests(&mut self, per_minute: u32) {
        self.rates = (per_minute > 0).then(|| RefCell::new(Rates::new(per_minute, Duration::from_secs(60))));
    }

    /// Counts a request of `client`, an address as the platform tells it: the refusal if that is one too many.
    #[must_use]
    pub fn count(&self, client: &str, now: f64) -> Option<Step> {
        let (client, mut rates) = (client.parse().ok()?, self.rates.as_ref()?.try_borrow_mut().ok()?);
        rates.take(client, "requests", since_1970(now)).err().map(|refusal| refuse(&refusal))
    }

    /// Forwards so many requests at a time in this isolate, and so many of them for one client.
    #[wasm_bindgen(js_name = limitAtATime)]
    pub fn limit_at_a_time(&mut self, total: usize, per_client: usize) {
        self.shares = RefCell::new(Shares::new(total, per_client));
    }

    /// Takes a place for a request of `client`, an address as the platform tells it; a refusal if there is none. A place
    /// that was taken is given back by [`Proxy::leave`].
    #[must_use]
    pub fn enter(&self, client: &str) -> Option<Step> {
        let taken = self.shares.try_borrow_mut().ok()?.take(client.parse().ok());
        taken.err().map(|hit| refuse(&hit.refusal()))
    }

    /// Gives the place of a request back, once its answer has ended.
    pub fn leave(&self, client: &str) {
        if let Ok(mut shares) = self.shares.try_borrow_mut() {
            shares.give_back(client.parse().ok());
        }
    }

    /// A page's request for `{host}/{path}?{query}`; `now` is in milliseconds since 1970.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "what crosses the boundary is owned")]
    pub fn request(&self, method: &str, target: &str, headers: Vec<String>, now: f64) -> Step {
        let Ok(method) = Method::from_bytes(method.as_bytes()) else {
            return refuse(&Refusal::new(RefusalKind::MethodNotAllowed, "this is no method".into()));
        };
        let known = |realm: &str| self.realms.try_borrow().is_ok_and(|realms| realms.knows(realm, since_1970(now)));
        match self.policy.request_with(&method, target, &read_headers(&headers), known) {
            Ok(Decision::Forward(upstream)) => Step { inner: Inner::Ask(upstream) },
            Ok(Decision::Preflight(headers)) => respond(StatusCode::NO_CONTENT, headers, Some(String::new())),
            Err(refusal) => refuse(&refusal),
        }
    }

    /// The realm that the target would be if another isolate remembers it, for a request that was refused here.
    #[must_use]
    pub fn realm(&self, target: &str) -> Option<String> {
        realm_of(target)
    }

    /// Takes over a realm that a challenge named to another isolate.
    pub fn remember(&self, realm: String, now: f64) {
        if let Ok(mut realms) = self.realms.try_borrow_mut() {
            realms.remember(realm, since_1970(now));
        }
    }

    /// The refusal of this question if its host asked to be left alone; `now` is in milliseconds since 1970.
    #[must_use]
    pub fn pause(&self, to_ask: &Step, now: f64) -> Option<Step> {
        let refusal = self.pauses.try_borrow().ok()?.refusal(to_ask.upstream()?, since_1970(now));
        refusal.map(|refusal| refuse(&refusal))
    }

    /// The upstream's answer to what `asked` said: a redirect is another question, everything else is passed on.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "what crosses the boundary is owned")]
    pub fn heard(&self, asked: &Step, status: u16, headers: Vec<String>, now: f64) -> Step {
        let Inner::Ask(upstream) = &asked.inner else { return refuse(&out_of_turn()) };
        let Ok(status) = StatusCode::from_u16(status) else { return refuse(&out_of_turn()) };
        let headers = read_headers(&headers);
        if let Ok(mut pauses) = self.pauses.try_borrow_mut() {
            pauses.heed(upstream, status, &headers, since_1970(now));
        }
        let realms = self.realms.try_borrow_mut();
        let realms = realms.map(|mut known| known.heed(&self.policy, upstream, status, &headers, since_1970(now)));
        let next = match self.policy.redirect(upstream, status, &headers) {
            Ok(Some(next)) => return Step { inner: Inner::Ask(Box::new(next)) },
            Ok(None) => upstream.answer(status, &headers),
            Err(refusal) => Err(refusal),
        };
        let keeps = may_keep(status, &headers);
        match next {
            Ok(headers) => {
                let realms = realms.unwrap_or_default();
                Step { inner: Inner::Respond { status, headers, body: None, keeps, realms } }
            }
            Err(refusal) => refuse(&refusal),
        }
    }
}

#[wasm_bindgen]
impl Step {
    /// True if an upstream is to be asked; otherwise this is the response.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn asks(&self) -> bool {
        matches!(self.inner, Inner::Ask(_))
    }

    /// The method to ask with.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn method(&self) -> String {
        self.upstream().map(|upstream| upstream.method.to_string()).unwrap_or_default()
    }

    /// The address to ask.
    ///
    /// # Errors
    /// The refusal's sentence if it is none.
    #[wasm_bindgen(getter)]
    pub fn url(&self) -> Result<String, String> {
        let upstream = self.upstream().ok_or_else(|| out_of_turn().message().to_owned())?;
        upstream.uri().map(|uri| uri.to_string()).map_err(|refusal| refusal.message().to_owned())
    }

    /// True if the user named this host, so that it may live at an address that is not public.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn named(&self) -> bool {
        self.upstream().is_some_and(|upstream| upstream.reach == Reach::Named)
    }

    /// The sha256 and the address that the answer may be kept under, with a space between them: for a whole document by
    /// digest of a public host.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn content(&self) -> Option<String> {
        let upstream = self.upstream().filter(|upstream| upstream.method == Method::GET)?;
        if upstream.reach == Reach::Named || CONDITIONS.iter().any(|name| upstream.headers().contains_key(name)) {
            return None;
        }
        let Addressed { algorithm, hex, address } = upstream.addressed()?;
        (algorithm == Algorithm::Sha256).then(|| format!("{hex} {address}"))
    }

    /// True if the response is the whole content and its sender does not forbid to keep it.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn keeps(&self) -> bool {
        matches!(self.inner, Inner::Respond { keeps: true, .. })
    }

    /// The realms that the answer names: for other isolates to know.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn realms(&self) -> Vec<String> {
        if let Inner::Respond { realms, .. } = &self.inner { realms.clone() } else { Vec::new() }
    }

    /// The headers to ask or to respond with.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn headers(&self) -> Vec<String> {
        match &self.inner {
            Inner::Ask(upstream) => write_headers(&upstream.headers()),
            Inner::Respond { headers, .. } => write_headers(headers),
        }
    }

    /// The status to respond with.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn status(&self) -> u16 {
        if let Inner::Respond { status, .. } = &self.inner { status.as_u16() } else { 0 }
    }

    /// The body to respond with; nothing if the upstream's is passed on.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn body(&self) -> Option<String> {
        if let Inner::Respond { body, .. } = &self.inner { body.clone() } else { None }
    }

    /// The response if the upstream gave none that can be passed on: it was `late`, is `too-large` or `unreachable`.
    #[must_use]
    pub fn failed(&self, how: &str, why: &str) -> Step {
        let host = self.upstream().map(|upstream| upstream.target.to_string()).unwrap_or_default();
        let kind = match how {
            "late" => RefusalKind::UpstreamTimeout,
            "too-large" => RefusalKind::BodyTooLarge,
            _ => RefusalKind::UpstreamUnreachable,
        };
        refuse(&Refusal::new(kind, format!("\"{host}\" {why}")))
    }

    fn upstream(&self) -> Option<&Upstream> {
        if let Inner::Ask(upstream) = &self.inner { Some(upstream) } else { None }
    }
}

/// True if an address is public, for a platform whose network reaches other addresses too: asked after DNS.
#[wasm_bindgen(js_name = isPublic)]
#[must_use]
pub fn is_public(address: &str) -> bool {
    address.parse().is_ok_and(stowplan_policy::is_public)
}

fn since_1970(milliseconds: f64) -> Duration {
    Duration::try_from_secs_f64(milliseconds / 1000.0).unwrap_or_default()
}

fn respond(status: StatusCode, headers: HeaderMap, body: Option<String>) -> Step {
    Step { inner: Inner::Respond { status, headers, body, keeps: false, realms: Vec::new() } }
}

fn refuse(refusal: &Refusal) -> Step {
    respond(refusal.status(), refusal.headers(), Some(refusal.body()))
}

fn out_of_turn() -> Refusal {
    Refusal::new(RefusalKind::UpstreamInvalid, "the upstream's answer is none".into())
}

/// Pairs that are no headers are left out: the Fetch standard's headers are HTTP's, so there are none.
fn read_headers(pairs: &[String]) -> HeaderMap {
    let read = |pair: &[String]| {
        let [name, value] = pair else { return None };
        let bytes: Vec<u8> = value.chars().map(|one| u8::try_from(one).unwrap_or(b'?')).collect();
        Some((HeaderName::from_bytes(name.as_bytes()).ok()?, HeaderValue::from_bytes(&bytes).ok()?))
    };
    let mut headers = HeaderMap::new();
    for (name, value) in pairs.chunks(2).filter_map(read) {
        headers.append(name, value);
    }
    headers
}

fn write_headers(headers: &HeaderMap) -> Vec<String> {
    let text = |value: &HeaderValue| value.as_bytes().iter().map(|byte| char::from(*byte)).collect();
    headers.iter().flat_map(|(name, value)| [name.to_string(), text(value)]).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    /// Sun, 06 Nov 1994 08:49:37 GMT.
    const NOW: f64 = 784_111_777_000.0;

    fn list(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    fn proxy() -> Proxy {
        Proxy::new(list(&[]), list(&["127.0.0.1:5000"]), list(&[]), false).unwrap()
    }

    fn header(step: &Step, name: &str) -> Option<String> {
        step.headers().chunks(2).find(|pair| pair[0] == name).map(|pair| pair[1].clone())
    }

    #[test]
    fn a_request_becomes_a_question_and_its_answer_a_response() {
        let proxy = proxy();
        let step = proxy.request("GET", "ghcr.io/v2/", list(&["accept", "a/b", "cookie", "c=d"]), NOW);
        assert!(step.asks() && !step.named());
        assert_eq!((step.url().unwrap().as_str(), step.method().as_str()), ("https://ghcr.io/v2/", "GET"));
        assert_eq!((header(&step, "accept").as_deref(), header(&step, "cookie")), (Some("a/b"), None));
        let next = proxy.heard(&step, 307, list(&["location", "https://cdn.example/x"]), NOW);
        assert_eq!(next.url().unwrap(), "https://cdn.example/x");
        let last = proxy.heard(&next, 200, list(&["etag", "\u{e9}", "set-cookie", "a=b"]), NOW);
        assert_eq!((last.asks(), last.status(), last.body()), (false, 200, None));
        assert_eq!((header(&last, "etag").as_deref(), header(&last, "set-cookie")), (Some("\u{e9}"), None));
    }

    #[test]
    fn refusals_and_failures_are_responses() {
        let proxy = proxy();
        let refused = proxy.request("GET", "10.0.0.1/v2/", list(&[]), NOW);
        assert_eq!((refused.asks(), refused.status()), (false, 403));
        assert!(refused.body().unwrap().contains("origin-not-allowed"), "a foreign page learns nothing of the host");
        let refused = proxy.request("GET", "10.0.0.1/v2/", list(&["host", "localhost:8787"]), NOW);
        assert!(refused.body().unwrap().contains("address-refused"));
        let asked = proxy.request("GET", "127.0.0.1:5000/v2/", list(&["host", "localhost:8787"]), NOW);
        assert!(asked.named());
        assert_eq!(asked.failed("late", "did not answer").status(), 504);
        assert_eq!(asked.failed("too-large", "sends too much").status(), 502);
        assert!(
            asked.failed("unreachable", "cannot be reached").body().unwrap().contains("\\\"127.0.0.1:5000\\\" cannot")
        );
        assert_eq!(proxy.request("OPTIONS", "ghcr.io/v2/", list(&[]), NOW).status(), 204);
        assert_eq!(proxy.request("G T", "ghcr.io/v2/", list(&[]), NOW).status(), 405);
        assert_eq!(proxy.heard(&refused, 200, list(&[]), NOW).status(), 502);
        assert!(refused.url().is_err() && refused.content().is_none());
    }

    #[test]
    fn whole_documents_of_public_hosts_may_be_kept() {
        let hex = "b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c";
        let content = |method: &str, host: &str, headers: &[&str]| {
            let headers = list(&[&["host", "localhost"], headers].concat());
            proxy().request(method, &format!("{host}/v2/a/manifests/sha256:{hex}"), headers, NOW).content()
        };
        let kept = format!("{hex} https://ghcr.io:443/v2/a/manifests/sha256:{hex}");
        assert_eq!(content("GET", "ghcr.io", &[]), Some(kept));
        assert_eq!(content("HEAD", "ghcr.io", &[]), None);
        assert_eq!(content("GET", "127.0.0.1:5000", &[]), None);
        for name in ["authorization", "range", "if-range", "if-none-match", "if-modified-since"] {
            assert_eq!(content("GET", "ghcr.io", &[name, "x"]), None, "{name}");
        }
        let proxy = proxy();
        let asked = proxy.request("GET", "ghcr.io/v2/a/manifests/latest", list(&[]), NOW);
        assert_eq!(asked.content(), None);
        assert!(proxy.heard(&asked, 200, list(&[]), NOW).keeps());
        for (status, header) in
            [(206, ["x", "y"]), (200, ["content-encoding", "gzip"]), (200, ["cache-control", "private"])]
        {
            assert!(!proxy.heard(&asked, status, list(&header), NOW).keeps(), "{status} {header:?}");
        }
    }

    #[test]
    fn a_registry_that_says_when_to_come_back_is_left_alone() {
        let proxy = proxy();
        let asked = proxy.request("GET", "ghcr.io/v2/", list(&[]), NOW);
        assert!(proxy.pause(&asked, NOW).is_none());
        let said = proxy.heard(&asked, 503, list(&["retry-after", "Sun, 06 Nov 1994 08:49:47 GMT"]), NOW);
        assert_eq!((said.status(), said.body()), (503, None), "the registry's own answer passes");
        let pause = proxy.pause(&asked, NOW + 1000.0).unwrap();
        assert_eq!((pause.status(), header(&pause, "retry-after").as_deref()), (429, Some("10")));
        assert!(proxy.pause(&asked, NOW + 10_000.0).is_none() && proxy.pause(&said, NOW).is_none());
    }

    #[test]
    fn a_client_has_so_many_requests_a_minute() {
        let mut proxy = proxy();
        assert!(proxy.count("192.0.2.1", NOW).is_none(), "any number, unless it is limited");
        proxy.limit_requests(2);
        assert!(proxy.count("192.0.2.1", NOW).is_none() && proxy.count("192.0.2.1", NOW).is_none());
        let refused = proxy.count("192.0.2.1", NOW).unwrap();
        assert_eq!((refused.status(), header(&refused, "retry-after").as_deref()), (429, Some("31")));
        assert!(refused.body().unwrap().contains("rate-limited"));
        assert!(proxy.count("192.0.2.2", NOW).is_none() && proxy.count("nobody", NOW).is_none());
        assert!(proxy.count("192.0.2.1", NOW + 30_000.0).is_none());
    }

    #[test]
    fn a_client_has_so_many_requests_at_a_time() {
        let mut proxy = proxy();
        proxy.limit_at_a_time(4, 2);
        assert!(proxy.enter("192.0.2.1").is_none() && proxy.enter("192.0.2.1").is_none());
        let refused = proxy.enter("192.0.2.1").unwrap();
        assert_eq!((refused.status(), header(&refused, "stowplan-refusal").as_deref()), (503, Some("overloaded")));
        assert!(proxy.enter("192.0.2.2").is_none() && proxy.enter("").is_none(), "a client without an address");
        assert!(proxy.enter("").is_some(), "all places are taken");
        proxy.leave("192.0.2.1");
        assert!(proxy.enter("192.0.2.3").is_none(), "the place of the one that left");
    }

    #[test]
    fn a_realm_is_known_once_a_challenge_named_it_here_or_in_another_isolate() {
        let (proxy, other) = (proxy(), self::proxy());
        let token = "auth.example/regions/tokens?scope=x";
        let ask = |proxy: &Proxy| proxy.request("GET", token, list(&[]), NOW).asks();
        assert!(!ask(&proxy));
        let asked = proxy.request("GET", "quay.io/v2/", list(&[]), NOW);
        let challenge = "Bearer realm=\"https://auth.example/regions/tokens\"";
        let heard = proxy.heard(&asked, 401, list(&["www-authenticate", challenge]), NOW);
        assert_eq!(heard.realms(), ["auth.example/regions/tokens"]);
        assert!(ask(&proxy) && !ask(&other));
        assert_eq!(other.realm(token), heard.realms().pop());
        other.remember(heard.realms().remove(0), NOW);
        assert!(ask(&other));
    }

    #[test]
    fn an_address_is_public_or_not() {
        assert!(is_public("1.1.1.1") && is_public("2606:4700::1111"));
        for inside in ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "::ffff:10.0.0.1", "no address"] {
            assert!(!is_public(inside), "{inside}");
        }
    }

    #[test]
    fn a_wrong_configuration_is_a_sentence() {
        let error = Proxy::new(list(&["https://x"]), list(&[]), list(&[]), false).map(|_| ()).unwrap_err();
        assert_eq!(error, "\"https://x\" is not a host: leave out its scheme and path");
    }
}

#[cfg(test)]
mod deployment {
    //! Tests of the policy's values that the deployment's files repeat.

    #[test]
    fn the_network_refuses_what_the_policy_refuses() {
        let config = include_str!("../workerd.capnp");
        let denied =
            config.split_once("deny = [").and_then(|(_, rest)| rest.split_once(']')).map_or("", |(list, _)| list);
        let denied: Vec<&str> =
            denied.split(',').map(|one| one.trim().trim_matches('"')).filter(|one| !one.is_empty()).collect();
        assert_eq!(denied, stowplan_policy::refused_networks().collect::<Vec<_>>());
    }
}
