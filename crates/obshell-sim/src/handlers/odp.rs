//! The routes of the ODP (obshell: ob/agent/executor/obproxy).

use std::time::Instant;

use serde_json::{Map, Value};

use super::task_view::View;
use crate::call::{Call, Done, Failure};
use crate::config::Identity;
use crate::engine::Template;
use crate::error::ApiError;
use crate::state::State;

/// Default ports of an ODP.
const PORTS: [(&str, &str, u16); 3] = [
    ("sql_port", "listen_port", 2883),
    ("exporter_port", "prometheus_listen_port", 2884),
    ("rpc_port", "rpc_listen_port", 2885),
];

pub(super) fn delete(state: &mut State) -> Result<Done, Failure> {
    if state.engine.world.managed_home.is_none() {
        return Ok(Done::NoContent);
    }
    create(state, Template::delete())
}

pub(super) fn stop(state: &mut State) -> Result<Done, Failure> {
    if state.engine.world.managed_home.is_none() {
        return Err(ApiError::NotManaged.into());
    }
    create(state, Template::stop())
}

/// Starts a task even if nothing is managed: its first stage fails.
pub(super) fn start(state: &mut State) -> Result<Done, Failure> {
    let home = state.engine.world.managed_home.clone().unwrap_or_default();
    create(state, Template::start(&home))
}

/// No package is ever present: an upgrade is always refused.
pub(super) fn upgrade(state: &State, call: &Call<'_>) -> Result<Done, Failure> {
    let version = call.required("UpgradeObproxyParam", "Version", "version");
    let release = call.required("UpgradeObproxyParam", "Release", "release");
    let (version, release) = both(version, release)?;
    if state.engine.world.managed_home.is_none() {
        return Err(ApiError::NotManaged.into());
    }
    let architecture = std::env::consts::ARCH;
    Err(
        ApiError::OdpPackageNotFound(format!("obproxy-ce-{version}-{release}.{architecture}.rpm"))
            .into(),
    )
}

/// Two fields of a body; the problems with both are on two lines.
fn both(
    first: Result<String, ApiError>,
    second: Result<String, ApiError>,
) -> Result<(String, String), ApiError> {
    match (first, second) {
        (Ok(first), Ok(second)) => Ok((first, second)),
        (Err(ApiError::BindJson(first)), Err(ApiError::BindJson(second))) if first != second => {
            Err(ApiError::BindJson(format!("{first}\n{second}")))
        }
        (Err(error), _) | (_, Err(error)) => Err(error),
    }
}

/// Accepts no package.
pub(super) fn package(_: &Call<'_>) -> Result<Done, Failure> {
    Err(ApiError::FileMissing("request Content-Type isn't multipart/form-data".to_owned()).into())
}

pub(super) fn add(state: &mut State, call: &Call<'_>) -> Result<Done, Failure> {
    let home = call.required("AddObproxyParam", "HomePath", "home_path")?;
    let fields = call.json()?;
    let world = &state.engine.world;
    if world.managed_home.is_some() {
        return Err(ApiError::AlreadyManaged.into());
    }
    if home != world.home {
        return Err(ApiError::PathNotExist(home).into());
    }
    if !world.installed {
        return Err(ApiError::PathNotExist(format!("{home}/bin")).into());
    }
    if world.has_run {
        return Err(ApiError::DirNotEmpty(format!("{home}/etc")).into());
    }
    let mut parameters = parameters(&fields)?;
    let rs_list = fields.get("rs_list").and_then(Value::as_str);
    let config_url = fields.get("config_url").and_then(Value::as_str);
    match (rs_list, config_url) {
        (Some(_), Some(_)) => return Err(ApiError::RsListAndConfigUrl.into()),
        (None, None) if state.identity == Identity::Single => {
            return Err(ApiError::NeitherRsListNorConfigUrl.into());
        }
        (None, None) => return Err(ApiError::NotHoldingOceanBase.into()),
        (Some(list), None) => {
            parameters.insert("obproxy_config_server_url".to_owned(), "".into());
            parameters.insert("rootservice_list".to_owned(), list.into());
        }
        (None, Some(url)) => {
            parameters.insert("obproxy_config_server_url".to_owned(), url.into());
        }
    }
    // No OceanBase is reachable here.
    if let Some(first) = rs_list
        .and_then(|list| list.split(';').next())
        .filter(|first| !first.is_empty())
    {
        return Err(
            ApiError::Plain(format!("dial tcp {first}: connect: connection refused")).into(),
        );
    }
    let command = start_command(&home, &parameters, &fields);
    create(state, Template::add(&home, command))
}

/// The parameters of the start command, including the three ports.
fn parameters(fields: &Map<String, Value>) -> Result<Map<String, Value>, ApiError> {
    let given = fields
        .get("parameters")
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default();
    let mut parameters = given;
    for (field, parameter, default) in PORTS {
        let port = match (
            fields.get(field).and_then(Value::as_u64),
            parameters.get(parameter).and_then(Value::as_str),
        ) {
            (Some(port), _) => port.to_string(),
            (None, Some(port)) if !port.is_empty() => port.to_owned(),
            (None, _) => default.to_string(),
        };
        if port.parse::<i64>().is_err() {
            return Err(ApiError::InvalidPort(port));
        }
        parameters.insert(parameter.to_owned(), port.into());
    }
    Ok(parameters)
}

fn start_command(
    home: &str,
    parameters: &Map<String, Value>,
    fields: &Map<String, Value>,
) -> String {
    // Go writes these in any order, and adds the hash of the password here, which is not needed.
    let mut options: Vec<String> = parameters
        .iter()
        .map(|(name, value)| format!("{name}={}", value.as_str().unwrap_or_default()))
        .collect();
    options.push("obproxy_sys_password=".to_owned());
    let name = fields
        .get("name")
        .and_then(Value::as_str)
        .filter(|name| !name.is_empty());
    let name = name.map(|name| format!(" -n '{name}'")).unwrap_or_default();
    format!(
        "cd '{home}'; ./bin/obproxy -o '{}'{name}",
        options.join(",")
    )
}

/// Creates the task, and returns it without its nodes.
fn create(state: &mut State, template: Template) -> Result<Done, Failure> {
    let task = template.name;
    let State {
        engine,
        clock,
        faults,
        ..
    } = state;
    let created = engine.create(template, clock).map(|dag| {
        dag.hidden_until =
            (!faults.hide_tasks.is_zero()).then(|| Instant::now() + faults.hide_tasks);
        dag.id
    });
    match created.ok().and_then(|id| state.engine.dag(id)) {
        Some(dag) => Ok(Done::Data(View(state).dag(dag, false))),
        None => Err(ApiError::CreateFailed {
            task,
            agent: state.address(),
        }
        .into()),
    }
}
