//! Tests passwords of both kinds, sessions and single sign-on (protocol: 1.7, 1.8, 12).

use obshell_sim::{Config, Identity};
use serde_json::json;

use super::history::{Scene, config};
use super::wire::{Answer, Ask, PASSWORD, decrypt, in_seconds};

const LIST: &str = "/api/v1/task/dags/agent";
const ODP: &str = "/api/v1/obproxy";

async fn cluster(agent_password: Option<&str>, ob_password: Option<&str>) -> Scene {
    Scene::new(Config {
        identity: Identity::ClusterAgent,
        agent_password: agent_password.map(str::to_owned),
        ob_password: ob_password.map(str::to_owned),
        ..config()
    })
    .await
}

async fn login(scene: &Scene) -> String {
    let answer = scene.client.ask("POST", "/api/v1/login").send().await;
    let id = decrypt(answer.data().as_str().unwrap());
    assert_eq!(
        (id.len(), id.bytes().all(|byte| byte.is_ascii_hexdigit())),
        (64, true)
    );
    id
}

fn refusal(answer: &Answer) -> (u16, String) {
    (answer.status, answer.err_code())
}

#[tokio::test]
async fn a_session_stands_for_the_password_on_a_cluster_agent() {
    let scene = cluster(Some(PASSWORD), None).await;
    let id = login(&scene).await;
    let with_session = |method, target| {
        scene
            .client
            .ask(method, target)
            .without("Auth")
            .with("session_id", id.as_str())
    };
    assert_eq!(with_session("DELETE", ODP).send().await.status, 200);
    let task = "/api/v1/task/dag/42130706433028861";
    assert_eq!(with_session("GET", task).send().await.status, 200);
    assert_eq!(
        with_session("GET", task)
            .under_ob_name()
            .send()
            .await
            .status,
        200,
        "the session is looked at before the route"
    );
    assert_eq!(
        refusal(&with_session("DELETE", ODP).under_ob_name().send().await),
        (400, "Request.Header.NotFound".to_owned())
    );
    let late = with_session("GET", LIST)
        .with("Ts", in_seconds(-5))
        .send()
        .await;
    assert_eq!(
        (late.status, late.message().as_str()),
        (401, "Authentication expired")
    );
    let timeless = with_session("GET", LIST).with("Ts", "abc").send().await;
    assert_eq!(timeless.message(), "Authentication expired");
    let unknown = with_session("GET", LIST)
        .with("session_id", "0")
        .send()
        .await;
    assert_eq!(
        (unknown.status, unknown.message().as_str()),
        (401, "Session is invalid")
    );
    let chinese = with_session("GET", LIST)
        .with("session_id", "0")
        .in_chinese()
        .send()
        .await;
    assert_eq!(chinese.message(), "会话无效");
}

#[tokio::test]
async fn a_single_agent_does_not_look_at_sessions() {
    let scene = Scene::new(config()).await;
    let id = login(&scene).await;
    let answer = scene
        .client
        .ask("GET", LIST)
        .with("Auth", "wrong")
        .with("session_id", id)
        .send()
        .await;
    assert_eq!(
        answer.err_code(),
        "Security.Authentication.IncorrectAgentPassword"
    );
}

#[tokio::test]
async fn a_session_slides_and_ends() {
    let scene = cluster(Some(PASSWORD), None).await;
    let id = login(&scene).await;
    let used_at = async |seconds: i64| {
        scene.control.set_clock_offset(seconds);
        let ask = scene
            .client
            .ask("GET", LIST)
            .with("session_id", id.as_str());
        ask.with("Ts", in_seconds(seconds + 60)).send().await
    };
    assert_eq!(used_at(1700).await.status, 200);
    assert_eq!(
        used_at(3400).await.status,
        200,
        "every use gives it 1800 seconds more"
    );
    let ended = used_at(5300).await;
    assert_eq!(
        (ended.status, ended.message().as_str()),
        (401, "Session is expired")
    );
    assert_eq!(
        used_at(5300).await.message(),
        "Session is invalid",
        "it is gone"
    );
}

#[tokio::test]
async fn passwords_restarts_and_logouts_end_sessions() {
    let scene = cluster(Some(PASSWORD), None).await;
    login(&scene).await;
    scene.control.restart().await.unwrap();
    assert_eq!(scene.control.snapshot().sessions, 0);
    login(&scene).await;
    let body = json!({"password": PASSWORD});
    assert_eq!(
        scene
            .client
            .ask("POST", "/api/v1/agent/password")
            .json(&body)
            .send()
            .await
            .status,
        200
    );
    assert_eq!(scene.control.snapshot().sessions, 0);

    let (first, second) = (login(&scene).await, login(&scene).await);
    let logout = async |own: Option<&str>, ended: &str| {
        let ask = scene
            .client
            .ask("POST", "/api/v1/logout")
            .json(&json!({"session_id": ended}));
        let ask = if let Some(own) = own {
            ask.with("session_id", own)
        } else {
            ask
        };
        ask.send().await.status
    };
    assert_eq!(logout(Some(&first), &second).await, 200);
    assert_eq!(
        scene.control.snapshot().sessions,
        2,
        "a session ends only itself"
    );
    assert_eq!(logout(Some(&first), &first).await, 200);
    assert_eq!(scene.control.snapshot().sessions, 1);
    assert_eq!(logout(None, &second).await, 200);
    assert_eq!(scene.control.snapshot().sessions, 0);
    let bare = scene.client.ask("POST", "/api/v1/logout").send().await;
    assert_eq!(bare.err_code(), "Common.BindJsonFailed");
}

#[tokio::test]
async fn a_login_needs_keys_to_answer_under() {
    let scene = cluster(Some(PASSWORD), None).await;
    let answer = scene
        .client
        .ask("POST", "/api/v1/login")
        .without("Keys")
        .send()
        .await;
    assert_eq!(
        (answer.status, answer.message().as_str()),
        (500, "AES key and IV size error")
    );
    assert_eq!(
        answer.err_code(),
        "Request.Body.Decrypt.AES.KeyAndIv.Invalid"
    );
    let session = scene
        .client
        .ask("POST", "/api/v1/login")
        .without("Auth")
        .with("session_id", "0")
        .send()
        .await;
    assert_eq!(
        session.err_code(),
        "Security.Authentication.IncorrectAgentPassword",
        "no session logs in"
    );
}

/// Without a password anyone can log in, and the session allows a delete.
#[tokio::test]
async fn a_cluster_agent_without_passwords_is_open() {
    let scene = cluster(None, None).await;
    let id = login(&scene).await;
    let answer = scene
        .client
        .ask("DELETE", ODP)
        .without("Auth")
        .with("session_id", id)
        .send()
        .await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn a_cluster_agent_weighs_two_passwords() {
    fn list(scene: &Scene) -> Ask<'_> {
        scene.client.ask("GET", LIST)
    }
    let only_agent = cluster(Some(PASSWORD), None).await;
    let answer = list(&only_agent).under_ob_name().send().await;
    let wanted =
        "Unauthorized: Should use agent_password to verify: oceanbase password is not initialized";
    assert_eq!((answer.status, answer.message().as_str()), (401, wanted));
    assert_eq!(list(&only_agent).send().await.status, 200);

    let only_ob = cluster(None, Some("Root#1")).await;
    let answer = list(&only_ob).send().await;
    let wanted =
        "Unauthorized: Should use oceanbase_password to verify: agent password is not initialized";
    assert_eq!((answer.status, answer.message().as_str()), (401, wanted));
    assert_eq!(
        list(&only_ob)
            .under_ob_name()
            .with("Auth", "Root#1")
            .send()
            .await
            .status,
        200
    );
    let wrong = list(&only_ob).under_ob_name().send().await;
    assert_eq!(
        wrong.message(),
        "Unauthorized: OceanBase password is incorrect"
    );
    assert_eq!(
        wrong.err_code(),
        "Security.Authentication.IncorrectOceanbasePassword"
    );
}

#[tokio::test]
async fn single_sign_on_gives_one_session_for_one_token() {
    let scene = cluster(Some(PASSWORD), None).await;
    let answer = scene.client.ask("POST", "/api/v1/sso/token").send().await;
    let token = decrypt(answer.data().as_str().unwrap());
    let exchange = || {
        scene
            .client
            .ask("GET", "/api/v1/sso/exchange")
            .without("Auth")
            .with("ssotoken", token.as_str())
    };
    let id = decrypt(exchange().send().await.data().as_str().unwrap());
    let answer = scene
        .client
        .ask("GET", LIST)
        .without("Auth")
        .with("session_id", id)
        .send()
        .await;
    assert_eq!(answer.status, 200);
    assert_eq!(exchange().send().await.status, 401, "a token is good once");
}

/// The general list of a CLUSTER AGENT omits the tasks of the ODP.
#[tokio::test]
async fn a_cluster_agent_lists_its_own_tasks_elsewhere() {
    let scene = cluster(Some(PASSWORD), None).await;
    scene.client.delete().await;
    let unfinished = scene.client.get("/api/v1/task/dag/unfinish").await;
    assert_eq!(unfinished.data(), json!({"contents": null}));
    for target in ["/api/v1/task/dag/agent/unfinish", LIST] {
        assert_eq!(
            scene.client.get(target).await.data()["contents"][0]["name"],
            "Delete obproxy"
        );
    }
    assert_eq!(
        scene
            .client
            .get("/api/v1/task/dag/maintain/agent")
            .await
            .data()["name"],
        "Delete obproxy"
    );
}

/// A missing agent password is reported after the URI and before the time, like a wrong kind of
/// header.
#[tokio::test]
async fn what_is_wrong_first_is_said_first() {
    let scene = Scene::new(Config {
        agent_password: None,
        ..config()
    })
    .await;
    let task = "/api/v1/task/dag/42130706433028861";
    let late = |target| scene.client.ask("GET", target).with("Ts", "1");
    assert_eq!(
        late(task).send().await.err_code(),
        "Security.Authentication.AgentPasswordNotInitialized"
    );
    assert_eq!(
        late(task).with("Uri", "/").send().await.err_code(),
        "Security.Authentication.Header.UriMismatch"
    );
    assert_eq!(
        late(task).under_ob_name().send().await.err_code(),
        "Security.Authentication.WithAgentPassword"
    );
    assert_eq!(
        late(LIST).send().await.status,
        200,
        "without a password the lists do not look at the time"
    );
    scene.control.set_password(Some(PASSWORD));
    assert_eq!(
        late(LIST).send().await.err_code(),
        "Security.Authentication.Expired"
    );
    for (ts, wanted) in [("+99999999999", 200), ("0099999999999", 200)] {
        assert_eq!(
            scene
                .client
                .ask("GET", LIST)
                .with("Ts", ts)
                .send()
                .await
                .status,
            wanted,
            "{ts}"
        );
    }
    let beyond = scene
        .client
        .ask("GET", LIST)
        .with("Ts", "99999999999999999999")
        .send()
        .await;
    assert!(
        beyond.message().ends_with("value out of range"),
        "{}",
        beyond.message()
    );
}

/// An agent reads a task from its owner in its own name: with the password for OceanBase, which ODP
/// tasks reject.
#[tokio::test]
async fn a_task_of_another_agent_is_asked_for_there() {
    let owner = Scene::new(Config {
        shown: None,
        ..config()
    })
    .await;
    let task = owner.client.delete().await.data()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let scene = Scene::new(config()).await;
    let target = format!("/api/v1/task/dag/{task}");
    let answer = scene.client.ask("GET", &target).in_chinese().send().await;
    let wanted =
        "认证失败: 应该使用 agent_password 进行验证：this route only support agent password";
    assert_eq!((answer.status, answer.message().as_str()), (401, wanted));
    let asked = owner.control.requests();
    assert!(
        asked
            .iter()
            .any(|request| request.target == target && request.authenticated)
    );
}

/// A cluster agent whose OceanBase has no password accepts only the empty one.
#[tokio::test]
async fn a_cluster_without_a_password_takes_the_empty_one_only() {
    for agent_password in [None, Some(PASSWORD)] {
        let scene = cluster(agent_password, Some("")).await;
        let login = || scene.client.ask("POST", "/api/v1/login").under_ob_name();
        let wrong = login().with("Auth", "root").send().await;
        let incorrect = "Security.Authentication.IncorrectOceanbasePassword";
        assert_eq!(refusal(&wrong), (401, incorrect.to_owned()));
        let empty = login().with("Auth", "").send().await;
        let id = decrypt(empty.data().as_str().unwrap());
        let delete = scene.client.ask("DELETE", ODP).without("Auth");
        let deleted = delete.with("session_id", id).send().await;
        assert_eq!(deleted.status, 200, "{agent_password:?}");
    }
    let scene = cluster(None, Some("")).await;
    let by_agent_header = scene.client.ask("POST", "/api/v1/login").send().await;
    let refused = "Security.Authentication.WithOceanBasePassword";
    assert_eq!(refusal(&by_agent_header), (401, refused.to_owned()));
}
