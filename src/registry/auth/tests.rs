//! Tests of the receivers of tokens and credentials, and of the order in which they are tried.

use futures_util::future::join;
use pollster::block_on;

use super::*;
use crate::digest::Algorithm;
use crate::registry::fake::{ANN, Answer, Fake, ann, answer, header, name};
use crate::registry::{Cache, Request, TagOrDigest};

const BEARER: &str = "Bearer realm=\"https://auth.io/token\",service=\"r.io\",scope=\"repository:a:pull\"";

fn challenge(with: &str) -> Answer {
    answer(401, &[("WWW-Authenticate", with)], b"")
}

/// A registry that accepts one `Authorization`; its token endpoint gives `anon` to anonymous clients and `user` to ann.
fn registry(accepts: &'static str, challenged: &'static str) -> Fake {
    Fake::new(move |request, _| {
        let authority = header(request, "authorization").unwrap_or_default();
        match authority.as_str() {
            "" if request.url.contains("/token") => answer(200, &[], br#"{"token":"anon"}"#),
            ANN if request.url.contains("/token") => answer(200, &[], br#"{"access_token":"user","expires_in":300}"#),
            authority if authority == accepts => answer(200, &[], b"{}"),
            _ => challenge(challenged),
        }
    })
}

fn get(fake: &Fake, credentials: Vec<Credential>, cache: &Cache) -> Result<(), Error> {
    let client = fake.client("", credentials, cache);
    block_on(client.manifest(&name("r.io/a"), &TagOrDigest::Tag("v".into()))).map(drop)
}

#[test]
fn nobody_gets_a_token_first() {
    let (fake, cache) = (registry("Bearer anon", BEARER), Cache::default());
    get(&fake, vec![ann("r.io")], &cache).unwrap();
    assert_eq!(fake.authority(), ["", "", "Bearer anon"], "credentials stay at home");
    assert_eq!(fake.urls()[1], "https://auth.io/token?service=r.io&scope=repository:a:pull");
    get(&fake, vec![], &cache).unwrap();
    assert_eq!(fake.authority()[3..], ["Bearer anon"], "reused");
}

#[test]
fn the_user_comes_after_nobody_was_refused() {
    let (fake, cache) = (registry("Bearer user", BEARER), Cache::default());
    get(&fake, vec![ann("r.io")], &cache).unwrap();
    assert_eq!(fake.authority(), ["", "", "Bearer anon", ANN, "Bearer user"]);
    let error = get(&fake, vec![], &cache).unwrap_err();
    assert_eq!(error.code(), "unauthorized", "the user's token is the user's only");
}

#[test]
fn a_token_endpoint_that_refuses_nobody_is_asked_for_the_user() {
    let fake = Fake::new(|request, _| match header(request, "authorization").unwrap_or_default().as_str() {
        ANN if request.url.contains("/token") => answer(200, &[], br#"{"token":"user"}"#),
        "Bearer user" => answer(200, &[], b"{}"),
        _ if request.url.contains("/token") => answer(403, &[], b""),
        _ => challenge(BEARER),
    });
    get(&fake, vec![ann("r.io")], &Cache::default()).unwrap();
    assert_eq!(fake.authority(), ["", "", ANN, "Bearer user"]);
    assert_eq!(get(&fake, vec![], &Cache::default()).unwrap_err().code(), "unauthorized");
}

#[test]
fn basic_wants_credentials() {
    let fake = registry(ANN, "Basic realm=\"x\"");
    let cache = Cache::default();
    get(&fake, vec![ann("r.io")], &cache).unwrap();
    get(&fake, vec![ann("r.io")], &cache).unwrap();
    assert_eq!(fake.authority(), ["", ANN, ANN], "remembered");
    assert_eq!(get(&fake, vec![], &Cache::default()).unwrap_err().code(), "unauthorized");
}

#[test]
fn wrong_credentials_are_tried_once_and_named() {
    let fake = registry("Basic nothing", "Basic realm=\"x\"");
    let error = get(&fake, vec![ann("r.io")], &Cache::default()).unwrap_err();
    assert_eq!(error.to_string(), "r.io does not accept the credentials of \"ann\" for \"a\"");
    assert_eq!(fake.authority(), ["", ANN]);
}

#[test]
fn credentials_never_cross_registries() {
    let fake = registry(ANN, "Basic realm=\"x\"");
    get(&fake, vec![ann("other.io")], &Cache::default()).unwrap_err();
    assert_eq!(fake.authority(), [""]);
}

#[test]
fn credentials_may_be_named_as_docker_names_them() {
    let hub = name("busybox");
    for registry in ["docker.io", "index.docker.io", "https://index.docker.io/v1/", "Registry-1.Docker.io"] {
        assert!(credential_for(&[ann(registry)], &hub).is_some(), "{registry}");
    }
    assert!(credential_for(&[ann("notdocker.io")], &hub).is_none());
    assert!(credential_for(&[ann("localhost:5000")], &name("localhost:5000/a")).is_some());
    assert!(credential_for(&[ann("localhost:5001")], &name("localhost:5000/a")).is_none());
}

#[test]
fn a_password_never_goes_to_an_unencrypted_realm() {
    let fake = registry("Bearer user", "Bearer realm=\"http://auth.io/token\"");
    let error = get(&fake, vec![ann("r.io")], &Cache::default()).unwrap_err();
    assert_eq!(error.code(), "registry-error");
    assert_eq!(
        error.to_string(),
        "r.io sends for a token to \"http://auth.io/token\", where a password would travel unencrypted"
    );
    assert!(!fake.authority().contains(&ANN.to_owned()));
}

/// A registry at r.io that redirects to other.io, which names a realm at auth.io; through a proxy that says so.
fn redirecting(says: bool) -> Fake {
    Fake::new(move |request, _| {
        let authority = header(request, "authorization").unwrap_or_default();
        let by = if says { "https://other.io/v2/x/b/manifests/v" } else { "" };
        match authority.as_str() {
            "" | ANN if request.url.contains("/token") => answer(200, &[], br#"{"token":"t"}"#),
            "Bearer t" if request.url.contains("/other.io/") => answer(200, &[], b"{}"),
            _ => answer(401, &[("WWW-Authenticate", BEARER), ("stowplan-answered-by", by)], b""),
        }
    })
}

fn through_a_proxy(fake: &Fake, credentials: Vec<Credential>) -> Result<(), Error> {
    let client = fake.client("http://p/", credentials, &Cache::default());
    block_on(client.manifest(&name("r.io/a"), &TagOrDigest::Tag("v".into()))).map(drop)
}

#[test]
fn a_redirect_to_a_registry_with_tokens_of_its_own_is_followed_without_the_users_password() {
    let fake = redirecting(true);
    through_a_proxy(&fake, vec![ann("r.io")]).unwrap();
    assert_eq!(
        fake.urls(),
        [
            "http://p/r.io/v2/a/manifests/v",
            "http://p/auth.io/token?service=r.io&scope=repository:x/b:pull",
            "http://p/other.io/v2/x/b/manifests/v",
        ]
    );
    assert_eq!(fake.authority(), ["", "", "Bearer t"]);
}

#[test]
fn credentials_stay_with_the_registry_that_they_were_given_for() {
    let away = || {
        Fake::new(|request, _| match header(request, "authorization") {
            _ if request.url.contains("/token") => answer(401, &[], b""),
            _ => {
                let by = ("stowplan-answered-by", "https://other.io/v2/x/b/manifests/v");
                answer(401, &[("WWW-Authenticate", BEARER), by], b"")
            }
        })
    };
    let fake = away();
    let error = through_a_proxy(&fake, vec![ann("r.io")]).unwrap_err();
    assert_eq!(error.code(), "unauthorized");
    assert!(error.to_string().starts_with("other.io, to which r.io redirects, wants credentials"), "{error}");
    assert!(!fake.authority().contains(&ANN.to_owned()));
    let fake = away();
    through_a_proxy(&fake, vec![ann("r.io"), ann("other.io")]).unwrap_err();
    assert!(fake.authority().contains(&ANN.to_owned()), "those that were given for other.io");
}

#[test]
fn a_host_without_a_registrys_path_is_told_nothing() {
    for by in ["https://storage.io", "https://storage.io/v2/", "http://127.0.0.1:80/v2/x/manifests/v"] {
        for demand in [BEARER, "Basic realm=\"x\""] {
            let fake =
                Fake::new(move |_, _| answer(401, &[("WWW-Authenticate", demand), ("stowplan-answered-by", by)], b""));
            through_a_proxy(&fake, vec![ann("r.io")]).unwrap_err();
            assert_eq!(fake.authority(), [""], "{by} {demand}");
        }
    }
}

#[test]
fn where_the_proxy_does_not_say_who_answered_a_password_goes_to_the_registrys_own_host_only() {
    let fake = redirecting(false);
    let error = through_a_proxy(&fake, vec![ann("r.io")]).unwrap_err();
    assert!(error.to_string().contains("does not say"), "{error}");
    assert!(!fake.authority().contains(&ANN.to_owned()));
    for (reference, realm) in [("r.io/a", "https://r.io/token"), ("busybox", "https://auth.docker.io/token")] {
        let fake = Fake::new(move |request, _| match header(request, "authorization").unwrap_or_default().as_str() {
            ANN => answer(200, &[], br#"{"token":"user"}"#),
            "Bearer user" => answer(200, &[], b"{}"),
            _ if request.url.contains("/token") => answer(401, &[], b""),
            _ => {
                let demand = format!("Bearer realm=\"{realm}\"");
                answer(401, &[("WWW-Authenticate", demand.as_str()), ("stowplan-answered-by", "")], b"")
            }
        });
        let name = name(reference);
        let client = fake.client("http://p/", vec![ann(&name.registry)], &Cache::default());
        block_on(client.manifest(&name, &TagOrDigest::Tag("v".into()))).unwrap();
    }
}

#[test]
fn a_registry_without_tls_may_name_a_realm_at_its_own_host() {
    let of = |realm: &'static str, scheme: &'static str| {
        let fake = Fake::new(move |request, _| match header(request, "authorization").unwrap_or_default().as_str() {
            ANN => answer(200, &[], br#"{"token":"user"}"#),
            "Bearer user" => answer(200, &[], b"{}"),
            _ if request.url.contains("/token") => answer(401, &[], b""),
            _ => {
                let (demand, by) = (format!("Bearer realm=\"{realm}\""), format!("{scheme}://r.io/v2/a/manifests/v"));
                answer(401, &[("WWW-Authenticate", demand.as_str()), ("stowplan-answered-by", by.as_str())], b"")
            }
        });
        through_a_proxy(&fake, vec![ann("r.io")])
    };
    of("http://r.io/token", "http").unwrap();
    of("http://r.io:8080/token", "http").unwrap();
    assert_eq!(of("http://r.io/token", "https").unwrap_err().code(), "registry-error");
    assert_eq!(of("http://auth.io/token", "http").unwrap_err().code(), "registry-error");
}

#[test]
fn what_a_stranger_is_told_not_to_exist_is_asked_again_for_the_user() {
    for demand in ["Basic realm=\"x\"", "Bearer realm=\"https://r.io/token\""] {
        let fake = Fake::new(move |request, _| match header(request, "authorization").unwrap_or_default().as_str() {
            ANN if request.url.contains("/token") => answer(200, &[], br#"{"token":"user"}"#),
            ANN | "Bearer user" => answer(200, &[], b"{}"),
            _ if request.url.ends_with("/v2/") => challenge(demand),
            _ => answer(404, &[], b""),
        });
        get(&fake, vec![ann("r.io")], &Cache::default()).unwrap();
        assert_eq!(get(&fake, vec![], &Cache::default()).unwrap_err().code(), "not-found");
        assert!(!fake.urls()[fake.urls().len() - 1].ends_with("/v2/"), "a stranger asks once");
    }
    // A refusal without a challenge.
    let fake = Fake::new(move |request, _| match header(request, "authorization").unwrap_or_default().as_str() {
        ANN => answer(200, &[], b"{}"),
        _ if request.url.ends_with("/v2/") => challenge("Basic realm=\"x\""),
        _ => answer(401, &[], b""),
    });
    get(&fake, vec![ann("r.io")], &Cache::default()).unwrap();
    // A document that is really not there costs two requests more.
    let fake = Fake::new(|request, _| match request.url.ends_with("/v2/") {
        true => challenge("Basic realm=\"x\""),
        false => answer(404, &[], b""),
    });
    assert_eq!(get(&fake, vec![ann("r.io")], &Cache::default()).unwrap_err().code(), "not-found");
    assert_eq!(fake.authority(), ["", "", ANN]);
}

#[test]
fn only_a_pull_from_this_repository_is_asked_for() {
    for (scope, asked) in [
        ("repository:a:pull", "repository:a:pull"),
        ("repository:a:pull,push", "repository:a:pull"),
        ("repository:b:pull", "repository:a:pull"),
        ("repository:a:pull repository:b:delete registry:catalog:*", "repository:a:pull"),
        ("", "repository:a:pull"),
        ("repository(plugin):a:pull", "repository(plugin):a:pull"),
    ] {
        let demand = format!("Bearer realm=\"https://auth.io/token\",scope=\"{scope}\"");
        let fake = Fake::new(move |_, _| challenge(&demand));
        get(&fake, vec![], &Cache::default()).unwrap_err();
        let told = fake.urls()[1].clone();
        assert_eq!(
            told.replace("%28", "(").replace("%29", ")"),
            format!("https://auth.io/token?scope={asked}"),
            "{scope}"
        );
    }
}

#[test]
fn a_realm_must_be_an_address_that_may_be_asked() {
    for (realm, why) in [
        ("javascript:alert(1)", "which is not an http address"),
        ("", "which is not an http address"),
        ("http://127.0.0.1/x", "which is on this machine"),
    ] {
        let header = format!("Bearer realm=\"{realm}\"");
        let fake = Fake::new(move |_, _| challenge(&header));
        let error = get(&fake, vec![], &Cache::default()).unwrap_err();
        assert_eq!(error.to_string(), format!("r.io sends for a token to \"{realm}\", {why}"));
        assert_eq!(fake.urls().len(), 1);
    }
}

#[test]
fn a_local_registry_may_have_a_local_realm_and_the_proxy_serves_it() {
    let fake = Fake::new(|request, _| match header(request, "authorization") {
        None if request.url.contains("/auth") => answer(200, &[], br#"{"token":"t"}"#),
        None => challenge("Bearer realm=\"http://localhost:5001/auth?x=1\",service=\"a b\""),
        Some(_) => answer(200, &[], b"{}"),
    });
    let client = fake.client("http://p/", vec![], &Cache::default());
    block_on(client.manifest(&name("localhost:5000/d/app"), &TagOrDigest::Tag("v".into()))).unwrap();
    assert_eq!(
        fake.urls()[1],
        "http://p/localhost:5001/auth?x=1&service=a%20b&scope=repository:d/app:pull",
        "the scope is ours where none is told"
    );
    let crate::registry::Event::Request { url, .. } = fake.events.borrow()[1].clone() else { panic!() };
    assert_eq!(url, "http://localhost:5001/auth", "without the query");
}

#[test]
fn a_token_is_renewed_before_its_end() {
    let (fake, cache) = (registry("Bearer anon", BEARER), Cache::default());
    get(&fake, vec![], &cache).unwrap();
    fake.clock.set(49_000.0);
    get(&fake, vec![], &cache).unwrap();
    assert_eq!(fake.urls().len(), 4, "no expires_in is 60 s");
    fake.clock.set(51_000.0);
    get(&fake, vec![], &cache).unwrap();
    assert_eq!(fake.authority()[4..], ["", "", "Bearer anon"]);
}

#[test]
fn a_token_that_the_registry_forgot_is_replaced() {
    let fake = Fake::new(|request, number| match header(request, "authorization").as_deref() {
        None if request.url.contains("/token") => answer(200, &[], format!("{{\"token\":\"t{number}\"}}").as_bytes()),
        Some("Bearer t1") if number < 3 => answer(200, &[], b"{}"),
        Some("Bearer t4") => answer(200, &[], b"{}"),
        _ => challenge(BEARER),
    });
    let cache = Cache::default();
    get(&fake, vec![], &cache).unwrap();
    get(&fake, vec![], &cache).unwrap();
    assert_eq!(fake.authority(), ["", "", "Bearer t1", "Bearer t1", "", "Bearer t4"]);
}

#[test]
fn parallel_requests_share_one_token() {
    let fake = registry("Bearer anon", BEARER);
    let client = fake.client("", vec![], &Cache::default());
    let name = name("r.io/a");
    let digests = [Algorithm::Sha256.digest(b"1"), Algorithm::Sha256.digest(b"2")];
    let (first, second) = block_on(join(client.blob(&name, &digests[0], 99), client.blob(&name, &digests[1], 99)));
    assert!(first.is_ok() && second.is_ok());
    let tokens = fake.urls().iter().filter(|url| url.contains("/token")).count();
    assert_eq!(tokens, 1);
}

#[test]
fn a_registry_that_always_refuses_ends() {
    let fake = registry("nothing", "Basic realm=\"x\", Bearer realm=\"https://auth.io/token\"");
    let error = get(&fake, vec![ann("r.io")], &Cache::default()).unwrap_err();
    assert_eq!(error.code(), "unauthorized");
    assert_eq!(fake.urls().len(), 5);
}

#[test]
fn hostile_tokens_are_refused() {
    for body in [
        &b"{\"token\":\"a\\r\\nX: y\"}"[..],
        b"{\"token\":\"\\u00e9\"}",
        b"{\"token\":\"\"}",
        b"{\"token\":1}",
        b"{}",
        b"<html>",
        b"",
    ] {
        assert_eq!(read_token(body), None);
    }
    let fake = Fake::new(
        |request: &Request, _| {
            if request.url.contains("/token") { answer(200, &[], b"{}") } else { challenge(BEARER) }
        },
    );
    let error = get(&fake, vec![], &Cache::default()).unwrap_err();
    assert_eq!(error.to_string(), "auth.io, which gives out tokens for r.io, answered without one");
    assert_eq!(fake.requests.borrow()[1].max_bytes, limits::TOKEN_BYTES);
}

#[test]
fn a_tokens_lifetime_is_read() {
    let lifetime = |body: &str| read_token(body.as_bytes()).unwrap().1;
    assert!((lifetime(r#"{"token":"t"}"#) - 60.0).abs() < f64::EPSILON);
    assert!((lifetime(r#"{"token":"t","expires_in":300}"#) - 300.0).abs() < f64::EPSILON);
    assert!((lifetime(r#"{"token":"t","expires_in":-1}"#) - 60.0).abs() < f64::EPSILON);
    assert!((lifetime(r#"{"token":"t","expires_in":299.9}"#) - 299.0).abs() < f64::EPSILON);
    assert!((lifetime(r#"{"token":"t","expires_in":4000000000}"#) - limits::TOKEN_SECONDS).abs() < f64::EPSILON);
    assert!((lifetime(r#"{"token":"t","expires_in":1e99}"#) - 60.0).abs() < f64::EPSILON);
    assert_eq!(read_token(br#"{"token":"","access_token":"b"}"#).unwrap().0, "b");
}

#[test]
fn a_failing_token_endpoint_is_named() {
    let failing =
        |status: u16, headers: &'static [(&'static str, &'static str)]| {
            let fake = Fake::new(move |request: &Request, _| {
                if request.url.contains("/token") { answer(status, headers, b"") } else { challenge(BEARER) }
            });
            get(&fake, vec![], &Cache::default()).unwrap_err()
        };
    let error = failing(500, &[]);
    assert_eq!(error.to_string(), "auth.io, which gives out tokens for r.io, answered with status 500");
    let error = failing(403, &[("stowplan-refusal", "host-not-allowed")]);
    assert_eq!(error.code(), "proxy-refused");
    assert!(error.to_string().contains("--allow auth.io"));
    let error = failing(429, &[("retry-after", "60")]);
    assert_eq!((error.code(), error.seconds_to_retry()), ("rate-limited", Some(60)));
}

#[test]
fn secrets_do_not_show_in_debug_text() {
    let grant = Grant { header: ANN.into(), until: 1.0, credential: Some(ann("r.io")) };
    assert_eq!(format!("{grant:?}"), "Grant { until: 1.0, .. }");
}
