//! A button with a menu.

use wasm_bindgen::JsCast;
use web_sys::{Element, Node};
use yew::prelude::*;

use super::dom::focus;

/// Properties of [`Menu`].
#[derive(PartialEq, Properties)]
pub struct MenuProps {
    /// The button's name.
    pub name: AttrValue,
    /// The menu items.
    pub children: Html,
}

/// A button with a menu.
///
/// A `<details>` element, whose summary the browser treats as a button. Escape closes the menu, and
/// so does moving the focus out of it.
#[component]
pub fn Menu(props: &MenuProps) -> Html {
    let (menu, button) = (use_node_ref(), use_node_ref());
    let onkeydown = {
        let (menu, button) = (menu.clone(), button.clone());
        move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                close(&menu);
                focus(&button);
            }
        }
    };
    let onfocusout = {
        let menu = menu.clone();
        move |event: FocusEvent| {
            let to = event
                .related_target()
                .and_then(|to| to.dyn_into::<Node>().ok());
            let inside = menu
                .cast::<Node>()
                .zip(to)
                .map(|(menu, to)| menu.contains(Some(&to)));
            if inside == Some(false) {
                close(&menu);
            }
        }
    };
    html! {
        <details class="menu" ref={menu} {onkeydown} {onfocusout}>
            <summary ref={button}>{ &props.name }</summary>
            <div class="choices">{ props.children.clone() }</div>
        </details>
    }
}

fn close(menu: &NodeRef) {
    if let Some(menu) = menu.cast::<Element>() {
        // If the element has been removed, the menu is closed.
        let _ = menu.remove_attribute("open");
    }
}
