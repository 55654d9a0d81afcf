//! The JSON of tasks, and the way from it to the types that the rest of the console uses.
//!
//! Without its id, number, name, stage, number of stages, state and operator a task is none, and
//! without its id, name, state and operator a stage or a sub task is none. Everything else is read
//! where it can be: one odd field must not make a task seem to stand still. What could not be read
//! is counted ([`LeftOut`]).

use std::rc::Rc;

use super::id::{DagId, NodeId, NotAnId, SubTaskId};
use super::{Dag, LeftOut, Node, Operator, Span, State, SubTask};
use crate::obshell::address::AgentAddress;
use crate::obshell::json::{List, Object, Read, Value, Wrong, text};
use crate::obshell::time::{AgentTime, Millis};

/// How far a time may lie after the moment of the answer that tells it, in milliseconds: the agent
/// takes both from one clock, which may have been set right by a little in between.
const AHEAD_MILLIS: Millis = 5_000;

/// Reads a DAG of an answer that the agent gave `at` this time of its clock.
pub(in crate::obshell) fn dag<'a>(value: &'a Value<'a>, at: &AgentTime) -> Read<Dag> {
    let wire = Object::of(value)?;
    let mut left_out = LeftOut::default();
    let state = state(wire.text("state")?);
    let operator = operator(wire.text("operator")?);
    let (start, end) = times(wire, at, &mut left_out);
    let nodes = list(&mut left_out, |inner| {
        wire.list("nodes", |place, value| {
            let (node, odd) = part_of_node(place, value, at)?;
            inner.add(odd);
            Ok(Rc::new(node))
        })
    });
    Ok(Dag {
        id: DagId::parse(wire.text("id")?)?,
        number: count_from(1, wire, "dag_id")?,
        name: wire.text("name")?.to_owned(),
        stage: count_from(0, wire, "stage")?,
        max_stage: count_from(0, wire, "max_stage")?,
        maintenance_type: field(&mut left_out, wire.integer("maintenance_type")),
        created: start.clone().filter(|_| state == State::Ready),
        span: span(&state, start, end),
        state,
        operator,
        nodes,
        left_out,
    })
}

/// Reads a node, the `number`-th of its DAG.
pub(in crate::obshell) fn node<'a>(
    number: usize,
    value: &'a Value<'a>,
    at: &AgentTime,
) -> Read<Node> {
    part_of_node(number, value, at).map(|(node, _)| node)
}

fn part_of_node<'a>(number: usize, value: &'a Value<'a>, at: &AgentTime) -> Read<(Node, LeftOut)> {
    let wire = Object::of(value)?;
    let mut left_out = LeftOut::default();
    let state = state(wire.text("state")?);
    let operator = operator(wire.text("operator")?);
    let (start, end) = times(wire, at, &mut left_out);
    let sub_tasks = list(&mut left_out, |inner| {
        wire.list("sub_tasks", |_, value| {
            let (sub_task, odd) = part_of_sub_task(value, at)?;
            inner.add(odd);
            Ok(Rc::new(sub_task))
        })
    });
    let mut ran = sub_tasks.iter().flatten();
    let ran = ran.any(|sub_task| sub_task.execute_times > 0);
    let node = Node {
        id: NodeId::parse(wire.text("id")?)?,
        number,
        name: wire.text("name")?.to_owned(),
        span: passed(&operator, ran, span(&state, start, end)),
        state,
        operator,
        sub_tasks,
    };
    Ok((node, left_out))
}

/// Reads a sub task.
pub(in crate::obshell) fn sub_task<'a>(value: &'a Value<'a>, at: &AgentTime) -> Read<SubTask> {
    part_of_sub_task(value, at).map(|(sub_task, _)| sub_task)
}

fn part_of_sub_task<'a>(value: &'a Value<'a>, at: &AgentTime) -> Read<(SubTask, LeftOut)> {
    let wire = Object::of(value)?;
    let mut left_out = LeftOut::default();
    let state = state(wire.text("state")?);
    let operator = operator(wire.text("operator")?);
    let (start, end) = times(wire, at, &mut left_out);
    // Whether it ran is part of what a success is made of.
    let execute_times = wire.count("execute_times").unwrap_or_else(|Wrong| {
        left_out.parts += 1;
        0
    });
    let ran = execute_times > 0;
    let span = if ran {
        span(&state, start, end)
    } else {
        Span::default()
    };
    let agent = wire.get("execute_agent").map(agent).transpose();
    let logs = field(
        &mut left_out,
        wire.list("task_logs", |_, value| line(value)),
    );
    left_out.fields += logs.as_ref().map_or(0, |logs| logs.left_out);
    let sub_task = SubTask {
        id: SubTaskId::parse(wire.text("id")?)?,
        name: wire.text("name")?.to_owned(),
        span: passed(&operator, ran, span),
        state,
        operator,
        execute_times,
        agent: field(&mut left_out, agent).flatten(),
        logs: logs.map(|logs| Rc::new(logs.items)),
    };
    Ok((sub_task, left_out))
}

fn agent<'a>(value: &'a Value<'a>) -> Read<Option<AgentAddress>> {
    let wire = Object::of(value)?;
    let port = wire.count("port")?;
    Ok(wire
        .text("ip")?
        .parse()
        .ok()
        .map(|ip| AgentAddress::from_ip(ip, port)))
}

fn line<'a>(value: &'a Value<'a>) -> Read<String> {
    text(value).map(str::to_owned)
}

/// A number that must be there, and not below `least`.
fn count_from<T: TryFrom<i64>>(least: i64, wire: Object<'_>, key: &str) -> Read<T> {
    let number = wire.integer(key)?.filter(|number| *number >= least);
    T::try_from(number.ok_or(Wrong)?).map_err(|_| Wrong)
}

/// A field that a task can do without; one that cannot be read is noted.
fn field<T>(left_out: &mut LeftOut, read: Read<Option<T>>) -> Option<T> {
    read.unwrap_or_else(|Wrong| {
        left_out.fields += 1;
        None
    })
}

/// The parts of a task or of a stage. Those that cannot be read are noted, and so is what is
/// noted inside of the others.
fn list<T>(
    left_out: &mut LeftOut,
    read: impl FnOnce(&mut LeftOut) -> Read<Option<List<T>>>,
) -> Option<Vec<T>> {
    let list = read(left_out).unwrap_or_else(|Wrong| {
        left_out.parts += 1;
        None
    })?;
    left_out.parts += list.left_out;
    Some(list.items)
}

/// Start and end as they are written, without what cannot be one: see [`known`]. An end before its
/// start is none, whether or not that start can be one.
fn times(
    wire: Object<'_>,
    at: &AgentTime,
    left_out: &mut LeftOut,
) -> (Option<AgentTime>, Option<AgentTime>) {
    let mut time = |key| AgentTime::parse(field(left_out, wire.optional_text(key))?);
    let (start, end) = (time("start_time"), time("end_time"));
    let begins_later = |end: &AgentTime| {
        let start = start.as_ref().filter(|start| !start.means_not_yet());
        start.is_some_and(|start| start.is_after(end))
    };
    let end = end.filter(|end| !begins_later(end));
    let known = |time: Option<AgentTime>| time.and_then(|time| known(time, at));
    (known(start), known(end))
}

/// A time that can be one: later than what stands for none, and not in the agent's future.
fn known(time: AgentTime, at: &AgentTime) -> Option<AgentTime> {
    let future = time.millis().saturating_sub(at.millis()) > AHEAD_MILLIS;
    (!time.means_not_yet() && !future).then_some(time)
}

impl From<NotAnId> for Wrong {
    fn from(_: NotAnId) -> Self {
        Self
    }
}

fn state(text: &str) -> State {
    match text {
        "PENDING" => State::Pending,
        "READY" => State::Ready,
        "RUNNING" => State::Running,
        "FAILED" => State::Failed,
        "SUCCEED" => State::Succeed,
        _ => State::Unknown(text.to_owned()),
    }
}

fn operator(text: &str) -> Operator {
    match text {
        "RUN" => Operator::Run,
        "RETRY" => Operator::Retry,
        "ROLLBACK" => Operator::Rollback,
        "CANCEL" => Operator::Cancel,
        "PASS" => Operator::Pass,
        _ => Operator::Unknown(text.to_owned()),
    }
}

/// Creation fills both times; a start moves `start_time` alone; RETRY, CANCEL and PASS set 1970
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

/// A part that was passed over has the moment of the PASS as its end, and where it never ran its
/// creation as its start (protocol: 12.7, 13.7): neither is a time of its own.
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

    /// A task that was answered at 12:00:00, with one stage and its sub task; all in this state and
    /// with these times.
    fn dag(state: &str, operator: &str, start: &str, end: &str, times: u32) -> Dag {
        let part = format!(
            r#""id":"42130706433028861","name":"x","state":"{state}","operator":"{operator}","start_time":{start},"end_time":{end}"#
        );
        let body = format!(
            r#"{{"successful":true,"timestamp":"2026-11-23T12:00:00Z","status":200,"data":{{{part},"dag_id":1,"stage":1,"max_stage":1,"nodes":[{{{part},"sub_tasks":[{{{part},"execute_times":{times}}}]}}]}}}}"#
        );
        answer::dag(200, body.as_bytes()).unwrap().what
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
        assert_eq!(dag("SUCCEED", "RUN", "7", GOOD, 1).left_out.fields, 3);
        assert_eq!(dag("SUCCEED", "RUN", "null", GOOD, 1).left_out.fields, 0);
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
        // The agent's clock may be set right by a little between an end and the answer.
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
