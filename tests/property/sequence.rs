//! One sequence: a person, a browser, a network and an agent, all of which do as they please; and
//! what must be so all the while.

use std::collections::BTreeMap;
use std::rc::Rc;

use odp_console::flow::effect::{Call, Effect, TimerId};
use odp_console::flow::ending::{Ending, Unknown};
use odp_console::flow::event::{Answered, Event, Reply};
use odp_console::flow::operation::Operation;
use odp_console::flow::settings::Settings;
use odp_console::flow::state::{
    Contact, Look, OperationPhase, Origin, Screen, SignIn, State, SubmitPhase, Task as Watched,
    Tasks,
};
use odp_console::flow::step::step;
use odp_console::obshell::dag::Dag;
use odp_console::obshell::dag::id::DagId;
use odp_console::obshell::error::{Failure, NoAnswer, NotSent};
use odp_console::obshell::request::{DagOperation, Method, Request, expiry};

use crate::agent::{
    Agent, Held, Kind, LOGIN, LOGOUT, NEWEST, SLOWEST, START, Sealed, Task, refusal, stamped,
};
use crate::random::Random;

const ADDRESS: &str = "127.0.0.1:2886";

/// How often a fair agent is asked at most until the console is at an end: more than the slowest
/// task takes.
const FAIR_STEPS: usize = 400;

type Checked = Result<(), String>;

macro_rules! ensure {
    ($condition:expr, $($what:tt)+) => {
        if !$condition {
            return Err(format!($($what)+));
        }
    };
}

/// What was met, over all sequences.
#[derive(Debug, Default)]
pub struct Seen {
    pub sequences: u64,
    pub events: u64,
    deletes: u64,
    met: BTreeMap<&'static str, u64>,
}

impl Seen {
    pub fn with(mut self, other: Self) -> Self {
        self.sequences += other.sequences;
        self.events += other.events;
        self.deletes += other.deletes;
        for (what, count) in other.met {
            *self.met.entry(what).or_default() += count;
        }
        self
    }

    fn meet(&mut self, what: &'static str) {
        *self.met.entry(what).or_default() += 1;
    }

    pub fn assert_everything_was_met(&self) {
        for what in [
            "destroyed",
            "skipped",
            "failed",
            "cancelled",
            "nothing to destroy",
            "refused",
            "someone else",
            "not sent",
            "not done",
            "unknown: answer",
            "unknown: forgotten",
            "unknown: still managed",
            "other task done",
            "sent again after DecryptFailed",
            "presumed, and it was this console's",
            "presumed, and it was another's",
            "a DELETE was sent twice by the browser",
            "an operation was sent twice by the browser",
            "a copy was acted on, and another was answered",
            "nothing was done, and it was not so",
            "nothing was done, and it was taken back",
            "nothing was done, and it is unknown after all",
            "not done again and again",
            "a late DELETE acted",
            "a late DELETE was refused",
            "restarted",
            "logged in",
            "a session was ended",
            "left",
            "came back",
            "idle",
            "a session had died",
            "retry accepted",
            "cancel accepted",
            "skip accepted",
            "mark as done accepted",
            "an operation was refused",
            "an operation got lost",
            "an operation was lost, and acted",
            "a late operation acted",
            "an operation did not fit any more",
            "destroyed after an operation",
            "opened by a link or from the list",
            "failed after an operation",
            "cancelled after an operation",
        ] {
            assert!(self.met.contains_key(what), "never met: {what}\n{self:#?}");
        }
    }
}

/// A request that left the browser, or should have.
#[derive(Clone)]
struct Flight {
    call: Call,
    /// `None`: an open route.
    sealed: Option<Sealed>,
    /// By the browser's clock.
    sent_at: i64,
    /// Without a password nothing leaves.
    unsent: bool,
    /// When the agent took it, by true time; it acts within [`SLOWEST`].
    taken: Option<i64>,
    reply: Option<Reply>,
    /// The agent's count as it took it.
    moment: u64,
    /// What it tells the agent of the task of this id.
    operation: Option<(String, Operation)>,
    /// What a login got.
    session: Option<u32>,
}

impl Flight {
    fn is_delete(&self) -> bool {
        self.call.request.method() == Method::Delete
    }

    fn is_login(&self) -> bool {
        self.call.request.is_login()
    }

    /// Whether it may change something: giving it up does not call it back.
    fn is_write(&self) -> bool {
        self.is_delete() || self.operation.is_some()
    }
}

/// What a person has agreed to tell the agent of a task, and how the task was then.
#[derive(Clone)]
struct Agreed {
    operation: Operation,
    dag: Rc<Dag>,
}

/// What is known of one confirmation.
#[derive(Clone, Copy, Default)]
struct Confirmation {
    sent: u32,
    may_send_again: bool,
    /// The console said that the agent takes no copy of its DELETE any more.
    never: bool,
    /// The newest task's number as its DELETE left, as the console noted it.
    noted: i64,
}

#[derive(Clone)]
struct Sequence {
    agent: Agent,
    state: State,
    /// True time, in milliseconds.
    now: i64,
    /// How far the browser's clock is ahead of true time, in milliseconds.
    ahead: i64,
    vault: Option<Held>,
    flights: Vec<Flight>,
    /// DELETEs that nobody waits for any more, and that may arrive all the same.
    late: Vec<Flight>,
    /// How many answers there were.
    answers: u64,
    timer: Option<(TimerId, i64)>,
    stale: Option<TimerId>,
    confirmations: Vec<Confirmation>,
    /// The operation that was confirmed and has not left.
    agreed: Option<Agreed>,
    /// How many requests the agent has taken.
    moments: u64,
    /// When it took the last read of the task that the console has seen the answer of, and its
    /// last operation of the console's.
    read_at: u64,
    operated_at: u64,
    /// Whether a clock ever jumped: then nobody can say when it is too late for a request.
    jumped: bool,
    /// Whether the agent's clock was ever set back: what a reading showed of it need not hold.
    set_back: bool,
    /// Whether the agent's list had a task of the last confirmation as the newest task was read last.
    listed: bool,
    /// Whether it managed an ODP as `/info` was read last.
    managed: bool,
}

/// Where sequences begin.
pub struct Starts {
    /// Before a DELETE.
    before: Vec<Sequence>,
    /// The same with a session of a CLUSTER AGENT.
    with_session: Vec<Sequence>,
    /// At the end of a destroy that stopped, which can be operated on.
    stopped: Vec<Sequence>,
    /// At an ending that says that nothing was done, while a copy of the DELETE is on its way.
    said: Vec<Sequence>,
}

impl Starts {
    pub fn new() -> Self {
        let fresh = |agent: Agent| Sequence {
            agent,
            state: State::new(Rc::new(Settings::default())),
            now: START,
            ahead: 0,
            vault: None,
            flights: Vec::new(),
            late: Vec::new(),
            answers: 0,
            timer: None,
            stale: None,
            confirmations: Vec::new(),
            agreed: None,
            moments: 0,
            read_at: 0,
            operated_at: 0,
            jumped: false,
            set_back: false,
            listed: false,
            managed: true,
        };
        let new = Agent::new();
        let mut added = Agent::new();
        added.managed = false;
        assert!(added.start(Kind::Add, None));
        (0..5).for_each(|_| added.tick(0, false));
        assert!(added.managed && !added.locked);
        let mut failed = added.clone();
        assert!(failed.start(Kind::Delete, None));
        failed.tick(1, false);
        failed.tick(1, true);
        assert!(!failed.locked);
        let starts = |is_cluster: bool| {
            let mut starts = vec![fresh(new.clone())];
            for agent in [&new, &added, &failed] {
                let agent = Agent {
                    is_cluster,
                    ..agent.clone()
                };
                let mut sequence = fresh(agent);
                let mut seen = Seen::default();
                let edited = Event::AddressEdited(ADDRESS.to_owned());
                sequence.tell(edited, &mut seen).unwrap();
                sequence.tell(Event::AddressChosen, &mut seen).unwrap();
                sequence.be_fair(&mut seen).unwrap();
                if is_cluster {
                    let root = Event::SignInWith(SignIn::RootPassword);
                    sequence.tell(root, &mut seen).unwrap();
                }
                sequence.authenticate(&mut seen).unwrap();
                sequence.be_fair(&mut seen).unwrap();
                sequence.tell(Event::Review, &mut seen).unwrap();
                assert!(matches!(sequence.state.screen, Screen::Review(_)));
                assert_eq!(sequence.agent.sessions.len(), usize::from(is_cluster));
                starts.push(sequence);
            }
            starts
        };
        let stopped = [1, 2, 3, 4].map(|stage| {
            let mut agent = Agent::new();
            assert!(agent.start(Kind::Delete, None));
            (0..stage).for_each(|_| agent.tick(0, false));
            let mut sequence = fresh(agent);
            let mut seen = Seen::default();
            let edited = Event::AddressEdited(ADDRESS.to_owned());
            sequence.tell(edited, &mut seen).unwrap();
            sequence.authenticate(&mut seen).unwrap();
            while !matches!(sequence.state.screen, Screen::Preflight(_)) {
                sequence.pass(10).unwrap();
                sequence.deliver(0, false).unwrap();
                sequence.answer(0, None, &mut seen).unwrap();
            }
            sequence.agent.tick(0, true);
            sequence.tell(Event::FollowHolder, &mut seen).unwrap();
            sequence.be_fair(&mut seen).unwrap();
            assert!(watched(&sequence.state).is_some_and(|task| task.offers(Operation::Retry)));
            sequence
        });
        let before = starts(false);
        let with_session = starts(true);
        let mut said = Vec::new();
        for start in before.iter().chain(&with_session) {
            if !matches!(start.state.screen, Screen::Review(_)) {
                continue;
            }
            for lost in [true, false] {
                let mut sequence = start.clone();
                sequence.say_too_early(lost).unwrap();
                said.push(sequence);
            }
        }
        Self {
            before,
            with_session,
            stopped: stopped.into(),
            said,
        }
    }

    /// Plays the sequence of this seed.
    pub fn play(&self, seed: u64, seen: &mut Seen, mut story: Option<&mut Vec<String>>) -> Checked {
        let mut random = Random::new(seed);
        let start = random
            .below(self.before.len() * 4)
            .min(self.before.len() - 1);
        let start = if random.once_in(8) { 0 } else { start.max(1) };
        let mut sequence = if random.once_in(8) {
            self.said[random.below(self.said.len())].clone()
        } else if random.once_in(4) {
            self.stopped[random.below(self.stopped.len())].clone()
        } else if random.once_in(4) {
            self.with_session[start].clone()
        } else {
            self.before[start].clone()
        };
        // Most begin with what it is all about.
        if start > 0 && !random.once_in(8) && ending(&sequence.state).is_none() {
            sequence.confirm(seen)?;
        }
        let calm = random.once_in(2);
        let longest = random.pick(&[15, 15, 25, 25, 60]);
        for _ in 0..10 + random.below(longest - 9) {
            seen.events += 1;
            let what = sequence.happen(&mut random, calm, seen)?;
            if let Some(story) = &mut story {
                story.push(format!(
                    "{} {what}: {}",
                    sequence.now - START,
                    sequence.brief()
                ));
            }
        }
        seen.sequences += 1;
        // The others are unmounted: they are told nothing more, and their DELETE may still arrive.
        if random.once_in(3) {
            sequence
                .be_fair(seen)
                .map_err(|what| format!("with a fair agent: {what}; {}", sequence.brief()))?;
        }
        sequence.arrive_late(seen)
    }
}

impl Sequence {
    fn brief(&self) -> String {
        let screen = match &self.state.screen {
            Screen::Connect => "connect".to_owned(),
            Screen::Preflight(_) => "preflight".to_owned(),
            Screen::Review(_) => "review".to_owned(),
            Screen::Submitting(submitting) => match &submitting.phase {
                SubmitPhase::FindingOut(doubt) => format!(
                    "finding out (steady {}, waits {}, {:?})",
                    doubt.steady, doubt.waits, doubt.contact
                ),
                phase => format!("submitting {phase:?}"),
            },
            Screen::Task(task) => format!(
                "task {} {:?} {:?} {:?}",
                task.dag.number,
                task.dag.progress(),
                task.origin,
                task.contact
            ),
            Screen::Ended(ended) => format!("ended {:?}", ended.ending),
        };
        let flights: Vec<_> = self
            .flights
            .iter()
            .map(|flight| flight.call.request.target())
            .collect();
        format!(
            "{screen}; open {flights:?}; timer {:?}; late {}; agent: managed {} locked {} {:?}",
            self.timer,
            self.late.len(),
            self.agent.managed,
            self.agent.locked,
            self.agent.tasks
        )
    }

    fn browser_clock(&self) -> i64 {
        self.now + self.ahead
    }

    // What the console does.

    fn tell(&mut self, event: Event, seen: &mut Seen) -> Checked {
        if let Event::Visible(_) = event {
            self.stale = self.timer.take().map(|(timer, _)| timer);
        }
        let before = std::mem::discriminant(&self.state.screen);
        let said = ending(&self.state).cloned();
        let had_task = watched(&self.state).is_some();
        let was_watching = match &self.state.screen {
            Screen::Task(task) => Some(task.dag.id.to_string()),
            _ => None,
        };
        let asked = match (&event, watched(&self.state)) {
            (Event::ConfirmOperation, Some(task)) if task.asks() => task.operating.clone(),
            _ => None,
        };
        if let Some(asked) = asked {
            self.agreed = watched(&self.state).map(|task| Agreed {
                operation: asked.operation,
                dag: Rc::clone(&task.dag),
            });
        }
        let (state, effects) = step(self.state.clone(), self.browser_clock(), event);
        self.state = state;
        for effect in effects {
            match effect {
                Effect::Call(call) => self.send(call, seen)?,
                Effect::Wait { timer, millis } => {
                    ensure!(self.state.visible, "a hidden page waits to ask");
                    self.timer = Some((timer, self.now + i64::from(millis)));
                }
                Effect::AbandonReads => {
                    let open = self.flights.len();
                    for flight in std::mem::take(&mut self.flights) {
                        if flight.is_delete() {
                            self.flights.push(flight);
                        } else if flight.is_write() && flight.reply.is_none() && !flight.unsent {
                            self.late.push(flight);
                        }
                    }
                    ensure!(
                        self.flights.is_empty() && open > 0,
                        "reads were given up beside a DELETE, or there were none"
                    );
                }
                Effect::WatchIdle { .. } => {}
                Effect::Forget => self.vault = None,
            }
        }
        let phase = watched(&self.state).and_then(|task| task.operating.as_ref());
        match phase.map(|operating| &operating.phase) {
            Some(OperationPhase::Refreshing) => {}
            Some(OperationPhase::NotSent(None)) => {
                if self.agreed.take().is_some() {
                    seen.meet("an operation did not fit any more");
                }
            }
            // From now on only another confirmation may send it.
            _ => self.agreed = None,
        }
        let now = std::mem::discriminant(&self.state.screen);
        match &self.state.screen {
            Screen::Ended(ended) if now != before || said.as_ref() != Some(&ended.ending) => {
                if said.is_some_and(|said| said.may_be_taken_back()) {
                    ensure!(
                        matches!(ended.ending, Ending::OutcomeUnknown(_)),
                        "an ending became another"
                    );
                    seen.meet("nothing was done, and it is unknown after all");
                }
                self.check_ending(seen)?;
            }
            Screen::Task(task) if now != before => {
                let task = task.clone();
                ensure!(
                    !task.takes_back
                        || had_task
                        || said.is_some_and(|said| said.may_be_taken_back()),
                    "what was never said is taken back"
                );
                self.check_origin(&task, was_watching, seen)?;
            }
            _ => {}
        }
        self.check_claim(seen)?;
        self.check_motion()
    }

    fn send(&mut self, call: Call, seen: &mut Seen) -> Checked {
        let target = call.request.target();
        ensure!(
            !self
                .flights
                .iter()
                .any(|flight| flight.call.request.target() == target),
            "{target} is asked twice at once"
        );
        let sent_at = self.browser_clock();
        let confirmation = self.confirmations.len() as u32;
        let is_delete = call.request.method() == Method::Delete;
        if is_delete {
            seen.deletes += 1;
            ensure!(
                !self.flights.iter().any(Flight::is_delete),
                "two DELETEs at once"
            );
            let Some(last) = self.confirmations.last_mut() else {
                return Err("a DELETE without a confirmation".to_owned());
            };
            last.sent += 1;
            ensure!(
                last.sent == 1 || last.sent == 2 && last.may_send_again,
                "{} DELETEs for one confirmation",
                last.sent
            );
            if last.sent == 2 {
                seen.meet("sent again after DecryptFailed");
            }
            let Screen::Submitting(submitting) = &self.state.screen else {
                return Err("a DELETE from another screen".to_owned());
            };
            let SubmitPhase::Deleting(deleting) = &submitting.phase else {
                return Err("a DELETE in another phase".to_owned());
            };
            let noted = deleting.noted.number();
            ensure!(
                last.sent == 1 || noted == last.noted,
                "what was noted before the first DELETE was overwritten"
            );
            last.noted = noted;
            ensure!(
                last.sent == 1 || !self.listed,
                "sent again, and the agent's list showed its task"
            );
        }
        ensure!(
            call.seal.is_none() || self.vault != Some(Held::Root) || target == LOGIN,
            "the root password goes with {target}"
        );
        if target == LOGOUT {
            let Some(Held::Session(session)) = self.vault else {
                return Err("a logout without a session".to_owned());
            };
            self.agent.sessions.retain(|open| *open != session);
            seen.meet("a session was ended");
            // Nobody waits for it.
            return Ok(());
        }
        let operation = if target == LOGIN {
            let root = matches!(self.vault, None | Some(Held::Root));
            ensure!(root, "a login without the root password");
            None
        } else if call.request.method() == Method::Post {
            Some(self.check_operation(&call)?)
        } else {
            None
        };
        let sealed = call.seal.as_ref().map(|seal| Sealed {
            key: Some(seal.key.clone()),
            held: self.vault,
            expiry: expiry(seal.clock.agent_time(sent_at), seal.life_seconds),
            confirmation,
        });
        self.flights.push(Flight {
            unsent: sealed.is_some() && self.vault.is_none(),
            call,
            sealed,
            sent_at,
            taken: None,
            reply: None,
            moment: 0,
            operation,
            session: None,
        });
        Ok(())
    }

    /// An operation leaves: once for a confirmation, and as it was agreed to.
    fn check_operation(&mut self, call: &Call) -> Result<(String, Operation), String> {
        let Some(Agreed { operation, dag }) = self.agreed.take() else {
            return Err("an operation that nobody has confirmed, or not again".to_owned());
        };
        let Some(now) = watched(&self.state).map(|task| Rc::clone(&task.dag)) else {
            return Err("an operation on no task".to_owned());
        };
        let request = match operation {
            Operation::Retry => Some(Request::operate_dag(&dag.id, DagOperation::Retry)),
            Operation::Cancel => Some(Request::operate_dag(&dag.id, DagOperation::Cancel)),
            Operation::MarkDone => Some(Request::operate_dag(&dag.id, DagOperation::Pass)),
            Operation::Skip => dag.current_node().map(|node| Request::pass_node(&node.id)),
        };
        let of_one_stage = matches!(operation, Operation::Retry | Operation::Skip);
        ensure!(
            request.as_ref() == Some(&call.request) && (now.stage == dag.stage || !of_one_stage),
            "not what was agreed to: {:?} instead of {operation:?} at stage {}",
            call.request,
            dag.stage
        );
        Ok((dag.id.to_string(), operation))
    }

    // What must be so.

    /// Whatever does not wait for a person goes on by itself.
    fn check_motion(&self) -> Checked {
        let going = !self.flights.is_empty() || self.timer.is_some();
        let (must, may_be_hidden) = match &self.state.screen {
            Screen::Connect => (self.state.form.connecting, false),
            Screen::Preflight(preflight) => (preflight.rechecking, false),
            Screen::Submitting(submitting) => match &submitting.phase {
                SubmitPhase::FindingOut(doubt) => (!is_unauthenticated(&doubt.contact), true),
                _ => (true, false),
            },
            Screen::Task(task) => (!is_unauthenticated(&task.contact), true),
            Screen::Ended(ended) => {
                let looks = ended.looking.as_ref();
                (
                    looks.is_some_and(|doubt| !is_unauthenticated(&doubt.contact)),
                    true,
                )
            }
            Screen::Review(_) => (false, false),
        };
        ensure!(
            !must || going || may_be_hidden && !self.state.visible,
            "stuck: {}",
            self.brief()
        );
        Ok(())
    }

    fn by_this_confirmation(&self) -> bool {
        let number = self.confirmations.len() as u32;
        self.agent.past.iter().any(|task| task.by == Some(number))
    }

    /// Whether the agent's list has a task of the last confirmation.
    fn is_listed(&self) -> bool {
        let number = self.confirmations.len() as u32;
        self.agent.tasks.iter().any(|task| task.by == Some(number))
    }

    /// "Nothing was done" is said as long as the agent's list, as it was read last, has no task of
    /// this confirmation, and is looked after for as long as it is said.
    fn check_claim(&mut self, seen: &mut Seen) -> Checked {
        let Screen::Ended(ended) = &self.state.screen else {
            return Ok(());
        };
        ensure!(
            ended.looking.is_some() == ended.ending.may_be_taken_back(),
            "an ending that is not looked after, or that need not be"
        );
        let Some(doubt) = &ended.looking else {
            return Ok(());
        };
        let over = doubt.over;
        // Between the newest task and the unfinished ones a look is not at its end.
        ensure!(
            !self.listed || !self.flights.is_empty() || doubt.contact != Contact::Good,
            "nothing was done, it says, and the agent's list showed its task"
        );
        if self.is_listed() {
            seen.meet("nothing was done, and it was not so");
        }
        if let Some(last) = self.confirmations.last_mut() {
            if over && last.never {
                seen.meet("not done again and again");
            }
            last.never = over && !self.set_back;
        }
        Ok(())
    }

    fn check_origin(&mut self, task: &Watched, before: Option<String>, seen: &mut Seen) -> Checked {
        ensure!(before.is_none(), "a task from a task");
        let number = task.dag.number;
        let confirmation = self.confirmations.len() as u32;
        let mine = |past: &Task| past.number == number && past.by == Some(confirmation);
        let mine = self.agent.past.iter().any(mine);
        match &task.origin {
            Origin::Mine(_) => ensure!(mine, "another's task is called this console's"),
            Origin::Presumed(_) => {
                let noted = self.confirmations.last().map_or(0, |last| last.noted);
                ensure!(
                    number > noted,
                    "an old task is presumed to be this console's"
                );
                if task.takes_back {
                    seen.meet("nothing was done, and it was taken back");
                }
                seen.meet(if mine {
                    "presumed, and it was this console's"
                } else {
                    "presumed, and it was another's"
                });
            }
            Origin::Followed => {}
            Origin::Opened => seen.meet("opened by a link or from the list"),
        }
        Ok(())
    }

    fn check_ending(&mut self, seen: &mut Seen) -> Checked {
        let Screen::Ended(ended) = &self.state.screen else {
            return Ok(());
        };
        let ending = &ended.ending;
        let watched = ended.task.as_ref().map(|task| task.dag.clone());
        // What was so before an operation is no end after it.
        let operated = watched.as_ref().is_some_and(|dag| {
            let since = self.agent.since.first();
            self.read_at > self.operated_at
                && since.is_some_and(|task| task.id() == dag.id.as_str())
        });
        let past = if operated {
            &self.agent.since
        } else {
            &self.agent.past
        };
        let was = |wanted: &dyn Fn(&Task) -> bool| {
            let Some(dag) = &watched else { return false };
            let same = |task: &&Task| task.id() == dag.id.as_str();
            past.iter().filter(same).any(wanted)
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
                let added_since = |task: &Task| task.kind == Kind::Add && task.state == "SUCCEED";
                ensure!(
                    !self.agent.managed
                        || self.agent.adopted
                        || self.agent.past.iter().any(added_since),
                    "destroyed, and still managed"
                );
                "destroyed"
            }
            Ending::Skipped { .. } => {
                ensure!(
                    was(&|task| task.state == "SUCCEED"
                        && (task.operator == "PASS" || !task.passed.is_empty())),
                    "skipped, and it was not"
                );
                "skipped"
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
            Ending::OtherTaskDone => {
                ensure!(
                    was(&|task| task.kind != Kind::Delete && task.state == "SUCCEED"),
                    "another task is done, and it is not"
                );
                "other task done"
            }
            Ending::NothingToDestroy => {
                ensure!(!self.managed, "nothing to destroy, and an ODP is managed");
                "nothing to destroy"
            }
            Ending::OutcomeUnknown(Unknown::Answer(_)) => "unknown: answer",
            Ending::OutcomeUnknown(Unknown::Forgotten) => {
                ensure!(self.agent.reinstalled, "an agent that forgot nothing");
                "unknown: forgotten"
            }
            Ending::OutcomeUnknown(Unknown::StillManaged) => {
                ensure!(
                    was(&|task| task.kind == Kind::Delete && task.state == "SUCCEED"),
                    "a success that was none"
                );
                "unknown: still managed"
            }
            Ending::OutcomeUnknown(Unknown::Contradicted { contradiction, .. }) => {
                return Err(format!("a contradiction of no agent: {contradiction:?}"));
            }
            Ending::Refused(_) => "refused",
            Ending::SomeoneElse { .. } => "someone else",
            Ending::NotSent(_) => "not sent",
            Ending::NotDone(_) => "not done",
        };
        seen.meet(what);
        if operated {
            match what {
                "destroyed" => seen.meet("destroyed after an operation"),
                "failed" => seen.meet("failed after an operation"),
                "cancelled" => seen.meet("cancelled after an operation"),
                _ => {}
            }
        }
        if ended.task.as_ref().is_some_and(|task| task.restarted) {
            seen.meet("restarted");
        }
        ensure!(
            !ending.may_be_taken_back() || !self.listed,
            "{what}, and the agent's list shows its task"
        );
        ensure!(
            !matches!(ending, Ending::NotSent(_)) || !self.by_this_confirmation(),
            "not sent, and its task is there"
        );
        Ok(())
    }

    // What the network and the agent do.

    fn take(&mut self, flight: &mut Flight, twice: bool) -> Checked {
        let target = flight.call.request.target().to_owned();
        let Some(sealed) = flight.sealed.clone() else {
            if target == "/api/v1/info" {
                self.managed = self.agent.managed;
            }
            flight.reply = Some(self.agent.tell(&target, self.now));
            return Ok(());
        };
        if flight.taken.is_none() {
            if let Err(refusal) = self.agent.gate(&sealed, &target, self.now) {
                flight.reply = Some(refusal);
                return Ok(());
            }
            ensure!(
                !flight.is_delete() || !self.confirmations[sealed.confirmation as usize - 1].never,
                "taken after it was said that it would not be"
            );
            flight.taken = Some(self.now);
            // A DELETE may take its time.
            if flight.is_delete() {
                return Ok(());
            }
        }
        self.moments += 1;
        if let Some((id, operation)) = &flight.operation {
            let reply = self.agent.operated(id, *operation);
            if reply.status == 200 {
                self.operated_at = self.moments;
            }
            flight.reply = Some(reply);
            return Ok(());
        }
        flight.moment = self.moments;
        if target == NEWEST {
            self.listed = self.is_listed();
        }
        let method = flight.call.request.method();
        flight.reply = Some(self.agent.act(method, &target, &sealed));
        flight.session = (target == LOGIN).then_some(self.agent.last_session);
        if twice && flight.is_delete() {
            flight.reply = Some(self.agent.act(method, &target, &sealed));
        }
        Ok(())
    }

    /// Confirms, and comes to an ending that says that nothing was done. `lost`: the agent took the
    /// DELETE and hangs, and nobody answers; otherwise its second copy meets somebody's task, and
    /// the first is still on its way.
    fn say_too_early(&mut self, lost: bool) -> Checked {
        let mut seen = Seen::default();
        self.confirm(&mut seen)?;
        while !self.flights.iter().any(Flight::is_delete) {
            self.pass(10)?;
            self.deliver(0, false)?;
            self.answer(0, None, &mut seen)?;
        }
        if lost {
            self.deliver(0, false)?;
            self.answer(0, Some(5), &mut seen)?;
        } else {
            self.repeat(0, &mut seen);
            ensure!(self.agent.start(Kind::Stop, None), "no task of another's");
            self.deliver(0, false)?;
            self.deliver(0, false)?;
            self.answer(0, None, &mut seen)?;
            // The wait of a fair agent would let that task go on.
            while !self.flights.is_empty() {
                self.pass(10)?;
                self.deliver(0, false)?;
                self.answer(0, None, &mut seen)?;
            }
        }
        self.be_fair(&mut seen)?;
        ensure!(self.late.len() == 1, "no copy is on its way");
        match ending(&self.state) {
            Some(Ending::NotDone(_)) if lost => Ok(()),
            Some(Ending::SomeoneElse { .. }) if !lost => Ok(()),
            other => Err(format!("{other:?}")),
        }
    }

    /// The browser sends a request that changes something once more, by itself: the same bytes. The
    /// console is told of the answer to the last copy only; the others may arrive at any time.
    fn repeat(&mut self, index: usize, seen: &mut Seen) -> &'static str {
        let flight = &mut self.flights[index];
        if !flight.is_write() || flight.unsent {
            return "nothing";
        }
        let again = Flight {
            taken: None,
            reply: None,
            ..flight.clone()
        };
        let copy = std::mem::replace(flight, again);
        seen.meet(if copy.is_delete() {
            "a DELETE was sent twice by the browser"
        } else {
            "an operation was sent twice by the browser"
        });
        match &copy.reply {
            Some(reply) if reply.status == 200 => {
                seen.meet("a copy was acted on, and another was answered");
            }
            Some(_) => {}
            None => self.late.push(copy),
        }
        "the browser repeats a request"
    }

    /// Time passes; what the agent took long ago is done by now.
    fn pass(&mut self, millis: i64) -> Checked {
        let until = self.now + millis;
        let mut flights = std::mem::take(&mut self.flights);
        let mut late = std::mem::take(&mut self.late);
        for flight in flights.iter_mut().chain(&mut late) {
            let is_due = flight.taken.is_some_and(|taken| taken + SLOWEST <= until);
            if is_due && flight.reply.is_none() {
                self.take(flight, false)?;
            }
        }
        late.retain(|flight| flight.reply.is_none());
        self.flights = flights;
        self.late = late;
        self.now = until;
        Ok(())
    }

    fn deliver(&mut self, index: usize, twice: bool) -> Checked {
        let mut flight = self.flights[index].clone();
        if flight.reply.is_none() && !flight.unsent {
            self.take(&mut flight, twice)?;
        }
        self.flights[index] = flight;
        Ok(())
    }

    /// The end of a call, as the browser sees it.
    fn answer(&mut self, index: usize, harm: Option<usize>, seen: &mut Seen) -> Checked {
        let flight = self.flights.remove(index);
        let page = |status| {
            Ok(Reply {
                status,
                body: b"<html>".to_vec(),
            })
        };
        let network = Err(Failure::NoAnswer(NoAnswer::Network));
        let reply = if flight.unsent {
            Err(Failure::NotSent(NotSent::NoCredential))
        } else {
            match (&flight.reply, harm) {
                (Some(reply), None) => Ok(reply.clone()),
                (Some(reply), Some(0)) => Ok(Reply {
                    status: reply.status,
                    body: reply.body[..reply.body.len() / 2].to_vec(),
                }),
                (Some(_), Some(1)) => Ok(refusal(500, "Common.Unexpected")),
                (_, Some(2)) => page(502),
                (_, Some(3)) => page(200),
                (_, Some(4)) => Err(Failure::NoAnswer(NoAnswer::Timeout(15_000))),
                _ => network,
            }
        };
        if let (Some(session), None) = (flight.session, harm) {
            ensure!(
                self.vault == Some(Held::Root),
                "a session that nobody wants"
            );
            self.vault = Some(Held::Session(session));
            seen.meet("logged in");
        }
        let dead = |reply: &Reply| reply.body.windows(14).any(|it| it == b"SessionInvalid");
        if flight.reply.as_ref().is_some_and(dead) {
            seen.meet("a session had died");
        }
        if let Some((_, operation)) = &flight.operation {
            let accepted = reply.as_ref().is_ok_and(|reply| {
                reply.status == 200 && reply.body.ends_with(b"}") && !reply.body.starts_with(b"<")
            });
            seen.meet(match (accepted, operation, &flight.reply) {
                (true, Operation::Retry, _) => "retry accepted",
                (true, Operation::Cancel, _) => "cancel accepted",
                (true, Operation::Skip, _) => "skip accepted",
                (true, Operation::MarkDone, _) => "mark as done accepted",
                (false, _, Some(did)) if did.status == 200 => "an operation was lost, and acted",
                (false, _, Some(_)) => "an operation was refused",
                (false, _, None) => "an operation got lost",
            });
            if flight.reply.is_none() && !flight.unsent {
                self.late.push(flight.clone());
            }
        } else if flight
            .call
            .request
            .target()
            .starts_with("/api/v1/task/dag/4")
            && reply.is_ok()
        {
            self.read_at = self.read_at.max(flight.moment);
        }
        if flight.is_delete() && !flight.unsent {
            let decrypt = |reply: &Reply| {
                let said = String::from_utf8_lossy(&reply.body);
                said.contains("Header.DecryptFailed\"") && said.ends_with("}}")
            };
            if reply.as_ref().is_ok_and(decrypt)
                && let Some(last) = self.confirmations.last_mut()
            {
                last.may_send_again = true;
            }
            if flight.reply.is_none() {
                self.late.push(flight.clone());
            }
        }
        self.answers += 1;
        let reply = reply.map(|reply| stamped(reply, self.answers));
        let trace_id = flight.sealed.is_some().then(|| "aa".to_owned());
        let answered = Answered {
            id: flight.call.id,
            sent_at: flight.sent_at,
            received_at: self.browser_clock(),
            trace_id,
            reply,
        };
        self.tell(Event::Answered(answered), seen)
    }

    fn arrive(&mut self, index: usize, seen: &mut Seen) -> Checked {
        let mut flight = self.late[index].clone();
        let before = self.agent.tasks.len();
        self.take(&mut flight, false)?;
        if flight.operation.is_some() {
            let acted = |reply: &Reply| reply.status == 200;
            if flight.reply.as_ref().is_some_and(acted) {
                seen.meet("a late operation acted");
                let seal = flight.call.seal.as_ref();
                let timed = seal.is_some_and(|seal| seal.clock.uncertainty < 10_000);
                ensure!(
                    !self.waits_for_operation() || !timed || self.jumped,
                    "an end was told while an operation was on its way"
                );
            }
        } else if self.agent.tasks.len() > before {
            seen.meet("a late DELETE acted");
        } else if flight.reply.is_some() {
            seen.meet("a late DELETE was refused");
        }
        if flight.reply.is_some() {
            self.late.remove(index);
        } else {
            self.late[index] = flight;
        }
        Ok(())
    }

    /// Whether the end of a task is told although the console has not heard what came of its
    /// operation.
    fn waits_for_operation(&self) -> bool {
        let Screen::Ended(ended) = &self.state.screen else {
            return false;
        };
        let operating = ended.task.as_ref().and_then(|task| task.operating.as_ref());
        operating.is_some_and(|operating| match operating.phase {
            OperationPhase::Lost(_) => true,
            OperationPhase::Refused(_) => operating.operation != Operation::Cancel,
            _ => false,
        })
    }

    fn arrive_late(&mut self, seen: &mut Seen) -> Checked {
        while let Some(last) = self.late.len().checked_sub(1) {
            self.arrive(last, seen)?;
        }
        Ok(())
    }

    fn fire(&mut self, seen: &mut Seen) -> Checked {
        if let Some((timer, at)) = self.timer.take() {
            self.pass((at - self.now).max(0))?;
            self.tell(Event::Due(timer), seen)?;
        }
        Ok(())
    }

    // What people do.

    fn confirm(&mut self, seen: &mut Seen) -> Checked {
        if matches!(self.state.screen, Screen::Review(_)) {
            self.confirmations.push(Confirmation::default());
            self.listed = false;
        }
        let typed = ADDRESS.to_owned();
        self.tell(Event::Confirm { typed }, seen)
    }

    /// Gives the password that is asked for, where there is a field for one.
    fn authenticate(&mut self, seen: &mut Seen) -> Checked {
        let asked = match (&self.state.screen, contact(&self.state)) {
            (Screen::Connect, _) => !self.state.form.connecting,
            (_, Some(contact)) => is_unauthenticated(contact),
            _ => false,
        };
        if !asked {
            return Ok(());
        }
        self.vault = Some(match self.state.form.sign_in {
            SignIn::AgentPassword | SignIn::Host => Held::Password(self.agent.password),
            SignIn::RootPassword | SignIn::NoRootPassword => Held::Root,
        });
        let has_credential = true;
        match &self.state.screen {
            Screen::Connect => self.tell(Event::Connect { has_credential }, seen),
            _ => self.tell(Event::Authenticate { has_credential }, seen),
        }
    }

    fn act(&mut self, random: &mut Random, seen: &mut Seen) -> Result<&'static str, String> {
        if watched(&self.state).is_some() && !random.once_in(3) {
            return self.operate(random, seen);
        }
        let is_cluster = self.state.facts().is_some_and(|it| it.info.has_sessions());
        let (what, event) = match random.below(if is_cluster { 19 } else { 17 }) {
            0 => {
                self.confirm(seen)?;
                return Ok("confirm");
            }
            1 => {
                self.authenticate(seen)?;
                return Ok("password");
            }
            2 => ("address", Event::AddressEdited(ADDRESS.to_owned())),
            3 => ("address chosen", Event::AddressChosen),
            4 | 5 => ("recheck", Event::Recheck),
            6 | 7 => ("review", Event::Review),
            8 => ("back", Event::Back),
            9 => ("follow", Event::FollowHolder),
            10 => ("start over", Event::StartOver),
            12 | 13 => {
                // One of the agent's, of now or before, or one that never was.
                let number = random.below(self.agent.past.len() + 1);
                let task = DagId::parse(&format!("4213070643302886{number}"));
                let address = random.once_in(2).then(|| ADDRESS.to_owned());
                let task = task.ok().filter(|_| !random.once_in(4));
                ("link", Event::Open { address, task })
            }
            14 => ("open nothing", Event::OpenNothing),
            15 => ("list", Event::ListTasks),
            16 => {
                let id = match &self.state.screen {
                    Screen::Preflight(preflight) => match &preflight.tasks {
                        Tasks::Listed(listed) => listed.first().map(|task| task.id.clone()),
                        _ => None,
                    },
                    _ => None,
                };
                let Some(id) = id else {
                    return Ok("nothing listed");
                };
                ("open from the list", Event::OpenTask(id))
            }
            17 => ("root", Event::SignInWith(SignIn::RootPassword)),
            18 => ("agent", Event::SignInWith(SignIn::AgentPassword)),
            _ => {
                let typed = "127.0.0.1".to_owned();
                ("wrong confirmation", Event::Confirm { typed })
            }
        };
        self.tell(event, seen)?;
        Ok(what)
    }

    /// The page goes away and comes back, or nobody uses it for long.
    fn leave(&mut self, random: &mut Random, seen: &mut Seen) -> Result<&'static str, String> {
        let writes = self.flights.iter().any(Flight::is_write);
        let had = self.vault.is_some();
        let runs = matches!(&self.state.screen, Screen::Submitting(_) | Screen::Task(_))
            || self.state.form.connecting;
        let (what, event) = match random.below(3) {
            0 => ("left", Event::Left),
            1 => ("came back", Event::CameBack),
            _ => {
                self.pass(900_000)?;
                ("idle", Event::IdleDue)
            }
        };
        self.tell(event, seen)?;
        // A clock that was set back makes the idle time longer once.
        let (keeps, may_keep) = match what {
            "left" => (writes, writes),
            "came back" => (false, false),
            _ => (runs, runs || self.jumped),
        };
        ensure!(
            self.vault.is_none() || may_keep,
            "{what}, and the credential is still there"
        );
        ensure!(
            self.vault.is_some() == had || !keeps,
            "{what}, and the credential of what runs is gone"
        );
        ensure!(
            !matches!(&self.state.screen, Screen::Review(_)) || may_keep,
            "{what}, and one click from a DELETE"
        );
        if had && self.vault.is_none() {
            seen.meet(what);
        }
        Ok(what)
    }

    /// Asks for an operation, confirms it, or thinks better of it.
    fn operate(&mut self, random: &mut Random, seen: &mut Seen) -> Result<&'static str, String> {
        let asks = watched(&self.state).is_some_and(Watched::asks);
        let (what, event) = match random.below(8) {
            0 => ("leave the operation", Event::LeaveOperation),
            1..5 if asks => ("confirm the operation", Event::ConfirmOperation),
            5 => (
                "confirm an operation, asked or not",
                Event::ConfirmOperation,
            ),
            _ => {
                // What is offered, mostly.
                let offered: Vec<_> = Operation::ALL
                    .into_iter()
                    .filter(|it| watched(&self.state).is_some_and(|task| task.offers(*it)))
                    .collect();
                let operation = if offered.is_empty() || random.once_in(6) {
                    random.pick(&Operation::ALL)
                } else {
                    random.pick(&offered)
                };
                ("ask for an operation", Event::Operate(operation))
            }
        };
        self.tell(event, seen)?;
        Ok(what)
    }

    /// What is rare, and matters as long as a DELETE is on its way only.
    fn mischief(
        &mut self,
        random: &mut Random,
        calm: bool,
        seen: &mut Seen,
    ) -> Result<Option<&'static str>, String> {
        let matters = |flight: &Flight| flight.is_delete() || flight.is_login();
        if self.flights.iter().any(matters) && !self.agent.reinstalled {
            self.agent.key = 1 - self.agent.key;
            return Ok(Some("another key, at this very moment"));
        }
        let waits = |flight: &&Flight| flight.taken.is_none();
        let Some(sealed) = self
            .late
            .iter()
            .find(waits)
            .and_then(|it| it.sealed.as_ref())
        else {
            return Ok(None);
        };
        // At the last moment; and then the agent takes its time.
        let left = sealed.expiry * 1000 + 900 - self.agent.clock(self.now);
        if left > 0 && random.once_in(2) {
            self.pass(left)?;
        }
        if let Some(index) = self.late.iter().position(|it| waits(&it)) {
            self.arrive(index, seen)?;
        }
        if !calm && random.once_in(2) {
            self.agent.ahead += 3_600_000;
            self.jumped = true;
        }
        Ok(Some("a late DELETE arrived at the last moment"))
    }

    /// Something happens. `calm`: nothing that happens once a year.
    fn happen(
        &mut self,
        random: &mut Random,
        calm: bool,
        seen: &mut Seen,
    ) -> Result<&'static str, String> {
        self.pass(random.pick(&[0, 5, 20, 200, 3_000]))?;
        if random.once_in(10)
            && let Some(what) = self.mischief(random, calm, seen)?
        {
            return Ok(what);
        }
        if random.once_in(60) {
            return self.leave(random, seen);
        }
        let often = match &self.state.screen {
            Screen::Ended(_) => 3,
            _ => 12,
        };
        let offers = |it: &Operation| watched(&self.state).is_some_and(|task| task.offers(*it));
        if random.once_in(often) && Operation::ALL.iter().any(offers) {
            return self.operate(random, seen);
        }
        // A person who is asked for a password gives it, before long.
        if contact(&self.state).is_some_and(is_unauthenticated) && random.once_in(4) {
            self.authenticate(seen)?;
            return Ok("password, as asked");
        }
        let any = self.flights.len();
        let writes = |flight: &Flight| flight.is_write();
        if random.once_in(8)
            && let Some(index) = self.flights.iter().position(writes)
        {
            return Ok(self.repeat(index, seen));
        }
        match random.below(100) {
            0..45 if any > 0 => {
                let index = random.below(any);
                self.deliver(index, random.once_in(10))?;
                let taken = self.flights[index].taken.is_some();
                // Mostly at once; a DELETE that was taken may act later.
                if taken && self.flights[index].reply.is_none() && !random.once_in(3) {
                    self.deliver(index, random.once_in(6))?;
                }
                if self.flights[index].reply.is_none() && !self.flights[index].unsent {
                    return Ok("a DELETE was taken");
                }
                if random.once_in(6) && !self.flights[index].unsent {
                    return Ok("an answer is on its way");
                }
                let odds = if self.flights[index].is_delete() {
                    3
                } else {
                    30
                };
                let harm = random.once_in(odds).then(|| random.below(6));
                self.answer(index, harm, seen)?;
                Ok(if harm.is_some() {
                    "a garbled answer"
                } else {
                    "an answer"
                })
            }
            45..52 if any > 0 => {
                let index = random.below(any);
                if !self.flights[index].is_delete() && !random.once_in(4) {
                    return Ok("nothing");
                }
                self.answer(index, Some(random.below(6)), seen)?;
                Ok("a lost call")
            }
            0..62 if self.timer.is_some() => {
                self.fire(seen)?;
                Ok("a wait ended")
            }
            52..72 => {
                if !self.agent.tasks.is_empty() {
                    let newest = self.agent.tasks.len() - 1;
                    let index = if random.once_in(8) {
                        random.below(newest + 1)
                    } else {
                        newest
                    };
                    self.agent.tick(index, random.once_in(12));
                }
                Ok("the engine's pass")
            }
            72..76 if !self.late.is_empty() => {
                self.arrive(random.below(self.late.len()), seen)?;
                Ok("a late DELETE arrived")
            }
            72..80 => self.act(random, seen),
            80..83 => {
                self.tell(Event::Visible(false), seen)?;
                Ok("hidden")
            }
            83..87 => {
                self.tell(Event::Visible(true), seen)?;
                Ok("shown")
            }
            87 => {
                if let Some(timer) = self.stale.take() {
                    self.tell(Event::Due(timer), seen)?;
                }
                Ok("an old wait ended")
            }
            88 | 89 => {
                self.pass(random.pick(&[20_000, 65_000, 90_000, 7_200_000]))?;
                Ok("sleep")
            }
            90..93 => {
                if !self.agent.tasks.is_empty() {
                    let index = random.below(self.agent.tasks.len());
                    // Whether the agent takes it is between the two of them.
                    let _ = self.agent.operate(index, random.pick(&Operation::ALL));
                }
                Ok("somebody operates")
            }
            93 | 94 => {
                let kind = random.pick(&[Kind::Delete, Kind::Stop, Kind::Add]);
                let started = self.agent.start(kind, None);
                if !started && kind == Kind::Add && !self.agent.managed {
                    self.agent.managed = true;
                    self.agent.adopted = true;
                }
                Ok("somebody starts a task")
            }
            95 => {
                self.agent.restart();
                Ok("restart")
            }
            96 => {
                if !self.agent.reinstalled {
                    self.agent.key = 1 - self.agent.key;
                }
                Ok("another key")
            }
            97 => {
                self.agent.change_password();
                Ok("another password")
            }
            98 if !calm => {
                self.jumped = true;
                if random.once_in(2) {
                    self.ahead += random.pick(&[-46_000, 46_000, -7_013_000, 7_013_000]);
                    return Ok("the browser's clock jumps");
                }
                let jump: i64 = random.pick(&[-3_600_000, -60_000, -20_000, 20_000, 3_600_000]);
                // Nobody can promise for a clock that is set back after the promise.
                if jump > 0 || !self.confirmations.iter().any(|known| known.never) {
                    self.agent.ahead += jump;
                    self.set_back |= jump < 0;
                }
                Ok("the agent's clock jumps")
            }
            99 if !calm && !self.agent.reinstalled => {
                self.agent.reinstall();
                Ok("reinstalled")
            }
            _ => Ok("nothing"),
        }
    }

    /// From now on nothing breaks any more, and the person gives the password where it is asked
    /// for: that leads to an end, or to a choice that only a person can make.
    fn be_fair(&mut self, seen: &mut Seen) -> Checked {
        if !self.state.visible {
            self.tell(Event::Visible(true), seen)?;
        }
        for _ in 0..FAIR_STEPS {
            if contact(&self.state).is_some_and(is_unauthenticated) {
                self.authenticate(seen)?;
                continue;
            }
            if !self.flights.is_empty() {
                self.pass(10)?;
                self.deliver(0, false)?;
                self.deliver(0, false)?;
                self.answer(0, None, seen)?;
                continue;
            }
            let over = match &self.state.screen {
                Screen::Connect => {
                    !self.state.form.connecting && self.state.form.look != Look::Asking
                }
                Screen::Preflight(preflight) => !preflight.rechecking,
                Screen::Review(_) => true,
                // What was said wrongly is taken back as long as the page is open.
                Screen::Ended(ended) => match &ended.looking {
                    Some(doubt) => is_unauthenticated(&doubt.contact) || !self.is_listed(),
                    None => true,
                },
                Screen::Submitting(_) | Screen::Task(_) => false,
            };
            if over {
                return Ok(());
            }
            ensure!(
                self.timer.is_some(),
                "nothing is asked and nothing waited for"
            );
            self.fire(seen)?;
            for index in 0..self.agent.tasks.len() {
                self.agent.tick(index, false);
            }
        }
        Err("no end".to_owned())
    }
}

/// The ending on the screen.
fn ending(state: &State) -> Option<&Ending> {
    match &state.screen {
        Screen::Ended(ended) => Some(&ended.ending),
        _ => None,
    }
}

/// The task on the screen.
fn watched(state: &State) -> Option<&Watched> {
    match &state.screen {
        Screen::Task(task) => Some(task),
        Screen::Ended(ended) => ended.task.as_deref(),
        _ => None,
    }
}

/// How the contact is, where the agent is asked again and again.
fn contact(state: &State) -> Option<&Contact> {
    match &state.screen {
        Screen::Task(task) => Some(&task.contact),
        Screen::Submitting(submitting) => match &submitting.phase {
            SubmitPhase::FindingOut(doubt) => Some(&doubt.contact),
            _ => None,
        },
        _ => None,
    }
}

fn is_unauthenticated(contact: &Contact) -> bool {
    matches!(contact, Contact::Unauthenticated(_))
}
