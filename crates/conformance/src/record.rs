//! The record of a deletion, for the statements to evaluate.

use std::sync::Arc;

use serde_json::Value;

use crate::{miss::Miss, wire::Answer};

/// The DAG at one moment.
#[derive(Debug, Clone)]
pub(super) struct Sight {
    /// `isObproxyAgent`, read just before the DAG.
    pub managed: bool,
    pub dag: Value,
}

/// The effect of an operator.
#[derive(Debug)]
pub(super) struct Operated {
    pub answer: Answer,
    /// The DAG right after the operator.
    pub after: Value,
    /// The readings from then to the end, without repetitions.
    pub trail: Vec<Sight>,
}

impl Operated {
    /// The DAG at its end.
    pub(super) fn end(&self) -> &Value {
        self.trail.last().map_or(&self.after, |sight| &sight.dag)
    }
}

/// A refusal in English and in Chinese.
#[derive(Debug)]
pub(super) struct Both {
    pub english: Answer,
    pub chinese: Answer,
}

/// Answers while the deletion is running.
#[derive(Debug)]
pub(super) struct Meanwhile {
    pub second_delete: Both,
    pub stop: Both,
    pub retry: Both,
    pub rollback: Both,
    pub pass: Both,
    pub node_pass: Both,
    /// For a deletion that was cancelled at stage 1: RETRY, and PASS of its first node.
    pub old: Option<(Both, Both)>,
    pub status: Value,
    /// `dag/unfinish`.
    pub everywhere: Value,
    pub unfinished: Value,
    /// The DAG after all these requests, which shows whether they were in time.
    pub last: Value,
}

/// Answers about a failed deletion.
#[derive(Debug)]
pub(super) struct Failed {
    pub dag: Value,
    pub managed: bool,
    /// Not sent at stage 1, where it would start another deletion.
    pub second_delete: Option<Both>,
    pub rollback: Both,
    pub cancel: Both,
    pub unfinished: Value,
    pub retry: Operated,
    /// PASS of the failed node, if RETRY did not help.
    pub passes: Vec<Operated>,
}

/// Answers after the deletion has succeeded.
#[derive(Debug)]
pub(super) struct After {
    pub info: Value,
    pub retry: Both,
    pub rollback: Both,
    pub cancel: Both,
    pub pass: Both,
    pub node_pass: Both,
    /// Every DAG of the agent, if there is a list of all.
    pub all: Option<Value>,
}

/// The further course of the cancelled deletion.
#[derive(Debug)]
pub(super) struct Revived {
    pub first: Operated,
    pub second: Operated,
}

/// How the cancelled deletion was skipped.
#[derive(Debug)]
pub(super) struct Passed {
    pub pass: Operated,
    pub unfinished: Value,
}

/// The record.
#[derive(Debug, Default)]
pub(super) struct Journey {
    /// Why the record ends early.
    pub trouble: Option<Miss>,
    /// The answer to CANCEL of an agent whose tasks cannot be cancelled.
    pub cancel_refused: Option<Answer>,
    pub cancelled: Option<Operated>,
    /// A second CANCEL, and the DAG right after it.
    pub cancelled_again: Option<(Answer, Value)>,
    pub created: Option<Answer>,
    /// The DAG right after its creation.
    pub early: Option<Value>,
    pub meanwhile: Option<Meanwhile>,
    pub trail: Vec<Sight>,
    pub failed: Option<Failed>,
    pub end: Option<Value>,
    pub after: Option<After>,
    pub revived: Option<Revived>,
    pub passed: Option<Passed>,
}

impl Journey {
    /// The record, if it can be evaluated.
    pub(super) fn usable(self: &Arc<Self>) -> Result<Arc<Self>, Miss> {
        match &self.trouble {
            Some(Miss::NotApplicable(why)) if self.created.is_none() => {
                Err(Miss::not_applicable(why))
            }
            _ => Ok(Arc::clone(self)),
        }
    }
}
