//! The registry proxy's policy: pure functions over the `http` crate's types, no sockets and no runtime in here.
//!
//! ```text
//! method + "{host}/{path}?{query}" + headers -> Policy::request  -> Decision (preflight, forward) or Refusal
//! upstream's 3xx                              -> Policy::redirect -> the next Upstream or Refusal
//! an address that DNS gave                    -> is_public        -> may it be connected to?
//! upstream's final answer                     -> Upstream::answer -> what the page gets
//! its challenge                               -> Realms::heed    -> where tokens may be asked for
//! ```
//!
//! Any adapter (the server; a worker at the edge) that asks these four keeps the proxy's contract. One that remembers
//! answers asks [`Upstream::addressed`] and [`may_keep`] which; [`Pauses`] remembers who asked to be left alone, and
//! [`Realms`] the addresses that registries named for their tokens; [`Rates`] counts what clients ask for, [`Shares`] what runs
//! for them at a time.

mod address;
mod addressed;
mod asker;
mod hosts;
mod network;
mod pauses;
mod rates;
mod realms;
mod redirect;
mod refusal;
mod request;
mod response;
mod rules;
mod shares;
mod target;

pub use address::{is_public, refused_networks};
pub use addressed::{Addressed, Algorithm, KEPT_HEADERS, may_keep};
pub use hosts::{DEFAULT_HOSTS, HostRule};
pub use network::{Network, networks};
pub use pauses::Pauses;
pub use rates::Rates;
pub use realms::{REALM_MINUTES, Realm, Realms, realm_of};
pub use redirect::MAX_REDIRECTS;
pub use refusal::{REFUSAL_HEADER, Refusal, RefusalKind};
pub use request::{Decision, MAX_HEADER_BYTES, Upstream};
pub use response::{ANSWERED_BY, EXPOSED_HEADERS, MAX_ANSWER_HEADER_BYTES};
pub use rules::{InvalidRule, Policy, Reach};
pub use shares::{Hit, Shares};
pub use target::{Host, Scheme, Target};
