//! Sealing one DELETE, header and body, beside the libraries that web pages use for it.

use obshell_sim::{Agent, Config, Odp};
use serde_json::json;

use super::report::{Demand, Limit, Section, millis};
use super::statistics::Samples;
use super::{built, report};
use crate::support::{Browser, Home, Look, in_browser};
use crate::walk::DELETE;

/// Sizes of agents' keys, in bits: before 4.4.2.0, since then, and the next that may come.
const KEYS: [usize; 3] = [512, 1024, 2048];

/// How many DELETEs a batch has: enough for a clock that ticks ten times a millisecond.
const BATCH: usize = 200;

/// How many batches each side has, in turns, after [`WARM`] that do not count.
const BATCHES: usize = 15;
const WARM: usize = 3;

const LIMIT: Limit = Limit::AtLeast(5.0);

/// Both write it without a character that JSON or UTF-8 makes longer.
const PASSWORD: &str = "zwiebel-Kuchen 7391";

#[test]
#[ignore = "measures"]
fn sealing_is_quick() {
    in_browser(Look::default(), |browser| {
        let agents = KEYS.map(|bits| {
            browser.agent(Config {
                agent_password: Some(PASSWORD.to_owned()),
                rsa_bits: Some(bits),
                ..Config::default()
            })
        });
        browser.live_in(Home {
            folder: built("seal-bench"),
            policy: None,
        });
        let site = browser.site_for(&agents.each_ref());
        browser.open(&site);
        browser.wait_until("both ways to seal", || {
            browser.script("return 'bench' in window", &[]) == true
        });
        let mut section = Section {
            name: "sealing",
            columns: vec![
                "key",
                "console",
                "jsencrypt + crypto-js",
                "times as fast",
                "demanded",
            ],
            rows: Vec::new(),
            demands: Vec::new(),
            data: json!({}),
        };
        for (bits, agent) in KEYS.into_iter().zip(&agents) {
            prepare(browser, agent);
            accepts_both(browser, agent);
            compare(browser, bits, &mut section);
        }
        report(browser, section);
    });
}

fn prepare(browser: &Browser, agent: &Agent) {
    let key = agent.control().snapshot().public_key;
    browser.script(
        "bench.prepare(arguments[0], arguments[1])",
        &[json!(key), json!(PASSWORD)],
    );
}

/// Each side's DELETE starts a task: the agent could read its header and its body.
fn accepts_both(browser: &Browser, agent: &Agent) {
    let control = agent.control();
    control.hold();
    let url = format!("agents/{}{DELETE}", agent.addr());
    for side in ["ours", "theirs"] {
        control.set_odp(Odp::Running);
        let status = browser.script(
            "const [header, body] = bench.seal(arguments[1]);
             const headers = { 'X-OCS-Agent-Header': header };
             return fetch(arguments[0], { method: 'DELETE', headers, body }).then((it) => it.status)",
            &[json!(url), json!(side)],
        );
        assert_eq!(status, 200, "the agent refuses a DELETE of {side}");
        assert!(control.step_to_end());
    }
}

fn compare(browser: &Browser, bits: usize, section: &mut Section) {
    let batch = |side: &str| {
        let time = browser.script(
            "return bench.time(arguments[0], arguments[1])",
            &[json!(side), json!(BATCH)],
        );
        time.as_f64().unwrap() / BATCH as f64
    };
    let pairs: Vec<(f64, f64)> = (0..WARM + BATCHES)
        .map(|_| (batch("ours"), batch("theirs")))
        .skip(WARM)
        .collect();
    let ours = Samples::new(pairs.iter().map(|pair| pair.0));
    let theirs = Samples::new(pairs.iter().map(|pair| pair.1));
    let ratio = theirs.median() / ours.median();
    section.rows.push(vec![
        format!("{bits} bits"),
        millis(ours.median()),
        millis(theirs.median()),
        format!("{ratio:.1}"),
        LIMIT.text(),
    ]);
    section.demands.push(Demand {
        what: format!("sealing with {bits} bits, against jsencrypt and crypto-js,"),
        ratio,
        limit: LIMIT,
    });
    section.data[bits.to_string()] = json!({
        "console": ours.figures(),
        "jsencrypt + crypto-js": theirs.figures(),
        "ratio": ratio,
        "unit": "ms",
    });
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    #[test]
    fn the_document_names_the_versions_that_are_pinned() {
        let document = include_str!("../../../docs/performance.md");
        let packages: Value =
            serde_json::from_str(include_str!("../../hosts/package.json")).unwrap();
        for name in ["jsencrypt", "crypto-js"] {
            let version = packages["dependencies"][name].as_str().unwrap();
            let named = format!("[{name}](https://www.npmjs.com/package/{name}) {version}");
            assert!(document.contains(&named), "{named}");
        }
    }
}
