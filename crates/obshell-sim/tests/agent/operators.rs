//! Tests the effects of operators that the captures do not show (protocol: 3.2, 4.5, 12).

use obshell_sim::{Config, Fail, Odp};
use serde_json::{Value, json};

use super::history::{Scene, config};
use super::wire::Answer;

const DAG_1: &str = "/api/v1/task/dag/42130706433028861";

fn node(number: usize) -> String {
    format!("/api/v1/task/node/4213070643302886{number}")
}

/// Returns a delete that has failed at this stage.
async fn failed_at(fail: Fail) -> Scene {
    let scene = Scene::new(Config { fail, ..config() }).await;
    assert_eq!(scene.client.delete().await.status, 200);
    assert!(scene.control.step_to_end());
    scene.control.set_fail(Fail::None);
    scene
}

#[track_caller]
fn assert_ok(answer: &Answer) {
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.json().get("data"), None);
}

async fn dag(scene: &Scene) -> Value {
    scene.client.get(DAG_1).await.data()
}

#[tokio::test]
async fn the_lock_is_kept_from_stage_2_on_and_freed_at_stage_1() {
    for (fail, locked) in [
        (Fail::Check, false),
        (Fail::Stop, true),
        (Fail::StopTimeout, true),
        (Fail::Clean, true),
    ] {
        let scene = failed_at(fail).await;
        assert_eq!(scene.control.snapshot().locked, locked, "{fail:?}");
    }
    let scene = Scene::new(config()).await;
    scene.control.fail_stage(3, 1);
    scene.client.delete().await;
    assert!(scene.control.step_to_end());
    let seen = scene.control.snapshot();
    assert!(seen.locked && seen.managed_home.is_some());
    assert_eq!(
        scene.client.delete().await.err_code(),
        "Agent.UnderMaintenance"
    );
}

#[tokio::test]
async fn every_failure_writes_its_line() {
    for (fail, stage, line) in [
        (
            Fail::Check,
            0,
            "ERROR: [OBProxy.NotBeManaged]: This is not an OBProxy agent",
        ),
        (
            Fail::Stop,
            1,
            "ERROR: [Common.Unexpected]: Unexpected error: strconv.Atoi: parsing \"not-a-pid\": invalid syntax",
        ),
        (
            Fail::StopTimeout,
            1,
            "ERROR: [OBProxy.StopTimeout]: Kill OBProxy process timeout",
        ),
        (
            Fail::Clean,
            3,
            "ERROR: [Common.Unexpected]: Unexpected error: unlinkat /home/admin/px2/lib: device or resource busy",
        ),
    ] {
        let scene = failed_at(fail).await;
        let task = dag(&scene).await;
        assert_eq!(
            (&task["state"], &task["stage"]),
            (&json!("FAILED"), &json!(stage + 1))
        );
        let logs = task["nodes"][stage]["sub_tasks"][0]["task_logs"].clone();
        assert_eq!(logs.as_array().unwrap().last().unwrap(), line);
    }
}

/// 204 means that no ODP is managed, not that it was destroyed.
#[tokio::test]
async fn a_delete_that_failed_to_clean_leaves_nothing_managed() {
    let scene = failed_at(Fail::Clean).await;
    assert_eq!(scene.client.delete().await.status, 204);
    assert!(scene.control.snapshot().locked);
    assert_ok(&scene.client.operate(&node(4), "PASS").await);
    assert!(scene.control.step_to_end());
    let seen = scene.control.snapshot();
    assert!(!seen.locked);
    assert_eq!(seen.last_task().unwrap().operator.as_str(), "RUN");
}

/// The ODP is not managed from the third sub task on, while the task still runs.
#[tokio::test]
async fn managed_turns_false_before_the_end() {
    let scene = Scene::new(Config {
        odp: Odp::Stopped,
        ..config()
    })
    .await;
    scene.client.delete().await;
    let managed = async || scene.client.get("/api/v1/info").await.data()["isObproxyAgent"].clone();
    for _ in 0..4 {
        scene.control.step();
    }
    assert_eq!(managed().await, true);
    scene.control.step();
    assert_eq!(managed().await, false);
    assert_eq!(dag(&scene).await["state"], "RUNNING");
    assert_eq!(scene.client.delete().await.status, 204);
}

#[tokio::test]
async fn marked_as_done_is_not_done() {
    let scene = failed_at(Fail::Stop).await;
    assert_ok(&scene.client.operate(DAG_1, "pass").await);
    let task = dag(&scene).await;
    assert_eq!(
        (&task["state"], &task["operator"], &task["stage"]),
        (&json!("SUCCEED"), &json!("PASS"), &json!(2))
    );
    let never_ran = &task["nodes"][3]["sub_tasks"][0];
    assert_eq!(
        (&never_ran["state"], &never_ran["operator"]),
        (&json!("SUCCEED"), &json!("PASS"))
    );
    assert_eq!(
        (&never_ran["execute_times"], &never_ran["task_logs"]),
        (&json!(0), &json!([]))
    );
    let seen = scene.control.snapshot();
    assert!(seen.managed_home.is_some() && seen.odp_pid.is_some() && !seen.locked);
    assert_eq!(
        scene.client.delete().await.status,
        200,
        "it is still there to be destroyed"
    );
}

#[tokio::test]
async fn a_passed_node_lets_the_rest_run() {
    let scene = failed_at(Fail::Stop).await;
    assert_ok(&scene.client.operate(&node(2), "PASS").await);
    let task = dag(&scene).await;
    assert_eq!(
        (&task["state"], &task["operator"], &task["start_time"]),
        (
            &json!("READY"),
            &json!("RUN"),
            &json!("1970-01-01T00:00:00Z")
        )
    );
    assert_eq!(
        (&task["nodes"][1]["state"], &task["nodes"][1]["operator"]),
        (&json!("SUCCEED"), &json!("PASS"))
    );
    assert!(scene.control.step_to_end());
    let seen = scene.control.snapshot();
    assert!(seen.managed_home.is_none() && !seen.locked);
    assert!(seen.odp_pid.is_some(), "nobody killed it");
    let refused = scene.client.operate(&node(2), "PASS").await;
    assert_eq!(
        refused.message(),
        "Failed to pass node: assigned DAG is not failed"
    );
}

#[tokio::test]
async fn only_the_failed_node_can_be_passed() {
    let scene = failed_at(Fail::Stop).await;
    let refused = scene.client.operate(&node(3), "PASS").await;
    assert_eq!(
        (refused.status, refused.message().as_str()),
        (
            400,
            "Failed to pass node: node Delete obproxy is not failed"
        )
    );
    let chinese = scene
        .client
        .ask("POST", &node(3))
        .json(&json!({"operator": "PASS"}))
        .in_chinese()
        .send()
        .await;
    assert_eq!(
        chinese.message(),
        "跳过节点失败：节点 Delete obproxy 未失败"
    );
    // The node route ignores an `id` in the body.
    let body = json!({"operator": "PASS", "id": "4"});
    assert_ok(&scene.client.ask("POST", &node(2)).json(&body).send().await);
}

#[tokio::test]
async fn a_cancelled_stop_has_killed_already() {
    let scene = Scene::new(config()).await;
    scene.client.delete().await;
    for _ in 0..3 {
        scene.control.pass();
    }
    assert_ok(&scene.client.operate(DAG_1, "CANCEL").await);
    assert_ok(&scene.client.operate(DAG_1, "CANCEL").await);
    let task = dag(&scene).await;
    assert_eq!(
        (&task["state"], &task["operator"], &task["end_time"]),
        (
            &json!("READY"),
            &json!("CANCEL"),
            &json!("1970-01-01T00:00:00Z")
        )
    );
    scene.control.pass();
    scene.control.pass();
    let task = dag(&scene).await;
    assert_eq!(
        (&task["state"], &task["operator"]),
        (&json!("FAILED"), &json!("CANCEL"))
    );
    let sub_task = &task["nodes"][1]["sub_tasks"][0];
    assert_eq!(
        (&sub_task["state"], &sub_task["operator"]),
        (&json!("FAILED"), &json!("RUN"))
    );
    assert_eq!(
        sub_task["task_logs"].as_array().unwrap().last().unwrap(),
        "sub task cancelled"
    );
    let seen = scene.control.snapshot();
    assert!(seen.odp_pid.is_none() && seen.locked);
    let refused = scene.client.operate(DAG_1, "CANCEL").await;
    assert_eq!(refused.message(), "Failed to cancel DAG: DAG is finished");
    // A retry rolls back and runs again: two more executions.
    assert_ok(&scene.client.operate(DAG_1, "RETRY").await);
    assert!(scene.control.step_to_end());
    assert_eq!(
        dag(&scene).await["nodes"][1]["sub_tasks"][0]["execute_times"],
        3
    );
}

/// After a cancel just before the end, no ODP is managed: another DELETE returns 204.
#[tokio::test]
async fn a_cancel_in_the_last_stage_comes_too_late() {
    let scene = Scene::new(Config {
        odp: Odp::Stopped,
        ..config()
    })
    .await;
    scene.client.delete().await;
    for _ in 0..7 {
        scene.control.pass();
    }
    assert_ok(&scene.client.operate(DAG_1, "CANCEL").await);
    assert!(scene.control.step_to_end());
    let task = dag(&scene).await;
    assert_eq!(
        (&task["state"], &task["operator"], &task["stage"]),
        (&json!("FAILED"), &json!("CANCEL"), &json!(4))
    );
    assert_eq!(scene.client.delete().await.status, 204);
}

#[tokio::test]
async fn a_retry_of_what_never_ran_has_nothing_to_take_back() {
    let scene = Scene::new(config()).await;
    scene.client.delete().await;
    scene.client.operate(DAG_1, "CANCEL").await;
    assert!(scene.control.step_to_end());
    assert_ok(&scene.client.operate(DAG_1, "RETRY").await);
    scene.control.step();
    let sub_task = dag(&scene).await["nodes"][0]["sub_tasks"][0].clone();
    assert_eq!(
        (&sub_task["operator"], &sub_task["execute_times"]),
        (&json!("RUN"), &json!(1))
    );
}

#[tokio::test]
async fn stage_1_needs_the_lock_again() {
    let scene = failed_at(Fail::Check).await;
    assert_eq!(
        scene.client.delete().await.status,
        200,
        "a second delete takes the free lock"
    );
    for (target, operator) in [(DAG_1.to_owned(), "RETRY"), (node(1), "PASS")] {
        let refused = scene.client.operate(&target, operator).await;
        assert_eq!(
            (refused.status, refused.err_code().as_str()),
            (500, "Agent.UnderMaintenance")
        );
        assert_eq!(refused.message(), "127.0.0.1:2886 is under maintenance");
    }
}

/// The lock does not record its owner.
#[tokio::test]
async fn passing_an_old_task_frees_the_lock_of_a_running_one() {
    let scene = failed_at(Fail::Check).await;
    assert_eq!(scene.client.delete().await.status, 200);
    scene.control.step();
    assert_eq!(scene.client.delete().await.status, 500);
    assert_ok(&scene.client.operate(DAG_1, "PASS").await);
    assert!(!scene.control.snapshot().locked);
    assert_eq!(
        scene.client.delete().await.status,
        200,
        "a second delete beside the running one"
    );
}

#[tokio::test]
async fn twelve_deletes_at_once_make_one_task() {
    let scene = Scene::new(config()).await;
    let asked: Vec<_> = (0..12)
        .map(|_| {
            let client = scene.client.clone();
            tokio::spawn(async move { client.delete().await.status })
        })
        .collect();
    let mut statuses = Vec::new();
    for answer in asked {
        statuses.push(answer.await.unwrap());
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [&[200][..], &[500; 11][..]].concat());
    assert_eq!(scene.control.snapshot().tasks.len(), 1);
}

/// The order: id, body, owner, task, the `id` in the body, the operator's name, the state.
#[tokio::test]
async fn checks_of_an_operator_come_in_their_order() {
    let scene = Scene::new(config()).await;
    let client = &scene.client;
    scene.client.delete().await;
    let ask = async |target: &str, body: Value| {
        client
            .ask("POST", target)
            .json(&body)
            .send()
            .await
            .err_code()
    };
    assert_eq!(
        ask("/api/v1/task/dag/4", json!({})).await,
        "Task.GenericID.Invalid"
    );
    let unknown = "/api/v1/task/dag/421307064330288699";
    assert_eq!(ask(unknown, json!({})).await, "Common.BindJsonFailed");
    assert_eq!(
        ask(unknown, json!({"operator": "FOO"})).await,
        "Task.NotFound"
    );
    assert_eq!(
        ask(DAG_1, json!({"operator": "FOO", "id": "4"})).await,
        "Task.NotFound"
    );
    assert_eq!(
        ask(DAG_1, json!({"operator": "FOO"})).await,
        "Task.Dag.Operator.NotSupport"
    );
    assert_eq!(
        ask(DAG_1, json!({"operator": "RETRY"})).await,
        "Task.Dag.Operator.RetryNotFailedDag"
    );
    let unknown_node = "/api/v1/task/node/421307064330288699";
    assert_eq!(
        ask(unknown_node, json!({"operator": "RETRY"})).await,
        "Task.Node.Operator.NotSupport"
    );
    assert_eq!(
        ask(unknown_node, json!({"operator": "PASS"})).await,
        "Task.NotFound"
    );
    let quoted = client.operate(DAG_1, " retry").await;
    assert_eq!(quoted.message(), "Operator  retry is not supported");
}

#[tokio::test]
async fn a_misfit_in_a_body_is_told_in_gos_words() {
    let scene = Scene::new(config()).await;
    let answer = scene
        .client
        .ask("POST", DAG_1)
        .json(&json!({"operator": 5}))
        .send()
        .await;
    let wanted = "Bind JSON failed: json: cannot unmarshal number into Go struct field DagOperator.operator of type string";
    assert_eq!(answer.message(), wanted);
}

/// `abc` causes a panic only if there is a task to show, and the name is case-sensitive.
#[tokio::test]
async fn show_details_panics_late() {
    let scene = Scene::new(config()).await;
    let get = async |target: &str| scene.client.get(target).await;
    assert_eq!(
        get("/api/v1/task/dags/agent?show_details=abc").await.status,
        200
    );
    assert_eq!(
        get("/api/v1/task/dag/421307064330288699?show_details=abc")
            .await
            .status,
        404
    );
    scene.client.delete().await;
    for value in ["abc", "tRUE"] {
        let panic = get(&format!("/api/v1/task/dags/agent?show_details={value}")).await;
        assert_eq!(
            (panic.status, panic.header("Content-Type")),
            (500, Some("application/json"))
        );
    }
    assert_eq!(
        get("/api/v1/task/dags/agent?Show_Details=abc").await.status,
        200
    );
    for (value, details) in [
        ("1", true),
        ("T", true),
        ("0", false),
        ("False", false),
        ("", false),
    ] {
        let list = get(&format!("/api/v1/task/dags/agent?show_details={value}"))
            .await
            .data();
        assert_eq!(list["contents"][0]["nodes"].is_array(), details, "{value}");
    }
}

#[tokio::test]
async fn two_chinese_colons() {
    let scene = Scene::new(config()).await;
    let message = async |target: &str| {
        scene
            .client
            .ask("GET", target)
            .in_chinese()
            .send()
            .await
            .message()
    };
    assert_eq!(message(DAG_1).await, "未找到任务: record not found");
    assert_eq!(
        message("/api/v1/task/dag/maintain/agent").await,
        "未找到任务：Agent is not under maintenance"
    );
    assert_eq!(message("/api/v1/task/dag/4").await, "无效的任务通用 ID：4");
    assert_eq!(message("/api/v1/nope").await, "未找到资源：404 not found");
}
