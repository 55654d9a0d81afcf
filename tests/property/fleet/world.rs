//! Up to twelve agents, a network and a browser, with the invariants of a run.

mod checks;
mod fair;
mod network;

use std::collections::VecDeque;
use std::rc::Rc;

use odp_console::fleet::effect::FleetEffect;
use odp_console::fleet::event::FleetEvent;
use odp_console::fleet::journal::Journal;
use odp_console::fleet::member::{ChosenAgent, Member, MemberId};
use odp_console::fleet::state::{Fleet, Phase};
use odp_console::fleet::step::step;
use odp_console::flow::effect::{Call, Effect};
use odp_console::flow::event::Reply;
use odp_console::flow::operation::Operation;
use odp_console::flow::settings::Settings;
use odp_console::flow::state::{Screen, SubmitPhase};
use odp_console::obshell::address::AgentAddress;
use odp_console::obshell::request::Method;

use super::seen::Seen;
use crate::agent::{Agent, Held, START, Sealed};

pub type Checked = Result<(), String>;

macro_rules! ensure {
    ($condition:expr, $($what:tt)+) => {
        if !$condition {
            return Err(format!($($what)+));
        }
    };
}
pub(super) use ensure;

/// A request that the browser sent or should have sent.
#[derive(Clone)]
pub struct Flight {
    pub member: MemberId,
    pub at: usize,
    pub call: Call,
    sealed: Option<Sealed>,
    sent_at: i64,
    pub unsent: bool,
    pub taken: Option<i64>,
    pub reply: Option<Reply>,
    operation: Option<(String, Operation)>,
}

impl Flight {
    pub fn is_delete(&self) -> bool {
        self.call.request.method() == Method::Delete
    }

    fn is_read(&self) -> bool {
        self.call.request.method() == Method::Get
    }
}

#[derive(Clone, Default)]
pub struct Confirmation {
    sent: u32,
    may_send_again: bool,
}

/// One agent, and this browser's records of it.
#[derive(Clone)]
pub struct Host {
    pub agent: Agent,
    pub vault: Option<Held>,
    pub confirmations: Vec<Confirmation>,
    /// The time of the last read of its unfinished tasks.
    read_at: i64,
}

#[derive(Clone)]
pub struct World {
    pub fleet: Fleet,
    pub hosts: Vec<Host>,
    /// True time, in milliseconds.
    pub now: i64,
    /// The offset of the browser's clock from true time, in milliseconds.
    pub ahead: i64,
    /// Whether the browser's clock was ever set back: the age of a read is then unknown.
    pub set_back: bool,
    pub flights: Vec<Flight>,
    /// Writes that are no longer awaited but may still arrive.
    pub late: Vec<Flight>,
    pub timer: Option<i64>,
    /// The last stored journal.
    pub journal: Option<String>,
    /// The times of the last requests.
    pub left: VecDeque<i64>,
    answers: u64,
    /// Whether this test forbids further DELETEs.
    pub halted: bool,
    /// Whether the console was unmounted.
    pub unmounted: bool,
    pub asked: Vec<MemberId>,
    pub is_host: bool,
}

impl World {
    pub fn new(count: usize) -> Self {
        let agent = |at: usize| {
            let mut agent = Agent::new();
            // Some agents are old.
            if at % 5 == 3 {
                agent.version = crate::agent::Version::V4_2_6_0;
            }
            agent
        };
        let hosts = (0..count).map(|at| Host {
            agent: agent(at),
            vault: None,
            confirmations: Vec::new(),
            read_at: 0,
        });
        let mut world = Self {
            fleet: Fleet::new(Rc::new(Settings::default())),
            hosts: hosts.collect(),
            now: START,
            ahead: 0,
            set_back: false,
            flights: Vec::new(),
            late: Vec::new(),
            timer: None,
            journal: None,
            left: VecDeque::new(),
            answers: 0,
            halted: false,
            unmounted: false,
            asked: Vec::new(),
            is_host: false,
        };
        let picked = (0..count).map(|at| ChosenAgent {
            address: AgentAddress::parse(&format!("10.0.0.{at}:2886")).unwrap(),
            label: Some(at.to_string()),
            group: None,
        });
        let mut seen = Seen::default();
        world
            .tell(FleetEvent::Pick(picked.collect()), &mut seen)
            .unwrap();
        world.tell(FleetEvent::Choose, &mut seen).unwrap();
        world
    }

    pub fn brief(&self) -> String {
        let members = self.fleet.members.iter().map(|it| {
            let screen = match &it.flow.screen {
                Screen::Connect => format!(
                    "connect({}{})",
                    it.flow.form.connecting,
                    it.flow.form.problem.is_some()
                ),
                Screen::Review(it) => format!("review({})", it.preflight.rechecking),
                Screen::Submitting(it) => match &it.phase {
                    SubmitPhase::Refreshing => "refreshing".to_owned(),
                    SubmitPhase::Deleting(_) => "deleting".to_owned(),
                    SubmitPhase::DeterminingOutcome(_) => "finding out".to_owned(),
                },
                Screen::Task(it) => format!("task({:?} {:?})", it.dag.progress(), it.contact),
                Screen::Ended(it) => format!("{:?}", it.ending),
            };
            let host = &self.hosts[self.index(it)];
            let tasks: Vec<_> = host
                .agent
                .tasks
                .iter()
                .map(|it| format!("{:?}{}{:?}", it.kind, it.state, it.by))
                .collect();
            format!(
                "\n    {:?} {screen} unread {} vault {:?} {tasks:?}",
                it.status, it.unread, host.vault
            )
        });
        let flights: Vec<_> = self
            .flights
            .iter()
            .map(|it| format!("{}{}", it.at, it.call.request.target()))
            .collect();
        format!(
            "{:?} {:?} timer {:?} flights {flights:?} late {}{}",
            self.fleet.phase,
            self.fleet.run,
            self.timer.map(|at| at - START),
            self.late.len(),
            members.collect::<String>()
        )
    }

    pub fn browser_clock(&self) -> i64 {
        self.now + self.ahead
    }

    /// Sets the browser's clock to another time.
    pub fn jump(&mut self, millis: i64) {
        self.ahead += millis;
        if millis > 0 {
            // Long ago by its own clock.
            self.left.clear();
        }
        self.set_back |= millis < 0;
    }

    pub fn index(&self, member: &Member) -> usize {
        member.chosen.label.as_ref().unwrap().parse().unwrap()
    }

    /// Passes an event to the fleet, performs its effects, and checks the invariants.
    pub fn tell(&mut self, event: FleetEvent, seen: &mut Seen) -> Checked {
        let before = self.fleet.clone();
        let resumes = event == FleetEvent::Resume;
        let (fleet, effects) = step(self.fleet.clone(), self.browser_clock(), event);
        self.fleet = fleet;
        let halted = self.fleet.run.and_then(|run| run.halted);
        if resumes && halted.is_none() {
            self.halted = false;
        }
        // A run restored from a journal has no waiting members, so there is nothing to resume.
        if before.phase == Phase::Preflight && before.run.is_none() && self.fleet.run.is_some() {
            ensure!(self.fleet.counts().waiting == 0, "confirmed by nobody");
            self.halted = false;
        }
        self.check_ends(&before, seen)?;
        // The run may also be halted for other reasons, but a halt is never missed.
        ensure!(
            !self.halted
                || self.fleet.phase != Phase::Run
                || halted.is_some()
                || self.fleet.run.is_none(),
            "the run goes on after a bad end or a pause"
        );
        self.check_begins(&before, seen)?;
        for effect in effects {
            self.perform(effect, seen)?;
        }
        self.check_limits(seen)
    }

    fn perform(&mut self, effect: FleetEffect, seen: &mut Seen) -> Checked {
        match effect {
            FleetEffect::Wait { millis } => self.timer = Some(self.now + i64::from(millis)),
            FleetEffect::AskHost(id) => self.asked.push(id),
            FleetEffect::DiscardJournal => self.journal = None,
            FleetEffect::StoreJournal => {
                let journal = Journal::of(&self.fleet).ok_or("a journal of nothing")?;
                self.journal = Some(serde_json::to_string(&journal).unwrap());
            }
            FleetEffect::Member(id, effect) => match effect {
                Effect::Call(call) => self.send(id, call, seen)?,
                Effect::AbandonReads => {
                    self.flights.retain(|it| it.member != id || !it.is_read());
                }
                Effect::WipeCredential => {
                    if let Some(member) = self.fleet.member(id) {
                        let at = self.index(member);
                        self.hosts[at].vault = None;
                    }
                }
                Effect::Wait { .. } | Effect::WatchIdle { .. } => {
                    return Err("a wait of a member's own".to_owned());
                }
            },
        }
        Ok(())
    }
}
