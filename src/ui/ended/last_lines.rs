//! The last words of the step at which a task stopped.

use std::rc::Rc;

use yew::prelude::*;

use crate::flow::ending::Ending;
use crate::flow::state::Ended;
use crate::text::labels::Label;
use crate::ui::view::use_view;
use crate::ui::visible::copied;

/// How many lines of a failed step's log stand on the card.
const LAST_LINES: usize = 5;

/// Properties of [`LastLines`].
#[derive(PartialEq, Properties)]
pub struct LastLinesProps {
    /// The end.
    pub ended: Rc<Ended>,
}

/// The last lines of the log of the step at which a task stopped; nothing where it did not.
#[component]
pub fn LastLines(props: &LastLinesProps) -> Html {
    let ended = &props.ended;
    let view = use_view();
    let (Ending::Failed { stage, .. } | Ending::Cancelled { stage, .. }) = &ended.ending else {
        return Html::default();
    };
    let node = ended.task.as_ref().and_then(|task| task.dag.node(*stage));
    let logs = node
        .and_then(|node| node.sub_tasks.as_ref())
        .into_iter()
        .flatten()
        .filter_map(|task| task.logs.as_ref())
        .filter(|lines| !lines.is_empty());
    let last = |lines: &[String]| {
        let skipped = lines.len().saturating_sub(LAST_LINES);
        copied(lines.get(skipped..).unwrap_or_default())
    };
    html! {
        for lines in logs {
            <div>
                <h3>{ view.label(Label::LastLines) }</h3>
                <pre class="last-lines">{ last(lines) }</pre>
            </div>
        }
    }
}
