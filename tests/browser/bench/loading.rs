//! From navigation to the usable form, and by deep link to a running task, beside a bare Yew page.

use std::path::Path;

use dev_site::{Site, SiteSetup};
use obshell_sim::Agent;
use serde_json::json;
use tokio::runtime::Runtime;

use super::report::{Demand, Limit, Section, millis};
use super::statistics::Samples;
use super::{built, report};
use crate::coming_back::told;
use crate::support::{Look, dist, in_browser};
use crate::walk::{PASSWORD, Walk, config};

/// How often each page is loaded, in turns, after one load that does not count.
const LOADS: usize = 11;

/// How much slower the processor is made.
const THROTTLE: u32 = 4;

const LIMIT: Limit = Limit::AtMost(2.0);

/// A line of the running step's log: who sees it sees the running task.
const LINE: &str = "this line is written by a running step";

/// When the field for the address can be typed into.
const FORM: &str = "
    odpBench.looks.it = () => [...odpBench.everywhere('input')].some((input) =>
        !input.disabled && [...input.labels].some((it) => it.textContent.trim() === 'Agent address'));
";

/// Signs in as soon as that is possible, as nobody's fingers could; when the task's log is there.
const TASK: &str = "
    let signedIn = false;
    odpBench.looks.it = () => {
        const [field] = odpBench.everywhere('input[type=password]');
        const submit = field?.form?.querySelector('[type=submit]');
        if (!signedIn && submit && !submit.disabled) {
            signedIn = true;
            setTimeout(() => {
                field.value = PASSWORD;
                field.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
                field.form.requestSubmit();
            });
        }
        return [...odpBench.everywhere('[role=log]')].some((log) => log.textContent.includes(LINE));
    };
";

/// Something that takes the processor as long as it is slow, in milliseconds.
const LOOP: &str = "
    const start = performance.now();
    let sum = 0;
    for (let i = 0; i < 30_000_000; i += 1) sum = (sum + i * 7) | 0;
    return [performance.now() - start, sum]";

/// What is loaded.
struct Load<'a> {
    name: &'static str,
    site: &'a Site,
    /// What stands behind the site's URL.
    place: String,
    /// What is waited for, as a script.
    until: &'a str,
}

#[test]
#[ignore = "measures"]
fn the_page_is_there_soon() {
    let runtime = Runtime::new().unwrap();
    let site = |folder: &Path, agents: &[&str]| {
        let anywhere = ([127, 0, 0, 1], 0).into();
        let setup = SiteSetup::with_agents(agents.iter().copied());
        runtime
            .block_on(Site::start(anywhere, folder, setup))
            .unwrap()
    };
    let (agent, task) = running_task();
    let address = agent.addr().to_string();
    let (bare, console) = (site(&built("bare-yew"), &[]), site(&dist(), &[&address]));
    let task_script = TASK
        .replace("PASSWORD", &json!(PASSWORD).to_string())
        .replace("LINE", &json!(LINE).to_string());
    let loads = [
        Load {
            name: "bare Yew page",
            site: &bare,
            place: String::new(),
            until: FORM,
        },
        Load {
            name: "form",
            site: &console,
            place: String::new(),
            until: FORM,
        },
        Load {
            name: "deep link to a running task",
            site: &console,
            place: format!("#/task/{task}"),
            until: &task_script,
        },
    ];
    let mut section = Section {
        name: "loading",
        columns: vec![
            "processor",
            "page",
            "median",
            "worst",
            "of the bare page",
            "demanded",
        ],
        rows: Vec::new(),
        demands: Vec::new(),
        data: json!({}),
    };
    let mut speeds = Vec::new();
    for throttle in [1, THROTTLE] {
        speeds.push(compare(&loads, throttle, &mut section));
    }
    section.demands.push(Demand {
        what: "a loop with the processor throttled, against one at full speed,".to_owned(),
        ratio: speeds[1] / speeds[0],
        limit: Limit::AtLeast(f64::from(THROTTLE) * 0.75),
    });
    section.data["loop"] = json!({ "full speed": speeds[0], "throttled": speeds[1], "unit": "ms" });
    in_browser(Look::default(), |browser| report(browser, section));
}

/// An agent with a task in the middle of it, and the id of that.
fn running_task() -> (Agent, String) {
    let mut running = None;
    in_browser(Look::default(), |browser| {
        let walk = Walk::start(browser, config());
        walk.destroy();
        browser.wait_until("a running step", || {
            walk.control.pass();
            walk.control.append_log(&[LINE.to_owned()])
        });
        let task = told(&walk, walk.control.snapshot().last_task().unwrap().id);
        running = Some((walk.agent, task));
    });
    running.unwrap()
}

/// Loads every page in turns, and returns how long the loop took in the middle.
fn compare(loads: &[Load<'_>; 3], throttle: u32, section: &mut Section) -> f64 {
    let mut times = [const { Vec::new() }; 3];
    let mut loops = Vec::new();
    for turn in 0..=LOADS {
        for (load, times) in loads.iter().zip(&mut times) {
            let (time, of_loop) = once(load, throttle);
            if turn > 0 {
                times.push(time);
                loops.push(of_loop);
            }
        }
    }
    let times = times.map(Samples::new);
    let processor = match throttle {
        1 => "full speed".to_owned(),
        times => format!("throttled {times} times"),
    };
    let bare = times[0].median();
    for (load, times) in loads.iter().zip(&times) {
        let ratio = times.median() / bare;
        let is_bare = load.name == loads[0].name;
        let unless_bare = |text: String| if is_bare { String::new() } else { text };
        section.rows.push(vec![
            processor.clone(),
            load.name.to_owned(),
            millis(times.median()),
            millis(times.worst()),
            unless_bare(format!("{ratio:.2}")),
            unless_bare(LIMIT.text()),
        ]);
        section.data[&processor][load.name] = times.figures();
        if !is_bare {
            let what = format!(
                "loading ({}, {processor}), against a bare Yew page,",
                load.name
            );
            section.demands.push(Demand {
                what,
                ratio,
                limit: LIMIT,
            });
        }
    }
    Samples::new(loops).median()
}

/// Loads a page into a new window with nothing in the cache. Milliseconds from the beginning of the
/// navigation until it is there, and those of the loop.
fn once(load: &Load<'_>, throttle: u32) -> (f64, f64) {
    let mut measured = None;
    in_browser(Look::default(), |browser| {
        browser.secret(PASSWORD);
        // A file of the site, so that the page finds a process that is already slow.
        // What a browser asks for beside a page that names no icon, such as this file.
        browser.expect_in_console("favicon.ico");
        let page = load.site.url();
        browser.open_url(&format!("{page}config.json"));
        browser.run_in_new_pages(&format!("{}\n{}", include_str!("watch.js"), load.until));
        browser.devtools(
            "Emulation.setCPUThrottlingRate",
            json!({ "rate": throttle }),
        );
        browser.devtools("Network.clearBrowserCache", json!({}));
        browser.open_url(&format!("{page}{}", load.place));
        // The page is not asked again and again, which would take its time.
        let time = browser.script("return odpBench.when('it')", &[]);
        let of_loop = browser.script(LOOP, &[])[0].as_f64().unwrap();
        browser.devtools("Emulation.setCPUThrottlingRate", json!({ "rate": 1 }));
        measured = Some((time.as_f64().unwrap(), of_loop));
    });
    measured.unwrap()
}
