//! The evidence of an ending.

mod download_button;

use std::rc::Rc;

use yew::prelude::*;

use self::download_button::DownloadButton;
use crate::flow::ending::{Cause, Ending, Unknown};
use crate::flow::state::Ended;
use crate::obshell::error::{ApiError, Failure};
use crate::obshell::time::Millis;
use crate::text;
use crate::text::labels::Label;
use crate::ui::copy_button::{CopyButton, EvidenceFormat, Source};
use crate::ui::menu::Menu;
use crate::ui::time::Time;
use crate::ui::view::use_view;

/// Properties of [`EvidenceMenu`] and [`EvidenceFacts`].
#[derive(PartialEq, Properties)]
pub struct EvidenceProps {
    /// The ending.
    pub ended: Rc<Ended>,
}

/// A button with a menu to copy or download the evidence as Markdown or JSON.
#[component]
pub fn EvidenceMenu(props: &EvidenceProps) -> Html {
    let ended = &props.ended;
    let view = use_view();
    html! {
        <Menu name={view.label(Label::Evidence)}>
            <CopyButton
                source={Source::Evidence(EvidenceFormat::Markdown, Rc::clone(ended))}
                label={Label::CopyMarkdown}
            />
            <DownloadButton {ended} form={EvidenceFormat::Markdown} />
            <CopyButton
                source={Source::Evidence(EvidenceFormat::Json, Rc::clone(ended))}
                label={Label::CopyJson}
            />
            <DownloadButton {ended} form={EvidenceFormat::Json} />
        </Menu>
    }
}

/// The evidence in readable form, collapsed.
#[component]
pub fn EvidenceFacts(props: &EvidenceProps) -> Html {
    let ended = &props.ended;
    let view = use_view();
    let info = &ended.facts.info;
    let task = ended.task.as_ref();
    let submission = ended.submission.as_ref();
    let refusal = refusal(&ended.ending);
    // The trace id of the request is known even without a response; a trace id in the response
    // takes precedence.
    let trace = refusal
        .map(|error| error.trace_id.as_str())
        .filter(|id| !id.is_empty())
        .or_else(|| submission.and_then(|sent| sent.trace_id.as_deref()));
    let zone = || html! { <span class="quiet">{ view.zone_name() }</span> };
    let moment = |millis: Millis| html! { <>{ view.moment(millis) }{ " " }{ zone() }</> };
    let task_ended = || match ended.task_ended() {
        Some(time) => html! { <><Time at={time.clone()} />{ " " }{ zone() }</> },
        None => html! { { view.label(Label::NotTold) } },
    };
    let message = |error: &ApiError| {
        html! {
            <>
                { error.message.to_string() }
                if error.hidden() > 0 {
                    <span class="quiet">
                        { " " }
                        { text::hidden_values(error.hidden(), view.language) }
                    </span>
                }
            </>
        }
    };
    let row = |label, value: Html| {
        html! { <div><dt>{ view.label(label) }</dt><dd>{ value }</dd></div> }
    };
    html! {
        <details class="evidence">
            <summary>{ view.label(Label::Details) }</summary>
            <dl>
                { row(
                    Label::Agent,
                    html! {
                        { format!(
                            "{} · obshell {} · {}",
                            ended.facts.address, info.version, info.identity,
                        ) }
                    },
                ) }
                if let Some(task) = task {
                    { row(Label::TaskId, html! { <code>{ task.dag.id.as_str() }</code> }) }
                }
                if let Some(error) = refusal {
                    { row(Label::ErrorCode, html! { <code>{ error.shown_code().to_string() }</code> }) }
                    { row(Label::ErrorMessage, message(error)) }
                }
                if let Some(trace) = trace {
                    { row(Label::TraceId, html! { <code>{ text::visible(trace).into_owned() }</code> }) }
                }
                if let Some(sent) = submission {
                    { row(Label::SentAt, moment(sent.sent_at)) }
                }
                if task.is_some() {
                    { row(Label::EndedAt, task_ended()) }
                }
                { row(Label::SeenAt, moment(ended.at)) }
            </dl>
        </details>
    }
}

/// The agent's error, if the agent refused.
fn refusal(ending: &Ending) -> Option<&ApiError> {
    match ending {
        Ending::Refused(error)
        | Ending::SomeoneElse { error, .. }
        | Ending::NotSent(Failure::Refused(error))
        | Ending::NotDone(Cause::Failure(Failure::Refused(error)))
        | Ending::OutcomeUnknown(Unknown::Answer(Cause::Failure(Failure::Refused(error)))) => {
            Some(error)
        }
        _ => None,
    }
}
