//! Tests requests that arrive twice or late, cached responses, and reports that no agent should
//! make.

use std::time::Duration;

use obshell_sim::{Broken, Fate, Fault, Harm, Matching, Oddity};
use serde_json::{Value, json};

use super::faults::{assert_cut, raw_delete};
use super::history::{Scene, config};

const ODP: &str = "/api/v1/obproxy";
const DAG: &str = "/api/v1/task/dag/42130706433028861";
const LIST: &str = "/api/v1/task/dags/agent";
const NEVER: Duration = Duration::from_secs(3600);

fn once(harm: Harm) -> Fault {
    Fault {
        matching: Matching::new("DELETE", ODP),
        harm,
        times: 1,
    }
}

fn fates(scene: &Scene) -> Vec<Fate> {
    let requests = scene.control.requests();
    let deletes = requests.iter().filter(|record| record.is("DELETE", ODP));
    deletes.map(|record| record.fate).collect()
}

#[tokio::test]
async fn a_delete_acts_twice_and_the_second_answer_is_heard() {
    let scene = Scene::new(config()).await;
    scene.control.inject(once(Harm::ActTwice));
    let answer = scene.client.delete().await;
    assert_eq!(answer.err_code(), "Agent.UnderMaintenance");
    let seen = scene.control.snapshot();
    assert_eq!((seen.tasks.len(), seen.count("DELETE", ODP)), (1, 2));
    assert_eq!(
        fates(&scene),
        [Fate::ActedUnheard(200), Fate::Answered(500)]
    );
}

/// A response lost on a broken connection, and the same request again, like a browser.
#[tokio::test]
async fn the_copy_behind_a_lost_answer_meets_what_it_met() {
    let scene = Scene::new(config()).await;
    scene.control.cut_after_acting(Matching::new("DELETE", ODP));
    assert_cut(raw_delete(&scene).await);
    assert!(scene.control.step_to_end());
    assert_eq!(scene.client.delete().await.status, 204);
    assert_eq!(
        fates(&scene),
        [Fate::ActedUnheard(200), Fate::Answered(204)]
    );
}

#[tokio::test]
async fn a_delete_arrives_when_nobody_waits_for_it_any_more() {
    let scene = Scene::new(config()).await;
    scene.control.inject(once(Harm::ActLater(NEVER)));
    assert_cut(raw_delete(&scene).await);
    assert!(scene.control.snapshot().tasks.is_empty());
    assert_eq!(fates(&scene), [Fate::NeverSeen]);
    scene.control.arrive_now().await;
    assert_eq!(scene.control.snapshot().tasks.len(), 1);
    assert_eq!(fates(&scene), [Fate::NeverSeen, Fate::ActedUnheard(200)]);
}

#[tokio::test]
async fn what_arrives_late_needs_no_call() {
    let scene = Scene::new(config()).await;
    scene
        .control
        .inject(once(Harm::ActLater(Duration::from_millis(1))));
    assert_cut(raw_delete(&scene).await);
    scene.control.wait_until(|seen| seen.tasks.len() == 1).await;
    // Whoever sees the task also sees the request.
    assert_eq!(scene.control.snapshot().count("DELETE", ODP), 1);
}

#[tokio::test]
async fn a_copy_of_a_delete_arrives_after_its_answer() {
    let scene = Scene::new(config()).await;
    scene.control.inject(once(Harm::ActAgainLater(NEVER)));
    assert_eq!(scene.client.delete().await.status, 200);
    assert!(scene.control.step_to_end());
    scene.control.arrive_now().await;
    assert_eq!(
        fates(&scene),
        [Fate::Answered(200), Fate::ActedUnheard(204)]
    );
}

/// The copy has the same header, and is rejected after its expiry.
#[tokio::test]
async fn a_copy_is_looked_at_when_it_arrives() {
    let scene = Scene::new(config()).await;
    scene.control.inject(once(Harm::ActAgainLater(NEVER)));
    assert_eq!(scene.client.delete().await.status, 200);
    scene.control.set_clock_offset(90);
    scene.control.arrive_now().await;
    assert_eq!(
        fates(&scene),
        [Fate::Answered(200), Fate::ActedUnheard(401)]
    );
}

#[tokio::test]
async fn a_new_task_is_hidden_and_works_nevertheless() {
    let scene = Scene::new(config()).await;
    scene.control.hide_new_tasks(NEVER);
    assert_eq!(scene.client.delete().await.status, 200);
    assert_eq!(scene.client.get(DAG).await.status, 404);
    for list in [
        LIST,
        "/api/v1/task/dag/unfinish",
        "/api/v1/task/dag/agent/unfinish",
    ] {
        let data = scene.client.get(list).await.data();
        assert_eq!(data, json!({ "contents": [] }), "{list}");
    }
    let newest = "/api/v1/task/dag/maintain/agent";
    assert_eq!(scene.client.get(newest).await.status, 404);
    assert_eq!(scene.client.operate(DAG, "CANCEL").await.status, 404);
    assert_eq!(scene.client.delete().await.status, 500, "it holds the lock");
    scene.control.arrive_now().await;
    assert_eq!(scene.client.get(DAG).await.data()["state"], "READY");
    assert_eq!(scene.client.get(newest).await.status, 200);
}

#[tokio::test]
async fn a_hidden_task_shows_itself_in_time() {
    let scene = Scene::new(config()).await;
    scene.control.hide_new_tasks(Duration::from_millis(1));
    assert_eq!(scene.client.delete().await.status, 200);
    while scene.client.get(DAG).await.status == 404 {}
    assert_eq!(scene.client.get(DAG).await.data()["state"], "READY");
}

#[tokio::test]
async fn a_cache_answers_with_what_it_has() {
    let scene = Scene::new(config()).await;
    let info = || scene.client.ask("GET", "/api/v1/info").unsealed().send();
    let old = info().await;
    scene.control.inject(Fault {
        matching: Matching::path("/api/v1/*"),
        harm: Harm::CacheAnswers,
        times: 3,
    });
    // A request that the cache does not have gets the agent's response.
    assert_eq!(scene.client.delete().await.status, 200);
    assert!(scene.control.step_to_end());
    for _ in 0..2 {
        let again = info().await;
        assert_eq!(
            again.body, old.body,
            "timestamp and trace id are the old ones"
        );
    }
    let new = info().await;
    assert_eq!(new.data()["isObproxyAgent"], false);
    let asked = scene.control.snapshot().count("GET", "/api/v1/info");
    assert_eq!(asked, 2, "by the agent itself");
}

#[tokio::test]
async fn somebody_else_answers_204() {
    let scene = Scene::new(config()).await;
    let delete = Matching::new("DELETE", ODP);
    scene.control.broken_proxy(delete, Broken::Empty(204), 1);
    let answer = scene.client.delete().await;
    assert_eq!((answer.status, answer.body.as_str()), (204, ""));
    assert!(scene.control.snapshot().tasks.is_empty());
    let harm = Harm::ProxyAnswersAfterActing(Broken::Empty(204));
    scene.control.inject(once(harm));
    assert_eq!(scene.client.delete().await.status, 204);
    assert_eq!(scene.control.snapshot().tasks.len(), 1);
}

/// Returns the task of a destroyed ODP, reported with this oddity.
async fn told(oddity: Oddity) -> Value {
    let scene = Scene::new(config()).await;
    scene.destroy(1).await;
    scene.control.tell_oddly(oddity);
    let odd = scene.client.get(DAG).await.data();
    let listed = scene.client.get(LIST).await.data()["contents"][0].clone();
    assert_eq!(odd, listed, "lists tell the same");
    scene.control.heal();
    let healed = scene.client.get(DAG).await.data();
    assert_eq!(healed["nodes"].as_array().unwrap().len(), 4);
    assert_ne!(healed, odd);
    odd
}

#[tokio::test]
async fn a_task_succeeds_with_a_stage_that_failed() {
    let dag = told(Oddity::FailedStage(2)).await;
    assert_eq!(dag["state"], "SUCCEED");
    let states: Vec<&Value> = (0..4).map(|index| &dag["nodes"][index]["state"]).collect();
    assert_eq!(states, ["SUCCEED", "FAILED", "SUCCEED", "SUCCEED"]);
    assert_eq!(dag["nodes"][1]["sub_tasks"][0]["state"], "FAILED");
}

#[tokio::test]
async fn a_task_succeeds_without_nodes() {
    let dag = told(Oddity::NoNodes).await;
    assert_eq!(
        (&dag["state"], &dag["nodes"]),
        (&json!("SUCCEED"), &json!([]))
    );
    assert_eq!(dag["max_stage"], 4);
}

#[tokio::test]
async fn every_time_is_gos_zero_time() {
    let dag = told(Oddity::ZeroTimes).await;
    let node = &dag["nodes"][0];
    for part in [&dag, node, &node["sub_tasks"][0]] {
        for time in ["start_time", "end_time"] {
            assert_eq!(part[time], "0001-01-01T00:00:00Z");
        }
    }
}

#[tokio::test]
async fn lists_begin_with_null() {
    let dag = told(Oddity::Nulls).await;
    let nodes = dag["nodes"].as_array().unwrap();
    assert_eq!((nodes.len(), &nodes[0]), (5, &Value::Null));
    let sub_tasks = nodes[2]["sub_tasks"].as_array().unwrap();
    assert_eq!((sub_tasks.len(), &sub_tasks[0]), (2, &Value::Null));
    assert_eq!(sub_tasks[1]["task_logs"][0], Value::Null);
    assert_eq!(sub_tasks[1]["task_logs"].as_array().unwrap().len(), 5);
}

#[tokio::test]
async fn nodes_have_many_sub_tasks_of_which_the_first_has_a_log() {
    let dag = told(Oddity::SubTasks(25)).await;
    let mut ids = std::collections::BTreeSet::new();
    for node in dag["nodes"].as_array().unwrap() {
        let sub_tasks = node["sub_tasks"].as_array().unwrap();
        assert_eq!(sub_tasks.len(), 25);
        for sub_task in sub_tasks {
            ids.insert(sub_task["id"].as_str().unwrap().to_owned());
            assert_eq!(sub_task["state"], "SUCCEED");
        }
        assert_eq!(sub_tasks[24]["task_logs"], json!([]));
    }
    assert_eq!(ids.len(), 100, "each has an id of its own");
    assert_ne!(dag["nodes"][1]["sub_tasks"][0]["task_logs"], json!([]));
}
