//! The present digest of a tag, by `HEAD` alone: no registry counts that as a pull.

use super::{Client, Job, is_registrys};
use crate::error::Error;
use crate::limits;
use crate::registry::{Method, Name, TagOrDigest, Transport};

/// The digest, type and size that a registry serves under a tag or digest, as its headers claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Served {
    /// The `Docker-Content-Digest` header, as it stands.
    pub digest: Option<String>,
    /// The `Content-Type` header.
    pub media_type: Option<String>,
}

impl<T: Transport> Client<T> {
    /// Asks the registry what it serves there (distribution spec, "Checking if content exists in the registry"); `None`
    /// if nothing.
    ///
    /// # Errors
    /// One of the registry's codes of [`ErrorKind`](crate::ErrorKind), if it did not say.
    pub async fn served(&self, name: &Name, reference: &TagOrDigest) -> Result<Option<Served>, Error> {
        let job = Job { name, reference: reference.clone(), blob: false, max_bytes: limits::TOKEN_BYTES, path: None };
        let answer = self.authorized(&job, Method::Head).await?;
        let header = |name: &str| answer.response.headers.get(name).map(str::to_owned);
        match answer.response.status {
            200 => Ok(Some(Served { digest: header("docker-content-digest"), media_type: header("content-type") })),
            404 if is_registrys(&answer.response) => Ok(None),
            _ => Err(self.failed(&answer, &answer.name, reference)),
        }
    }
}
