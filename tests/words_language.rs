//! Checks that every sentence is complete and correctly punctuated in both languages.
#![cfg(not(target_arch = "wasm32"))]
// Permits panics in the helper functions, as in tests.
#![cfg(test)]

#[path = "words_world/world.rs"]
mod world;

use std::collections::HashMap;
use std::rc::Rc;

use odp_console::flow::event::Language;
use odp_console::flow::preflight::{Check, Finding, Obstacle, Verdict};
use odp_console::flow::settings::AddressProblem;
use odp_console::flow::state::{
    ConnectProblem, Contact, OdpLookup, Preflight, Review, SignIn, Tasks,
};
use odp_console::obshell::address::{AddressError, AgentAddress};
use odp_console::obshell::dag::{Operator, State};
use odp_console::obshell::error::{ErrorKind, Failure, NoAnswer};
use odp_console::obshell::info::Version;
use odp_console::text::problem::{self, Advice, Input};
use odp_console::text::{check, ending, log_hint, review, split_command, task};

use world::{ADDRESS, LANGUAGES};

/// Names and sentences. A name is a heading or a word; a sentence has a full stop.
struct Said {
    names: Vec<String>,
    sentences: Vec<String>,
}

const ADDRESS_PROBLEMS: [AddressProblem; 7] = [
    AddressProblem::Malformed(AddressError::Empty),
    AddressProblem::Malformed(AddressError::Url),
    AddressProblem::Malformed(AddressError::NoPort),
    AddressProblem::Malformed(AddressError::Port),
    AddressProblem::Malformed(AddressError::BareIpv6),
    AddressProblem::Malformed(AddressError::Host),
    AddressProblem::NotListed,
];

fn connect_problems() -> Vec<ConnectProblem> {
    let mut problems = vec![
        ConnectProblem::TooOld(Version::new("4.2.5.0-1")),
        ConnectProblem::PasswordNotSet {
            home: "/home/admin/obshell".into(),
        },
    ];
    problems.extend(world::key_errors().map(ConnectProblem::Key));
    for failure in world::failures() {
        problems.push(ConnectProblem::OpenRoutes(failure.clone()));
        problems.push(ConnectProblem::Credential(failure));
    }
    problems
}

fn findings() -> Vec<Check> {
    use Verdict::{Fail, Pass, Warn};
    let dag = |state| Rc::new(world::dag(world::DELETE, 2, state, &[]));
    [
        (Pass, Finding::Reachable { round_trip: 12 }),
        (Pass, Finding::Version(Version::new("4.5.0.0-0"))),
        (Warn, Finding::Version(Version::new("master"))),
        (Fail, Finding::Version(Version::new("4.2.5.0-1"))),
        (Pass, Finding::Managed(Some(true))),
        (Warn, Finding::Managed(Some(false))),
        (Warn, Finding::Managed(None)),
        (Pass, Finding::PasswordSet),
        (Fail, Finding::PasswordSet),
        (Pass, Finding::CredentialAccepted),
        (Pass, Finding::SignedPath),
        (Pass, Finding::Clock { ahead: 0 }),
        (Pass, Finding::Clock { ahead: 1_250 }),
        (Warn, Finding::Clock { ahead: -90_400 }),
        (
            Pass,
            Finding::Key {
                bits: 1024,
                fingerprint: "ab12".to_owned(),
            },
        ),
        (
            Warn,
            Finding::Key {
                bits: 512,
                fingerprint: "ab12".to_owned(),
            },
        ),
        (Pass, Finding::Transport { secure: true }),
        (Warn, Finding::Transport { secure: false }),
        (
            Pass,
            Finding::Holder {
                holder: None,
                unread: 0,
            },
        ),
        (
            Warn,
            Finding::Holder {
                holder: None,
                unread: 2,
            },
        ),
        (
            Fail,
            Finding::Holder {
                holder: Some(dag(("FAILED", "RUN"))),
                unread: 0,
            },
        ),
        (
            Fail,
            Finding::Holder {
                holder: Some(dag(("RUNNING", "RUN"))),
                unread: 0,
            },
        ),
    ]
    .map(|(verdict, finding)| Check { verdict, finding })
    .into()
}

const LOG_LINES: [&str; 12] = [
    "ERROR: [OBProxy.StopTimeout]: Kill OBProxy process timeout",
    world::NOT_A_PID,
    "ERROR: [Common.Unexpected]: Unexpected error: readlink /proc/7/cwd: permission denied",
    "ERROR: [Common.Unexpected]: Unexpected error: readlink /proc/7/cwd: no such file or directory",
    world::BUSY,
    "ERROR: [Common.Unexpected]: Unexpected error: unlinkat /home/p/log/x: permission denied",
    "ERROR: [Common.Unexpected]: Unexpected error: unlinkat /home/p/log/x: operation not permitted",
    "ERROR: [Common.Unexpected]: Unexpected error: unlinkat /home/p/log/x: read-only file system",
    "ERROR: [Common.Unexpected]: Unexpected error: unlinkat /home/p/log: directory not empty",
    "ERROR: [OBProxy.NotBeManaged]: This is not an OBProxy agent",
    "sub task timeout",
    "sub task cancelled",
];

/// The review of an agent that manages an ODP, or none.
fn reviewed(managed: bool) -> Review {
    Review {
        preflight: Preflight {
            facts: Rc::new(world::facts(Some(managed))),
            holder: None,
            unread: 0,
            rechecking: false,
            tasks: Tasks::NotRequested,
            odp: OdpLookup::NotRequested,
            ask_for_newest: false,
        },
        mismatch: false,
        continues_anyway: !managed,
    }
}

fn everything(language: Language) -> Said {
    let mut names = Vec::new();
    let mut sentences = Vec::new();
    let mut advise = |advice: Advice| sentences.extend([advice.what, advice.fix]);
    for problem in &ADDRESS_PROBLEMS {
        advise(problem::address_problem(problem, " 10.10.10.1 ", language));
    }
    for sign_in in [
        SignIn::AgentPassword,
        SignIn::RootPassword,
        SignIn::NoRootPassword,
        SignIn::Host,
    ] {
        advise(problem::password_missing(sign_in, language));
    }
    advise(problem::password_not_set("/home/admin/agent", language));
    for problem in connect_problems() {
        advise(problem::connect_problem(&problem, ADDRESS, language).1);
    }
    for failure in world::failures() {
        advise(problem::failure(&failure, ADDRESS, language));
    }
    for verdict in [Verdict::Pass, Verdict::Warn, Verdict::Fail] {
        names.push(check::verdict(verdict, language).to_owned());
    }
    for check in findings() {
        let text = check::check(&check, &world::facts(Some(true)), language);
        names.push(text.title);
        sentences.push(text.detail);
        sentences.extend(text.fix);
    }
    for stage in review::stages(language) {
        names.push(stage.title.to_owned());
        sentences.push(stage.effect.to_owned());
    }
    sentences.extend(review::warnings(language).map(str::to_owned));
    for managed in [true, false] {
        let [before, after] = review::summary(&reviewed(managed), language);
        sentences.push([before, ADDRESS, after].concat());
    }
    for obstacle in [Obstacle::CheckFailed, Obstacle::NothingManaged] {
        let Advice { what, fix } = review::obstacle(obstacle, language);
        sentences.extend([what, fix]);
    }
    sentences.push(review::obstacle(Obstacle::ReadOnly, language).what);
    sentences.push(review::mismatch(ADDRESS, language));
    names.push(review::destroy(ADDRESS, language));
    for (count, all) in [(1, false), (9, false), (10, true)] {
        names.push(check::passed(count, all, language));
    }
    names.push(check::tally(&findings(), language));
    for ended in world::endings() {
        let text = ending::ending(&ended, language);
        names.push(text.name);
        sentences.push(text.summary);
        sentences.extend(text.facts);
        sentences.extend(text.next);
    }
    for state in [
        State::Pending,
        State::Ready,
        State::Running,
        State::Failed,
        State::Succeed,
    ] {
        names.push(task::state(&state, language));
        for operator in [
            Operator::Run,
            Operator::Retry,
            Operator::Rollback,
            Operator::Cancel,
            Operator::Pass,
        ] {
            names.push(task::operator(&operator, language));
            names.push(task::status(&state, &operator, language));
        }
    }
    for state in ["READY", "RUNNING", "FAILED", "SUCCEED", "ODD"] {
        for operator in ["RUN", "RETRY", "CANCEL", "PASS"] {
            for stage in 0..=5 {
                for dag in [
                    world::dag(world::DELETE, stage, (state, operator), &[]),
                    world::dag(world::STOP, stage, (state, operator), &[]),
                    {
                        let stages = [world::done(world::CHECK, &[]), world::pending(world::STOP)];
                        world::dag(world::DELETE, stage, (state, operator), &stages)
                    },
                ] {
                    sentences.push(task::progress(&dag, language));
                    sentences.push(task::next(&dag, language));
                }
            }
        }
    }
    let failure = Failure::NoAnswer(NoAnswer::Network);
    let wait = ["4 s", "4 秒"][usize::from(language == Language::Chinese)];
    for contact in [
        Contact::Good,
        Contact::Retrying {
            failures: 1,
            failure: failure.clone(),
            next_at: 0,
        },
        Contact::Unauthenticated(failure),
    ] {
        let said = task::contact(&contact, true, "12:03:04", wait, language);
        // A time after a word is not a sentence.
        match contact {
            Contact::Good => names.push(said),
            _ => sentences.push(said),
        }
    }
    let dag = world::failed_at(2, &[]);
    let other = AgentAddress::parse("10.10.10.2:2886").unwrap();
    sentences.extend(task::foreign_owner(&dag.id, &other, language));
    for line in LOG_LINES {
        sentences.push(log_hint(line, language).unwrap_or_else(|| panic!("{line}")));
    }
    Said { names, sentences }
}

fn is_han(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

/// Returns the sentence without its command, which has no language, and without the agent's own
/// words.
fn own_part(text: &str) -> &str {
    split_command(text).0
}

#[test]
fn nothing_is_empty_or_unfilled() {
    for language in LANGUAGES {
        let Said { names, sentences } = everything(language);
        for text in names.iter().chain(&sentences) {
            assert!(!text.trim().is_empty());
            assert_eq!(text.trim(), text);
            for place in ["{0}", "{1}", "{2}", "{3}", "{4}", "{5}"] {
                assert!(!text.contains(place), "{text}");
            }
            assert!(!text.contains(['!', '！']), "{text}");
        }
    }
}

#[test]
fn each_language_is_itself() {
    let english = everything(Language::English);
    for text in english.names.iter().chain(&english.sentences) {
        assert!(!text.contains(is_han), "{text}");
        assert!(
            !own_part(text).contains(['，', '。', '：', '（', '“']),
            "{text}"
        );
    }
    let chinese = everything(Language::Chinese);
    for text in chinese.names.iter().chain(&chinese.sentences) {
        assert!(text.contains(is_han), "{text}");
    }
}

#[test]
fn sentences_end_as_sentences_do() {
    for (language, ends) in [
        (Language::English, ['.', ':', ']']),
        (Language::Chinese, ['。', '：', ']']),
    ] {
        for text in everything(language).sentences {
            let sentence = own_part(&text);
            assert!(sentence.ends_with(ends), "{text}");
            // "]" only after the agent's own words.
            if sentence.ends_with(']') {
                assert!(sentence.contains("the agent's own message"), "{text}");
            }
            assert_eq!(text.contains('\n'), sentence.len() < text.len());
            let first = sentence.chars().next().unwrap();
            assert!(
                !first.is_ascii_lowercase()
                    || sentence.starts_with("obproxy")
                    || sentence.starts_with("obshell")
                    || sentence.starts_with("run/")
                    || sentence.starts_with("agent ")
                    || sentence.starts_with("agent，"),
                "{text}"
            );
        }
    }
}

#[test]
fn chinese_is_set_as_chinese() {
    let Said { names, sentences } = everything(Language::Chinese);
    for text in names.iter().chain(&sentences) {
        let text = own_part(text);
        let chars: Vec<char> = text.chars().collect();
        for pair in chars.windows(2) {
            let (a, b) = (pair[0], pair[1]);
            assert!(
                !(is_han(a) && b.is_ascii_alphanumeric() || a.is_ascii_alphanumeric() && is_han(b)),
                "a space is missing at {a}{b}: {text}"
            );
            assert!(
                !(is_han(a) && [',', ';', ':', '?', '.', '(', ')'].contains(&b)),
                "{a}{b}: {text}"
            );
            assert!(
                !(a == ' ' && ['，', '。', '：', '；', '（'].contains(&b)),
                "{a}{b}: {text}"
            );
        }
    }
}

#[test]
fn every_refusal_has_its_own_advice() {
    for language in LANGUAGES {
        let mut seen: HashMap<String, ErrorKind> = HashMap::new();
        for kind in ErrorKind::ALL {
            let advice = problem::api_error(&world::api_error(*kind), ADDRESS, language);
            for text in [
                advice.what.clone(),
                format!("{} {}", advice.what, advice.fix),
            ] {
                if let Some(other) = seen.insert(text.clone(), *kind) {
                    assert_eq!(other, *kind, "{text}");
                }
            }
        }
        assert_eq!(seen.len(), 2 * ErrorKind::ALL.len());
    }
}

#[test]
fn every_wrong_address_has_its_own_advice() {
    for language in LANGUAGES {
        let mut seen = std::collections::HashSet::new();
        for problem in &ADDRESS_PROBLEMS {
            let advice = problem::address_problem(problem, "typed", language);
            assert!(seen.insert(advice.fix), "{problem:?}");
        }
    }
}

#[test]
fn each_problem_stands_at_its_input() {
    let input =
        |problem: &ConnectProblem| problem::connect_problem(problem, ADDRESS, Language::English).0;
    let refused = |kind| ConnectProblem::Credential(Failure::Refused(world::api_error(kind)));
    for (problem, at) in [
        (refused(ErrorKind::IncorrectAgentPassword), Input::Password),
        (refused(ErrorKind::SessionExpired), Input::Password),
        (refused(ErrorKind::UriMismatch), Input::Agent),
        (refused(ErrorKind::HeaderNotFound), Input::Agent),
        (
            ConnectProblem::PasswordNotSet {
                home: "/home/admin/obshell".into(),
            },
            Input::Agent,
        ),
        (
            ConnectProblem::OpenRoutes(Failure::NoAnswer(NoAnswer::Network)),
            Input::Address,
        ),
        (
            ConnectProblem::OpenRoutes(Failure::NotObshell(world::not_obshell()[0])),
            Input::Address,
        ),
    ] {
        assert_eq!(input(&problem), at, "{problem:?}");
    }
}

#[test]
fn a_password_that_is_not_set_comes_with_the_very_call() {
    let facts = world::facts(Some(true));
    let failed = Check {
        verdict: Verdict::Fail,
        finding: Finding::PasswordSet,
    };
    for language in LANGUAGES {
        let fix = check::check(&failed, &facts, language).fix.unwrap();
        assert_eq!(
            split_command(&fix).1,
            Some(
                "curl --unix-socket /home/admin/agent/run/obshell.sock -X POST http://localhost/api/v1/agent/password -d '{\"password\":\"…\"}'"
            )
        );
    }
}

#[test]
fn the_stages_of_the_review_are_those_of_the_task() {
    for language in LANGUAGES {
        let stages = review::stages(language);
        assert_eq!(
            stages.map(|stage| stage.wire_name),
            [world::CHECK, world::STOP, world::DELETE, world::CLEAN]
        );
        for stage in stages {
            assert_eq!(
                stage.title,
                task::stage_title(&stage.wire_name.into(), language)
            );
            assert_ne!(stage.title, stage.wire_name);
        }
        assert_eq!(
            task::stage_title(&"Something new".into(), language),
            "Something new"
        );
        assert_eq!(
            task::dag_title(&"Something new".into(), language),
            "Something new"
        );
    }
}

#[test]
fn an_id_of_another_agent_is_told_and_a_name_is_not_compared() {
    let dag = world::failed_at(2, &[]);
    let told = |text: &str| {
        let asked = AgentAddress::parse(text).unwrap();
        task::foreign_owner(&dag.id, &asked, Language::English)
    };
    assert_eq!(told(ADDRESS), None);
    assert_eq!(told("db-7.example:2886"), None);
    let sentence = told("10.10.10.2:2886").unwrap();
    assert!(sentence.contains(ADDRESS) && sentence.contains("10.10.10.2:2886"));
}
