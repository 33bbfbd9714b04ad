//! Decides which requests are tried again and after how long, by the limits that registries state.

use super::transport::{Headers, Response, TransportError};
use crate::limits;

/// The decision after a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// Take what came.
    Done,
    /// Try again after so many milliseconds.
    Wait(u64),
}

/// After try number `tries` (from 1). Only gateways' and rate limits' statuses and broken connections are tried again,
/// and only if the registry does not ask for a longer wait than a person would want.
pub(super) fn next(result: &Result<Response, TransportError>, tries: u32, now: f64) -> Next {
    let again = match result {
        Ok(response) => may_pass(response),
        Err(TransportError::Unreachable(_) | TransportError::Truncated { .. }) => true,
        Err(_) => false,
    };
    if !again || tries >= limits::TRIES {
        return Next::Done;
    }
    let asked = result.as_ref().ok().and_then(|response| retry_after(&response.headers, now));
    match asked {
        Some(seconds) if seconds > limits::RETRY_WAIT_SECONDS => Next::Done,
        Some(seconds) => Next::Wait(seconds * 1000),
        None => Next::Wait(limits::RETRY_MILLISECONDS * 3_u64.pow(tries - 1)),
    }
}

fn may_pass(response: &Response) -> bool {
    match response.headers.get("stowplan-refusal") {
        Some(refusal) => matches!(refusal, "overloaded" | "rate-limited" | "upstream-busy"),
        None => matches!(response.status, 429 | 502 | 503 | 504),
    }
}

/// The seconds until trying again makes sense: `Retry-After`, else `RateLimit-Reset`.
pub(super) fn retry_after(headers: &Headers, now: f64) -> Option<u64> {
    let asked = headers.get("retry-after").and_then(|value| seconds(value.trim(), now));
    asked.or_else(|| headers.get("ratelimit-reset")?.trim().parse().ok())
}

/// `Retry-After` (RFC 9110, 10.2.3): seconds or a date.
fn seconds(value: &str, now: f64) -> Option<u64> {
    if let Ok(seconds) = value.parse() {
        return Some(seconds);
    }
    let wait = date(value)? as f64 - now / 1000.0;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "rounded up and not negative")]
    Some(wait.max(0.0).ceil() as u64)
}

/// An IMF-fixdate (RFC 9110, 5.6.7), `Sun, 06 Nov 1994 08:49:37 GMT`, in seconds since 1970.
fn date(text: &str) -> Option<i64> {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (_, rest) = text.strip_suffix(" GMT")?.split_once(", ")?;
    let mut words = rest.split(' ');
    let day = number(words.next()?, 31)?;
    let month = words.next()?;
    let month = MONTHS.iter().position(|known| *known == month)?;
    let year = number(words.next()?, 9999)?;
    let mut clock = words.next()?.split(':');
    let (hour, minute, second) = (number(clock.next()?, 23)?, number(clock.next()?, 59)?, number(clock.next()?, 60)?);
    Some(((days(year, month, day) * 24 + hour) * 60 + minute) * 60 + second)
}

fn number(text: &str, most: i64) -> Option<i64> {
    text.parse().ok().filter(|number| (0..=most).contains(number))
}

/// Days from 1970-01-01, month from 0; years start in March, so that the leap day is the last.
fn days(year: i64, month: usize, day: i64) -> i64 {
    let month = i64::try_from(month).unwrap_or(0);
    let (year, month) = if month < 2 { (year - 1, month + 10) } else { (year, month - 2) };
    let leaps = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    year * 365 + leaps + (month * 306 + 5) / 10 + day - 1 - 719_468
}

/// The number of requests that the registry still grants (`RateLimit-Remaining: 99;w=21600`).
pub(super) fn remaining(headers: &Headers) -> Option<u64> {
    headers.get("ratelimit-remaining")?.split(';').next()?.trim().parse().ok()
}

/// The limit and its window in seconds (`RateLimit-Limit: 100;w=21600`).
pub(super) fn limit(headers: &Headers) -> Option<(u64, u64)> {
    let (limit, window) = headers.get("ratelimit-limit")?.split_once(';')?;
    Some((limit.trim().parse().ok()?, window.trim().strip_prefix("w=")?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, headers: &[(&str, &str)]) -> Result<Response, TransportError> {
        Ok(Response { status, headers: headers.iter().copied().collect(), body: Vec::new() })
    }

    #[test]
    fn gateways_and_limits_are_tried_again_and_nothing_else() {
        for status in [429, 502, 503, 504] {
            assert_eq!(next(&answer(status, &[]), 1, 0.0), Next::Wait(500), "{status}");
        }
        for status in [200, 400, 401, 403, 404, 500, 501] {
            assert_eq!(next(&answer(status, &[]), 1, 0.0), Next::Done, "{status}");
        }
        assert_eq!(next(&Err(TransportError::Unreachable(String::new())), 2, 0.0), Next::Wait(1500));
        assert_eq!(next(&Err(TransportError::Truncated { expected: None, received: 1 }), 1, 0.0), Next::Wait(500));
        assert_eq!(next(&Err(TransportError::TimedOut), 1, 0.0), Next::Done);
        assert_eq!(next(&Err(TransportError::Aborted), 1, 0.0), Next::Done);
        assert_eq!(next(&answer(503, &[]), 3, 0.0), Next::Done, "three tries");
    }

    #[test]
    fn the_proxys_own_refusals_are_final_unless_it_is_busy() {
        assert_eq!(next(&answer(502, &[("stowplan-refusal", "redirect-refused")]), 1, 0.0), Next::Done);
        let busy = answer(503, &[("stowplan-refusal", "overloaded"), ("retry-after", "1")]);
        assert_eq!(next(&busy, 1, 0.0), Next::Wait(1000));
        let quiet = answer(429, &[("stowplan-refusal", "upstream-busy"), ("retry-after", "2")]);
        assert_eq!(next(&quiet, 1, 0.0), Next::Wait(2000));
        let fast = answer(429, &[("stowplan-refusal", "rate-limited"), ("retry-after", "2")]);
        assert_eq!(next(&fast, 1, 0.0), Next::Wait(2000));
    }

    #[test]
    fn a_wait_is_as_asked_or_not_at_all() {
        assert_eq!(next(&answer(429, &[("Retry-After", "3")]), 1, 0.0), Next::Wait(3000));
        assert_eq!(next(&answer(429, &[("Retry-After", "10")]), 1, 0.0), Next::Wait(10_000));
        assert_eq!(next(&answer(429, &[("Retry-After", "11")]), 1, 0.0), Next::Done);
        let date = [("Retry-After", "Sun, 06 Nov 1994 08:49:37 GMT")];
        assert_eq!(next(&answer(429, &date), 1, 784_111_775_000.0), Next::Wait(2000));
        assert_eq!(next(&answer(429, &date), 1, 984_111_775_000.0), Next::Wait(0), "in the past");
        assert_eq!(next(&answer(429, &[("Retry-After", "soon")]), 1, 0.0), Next::Wait(500));
    }

    #[test]
    fn dates_are_read() {
        for (text, expected) in [
            ("Thu, 01 Jan 1970 00:00:00 GMT", Some(0)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(784_111_777)),
            ("Thu, 29 Feb 2024 23:59:59 GMT", Some(1_709_251_199)),
            ("Fri, 01 Mar 2024 00:00:00 GMT", Some(1_709_251_200)),
            ("Sun, 06 Nov 1994 08:49:37", None),
            ("Sun, 06 Foo 1994 08:49:37 GMT", None),
            ("Sun, 99999999999999999999 Nov 1994 08:49:37 GMT", None),
            (", GMT", None),
        ] {
            assert_eq!(date(text), expected, "{text}");
        }
    }

    #[test]
    fn rate_limits_are_read() {
        let hub: Headers =
            [("ratelimit-limit", "100;w=21600"), ("ratelimit-remaining", "99;w=21600")].into_iter().collect();
        assert_eq!((remaining(&hub), limit(&hub)), (Some(99), Some((100, 21600))));
        let odd: Headers = [("ratelimit-limit", "many"), ("ratelimit-remaining", "-1")].into_iter().collect();
        assert_eq!((remaining(&odd), limit(&odd)), (None, None));
    }
}
