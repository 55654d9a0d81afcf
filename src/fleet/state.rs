//! Everything the console knows of a run at one moment. No secret is in it.

use std::rc::Rc;

use super::member::{Chosen, Member, MemberId};
use super::queue::Queue;
use crate::flow::settings::Settings;
use crate::obshell::time::Millis;

/// The most members that a batch may have.
pub const MOST_IN_BATCH: u8 = 10;

/// The longest pause between two batches, in seconds.
pub const LONGEST_PAUSE: u32 = 3_600;

/// How many members are checked at a time at most.
pub const MOST_CHECKED: usize = 8;

/// The state of a run, from the choice of its members to its end.
#[derive(Clone, Debug, PartialEq)]
pub struct Fleet {
    /// What the site or the host decided.
    pub settings: Rc<Settings>,
    /// Where the person is.
    pub phase: Phase,
    /// What the person has chosen so far.
    pub choice: Choice,
    /// How the members are run.
    pub run_settings: RunSettings,
    /// The run; `None` until it is confirmed.
    pub run: Option<Run>,
    /// The members in the order of the run. Shared, so that a member that did not change is seen as
    /// unchanged by comparing pointers.
    pub members: Vec<Rc<Member>>,
    /// Set when what was typed to confirm is not `destroy N`.
    pub mismatch: bool,
    /// Whether the members were brought back by a journal.
    pub restored: bool,
    /// The same for the members: the fleet alone counts how long nobody uses the console.
    pub(super) member_settings: Rc<Settings>,
    pub(super) first: u32,
    pub(super) queue: Queue,
    /// The members on the screen.
    pub(super) shown: Rc<[MemberId]>,
    /// When somebody used the console last, or the last work ended, by the browser's clock.
    pub(super) used_at: Millis,
    /// When something happened last, by the browser's clock.
    pub(super) last: Millis,
    /// When the shell reports the next wait, by the browser's clock.
    pub(super) wake: Option<Millis>,
    pub(super) unmounted: bool,
    pub(super) left: bool,
}

impl Fleet {
    /// A fleet without members.
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
            left: false,
        }
    }

    /// Takes other settings of the site or the host.
    pub fn change_settings(&mut self, settings: Rc<Settings>) {
        self.member_settings = without_idle(&settings);
        self.settings = settings;
        for member in &mut self.members {
            let member = Rc::make_mut(member);
            Rc::make_mut(&mut member.flow).settings = Rc::clone(&self.member_settings);
        }
    }

    /// The member of this name.
    #[must_use]
    pub fn member(&self, id: MemberId) -> Option<&Rc<Member>> {
        self.members.get(self.index(id)?)
    }

    /// Whether both look the same on a screen. Members are compared as the very same.
    #[must_use]
    pub fn looks_like(&self, other: &Self) -> bool {
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

/// The settings of a member: it never is idle by itself.
fn without_idle(settings: &Settings) -> Rc<Settings> {
    let mut settings = settings.clone();
    settings.timeouts.idle = u32::MAX;
    Rc::new(settings)
}

/// Where the person is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Choosing the agents.
    Choose,
    /// Giving one password, or one each.
    SignIn,
    /// Looking at the checks of all members.
    Preflight,
    /// Reading what will happen, and confirming.
    Review,
    /// The run is under way or paused.
    Run,
    /// No member is waiting or under way.
    End,
}

/// What the person has chosen so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// Picked from the site's list or from the book.
    pub picked: Vec<Chosen>,
    /// Pasted or typed; [`parse::read`](super::parse::read) says what it means.
    pub text: String,
}

/// How the members are run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunSettings {
    /// How many members are destroyed at a time: 1 to [`MOST_IN_BATCH`]. The next batch begins when
    /// every member of the one before is at an end.
    pub batch: u8,
    /// Seconds from the end of a batch to the next one: 0 to [`LONGEST_PAUSE`].
    pub pause: u32,
    /// Whether the run pauses when a member does not end as Destroyed.
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
            batch: self.batch.clamp(1, MOST_IN_BATCH),
            pause: self.pause.min(LONGEST_PAUSE),
            ..self
        }
    }
}

/// A confirmed run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// When "destroy N" was typed, by the browser's clock.
    pub confirmed_at: Millis,
    /// When the last member ended, by the browser's clock.
    pub ended_at: Option<Millis>,
    /// Why no further member begins until the person resumes the run.
    pub halted: Option<Halt>,
    /// When the pause between two batches is over, by the browser's clock.
    pub next_at: Option<Millis>,
    /// Whether the person ended the run: a member whose turn has not come is stopped.
    pub ending: bool,
}

/// Why a run is paused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Halt {
    /// The person paused it.
    Person,
    /// This member did not end as Destroyed.
    BadEnd(MemberId),
    /// It is this member's turn, and there is no credential for it.
    NoCredential(MemberId),
    /// The page was left, which cleared the credentials.
    PageLeft,
    /// The console became read-only.
    ReadOnly,
}
