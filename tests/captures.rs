//! Golden tests: parses all recorded responses of real agents (obshell 4.5.0.0, 4.2.6.0 and
//! 4.3.0.0), and leads a console through the recordings.

#![cfg(not(target_arch = "wasm32"))]
// Permits panics in the helper functions, as in tests.
#![cfg(test)]

#[path = "captures/journey.rs"]
mod journey;

use odp_console::flow::preflight::holder;
use odp_console::obshell::agent_text::AgentText;
use odp_console::obshell::answer;
use odp_console::obshell::dag::progress::Progress;
use odp_console::obshell::dag::{Dag, Operator, State};
use odp_console::obshell::error::{ErrorKind, Failure};
use serde_json::Value;

const FILES: &[&str] = &[
    include_str!("fixtures/captures/00-unauthenticated-404-frontend.txt"),
    include_str!("fixtures/captures/01-no-password-and-unmanaged.txt"),
    include_str!("fixtures/captures/02-error-battery.txt"),
    include_str!("fixtures/captures/03-delete-success.txt"),
    include_str!("fixtures/captures/04-delete-stop-fails-retry.txt"),
    include_str!("fixtures/captures/06-add-stop-start-delete.txt"),
    include_str!("fixtures/captures/08-cancel-ready.txt"),
    include_str!("fixtures/captures/10-stop-timeout-zombie.txt"),
    include_str!("fixtures/captures/13-encryption-disabled-build.txt"),
];

/// Responses of 4.2.6.0 and 4.3.0.0, with fewer fields and numeric error codes.
const OLD: &[&str] = &[
    include_str!("fixtures/captures/15-old-4.2.6.0.txt"),
    include_str!("fixtures/captures/16-old-4.3.0.0.txt"),
];

/// Responses of agents of 4.5.0.0 with addresses whose first byte is zero.
const REFUSED_IDS: &str = include_str!("fixtures/captures/18-ipv6-leading-zero.txt");

/// A response of a capture: its title and its body.
struct Recorded<'a> {
    title: &'a str,
    body: &'a str,
    json: Value,
}

impl Recorded<'_> {
    fn status(&self) -> u16 {
        self.json["status"].as_u64().unwrap().try_into().unwrap()
    }

    fn dag(&self) -> Dag {
        answer::dag(self.status(), self.body.as_bytes())
            .unwrap()
            .value
    }
}

fn recorded(text: &str) -> Vec<Recorded<'_>> {
    let mut title = "";
    let mut answers = Vec::new();
    for line in text.lines() {
        if let Some(next) = line.strip_prefix("## ").or(line.strip_prefix("== ")) {
            title = next;
        } else if line.starts_with(r#"{"successful""#) {
            let json = serde_json::from_str(line).unwrap();
            answers.push(Recorded {
                title,
                body: line,
                json,
            });
        } else if let Some(of) = line.strip_prefix("(data byte-equal to that of \"") {
            let (of, _) = of.split_once("\" above)").unwrap();
            let same = answers.iter().rev().find(|answer| name(answer.title) == of);
            let same: &Recorded<'_> = same.unwrap_or_else(|| panic!("no {of}"));
            let (body, json) = (same.body, same.json.clone());
            answers.push(Recorded { title, body, json });
        }
    }
    answers
}

/// A title without the request after it.
fn name(title: &str) -> &str {
    title.split_once("   [").map_or(title, |(name, _)| name)
}

fn all() -> Vec<Recorded<'static>> {
    FILES.iter().flat_map(|file| recorded(file)).collect()
}

fn titled<'a>(answers: &'a [Recorded<'a>], title: &str) -> &'a Recorded<'a> {
    answers
        .iter()
        .find(|answer| name(answer.title) == title)
        .unwrap_or_else(|| panic!("no {title}"))
}

#[test]
fn every_answer_opens_as_what_it_is() {
    let (mut refused, mut dags, mut nodes, mut sub_tasks, mut lists, mut other) =
        (0, 0, 0, 0, 0, 0);
    for answer in all() {
        let (status, body, data) = (
            answer.status(),
            answer.body.as_bytes(),
            &answer.json["data"],
        );
        let has = |key| data.get(key).is_some();
        if status >= 400 {
            let Err(Failure::Refused(error)) = answer::done(status, body) else {
                panic!("{}: not refused", answer.title);
            };
            assert_eq!(
                error.message.raw(),
                answer.json["error"]["message"],
                "{}",
                answer.title
            );
            assert_eq!(
                error.err_code.as_ref().map(AgentText::raw),
                answer.json["error"]["errCode"].as_str()
            );
            assert_eq!(error.trace_id, answer.json["traceId"]);
            refused += 1;
        } else if has("max_stage") {
            let dag = answer.dag();
            assert_eq!(dag.id.as_str(), data["id"]);
            assert_eq!(dag.state.to_string(), data["state"].as_str().unwrap());
            assert_eq!(dag.operator.to_string(), data["operator"].as_str().unwrap());
            assert_eq!(dag.nodes.is_some(), data["nodes"].is_array());
            assert_eq!(dag.id.owner().unwrap().to_string(), "127.0.0.1:2886");
            assert!(dag.is_odp_task() || dag.name == "Start obproxy");
            dags += 1;
        } else if has("sub_tasks") {
            assert_eq!(
                answer::node(status, body).unwrap().value.id.as_str(),
                data["id"]
            );
            nodes += 1;
        } else if has("execute_times") {
            assert_eq!(
                answer::sub_task(status, body).unwrap().value.id.as_str(),
                data["id"]
            );
            sub_tasks += 1;
        } else if has("contents") {
            let contents = data["contents"].as_array().unwrap();
            if contents
                .iter()
                .any(|entry| entry.get("log_content").is_some())
            {
                let lines = answer::logs(status, body).unwrap().value;
                assert_eq!(lines.len(), contents.len());
                assert!(lines.iter().all(|line| line.written.is_some()));
            } else {
                assert_eq!(
                    answer::dags(status, body).unwrap().value.len(),
                    contents.len()
                );
            }
            lists += 1;
        } else if has("isObproxyAgent") {
            let info = answer::info(status, body).unwrap().value;
            assert_eq!(info.version.to_string(), "4.5.0.0-0");
            assert_eq!(info.manages_odp, data["isObproxyAgent"].as_bool());
            assert_eq!(info.password_set, data["security"].as_bool());
            assert_eq!(Some(info.started_at), data["startAt"].as_i64());
            other += 1;
        } else {
            answer::done(status, body).unwrap();
            other += 1;
        }
    }
    // Minimum numbers, so that a reader that finds nothing fails.
    assert!(refused >= 60, "{refused}");
    assert!(dags >= 25, "{dags}");
    assert!(
        nodes >= 1 && sub_tasks >= 1 && lists >= 8 && other >= 15,
        "{nodes} {sub_tasks} {lists} {other}"
    );
}

/// Returns every task in a response, which has one task or a list.
fn dags(answer: &Recorded<'_>) -> Vec<Dag> {
    let (status, body) = (answer.status(), answer.body.as_bytes());
    let data = &answer.json["data"];
    if data.get("max_stage").is_some() {
        return vec![answer.dag()];
    }
    let contents = data["contents"].as_array();
    if contents.is_some_and(|all| all.iter().any(|one| one.get("max_stage").is_some())) {
        let opened = answer::dags(status, body).unwrap();
        assert_eq!(opened.unparsed, 0, "{}", answer.title);
        return opened.value;
    }
    Vec::new()
}

/// Checks that the times of a task are consistent with the recording agent's clock and with each
/// other.
fn times_are_true(dag: &Dag, title: &str) {
    let mut spans = vec![(&dag.span, "task")];
    for node in dag.nodes.iter().flatten() {
        spans.push((&node.span, "stage"));
        let sub_tasks = node.sub_tasks.iter().flatten();
        spans.extend(sub_tasks.map(|sub_task| (&sub_task.span, "sub task")));
    }
    for (span, of) in spans {
        for time in [&span.started, &span.ended].into_iter().flatten() {
            assert!(
                time.text().starts_with("202"),
                "{title}: {of} {}",
                time.text()
            );
        }
        // No task in the captures took longer than its recording.
        assert!(
            span.duration().is_none_or(|millis| millis < 600_000),
            "{title}"
        );
    }
}

#[test]
fn every_task_of_an_old_agent_is_read_whole_and_told_by_its_name() {
    let mut seen = 0;
    for answer in OLD.iter().flat_map(|file| recorded(file)) {
        for dag in dags(&answer) {
            assert_eq!(dag.maintenance_type, None, "{}", answer.title);
            assert!(dag.is_delete() && dag.is_odp_task(), "{}", answer.title);
            assert_eq!(dag.takes_lock(), Some(true));
            assert_eq!(dag.unparsed, Default::default(), "{}", answer.title);
            times_are_true(&dag, answer.title);
            if dag.state == State::Succeed && dag.nodes.is_some() {
                let progress = dag.progress();
                let passed = dag.operator == Operator::Pass;
                let told = matches!(progress, Progress::Done | Progress::Skipped);
                assert!(
                    told && passed == (progress == Progress::Skipped),
                    "{}",
                    answer.title
                );
            }
            seen += 1;
        }
    }
    assert!(seen >= 200, "{seen}");
}

#[test]
fn every_task_with_a_refused_id_is_read_from_the_lists() {
    let mut seen = 0;
    for answer in recorded(REFUSED_IDS) {
        for dag in dags(&answer) {
            let owner = dag.id.owner().unwrap().to_string();
            assert_eq!(dag.id.is_refused_by_its_agent(), owner != "[fd00::1]:2886");
            assert_eq!(dag.unparsed, Default::default(), "{}", answer.title);
            times_are_true(&dag, answer.title);
            seen += 1;
        }
    }
    assert!(seen >= 60, "{seen}");
}

#[test]
fn an_old_agent_s_failed_destroy_holds_its_lock() {
    for file in OLD {
        let answers = recorded(file);
        for title in [
            "/task/dag/unfinish, during",
            "/task/dag/unfinish, after failure",
        ] {
            let dag = holder(dags(titled(&answers, title)));
            let dag = dag.unwrap_or_else(|| panic!("{title}"));
            assert!(dag.is_delete());
        }
    }
}

#[test]
fn a_part_that_was_passed_has_no_duration_and_a_lost_start_none() {
    let answers = recorded(OLD[1]);
    let dag = titled(&answers, "GET dag, right after dag PASS").dag();
    assert_eq!(dag.progress(), Progress::Skipped);
    assert_eq!(dag.span.started, None, "1970, for good");
    assert!(dag.span.ended.is_some());
    let nodes = dag.nodes.as_ref().unwrap();
    assert!(nodes[0].span.duration().is_some(), "it ran");
    for node in &nodes[1..] {
        assert_eq!(node.span.duration(), None, "{}", node.name);
        let sub_task = &node.sub_tasks.as_ref().unwrap()[0];
        assert_eq!(sub_task.span.duration(), None, "{}", node.name);
    }
    assert!(nodes[1].span.started.is_some() && nodes[2].span.started.is_none());
}

#[test]
fn every_recorded_refusal_of_an_old_agent_is_known() {
    for answer in OLD.iter().flat_map(|file| recorded(file)) {
        if let Err(Failure::Refused(error)) = answer::done(answer.status(), answer.body.as_bytes())
        {
            let known_to_be_other = [
                "only cluster agent",
                "unexpected EOF",
                "Illegal argument: EOF",
                "cannot unmarshal",
            ];
            let other = known_to_be_other
                .iter()
                .any(|text| error.message.raw().contains(text));
            assert_eq!(error.kind == ErrorKind::Other, other, "{}", error.message);
        }
    }
}

#[test]
fn every_recorded_err_code_of_headers_and_operators_is_known() {
    for answer in all() {
        if let Err(Failure::Refused(error)) = answer::done(answer.status(), answer.body.as_bytes())
        {
            let code = error.err_code.unwrap();
            let of_interest = ["Security.", "Request.", "Task.", "Agent.UnderM"];
            if of_interest
                .iter()
                .any(|prefix| code.raw().starts_with(prefix))
                && code != "Request.File.Missing"
            {
                assert_ne!(error.kind, ErrorKind::Other, "{code}");
            }
        }
    }
}

#[test]
fn the_open_routes_open() {
    let answers = recorded(FILES[0]);
    let body = |title| titled(&answers, title).body.as_bytes();
    let key = answer::secret(200, body("GET /api/v1/secret"))
        .unwrap()
        .value;
    let key = odp_console::obshell::crypto::public_key::PublicKey::parse(&key).unwrap();
    assert_eq!(key.bits(), 1024);
    let time = answer::time(200, body("GET /api/v1/time")).unwrap().value;
    assert_eq!(time.text(), "2026-11-23T12:39:11.040780555Z");
    assert_eq!(
        answer::status(200, body("GET /api/v1/status"))
            .unwrap()
            .value
            .state,
        2
    );
}

#[test]
fn a_running_delete_has_no_end_and_its_waiting_stages_no_times() {
    let answers = recorded(FILES[3]);
    let dag = titled(&answers, "GET dag while stopping").dag();
    assert!(dag.is_delete());
    assert_eq!(dag.progress(), Progress::Running);
    assert_eq!((dag.stage, dag.max_stage), (2, 4));
    assert!(dag.span.started.is_some() && dag.span.ended.is_none());
    let nodes = dag.nodes.as_ref().unwrap();
    assert_eq!(nodes[0].span.duration(), Some(1002));
    let stop = &nodes[1].sub_tasks.as_ref().unwrap()[0];
    assert_eq!(
        **stop.logs.as_ref().unwrap(),
        ["Get obproxy pid: 8897", "Kill obproxy process 8897"]
    );
    assert!(stop.span.started.is_some() && stop.span.ended.is_none());
    assert_eq!(nodes[2].state, State::Pending);
    assert_eq!(nodes[2].span, Default::default());
    assert!(nodes[2].sub_tasks.as_ref().unwrap()[0].logs.is_none());
    // A DAG, a node and a sub task can have the same number.
    assert_eq!(dag.id.as_str(), nodes[0].id.as_str());

    let created = titled(&answers, "DELETE managed, proxy running").dag();
    assert_eq!(created.progress(), Progress::Waiting);
    assert!(created.created.is_some() && created.span.started.is_none() && created.nodes.is_none());

    let done = titled(&answers, "GET dag final").dag();
    assert_eq!(done.progress(), Progress::Done);
    assert_eq!(done.span.duration(), Some(11_024));
}

#[test]
fn a_retry_shows_no_time_of_1970() {
    let answers = recorded(FILES[4]);
    let failed = titled(&answers, "GET failed dag").dag();
    assert_eq!(failed.progress(), Progress::Failed { stage: 2 });
    let retried = titled(&answers, "GET right after RETRY").dag();
    assert_eq!(retried.progress(), Progress::Waiting);
    assert_eq!(retried.span, Default::default());
    assert_eq!(retried.created, None);
    assert_eq!(retried.current_node().unwrap().operator, Operator::Retry);
}

#[test]
fn a_cancelled_task_is_not_a_failed_one() {
    let answers = recorded(FILES[6]);
    let dag = titled(&answers, "GET cancelled").dag();
    assert_eq!(
        (&dag.state, &dag.operator),
        (&State::Failed, &Operator::Cancel)
    );
    assert_eq!(dag.progress(), Progress::Cancelled { stage: 1 });
}
