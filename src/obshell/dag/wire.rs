//! The JSON of tasks, and its conversion to the types of the console.
//!
//! A task requires its id, number, name, stage, number of stages, state and operator; a stage or a
//! sub task requires its id, name, state and operator. All other fields are optional: one
//! unexpected field must not make a task seem to stand still. Fields that could not be parsed are
//! counted ([`UnparsedParts`]).

use std::net::IpAddr;
use std::rc::Rc;

use serde::Deserialize;
use serde::de::{Deserializer, Error, Unexpected};

use super::id::{DagId, NodeId, SubTaskId};
use super::{Operator, Span, State, UnparsedParts};
use crate::obshell::address::AgentAddress;
use crate::obshell::agent_text::AgentText;
use crate::obshell::redact::redact;
use crate::obshell::time::{AgentTime, Millis};
use crate::obshell::wire::{Lenient, List};

/// The tolerance by which a time may exceed the time of its answer, in milliseconds: the agent
/// takes both from the same clock, which may have been adjusted in between.
const AHEAD_MILLIS: Millis = 5_000;

/// A DAG (protocol: 4.3).
#[derive(Deserialize)]
pub(in crate::obshell) struct Dag {
    id: DagId,
    #[serde(rename = "dag_id", deserialize_with = "from_one")]
    number: i64,
    name: AgentText,
    stage: usize,
    max_stage: usize,
    maintenance_type: Option<Lenient<i64>>,
    state: State,
    operator: Operator,
    start_time: Option<Lenient<String>>,
    end_time: Option<Lenient<String>>,
    nodes: Option<Lenient<List<Node>>>,
}

#[derive(Deserialize)]
pub(in crate::obshell) struct Node {
    id: NodeId,
    name: AgentText,
    state: State,
    operator: Operator,
    start_time: Option<Lenient<String>>,
    end_time: Option<Lenient<String>>,
    sub_tasks: Option<Lenient<List<SubTask>>>,
}

#[derive(Deserialize)]
pub(in crate::obshell) struct SubTask {
    id: SubTaskId,
    name: AgentText,
    state: State,
    operator: Operator,
    start_time: Option<Lenient<String>>,
    end_time: Option<Lenient<String>>,
    execute_times: Option<Lenient<u32>>,
    execute_agent: Option<Lenient<Agent>>,
    task_logs: Option<Lenient<List<String>>>,
}

/// The agent that runs a sub task.
#[derive(Deserialize)]
struct Agent {
    ip: String,
    port: Option<u16>,
}

fn from_one<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    let number = i64::deserialize(deserializer)?;
    if number < 1 {
        let found = Unexpected::Signed(number);
        return Err(D::Error::invalid_value(found, &"a number from 1"));
    }
    Ok(number)
}

impl Dag {
    /// Converts the task; `at` is the agent's clock in the answer.
    pub(in crate::obshell) fn read(self, at: &AgentTime) -> super::Dag {
        let mut unparsed = UnparsedParts::default();
        let (start, end) = times(self.start_time, self.end_time, at, &mut unparsed);
        let nodes = parts(self.nodes, &mut unparsed, |place, node| {
            node.read_part(place, at)
        });
        super::Dag {
            id: self.id,
            number: self.number,
            name: self.name,
            stage: self.stage,
            max_stage: self.max_stage,
            maintenance_type: field(self.maintenance_type, &mut unparsed),
            created: start.clone().filter(|_| self.state == State::Ready),
            span: span(&self.state, start, end),
            state: self.state,
            operator: self.operator,
            nodes,
            unparsed,
        }
    }
}

impl Node {
    /// Converts a node that was read on its own.
    pub(in crate::obshell) fn read(self, at: &AgentTime) -> super::Node {
        self.read_part(1, at).0
    }

    /// Converts the `number`-th node of a DAG, counted from 1.
    fn read_part(self, number: usize, at: &AgentTime) -> (super::Node, UnparsedParts) {
        let mut unparsed = UnparsedParts::default();
        let (start, end) = times(self.start_time, self.end_time, at, &mut unparsed);
        let sub_tasks = parts(self.sub_tasks, &mut unparsed, |_, sub_task| {
            sub_task.read_part(at)
        });
        let parts = sub_tasks.as_deref().unwrap_or_default();
        let ran = parts.iter().any(|sub_task| sub_task.execute_times > 0);
        let never_ran = !ran && !parts.is_empty() && self.state.is_final();
        let span = if never_ran {
            Span::default()
        } else {
            span(&self.state, start, end)
        };
        let node = super::Node {
            id: self.id,
            number,
            name: self.name,
            span: passed(&self.operator, ran, span),
            state: self.state,
            operator: self.operator,
            sub_tasks,
        };
        (node, unparsed)
    }
}

impl SubTask {
    /// Converts a sub task that was read on its own.
    pub(in crate::obshell) fn read(self, at: &AgentTime) -> super::SubTask {
        self.read_part(at).0
    }

    fn read_part(self, at: &AgentTime) -> (super::SubTask, UnparsedParts) {
        let mut unparsed = UnparsedParts::default();
        let (start, end) = times(self.start_time, self.end_time, at, &mut unparsed);
        // Whether the sub task ran is part of the proof of a success.
        let execute_times = part(self.execute_times, &mut unparsed).unwrap_or_default();
        let ran = execute_times > 0;
        let span = if ran {
            span(&self.state, start, end)
        } else {
            Span::default()
        };
        let agent = field(self.execute_agent, &mut unparsed);
        let logs = field(self.task_logs, &mut unparsed);
        unparsed.fields += logs.as_ref().map_or(0, |logs| logs.unparsed);
        let mut hidden = 0;
        let logs = logs.map(|logs: List<String>| {
            let lines = logs.into_values().map(|line| {
                let redacted = redact(&line);
                hidden += redacted.hidden;
                redacted.text
            });
            Rc::new(lines.collect())
        });
        let sub_task = super::SubTask {
            id: self.id,
            name: self.name,
            span: passed(&self.operator, ran, span),
            state: self.state,
            operator: self.operator,
            execute_times,
            agent: agent.and_then(Agent::address),
            logs,
            hidden,
        };
        (sub_task, unparsed)
    }
}

impl Agent {
    fn address(self) -> Option<AgentAddress> {
        let ip: IpAddr = self.ip.parse().ok()?;
        Some(AgentAddress::from_ip(ip, self.port.unwrap_or_default()))
    }
}

/// An optional field. A value that could not be parsed is counted.
fn field<T>(field: Option<Lenient<T>>, unparsed: &mut UnparsedParts) -> Option<T> {
    let Lenient(value) = field?;
    unparsed.fields += usize::from(value.is_none());
    value
}

/// A field that is part of the proof of a success. A value that could not be parsed is counted.
fn part<T>(part: Option<Lenient<T>>, unparsed: &mut UnparsedParts) -> Option<T> {
    let Lenient(value) = part?;
    unparsed.parts += usize::from(value.is_none());
    value
}

/// The parts of a task or of a stage. Parts that could not be parsed are counted, as are those
/// inside the other parts.
fn parts<T, U>(
    list: Option<Lenient<List<T>>>,
    unparsed: &mut UnparsedParts,
    read: impl Fn(usize, T) -> (U, UnparsedParts),
) -> Option<Vec<Rc<U>>> {
    let list = part(list, unparsed)?;
    unparsed.parts += list.unparsed;
    let items = list.items.into_iter().map(|(place, item)| {
        let (item, odd) = read(place, item);
        unparsed.add(odd);
        Rc::new(item)
    });
    Some(items.collect())
}

/// The written start and end, without implausible times; see [`known`]. An end before its start is
/// dropped, whether or not the start is plausible.
fn times(
    start: Option<Lenient<String>>,
    end: Option<Lenient<String>>,
    at: &AgentTime,
    unparsed: &mut UnparsedParts,
) -> (Option<AgentTime>, Option<AgentTime>) {
    let mut time = |written| {
        let written: String = field(written, unparsed)?;
        AgentTime::parse(&written)
    };
    let (start, end) = (time(start), time(end));
    let begins_later = |end: &AgentTime| {
        let start = start.as_ref().filter(|start| !start.means_not_yet());
        start.is_some_and(|start| start.is_after(end))
    };
    let end = end.filter(|end| !begins_later(end));
    let known = |time: Option<AgentTime>| time.and_then(|time| known(time, at));
    (known(start), known(end))
}

/// A plausible time: later than the placeholder, and not in the agent's future.
fn known(time: AgentTime, at: &AgentTime) -> Option<AgentTime> {
    let future = time.millis().saturating_sub(at.millis()) > AHEAD_MILLIS;
    (!time.means_not_yet() && !future).then_some(time)
}

/// Creation fills both times; a start changes only `start_time`; RETRY, CANCEL and PASS set 1970
/// (protocol: 4.3, 12.5).
fn span(state: &State, started: Option<AgentTime>, ended: Option<AgentTime>) -> Span {
    match state {
        State::Pending | State::Ready | State::Unknown(_) => Span::default(),
        State::Running => Span {
            started,
            ended: None,
        },
        State::Failed | State::Succeed => Span { started, ended },
    }
}

/// A passed part has the time of the PASS as its end and, if it never ran, its creation time as its
/// start (protocol: 12.7, 13.7): neither is a time of the part itself.
fn passed(operator: &Operator, ran: bool, span: Span) -> Span {
    match operator {
        Operator::Pass if ran => Span {
            ended: None,
            ..span
        },
        Operator::Pass => Span::default(),
        _ => span,
    }
}

#[cfg(test)]
mod tests {
    use crate::obshell::answer;
    use crate::obshell::dag::{Dag, Span};

    /// A task from an answer of 12:00:00, with one stage and its sub task, all in this state and
    /// with these times.
    fn dag(state: &str, operator: &str, start: &str, end: &str, times: u32) -> Dag {
        let part = format!(
            r#""id":"42130706433028861","name":"x","state":"{state}","operator":"{operator}","start_time":{start},"end_time":{end}"#
        );
        let body = format!(
            r#"{{"successful":true,"timestamp":"2026-11-23T12:00:00Z","status":200,"data":{{{part},"dag_id":1,"stage":1,"max_stage":1,"nodes":[{{{part},"sub_tasks":[{{{part},"execute_times":{times}}}]}}]}}}}"#
        );
        answer::dag(200, body.as_bytes()).unwrap().value
    }

    fn spans(dag: &Dag) -> [Span; 3] {
        let node = dag.node(1).unwrap();
        let sub_task = &node.sub_tasks.as_ref().unwrap()[0];
        [dag.span.clone(), node.span.clone(), sub_task.span.clone()]
    }

    #[test]
    fn a_time_is_a_time_or_nothing_on_task_stage_and_sub_task() {
        const GOOD: &str = "\"2026-11-23T11:59:50Z\"";
        for bad in [
            "\"0001-01-01T00:00:00Z\"",
            "\"0001-01-01T08:05:43+08:05\"",
            "\"1970-01-01T00:00:00Z\"",
            "\"1970-01-01T08:00:00+08:00\"",
            "\"1999-12-31T00:00:00Z\"",
            "\"soon\"",
            "null",
            "7",
        ] {
            for state in ["SUCCEED", "FAILED"] {
                for span in spans(&dag(state, "RUN", bad, GOOD, 1)) {
                    assert!(span.started.is_none() && span.ended.is_some(), "{bad}");
                    assert_eq!(span.duration(), None, "{bad}");
                }
                for span in spans(&dag(state, "RUN", GOOD, bad, 1)) {
                    assert!(span.started.is_some() && span.ended.is_none(), "{bad}");
                    assert_eq!(span.duration(), None, "{bad}");
                }
            }
            for span in spans(&dag("RUNNING", "RUN", bad, GOOD, 1)) {
                assert_eq!(span, Span::default(), "{bad}");
            }
        }
        assert_eq!(dag("SUCCEED", "RUN", "7", GOOD, 1).unparsed.fields, 3);
        assert_eq!(dag("SUCCEED", "RUN", "null", GOOD, 1).unparsed.fields, 0);
    }

    #[test]
    fn an_end_before_its_start_is_none() {
        let (early, late) = ("\"2026-11-23T11:59:50Z\"", "\"2026-11-23T11:59:51Z\"");
        for future in ["\"2026-11-23T12:00:06Z\"", "\"2036-01-01T00:00:00Z\""] {
            for span in spans(&dag("FAILED", "RUN", future, early, 1)) {
                assert_eq!(span, Span::default(), "{future}");
            }
            for span in spans(&dag("FAILED", "RUN", early, future, 1)) {
                assert!(span.started.is_some() && span.ended.is_none(), "{future}");
            }
        }
        for span in spans(&dag("FAILED", "RUN", late, early, 1)) {
            assert!(span.started.is_some() && span.ended.is_none());
        }
        for span in spans(&dag("FAILED", "RUN", early, late, 1)) {
            assert_eq!(span.duration(), Some(1_000));
        }
        // The agent's clock may be adjusted between an end and the answer.
        let soon = "\"2026-11-23T12:00:04Z\"";
        for span in spans(&dag("FAILED", "RUN", early, soon, 1)) {
            assert!(span.ended.is_some());
        }
    }

    #[test]
    fn what_was_passed_over_has_no_duration() {
        let (early, late) = ("\"2026-11-23T11:59:50Z\"", "\"2026-11-23T11:59:51Z\"");
        for future in ["\"2026-11-23T12:00:06Z\"", "\"2036-01-01T00:00:00Z\""] {
            for span in spans(&dag("FAILED", "RUN", future, early, 1)) {
                assert_eq!(span, Span::default(), "{future}");
            }
            for span in spans(&dag("FAILED", "RUN", early, future, 1)) {
                assert!(span.started.is_some() && span.ended.is_none(), "{future}");
            }
        }
        let [task, stage, sub_task] = spans(&dag("SUCCEED", "PASS", early, late, 0));
        assert_eq!(task.duration(), Some(1_000), "it ended by then");
        assert_eq!((stage, sub_task), (Span::default(), Span::default()));
        let [_, stage, sub_task] = spans(&dag("SUCCEED", "PASS", early, late, 1));
        for span in [stage, sub_task] {
            assert!(span.started.is_some() && span.ended.is_none());
        }
    }

    /// A task that was cancelled while it waited: the agent records the end of the stage (capture
    /// 08), in which nothing ran.
    #[test]
    fn a_stage_that_never_ran_has_no_times_whatever_ended_it() {
        let (early, late) = ("\"2026-11-23T11:44:50Z\"", "\"2026-11-23T11:59:51Z\"");
        for operator in ["RUN", "RETRY", "CANCEL", "PASS", "ROLLBACK", "LATER"] {
            for state in ["FAILED", "SUCCEED"] {
                let [_, stage, sub_task] = spans(&dag(state, operator, early, late, 0));
                assert_eq!(stage, Span::default(), "{state} {operator}");
                assert_eq!(sub_task, Span::default(), "{state} {operator}");
            }
            // A running part has started, whether or not its sub task has.
            let [_, stage, _] = spans(&dag("RUNNING", operator, early, late, 0));
            assert_eq!(stage.started.is_some(), operator != "PASS", "{operator}");
        }
    }

    #[test]
    fn without_what_makes_a_task_it_is_none() {
        let good = r#""id":"42130706433028861","dag_id":1,"name":"x","stage":1,"max_stage":1,"state":"READY","operator":"RUN""#;
        let open = |fields: &str| {
            let body = format!(
                r#"{{"successful":true,"timestamp":"2026-11-23T12:00:00Z","status":200,"data":{{{fields}}}}}"#
            );
            answer::dag(200, body.as_bytes())
        };
        assert!(open(good).is_ok());
        for field in good.split(',') {
            let (key, _) = field.split_once(':').unwrap();
            let rest: Vec<_> = good.split(',').filter(|other| *other != field).collect();
            assert!(open(&rest.join(",")).is_err(), "{key} missing");
            for odd in ["null", "{}", "-1", "1.5"] {
                let odd = good.replace(field, &format!("{key}:{odd}"));
                assert!(open(&odd).is_err(), "{odd}");
            }
        }
        for odd in [
            r#""maintenance_type":"4""#,
            r#""start_time":7"#,
            r#""end_time":{}"#,
            r#""nodes":7"#,
            r#""additional_data":7"#,
        ] {
            assert!(open(&format!("{good},{odd}")).is_ok(), "{odd}");
        }
    }
}
