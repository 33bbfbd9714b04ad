//! Stowplan's server: the static site and the CORS registry proxy, on one origin.
//!
//! ```text
//! main (flags) -> Config -> Server (connections) -> site  (files, the page's headers)
//!                                                -> proxy -> policy (decides) -> cache (kept?) -> upstream (connects) -> body (streams)
//! ```
//!
//! The proxy keeps the contract "`GET|HEAD /proxy/{host}/{path}?{query}`": see [`policy`] for what it forwards.

mod account;
mod body;
mod budget;
mod cache;
mod client;
mod config;
mod hosts;
mod logs;
mod metrics;
mod page;
mod parse;
mod permits;
mod proxy;
mod resolver;
mod server;
mod site;
mod stall;
mod upstream;

pub use config::{CacheConfig, Config, Limits};
pub use logs::{LogFormat, LogLevel, Logs};
pub use parse::{parse_network, parse_size};
pub use resolver::{Resolve, Resolving};
pub use server::{Server, serve};
pub use site::PAGE_CSP;
pub use stowplan_policy as policy;
