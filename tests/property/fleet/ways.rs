//! The main ways through a run.

use odp_console::fleet::event::{FleetEvent, MemberSelection};
use odp_console::fleet::journal::Journal;
use odp_console::fleet::member::{LeftOut, MemberId, MemberStatus};
use odp_console::fleet::state::{Fleet, Halt, Phase, RunSettings};
use odp_console::fleet::summary::{NextStep, Retry};
use odp_console::flow::ending::Ending;
use odp_console::flow::preflight::Obstacle;
use odp_console::flow::state::Screen;
use odp_console::text::evidence::run;

use super::seen::Seen;
use super::world::World;

/// The fault "no response".
const NO_ANSWER: usize = 5;

fn id(at: u32) -> MemberId {
    MemberId(at)
}

/// Returns a confirmed run; `change` is applied to the agents before their checks.
fn running(count: usize, settings: RunSettings, change: impl FnOnce(&mut World)) -> World {
    let mut seen = Seen::default();
    let mut world = World::new(count);
    world
        .tell(FleetEvent::Settings(settings), &mut seen)
        .unwrap();
    world.give_passwords(&mut seen).unwrap();
    change(&mut world);
    world.tell(FleetEvent::Check, &mut seen).unwrap();
    world.settle(&mut seen).unwrap();
    world.tell(FleetEvent::Review, &mut seen).unwrap();
    world.confirm(&mut seen).unwrap();
    assert_eq!(world.fleet.phase, Phase::Run);
    world
}

/// Continues without faults until `is_so`; `ticks` decides whether a stage of an agent fails.
fn until(world: &mut World, mut fails: impl FnMut(usize) -> bool, is_so: impl Fn(&World) -> bool) {
    let mut seen = Seen::default();
    for _ in 0..2_000 {
        if is_so(world) {
            return;
        }
        if world.flights.is_empty() {
            world.fire(&mut seen).unwrap();
            for at in 0..world.hosts.len() {
                let agent = &mut world.hosts[at].agent;
                for index in 0..agent.tasks.len() {
                    agent.tick(index, fails(at), world.now);
                }
            }
        } else {
            world.pass(10);
            world.deliver(0);
            world.deliver(0);
            world.answer(0, None, &mut seen).unwrap();
        }
    }
    panic!("it never is so: {}", world.brief());
}

fn well(_: usize) -> bool {
    false
}

fn stands(world: &World, at: u32) -> MemberStatus {
    world.fleet.member(id(at)).unwrap().status
}

fn halted(world: &World) -> Option<Halt> {
    world.fleet.run.and_then(|run| run.halted)
}

/// The number of DELETEs that the agents executed.
fn acted(world: &World) -> usize {
    let tasks = world.hosts.iter().flat_map(|host| &host.agent.tasks);
    tasks.filter(|task| task.by.is_some()).count()
}

#[test]
fn one_after_the_other_in_order() {
    let mut world = running(3, RunSettings::default(), |_| {});
    let mut order = Vec::new();
    until(&mut world, well, |world| {
        assert!(world.fleet.counts().in_progress <= 1);
        world.fleet.phase == Phase::End
    });
    order.extend(world.fleet.members.iter().map(|it| it.began.unwrap()));
    assert!(order.is_sorted(), "{order:?}");
    let counts = world.fleet.counts();
    assert_eq!((counts.destroyed, counts.members), (3, 3));
    assert!(world.hosts.iter().all(|host| !host.agent.managed));
    let csv = run::csv(&world.fleet, odp_console::flow::event::Language::English);
    assert_eq!(csv.matches("\"Destroyed\"").count(), 3, "{csv}");
    let json: serde_json::Value = serde_json::from_str(&run::json(&world.fleet, "0")).unwrap();
    assert_eq!(json["counts"]["destroyed"], 3);
    assert_eq!(
        json["members"][2]["evidence"]["ending"]["kind"],
        "destroyed"
    );
    let markdown = run::markdown(&world.fleet, odp_console::flow::event::Language::Chinese);
    assert!(markdown.starts_with("## 已销毁 3/3 个 ODP"), "{markdown}");
}

#[test]
fn a_batch_begins_together_and_the_next_waits_for_all_of_it_and_the_pause() {
    let settings = RunSettings {
        batch: 2,
        pause: 30,
        stop_on_bad_end: true,
    };
    let mut world = running(3, settings, |_| {});
    assert_eq!(world.fleet.counts().in_progress, 2);
    until(&mut world, well, |world| {
        world.fleet.counts().destroyed == 2
    });
    let ended = world.now;
    assert!(matches!(world.fleet.next(), NextStep::At(at) if at > ended));
    assert_eq!(stands(&world, 2), MemberStatus::Waiting);
    until(&mut world, well, |world| {
        stands(world, 2) == MemberStatus::InProgress
    });
    assert!(world.now - ended >= 30_000, "{}", world.now - ended);
    until(&mut world, well, |world| world.fleet.phase == Phase::End);
}

#[test]
fn the_first_bad_end_stops_the_run_and_a_retry_and_resume_finish_it() {
    let mut seen = Seen::default();
    let mut world = running(3, RunSettings::default(), |_| {});
    until(
        &mut world,
        |at| at == 0,
        |world| stands(world, 0) == MemberStatus::Ended,
    );
    let member = world.fleet.member(id(0)).unwrap();
    assert!(matches!(member.ending(), Some(Ending::Failed { .. })));
    assert_eq!(halted(&world), Some(Halt::NotDestroyed(id(0))));
    let before = acted(&world);
    until(&mut world, well, |world| world.flights.is_empty());
    assert_eq!(acted(&world), before);
    assert_eq!(member_retry(&world, 0), Some(Retry::Task));
    world.retry(id(0), &mut seen).unwrap();
    until(&mut world, well, |world| {
        world.fleet.member(id(0)).unwrap().is_destroyed()
    });
    assert_eq!(
        stands(&world, 1),
        MemberStatus::Waiting,
        "it is still halted"
    );
    world.tell(FleetEvent::Resume, &mut seen).unwrap();
    until(&mut world, well, |world| world.fleet.phase == Phase::End);
    assert_eq!(world.fleet.counts().destroyed, 3);
}

fn member_retry(world: &World, at: u32) -> Option<Retry> {
    world.fleet.member(id(at)).unwrap().retry()
}

#[test]
fn without_stop_a_bad_end_does_not_stop_the_others() {
    let settings = RunSettings {
        stop_on_bad_end: false,
        ..RunSettings::default()
    };
    let mut world = running(3, settings, |_| {});
    until(
        &mut world,
        |at| at == 0,
        |world| world.fleet.phase == Phase::End,
    );
    let counts = world.fleet.counts();
    assert_eq!((counts.destroyed, counts.not_destroyed), (2, 1));
}

#[test]
fn a_pause_takes_back_what_has_not_left() {
    let mut seen = Seen::default();
    let mut world = running(2, RunSettings::default(), |_| {});
    until(&mut world, well, |world| {
        let member = world.fleet.member(id(0)).unwrap();
        matches!(member.flow.screen, Screen::Submitting(_))
    });
    world.halted = true;
    world.tell(FleetEvent::Pause, &mut seen).unwrap();
    until(&mut world, well, |world| world.flights.is_empty());
    assert_eq!(acted(&world), 0);
    assert_eq!(stands(&world, 0), MemberStatus::Waiting);
    assert_eq!(world.fleet.next(), NextStep::Halted(Halt::Person));
    world.tell(FleetEvent::Resume, &mut seen).unwrap();
    until(&mut world, well, |world| world.fleet.phase == Phase::End);
    assert_eq!(world.fleet.counts().destroyed, 2);
}

#[test]
fn an_agent_that_manages_nothing_and_one_with_another_password_are_left_out() {
    let mut world = running(4, RunSettings::default(), |world| {
        world.hosts[1].agent.managed = false;
        world.hosts[2].agent.password = 7;
    });
    let why = MemberStatus::LeftOut(LeftOut::Obstacle(Obstacle::NothingManaged));
    assert_eq!(stands(&world, 1), why);
    assert_eq!(stands(&world, 2), MemberStatus::LeftOut(LeftOut::Unread));
    until(&mut world, well, |world| world.fleet.phase == Phase::End);
    let counts = world.fleet.counts();
    assert_eq!((counts.destroyed, counts.left_out), (2, 2));
}

/// Continues until no request is pending; requests to the agent `lost` get no response.
fn read_without(world: &mut World, lost: usize) {
    let mut seen = Seen::default();
    while let Some(at) = world.flights.first().map(|flight| flight.at) {
        world.pass(100);
        if at == lost {
            world.answer(0, Some(NO_ANSWER), &mut seen).unwrap();
        } else {
            world.deliver(0);
            world.answer(0, None, &mut seen).unwrap();
        }
    }
}

#[test]
fn an_agent_that_was_not_reached_is_checked_again_with_the_same_credential() {
    for selection in [MemberSelection::All, MemberSelection::Member(id(1))] {
        for is_host in [false, true] {
            let mut seen = Seen::default();
            let mut world = World::new(3);
            world.is_host = is_host;
            world.give_passwords(&mut seen).unwrap();
            world.tell(FleetEvent::Check, &mut seen).unwrap();
            while !world.asked.is_empty() {
                world.host_gives(true, &mut seen).unwrap();
            }
            read_without(&mut world, 1);
            assert_eq!(stands(&world, 1), MemberStatus::LeftOut(LeftOut::Unread));
            let member = world.fleet.member(id(1)).unwrap();
            assert!(member.can_recheck() && !member.needs_credential());
            assert_eq!(world.fleet.needing_credential(MemberSelection::All), []);

            world
                .tell(FleetEvent::Recheck(selection), &mut seen)
                .unwrap();
            world.settle(&mut seen).unwrap();
            assert_eq!(world.fleet.counts().waiting, 3, "{}", world.brief());
            world.tell(FleetEvent::Review, &mut seen).unwrap();
            world.confirm(&mut seen).unwrap();
            until(&mut world, well, |world| world.fleet.phase == Phase::End);
            assert_eq!(world.fleet.counts().destroyed, 3);
        }
    }
}

#[test]
fn what_an_agent_that_was_not_reached_signs_in_with_is_cleared_as_any_other() {
    let mut seen = Seen::default();
    let mut world = World::new(2);
    world.give_passwords(&mut seen).unwrap();
    world.tell(FleetEvent::Check, &mut seen).unwrap();
    read_without(&mut world, 1);
    assert!(world.hosts[1].vault.is_some());
    let mut left = world.clone();
    left.tell(FleetEvent::PageLeft, &mut seen).unwrap();
    assert!(left.hosts[1].vault.is_none());
    world.pass(901_000);
    world.tell(FleetEvent::Due, &mut seen).unwrap();
    assert!(world.hosts[1].vault.is_none());
    assert_eq!(
        world.fleet.needing_credential(MemberSelection::All),
        [id(0), id(1)]
    );
    assert!(!world.fleet.member(id(1)).unwrap().can_recheck());
}

#[test]
fn one_that_was_not_reached_in_its_turn_is_retried_with_the_same_credential() {
    let mut seen = Seen::default();
    let mut world = running(2, RunSettings::default(), |_| {});
    world.pass(120_000);
    world.tell(FleetEvent::Due, &mut seen).unwrap();
    until(&mut world, well, |world| {
        stands(world, 1) == MemberStatus::InProgress
    });
    read_without(&mut world, 1);
    assert_eq!(stands(&world, 1), MemberStatus::LeftOut(LeftOut::Unread));
    assert_eq!(member_retry(&world, 1), Some(Retry::Turn));
    world.retry(id(1), &mut seen).unwrap();
    until(&mut world, well, |world| world.fleet.phase == Phase::End);
    assert_eq!(world.fleet.counts().destroyed, 2);
}

#[test]
fn a_clock_that_is_set_back_by_hours_does_not_hold_a_run_up() {
    let mut world = running(2, RunSettings::default(), |_| {});
    until(&mut world, well, |world| {
        world.fleet.member(id(0)).unwrap().task().is_some() && world.flights.is_empty()
    });
    world.jump(-7_200_000);
    let began = world.now;
    until(&mut world, well, |world| world.fleet.phase == Phase::End);
    assert_eq!(world.fleet.counts().destroyed, 2);
    assert!(world.now - began < 600_000, "{}", world.now - began);
}

#[test]
fn a_clock_that_is_set_forward_by_hours_only_has_the_checks_read_again() {
    let mut world = running(3, RunSettings::default(), |_| {});
    until(&mut world, well, |world| {
        world.fleet.member(id(0)).unwrap().task().is_some() && world.flights.is_empty()
    });
    world.jump(7_200_000);
    until(&mut world, well, |world| world.fleet.phase == Phase::End);
    assert_eq!((world.fleet.counts().destroyed, acted(&world)), (3, 3));
}

#[test]
fn a_member_that_nobody_signs_in_to_is_given_up_and_the_others_go_on() {
    let settings = RunSettings {
        stop_on_bad_end: false,
        ..RunSettings::default()
    };
    let mut seen = Seen::default();
    let mut world = running(3, settings, |_| {});
    world.pass(120_000);
    world.hosts[1].agent.change_password();
    until(&mut world, well, |world| {
        halted(world) == Some(Halt::NoCredential(id(1)))
    });
    let other = world.clone();
    world
        .tell(FleetEvent::StopWaiting(id(2)), &mut seen)
        .unwrap();
    assert_eq!(
        stands(&world, 2),
        MemberStatus::Waiting,
        "it is not its turn"
    );
    world
        .tell(FleetEvent::StopWaiting(id(1)), &mut seen)
        .unwrap();
    let why = MemberStatus::LeftOut(LeftOut::Unread);
    assert_eq!(stands(&world, 1), why);
    assert!(world.fleet.member(id(1)).unwrap().sent.is_none());
    world.tell(FleetEvent::Resume, &mut seen).unwrap();
    until(&mut world, well, |world| world.fleet.phase == Phase::End);
    assert_eq!((world.fleet.counts().destroyed, acted(&world)), (2, 2));
    // The run also ends if it is not resumed.
    let mut world = other;
    world
        .tell(FleetEvent::StopWaiting(id(1)), &mut seen)
        .unwrap();
    world.halted = true;
    world.tell(FleetEvent::EndRun, &mut seen).unwrap();
    assert_eq!(world.fleet.phase, Phase::End);
    assert_eq!(
        (stands(&world, 1), stands(&world, 2)),
        (why, MemberStatus::Stopped)
    );
}

#[test]
fn the_checks_of_a_member_that_waited_are_read_again() {
    let mut world = running(2, RunSettings::default(), |_| {});
    world.pass(120_000);
    // Another client removed the ODP of the last agent meanwhile.
    world.hosts[1].agent.managed = false;
    until(&mut world, well, |world| {
        !matches!(
            stands(world, 1),
            MemberStatus::Waiting | MemberStatus::InProgress
        )
    });
    let why = MemberStatus::LeftOut(LeftOut::Obstacle(Obstacle::NothingManaged));
    assert_eq!(stands(&world, 1), why);
    assert_eq!(acted(&world), 1);
}

#[test]
fn waiting_members_keep_their_credentials_while_the_run_goes_on_and_not_in_a_paused_one() {
    let mut seen = Seen::default();
    let mut world = running(2, RunSettings::default(), |_| {});
    until(&mut world, well, |world| {
        let member = world.fleet.member(id(0)).unwrap();
        member.task().is_some() && world.flights.is_empty()
    });
    world.pass(3_600_000);
    world.tell(FleetEvent::Due, &mut seen).unwrap();
    assert!(world.hosts[1].vault.is_some());
    world.halted = true;
    world.tell(FleetEvent::Pause, &mut seen).unwrap();
    until(&mut world, well, |world| {
        world.fleet.counts().destroyed == 1 && world.flights.is_empty()
    });
    world.pass(901_000);
    world.tell(FleetEvent::Due, &mut seen).unwrap();
    assert!(world.hosts[1].vault.is_none());
    world.tell(FleetEvent::Resume, &mut seen).unwrap();
    assert_eq!(halted(&world), Some(Halt::NoCredential(id(1))));
    world.give_passwords(&mut seen).unwrap();
    world.tell(FleetEvent::Resume, &mut seen).unwrap();
    until(&mut world, well, |world| world.fleet.phase == Phase::End);
    assert_eq!(world.fleet.counts().destroyed, 2);
}

#[test]
fn a_reload_sends_nothing_and_what_was_not_sent_is_confirmed_anew() {
    let mut seen = Seen::default();
    let mut world = running(3, RunSettings::default(), |_| {});
    until(&mut world, well, |world| {
        stands(world, 1) == MemberStatus::InProgress
            && world.fleet.member(id(1)).unwrap().task().is_some()
    });
    let stored = world.journal.clone().unwrap();
    assert!(!stored.to_lowercase().contains("password"), "{stored}");
    let journal: Journal = serde_json::from_str(&stored).unwrap();
    world.fleet = Fleet::new(std::rc::Rc::clone(&world.fleet.settings));
    world.flights.clear();
    world.left.clear();
    world.timer = None;
    world.halted = true;
    world.hosts.iter_mut().for_each(|host| host.vault = None);
    world
        .tell(FleetEvent::Restored(Box::new(journal)), &mut seen)
        .unwrap();
    assert_eq!(world.fleet.phase, Phase::SignIn);
    assert_eq!(
        world.fleet.needing_credential(MemberSelection::All).len(),
        3
    );
    assert!(world.flights.is_empty());
    world.give_passwords(&mut seen).unwrap();
    world.tell(FleetEvent::Check, &mut seen).unwrap();
    until(&mut world, well, |world| {
        world.fleet.counts().destroyed == 2 && stands(world, 2) == MemberStatus::Waiting
    });
    assert_eq!(acted(&world), 2);
    assert_eq!(world.fleet.confirmation(), "destroy 1");
    world.tell(FleetEvent::Review, &mut seen).unwrap();
    world.confirm(&mut seen).unwrap();
    until(&mut world, well, |world| world.fleet.phase == Phase::End);
    assert_eq!(world.fleet.counts().destroyed, 3);
    assert_eq!(acted(&world), 3);
}

#[test]
fn a_run_that_is_ended_leaves_the_rest_alone() {
    let mut seen = Seen::default();
    let mut world = running(3, RunSettings::default(), |_| {});
    until(&mut world, well, |world| {
        world.fleet.member(id(0)).unwrap().task().is_some()
    });
    world.halted = true;
    world.tell(FleetEvent::EndRun, &mut seen).unwrap();
    until(&mut world, well, |world| world.fleet.phase == Phase::End);
    let counts = world.fleet.counts();
    assert_eq!((counts.destroyed, counts.stopped), (1, 2));
}
