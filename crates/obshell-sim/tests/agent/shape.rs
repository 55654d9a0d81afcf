//! Compares a response with a captured one: times, trace ids and similar values by their shape, all
//! else byte by byte, including the order of keys.

use std::sync::LazyLock;

use regex::Regex;

use super::captures::Captured;
use super::wire::Answer;

/// The values that differ between runs, and their placeholders.
static RULES: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
    let rules = [
        // 1970 is not a time: it is unchanged.
        (
            r#""(202\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{0,8}[1-9])?(Z|[+-]\d\d:\d\d))""#,
            r#""MOMENT""#,
        ),
        (r#""traceId":"[0-9a-f]{16}""#, r#""traceId":"TRACE""#),
        (r#""duration":\d+"#, r#""duration":N"#),
        (r#""pid":\d+"#, r#""pid":N"#),
        (r#""startAt":\d{19}"#, r#""startAt":NANOSECONDS"#),
        (r#""homePath":"[^"]*""#, r#""homePath":"HOME""#),
        (
            r#""public_key":"[A-Za-z0-9+/]{187}=""#,
            r#""public_key":"KEY""#,
        ),
        (
            r#""public_key":"[A-Za-z0-9+/]{99}=""#,
            r#""public_key":"SHORT KEY""#,
        ),
        (
            r#""branch":"[^"]*","commitId":"[^"]*","shortCommitId":"[^"]*","commitTime":"[^"]*""#,
            r#""branch":"COMMIT""#,
        ),
        (r"(obproxy pid: |obproxy process )\d+", "${1}PID"),
        (
            r"start obproxy cmd: cd '[^']*'; ./bin/obproxy -o '[^']*' -n 'px'",
            "START COMMAND WITH OPTIONS",
        ),
        (r#""id":\d+,"sub_task_id""#, r#""id":N,"sub_task_id""#),
    ];
    rules
        .into_iter()
        .map(|(pattern, word)| (Regex::new(pattern).unwrap(), word))
        .collect()
});

/// A time of Go that is not 1970.
static MOMENT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#""(202\d-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{0,8}[1-9])?(?:Z|[+-]\d\d:\d\d))""#)
        .unwrap()
});

/// Returns the `data` of a response, unparsed.
pub fn data_of(body: &str) -> Option<&str> {
    body.split_once(r#","data":"#)?.1.strip_suffix('}')
}

/// Replaces each time by its rank among all times of the data, so that equality and order remain.
pub fn ranked(body: &str) -> String {
    let Some((envelope, data)) = body.split_once(r#","data":"#) else {
        return body.to_owned();
    };
    let at = |text: &str| chrono::DateTime::parse_from_rfc3339(text).unwrap();
    let mut moments: Vec<_> = MOMENT
        .captures_iter(data)
        .map(|found| at(&found[1]))
        .collect();
    moments.sort();
    moments.dedup();
    let data = MOMENT.replace_all(data, |found: &regex::Captures<'_>| {
        let rank = moments.binary_search(&at(&found[1])).unwrap();
        format!(r#""MOMENT {rank}""#)
    });
    format!(r#"{envelope},"data":{data}"#)
}

/// Replaces values that differ between runs by placeholders.
pub fn shape(body: &str) -> String {
    RULES.iter().fold(body.to_owned(), |body, (pattern, word)| {
        pattern.replace_all(&body, *word).into_owned()
    })
}

/// Panics unless the response equals the captured one.
#[track_caller]
pub fn assert_same(answer: &Answer, captured: &Captured) {
    let title = &captured.title;
    assert_eq!(
        shape(&answer.body),
        shape(&captured.body),
        "body of: {title}"
    );
    assert_eq!(answer.status, captured.status, "status of: {title}");
    assert_eq!(
        answer.header("Content-Type"),
        captured.content_type.as_deref(),
        "content type of: {title}"
    );
    let announces_length = answer.header("Content-Length").is_some();
    assert_eq!(
        announces_length, captured.announces_length,
        "Content-Length of: {title}"
    );
    assert_eq!(
        answer.header("Location").map(str::to_owned),
        captured.location,
        "Location of: {title}"
    );
}

#[test]
fn a_shape_keeps_what_matters() {
    let body = r#"{"timestamp":"2026-11-23T12:15:14.99860871Z","duration":12,"traceId":"fdb5a2ea4a94c14b","start_time":"1970-01-01T00:00:00Z"}"#;
    let shaped = r#"{"timestamp":"MOMENT","duration":N,"traceId":"TRACE","start_time":"1970-01-01T00:00:00Z"}"#;
    assert_eq!(shape(body), shaped);
    // Go writes no trailing zeros.
    assert!(shape(r#""2026-11-23T12:15:14.10Z""#).contains("14.10Z"));
}

#[test]
fn ranks_tell_the_same_moment_from_a_later_one() {
    let body = |first: &str, second: &str| {
        format!(
            r#"{{"timestamp":"2026-11-23T12:15:14Z","data":{{"a":"{first}","b":"{second}","c":"2026-11-23T12:15:14.5Z"}}}}"#
        )
    };
    let same = ranked(&body("2026-11-23T12:15:14.25Z", "2026-11-23T12:15:14.25Z"));
    let later = ranked(&body("2026-11-23T12:15:14.25Z", "2026-11-23T12:15:14.3Z"));
    assert!(
        same.contains(r#""a":"MOMENT 0","b":"MOMENT 0","c":"MOMENT 1""#),
        "{same}"
    );
    assert!(
        later.contains(r#""a":"MOMENT 0","b":"MOMENT 1","c":"MOMENT 2""#),
        "{later}"
    );
}
