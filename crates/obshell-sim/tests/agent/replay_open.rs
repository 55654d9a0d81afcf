//! Replays captures 00, 01 and 13: the open routes, an agent without a password, a build without
//! encryption.

use obshell_sim::{Agent, Config, Odp};
use serde_json::json;

use super::captures::{Captures, raw_answer};
use super::history::{SHOWN, Scene, config};
use super::shape::{assert_same, shape};
use super::wire::{Ask, Client, exchange, parse, send};

#[tokio::test]
async fn open_routes_unknown_paths_and_the_web_page() {
    let mut captures = Captures::raw(include_str!(
        "../../../../tests/fixtures/captures/00-unauthenticated-404-frontend.txt"
    ));
    let agent = Agent::start(Config {
        odp: Odp::Unmanaged,
        ..config()
    })
    .await
    .unwrap();
    for title in [
        "GET /api/v1/secret",
        "GET /api/v1/time",
        "GET /api/v1/info",
        "GET /api/v1/git-info",
        "GET /api/v1/status",
        "GET /api/v1/status?ob_query_timeout=abc",
        "GET /",
        "GET /foo",
        "GET /foo/bar.js",
        "GET /index.html",
        "POST /foo",
        "GET /api/v1/nope",
        "GET /api/v1/obproxy",
        "DELETE /api/v1/obproxy/",
        "GET /api/v1/info/",
        "DELETE /api/v1/obproxy",
        "OPTIONS /api/v1/obproxy",
        "GET /api/v2/x",
        "POST /api/v1/secret",
        "GET /rpc/v1/x",
        "GET /x/api/v1/y",
        "HEAD /api/v1/info",
    ] {
        let captured = captures.take(title);
        let (method, target) = title.split_once(' ').unwrap();
        let answer = send(agent.addr(), method, target, &[], b"").await.unwrap();
        assert_same(&answer, &captured);
    }
    captures.assert_all_taken();
}

#[tokio::test]
async fn no_password_and_nothing_managed() {
    let mut captures = Captures::titled(include_str!(
        "../../../../tests/fixtures/captures/01-no-password-and-unmanaged.txt"
    ));
    let scene = Scene::new(Config {
        agent_password: None,
        odp: Odp::Unmanaged,
        ..config()
    })
    .await;
    let client = &scene.client;
    let task = "/api/v1/task/dag/42130706433028861";
    let password = "/api/v1/agent/password";
    let without_password: Vec<(&str, Ask<'_>)> = vec![
        (
            "DELETE obproxy, no header",
            client.ask("DELETE", "/api/v1/obproxy").unsealed(),
        ),
        (
            "DELETE obproxy, X-OCS-Header",
            client.ask("DELETE", "/api/v1/obproxy").under_ob_name(),
        ),
        (
            "DELETE obproxy, X-OCS-Agent-Header empty Auth",
            client.ask("DELETE", "/api/v1/obproxy").with("Auth", ""),
        ),
        (
            "DELETE obproxy, X-OCS-Agent-Header some Auth",
            client.ask("DELETE", "/api/v1/obproxy").with("Auth", "some"),
        ),
        (
            "GET task dag 4..., X-OCS-Header",
            client.ask("GET", task).under_ob_name(),
        ),
        ("GET task dag 4..., Agent header", client.ask("GET", task)),
        (
            "GET task dag 2..., X-OCS-Header",
            client
                .ask("GET", "/api/v1/task/dag/22130706433028861")
                .under_ob_name(),
        ),
        (
            "GET task dags/agent X-OCS-Header",
            client.ask("GET", "/api/v1/task/dags/agent").under_ob_name(),
        ),
        (
            "GET task dag/unfinish Agent",
            client.ask("GET", "/api/v1/task/dag/unfinish"),
        ),
        (
            "GET task dag/maintain/agent",
            client.ask("GET", "/api/v1/task/dag/maintain/agent"),
        ),
        (
            "GET task dag/maintain/agents (never any)",
            client.ask("GET", "/api/v1/task/dag/maintain/agents"),
        ),
        (
            "GET task dag/agent/main_dags (never any)",
            client.ask("GET", "/api/v1/task/dag/agent/main_dags"),
        ),
        (
            "GET task dag/maintain/ob",
            client.ask("GET", "/api/v1/task/dag/maintain/ob"),
        ),
        (
            "GET task dags/ob",
            client.ask("GET", "/api/v1/task/dags/ob"),
        ),
        (
            "GET task dag/ob/unfinish",
            client.ask("GET", "/api/v1/task/dag/ob/unfinish"),
        ),
        ("POST agent/password no body", client.ask("POST", password)),
        (
            "POST agent/password empty",
            client.ask("POST", password).json(&json!({"password": ""})),
        ),
        (
            "POST agent/password via X-OCS-Header",
            client
                .ask("POST", password)
                .under_ob_name()
                .json(&json!({"password": client.password})),
        ),
        ("info", client.ask("GET", "/api/v1/info").unsealed()),
    ];
    for (title, ask) in without_password {
        assert_same(&ask.send().await, &captures.take(title));
    }
    let sealed_in_53 = client.seal_in(
        json!({"Auth": client.password, "Ts": super::wire::in_seconds(60), "Uri": "/api/v1/obproxy"}).to_string().as_bytes(),
        53,
    );
    let lower_case = json!({"auth": client.password, "ts": super::wire::in_seconds(60), "uri": "/api/v1/obproxy", "keys": null});
    let obproxy = "/api/v1/obproxy";
    let with_password: Vec<(&str, Ask<'_>)> = vec![
        (
            "DELETE obproxy correct pwd (unmanaged)",
            client.ask("DELETE", obproxy),
        ),
        (
            "DELETE obproxy correct pwd, chunk 53",
            client
                .ask("DELETE", obproxy)
                .unsealed()
                .header("X-OCS-Agent-Header", sealed_in_53),
        ),
        (
            "DELETE obproxy lower-case keys",
            client.ask("DELETE", obproxy).sealing(lower_case),
        ),
        (
            "DELETE obproxy no Keys",
            client.ask("DELETE", obproxy).without("Keys"),
        ),
        (
            "POST obproxy/stop unmanaged",
            client.ask("POST", "/api/v1/obproxy/stop"),
        ),
        (
            "POST obproxy/upgrade unmanaged",
            client
                .ask("POST", "/api/v1/obproxy/upgrade")
                .json(&json!({"version": "4.3.0.0", "release": "1.el7"})),
        ),
        ("POST obproxy (add) no body", client.ask("POST", obproxy)),
        (
            "POST obproxy (add) bad path",
            client
                .ask("POST", obproxy)
                .json(&json!({"home_path": "/nonexistent"})),
        ),
        (
            "POST obproxy/package no file",
            client.ask("POST", "/api/v1/obproxy/package"),
        ),
    ];
    for (title, ask) in with_password {
        assert_same(&ask.send().await, &captures.take(title));
    }
    // A simulated host has other disks: only the keys of the response are compared.
    let captured: serde_json::Value =
        serde_json::from_str(&captures.take("GET agent/host-info").body).unwrap();
    let host = client.get("/api/v1/agent/host-info").await.data();
    let keys = |value: &serde_json::Value| {
        value
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect::<Vec<_>>()
    };
    assert_eq!(keys(&host), keys(&captured["data"]));
    for part in ["os", "cpuInfo", "basic", "memoryInfo", "ulimit"] {
        assert_eq!(keys(&host[part]), keys(&captured["data"][part]), "{part}");
    }
    assert_eq!(keys(&host["disks"][0]), keys(&captured["data"]["disks"][0]));
    captures.assert_all_taken();
}

#[tokio::test]
async fn a_204_has_not_one_byte_and_no_length() {
    let scene = Scene::new(Config {
        odp: Odp::Unmanaged,
        ..config()
    })
    .await;
    let header = scene.client.seal(
        json!({"Auth": scene.client.password, "Ts": super::wire::in_seconds(60), "Uri": "/api/v1/obproxy"}).to_string().as_bytes(),
    );
    let raw = exchange(
        scene.client.addr,
        "DELETE",
        "/api/v1/obproxy",
        &[("X-OCS-Agent-Header", header)],
        b"",
    )
    .await
    .unwrap();
    let text = String::from_utf8(raw.clone()).unwrap();
    assert!(text.ends_with("\r\n\r\n"), "{text}");
    assert!(
        text.starts_with("HTTP/1.1 204 No Content\r\nContent-Type: application/json\r\n"),
        "{text}"
    );
    let answer = parse(&raw).unwrap();
    assert_eq!(answer.header("Content-Length"), None);
    assert_eq!(answer.header("Transfer-Encoding"), None);
}

#[tokio::test]
async fn a_build_without_encryption() {
    let text = include_str!("../../../../tests/fixtures/captures/13-encryption-disabled-build.txt");
    let answers: Vec<_> = text
        .split("HTTP/1.1 ")
        .filter(|part| !part.is_empty())
        .map(|part| raw_answer("", &format!("HTTP/1.1 {part}")))
        .collect();
    let agent = Agent::start(Config {
        encryption: false,
        agent_password: None,
        odp: Odp::Unmanaged,
        shown: Some(SHOWN),
        ..Config::default()
    })
    .await
    .unwrap();
    let garbage = ("X-OCS-Agent-Header", "garbage!".to_owned());
    let questions: [(&str, &str, &str); 6] = [
        ("DELETE", "/api/v1/obproxy", ""),
        ("POST", "/api/v1/obproxy/stop", ""),
        ("GET", "/api/v1/task/dags/agent", ""),
        ("GET", "/api/v1/secret", ""),
        ("POST", "/api/v1/agent/password", r#"{"password":"x"}"#),
        ("DELETE", "/api/v1/obproxy", ""),
    ];
    assert_eq!(answers.len(), questions.len());
    for ((method, target, body), captured) in questions.into_iter().zip(answers) {
        let answer = send(
            agent.addr(),
            method,
            target,
            std::slice::from_ref(&garbage),
            body.as_bytes(),
        )
        .await
        .unwrap();
        assert_eq!(
            (answer.status, shape(&answer.body)),
            (captured.status, shape(&captured.body)),
            "{method} {target}"
        );
    }
}

/// The open routes reject a header that cannot be decrypted.
#[tokio::test]
async fn a_header_that_does_not_decrypt_closes_open_routes() {
    let scene = Scene::new(config()).await;
    for target in [
        "/api/v1/info",
        "/api/v1/secret",
        "/api/v1/time",
        "/api/v1/nope",
    ] {
        let answer = scene
            .client
            .ask("GET", target)
            .unsealed()
            .header("X-OCS-Header", "!")
            .send()
            .await;
        assert_eq!(
            (answer.status, answer.err_code().as_str()),
            (401, "Security.Authentication.Header.DecryptFailed")
        );
        let other_uri = scene
            .client
            .ask("GET", target)
            .with("Uri", "/")
            .with("Ts", "1")
            .send()
            .await;
        assert_ne!(
            other_uri.status, 401,
            "{target}: a header that decrypts is not looked at further"
        );
    }
    let page = scene
        .client
        .ask("GET", "/")
        .unsealed()
        .header("X-OCS-Header", "!")
        .send()
        .await;
    assert_eq!(
        (page.status, page.body.as_str()),
        (404, "404 page not found")
    );
}

#[tokio::test]
async fn an_agent_in_another_zone_and_hour_says_so() {
    let agent = Agent::start(Config {
        clock_offset_secs: 7200,
        utc_offset_secs: 8 * 3600,
        ..config()
    })
    .await
    .unwrap();
    let client = Client::new(&agent).await;
    let time = client.ask("GET", "/api/v1/time").unsealed().send().await;
    let text = time.data().as_str().unwrap().to_owned();
    let told = chrono::DateTime::parse_from_rfc3339(&text).unwrap();
    assert_eq!(told.offset().local_minus_utc(), 8 * 3600);
    let ahead = (told.to_utc() - chrono::Utc::now()).num_seconds();
    assert!((7190..=7200).contains(&ahead), "{ahead} s ahead");
    let expired = client.ask("DELETE", "/api/v1/obproxy").send().await;
    assert_eq!(expired.err_code(), "Security.Authentication.Expired");
    let in_its_time = client
        .ask("DELETE", "/api/v1/obproxy")
        .with("Ts", super::wire::in_seconds(7260))
        .send()
        .await;
    assert_eq!(in_its_time.status, 200);
}
