//! The site's agents to choose from.

use std::collections::HashSet;
use std::rc::Rc;

use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::entries::{Entry, entries, picked};
use crate::fleet::member::Chosen;
use crate::flow::settings::Settings;
use crate::text;
use crate::text::fleet::labels::FleetLabel;
use crate::ui::fleet::table::{Table, row_index};
use crate::ui::view::use_view;

const COLUMNS: [FleetLabel; 2] = [FleetLabel::Agent, FleetLabel::Label];

/// Properties of [`SiteAgents`].
#[derive(PartialEq, Properties)]
pub struct SiteAgentsProps {
    /// The site's list.
    pub settings: Rc<Settings>,
    /// What is picked.
    pub picked: Vec<Chosen>,
    /// Takes what is picked then.
    pub on_pick: Callback<Vec<Chosen>>,
}

/// A check box for each group and for each agent.
#[component]
pub fn SiteAgents(props: &SiteAgentsProps) -> Html {
    let SiteAgentsProps {
        settings,
        picked: before,
        on_pick,
    } = props;
    let language = use_view().language;
    let rows = use_memo(Rc::clone(settings), |settings| entries(&settings.agents));
    let count = rows.len();
    let row = {
        let (settings, before, on_pick) = (Rc::clone(settings), before.clone(), on_pick.clone());
        let addresses: HashSet<_> = before.iter().map(|it| it.address.clone()).collect();
        let is_picked = move |place: &usize| {
            let agent = settings.agents.get(*place);
            agent.is_some_and(|agent| addresses.contains(&agent.address))
        };
        let settings = Rc::clone(&props.settings);
        let check_box = move |places: Vec<usize>, checked: bool, name: Html| {
            let (settings, before) = (Rc::clone(&settings), before.clone());
            let onchange = on_pick.reform(move |event: Event| {
                let field: Option<HtmlInputElement> = event.target_dyn_into();
                let pick = field.is_some_and(|field| field.checked());
                picked(&before, &settings, &places, pick)
            });
            html! {
                <label class="check">
                    <input type="checkbox" {checked} {onchange} />
                    <span>{ name }</span>
                </label>
            }
        };
        let settings = Rc::clone(&props.settings);
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
                let agent = settings.agents.get(*place);
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
        <section class="part" aria-labelledby="site-agents">
            <h3 id="site-agents">{ FleetLabel::SiteAgents.get(language) }</h3>
            <Table
                name={FleetLabel::SiteAgents.get(language)}
                class="choose"
                columns={&COLUMNS[..]}
                rows={count}
                {row}
            />
        </section>
    }
}
