//! The static site: the built page's files, revalidated each time, under strict headers; and whether it is alive.

use std::path::Path;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::middleware::{Next, from_fn};
use axum::routing::get;
use http::header::{self, HeaderName, HeaderValue};
use http::{Request, Response, StatusCode};

use crate::page::{self, Source};

/// The page's Content-Security-Policy: scripts and styles from files of this origin only, connections anywhere, since
/// the user may choose another proxy. Strings become scripts and HTML only through Lit's policy and the page's own
/// (www/lib/trusted.js). The pages say the same in a `meta` element, for static hosts; only frames are for a header alone.
pub const PAGE_CSP: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' data: blob:; font-src 'self'; connect-src 'self' http: https:; worker-src 'self' blob:; \
    manifest-src 'self'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; \
    trusted-types lit-html default 'allow-duplicates'; frame-ancestors 'self'";

/// The same for `embed.html`, which is made to stand in frames of any page: it shows one image and takes no secrets.
pub const FRAME_CSP: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' data: blob:; font-src 'self'; connect-src 'self' http: https:; worker-src 'self' blob:; \
    base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; \
    trusted-types lit-html default 'allow-duplicates'; frame-ancestors *";

const PAGE_HEADERS: &[(&str, &str)] = &[
    ("content-security-policy", PAGE_CSP),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    // Only what browsers know: each other word is a warning on the reader's console.
    ("permissions-policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(), hid=()"),
    // File names carry no hash, so a browser asks each time and is told 304.
    ("cache-control", "no-cache"),
];

/// The source of the page, in words.
pub(crate) fn source(dist: Option<&Path>) -> String {
    match dist {
        Some(dist) if dist.join("index.html").is_file() => format!("the files in {}", dist.display()),
        Some(dist) => format!("none: {} has no index.html", dist.display()),
        None if page::is_there() => "built in".to_owned(),
        None => "none: this program was built without it, give it one with --dist".to_owned(),
    }
}

/// The routes of the site: files of `dist`, or those inside the program, as brotli if the browser takes it.
pub(crate) fn routes(dist: Option<&Path>) -> Router {
    let source = dist.map_or(Source::BuiltIn, |dist| Source::folder(dist.to_owned()));
    let router = Router::new().fallback(file).with_state(source);
    router.layer(from_fn(guard)).route("/healthz", get(healthy))
}

/// A client that gets this answer has reached a server that takes connections; one that stops takes none, so readiness
/// is the same.
async fn healthy() -> Response<Body> {
    let mut response = Response::new(Body::from("ok\n"));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}

async fn file(State(source): State<Source>, request: Request<Body>) -> Response<Body> {
    match page::answer(&source, &request.into_parts().0).await {
        Some(response) => response,
        None => not_found().await,
    }
}

async fn guard(request: Request<Body>, next: Next) -> Response<Body> {
    // "//host/" would come back as a redirect to that host.
    let doubled = request.uri().path().contains("//");
    let (embedded, frame) = (is_embedded(request.uri().path()), request.uri().path() == "/embed.html");
    let mut response = if doubled { not_found().await } else { next.run(request).await };
    for (name, value) in PAGE_HEADERS {
        response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    if frame {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(FRAME_CSP));
    }
    if embedded {
        response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    }
    response
}

/// True for the files that other sites' pages load for `<stow-plan>`: scripts and wasm, the same for all. Browsers hand
/// modules of another origin to a page only if they are allowed to.
fn is_embedded(path: &str) -> bool {
    let versioned = path.strip_prefix("/embed-").is_some_and(|rest| rest.ends_with(".js") && !rest.contains('/'));
    path == "/embed.js" || versioned || path.starts_with("/www/")
}

async fn not_found() -> Response<Body> {
    let mut response = Response::new(Body::from(NOT_FOUND));
    *response.status_mut() = StatusCode::NOT_FOUND;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    response
}

const NOT_FOUND: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Not found</title>\
    <h1>Not found</h1><p>Stowplan has no such page. Its start is <a href=\"/\">here</a>. If that is missing too, this \
    server has no page: <code>cargo xtask build</code> makes one in <code>dist/</code>, which goes into the server when \
    it is compiled after that (<code>cargo install --path server</code>), or is given to it with <code>--dist</code>. \
    The registry proxy answers under <code>/proxy/</code> all the same.</p></html>\n";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_runs_its_own_files_only() {
        let directives: Vec<&str> = PAGE_CSP.split("; ").collect();
        assert_eq!(directives[0], "default-src 'none'");
        assert!(directives.contains(&"script-src 'self' 'wasm-unsafe-eval'"));
        assert!(directives.contains(&"base-uri 'none'"));
        let pages = [
            (PAGE_CSP, "frame-ancestors 'self'", include_str!("../../index.html")),
            (PAGE_CSP, "frame-ancestors 'self'", include_str!("../../how.html")),
            (FRAME_CSP, "frame-ancestors *", include_str!("../../embed.html")),
        ];
        for (header, frames, page) in pages {
            let meta = header.strip_suffix(&format!("; {frames}")).unwrap();
            assert!(
                page.contains(&format!("<meta http-equiv=\"Content-Security-Policy\" content=\"{meta}\">")),
                "{meta}"
            );
        }
        assert!(include_str!("../../edge/_headers").contains(PAGE_CSP));
        assert!(!PAGE_CSP.contains("unsafe-inline") && !PAGE_CSP.contains("'unsafe-eval'") && !PAGE_CSP.contains("  "));
    }
}
