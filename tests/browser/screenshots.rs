//! Takes screenshots of every screen and ending, in both languages and themes, wide and narrow, and
//! with forced colours. They are for people, not for comparison: `cargo xtask screenshots` writes
//! them into `screenshots/`.

use std::path::Path;

use crate::scenes::{in_both_languages, with_every_scene};
use crate::support::{Browser, Look, Role, in_browser};
use crate::walk::{Walk, config};

/// Takes the screen with all settings.
fn shoot(browser: &Browser, screen: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("screenshots");
    in_both_languages(browser, |language| {
        for (name, look) in looks() {
            browser.wear(&look);
            let name = format!("{screen}-{language}-{name}.png");
            browser.screenshot(&folder.join(name));
        }
    });
}

/// The settings, each with its part of the file name.
fn looks() -> Vec<(String, Look)> {
    let mut looks = Vec::new();
    for width in [1280, 390] {
        for (theme, dark) in [("light", false), ("dark", true)] {
            let look = Look {
                width,
                dark,
                ..Look::default()
            };
            looks.push((format!("{theme}-{width}"), look));
        }
    }
    let wide = Look {
        width: 1920,
        height: 1080,
        ..Look::default()
    };
    looks.push(("light-1920".to_owned(), wide));
    let forced = Look {
        forced_colors: true,
        ..Look::default()
    };
    looks.push(("forced-1280".to_owned(), forced));
    looks
}

with_every_scene! {
    #[ignore = "writes pictures"]
    shoot
}

/// The same in a host page.
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

/// At the agent's default speed, so that the times are those of a real destroy.
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
