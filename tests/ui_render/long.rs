//! Renders an agent with very many stages and tasks: only the visible rows and some around them are
//! drawn.

use std::rc::Rc;

use odp_console::flow::event::Language;
use odp_console::flow::state::{Contact, Screen, State, Tasks};
use odp_console::obshell::dag::id::{DagId, NodeId, SubTaskId};
use odp_console::text::labels::Label;

use crate::page::{Page, draw};
use crate::states::{all, dag, task};

const ROWS: usize = 20_000;

fn named(wanted: &str) -> State {
    let mut states = all().into_iter();
    let (_, state) = states.find(|(name, _)| *name == wanted).expect(wanted);
    state
}

/// Returns the numbers of the drawn rows, each of which states the total.
fn drawn(page: &Page) -> Vec<usize> {
    drawn_in(page, "stages")
}

/// As [`drawn`], in the list of this class.
fn drawn_in(page: &Page, class: &str) -> Vec<usize> {
    let rows = page.all(&format!(".long > .{class} > [aria-posinset]"));
    let number = |row: &scraper::ElementRef<'_>, name| row.attr(name).unwrap().parse().unwrap();
    rows.iter()
        .map(|row| {
            assert_eq!(number(row, "aria-setsize"), ROWS);
            number(row, "aria-posinset")
        })
        .collect()
}

#[test]
fn of_20_000_stages_those_in_sight_are_drawn_and_the_one_that_runs() {
    let mut dag = dag(2, "RUNNING", "RUN");
    let nodes = dag.nodes.as_mut().unwrap();
    let (running, waiting) = (Rc::clone(&nodes[1]), Rc::clone(&nodes[3]));
    *nodes = (1..=ROWS)
        .map(|number| {
            let mut node = (*if number == 12_345 { &running } else { &waiting })
                .as_ref()
                .clone();
            node.number = number;
            node.id = NodeId::parse(&format!("4016843008102886{number}")).unwrap();
            Rc::new(node)
        })
        .collect();
    dag.stage = 12_345;
    dag.max_stage = ROWS;
    let mut state = named("task");
    state.screen = Screen::Task(task(dag, Contact::Good));
    let page = draw(state, Language::English);
    let rows = drawn(&page);
    assert!((1..=150).contains(&rows.len()), "{}", rows.len());
    assert!(rows.contains(&1) && rows.contains(&12_345), "{rows:?}");
    assert!(rows.is_sorted());
    assert_eq!(page.all(".long .gap-row[aria-hidden=true]").len(), 2);
    // The list can be scrolled by keyboard, and has a name.
    let list = page.one(".long");
    assert_eq!(list.attr("tabindex"), Some("0"));
    assert_eq!(page.name(list), Label::Stages.get(Language::English));
    assert_eq!(page.all(".stages > .shown").len(), 1);
}

#[test]
fn of_20_000_tasks_those_in_sight_are_drawn() {
    let one = dag(4, "SUCCEED", "RUN");
    let listed = (1..=ROWS).map(|number| {
        let mut dag = one.clone();
        dag.id = DagId::parse(&format!("4016843008102886{number}")).unwrap();
        Rc::new(dag)
    });
    let mut state = named("review");
    let Screen::Review(review) = &mut state.screen else {
        panic!("not the review");
    };
    review.preflight.tasks = Tasks::Listed(Rc::new(listed.collect()));
    let page = draw(state, Language::English);
    let rows = drawn(&page);
    assert!((1..=150).contains(&rows.len()), "{}", rows.len());
    assert_eq!(rows[0], 1);
    let list = page.one(".long");
    assert_eq!(page.name(list), Label::ListTasks.get(Language::English));
}

#[test]
fn of_20_000_sub_tasks_those_in_sight_are_drawn_and_their_logs() {
    let mut dag = dag(2, "RUNNING", "RUN");
    let nodes = dag.nodes.as_mut().unwrap();
    let sub_tasks = Rc::make_mut(&mut nodes[1]).sub_tasks.as_mut().unwrap();
    let one = (*sub_tasks[0]).clone();
    *sub_tasks = (1..=ROWS)
        .map(|number| {
            let mut sub_task = one.clone();
            sub_task.id = SubTaskId::parse(&format!("4016843008102886{number}")).unwrap();
            Rc::new(sub_task)
        })
        .collect();
    let mut state = named("task");
    state.screen = Screen::Task(task(dag, Contact::Good));
    for language in [Language::English, Language::Chinese] {
        let page = draw(state.clone(), language);
        for (class, row, name) in [
            ("sub-tasks", ".stages > li .sub-task", Label::SubTasks),
            ("logs", ".log-panel [role=log]", Label::Log),
        ] {
            let rows = drawn_in(&page, class);
            assert!((1..=150).contains(&rows.len()), "{class} {}", rows.len());
            assert_eq!(rows[0], 1, "{class}");
            assert!(rows.is_sorted(), "{class}");
            // Each of the other stages has one sub task, which is no row of a long list.
            let others = if class == "logs" { 0 } else { 3 };
            assert_eq!(page.all(row).len(), rows.len() + others, "{class}");
            let gaps = page.all(&format!(".{class} > .gap-row[aria-hidden=true]"));
            assert_eq!(gaps.len(), 1, "{class}");
            // It can be scrolled by keys, and has a name.
            let list = page.one(&format!(".long:has(> .{class})"));
            assert_eq!(list.attr("tabindex"), Some("0"), "{class}");
            let name = name.get(language);
            assert!(page.name(list).contains(name), "{}", page.name(list));
        }
        // Which sub task a log is of.
        assert_eq!(
            page.all(".logs > li > h4").len(),
            drawn_in(&page, "logs").len()
        );
    }
}

#[test]
fn a_short_list_is_drawn_whole_and_scrolls_with_the_page() {
    let mut state = named("task");
    state.screen = Screen::Task(task(dag(2, "RUNNING", "RUN"), Contact::Good));
    let page = draw(state, Language::English);
    assert!(page.all(".long, [aria-posinset], .gap-row").is_empty());
    assert_eq!(page.all("ol.stages > li").len(), 4);
}
