//! The agent's data about itself (obshell: ob/agent/meta/agent.go).

use serde_json::{Map, Value, json};

use crate::state::State;

/// Home of the agent, never accessed.
const AGENT_HOME: &str = "/home/admin/obshell";
/// "running".
const SERVICE_STATE: u8 = 2;

fn version(state: &State) -> String {
    format!("{}-0", state.version)
}

fn started_at(state: &State) -> i64 {
    state.started_at.timestamp_nanos_opt().unwrap_or_default()
}

pub(super) fn info(state: &State) -> Value {
    let (ip, port) = state.shown;
    let mut info = Map::new();
    let mut put = |name: &str, value: Value| {
        info.insert(name.to_owned(), value);
    };
    put("pid", state.pid.into());
    put("state", SERVICE_STATE.into());
    put("startAt", started_at(state).into());
    put("homePath", AGENT_HOME.into());
    put("obVersion", "".into());
    if state.version.has_web_page() {
        put("architecture", std::env::consts::ARCH.into());
    }
    put("ip", ip.to_string().into());
    put("port", port.into());
    put("zone", "".into());
    put("identity", state.identity.as_str().into());
    put("version", version(state).into());
    if state.version.has_odp_routes() {
        put(
            "isObproxyAgent",
            state.engine.world.managed_home.is_some().into(),
        );
    }
    put("security", state.agent_password.is_some().into());
    if state.supported_auth {
        put("supportedAuth", json!(["v2"]));
    }
    Value::Object(info)
}

pub(super) fn status(state: &State) -> Value {
    let (ip, port) = state.shown;
    json!({
        "agent": {"ip": ip.to_string(), "port": port, "identity": state.identity.as_str()},
        "state": SERVICE_STATE,
        "version": version(state),
        "pid": state.pid,
        "startAt": started_at(state),
        "port": port,
        "obState": 0,
        // Covers tasks of OceanBase and of the agent; never of the ODP.
        "underMaintenance": false,
    })
}

pub(super) fn git_info() -> Value {
    json!({"branch": "master", "commitId": "61ee147", "shortCommitId": "", "commitTime": ""})
}

pub(super) fn secret(state: &State) -> Value {
    let (ip, port) = state.shown;
    json!({"ip": ip.to_string(), "port": port, "public_key": state.keys.public_base64()})
}

/// A fictitious host.
pub(super) fn host_info() -> Value {
    json!({
        "os": {"os": "debian", "version": "12"},
        "cpuInfo": {"frequency": "2596.144", "modelName": "AMD EPYC", "logicalCores": 2, "physicalCores": 1},
        "basic": {"hostHash": "4b84b15bff6ee5796152495a230e45e3d7e947d9", "hostType": "docker"},
        "disks": [
            {"used": "0", "total": "12G", "mountHash": "db465fc162632c5673b0db0bb359895eca1f76c1", "deviceName": "devtmpfs"},
            {"used": "21G", "total": "252G", "mountHash": "42099b4af021e53fd8fd4e056c2568d7c2e3ffa8", "deviceName": "/dev/vda"},
        ],
        "memoryInfo": {"free": "17714004 kB", "total": "24684096 kB", "available": "24004368 kB"},
        "ulimit": {
            "nofileHard": "20000",
            "nofileSoft": "20000",
            "maxUserProcessesHard": "96365",
            "maxUserProcessesSoft": "96365",
        },
    })
}
