//! Replays captures 03, 04, 06, 08 and 10: tasks from start to end, state by state.

use obshell_sim::{Config, Fail, Odp};
use serde_json::json;

use super::captures::{Captures, progress};
use super::history::{HOME, Scene, assert_in_order, config};
use super::shape::assert_same;
use super::wire::Answer;

const DAG_1: &str = "/api/v1/task/dag/42130706433028861";
const DAG_2: &str = "/api/v1/task/dag/42130706433028862";
const NODE_2: &str = "/api/v1/task/node/42130706433028862";
const SUB_TASK_2: &str = "/api/v1/task/sub_task/42130706433028862";

#[tokio::test]
async fn a_delete_that_succeeds() {
    let text = include_str!("../../../../tests/fixtures/captures/03-delete-success.txt");
    let mut captures = Captures::titled(text);
    let scene = Scene::new(config()).await;
    let client = &scene.client;
    let mut same = |answer: Answer, title: &str| assert_same(&answer, &captures.take(title));

    same(client.delete().await, "DELETE managed, proxy running");
    same(client.delete().await, "second DELETE at once");
    same(
        client
            .ask("DELETE", "/api/v1/obproxy")
            .in_chinese()
            .send()
            .await,
        "second DELETE at once [zh-CN]",
    );
    same(scene.post("/api/v1/obproxy/stop").await, "POST stop during");
    same(client.get(DAG_1).await, "GET dag READY");
    for (operator, title) in [
        ("RETRY", "POST dag RETRY while not failed"),
        ("ROLLBACK", "POST dag ROLLBACK while not failed"),
        ("PASS", "POST dag PASS while not failed"),
        ("FOO", "POST dag bad op"),
    ] {
        same(client.operate(DAG_1, operator).await, title);
    }
    same(scene.post(DAG_1).await, "POST dag no body");
    same(
        client.ask("GET", "/api/v1/status").unsealed().send().await,
        "status during",
    );
    same(
        client
            .get("/api/v1/task/dag/unfinish?show_details=false")
            .await,
        "dag/unfinish",
    );

    for _ in 0..3 {
        scene.control.pass();
    }
    same(client.get(DAG_1).await, "GET dag while stopping");
    let seen = scene.progress();
    for states in progress(text) {
        assert_in_order(&seen, &states);
    }

    same(client.get(DAG_1).await, "GET dag final");
    same(
        client.get(&format!("{DAG_1}?show_details=false")).await,
        "GET dag final show_details=false",
    );
    same(
        client.get(&format!("{DAG_1}?show_details=")).await,
        "GET dag final show_details= (empty)",
    );
    same(
        client.get(&format!("{DAG_1}?show_details=abc")).await,
        "GET dag final show_details=abc",
    );
    same(client.get(NODE_2).await, "GET node");
    same(
        client.get(&format!("{NODE_2}?show_details=false")).await,
        "GET node show_details=false",
    );
    same(client.get(SUB_TASK_2).await, "GET sub_task");
    same(
        client.get(&format!("{SUB_TASK_2}/logs")).await,
        "GET sub_task logs",
    );
    same(
        client
            .get("/api/v1/task/sub_task/42130706433028861/logs")
            .await,
        "GET sub_task logs of no-log task",
    );
    same(
        client.get("/api/v1/task/sub_task/421307064330288699").await,
        "GET sub_task unknown",
    );
    same(
        client.get("/api/v1/task/node/421307064330288699").await,
        "GET node unknown",
    );
    same(
        client.get("/api/v1/task/dag/22130706433028861").await,
        "GET dag with 2-prefix (type mismatch)",
    );
    same(
        client.get("/api/v1/task/node/22130706433028862").await,
        "GET node with 2-prefix",
    );
    same(
        client.get("/api/v1/task/sub_task/22130706433028862").await,
        "GET sub_task with 2-prefix",
    );
    same(
        client
            .get("/api/v1/task/dag/maintain/agent?show_details=false")
            .await,
        "dag/maintain/agent",
    );
    same(
        client
            .get("/api/v1/task/dag/maintain/agents?show_details=false")
            .await,
        "dag/maintain/agents",
    );
    same(
        client.get("/api/v1/task/dag/agent/main_dags").await,
        "dag/agent/main_dags",
    );
    same(
        client.get("/api/v1/task/dag/unfinish").await,
        "dag/unfinish",
    );
    same(
        client
            .get("/api/v1/task/dags/agent?show_details=false")
            .await,
        "dags/agent?show_details=false",
    );
    for operator in ["RETRY", "ROLLBACK", "CANCEL", "PASS"] {
        same(
            client.operate(DAG_1, operator).await,
            &format!("POST dag {operator} on SUCCEED"),
        );
    }
    same(
        client.operate(NODE_2, "PASS").await,
        "POST node PASS on SUCCEED",
    );
    same(client.operate(NODE_2, "RETRY").await, "POST node RETRY");
    same(client.delete().await, "DELETE after success");
    same(
        client.ask("GET", "/api/v1/info").unsealed().send().await,
        "info after",
    );
    captures.assert_all_taken();
}

#[tokio::test]
async fn a_delete_whose_stop_fails_and_is_retried() {
    let text = include_str!("../../../../tests/fixtures/captures/04-delete-stop-fails-retry.txt");
    let mut captures = Captures::titled(text);
    let mut ways = progress(text).into_iter();
    let scene = Scene::new(config()).await;
    let client = &scene.client;
    scene.destroy(1).await;
    scene.control.set_odp(Odp::Stopped);
    scene.control.set_fail(Fail::Stop);
    let mut same = |answer: Answer, title: &str| assert_same(&answer, &captures.take(title));

    same(client.delete().await, "DELETE");
    assert_in_order(&scene.progress(), &ways.next().unwrap());
    same(client.get(DAG_2).await, "GET failed dag");
    same(client.delete().await, "second DELETE after failure");
    same(
        client
            .get("/api/v1/task/dag/unfinish?show_details=false")
            .await,
        "dag/unfinish after failure",
    );
    same(
        client.ask("GET", "/api/v1/info").unsealed().send().await,
        "info",
    );
    same(client.operate(DAG_2, "ROLLBACK").await, "ROLLBACK");
    let rollback = client
        .ask("POST", DAG_2)
        .json(&json!({"operator": "rollback"}))
        .in_chinese();
    same(rollback.send().await, "ROLLBACK zh");
    same(client.operate(DAG_2, "CANCEL").await, "CANCEL on failed");
    let other_id = client
        .ask("POST", DAG_2)
        .json(&json!({"id": "42130706433028861", "operator": "RETRY"}));
    same(
        other_id.send().await,
        "RETRY with op id in body mismatching",
    );

    same(
        client.operate(DAG_2, "RETRY").await,
        "RETRY (still garbage)",
    );
    same(client.get(DAG_2).await, "GET right after RETRY");
    assert_in_order(&scene.progress(), &ways.next().unwrap());
    same(client.get(DAG_2).await, "GET after failed RETRY");

    scene.control.set_fail(Fail::None);
    same(
        client.operate(DAG_2, "retry").await,
        "RETRY (pid file removed)",
    );
    assert_in_order(&scene.progress(), &ways.next().unwrap());
    same(client.get(DAG_2).await, "GET final after RETRY");
    assert_eq!(ways.next(), None);
    captures.assert_all_taken();
}

#[tokio::test]
async fn add_stop_start_and_delete() {
    let text = include_str!("../../../../tests/fixtures/captures/06-add-stop-start-delete.txt");
    let mut captures = Captures::titled(text);
    let mut ways = progress(text).into_iter();
    let scene = Scene::new(config()).await;
    let client = &scene.client;
    scene.destroy(3).await;
    scene.control.set_odp(Odp::Unmanaged);
    let mut same = |answer: Answer, title: &str| assert_same(&answer, &captures.take(title));
    let add = |extra: serde_json::Value| {
        let mut body = json!({"home_path": HOME, "name": "px"});
        body.as_object_mut()
            .unwrap()
            .extend(extra.as_object().unwrap().clone());
        client.ask("POST", "/api/v1/obproxy").json(&body)
    };

    same(
        add(json!({"rs_list": "", "config_url": ""})).send().await,
        "add both rs_list & config_url",
    );
    same(add(json!({})).send().await, "add neither");
    let bad_port = json!({"rs_list": "", "parameters": {"listen_port": "abc"}});
    same(add(bad_port).send().await, "add bad port");
    same(
        add(json!({"rs_list": "127.0.0.1:2881"})).send().await,
        "add rs_list unreachable",
    );
    same(scene.add().await, "add OK");
    assert_in_order(&scene.progress(), &ways.next().unwrap());
    same(
        client.get("/api/v1/task/dag/42130706433028864").await,
        "add final",
    );
    same(scene.add().await, "add again");

    for (target, title) in [
        ("/api/v1/obproxy/stop", "stop"),
        ("/api/v1/obproxy/start", "start"),
    ] {
        same(scene.post(target).await, title);
        assert_in_order(&scene.progress(), &ways.next().unwrap());
    }
    same(client.delete().await, "delete");
    assert_in_order(&scene.progress(), &ways.next().unwrap());

    let start = "/api/v1/task/dag/42130706433028868";
    same(scene.post("/api/v1/obproxy/start").await, "start unmanaged");
    assert_in_order(&scene.progress(), &ways.next().unwrap());
    same(client.get(start).await, "start unmanaged dag");
    same(client.get("/api/v1/task/dag/unfinish").await, "unfinish");
    same(client.operate(start, "RETRY").await, "RETRY it");
    assert_in_order(&scene.progress(), &ways.next().unwrap());
    same(client.operate(start, "PASS").await, "PASS it");
    same(
        client.get(&format!("{start}?show_details=false")).await,
        "dag",
    );
    assert_eq!(ways.next(), None);
    captures.assert_all_taken();
}

/// The recorded task, its exact start command, and the released lock.
#[tokio::test]
async fn an_agent_begins_with_the_task_that_added_its_odp() {
    let text = include_str!("../../../../tests/fixtures/captures/06-add-stop-start-delete.txt");
    let mut captures = Captures::titled(text);
    let scene = Scene::new(Config {
        added: true,
        ..config()
    })
    .await;
    let client = &scene.client;
    let mut answer = client.get(DAG_1).await;
    // The recorded agent had three earlier tasks of four stages.
    for (kind, number, recorded) in [("dag_id", 1, 4)].into_iter().chain(
        [1, 2, 3, 4]
            .into_iter()
            .flat_map(|number| ["node_id", "task_id"].map(|kind| (kind, number, number + 12))),
    ) {
        let id = |number| format!(r#""4213070643302886{number}","{kind}":{number},"#);
        answer.body = answer.body.replace(&id(number), &id(recorded));
    }
    let recorded = text.lines().find_map(|line| {
        let (_, rest) = line.split_once("\"task_logs\":[\"start obproxy cmd: ")?;
        Some(rest.split('"').next().unwrap().to_owned())
    });
    assert!(answer.body.contains(&recorded.unwrap()));
    assert_same(&answer, &captures.take("add final"));
    let list = client.get("/api/v1/task/dag/agent/unfinish").await;
    assert!(list.body.contains(r#""contents":[]"#), "{}", list.body);
    assert!(!scene.control.snapshot().locked);
    assert_eq!(client.delete().await.status, 200);
    assert!(scene.control.step_to_end());
    assert_eq!(scene.control.snapshot().managed_home, None);
}

/// Returns an agent whose next task is its tenth, as in the capture after the one above.
async fn tenth_task() -> Scene {
    let scene = Scene::new(config()).await;
    scene.destroy(3).await;
    scene.control.set_odp(Odp::Unmanaged);
    assert_eq!(scene.add().await.status, 200);
    assert!(scene.control.step_to_end());
    for target in ["/api/v1/obproxy/stop", "/api/v1/obproxy/start"] {
        assert_eq!(scene.post(target).await.status, 200);
        assert!(scene.control.step_to_end());
    }
    scene.destroy(1).await;
    assert_eq!(scene.post("/api/v1/obproxy/start").await.status, 200);
    assert!(scene.control.step_to_end());
    scene.destroy(1).await;
    scene
}

#[tokio::test]
async fn a_delete_cancelled_before_it_began() {
    let text = include_str!("../../../../tests/fixtures/captures/08-cancel-ready.txt");
    let mut captures = Captures::titled(text);
    let mut ways = progress(text).into_iter();
    let scene = tenth_task().await;
    let client = &scene.client;
    scene.control.set_odp(Odp::Stopped);
    let old = "/api/v1/task/dag/421307064330288610";
    let mut same = |answer: Answer, title: &str| assert_same(&answer, &captures.take(title));

    same(client.delete().await, "DELETE");
    same(client.operate(old, "CANCEL").await, "CANCEL while READY");
    assert_in_order(&scene.progress(), &ways.next().unwrap());
    same(client.get(old).await, "GET cancelled");
    same(
        client.ask("GET", "/api/v1/info").unsealed().send().await,
        "info",
    );
    same(client.delete().await, "DELETE after cancel at stage 1");
    assert_in_order(&scene.progress(), &ways.next().unwrap());
    same(
        client
            .get("/api/v1/task/dag/unfinish?show_details=false")
            .await,
        "unfinish",
    );
    same(
        client.operate(old, "RETRY").await,
        "RETRY old cancelled dag",
    );
    let seen = old_task_progress(&scene, 10);
    assert_in_order(&seen, &ways.next().unwrap());
    same(client.get(old).await, "old dag");
    same(client.operate(old, "PASS").await, "PASS old dag");
    same(client.get("/api/v1/task/dag/unfinish").await, "unfinish");
    assert_eq!(ways.next(), None);
    captures.assert_all_taken();
}

/// Returns the states of a task that is not the newest, over four passes.
fn old_task_progress(scene: &Scene, number: i64) -> Vec<String> {
    let summary = || {
        let seen = scene.control.snapshot();
        super::history::summary(seen.tasks.iter().find(|task| task.id == number).unwrap())
    };
    let mut seen = vec![summary()];
    for _ in 0..4 {
        scene.control.step();
        seen.push(summary());
    }
    seen
}

#[tokio::test]
async fn a_process_that_does_not_die() {
    let text = include_str!("../../../../tests/fixtures/captures/10-stop-timeout-zombie.txt");
    let mut captures = Captures::titled(text);
    let mut ways = progress(text).into_iter();
    let scene = tenth_task().await;
    scene.destroy(4).await;
    scene.control.set_odp(Odp::Running);
    scene.control.set_fail(Fail::StopTimeout);
    assert_same(
        &scene.client.delete().await,
        &captures.take("DELETE (zombie/unkillable)"),
    );
    assert_in_order(&scene.progress(), &ways.next().unwrap());
    let task = scene
        .client
        .get("/api/v1/task/dag/421307064330288614")
        .await;
    assert_same(&task, &captures.take("GET"));
    assert!(
        scene.control.snapshot().odp_pid.is_some(),
        "the process lives on"
    );
    captures.assert_all_taken();
}

/// The reported times are not the real ones (protocol: 4.3).
#[tokio::test]
async fn times_of_a_running_task_are_as_odd_as_obshells() {
    let scene = Scene::new(config()).await;
    scene.client.delete().await;
    scene.control.pass();
    let running = scene.client.get(DAG_1).await.data();
    let time = |value: &serde_json::Value| {
        chrono::DateTime::parse_from_rfc3339(value.as_str().unwrap()).unwrap()
    };
    assert!(
        time(&running["end_time"]) < time(&running["start_time"]),
        "a running task ended when it was created"
    );
    let (node, sub_task) = (&running["nodes"][0], &running["nodes"][0]["sub_tasks"][0]);
    assert_eq!(
        node["start_time"], node["end_time"],
        "a running node ends when it starts"
    );
    assert!(time(&sub_task["start_time"]) > time(&node["start_time"]));
    scene.control.set_fail(Fail::Stop);
    assert!(scene.control.step_to_end());
    scene.client.operate(DAG_1, "RETRY").await;
    scene.control.pass();
    let again = scene.client.get(DAG_1).await.data();
    assert_eq!(again["end_time"], "1970-01-01T00:00:00Z");
    assert_eq!(again["state"], "RUNNING");
    assert_ne!(again["start_time"], "1970-01-01T00:00:00Z");
}

/// Runs at its own pace: a tick of one millisecond here, one second by default.
#[tokio::test]
async fn a_released_engine_runs_by_itself() {
    let pace = std::time::Duration::from_millis(1);
    let scene = Scene::new(Config {
        tick: pace,
        kill_wait: pace,
        ..config()
    })
    .await;
    scene.client.delete().await;
    scene.control.release();
    let done = scene
        .control
        .wait_until(|seen| {
            seen.last_task()
                .is_some_and(|task| task.state.as_str() == "SUCCEED")
        })
        .await;
    assert_eq!(
        (done.managed_home, done.odp_pid, done.locked),
        (None, None, false)
    );
    // Two passes for each stage.
    assert!(done.passes >= 8, "{} passes", done.passes);
}
