//! Tests the book of a mounted console: acts, other tabs, idle time, leaving.

use std::cell::RefCell;
use std::rc::Rc;

use odp_console::book::state::{
    BookState, ClosedTask, Goal, Import, NoBookTask, Outcome, PanelView, Problem, StoreProblem,
    Task,
};
use odp_console::book::{AgentDetails, Book, BookError, Plan};
use odp_console::browser::book::{KEY, Store, use_book};
use odp_console::browser::options::Options;
use odp_console::browser::use_flow::{Flow, use_flow};
use odp_console::obshell::address::AgentAddress;
use odp_console::ui::book::{AgentFields, BookAction, BookView, ImportMode};
use odp_console::ui::console::Console;
use wasm_bindgen_test::wasm_bindgen_test;
use yew::prelude::*;
use yew::{AppHandle, Renderer};

use crate::checks::{agents, secret};
use crate::page::{self, Host, Network, settle, until};
use crate::storage::{Clean, Spoiled, storage, stored};

const PASSPHRASE: &str = "correct horse battery";

type Seen = Rc<RefCell<Option<BookView>>>;

#[derive(PartialEq, Properties)]
struct ProbeProps {
    options: Options,
    root: web_sys::Element,
    seen: Seen,
}

/// Like the component `App`, and records the book.
#[component]
fn Probe(props: &ProbeProps) -> Html {
    let Flow {
        console, lender, ..
    } = use_flow(&props.options, &props.root);
    let idle = props.options.settings.timeouts.idle;
    let store = props.options.book.as_ref();
    let book = use_book(store, &props.root, idle);
    let book = book
        .as_ref()
        .map(|book| book.attach(&console.on_message, Some(&lender)));
    props.seen.replace(book.clone());
    html! {
        <ContextProvider<Option<BookView>> context={book}>
            <Console ..console />
        </ContextProvider<Option<BookView>>>
    }
}

struct Running {
    app: AppHandle<Probe>,
    seen: Seen,
    host: Host,
    _network: Network,
}

impl Running {
    fn new(store: Option<Store>, idle: u32) -> Self {
        let network = Network::held();
        let host = Host::new();
        let options = page::json(r#"{"locale": "en-US"}"#);
        let options = Options::default().read_over(&options, "https://site.example/");
        let mut options = options.unwrap();
        assert_eq!(options.book, None, "off unless somebody turns it on");
        options.book = store;
        Rc::make_mut(&mut options.settings).timeouts.idle = idle;
        let seen = Seen::default();
        let root = host.0.clone();
        let props = ProbeProps {
            options,
            root: root.clone(),
            seen: Rc::clone(&seen),
        };
        let app = Renderer::<Probe>::with_root_and_props(root, props).render();
        Self {
            app,
            seen,
            host,
            _network: network,
        }
    }

    async fn started() -> Self {
        let running = Self::new(Some(Store::Local), 900_000);
        running
            .until("the storage was read", |state| {
                state.view != PanelView::Reading
            })
            .await;
        running.act(BookAction::Expand(true));
        running
    }

    /// Starts with an open book that has one agent.
    async fn open() -> Self {
        let running = Self::started().await;
        running.create().await;
        running.add("10.0.0.1:1").await;
        running
    }

    async fn create(&self) {
        self.act(BookAction::Go(Goal::Create));
        self.act(BookAction::Create {
            passphrase: secret(PASSPHRASE),
            again: secret(PASSPHRASE),
        });
        self.until("a book", |state| state.outcome == Some(Outcome::Created))
            .await;
    }

    async fn add(&self, at: &str) {
        self.act(BookAction::Go(Goal::Add));
        self.act(BookAction::Add(form(at), secret(&format!("of {at}"))));
        self.idle().await;
    }

    fn act(&self, act: BookAction) {
        let book = self.seen.borrow().clone();
        book.expect("a book").on_action.emit(act);
    }

    fn state(&self) -> BookState {
        let book = self.seen.borrow().clone();
        (*book.expect("a book").state).clone()
    }

    async fn until(&self, what: &str, reached: impl Fn(&BookState) -> bool) {
        until(what, || {
            let book = self.seen.borrow().clone();
            book.is_some_and(|book| reached(&book.state))
        })
        .await;
        settle().await;
    }

    /// Waits until no work is in progress.
    async fn idle(&self) {
        settle().await;
        self.until("work to end", |state| state.work.is_none())
            .await;
    }

    fn addresses(&self) -> Vec<String> {
        let state = self.state();
        let agents = state.agents().expect("an open book");
        let agents = agents.iter();
        agents
            .map(|entry| entry.details.address.to_string())
            .collect()
    }

    async fn unmount(self) {
        self.app.destroy();
        let host = self.host;
        until("an empty host", || host.0.child_element_count() == 0).await;
        settle().await;
    }
}

fn form(at: &str) -> AgentFields {
    AgentFields {
        address: at.to_owned(),
        ..AgentFields::default()
    }
}

fn details(at: &str) -> AgentDetails {
    AgentDetails::of(AgentAddress::parse(at).unwrap())
}

/// Changes the stored book like another tab.
fn elsewhere(change: impl FnOnce(Book) -> Book) {
    let book = Book::open(&stored().unwrap(), &secret(PASSPHRASE)).unwrap();
    let text = change(book).text().unwrap();
    storage().set_item(KEY, &text).unwrap();
}

fn told_of_it() {
    js_sys::eval("dispatchEvent(new StorageEvent('storage', { key: 'odp-console.agents' }))")
        .unwrap();
}

#[wasm_bindgen_test]
async fn from_nothing_to_an_open_book_and_back() {
    let _clean = Clean::new();
    let running = Running::open().await;
    assert_eq!(running.addresses(), ["10.0.0.1:1"]);
    let book = Book::open(&stored().unwrap(), &secret(PASSPHRASE)).unwrap();
    assert_eq!(agents(&book)[0].password, "of 10.0.0.1:1");
    assert!(!stored().unwrap().contains("10.0.0.1"));

    running.act(BookAction::Lock);
    running.idle().await;
    assert_eq!(running.state().view, PanelView::Locked(ClosedTask::Unlock));
    let text = running.host.0.text_content().unwrap();
    assert!(!text.contains("10.0.0.1"), "{text}");

    running.act(BookAction::Unlock(secret("wrong horse battery")));
    assert!(running.state().work.is_some() || running.state().problem.is_none());
    running
        .until("a refusal", |state| state.problem.is_some())
        .await;
    let wrong = Some(Problem::Book(BookError::Passphrase));
    assert_eq!(running.state().problem, wrong);
    running.act(BookAction::Unlock(secret(PASSPHRASE)));
    running
        .until("an open book", |state| state.agents().is_some())
        .await;
    assert_eq!(running.addresses(), ["10.0.0.1:1"]);

    let at = AgentAddress::parse("10.0.0.1:1").unwrap();
    running.act(BookAction::Go(Goal::Edit(at.clone())));
    running.act(BookAction::Edit(at, form("10.0.0.2:1"), secret("")));
    running.idle().await;
    assert_eq!(running.addresses(), ["10.0.0.2:1"]);
    let at = AgentAddress::parse("10.0.0.2:1").unwrap();
    running.act(BookAction::Remove(at));
    running.idle().await;
    assert_eq!(running.addresses(), [""; 0]);

    running.act(BookAction::Go(Goal::Delete));
    running.act(BookAction::Delete("delete".to_owned()));
    running.idle().await;
    assert_eq!(running.state().problem, Some(Problem::NotConfirmed));
    assert!(stored().is_some());
    running.act(BookAction::Delete(" delete book ".to_owned()));
    running.idle().await;
    assert_eq!(stored(), None);
    assert_eq!(running.state().outcome, Some(Outcome::Deleted));
    running.unmount().await;
}

#[wasm_bindgen_test]
async fn a_passphrase_has_to_be_long_and_typed_twice() {
    let _clean = Clean::new();
    let running = Running::started().await;
    running.act(BookAction::Go(Goal::Create));
    for (one, other, problem) in [
        ("", "", Problem::PassphraseMissing),
        ("elevenchars", "elevenchars", Problem::PassphraseShort),
        (
            PASSPHRASE,
            "correct horse batter",
            Problem::PassphrasesDiffer,
        ),
    ] {
        running.act(BookAction::Create {
            passphrase: secret(one),
            again: secret(other),
        });
        running.idle().await;
        assert_eq!(running.state().problem, Some(problem));
        assert_eq!(running.state().view, PanelView::Absent(NoBookTask::Create));
    }
    assert_eq!(stored(), None);
    running.unmount().await;
}

#[wasm_bindgen_test]
async fn what_is_typed_of_an_agent_has_to_be_right() {
    let _clean = Clean::new();
    let running = Running::open().await;
    let endpoint = |endpoint: &str| AgentFields {
        endpoint: endpoint.to_owned(),
        ..form("10.0.0.9:1")
    };
    for (form, password, expected) in [
        (form("10.0.0.9:1"), "", "PasswordMissing"),
        (form("10.0.0.9"), "p", "Address(NoPort)"),
        (form("10.0.0.1:1"), "p", "Book(Taken)"),
        (endpoint("ftp://gate/"), "p", "Endpoint"),
        (endpoint("https://a:b@gate/"), "p", "Endpoint"),
    ] {
        running.act(BookAction::Go(Goal::Add));
        running.act(BookAction::Add(form, secret(password)));
        running.idle().await;
        let found = format!("{:?}", running.state().problem.unwrap());
        assert_eq!(found, expected);
        assert_eq!(running.addresses(), ["10.0.0.1:1"]);
    }
    running.unmount().await;
}

#[wasm_bindgen_test]
async fn what_another_tab_stored_is_kept() {
    let _clean = Clean::new();
    let running = Running::open().await;
    let rng = &mut getrandom::SysRng;
    elsewhere(|book| book.add(details("10.0.0.2:1"), &secret("p"), rng).unwrap());
    // This tab has not been notified yet.
    running.add("10.0.0.3:1").await;
    let all = ["10.0.0.1:1", "10.0.0.2:1", "10.0.0.3:1"];
    assert_eq!(running.addresses(), all);
    let book = Book::open(&stored().unwrap(), &secret(PASSPHRASE)).unwrap();
    assert_eq!(agents(&book).len(), 3);

    let gone = AgentAddress::parse("10.0.0.1:1").unwrap();
    running.act(BookAction::Go(Goal::Edit(gone.clone())));
    elsewhere(|book| book.remove(&gone, rng).unwrap());
    told_of_it();
    running
        .until("two agents", |state| {
            state.agents().is_some_and(|it| it.len() == 2)
        })
        .await;
    assert_eq!(
        running.state().problem,
        Some(Problem::Book(BookError::Missing))
    );
    running.unmount().await;
}

#[wasm_bindgen_test]
async fn another_passphrase_of_another_tab_locks_this_one() {
    let _clean = Clean::new();
    let running = Running::open().await;
    let rng = &mut getrandom::SysRng;
    elsewhere(|book| {
        book.change_passphrase(&secret("another horse battery"), rng)
            .unwrap()
    });
    let before = stored();
    running.add("10.0.0.3:1").await;
    assert_eq!(running.state().view, PanelView::Locked(ClosedTask::Unlock));
    assert_eq!(running.state().outcome, Some(Outcome::OtherPassphrase));
    assert_eq!(stored(), before);

    running.act(BookAction::Unlock(secret("another horse battery")));
    running
        .until("an open book", |state| state.agents().is_some())
        .await;
    storage().remove_item(KEY).unwrap();
    running.add("10.0.0.4:1").await;
    assert_eq!(running.state().view, PanelView::Absent(NoBookTask::Start));
    assert_eq!(running.state().outcome, Some(Outcome::DeletedElsewhere));
    assert_eq!(stored(), None);
    running.unmount().await;
}

#[wasm_bindgen_test]
async fn a_full_storage_loses_nothing() {
    let _clean = Clean::new();
    let running = Running::open().await;
    let before = stored();
    let spoiled = Spoiled::set_item("throw new DOMException('full', 'QuotaExceededError')");
    running.add("10.0.0.3:1").await;
    drop(spoiled);
    let full = Some(Problem::Store(StoreProblem::Full));
    assert_eq!(running.state().problem, full);
    assert_eq!(running.addresses(), ["10.0.0.1:1"]);
    assert_eq!(stored(), before);
    let view = running.state().view;
    assert!(matches!(
        view,
        PanelView::Open {
            task: Task::Add,
            ..
        }
    ));
    running.add("10.0.0.3:1").await;
    assert_eq!(running.addresses(), ["10.0.0.1:1", "10.0.0.3:1"]);
    running.unmount().await;
}

#[wasm_bindgen_test]
async fn the_passphrase_is_changed_for_all_of_it() {
    let _clean = Clean::new();
    let running = Running::open().await;
    running.act(BookAction::Go(Goal::Passphrase));
    running.act(BookAction::ChangePassphrase {
        passphrase: secret("another horse battery"),
        again: secret("another horse battery"),
    });
    running
        .until("it is changed", |state| {
            state.outcome == Some(Outcome::PassphraseChanged)
        })
        .await;
    let text = stored().unwrap();
    assert_eq!(
        Book::open(&text, &secret(PASSPHRASE)),
        Err(BookError::Passphrase)
    );
    let book = Book::open(&text, &secret("another horse battery")).unwrap();
    assert_eq!(agents(&book)[0].password, "of 10.0.0.1:1");
    running.unmount().await;
}

#[wasm_bindgen_test]
async fn it_locks_when_nobody_uses_it_and_when_the_page_is_left() {
    let _clean = Clean::new();
    let running = Running::open().await;
    page::leave();
    running
        .until("a locked book", |state| state.agents().is_none())
        .await;
    assert_eq!(running.state().view, PanelView::Locked(ClosedTask::Unlock));
    page::come_back();
    running.unmount().await;

    let running = Running::new(Some(Store::Local), 300);
    running
        .until("the storage was read", |state| {
            state.view != PanelView::Reading
        })
        .await;
    running.act(BookAction::Unlock(secret(PASSPHRASE)));
    running
        .until("an open book", |state| state.agents().is_some())
        .await;
    running
        .until("a locked book", |state| state.agents().is_none())
        .await;
    assert_eq!(running.state().outcome, Some(Outcome::LockedIdle));
    running.unmount().await;
}

#[wasm_bindgen_test]
async fn a_file_is_merged_or_takes_the_place_of_the_agents() {
    let _clean = Clean::new();
    let running = Running::open().await;
    let rng = &mut getrandom::SysRng;
    let theirs = Book::create(&secret("passphrase of the file"), rng).unwrap();
    let theirs = theirs
        .add(details("10.0.0.2:1"), &secret("p"), rng)
        .unwrap();
    let parts = js_sys::Array::of1(&theirs.text().unwrap().into());
    let file = web_sys::File::new_with_str_sequence(&parts, "theirs.json").unwrap();
    for (way, expected) in [
        (ImportMode::Merge, &["10.0.0.1:1", "10.0.0.2:1"][..]),
        (ImportMode::Replace, &["10.0.0.2:1"]),
    ] {
        running.act(BookAction::Go(Goal::Import));
        running.act(BookAction::Read(file.clone()));
        running.idle().await;
        running.act(BookAction::OpenFile(secret(PASSPHRASE)));
        running
            .until("a refusal", |state| state.problem.is_some())
            .await;
        let wrong = Some(Problem::File(BookError::Passphrase));
        assert_eq!(running.state().problem, wrong);
        running.act(BookAction::OpenFile(secret("passphrase of the file")));
        running
            .until("the numbers", |state| {
                matches!(
                    state.view,
                    PanelView::Open {
                        task: Task::Import(Import::Decide { .. }),
                        ..
                    }
                )
            })
            .await;
        running.act(BookAction::Import(way));
        running.idle().await;
        assert_eq!(running.addresses(), expected);
    }
    let plan = Plan {
        same: 1,
        own: 1,
        ..Plan::default()
    };
    assert_eq!(running.state().outcome, Some(Outcome::Imported(plan)));
    // The passphrase is still that of this book.
    assert!(Book::open(&stored().unwrap(), &secret(PASSPHRASE)).is_ok());
    running.unmount().await;
}

#[wasm_bindgen_test]
async fn a_console_without_a_store_keeps_nothing() {
    let _clean = Clean::new();
    let running = Running::new(None, 900_000);
    settle().await;
    assert!(running.seen.borrow().is_none());
    let text = running.host.0.text_content().unwrap();
    assert!(!text.contains("Saved agents"), "{text}");
    assert_eq!(stored(), None);
    running.unmount().await;
}

#[wasm_bindgen_test]
async fn what_is_damaged_is_said_and_left_as_it_is() {
    let _clean = Clean::new();
    let rng = &mut getrandom::SysRng;
    let book = Book::create(&secret(PASSPHRASE), rng).unwrap();
    let whole = book.text().unwrap();
    let half = whole[..whole.len() / 2].to_owned();
    let newer = whole.replace("\"version\":1,\"kdf\"", "\"version\":2,\"kdf\"");
    for (text, why) in [
        (half, BookError::Damaged),
        (newer, BookError::Newer { version: 2 }),
        ("hello".to_owned(), BookError::NotABook),
    ] {
        storage().set_item(KEY, &text).unwrap();
        let running = Running::started().await;
        let view = running.state().view;
        assert!(
            matches!(view, PanelView::Unreadable { why: found, .. } if found == why),
            "{view:?}"
        );
        assert_eq!(stored(), Some(text));
        running.unmount().await;
    }
}
