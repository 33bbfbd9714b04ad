//! The server's memory while many clients read slowly; alone in its process, so that nothing else is counted.
//!
//! Bytes of the heap are counted, not resident memory: that holds what the allocator keeps for later, too, and a busy
//! machine makes more of it.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::alloc::System;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use cap::Cap;
use stowplan_server::Config;
use support::App;
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpSocket, TcpStream};

/// A client of its own that asks for a file and reads nothing.
async fn reader(app: &App, number: u16, path: &str) -> TcpStream {
    let [high, low] = number.to_be_bytes();
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind((IpAddr::from([127, 4, high, low.max(1)]), 0).into()).unwrap();
    let mut stream = socket.connect(app.address).await.unwrap();
    stream.write_all(format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n").as_bytes()).await.unwrap();
    stream
}

#[global_allocator]
static HEAP: Cap<System> = Cap::new(System, usize::MAX);

#[tokio::test(flavor = "multi_thread")]
async fn slow_readers_of_a_file_share_its_bytes() {
    const READERS: u16 = 1000;
    let dist = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("slow-readers");
    std::fs::create_dir_all(&dist).unwrap();
    std::fs::write(dist.join("large.wasm"), vec![0; 8 << 20]).unwrap();
    let app = App::start(Config { dist: Some(dist), ..Config::default() }).await;
    let before = HEAP.allocated();
    let mut held = Vec::new();
    for reader in 0..READERS {
        held.push(self::reader(&app, reader, "/large.wasm").await);
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    let taken = (HEAP.allocated() - before) >> 20;
    // 28 MiB, 8 of them the file; 84 to 132 while each of the first readers read the file for itself.
    assert!(taken < 36, "{READERS} readers take {taken} MiB");
}
