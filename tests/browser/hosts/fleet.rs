//! Tests hosts that destroy the ODPs of several agents: with the headless client, and with two
//! consoles in one page.

use obshell_sim::{Agent, Control};
use serde_json::{Value, json};

use super::page::{ELEMENT, HEADLESS, Visit};
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

/// Replaces the consoles of the page, once the page has set their options, by two, each for two of
/// the agents.
const TWO: &str = r"
    const [agents] = arguments;
    const before = [...document.querySelectorAll('odp-console')];
    if (before.some((it) => !it.agents?.length)) return false;
    before.forEach((it) => it.remove());
    for (const listed of [agents.slice(0, 2), agents.slice(2)]) {
        const console = document.createElement('odp-console');
        console.agents = listed.map((address) => ({ address }));
        console.locale = 'en-US';
        document.body.append(console);
    }
    return true";

/// Reads, clicks or fills in the console with this index. Buttons and labels are identified by the
/// beginning of their text. Returns whether the element is there and enabled.
const IN_ONE: &str = r"
    const [index, act, name, text] = arguments;
    const root = document.querySelectorAll('odp-console')[index]?.shadowRoot;
    // The module is still being loaded.
    if (!root?.firstElementChild) return false;
    if (act === 'read') return root.firstElementChild.innerText.includes(name);
    const kind = act === 'fill' ? 'label' : 'button';
    const found = [...root.querySelectorAll(kind)].find((it) =>
        it.textContent.trim().startsWith(name) && it.control?.type !== 'radio');
    if (!found || found.disabled || found.getAttribute('aria-disabled') === 'true') return false;
    if (act === 'click') return found.click(), true;
    const field = found.control;
    field.value = text;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    field.dispatchEvent(new Event('change', { bubbles: true }));
    return true;
";

/// One of the two consoles of a page.
struct OneOfTwo<'a> {
    visit: &'a Visit<'a>,
    index: usize,
}

impl OneOfTwo<'_> {
    fn does(&self, act: &str, name: &str, text: &str) {
        let Self { visit, index } = self;
        let arguments = [json!(index), json!(act), json!(name), json!(text)];
        let what = format!("{act} {name} in console {index}");
        visit
            .browser
            .wait_until(&what, || visit.browser.script(IN_ONE, &arguments) == true);
    }

    fn reads(&self, text: &str) {
        self.does("read", text, "");
    }

    fn signs_in(&self) {
        self.does("fill", "Agent password", PASSWORD);
        self.does("click", "Run pre-flight checks", "");
    }
}

/// Each console begins a run over its own two agents; the page is reloaded in the middle of both.
#[test]
fn two_consoles_in_one_page_keep_two_runs_through_a_reload() {
    in_browser(Look::default(), |browser| {
        let visit = ELEMENT.visit(browser, 4);
        let addresses = visit.agents.iter().map(|it| it.addr().to_string());
        let addresses: Vec<_> = addresses.collect();
        let consoles = [0, 1].map(|index| OneOfTwo {
            visit: &visit,
            index,
        });
        let deletes = || [0, 1, 2, 3].map(|agent| visit.deletes(agent));
        let put_two = || {
            browser.wait_until("the options of the page's consoles", || {
                browser.script(TWO, &[json!(addresses)]) == true
            });
        };
        put_two();
        for (console, own) in consoles.iter().zip(addresses.chunks(2)) {
            console.does("click", "Several agents", "");
            console.does("fill", "More agent addresses", &own.join(" "));
            console.does("click", "Continue", "");
            console.signs_in();
            console.does("click", "Review and confirm", "");
            console.does("fill", "To confirm, type", "destroy 2");
            console.does("click", "Destroy 2 ODPs", "");
        }
        browser.wait_until("one task of each run", || {
            let has_task = |agent: &Agent| agent.control().snapshot().last_task().is_some();
            [0, 2]
                .into_iter()
                .all(|agent| has_task(&visit.agents[agent]))
                && deletes() == [1, 0, 1, 0]
        });

        browser.reload();
        put_two();
        for console in &consoles {
            console.reads("This tab has stored a run over several agents.");
            // In a host's page this restores the run.
            console.does("click", "Several agents", "");
            console.reads("A run was restored after this page was reloaded.");
        }
        for (agent, console) in [(2, &consoles[1]), (0, &consoles[0])] {
            assert!(visit.agents[agent].control().step_to_end());
            console.signs_in();
            console.reads("Destroyed");
        }
        for (console, own) in consoles.iter().zip(addresses.chunks(2)) {
            for address in &addresses {
                let arguments = [json!(console.index), json!("read"), json!(address)];
                let is_there = browser.script(IN_ONE, &arguments) == true;
                assert_eq!(is_there, own.contains(address), "{address}");
            }
        }
        // DELETEs that were not sent wait for a new confirmation.
        assert_eq!(deletes(), [1, 0, 1, 0]);
    });
}
