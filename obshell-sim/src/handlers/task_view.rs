//! Tasks as JSON (obshell: ob/agent/engine/task/task_dto.go).

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use crate::engine::id::odp_id;
use crate::engine::model::{Dag, Node, State as TaskState, SubTask};
use crate::go;
use crate::state::State;

/// "none" and "obproxy" (obshell: ob/agent/engine/task/maintenance_type.go).
const NO_MAINTENANCE: u8 = 1;
const ODP_MAINTENANCE: u8 = 4;

/// Whose tasks they are, and in which zone times are shown.
pub(super) struct View<'a>(pub(super) &'a State);

impl View<'_> {
    fn id(&self, number: i64) -> Value {
        odp_id(self.0.shown, number).into()
    }

    fn time(&self, time: DateTime<Utc>) -> Value {
        go::rfc3339(time, self.0.clock.zone()).into()
    }

    pub(super) fn dag(&self, dag: &Dag, details: bool) -> Value {
        let nodes = details.then(|| {
            dag.nodes
                .iter()
                .map(|node| self.node(node))
                .collect::<Vec<_>>()
        });
        json!({
            "id": self.id(dag.id),
            "dag_id": dag.id,
            "name": dag.name,
            "stage": dag.stage,
            "max_stage": dag.nodes.len(),
            "maintenance_type": if dag.maintenance { ODP_MAINTENANCE } else { NO_MAINTENANCE },
            "maintenance_key": "",
            "state": dag.state.as_str(),
            "operator": dag.operator.as_str(),
            "start_time": self.time(dag.start_time),
            "end_time": self.time(dag.end_time),
            "additional_data": details.then(Map::new),
            "nodes": nodes,
        })
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
            "sub_tasks": [self.sub_task(&node.sub_task)],
        })
    }

    pub(super) fn sub_task(&self, sub_task: &SubTask) -> Value {
        let (ip, port) = self.0.shown;
        let has_logs = !matches!(sub_task.state, TaskState::Pending | TaskState::Ready);
        let logs = has_logs.then(|| {
            sub_task
                .logs
                .iter()
                .map(|line| line.text.as_str())
                .collect::<Vec<_>>()
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
