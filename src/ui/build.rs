//! Elements, built by calls. The `html!` macro unrolls every element at its place, some hundred
//! bytes each; a call is a dozen, and the page is fetched before it is seen.

use std::rc::Rc;

use yew::html::{onchange, onclick, oninput, onkeydown, onscroll, onsubmit};
use yew::prelude::*;
use yew::virtual_dom::{Key, Listener, VNode, VTag, VText};

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
pub(super) fn button(
    class: &'static str,
    label: &'static str,
    onclick: Callback<MouseEvent>,
) -> El {
    el("button", class)
        .attr("type", "button")
        .onclick(onclick)
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
        self.list(children.collect())
    }

    /// Children that come and go, in one place.
    #[inline(never)]
    pub fn list(self, children: Vec<Html>) -> Self {
        self.node(children.into_iter().collect())
    }

    #[inline(never)]
    fn listen(mut self, listener: Rc<dyn Listener>) -> Self {
        self.0.add_listener(listener);
        self
    }

    /// Takes clicks.
    #[inline(never)]
    pub fn onclick(self, act: Callback<MouseEvent>) -> Self {
        self.listen(Rc::new(onclick::Wrapper::new(act)))
    }

    /// Takes what is typed.
    #[inline(never)]
    pub fn oninput(self, act: Callback<InputEvent>) -> Self {
        self.listen(Rc::new(oninput::Wrapper::new(act)))
    }

    /// Takes what was chosen.
    #[inline(never)]
    pub fn onchange(self, act: Callback<Event>) -> Self {
        self.listen(Rc::new(onchange::Wrapper::new(act)))
    }

    /// Takes keys.
    #[inline(never)]
    pub fn onkeydown(self, act: Callback<KeyboardEvent>) -> Self {
        self.listen(Rc::new(onkeydown::Wrapper::new(act)))
    }

    /// Takes the scrolling.
    #[inline(never)]
    pub fn onscroll(self, act: Callback<Event>) -> Self {
        self.listen(Rc::new(onscroll::Wrapper::new(act)))
    }

    /// Takes a form.
    #[inline(never)]
    pub fn onsubmit(self, act: Callback<SubmitEvent>) -> Self {
        self.listen(Rc::new(onsubmit::Wrapper::new(act)))
    }

    /// The element, built.
    #[inline(never)]
    pub fn html(self) -> Html {
        VNode::VTag(Rc::new(*self.0))
    }
}
