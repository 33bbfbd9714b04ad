//! Verified -> Document. The platform of a container image: `os/architecture[/variant]`, and the version that Windows adds.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind};
use crate::json::{Json, Object};
use crate::say::say;

/// `os/architecture[/variant]` with what Windows adds (image-spec, image index).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Platform {
    /// `linux`
    pub os: String,
    /// `amd64`
    pub architecture: String,
    /// `v8`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variant: Option<String>,
    /// `10.0.14393.1066`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub os_version: Option<String>,
    /// `win32k`
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub os_features: Vec<String>,
    /// Reserved by OCI, CPU features in Docker's lists.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub features: Vec<String>,
}

impl Platform {
    /// Reads `os/architecture[/variant]`, as `docker pull --platform` takes it.
    ///
    /// # Errors
    /// `invalid-platform` if there are not two or three parts, or one is empty.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let parts: Vec<&str> = text.trim().split('/').collect();
        if !(2..=3).contains(&parts.len()) || parts.iter().any(|part| part.is_empty()) {
            let shown: String = text.chars().take(80).collect();
            return Err(Error::new(
                ErrorKind::InvalidPlatform,
                say!(
                    "no-platform",
                    "\"{text}\" is not a platform: write os/architecture or os/architecture/variant",
                    text = shown.escape_debug().to_string()
                ),
            ));
        }
        Ok(Self {
            os: parts[0].to_ascii_lowercase(),
            architecture: architecture(parts[1]).to_owned(),
            variant: parts.get(2).map(|variant| (*variant).to_ascii_lowercase()),
            ..Self::default()
        })
    }

    /// True if `entry` is what was asked for; a variant that one side leaves out counts as the architecture's default.
    pub(crate) fn fits(&self, entry: &Self) -> bool {
        self.os == entry.os && self.architecture == entry.architecture && self.whole_variant() == entry.whole_variant()
    }

    fn whole_variant(&self) -> Option<&str> {
        let usual = match self.architecture.as_str() {
            "arm64" => Some("v8"),
            "arm" => Some("v7"),
            _ => None,
        };
        self.variant.as_deref().or(usual)
    }

    /// Reads the members that an index entry's `platform` and an image config share.
    pub(crate) fn read(object: &Object) -> Self {
        let text = |name: &str| object.get(name).and_then(Json::as_str).map(str::to_owned);
        let some = |name: &str| text(name).filter(|text| !text.is_empty());
        let list = |name: &str| object.get(name).map(Json::strings).unwrap_or_default();
        Self {
            os: text("os").unwrap_or_default(),
            architecture: text("architecture").unwrap_or_default(),
            variant: some("variant"),
            os_version: some("os.version"),
            os_features: list("os.features"),
            features: list("features"),
        }
    }
}

impl fmt::Display for Platform {
    /// `linux/arm64/v8`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.os, self.architecture)?;
        [&self.variant, &self.os_version].into_iter().flatten().try_for_each(|more| write!(f, "/{more}"))
    }
}

/// The names that `uname -m` and Debian use, as Go has them.
fn architecture(text: &str) -> &str {
    match text {
        "x86_64" | "x86-64" => "amd64",
        "aarch64" => "arm64",
        "i386" | "i686" => "386",
        "armhf" => "arm",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn platform(text: &str) -> Platform {
        Platform::parse(text).unwrap()
    }

    #[test]
    fn what_people_write() {
        assert_eq!(platform("linux/arm64/v8").to_string(), "linux/arm64/v8");
        assert_eq!(platform(" Linux/x86_64 ").to_string(), "linux/amd64");
        for bad in ["", "linux", "linux/", "a/b/c/d"] {
            let error = Platform::parse(bad).unwrap_err();
            assert_eq!(error.code(), "invalid-platform");
        }
        let message = Platform::parse("linux").unwrap_err().to_string();
        assert_eq!(message, "\"linux\" is not a platform: write os/architecture or os/architecture/variant");
    }

    #[test]
    fn a_left_out_variant_is_the_default_one() {
        assert!(platform("linux/arm64").fits(&platform("linux/arm64/v8")));
        assert!(platform("linux/arm/v7").fits(&platform("linux/arm")));
        assert!(!platform("linux/arm/v6").fits(&platform("linux/arm")));
        assert!(!platform("linux/amd64").fits(&platform("windows/amd64")));
    }
}
