//! One real deletion, recorded from the DELETE to its end, with the requests and operators sent on
//! the way.
//!
//! 1. DELETE, and CANCEL at once: the first deletion ends FAILED/CANCEL.
//! 2. DELETE again, requests while it is running, and a read of it every few milliseconds until it
//!    ends.
//! 3. If it fails: the requests that a failed deletion answers, RETRY, and then PASS of the failed
//!    node, until it succeeds.
//! 4. Requests to the agent after it no longer manages an ODP.
//! 5. RETRY, twice, of the first deletion if none of its steps has run, and PASS of it: there is
//!    nothing left to delete.
//!
//! The journey only records; the statements evaluate the record.

use std::{sync::Arc, time::Instant};

use serde_json::{Value, json};
use tokio::time::sleep;

use crate::{
    ask::Ask,
    dag::{is_finished, node, path, times_run},
    expect::{accepted, at, list, text},
    miss::Miss,
    probe::Probe,
    record::{After, Both, Failed, Journey, Meanwhile, Operated, Passed, Revived, Sight},
    task::{ALL, UNFINISHED},
    wire::Answer,
};

pub(super) const DELETE: &str = "/api/v1/obproxy";
/// How many nodes may be skipped before the deletion counts as endless.
const MOST_PASSES: usize = 4;

impl Probe {
    /// The one deletion of this run, performed when the first statement needs it.
    pub(super) async fn journey(&self) -> Result<Arc<Journey>, Miss> {
        self.needs_destroy()?;
        self.needs_access()?;
        if let Some(journey) = self.journey.get() {
            return journey.usable();
        }
        let journey = self
            .journey
            .get_or_init(|| async { Arc::new(Journey::travel(self).await) })
            .await;
        journey.usable()
    }
}

impl Journey {
    /// Performs the journey and records it, as far as it gets.
    async fn travel(probe: &Probe) -> Self {
        let mut journey = Self::default();
        if let Err(miss) = journey.make(probe).await {
            journey.trouble = Some(miss);
        }
        journey
    }

    async fn make(&mut self, probe: &Probe) -> Result<(), Miss> {
        if !probe.managed().await? {
            return Err(Miss::not_applicable("the agent manages no ODP"));
        }
        let unfinished = probe.data(UNFINISHED).await?;
        if !list(&unfinished, "/contents").is_empty() {
            return Err(Miss::not_applicable(
                "the agent has an unfinished task: finish it first",
            ));
        }
        let delete = probe.ask("DELETE", DELETE)?;
        let first = probe.send(&delete).await?;
        let id = id_of(&first)?;
        let cancel = probe.send(&operator(probe, &path(&id), "CANCEL")?).await?;
        if probe.never_allows(&cancel) {
            self.cancel_refused = Some(cancel);
            self.early = Some(probe.data(&path(&id)).await?);
            self.created = Some(first);
            return self.follow(probe, &id, None).await;
        }
        let (cancelled, again) = cancel_twice(probe, &id, cancel).await?;
        self.cancelled_again = Some(again);
        // Cancelled at stage 1, it has released the lock. Cancelled later, it keeps the lock and
        // must be continued.
        let released = at(cancelled.end(), "/stage") == 1;
        let put_aside = cancelled.end().clone();
        self.cancelled = Some(cancelled);
        if !released {
            self.created = Some(first);
            return self.finish(probe, put_aside).await;
        }
        let created = probe.send(&probe.ask("DELETE", DELETE)?).await?;
        let main = id_of(&created)?;
        self.early = Some(probe.data(&path(&main)).await?);
        self.created = Some(created);
        self.follow(probe, &main, Some(&put_aside)).await?;
        self.pass_cancelled(probe, &put_aside).await
    }

    /// Sends requests while the deletion is running, and watches it to its end.
    async fn follow(
        &mut self,
        probe: &Probe,
        id: &str,
        cancelled: Option<&Value>,
    ) -> Result<(), Miss> {
        self.meanwhile = Some(meanwhile(probe, id, cancelled).await?);
        self.trail = watch(probe, id).await?;
        let end = self.trail.last().map(|sight| sight.dag.clone());
        self.finish(probe, end.unwrap_or_default()).await
    }

    /// Continues a stopped deletion until it succeeds.
    async fn finish(&mut self, probe: &Probe, end: Value) -> Result<(), Miss> {
        let mut end = end;
        if text(&end, "/state") == "FAILED" {
            let failed = self.failed.insert(mend(probe, &end).await?);
            end = failed.passes.last().unwrap_or(&failed.retry).end().clone();
        }
        self.end = Some(end.clone());
        if text(&end, "/state") == "SUCCEED" {
            self.after = Some(after(probe, &end).await?);
            return Ok(());
        }
        if probe.is_old() {
            return Err(Miss::not_applicable(
                "without node operators, only removing the cause lets it continue",
            ));
        }
        Err(Miss::fail(
            "a deletion that finally succeeds",
            end.to_string(),
        ))
    }

    /// Ends the cancelled deletion for good, after retries that certainly change nothing.
    async fn pass_cancelled(&mut self, probe: &Probe, cancelled: &Value) -> Result<(), Miss> {
        let id = text(cancelled, "/id");
        // A step that has succeeded is not run again, but the steps after it would be.
        if times_run(node(cancelled, 0)) == 0 {
            self.revived = Some(revive(probe, id).await?);
        }
        self.passed = Some(Passed {
            pass: operate(probe, id, "PASS").await?,
            unfinished: probe.data(UNFINISHED).await?,
        });
        Ok(())
    }
}

fn id_of(created: &Answer) -> Result<String, Miss> {
    let envelope = accepted(created).map_err(|miss| miss.when("DELETE /api/v1/obproxy"))?;
    Ok(text(&envelope, "/data/id").to_owned())
}

async fn both(probe: &Probe, ask: Ask) -> Result<Both, Miss> {
    Ok(Both {
        english: probe.send(&ask).await?,
        chinese: probe.send(&ask.language("zh-CN")).await?,
    })
}

fn operator(probe: &Probe, path: &str, name: &str) -> Result<Ask, Miss> {
    Ok(probe
        .ask("POST", path)?
        .body(json!({ "operator": name }).to_string()))
}

fn node_path(dag: &Value, index: usize) -> String {
    let id = list(dag, "/nodes")
        .get(index)
        .map(|node| text(node, "/id"))
        .unwrap_or_default();
    format!("/api/v1/task/node/{id}")
}

/// After CANCEL: sends CANCEL again, and watches the deletion to its end.
async fn cancel_twice(
    probe: &Probe,
    id: &str,
    answer: Answer,
) -> Result<(Operated, (Answer, Value)), Miss> {
    let target = path(id);
    let cancel = operator(probe, &target, "CANCEL")?;
    let after = probe.data(&target).await?;
    let again = probe.send(&cancel).await?;
    let after_again = probe.data(&target).await?;
    let trail = watch(probe, id).await?;
    let cancelled = Operated {
        answer,
        after,
        trail,
    };
    Ok((cancelled, (again, after_again)))
}

/// Sends an operator on a DAG and watches the DAG to its end.
async fn operate(probe: &Probe, id: &str, name: &str) -> Result<Operated, Miss> {
    operate_at(probe, id, &path(id), name).await
}

async fn operate_at(probe: &Probe, id: &str, target: &str, name: &str) -> Result<Operated, Miss> {
    let answer = probe.send(&operator(probe, target, name)?).await?;
    let after = probe.data(&path(id)).await?;
    probe.needs_node_route(&answer)?;
    accepted(&answer).map_err(|miss| miss.when(name))?;
    let trail = watch(probe, id).await?;
    Ok(Operated {
        answer,
        after,
        trail,
    })
}

/// Reads a DAG until it is finished; keeps every reading that differs from the previous one.
async fn watch(probe: &Probe, id: &str) -> Result<Vec<Sight>, Miss> {
    let mut trail: Vec<Sight> = Vec::new();
    let begun = Instant::now();
    loop {
        let managed = probe.managed().await?;
        let dag = probe.data(&path(id)).await?;
        let done = is_finished(&dag);
        let new = trail
            .last()
            .is_none_or(|last| last.dag != dag || last.managed != managed);
        if new {
            trail.push(Sight { managed, dag });
        }
        if done {
            return Ok(trail);
        }
        if begun.elapsed() > probe.patience {
            let last = trail
                .last()
                .map(|sight| sight.dag.to_string())
                .unwrap_or_default();
            return Err(Miss::fail(
                format!("an end within {} s", probe.patience.as_secs()),
                last,
            ));
        }
        sleep(probe.poll).await;
    }
}

/// Requests during a running deletion, and to one that was cancelled before it.
async fn meanwhile(probe: &Probe, id: &str, cancelled: Option<&Value>) -> Result<Meanwhile, Miss> {
    let dag = path(id);
    let old = match cancelled {
        Some(old) => {
            let target = path(text(old, "/id"));
            let retry = both(probe, operator(probe, &target, "RETRY")?).await?;
            let node = operator(probe, &node_path(old, 0), "PASS")?;
            Some((retry, both(probe, node).await?))
        }
        None => None,
    };
    let node = node_path(&probe.data(&dag).await?, 0);
    Ok(Meanwhile {
        second_delete: both(probe, probe.ask("DELETE", DELETE)?).await?,
        stop: both(probe, probe.ask("POST", "/api/v1/obproxy/stop")?).await?,
        retry: both(probe, operator(probe, &dag, "RETRY")?).await?,
        rollback: both(probe, operator(probe, &dag, "rollback")?).await?,
        pass: both(probe, operator(probe, &dag, "Pass")?).await?,
        node_pass: both(probe, operator(probe, &node, "PASS")?).await?,
        old,
        status: probe.data("/api/v1/status").await?,
        everywhere: probe.data("/api/v1/task/dag/unfinish").await?,
        unfinished: probe.data(UNFINISHED).await?,
        last: probe.data(&dag).await?,
    })
}

/// Completes a failed deletion by RETRY, and then by PASS of every node that still fails.
async fn mend(probe: &Probe, dag: &Value) -> Result<Failed, Miss> {
    let id = text(dag, "/id").to_owned();
    let managed = probe.managed().await?;
    let locked = at(dag, "/stage") != 1 && managed;
    let mut failed = Failed {
        dag: dag.clone(),
        managed,
        second_delete: if locked {
            Some(both(probe, probe.ask("DELETE", DELETE)?).await?)
        } else {
            None
        },
        rollback: both(probe, operator(probe, &path(&id), "ROLLBACK")?).await?,
        cancel: both(probe, operator(probe, &path(&id), "CANCEL")?).await?,
        unfinished: probe.data(UNFINISHED).await?,
        retry: operate(probe, &id, "retry").await?,
        passes: Vec::new(),
    };
    let mut end = failed.retry.end().clone();
    for _ in 0..MOST_PASSES {
        if text(&end, "/state") != "FAILED" {
            break;
        }
        let stage = at(&end, "/stage")
            .as_u64()
            .and_then(|stage| usize::try_from(stage).ok())
            .unwrap_or_default();
        let node = node_path(&end, stage.saturating_sub(1));
        let passed = match operate_at(probe, &id, &node, "PASS").await {
            // The route does not exist.
            Err(Miss::NotApplicable(_)) => break,
            passed => passed?,
        };
        end = passed.end().clone();
        failed.passes.push(passed);
    }
    Ok(failed)
}

async fn after(probe: &Probe, dag: &Value) -> Result<After, Miss> {
    let target = path(text(dag, "/id"));
    Ok(After {
        info: probe.data("/api/v1/info").await?,
        retry: both(probe, operator(probe, &target, "RETRY")?).await?,
        rollback: both(probe, operator(probe, &target, "ROLLBACK")?).await?,
        cancel: both(probe, operator(probe, &target, "CANCEL")?).await?,
        pass: both(probe, operator(probe, &target, "PASS")?).await?,
        node_pass: both(probe, operator(probe, &node_path(dag, 1), "PASS")?).await?,
        all: match probe.needs_version([4, 3, 0, 0]) {
            Ok(()) => Some(probe.data(&format!("{ALL}?show_details=false")).await?),
            Err(_) => None,
        },
    })
}

/// The cancelled deletion finds nothing to delete: every retry of it fails at stage 1.
async fn revive(probe: &Probe, id: &str) -> Result<Revived, Miss> {
    Ok(Revived {
        first: operate(probe, id, "RETRY").await?,
        second: operate(probe, id, "RETRY").await?,
    })
}
