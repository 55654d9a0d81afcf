//! The fault matrix as data: the fault, its moment, the ending that the page must show, and the
//! number of DELETEs. `docs/fault-matrix.md` is generated from it, and every cell is played in a
//! browser.

use std::fmt;

/// The fault.
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

/// The moment of the fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// The checks have passed, and the person reads the review.
    Before,
    /// The DELETE is in transit to the agent, or its response to the page.
    During,
    /// The agent has started the task, and the page follows it.
    After,
}

impl Moment {
    pub const ALL: [Self; 3] = [Self::Before, Self::During, Self::After];
}

/// An ending, with its name on the page.
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

/// The number of DELETEs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deletes {
    /// DELETEs sent by this page.
    pub sent: usize,
    /// Those that reached the agent.
    pub reached: usize,
    /// DELETEs of another console that reached the agent.
    pub of_others: usize,
}

/// A cell of the matrix.
#[derive(Clone, Copy, Debug)]
pub enum Cell {
    /// The cell is played.
    Played {
        /// The actions, in words.
        done: &'static str,
        /// The endings: the first, and one more after each "Retry" there.
        endings: &'static [Ending],
        deletes: Deletes,
    },
    /// The cell is impossible, for this reason.
    Senseless(&'static str),
}

/// A fault at every moment, in the order of [`Moment::ALL`].
#[derive(Clone, Copy, Debug)]
pub struct Row {
    pub fault: Fault,
    /// The fault, in words.
    pub name: &'static str,
    pub cells: [Cell; 3],
}

/// A limitation of an old agent, and the endings of a cell there. The browser plays the newest
/// agent; all others are played without a browser (`tests/agent/matrix.rs`).
#[derive(Clone, Copy, Debug)]
pub struct Deviation {
    pub version: &'static str,
    pub fault: Fault,
    pub moment: Moment,
    pub endings: &'static [Ending],
    /// The reason, in words.
    pub because: &'static str,
}

/// The reason why a cancel is impossible.
const NO_CANCEL: &str = "The agent rejects every CANCEL, and the task continues.";
/// The reason why marking as done is impossible.
const NO_PASS: &str = "The agent refuses to mark a task as done, and the task stays failed.";

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

/// A cell that ends with "Destroyed".
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
                "The key changes while the person reads the review. The page reads the new key before it sends anything.",
            ),
            cell(
                "The key changes while the DELETE is in transit. The agent reports that it cannot decrypt the DELETE. The page reads the agent's tasks, which show that the DELETE started nothing, and sends it once more, with the new key. No other response leads to a second DELETE.",
                &[Ending::Destroyed],
                deletes(2, 2, 0),
            ),
            destroyed(
                "The key changes while the task runs. The agent rejects the next read; the page reads the new key and continues.",
            ),
        ],
    ),
    row(
        Fault::ClockAhead,
        "The agent's clock jumps two hours ahead",
        [
            destroyed(
                "The clock jumps while the person reads the review. The page measures the clock again before it sends anything.",
            ),
            cell(
                "The clock jumps while the DELETE is in transit. By the agent's clock the DELETE has expired, and the agent rejects it. The page reads the agent's tasks before it shows the ending.",
                &[Ending::Refused],
                ONE,
            ),
            destroyed(
                "The clock jumps while the task runs. The agent rejects the next read as expired; the page measures the clock again and continues.",
            ),
        ],
    ),
    row(
        Fault::ClockBehind,
        "The agent's clock jumps two hours back",
        [
            destroyed("The clock jumps while the person reads the review."),
            destroyed("The clock jumps while the DELETE is in transit."),
            destroyed("The clock jumps while the task runs."),
        ],
    ),
    row(
        Fault::CutBeforeActing,
        "A request is lost before it reaches the agent",
        [
            cell(
                "The person confirms, and the first read before the DELETE is lost.",
                &[Ending::NotSent],
                NONE,
            ),
            cell(
                "The DELETE itself is lost. The page reads the agent until the DELETE, if it is still in transit, would have expired.",
                &[Ending::NotSent],
                ONE_LOST,
            ),
            destroyed("A read of the task is lost and repeated."),
        ],
    ),
    row(
        Fault::CutAfterActing,
        "A response is lost after the agent has executed the request",
        [
            cell(
                "The person confirms, and the response to the first read before the DELETE is lost.",
                &[Ending::NotSent],
                NONE,
            ),
            destroyed(
                "The response to the DELETE is lost. The page reads the agent, finds a new task, says that the task may be its own, and follows it.",
            ),
            destroyed("The response to a read of the task is lost, and the read is repeated."),
        ],
    ),
    row(
        Fault::ErrorPage,
        "A proxy returns a 502 page instead of forwarding a request",
        [
            cell(
                "The person confirms, and the first read before the DELETE gets the 502 page.",
                &[Ending::NotSent],
                NONE,
            ),
            cell(
                "The DELETE gets the 502 page and never reaches the agent. The page reads the agent until the DELETE would have expired.",
                &[Ending::NotSent],
                ONE_LOST,
            ),
            destroyed("A read of the task gets the 502 page and is repeated."),
        ],
    ),
    row(
        Fault::ErrorPageAfterActing,
        "A proxy returns a 502 page although the agent has executed the request",
        [
            cell(
                "The person confirms, and the first response before the DELETE is replaced by the 502 page.",
                &[Ending::NotSent],
                NONE,
            ),
            destroyed(
                "The response to the DELETE is replaced by the 502 page. The page reads the agent and finds the task.",
            ),
            destroyed(
                "The response to a read of the task is replaced by the 502 page, and the read is repeated.",
            ),
        ],
    ),
    row(
        Fault::Truncated,
        "A response is incomplete",
        [
            cell(
                "The person confirms, and the first response before the DELETE is incomplete.",
                &[Ending::NotSent],
                NONE,
            ),
            destroyed(
                "The response to the DELETE is incomplete. The page reads the agent and finds the task.",
            ),
            destroyed(
                "The response to a read of the task is incomplete, and the read is repeated.",
            ),
        ],
    ),
    row(
        Fault::Restart,
        "The agent is restarted",
        [
            destroyed("The agent is restarted while the person reads the review."),
            destroyed(
                "The agent is restarted after it has recorded the task and before it has sent its response. The page reads the agent and finds the task.",
            ),
            destroyed(
                "The agent is restarted while stage 2 runs. The stage runs again, and the page shows the restart.",
            ),
        ],
    ),
    row(
        Fault::Away,
        "The agent is unreachable for a while",
        [
            cell(
                "The agent becomes unreachable while the person reads the review, and the person confirms.",
                &[Ending::NotSent],
                NONE,
            ),
            cell(
                "The agent becomes unreachable while the DELETE is in transit. The page shows lost contact and retries. The agent is reachable again, and the page reads it until the DELETE would have expired.",
                &[Ending::NotSent],
                ONE_LOST,
            ),
            destroyed(
                "The agent is unreachable for 30 seconds while the task runs. The page shows lost contact and retries; when the agent is reachable again, the page continues.",
            ),
        ],
    ),
    row(
        Fault::FailsOnce,
        "A stage fails once",
        [
            cell(
                "Stage 1 fails, which releases the agent's lock. The person presses \"Retry\".",
                &[Ending::Failed(1), Ending::Destroyed],
                ONE,
            ),
            cell(
                "The fault begins while the DELETE is in transit, and stage 2 fails. The person presses \"Retry\".",
                &[Ending::Failed(2), Ending::Destroyed],
                ONE,
            ),
            cell(
                "The fault begins while the task runs, and stage 3 fails. The person presses \"Retry\".",
                &[Ending::Failed(3), Ending::Destroyed],
                ONE,
            ),
        ],
    ),
    row(
        Fault::FailsAlways,
        "A stage always fails",
        [
            cell(
                "Stage 1 fails. The person presses \"Retry\".",
                &[Ending::Failed(1), Ending::Failed(1)],
                ONE,
            ),
            cell(
                "The fault begins while the DELETE is in transit, and stage 2 fails. The person presses \"Retry\".",
                &[Ending::Failed(2), Ending::Failed(2)],
                ONE,
            ),
            cell(
                "The fault begins while the task runs, and stage 4 fails, after the agent has forgotten the ODP. The person presses \"Retry\".",
                &[Ending::Failed(4), Ending::Failed(4)],
                ONE,
            ),
        ],
    ),
    row(
        Fault::Cancelled,
        "Another client cancels the task",
        [
            Cell::Senseless("There is no task yet."),
            cell(
                "The agent has started the task, and its response is still in transit; another client finds the task and cancels it.",
                &[Ending::Cancelled(1)],
                ONE,
            ),
            cell(
                "Another client cancels the task while stage 2 runs.",
                &[Ending::Cancelled(2)],
                ONE,
            ),
        ],
    ),
    row(
        Fault::Passed,
        "Another client marks the task as done",
        [
            Cell::Senseless("There is no task yet."),
            cell(
                "The agent has started the task, and its response is still in transit; stage 2 fails, and another client marks the task as done.",
                &[Ending::Skipped],
                ONE,
            ),
            cell(
                "The page is hidden. Stage 2 fails, and another client marks the task as done. Then the page is visible again.",
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
                "The password is changed while the person reads the review. The last read before the DELETE is rejected.",
                &[Ending::NotSent],
                NONE,
            ),
            cell(
                "The password is changed while the DELETE is in transit, and the agent rejects the DELETE. The page asks for the new password, and reads the agent's tasks before it shows the ending.",
                &[Ending::Refused],
                ONE,
            ),
            destroyed(
                "The password is changed while the task runs. The page asks for the new password in place and continues.",
            ),
        ],
    ),
    row(
        Fault::SecondConsole,
        "A second console destroys the same ODP",
        [
            cell(
                "Both consoles show the review; the other one confirms first. The agent rejects the DELETE, and the page finds the other console's task.",
                &[Ending::SomeoneElse],
                ONE_EACH,
            ),
            cell(
                "Both DELETEs reach the agent at the same time. There is one task, and both consoles follow it.",
                &[Ending::Destroyed],
                ONE_EACH,
            ),
            cell(
                "Both consoles show the review; this page confirms first, and the other console while the task runs.",
                &[Ending::Destroyed],
                ONE_EACH,
            ),
        ],
    ),
];
