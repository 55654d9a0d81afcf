//! Up to twelve agents, a network and a browser, with the invariants of a run.

use std::collections::VecDeque;
use std::rc::Rc;

use odp_console::fleet::effect::FleetEffect;
use odp_console::fleet::event::{FleetEvent, Whom};
use odp_console::fleet::journal::Journal;
use odp_console::fleet::member::{Chosen, LeftOut, Member, MemberId, Standing};
use odp_console::fleet::state::{Fleet, Halt, Phase};
use odp_console::fleet::step::step;
use odp_console::fleet::summary::Retry;
use odp_console::flow::effect::{Call, Effect};
use odp_console::flow::ending::Ending;
use odp_console::flow::event::{Answered, Event, Reply};
use odp_console::flow::operation::Operation;
use odp_console::flow::settings::Settings;
use odp_console::flow::state::{Contact, Screen, SignIn, SubmitPhase};
use odp_console::obshell::address::AgentAddress;
use odp_console::obshell::error::{Failure, NoAnswer, NotSent};
use odp_console::obshell::request::{Method, expiry};

use super::seen::Seen;
use crate::agent::{
    Agent, Held, Kind, LOGOUT, SLOWEST, START, Sealed, Task, is_decrypt_failure, stamped,
};
use crate::random::Random;

pub type Checked = Result<(), String>;

macro_rules! ensure {
    ($condition:expr, $($what:tt)+) => {
        if !$condition {
            return Err(format!($($what)+));
        }
    };
}
pub(super) use ensure;

/// The limits for requests in flight, requests per second, and members being checked.
const MOST_IN_FLIGHT: usize = 6;
const MOST_A_SECOND: usize = 20;
const MOST_CHECKED: usize = 8;

/// The maximum age of a member's checks at its confirmation, in milliseconds.
const FRESH: i64 = 60_000;

/// The maximum number of steps with a fair network.
const FAIR_STEPS: usize = 20_000;

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

/// The starting points of sequences.
pub struct Starts {
    /// By the number of members: at the sign-in, at the review, in a run.
    worlds: Vec<[World; 3]>,
}

impl Starts {
    pub fn new() -> Self {
        let worlds = (1..=12).map(|count| {
            let mut seen = Seen::default();
            let signing_in = World::new(count);
            let mut reviewed = signing_in.clone();
            reviewed.give_passwords(&mut seen).unwrap();
            reviewed.tell(FleetEvent::Check, &mut seen).unwrap();
            reviewed.settle(&mut seen).unwrap();
            assert!(reviewed.fleet.can_review(), "{}", reviewed.brief());
            reviewed.tell(FleetEvent::Review, &mut seen).unwrap();
            let mut running = reviewed.clone();
            running.confirm(&mut seen).unwrap();
            assert_eq!(running.fleet.phase, Phase::Run);
            [signing_in, reviewed, running]
        });
        Self {
            worlds: worlds.collect(),
        }
    }

    pub fn play(&self, seed: u64, seen: &mut Seen, mut story: Option<&mut Vec<String>>) -> Checked {
        let mut random = Random::new(seed);
        // Small numbers are more frequent: most rules concern two members.
        let count = if random.once_in(8) {
            1 + random.below(12)
        } else {
            1 + random.below(4)
        };
        let mut world = self.worlds[count - 1][random.pick(&[0, 1, 1, 2, 2, 2])].clone();
        world.is_host = random.once_in(8);
        if world.fleet.phase != Phase::Run || random.once_in(2) {
            world.set_up(&mut random, seen)?;
        }
        let length = 10 + random.below(80);
        for _ in 0..length {
            let what = world.happen(&mut random, seen);
            if let Some(story) = &mut story {
                let what = what.as_ref().map_or("", |what| what);
                story.push(format!("{} {what}: {}", world.now - START, world.brief()));
            }
            what?;
            seen.events += 1;
        }
        if random.once_in(10) {
            if let Some(story) = &mut story {
                story.push("from now on everything is fair".to_owned());
            }
            let fair = world.be_fair(seen);
            if let Some(story) = &mut story {
                story.push(world.brief());
            }
            fair?;
        }
        seen.sequences += 1;
        Ok(())
    }
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
        let picked = (0..count).map(|at| Chosen {
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
                    SubmitPhase::FindingOut(_) => "finding out".to_owned(),
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
                it.standing, it.unread, host.vault
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
        let flying = self.flights.len();
        ensure!(flying <= MOST_IN_FLIGHT, "{flying} in flight");
        if flying == MOST_IN_FLIGHT {
            seen.meet("6 in flight");
        }
        let checked = |it: &&Rc<Member>| {
            let connecting = matches!(it.flow.screen, Screen::Connect) && it.flow.form.connecting;
            connecting || it.review().is_some_and(|it| it.preflight.rechecking)
        };
        let checked = self.fleet.members.iter().filter(checked).count();
        ensure!(checked <= MOST_CHECKED, "{checked} are checked");
        if checked == MOST_CHECKED {
            seen.meet("8 checked");
        }
        let counts = self.fleet.counts();
        ensure!(
            counts.members
                == counts.unchecked
                    + counts.waiting
                    + counts.under_way
                    + counts.destroyed
                    + counts.not_destroyed
                    + counts.left_out
                    + counts.stopped,
            "{counts:?}"
        );
        Ok(())
    }

    /// Checks members with a new ending: the ending is true, and a bad one halts the run.
    fn check_ends(&mut self, before: &Fleet, seen: &mut Seen) -> Checked {
        let (run_before, run) = (before.run, self.fleet.run);
        if run_before.and_then(|it| it.halted) != run.and_then(|it| it.halted) {
            match run.and_then(|it| it.halted) {
                Some(Halt::Person) => seen.meet("halted: person"),
                Some(Halt::BadEnd(_)) => seen.meet("halted: bad end"),
                Some(Halt::NoCredential(_)) => seen.meet("halted: no credential"),
                Some(Halt::PageLeft) => seen.meet("halted: page left"),
                Some(Halt::ReadOnly) | None => {}
            }
        }
        for (was, is) in before.members.iter().zip(&self.fleet.members) {
            if Rc::ptr_eq(was, is) || was.id != is.id {
                continue;
            }
            let host = &self.hosts[self.index(is)];
            let in_run = run_before.is_some();
            let withdrawn = |it: &Member| {
                matches!(
                    it.ending(),
                    Some(Ending::NotSent(Failure::NotSent(NotSent::Withdrawn)))
                )
            };
            if withdrawn(is) && !withdrawn(was) {
                seen.meet("a DELETE was withdrawn");
            }
            let mut bad = false;
            if is.standing == Standing::Ended
                && (was.standing != Standing::Ended || was.ending() != is.ending())
            {
                let ending = is.ending().unwrap();
                check_ending(host, is, ending, seen)?;
                bad = was.standing != Standing::Ended && *ending != Ending::Destroyed;
            }
            if was.standing == Standing::Ended && is.standing == Standing::UnderWay {
                let takes_back = is.task().is_some_and(|it| it.takes_back);
                if takes_back {
                    seen.meet("taken back");
                }
            }
            match is.standing {
                standing if standing == was.standing => {}
                Standing::LostSight => {
                    seen.meet("lost sight");
                    if was.unread && was.flow.screen != Screen::Connect {
                        seen.meet("reloaded: unknown");
                    }
                    bad = true;
                }
                Standing::LeftOut(LeftOut::Person) => seen.meet("left out by the person"),
                Standing::LeftOut(_) if was.standing == Standing::UnderWay && !was.unread => {
                    seen.meet("left out in its turn");
                    bad = true;
                }
                Standing::LeftOut(LeftOut::Obstacle(_)) => seen.meet("left out by a check"),
                Standing::Stopped => seen.meet("stopped"),
                _ => {}
            }
            if was.unread && !is.unread {
                match (&is.flow.screen, &is.sent) {
                    (Screen::Task(_), Some(sent)) if sent.presumed && was.review().is_some() => {
                        seen.meet("reloaded: its task was found");
                    }
                    (Screen::Task(_), _) => seen.meet("reloaded: its task was opened"),
                    (Screen::Review(_), None) => {
                        seen.meet("reloaded: nothing had begun");
                    }
                    _ => {}
                }
            }
            self.halted |= bad
                && in_run
                && self.fleet.phase == Phase::Run
                && self.fleet.run_settings.stop_on_bad_end;
        }
        Ok(())
    }

    /// Checks members that start now: the batch has room, and their checks are recent.
    fn check_begins(&mut self, before: &Fleet, seen: &mut Seen) -> Checked {
        let batch = usize::from(self.fleet.run_settings.batch);
        let counts = |it: &Member| {
            it.standing == Standing::UnderWay
                && !it.unread
                && !it.task().is_some_and(|task| task.takes_back)
        };
        let under_way = self.fleet.members.iter().filter(|it| counts(it)).count();
        for (was, is) in before.members.iter().zip(&self.fleet.members) {
            if Rc::ptr_eq(was, is) || was.id != is.id {
                continue;
            }
            let begins = matches!(was.standing, Standing::Waiting | Standing::Ended) && counts(is);
            if begins {
                ensure!(
                    under_way <= batch,
                    "{under_way} under way, and the batch is {batch}"
                );
                if under_way > 1 {
                    seen.meet("several at once");
                }
            }
            let submits = matches!(is.flow.screen, Screen::Submitting(_))
                && !matches!(was.flow.screen, Screen::Submitting(_));
            if submits {
                let age = self.now - self.hosts[self.index(is)].read_at;
                ensure!(
                    age <= FRESH || self.set_back,
                    "confirmed with checks of {age} ms ago"
                );
                let insists = was.review().is_some_and(|it| it.insists);
                ensure!(!insists, "an insisted one is confirmed");
            }
        }
        Ok(())
    }

    fn perform(&mut self, effect: FleetEffect, seen: &mut Seen) -> Checked {
        match effect {
            FleetEffect::Wait { millis } => self.timer = Some(self.now + i64::from(millis)),
            FleetEffect::AskHost(id) => self.asked.push(id),
            FleetEffect::Discard => self.journal = None,
            FleetEffect::Keep => {
                let journal = Journal::of(&self.fleet).ok_or("a journal of nothing")?;
                self.journal = Some(serde_json::to_string(&journal).unwrap());
            }
            FleetEffect::Member(id, effect) => match effect {
                Effect::Call(call) => self.send(id, call, seen)?,
                Effect::AbandonReads => {
                    self.flights.retain(|it| it.member != id || !it.is_read());
                }
                Effect::Forget => {
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

    fn send(&mut self, id: MemberId, call: Call, seen: &mut Seen) -> Checked {
        let member = self.fleet.member(id).ok_or("nobody's call")?.clone();
        let at = self.index(&member);
        let (now, browser) = (self.now, self.browser_clock());
        self.left.push_back(now);
        if self.left.len() > MOST_A_SECOND {
            let oldest = self.left.pop_front().unwrap_or_default();
            ensure!(now - oldest >= 1_000, "21 in {} ms", now - oldest);
            if now - oldest == 1_000 {
                seen.meet("20 in a second");
            }
        }
        let host = &mut self.hosts[at];
        let unsent = call.seal.is_some() && host.vault.is_none();
        if call.request.target() == LOGOUT {
            return Ok(());
        }
        ensure!(!self.unmounted, "sent after it was taken down");
        if call.request.method() == Method::Delete {
            seen.deletes += 1;
            let run = self.fleet.run.ok_or("a DELETE without a run")?;
            ensure!(
                !self.halted && run.halted.is_none() && self.fleet.phase == Phase::Run,
                "a DELETE in a run that is halted"
            );
            let Screen::Submitting(submitting) = &member.flow.screen else {
                return Err("a DELETE from another screen".to_owned());
            };
            ensure!(
                matches!(submitting.phase, SubmitPhase::Deleting(_)),
                "a DELETE in another phase"
            );
            let last = host
                .confirmations
                .last_mut()
                .ok_or("a DELETE without a confirmation")?;
            last.sent += u32::from(!unsent);
            ensure!(
                last.sent <= 1 || last.sent == 2 && last.may_send_again,
                "{} DELETEs for one confirmation",
                last.sent
            );
            if last.sent == 2 {
                seen.meet("sent again after DecryptFailed");
            }
            let journal: Journal =
                serde_json::from_str(self.journal.as_deref().ok_or("no journal")?)
                    .map_err(|error| error.to_string())?;
            let entry = journal
                .members
                .iter()
                .find(|it| it.label == member.chosen.label);
            ensure!(
                entry.is_some_and(|it| it.sent.is_some()),
                "a DELETE left before it was written down"
            );
        }
        let operation = (call.request.method() == Method::Post
            && call.request.target().contains("/task/"))
        .then(|| {
            let id = member.task().map(|it| it.dag.id.to_string());
            let operation = member
                .task()
                .and_then(|it| it.operating.as_ref())
                .map(|it| it.operation);
            id.zip(operation)
        })
        .flatten();
        let sealed = call.seal.as_ref().map(|seal| Sealed {
            key: Some(seal.key.clone()),
            held: host.vault,
            expiry: expiry(seal.clock.agent_time(browser), seal.life_seconds),
            confirmation: host.confirmations.len() as u32,
        });
        self.flights.push(Flight {
            member: id,
            at,
            call,
            sealed,
            sent_at: browser,
            unsent,
            taken: None,
            reply: None,
            operation,
        });
        Ok(())
    }

    // The network.

    fn take(&mut self, flight: &mut Flight) {
        let now = self.now;
        let target = flight.call.request.target().to_owned();
        let method = flight.call.request.method();
        let is_delete = flight.is_delete();
        let host = &mut self.hosts[flight.at];
        let reply = match &flight.sealed {
            None => host.agent.tell(&target, now),
            Some(sealed) => {
                if flight.taken.is_none() {
                    if let Err(refusal) = host.agent.gate(sealed, &target, now) {
                        flight.reply = Some(self.stamp(refusal, flight.at));
                        return;
                    }
                    flight.taken = Some(now);
                    if is_delete {
                        return;
                    }
                }
                match &flight.operation {
                    Some((id, operation)) => host.agent.operated(id, *operation, now),
                    None => host.agent.act(method, &target, sealed, now),
                }
            }
        };
        flight.reply = Some(self.stamp(reply, flight.at));
    }

    fn stamp(&mut self, reply: Reply, at: usize) -> Reply {
        self.answers += 1;
        stamped(reply, self.hosts[at].agent.clock(self.now), self.answers)
    }

    pub fn deliver(&mut self, index: usize) {
        let mut flight = self.flights[index].clone();
        if flight.reply.is_none() && !flight.unsent {
            self.take(&mut flight);
        }
        self.flights[index] = flight;
    }

    pub fn arrive(&mut self, index: usize) {
        let mut flight = self.late.remove(index);
        self.take(&mut flight);
        if flight.reply.is_none() {
            self.late.push(flight);
        }
    }

    /// Advances time; requests that an agent accepted long ago are executed.
    pub fn pass(&mut self, millis: i64) {
        let until = self.now + millis;
        let mut flights = std::mem::take(&mut self.flights);
        let mut late = std::mem::take(&mut self.late);
        for flight in flights.iter_mut().chain(&mut late) {
            let is_due = flight.taken.is_some_and(|taken| taken + SLOWEST <= until);
            if is_due && flight.reply.is_none() {
                self.take(flight);
            }
        }
        late.retain(|flight| flight.reply.is_none());
        (self.flights, self.late) = (flights, late);
        self.now = until;
    }

    /// Ends a call from the browser's view.
    pub fn answer(&mut self, index: usize, harm: Option<usize>, seen: &mut Seen) -> Checked {
        let flight = self.flights.remove(index);
        let page = |status| {
            Ok(Reply {
                status,
                body: b"<html>".to_vec(),
            })
        };
        let reply = if flight.unsent {
            Err(Failure::NotSent(NotSent::NoCredential))
        } else {
            match (&flight.reply, harm) {
                (Some(reply), None) => Ok(reply.clone()),
                (Some(reply), Some(0)) => Ok(Reply {
                    status: reply.status,
                    body: reply.body[..reply.body.len() / 2].to_vec(),
                }),
                (_, Some(1)) => page(502),
                (_, Some(2)) => page(200),
                (_, Some(3)) => Err(Failure::NoAnswer(NoAnswer::Timeout(15_000))),
                (_, Some(4)) => Ok(Reply {
                    status: 204,
                    body: Vec::new(),
                }),
                _ => Err(Failure::NoAnswer(NoAnswer::Network)),
            }
        };
        let host = &mut self.hosts[flight.at];
        if flight.call.request.target().ends_with("/unfinish") && harm.is_none() {
            host.read_at = self.now;
        }
        if flight.is_delete()
            && !flight.unsent
            && reply.as_ref().is_ok_and(is_decrypt_failure)
            && let Some(last) = host.confirmations.last_mut()
        {
            last.may_send_again = true;
        }
        if !flight.is_read() && !flight.unsent && flight.reply.is_none() {
            self.late.push(flight.clone());
        }
        let answered = Answered {
            id: flight.call.id,
            sent_at: flight.sent_at,
            received_at: self.browser_clock(),
            trace_id: flight.sealed.is_some().then(|| "aa".to_owned()),
            reply,
        };
        self.tell(
            FleetEvent::Member(flight.member, Event::Answered(answered)),
            seen,
        )
    }

    pub fn fire(&mut self, seen: &mut Seen) -> Checked {
        if let Some(at) = self.timer.take() {
            self.pass((at - self.now).max(0));
            self.tell(FleetEvent::Due, seen)?;
        }
        Ok(())
    }

    // Regular acts of people.

    /// Puts a password into the vaults that need one, like the shell, and reports it.
    pub fn give_passwords(&mut self, seen: &mut Seen) -> Checked {
        let sign_in = if self.is_host {
            SignIn::Host
        } else {
            for id in self.fleet.wanting(Whom::All) {
                let at = self.index(&self.fleet.member(id).unwrap().clone());
                self.hosts[at].vault = Some(Held::Password(self.hosts[at].agent.password));
            }
            SignIn::AgentPassword
        };
        self.tell(
            FleetEvent::SignIn {
                whom: Whom::All,
                sign_in,
                has_credential: true,
            },
            seen,
        )
    }

    pub fn host_gives(&mut self, gives: bool, seen: &mut Seen) -> Checked {
        let member = self.asked.remove(0);
        let known = self.fleet.member(member).cloned();
        // The shell drops a credential that the host returns too late, such as after the person
        // left the page.
        let Some(known) = known.filter(|member| member.is_asked_of_host()) else {
            return Ok(());
        };
        if gives {
            let at = self.index(&known);
            self.hosts[at].vault = Some(Held::Password(self.hosts[at].agent.password));
        }
        self.tell(
            FleetEvent::HostGave {
                member,
                has_credential: gives,
            },
            seen,
        )
    }

    /// Confirms with the required text.
    pub fn confirm(&mut self, seen: &mut Seen) -> Checked {
        let typed = self.fleet.confirmation();
        let waiting: Vec<_> = self.fleet.waiting().collect();
        let was = self.fleet.phase;
        if was == Phase::Review {
            // Returned if it is not accepted.
            for id in &waiting {
                let at = self.index(&self.fleet.member(*id).unwrap().clone());
                self.hosts[at].confirmations.push(Confirmation::default());
            }
            self.halted = false;
        }
        self.tell(FleetEvent::Confirm { typed }, seen)?;
        if was == Phase::Review {
            if self.fleet.run.is_none() {
                for id in waiting {
                    let at = self.index(&self.fleet.member(id).unwrap().clone());
                    self.hosts[at].confirmations.pop();
                }
            } else {
                seen.meet("confirmed");
                if self.fleet.restored {
                    seen.meet("confirmed after a reload");
                }
            }
        }
        Ok(())
    }

    pub fn retry(&mut self, id: MemberId, seen: &mut Seen) -> Checked {
        let Some(member) = self.fleet.member(id).cloned() else {
            return Ok(());
        };
        let way = member.retry();
        let at = self.index(&member);
        match way {
            Some(Retry::Task) => seen.meet("retry: task"),
            Some(Retry::Turn) => seen.meet("retry: turn"),
            Some(Retry::Confirmation) => {
                seen.meet("retry: confirmation");
                self.hosts[at].confirmations.push(Confirmation::default());
            }
            None => {}
        }
        let phase = self.fleet.phase;
        if phase == Phase::End && matches!(way, Some(Retry::Turn | Retry::Confirmation)) {
            self.halted = false;
        }
        self.tell(
            FleetEvent::Retry {
                member: id,
                typed: Some(member.chosen.address.to_string()),
            },
            seen,
        )?;
        let batch_is_full =
            self.fleet.members.iter().any(|it| {
                it.standing == Standing::Ended && it.task().is_some_and(|task| task.asks())
            });
        if way == Some(Retry::Task) && batch_is_full {
            seen.meet("an operation waited for its place");
        }
        Ok(())
    }

    /// Responds and waits until no request is pending and nothing is being read.
    pub fn settle(&mut self, seen: &mut Seen) -> Checked {
        for _ in 0..FAIR_STEPS {
            if !self.asked.is_empty() {
                self.host_gives(true, seen)?;
            } else if !self.flights.is_empty() {
                self.pass(10);
                self.deliver(0);
                self.deliver(0);
                self.answer(0, None, seen)?;
            } else if self.fleet.members.iter().any(|it| {
                matches!(it.standing, Standing::Checking)
                    || it.standing == Standing::Unchecked && !it.wants_credential()
            }) {
                self.fire(seen)?;
            } else {
                return Ok(());
            }
        }
        Err("the checks come to no end".to_owned())
    }

    /// Ends all faults; the person takes every required step. This must lead to the end.
    pub fn be_fair(&mut self, seen: &mut Seen) -> Checked {
        if self.unmounted {
            return Ok(());
        }
        self.tell(FleetEvent::CameBack, seen)?;
        self.tell(FleetEvent::Visible(true), seen)?;
        let mut given = 0;
        for step in 0..FAIR_STEPS {
            if step % 50 == 0 {
                self.tell(FleetEvent::Active, seen)?;
            }
            if !self.asked.is_empty() {
                self.host_gives(true, seen)?;
                continue;
            }
            let wanting = self.fleet.wanting(Whom::All);
            if !wanting.is_empty() && self.flights.is_empty() {
                given += 1;
                // The agent accepts the password, but the member still cannot be read: the agent
                // may no longer know the task.
                match wanting
                    .iter()
                    .find(|id| self.fleet.member(**id).unwrap().unread)
                {
                    Some(id) if given > 5 => self.tell(FleetEvent::LetGo(*id), seen)?,
                    _ => self.give_passwords(seen)?,
                }
                continue;
            }
            if !self.flights.is_empty() {
                self.pass(10);
                self.deliver(0);
                self.deliver(0);
                self.answer(0, None, seen)?;
                continue;
            }
            let halted = self.fleet.run.and_then(|run| run.halted).is_some();
            let is_checking = self.fleet.members.iter().any(|it| {
                matches!(it.standing, Standing::Checking | Standing::Unchecked) || it.unread
            });
            match self.fleet.phase {
                Phase::SignIn => {
                    self.tell(FleetEvent::Check, seen)?;
                    continue;
                }
                Phase::Preflight if self.fleet.can_review() && !is_checking => {
                    self.tell(FleetEvent::Review, seen)?;
                    continue;
                }
                Phase::Review => {
                    self.confirm(seen)?;
                    continue;
                }
                Phase::Preflight if !is_checking => {
                    // All members are left out, or followed until they have ended.
                    let counts = self.fleet.counts();
                    if counts.waiting + counts.under_way == 0 {
                        return Ok(());
                    }
                }
                Phase::Run if halted && self.fleet.counts().waiting > 0 => {
                    let ending = self.fleet.run.is_some_and(|run| run.ending);
                    self.tell(
                        if ending {
                            FleetEvent::EndRun
                        } else {
                            FleetEvent::Resume
                        },
                        seen,
                    )?;
                    continue;
                }
                Phase::End => {
                    seen.meet("over, fairly");
                    return Ok(());
                }
                _ => {}
            }
            // A member that cannot be read is given up.
            let stuck = self.fleet.members.iter().find(|it| {
                it.standing == Standing::UnderWay
                    && (it.unread && it.flow.form.problem.is_some()
                        || it.flow.contact().is_some_and(|(contact, _)| {
                            matches!(contact, Contact::Retrying { failures: 5.., .. })
                        }))
            });
            if let Some(stuck) = stuck {
                let id = stuck.id;
                self.tell(FleetEvent::LetGo(id), seen)?;
                continue;
            }
            ensure!(
                self.timer.is_some(),
                "nothing is asked and nothing waited for"
            );
            self.fire(seen)?;
            for host in &mut self.hosts {
                for index in 0..host.agent.tasks.len() {
                    host.agent.tick(index, false, self.now);
                }
            }
        }
        Err("no end".to_owned())
    }
}

/// Checks that the ending of a member is true.
fn check_ending(host: &Host, member: &Member, ending: &Ending, seen: &mut Seen) -> Checked {
    let dag = member.task().map(|task| task.dag.id.to_string());
    let was = |wanted: &dyn Fn(&Task) -> bool| {
        let same = |task: &&Task| dag.as_deref() == Some(&task.id());
        host.agent.past.iter().filter(same).any(wanted)
    };
    let what = match ending {
        Ending::Destroyed => {
            ensure!(
                was(&|task| task.kind == Kind::Delete
                    && task.state == "SUCCEED"
                    && task.operator != "PASS"
                    && task.passed.is_empty()),
                "destroyed by no task"
            );
            ensure!(member.is_destroyed(), "not counted");
            "destroyed"
        }
        Ending::Failed { stage, .. } => {
            ensure!(
                was(&|task| task.state == "FAILED"
                    && task.operator != "CANCEL"
                    && task.stage == *stage),
                "failed, and it did not"
            );
            "failed"
        }
        Ending::Cancelled { stage, .. } => {
            ensure!(
                was(&|task| task.state == "FAILED"
                    && task.operator == "CANCEL"
                    && task.stage == *stage),
                "cancelled, and it was not"
            );
            "cancelled"
        }
        Ending::Skipped { .. } => {
            ensure!(
                was(&|task| task.state == "SUCCEED"
                    && (task.operator == "PASS" || !task.passed.is_empty())),
                "skipped, and it was not"
            );
            "skipped"
        }
        Ending::NotSent(_) => {
            let sent = host.confirmations.last().map_or(0, |it| it.sent);
            ensure!(sent == 0, "not sent, and it was");
            "not sent"
        }
        Ending::NothingToDestroy => "nothing to destroy",
        Ending::Refused(_) => "refused",
        Ending::SomeoneElse { .. } => "someone else",
        Ending::NotDone(_) => "not done",
        Ending::OutcomeUnknown(_) => "unknown",
        Ending::OtherTaskDone => "other task done",
    };
    seen.meet(what);
    Ok(())
}
