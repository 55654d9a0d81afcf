//! Compares the end of a task with `/info` as read after it.

use std::rc::Rc;

use super::Machine;
use crate::flow::ending::{Ending, Unknown};
use crate::flow::event::Answered;
use crate::flow::poll::refresh_interval;
use crate::flow::state::{Purpose, Screen};
use crate::obshell::answer;
use crate::obshell::dag::progress::Progress;
use crate::obshell::error::{Failure, Unusable};

impl Machine {
    pub(super) fn verify_answered(&mut self, answered: &Answered) {
        let info = self.open_fresh(Purpose::Verify, answered, answer::info);
        let Screen::Task(task) = &mut self.state.screen else {
            return;
        };
        let progress = task.dag.progress();
        let info = match info {
            Ok(answer) if !answer.value.is_same_agent(&task.facts.info) => {
                Err(Failure::Unusable(Unusable::OtherAgent))
            }
            Ok(answer) => Ok(answer.value),
            Err(failure) => Err(failure),
        };
        let managed = match info {
            Ok(info) => {
                let restarted = info.started_at != task.facts.info.started_at;
                let managed = info.manages_odp;
                Rc::make_mut(&mut task.facts).info = info;
                if restarted {
                    // The state of the task before a restart says nothing about the agent after it.
                    task.restarted = true;
                    task.confirming = false;
                    return self.wait_if_watched(refresh_interval(0));
                }
                managed
            }
            // A success is reported only if the agent's `/info` agrees.
            Err(failure) if progress == Progress::Done => return self.update_failed(failure),
            Err(_) => None,
        };
        let contradiction = task.dag.contradiction();
        let ending = match (progress, contradiction) {
            (Progress::Done, _) if !task.dag.is_delete() => Ending::OtherTaskDone,
            (Progress::Done, _) if managed == Some(false) => Ending::Destroyed,
            (Progress::Done, _) => Ending::OutcomeUnknown(Unknown::StillManaged),
            (Progress::Contradicted, Some(contradiction)) => {
                Ending::OutcomeUnknown(Unknown::Contradicted {
                    contradiction,
                    managed,
                })
            }
            (Progress::Skipped, _) => Ending::Skipped { managed },
            (Progress::Failed { stage }, _) => Ending::Failed { stage, managed },
            (Progress::Cancelled { stage }, _) => Ending::Cancelled { stage, managed },
            (
                Progress::Waiting
                | Progress::Running
                | Progress::Cancelling
                | Progress::Contradicted
                | Progress::Unknown,
                _,
            ) => return,
        };
        self.end_task(ending);
    }
}
