//! The built binary: run to its end, or started and asked.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// The binary without the variables of the user who runs the tests.
fn command(args: &[&str], vars: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stowplan-server"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("STOWPLAN_")) {
        command.env_remove(name);
    }
    command.args(args);
    for (name, value) in vars {
        if value.is_empty() && !name.starts_with("STOWPLAN_") {
            command.env_remove(name)
        } else {
            command.env(name, value)
        };
    }
    command
}

/// Its exit status, what it printed and what it complained about.
pub fn run(args: &[&str], vars: &[(&str, &str)]) -> (i32, String, String) {
    let out = command(args, vars).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (out.status.code().unwrap(), text(out.stdout), text(out.stderr))
}

/// The binary, listening; killed when it is dropped.
pub struct Binary {
    child: Child,
    out: BufReader<ChildStdout>,
    pub address: String,
}

impl Binary {
    pub fn start(args: &[&str], vars: &[(&str, &str)]) -> Self {
        let mut child = command(args, vars).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        let address =
            line.trim_end().strip_prefix("listening on http://").unwrap_or_else(|| panic!("it said {line:?}"));
        Self { address: address.to_owned(), child, out }
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The whole answer, as it came.
    pub async fn get(&self, path: &str) -> String {
        self.ask(path, &[]).await
    }

    pub async fn ask(&self, path: &str, headers: &[&str]) -> String {
        let mut stream = TcpStream::connect(&self.address).await.unwrap();
        let lines: String = headers.iter().map(|line| format!("{line}\r\n")).collect();
        let head = format!("GET {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n{lines}\r\n", self.address);
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).await.unwrap();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Stops it; its standard output after the first line, and its log.
    pub fn stop(self) -> (String, String) {
        let (_, out, log) = self.signal("TERM");
        (out, log)
    }

    pub fn signal(mut self, name: &str) -> (ExitStatus, String, String) {
        Command::new("kill").args([format!("-{name}"), self.child.id().to_string()]).status().unwrap();
        let (mut rest, mut log) = (String::new(), String::new());
        self.child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
        self.out.read_to_string(&mut rest).unwrap();
        (self.child.wait().unwrap(), rest, log)
    }
}

impl Drop for Binary {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
