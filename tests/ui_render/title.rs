//! Tests the title of the tab.

use odp_console::flow::event::Language;
use odp_console::flow::state::{Screen, State};
use odp_console::text::page::title;

use crate::states::{ADDRESS, all};

fn titled(wanted: &str, language: Language) -> String {
    let (_, state) = all()
        .into_iter()
        .find(|(name, _)| *name == wanted)
        .expect("a state of this name");
    title(&state, language)
}

#[test]
fn it_tells_state_progress_and_agent() {
    for (name, english, chinese) in [
        ("connect", "ODP console", "ODP 控制台"),
        (
            "review",
            "Review · 10.10.10.1:2886",
            "确认 · 10.10.10.1:2886",
        ),
        (
            "task",
            "2/4 Destroying… · 10.10.10.1:2886",
            "2/4 正在销毁… · 10.10.10.1:2886",
        ),
        (
            "task-retrying",
            "Contact lost · 10.10.10.1:2886",
            "失去联系 · 10.10.10.1:2886",
        ),
        (
            "destroyed",
            "Destroyed · 10.10.10.1:2886",
            "已销毁 · 10.10.10.1:2886",
        ),
    ] {
        assert_eq!(titled(name, Language::English), english, "{name}");
        assert_eq!(titled(name, Language::Chinese), chinese, "{name}");
    }
}

#[test]
fn a_hidden_page_tells_that_its_news_is_old() {
    let (_, mut state) = all()
        .into_iter()
        .find(|(name, _)| *name == "task")
        .expect("a running task");
    state.visible = false;
    assert_eq!(
        title(&state, Language::English),
        "Last known: 2/4 Destroying… · 10.10.10.1:2886"
    );
    assert_eq!(
        title(&state, Language::Chinese),
        "最近状态：2/4 正在销毁… · 10.10.10.1:2886"
    );
}

#[test]
fn it_names_the_agent_wherever_one_is_known() {
    for (name, state) in all() {
        for language in [Language::English, Language::Chinese] {
            let title = title(&state, language);
            let is_known = State::facts(&state).is_some();
            assert_eq!(title.contains(ADDRESS), is_known, "{name}: {title}");
            let is_task = matches!(state.screen, Screen::Task(_));
            assert!(!is_task || !title.starts_with("ODP"), "{name}: {title}");
        }
    }
}
