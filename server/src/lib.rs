//! Stowplan's server: the static site and the CORS registry proxy, on one origin.
//!
//! ```text
//! main (flags) -> Config -> Server (connections) -> site  (files, the page's headers)
//!                                                -> proxy -> policy (decides) -> upstream (connects) -> body (streams)
//! ```
//!
//! The proxy keeps the contract "`GET|HEAD /proxy/{host}/{path}?{query}`": see [`policy`] for what it forwards.

mod body;
mod config;
mod permits;
mod proxy;
mod resolver;
mod server;
mod site;
mod stall;
mod upstream;

pub use config::{Config, Limits};
pub use resolver::{Resolve, Resolving};
pub use server::{Server, serve};
pub use site::PAGE_CSP;
pub use stowplan_policy as policy;
