//! Parts of the page that are drawn again only when they are given something new, or when
//! something happened in them. One component type serves them all: Yew brings its whole machinery
//! once for every type, a kilobyte each.

use std::any::Any;
use std::cell::RefCell;
use std::ops::Deref;
use std::rc::Rc;

use yew::prelude::*;
use yew::virtual_dom::{Key, VComp, VNode};

use super::connect::{ConnectProps, connect};
use super::copy::CopyButtonProps;
use super::log::{LogProps, log};
use super::review::{ReviewProps, review};
use super::task::AuthenticateProps;
use super::task::detail::{TaskDetailProps, task_detail};
use super::{ConsoleProps, console};

/// What a part is given to draw.
#[derive(PartialEq)]
#[allow(
    clippy::large_enum_variant,
    reason = "it is kept behind an Rc and never moved; where pointers are short it is not even large"
)]
pub enum Given {
    /// The whole console.
    Console(ConsoleProps),
    /// The connect form.
    Connect(ConnectProps),
    /// The review before the confirmation.
    Review(ReviewProps),
    /// The password once more.
    Authenticate(AuthenticateProps),
    /// The stages of a task and a log.
    TaskDetail(TaskDetailProps),
    /// A log.
    Log(LogProps),
    /// A button that copies.
    CopyButton(CopyButtonProps),
}

impl Properties for Given {
    /// Parts are made by calls, never by `html!`.
    type Builder = ();

    fn builder() {}
}

impl Given {
    /// The part as a child. Its key keeps Yew from taking one kind of part for another.
    #[inline(never)]
    pub fn html(self) -> Html {
        let kind = match self {
            Self::Console(_) => "console",
            Self::Connect(_) => "connect",
            Self::Review(_) => "review",
            Self::Authenticate(_) => "authenticate",
            Self::TaskDetail(_) => "detail",
            Self::Log(_) => "log",
            Self::CopyButton(_) => "copy",
        };
        let part = VComp::new::<Part>(Rc::new(self), Some(Key::from(kind)));
        VNode::VComp(Rc::new(part))
    }
}

/// The component of every part.
pub struct Part {
    redraw: Callback<()>,
    kept: RefCell<Option<Rc<dyn Any>>>,
    after: RefCell<Option<Box<dyn FnOnce()>>>,
}

impl Component for Part {
    type Message = ();
    type Properties = Given;

    fn create(ctx: &Context<Self>) -> Self {
        Self {
            redraw: ctx.link().callback(|()| ()),
            kept: RefCell::default(),
            after: RefCell::default(),
        }
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        match ctx.props() {
            Given::Console(props) => console(props, self),
            Given::Connect(props) => connect(props, self),
            Given::Review(props) => review(props, self),
            Given::Authenticate(props) => props.view.authenticate(props, self),
            Given::TaskDetail(props) => task_detail(props, self),
            Given::Log(props) => log(props, self),
            Given::CopyButton(props) => props.view.copy_button(props, self),
        }
    }

    fn rendered(&mut self, _: &Context<Self>, _: bool) {
        if let Some(after) = self.after.take() {
            after();
        }
    }
}

impl Part {
    /// What the part keeps from one drawing to the next; in the beginning the default.
    pub(super) fn kept<T: Default + 'static>(&self) -> Kept<T> {
        let known = self.kept.borrow().clone();
        let own = known.and_then(|kept| kept.downcast().ok());
        Kept(own.unwrap_or_else(|| {
            let own = Rc::new(Shared {
                kept: T::default(),
                redraw: self.redraw.clone(),
            });
            self.kept.replace(Some(own.clone()));
            own
        }))
    }

    /// Does this once, when what is being drawn stands in the page.
    pub(super) fn after(&self, act: impl FnOnce() + 'static) {
        self.after.replace(Some(Box::new(act)));
    }
}

/// What a part keeps from one drawing to the next, in cells of its own.
pub(super) struct Kept<T>(Rc<Shared<T>>);

struct Shared<T> {
    kept: T,
    redraw: Callback<()>,
}

impl<T> Kept<T> {
    /// Draws the part again.
    pub fn redraw(&self) {
        self.0.redraw.emit(());
    }

    /// What draws the part again, for what must not keep this alive.
    pub fn redrawing(&self) -> Callback<()> {
        self.0.redraw.clone()
    }
}

impl<T> Clone for Kept<T> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<T> Deref for Kept<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0.kept
    }
}
