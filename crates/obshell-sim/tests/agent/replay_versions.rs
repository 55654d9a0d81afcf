//! Replays captures 15, 16, 18 and 19: complete recordings of real agents 4.2.6.0, 4.3.0.0 and
//! 4.5.0.0. Every request of a file is sent in its order; the acts on the agent in between are
//! repeated on the simulated one.

use std::collections::HashMap;

use obshell_sim::{Agent, Config, Fail, Identity, Odp, Version};

use super::history::{Scene, config, summary};
use super::questions::Asker;
use super::script::{Body, Exchange, Step, parse};
use super::shape::{data_of, ranked, shape};
use super::wire::{Answer, Client};

/// The number of passes by which a state may differ.
const PASSES: usize = 6;
/// The number of passes by which a response may differ: by the captures, states may be one tick
/// apart from the request.
const PASSES_OF_AN_ANSWER: usize = 2;

const ONE_MOMENT: &str = "seen in the middle of what is one moment here";

/// Exchanges that are not compared: the end of the title line or its substitute, and the reason.
const LEFT_OUT: &[(&str, u16, &str)] = &[
    (
        "GET dag, IPv4 spelled id 42130706433028861",
        401,
        "the answer is of whatever agent listens on 127.0.0.1:2886: there the real one itself",
    ),
    (
        "GET dag, id of fd00::1 (not this agent)",
        500,
        "what the network says of an address that is nobody's",
    ),
    (
        "GET host-info",
        200,
        "it is about the host of the recording",
    ),
    // On 4.3.0.0, the sub task runs before its node does.
    ("/task/dags/agent, during", 200, ONE_MOMENT),
];

/// States that are not compared, by their content, with the reason. The request after such a state
/// is not compared either.
const STATES_LEFT_OUT: &[(&[&str], &str)] = &[
    // Between the last line of a sub task without a wait, and its end.
    (&["RUNNING/RETRY[RUNNING/RUN x3 logs=3]"], ONE_MOMENT),
    (
        &["Stop obproxy:RUNNING/RUN[RUNNING/RUN x1 logs=1]"],
        ONE_MOMENT,
    ),
    // Between the end of a sub task and its last line.
    (&["RUNNING/RETRY[FAILED/RUN x3 logs=1]"], ONE_MOMENT),
    // Between the start of a DAG or a node and that of its parts.
    (
        &["RUNNING/RUN stage 2/4", "Stop obproxy:PENDING/RETRY[FAILED"],
        ONE_MOMENT,
    ),
    (
        &[
            "RUNNING/CANCEL stage 2/4",
            "Stop obproxy:PENDING/CANCEL[RUNNING",
        ],
        ONE_MOMENT,
    ),
    (&["Delete obproxy:RUNNING/RUN[PENDING/RUN x0"], ONE_MOMENT),
];

#[tokio::test]
async fn an_agent_4_2_6_0() {
    let text = include_str!("../../../../tests/fixtures/captures/15-old-4.2.6.0.txt");
    let played = Play::new(Version::new(4, 2, 6, 0)).all(text).await;
    assert_eq!(played, (489, 4), "requests compared, left out");
}

#[tokio::test]
async fn an_agent_4_3_0_0() {
    let text = include_str!("../../../../tests/fixtures/captures/16-old-4.3.0.0.txt");
    let played = Play::new(Version::new(4, 3, 0, 0)).all(text).await;
    assert_eq!(played, (532, 8), "requests compared, left out");
}

#[tokio::test]
async fn agents_whose_address_begins_with_zero() {
    let text = include_str!("../../../../tests/fixtures/captures/18-ipv6-leading-zero.txt");
    let played = Play::new(Version::CURRENT).all(text).await;
    assert_eq!(played, (342, 9), "requests compared, left out");
}

#[tokio::test]
async fn show_details_of_every_kind() {
    let text = include_str!("../../../../tests/fixtures/captures/19-show-details-abc.txt");
    let played = Play::new(Version::CURRENT).all(text).await;
    assert_eq!(played, (260, 0), "requests compared, left out");
}

/// The agent of a script, and its responses so far.
struct Play {
    version: Version,
    scene: Option<Scene>,
    /// A client with the key of another agent.
    stranger: Option<Client>,
    /// The data of the last response of every title: the recorded and the simulated one.
    data: HashMap<String, (String, Option<String>)>,
    compared: usize,
    left_out: usize,
    /// The previous state was not compared.
    in_between: bool,
    /// The differences from the recording.
    wrong: Vec<String>,
}

impl Play {
    fn new(version: Version) -> Self {
        Self {
            version,
            scene: None,
            stranger: None,
            data: HashMap::new(),
            compared: 0,
            left_out: 0,
            in_between: false,
            wrong: Vec::new(),
        }
    }

    async fn all(mut self, text: &str) -> (usize, usize) {
        // Nothing listens on port 2887 while a socket without a listener holds it.
        let silent = tokio::net::TcpSocket::new_v4().unwrap();
        silent.set_reuseaddr(true).unwrap();
        silent.bind(([127, 0, 0, 1], 2887).into()).unwrap();
        self.settle("").await;
        for step in parse(text) {
            match step {
                Step::Home(home) => self.settle(&home).await,
                Step::Heading => {}
                Step::Note(note) => self.heed(&note).await,
                Step::State(state) => self.reach(&state),
                Step::Exchange(exchange) => self.exchange(&exchange).await,
            }
        }
        let wrong = self.wrong;
        assert!(
            wrong.is_empty(),
            "{}\n{} wrong",
            wrong.join("\n"),
            wrong.len()
        );
        (self.compared, self.left_out)
    }

    fn scene(&self) -> &Scene {
        self.scene.as_ref().unwrap()
    }

    /// Creates a new agent without a password and without an ODP.
    async fn settle(&mut self, home: &str) {
        let own = home.split("own ip ").nth(1).map(|rest| {
            let ip = rest.split([' ', ':']).next().unwrap();
            // `own ip ::1: a delete …` and `own ip ::1 (the agent …`.
            rest.split(": ")
                .next()
                .unwrap()
                .split(' ')
                .next()
                .unwrap_or(ip)
                .parse()
                .unwrap()
        });
        let mut with = Config {
            agent_password: None,
            odp: Odp::Unmanaged,
            odp_home: "/home/admin/obproxy".to_owned(),
            version: self.version,
            ..config()
        };
        if let Some(ip) = own {
            with.shown = Some((ip, 2886));
        }
        let other = Agent::start(with.clone()).await.unwrap();
        self.stranger = Some(Client::new(&other).await);
        self.scene = Some(Scene::new(with).await);
        self.data.clear();
    }

    /// Repeats the act on the agent that a note describes.
    async fn heed(&mut self, note: &str) {
        let control = &self.scene().control;
        if note.starts_with("(agent stopped; sqlite .meta obproxy_info home_path=") {
            let (odp, fail) = match note.rsplit("ODP: ").next().unwrap() {
                "running)" => (Odp::Running, Fail::None),
                "stop-fails)" => (Odp::Stopped, Fail::Stop),
                other => panic!("no such ODP: {other}"),
            };
            control.set_odp(odp);
            control.set_fail(fail);
            if note.contains("ocs_info.identity=CLUSTER AGENT") {
                control.set_identity(Identity::ClusterAgent);
            }
            control.restart().await.unwrap();
        } else if note == "(pid file removed)" {
            control.set_fail(Fail::None);
        } else {
            // Notes without an act: files on a disk, the structure of an id, and a timeout of the
            // recorder.
            let about = ["(files left", "(id 5", "(limit)"];
            assert!(
                about.iter().any(|start| note.starts_with(start)),
                "not understood: {note}"
            );
        }
    }

    /// Moves the engine to a state.
    fn reach(&mut self, state: &str) {
        let left_out = |(needles, _): &(&[&str], &str)| needles.iter().all(|it| state.contains(it));
        self.in_between = STATES_LEFT_OUT.iter().any(left_out);
        if self.in_between {
            return;
        }
        // The requests check the reported type of maintenance, and whether an ODP is managed.
        let wanted = without_type(state.split(" | isObproxyAgent").next().unwrap());
        let wanted = wanted.split(" (from ").next().unwrap();
        let seen = || {
            without_type(&summary(
                self.scene().control.snapshot().last_task().unwrap(),
            ))
        };
        let before = seen();
        if !self.moves(PASSES, || seen() == wanted) {
            self.wrong
                .push(format!("state\n  before: {before}\n  wanted: {wanted}"));
        }
    }

    /// Moves the engine until `there` is true; returns whether it became true.
    fn moves(&self, passes: usize, mut there: impl FnMut() -> bool) -> bool {
        for _ in 0..passes * 2 {
            if there() {
                return true;
            }
            self.move_on();
        }
        there()
    }

    /// Half a pass: ends a sub task's wait, or runs the scheduler.
    fn move_on(&self) {
        let control = &self.scene().control;
        let seen = control.snapshot();
        let task = seen.last_task().unwrap();
        // A wait that is cancelled does not end.
        let waits = task.operator.as_str() != "CANCEL"
            && task
                .nodes
                .iter()
                .any(|node| node.sub_task.state.as_str() == "RUNNING");
        if waits {
            control.elapse();
        } else {
            control.pass();
        }
    }

    async fn exchange(&mut self, exchange: &Exchange) {
        let in_between =
            std::mem::take(&mut self.in_between) && exchange.title.contains(", state: ");
        let left_out = LEFT_OUT
            .iter()
            .any(|(title, status, _)| *title == exchange.title && *status == exchange.status);
        if in_between || left_out {
            self.left_out += 1;
            self.remember(exchange, None);
            return;
        }
        if exchange.title.ends_with("pid file removed") {
            self.scene().control.set_fail(Fail::None);
        }
        let mut answer = self.ask(exchange).await;
        let mut wrong = self.differences(exchange, &answer);
        // Only reads may be repeated.
        let is_read = exchange.method == "GET" && exchange.target.starts_with("/api/v1/task/");
        let moves = if is_read && exchange.status == 200 {
            PASSES_OF_AN_ANSWER * 2
        } else {
            0
        };
        for _ in 0..moves {
            if wrong.is_empty() {
                break;
            }
            self.move_on();
            answer = self.ask(exchange).await;
            wrong = self.differences(exchange, &answer);
        }
        self.wrong.extend(wrong);
        self.remember(exchange, data_of(&answer.body));
        self.compared += 1;
    }

    /// Stores the data for exchanges that refer to the data of another.
    fn remember(&mut self, exchange: &Exchange, own: Option<&str>) {
        if let Some(data) = self.recorded(exchange).as_deref().and_then(data_of) {
            let data = (data.to_owned(), own.map(str::to_owned));
            self.data.insert(exchange.title.clone(), data);
        }
    }

    async fn ask(&self, exchange: &Exchange) -> Answer {
        let scene = self.scene();
        let asker = Asker {
            client: &scene.client,
            stranger: self.stranger.as_ref().unwrap(),
        };
        asker.ask(exchange).send().await
    }

    /// Returns the recorded body, also if the capture refers to the data of another. There is none
    /// for a page.
    fn recorded(&self, exchange: &Exchange) -> Option<String> {
        match &exchange.body {
            Body::None => Some(String::new()),
            Body::Html => None,
            Body::Json(json) => Some(json.clone()),
            Body::DataOf(title) => Some(format!(
                r#"{{"successful":true,"timestamp":"2026-01-01T00:00:00.1Z","duration":0,"status":200,"traceId":"0123456789abcdef","data":{}}}"#,
                self.data[title].0
            )),
        }
    }

    /// Returns the differences from the recording: in data that another response had, status,
    /// headers and body. The times in the body count by their order.
    fn differences(&self, exchange: &Exchange, answer: &Answer) -> Vec<String> {
        let Exchange { line, title, .. } = exchange;
        let differ = |what: &str, own: &str, wanted: &str| {
            (own != wanted).then(|| {
                format!("line {line}, {title}: {what}\n  own:    {own}\n  wanted: {wanted}")
            })
        };
        let or_none = |text: Option<&str>| text.unwrap_or("none").to_owned();
        let told_before = match &exchange.body {
            Body::DataOf(title) => self.data[title].1.as_deref(),
            _ => None,
        };
        let has_length = answer.header("Content-Length").is_some();
        let parts = [
            told_before.and_then(|before| {
                differ(
                    "as before",
                    data_of(&answer.body).unwrap_or_default(),
                    before,
                )
            }),
            self.recorded(exchange).and_then(|recorded| {
                let in_shape = |body: &str| shape(&ranked(body));
                differ("body", &in_shape(&answer.body), &in_shape(&recorded))
            }),
            differ(
                "status",
                &answer.status.to_string(),
                &exchange.status.to_string(),
            ),
            differ(
                "content type",
                &or_none(answer.header("Content-Type")),
                &or_none(exchange.content_type.as_deref()),
            ),
            differ(
                "has a length",
                &has_length.to_string(),
                &exchange.announces_length.to_string(),
            ),
            differ(
                "location",
                &or_none(answer.header("Location")),
                &or_none(exchange.location.as_deref()),
            ),
        ];
        parts.into_iter().flatten().collect()
    }
}

fn without_type(state: &str) -> String {
    let (before, rest) = state.split_once(" mt=").unwrap();
    let (_, after) = rest.split_once(' ').unwrap();
    format!("{before} {after}")
}
