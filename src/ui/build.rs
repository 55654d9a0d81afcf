//! Elements, built by calls. The `html!` macro unrolls every element at its place, some hundred
//! bytes each; a call is a dozen, and the page is fetched before it is seen.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, KeyboardEvent};
use yew::prelude::*;
use yew::virtual_dom::{Key, Listener, ListenerKind, VList, VNode, VTag, VText};

use super::message::Message;
use crate::flow::event;

/// An element that is being built.
#[must_use]
pub(super) struct El(Box<VTag>);

/// An element with the classes of `class`; without the attribute where that is empty.
#[inline(never)]
pub(super) fn el(tag: &'static str, class: &'static str) -> El {
    let element = El(Box::new(VTag::new(tag)));
    if class.is_empty() {
        element
    } else {
        element.attr("class", class)
    }
}

/// A button that submits nothing.
#[inline(never)]
pub(super) fn button(class: &'static str, label: &'static str, act: Callback<Event>) -> El {
    el("button", class)
        .attr("type", "button")
        .on(On::Click, act)
        .say(label)
}

/// The heading of a screen, which takes the focus as the screen appears.
#[inline(never)]
pub(super) fn heading(at: &NodeRef, text: AttrValue) -> El {
    el("h2", "")
        .attr("id", "screen")
        .attr("tabindex", "-1")
        .at(at)
        .node(VNode::VText(VText::new(text)))
}

/// An element with words and nothing else.
#[inline(never)]
pub(super) fn said(tag: &'static str, class: &'static str, words: &'static str) -> El {
    el(tag, class).say(words)
}

/// An element with a text and nothing else.
#[inline(never)]
pub(super) fn texted(tag: &'static str, class: &'static str, text: String) -> El {
    el(tag, class).text(text)
}

/// A name and its value, in a list of such.
#[inline(never)]
pub(super) fn pair(name: &'static str, value: Html) -> Html {
    el("div", "")
        .child(said("dt", "", name))
        .child(el("dd", "").node(value))
        .html()
}

/// A text without an element.
#[inline(never)]
pub(super) fn text(text: String) -> Html {
    VNode::VText(VText::new(text))
}

/// Nodes one after the other, without an element around them.
#[inline(never)]
pub(super) fn several(nodes: Vec<Html>) -> Html {
    VNode::VList(Rc::new(VList::with_children(nodes, None)))
}

/// The events that are listened to.
#[derive(Clone, Copy)]
pub(super) enum On {
    /// A click.
    Click,
    /// What is typed.
    Input,
    /// What was chosen.
    Change,
    /// A key.
    Key,
    /// Scrolling.
    Scroll,
    /// A form, sent.
    Submit,
}

/// One kind of listener for all events: Yew has one for each.
struct Ear {
    kind: On,
    act: Callback<Event>,
}

impl Listener for Ear {
    fn kind(&self) -> ListenerKind {
        match self.kind {
            On::Click => ListenerKind::onclick,
            On::Input => ListenerKind::oninput,
            On::Change => ListenerKind::onchange,
            On::Key => ListenerKind::onkeydown,
            On::Scroll => ListenerKind::onscroll,
            On::Submit => ListenerKind::onsubmit,
        }
    }

    fn handle(&self, event: Event) {
        self.act.emit(event);
    }

    fn passive(&self) -> bool {
        matches!(self.kind, On::Scroll)
    }
}

/// Tells the flow of `event`, whatever happens on the page.
#[inline(never)]
pub(super) fn tells(tell: &Callback<Message>, event: event::Event) -> Callback<Event> {
    let tell = tell.clone();
    Callback::from(move |_| tell.emit(Message::Flow(event.clone())))
}

/// What stands in the field that an event is about. A list to choose from has its value by the
/// same name as a field to type into.
#[inline(never)]
pub(super) fn entered(event: &Event) -> String {
    let field = event
        .target()
        .map(JsCast::unchecked_into::<HtmlInputElement>);
    field.map_or_else(String::new, |field| field.value())
}

/// Whether this is Enter, pressed to go on and not to choose among an input method's words.
#[inline(never)]
pub(super) fn is_enter(event: &Event) -> bool {
    let key = event.dyn_ref::<KeyboardEvent>();
    key.is_some_and(|key| key.key() == "Enter" && !key.is_composing())
}

impl El {
    /// An attribute.
    #[inline(never)]
    pub fn attr(mut self, name: &'static str, value: &'static str) -> Self {
        self.0.add_attribute(name, AttrValue::Static(value));
        self
    }

    /// An attribute that may be left out.
    #[inline(never)]
    pub fn attr_if(self, name: &'static str, value: Option<&'static str>) -> Self {
        match value {
            Some(value) => self.attr(name, value),
            None => self,
        }
    }

    /// An attribute whose value is made.
    #[inline(never)]
    pub fn attr_text(mut self, name: &'static str, value: AttrValue) -> Self {
        self.0.add_attribute(name, value);
        self
    }

    /// The value of an input.
    #[inline(never)]
    pub fn value(mut self, value: String) -> Self {
        self.0.set_value(Some(AttrValue::from(value)));
        self
    }

    /// Whether a radio button is the one that is chosen.
    #[inline(never)]
    pub fn checked(mut self, checked: bool) -> Self {
        self.0.set_checked(checked);
        self
    }

    /// Where the element can be found.
    #[inline(never)]
    pub fn at(mut self, at: &NodeRef) -> Self {
        self.0.node_ref = at.clone();
        self
    }

    /// Which it is among its siblings.
    #[inline(never)]
    pub fn key(mut self, key: &str) -> Self {
        self.0.key = Some(Key::from(key));
        self
    }

    /// A child.
    #[inline(never)]
    pub fn node(mut self, child: Html) -> Self {
        self.0.add_child(child);
        self
    }

    /// A child that is an element.
    #[inline(never)]
    pub fn child(self, child: El) -> Self {
        self.node(child.html())
    }

    /// A child that may be missing. Its place is kept, so that its siblings keep theirs.
    #[inline(never)]
    pub fn maybe(self, child: Option<El>) -> Self {
        self.node(child.map(El::html).unwrap_or_default())
    }

    /// Words.
    #[inline(never)]
    pub fn say(self, words: &'static str) -> Self {
        self.node(VNode::VText(VText::new(AttrValue::Static(words))))
    }

    /// A text.
    #[inline(never)]
    pub fn text(self, text: String) -> Self {
        self.node(VNode::VText(VText::new(text)))
    }

    /// Children that come and go, in one place.
    pub fn each(self, children: impl Iterator<Item = Html>) -> Self {
        let mut list = Vec::new();
        for child in children {
            list.push(child);
        }
        self.list(list)
    }

    /// Children that come and go, in one place.
    pub fn list(self, children: Vec<Html>) -> Self {
        self.node(several(children))
    }

    /// Takes events.
    #[inline(never)]
    pub fn on(mut self, kind: On, act: Callback<Event>) -> Self {
        self.0.add_listener(Rc::new(Ear { kind, act }));
        self
    }

    /// The element, built.
    #[inline(never)]
    pub fn html(self) -> Html {
        VNode::VTag(Rc::new(*self.0))
    }
}
