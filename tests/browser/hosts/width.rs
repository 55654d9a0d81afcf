//! Tests the width of the console in every layout of a host.

use serde_json::json;

use super::page::ELEMENT;
use crate::support::{Look, in_browser};

/// Puts the first console into a box with this style, optionally beside a heading, and returns the
/// widths of console and box.
const PUT: &str = r"
    const [style, beside] = arguments;
    const box = document.createElement('div');
    box.style.cssText = style;
    if (beside) box.append(Object.assign(document.createElement('h2'), { textContent: 'Ours' }));
    const it = document.querySelector('odp-console');
    document.body.append(box);
    box.append(it);
    return [it, box].map((element) => element.getBoundingClientRect().width);
";

#[test]
fn no_layout_of_a_host_leaves_a_console_without_width() {
    in_browser(Look::default(), |browser| {
        let _visit = ELEMENT.visit(browser, 3);
        browser.read("Connect to an agent");
        for (layout, beside, fills) in [
            ("display: block", false, true),
            ("display: block", true, true),
            (
                "display: flex; justify-content: center; align-items: center",
                false,
                true,
            ),
            (
                "display: flex; flex-direction: column; align-items: center",
                true,
                true,
            ),
            ("display: flex", true, false),
            ("display: grid; place-items: center", false, true),
            ("display: grid; place-content: center", false, false),
            (
                "display: grid; grid-template-columns: auto auto",
                true,
                false,
            ),
            ("display: inline-flex", false, true),
            ("display: inline-flex; flex-direction: column", true, true),
            ("display: inline-block", false, true),
            ("float: left", false, true),
            ("width: 250px", false, true),
        ] {
            let widths = browser.script(PUT, &[json!(layout), json!(beside)]);
            let [console, around] = [0, 1].map(|n| widths[n].as_f64().unwrap());
            let least = around.min(320.0);
            assert!(console >= least, "{layout}: {console} of {around}");
            assert!(around > 0.0, "{layout}: {console} of {around}");
            if fills {
                assert!(
                    (console - around).abs() < 1.0,
                    "{layout}: {console} of {around}"
                );
            }
            let right = "return document.documentElement.scrollWidth <= innerWidth";
            assert_eq!(browser.script(right, &[]), true, "{layout}");
        }
    });
}
