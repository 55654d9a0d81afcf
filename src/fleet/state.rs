//! The complete state of a run. It contains no secret.

use std::rc::Rc;

use super::member::{ChosenAgent, Member, MemberId};
use super::queue::Queue;
use crate::flow::settings::Settings;
use crate::obshell::time::Millis;

/// The maximum number of members in a batch.
pub const MAX_BATCH: u8 = 10;

/// The longest pause between two batches, in seconds.
pub const MAX_PAUSE: u32 = 3_600;

/// The maximum number of members that are checked at the same time.
pub const MAX_CONCURRENT_CHECKS: usize = 8;

/// The state of a run, from the choice of its members to its end.
#[derive(Clone, Debug, PartialEq)]
pub struct Fleet {
    /// The settings of the site or the host.
    pub settings: Rc<Settings>,
    /// The phase of the run.
    pub phase: Phase,
    /// The choice of agents.
    pub choice: Choice,
    /// The settings of the run.
    pub run_settings: RunSettings,
    /// The run; `None` until it is confirmed.
    pub run: Option<Run>,
    /// The members in the order of the run. Shared, so that comparing pointers detects an unchanged
    /// member.
    pub members: Vec<Rc<Member>>,
    /// Whether the text typed as the confirmation is not `destroy N`.
    pub mismatch: bool,
    /// Whether the members were restored from a journal.
    pub restored: bool,
    /// The settings for the members, without an idle time: only the fleet measures the idle time.
    pub(super) member_settings: Rc<Settings>,
    pub(super) first: u32,
    pub(super) queue: Queue,
    /// The members on screen.
    pub(super) shown: Rc<[MemberId]>,
    /// When a person last used the console, or the last work ended, by the browser's clock.
    pub(super) used_at: Millis,
    /// When the last event was handled, by the browser's clock.
    pub(super) last: Millis,
    /// When the shell reports the next wait, by the browser's clock.
    pub(super) wake: Option<Millis>,
    pub(super) unmounted: bool,
    pub(super) page_left: bool,
}

impl Fleet {
    /// Creates a fleet without members.
    #[must_use]
    pub fn new(settings: Rc<Settings>) -> Self {
        Self {
            member_settings: without_idle(&settings),
            settings,
            phase: Phase::Choose,
            choice: Choice::default(),
            run_settings: RunSettings::default(),
            run: None,
            members: Vec::new(),
            mismatch: false,
            restored: false,
            first: 0,
            queue: Queue::default(),
            shown: Rc::default(),
            used_at: 0,
            last: 0,
            wake: None,
            unmounted: false,
            page_left: false,
        }
    }

    /// Applies new settings of the site or the host.
    pub fn change_settings(&mut self, settings: Rc<Settings>) {
        self.member_settings = without_idle(&settings);
        self.settings = settings;
        for member in &mut self.members {
            let member = Rc::make_mut(member);
            Rc::make_mut(&mut member.flow).settings = Rc::clone(&self.member_settings);
        }
    }

    /// The member with this id.
    #[must_use]
    pub fn member(&self, id: MemberId) -> Option<&Rc<Member>> {
        self.members.get(self.index(id)?)
    }

    /// Whether both render the same. Members are compared by pointer.
    #[must_use]
    pub fn renders_like(&self, other: &Self) -> bool {
        let mut members = self.members.iter().zip(&other.members);
        self.members.len() == other.members.len()
            && members.all(|(one, other)| Rc::ptr_eq(one, other))
            && Rc::ptr_eq(&self.settings, &other.settings)
            && (self.phase, self.run, self.run_settings)
                == (other.phase, other.run, other.run_settings)
            && (self.mismatch, self.restored) == (other.mismatch, other.restored)
            && self.choice == other.choice
    }

    pub(super) fn index(&self, id: MemberId) -> Option<usize> {
        usize::try_from(id.0.checked_sub(self.first)?).ok()
    }
}

/// The settings of a member: a member itself is never idle.
fn without_idle(settings: &Settings) -> Rc<Settings> {
    let mut settings = settings.clone();
    settings.timeouts.idle = u32::MAX;
    Rc::new(settings)
}

/// The phase of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// The person chooses the agents.
    Choose,
    /// The person enters one password for all agents, or one for each.
    SignIn,
    /// The person views the checks of all members.
    Preflight,
    /// The person reviews the effects and confirms the run.
    Review,
    /// The run is in progress or paused.
    Run,
    /// No member is waiting or in progress.
    End,
}

/// The choice of agents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// The agents selected from the site's list or from the book.
    pub picked: Vec<ChosenAgent>,
    /// The pasted or typed text; [`parse::parse_choice`](super::parse::parse_choice) parses it.
    pub text: String,
}

/// The settings of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunSettings {
    /// The batch size: how many members are destroyed at a time, 1 to [`MAX_BATCH`]. The next
    /// batch starts when every member of the previous batch has ended.
    pub batch: u8,
    /// Seconds between the end of a batch and the start of the next: 0 to [`MAX_PAUSE`].
    pub pause: u32,
    /// Whether the run pauses after a member does not end as Destroyed.
    pub stop_on_bad_end: bool,
}

impl Default for RunSettings {
    fn default() -> Self {
        Self {
            batch: 1,
            pause: 0,
            stop_on_bad_end: true,
        }
    }
}

impl RunSettings {
    /// The nearest settings within the limits.
    #[must_use]
    pub fn within_limits(self) -> Self {
        Self {
            batch: self.batch.clamp(1, MAX_BATCH),
            pause: self.pause.min(MAX_PAUSE),
            ..self
        }
    }
}

/// A confirmed run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// When "destroy N" was confirmed, by the browser's clock.
    pub confirmed_at: Millis,
    /// When the last member ended, by the browser's clock.
    pub ended_at: Option<Millis>,
    /// Why no further member starts until the person resumes the run.
    pub halted: Option<Halt>,
    /// When the pause between two batches ends, by the browser's clock.
    pub next_at: Option<Millis>,
    /// Whether the person ended the run: waiting members are stopped.
    pub ending: bool,
}

/// Why a run is paused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Halt {
    /// The person paused the run.
    Person,
    /// This member did not end as Destroyed.
    NotDestroyed(MemberId),
    /// The next member has no credential.
    NoCredential(MemberId),
    /// The page was left, which cleared the credentials.
    PageLeft,
    /// The console became read-only.
    ReadOnly,
}
