//! Document -> Check. Lint of `created`: times that have not come yet, and the zero of reproducible builds.

use crate::checks::findings::{At, Findings, shorten};
use crate::checks::lint::Subject;
use crate::checks::schema::is_rfc3339;
use crate::json::Json;
use crate::say::say;

/// The time by which a builder's clock or a reader's may be ahead.
const DAY: i64 = 86_400;

/// `created` of the config and of its history against the reader's clock.
pub(super) fn future(subject: &Subject<'_>, findings: &mut Findings) {
    let Some(now) = subject.now else { return };
    let mut hold = |value: Option<&Json>, at: &At<'_>| {
        let Some(text) = value.and_then(Json::as_str) else { return };
        if seconds(text).is_some_and(|created| created > now.saturating_add(DAY)) {
            let message = say!(
                "created-in-future",
                "created lies in the future: a wrong clock at the build or a made-up time, and tools that sort or expire \
                 images by age keep this one for ever"
            );
            findings.shows(&at.name("created"), shorten(text), message);
        }
    };
    hold(subject.root.get("created"), &At::ROOT);
    let at = At::ROOT.name("history");
    let lines = subject.root.get("history").and_then(Json::as_array).unwrap_or_default();
    lines.iter().enumerate().for_each(|(index, line)| hold(line.get("created"), &at.index(index)));
}

/// A time that stands for "none".
pub(super) fn zero(subject: &Subject<'_>, findings: &mut Findings) {
    let created = subject.root.get("created").and_then(Json::as_str).unwrap_or_default();
    if [Some(0), Some(YEAR_1)].contains(&seconds(created)) {
        let message =
            say!("created-zero", "created is the zero of its calendar: the mark of a reproducible build, not an age");
        findings.pass(&At::ROOT.name("created"), message);
    }
}

/// `0001-01-01T00:00:00Z`, Go's zero time.
const YEAR_1: i64 = -62_135_596_800;

/// Seconds since 1970 of a date and time of RFC 3339, the fraction left out.
fn seconds(text: &str) -> Option<i64> {
    if !is_rfc3339(text) {
        return None;
    }
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
    let time = number(11, 13)? * 3600 + number(14, 16)? * 60 + number(17, 19)?;
    let days = days(number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let offset = text.len() - 6;
    let east = match text.as_bytes().get(offset) {
        Some(sign @ (b'+' | b'-')) => {
            let east = number(offset + 1, offset + 3)? * 3600 + number(offset + 4, offset + 6)? * 60;
            if *sign == b'+' { east } else { -east }
        }
        _ => 0,
    };
    Some(days * DAY + time - east)
}

/// Days since 1970-01-01 of a date of the Gregorian calendar: years start in March, so that leap days come last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leaps = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    year * 365 + leaps + (month * 153 + 2) / 5 + day - 1 - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::lint::tests::{lint, lint_at};
    use crate::media_type::DocumentKind::Config;

    #[test]
    fn times_become_seconds() {
        for (text, expected) in [
            ("1970-01-01T00:00:00Z", 0),
            ("0001-01-01T00:00:00Z", YEAR_1),
            ("2000-03-01T00:00:00Z", 951_868_800),
            ("2024-02-29T12:30:15.5Z", 1_709_209_815),
            ("1970-01-01T01:00:00+01:00", 0),
            ("1969-12-31T22:30:00-01:30", 0),
        ] {
            assert_eq!(seconds(text), Some(expected), "{text}");
        }
        assert_eq!(seconds("yesterday"), None);
    }

    #[test]
    fn the_future_is_doubtful_where_there_is_a_clock() {
        let config = r#"{"created":"2030-01-01T00:00:00Z","history":[{"created":"2031-01-01T00:00:00Z"}]}"#;
        let new_year = seconds("2030-01-01T00:00:00Z").unwrap();
        let message = "created lies in the future: a wrong clock at the build or a made-up time, and tools that sort \
                       or expire images by age keep this one for ever";
        assert_eq!(lint(Config, config), Vec::<String>::new());
        assert_eq!(
            lint_at(Config, config, Some(new_year - DAY - 1)),
            [
                format!("$.created: {message} [2030-01-01T00:00:00Z]"),
                format!("$.history[0].created: {message} [2031-01-01T00:00:00Z]")
            ]
        );
        assert_eq!(lint_at(Config, config, Some(new_year - DAY)).len(), 1);
    }

    #[test]
    fn zero_is_the_mark_of_a_reproducible_build() {
        let message = "ok $.created: created is the zero of its calendar: the mark of a reproducible build, not an age";
        for zero in ["1970-01-01T00:00:00Z", "0001-01-01T00:00:00Z"] {
            assert_eq!(lint(Config, &format!(r#"{{"created":"{zero}"}}"#)), [message]);
        }
        assert_eq!(lint(Config, r#"{"created":"1980-01-01T00:00:01Z"}"#), Vec::<String>::new());
    }
}
