//! Address and headers with which a worker fetches a large blob.

use super::auth::credential_for;
use super::client::{Place, Ways};
use super::failure::{self, Wanted};
use super::{Client, Name, Response, TagOrDigest, Transport};
use crate::digest::Digest;
use crate::error::Error;

/// A request for a blob (distribution spec, "Pulling blobs"), to be sent with GET.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlobRequest {
    /// The whole address, the proxy included.
    pub url: String,
    /// The value of `Authorization`, if one is known to be wanted.
    pub authorization: Option<String>,
    /// The number of ways to authorise that were tried before this one: to be given back with a refusal.
    pub round: usize,
}

/// The answer that such a request got, if it was not the blob.
#[derive(Clone, Debug, Default)]
pub struct Refusal {
    /// Status, headers and the beginning of the body.
    pub response: Response,
    /// The authorisation of the refused request.
    pub authorization: Option<String>,
    /// The `round` of the refused request.
    pub round: usize,
}

impl<T: Transport> Client<T> {
    /// The request for that blob, with what this session knows about authority; after a refusal the next better one.
    ///
    /// # Errors
    /// The refusal, as an error with one of the registry's codes, if nothing better can be had; and as the token
    /// endpoint fails.
    pub async fn blob_request(
        &self,
        name: &Name,
        digest: &Digest,
        refusal: Option<&Refusal>,
    ) -> Result<BlobRequest, Error> {
        let path = format!("/v2/{}/blobs/{digest}", name.repository);
        let Some(refusal) = refusal else {
            let url = Place::of(name.clone(), path).address.through(&self.exchange.proxy);
            let authorization = self.remembered(name).map(|grant| grant.header);
            return Ok(BlobRequest { url, authorization, round: 0 });
        };
        let place = self.handed_over(name, &refusal.response).unwrap_or_else(|| Place::of(name.clone(), path));
        let (name, url) = (&place.name, place.address.through(&self.exchange.proxy));
        let used = self.remembered(name).filter(|grant| Some(&grant.header) == refusal.authorization.as_ref());
        let mut ways = Ways { tried: refusal.round, ..Ways::default() };
        match self.better(name, &refusal.response, used.as_ref(), &mut ways).await? {
            Some(grant) => Ok(BlobRequest { url, authorization: Some(grant.header), round: ways.tried }),
            None => Err(self.why(name, digest, refusal)),
        }
    }

    fn why(&self, name: &Name, digest: &Digest, refusal: &Refusal) -> Error {
        let user = credential_for(&self.credentials, name).filter(|_| refusal.round > 1);
        let reference = TagOrDigest::Digest(digest.clone());
        let account = user.map(|user| user.username.as_str());
        let wanted = Wanted { name, from: None, reference: &reference, blob: true, account };
        failure::of_status(&refusal.response, &wanted, self.exchange.transport.now())
    }
}

#[cfg(test)]
mod tests {
    use pollster::block_on;

    use super::*;
    use crate::digest::Algorithm;
    use crate::registry::fake::{ANN, Answer, Fake, ann, answer, header, name};
    use crate::registry::{Cache, Credential};

    const BEARER: &str = "Bearer realm=\"https://auth.io/token\",service=\"r.io\"";

    fn blob() -> Digest {
        Algorithm::Sha256.digest(b"blob")
    }

    /// A token endpoint: `anon` to anonymous clients, `user` to ann.
    fn tokens() -> Fake {
        Fake::new(|request, _| match header(request, "authorization").as_deref() {
            Some(ANN) => answer(200, &[], br#"{"token":"user"}"#),
            _ => answer(200, &[], br#"{"token":"anon"}"#),
        })
    }

    fn refusal(answer: Answer, last: &BlobRequest) -> Refusal {
        Refusal { response: answer.unwrap(), authorization: last.authorization.clone(), round: last.round }
    }

    fn challenge(with: &str) -> Answer {
        answer(401, &[("WWW-Authenticate", with), (":url", "https://r.io/v2/a/blobs/x")], b"")
    }

    /// Every authority that is tried until the registry gives up refusing, and the error at the end.
    fn tried(fake: &Fake, credentials: Vec<Credential>, challenged: &str) -> (Vec<Option<String>>, Error) {
        let client = fake.client("", credentials, &Cache::default());
        let (name, mut seen) = (name("r.io/a"), Vec::new());
        let mut last = block_on(client.blob_request(&name, &blob(), None)).unwrap();
        loop {
            seen.push(last.authorization.clone());
            assert!(seen.len() < 5, "it ends");
            match block_on(client.blob_request(&name, &blob(), Some(&refusal(challenge(challenged), &last)))) {
                Ok(next) => last = next,
                Err(error) => return (seen, error),
            }
        }
    }

    #[test]
    fn a_blob_is_asked_for_through_the_proxy() {
        let client = tokens().client("http://p/r/", vec![], &Cache::default());
        let request = block_on(client.blob_request(&name("busybox"), &blob(), None)).unwrap();
        let url = format!("http://p/r/registry-1.docker.io/v2/library/busybox/blobs/{}", blob());
        assert_eq!(request, BlobRequest { url, authorization: None, round: 0 });
    }

    #[test]
    fn nobody_comes_before_the_user_and_each_once() {
        let (seen, error) = tried(&tokens(), vec![ann("r.io")], BEARER);
        assert_eq!(seen, [None, Some("Bearer anon".into()), Some("Bearer user".into())]);
        assert_eq!(error.to_string(), "r.io does not accept the credentials of \"ann\" for \"a\"");
        let (seen, error) = tried(&tokens(), vec![], BEARER);
        assert_eq!(seen, [None, Some("Bearer anon".into())]);
        assert_eq!(error.code(), "unauthorized");
    }

    #[test]
    fn a_blob_that_a_redirect_leads_to_is_asked_for_there_without_the_users_password() {
        let away = |with: &str| {
            answer(401, &[("WWW-Authenticate", with), (":url", "https://other.io/v2/x/b/blobs/sha256:1")], b"")
        };
        let fake = tokens();
        let client = fake.client("", vec![ann("r.io")], &Cache::default());
        let first = block_on(client.blob_request(&name("r.io/a"), &blob(), None)).unwrap();
        let refused = refusal(away(BEARER), &first);
        let next = block_on(client.blob_request(&name("r.io/a"), &blob(), Some(&refused))).unwrap();
        assert_eq!(next.url, "https://other.io/v2/x/b/blobs/sha256:1");
        assert_eq!(next.authorization.as_deref(), Some("Bearer anon"));
        assert!(fake.urls()[0].ends_with("&scope=repository:x/b:pull"), "{:?}", fake.urls());
        let refused = refusal(away(BEARER), &next);
        block_on(client.blob_request(&name("r.io/a"), &blob(), Some(&refused))).unwrap_err();
        assert!(!fake.authority().contains(&ANN.to_owned()));
    }

    #[test]
    fn basic_is_the_users_only() {
        let (seen, _) = tried(&tokens(), vec![ann("r.io")], "Basic realm=\"x\"");
        assert_eq!(seen, [None, Some(ANN.into())]);
        assert_eq!(tried(&tokens(), vec![ann("other.io")], "Basic realm=\"x\"").0, [None]);
    }

    #[test]
    fn a_token_got_once_serves_the_next_blob_and_is_renewed_when_refused() {
        let count = std::cell::Cell::new(0);
        let fake = Fake::new(move |_, _| {
            count.set(count.get() + 1);
            answer(200, &[], format!("{{\"token\":\"t{}\"}}", count.get()).as_bytes())
        });
        let client = fake.client("", vec![], &Cache::default());
        let name = name("r.io/a");
        let ask = |refusal: Option<&Refusal>| block_on(client.blob_request(&name, &blob(), refusal)).unwrap();
        let first = ask(Some(&refusal(challenge(BEARER), &ask(None))));
        assert_eq!(first.authorization.as_deref(), Some("Bearer t1"));
        let next = ask(None);
        assert_eq!((next.authorization.as_deref(), next.round), (Some("Bearer t1"), 0));
        let renewed = ask(Some(&refusal(challenge(BEARER), &next)));
        assert_eq!(renewed.authorization.as_deref(), Some("Bearer t2"));
    }

    #[test]
    fn other_refusals_are_errors_that_say_what_to_do() {
        let client = tokens().client("", vec![ann("r.io")], &Cache::default());
        let code = |answer: Answer| {
            let last = BlobRequest { url: String::new(), authorization: None, round: 0 };
            block_on(client.blob_request(&name("r.io/a"), &blob(), Some(&refusal(answer, &last)))).unwrap_err().code()
        };
        assert_eq!(code(answer(404, &[], b"")), "not-found");
        assert_eq!(code(answer(429, &[], b"")), "rate-limited");
        assert_eq!(code(answer(401, &[], b"")), "unauthorized", "a refusal without a challenge");
        assert_eq!(code(answer(403, &[("stowplan-refusal", "host-not-allowed")], b"")), "proxy-refused");
    }
}
