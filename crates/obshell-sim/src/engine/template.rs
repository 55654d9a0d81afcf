//! The tasks that an agent can create for an ODP (obshell: ob/agent/executor/obproxy).

use super::Engine;
use super::model::{Dag, Node, Operator, State, SubTask};
use super::refused::Refused;
use super::work::Work;
use crate::clock::Clock;

/// The description from which a task is created.
#[derive(Debug)]
pub(crate) struct Template {
    pub(crate) name: &'static str,
    pub(crate) maintenance: bool,
    stages: Vec<Stage>,
}

#[derive(Debug)]
struct Stage {
    name: &'static str,
    work: Work,
    can_rollback: bool,
    failure_frees_lock: bool,
}

impl Stage {
    const fn new(name: &'static str, work: Work) -> Self {
        Self {
            name,
            work,
            can_rollback: false,
            failure_frees_lock: false,
        }
    }

    const fn with_rollback(mut self) -> Self {
        self.can_rollback = true;
        self
    }

    /// The first stage of most tasks: its failure ends the maintenance.
    const fn check(work: Work) -> Self {
        let mut stage = Self::new("Check obproxy status", work);
        stage.failure_frees_lock = true;
        stage
    }
}

impl Template {
    pub(crate) fn delete() -> Self {
        Self {
            name: "Delete obproxy",
            maintenance: true,
            stages: vec![
                Stage::check(Work::CheckManaged),
                Stage::new("Stop obproxy", Work::Stop).with_rollback(),
                Stage::new("Delete obproxy", Work::Forget),
                Stage::new("Clean obproxy dir", Work::Clean),
            ],
        }
    }

    pub(crate) fn stop() -> Self {
        Self {
            name: "Stop obproxy",
            maintenance: true,
            stages: vec![
                Stage::check(Work::CheckManaged),
                Stage::new("Stop obproxy", Work::Stop).with_rollback(),
            ],
        }
    }

    /// The only kind of task that takes no lock.
    pub(crate) fn start(home: &str) -> Self {
        let command = format!("cd '{home}'; ./bin/obproxy");
        Self {
            name: "Start obproxy",
            maintenance: false,
            stages: vec![
                Stage::check(Work::CheckManaged),
                Stage::new("Start obproxy", Work::Start { command }).with_rollback(),
            ],
        }
    }

    pub(crate) fn add(home: &str, command: String) -> Self {
        Self {
            name: "Add obproxy",
            maintenance: true,
            stages: vec![
                Stage::check(Work::CheckUnmanaged),
                Stage::new("Start obproxy", Work::Start { command }).with_rollback(),
                Stage::new("Set proxyro password for connect", Work::SetPassword),
                Stage::new(
                    "Persist obproxy info",
                    Work::Persist {
                        home: home.to_owned(),
                    },
                ),
            ],
        }
    }
}

impl Engine {
    /// Creates a new task. Refused if it needs the lock and the lock is taken.
    pub(crate) fn create(
        &mut self,
        template: Template,
        clock: &mut Clock,
    ) -> Result<&mut Dag, Refused> {
        if template.maintenance {
            self.world.take_lock()?;
        }
        let dag = self.build(template, clock);
        self.dags.push(dag);
        self.dags.last_mut().ok_or(Refused::NotFound)
    }

    /// Numbers and times for a new task. Both times of everything are the moment of creation.
    pub(super) fn build(&mut self, template: Template, clock: &mut Clock) -> Dag {
        let created = clock.now();
        let id = self.dags.last().map_or(1, |dag| dag.id + 1);
        let nodes = template
            .stages
            .into_iter()
            .map(|stage| self.build_node(stage, clock))
            .collect();
        Dag {
            id,
            name: template.name,
            stage: 1,
            maintenance: template.maintenance,
            state: State::Ready,
            operator: Operator::Run,
            start_time: created,
            end_time: created,
            nodes,
            finished: false,
            hidden_until: None,
        }
    }

    fn build_node(&mut self, stage: Stage, clock: &mut Clock) -> Node {
        self.last_node_id += 1;
        self.last_sub_task_id += 1;
        let created = clock.now();
        let sub_task_created = clock.now();
        Node {
            id: self.last_node_id,
            name: stage.name,
            state: State::Pending,
            operator: Operator::Run,
            start_time: created,
            end_time: created,
            can_rollback: stage.can_rollback,
            failure_frees_lock: stage.failure_frees_lock,
            sub_task: SubTask {
                id: self.last_sub_task_id,
                name: stage.name,
                state: State::Pending,
                operator: Operator::Run,
                start_time: sub_task_created,
                end_time: sub_task_created,
                execute_times: 0,
                logs: Vec::new(),
                work: stage.work,
                waiting: None,
            },
        }
    }
}
