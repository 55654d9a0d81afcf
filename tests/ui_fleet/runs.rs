//! Runs for rendering, built from the states of single destroys.

use std::collections::VecDeque;
use std::rc::Rc;

use odp_console::fleet::effect::FleetEffect;
use odp_console::fleet::event::{FleetEvent, MemberSelection};
use odp_console::fleet::member::{ChosenAgent, LeftOut, Member, MemberId, MemberStatus};
use odp_console::fleet::state::{Choice, Fleet, Halt, Phase, Run, RunSettings};
use odp_console::fleet::step::step;
use odp_console::flow::effect::Effect;
use odp_console::flow::event::{Answered, FlowEvent};
use odp_console::flow::preflight::Obstacle;
use odp_console::flow::settings::{ListedAgent, Settings};
use odp_console::flow::state::{Ended, Facts, Review, Screen, SignIn, State, Submitting, Task};
use odp_console::obshell::address::AgentAddress;
use odp_console::obshell::error::{Failure, NoAnswer};

use crate::states;
use crate::surroundings::NOW;

pub fn address(number: usize) -> AgentAddress {
    let [third, fourth] = [number / 250, number % 250 + 1];
    AgentAddress::parse(&format!("10.10.{third}.{fourth}:2886")).unwrap()
}

/// A site with `agents`: the first ones in the group "Payments", later ones in "Orders", and the
/// last without a group.
pub fn settings(agents: usize) -> Rc<Settings> {
    let group = |number: usize| match number {
        _ if number + 1 == agents => None,
        _ if number < agents / 2 => Some("Payments"),
        _ => Some("Orders"),
    };
    let agent = |number: usize| ListedAgent {
        address: address(number),
        label: (number % 3 != 2).then(|| format!("Proxy {}", number + 1)),
        group: group(number).map(str::to_owned),
        endpoint: None,
    };
    Rc::new(Settings {
        agents: (0..agents).map(agent).collect(),
        ..Settings::default()
    })
}

fn chosen(settings: &Settings, number: usize) -> ChosenAgent {
    let agent = &settings.agents[number];
    ChosenAgent {
        address: agent.address.clone(),
        label: agent.label.clone(),
        group: agent.group.clone(),
    }
}

thread_local! {
    /// Building them for each member is slow.
    static STATES: Vec<(&'static str, State)> = states::all();
}

/// The state of a single destroy, as that of another agent.
pub fn flow_of(name: &str, number: usize) -> State {
    let found = STATES.with(|states| {
        let found = states.iter().find(|(known, _)| *known == name);
        found.map(|(_, state)| state.clone())
    });
    let mut state = found.unwrap_or_else(|| panic!("no state {name}"));
    let address = address(number);
    let named = |facts: &mut Rc<Facts>| Rc::make_mut(facts).address = address.clone();
    match &mut state.screen {
        Screen::Connect => {}
        Screen::Review(Review { preflight, .. })
        | Screen::Submitting(Submitting { preflight, .. }) => named(&mut preflight.facts),
        Screen::Task(Task { facts, .. }) => named(facts),
        Screen::Ended(Ended { facts, task, .. }) => {
            named(facts);
            if let Some(task) = task {
                named(&mut Rc::make_mut(task).facts);
            }
        }
    }
    state.form.address = address.to_string();
    state
}

fn with(phase: Phase, agents: usize, make: impl Fn(&mut Member, usize)) -> Fleet {
    let settings = settings(agents);
    let mut fleet = Fleet::new(Rc::clone(&settings));
    fleet.phase = phase;
    fleet.members = (0..agents)
        .map(|number| {
            let id = MemberId(u32::try_from(number).unwrap());
            let mut member = Member::new(id, chosen(&settings, number), Rc::clone(&settings));
            make(&mut member, number);
            Rc::new(member)
        })
        .collect();
    fleet
}

fn stand(member: &mut Member, status: MemberStatus, flow: &str, number: usize) {
    member.status = status;
    member.flow = Rc::new(flow_of(flow, number));
}

/// A run of two agents that could not be reached for their checks.
pub fn unreached() -> Fleet {
    let settings = settings(2);
    let picked = (0..2).map(|number| chosen(&settings, number)).collect();
    let mut fleet = Fleet::new(settings);
    let mut events = VecDeque::from([
        FleetEvent::Pick(picked),
        FleetEvent::Choose,
        FleetEvent::SignIn {
            selection: MemberSelection::All,
            sign_in: SignIn::AgentPassword,
            has_credential: true,
        },
        FleetEvent::Check,
    ]);
    while let Some(event) = events.pop_front() {
        let (next, effects) = step(fleet, NOW, event);
        fleet = next;
        let calls = effects.into_iter().filter_map(|effect| match effect {
            FleetEffect::Member(member, Effect::Call(call)) => Some((member, call.id)),
            _ => None,
        });
        events.extend(calls.map(|(member, id)| {
            let answered = Answered {
                id,
                sent_at: NOW,
                received_at: NOW,
                trace_id: None,
                reply: Err(Failure::NoAnswer(NoAnswer::Network)),
            };
            FleetEvent::Member(member, FlowEvent::Answered(answered))
        }));
    }
    fleet
}

/// The checks of six agents: ready twice, held, nothing managed, a wrong password, being checked.
fn checked(member: &mut Member, number: usize) {
    let (status, flow) = match number {
        2 => (
            MemberStatus::LeftOut(LeftOut::Obstacle(Obstacle::CheckFailed)),
            "review-held",
        ),
        3 => (
            MemberStatus::LeftOut(LeftOut::Obstacle(Obstacle::NothingManaged)),
            "review-nothing-managed",
        ),
        4 => (
            MemberStatus::LeftOut(LeftOut::Unread),
            "connect-wrong-password",
        ),
        5 => (MemberStatus::LeftOut(LeftOut::Person), "review"),
        _ => (MemberStatus::Waiting, "review"),
    };
    stand(member, status, flow, number);
}

/// A run of eight: destroyed, failed, running, finding out, lost, waiting, left out, refused.
fn running(member: &mut Member, number: usize) {
    let (status, flow) = match number {
        0 => (MemberStatus::Ended, "destroyed"),
        1 => (MemberStatus::Ended, "failed"),
        2 => (MemberStatus::InProgress, "task"),
        3 => (MemberStatus::InProgress, "finding-out"),
        4 => (MemberStatus::InProgress, "task-retrying"),
        6 => (MemberStatus::LeftOut(LeftOut::Person), "review"),
        7 => (MemberStatus::Ended, "refused"),
        _ => (MemberStatus::Waiting, "review"),
    };
    stand(member, status, flow, number);
    member.confirmed = true;
    if matches!(status, MemberStatus::Ended | MemberStatus::InProgress) {
        member.began = Some(NOW - 70_000);
    }
    if status == MemberStatus::Ended {
        member.ended = Some(NOW - 10_000);
    }
}

fn run(halted: Option<Halt>) -> Option<Run> {
    Some(Run {
        confirmed_at: NOW - 90_000,
        ended_at: None,
        halted,
        next_at: None,
        ending: false,
    })
}

pub fn all() -> Vec<(&'static str, Fleet)> {
    let choose = |edit: &dyn Fn(&mut Fleet)| {
        let mut fleet = Fleet::new(settings(6));
        edit(&mut fleet);
        fleet
    };
    let sign_in = |edit: &dyn Fn(&mut Fleet)| {
        let mut fleet = with(Phase::SignIn, 6, |_, _| {});
        edit(&mut fleet);
        fleet
    };
    let review = |edit: &dyn Fn(&mut Fleet)| {
        let mut fleet = with(Phase::Review, 6, checked);
        edit(&mut fleet);
        fleet
    };
    let run_of = |halted: Option<Halt>| {
        let mut fleet = with(Phase::Run, 8, running);
        fleet.run = run(halted);
        fleet
    };
    vec![
        ("choose", choose(&|_| {})),
        ("choose-plain", Fleet::new(Rc::new(Settings::default()))),
        (
            "choose-some",
            choose(&|fleet| {
                let picked = [0, 1, 2].map(|number| chosen(&fleet.settings, number));
                fleet.choice.picked = picked.to_vec();
                fleet.choice.text = "10.20.0.1:2886\n10.20.0.2".to_owned();
                fleet.choice.text += "\n10.20.0.1:2886, 10.10.0.1:2886";
            }),
        ),
        (
            "choose-listed",
            choose(&|fleet| {
                Rc::make_mut(&mut fleet.settings).typed_address = false;
                fleet.choice.text = "10.20.0.1:2886".to_owned();
            }),
        ),
        ("sign-in", sign_in(&|_| {})),
        ("sign-in-restored", sign_in(&|fleet| fleet.restored = true)),
        (
            "sign-in-host",
            sign_in(&|fleet| Rc::make_mut(&mut fleet.settings).host_signs_in = true),
        ),
        ("checks", with(Phase::Preflight, 6, checked)),
        (
            "checks-begin",
            with(Phase::Preflight, 6, |member, number| {
                if number < 3 {
                    stand(member, MemberStatus::Checking, "review-rechecking", number);
                }
            }),
        ),
        ("checks-restored", {
            let mut fleet = with(Phase::Preflight, 8, running);
            fleet.restored = true;
            fleet
        }),
        ("review", review(&|_| {})),
        ("review-mismatch", review(&|fleet| fleet.mismatch = true)),
        (
            "review-read-only",
            review(&|fleet| Rc::make_mut(&mut fleet.settings).read_only = true),
        ),
        ("run", run_of(None)),
        ("run-paused", run_of(Some(Halt::Person))),
        ("run-bad-end", run_of(Some(Halt::NotDestroyed(MemberId(1))))),
        (
            "run-no-credential",
            run_of(Some(Halt::NoCredential(MemberId(5)))),
        ),
        ("run-left", run_of(Some(Halt::PageLeft))),
        ("run-read-only", {
            let mut fleet = run_of(Some(Halt::ReadOnly));
            Rc::make_mut(&mut fleet.settings).read_only = true;
            fleet
        }),
        ("run-between", {
            let mut fleet = with(Phase::Run, 4, |member, number| {
                let (status, flow) = match number {
                    0 | 1 => (MemberStatus::Ended, "destroyed"),
                    _ => (MemberStatus::Waiting, "review"),
                };
                stand(member, status, flow, number);
                member.confirmed = true;
            });
            fleet.run = run(None);
            fleet.run.as_mut().unwrap().next_at = Some(NOW + 12_000);
            fleet
        }),
        ("end", {
            let mut fleet = with(Phase::End, 6, |member, number| {
                let (status, flow) = match number {
                    1 => (MemberStatus::Ended, "failed"),
                    2 => (MemberStatus::Abandoned, "task-retrying"),
                    3 => (MemberStatus::Ended, "not-sent"),
                    4 => (MemberStatus::Stopped, "review"),
                    5 => (MemberStatus::LeftOut(LeftOut::Person), "review"),
                    _ => (MemberStatus::Ended, "destroyed"),
                };
                stand(member, status, flow, number);
                member.confirmed = true;
                member.began = Some(NOW - 70_000);
                member.ended = Some(NOW - 10_000);
            });
            fleet.run = run(None);
            fleet
        }),
        ("end-good", {
            let mut fleet = with(Phase::End, 3, |member, number| {
                stand(member, MemberStatus::Ended, "destroyed", number);
                member.began = Some(NOW - 70_000);
                member.ended = Some(NOW - 10_000);
            });
            fleet.run = run(None);
            fleet
        }),
    ]
}

/// A run of this many agents: the first hundred have ended, and three are in progress.
pub fn large(agents: usize) -> Fleet {
    let mut fleet = with(Phase::Run, agents, |member, number| {
        let (status, flow) = match number {
            0..100 => (MemberStatus::Ended, "destroyed"),
            100..103 => (MemberStatus::InProgress, "task"),
            _ => (MemberStatus::Waiting, "review"),
        };
        stand(member, status, flow, number);
        member.confirmed = true;
    });
    fleet.run = run(None);
    fleet.run_settings = RunSettings {
        batch: 3,
        ..RunSettings::default()
    };
    fleet
}

/// A choice with these lines.
pub fn pasted(lines: &str) -> Choice {
    Choice {
        picked: Vec::new(),
        text: lines.to_owned(),
    }
}

/// Opened members with each kind of screen.
pub fn opened() -> Vec<(&'static str, Fleet, MemberId)> {
    let named = |wanted: &str| {
        let found = all().into_iter().find(|(name, _)| *name == wanted);
        found.unwrap().1
    };
    let in_run = |name, number| (name, named("run"), MemberId(number));
    vec![
        ("open-ready", named("checks"), MemberId(0)),
        ("open-held", named("checks"), MemberId(2)),
        ("open-wrong-password", named("checks"), MemberId(4)),
        ("open-unread", named("checks-begin"), MemberId(5)),
        in_run("open-destroyed", 0),
        in_run("open-failed", 1),
        in_run("open-task", 2),
        in_run("open-finding-out", 3),
        in_run("open-retrying", 4),
        in_run("open-waiting", 5),
        in_run("open-refused", 7),
        ("open-lost", named("end"), MemberId(2)),
        ("open-stopped", named("end"), MemberId(4)),
    ]
}
