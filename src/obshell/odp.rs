//! Determines which ODP an agent manages from the logs of its tasks.
//!
//! No route returns the ODP. The task that starts an obproxy writes the command to its log
//! (protocol: 13.14):
//!
//! ```text
//! start obproxy cmd: cd '<home>'; ./bin/obproxy -o '<name=value,…>' [-n '<name>'] [-c '<cluster>']
//! ```
//!
//! `Add obproxy` writes the whole command, `Start obproxy` only the home, and the stages of an
//! `Upgrade obproxy` write no command.

use std::cmp::Ordering;
use std::rc::Rc;

use super::agent_text::AgentText;
use super::dag::id::DagId;
use super::dag::{Dag, Operator, State};
use super::time::AgentTime;

/// The beginning of the log line with a start command.
const START_COMMAND: &str = "start obproxy cmd: ";

/// The option that names the port for clients.
const PORT_OPTION: &str = "listen_port";

/// The task that writes the whole command.
const ADD_DAG_NAME: &str = "Add obproxy";

/// The tasks that start an obproxy.
const STARTING_DAG_NAMES: [&str; 3] = [ADD_DAG_NAME, "Start obproxy", "Upgrade obproxy"];

/// The first stage in which a delete may have unregistered the ODP, counted from 1 (protocol: 3.1).
const FORGETTING_STAGE: usize = 3;

/// The ODP as the agent's tasks record it: at least one of the first four fields is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Odp {
    /// The home folder.
    pub home: Option<AgentText>,
    /// The name (`-n`).
    pub name: Option<AgentText>,
    /// The OceanBase cluster that the ODP was added for (`-c`).
    pub cluster: Option<AgentText>,
    /// The client port (`listen_port`) that it was started with.
    pub port: Option<u16>,
    /// The task that records it.
    pub source: Source,
}

/// A task of the agent, named as the source of a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its id.
    pub id: DagId,
    /// Its name, always English: `Add obproxy`.
    pub name: AgentText,
    /// When it started, by the agent's clock.
    pub started: Option<AgentTime>,
}

/// The task whose log records which ODP the agent manages, if any does. `dags` may be in any order.
///
/// This is the newest `Add obproxy`, the only task that records more than the home: an agent adds
/// no second ODP beside the first. Without one it is the newest task that starts an ODP. Tasks
/// before a delete that may have unregistered the ODP are ignored.
#[must_use]
pub fn source_task(dags: &[Rc<Dag>]) -> Option<&Rc<Dag>> {
    newest_source(dags.iter())
}

fn newest_source<'a>(dags: impl Iterator<Item = &'a Rc<Dag>> + Clone) -> Option<&'a Rc<Dag>> {
    let forgotten = dags.clone().filter(|dag| may_have_forgotten(dag));
    let forgotten = forgotten.map(|dag| dag.number).max().unwrap_or_default();
    dags.filter(|dag| dag.number > forgotten)
        .filter(|dag| STARTING_DAG_NAMES.contains(&dag.name.raw()))
        .max_by_key(|dag| (dag.name == ADD_DAG_NAME, dag.number))
}

/// The task whose log records which ODP `task` is about, if any does: an earlier task, or `task`
/// itself. `dags` may be in any order.
#[must_use]
pub fn source_task_before<'a>(dags: &'a [Rc<Dag>], task: &Dag) -> Option<&'a Rc<Dag>> {
    let before = dags
        .iter()
        .filter(|dag| match dag.number.cmp(&task.number) {
            Ordering::Less => true,
            Ordering::Equal => !task.is_delete(),
            Ordering::Greater => false,
        });
    newest_source(before)
}

/// Whether a task is a delete after which the agent may manage no ODP, or another one.
fn may_have_forgotten(dag: &Dag) -> bool {
    let passed = dag.operator == Operator::Pass;
    dag.is_delete() && (dag.stage >= FORGETTING_STAGE || (dag.state == State::Succeed && !passed))
}

impl Odp {
    /// Parses the last start command in the log of a task, since a stage that was run again may
    /// have written several. `None` if there is none, or none that can be parsed.
    #[must_use]
    pub fn from_task(dag: &Dag) -> Option<Self> {
        let nodes = dag.nodes.iter().flatten();
        let sub_tasks = nodes.flat_map(|node| node.sub_tasks.iter().flatten());
        let lines = sub_tasks.flat_map(|sub_task| sub_task.logs.iter().flat_map(|logs| &**logs));
        let mut commands = lines.filter_map(|line| line.strip_prefix(START_COMMAND));
        let command = commands.next_back()?;
        let mut odp = Self {
            home: None,
            name: None,
            cluster: None,
            port: None,
            source: Source {
                id: dag.id.clone(),
                name: dag.name.clone(),
                started: dag.span.started.clone(),
            },
        };
        odp.read(command);
        let found =
            odp.home.is_some() || odp.name.is_some() || odp.cluster.is_some() || odp.port.is_some();
        found.then_some(odp)
    }

    fn read(&mut self, command: &str) {
        let words = shell_words(command);
        let mut words = words.iter().map(String::as_str);
        while let Some(word) = words.next() {
            let field = match word {
                "cd" => &mut self.home,
                "-n" => &mut self.name,
                "-c" => &mut self.cluster,
                "-o" => {
                    self.port = words.next().and_then(port);
                    continue;
                }
                _ => continue,
            };
            *field = words
                .next()
                .filter(|value| !value.is_empty() && *value != ";")
                .map(AgentText::from);
        }
    }
}

/// The port among options `name=value,…`. A quoted value may contain commas.
fn port(options: &str) -> Option<u16> {
    let mut quoted = false;
    let mut options = options.split(|c| {
        quoted ^= c == '\'';
        c == ',' && !quoted
    });
    options.find_map(|option| {
        let (name, value) = option.split_once('=')?;
        (name.trim() == PORT_OPTION).then(|| value.trim().parse().ok())?
    })
}

/// Splits a command into words as a POSIX shell does; `;` is a word. An unclosed quotation mark
/// extends to the end.
fn shell_words(command: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut chars = command.chars();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (Some('\''), '\'') | (Some('"'), '"') => quote = None,
            (Some('\''), _) => word.get_or_insert_default().push(c),
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (_, '\\') => word.get_or_insert_default().extend(chars.next()),
            (None, ';') => {
                words.extend(word.take());
                words.push(";".to_owned());
            }
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::obshell::answer;

    const RECORDED: &str = "start obproxy cmd: cd '/home/admin/px2'; ./bin/obproxy -o 'listen_port=2883,obproxy_config_server_url=,prometheus_listen_port=2884,rootservice_list=,rpc_listen_port=2885,obproxy_sys_password=b4c56ee8d2854166dec66644f541b85247105b2c' -n 'px'";

    /// A completed task with this name and number, and these lines in the log of its last stage.
    fn task(name: &str, number: i64, lines: &[&str]) -> Dag {
        let lines = serde_json::to_string(lines).unwrap();
        let body = format!(
            r#"{{"successful":true,"timestamp":"2026-11-23T12:30:00Z","status":200,"data":{{"id":"4213070643302886{number}","dag_id":{number},"name":"{name}","stage":4,"max_stage":4,"state":"SUCCEED","operator":"RUN","start_time":"2026-11-23T12:19:47Z","end_time":"2026-11-23T12:20:04Z","nodes":[{{"id":"42130706433028861","name":"Check obproxy status","state":"SUCCEED","operator":"RUN","sub_tasks":null}},{{"id":"42130706433028862","name":"Start obproxy","state":"SUCCEED","operator":"RUN","sub_tasks":[{{"id":"42130706433028862","name":"Start obproxy","state":"SUCCEED","operator":"RUN","task_logs":{lines}}}]}}]}}}}"#
        );
        answer::dag(200, body.as_bytes()).unwrap().value
    }

    type Parts<'a> = (
        Option<&'a str>,
        Option<&'a str>,
        Option<&'a str>,
        Option<u16>,
    );

    fn parts(odp: &Odp) -> Parts<'_> {
        let Odp {
            home,
            name,
            cluster,
            ..
        } = odp;
        (
            home.as_ref().map(AgentText::raw),
            name.as_ref().map(AgentText::raw),
            cluster.as_ref().map(AgentText::raw),
            odp.port,
        )
    }

    #[test]
    fn the_recorded_command_tells_home_name_and_port() {
        let odp = Odp::from_task(&task(
            ADD_DAG_NAME,
            4,
            &[RECORDED, "start obproxy health check"],
        ));
        let odp = odp.unwrap();
        let found = (Some("/home/admin/px2"), Some("px"), None, Some(2883));
        assert_eq!(parts(&odp), found);
        assert_eq!(odp.source.name, "Add obproxy");
        assert_eq!(odp.source.id.as_str(), "42130706433028864");
        let started = odp.source.started.unwrap();
        assert_eq!(started.text(), "2026-11-23T12:19:47Z");
    }

    #[test]
    fn odd_commands_tell_what_they_tell() {
        for (command, found) in [
            ("cd '/h'; ./bin/obproxy", (Some("/h"), None, None, None)),
            // Quotation marks as the agent writes them around the list of servers, and in a name.
            (
                r"cd '/h o/m'\''e'; ./bin/obproxy -o 'rootservice_list='\''1.1.1.1:2881,listen_port=1'\'',listen_port=3306' -n 'p'\''x' -c 'ob 1'",
                (Some("/h o/m'e"), Some("p'x"), Some("ob 1"), Some(3306)),
            ),
            (
                r#"cd "/a\"b"; ./bin/obproxy -c c1 -n n\ 1 -o listen_port=1024"#,
                (Some("/a\"b"), Some("n 1"), Some("c1"), Some(1024)),
            ),
            (
                "cd /h; ./bin/obproxy -o 'rpc_listen_port=2885,listen_port=99999' -n ''",
                (Some("/h"), None, None, None),
            ),
            ("./bin/obproxy -n px -o", (None, Some("px"), None, None)),
            ("cd ; ./bin/obproxy -n px", (None, Some("px"), None, None)),
            (
                "cd '/h; ./bin/obproxy",
                (Some("/h; ./bin/obproxy"), None, None, None),
            ),
            (
                "cd 主目录; ./bin/obproxy -n 代理",
                (Some("主目录"), Some("代理"), None, None),
            ),
        ] {
            let line = format!("{START_COMMAND}{command}");
            let odp = Odp::from_task(&task(ADD_DAG_NAME, 1, &[&line])).unwrap();
            assert_eq!(parts(&odp), found, "{command}");
        }
        for nothing in ["", "cd", "cd ''; ./bin/obproxy", "\\", "-o ''"] {
            let line = format!("{START_COMMAND}{nothing}");
            assert_eq!(Odp::from_task(&task(ADD_DAG_NAME, 1, &[&line])), None);
        }
        assert_eq!(Odp::from_task(&task(ADD_DAG_NAME, 1, &["cd '/h'"])), None);
        assert_eq!(Odp::from_task(&task(ADD_DAG_NAME, 1, &[])), None);
    }

    #[test]
    fn of_several_commands_the_last_counts() {
        let first = format!("{START_COMMAND}cd '/a'; ./bin/obproxy -n 'a'");
        let odp = Odp::from_task(&task(ADD_DAG_NAME, 1, &[&first, "ERROR: x", RECORDED])).unwrap();
        assert_eq!(odp.name.as_ref().map(AgentText::raw), Some("px"));
    }

    #[test]
    fn the_newest_task_that_tells_the_most_is_the_source() {
        let list = |names: &[&str]| -> Vec<Rc<Dag>> {
            let numbered = (1..).zip(names);
            numbered
                .map(|(number, name)| Rc::new(task(name, number, &[])))
                .collect()
        };
        for (names, source) in [
            (&["Add obproxy"][..], Some(1)),
            (&["Add obproxy", "Stop obproxy", "Start obproxy"], Some(1)),
            (&["Stop obproxy", "Start obproxy", "Start obproxy"], Some(3)),
            (&["Start obproxy", "Upgrade obproxy"], Some(2)),
            (&["Add obproxy", "Delete obproxy"], None),
            (&["Add obproxy", "Delete obproxy", "Start obproxy"], Some(3)),
            (&["Add obproxy", "Delete obproxy", "Add obproxy"], Some(3)),
            (&["Stop obproxy"], None),
            (&[], None),
        ] {
            let dags = list(names);
            let found = source_task(&dags).map(|dag| dag.number);
            assert_eq!(found, source, "{names:?}");
            let reversed: Vec<_> = dags.into_iter().rev().collect();
            assert_eq!(source_task(&reversed).map(|dag| dag.number), source);
        }
    }

    #[test]
    fn a_delete_that_left_the_odp_managed_hides_nothing() {
        for (state, operator, stage, found) in [
            (State::Failed, Operator::Run, 1, Some(1)),
            (State::Failed, Operator::Run, 2, Some(1)),
            (State::Failed, Operator::Cancel, 2, Some(1)),
            (State::Succeed, Operator::Pass, 2, Some(1)),
            (State::Running, Operator::Run, 1, Some(1)),
            (State::Failed, Operator::Run, 3, None),
            (State::Failed, Operator::Run, 4, None),
            (State::Succeed, Operator::Run, 4, None),
            (State::Succeed, Operator::Pass, 4, None),
        ] {
            let mut delete = task("Delete obproxy", 2, &[]);
            delete.state = state;
            delete.operator = operator;
            delete.stage = stage;
            let dags = [Rc::new(task(ADD_DAG_NAME, 1, &[])), Rc::new(delete)];
            let source = source_task(&dags).map(|dag| dag.number);
            assert_eq!(source, found, "{dags:?}");
        }
    }
}
