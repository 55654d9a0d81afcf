//! A state and its changes for hosts: the events of a console, and the states that a client without
//! a screen receives.
//!
//! ```text
//! snapshot   { screen, agent, odp, problem, checks, holder, phase, task, contact, error, ending }
//!            screen: connect | review | submitting | task | ended
//!            agent, odp, task, error: as in the evidence; holder is a task
//!            problem  { kind, what, fix, error } | null
//!            checks   [{ kind, verdict, title, detail, fix }] | null
//!            phase    refreshing | deleting | finding-out | null
//!            contact  good | retrying | unauthenticated | null
//!            ending   the evidence, with facts [] and next [] in the person's language | null
//! ```

use super::{Tree, agent, error, evidence, mine, odp, task};
use crate::flow::ending::Ending;
use crate::flow::event::Language;
use crate::flow::preflight::{Check, Finding, Verdict, checks};
use crate::flow::settings::AddressProblem;
use crate::flow::state::{
    ConnectProblem, Contact, Ended, Preflight, Review, Screen, State, SubmitPhase, Task,
};
use crate::obshell::dag::Dag;
use crate::obshell::error::Failure;
use crate::text::{check, ending, problem};

/// An event for a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The name of the event.
    pub event: &'static str,
    /// The detail of the event.
    pub detail: Tree,
}

/// A state, in the format described above in this module. `secure_transport` is whether requests
/// leave the browser by HTTPS.
#[must_use]
pub fn snapshot(state: &State, secure_transport: bool, language: Language, version: &str) -> Tree {
    let mut checks_of = None;
    let mut holder = None;
    let mut phase = None;
    let mut shown = None;
    let mut ended = None;
    let screen = match &state.screen {
        Screen::Connect => "connect",
        Screen::Review(Review { preflight, .. }) => {
            checks_of = Some(preflight);
            holder = preflight.holder.as_deref();
            "review"
        }
        Screen::Submitting(submitting) => {
            phase = Some(match submitting.phase {
                SubmitPhase::Refreshing => "refreshing",
                SubmitPhase::Deleting(_) => "deleting",
                SubmitPhase::DeterminingOutcome(_) => "finding-out",
            });
            "submitting"
        }
        Screen::Task(task) => {
            shown = Some(task);
            "task"
        }
        Screen::Ended(end) => {
            ended = Some(end);
            shown = end.task.as_deref();
            if let Ending::SomeoneElse { holder: held, .. } = &end.ending {
                holder = held.as_deref();
            }
            "ended"
        }
    };
    let contact = contact(state);
    Tree::Map(vec![
        ("screen", Tree::text(screen)),
        ("agent", Tree::option(state.facts(), |facts| agent(facts))),
        ("odp", odp(&state.odp())),
        ("problem", Tree::option(problem(state, language), Tree::Map)),
        (
            "checks",
            Tree::option(checks_of, |of| listed(of, secure_transport, language)),
        ),
        ("holder", Tree::option(holder, |dag| task(dag, Some(false)))),
        ("phase", Tree::option(phase, Tree::text)),
        (
            "task",
            Tree::option(shown, |shown| task(&shown.dag, mine(&shown.origin))),
        ),
        (
            "contact",
            Tree::option(contact, |contact| {
                Tree::text(match contact {
                    Contact::Good => "good",
                    Contact::Retrying { .. } => "retrying",
                    Contact::Unauthenticated(_) => "unauthenticated",
                })
            }),
        ),
        (
            "error",
            Tree::option(contact.and_then(failure_of), |failure| {
                error(failure.clone().into())
            }),
        ),
        (
            "ending",
            Tree::option(ended, |ended| ending_tree(ended, language, version)),
        ),
    ])
}

/// The events for a host whose last known state is `before`, except `odp-submitted`, which is
/// dispatched without delay.
#[must_use]
pub fn notices(before: &State, after: &State, language: Language, version: &str) -> Vec<Notice> {
    let mut notices = Vec::new();
    let mut push = |event, detail| notices.push(Notice { event, detail });
    let address = || {
        let facts = after.facts().map(|facts| facts.address.to_string());
        let address = facts.unwrap_or_else(|| after.form.address.trim().to_owned());
        ("agent", Tree::text(&address))
    };
    if let Some(shown) = shown(after)
        && shown_dag(before) != Some(&*shown.dag)
    {
        let task = ("task", task(&shown.dag, mine(&shown.origin)));
        push("odp-progress", Tree::Map(vec![address(), task]));
    }
    if let Some(contact) = contact(after)
        && let Some(failure) = failure_of(contact)
        && self::contact(before).and_then(failure_of) != Some(failure)
    {
        let event = match contact {
            Contact::Unauthenticated(_) => "odp-auth-required",
            Contact::Good | Contact::Retrying { .. } => "odp-error",
        };
        let words = problem::failure(failure, &after.form.address, language);
        let error = ("error", error(failure.clone().into()));
        let (what, fix) = (Tree::text(&words.what), Tree::text(&words.fix));
        push(
            event,
            Tree::Map(vec![
                address(),
                ("kind", Tree::text("contact")),
                ("what", what),
                ("fix", fix),
                error,
            ]),
        );
    }
    if let Some(mut map) = problem(after, language)
        && problems(before) != problems(after)
    {
        let event = match &after.form.problem {
            Some(ConnectProblem::Credential(_)) | None if after.form.address_problem.is_none() => {
                "odp-auth-required"
            }
            _ => "odp-error",
        };
        map.insert(0, address());
        push(event, Tree::Map(map));
    }
    if let Screen::Ended(ended) = &after.screen
        && !matches!(&before.screen, Screen::Ended(before) if before.at == ended.at && before.ending == ended.ending)
    {
        push("odp-finished", evidence(ended, version));
    }
    notices
}

fn shown(state: &State) -> Option<&Task> {
    match &state.screen {
        Screen::Task(task) => Some(task),
        Screen::Ended(ended) => ended.task.as_deref(),
        _ => None,
    }
}

fn shown_dag(state: &State) -> Option<&Dag> {
    shown(state).map(|task| &*task.dag)
}

fn contact(state: &State) -> Option<&Contact> {
    state.contact().map(|(contact, _)| contact)
}

fn failure_of(contact: &Contact) -> Option<&Failure> {
    match contact {
        Contact::Good => None,
        Contact::Retrying { failure, .. } | Contact::Unauthenticated(failure) => Some(failure),
    }
}

/// The problem of the connect form.
fn problem(state: &State, language: Language) -> Option<Vec<(&'static str, Tree)>> {
    let form = &state.form;
    let address = &form.address;
    let (kind, failure, words) = match problems(state) {
        (Some(why), ..) => (
            "address",
            None,
            problem::address_problem(&why, address, language),
        ),
        (None, true, _) => (
            "credential",
            None,
            problem::password_missing(form.sign_in, language),
        ),
        (None, false, Some(why)) => {
            let (kind, failure) = match why {
                ConnectProblem::OpenRoutes(failure) => ("look", Some(failure)),
                ConnectProblem::TooOld(_) => ("too-old", None),
                ConnectProblem::PasswordNotSet { .. } => ("password-not-set", None),
                ConnectProblem::Key(_) => ("key", None),
                ConnectProblem::Credential(failure) => ("credential", Some(failure)),
            };
            let (_, words) = problem::connect_problem(why, address, language);
            (kind, failure, words)
        }
        (None, false, None) => return None,
    };
    Some(vec![
        ("kind", Tree::text(kind)),
        ("what", Tree::text(&words.what)),
        ("fix", Tree::text(&words.fix)),
        (
            "error",
            Tree::option(failure, |failure| error(failure.clone().into())),
        ),
    ])
}

fn problems(state: &State) -> (Option<AddressProblem>, bool, Option<&ConnectProblem>) {
    match &state.screen {
        Screen::Connect => {
            let form = &state.form;
            (
                form.address_problem,
                form.password_missing,
                form.problem.as_ref(),
            )
        }
        _ => (None, false, None),
    }
}

fn listed(preflight: &Preflight, secure_transport: bool, language: Language) -> Tree {
    let checks = checks(preflight, secure_transport);
    let one = |check: &Check| {
        let words = check::check(check, &preflight.facts, language);
        Tree::Map(vec![
            ("kind", Tree::text(kind_of(&check.finding))),
            (
                "verdict",
                Tree::text(match check.verdict {
                    Verdict::Pass => "pass",
                    Verdict::Warn => "warn",
                    Verdict::Fail => "fail",
                }),
            ),
            ("title", Tree::text(&words.title)),
            ("detail", Tree::text(&words.detail)),
            ("fix", Tree::option(words.fix.as_deref(), Tree::text)),
        ])
    };
    Tree::List(checks.iter().map(one).collect())
}

fn kind_of(finding: &Finding) -> &'static str {
    match finding {
        Finding::Reachable { .. } => "reachable",
        Finding::Version(_) => "version",
        Finding::Managed(_) => "managed",
        Finding::PasswordSet => "password-set",
        Finding::CredentialAccepted => "credential-accepted",
        Finding::SignedPath => "signed-path",
        Finding::Clock { .. } => "clock",
        Finding::Key { .. } => "key",
        Finding::Transport { .. } => "transport",
        Finding::Holder { .. } => "holder",
    }
}

fn ending_tree(ended: &Ended, language: Language, version: &str) -> Tree {
    let words = ending::ending(ended, language);
    let list = |lines: &[String]| Tree::List(lines.iter().map(|line| Tree::text(line)).collect());
    let mut tree = evidence(ended, version);
    if let Tree::Map(map) = &mut tree {
        map.push(("facts", list(&words.facts)));
        map.push(("next", list(&words.next)));
    }
    tree
}
