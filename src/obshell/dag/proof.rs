//! Checks whether the parts of a task confirm the success that the task reports.

use super::{Dag, Node, Operator, State};

/// Why the parts of a task do not confirm a reported success.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Contradiction {
    /// The answer contains no stages or no sub tasks.
    NoDetails,
    /// Parts of the answer could not be parsed.
    Unreadable,
    /// The task ended at another stage than its last one, or reports another number of stages than
    /// it contains.
    Stages {
        /// The number of stages in the answer.
        in_answer: usize,
    },
    /// The numbers, counted from 1, of the stages that did not succeed or contain a sub task that
    /// did not.
    NotSucceeded(Vec<usize>),
}

impl Dag {
    /// The contradiction to a reported success; `None` if the parts confirm the success: as many
    /// nodes as stages, the last stage reached, and every node and every sub task `SUCCEED` by
    /// `RUN` or `RETRY`. Only meaningful for a task that reports a success.
    #[must_use]
    pub fn contradiction(&self) -> Option<Contradiction> {
        if self.unparsed.parts > 0 {
            return Some(Contradiction::Unreadable);
        }
        let Some(nodes) = &self.nodes else {
            return Some(Contradiction::NoDetails);
        };
        let failed: Vec<_> = nodes
            .iter()
            .filter(|node| !node.succeeded())
            .map(|node| node.number)
            .collect();
        if !failed.is_empty() {
            return Some(Contradiction::NotSucceeded(failed));
        }
        if nodes.len() != self.max_stage || self.stage != self.max_stage {
            return Some(Contradiction::Stages {
                in_answer: nodes.len(),
            });
        }
        let has_sub_tasks =
            |node: &Node| node.sub_tasks.as_ref().is_some_and(|all| !all.is_empty());
        let all_have = nodes.iter().all(|node| has_sub_tasks(node));
        (!all_have).then_some(Contradiction::NoDetails)
    }
}

impl Node {
    /// Whether the stage and every sub task in the answer succeeded by running.
    fn succeeded(&self) -> bool {
        let ran = |state: &State, operator: &Operator| {
            *state == State::Succeed && matches!(operator, Operator::Run | Operator::Retry)
        };
        let mut sub_tasks = self.sub_tasks.iter().flatten();
        ran(&self.state, &self.operator)
            && sub_tasks.all(|part| ran(&part.state, &part.operator) && part.execute_times > 0)
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;
    use crate::obshell::answer;
    use crate::obshell::dag::progress::Progress;

    fn sub_task(state: &str, operator: &str, times: u32) -> String {
        format!(
            r#"{{"id":"42130706433028861","name":"x","state":"{state}","operator":"{operator}","execute_times":{times}}}"#
        )
    }

    fn node(state: &str, operator: &str, sub_tasks: &str) -> String {
        format!(
            r#"{{"id":"42130706433028861","name":"x","state":"{state}","operator":"{operator}","sub_tasks":{sub_tasks}}}"#
        )
    }

    fn dag(operator: &str, (stage, max_stage): (u32, u32), nodes: &str) -> Dag {
        let body = format!(
            r#"{{"successful":true,"timestamp":"2026-11-23T12:14:18Z","status":200,"data":{{"id":"42130706433028861","dag_id":1,"name":"Delete obproxy","stage":{stage},"max_stage":{max_stage},"state":"SUCCEED","operator":"{operator}","nodes":{nodes}}}}}"#
        );
        answer::dag(200, body.as_bytes()).unwrap().value
    }

    fn good() -> String {
        node(
            "SUCCEED",
            "RUN",
            &format!("[{}]", sub_task("SUCCEED", "RUN", 1)),
        )
    }

    #[test]
    fn a_success_that_every_part_shows_is_one() {
        let retried = node(
            "SUCCEED",
            "RETRY",
            &format!("[{}]", sub_task("SUCCEED", "RUN", 3)),
        );
        let done = dag("RUN", (2, 2), &format!("[{},{retried}]", good()));
        assert_eq!(done.contradiction(), None);
        assert_eq!(done.progress(), Progress::Done);
    }

    #[test]
    fn whatever_a_part_shows_against_it_is_named() {
        let bad = |state, operator, times| {
            let sub_tasks = format!("[{}]", sub_task(state, operator, times));
            node("SUCCEED", "RUN", &sub_tasks)
        };
        let two = |second: &str| format!("[{},{second}]", good());
        let second = Contradiction::NotSucceeded(vec![2]);
        for (stages, nodes, found) in [
            ((2, 2), "null".to_owned(), Contradiction::NoDetails),
            ((2, 2), "[]".into(), Contradiction::Stages { in_answer: 0 }),
            ((2, 2), "7".into(), Contradiction::Unreadable),
            ((2, 2), two("null"), Contradiction::Unreadable),
            ((2, 2), two("{}"), Contradiction::Unreadable),
            ((2, 2), two(&node("FAILED", "RUN", "null")), second.clone()),
            ((2, 2), two(&node("PENDING", "RUN", "null")), second.clone()),
            (
                (2, 2),
                two(&node("SUCCEED", "CANCEL", "null")),
                second.clone(),
            ),
            (
                (2, 2),
                two(&node("SUCCEED", "DREAM", "null")),
                second.clone(),
            ),
            ((2, 2), two(&bad("FAILED", "RUN", 1)), second.clone()),
            ((2, 2), two(&bad("SUCCEED", "ROLLBACK", 2)), second.clone()),
            ((2, 2), two(&bad("SUCCEED", "RUN", 0)), second),
            (
                (2, 2),
                two(&node("SUCCEED", "RUN", "null")),
                Contradiction::NoDetails,
            ),
            (
                (2, 2),
                two(&node("SUCCEED", "RUN", "[]")),
                Contradiction::NoDetails,
            ),
            (
                (2, 2),
                two(&node("SUCCEED", "RUN", "[null]")),
                Contradiction::Unreadable,
            ),
            ((1, 2), two(&good()), Contradiction::Stages { in_answer: 2 }),
            ((3, 3), two(&good()), Contradiction::Stages { in_answer: 2 }),
        ] {
            let dag = dag("RUN", stages, &nodes);
            assert_eq!(dag.contradiction(), Some(found), "{stages:?} {nodes}");
            assert_eq!(dag.progress(), Progress::Contradicted, "{nodes}");
        }
    }

    #[test]
    fn what_was_passed_is_skipped_and_no_contradiction() {
        let passed = node("SUCCEED", "PASS", "null");
        for (operator, nodes) in [
            ("PASS", "null".to_owned()),
            ("RUN", format!("[{},{passed}]", good())),
            (
                "RUN",
                format!(
                    "[{},{}]",
                    good(),
                    node(
                        "SUCCEED",
                        "RUN",
                        &format!("[{}]", sub_task("SUCCEED", "PASS", 0))
                    )
                ),
            ),
        ] {
            let dag = dag(operator, (2, 2), &nodes);
            assert_eq!(dag.progress(), Progress::Skipped, "{nodes}");
        }
    }

    #[test]
    fn a_stage_that_failed_is_a_contradiction_beside_one_that_was_passed() {
        let passed = node("SUCCEED", "PASS", "null");
        let failed = node("FAILED", "RUN", "null");
        let inside = node(
            "SUCCEED",
            "PASS",
            &format!("[{}]", sub_task("FAILED", "RUN", 1)),
        );
        for (operator, bad) in [("RUN", &failed), ("PASS", &failed), ("RUN", &inside)] {
            let dag = dag(operator, (3, 3), &format!("[{},{passed},{bad}]", good()));
            assert_eq!(dag.progress(), Progress::Contradicted, "{operator} {bad}");
            let named = Contradiction::NotSucceeded(vec![2, 3]);
            assert_eq!(dag.contradiction(), Some(named));
        }
    }

    #[test]
    fn a_part_that_is_left_out_does_not_move_the_others() {
        let failed = node("FAILED", "RUN", "null");
        let dag = dag("RUN", (3, 3), &format!("[{},null,{failed}]", good()));
        assert_eq!(dag.current_node().unwrap().state, State::Failed);
        assert!(dag.node(2).is_none());
        assert_eq!(dag.node(1).map(Rc::strong_count), Some(1));
        assert_eq!(dag.unparsed.parts, 1);
    }
}
