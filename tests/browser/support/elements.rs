//! Finding elements like a person or a screen reader does: by role and accessible name.

use std::fmt;

use fantoccini::elements::ElementRef;
use serde_json::{Value, json};

use super::Browser;

/// The key under which WebDriver writes an element's id (W3C WebDriver, section "Elements").
pub(super) const ELEMENT_KEY: &str = "element-6066-11e4-a52e-4f735466cecf";

/// The role of an element for assistive technology.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Alert,
    Button,
    Checkbox,
    Combobox,
    Dialog,
    Group,
    Heading,
    Link,
    List,
    ListItem,
    Log,
    Radio,
    Region,
    Status,
    Table,
    /// A text field, including one for passwords.
    Textbox,
}

impl Role {
    /// The candidates for this role; the browser then computes the actual role and name.
    fn selector(self) -> &'static str {
        match self {
            Self::Alert => "[role=alert]",
            Self::Button => {
                "button, summary, input[type=button], input[type=submit], [role=button]"
            }
            Self::Checkbox => "input[type=checkbox], [role=checkbox], [role=switch]",
            Self::Combobox => "select, [role=combobox]",
            Self::Dialog => "dialog, [role=dialog], [role=alertdialog]",
            Self::Group => "fieldset, details, [role=group], [role=radiogroup]",
            Self::Heading => "h1, h2, h3, h4, h5, h6, [role=heading]",
            Self::Link => "a[href], [role=link]",
            Self::List => "ul, ol, [role=list]",
            Self::ListItem => "li, [role=listitem]",
            Self::Log => "[role=log]",
            Self::Radio => "input[type=radio], [role=radio]",
            Self::Region => "section, [role=region]",
            Self::Status => "output, [role=status]",
            Self::Table => "table, [role=table]",
            Self::Textbox => {
                "input:not([type]), input[type=text], input[type=password], input[type=search], \
                 input[type=url], textarea, [role=textbox]"
            }
        }
    }
}

impl Browser {
    /// Every visible element of a role with its accessible name, as the browser computes it.
    pub fn all(&self, role: Role) -> Vec<(String, Element<'_>)> {
        self.candidates(role, None)
    }

    /// The visible elements of this role and name.
    fn named(&self, role: Role, name: &str) -> Vec<Element<'_>> {
        let found = self.candidates(role, Some(name)).into_iter();
        let named = found.filter(|(found, _)| found == name);
        named.map(|(_, element)| element).collect()
    }

    /// The visible elements of a role that may have this name, with the name that they have.
    fn candidates(&self, role: Role, name: Option<&str>) -> Vec<(String, Element<'_>)> {
        let body = "
            const [selector, name] = arguments;
            const found = [...deep()].filter((e) => e.matches(selector) && isVisible(e));
            return name ? found.filter((e) => mayBeCalled(e, name)) : found";
        let arguments = [json!(role.selector()), json!(name)];
        let Ok(Value::Array(found)) = self.try_script(body, &arguments) else {
            // There is none while a page is being replaced.
            return Vec::new();
        };
        let named = found.iter().filter_map(|found| {
            let id = found.get(ELEMENT_KEY)?.as_str()?.to_owned();
            // An element that was removed in the meantime is skipped.
            let name = self.get(&format!("element/{id}/computedlabel")).ok()?;
            Some((
                name.as_str()?.trim().to_owned(),
                Element { browser: self, id },
            ))
        });
        named.collect()
    }

    /// The accessible names of all visible elements of a role.
    pub fn names(&self, role: Role) -> Vec<String> {
        self.all(role).into_iter().map(|(name, _)| name).collect()
    }

    /// Whether a visible element of this role and name exists at this moment.
    pub fn shows(&self, role: Role, name: &str) -> bool {
        !self.named(role, name).is_empty()
    }

    /// Waits for the only visible element of this role and name.
    pub fn see(&self, role: Role, name: &str) -> Element<'_> {
        self.wait_for(&format!("the {role:?} {name:?}"), || {
            let mut found = self.named(role, name).into_iter();
            let first = found.next()?;
            assert!(
                found.next().is_none(),
                "several {role:?} are called {name:?}"
            );
            Some(first)
        })
    }

    /// Waits until no visible element has this role and name.
    pub fn miss(&self, role: Role, name: &str) {
        self.wait_until(&format!("the {role:?} {name:?} to go"), || {
            !self.shows(role, name)
        });
    }

    /// Waits until the page contains this text.
    pub fn read(&self, text: &str) {
        self.wait_until(&format!("the text {text:?}"), || self.text().contains(text));
    }

    /// Waits for an enabled element, and clicks it once.
    pub fn click(&self, role: Role, name: &str) {
        self.wait_until(&format!("a click on the {role:?} {name:?}"), || {
            let element = self.see(role, name);
            // An error means that no click happened: the element was just replaced, or is covered.
            element.is_enabled() && self.block_on(element.raw().click()).is_ok()
        });
    }

    /// Replaces the content of a text field as a person does: select all, delete, type.
    pub fn fill(&self, name: &str, text: &str) {
        // Control and A, Control again to release it, Backspace; by their codes in W3C WebDriver.
        let keys = format!("\u{e009}a\u{e009}\u{e003}{text}");
        self.wait_until(
            &format!("the text field {name:?} to hold what was typed"),
            || {
                let field = self.see(Role::Textbox, name);
                self.block_on(field.raw().send_keys(&keys)).is_ok() && field.value() == text
            },
        );
    }

    /// The accessible name of the focused element, in any shadow root.
    pub fn focused(&self) -> String {
        self.with_focus(|element| {
            let name = self.get(&format!("element/{}/computedlabel", element.id));
            name.map(|name| name.as_str().unwrap_or_default().trim().to_owned())
                .unwrap_or_default()
        })
    }

    /// The value of the focused element.
    pub fn focused_value(&self) -> String {
        self.with_focus(|element| element.value())
    }

    fn with_focus(&self, ask: impl FnOnce(&Element<'_>) -> String) -> String {
        let focused = self.script(
            "let e = document.activeElement;
             while (e?.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;
             return e",
            &[],
        );
        let id = focused[ELEMENT_KEY].as_str().unwrap_or_default().to_owned();
        ask(&Element { browser: self, id })
    }

    /// The value of a text field.
    pub fn value(&self, name: &str) -> String {
        self.see(Role::Textbox, name).value()
    }

    /// The text of all visible status messages.
    pub fn status(&self) -> String {
        let texts = self
            .all(Role::Status)
            .into_iter()
            .map(|(_, element)| element.text());
        texts
            .filter(|text| !text.is_empty())
            .collect::<Vec<_>>()
            .join("\n")
    }
}

/// An element of the page, valid as long as the page contains it.
pub struct Element<'a> {
    browser: &'a Browser,
    id: String,
}

impl Element<'_> {
    /// Its visible text; empty once the page has removed it.
    pub fn text(&self) -> String {
        self.browser.block_on(self.raw().text()).unwrap_or_default()
    }

    /// The value of a text field.
    pub fn value(&self) -> String {
        self.browser
            .block_on(self.raw().prop("value"))
            .ok()
            .flatten()
            .unwrap_or_default()
    }

    /// An attribute.
    pub fn attribute(&self, name: &str) -> Option<String> {
        self.browser.block_on(self.raw().attr(name)).ok().flatten()
    }

    /// Whether the element is enabled.
    pub fn is_enabled(&self) -> bool {
        self.browser
            .block_on(self.raw().is_enabled())
            .unwrap_or(false)
            && self.attribute("aria-disabled").as_deref() != Some("true")
    }

    /// Whether the element is focused, in any shadow root.
    pub fn has_focus(&self) -> bool {
        self.script("return arguments[0].matches(':focus')") == Value::Bool(true)
    }

    /// Runs a script as the body of a function with this element as its first argument.
    pub fn script(&self, body: &str) -> Value {
        self.browser
            .script(body, &[json!({ ELEMENT_KEY: self.id })])
    }

    fn raw(&self) -> fantoccini::elements::Element {
        let id = ElementRef::from(self.id.clone());
        fantoccini::elements::Element::from_element_id(self.browser.client().clone(), id)
    }
}

impl fmt::Debug for Element<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Element").field(&self.id).finish()
    }
}
