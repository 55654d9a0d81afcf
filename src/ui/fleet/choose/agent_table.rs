//! A table of agents to choose from: of the site's list, or of the agent book.

use std::collections::HashSet;
use std::ops::Range;
use std::rc::Rc;

use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::entries::{Entry, entries, picked};
use crate::fleet::member::ChosenAgent;
use crate::flow::settings::ListedAgent;
use crate::text;
use crate::text::fleet::labels::FleetLabel;
use crate::ui::fleet::table::{Table, row_index};
use crate::ui::view::use_view;

const COLUMNS: [FleetLabel; 2] = [FleetLabel::Agent, FleetLabel::Label];

/// Properties of [`AgentTable`].
#[derive(PartialEq, Properties)]
pub struct AgentTableProps {
    /// The name of the table.
    pub name: &'static str,
    /// All available agents.
    pub known: Rc<Vec<ListedAgent>>,
    /// The indexes of the agents in this table.
    pub range: Range<usize>,
    /// The selected agents.
    pub picked: Vec<ChosenAgent>,
    /// Receives the new selection.
    pub on_pick: Callback<Vec<ChosenAgent>>,
}

/// A check box for each group and for each agent.
#[component]
pub fn AgentTable(props: &AgentTableProps) -> Html {
    let AgentTableProps {
        name,
        known,
        range,
        picked: before,
        on_pick,
    } = props;
    let language = use_view().language;
    let rows = use_memo((Rc::clone(known), range.clone()), |(known, range)| {
        entries(known, range.clone())
    });
    let count = rows.len();
    let row = {
        let (all, before, on_pick) = (Rc::clone(known), before.clone(), on_pick.clone());
        let addresses: HashSet<_> = before.iter().map(|it| it.address.clone()).collect();
        let is_picked = move |place: &usize| {
            let agent = all.get(*place);
            agent.is_some_and(|agent| addresses.contains(&agent.address))
        };
        let all = Rc::clone(known);
        let check_box = move |places: Vec<usize>, checked: bool, name: Html| {
            let (all, before) = (Rc::clone(&all), before.clone());
            let onchange = on_pick.reform(move |event: Event| {
                let field: Option<HtmlInputElement> = event.target_dyn_into();
                let pick = field.is_some_and(|field| field.checked());
                picked(&before, &all, &places, pick)
            });
            html! {
                <label class="check">
                    <input type="checkbox" {checked} {onchange} />
                    <span>{ name }</span>
                </label>
            }
        };
        let all = Rc::clone(known);
        Callback::from(move |index: usize| match rows.get(index) {
            None => Html::default(),
            Some(Entry::Group(name, places)) => {
                let picked = places.iter().filter(|place| is_picked(place)).count();
                let name = name
                    .as_deref()
                    .unwrap_or_else(|| FleetLabel::NoGroup.get(language));
                let name = text::fleet::select_group(name, picked, places.len(), language);
                let checked = picked == places.len();
                html! {
                    <tr key={index} role="row" class="group" aria-rowindex={row_index(index)}>
                        <td role="cell" colspan="2">
                            { check_box(places.clone(), checked, name.into()) }
                        </td>
                    </tr>
                }
            }
            Some(Entry::Agent(place)) => {
                let agent = all.get(*place);
                let address = agent.map(|agent| agent.address.to_string());
                let label = agent.and_then(|agent| agent.label.clone());
                html! {
                    <tr key={index} role="row" aria-rowindex={row_index(index)}>
                        <th role="rowheader" scope="row">
                            { check_box(
                                vec![*place],
                                is_picked(place),
                                html! { <code>{ address.unwrap_or_default() }</code> },
                            ) }
                        </th>
                        <td role="cell">{ label.unwrap_or_else(|| "–".to_owned()) }</td>
                    </tr>
                }
            }
        })
    };
    html! {
        <Table name={*name} class="choose" columns={&COLUMNS[..]} rows={count} {row} />
    }
}
