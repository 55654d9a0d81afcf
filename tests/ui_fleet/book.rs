//! Renders the agent book on the screens of a run.

use std::rc::Rc;

use odp_console::book::state::{BookState, ClosedTask, Outcome, PanelView, Task};
use odp_console::book::{AgentDetails, Book, Entry};
use odp_console::fleet::member::{MemberId, MemberStatus};
use odp_console::fleet::state::{Fleet, Halt, Phase, Run};
use odp_console::flow::event::Language;
use odp_console::flow::state::{ConnectProblem, Contact, Screen, State};
use odp_console::obshell::address::AgentAddress;
use odp_console::obshell::error::{Failure, NotSent, WipeReason};
use odp_console::obshell::secret::Secret;
use odp_console::text::fleet::labels::FleetLabel;
use odp_console::ui::book::BookView;
use odp_console::ui::fleet::{FleetConsole, FleetConsoleProps};
use yew::prelude::*;

use crate::counter_rng::CounterRng;
use crate::page::{Page, render, text as text_of};
use crate::runs::{address, all, flow_of};
use crate::surroundings::NOW;
use crate::{LANGUAGES, props};

const PASSWORD: &str = "Zq7-unseen-Wx9";

#[derive(PartialEq, Properties)]
struct BookedProps {
    console: FleetConsoleProps,
    state: Rc<BookState>,
}

/// The console of a run with a book.
#[component]
fn Booked(props: &BookedProps) -> Html {
    let book = Some(BookView {
        state: Rc::clone(&props.state),
        can_save: false,
        on_action: Callback::noop(),
    });
    let console = props.console.clone();
    html! {
        <ContextProvider<Option<BookView>> context={book}>
            <FleetConsole ..console />
        </ContextProvider<Option<BookView>>>
    }
}

/// A saved agent of the site's list, and two saved agents that are not in it.
fn saved() -> Rc<[Entry]> {
    thread_local! {
        static SAVED: Rc<[Entry]> = {
            let rng = &mut CounterRng::new("run");
            let secret = |text: &str| Secret::new(text.to_owned());
            let mut book = Book::create(&secret("correct horse battery"), rng).unwrap();
            for (at, label, group) in [
                ("10.20.0.7:2886", Some("Spare 7"), Some("Spares")),
                ("10.20.0.8:2886", None, Some("Spares")),
                ("10.10.0.1:2886", Some("Proxy 1"), None),
            ] {
                let details = AgentDetails {
                    label: label.map(str::to_owned),
                    group: group.map(str::to_owned),
                    ..AgentDetails::of(AgentAddress::parse(at).unwrap())
                };
                book = book.add(details, &secret(PASSWORD), rng).unwrap();
            }
            book.shared_entries()
        };
    }
    SAVED.with(Rc::clone)
}

fn state(view: PanelView) -> BookState {
    BookState {
        view,
        ..BookState::default()
    }
}

fn locked() -> BookState {
    state(PanelView::Locked(ClosedTask::Unlock))
}

fn open() -> BookState {
    state(PanelView::Open {
        agents: saved(),
        task: Task::List,
    })
}

fn named(wanted: &str) -> Fleet {
    let found = all().into_iter().find(|(name, _)| *name == wanted);
    found.unwrap().1
}

fn draw(fleet: Fleet, state: BookState, language: Language) -> Page {
    render::<Booked>(BookedProps {
        console: props(fleet, None, language),
        state: Rc::new(state),
    })
}

fn english(fleet: Fleet, state: BookState) -> Page {
    draw(fleet, state, Language::English)
}

/// A run whose first member is followed and whose second waits, both signed out for this reason.
fn signed_out(why: WipeReason) -> Fleet {
    let failure = || Failure::NotSent(NotSent::CredentialWiped(why));
    let mut fleet = named("run");
    fleet.members.truncate(2);
    let states: [(MemberStatus, State); 2] = [
        (MemberStatus::InProgress, {
            let mut state = flow_of("task", 0);
            let Screen::Task(task) = &mut state.screen else {
                panic!("no task");
            };
            task.contact = Contact::Unauthenticated(failure());
            state
        }),
        (MemberStatus::Waiting, {
            let mut state = State::new(Rc::clone(&fleet.settings));
            state.form.address = address(1).to_string();
            state.form.problem = Some(ConnectProblem::Credential(failure()));
            state
        }),
    ];
    for (member, (status, state)) in fleet.members.iter_mut().zip(states) {
        let member = Rc::make_mut(member);
        member.status = status;
        member.flow = Rc::new(state);
        member.ended = None;
    }
    fleet.run = Some(Run {
        confirmed_at: NOW - 90_000,
        ended_at: None,
        halted: Some(Halt::NoCredential(MemberId(1))),
        next_at: None,
        ending: false,
    });
    fleet
}

/// Calls `look` for every screen with the book.
fn each(look: impl Fn(&str, &Page)) {
    for (name, fleet) in [
        ("choose", named("choose")),
        ("choose-plain", named("choose-plain")),
        ("choose-listed", named("choose-listed")),
        ("sign-in", named("sign-in")),
        ("sign-in-restored", named("sign-in-restored")),
        ("signed-out", signed_out(WipeReason::BookLocked)),
    ] {
        for (label, book) in [("locked", locked()), ("open", open())] {
            for language in LANGUAGES {
                let page = draw(fleet.clone(), book.clone(), language);
                look(&format!("{name}, {label}, in {}", language.tag()), &page);
            }
        }
    }
}

#[test]
fn headings_are_in_order_controls_have_names_and_no_form_is_in_another() {
    each(|name, page| {
        let levels: Vec<u8> = page
            .all("h1,h2,h3,h4")
            .iter()
            .map(|heading| heading.value().name().as_bytes()[1] - b'0')
            .collect();
        assert!(
            levels.windows(2).all(|pair| pair[1] <= pair[0] + 1),
            "{name}: {levels:?}"
        );
        for control in page.all("button,input,textarea,summary,table,section") {
            assert!(!page.name(control).is_empty(), "{name}: {}", control.html());
        }
        for attribute in ["aria-describedby", "aria-labelledby", "for"] {
            for element in page.all(&format!("[{attribute}]")) {
                for id in element.attr(attribute).unwrap().split_whitespace() {
                    let ids = page.all(&format!("[id={id}]"));
                    assert_eq!(ids.len(), 1, "{name}: {attribute}={id}");
                }
            }
        }
        let mut depth = 0;
        for tag in page.html.match_indices("form") {
            let before = &page.html[..tag.0];
            depth += i32::from(before.ends_with('<')) - i32::from(before.ends_with("</"));
            assert!((0..=1).contains(&depth), "{name}");
        }
        assert!(!page.html.contains(PASSWORD), "{name}");
        assert!(!page.html.contains("{0}"), "{name}");
    });
}

#[test]
fn saved_agents_are_chosen_beside_those_of_the_site() {
    let page = english(named("choose-some"), open());
    let table = page.named("table", "Saved agents");
    let select = scraper::Selector::parse("label").unwrap();
    let names: Vec<String> = table.select(&select).map(text_of).collect();
    assert_eq!(
        names,
        [
            "Select all of Spares (0 of 2 selected)",
            "10.20.0.7:2886",
            "10.20.0.8:2886",
            "Select all of No group (1 of 1 selected)",
            // This agent is also in the site's list, and is selected there.
            "10.10.0.1:2886",
        ]
    );
    assert!(text_of(table).contains("Spare 7"));
    page.named("button", "Lock");
    assert!(page.all("#book-passphrase").is_empty());
}

#[test]
fn a_site_with_a_list_alone_offers_the_saved_agents_of_its_list() {
    let page = english(named("choose-listed"), open());
    let table = page.named("table", "Saved agents");
    assert!(text_of(table).contains("10.10.0.1:2886"));
    assert!(!page.html.contains("10.20.0.7:2886"));
    let hint = "Saved agents that are not in this site's list cannot be chosen.";
    assert!(page.texts(".hint").contains(&hint.to_owned()));
}

#[test]
fn a_locked_book_can_be_unlocked_where_agents_are_chosen() {
    let page = english(named("choose"), locked());
    assert_eq!(page.texts("summary"), ["Choose from saved agents"]);
    assert_eq!(page.all("#book-passphrase").len(), 1);
    page.named("button", "Unlock");
    assert!(
        page.all("button")
            .iter()
            .all(|it| text_of(*it) != "Delete agent book")
    );
    for view in [
        PanelView::Reading,
        PanelView::Absent(odp_console::book::state::NoBookTask::Start),
    ] {
        let page = english(named("choose"), state(view));
        assert!(!page.html.contains("aved agents"));
    }
}

#[test]
fn the_book_signs_in_and_agents_that_it_does_not_have_are_named() {
    let page = english(named("sign-in"), open());
    let checked = page.one("[name=passwords][checked]");
    assert_eq!(page.name(checked), "Passwords from the agent book");
    let rows = page.texts("tbody tr");
    assert_eq!(rows.len(), 6);
    assert!(rows[0].contains("Saved in the agent book"), "{rows:?}");
    let fields: Vec<String> = page
        .all("tbody input[type=password]")
        .into_iter()
        .map(|field| page.name(field))
        .collect();
    assert_eq!(fields.len(), 5);
    assert!(fields[0].contains("10.10.0.2:2886"), "{fields:?}");
    assert_eq!(
        page.texts(".notice").concat(),
        "The agent book has no password for 5 agents: 10.10.0.2:2886, 10.10.0.3:2886, \
         10.10.0.4:2886, 10.10.0.5:2886, 10.10.0.6:2886. Enter the missing passwords below."
    );
    assert!(page.html.contains("Passwords for 1 of 6 agents"));
    // The other ways are available as a choice.
    assert_eq!(page.all("[name=passwords]").len(), 3);
    let page = english(named("sign-in"), locked());
    let checked = page.one("[name=passwords][checked]");
    assert_eq!(page.name(checked), "One password for all agents");
    assert_eq!(page.all("[name=passwords]").len(), 3);
    let page = english(named("sign-in-host"), open());
    assert!(page.all("input[type=radio]").is_empty());
}

#[test]
fn a_book_that_is_locked_in_the_middle_of_a_run_is_unlocked_there() {
    let fleet = signed_out(WipeReason::BookLocked);
    assert_eq!(fleet.phase, Phase::Run);
    let mut state = locked();
    state.outcome = Some(Outcome::LockedIdle);
    let page = english(fleet.clone(), state);
    let controls = text_of(page.one(".controls"));
    assert!(controls.contains(FleetLabel::BookLockedWhat.get(Language::English)));
    assert!(controls.contains("Unlock the agent book to sign in again."));
    assert!(controls.contains("Locked after 15 idle minutes."));
    page.named("button", "Unlock");
    page.named("button", "Resume");

    // The book is open, and the members sign in with one click.
    let page = english(fleet, open());
    page.named("button", "Sign in with saved passwords");
    assert!(page.all("#book-passphrase").is_empty());

    // The members were not signed out by the lock, and the book may have their passwords.
    let page = english(signed_out(WipeReason::PageLeft), locked());
    page.named("button", "Unlock");
    assert!(
        !page
            .html
            .contains(FleetLabel::BookLockedWhat.get(Language::English))
    );

    // No member is signed out: the book is not mentioned.
    for state in [locked(), open()] {
        let page = english(named("run-paused"), state);
        assert!(page.all("#book-passphrase").is_empty());
        assert!(!page.html.contains("saved passwords"));
    }
}
