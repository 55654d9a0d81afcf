//! The actions in each cell of the fault matrix.

use obshell_sim::{Broken, Fail, Fate, Fault as Injected, Harm, Matching, State};
use odp_console::flow::ending::Ending as Told;
use odp_console::flow::event::FlowEvent;
use odp_console::flow::operation::Operation;

use super::table::{Ending, Fault, Moment};
use crate::agent::Console;
use crate::support::Role;
use crate::walk::{DELETE, PASSWORD, Walk};

/// The last read of every round while the page determines the outcome of a DELETE.
const UNFINISHED: &str = "/api/v1/task/dag/agent/unfinish";
/// A read of a destroy that is being followed.
const TASK: &str = "/api/v1/task/dag/4*";
/// The first request after the confirmation.
const FIRST: &str = "/api/v1/time";
/// More seconds than the lifetime of a DELETE's header plus the time in which the agent shows its
/// task.
const HEADER_LIFE: i64 = 75;

/// A cell that is being played.
pub struct Play<'a> {
    walk: &'a Walk<'a>,
    /// DELETEs of the other console.
    pub deletes_of_others: usize,
    other: Option<Console>,
    /// The seconds by which the clocks were advanced.
    passed: i64,
}

impl<'a> Play<'a> {
    pub fn new(walk: &'a Walk<'a>) -> Self {
        Self {
            walk,
            deletes_of_others: 0,
            other: None,
            passed: 0,
        }
    }

    /// Plays a cell up to the point where the agent only has to continue.
    pub fn play(&mut self, fault: Fault, moment: Moment) {
        match moment {
            Moment::Before => self.before(fault),
            Moment::During => self.during(fault),
            Moment::After => self.after(fault),
        }
    }

    fn before(&mut self, fault: Fault) {
        let control = &self.walk.control;
        self.walk.review();
        match fault {
            Fault::CutBeforeActing
            | Fault::CutAfterActing
            | Fault::ErrorPage
            | Fault::ErrorPageAfterActing
            | Fault::Truncated => self.harm(fault, "GET", FIRST),
            Fault::FailsOnce => control.fail_stage(1, 1),
            Fault::FailsAlways => control.set_fail(Fail::Check),
            Fault::SecondConsole => {
                self.other_reviews();
                self.deletes_of_others += 1;
                self.with_other(async |other| other.confirm_without_news().await);
            }
            Fault::KeyRotated
            | Fault::ClockAhead
            | Fault::ClockBehind
            | Fault::Restart
            | Fault::Away
            | Fault::PasswordChanged => self.change(fault),
            Fault::Cancelled | Fault::Passed => panic!("there is no task"),
        }
        self.walk.confirm();
    }

    fn during(&mut self, fault: Fault) {
        let (walk, control) = (self.walk, &self.walk.control);
        walk.review();
        match fault {
            Fault::CutBeforeActing
            | Fault::CutAfterActing
            | Fault::ErrorPage
            | Fault::ErrorPageAfterActing
            | Fault::Truncated => {
                control.hold_answers(Matching::new("GET", UNFINISHED));
                self.harm(fault, "DELETE", DELETE);
                walk.confirm();
                self.it_becomes_too_late();
            }
            Fault::KeyRotated
            | Fault::ClockAhead
            | Fault::ClockBehind
            | Fault::FailsOnce
            | Fault::FailsAlways => {
                self.confirm_and_hold();
                match fault {
                    Fault::FailsOnce => control.fail_stage(2, 1),
                    Fault::FailsAlways => control.set_fail(Fail::Stop),
                    _ => self.change(fault),
                }
                control.let_through();
            }
            Fault::PasswordChanged => {
                self.confirm_and_hold();
                self.change(fault);
                control.let_through();
                self.sign_in_anew();
            }
            Fault::Away => {
                self.confirm_and_hold();
                self.change(fault);
                control.let_through();
                walk.browser.read("retrying in");
                control.hold_answers(Matching::new("GET", UNFINISHED));
                walk.browser.block_on(control.come_back()).unwrap();
                self.it_becomes_too_late();
            }
            Fault::Restart => {
                self.confirm_and_hold_answer();
                self.change(fault);
                control.let_through();
            }
            Fault::Cancelled => {
                self.confirm_and_hold_answer();
                self.other_operates(Operation::Cancel);
                control.let_through();
            }
            Fault::Passed => {
                control.fail_stage(2, 1);
                self.confirm_and_hold_answer();
                assert!(control.step_to_end());
                self.other_operates(Operation::MarkDone);
                control.let_through();
            }
            Fault::SecondConsole => {
                self.other_reviews();
                self.confirm_and_hold();
                self.deletes_of_others += 1;
                let both = control.clone();
                self.with_other(async |other| {
                    tokio::join!(other.confirm_at_once(), async {
                        both.wait_until(|seen| seen.on_the_way("DELETE", DELETE) == 2)
                            .await;
                        both.let_through();
                    });
                });
            }
        }
    }

    fn after(&mut self, fault: Fault) {
        let (walk, control) = (self.walk, &self.walk.control);
        if fault == Fault::SecondConsole {
            self.other_reviews();
        }
        walk.destroy();
        walk.browser.see(Role::Heading, "Destroy ODP");
        match fault {
            Fault::CutBeforeActing
            | Fault::CutAfterActing
            | Fault::ErrorPage
            | Fault::ErrorPageAfterActing
            | Fault::Truncated => {
                self.harm(fault, "GET", TASK);
                walk.browser.wait_until("a question that is harmed", || {
                    let requests = control.requests();
                    let mut asked = requests.iter().filter(|request| {
                        Matching::new("GET", TASK).matches(&request.method, &request.target)
                    });
                    asked.any(|request| {
                        matches!(request.fate, Fate::NeverSeen | Fate::ActedUnheard(_))
                    })
                });
            }
            Fault::KeyRotated | Fault::ClockAhead => {
                self.change(fault);
                walk.browser.wait_until("a question that is refused", || {
                    let requests = control.requests();
                    requests
                        .iter()
                        .any(|request| request.fate == Fate::Answered(401))
                });
            }
            Fault::ClockBehind => {
                self.change(fault);
                let before = self.answers();
                walk.browser
                    .wait_until("two more answers", || self.answers() >= before + 2);
            }
            Fault::Restart => {
                self.until_stage_2();
                self.change(fault);
            }
            Fault::Away => {
                self.change(fault);
                walk.browser.read("retrying in");
                self.time_passes(30);
                walk.browser.block_on(control.come_back()).unwrap();
            }
            Fault::FailsOnce => control.fail_stage(3, 1),
            Fault::FailsAlways => control.set_fail(Fail::Clean),
            Fault::Cancelled => {
                self.until_stage_2();
                self.other_operates(Operation::Cancel);
            }
            Fault::Passed => {
                self.hide();
                control.fail_stage(2, 1);
                assert!(control.step_to_end());
                self.other_operates(Operation::MarkDone);
                self.walk.browser.show_page(true);
            }
            Fault::PasswordChanged => {
                self.change(fault);
                self.sign_in_anew();
            }
            Fault::SecondConsole => {
                self.deletes_of_others += 1;
                let told = self.with_other(async |other| {
                    other.confirm_at_once().await;
                    other.ending().clone()
                });
                assert!(matches!(told, Told::SomeoneElse { .. }), "{told:?}");
            }
        }
    }

    /// Checks the state outside of the page.
    pub fn afterwards(&mut self, fault: Fault, moment: Moment) {
        let browser = self.walk.browser;
        match (fault, moment) {
            (Fault::Restart, Moment::After) => {
                browser.read("The agent restarted while the console watched the task")
            }
            (Fault::SecondConsole, Moment::During) => {
                let told = self.with_other(async |other| {
                    other.go_on().await;
                    other.ending().clone()
                });
                assert_eq!(told, Told::Destroyed, "the other one follows the same task");
            }
            _ => {}
        }
    }

    /// Advances the agent to this ending.
    pub fn run_to(&self, ending: Ending) {
        match ending {
            Ending::NotSent | Ending::Refused | Ending::SomeoneElse => {}
            Ending::Destroyed | Ending::Skipped | Ending::Failed(_) | Ending::Cancelled(_) => {
                let control = &self.walk.control;
                self.walk.browser.wait_until("the agent's task", || {
                    control.snapshot().last_task().is_some()
                });
                assert!(control.step_to_end(), "the task has not ended");
            }
        }
    }

    /// Presses "Retry" at the ending and confirms.
    pub fn retry(&self) {
        let (browser, control) = (self.walk.browser, &self.walk.control);
        browser.click(Role::Button, "Retry");
        browser.click(Role::Button, "Retry now");
        browser.wait_until("a task that goes on", || {
            let seen = control.snapshot();
            seen.last_task()
                .is_some_and(|task| matches!(task.state, State::Ready | State::Running))
        });
        // Not the previous ending.
        browser.see(Role::Heading, "Destroy ODP");
    }

    // The faults.

    /// Damages the next response, or keeps the next request from the agent.
    fn harm(&self, fault: Fault, method: &str, path: &str) {
        let harm = match fault {
            Fault::CutBeforeActing => Harm::CutBeforeActing,
            Fault::CutAfterActing => Harm::CutAfterActing,
            Fault::ErrorPage => Harm::ProxyAnswers(Broken::Html(502)),
            Fault::ErrorPageAfterActing => Harm::ProxyAnswersAfterActing(Broken::Html(502)),
            Fault::Truncated => Harm::ProxyAnswersAfterActing(Broken::TruncatedByLength),
            other => panic!("{other:?} harms no single request"),
        };
        self.walk.control.inject(Injected {
            matching: Matching::new(method, path),
            harm,
            times: 1,
        });
    }

    /// Changes the agent.
    fn change(&self, fault: Fault) {
        let (browser, control) = (self.walk.browser, &self.walk.control);
        match fault {
            Fault::KeyRotated => control.rotate_key().unwrap(),
            Fault::ClockAhead => control.set_clock_offset(7200),
            Fault::ClockBehind => control.set_clock_offset(-7200),
            Fault::Restart => browser.block_on(control.restart()).unwrap(),
            Fault::Away => browser.block_on(control.go_away()).unwrap(),
            Fault::PasswordChanged => {
                browser.secret(OTHER_PASSWORD);
                control.set_password(Some(OTHER_PASSWORD));
            }
            other => panic!("{other:?} is no change of the agent"),
        }
    }

    /// Signs in with the changed password.
    fn sign_in_anew(&self) {
        let browser = self.walk.browser;
        browser.fill("Agent password", OTHER_PASSWORD);
        browser.click(Role::Button, "Sign in");
    }

    // The moments.

    /// Confirms, and keeps the DELETE from the agent.
    fn confirm_and_hold(&self) {
        let control = &self.walk.control;
        control.hold_requests(Matching::new("DELETE", DELETE));
        self.walk.confirm();
        self.walk.browser.wait_until("the DELETE on its way", || {
            control.snapshot().on_the_way("DELETE", DELETE) == 1
        });
    }

    /// Confirms, and keeps the agent's answer to the DELETE from the page.
    fn confirm_and_hold_answer(&self) {
        let control = &self.walk.control;
        control.hold_answers(Matching::new("DELETE", DELETE));
        self.walk.confirm();
        self.walk
            .browser
            .wait_until("an answer on its way back", || {
                control.snapshot().count("DELETE", DELETE) == 1
            });
    }

    /// Lets the DELETE expire. While the response with the unfinished tasks is held back, the page
    /// does not read the clock, so the time passes for both clocks at once.
    fn it_becomes_too_late(&mut self) {
        let (browser, control) = (self.walk.browser, self.walk.control.clone());
        browser.wait_until("a page that reads what came of it", || {
            let requests = control.requests();
            requests.iter().any(|request| {
                request.is("GET", UNFINISHED) && request.fate == Fate::ActedUnheard(200)
            })
        });
        self.time_passes(HEADER_LIFE);
        control.let_through();
    }

    /// Advances both clocks, the page's and the agent's.
    fn time_passes(&mut self, seconds: i64) {
        self.passed += seconds;
        self.walk.control.set_clock_offset(self.passed);
        self.walk.browser.script(
            "const now = Date.now; const ahead = arguments[0] * 1000;
             Date.now = () => now.call(Date) + ahead",
            &[seconds.into()],
        );
    }

    /// Advances the agent to stage 2, where it waits.
    fn until_stage_2(&self) {
        let control = &self.walk.control;
        let runs = || {
            let seen = control.snapshot();
            let node = seen.last_task().and_then(|task| task.nodes.get(1).cloned());
            node.is_some_and(|node| node.sub_task.state == State::Running)
        };
        while !runs() {
            control.pass();
        }
        self.walk.browser.read("Kill obproxy process");
    }

    /// The number of reads of the task with a response.
    fn answers(&self) -> usize {
        let requests = self.walk.control.requests();
        let tasks = Matching::new("GET", TASK);
        let answered = requests.iter().filter(|request| {
            request.fate == Fate::Answered(200) && tasks.matches(&request.method, &request.target)
        });
        answered.count()
    }

    /// Hides the page while it has one pending request, and waits for the response: a hidden page
    /// sends no further request.
    fn hide(&self) {
        let (browser, control) = (self.walk.browser, &self.walk.control);
        control.hold_requests(Matching::new("GET", TASK));
        browser.wait_until("a question under way", || {
            control.snapshot().on_the_way("GET", TASK) == 1
        });
        self.walk.browser.show_page(false);
        control.let_through();
        browser.wait_until("its answer", || {
            control.snapshot().on_the_way("GET", TASK) == 0
        });
    }

    // Another console.

    /// Takes another console to the review.
    fn other_reviews(&mut self) {
        self.with_other(async |other| {
            other.connect(PASSWORD).await;
        });
    }

    /// Operates on the task from another console.
    fn other_operates(&mut self, operation: Operation) {
        self.with_other(async |other| {
            other.connect(PASSWORD).await;
            for event in [
                FlowEvent::FollowHolder,
                FlowEvent::Operate(operation),
                FlowEvent::ConfirmOperation,
            ] {
                other.act_at_once(event).await;
            }
        });
    }

    fn with_other<T>(&mut self, act: impl AsyncFnOnce(&mut Console) -> T) -> T {
        let walk = self.walk;
        let other = self.other.get_or_insert_with(|| Console::at(&walk.agent));
        walk.browser.block_on(act(other))
    }
}

/// The agent's new password.
const OTHER_PASSWORD: &str = "quark-Torte 2846";
