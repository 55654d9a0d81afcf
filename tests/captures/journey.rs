//! Leads a console through the recorded responses of old agents, and of one on `[::1]`.

#[path = "../flow/script.rs"]
#[allow(dead_code, reason = "each test program uses its own part")]
mod script;

use odp_console::flow::ending::{Ending, Unknown};
use odp_console::flow::event::{FlowEvent, Reply};
use odp_console::flow::operation::Operation;
use odp_console::flow::preflight::{Finding, Verdict, checks};
use odp_console::flow::state::{Contact, Origin, Review, Screen, Task, Tasks};
use odp_console::obshell::dag::id::DagId;

use self::script::{DAG, NEWEST, Script, UNFINISHED};
use super::{OLD, REFUSED_IDS, Recorded, name, recorded, titled};

const ALL: &str = "/api/v1/task/dags/agent?show_details=false";
const REFUSED: &str = "5000000000000000000000000000000000000001028861";

/// A recording that is replayed to a console.
struct Play {
    script: Script,
    answers: Vec<Recorded<'static>>,
    told: u32,
}

impl Play {
    fn new(file: &'static str) -> Self {
        Self {
            script: Script::new(),
            answers: recorded(file),
            told: 0,
        }
    }

    /// Responds to the call to `target` with the first response of this title. The agent's clock is
    /// later than every recorded time, and advances with every response.
    fn tell(&mut self, target: &str, title: &str) {
        let answer = titled(&self.answers, title);
        let (status, body) = (answer.status(), answer.body.to_owned());
        self.tell_body(target, status, &body);
    }

    fn tell_body(&mut self, target: &str, status: u16, body: &str) {
        self.told += 1;
        let (head, rest) = body.split_once("\"timestamp\":\"").unwrap();
        let (_, rest) = rest.split_once('"').unwrap();
        let stamp = format!("2026-11-29T03:00:00.{:09}Z", self.told);
        let body = format!("{head}\"timestamp\":\"{stamp}\"{rest}").into_bytes();
        let call = self.script.take(target);
        self.script.finish(&call, Ok(Reply { status, body }));
    }

    fn open_routes(&mut self, info: &str, of: &str) {
        self.tell("/api/v1/info", info);
        self.tell("/api/v1/time", &format!("GET time, {of}"));
        self.tell("/api/v1/secret", &format!("GET secret, {of}"));
    }

    fn connect(&mut self, address: &str, of: &str) {
        self.script.tell(FlowEvent::AddressEdited(address.into()));
        self.script.tell(FlowEvent::Connect {
            has_credential: true,
        });
        self.open_routes("GET info, managed", of);
    }

    /// Sends the DELETE and responds to it.
    fn destroy(&mut self, address: &str, of: &str, delete: &str) {
        self.connect(address, of);
        let none = if of == "managed" {
            "empty"
        } else {
            "nothing ever ran"
        };
        self.tell(UNFINISHED, &format!("/task/dag/agent/unfinish, {none}"));
        self.script.tell(FlowEvent::Confirm {
            typed: address.into(),
        });
        self.open_routes("GET info, managed", of);
        // 4.2.6.0 has no list of all tasks.
        if self.script.targets() == [NEWEST] {
            self.tell(NEWEST, &format!("/task/dag/maintain/agent, {none}"));
        } else {
            self.tell(ALL, &format!("/task/dags/agent, {none}"));
        }
        self.tell("/api/v1/obproxy", delete);
    }

    /// Replays every recorded state of the task whose title has this prefix.
    fn watch(&mut self, titles: &str) {
        let states: Vec<_> = self
            .answers
            .iter()
            .filter(|answer| answer.title.starts_with(titles))
            .map(|answer| (answer.status(), answer.body.to_owned()))
            .collect();
        assert!(states.len() >= 4, "{titles}");
        for (at, (status, body)) in states.iter().enumerate() {
            if at > 0 {
                self.script.due();
            }
            self.tell_body(DAG, *status, body);
        }
    }

    fn task(&self) -> &Task {
        match &self.script.state.screen {
            Screen::Task(task) => task,
            Screen::Ended(ended) => ended.task.as_ref().unwrap(),
            other => panic!("no task: {other:?}"),
        }
    }
}

const IPV4: &str = "127.0.0.1:2886";

#[test]
fn a_whole_destroy_of_an_old_agent_is_told_as_one() {
    for file in OLD {
        let mut play = Play::new(file);
        play.destroy(IPV4, "managed", "DELETE managed, running");
        play.watch("DELETE running, state: ");
        play.tell("/api/v1/info", "GET info, at the end");
        assert_eq!(*play.script.ending(), Ending::Destroyed);
        assert!(matches!(play.task().origin, Origin::Mine(_)));
    }
}

#[test]
fn a_failed_stage_of_an_old_agent_offers_what_the_agent_may_take() {
    for file in OLD {
        let mut play = Play::new(file);
        play.destroy(IPV4, "managed", "DELETE, stop will fail");
        play.watch("stop fails, state: ");
        play.tell("/api/v1/info", "GET info, after failure");
        // A new home: the agent was restarted after the shared routes were recorded.
        assert!(play.task().restarted);
        play.script.due();
        play.tell(DAG, "GET dag, FAILED");
        play.tell("/api/v1/info", "GET info, after failure");
        assert_eq!(
            *play.script.ending(),
            Ending::Failed {
                stage: 2,
                managed: Some(true)
            }
        );
        let offered = Operation::ALL.map(|operation| play.task().offers(operation));
        let [retry, cancel, skip, mark_done] = offered;
        assert!(retry && mark_done && !cancel);
        assert!(!skip, "there is no route for it");
    }
}

#[test]
fn a_task_of_an_old_agent_that_holds_the_lock_is_found_and_followed() {
    for file in OLD {
        let mut play = Play::new(file);
        play.connect(IPV4, "managed");
        play.tell(UNFINISHED, "/task/dag/agent/unfinish, during");
        let Screen::Review(Review { preflight, .. }) = &play.script.state.screen else {
            panic!("{:?}", play.script.state.screen);
        };
        let checks = checks(preflight, true);
        let held = checks.iter().find_map(|check| match &check.finding {
            Finding::Holder { holder, .. } => Some((check.verdict, holder.is_some())),
            _ => None,
        });
        assert_eq!(held, Some((Verdict::Fail, true)));
        play.script.tell(FlowEvent::FollowHolder);
        play.watch("DELETE running, state: ");
        play.tell("/api/v1/info", "GET info, at the end");
        assert_eq!(*play.script.ending(), Ending::Destroyed);
    }
}

#[test]
fn the_tasks_of_an_agent_without_a_list_of_all_are_listed_in_part() {
    let mut play = Play::new(OLD[0]);
    play.connect(IPV4, "managed");
    play.tell(UNFINISHED, "/task/dag/agent/unfinish, empty");
    play.script.tell(FlowEvent::ListTasks);
    play.tell(ALL, "/task/dags/agent?show_details=false, at the end");
    play.tell(UNFINISHED, "/task/dag/agent/unfinish, after failure");
    play.tell(NEWEST, "/task/dag/maintain/agent, at the end");
    let Screen::Review(Review { preflight, .. }) = &play.script.state.screen else {
        panic!("{:?}", play.script.state.screen);
    };
    match &preflight.tasks {
        // The tasks of both homes are numbered from 1.
        Tasks::ListedInPart(listed) => assert_eq!(listed.len(), 1),
        other => panic!("{other:?}"),
    }
    // 4.3.0.0 has such a list.
    let mut play = Play::new(OLD[1]);
    play.connect(IPV4, "managed");
    play.tell(UNFINISHED, "/task/dag/agent/unfinish, empty");
    play.script.tell(FlowEvent::ListTasks);
    play.tell(ALL, "/task/dags/agent?show_details=false, at the end");
    let Screen::Review(Review { preflight, .. }) = &play.script.state.screen else {
        panic!("{:?}", play.script.state.screen);
    };
    assert!(matches!(&preflight.tasks, Tasks::Listed(listed) if listed.len() == 1));
}

#[test]
fn a_destroy_whose_id_the_agent_refuses_is_followed_in_its_lists() {
    let by_id = format!("/api/v1/task/dag/{REFUSED}");
    let mut play = Play::new(REFUSED_IDS);
    play.destroy("[::1]:2886", "own ip ::1", "DELETE, stop will fail");
    play.tell(&by_id, "GET dag by id, READY");
    assert_eq!(play.task().contact, Contact::Good, "that is no failure");
    assert!(play.task().watch.by_lists);
    play.tell(NEWEST, "/task/dag/maintain/agent, FAILED");
    assert_eq!(play.task().dag.id.as_str(), REFUSED);
    assert!(
        Operation::ALL
            .iter()
            .all(|operation| !play.task().offers(*operation))
    );
    play.tell("/api/v1/info", "GET info, managed");
    assert_eq!(
        *play.script.ending(),
        Ending::Failed {
            stage: 2,
            managed: Some(true)
        }
    );
    assert!(
        Operation::ALL
            .iter()
            .all(|operation| !play.task().offers(*operation))
    );
    let log = play.task().dag.current_node().unwrap().sub_tasks.as_ref();
    assert!(log.unwrap()[0].logs.is_some(), "the lists tell it");

    let mut play = Play::new(REFUSED_IDS);
    play.destroy("[::1]:2886", "own ip ::1", "DELETE managed, running");
    play.tell(&by_id, "GET dag by id, READY");
    let done = "/task/dag/maintain/agent?show_details=true, after a delete that succeeded";
    play.tell(NEWEST, done);
    play.tell("/api/v1/info", "GET info, after a delete that succeeded");
    assert!(play.task().restarted, "another home");
    play.script.due();
    play.tell(NEWEST, done);
    play.tell("/api/v1/info", "GET info, after a delete that succeeded");
    assert_eq!(*play.script.ending(), Ending::Destroyed);
}

#[test]
fn a_link_to_a_task_whose_id_the_agent_refuses_opens_it() {
    let by_id = format!("/api/v1/task/dag/{REFUSED}");
    let connected = || {
        let mut play = Play::new(REFUSED_IDS);
        play.script.tell(FlowEvent::Open {
            address: None,
            task: Some(DagId::parse(REFUSED).unwrap()),
        });
        assert_eq!(play.script.state.form.address, "[::1]:2886");
        play.script.tell(FlowEvent::Connect {
            has_credential: true,
        });
        play.open_routes("GET info, managed", "own ip ::1");
        play.tell(&by_id, "GET dag by id, READY");
        play
    };
    let mut play = connected();
    play.tell(NEWEST, "/task/dag/maintain/agent, FAILED");
    assert!(play.task().watch.by_lists);
    assert_eq!(
        play.script.targets(),
        [NEWEST, ALL],
        "and is watched there; which ODP it is about is read beside it"
    );

    // A later task is the newest, and this one has ended: it is in the list of all tasks.
    let mut play = connected();
    play.tell(NEWEST, "/task/dag/maintain/agent, nothing ever ran");
    play.tell(UNFINISHED, "/task/dag/agent/unfinish, nothing ever ran");
    play.tell(
        "/api/v1/task/dags/agent",
        "/task/dags/agent?show_details=true, after a delete that succeeded",
    );
    assert_eq!(play.task().dag.id.as_str(), REFUSED);
    play.script.lose(ALL);

    // A reinstalled agent no longer lists the task.
    for _ in 0..2 {
        if play.script.calls.is_empty() {
            play.script.due();
            play.open_routes("GET info, managed", "own ip ::1");
        }
        play.tell(NEWEST, "/task/dag/maintain/agent, nothing ever ran");
        play.tell(UNFINISHED, "/task/dag/agent/unfinish, nothing ever ran");
        play.tell(
            "/api/v1/task/dags/agent",
            "/task/dags/agent, nothing ever ran",
        );
    }
    assert_eq!(
        *play.script.ending(),
        Ending::OutcomeUnknown(Unknown::Forgotten)
    );
}

#[test]
fn the_recordings_are_found_by_their_titles() {
    let answers = recorded(OLD[0]);
    assert_eq!(
        name(answers[0].title),
        "GET info, unauthenticated, no password, nothing managed"
    );
}
