//! The binary as people meet it: its help, its variables, its one line, its sentences when it cannot serve.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use support::binary::{Binary, run};

#[test]
fn the_help_reads_as_it_was_written() {
    let (status, out, _) = run(&["--help"], &[]);
    assert_eq!(status, 0);
    // To renew it: STOWPLAN_PAGE=none cargo run -p stowplan-server -- --help > server/tests/help.txt
    assert_eq!(out, include_str!("help.txt"));
    let widest = out.lines().max_by_key(|line| line.len()).unwrap();
    assert!(widest.len() <= 110, "too wide for a terminal: {widest}");
}

#[test]
fn the_version_is_the_packages() {
    let (status, out, _) = run(&["--version"], &[]);
    assert_eq!((status, out.as_str()), (0, concat!("stowplan-server ", env!("CARGO_PKG_VERSION"), "\n")));
}

#[test]
fn what_cannot_be_meant_ends_with_status_2_and_a_sentence() {
    for (args, vars, sentence) in [
        (&["--prot"][..], &[][..], "unexpected argument '--prot'"),
        (
            &["--port", "0", "--allow", "https://r.example"],
            &[],
            "\"https://r.example\" is not a host: leave out its scheme and path\n",
        ),
        (&["--port", "70000"], &[], "70000 is not in 0..=65535"),
        (&["--max-seconds", "18446744073709551615"], &[], "is not in 1..=31622400"),
        (&["--stop-within", "18446744073709551615"], &[], "is not in 0..=31622400"),
        (&["--cache-size", "some"], &[], "\"some\" is not a size such as 1048576, 500MB or 10GiB"),
        (
            &["--trusted-proxy", "proxy.lan"],
            &[],
            "\"proxy.lan\" is neither an address nor a network such as 10.0.0.0/8",
        ),
        (&["--log", "loud"], &[], "\"loud\" is none of off, error, warn, info, debug"),
        (
            &[],
            &[("STOWPLAN_PORT", "0"), ("STOWPLAN_ALLOW", "r.example,a b")],
            "\"a b\" is neither a host name nor an address",
        ),
        (&["--port", "0"], &[("STOWPLAN_LOG_FORMAT", "xml")], "\"xml\" is neither text nor json"),
    ] {
        let (status, _, error) = run(args, vars);
        assert_eq!(status, 2, "{args:?} {vars:?}: {error}");
        assert!(error.starts_with("error: ") && error.contains(sentence), "{args:?}: {error}");
        assert!(!error.contains("Error {") && !error.contains("Os {"), "{error}");
    }
}

#[test]
fn a_port_that_is_taken_is_said_so() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let port = address.port().to_string();
    let (status, _, error) = run(&["--port", &port], &[]);
    let why = "another program listens there already; choose another with --port";
    assert_eq!((status, error), (1, format!("error: cannot listen on {address}: {why}\n")));
    let (status, _, error) = run(&["--port", "0", "--metrics-listen", &address.to_string()], &[]);
    let why = why.replace("--port", "--metrics-listen");
    assert_eq!((status, error), (1, format!("error: cannot listen on {address}: {why}\n")));
    let (status, _, error) = run(&["--host", "192.0.2.1", "--port", "0"], &[]);
    assert_eq!(
        (status, error.as_str()),
        (1, "error: cannot listen on 192.0.2.1:0: this machine does not have that address\n")
    );
}

#[tokio::test]
async fn variables_stand_for_options_and_options_win() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let vars = [
        ("STOWPLAN_PORT", port.as_str()),
        ("STOWPLAN_ALLOW", "a.example, b.example:5000"),
        ("STOWPLAN_PLAIN_HTTP", ""),
    ];
    let binary = Binary::start(&["--port", "0", "--log", "off"], &vars);
    let refused = binary.get("/proxy/a.example:1/v2/").await;
    assert!(refused.contains("host-not-allowed"), "{refused}");
    let allowed = binary.get("/proxy/b.example:5000/not/a/registry/path").await;
    assert!(allowed.contains("path-not-allowed"), "{allowed}");
    let (_, log) = binary.stop();
    assert_eq!(log, "", "--log off is quiet");
}

#[tokio::test]
async fn a_page_that_is_not_there_is_said_where_it_would_be() {
    let binary = Binary::start(&["--port", "0"], &[]);
    let got = binary.get("/").await;
    assert!(got.starts_with("HTTP/1.1 404 ") && got.contains("<code>cargo xtask build</code>"), "{got}");
    assert!(got.contains("content-security-policy: default-src 'none'"), "{got}");
    let (_, log) = binary.stop();
    assert!(log.contains("none: this program was built without it, give it one with --dist"), "{log}");
    let binary = Binary::start(&["--port", "0", "--dist", "/nowhere"], &[]);
    let (_, log) = binary.stop();
    assert!(log.contains("none: /nowhere has no index.html"), "{log}");
}

#[tokio::test]
async fn it_stops_when_told_having_said_one_line() {
    for signal in ["TERM", "INT"] {
        let binary = Binary::start(&["--port", "0"], &[]);
        let (status, out, log) = binary.signal(signal);
        assert!(status.success(), "{signal}");
        assert_eq!(out, "", "one line and no more");
        assert!(log.contains("stopping"), "{log}");
    }
}
