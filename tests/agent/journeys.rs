//! Runs the scripted journeys, which are written for the newest version of the agent, against every
//! other known version.

use std::cell::Cell;

use obshell_sim::Version;

use super::operate;

thread_local! {
    /// The version of the agents in this thread's journey.
    static VERSION: Cell<Version> = const { Cell::new(Version::CURRENT) };
}

/// The version of the agents in a journey.
pub fn version() -> Version {
    VERSION.get()
}

/// Sets the version until dropped; then the newest applies again, also after a panic.
struct At;

impl At {
    fn version(version: Version) -> Self {
        VERSION.set(version);
        Self
    }
}

impl Drop for At {
    fn drop(&mut self) {
        VERSION.set(Version::CURRENT);
    }
}

/// Runs a journey at every known version from `since` to the last one before the newest.
fn at_old_versions(since: Version, journey: fn()) {
    let old = Version::KNOWN.into_iter();
    for version in old.filter(|version| (since..Version::CURRENT).contains(version)) {
        println!("{version}");
        let _at = At::version(version);
        journey();
    }
}

const ALWAYS: Version = Version::new(4, 2, 6, 0);
/// The first version with CANCEL, and with PASS of a whole task.
const SINCE_CANCEL: Version = Version::new(4, 3, 0, 0);
const SINCE_NODE_PASS: Version = Version::new(4, 3, 1, 0);

macro_rules! journeys {
    ($($since:ident: $($path:ident)::+;)+) => {
        /// The journeys that run at every version.
        const MADE_AGAIN: &[&str] = &[$(stringify!($($path)::+),)+];

        $(journeys!(@test $since, $($path)::+);)+
    };
    (@test $since:ident, main::$name:ident) => {
        #[test]
        fn $name() {
            at_old_versions($since, super::$name);
        }
    };
    (@test $since:ident, operate::$name:ident) => {
        #[test]
        fn $name() {
            at_old_versions($since, operate::$name);
        }
    };
}

journeys! {
    ALWAYS: main::a_browser_clock_that_is_off_does_not_matter;
    ALWAYS: main::a_failed_stage_is_named_with_what_the_agent_manages_then;
    ALWAYS: main::nothing_managed_is_told_before_and_after;
    ALWAYS: main::a_key_that_changed_after_the_checks_is_read_anew;
    ALWAYS: main::a_password_that_changed_after_the_checks_is_known_before_anything_is_sent;
    ALWAYS: main::an_agent_that_went_away_after_the_checks_got_nothing;
    ALWAYS: main::a_task_that_holds_the_agent_is_found_before_anything_is_sent;
    ALWAYS: main::a_request_that_got_lost_is_known_to_have_done_nothing_once_it_is_too_late_for_it;
    ALWAYS: main::a_clock_that_jumps_while_it_is_found_out_is_no_proof;
    ALWAYS: main::an_answer_that_a_proxy_swallowed_is_found_out_by_reading;
    ALWAYS: main::an_agent_that_fails_in_every_way_but_one_is_read_until_it_tells;
    ALWAYS: main::a_restart_in_mid_task_is_followed_through_and_noted;
    ALWAYS: main::a_clock_that_is_set_in_mid_task_is_measured_again;
    ALWAYS: operate::a_retry_goes_on_to_the_end_from_every_stage;
    ALWAYS: operate::a_retry_that_fails_again_is_told_again_and_another_is_another_decision;
    SINCE_NODE_PASS: operate::skipping_the_failed_stage_ends_as_skipped_and_does_what_was_said;
    SINCE_CANCEL: operate::marking_as_done_runs_nothing_and_does_what_was_said;
    ALWAYS: operate::a_task_that_gave_the_lock_back_cannot_be_marked_as_done;
    SINCE_CANCEL: operate::a_cancel_stops_at_every_stage_and_does_what_was_said;
    SINCE_NODE_PASS: operate::an_answer_that_got_lost_after_the_agent_acted_is_seen_in_the_task;
    ALWAYS: operate::an_operation_that_got_lost_before_is_not_sent_again_and_the_old_end_is_told_late;
    ALWAYS: operate::a_key_that_changes_is_read_before_and_told_where_it_is_too_late;
    ALWAYS: operate::a_changed_password_is_asked_for_and_only_a_confirmation_sends;
    ALWAYS: operate::a_restart_between_confirmation_and_effect_is_followed_through;
    SINCE_NODE_PASS: operate::an_operation_in_vain_leaves_what_is_so;
}

/// Journeys that iterate over the versions themselves, or do not depend on them, with the reason
/// why they are not repeated.
const NOT_AGAIN: &[(&str, &str)] = &[
    (
        "main::every_version_with_odp_routes_is_destroyed_through",
        ITSELF,
    ),
    ("main::what_stands_in_the_way_is_told_at_connect", ITSELF),
    (
        "main::a_wrong_password_is_known_in_both_error_formats",
        ITSELF,
    ),
    (
        "main::the_second_of_two_consoles_follows_the_first_ones_task",
        ITSELF,
    ),
    (
        "main::of_two_that_confirm_at_the_same_moment_one_begins_and_the_other_follows",
        ITSELF,
    ),
    ("main::a_lost_answer_is_found_out_by_reading", ITSELF),
    (
        "main::a_key_that_changes_is_read_anew_wherever_it_is_noticed",
        ITSELF,
    ),
    (
        "main::a_cluster_agent_with_an_agent_password_is_served_too",
        SESSIONS,
    ),
    (
        "main::a_session_destroys_with_and_without_an_agent_password",
        SESSIONS,
    ),
    (
        "main::a_cluster_agent_without_any_password_takes_the_empty_one_only",
        SESSIONS,
    ),
    (
        "main::a_wrong_root_password_is_told_once_and_a_right_one_goes_on",
        SESSIONS,
    ),
    (
        "main::an_oceanbase_without_a_root_password_asks_for_the_agent_password",
        SESSIONS,
    ),
    (
        "main::a_session_that_dies_in_mid_task_is_asked_for_and_the_task_goes_on",
        SESSIONS,
    ),
    (
        "main::the_command_that_sets_a_password_sets_it",
        "it is about a command line",
    ),
    (
        "operate::every_version_is_operated_on_in_its_own_manner",
        ITSELF,
    ),
    (
        "operate::of_two_consoles_that_retry_at_once_one_is_refused_and_both_see_the_end",
        ITSELF,
    ),
    (
        "operate::a_lock_that_somebody_else_took_is_told_in_the_agents_words",
        ITSELF,
    ),
];

const ITSELF: &str = "it goes through the versions itself";
const SESSIONS: &str = "sessions came late, and it says itself where it meets which version";

#[test]
fn every_journey_is_made_again_or_says_why_not() {
    let written = [
        ("main", include_str!("main.rs")),
        ("operate", include_str!("operate.rs")),
    ];
    for (module, text) in written {
        for test in text.split("#[tokio::test]\n").skip(1) {
            let name = test.split("async fn ").nth(1).unwrap();
            let name = format!("{module}::{}", name.split('(').next().unwrap());
            // rustfmt may split a long path into two lines.
            let bare = |path: &str| path.split_whitespace().collect::<String>();
            let again = MADE_AGAIN.iter().any(|made| bare(made) == name);
            let not = NOT_AGAIN.iter().any(|(left_out, _)| *left_out == name);
            assert!(again != not, "made again: {again}, not: {not}: {name}");
        }
    }
}
