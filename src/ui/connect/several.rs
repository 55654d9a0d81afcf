//! The way to a run over several agents.

use yew::prelude::*;

use crate::text::fleet::labels::FleetLabel;
use crate::ui::view::use_view;

/// Properties of [`Several`].
#[derive(PartialEq, Properties)]
pub struct SeveralProps {
    /// Opens the run over several agents.
    pub on_several: Callback<()>,
    /// Whether this tab has stored a run that the button restores.
    pub has_stored_run: bool,
}

/// A button with a description.
#[component]
pub fn Several(props: &SeveralProps) -> Html {
    let language = use_view().language;
    let hint = if props.has_stored_run {
        FleetLabel::StoredRunHint
    } else {
        FleetLabel::SeveralHint
    };
    html! {
        <div class="acts several">
            <button
                type="button"
                aria-describedby="several-hint"
                onclick={props.on_several.reform(|_| ())}
            >
                { FleetLabel::Several.get(language) }
            </button>
            <span class="hint" id="several-hint">{ hint.get(language) }</span>
        </div>
    }
}
