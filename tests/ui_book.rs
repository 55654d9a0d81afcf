//! Renders every screen of the agent book to HTML in both languages.
#![cfg(not(target_arch = "wasm32"))]
// Permits panics in the helper functions, as in tests.
#![cfg(test)]

#[path = "vectors/counter_rng.rs"]
mod counter_rng;
#[allow(dead_code, reason = "tests/ui_render.rs reads more out of a page")]
#[path = "ui_render/page.rs"]
mod page;
#[path = "ui_render/surroundings.rs"]
mod surroundings;

use std::collections::HashSet;
use std::rc::Rc;

use counter_rng::CounterRng;
use odp_console::book::state::{
    BookEvent, BookState, ClosedTask, Goal, Import, NoBookTask, Outcome, PanelView, Problem,
    StorageContent, StoreProblem, Task, Work, step,
};
use odp_console::book::{AgentDetails, Book, BookError, Entry, Plan};
use odp_console::flow::event::Language;
use odp_console::flow::settings::Settings;
use odp_console::flow::state::State;
use odp_console::obshell::address::AgentAddress;
use odp_console::obshell::secret::Secret;
use odp_console::text::book::{BookLabel, DELETE_WORDS};
use odp_console::ui::book::BookView;
use odp_console::ui::console::{Console, ConsoleProps};
use odp_console::ui::platform::Platform;
use odp_console::ui::theme::Theme;
use odp_console::ui::view::ZoneChoice;
use page::{Page, render, text};
use surroundings::Still;
use yew::prelude::*;

const LANGUAGES: [Language; 2] = [Language::English, Language::Chinese];
const PASSWORD: &str = "Zq7-unseen-Wx9";

#[derive(PartialEq, Properties)]
struct BookedProps {
    state: Option<Rc<BookState>>,
    language: Language,
}

/// The connect form of a console with a book.
#[component]
fn Booked(props: &BookedProps) -> Html {
    let console = ConsoleProps {
        state: Rc::new(State::new(Rc::new(Settings::default()))),
        language: props.language,
        theme: Theme::Light,
        secure_transport: true,
        zone: ZoneChoice::default(),
        picked: None,
        on_several: None,
        has_stored_run: false,
        on_message: Callback::noop(),
        platform: Platform::new(Still),
    };
    let book = props.state.clone().map(|state| BookView {
        state,
        can_save: true,
        on_action: Callback::noop(),
    });
    html! {
        <ContextProvider<Option<BookView>> context={book}>
            <Console ..console />
        </ContextProvider<Option<BookView>>>
    }
}

fn draw(state: BookState, language: Language) -> Page {
    let state = Some(Rc::new(state));
    render::<Booked>(BookedProps { state, language })
}

fn address(text: &str) -> AgentAddress {
    AgentAddress::parse(text).unwrap()
}

fn agents() -> Rc<[Entry]> {
    let rng = &mut CounterRng::new("screens");
    let secret = |text: &str| Secret::new(text.to_owned());
    let mut book = Book::create(&secret("correct horse battery"), rng).unwrap();
    for (at, label, group) in [
        ("10.0.0.1:2886", Some("odp-1"), Some("east")),
        ("10.0.0.2:2886", None, Some("east")),
        ("10.0.0.3:2886", Some("<b>odp-3</b>"), None),
    ] {
        let details = AgentDetails {
            address: address(at),
            label: label.map(str::to_owned),
            group: group.map(str::to_owned),
            endpoint: None,
        };
        book = book.add(details, &secret(PASSWORD), rng).unwrap();
    }
    book.shared_entries()
}

fn state(view: PanelView) -> BookState {
    BookState {
        expanded: true,
        view,
        ..BookState::default()
    }
}

fn open(task: Task) -> BookState {
    let agents = agents();
    state(PanelView::Open { agents, task })
}

/// Every screen of the book.
fn all() -> Vec<(String, BookState)> {
    let at = address("10.0.0.1:2886");
    let plan = Plan {
        added: 1,
        updated: 2,
        same: 3,
        own: 4,
    };
    let name = || "odp-agent-book.json".to_owned();
    let imports = [
        Import::Choose,
        Import::Unlock { name: name() },
        Import::Decide { name: name(), plan },
    ];
    let mut places = vec![
        PanelView::Reading,
        PanelView::NoStorage(StoreProblem::Refused),
        PanelView::Absent(NoBookTask::Start),
        PanelView::Absent(NoBookTask::Create),
        PanelView::Locked(ClosedTask::Unlock),
        PanelView::Locked(ClosedTask::Delete),
        PanelView::Unreadable {
            why: BookError::Damaged,
            task: ClosedTask::Unlock,
        },
        PanelView::Unreadable {
            why: BookError::Newer { version: 2 },
            task: ClosedTask::Delete,
        },
    ];
    let mut tasks = vec![
        Task::List,
        Task::Add,
        Task::Edit(at.clone()),
        Task::Remove(at),
        Task::Passphrase,
        Task::Delete,
    ];
    for import in imports {
        places.push(PanelView::Absent(NoBookTask::Import(import.clone())));
        tasks.push(Task::Import(import));
    }
    places.extend(tasks.into_iter().map(|task| PanelView::Open {
        agents: agents(),
        task,
    }));
    let mut all = vec![("folded".to_owned(), BookState::default())];
    for view in places {
        all.push((format!("{view:?}"), state(view.clone())));
        let busy = BookState {
            work: Some(Work::Unlocking),
            ..state(view.clone())
        };
        all.push((format!("{view:?}, busy"), busy));
        let wrong = BookState {
            problem: Some(Problem::Book(BookError::Passphrase)),
            ..state(view.clone())
        };
        all.push((format!("{view:?}, wrong"), wrong));
        let said = BookState {
            outcome: Some(Outcome::LockedIdle),
            ..state(view.clone())
        };
        all.push((format!("{view:?}, said"), said));
    }
    all
}

fn each(look: impl Fn(&str, &Page, Language)) {
    for (name, state) in all() {
        for language in LANGUAGES {
            let page = draw(state.clone(), language);
            look(&format!("{name} in {}", language.tag()), &page, language);
        }
    }
}

fn english(state: BookState) -> Page {
    draw(state, Language::English)
}

fn said(page: &Page) -> String {
    text(page.one(".book"))
}

#[test]
fn every_screen_is_drawn_for_everyone() {
    each(|name, page, _| {
        let levels: Vec<u8> = page
            .all("h1,h2,h3,h4")
            .iter()
            .map(|heading| heading.value().name().as_bytes()[1] - b'0')
            .collect();
        assert!(
            levels.windows(2).all(|pair| pair[1] <= pair[0] + 1),
            "{name}: {levels:?}"
        );
        for control in page.all("button,input,summary,section,form,[role=group]") {
            assert!(!page.name(control).is_empty(), "{name}: {}", control.html());
        }
        for attribute in ["aria-describedby", "aria-labelledby", "for", "list"] {
            for element in page.all(&format!("[{attribute}]")) {
                for id in element.attr(attribute).unwrap().split_whitespace() {
                    assert!(page.by_id(id).is_some(), "{name}: {attribute}={id}");
                }
            }
        }
        let ids: Vec<&str> = page
            .all("[id]")
            .iter()
            .filter_map(|element| element.attr("id"))
            .collect();
        let unique: HashSet<&&str> = ids.iter().collect();
        assert_eq!(unique.len(), ids.len(), "{name}: {ids:?}");
        assert!(page.all("[style],[onclick],script,style,img").is_empty());
        for field in page.all("input[type=password]") {
            assert_eq!(field.attr("value"), None, "{name}");
            assert_eq!(field.attr("autocomplete"), Some("new-password"), "{name}");
            assert_eq!(field.attr("name"), None, "{name}");
        }
        assert!(!page.html.contains(PASSWORD), "{name}");
        assert!(!page.html.contains("{0}"), "{name}");
    });
}

#[test]
fn a_console_without_a_book_shows_none() {
    let page = render::<Booked>(BookedProps {
        state: None,
        language: Language::English,
    });
    assert!(page.all(".book").is_empty());
    assert!(!page.html.contains("Saved agents"));
}

#[test]
fn it_is_quiet_until_it_is_unfolded() {
    let page = english(BookState::default());
    let button = page.one(".book .disclosure");
    assert_eq!(button.attr("aria-expanded"), Some("false"));
    assert_eq!(page.all(".book button").len(), 1);
    assert!(page.all(".book input").is_empty());
}

#[test]
fn no_dangerous_button_is_the_first_or_one_press_away() {
    for task in [Task::List, Task::Add, Task::Passphrase] {
        assert!(english(open(task)).all(".danger").is_empty());
    }
    let page = english(open(Task::Delete));
    let label = page.by_id("book-delete").unwrap();
    assert_eq!(page.name(label), "To confirm, type the words below");
    assert!(said(&page).contains(DELETE_WORDS));
    let page = english(open(Task::Remove(address("10.0.0.1:2886"))));
    let buttons = page.texts(".book .asks button");
    assert_eq!(buttons, ["Cancel", "Remove"]);
    assert!(said(&page).contains("Remove odp-1 (10.0.0.1:2886) and its password"));
}

#[test]
fn the_list_stands_by_group_and_every_button_says_whose_it_is() {
    let page = english(open(Task::List));
    assert!(said(&page).contains("3 agents"));
    let shown: Vec<String> = page.texts(".agents h4, .agents .who");
    assert_eq!(
        shown,
        [
            "<b>odp-3</b> 10.0.0.3:2886",
            "east",
            "odp-1 10.0.0.1:2886",
            "10.0.0.2:2886",
        ]
    );
    for name in [
        "Sign in to odp-1 (10.0.0.1:2886)",
        "Edit 10.0.0.2:2886",
        "Remove <b>odp-3</b> (10.0.0.3:2886)",
    ] {
        page.named(".agents button", name);
    }
}

#[test]
fn what_is_edited_is_filled_in_but_for_the_password() {
    // An effect fills in a form after its first rendering, and a server does not run effects.
    let page = english(open(Task::Edit(address("10.0.0.1:2886"))));
    assert_eq!(page.by_id("book-password").unwrap().attr("value"), None);
    assert!(said(&page).contains("Leave empty to keep the saved password."));
    let groups = page.all("#book-groups option");
    assert_eq!(groups.len(), 1);
}

#[test]
fn unlocking_is_said_while_it_lasts() {
    let locked = state(PanelView::Locked(ClosedTask::Unlock));
    let page = english(step(&locked, BookEvent::WorkStarted(Work::Unlocking)));
    assert_eq!(text(page.one(".book .asking")), "Unlocking…");
    let button = page.named(".book button[type=submit]", "Unlock");
    assert_eq!(button.attr("aria-disabled"), Some("true"));
}

#[test]
fn a_merge_is_told_in_numbers_before() {
    let plan = Plan {
        added: 1,
        updated: 2,
        same: 3,
        own: 4,
    };
    let name = "colleague.json".to_owned();
    let page = english(open(Task::Import(Import::Decide { name, plan })));
    let told = said(&page);
    for sentence in [
        "colleague.json has 6 agents: 1 new, 2 different from the saved ones, 3 identical.",
        "Merge adds 1, updates 2 with the data of the file and keeps 7 as saved.",
        "Replace does the same and removes the 4 that the file does not have.",
    ] {
        assert!(told.contains(sentence), "{told}");
    }
}

#[test]
fn what_it_protects_and_what_it_cannot_is_said_everywhere() {
    for language in LANGUAGES {
        let page = draw(state(PanelView::Absent(NoBookTask::Start)), language);
        let told = said(&page);
        for label in [
            BookLabel::Protects,
            BookLabel::CannotScripts,
            BookLabel::CannotMalware,
            BookLabel::CannotWeak,
        ] {
            assert!(told.contains(label.get(language)));
        }
    }
}

/// Each problem has its own sentence and fix in both languages.
#[test]
fn every_problem_has_a_sentence() {
    let books = [
        BookError::NotABook,
        BookError::Damaged,
        BookError::TooLarge,
        BookError::Newer { version: 2 },
        BookError::Weak,
        BookError::Heavy,
        BookError::Passphrase,
        BookError::Changed,
        BookError::OtherKey,
        BookError::Taken,
        BookError::Missing,
        BookError::Full,
        BookError::TooLong,
        BookError::Randomness,
    ];
    let stores = [
        StoreProblem::Refused,
        StoreProblem::Full,
        StoreProblem::Unverified,
        StoreProblem::Changed,
        StoreProblem::Host,
    ];
    let problems: Vec<Problem> = books
        .map(Problem::Book)
        .into_iter()
        .chain(stores.map(Problem::Store))
        .chain([
            Problem::FileUnread,
            Problem::PassphraseMissing,
            Problem::PassphraseShort,
            Problem::PassphrasesDiffer,
            Problem::PasswordMissing,
            Problem::Endpoint,
            Problem::NotConfirmed,
        ])
        .collect();
    for language in LANGUAGES {
        let mut sentences = HashSet::new();
        for problem in &problems {
            let failed = step(&open(Task::List), BookEvent::Failed(*problem));
            let page = draw(failed, language);
            let told = text(page.one("#book-problem"));
            assert_eq!(page.one("#book-problem").attr("role"), Some("alert"));
            assert!(sentences.insert(told), "{problem:?}");
        }
    }
}

/// From any state, an event leads to a state that is consistent with the stored book: only an open
/// book has agents, only one of its agents is edited or removed, and nothing starts while work is
/// in progress.
#[test]
fn no_sequence_of_events_leads_to_a_wrong_state() {
    let agents = agents();
    let fewer: Rc<[Entry]> = agents[1..].into();
    let at = address("10.0.0.1:2886");
    let goals = [
        Goal::Back,
        Goal::Create,
        Goal::Add,
        Goal::Edit(at.clone()),
        Goal::Remove(at.clone()),
        Goal::Passphrase,
        Goal::Import,
        Goal::Delete,
    ];
    let founds = [
        StorageContent::Nothing,
        StorageContent::Book,
        StorageContent::Unreadable(BookError::Damaged),
        StorageContent::NoStorage(StoreProblem::Refused),
    ];
    let mut events: Vec<BookEvent> = goals.map(BookEvent::Go).to_vec();
    events.extend(founds.map(BookEvent::StorageRead));
    events.extend(founds.map(|found| BookEvent::Closed(found, None)));
    events.extend([
        BookEvent::Expanded(true),
        BookEvent::WorkStarted(Work::Storing),
        BookEvent::Failed(Problem::NotConfirmed),
        BookEvent::Opened(Rc::clone(&agents)),
        BookEvent::Stored(Rc::clone(&agents), Outcome::Added),
        BookEvent::Stored(Rc::clone(&fewer), Outcome::Removed),
        BookEvent::Reread(Rc::clone(&fewer)),
        BookEvent::Reread(Rc::clone(&agents)),
        BookEvent::Exported,
        BookEvent::FileRead {
            name: "f".to_owned(),
        },
        BookEvent::FileOpened(Plan::default()),
    ]);
    let mut seen = vec![BookState::default()];
    let mut next = 0;
    while let Some(state) = seen.get(next).cloned() {
        next += 1;
        for event in &events {
            let after = step(&state, event.clone());
            if let PanelView::Open {
                agents,
                task: Task::Edit(address) | Task::Remove(address),
            } = &after.view
            {
                assert!(agents.iter().any(|entry| entry.details.address == *address));
            }
            if state.work.is_some() && matches!(event, BookEvent::Go(_) | BookEvent::WorkStarted(_))
            {
                assert_eq!(after, state, "{event:?}");
            }
            let opens = matches!(event, BookEvent::Opened(_) | BookEvent::Stored(..));
            assert!(after.agents().is_none() || state.agents().is_some() || opens);
            if matches!(event, BookEvent::Closed(..)) {
                assert!(after.agents().is_none() && after.work.is_none());
            }
            if !seen.contains(&after) {
                seen.push(after);
            }
        }
    }
    assert!(seen.len() > 50, "{}", seen.len());
}
