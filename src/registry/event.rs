//! The events of the client: the rows of the page's table of requests.

use serde::Serialize;

use crate::say::Params;

/// Something that happened on the way to the registry.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Event {
    /// A request ended.
    Request {
        /// `GET` or `HEAD`.
        method: &'static str,
        /// The registry's own address, without the proxy before it.
        url: String,
        /// The status of the answer, if there was one.
        #[serde(skip_serializing_if = "Option::is_none")]
        status: Option<u16>,
        /// The number of bytes of the body.
        bytes: u64,
        /// The duration, in whole milliseconds.
        milliseconds: u64,
        /// The number of requests that the registry still grants, if it says so.
        #[serde(skip_serializing_if = "Option::is_none")]
        rate_limit_remaining: Option<u64>,
        /// The stable code of what went wrong.
        #[serde(skip_serializing_if = "Option::is_none")]
        error: Option<&'static str>,
    },
    /// The next try comes later.
    Waiting {
        /// The pause, in whole seconds, rounded up.
        seconds: u64,
        /// Why, for people.
        reason: String,
        /// The same by its stable code.
        code: &'static str,
        /// The values of that code, by name.
        params: Params,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::say::Param;

    #[test]
    fn events_are_what_the_page_reads() {
        let request = Event::Request {
            method: "GET",
            url: "https://r.io/v2/".into(),
            status: Some(200),
            bytes: 2,
            milliseconds: 2,
            rate_limit_remaining: Some(99),
            error: None,
        };
        let expected = serde_json::json!({
            "type": "request", "method": "GET", "url": "https://r.io/v2/", "status": 200, "bytes": 2,
            "milliseconds": 2, "rateLimitRemaining": 99,
        });
        assert_eq!(serde_json::to_value(request).unwrap(), expected);
        let waiting = Event::Waiting {
            seconds: 2,
            reason: "why".into(),
            code: "wait-cut",
            params: vec![("host", Param::from("r.io"))].into(),
        };
        assert_eq!(
            serde_json::to_value(waiting).unwrap(),
            serde_json::json!({
                "type": "waiting", "seconds": 2, "reason": "why", "code": "wait-cut", "params": { "host": "r.io" },
            })
        );
    }
}
