//! The task that added a managed ODP, as recorded (capture 06): `Add obproxy`, which succeeded.

use chrono::{DateTime, TimeDelta, Utc};

use super::Engine;
use super::model::{LogLine, State};
use super::template::Template;
use crate::clock::Clock;

/// How long ago it was, in hours.
const HOURS_AGO: i64 = 26;

/// When a stage and its sub task started and ended, in milliseconds after the task was created.
struct Times {
    stage: (i64, i64),
    sub_task: (i64, i64),
}

const TIMES: [Times; 4] = [
    Times {
        stage: (429, 1_432),
        sub_task: (430, 431),
    },
    Times {
        stage: (2_433, 13_452),
        sub_task: (2_433, 12_679),
    },
    Times {
        stage: (14_453, 15_455),
        sub_task: (14_455, 14_457),
    },
    Times {
        stage: (16_458, 17_460),
        sub_task: (16_458, 16_459),
    },
];

/// When the task itself started and ended.
const TASK: (i64, i64) = (428, 17_460);

/// The options of the recorded start command. They contain the hash of the password, as obshell
/// writes it.
const OPTIONS: &str = "listen_port=2883,obproxy_config_server_url=,prometheus_listen_port=2884,rootservice_list=,rpc_listen_port=2885,obproxy_sys_password=b4c56ee8d2854166dec66644f541b85247105b2c";

impl Engine {
    /// Records the task as a past one. The world already has its result.
    pub(crate) fn remember_add(&mut self, clock: &mut Clock) {
        let home = self.world.home.clone();
        let command = format!("cd '{home}'; ./bin/obproxy -o '{OPTIONS}' -n 'px'");
        let logs = [
            vec![],
            vec![
                format!("start obproxy cmd: {command}"),
                "start obproxy health check".to_owned(),
            ],
            vec!["set obproxy user password".to_owned()],
            vec![],
        ];
        let created = clock.now() - TimeDelta::hours(HOURS_AGO);
        let at = |millis: i64| created + TimeDelta::milliseconds(millis);
        let mut dag = self.build(Template::add(&home, command), clock);
        dag.state = State::Succeed;
        dag.stage = dag.nodes.len();
        dag.finished = true;
        (dag.start_time, dag.end_time) = both(TASK, at);
        for ((node, times), lines) in dag.nodes.iter_mut().zip(TIMES).zip(logs) {
            node.state = State::Succeed;
            (node.start_time, node.end_time) = both(times.stage, at);
            let sub_task = &mut node.sub_task;
            sub_task.state = State::Succeed;
            sub_task.execute_times = 1;
            (sub_task.start_time, sub_task.end_time) = both(times.sub_task, at);
            for text in lines {
                self.last_log_id += 1;
                sub_task.logs.push(LogLine {
                    id: self.last_log_id,
                    execute_times: 1,
                    text,
                    time: sub_task.start_time,
                });
            }
        }
        self.dags.push(dag);
    }
}

fn both(
    (start, end): (i64, i64),
    at: impl Fn(i64) -> DateTime<Utc>,
) -> (DateTime<Utc>, DateTime<Utc>) {
    (at(start), at(end))
}
