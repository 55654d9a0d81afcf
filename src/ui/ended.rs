//! The end: what came of it, what to do now, and the evidence.

use std::rc::Rc;

use yew::prelude::*;

use super::ConsoleProps;
use super::copy::{CopyButton, Source};
use super::icon::Icon;
use super::log::copied;
use super::notice::{advise, notice};
use super::prose::prose;
use super::task::{detail::TaskDetail, strip};
use super::view::{View, ZoneChoice};
use crate::flow::ending::{Ending, Holder};
use crate::flow::event::Event as Act;
use crate::flow::state;
use crate::obshell::error::{ApiError, Failure};
use crate::text;
use crate::text::labels::Label;

/// The sign and the colour of an ending.
fn tone(ending: &Ending) -> (Icon, &'static str) {
    match ending {
        Ending::Destroyed | Ending::OtherTaskDone => (Icon::Pass, "result good"),
        Ending::Skipped { .. } => (Icon::Skipped, "result warn"),
        Ending::Cancelled { .. } => (Icon::Cancelled, "result warn"),
        Ending::Failed { .. } | Ending::Refused(_) => (Icon::Fail, "result bad"),
        Ending::SomeoneElse { .. } | Ending::OutcomeUnknown(_) => (Icon::Warn, "result warn"),
        Ending::NothingToDestroy | Ending::NotSent(_) => (Icon::Info, "result"),
    }
}

/// The result card, and below it the stages and the log.
pub(super) fn ended(
    props: &ConsoleProps,
    view: &View,
    heading: &NodeRef,
    ended: &Rc<state::Ended>,
    choose_zone: &Callback<ZoneChoice>,
) -> Html {
    let words = text::ending::ending(ended, view.language);
    let (icon, class) = tone(&ended.ending);
    let start_over = props.dispatch.reform(|_: MouseEvent| Act::StartOver);
    let facts_title = if ended.task.is_some() {
        Label::EndFacts
    } else {
        Label::EndKnown
    };
    let list = |title: Label, class: &'static str, lines: &[String]| {
        if lines.is_empty() {
            return Html::default();
        }
        html! {
            <div>
                <h3>{ view.label(title) }</h3>
                <ul {class}>{ for lines.iter().map(|line| html! { <li>{ prose(view, line) }</li> }) }</ul>
            </div>
        }
    };
    html! {
        <>
            <section class={classes!("panel", class)} aria-labelledby="screen">
                <div class="verdict-line">
                    { icon.draw() }
                    <h2 id="screen" tabindex="-1" ref={heading.clone()}>{ words.name }</h2>
                </div>
                <p class="lead">{ prose(view, &words.summary) }</p>
                { holder(view, ended, &props.dispatch) }
                <div class="halves">
                    { list(facts_title, "plain-list", &words.facts) }
                    { list(Label::EndNext, "plain-list", &words.next) }
                </div>
                { last_lines(view, ended) }
                { evidence(view, ended) }
                <div class="acts">
                    <button type="button" class="primary" onclick={start_over}>{ view.label(Label::StartOver) }</button>
                </div>
            </section>
            if let Some(task) = &ended.task {
                <section class="panel" aria-labelledby="task-title">
                    <h3 id="task-title">{ text::task::dag_title(&task.dag.name, view.language) }</h3>
                    { strip(view, &task.dag) }
                </section>
                <TaskDetail view={view.clone()} dag={Rc::clone(&task.dag)} choose_zone={choose_zone.clone()} />
            }
        </>
    }
}

/// How many lines of a failed step's log stand on the card.
const LAST_LINES: usize = 5;

/// The last words of the step at which it stopped.
fn last_lines(view: &View, ended: &state::Ended) -> Html {
    let (Ending::Failed { stage, .. } | Ending::Cancelled { stage, .. }) = &ended.ending else {
        return Html::default();
    };
    let nodes = ended.task.as_ref().and_then(|task| task.dag.nodes.as_ref());
    let node = nodes.and_then(|nodes| nodes.get(stage.checked_sub(1)?));
    let logs = node
        .and_then(|node| node.sub_tasks.as_ref())
        .into_iter()
        .flatten()
        .filter_map(|task| task.logs.as_ref());
    logs.filter(|lines| !lines.is_empty())
        .map(|lines| {
            let skipped = lines.len().saturating_sub(LAST_LINES);
            let last = lines.get(skipped..).unwrap_or_default();
            html! {
                <div>
                    <h3>{ view.label(Label::LastLines) }</h3>
                    <pre class="last-lines">{ copied(last) }</pre>
                </div>
            }
        })
        .collect()
}

/// The task that holds the agent, and the way to follow it.
fn holder(view: &View, ended: &state::Ended, dispatch: &Callback<Act>) -> Html {
    let Ending::SomeoneElse { holder, .. } = &ended.ending else {
        return Html::default();
    };
    match holder {
        Holder::Searching => html! {
            <p class="asking">{ Icon::Running.draw() }{ view.label(Label::HolderSearching) }</p>
        },
        Holder::Found(dag) => {
            let follow = dispatch.reform(|_: MouseEvent| Act::FollowHolder);
            html! {
                <div class="holder">
                    <h3>{ text::task::dag_title(&dag.name, view.language) }</h3>
                    { strip(view, dag) }
                    <button type="button" onclick={follow}>{ view.label(Label::FollowTask) }</button>
                </div>
            }
        }
        Holder::NotFound => notice(None, Icon::Info, view.label(Label::HolderNotFound), None),
        Holder::Unreadable(failure) => {
            let advice =
                text::problem::failure(failure, &ended.facts.address.to_string(), view.language);
            advise(view, None, Icon::Warn, &advice)
        }
    }
}

/// The agent's own words, where it said no.
fn refusal(ending: &Ending) -> Option<&ApiError> {
    match ending {
        Ending::Refused(error)
        | Ending::SomeoneElse { error, .. }
        | Ending::NotSent(Failure::Refused(error))
        | Ending::OutcomeUnknown(crate::flow::ending::Unknown::Answer(Failure::Refused(error))) => {
            Some(error)
        }
        _ => None,
    }
}

/// Who, what, when; to read, to copy and to keep.
fn evidence(view: &View, ended: &Rc<state::Ended>) -> Html {
    let info = &ended.facts.info;
    let row = |label: Label, value: Html| html! { <div><dt>{ view.label(label) }</dt><dd>{ value }</dd></div> };
    let code = |text: &str| html! { <code>{ text.to_owned() }</code> };
    let moment = |millis| html! { <>{ view.moment(millis) }{ " " }<span class="quiet">{ view.zone_name() }</span></> };
    let submission = ended.submission.as_ref();
    let refusal = refusal(&ended.ending);
    // The trace id of the request is known even where no answer came; the agent's own word wins.
    let trace = refusal
        .map(|error| error.trace_id.as_str())
        .filter(|id| !id.is_empty())
        .or_else(|| submission.and_then(|sent| sent.trace_id.as_deref()));
    html! {
        <div class="evidence">
            <h3>{ view.label(Label::Evidence) }</h3>
            <dl>
                { row(Label::Agent, html! { <>{ ended.facts.address.to_string() }{ " · obshell " }{ info.version.to_string() }{ " · " }{ info.identity.to_string() }</> }) }
                if let Some(task) = &ended.task {
                    { row(Label::TaskId, code(task.dag.id.as_str())) }
                }
                if let Some(error) = refusal {
                    { row(Label::ErrorCode, code(&error.shown_code())) }
                    { row(Label::ErrorMessage, html! { { &error.message } }) }
                }
                if let Some(trace) = trace {
                    { row(Label::TraceId, code(trace)) }
                }
                if let Some(sent) = submission {
                    { row(Label::SentAt, moment(sent.sent_at)) }
                }
                { row(Label::EndedAt, moment(ended.at)) }
            </dl>
            <div class="acts">
                <CopyButton view={view.calm()} source={Source::Markdown(Rc::clone(ended))} label={Label::CopyMarkdown} />
                { download(view, ended, "md", Label::DownloadMarkdown) }
                <CopyButton view={view.calm()} source={Source::Json(Rc::clone(ended))} label={Label::CopyJson} />
                { download(view, ended, "json", Label::DownloadJson) }
            </div>
        </div>
    }
}

fn download(view: &View, ended: &Rc<state::Ended>, ending: &'static str, label: Label) -> Html {
    let (view_too, ended) = (view.clone(), Rc::clone(ended));
    let onclick = Callback::from(move |_: MouseEvent| {
        let (mime, source) = match ending {
            "json" => ("application/json", Source::Json(Rc::clone(&ended))),
            _ => ("text/markdown", Source::Markdown(Rc::clone(&ended))),
        };
        let name = [&file_name(&ended), ".", ending].concat();
        view_too
            .platform
            .download(&name, mime, &source.text(view_too.language));
    });
    html! {
        <button type="button" class="small" {onclick}>{ view.label(label) }</button>
    }
}

/// `odp-destroy-10.10.10.1-2886-42016843008102886`; brackets and colons of an address are not
/// for file names.
fn file_name(ended: &state::Ended) -> String {
    let address = ended.facts.address.to_string();
    let address = address.replace(['[', ']'], "").replace(':', "-");
    match &ended.task {
        Some(task) => ["odp-destroy-", &address, "-", task.dag.id.as_str()].concat(),
        None => ["odp-destroy-", &address].concat(),
    }
}
