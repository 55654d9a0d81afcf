//! Tests a destroy in every host page, and the interaction of page and console.

use odp_console::flow::event::Language;
use odp_console::text::labels::Label;
use serde_json::json;

use super::page::{
    ANTD_4, ANTD_5, ELEMENT, HEADLESS, Host, NEXT, QIANKUN, REACT_19, SINGLE_SPA, UMI, VITE,
};
use crate::support::{Browser, Look, Role, in_browser};
use crate::walk::PASSWORD;

/// Selects the console with this index on the page, counted from 0, if names alone are ambiguous.
const ONE_OF_MANY: &str = r"
    const root = document.querySelectorAll('odp-console')[arguments[0]].shadowRoot;
    // The module is still being loaded.
    if (!root?.firstElementChild) return false;
    const named = (kind, name) => [...root.querySelectorAll(kind)].find((it) => it.textContent.trim() === name);
    const [, act, name, text] = arguments;
    if (act === 'text') return root.firstElementChild.innerText;
    if (act === 'ground') return getComputedStyle(root.querySelector('.panel')).backgroundColor;
    const it = named(act === 'fill' ? 'label' : 'button', name);
    if (!it || it.getAttribute('aria-disabled') === 'true') return false;
    if (act === 'click') return it.click(), true;
    const field = root.getElementById(it.htmlFor);
    field.value = text;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    field.dispatchEvent(new Event('change', { bubbles: true }));
    return true;
";

fn three_consoles_on_three_agents(host: Host) {
    in_browser(Look::default(), |browser| {
        let visit = host.visit(browser, 3);
        let agents = &visit.agents;
        let addresses: Vec<_> = agents
            .iter()
            .map(|agent| agent.addr().to_string())
            .collect();
        let does = |n: usize, act: &str, name: &str, text: &str| {
            browser.wait_until(&format!("{act} {name} in console {n}"), || {
                browser.script(
                    ONE_OF_MANY,
                    &[json!(n), json!(act), json!(name), json!(text)],
                ) == true
            });
        };
        let reads = |n: usize, wanted: &str| {
            browser.wait_until(&format!("{wanted} in console {n}"), || {
                let text = browser.script(ONE_OF_MANY, &[json!(n), json!("text")]);
                text.as_str().is_some_and(|text| text.contains(wanted))
            });
        };
        // Changes an attribute and a property; the other consoles do not change.
        let set = |script: &str| {
            browser.script(
                &format!("document.querySelector('odp-console').{script}"),
                &[],
            )
        };
        let ground = |n: usize| browser.script(ONE_OF_MANY, &[json!(n), json!("ground")]);
        reads(0, Label::Connect.get(Language::English));
        reads(1, Label::Connect.get(Language::Chinese));
        reads(2, Label::Connect.get(Language::English));
        let light = ground(0);
        let dark = ground(1);
        assert_ne!(light, dark);
        set("setAttribute('theme', 'dark')");
        set("locale = 'zh-CN'");
        reads(0, Label::Connect.get(Language::Chinese));
        browser.wait_until("the dark theme", || ground(0) == dark);
        assert_eq!(ground(2), light);
        set("removeAttribute('theme')");
        set("locale = undefined");
        reads(0, Label::Connect.get(Language::English));
        browser.wait_until("the light theme", || ground(0) == light);

        for (n, language) in [
            (0, Language::English),
            (1, Language::Chinese),
            (2, Language::English),
        ] {
            does(n, "fill", Label::AgentPassword.get(language), PASSWORD);
            does(n, "click", Label::Connect.get(language), "");
        }
        reads(2, Label::ReadOnly.get(Language::English));
        for (n, language) in [(0, Language::English), (1, Language::Chinese)] {
            does(n, "fill", Label::TypeToConfirm.get(language), &addresses[n]);
        }
        does(0, "click", &format!("Destroy ODP on {}", addresses[0]), "");
        let chinese = format!("销毁 {} 上的 ODP", addresses[1]);
        does(1, "click", &chinese, "");
        for (n, ending) in [(1, "已销毁"), (0, "Destroyed")] {
            browser.wait_until("the task", || {
                agents[n].control().snapshot().last_task().is_some()
            });
            assert!(agents[n].control().step_to_end());
            reads(n, ending);
        }
        assert_eq!([0, 1, 2].map(|n| visit.deletes(n)), [1, 1, 0]);
        for address in &addresses[..2] {
            let heard = visit.heard(address);
            assert_eq!(heard.first().map(String::as_str), Some("odp-submitted"));
            assert_eq!(heard.last().map(String::as_str), Some("odp-finished"));
            assert!(heard.iter().any(|name| name == "odp-progress"), "{heard:?}");
        }
        assert_eq!(visit.heard(&addresses[2]), Vec::<String>::new());
    });
}

#[test]
fn plain_html() {
    three_consoles_on_three_agents(ELEMENT);
}

#[test]
fn plain_html_built_by_vite() {
    three_consoles_on_three_agents(VITE);
}

/// Returns the computed styles of the console's first panel.
const LOOKS: &str = "
    const [panel] = [...deep()].filter((it) => it.getRootNode() !== document && it.matches('.panel'));
    const { backgroundColor, fontSize, color, letterSpacing } = getComputedStyle(panel);
    return { backgroundColor, fontSize, color, letterSpacing }";

fn follows_theme_and_locale(browser: &Browser, host: Host) {
    browser.see(Role::Heading, "Connect to an agent");
    browser.click(Role::Button, "Locale");
    browser.see(Role::Heading, "连接 Agent");
    browser.click(Role::Button, "Locale");
    browser.see(Role::Heading, "Connect to an agent");
    let light = browser.script(LOOKS, &[]);
    browser.click(host.theme, "Theme");
    browser.wait_until("the dark theme", || {
        browser.script(LOOKS, &[])["backgroundColor"] != light["backgroundColor"]
    });
    browser.check_with_axe("connect, dark");
    browser.click(host.theme, "Theme");
    browser.wait_until("the light theme", || browser.script(LOOKS, &[]) == light);
    browser.check_with_axe("connect, light");
    // The host's rules do not apply inside.
    assert_eq!(light["letterSpacing"], "normal", "{light}");
    assert_ne!(light["color"], "rgb(255, 0, 255)", "{light}");
    assert_ne!(light["fontSize"], "40px", "{light}");
}

fn is_lived_in(host: Host) {
    in_browser(Look::default(), |browser| {
        let visit = host.visit(browser, 1);
        let control = visit.agents[0].control();
        follows_theme_and_locale(browser, host);
        visit.review();
        browser.check_with_axe("review");
        visit.confirm();
        browser.wait_until("the task", || control.snapshot().last_task().is_some());
        assert!(control.step_to_end());
        browser.see(Role::Heading, "Destroyed");
        browser.check_with_axe("destroyed");
        browser.wait_until("the host's own word for it", || {
            browser.script("return document.querySelector('output').textContent", &[])
                == "destroyed"
        });
        assert_eq!(visit.deletes(0), 1);
        let heard = visit.heard(&visit.address());
        assert_eq!(heard.first().map(String::as_str), Some("odp-submitted"));
        assert_eq!(heard.last().map(String::as_str), Some("odp-finished"));
    });
}

#[test]
fn antd_4_with_react_17() {
    is_lived_in(ANTD_4);
}

#[test]
fn antd_5_with_react_18() {
    is_lived_in(ANTD_5);
}

#[test]
fn react_19() {
    is_lived_in(REACT_19);
}

#[test]
fn a_main_application_of_qiankun() {
    is_lived_in(QIANKUN);
}

#[test]
fn an_application_of_single_spa_built_by_webpack() {
    is_lived_in(SINGLE_SPA);
}

#[test]
fn an_application_of_umi() {
    is_lived_in(UMI);
}

#[test]
fn an_application_of_next() {
    is_lived_in(NEXT);
}

#[test]
fn a_host_with_a_screen_of_its_own() {
    in_browser(Look::default(), |browser| {
        let visit = HEADLESS.visit(browser, 1);
        let control = visit.agents[0].control();
        // A failure is reported, and nothing is sent.
        browser.fill("Password", "not the password");
        browser.expect_in_console("401 (Unauthorized)");
        browser.click(Role::Button, "Destroy it");
        browser.read("OdpError credential: ");
        assert_eq!(visit.deletes(0), 0);
        browser.fill("Password", PASSWORD);
        browser.click(Role::Button, "Destroy it");
        browser.wait_until("the task", || control.snapshot().last_task().is_some());
        assert!(control.step_to_end());
        browser.read("The end: destroyed");
        browser.read("Delete obproxy: stage 4, SUCCEED");
        assert_eq!(visit.deletes(0), 1);
    });
}
