//! Tests the differences between agents from 4.2.6 to 4.5: key size, error format, `supportedAuth`,
//! sessions. At every version a person reaches the same endings and reads the same messages.

use obshell_sim::{Config, Fate, Odp, Version};
use odp_console::flow::ending::Ending;
use odp_console::flow::event::FlowEvent;
use odp_console::flow::state::{ConnectProblem, Contact, OdpLookup, Screen, State, SubmitPhase};
use odp_console::obshell::error::{ErrorKind, Failure};

use super::config;
use super::shell::{Console, PASSWORD};

/// The last version of each kind, and the first of the next (protocol: 7).
const VERSIONS: [Version; 9] = [
    Version::new(4, 2, 6, 0),
    Version::new(4, 3, 0, 0),
    Version::new(4, 3, 1, 0),
    Version::new(4, 3, 3, 0),
    Version::new(4, 4, 0, 0),
    Version::new(4, 4, 1, 0),
    Version::new(4, 4, 1, 1),
    Version::new(4, 4, 2, 0),
    Version::new(4, 5, 0, 0),
];

/// Every version with both key sizes, whatever its default: before 4.4.2.0 an upgrade keeps the key
/// (protocol: 1.1).
fn agents() -> impl Iterator<Item = Config> {
    VERSIONS.into_iter().flat_map(|version| {
        [512, 1024].map(|bits| Config {
            version,
            rsa_bits: Some(bits),
            ..config()
        })
    })
}

fn name(config: &Config) -> String {
    format!("{} with {:?} bits", config.version, config.rsa_bits)
}

/// Agents before 4.3.1.0 have only numeric codes.
fn check_format(failure: &Failure, version: Version) {
    let Failure::Refused(error) = failure else {
        panic!("{version}: {failure:?}")
    };
    assert_eq!(
        error.err_code.is_some(),
        version.has_err_code(),
        "{version}"
    );
    assert!(!error.message.is_empty(), "{version}");
    assert!(!error.shown_code().is_empty());
}

pub fn is_deleting(state: &State) -> bool {
    matches!(&state.screen, Screen::Submitting(submitting)
        if matches!(submitting.phase, SubmitPhase::Deleting(_)))
}

/// Returns a console whose DELETE is about to be sent.
async fn deleting(config: Config) -> Console {
    let mut console = Console::beside(config).await;
    console.connect(PASSWORD).await;
    let typed = console.address();
    console
        .act_until(FlowEvent::Confirm { typed }, is_deleting)
        .await;
    assert_eq!(console.sent, 0);
    console
}

#[tokio::test]
async fn the_happy_end() {
    for config in agents() {
        for supported_auth in [Some(false), Some(true)] {
            let name = name(&config);
            let bits = config.rsa_bits;
            let mut console = Console::beside(Config {
                supported_auth,
                ..config.clone()
            })
            .await;
            console.connect(PASSWORD).await;
            let facts = console.state.facts().unwrap();
            let key = facts.key.as_ref().unwrap();
            assert_eq!(Some(key.bits()), bits, "{name}");
            assert_eq!(facts.info.manages_odp, Some(true), "{name}");
            assert_eq!(facts.info.password_set, Some(true), "{name}");
            console.review_and_confirm().await;
            assert_eq!(console.told, [Ending::Destroyed], "{name}");
            assert_eq!((console.sent, console.deletes()), (1, 1), "{name}");
            assert_eq!(console.control.snapshot().managed_home, None, "{name}");
        }
    }
}

#[tokio::test]
async fn a_wrong_password_at_connect_costs_nothing() {
    for config in agents() {
        let (name, version) = (name(&config), config.version);
        let mut console = Console::beside(config).await;
        console.connect("wrong").await;
        match &console.state.form.problem {
            Some(ConnectProblem::Credential(failure)) => {
                check_format(failure, version);
                let Failure::Refused(error) = failure else {
                    panic!("{name}")
                };
                assert_eq!(error.kind, ErrorKind::IncorrectAgentPassword, "{name}");
            }
            other => panic!("{name}: {other:?}"),
        }
        console.connect(PASSWORD).await;
        assert!(matches!(console.state.screen, Screen::Review(_)));
        assert_eq!(console.deletes(), 0);
    }
}

#[tokio::test]
async fn no_password_set_is_known_without_asking() {
    for config in agents() {
        let name = name(&config);
        let mut console = Console::beside(Config {
            agent_password: None,
            ..config
        })
        .await;
        console.connect(PASSWORD).await;
        let problem = &console.state.form.problem;
        assert!(
            matches!(problem, Some(ConnectProblem::PasswordNotSet { .. })),
            "{name}: {problem:?}"
        );
    }
}

#[tokio::test]
async fn a_refused_delete_is_told_as_refused() {
    for config in agents() {
        let (name, version) = (name(&config), config.version);
        let mut console = deleting(config).await;
        console.control.set_password(Some("another"));
        console.go_on().await;
        // A copy of the DELETE may have been executed: the tasks are read with the new password.
        let (contact, _) = console.state.contact().unwrap();
        assert!(matches!(contact, Contact::Unauthenticated(_)), "{name}");
        console.give("another");
        console
            .act(FlowEvent::Authenticate {
                has_credential: true,
            })
            .await;
        match console.ending() {
            Ending::Refused(error) => {
                assert_eq!(error.kind, ErrorKind::IncorrectAgentPassword, "{name}");
                check_format(&Failure::Refused(error.clone()), version);
            }
            other => panic!("{name}: {other:?}"),
        }
        assert_eq!((console.sent, console.deletes()), (1, 1), "{name}");
        assert!(console.control.snapshot().tasks.is_empty(), "{name}");
    }
}

#[tokio::test]
async fn a_lock_that_somebody_holds_is_told_with_their_task() {
    for config in agents() {
        let (name, version) = (name(&config), config.version);
        let mut console = Console::beside(config).await;
        console.connect(PASSWORD).await;
        let mut other = console.twin();
        other.connect(PASSWORD).await;
        other.confirm_without_news().await;
        console.review_and_confirm().await;
        match console.ending() {
            Ending::SomeoneElse {
                error,
                holder: Some(dag),
            } => {
                assert_eq!(error.kind, ErrorKind::UnderMaintenance, "{name}");
                check_format(&Failure::Refused(error.clone()), version);
                assert!(dag.is_delete(), "{name}");
            }
            other => panic!("{name}: {other:?}"),
        }
        console.act(FlowEvent::FollowHolder).await;
        assert_eq!(*console.ending(), Ending::Destroyed, "{name}");
        assert_eq!(console.control.snapshot().tasks.len(), 1, "{name}");
    }
}

#[tokio::test]
async fn nothing_managed_is_a_204_in_every_version() {
    for config in agents() {
        let name = name(&config);
        let mut console = deleting(config).await;
        console.control.set_odp(Odp::Unmanaged);
        console.go_on().await;
        assert_eq!(*console.ending(), Ending::NothingToDestroy, "{name}");
    }
}

#[tokio::test]
async fn a_key_that_changes_under_the_delete_is_read_anew_and_the_delete_sent_once_more() {
    for config in agents() {
        let name = name(&config);
        let mut console = deleting(config).await;
        console.control.rotate_key().unwrap();
        console.go_on().await;
        assert_eq!(console.told, [Ending::Destroyed], "{name}");
        assert_eq!(console.sent, 2, "{name}");
        assert_eq!(console.control.snapshot().tasks.len(), 1, "{name}");
    }
}

#[tokio::test]
async fn a_key_that_changes_twice_under_the_delete_is_not_chased() {
    for config in agents() {
        let (name, version) = (name(&config), config.version);
        let mut console = deleting(config).await;
        console.control.rotate_key().unwrap();
        // Up to the second DELETE.
        console
            .act_until(FlowEvent::Visible(true), |state| !is_deleting(state))
            .await;
        console
            .act_until(FlowEvent::Visible(true), is_deleting)
            .await;
        console.control.rotate_key().unwrap();
        console.go_on().await;
        match console.ending() {
            Ending::Refused(error) => {
                assert_eq!(error.kind, ErrorKind::HeaderDecryptFailed, "{name}");
                check_format(&Failure::Refused(error.clone()), version);
            }
            other => panic!("{name}: {other:?}"),
        }
        assert_eq!(console.sent, 2, "{name}");
        assert!(console.control.snapshot().tasks.is_empty(), "{name}");
    }
}

#[tokio::test]
async fn a_key_and_a_password_that_change_in_mid_task_are_overcome() {
    for config in agents() {
        let name = name(&config);
        let mut console = Console::beside(config).await;
        console.connect(PASSWORD).await;
        console.confirm_without_news().await;
        console.control.rotate_key().unwrap();
        let stage_2 =
            |state: &State| matches!(&state.screen, Screen::Task(task) if task.dag.stage == 2);
        console.act_until(FlowEvent::Visible(true), stage_2).await;
        assert!(stage_2(&console.state), "{name}");
        console.control.set_password(Some("another"));
        console.go_on().await;
        let Screen::Task(task) = &console.state.screen else {
            panic!("{name}: {:?}", console.state.screen)
        };
        assert!(
            matches!(task.contact, Contact::Unauthenticated(_)),
            "{name}"
        );
        console.give("another");
        console
            .act(FlowEvent::Authenticate {
                has_credential: true,
            })
            .await;
        assert_eq!(console.told, [Ending::Destroyed], "{name}");
        assert_eq!(console.deletes(), 1, "{name}");
    }
}

/// A browser logs every response with an error status as an error. On the way to a normal ending
/// there is none, whether the agent ever had a task or not.
#[tokio::test]
async fn nothing_is_answered_with_an_error_on_the_way_to_a_destroyed_odp() {
    for version in VERSIONS {
        for added in [false, true] {
            let mut console = Console::beside(Config {
                version,
                added,
                ..config()
            })
            .await;
            for again in [false, true] {
                let name = format!("{version}, added: {added}, again: {again}");
                if again {
                    console.act(FlowEvent::StartOver).await;
                    console.control.set_odp(Odp::Running);
                    console.control.forget_requests();
                }
                console.connect(PASSWORD).await;
                // The log of the task that added the ODP, which a delete makes obsolete.
                match (console.state.odp(), added && !again) {
                    (OdpLookup::Found(odp), true) => {
                        assert_eq!(
                            (odp.name.clone(), odp.port),
                            (Some("px".into()), Some(2883))
                        );
                    }
                    (OdpLookup::NotFound, false) => {}
                    (other, _) => panic!("{name}: {other:?}"),
                }
                console.review_and_confirm().await;
                assert_eq!(*console.ending(), Ending::Destroyed, "{name}");
                let mut errors = console.control.requests();
                errors.retain(|request| !matches!(request.fate, Fate::Answered(200..400)));
                // Without a list of all tasks there is no other way to find out that there is none.
                if version == Version::new(4, 2, 6, 0) && !added && !again {
                    let newest = "/api/v1/task/dag/maintain/agent";
                    assert!(errors.iter().all(|request| request.is("GET", newest)));
                    // During the checks, and before the DELETE.
                    assert_eq!(errors.len(), 2, "{name}: {errors:?}");
                } else {
                    assert_eq!(errors, [], "{name}");
                }
            }
        }
    }
}
