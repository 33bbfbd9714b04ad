//! Operation, the log: structured lines on standard error, as text for terminals or as JSON for collectors.
//!
//! Nothing secret gets here by construction: the logging code gets a request's host and path, never its headers or query.

use std::io::{self, IsTerminal as _};
use std::str::FromStr;

use tracing::level_filters::LevelFilter;

/// The level and the format of the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Logs {
    /// The level.
    pub level: LogLevel,
    /// The format.
    pub format: LogFormat,
}

/// The level of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogLevel(LevelFilter);

/// The format of the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// A line for people, coloured on a terminal.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

impl Logs {
    /// Sends what is logged from now on to standard error; only the first call counts.
    pub fn start(self) {
        let lines = tracing_subscriber::fmt().with_max_level(self.level.0).with_writer(io::stderr).with_target(false);
        let _ = match self.format {
            LogFormat::Text => lines.with_ansi(io::stderr().is_terminal()).try_init(),
            LogFormat::Json => {
                lines.json().flatten_event(true).with_current_span(false).with_span_list(false).try_init()
            }
        };
    }
}

impl Default for LogLevel {
    fn default() -> Self {
        Self(LevelFilter::INFO)
    }
}

impl FromStr for LogLevel {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let level = match text {
            "off" => LevelFilter::OFF,
            "error" => LevelFilter::ERROR,
            "warn" => LevelFilter::WARN,
            "info" => LevelFilter::INFO,
            "debug" => LevelFilter::DEBUG,
            other => return Err(format!("\"{other}\" is none of off, error, warn, info, debug")),
        };
        Ok(Self(level))
    }
}

impl FromStr for LogFormat {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            other => Err(format!("\"{other}\" is neither text nor json")),
        }
    }
}
