//! A console rendered to HTML, with the queries of a person or a screen reader.

use std::rc::Rc;

use odp_console::flow::event::Language;
use odp_console::flow::state::State;
use odp_console::ui::console::{Console, ConsoleProps};
use odp_console::ui::platform::Platform;
use odp_console::ui::theme::Theme;
use odp_console::ui::view::ZoneChoice;
use scraper::{ElementRef, Html, Selector};
use yew::{BaseComponent, Callback, LocalServerRenderer};

use super::surroundings::Still;

pub struct Page {
    pub html: String,
    document: Html,
}

/// Renders a state.
pub fn draw(state: State, language: Language) -> Page {
    draw_with(state, language, true)
}

pub fn draw_with(state: State, language: Language, secure_transport: bool) -> Page {
    render::<Console>(props(state, language, secure_transport))
}

/// Renders a state of a console that offers a run, or the run that the tab has stored.
pub fn draw_several(state: State, language: Language, has_stored_run: bool) -> Page {
    render::<Console>(ConsoleProps {
        on_several: Some(Callback::noop()),
        has_stored_run,
        ..props(state, language, true)
    })
}

fn props(state: State, language: Language, secure_transport: bool) -> ConsoleProps {
    ConsoleProps {
        state: Rc::new(state),
        language,
        theme: Theme::Dark,
        secure_transport,
        zone: ZoneChoice::default(),
        picked: None,
        on_several: None,
        has_stored_run: false,
        on_message: Callback::noop(),
        platform: Platform::new(Still),
    }
}

/// Renders a component.
pub fn render<C: BaseComponent>(props: C::Properties) -> Page {
    let renderer = LocalServerRenderer::<C>::with_props(props).hydratable(false);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let html = tokio::task::LocalSet::new().block_on(&runtime, renderer.render());
    let document = Html::parse_fragment(&html);
    Page { html, document }
}

/// Returns the text of an element, with white space collapsed.
pub fn text(element: ElementRef<'_>) -> String {
    let text: Vec<&str> = element.text().flat_map(str::split_whitespace).collect();
    text.join(" ")
}

impl Page {
    pub fn all(&self, selector: &str) -> Vec<ElementRef<'_>> {
        let selector = Selector::parse(selector).unwrap();
        self.document.select(&selector).collect()
    }

    pub fn one(&self, selector: &str) -> ElementRef<'_> {
        let found = self.all(selector);
        assert_eq!(found.len(), 1, "{selector} in {}", self.html);
        found[0]
    }

    pub fn texts(&self, selector: &str) -> Vec<String> {
        self.all(selector).into_iter().map(text).collect()
    }

    pub fn by_id(&self, id: &str) -> Option<ElementRef<'_>> {
        let found = self.all(&format!("[id='{id}']"));
        assert!(found.len() <= 1, "the id {id} stands twice");
        found.first().copied()
    }

    /// Returns the accessible name, by the methods that this console uses.
    pub fn name(&self, element: ElementRef<'_>) -> String {
        let of_ids = |ids: &str| {
            let texts: Vec<String> = ids
                .split_whitespace()
                .map(|id| text(self.by_id(id).unwrap()))
                .collect();
            texts.join(" ")
        };
        if let Some(ids) = element.attr("aria-labelledby") {
            return of_ids(ids);
        }
        if let Some(name) = element.attr("aria-label") {
            return name.to_owned();
        }
        if let Some(id) = element.attr("id")
            && let Some(label) = self.all(&format!("label[for='{id}']")).first()
        {
            return text(*label);
        }
        let wrapping = element
            .ancestors()
            .filter_map(ElementRef::wrap)
            .find(|parent| parent.value().name() == "label");
        if let Some(label) = wrapping {
            let span = Selector::parse("span").unwrap();
            return label.select(&span).map(text).collect();
        }
        text(element)
    }

    /// Returns the accessible description.
    pub fn description(&self, element: ElementRef<'_>) -> String {
        let ids = element.attr("aria-describedby").unwrap_or_default();
        let texts: Vec<String> = ids
            .split_whitespace()
            .map(|id| text(self.by_id(id).unwrap_or_else(|| panic!("no id {id}"))))
            .collect();
        texts.join(" ")
    }

    /// Returns the element with this selector and accessible name.
    pub fn named(&self, selector: &str, name: &str) -> ElementRef<'_> {
        let all = self.all(selector);
        let names: Vec<String> = all.iter().map(|element| self.name(*element)).collect();
        match names.iter().position(|found| found == name) {
            Some(index) => all[index],
            None => panic!("no {selector} named {name:?} among {names:?}"),
        }
    }

    /// Returns the text of the live region.
    pub fn news(&self) -> String {
        text(self.one(".unseen[role=status]"))
    }
}
