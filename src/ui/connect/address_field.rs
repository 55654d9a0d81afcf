//! The address of an agent.

use std::rc::Rc;

use yew::prelude::*;

use crate::flow::event::FlowEvent;
use crate::flow::settings::Settings;
use crate::text::labels::Label;
use crate::text::problem::Advice;
use crate::ui::dom::value_of;
use crate::ui::icon::IconKind;
use crate::ui::message::{Message, to_flow};
use crate::ui::notice::Notice;
use crate::ui::view::use_view;

/// Properties of [`AddressField`].
#[derive(PartialEq, Properties)]
pub struct AddressFieldProps {
    /// The agents to choose from.
    pub settings: Rc<Settings>,
    /// The typed or selected address.
    pub address: AttrValue,
    /// The problem with the address.
    pub problem: Option<Advice>,
    /// The input element, to be focused.
    pub field: NodeRef,
    /// Called when the person types or selects an address.
    pub on_typed: Callback<()>,
    /// Receives the person's actions.
    pub on_message: Callback<Message>,
}

/// The address of an agent: a text field with the site's agents as suggestions, or a list of the
/// site's agents.
#[component]
pub fn AddressField(props: &AddressFieldProps) -> Html {
    let AddressFieldProps {
        settings,
        address,
        problem,
        field,
        on_typed,
        on_message,
    } = props;
    let view = use_view();
    let agents = &settings.agents;
    let described = if problem.is_some() {
        "address-problem address-hint"
    } else {
        "address-hint"
    };
    let invalid = problem.as_ref().map(|_| "true");
    let edit = {
        let (on_typed, on_message) = (on_typed.clone(), on_message.clone());
        move |event: &Event| {
            on_typed.emit(());
            on_message.emit(Message::Flow(FlowEvent::AddressEdited(value_of(event))));
        }
    };
    let control = if settings.typed_address || agents.is_empty() {
        let list = (!agents.is_empty()).then_some("agents");
        html! {
            <>
                <input
                    id="address"
                    type="text"
                    ref={field}
                    value={address.clone()}
                    {list}
                    placeholder="10.10.10.1:2886"
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    aria-invalid={invalid}
                    aria-describedby={described}
                    oninput={move |event: InputEvent| edit(&event)}
                    onchange={to_flow(on_message, FlowEvent::AddressChosen)}
                />
                if !agents.is_empty() {
                    <datalist id="agents">
                        for agent in agents {
                            // The browser shows both value and text.
                            <option value={agent.address.to_string()}>
                                { agent.label.clone().unwrap_or_else(|| agent.address.to_string()) }
                            </option>
                        }
                    </datalist>
                }
            </>
        }
    } else {
        let on_message = on_message.clone();
        let onchange = move |event: Event| {
            edit(&event);
            on_message.emit(Message::Flow(FlowEvent::AddressChosen));
        };
        html! {
            <select
                id="address"
                ref={field}
                aria-invalid={invalid}
                aria-describedby={described}
                {onchange}
            >
                <option value="" selected={address.is_empty()}>
                    { view.label(Label::ChooseAgent) }
                </option>
                for agent in agents {
                    <option
                        value={agent.address.to_string()}
                        selected={*address == agent.address.to_string()}
                    >
                        // The browser shows only the text, and the address fills the width: the
                        // name is shown below the list.
                        { agent.address.to_string() }
                        if let Some(label) = &agent.label {
                            { " · " }
                            { label }
                        }
                    </option>
                }
            </select>
        }
    };
    // The site's name for the agent whose address is in the field.
    let named = agents
        .iter()
        .find(|agent| agent.address.to_string() == address.trim())
        .and_then(|agent| agent.label.as_deref());
    let hint = if settings.typed_address {
        Label::AddressHint
    } else {
        Label::AddressListHint
    };
    html! {
        <div class="field">
            <label for="address">{ view.label(Label::AgentAddress) }</label>
            { control }
            if let Some(Advice { what, fix }) = problem.clone() {
                <Notice id="address-problem" icon={IconKind::Fail} {what} {fix} />
            }
            <p class="hint" id="address-hint">
                if let Some(named) = named {
                    <strong>{ named }</strong>
                } else {
                    { view.label(hint) }
                }
            </p>
        </div>
    }
}
