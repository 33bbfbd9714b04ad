//! Stowplan's server.
pub mod policy;
