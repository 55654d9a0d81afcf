//! Follows a task for 24 hours, with all faults of a day: the state does not grow, no memory is
//! lost, and the ending is unaffected.
#![cfg(not(target_arch = "wasm32"))]
// Permits panics in the helper functions, as in tests.
#![cfg(test)]

#[path = "fuzz/memory.rs"]
#[allow(dead_code, reason = "each test program uses its own part")]
mod memory;
#[path = "property/random.rs"]
#[allow(dead_code, reason = "each test program uses its own part")]
mod random;
#[path = "flow/script.rs"]
#[allow(dead_code, reason = "each test program uses its own part")]
mod script;

use odp_console::flow::ending::Ending;
use odp_console::flow::event::{FlowEvent, Reply};
use odp_console::flow::operation::Operation;
use odp_console::flow::state::{Contact, Screen, Task};
use odp_console::obshell::error::{Failure, NoAnswer};
use odp_console::obshell::request::Method;

use memory::in_use;
use random::Random;
use script::{DAG, KEY, RAN, START, Script, WAITS, dag, info, ok, refusal};

const HOUR: i64 = 3_600_000;

/// The result of one hour.
#[derive(Debug)]
struct Hour {
    /// Length of the state's debug output while the contact is good.
    state: usize,
    /// Bytes in use at that time.
    memory: usize,
    requests: usize,
}

struct Day {
    script: Script,
    random: Random,
    /// The number of restarts of the agent.
    restarts: u32,
    /// The log of the running step, which has a constant length.
    line: u32,
    requests: usize,
    met: [u32; 8],
}

impl Day {
    fn task(&self) -> &Task {
        match &self.script.state.screen {
            Screen::Task(task) => task,
            other => panic!("no task any more: {other:?}"),
        }
    }

    fn running(&self) -> String {
        let nodes = [RAN, ("RUNNING", "RUN"), WAITS, WAITS];
        let line = format!("Kill obproxy process {:06}", self.line);
        dag("RUNNING", "RUN", 2, Some(nodes)).replace("Get obproxy pid: 8897", &line)
    }

    /// The agent's clock, over a whole day.
    fn time(&self) -> String {
        let since = 12 * HOUR + self.script.now - START;
        let (day, rest) = (23 + since / (24 * HOUR), since % (24 * HOUR) / 1000);
        let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
        format!("\"2026-11-{day}T{hour:02}:{minute:02}:{second:02}Z\"")
    }

    fn good(&self, target: &str) -> Result<Reply, Failure> {
        match target {
            "/api/v1/info" => {
                let started = format!(
                    "\"startAt\":{}",
                    1_795_436_032_065_896_302_i64 + i64::from(self.restarts)
                );
                ok(&info(true).replace("\"startAt\":1795436032065896302", &started))
            }
            "/api/v1/time" => ok(&self.time()),
            "/api/v1/secret" => ok(&format!(r#"{{"public_key":"{KEY}"}}"#)),
            DAG => ok(&self.running()),
            other => panic!("nobody asks {other} in the middle of a task"),
        }
    }

    /// Responds to one call, with success or failure.
    fn answer(&mut self) {
        let Some(call) = self.script.calls.pop_front() else {
            return;
        };
        self.requests += 1;
        let target = call.request.target().to_owned();
        let harm = if call.request.method() == Method::Post {
            // A cancel that the agent rejects or never receives.
            5 + self.random.below(3)
        } else if self.random.once_in(5) {
            self.random.below(6)
        } else {
            9
        };
        if let Some(met) = self.met.get_mut(harm) {
            *met += 1;
        }
        let page = |status| {
            Ok(Reply {
                status,
                body: b"<html>".to_vec(),
            })
        };
        let reply = match harm {
            0 => Err(Failure::NoAnswer(NoAnswer::Timeout(15_000))),
            1 => page(502),
            2 => page(200),
            3 => self.good(&target).map(|reply| Reply {
                status: reply.status,
                body: reply.body[..reply.body.len() / 2].to_vec(),
            }),
            4 if target == DAG => refusal(401, "Security.Authentication.Header.DecryptFailed"),
            5 if target == DAG => refusal(401, "Security.Authentication.IncorrectAgentPassword"),
            6 => refusal(400, "Task.Dag.Operator.CancelFinishedDag"),
            7 => Err(Failure::NoAnswer(NoAnswer::Network)),
            _ => self.good(&target),
        };
        self.script.finish(&call, reply);
    }

    /// An occasional act of a person, a browser or an agent.
    fn now_and_then(&mut self) {
        match self.random.below(200) {
            0 => self.restarts += 1,
            1 => {
                // The page is hidden for some minutes.
                self.script.tell(FlowEvent::Visible(false));
                self.script.timer = None;
                self.script.now += 300_000;
                while !self.script.calls.is_empty() {
                    self.answer();
                }
                self.script.tell(FlowEvent::Visible(true));
            }
            2 | 5 => self.script.tell(FlowEvent::Operate(Operation::Cancel)),
            3 => self.script.tell(FlowEvent::LeaveOperation),
            4 | 6 => self.script.tell(FlowEvent::ConfirmOperation),
            _ => self.line = (self.line + 1) % 1_000_000,
        }
    }

    fn pass_an_hour(&mut self) -> Hour {
        let until = self.script.now + HOUR;
        self.requests = 0;
        while self.script.now < until {
            self.now_and_then();
            self.go_on();
        }
        // Until the contact is good and no request is pending: the same point in every hour.
        let mut longest = 0;
        loop {
            let task = self.task();
            let quiet = task.contact == Contact::Good && task.operating.is_none();
            if quiet && self.script.calls.is_empty() {
                break;
            }
            // The outcome of an operation stays on the screen until the next operation is chosen.
            if self.script.calls.is_empty() {
                self.script.tell(FlowEvent::Operate(Operation::Cancel));
                self.script.tell(FlowEvent::LeaveOperation);
            }
            self.go_on();
            longest += 1;
            assert!(longest < 1_000, "no rest: {:?}", self.script.state.screen);
        }
        Hour {
            state: format!("{:?}", self.script.state).len(),
            memory: in_use(),
            requests: self.requests,
        }
    }

    /// Provides the next response, wait or password.
    fn go_on(&mut self) {
        if !self.script.calls.is_empty() {
            assert!(self.script.calls.len() <= 3, "{:?}", self.script.targets());
            self.answer();
        } else if let Contact::Unauthenticated(_) = self.task().contact {
            self.script.tell(FlowEvent::Authenticate {
                has_credential: true,
            });
        } else {
            self.script.due();
        }
        // The test's own records do not count as the console's memory.
        self.script.asked.clear();
        self.script.asked.shrink_to_fit();
        self.script.calls.shrink_to(4);
    }
}

#[test]
fn a_day_of_polling_with_faults_makes_nothing_grow() {
    for seed in 0..8 {
        let mut script = Script::new();
        script.reach_task();
        let mut day = Day {
            script,
            random: Random::new(seed),
            restarts: 0,
            line: 0,
            requests: 0,
            met: [0; 8],
        };
        let hours: Vec<Hour> = (0..24).map(|_| day.pass_an_hour()).collect();
        assert!(day.script.now - START >= 24 * HOUR);
        assert!(day.met.iter().all(|times| *times > 0), "{:?}", day.met);
        let first = &hours[0];
        for hour in &hours {
            // Numbers become one digit longer, and "restarted" is added once.
            assert!(hour.state.abs_diff(first.state) < 100, "{hours:#?}");
            assert!(hour.memory.abs_diff(first.memory) < 2_048, "{hours:#?}");
        }
        // The refreshes become less frequent with age.
        let last = &hours[23];
        assert!(last.requests < 600, "{hours:#?}");
        assert!(first.requests > last.requests, "{hours:#?}");
        // The ending is a normal one.
        let done = dag("SUCCEED", "RUN", 4, Some([RAN; 4]));
        while matches!(day.script.state.screen, Screen::Task(_)) {
            if day.script.calls.is_empty() {
                day.script.due();
                continue;
            }
            let call = day.script.calls.pop_front().unwrap();
            let target = call.request.target().to_owned();
            let reply = match &*target {
                DAG => ok(&done),
                "/api/v1/info" => ok(&info(false)),
                other => day.good(other),
            };
            day.script.finish(&call, reply);
        }
        assert_eq!(*day.script.ending(), Ending::Destroyed);
    }
}
