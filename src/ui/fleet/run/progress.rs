//! The progress of a run.

use yew::prelude::*;

use crate::fleet::summary::Counts;
use crate::text;
use crate::text::fleet::labels::FleetLabel;
use crate::ui::view::use_view;

/// The width of the drawing, in its own units.
const WIDTH: usize = 1_000;

/// Properties of [`ProgressBar`] and [`CountList`].
#[derive(PartialEq, Properties)]
pub struct CountsProps {
    /// The number of members by status.
    pub counts: Counts,
}

/// A bar of the members that take part: destroyed, not destroyed, and in progress.
#[component]
pub fn ProgressBar(props: &CountsProps) -> Html {
    let counts = &props.counts;
    let language = use_view().language;
    let all = counts.members - counts.left_out;
    let parts = [
        ("good", counts.destroyed),
        ("bad", counts.not_destroyed),
        ("running", counts.in_progress),
        ("warn", counts.stopped),
    ];
    let place = |members: usize| members * WIDTH / all.max(1);
    let mut before = 0;
    let rects = parts.map(|(class, count)| {
        let from = before;
        before += count;
        let width = place(before) - place(from);
        html! {
            <rect
                {class}
                x={place(from).to_string()}
                y="0"
                width={width.to_string()}
                height="10"
            />
        }
    });
    let done = counts.destroyed + counts.not_destroyed + counts.stopped;
    html! {
        <div
            role="progressbar"
            class="run-bar"
            aria-label={FleetLabel::RunProgress.get(language)}
            aria-valuemin="0"
            aria-valuemax={all.to_string()}
            aria-valuenow={done.to_string()}
            aria-valuetext={text::fleet::progress(counts, language)}
        >
            <svg class="span" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
                { for rects }
            </svg>
        </div>
    }
}

/// The counts in words. The usual counts are always shown, so that the layout does not shift.
#[component]
pub fn CountList(props: &CountsProps) -> Html {
    let counts = &props.counts;
    let view = use_view();
    let count = |label: FleetLabel, class: &'static str, count: usize, always: bool| {
        let words = html! {
            <div {class}>
                <dt>{ label.get(view.language) }</dt>
                <dd>{ view.count(count) }</dd>
            </div>
        };
        (always || count > 0).then_some(words)
    };
    html! {
        <dl class="counts">
            { count(FleetLabel::Destroyed, "good", counts.destroyed, true) }
            { count(FleetLabel::Running, "running", counts.in_progress, true) }
            { count(FleetLabel::Waiting, "quiet", counts.waiting + counts.unchecked, true) }
            { count(FleetLabel::NotDestroyed, "bad", counts.not_destroyed, true) }
            { count(FleetLabel::NotStarted, "warn", counts.stopped, false) }
            { count(FleetLabel::LeftOutAgents, "quiet", counts.left_out, false) }
        </dl>
    }
}
