//! Tasks as JSON (obshell: ob/agent/engine/task/task_dto.go).

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use crate::engine::id::odp_id;
use crate::engine::model::{Dag, Node, State as TaskState, SubTask};
use crate::faults::Oddity;
use crate::go;
use crate::state::State;

/// "none" and "obproxy" (obshell: ob/agent/engine/task/maintenance_type.go).
const NO_MAINTENANCE: u8 = 1;
const ODP_MAINTENANCE: u8 = 4;

/// Go's output for a time that was never set.
const GO_ZERO_TIME: &str = "0001-01-01T00:00:00Z";

fn maintenance_type(dag: &Dag) -> u8 {
    if dag.maintenance {
        ODP_MAINTENANCE
    } else {
        NO_MAINTENANCE
    }
}

/// The state with the owner of the tasks and the time zone of the output.
pub(super) struct View<'a>(pub(super) &'a State);

impl View<'_> {
    fn id(&self, number: i64) -> Value {
        odp_id(self.0.shown, number).into()
    }

    fn time(&self, time: DateTime<Utc>) -> Value {
        if self.is(Oddity::ZeroTimes) {
            return GO_ZERO_TIME.into();
        }
        go::rfc3339(time, self.0.clock.zone()).into()
    }

    fn is(&self, oddity: Oddity) -> bool {
        self.0.faults.oddities.contains(&oddity)
    }

    /// A list, with a `null` in it if the oddity is enabled.
    fn list(&self, elements: Vec<Value>) -> Value {
        let null = self.is(Oddity::Nulls).then_some(Value::Null);
        null.into_iter().chain(elements).collect()
    }

    /// How many stages a task has.
    fn stages(&self, dag: &Dag) -> usize {
        let mut oddities = self.0.faults.oddities.iter();
        let asked_for = oddities.find_map(|oddity| match oddity {
            Oddity::Stages(count) => Some(*count),
            _ => None,
        });
        asked_for.unwrap_or(0).max(dag.nodes.len())
    }

    fn nodes(&self, dag: &Dag) -> Value {
        if self.is(Oddity::NoNodes) {
            return json!([]);
        }
        let mut nodes = dag.nodes.clone();
        if let Some(last) = dag.nodes.last() {
            let more = (1_i64..).map(|number| {
                let mut node = last.clone();
                // Far from those that the engine gives.
                node.id += number * 1_000_000;
                node.sub_task.id += number * 1_000_000;
                node.state = TaskState::Pending;
                node.sub_task.state = TaskState::Pending;
                node.sub_task.execute_times = 0;
                node.sub_task.logs.clear();
                node
            });
            nodes.extend(more.take(self.stages(dag) - dag.nodes.len()));
        }
        for (index, node) in nodes.iter_mut().enumerate() {
            if dag.state == TaskState::Succeed && self.is(Oddity::FailedStage(index + 1)) {
                node.state = TaskState::Failed;
                node.sub_task.state = TaskState::Failed;
            }
        }
        self.list(nodes.iter().map(|node| self.node(node)).collect())
    }

    pub(super) fn dag(&self, dag: &Dag, details: bool) -> Value {
        let nodes = details.then(|| self.nodes(dag));
        let mut fields = Map::new();
        let mut put = |name: &str, value: Value| {
            fields.insert(name.to_owned(), value);
        };
        put("id", self.id(dag.id));
        put("dag_id", dag.id.into());
        put("name", dag.name.into());
        put("stage", dag.stage.into());
        put("max_stage", self.stages(dag).into());
        if self.0.version.tells_maintenance() {
            put("maintenance_type", maintenance_type(dag).into());
            put("maintenance_key", "".into());
        }
        put("state", dag.state.as_str().into());
        put("operator", dag.operator.as_str().into());
        put("start_time", self.time(dag.start_time));
        put("end_time", self.time(dag.end_time));
        put("additional_data", json!(details.then(Map::new)));
        put("nodes", json!(nodes));
        Value::Object(fields)
    }

    pub(super) fn node(&self, node: &Node) -> Value {
        json!({
            "id": self.id(node.id),
            "node_id": node.id,
            "name": node.name,
            "state": node.state.as_str(),
            "operator": node.operator.as_str(),
            "start_time": self.time(node.start_time),
            "end_time": self.time(node.end_time),
            "additional_data": null,
            "sub_tasks": self.list(self.sub_tasks(node)),
        })
    }

    fn sub_tasks(&self, node: &Node) -> Vec<Value> {
        let first = &node.sub_task;
        let others = (1_i64..self.sub_tasks_of_a_node()).map(|number| {
            self.sub_task(&SubTask {
                // Far from the numbers that the engine assigns.
                id: first.id + number * 1_000_000,
                logs: Vec::new(),
                ..first.clone()
            })
        });
        std::iter::once(self.sub_task(first))
            .chain(others)
            .collect()
    }

    fn sub_tasks_of_a_node(&self) -> i64 {
        let asked_for = self
            .0
            .faults
            .oddities
            .iter()
            .find_map(|oddity| match oddity {
                Oddity::SubTasks(count) => i64::try_from(*count).ok(),
                _ => None,
            });
        asked_for.unwrap_or(1)
    }

    pub(super) fn sub_task(&self, sub_task: &SubTask) -> Value {
        let (ip, port) = self.0.shown;
        let has_logs = !matches!(sub_task.state, TaskState::Pending | TaskState::Ready);
        let logs = has_logs.then(|| {
            let lines = sub_task.logs.iter().map(|line| line.text.as_str().into());
            self.list(lines.collect())
        });
        json!({
            "id": self.id(sub_task.id),
            "task_id": sub_task.id,
            "name": sub_task.name,
            "state": sub_task.state.as_str(),
            "operator": sub_task.operator.as_str(),
            "start_time": self.time(sub_task.start_time),
            "end_time": self.time(sub_task.end_time),
            "additional_data": null,
            "execute_times": sub_task.execute_times,
            "execute_agent": {"ip": ip.to_string(), "port": port},
            "task_logs": logs,
        })
    }

    pub(super) fn logs(&self, sub_task: &SubTask) -> Vec<Value> {
        let line = |line: &crate::engine::model::LogLine| {
            json!({
                "id": line.id,
                "sub_task_id": sub_task.id,
                "execute_times": line.execute_times,
                "log_content": line.text,
                "is_sync": true,
                "create_time": self.time(line.time),
                "update_time": self.time(line.time),
            })
        };
        sub_task.logs.iter().map(line).collect()
    }
}
