//! Tests pages that do unusual things to the console: mirror it, replace its texts, move it to
//! another document, print it, or set wrong options.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::page::ELEMENT;
use crate::support::{Browser, Engine, Look, Role, in_browser};

/// Leaves one console on the page, inside a box with inheritable styles of a host.
const INHERITED: &str = r"
    const box = document.createElement('div');
    box.dir = 'rtl';
    box.style.cssText = 'unicode-bidi: bidi-override; letter-spacing: 5px; word-spacing: 9px; '
        + 'text-transform: uppercase; text-indent: 40px; white-space: pre; text-align: right; '
        + 'line-height: 3; font-style: italic; writing-mode: vertical-rl; visibility: visible';
    const [console_, ...others] = document.querySelectorAll('odp-console');
    for (const other of others) other.remove();
    document.body.append(box);
    box.append(console_);
";

/// Reads the displayed address of the review, and whether it is left to right.
const READ: &str = r"
    const address = deepAll('.lead strong')[0];
    const { direction, unicodeBidi, letterSpacing, wordSpacing, textTransform, textIndent, whiteSpace,
        fontStyle, writingMode } = getComputedStyle(address);
    const text = document.createTreeWalker(address, NodeFilter.SHOW_TEXT).nextNode();
    const left = (n) => {
        const range = document.createRange();
        range.setStart(text, n);
        range.setEnd(text, n + 1);
        return range.getBoundingClientRect().left;
    };
    const lefts = [...text.data].map((_, n) => left(n));
    const ordered = lefts.every((it, n) => n === 0 || it > lefts[n - 1]);
    return { direction, unicodeBidi, letterSpacing, wordSpacing, textTransform, textIndent, whiteSpace,
        fontStyle, writingMode, ordered };
    function deepAll(selector) {
        return [...document.querySelectorAll('odp-console')]
            .flatMap((it) => [...it.shadowRoot.querySelectorAll(selector)]);
    }
";

/// Wraps every text of the console in a new element, like translators do.
const WRAP: &str = r"
    const root = document.querySelector('odp-console').shadowRoot;
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) texts.push(walker.currentNode);
    for (const text of texts) {
        const font = document.createElement('font');
        font.textContent = text.data;
        text.replaceWith(font);
    }
    return texts.length;
";

/// Moves the console into an empty frame; returns its previous background.
const MOVE: &str = r"
    const it = document.querySelector('odp-console');
    const ground = () => {
        const panel = it.shadowRoot.querySelector('.panel');
        return it.ownerDocument.defaultView.getComputedStyle(panel).backgroundColor;
    };
    const before = ground();
    const frame = document.createElement('iframe');
    document.body.append(frame);
    frame.contentDocument.body.append(it);
    window.moved = it;
    window.ground = ground;
    return before;
";

/// Follows one console from the review to the ending, in a page that mirrors it, replaces all its
/// texts during the task, and moves it to a frame.
#[test]
fn a_console_stays_readable_whatever_the_page_does() {
    in_browser(Look::default(), |browser| {
        let visit = ELEMENT.visit(browser, 1);
        let control = visit.agents[0].control();
        browser.read("Connect to an agent");
        browser.script(INHERITED, &[]);
        visit.review();
        let read = browser.script(READ, &[]);
        for (name, wanted) in [
            ("direction", "ltr"),
            ("unicodeBidi", "normal"),
            ("letterSpacing", "normal"),
            ("wordSpacing", "0px"),
            ("textTransform", "none"),
            ("textIndent", "0px"),
            ("whiteSpace", "normal"),
            ("fontStyle", "normal"),
            ("writingMode", "horizontal-tb"),
        ] {
            assert_eq!(read[name], wanted, "{name}");
        }
        assert_eq!(read["ordered"], true, "the address is read from the left");

        visit.confirm();
        browser.wait_until("the task", || control.snapshot().last_task().is_some());
        browser.wait_until("the running step", || {
            control.pass();
            browser.text().contains("Running")
        });
        let wrapped = browser.script(WRAP, &[]);
        assert!(wrapped.as_u64().unwrap() > 10, "{wrapped}");
        assert!(control.step_to_end());
        browser.see(Role::Heading, "Destroyed");
        browser.wait_until("the live region says the same", || {
            browser.status().contains("Destroyed")
        });
        let wrapped = "return document.querySelector('odp-console').shadowRoot
            .querySelectorAll('font').length";
        assert_eq!(browser.script(wrapped, &[]), 0);

        let before = browser.script(MOVE, &[]);
        browser.wait_until("its looks in the frame", || {
            browser.script("return window.ground()", &[]) == before
        });
        browser.script("window.moved.locale = 'zh-CN'", &[]);
        browser.wait_until("its words in the frame", || {
            let text = browser.script("return window.moved.shadowRoot.textContent", &[]);
            text.as_str().unwrap().contains("已销毁")
        });
        assert_eq!(visit.deletes(0), 1);
    });
}

/// Adds a console whose second agent has no address.
const WRONG: &str = r"
    const it = document.createElement('odp-console');
    Object.assign(it, { locale: 'en-US', agents: [{ address: '10.0.0.1:1' }, { address: 'nowhere' }] });
    for (const other of document.querySelectorAll('odp-console')) other.remove();
    document.body.append(it);
";

fn told(browser: &Browser) -> Value {
    // Without the events of the page's other consoles, which have no agent.
    let told = "return window.heard
        .filter(([name, { what }]) => name === 'odp-error' && !what.includes('agents[0]'))
        .map(([, { kind, what }]) => [kind, what])";
    browser.script(told, &[])
}

#[test]
fn a_wrong_option_is_named_by_its_path_and_can_be_corrected() {
    in_browser(Look::default(), |browser| {
        browser.expect_in_console("odp-console: option");
        let visit = ELEMENT.visit(browser, 1);
        browser.read("Connect to an agent");
        browser.script(WRONG, &[]);
        let option = "option \"agents[1].address\" is \"nowhere\"; allowed: HOST:PORT";
        browser.read(&format!("The ODP console cannot start: {option}"));
        let start = told(browser);
        assert_eq!(start[0][0], "start");
        assert!(start[0][1].as_str().unwrap().starts_with(option), "{start}");
        let set = |script: &str, value: &Value| {
            let script = format!("document.querySelector('odp-console').{script} = arguments[0]");
            browser.script(&script, std::slice::from_ref(value));
        };
        set("agents", &json!([{ "address": visit.address() }]));
        browser.see(Role::Heading, "Connect to an agent");
        assert!(!browser.text().contains("cannot start"));

        // No request goes to a wrong endpoint.
        let asked = visit.site.requests().len();
        set("endpoint", &json!("agents/{address}/../.."));
        browser.wait_until("the host is told", || {
            told(browser).as_array().unwrap().len() == 2
        });
        let endpoint = told(browser)[1].clone();
        assert_eq!(endpoint[0], "options");
        let what = endpoint[1].as_str().unwrap();
        assert!(
            what.starts_with("option \"endpoint\" is not usable"),
            "{what}"
        );
        assert_eq!(visit.site.requests().len(), asked);
    });
}

/// Returns the backgrounds of the console and of its task's bar.
const GROUNDS: &str = r"
    const root = document.querySelector('odp-console').shadowRoot;
    const ground = (it) => getComputedStyle(it).backgroundColor;
    const console_ = root.querySelector('.console');
    return [ground(console_), getComputedStyle(console_).printColorAdjust];
";

#[test]
fn printing_gives_the_whole_log_in_light() {
    if !Engine::Chromium.or_leave_out("only Chromium tells what is on paper") {
        return;
    }
    in_browser(Look::default(), |browser| {
        let visit = ELEMENT.visit(browser, 1);
        let control = visit.agents[0].control();
        browser.read("Connect to an agent");
        browser.script(
            "[...document.querySelectorAll('odp-console')].slice(1).forEach((it) => it.remove())",
            &[],
        );
        visit.review();
        visit.confirm();
        browser.wait_until("the task", || control.snapshot().last_task().is_some());
        let lines: Vec<_> = (0..1_500).map(|n| format!("line {n} of many")).collect();
        browser.wait_until("the running step", || {
            control.pass();
            control.append_log(&lines)
        });
        browser.read("line 1499 of many");

        let set = |media: &str, theme: &str| {
            browser.devtools("Emulation.setEmulatedMedia", json!({ "media": media }));
            let script =
                "document.querySelector('odp-console').setAttribute('theme', arguments[0])";
            browser.script(script, &[json!(theme)]);
            let drawn = "return document.querySelector('odp-console').shadowRoot
                .querySelector('.console').dataset.theme";
            browser.wait_until("the theme", || browser.script(drawn, &[]) == theme);
            browser.script(GROUNDS, &[])
        };
        let light = set("screen", "light");
        let dark = set("screen", "dark");
        assert_ne!(light[0], dark[0]);
        let printed = set("print", "dark");
        assert_eq!(printed, json!([light[0], "exact"]));
        browser.devtools("Emulation.setEmulatedMedia", json!({ "media": "" }));

        // Each page of a PDF is a separate object.
        let paper = browser.devtools("Page.printToPDF", json!({}));
        let paper = STANDARD.decode(paper["data"].as_str().unwrap()).unwrap();
        let pages = String::from_utf8_lossy(&paper)
            .split("/Type /Page\n")
            .count()
            - 1;
        // At most 70 lines fit on a page.
        assert!(pages > 1_500 / 70, "{pages} pages");
        assert!(pages < 200, "{pages} pages");
    });
}
