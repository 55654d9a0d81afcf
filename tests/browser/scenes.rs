//! Every screen and ending in turn, for `screenshots.rs` and `everyone.rs`.

use std::time::Duration;

use dev_site::SiteSetup;
use obshell_sim::{Broken, Config, Fail, Identity, Matching, Odp, Version};
use serde_json::json;

use crate::agent::Console;
use crate::coming_back::told;
use crate::fleet::Cluster;
use crate::hosts::Host;
use crate::matrix::play::Play;
use crate::matrix::table::{Fault, Moment};
use crate::support::{Browser, Engine, Look, Role, in_browser};
use crate::walk::{PASSWORD, Walk, config};

/// The treatment of the screens.
pub struct See<'a> {
    /// The host page of the console; `None` for the console's own page.
    pub home: Option<Host>,
    /// Examines a screen with this name. Leaves the page as it was: wide, light, English.
    pub look: &'a dyn Fn(&Browser, &str),
}

impl See<'_> {
    fn in_browser(&self, scene: impl FnOnce(&Browser)) {
        let why = "a host's page gives other colours alone, and axe-core computes those alike";
        if self.home.is_some() && !Engine::Chromium.or_leave_out(why) {
            return;
        }
        in_browser(Look::default(), |browser| {
            if let Some(home) = self.home {
                home.house(browser);
            }
            scene(browser);
        });
    }
}

/// Creates a test for every scene, which applies the named function to its screens. With a host
/// page after `in`, the console is in that page.
macro_rules! with_every_scene {
    ($(#[$attribute:meta])* $look:path) => {
        with_every_scene! { @all [$(#[$attribute])*] (None, $look) without_a_console, agent_book, several_agents, }
    };
    ($(#[$attribute:meta])* $look:path, in $home:path) => {
        with_every_scene! { @all [$(#[$attribute])*] (Some($home), $look) }
    };
    (@all $attributes:tt $see:tt $($scene:ident,)*) => {
        with_every_scene! {
            @each $attributes $see
            connect_and_checks_and_review, a_cluster_agent, connect_problems, coming_back,
            checks_that_warn_and_fail, the_task, endings_of_a_task, operations,
            endings_without_a_task, agents_to_choose_from, $($scene,)*
        }
    };
    (@each $attributes:tt $see:tt $($scene:ident,)+) => {
        $(with_every_scene! { @one $attributes $see $scene })+
    };
    (@one [$(#[$attribute:meta])*] ($home:expr, $look:path) $scene:ident) => {
        $(#[$attribute])*
        #[test]
        fn $scene() {
            crate::scenes::$scene(&crate::scenes::See { home: $home, look: &$look });
        }
    };
}
pub(crate) use with_every_scene;

/// Calls `look` for the screen in English and in Chinese, and restores the language.
pub fn in_both_languages(browser: &Browser, mut look: impl FnMut(&str)) {
    let switch = |name: &str| {
        // A page without a console has no such button.
        if browser.shows(Role::Button, name) {
            browser.click(Role::Button, name);
        }
    };
    for (language, button) in [("en", "EN"), ("zh", "中文")] {
        switch(button);
        look(language);
        browser.wear(&Look::default());
    }
    switch("EN");
}

fn scene(see: &See<'_>, config: Config, play: impl FnOnce(&Walk<'_>, &dyn Fn(&str))) {
    see.in_browser(|browser| {
        browser.expect_in_console("Failed to load resource");
        let walk = Walk::start(browser, config);
        play(&walk, &|name| (see.look)(browser, name));
    });
}

pub fn connect_and_checks_and_review(see: &See<'_>) {
    scene(see, config(), |walk, shoot| {
        let browser = walk.browser;
        browser.fill("Agent address", "");
        shoot("10-connect-empty");
        browser.click(Role::Button, "Connect");
        shoot("11-connect-nothing-given");
        browser.fill("Agent address", &walk.address);
        browser
            .see(Role::Textbox, "Agent password")
            .script("arguments[0].focus()");
        browser.read("4.5.0.0");
        shoot("12-connect-known");
        walk.connect_with("wrong");
        browser.read("does not accept this agent password");
        shoot("13-connect-wrong-password");
        walk.connect();
        shoot("30-review");
        walk.type_address();
        shoot("31-review-confirmed");
    });
}

pub fn a_cluster_agent(see: &See<'_>) {
    let config = Config {
        identity: Identity::ClusterAgent,
        ob_password: Some("of root".to_owned()),
        ..config()
    };
    scene(see, config, |walk, shoot| {
        let browser = walk.browser;
        browser.click(Role::Radio, "OceanBase root password");
        shoot("17-connect-cluster");
        browser.fill("OceanBase root password", "wrong");
        browser.click(Role::Button, "Connect");
        browser.read("did not accept");
        shoot("18-connect-cluster-wrong");
        browser.fill("OceanBase root password", "of root");
        browser.click(Role::Button, "Connect");
        walk.type_address();
        walk.confirm();
        browser.see(Role::Heading, "Destroy ODP");
        browser.block_on(walk.control.restart()).unwrap();
        browser.read("does not recognise this session");
        shoot("44-task-session-ended");
    });
}

pub fn connect_problems(see: &See<'_>) {
    scene(
        see,
        Config {
            version: Version::new(4, 2, 5, 0),
            ..config()
        },
        |walk, shoot| {
            walk.connect_with(PASSWORD);
            walk.browser.read("4.2.6.0");
            shoot("14-connect-too-old");
        },
    );
    scene(
        see,
        Config {
            agent_password: None,
            ..config()
        },
        |walk, shoot| {
            walk.connect_with(PASSWORD);
            walk.browser.read("obshell.sock");
            shoot("15-connect-no-password-set");
        },
    );
    scene(see, config(), |walk, shoot| {
        walk.control
            .broken_proxy(Matching::any(), Broken::HtmlOk, 1000);
        walk.connect_with(PASSWORD);
        walk.browser.read("web page");
        shoot("16-connect-web-page");
    });
}

pub fn coming_back(see: &See<'_>) {
    scene(see, config(), |walk, shoot| {
        let browser = walk.browser;
        let destroy = |ending: &str| {
            walk.connect();
            walk.type_address();
            let known = walk.control.snapshot().last_task().map(|dag| dag.id);
            walk.confirm();
            browser.wait_until("a new task", || {
                walk.control.snapshot().last_task().map(|dag| dag.id) != known
            });
            walk.finish(ending);
            browser.click(Role::Button, "Start over");
        };
        walk.control.fail_stage(1, 1);
        destroy("Failed at stage 1");
        destroy("Destroyed");
        walk.control.set_odp(Odp::Running);
        walk.connect();
        browser.click(Role::Button, "ODP tasks of this agent");
        browser.read("Failed");
        shoot("23-tasks");
        browser.click(Role::Button, "Back");
        let hash = format!("#/task/{}", told(walk, 99));
        browser.script("location.hash = arguments[0]", &[json!(hash)]);
        browser.read("This link opens task");
        shoot("17-connect-link");
        walk.connect_with(PASSWORD);
        browser.read("has no task with this id");
        shoot("18-connect-link-unknown");
    });
}

pub fn checks_that_warn_and_fail(see: &See<'_>) {
    let config = Config {
        odp: Odp::Unmanaged,
        identity: Identity::ClusterAgent,
        rsa_bits: Some(512),
        clock_offset_secs: 7200,
        utc_offset_secs: 28_800,
        ..config()
    };
    scene(see, config, |walk, shoot| {
        walk.connect_with(PASSWORD);
        walk.browser.see(Role::Button, "Continue anyway");
        shoot("32-review-warn");
    });
    scene(
        see,
        Config {
            fail: Fail::Stop,
            ..crate::walk::config()
        },
        |walk, shoot| {
            walk.browser.block_on(async {
                let mut other = Console::at(&walk.agent);
                other.connect(PASSWORD).await;
                other.confirm_without_news().await;
            });
            walk.connect_with(PASSWORD);
            walk.browser.see(Role::Button, "View task");
            shoot("33-review-held");
        },
    );
}

pub fn the_task(see: &See<'_>) {
    scene(see, config(), |walk, shoot| {
        walk.destroy();
        walk.browser.read("Next:");
        shoot("40-task-ready");
        walk.browser.wait_until("the running step", || {
            walk.control.pass();
            walk.browser.text().contains("Kill obproxy process")
        });
        shoot("41-task-running");
        walk.control.append_log_lines(300);
        walk.control
            .append_log(&["the last line of many".to_owned()]);
        walk.browser.read("the last line of many");
        shoot("42-task-long-log");
        walk.browser.block_on(walk.control.go_away()).unwrap();
        walk.browser.read("Last update");
        shoot("43-task-agent-away");
    });
    scene(see, config(), |walk, shoot| {
        walk.destroy();
        walk.control.set_password(Some("another"));
        walk.browser.see(Role::Textbox, "Agent password");
        shoot("44-task-password-changed");
    });
}

pub fn endings_of_a_task(see: &See<'_>) {
    scene(see, config(), |walk, shoot| {
        walk.destroy();
        walk.finish("Destroyed");
        shoot("50-destroyed");
    });
    for (fail, stage, name) in [
        (Fail::Stop, 2, "51-failed-stop"),
        (Fail::StopTimeout, 2, "52-failed-stop-timeout"),
        (Fail::Clean, 4, "53-failed-clean"),
    ] {
        scene(see, Config { fail, ..config() }, |walk, shoot| {
            walk.destroy();
            walk.finish(&format!("Failed at stage {stage}"));
            shoot(name);
        });
    }
}

pub fn operations(see: &See<'_>) {
    scene(see, config(), |walk, shoot| {
        let browser = walk.browser;
        walk.destroy();
        browser.wait_until("the running step", || {
            walk.control.pass();
            browser.text().contains("Kill obproxy process")
        });
        browser.click(Role::Button, "Cancel the task");
        browser.see(Role::Button, "Cancel the task now");
        shoot("70-cancel-asked");
        walk.control.delay(Duration::from_secs(12));
        browser.click(Role::Button, "Cancel the task now");
        browser.read("before the request is sent");
        shoot("71-cancel-under-way");
        walk.control.heal();
        walk.browser.wait_until("the operator", || {
            let seen = walk.control.requests();
            seen.iter().any(|request| request.method == "POST")
        });
        walk.finish("Cancelled at stage 2");
        shoot("72-cancelled");
    });
    scene(see, config(), |walk, shoot| {
        let browser = walk.browser;
        walk.control.fail_stage(2, 1);
        walk.destroy();
        walk.finish("Failed at stage 2");
        for (name, confirm, picture) in [
            ("Retry", "Retry now", "73-retry-asked"),
            ("Skip this stage", "Skip this stage now", "74-skip-asked"),
            ("Mark as done", "Mark as done now", "75-done-asked"),
        ] {
            browser.click(Role::Button, name);
            browser.see(Role::Button, confirm);
            shoot(picture);
            browser.click(Role::Button, "Go back");
        }
        let post = Matching::new("POST", "/api/v1/task/*");
        walk.control.cut_before_acting(post);
        browser.click(Role::Button, "Retry");
        browser.click(Role::Button, "Retry now");
        browser.read("does not show whether the agent accepted");
        shoot("76-retry-lost");
    });
    // Another task has taken the lock: the agent rejects the operation.
    scene(see, config(), |walk, shoot| {
        let browser = walk.browser;
        walk.control.fail_stage(1, 1);
        walk.destroy();
        walk.finish("Failed at stage 1");
        browser.block_on(async {
            let mut other = Console::at(&walk.agent);
            other.connect(PASSWORD).await;
            other.confirm_without_news().await;
        });
        browser.click(Role::Button, "Retry");
        browser.click(Role::Button, "Retry now");
        browser.read("Agent.UnderMaintenance");
        browser.see(Role::Heading, "Failed at stage 1");
        shoot("77-retry-refused");
    });
    scene(see, config(), |walk, shoot| {
        walk.control.fail_stage(4, 1);
        walk.destroy();
        walk.finish("Failed at stage 4");
        walk.browser.click(Role::Button, "Skip this stage");
        walk.browser.click(Role::Button, "Skip this stage now");
        walk.browser.wait_until("the operator", || {
            let seen = walk.control.requests();
            seen.iter().any(|request| request.method == "POST")
        });
        walk.finish("Skipped, not destroyed");
        shoot("78-skipped");
    });
}

pub fn endings_without_a_task(see: &See<'_>) {
    scene(
        see,
        Config {
            odp: Odp::Unmanaged,
            ..config()
        },
        |walk, shoot| {
            walk.connect_with(PASSWORD);
            walk.browser.see(Role::Button, "Continue anyway");
            shoot("34-review-nothing-managed");
            walk.browser.click(Role::Button, "Continue anyway");
            walk.type_address();
            walk.confirm();
            walk.browser.see(Role::Heading, "Nothing to destroy");
            shoot("60-nothing-to-destroy");
        },
    );
    scene(see, config(), |walk, shoot| {
        walk.review();
        walk.confirm_as_the_password_changes();
        walk.browser.see(Role::Heading, "Refused");
        shoot("61-refused");
    });
    scene(see, config(), |walk, shoot| {
        walk.review();
        walk.browser.block_on(async {
            let mut other = Console::at(&walk.agent);
            other.connect(PASSWORD).await;
            other.confirm_without_news().await;
        });
        walk.confirm();
        walk.browser.see(Role::Button, "View task");
        shoot("62-someone-else");
    });
    scene(see, config(), |walk, shoot| {
        walk.review();
        walk.browser.block_on(walk.control.go_away()).unwrap();
        walk.confirm();
        walk.browser.see(Role::Heading, "Request not sent");
        shoot("63-not-sent");
    });
    scene(see, config(), |walk, shoot| {
        walk.review();
        let delete = Matching::new("DELETE", "/api/v1/obproxy");
        walk.control.broken_proxy(delete, Broken::Html(502), 1);
        walk.confirm();
        walk.browser.see(Role::Button, "Stop checking");
        shoot("64-finding-out");
        walk.browser.click(Role::Button, "Stop checking");
        walk.browser.see(Role::Heading, "Outcome unknown");
        shoot("65-outcome-unknown");
    });
    scene(see, config(), |walk, shoot| {
        Play::new(walk).play(Fault::CutBeforeActing, Moment::During);
        walk.browser.see(Role::Heading, "Request not sent");
        shoot("66-not-carried-out");
    });
}

/// A site on which no address can be typed.
pub fn agents_to_choose_from(see: &See<'_>) {
    see.in_browser(|browser| {
        let config = json!({
            "agents": [
                { "address": "10.10.10.1:2886", "label": "Hangzhou, production, behind the jump host" },
                { "address": "[2001:db8:85a3::8a2e:370:7334]:2886" },
            ],
            "typedAddress": false,
        });
        let site = browser.site(SiteSetup {
            config: Some(config.to_string()),
            ..SiteSetup::default()
        });
        browser.open(&site);
        browser.see(Role::Combobox, "Agent address");
        (see.look)(browser, "19-connect-choose");
        // The site reaches neither agent.
        browser.expect_in_console("403");
        browser.script(
            "const choice = [...deep()].find((e) => e.matches('select'));
             choice.value = '10.10.10.1:2886';
             choice.dispatchEvent(new Event('change', { bubbles: true }))",
            &[],
        );
        browser.read("403");
        (see.look)(browser, "19-connect-chosen");
    });
}

/// A run over several agents, from the selection to the end.
pub fn several_agents(see: &See<'_>) {
    see.in_browser(|browser| {
        let shoot = |name: &str| (see.look)(browser, name);
        let unmanaged = Config {
            odp: Odp::Unmanaged,
            ..config()
        };
        let cluster = Cluster::start(browser, [config(), config(), config(), unmanaged]);
        cluster.control(1).fail_stage(2, 1);
        cluster.choose();
        shoot("90-run-choose");
        cluster.sign_in();
        shoot("91-run-checks");
        cluster.review();
        shoot("92-run-review");
        cluster.confirm(3);
        cluster.run(0);
        cluster.see_in_row(0, "Destroyed");
        shoot("93-run-under-way");
        cluster.run(1);
        cluster.see_in_row(1, "Failed at stage 2");
        browser.see(Role::Button, "Resume");
        shoot("94-run-stopped");
        browser.click(Role::Button, "Resume");
        cluster.run(2);
        browser.see(Role::Heading, "Run ended");
        shoot("95-run-ended");
    });
}

pub fn agent_book(see: &See<'_>) {
    const PASSPHRASE: &str = "correct horse battery";
    scene(see, config(), |walk, shoot| {
        let browser = walk.browser;
        browser.click(Role::Button, "Saved agents");
        shoot("70-book-none");
        browser.click(Role::Button, "Create agent book");
        browser.click(Role::Button, "Create agent book");
        browser.read("The passphrase is missing.");
        shoot("71-book-create");
        browser.fill("Passphrase", PASSPHRASE);
        browser.fill("Repeat the passphrase", PASSPHRASE);
        browser.click(Role::Button, "Create agent book");
        browser.read("The agent book has no agents yet.");
        shoot("72-book-empty");
        for (address, label, group) in [
            ("10.10.10.1:2886", "odp-east-1", "east"),
            ("10.10.10.2:2886", "", "east"),
            ("odp-7.example:2886", "odp-west-7", "west"),
        ] {
            browser.click(Role::Button, "Add agent");
            browser.fill("Address", address);
            browser.fill("Password", PASSWORD);
            browser.fill("Label (optional)", label);
            // A text field with a list has the role of a combo box.
            browser.script(
                "const field = [...deep()].find((e) => e.id === 'book-group');
                 field.value = arguments[0];
                 field.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }))",
                &[json!(group)],
            );
            browser.click(Role::Button, "Save");
            browser.read("Agent saved.");
        }
        shoot("73-book-list");
        browser.click(Role::Button, "Edit odp-east-1 (10.10.10.1:2886)");
        shoot("74-book-edit");
        browser.click(Role::Button, "Cancel");
        browser.click(Role::Button, "Remove odp-east-1 (10.10.10.1:2886)");
        shoot("75-book-remove");
        browser.click(Role::Button, "Cancel");
        browser.click(Role::Button, "Change passphrase");
        shoot("76-book-passphrase");
        browser.click(Role::Button, "Cancel");
        browser.click(Role::Button, "Import from file");
        shoot("77-book-import");
        browser.click(Role::Button, "Cancel");
        browser.click(Role::Button, "Delete agent book");
        shoot("78-book-delete");
        browser.click(Role::Button, "Cancel");
        browser.click(Role::Button, "Lock");
        browser.fill("Passphrase", "wrong horse battery");
        browser.click(Role::Button, "Unlock");
        browser.read("The passphrase does not open the agent book.");
        shoot("79-book-locked");
        browser.fill("Passphrase", PASSPHRASE);
        browser.click(Role::Button, "Unlock");
        browser.read("odp-west-7");
        walk.connect();
        browser.see(Role::Button, "Save this agent");
        shoot("80-book-offer");
        browser.click(Role::Button, "Back");
        browser.click(Role::Button, "Several agents");
        browser.click(Role::Checkbox, "Select all of east (0 of 2 selected)");
        browser.fill("More agent addresses", "10.10.10.9:2886");
        shoot("82-book-run-choose");
        browser.click(Role::Button, "Continue");
        browser.read("Passwords for 2 of 3 agents");
        shoot("83-book-run-sign-in");
        browser.click(Role::Button, "Back");
        browser.click(Role::Button, "Lock");
        browser.click(Role::Button, "Choose from saved agents");
        browser.see(Role::Textbox, "Passphrase");
        shoot("84-book-run-locked");
    });
}

/// The page's message where there is no console, or no longer.
pub fn without_a_console(see: &See<'_>) {
    see.in_browser(|browser| {
        let site = browser.site(SiteSetup {
            config: Some("{ agents".to_owned()),
            ..SiteSetup::default()
        });
        browser.open(&site);
        browser.read("The ODP console cannot start");
        (see.look)(browser, "80-no-config");
    });
    see.in_browser(|browser| {
        let site = browser.site(SiteSetup::default());
        browser.open(&site);
        browser.see(Role::Button, "Connect");
        browser.script("location.hash = '#/task/twelve'", &[]);
        browser.read("This page's link cannot be opened");
        (see.look)(browser, "81-no-such-link");
    });
}
