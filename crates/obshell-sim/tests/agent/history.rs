//! An agent with past tasks, so that its task numbers are those of the captures.

use std::net::{IpAddr, Ipv4Addr};

use obshell_sim::{Agent, Config, Control, Dag, Fail, Odp};
use serde_json::json;

use super::wire::{Answer, Client, PASSWORD};

/// The address that the captured agent reported.
pub const SHOWN: (IpAddr, u16) = (IpAddr::V4(Ipv4Addr::LOCALHOST), 2886);
/// The home of the ODP that was added in a capture.
pub const HOME: &str = "/home/admin/px2";

/// An agent that runs only in steps, with its client.
pub struct Scene {
    pub agent: Agent,
    pub control: Control,
    pub client: Client,
}

pub fn config() -> Config {
    Config {
        agent_password: Some(PASSWORD.to_owned()),
        odp_home: HOME.to_owned(),
        shown: Some(SHOWN),
        ..Config::default()
    }
}

impl Scene {
    pub async fn new(config: Config) -> Self {
        let agent = Agent::start(config).await.unwrap();
        let control = agent.control();
        control.hold();
        let client = Client::new(&agent).await;
        Self {
            agent,
            control,
            client,
        }
    }

    /// Destroys a running ODP completely, this many times.
    pub async fn destroy(&self, times: usize) {
        for _ in 0..times {
            self.control.set_odp(Odp::Running);
            self.control.set_fail(Fail::None);
            assert_eq!(self.client.delete().await.status, 200);
            assert!(self.control.step_to_end());
        }
    }

    pub async fn add(&self) -> Answer {
        let body = json!({"home_path": HOME, "name": "px", "config_url": "", "parameters": {"rootservice_list": ""}});
        self.client
            .ask("POST", "/api/v1/obproxy")
            .json(&body)
            .send()
            .await
    }

    pub async fn post(&self, target: &str) -> Answer {
        self.client.ask("POST", target).send().await
    }

    /// Returns the newest task in the format of a capture.
    pub fn summary(&self) -> String {
        summary(self.control.snapshot().last_task().unwrap())
    }

    /// Steps to the end of the newest task and returns every distinct state.
    pub fn progress(&self) -> Vec<String> {
        let mut seen = vec![self.summary()];
        let mut see = |summary: String| {
            if seen.last() != Some(&summary) {
                seen.push(summary);
            }
        };
        for _ in 0..100 {
            if self.control.snapshot().last_task().unwrap().state.as_str() == "SUCCEED" {
                break;
            }
            self.control.elapse();
            see(self.summary());
            self.control.pass();
            see(self.summary());
        }
        seen
    }
}

/// Returns a task in the short form of the captures: states, operators, executions and number of
/// log lines.
pub fn summary(dag: &Dag) -> String {
    let nodes: Vec<String> = dag
        .nodes
        .iter()
        .map(|node| {
            let sub_task = &node.sub_task;
            let logs = match sub_task.state.as_str() {
                "PENDING" | "READY" => "null".to_owned(),
                _ => sub_task.logs.len().to_string(),
            };
            format!(
                "{}:{}/{}[{}/{} x{} logs={logs}]",
                node.name,
                node.state.as_str(),
                node.operator.as_str(),
                sub_task.state.as_str(),
                sub_task.operator.as_str(),
                sub_task.execute_times
            )
        })
        .collect();
    format!(
        "{}/{} stage {}/{} mt={} | {}",
        dag.state.as_str(),
        dag.operator.as_str(),
        dag.stage,
        dag.nodes.len(),
        if dag.maintenance { 4 } else { 1 },
        nodes.join(" ; ")
    )
}

/// Panics unless the captured states occur in this order in `seen`.
#[track_caller]
pub fn assert_in_order(seen: &[String], captured: &[String]) {
    let mut rest = seen.iter();
    for state in captured {
        assert!(
            rest.any(|one| one == state),
            "not seen in its place: {state}\nseen: {seen:#?}"
        );
    }
}
