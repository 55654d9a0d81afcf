//! Tests the differences of other versions that the captures of old agents do not show (protocol: 7,
//! 12.12, 13).

use obshell_sim::{Config, Fail, Version};
use serde_json::json;

use super::history::{Scene, config};
use super::wire::{Answer, Ask, in_seconds, key_bits};

const ODP: &str = "/api/v1/obproxy";
const LIST: &str = "/api/v1/task/dags/agent";
const DAG: &str = "/api/v1/task/dag/42130706433028861";
const OLD: Version = Version::new(4, 3, 0, 0);

async fn scene(version: Version) -> Scene {
    Scene::new(Config {
        version,
        ..config()
    })
    .await
}

/// Status, code and message in the format without `errCode`.
#[track_caller]
fn assert_old(answer: &Answer, status: u16, code: u32, message: &str) {
    let error = answer.json()["error"].clone();
    assert_eq!(
        (answer.status, &error),
        (status, &json!({"code": code, "message": message}))
    );
}

#[tokio::test]
async fn errors_before_err_code() {
    let scene = scene(OLD).await;
    let client = &scene.client;
    let delete = || client.ask("DELETE", ODP);
    let unauthorized: Vec<(Ask<'_>, &str)> = vec![
        (delete().unsealed(), "header not found"),
        (delete().under_ob_name(), "aegnt header not found"),
        (delete().with("Uri", "/"), "uri mismatch"),
        (
            delete().unsealed().header("X-OCS-Agent-Header", "!"),
            "header decrypt failed",
        ),
        (delete().with("Ts", in_seconds(-9)), "auth expired"),
        (
            delete().with("Ts", "abc"),
            r#"strconv.ParseInt: parsing "abc": invalid syntax"#,
        ),
        (
            delete().with("Auth", "wrong"),
            "access denied: agent password is incorrect",
        ),
        (
            client.ask("GET", DAG).under_ob_name(),
            "Please use agent password to verify",
        ),
        (
            client.ask("GET", LIST).under_ob_name(),
            "agent password has been set, use agent password to verify",
        ),
        (
            delete().without("Keys").sealed_body(b"{}"),
            "body decrypt failed",
        ),
        (delete().body(*b"YWJj"), "body decrypt failed"),
    ];
    for (ask, why) in unauthorized {
        // Always in English, whatever the requested language.
        assert_old(
            &ask.in_chinese().send().await,
            401,
            10008,
            &format!("Verification failed: {why}"),
        );
    }
    assert_old(
        &client.get("/api/v1/nope").await,
        400,
        1000,
        "Bad request: 404 not found",
    );
    assert_old(
        &client.get("/api/v1/task/dag/4").await,
        400,
        1001,
        "Illegal argument: invalid id: 4",
    );
    scene.control.set_password(None);
    assert_old(
        &delete().send().await,
        401,
        10008,
        "Verification failed: agent password is not initialized",
    );
}

#[tokio::test]
async fn operators_before_err_code() {
    let scene = scene(OLD).await;
    let client = &scene.client;
    assert_eq!(client.delete().await.status, 200);
    let locked = "Unexpected error: failed to start maintenance: agent is under maintenance";
    assert_old(&client.delete().await, 500, 1002, locked);
    for (operator, why) in [
        ("RETRY", "failed to set dag retry: dag state is not failed"),
        (
            "ROLLBACK",
            "failed to set dag rollback: dag state is not failed",
        ),
        ("PASS", "failed to pass dag: dag is not failed"),
        ("FOO", "invalid operator: FOO"),
    ] {
        assert_old(
            &client.operate(DAG, operator).await,
            500,
            1010,
            &format!("Known error: {why}"),
        );
    }
    // PASS of a node was added together with errCode.
    let node = "/api/v1/task/node/42130706433028861";
    let nowhere = "Bad request: 404 not found";
    assert_old(&client.operate(node, "PASS").await, 400, 1000, nowhere);
    let bare = client.ask("POST", DAG).send().await;
    assert_eq!(
        (bare.status, bare.json()["error"]["code"].as_u64()),
        (400, Some(1001))
    );
    assert!(
        bare.message().starts_with("Illegal argument: ") && bare.message().contains("required"),
        "{bare:?}"
    );
    assert!(scene.control.step_to_end());
    assert_old(
        &client.operate(DAG, "CANCEL").await,
        500,
        1010,
        "Known error: failed to cancel dag: dag is finished",
    );
    let not_managed = scene.post("/api/v1/obproxy/stop").await;
    assert_old(
        &not_managed,
        400,
        1000,
        "Bad request: This is not an obproxy agent",
    );
    let list = client
        .get("/api/v1/task/dags/agent?show_details=false")
        .await
        .data();
    assert!(
        list["contents"][0]["nodes"].is_array(),
        "the list does not look at show_details"
    );
}

#[tokio::test]
async fn the_task_is_the_same_in_every_version() {
    let scene = Scene::new(Config {
        version: OLD,
        fail: Fail::Stop,
        ..config()
    })
    .await;
    assert_eq!(scene.client.delete().await.status, 200);
    assert!(scene.control.step_to_end());
    // Errors had no names yet, not even in logs.
    let logs = scene.client.get(DAG).await.data()["nodes"][1]["sub_tasks"][0]["task_logs"].clone();
    assert_eq!(
        logs,
        json!([r#"ERROR: strconv.Atoi: parsing "not-a-pid": invalid syntax"#])
    );
    assert_eq!(scene.client.operate(DAG, "RETRY").await.status, 200);
    scene.control.set_fail(Fail::None);
    assert!(scene.control.step_to_end());
    assert_eq!(scene.client.delete().await.status, 204);
}

/// A released 4.2.6.x may contain the commit that allows both.
#[tokio::test]
async fn cancel_and_pass_can_be_switched_on() {
    for (allowed, status) in [(None, 500), (Some(true), 200)] {
        let scene = Scene::new(Config {
            version: Version::new(4, 2, 6, 0),
            cancel_and_pass: allowed,
            ..config()
        })
        .await;
        assert_eq!(scene.client.delete().await.status, 200);
        let cancel = scene.client.operate(DAG, "CANCEL").await;
        assert_eq!(cancel.status, status, "{allowed:?}: {cancel:?}");
        scene.control.set_fail(Fail::Stop);
        assert!(scene.control.step_to_end());
        let pass = scene.client.operate(DAG, "PASS").await;
        assert_eq!(pass.status, status, "{allowed:?}: {pass:?}");
    }
}

#[tokio::test]
async fn a_passed_task_ends_at_one_moment_and_may_lose_its_start() {
    for (version, loses_start) in [
        (OLD, true),
        (Version::new(4, 3, 1, 0), false),
        (Version::CURRENT, false),
    ] {
        let scene = scene(version).await;
        scene.control.set_fail(Fail::Stop);
        assert_eq!(scene.client.delete().await.status, 200);
        assert!(scene.control.step_to_end());
        assert_eq!(scene.client.operate(DAG, "PASS").await.status, 200);
        let dag = scene.client.get(DAG).await.data();
        let start = dag["start_time"].as_str().unwrap();
        assert_eq!(start.starts_with("1970"), loses_start, "{version}: {start}");
        for node in dag["nodes"].as_array().unwrap().iter().skip(1) {
            assert_eq!(node["end_time"], dag["end_time"], "{version}");
            let sub_task = &node["sub_tasks"][0];
            assert_eq!(sub_task["end_time"], dag["end_time"], "{version}");
        }
    }
}

#[tokio::test]
async fn a_header_that_cannot_be_read_has_a_number_since_4_4_2() {
    for (version, code) in [
        (Version::new(4, 3, 1, 0), None),
        (Version::new(4, 4, 1, 0), None),
        (Version::new(4, 4, 2, 0), Some(1)),
    ] {
        let scene = scene(version).await;
        let delete = scene.client.ask("DELETE", ODP).unsealed();
        let answer = delete.header("X-OCS-Agent-Header", "!").send().await;
        let error = &answer.json()["error"];
        assert_eq!(error["code"].as_u64(), code, "{version}");
        let decrypt = "Security.Authentication.Header.DecryptFailed";
        assert_eq!(error["errCode"], decrypt, "{version}");
    }
}

/// 4.3.0.0 and 4.3.1.0 ignore it, 4.5.0.0 does not.
#[tokio::test]
async fn the_list_of_all_tasks_came_to_look_at_show_details() {
    for (version, looks) in [
        (OLD, false),
        (Version::new(4, 3, 1, 0), false),
        (Version::CURRENT, true),
    ] {
        let scene = scene(version).await;
        assert_eq!(scene.client.delete().await.status, 200);
        let list = |query: &'static str| {
            let client = &scene.client;
            async move { client.get(&format!("{LIST}?show_details={query}")).await }
        };
        let brief = list("false").await.data();
        let nodes = &brief["contents"][0]["nodes"];
        assert_eq!(nodes.is_null(), looks, "{version}");
        let status = if looks { 500 } else { 200 };
        assert_eq!(list("abc").await.status, status, "{version}");
    }
}

#[tokio::test]
async fn before_the_odp_came_there_are_no_odp_routes() {
    let scene = scene(Version::new(4, 2, 5, 0)).await;
    let answer = scene.client.ask("DELETE", ODP).under_ob_name().send().await;
    assert_old(&answer, 400, 1000, "Bad request: 404 not found");
    let info = scene
        .client
        .ask("GET", "/api/v1/info")
        .unsealed()
        .send()
        .await
        .data();
    assert_eq!(
        (info.get("isObproxyAgent"), &info["version"]),
        (None, &json!("4.2.5.0-0"))
    );
    assert_eq!(info["supportedAuth"], json!(["v2"]));
    // Without a web page, every path belongs to the API.
    let page = scene.client.ask("GET", "/").unsealed().send().await;
    assert_old(&page, 400, 1000, "Bad request: 404 not found");
}

#[tokio::test]
async fn before_4_2_4_nothing_tells_the_scheme() {
    let scene = scene(Version::new(4, 2, 3, 0)).await;
    let info = scene
        .client
        .ask("GET", "/api/v1/info")
        .unsealed()
        .send()
        .await
        .data();
    assert_eq!(info.get("supportedAuth"), None);
}

#[tokio::test]
async fn keys_were_shorter_before_4_4_2() {
    for (version, bits) in [
        (Version::new(4, 4, 1, 0), 512),
        (Version::new(4, 4, 2, 0), 1024),
    ] {
        let scene = scene(version).await;
        assert_eq!(key_bits(&scene.client.key), bits, "{version}");
        assert_eq!(scene.client.delete().await.status, 200);
    }
    let scene = Scene::new(Config {
        rsa_bits: Some(512),
        ..config()
    })
    .await;
    assert_eq!(key_bits(&scene.client.key), 512);
}

/// Sessions were added in 4.4.0.0: before, a session in the header has no effect, and there is no
/// login.
#[tokio::test]
async fn there_was_a_time_without_sessions() {
    let scene = Scene::new(Config {
        version: Version::new(4, 3, 3, 0),
        identity: obshell_sim::Identity::ClusterAgent,
        ..config()
    })
    .await;
    assert_eq!(
        scene
            .client
            .ask("POST", "/api/v1/login")
            .send()
            .await
            .err_code(),
        "Common.NotFound"
    );
    let answer = scene
        .client
        .ask("GET", LIST)
        .without("Auth")
        .with("session_id", "0")
        .send()
        .await;
    assert_eq!(
        answer.err_code(),
        "Security.Authentication.IncorrectAgentPassword"
    );
}
