//! The fault matrix as data: what breaks, when, what the page must say in the end, and how many
//! DELETEs there are. `docs/fault-matrix.md` is written from it, and every cell is played in a
//! browser.

use std::fmt;

/// What breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    KeyRotated,
    ClockAhead,
    ClockBehind,
    CutBeforeActing,
    CutAfterActing,
    ErrorPage,
    ErrorPageAfterActing,
    Truncated,
    Restart,
    Away,
    FailsOnce,
    FailsAlways,
    Cancelled,
    Passed,
    PasswordChanged,
    SecondConsole,
}

/// When it breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// The checks have passed, the person reads the review.
    Before,
    /// The DELETE is on its way to the agent, or its answer on its way back.
    During,
    /// The agent has taken the task, and the page watches it.
    After,
}

impl Moment {
    pub const ALL: [Self; 3] = [Self::Before, Self::During, Self::After];
}

/// An ending, by its name on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    Destroyed,
    NotSent,
    Refused,
    SomeoneElse,
    Skipped,
    Failed(usize),
    Cancelled(usize),
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Destroyed => f.write_str("Destroyed"),
            Self::NotSent => f.write_str("Request not sent"),
            Self::Refused => f.write_str("Refused"),
            Self::SomeoneElse => f.write_str("Another task is running"),
            Self::Skipped => f.write_str("Skipped, not destroyed"),
            Self::Failed(stage) => write!(f, "Failed at stage {stage}"),
            Self::Cancelled(stage) => write!(f, "Cancelled at stage {stage}"),
        }
    }
}

/// How many DELETEs there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deletes {
    /// How many left this page.
    pub sent: usize,
    /// How many of them reached the agent.
    pub reached: usize,
    /// How many of another console reached the agent.
    pub of_others: usize,
}

/// What happens in one place of the matrix.
#[derive(Clone, Copy, Debug)]
pub enum Cell {
    /// It is played.
    Played {
        /// What is done, in words.
        done: &'static str,
        /// The ending; a further one for every time that the person presses "Retry" there.
        endings: &'static [Ending],
        deletes: Deletes,
    },
    /// It cannot be, for this reason.
    Senseless(&'static str),
}

/// A fault at every moment, in the order of [`Moment::ALL`].
#[derive(Clone, Copy, Debug)]
pub struct Row {
    pub fault: Fault,
    /// What breaks, in words.
    pub name: &'static str,
    pub cells: [Cell; 3],
}

/// What an old agent cannot do, and how a cell ends there instead. The browser plays the newest agent; every
/// other is played without one (`tests/agent/matrix.rs`).
#[derive(Clone, Copy, Debug)]
pub struct Deviation {
    pub version: &'static str,
    pub fault: Fault,
    pub moment: Moment,
    pub endings: &'static [Ending],
    /// Why, in words.
    pub because: &'static str,
}

/// Why nobody can cancel there.
const NO_CANCEL: &str = "The agent refuses every CANCEL, and the task goes on.";
/// Why nobody can mark as done there.
const NO_PASS: &str = "The agent refuses to mark a task as done, and it stays failed.";

/// The deviations.
pub const DEVIATIONS: &[Deviation] = &[
    Deviation {
        version: "4.2.6.0",
        fault: Fault::Cancelled,
        moment: Moment::During,
        endings: &[Ending::Destroyed],
        because: NO_CANCEL,
    },
    Deviation {
        version: "4.2.6.0",
        fault: Fault::Cancelled,
        moment: Moment::After,
        endings: &[Ending::Destroyed],
        because: NO_CANCEL,
    },
    Deviation {
        version: "4.2.6.0",
        fault: Fault::Passed,
        moment: Moment::During,
        endings: &[Ending::Failed(2)],
        because: NO_PASS,
    },
    Deviation {
        version: "4.2.6.0",
        fault: Fault::Passed,
        moment: Moment::After,
        endings: &[Ending::Failed(2)],
        because: NO_PASS,
    },
];

const NONE: Deletes = deletes(0, 0, 0);
const ONE: Deletes = deletes(1, 1, 0);
const ONE_LOST: Deletes = deletes(1, 0, 0);
const ONE_EACH: Deletes = deletes(1, 1, 1);

const fn deletes(sent: usize, reached: usize, of_others: usize) -> Deletes {
    Deletes {
        sent,
        reached,
        of_others,
    }
}

const fn cell(done: &'static str, endings: &'static [Ending], deletes: Deletes) -> Cell {
    Cell::Played {
        done,
        endings,
        deletes,
    }
}

/// Where a task is followed to its good end.
const fn destroyed(done: &'static str) -> Cell {
    cell(done, &[Ending::Destroyed], ONE)
}

const fn row(fault: Fault, name: &'static str, cells: [Cell; 3]) -> Row {
    Row { fault, name, cells }
}

/// The matrix.
pub const TABLE: &[Row] = &[
    row(
        Fault::KeyRotated,
        "The agent gets a new key",
        [
            destroyed(
                "The key changes while the person reads the review. The page reads the key anew before it sends anything.",
            ),
            cell(
                "The key changes while the DELETE is on its way. The agent cannot decrypt it and says so. The page reads the agent's tasks; they show that the DELETE started nothing, and the page sends it again, once, with the new key. No other answer leads to a second DELETE.",
                &[Ending::Destroyed],
                deletes(2, 2, 0),
            ),
            destroyed(
                "The key changes while the task runs. The agent turns the next question down; the page reads the new key and goes on watching.",
            ),
        ],
    ),
    row(
        Fault::ClockAhead,
        "The agent's clock jumps two hours ahead",
        [
            destroyed(
                "The clock jumps while the person reads the review. The page measures it anew before it sends anything.",
            ),
            cell(
                "The clock jumps while the DELETE is on its way. By the agent's clock it has expired, and the agent refuses it. The page reads the agent's tasks before it says so.",
                &[Ending::Refused],
                ONE,
            ),
            destroyed(
                "The clock jumps while the task runs. The agent turns the next question down as expired; the page measures the clock anew and goes on watching.",
            ),
        ],
    ),
    row(
        Fault::ClockBehind,
        "The agent's clock jumps two hours back",
        [
            destroyed("The clock jumps while the person reads the review."),
            destroyed("The clock jumps while the DELETE is on its way."),
            destroyed("The clock jumps while the task runs."),
        ],
    ),
    row(
        Fault::CutBeforeActing,
        "A request is cut off before the agent gets it",
        [
            cell(
                "The person confirms, and the first question that the page asks before the DELETE is cut off.",
                &[Ending::NotSent],
                NONE,
            ),
            cell(
                "The DELETE itself is cut off. The page reads the agent until the DELETE, should it still be somewhere, would come too late.",
                &[Ending::NotSent],
                ONE_LOST,
            ),
            destroyed("A question about the task is cut off, and asked again."),
        ],
    ),
    row(
        Fault::CutAfterActing,
        "An answer is cut off after the agent has acted",
        [
            cell(
                "The person confirms, and the first answer before the DELETE is cut off.",
                &[Ending::NotSent],
                NONE,
            ),
            destroyed(
                "The answer to the DELETE is cut off. The page reads the agent, finds a task that was not there before, says that it may be its own, and follows it.",
            ),
            destroyed("The answer to a question about the task is cut off, and asked for again."),
        ],
    ),
    row(
        Fault::ErrorPage,
        "A proxy answers with a 502 page in the agent's stead",
        [
            cell(
                "The person confirms, and the first question before the DELETE is answered with the 502 page.",
                &[Ending::NotSent],
                NONE,
            ),
            cell(
                "The DELETE is answered with the 502 page and never reaches the agent. The page reads the agent until the DELETE would come too late.",
                &[Ending::NotSent],
                ONE_LOST,
            ),
            destroyed("A question about the task is answered with the 502 page, and asked again."),
        ],
    ),
    row(
        Fault::ErrorPageAfterActing,
        "A proxy answers with a 502 page although the agent has acted",
        [
            cell(
                "The person confirms, and the first answer before the DELETE is replaced by the 502 page.",
                &[Ending::NotSent],
                NONE,
            ),
            destroyed(
                "The answer to the DELETE is replaced by the 502 page. The page reads the agent and finds the task.",
            ),
            destroyed(
                "The answer to a question about the task is replaced by the 502 page, and asked for again.",
            ),
        ],
    ),
    row(
        Fault::Truncated,
        "An answer comes only in part",
        [
            cell(
                "The person confirms, and the first answer before the DELETE ends half-way.",
                &[Ending::NotSent],
                NONE,
            ),
            destroyed(
                "The answer to the DELETE ends half-way. The page reads the agent and finds the task.",
            ),
            destroyed(
                "The answer to a question about the task ends half-way, and is asked for again.",
            ),
        ],
    ),
    row(
        Fault::Restart,
        "The agent is restarted",
        [
            destroyed("The agent is restarted while the person reads the review."),
            destroyed(
                "The agent is restarted after it has written the task down and before its answer is out. The page reads the agent and finds the task.",
            ),
            destroyed(
                "The agent is restarted while stage 2 runs. The stage runs again, and the page notes the restart.",
            ),
        ],
    ),
    row(
        Fault::Away,
        "The agent cannot be reached for a while",
        [
            cell(
                "The agent goes away while the person reads the review, and the person confirms.",
                &[Ending::NotSent],
                NONE,
            ),
            cell(
                "The agent goes away with the DELETE on its way to it. The page says that it has no news and tries again. The agent comes back, and the page reads it until the DELETE would come too late.",
                &[Ending::NotSent],
                ONE_LOST,
            ),
            destroyed(
                "The agent is away for 30 seconds while the task runs. The page says that it has no news and tries again; the agent comes back, and the page goes on watching.",
            ),
        ],
    ),
    row(
        Fault::FailsOnce,
        "A stage fails once",
        [
            cell(
                "Stage 1 is going to fail, which gives the agent's lock back. The person presses \"Retry\".",
                &[Ending::Failed(1), Ending::Destroyed],
                ONE,
            ),
            cell(
                "While the DELETE is on its way it shows that stage 2 is going to fail. The person presses \"Retry\".",
                &[Ending::Failed(2), Ending::Destroyed],
                ONE,
            ),
            cell(
                "While the task runs it shows that stage 3 is going to fail. The person presses \"Retry\".",
                &[Ending::Failed(3), Ending::Destroyed],
                ONE,
            ),
        ],
    ),
    row(
        Fault::FailsAlways,
        "A stage fails always",
        [
            cell(
                "Stage 1 is going to fail. The person presses \"Retry\".",
                &[Ending::Failed(1), Ending::Failed(1)],
                ONE,
            ),
            cell(
                "While the DELETE is on its way it shows that stage 2 is going to fail. The person presses \"Retry\".",
                &[Ending::Failed(2), Ending::Failed(2)],
                ONE,
            ),
            cell(
                "While the task runs it shows that stage 4 is going to fail: the agent has forgotten the ODP by then. The person presses \"Retry\".",
                &[Ending::Failed(4), Ending::Failed(4)],
                ONE,
            ),
        ],
    ),
    row(
        Fault::Cancelled,
        "Someone else cancels the task",
        [
            Cell::Senseless("There is no task yet."),
            cell(
                "The agent has taken the task, and its answer is still on its way back; someone else finds the task and cancels it.",
                &[Ending::Cancelled(1)],
                ONE,
            ),
            cell(
                "Someone else cancels the task while stage 2 runs.",
                &[Ending::Cancelled(2)],
                ONE,
            ),
        ],
    ),
    row(
        Fault::Passed,
        "Someone else marks the task as done",
        [
            Cell::Senseless("There is no task yet."),
            cell(
                "The agent has taken the task, and its answer is still on its way back; stage 2 fails, and someone else marks the task as done.",
                &[Ending::Skipped],
                ONE,
            ),
            cell(
                "The page is hidden behind another. Stage 2 fails, and someone else marks the task as done. Then the page is looked at again.",
                &[Ending::Skipped],
                ONE,
            ),
        ],
    ),
    row(
        Fault::PasswordChanged,
        "The agent's password is changed",
        [
            cell(
                "The password is changed while the person reads the review. The last question before the DELETE is turned down.",
                &[Ending::NotSent],
                NONE,
            ),
            cell(
                "The password is changed while the DELETE is on its way, and the agent refuses the DELETE. The page asks for the new password, and reads the agent's tasks before it says so.",
                &[Ending::Refused],
                ONE,
            ),
            destroyed(
                "The password is changed while the task runs. The page asks for the new one in place and goes on watching.",
            ),
        ],
    ),
    row(
        Fault::SecondConsole,
        "A second console destroys the same ODP",
        [
            cell(
                "Both read the review; the other one confirms first. The agent refuses the DELETE, and the page finds the other one's task.",
                &[Ending::SomeoneElse],
                ONE_EACH,
            ),
            cell(
                "Both DELETEs reach the agent at the same moment. There is one task, and both follow it.",
                &[Ending::Destroyed],
                ONE_EACH,
            ),
            cell(
                "Both read the review; this page confirms first, and the other one while the task runs.",
                &[Ending::Destroyed],
                ONE_EACH,
            ),
        ],
    ),
];
