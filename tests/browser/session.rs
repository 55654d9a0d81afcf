//! Tests signing in to a CLUSTER AGENT with the root password of OceanBase, for a session.

use obshell_sim::{Config, Identity};

use crate::support::{Look, Role, in_browser};
use crate::walk::{Walk, config};

const ROOT: &str = "birnen-Kompott 2881 密码";
const FIELD: &str = "OceanBase root password";

#[test]
fn a_session_that_dies_in_mid_task_is_asked_for_in_place_and_the_task_goes_on() {
    in_browser(Look::default(), |browser| {
        browser.secret(ROOT);
        browser.secret("not the password");
        let walk = Walk::start(
            browser,
            Config {
                identity: Identity::ClusterAgent,
                agent_password: None,
                ob_password: Some(ROOT.to_owned()),
                ..config()
            },
        );
        // There is no agent password, so the root password is preselected; the choice explains why.
        browser.see(Role::Group, "Sign in with");
        browser.see(Role::Textbox, FIELD);
        browser.click(Role::Radio, "Agent password");
        browser.read("/api/v1/agent/password");
        browser.see(Role::Textbox, "Agent password");
        browser.click(Role::Radio, FIELD);

        browser.expect_in_console("401");
        browser.fill(FIELD, "not the password");
        browser.click(Role::Button, "Connect");
        browser.read("did not accept the password of OceanBase's root user");
        assert_eq!(browser.value(FIELD), "");
        assert_eq!(browser.value("Agent address"), walk.address);
        browser.fill(FIELD, ROOT);
        browser.click(Role::Button, "Connect");

        walk.type_address();
        walk.confirm();
        browser.wait_until("stage 2 at the agent", || {
            walk.control.pass();
            let seen = walk.control.snapshot();
            seen.last_task().is_some_and(|dag| dag.stage == 2)
        });
        let sessions = || walk.control.snapshot().sessions;
        assert_eq!(sessions(), 1);

        browser.block_on(walk.control.restart()).unwrap();
        browser.read("does not recognise this session");
        browser.see(Role::Group, "Sign in with");
        browser.fill(FIELD, ROOT);
        browser.press("\u{e007}");
        browser.read("The agent restarted while the console watched the task");
        walk.finish("Destroyed");
        assert_eq!(walk.deletes(), 1);
        browser.wait_until("the session to be ended", || sessions() == 0);
        let seen = walk.control.snapshot();
        assert_eq!(seen.count("POST", "/api/v1/login"), 3, "one was refused");
    });
}

#[test]
fn a_console_that_is_taken_down_ends_its_session() {
    in_browser(Look::default(), |browser| {
        browser.secret(ROOT);
        let walk = Walk::start(
            browser,
            Config {
                identity: Identity::ClusterAgent,
                ob_password: Some(ROOT.to_owned()),
                ..config()
            },
        );
        browser.see(Role::Button, "Connect");
        // Like a host page, which has the handle.
        browser.script(
            "const address = arguments[0];
             return import(document.querySelector('link[rel=modulepreload]').href).then((module) => {
                 document.querySelector('odp-console').remove();
                 const host = document.body.appendChild(document.createElement('div'));
                 window.consoleHandle = module.mount(host, { agents: [{ address }] });
             })",
            &[walk.address.clone().into()],
        );
        // Both passwords are possible, and the agent password is preselected.
        browser.see(Role::Textbox, "Agent password");
        browser.click(Role::Radio, FIELD);
        browser.fill(FIELD, ROOT);
        browser.click(Role::Button, "Connect");
        browser.see(Role::Textbox, "To confirm, type the agent address");
        assert_eq!(walk.control.snapshot().sessions, 1);
        browser.script("consoleHandle.destroy()", &[]);
        browser.wait_until("the session to be ended", || {
            walk.control.snapshot().sessions == 0
        });
    });
}
