//! The answers during a deletion.

use super::judge::{judged, part, refuses};
use crate::{
    dag::is_finished,
    expect::{at, ensure, list, same, text},
    miss::Miss,
    record::{Journey, Meanwhile},
    refusal::Refusal,
    statement::Statement,
    wording::{
        address, node_pass_refused, pass_refused, retry_refused, rollback_refused,
        under_maintenance,
    },
};

/// The message of 4.3.0.0: before that version, nothing could be cancelled.
const OLD_LOCKED: &str =
    "Unexpected error: failed to start maintenance: agent is under maintenance";

pub(super) fn meanwhile() -> Vec<Statement> {
    const NONE: &str = "no request was made while it was running";
    fn asked(journey: &Journey) -> Result<&Meanwhile, Miss> {
        let meanwhile = part(journey.meanwhile.as_ref(), NONE)?;
        if is_finished(&meanwhile.last) {
            return Err(Miss::not_applicable(
                "it ended before all requests were made",
            ));
        }
        Ok(meanwhile)
    }
    vec![
        judged(
            "delete.second",
            "A second DELETE is rejected with 500 Agent.UnderMaintenance and data null.",
            |p, journey| {
                refuses(
                    p,
                    &asked(journey)?.second_delete,
                    &under_maintenance(p, "Delete obproxy"),
                )
            },
        ),
        judged(
            "delete.stop-meanwhile",
            "A stop of the ODP is rejected in the same way, with its own name in the message.",
            |p, journey| {
                refuses(
                    p,
                    &asked(journey)?.stop,
                    &under_maintenance(p, "Stop obproxy"),
                )
            },
        ),
        judged(
            "operator.retry-working",
            "RETRY of a running DAG is rejected.",
            |p, journey| refuses(p, &asked(journey)?.retry, &retry_refused()),
        ),
        judged(
            "operator.rollback-working",
            "ROLLBACK of a running DAG is rejected; operators are accepted in any letter case.",
            |p, journey| refuses(p, &asked(journey)?.rollback, &rollback_refused()),
        ),
        judged(
            "operator.pass-working",
            "PASS of a running DAG is rejected.",
            |p, journey| refuses(p, &asked(journey)?.pass, &pass_refused()),
        ),
        judged(
            "operator.node-pass-working",
            "PASS of a node of a running DAG is rejected.",
            |p, journey| {
                let both = &asked(journey)?.node_pass;
                p.needs_node_route(&both.english)?;
                refuses(p, both, &node_pass_refused())
            },
        ),
        judged(
            "operator.no-lock",
            "RETRY of a deletion that ended at stage 1, and PASS of its node, need the lock that another deletion holds.",
            |p, journey| {
                let refusal = Refusal::new(
                    500,
                    "Agent.UnderMaintenance",
                    format!("{} is under maintenance", address(p)),
                )
                .zh(format!("{} 处于运维状态中", address(p)));
                let old = asked(journey)?.old.as_ref();
                let (retry, node_pass) = part(old, "none was cancelled")?;
                let refusal = refusal.old(500, 1002, OLD_LOCKED);
                refuses(p, retry, &refusal)?;
                if p.needs_node_route(&node_pass.english).is_err() {
                    return Ok(());
                }
                refuses(p, node_pass, &refusal)
            },
        ),
        judged(
            "delete.unfinished-cluster",
            "On a CLUSTER AGENT, dag/unfinish omits a running deletion: its contents are null.",
            |p, journey| {
                p.needs_identity("CLUSTER AGENT")?;
                let everywhere = &asked(journey)?.everywhere;
                same("data", &serde_json::json!({ "contents": null }), everywhere)
            },
        ),
        judged(
            "delete.status",
            "underMaintenance of /status stays false during a deletion.",
            |_, journey| {
                same(
                    "underMaintenance",
                    Some(false),
                    at(&asked(journey)?.status, "/underMaintenance").as_bool(),
                )
            },
        ),
        judged(
            "delete.unfinished",
            "A running deletion is listed as unfinished.",
            |_, journey| {
                let meanwhile = asked(journey)?;
                let ids: Vec<&str> = list(&meanwhile.unfinished, "/contents")
                    .iter()
                    .map(|dag| text(dag, "/id"))
                    .collect();
                ensure(
                    ids.contains(&text(&meanwhile.last, "/id")),
                    "the DAG's id",
                    || format!("{ids:?}"),
                )
            },
        ),
    ]
}
