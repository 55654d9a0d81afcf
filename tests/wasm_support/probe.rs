//! A console to which a test can send messages.

use std::cell::RefCell;
use std::rc::Rc;

use odp_console::browser::app::AppProps;
use odp_console::browser::use_flow::{Flow, use_flow};
use odp_console::ui::console::Console;
use odp_console::ui::message::Message;
use yew::prelude::*;
use yew::{AppHandle, Renderer};

/// The callbacks of the flow, one for each drawing.
type Told = Rc<RefCell<Vec<Callback<Message>>>>;

#[derive(PartialEq, Properties)]
struct ProbeProps {
    app: AppProps,
    told: Told,
}

/// Like the component `App`, and records its callbacks.
#[component]
fn Probe(props: &ProbeProps) -> Html {
    let Flow { console, .. } = use_flow(&props.app.options, &props.app.root);
    props.told.borrow_mut().push(console.on_message.clone());
    html! { <Console ..console /> }
}

/// A mounted console.
pub struct Probed {
    app: AppHandle<Probe>,
    pub told: Told,
}

impl Probed {
    pub fn mount(app: AppProps) -> Self {
        let told = Told::default();
        let root = app.root.clone();
        let props = ProbeProps {
            app,
            told: Rc::clone(&told),
        };
        let app = Renderer::<Probe>::with_root_and_props(root, props).render();
        Self { app, told }
    }

    /// Sends a message to a console that has been drawn.
    pub fn send_message(&self, message: Message) {
        let tell = self.told.borrow().last().cloned();
        tell.expect("a drawing").emit(message);
    }

    pub fn destroy(self) {
        self.app.destroy();
    }
}
