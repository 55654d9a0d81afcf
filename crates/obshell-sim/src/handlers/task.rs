//! Reading and operating tasks (obshell: ob/agent/executor/task).

use serde_json::{Value, json};

use super::task_view::View;
use crate::call::{Call, Done, Failure, refused};
use crate::config::Identity;
use crate::engine::DagOperation;
use crate::engine::id::{self, GenericId};
use crate::engine::model::{Dag, Node};
use crate::error::ApiError;
use crate::forward::Owner;
use crate::go;
use crate::state::State;

/// Wraps a list.
fn list(contents: Vec<Value>) -> Done {
    Done::Data(json!({ "contents": contents }))
}

fn data(value: Value) -> Result<Done, Failure> {
    Ok(Done::Data(value))
}

/// Whether `show_details` requests details. Go dereferences a value that could not be parsed, which
/// panics, on some routes only if there is a task to show.
fn details(call: &Call<'_>) -> Result<bool, Failure> {
    match call.request.query_value("show_details") {
        None => Ok(true),
        Some(text) if text.is_empty() => Ok(false),
        Some(text) => go::parse_bool(&text).ok_or(Failure::Panic),
    }
}

/// The number of a task of this agent, or the owner to forward the request to.
enum Asked {
    Own(GenericId),
    Other(Owner),
}

fn asked(state: &State, id: &str) -> Result<Asked, ApiError> {
    let parsed = id::parse(id).map_err(|invalid| ApiError::InvalidId {
        id: id.to_owned(),
        why: invalid.0,
    })?;
    Ok(match parsed.owner {
        Some(owner) if owner != state.shown => Asked::Other(Owner(owner.0, owner.1)),
        _ => Asked::Own(parsed),
    })
}

/// Digits `4` and `5` are those of ODP tasks, the only tasks of this agent.
fn is_odp(id: GenericId) -> bool {
    matches!(id.kind, '4' | '5')
}

/// Finds the DAG of an id: by its number, then by its kind.
fn find_dag(state: &State, id: GenericId) -> Result<&Dag, ApiError> {
    let number = number_here(state, id)?;
    let mut dags = state.engine.shown();
    let dag = dags
        .find(|dag| dag.id == number)
        .ok_or(ApiError::TaskRecordNotFound)?;
    if is_odp(id) {
        Ok(dag)
    } else {
        Err(ApiError::TaskNotFound("dag id not match"))
    }
}

/// Tasks of the whole cluster are stored in OceanBase, which does not exist here.
fn number_here(state: &State, id: GenericId) -> Result<i64, ApiError> {
    match id.kind {
        '1' if state.version.has_err_code() => Err(ApiError::TaskRecordNotFound),
        '1' => Err(ApiError::NoOceanBaseForTask),
        _ => Ok(id.number),
    }
}

fn find_node(state: &State, id: GenericId) -> Result<&Node, ApiError> {
    let number = number_here(state, id)?;
    let mut nodes = state.engine.shown().flat_map(|dag| &dag.nodes);
    nodes
        .find(|node| node.id == number)
        .ok_or(ApiError::TaskRecordNotFound)
}

pub(super) fn dag(state: &State, id: &str, call: &Call<'_>) -> Result<Done, Failure> {
    let id = match asked(state, id)? {
        Asked::Own(id) => id,
        Asked::Other(owner) => return Ok(Done::AskOwner(owner)),
    };
    let dag = find_dag(state, id)?;
    data(View(state).dag(dag, details(call)?))
}

pub(super) fn node(state: &State, id: &str, call: &Call<'_>) -> Result<Done, Failure> {
    let id = match asked(state, id)? {
        Asked::Own(id) => id,
        Asked::Other(owner) => return Ok(Done::AskOwner(owner)),
    };
    let node = find_node(state, id)?;
    // Without details there is nothing to show; Go dereferences it nevertheless and panics.
    if !details(call)? {
        return Err(Failure::Panic);
    }
    if !is_odp(id) {
        return Err(ApiError::TaskNotFound("node type not match").into());
    }
    data(View(state).node(node))
}

pub(super) fn sub_task(state: &State, id: &str) -> Result<Done, Failure> {
    let id = match asked(state, id)? {
        Asked::Own(id) => id,
        Asked::Other(owner) => return Ok(Done::AskOwner(owner)),
    };
    let number = number_here(state, id)?;
    let mut nodes = state.engine.shown().flat_map(|dag| &dag.nodes);
    let node = nodes
        .find(|node| node.sub_task.id == number)
        .ok_or(ApiError::TaskRecordNotFound)?;
    if !is_odp(id) {
        return Err(ApiError::TaskNotFound("sub task type not match").into());
    }
    data(View(state).sub_task(&node.sub_task))
}

/// Answers no 404 and ignores the kind: an unknown number has no lines.
pub(super) fn sub_task_logs(state: &State, id: &str) -> Result<Done, Failure> {
    let id = match asked(state, id)? {
        Asked::Own(id) => id,
        Asked::Other(owner) => return Ok(Done::AskOwner(owner)),
    };
    let mut nodes = state.engine.shown().flat_map(|dag| &dag.nodes);
    let node = nodes.find(|node| node.sub_task.id == id.number && id.kind != '1');
    Ok(list(
        node.map(|node| View(state).logs(&node.sub_task))
            .unwrap_or_default(),
    ))
}

/// The order of the checks: the format of the id, the body, the owner, the task, an `id` in the
/// body, the name of the operator, the state.
pub(super) fn operate_dag(state: &mut State, id: &str, call: &Call<'_>) -> Result<Done, Failure> {
    let asked_for = asked(state, id)?;
    let operator = call.required("DagOperator", "Operator", "operator")?;
    // The body is parsed into the same struct as the path: an `id` in it takes precedence.
    let id_in_body = call.text("DagOperator", "id")?;
    let generic = match asked_for {
        Asked::Own(generic) => generic,
        Asked::Other(owner) => return Ok(Done::AskOwner(owner)),
    };
    let number = find_dag(state, generic)?.id;
    if id_in_body.is_some_and(|in_body| in_body != id) {
        return Err(ApiError::TaskNotFound("dag id not match").into());
    }
    let operation = match operator.to_uppercase().as_str() {
        "RETRY" => DagOperation::Retry,
        "ROLLBACK" => DagOperation::Rollback,
        "CANCEL" => DagOperation::Cancel,
        "PASS" => DagOperation::Pass,
        _ => return Err(ApiError::DagOperatorNotSupported(operator).into()),
    };
    let State { engine, clock, .. } = state;
    engine
        .operate(number, operation, clock)
        .map_err(|why| refused(state, why))?;
    Ok(Done::Nothing)
}

/// Operators other than PASS are refused before the look-up; an `id` in the body is ignored.
pub(super) fn operate_node(state: &mut State, id: &str, call: &Call<'_>) -> Result<Done, Failure> {
    let asked_for = asked(state, id)?;
    let operator = call.required("DagOperator", "Operator", "operator")?;
    if operator.to_uppercase() != "PASS" {
        return Err(ApiError::NodeOperatorNotSupported(operator).into());
    }
    let id = match asked_for {
        Asked::Own(id) => id,
        Asked::Other(owner) => return Ok(Done::AskOwner(owner)),
    };
    let number = find_node(state, id)?.id;
    let State { engine, clock, .. } = state;
    engine
        .pass_node(number, clock)
        .map_err(|why| refused(state, why))?;
    Ok(Done::Nothing)
}

fn shown<'a>(
    state: &State,
    dags: impl Iterator<Item = &'a Dag>,
    call: &Call<'_>,
) -> Result<Done, Failure> {
    let view = View(state);
    let shown: Result<Vec<Value>, Failure> =
        dags.map(|dag| Ok(view.dag(dag, details(call)?))).collect();
    Ok(list(shown?))
}

pub(super) fn agent_dags(state: &State, call: &Call<'_>) -> Result<Done, Failure> {
    if !state.version.details_of_agent_dags_by_query() {
        return Ok(list(
            state
                .engine
                .shown()
                .map(|dag| View(state).dag(dag, true))
                .collect(),
        ));
    }
    shown(state, state.engine.shown(), call)
}

pub(super) fn agent_unfinished(state: &State, call: &Call<'_>) -> Result<Done, Failure> {
    shown_by_default(state, call)
}

/// On a CLUSTER AGENT the list contains the agents and tasks in OceanBase, without ODP tasks.
pub(super) fn unfinished(state: &State, call: &Call<'_>) -> Result<Done, Failure> {
    match state.identity {
        Identity::Single => shown_by_default(state, call),
        Identity::ClusterAgent => {
            details(call)?;
            data(json!({ "contents": null }))
        }
    }
}

/// These lists parse `show_details` before they look for tasks.
fn shown_by_default(state: &State, call: &Call<'_>) -> Result<Done, Failure> {
    details(call)?;
    shown(
        state,
        state.engine.shown().filter(|dag| !dag.finished),
        call,
    )
}

pub(super) fn agent_maintenance(state: &State, call: &Call<'_>) -> Result<Done, Failure> {
    let last = state.engine.last_maintenance();
    let dag = last.ok_or(ApiError::TaskNotFound("Agent is not under maintenance"))?;
    data(View(state).dag(dag, details(call)?))
}

/// Go dereferences a missing DAG: a panic on an agent that never had one.
pub(super) fn agents_maintenance(state: &State, call: &Call<'_>) -> Result<Done, Failure> {
    let dag = state.engine.last_maintenance().ok_or(Failure::Panic)?;
    Ok(list(vec![View(state).dag(dag, details(call)?)]))
}

/// Tasks that start or stop OceanBase: there are none.
pub(super) fn main_dags(state: &State, call: &Call<'_>) -> Result<Done, Failure> {
    details(call)?;
    state.engine.last_maintenance().ok_or(Failure::Panic)?;
    Ok(list(Vec::new()))
}

pub(super) fn cluster_maintenance(_: &State) -> Result<Done, Failure> {
    Err(ApiError::NotHoldingOceanBase.into())
}

pub(super) fn cluster_unfinished(state: &State, call: &Call<'_>) -> Result<Done, Failure> {
    cluster_only(state, "cluster unfinished dags")?;
    details(call)?;
    Err(ApiError::NotHoldingOceanBase.into())
}

pub(super) fn cluster_dags(state: &State) -> Result<Done, Failure> {
    cluster_only(state, "all cluster dags")?;
    Err(ApiError::NotHoldingOceanBase.into())
}

/// On a SINGLE agent the handler returns without an answer; before 4.3.1.0 it reported the reason.
fn cluster_only(state: &State, what: &'static str) -> Result<(), ApiError> {
    match state.identity {
        Identity::ClusterAgent => Ok(()),
        Identity::Single if state.version.has_err_code() => Err(ApiError::NoAnswer),
        Identity::Single => Err(ApiError::NotAClusterAgent(what)),
    }
}
