//! The password field, and the choice which password it is for. What is typed leaves it as a
//! secret and is not kept: not in the page's state, not in an attribute, and not in the field.

use js_sys::{JsString, Reflect};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::build::{El, On, el, said, several, tells, texted};
use super::icon::Icon;
use super::message::Message;
use super::notice::{advise, notice};
use super::view::View;
use crate::flow::event::Event as Act;
use crate::flow::state::{Facts, SignIn};
use crate::obshell::secret::Secret;
use crate::text::labels::Label;
use crate::text::problem::Advice;

/// Takes the password out of its field, which is empty then.
#[must_use]
pub(super) fn take(field: &NodeRef) -> Secret {
    match field.cast::<HtmlInputElement>() {
        Some(input) => {
            let value = Reflect::get(&input, &"value".into());
            let secret = secret(value.unwrap_or_default().unchecked_ref());
            input.set_value("");
            secret
        }
        None => Secret::new(String::new()),
    }
}

/// A secret out of the browser's memory.
#[must_use]
pub(crate) fn secret(text: &JsString) -> Secret {
    written_once(text.iter(), text.length())
}

/// Text from its UTF-16, of which there are `units`. The bindings hand text over in a buffer that
/// grows where it is not ASCII, and leaves behind what was written until then.
fn written_once(utf16: impl Iterator<Item = u16>, units: u32) -> Secret {
    // None takes more than three bytes of UTF-8.
    let mut text = String::with_capacity(units as usize * 3);
    text.extend(
        char::decode_utf16(utf16).map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER)),
    );
    Secret::new(text)
}

/// What a password is called.
fn name(sign_in: SignIn) -> Label {
    match sign_in {
        SignIn::AgentPassword | SignIn::Host => Label::AgentPassword,
        SignIn::RootPassword => Label::RootPassword,
        SignIn::NoRootPassword => Label::NoRootPassword,
    }
}

/// Which password is to be given, where the agent takes either. That root has none can be chosen where
/// `facts` do not say that an agent password is set: with one, the agent refuses such a login
/// (protocol: 1.9). `busy`: not now.
pub(super) fn choice(
    view: &View,
    tell: &Callback<Message>,
    chosen: SignIn,
    facts: Option<&Facts>,
    busy: bool,
) -> El {
    let passwordless = chosen == SignIn::NoRootPassword
        || facts.is_some_and(|facts| facts.info.password_set == Some(false));
    let option = |sign_in| {
        let radio = el("input", "")
            .attr("type", "radio")
            .attr("name", "sign-in")
            .checked(sign_in == chosen)
            .attr_if("disabled", busy.then_some("disabled"))
            .on(On::Change, tells(tell, Act::SignInWith(sign_in)));
        el("label", "")
            .child(radio)
            .child(said("span", "", view.label(name(sign_in))))
    };
    el("fieldset", "choice")
        .child(said("legend", "", view.label(Label::SignInWith)))
        .child(option(SignIn::AgentPassword))
        .child(option(SignIn::RootPassword))
        .maybe(passwordless.then(|| option(SignIn::NoRootPassword)))
}

/// Label and field of the password that was chosen; who signs in where that is the host; a warning where
/// there is no password by choice. `problem` stands under it, has the id `password-problem` and describes it,
/// as does the element with the id `hint`, which it draws where it is given its words.
pub(super) fn password_field(
    view: &View,
    (field, sign_in): (&NodeRef, SignIn),
    problem: Option<&Advice>,
    (hint, words): (&'static str, Option<&str>),
) -> Html {
    let problem =
        problem.map(|problem| advise(view, Some("password-problem"), Icon::Fail, problem));
    if sign_in == SignIn::Host {
        let words = said("p", "hint", view.label(Label::HostSignsIn));
        return problem.unwrap_or_else(|| words.html());
    }
    if sign_in == SignIn::NoRootPassword {
        let warning = view.label(Label::NoRootPasswordWarning);
        let warning = notice(Some("no-password"), Icon::Warn, warning, None);
        return several(vec![problem.unwrap_or_default(), warning]);
    }
    let described = match &problem {
        Some(_) => AttrValue::from(["password-problem ", hint].concat()),
        None => AttrValue::Static(hint),
    };
    // "new-password" is what keeps browsers from filling it in.
    let input = el("input", "")
        .attr("id", "password")
        .attr("type", "password")
        .at(field)
        .attr("autocomplete", "new-password")
        .attr("autocapitalize", "none")
        .attr("spellcheck", "false")
        .attr("data-lpignore", "true")
        .attr_if("aria-invalid", problem.as_ref().map(|_| "true"))
        .attr_text("aria-describedby", described);
    el("div", "field")
        .child(said("label", "", view.label(name(sign_in))).attr("for", "password"))
        .child(input)
        .node(problem.unwrap_or_default())
        .maybe(words.map(|words| texted("p", "hint", words.to_owned()).attr("id", hint)))
        .html()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_written_as_the_browser_would_and_never_moved() {
        for text in [
            "",
            "Pw#1",
            "Pw#1 密码",
            "ключ",
            "\u{10ffff}🔑",
            "\0\u{7ff}\u{800}\u{ffff}",
        ] {
            let units: Vec<u16> = text.encode_utf16().collect();
            let length = u32::try_from(units.len()).unwrap();
            assert_eq!(written_once(units.into_iter(), length).expose(), text);
            assert!(text.len() <= length as usize * 3);
        }
        let halves = [0xd83d, 0x41, 0xdd11];
        assert_eq!(
            written_once(halves.into_iter(), 3).expose(),
            "\u{fffd}A\u{fffd}"
        );
    }
}
