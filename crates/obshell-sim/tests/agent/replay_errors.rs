//! Replays capture 02: all errors of a header, a body, a language or an id.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use obshell_sim::{Agent, Config, Odp};
use serde_json::json;

use super::captures::Captures;
use super::history::{Scene, config};
use super::shape::assert_same;
use super::wire::{AGENT_HEADER, Ask, Client, KEYS, encrypt, encrypt_blocks, in_seconds};

const CAPTURE: &str = include_str!("../../../../tests/fixtures/captures/02-error-battery.txt");
const ODP: &str = "/api/v1/obproxy";
const LIST: &str = "/api/v1/task/dags/agent";
const TASK: &str = "/api/v1/task/dag/42130706433028861";

async fn scene() -> Scene {
    Scene::new(Config {
        odp: Odp::Unmanaged,
        ..config()
    })
    .await
}

/// Sends each request and, if the capture has it, the same in Chinese.
async fn replay(captures: &mut Captures, questions: Vec<(&str, Ask<'_>)>, chinese: &[&str]) {
    for (title, ask) in questions {
        assert_same(&ask.clone().send().await, &captures.take(title));
        if chinese.contains(&title) {
            assert_same(
                &ask.in_chinese().send().await,
                &captures.take(&format!("{title} [zh-CN]")),
            );
        }
    }
}

#[tokio::test]
async fn the_whole_battery() {
    let mut captures = Captures::titled(CAPTURE);
    let scene = scene().await;
    let client = &scene.client;
    // Another agent's key, which this agent does not have.
    let other = Agent::start(config()).await.unwrap();
    let foreign = Client::new(&other).await.seal(b"{}");
    let raw = |value: String| {
        client
            .ask("DELETE", ODP)
            .unsealed()
            .header(AGENT_HEADER, value)
    };
    let sealed = |text: &'static str| {
        client
            .ask("DELETE", ODP)
            .unsealed()
            .header(AGENT_HEADER, client.seal(text.as_bytes()))
    };
    let good = || json!({"Auth": client.password, "Ts": in_seconds(60), "Uri": ODP, "Keys": STANDARD.encode(KEYS)});
    let url_safe = format!("{}-{}", "A".repeat(55), "A".repeat(132));
    let with_garbage = client.ask("DELETE", ODP).unsealed().header(
        AGENT_HEADER,
        client.seal(format!("{} garbage", good()).as_bytes()),
    );
    let numbers = json!(KEYS.to_vec());
    let expired = || client.ask("DELETE", ODP).with("Ts", in_seconds(-10));
    let resealed = |target: &'static str, method: &'static str| {
        client
            .ask(method, target)
            .with("Auth", client.seal(client.password.as_bytes()))
    };
    let headers: Vec<(&str, Ask<'_>)> = vec![
        (
            "header: not base64 (ASCII junk with !)",
            raw("!!junk!!".to_owned()),
        ),
        ("header: base64 junk 3 bytes", raw("YWJj".to_owned())),
        ("header: encrypted with other 1024 key", raw(foreign)),
        (
            "header: base64 with trailing newline? urlsafe",
            raw(url_safe),
        ),
        ("header: RSA ok but not JSON", sealed("hello")),
        ("header: RSA ok, {}", sealed("{}")),
        (
            "header: Ts number",
            client.ask("DELETE", ODP).with("Ts", 1_795_436_163),
        ),
        (
            "header: Keys not base64",
            client.ask("DELETE", ODP).with("Keys", "!!"),
        ),
        (
            "header: Keys as JSON int array",
            client.ask("DELETE", ODP).with("Keys", numbers),
        ),
        (
            "header: Keys null",
            client.ask("DELETE", ODP).with("Keys", json!(null)),
        ),
        (
            "header: unknown extra fields",
            client.ask("DELETE", ODP).with("Colour", "blue"),
        ),
        ("header: trailing garbage after JSON", with_garbage),
        (
            "uri mismatch",
            client.ask("DELETE", ODP).with("Uri", "/api/v1/obproxy/"),
        ),
        (
            "uri missing query",
            client.ask("DELETE", "/api/v1/obproxy?x=1").with("Uri", ODP),
        ),
        (
            "uri with absolute url",
            client
                .ask("DELETE", ODP)
                .with("Uri", "http://127.0.0.1:2886/api/v1/obproxy"),
        ),
        ("expired ts (now-10), correct pwd", expired()),
        ("expired ts, wrong pwd", expired().with("Auth", "wrong")),
        (
            "ts in ms (far future)",
            client.ask("DELETE", ODP).with("Ts", "1795436163000"),
        ),
        (
            "ts not a number",
            client.ask("DELETE", ODP).with("Ts", "abc"),
        ),
        (
            "ts float string",
            client.ask("DELETE", ODP).with("Ts", "1e12"),
        ),
        ("ts empty", client.ask("DELETE", ODP).with("Ts", "")),
        (
            "wrong agent pwd",
            client.ask("DELETE", ODP).with("Auth", "wrong"),
        ),
        (
            "empty agent pwd (password set), ts expired",
            expired().with("Auth", ""),
        ),
        (
            "X-OCS-Header on obproxy route",
            client.ask("DELETE", ODP).under_ob_name(),
        ),
        ("no header", client.ask("DELETE", ODP).unsealed()),
        (
            "X-OCS-Header on obproxy task (4..)",
            client.ask("GET", TASK).under_ob_name(),
        ),
        (
            "X-OCS-Header on list route (password set)",
            client.ask("GET", LIST).under_ob_name(),
        ),
        (
            "list route, agent header wrong pwd (SINGLE path)",
            client.ask("GET", LIST).with("Auth", "wrong"),
        ),
        (
            "list route, agent header with RSA-encrypted Auth (SINGLE)",
            resealed(LIST, "GET"),
        ),
        (
            "obproxy route, agent header with RSA-encrypted Auth",
            resealed(ODP, "DELETE"),
        ),
    ];
    let chinese = [
        "header: not base64 (ASCII junk with !)",
        "header: base64 junk 3 bytes",
        "header: encrypted with other 1024 key",
        "uri mismatch",
        "expired ts (now-10), correct pwd",
        "ts not a number",
        "wrong agent pwd",
        "X-OCS-Header on obproxy route",
        "no header",
        "X-OCS-Header on obproxy task (4..)",
        "X-OCS-Header on list route (password set)",
    ];
    replay(&mut captures, headers, &chinese).await;

    let post = |target: &'static str| client.ask("POST", target);
    let stop = || post("/api/v1/obproxy/stop");
    let operate = || post(TASK);
    let short_keys = |length: usize| STANDARD.encode(KEYS.get(..length).unwrap());
    // A last byte of 255 means more padding than text.
    let bad_padding = || encrypt_blocks(&[b"0123456789abcde".as_slice(), &[255]].concat());
    let bodies: Vec<(&str, Ask<'_>)> = vec![
        (
            "body with no Keys",
            stop().without("Keys").sealed_body(b"{}"),
        ),
        ("plain JSON body with Keys", stop().body(*b"{}")),
        (
            "plain JSON body 16+ chars",
            stop().body(*br#"{"operator":"RETRY"}"#),
        ),
        ("body base64 but not /16", stop().body(*b"YWJj")),
        (
            "body wrong AES key (garbage) x3",
            stop().body(bad_padding()),
        ),
        (
            "body wrong AES key (garbage) 2",
            operate().body(bad_padding()),
        ),
        ("body garbage on POST stop", stop().sealed_body(b"garbage")),
        (
            "body garbage on POST dag op",
            operate().sealed_body(b"garbage"),
        ),
        (
            "Keys 31 bytes with body",
            stop().with("Keys", short_keys(31)).body(encrypt(b"{}")),
        ),
        (
            "Keys 15 bytes with body",
            stop().with("Keys", short_keys(15)).body(encrypt(b"{}")),
        ),
        (
            "encrypted {} body on DELETE",
            client.ask("DELETE", ODP).sealed_body(b"{}"),
        ),
        (
            "encrypted body on GET",
            client.ask("GET", LIST).sealed_body(b"{}"),
        ),
        (
            "both headers present, agent good",
            client.ask("DELETE", ODP).header("X-OCS-Header", "!"),
        ),
    ];
    replay(
        &mut captures,
        bodies,
        &["body with no Keys", "body base64 but not /16"],
    )
    .await;

    for id in [
        "4",
        "41",
        "4213070643302886",
        "42130706433028861",
        "42130706433028869999",
        "52130706433028861",
        "9",
        "22130706433028861",
        "abc",
        "42130706433xxxxx1",
    ] {
        let answer = client.get(&format!("/api/v1/task/dag/{id}")).await;
        assert_same(&answer, &captures.take(&format!("GET dag/{id}")));
    }
    ask_another_agent(&mut captures, client).await;
    captures.assert_all_taken();
}

/// The id of an agent on port 2887, which a socket without a listener keeps free.
async fn ask_another_agent(captures: &mut Captures, client: &Client) {
    let silent = tokio::net::TcpSocket::new_v4().unwrap();
    silent.set_reuseaddr(true).unwrap();
    silent.bind(([127, 0, 0, 1], 2887).into()).unwrap();
    let answer = client.get("/api/v1/task/dag/42130706433028871").await;
    assert_same(&answer, &captures.take("GET dag/42130706433028871"));
    let localised = client
        .ask("GET", "/api/v1/task/dag/42130706433028871")
        .in_chinese()
        .send()
        .await;
    assert!(
        localised.message().starts_with("非预期错误：Get "),
        "{}",
        localised.message()
    );
}

#[tokio::test]
async fn the_language_is_one_tag_or_none() {
    let scene = scene().await;
    let lines = CAPTURE
        .lines()
        .skip_while(|line| !line.starts_with("=== locale"))
        .skip(1);
    let mut compared = 0;
    for line in lines.take_while(|line| line.starts_with('\'')) {
        let (language, message) = line.strip_prefix('\'').unwrap().split_once("' ").unwrap();
        let answer = scene
            .client
            .ask("DELETE", ODP)
            .unsealed()
            .header("Accept-Language", language)
            .send()
            .await;
        assert_eq!(answer.message(), message, "{language}");
        compared += 1;
    }
    assert_eq!(compared, 11);
}

#[tokio::test]
async fn a_trace_id_comes_back_and_is_empty_where_it_is_not_set_yet() {
    let scene = scene().await;
    let ask = |target| {
        scene
            .client
            .ask("GET", target)
            .unsealed()
            .header("X-OBSHELL-Trace-ID", "my-trace-1")
    };
    let trace_id =
        |answer: super::wire::Answer| answer.json()["traceId"].as_str().unwrap().to_owned();
    assert_eq!(trace_id(ask("/api/v1/time").send().await), "my-trace-1");
    assert_eq!(trace_id(ask("/api/v1/status").send().await), "");
    assert_eq!(
        trace_id(ask("/api/v1/status?x=1").send().await),
        "my-trace-1"
    );
    assert_eq!(
        trace_id(ask("/api/v1/time").header("X-OCS-Header", "!").send().await),
        ""
    );
}

#[tokio::test]
async fn markup_in_a_message_is_escaped() {
    let scene = scene().await;
    let answer = scene
        .client
        .operate("/api/v1/task/node/42130706433028861", "<a>&")
        .await;
    assert!(
        answer
            .body
            .contains(r"Operator \u003ca\u003e\u0026 is not supported"),
        "{}",
        answer.body
    );
}
