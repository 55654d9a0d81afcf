//! Plays the fault matrix: one test for each row, with its own page for every cell.

pub mod play;
#[expect(dead_code, reason = "some words are for docs/fault-matrix.md alone")]
pub mod table;

use obshell_sim::{Operator, Snapshot, State};

use self::play::Play;
use self::table::{Cell, Deletes, Ending, Fault, Moment, TABLE};
use crate::support::{Look, Role, in_browser};
use crate::walk::{Walk, config};

macro_rules! rows {
    ($($name:ident = $fault:ident,)+) => {
        $(#[test]
        fn $name() {
            play_row(Fault::$fault);
        })+

        /// The faults that have a test.
        const PLAYED: &[Fault] = &[$(Fault::$fault,)+];
    };
}

rows! {
    a_new_key = KeyRotated,
    a_clock_that_jumps_ahead = ClockAhead,
    a_clock_that_jumps_back = ClockBehind,
    a_request_that_is_cut_off = CutBeforeActing,
    an_answer_that_is_cut_off = CutAfterActing,
    an_error_page_in_the_agents_stead = ErrorPage,
    an_error_page_although_the_agent_has_acted = ErrorPageAfterActing,
    half_an_answer = Truncated,
    a_restart = Restart,
    an_agent_that_is_away = Away,
    a_stage_that_fails_once = FailsOnce,
    a_stage_that_fails_always = FailsAlways,
    someone_else_cancels = Cancelled,
    someone_else_marks_as_done = Passed,
    another_password = PasswordChanged,
    a_second_console = SecondConsole,
}

#[test]
fn every_row_is_played() {
    let rows: Vec<Fault> = TABLE.iter().map(|row| row.fault).collect();
    assert_eq!(rows, PLAYED);
}

fn play_row(fault: Fault) {
    let row = TABLE.iter().find(|row| row.fault == fault).unwrap();
    in_browser(Look::default(), |browser| {
        for (moment, cell) in Moment::ALL.into_iter().zip(row.cells) {
            // Shown if the test fails.
            println!("{}, {moment:?}: {cell:?}", row.name);
            let Cell::Played {
                endings, deletes, ..
            } = cell
            else {
                continue;
            };
            let walk = Walk::start(browser, config());
            let mut play = Play::new(&walk);
            play.play(fault, moment);
            for (number, ending) in endings.iter().enumerate() {
                if number > 0 {
                    play.retry();
                }
                play.run_to(*ending);
                browser.see(Role::Heading, &ending.to_string());
                assert_true(*ending, &walk.control.snapshot());
            }
            play.afterwards(fault, moment);
            assert_eq!(counted(&walk, &play), deletes);
            browser.check_manners();
        }
    });
}

/// Counts the DELETEs that left the page's site and those that arrived.
fn counted(walk: &Walk<'_>, play: &Play<'_>) -> Deletes {
    let of_others = play.deletes_of_others;
    Deletes {
        sent: walk.sent_deletes(),
        reached: walk.deletes() - of_others,
        of_others,
    }
}

/// Checks that an ending is true of the agent.
fn assert_true(ending: Ending, seen: &Snapshot) {
    let managed = seen.managed_home.is_some();
    let last = seen
        .last_task()
        .map(|task| (task.state, task.operator, task.stage));
    let so = match ending {
        Ending::Destroyed => !managed && matches!(last, Some((State::Succeed, Operator::Run, 4))),
        Ending::NotSent | Ending::Refused => managed && last.is_none(),
        Ending::SomeoneElse => last.is_some(),
        Ending::Skipped => matches!(last, Some((State::Succeed, Operator::Pass, _))),
        Ending::Failed(stage) => {
            managed == (stage < 4)
                && matches!(last, Some((State::Failed, Operator::Run, at)) if at == stage)
        }
        Ending::Cancelled(stage) => {
            managed && matches!(last, Some((State::Failed, Operator::Cancel, at)) if at == stage)
        }
    };
    assert!(so, "the page says {ending}, and the agent is so: {seen:#?}");
    assert!(seen.tasks.len() <= 1, "{seen:#?}");
}
