//! Tests a host that destroys the ODPs of several agents with the headless client.

use obshell_sim::Control;
use serde_json::{Value, json};

use super::page::HEADLESS;
use crate::support::{Look, in_browser};
use crate::walk::PASSWORD;

const OTHER_PASSWORD: &str = "quark-Taschen 8802";

/// The host returns the same password for all agents but the second, whatever the reason.
const RUN: &str = r"
    const [agents, agentPassword] = arguments;
    window.states = [];
    window.asked = [];
    window.end = null;
    const credentials = ({ agent, reason }) => {
        asked.push([agents.indexOf(agent), reason]);
        return agent === agents[1] ? null : { agentPassword };
    };
    (async () => {
        try {
            const options = { agents, credentials, stopOnBadEnd: false };
            for await (const state of destroyFleet(options)) states.push(state);
            end = 'the end';
        } catch (error) {
            end = `${error.code}: ${error.message}`;
        }
    })()";

/// Agents 0 and 5 are normal. The host has no password for 1. Agent 2 has another password; that of
/// 3 is changed before its turn, and that of 4 while its task runs.
#[test]
fn a_host_without_a_usable_credential_comes_to_a_true_end() {
    in_browser(Look::default(), |browser| {
        let visit = HEADLESS.visit(browser, 6);
        browser.secret(OTHER_PASSWORD);
        browser.expect_in_console("401 (Unauthorized)");
        let controls: Vec<Control> = visit.agents.iter().map(|it| it.control()).collect();
        let begun = |agent: usize| {
            browser.wait_until(&format!("the task of agent {agent}"), || {
                controls[agent].snapshot().last_task().is_some()
            });
        };
        controls[2].set_password(Some(OTHER_PASSWORD));
        let addresses: Vec<_> = visit
            .agents
            .iter()
            .map(|it| it.addr().to_string())
            .collect();
        browser.script(RUN, &[json!(addresses), json!(PASSWORD)]);
        begun(0);
        controls[3].set_password(Some(OTHER_PASSWORD));
        assert!(controls[0].step_to_end());
        begun(4);
        controls[4].set_password(Some(OTHER_PASSWORD));
        begun(5);
        assert!(controls[5].step_to_end());
        browser.wait_until("the end", || !browser.script("return end", &[]).is_null());
        assert_eq!(browser.script("return end", &[]), "the end");

        let states = browser.script("return states", &[]);
        let told = states.to_string();
        assert!(!told.contains(PASSWORD) && !told.contains(OTHER_PASSWORD));
        let states = states.as_array().unwrap();
        let order = |phase: &Value| {
            let phases = ["choose", "sign-in", "preflight", "review", "run", "end"];
            phases.iter().position(|it| phase == it)
        };
        assert!(states.is_sorted_by_key(|state| order(&state["phase"])));
        let last = states.last().unwrap();
        assert_eq!(last["phase"], "end");
        let members = last["members"].as_array().unwrap();
        let stands: Vec<_> = members
            .iter()
            .map(|it| (it["standing"].as_str().unwrap(), it["ending"].as_str()))
            .collect();
        assert_eq!(stands[0], ("ended", Some("destroyed")), "{last}");
        assert_eq!(stands[1], ("left-out", None), "{last}");
        assert_eq!(stands[2], ("left-out", None), "{last}");
        assert_ne!(stands[3], ("ended", Some("destroyed")), "{last}");
        assert_eq!(stands[4], ("lost-sight", None), "{last}");
        assert_eq!(stands[5], ("ended", Some("destroyed")), "{last}");
        let deletes = [0, 1, 2, 3, 4, 5].map(|agent| visit.deletes(agent));
        assert_eq!(deletes, [1, 0, 0, 0, 1, 1]);
        for (agent, member) in members.iter().enumerate() {
            assert_eq!(usize::from(!member["delete"].is_null()), deletes[agent]);
        }
        // Called once, and once more after a rejection.
        let asked = browser.script("return asked", &[]);
        let reasons = |agent: usize| {
            let asked = asked.as_array().unwrap().iter();
            let asked = asked.filter(|it| it[0] == agent);
            asked.map(|it| it[1].as_str().unwrap()).collect::<Vec<_>>()
        };
        assert_eq!(reasons(0), ["connect"]);
        assert_eq!(reasons(1), ["connect"]);
        assert_eq!(reasons(2), ["connect", "refused"]);
        assert_eq!(reasons(4), ["connect", "refused"]);
    });
}

#[test]
fn a_host_that_gives_nothing_is_told_that_nothing_was_sent() {
    in_browser(Look::default(), |browser| {
        let visit = HEADLESS.visit(browser, 2);
        let nobody = RUN.replace("agent === agents[1] ?", "true ?");
        let addresses: Vec<_> = visit
            .agents
            .iter()
            .map(|it| it.addr().to_string())
            .collect();
        browser.script(&nobody, &[json!(addresses), json!(PASSWORD)]);
        browser.wait_until("the end", || !browser.script("return end", &[]).is_null());
        let end = browser.script("return end", &[]);
        assert_eq!(end, "checks: no agent can be destroyed; nothing was sent");
        assert_eq!([0, 1].map(|agent| visit.deletes(agent)), [0, 0]);
    });
}
