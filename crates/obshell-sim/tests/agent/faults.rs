//! Tests the faults that a test can inject: in the agent's network, process, clock and key.

use std::time::Duration;

use obshell_sim::{Broken, Config, Fate, Fault, Harm, Matching};

use super::history::{Scene, config};
use super::wire::{Client, exchange, in_seconds, parse, send};

const ODP: &str = "/api/v1/obproxy";

/// The raw outcome of a sealed DELETE.
pub async fn raw_delete(scene: &Scene) -> std::io::Result<Vec<u8>> {
    let client = &scene.client;
    let header = serde_json::json!({"Auth": client.password, "Ts": in_seconds(60), "Uri": ODP});
    let header = (
        "X-OCS-Agent-Header",
        client.seal(header.to_string().as_bytes()),
    );
    exchange(client.addr, "DELETE", ODP, &[header], b"").await
}

/// Checks that there is nothing or an error: no byte of a response.
pub fn assert_cut(outcome: std::io::Result<Vec<u8>>) {
    assert!(outcome.as_ref().map_or(true, Vec::is_empty), "{outcome:?}");
}

#[tokio::test]
async fn a_cut_before_acting_leaves_the_agent_untouched() {
    let scene = Scene::new(config()).await;
    scene
        .control
        .cut_before_acting(Matching::new("DELETE", ODP));
    assert_cut(raw_delete(&scene).await);
    let seen = scene.control.snapshot();
    assert!(seen.tasks.is_empty());
    assert_eq!(seen.requests.last().unwrap().fate, Fate::NeverSeen);
    assert_eq!(seen.count("DELETE", ODP), 0);
    assert_eq!(
        scene.client.delete().await.status,
        200,
        "only the next one was cut"
    );
}

#[tokio::test]
async fn a_cut_after_acting_leaves_a_task_behind() {
    let scene = Scene::new(config()).await;
    scene.control.cut_after_acting(Matching::new("DELETE", ODP));
    assert_cut(raw_delete(&scene).await);
    let seen = scene.control.snapshot();
    assert_eq!(seen.tasks.len(), 1);
    assert_eq!(seen.requests.last().unwrap().fate, Fate::ActedUnheard(200));
    assert_eq!(seen.count("DELETE", ODP), 1);
}

#[tokio::test]
async fn a_broken_proxy_answers_in_the_agents_stead() {
    let scene = Scene::new(config()).await;
    for (broken, status, begins) in [
        (Broken::Html(502), 502, "<html>"),
        (Broken::Html(503), 503, "<html>"),
        (Broken::Html(504), 504, "<html>"),
        (Broken::Empty(502), 502, ""),
        (Broken::HtmlOk, 200, "<!doctype html>"),
    ] {
        scene.control.broken_proxy(Matching::path(ODP), broken, 2);
        for _ in 0..2 {
            let answer = scene.client.delete().await;
            assert_eq!(answer.status, status, "{broken:?}");
            assert!(
                answer.body.starts_with(begins) && answer.body.is_empty() == begins.is_empty(),
                "{broken:?}: {answer:?}"
            );
        }
    }
    assert!(
        scene.control.snapshot().tasks.is_empty(),
        "the agent never saw them"
    );
    assert_eq!(scene.client.delete().await.status, 200);
}

#[tokio::test]
async fn a_gateway_timeout_may_hide_a_task() {
    let scene = Scene::new(config()).await;
    let harm = Harm::ProxyAnswersAfterActing(Broken::Html(504));
    scene.control.inject(Fault {
        matching: Matching::new("DELETE", ODP),
        harm,
        times: 1,
    });
    assert_eq!(scene.client.delete().await.status, 504);
    assert_eq!(scene.control.snapshot().tasks.len(), 1);
}

#[tokio::test]
async fn an_answer_is_cut_short_in_two_ways() {
    let scene = Scene::new(config()).await;
    scene
        .control
        .broken_proxy(Matching::any(), Broken::TruncatedByLength, 1);
    let raw = raw_delete(&scene).await.unwrap();
    let answer = parse(&raw).unwrap();
    let announced: usize = answer.header("Content-Length").unwrap().parse().unwrap();
    assert!(
        !answer.body.is_empty() && answer.body.len() < announced,
        "{} of {announced} bytes",
        answer.body.len()
    );
    scene
        .control
        .broken_proxy(Matching::any(), Broken::TruncatedJson, 1);
    let answer = scene.client.get("/api/v1/task/dags/agent").await;
    assert_eq!(
        answer.header("Content-Length").unwrap(),
        answer.body.len().to_string()
    );
    assert!(serde_json::from_str::<serde_json::Value>(&answer.body).is_err());
}

#[tokio::test]
async fn healing_takes_every_fault_back() {
    let scene = Scene::new(config()).await;
    scene
        .control
        .broken_proxy(Matching::any(), Broken::Html(502), 100);
    scene.control.delay(Duration::from_secs(3600));
    scene.control.delay_answers(Duration::from_secs(3600));
    scene.control.heal();
    assert_eq!(scene.client.delete().await.status, 200);
}

/// Held for an hour: the request has arrived and gets no response.
#[tokio::test]
async fn a_delay_holds_requests_or_answers() {
    let scene = Scene::new(config()).await;
    scene.control.delay(Duration::from_secs(3600));
    let client = scene.client.clone();
    let held = tokio::spawn(async move { client.delete().await });
    let seen = scene
        .control
        .wait_until(|seen| {
            seen.requests
                .iter()
                .any(|request| request.is("DELETE", ODP))
        })
        .await;
    assert_eq!(
        (seen.requests.last().unwrap().fate, seen.tasks.len()),
        (Fate::Pending, 0)
    );
    held.abort();
    scene.control.delay(Duration::ZERO);
    scene.control.delay_answers(Duration::from_secs(3600));
    let client = scene.client.clone();
    let held = tokio::spawn(async move { client.delete().await });
    let seen = scene
        .control
        .wait_until(|seen| seen.count("DELETE", ODP) == 1)
        .await;
    assert_eq!(seen.tasks.len(), 1);
    assert_eq!(seen.requests.last().unwrap().fate, Fate::ActedUnheard(200));
    assert!(!held.is_finished());
    held.abort();
}

#[tokio::test]
async fn an_agent_goes_away_and_comes_back_with_its_state() {
    let scene = Scene::new(config()).await;
    scene.client.delete().await;
    scene.control.go_away().await.unwrap();
    let refused = send(scene.client.addr, "GET", "/api/v1/info", &[], b"")
        .await
        .unwrap_err();
    assert_eq!(refused.kind(), std::io::ErrorKind::ConnectionRefused);
    scene.control.step();
    scene.control.come_back().await.unwrap();
    let task = scene
        .client
        .get("/api/v1/task/dag/42130706433028861")
        .await
        .data();
    assert_eq!(task["state"], "RUNNING", "the engine went on meanwhile");
    scene.control.come_back().await.unwrap();
}

#[tokio::test]
async fn an_open_connection_ends_when_the_agent_goes_away() {
    use tokio::io::AsyncReadExt as _;
    let scene = Scene::new(config()).await;
    let mut idle = tokio::net::TcpStream::connect(scene.client.addr)
        .await
        .unwrap();
    // A response on another connection: the idle one was accepted before.
    scene.client.get("/api/v1/info").await;
    scene.control.go_away().await.unwrap();
    let mut rest = Vec::new();
    assert_eq!(idle.read_to_end(&mut rest).await.unwrap_or(0), 0);
}

/// Interrupted sub tasks run again from their start, with the same number of executions.
#[tokio::test]
async fn a_restart_keeps_the_state_and_runs_the_interrupted_again() {
    let scene = Scene::new(config()).await;
    let before = scene.client.get("/api/v1/info").await.data();
    scene.client.delete().await;
    for _ in 0..3 {
        scene.control.pass();
    }
    scene.control.restart().await.unwrap();
    let after = scene.client.get("/api/v1/info").await.data();
    assert_ne!(before["startAt"], after["startAt"]);
    assert_ne!(before["pid"], after["pid"]);
    let task = scene
        .client
        .get("/api/v1/task/sub_task/42130706433028862")
        .await
        .data();
    assert_eq!(task["execute_times"], 1);
    let logs = serde_json::json!([
        "Get obproxy pid: 8897",
        "Kill obproxy process 8897",
        "Get obproxy pid: ",
        "Obproxy is not running"
    ]);
    assert_eq!(
        (&task["state"], &task["task_logs"]),
        (&serde_json::json!("SUCCEED"), &logs)
    );
    assert!(scene.control.step_to_end());
    assert_eq!(scene.summary().split(' ').next(), Some("SUCCEED/RUN"));
    assert_eq!(scene.client.delete().await.status, 204);
    // The response to a panic has the start of the process as its time, which has changed.
    let panic = scene
        .client
        .get("/api/v1/task/dag/42130706433028861?show_details=abc")
        .await;
    let stamp =
        chrono::DateTime::parse_from_rfc3339(panic.json()["timestamp"].as_str().unwrap()).unwrap();
    assert_eq!(stamp.timestamp_nanos_opt(), after["startAt"].as_i64());
}

#[tokio::test]
async fn a_new_key_makes_old_headers_worthless() {
    let scene = Scene::new(config()).await;
    scene.control.rotate_key().unwrap();
    let refused = scene.client.delete().await;
    assert_eq!(
        refused.err_code(),
        "Security.Authentication.Header.DecryptFailed"
    );
    assert_eq!(refused.json()["error"]["code"], 1);
    assert!(scene.control.snapshot().tasks.is_empty());
    assert_eq!(Client::new(&scene.agent).await.delete().await.status, 200);
}

/// A sealed header can be reused until it expires.
#[tokio::test]
async fn a_header_can_be_sent_twice_until_the_clock_moves() {
    let scene = Scene::new(Config {
        odp: obshell_sim::Odp::Unmanaged,
        ..config()
    })
    .await;
    let ask = scene.client.ask("DELETE", ODP);
    assert_eq!(ask.clone().send().await.status, 204);
    assert_eq!(ask.clone().send().await.status, 204);
    scene.control.set_clock_offset(3600);
    assert_eq!(
        ask.send().await.err_code(),
        "Security.Authentication.Expired"
    );
    assert_eq!(scene.control.snapshot().count("DELETE", ODP), 3);
}

#[tokio::test]
async fn many_log_lines_are_served_whole_and_in_chunks() {
    let scene = Scene::new(config()).await;
    assert!(!scene.control.append_log_lines(1), "nothing has begun");
    scene.client.delete().await;
    scene.control.step();
    assert!(scene.control.append_log_lines(100_000));
    let answer = scene
        .client
        .get("/api/v1/task/sub_task/42130706433028861")
        .await;
    assert_eq!(answer.header("Transfer-Encoding"), Some("chunked"));
    let logs = answer.data()["task_logs"].clone();
    assert_eq!(logs.as_array().unwrap().len(), 100_000);
    assert_eq!(logs[99_999], "line 100000 of 100000");
}

#[tokio::test]
async fn what_reached_the_agent_is_written_down() {
    let scene = Scene::new(config()).await;
    scene.control.forget_requests();
    scene.client.ask("DELETE", ODP).in_chinese().send().await;
    scene
        .client
        .ask("GET", "/api/v1/info?x=1")
        .unsealed()
        .send()
        .await;
    let requests = scene.control.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[0].accept_language.as_deref(), Some("zh-CN"));
    assert!(requests[0].authenticated && requests[0].is("DELETE", ODP));
    assert_eq!(
        (requests[1].target.as_str(), requests[1].authenticated),
        ("/api/v1/info?x=1", false)
    );
    assert_eq!(requests[1].fate, Fate::Answered(200));
}

#[tokio::test]
async fn a_request_is_held_back_until_it_is_let_through() {
    let scene = Scene::new(config()).await;
    let control = &scene.control;
    control.hold_requests(Matching::new("DELETE", ODP));
    let held = async {
        control
            .wait_until(|seen| seen.on_the_way("DELETE", ODP) == 1)
            .await;
        assert_eq!(scene.client.get("/api/v1/info").await.status, 200);
        let seen = control.snapshot();
        assert_eq!(seen.count("DELETE", ODP), 0);
        assert!(seen.tasks.is_empty());
        control.set_password(Some("changed on its way"));
        control.let_through();
    };
    let (answer, ()) = tokio::join!(scene.client.delete(), held);
    assert_eq!(answer.status, 401);
    let seen = control.snapshot();
    assert_eq!(
        (seen.on_the_way("DELETE", ODP), seen.count("DELETE", ODP)),
        (0, 1)
    );
}

#[tokio::test]
async fn an_answer_is_held_back_until_it_is_let_through() {
    let scene = Scene::new(config()).await;
    let control = &scene.control;
    control.hold_answers(Matching::new("DELETE", ODP));
    let held = async {
        let seen = control
            .wait_until(|seen| seen.count("DELETE", ODP) == 1)
            .await;
        assert_eq!(seen.tasks.len(), 1);
        assert_eq!(seen.requests.last().unwrap().fate, Fate::ActedUnheard(200));
        control.set_password(Some("changed on the way back"));
        control.let_through();
    };
    let (answer, ()) = tokio::join!(scene.client.delete(), held);
    assert_eq!(answer.status, 200);
    let fate = control.snapshot().requests.last().unwrap().fate;
    assert_eq!(fate, Fate::Answered(200));
}

#[tokio::test]
async fn what_is_held_back_goes_down_with_the_agent() {
    let scene = Scene::new(config()).await;
    let control = &scene.control;
    control.hold_requests(Matching::new("DELETE", ODP));
    let held = async {
        control
            .wait_until(|seen| seen.on_the_way("DELETE", ODP) == 1)
            .await;
        control.restart().await.unwrap();
        control.let_through();
    };
    let (outcome, ()) = tokio::join!(raw_delete(&scene), held);
    assert_cut(outcome);
    let seen = control.snapshot();
    assert!(seen.tasks.is_empty());
    assert_eq!(seen.requests.last().unwrap().fate, Fate::NeverSeen);
}
