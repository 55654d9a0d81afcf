//! Pictures of every screen and ending, in both languages and themes, wide and narrow. They are
//! for eyes, not for comparison: `cargo xtask screenshots` writes them into `screenshots/`.

use std::path::Path;

use crate::scenes::{in_both_languages, with_every_scene};
use crate::support::{Browser, Look, Role, in_browser};
use crate::walk::{Walk, config};

/// Takes the screen in every look.
fn shoot(browser: &Browser, screen: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("screenshots");
    in_both_languages(browser, |language| {
        for width in [1280, 390] {
            for dark in [false, true] {
                browser.wear(&Look {
                    width,
                    dark,
                    ..Look::default()
                });
                let theme = if dark { "dark" } else { "light" };
                let name = format!("{screen}-{language}-{theme}-{width}.png");
                browser.screenshot(&folder.join(name));
            }
        }
    });
}

with_every_scene! {
    #[ignore = "writes pictures"]
    shoot
}

/// The same in a page of somebody else's.
mod embedded {
    use crate::hosts::ANTD_5;
    use crate::scenes::with_every_scene;
    use crate::support::Browser;

    fn shoot(browser: &Browser, screen: &str) {
        super::shoot(browser, &format!("embedded-{screen}"));
    }

    with_every_scene! {
        #[ignore = "writes pictures"]
        shoot, in ANTD_5
    }
}

/// At the agent's own pace, so that its times are those of a real destroy.
#[test]
#[ignore = "writes pictures"]
fn the_picture_of_the_readme() {
    in_browser(Look::default(), |browser| {
        let walk = Walk::start(browser, config());
        walk.destroy();
        walk.control.release();
        browser.see(Role::Heading, "Destroyed");
        let picture = Path::new(env!("CARGO_MANIFEST_DIR")).join("screenshots/readme.png");
        browser.screenshot(&picture);
    });
}
