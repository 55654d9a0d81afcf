//! The icon and the color for the status of a member in the run.

use crate::fleet::member::Member;
use crate::fleet::summary::Word;
use crate::flow::ending::Ending;
use crate::obshell::dag::progress::Progress;
use crate::ui::icon::IconKind;

/// The icon for the status of a member.
pub(super) fn icon_of(member: &Member, word: Word) -> IconKind {
    match word {
        Word::SignIn | Word::LostContact | Word::FindingOut | Word::LostSight => IconKind::Warn,
        Word::Unchecked => IconKind::Waiting,
        Word::Waiting if member.confirmed => IconKind::Waiting,
        Word::Waiting => IconKind::Pass,
        Word::Checking | Word::Preparing | Word::Sending => IconKind::Running,
        Word::Task(progress) => match progress {
            Progress::Waiting => IconKind::Waiting,
            Progress::Running | Progress::Cancelling | Progress::Done => IconKind::Running,
            Progress::Skipped => IconKind::Skipped,
            Progress::Failed { .. } => IconKind::Fail,
            Progress::Cancelled { .. } => IconKind::Cancelled,
            Progress::Contradicted | Progress::Unknown => IconKind::Warn,
        },
        Word::Ended => member.ending().map_or(IconKind::Info, icon_of_end),
        Word::LeftOut(_) | Word::Stopped => IconKind::Skipped,
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
