//! A console whose messages a test can send.

use std::cell::RefCell;
use std::rc::Rc;

use odp_console::browser::app::AppProps;
use odp_console::browser::use_flow::{Flow, use_flow};
use odp_console::ui::console::Console;
use odp_console::ui::message::Message;
use yew::prelude::*;
use yew::{AppHandle, Renderer};

/// Every callback that the flow gave, one for each drawing.
type Told = Rc<RefCell<Vec<Callback<Message>>>>;

#[derive(PartialEq, Properties)]
struct ProbeProps {
    app: AppProps,
    told: Told,
}

/// As the component `App`, and notes what it gets.
#[component]
fn Probe(props: &ProbeProps) -> Html {
    let Flow { console, .. } = use_flow(&props.app.options, &props.app.root);
    props.told.borrow_mut().push(console.tell.clone());
    html! { <Console ..console /> }
}

/// A console that is mounted, until it is destroyed.
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
