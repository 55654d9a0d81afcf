//! The DAG that is checked.

use serde_json::Value;

use crate::{
    dag::{is_finished, path},
    expect::{accepted, list, text},
    miss::Miss,
    probe::Probe,
    task::{ALL, NEWEST},
};

/// The newest DAG of the ODP, with details.
pub(super) async fn sample(probe: &Probe) -> Result<Value, Miss> {
    probe.needs_access()?;
    let none = || Miss::not_applicable("the agent has no DAG of an ODP");
    if probe.needs_version([4, 3, 0, 0]).is_err() {
        // Without a list of all tasks, the newest one under maintenance is used.
        let newest = probe.send(&probe.get(NEWEST)?).await?;
        let newest = accepted(&newest).map_err(|_| none())?;
        return probe.data(&path(text(&newest, "/data/id"))).await;
    }
    let all = probe.data(ALL).await?;
    let own = list(&all, "/contents")
        .iter()
        .rfind(|dag| text(dag, "/id").starts_with(['4', '5']));
    let id = own.map(|dag| text(dag, "/id")).ok_or_else(none)?;
    probe.data(&path(id)).await
}

/// The newest DAG of the ODP, if it no longer changes.
pub(super) async fn finished(probe: &Probe) -> Result<Value, Miss> {
    let dag = sample(probe).await?;
    if is_finished(&dag) {
        Ok(dag)
    } else {
        Err(Miss::not_applicable("the newest DAG is still running"))
    }
}
