//! The icon and the color for the status of a member in the run.

use crate::fleet::member::Member;
use crate::fleet::summary::DisplayStatus;
use crate::flow::ending::Ending;
use crate::obshell::dag::progress::Progress;
use crate::ui::icon::IconKind;

/// The icon for the status of a member.
pub(super) fn icon_of(member: &Member, word: DisplayStatus) -> IconKind {
    match word {
        DisplayStatus::SignIn
        | DisplayStatus::LostContact
        | DisplayStatus::DeterminingOutcome
        | DisplayStatus::Abandoned => IconKind::Warn,
        DisplayStatus::Unchecked => IconKind::Waiting,
        DisplayStatus::Waiting if member.confirmed => IconKind::Waiting,
        DisplayStatus::Waiting => IconKind::Pass,
        DisplayStatus::Checking | DisplayStatus::Preparing | DisplayStatus::Sending => {
            IconKind::Running
        }
        DisplayStatus::Task(progress) => match progress {
            Progress::Waiting => IconKind::Waiting,
            Progress::Running | Progress::Cancelling | Progress::Done => IconKind::Running,
            Progress::Skipped => IconKind::Skipped,
            Progress::Failed { .. } => IconKind::Fail,
            Progress::Cancelled { .. } => IconKind::Cancelled,
            Progress::Contradicted | Progress::Unknown => IconKind::Warn,
        },
        DisplayStatus::Ended => member.ending().map_or(IconKind::Info, icon_of_end),
        DisplayStatus::LeftOut(_) | DisplayStatus::Stopped => IconKind::Skipped,
    }
}

fn icon_of_end(ending: &Ending) -> IconKind {
    match ending {
        Ending::Destroyed | Ending::OtherTaskDone => IconKind::Pass,
        Ending::Skipped { .. } => IconKind::Skipped,
        Ending::Cancelled { .. } => IconKind::Cancelled,
        Ending::Failed { .. } | Ending::Refused(_) => IconKind::Fail,
        Ending::SomeoneElse { .. } | Ending::OutcomeUnknown(_) => IconKind::Warn,
        Ending::NothingToDestroy | Ending::NotSent(_) | Ending::NotDone(_) => IconKind::Info,
    }
}
