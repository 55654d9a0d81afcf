//! The end: what came of it, what to do now, and the evidence.

use std::rc::Rc;

use yew::prelude::*;

use super::ConsoleProps;
use super::build::{
    El, button, el, heading as heading_of, pair, said, several, tells, text as text_node, texted,
};
use super::copy::{self, Form, Source};
use super::facts::moment_in_zone;
use super::icon::Icon;
use super::log::copied;
use super::message::Message;
use super::notice::notice;
use super::operate::{operations, standing};
use super::prose::prose;
use super::task::{detail::detail, strip};
use super::view::View;
use crate::flow::ending::{Cause, Ending, Unknown};
use crate::flow::event::Event as Act;
use crate::flow::state;
use crate::obshell::error::{ApiError, Failure, NotSent};
use crate::text;
use crate::text::labels::{Label, LaterLabel};

/// The sign and the colour of an ending.
fn tone(ending: &Ending) -> (Icon, &'static str) {
    match ending {
        Ending::Destroyed | Ending::OtherTaskDone => (Icon::Pass, "panel result good"),
        Ending::Skipped { .. } => (Icon::Skipped, "panel result warn"),
        Ending::Cancelled { .. } => (Icon::Cancelled, "panel result warn"),
        Ending::Failed { .. } | Ending::Refused(_) => (Icon::Fail, "panel result bad"),
        Ending::SomeoneElse { .. } | Ending::OutcomeUnknown(_) => (Icon::Warn, "panel result warn"),
        Ending::NothingToDestroy | Ending::NotSent(_) | Ending::NotDone(_) => {
            (Icon::Info, "panel result")
        }
    }
}

/// The result card, and below it the stages and the log.
pub(super) fn ended(
    props: &ConsoleProps,
    view: &View,
    (heading, operate): (&NodeRef, &NodeRef),
    ended: &Rc<state::Ended>,
) -> Html {
    let words = text::ending::ending(ended, view.language);
    let act = |class, label, act: Act| button(class, view.label(label), tells(&props.tell, act));
    let (again, over) = if ended.ending.may_confirm_again() {
        let again = act("primary", Label::CheckAgain, Act::Recheck);
        (Some(again), "")
    } else {
        (None, "primary")
    };
    let facts_title = if ended.task.is_some() {
        LaterLabel::EndFacts
    } else {
        LaterLabel::EndKnown
    };
    let list = |title: LaterLabel, lines: &[String]| {
        if lines.is_empty() {
            return Html::default();
        }
        let lines = lines
            .iter()
            .map(|line| el("li", "").node(prose(view, line)).html());
        el("div", "")
            .child(said("h3", "", view.later_label(title)))
            .child(el("ul", "plain-list").each(lines))
            .html()
    };
    let halves = el("div", "halves")
        .node(list(facts_title, &words.facts))
        .node(list(LaterLabel::EndNext, &words.next));
    let operations = match (&ended.ending, &ended.task) {
        (Ending::Failed { .. } | Ending::Cancelled { .. }, Some(task))
            if !props.state.settings.read_only =>
        {
            operations(view, &props.tell, operate, task)
        }
        (_, Some(task)) => standing(view, task),
        (_, None) => Html::default(),
    };
    let card = card(heading, &ended.ending, words.name)
        .child(el("p", "lead").node(prose(view, &words.summary)))
        .node(holder(view, ended, &props.tell))
        .child(halves)
        .node(last_check(view, ended))
        .node(signed_out(view, props, ended))
        .node(operations)
        .node(last_lines(view, ended))
        .node(evidence(view, ended))
        .child(
            el("div", "acts")
                .maybe(again)
                .child(act(over, Label::StartOver, Act::StartOver)),
        );
    several(vec![card.html(), task(props, view, ended)])
}

/// The same as long as its words are not there: which end it is, and the task.
pub(super) fn name_only(
    props: &ConsoleProps,
    view: &View,
    heading: &NodeRef,
    ended: &state::Ended,
) -> Html {
    let name = text::ending::name(&ended.ending, view.language);
    let card =
        card(heading, &ended.ending, name).child(said("p", "lead", view.label(Label::EndComing)));
    several(vec![card.html(), task(props, view, ended)])
}

/// That the credential was cleared since, where it would be needed for what can be done now.
fn signed_out(view: &View, props: &ConsoleProps, ended: &state::Ended) -> Html {
    let Some(why) = props.state.forgotten() else {
        return Html::default();
    };
    let address = ended.facts.address.to_string();
    let words = view.failure(&Failure::NotSent(NotSent::Forgotten(why)), &address);
    let fix = view.later_label(LaterLabel::SignInNext);
    notice(None, Icon::Info, &words.what, Some(fix))
}

/// The result card, begun.
fn card(heading: &NodeRef, ending: &Ending, name: String) -> El {
    let (icon, class) = tone(ending);
    let verdict = el("div", "verdict-line")
        .node(icon.draw())
        .child(heading_of(heading, name.into()));
    el("section", class)
        .attr("aria-labelledby", "screen")
        .child(verdict)
}

/// The task that came to this end.
fn task(props: &ConsoleProps, view: &View, ended: &state::Ended) -> Html {
    let task = ended.task.as_ref().map(|task| {
        let title = text::task::dag_title(&task.dag.name, view.language);
        let panel = el("section", "panel")
            .attr("aria-labelledby", "task-title")
            .child(texted("h3", "", title).attr("id", "task-title"))
            .node(strip(view, &task.dag));
        several(vec![panel.html(), detail(props, view, &task.dag)])
    });
    task.unwrap_or_default()
}

/// How many lines of a failed step's log stand on the card.
const LAST_LINES: usize = 5;

/// The last words of the step at which it stopped.
fn last_lines(view: &View, ended: &state::Ended) -> Html {
    let (Ending::Failed { stage, .. } | Ending::Cancelled { stage, .. }) = &ended.ending else {
        return Html::default();
    };
    let node = ended.task.as_ref().and_then(|task| task.dag.node(*stage));
    let logs = node
        .and_then(|node| node.sub_tasks.as_ref())
        .into_iter()
        .flatten()
        .filter_map(|task| task.logs.as_ref());
    logs.filter(|lines| !lines.is_empty())
        .map(|lines| {
            let skipped = lines.len().saturating_sub(LAST_LINES);
            let last = lines.get(skipped..).unwrap_or_default();
            el("div", "")
                .child(said("h3", "", view.later_label(LaterLabel::LastLines)))
                .child(texted("pre", "last-lines", copied(last)))
                .html()
        })
        .collect()
}

/// Until when the DELETE can start a task, and when the agent was last asked whether it did.
fn last_check(view: &View, ended: &state::Ended) -> Html {
    let Some(doubt) = &ended.looking else {
        return Html::default();
    };
    let expires = doubt.expires.saturating_mul(1000);
    let valid_until = view.moment(expires.saturating_sub(ended.facts.clock.millis));
    let checked_at = [&*view.moment(doubt.last_news), " ", &view.zone_name()].concat();
    let words = text::ending::last_check(&valid_until, &checked_at, view.language);
    texted("p", "quiet", words).html()
}

/// The task that holds the agent, and the way to follow it.
fn holder(view: &View, ended: &state::Ended, tell: &Callback<Message>) -> Html {
    let Ending::SomeoneElse {
        holder: Some(dag), ..
    } = &ended.ending
    else {
        return Html::default();
    };
    let follow = tells(tell, Act::FollowHolder);
    let title = text::task::dag_title(&dag.name, view.language);
    el("div", "holder")
        .child(texted("h3", "", title))
        .node(strip(view, dag))
        .child(button("", view.label(Label::FollowTask), follow))
        .html()
}

/// The agent's own words, where it said no.
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

/// Who, what, when; to read, to copy and to keep.
fn evidence(view: &View, ended: &Rc<state::Ended>) -> Html {
    let info = &ended.facts.info;
    let mut rows = Vec::new();
    let mut row = |label: &'static str, value: Option<Html>| {
        rows.push(value.map(|value| pair(label, value)).unwrap_or_default());
    };
    let code = |text: &str| texted("code", "", text.to_owned()).html();
    let moment = |millis| moment_in_zone(view.moment(millis), view);
    let submission = ended.submission.as_ref();
    let refusal = refusal(&ended.ending);
    // The trace id of the request is known even where no answer came; the agent's own word wins.
    let trace = refusal
        .map(|error| error.trace_id.as_str())
        .filter(|id| !id.is_empty())
        .or_else(|| submission.and_then(|sent| sent.trace_id.as_deref()));
    let agent = [
        &*ended.facts.address.to_string(),
        " · obshell ",
        &*info.version.to_string(),
        " · ",
        &*info.identity.to_string(),
    ];
    row(
        view.later_label(LaterLabel::Agent),
        Some(text_node(agent.concat())),
    );
    row(
        view.label(Label::TaskId),
        ended.task.as_ref().map(|task| code(task.dag.id.as_str())),
    );
    row(
        view.later_label(LaterLabel::ErrorCode),
        refusal.map(|error| code(&error.shown_code())),
    );
    row(
        view.later_label(LaterLabel::ErrorMessage),
        refusal.map(|error| text_node(error.message.clone())),
    );
    row(view.later_label(LaterLabel::TraceId), trace.map(code));
    row(
        view.later_label(LaterLabel::SentAt),
        submission.map(|sent| moment(sent.sent_at)),
    );
    row(
        view.later_label(LaterLabel::EndedAt),
        ended.task.as_ref().map(|_| match ended.task_ended() {
            Some(time) => several(vec![
                view.time(time),
                text_node(" ".to_owned()),
                texted("span", "quiet", view.zone_name()).html(),
            ]),
            None => text_node(view.label(Label::NotTold).to_owned()),
        }),
    );
    row(view.later_label(LaterLabel::SeenAt), Some(moment(ended.at)));
    let copy = |source, label| copy::copy(view, source, label);
    el("div", "evidence")
        .child(said("h3", "", view.later_label(LaterLabel::Evidence)))
        .child(el("dl", "").list(rows))
        .child(
            el("div", "acts")
                .node(copy(
                    Source::Evidence(Form::Markdown, Rc::clone(ended)),
                    LaterLabel::CopyMarkdown,
                ))
                .node(download(view, ended, "md", LaterLabel::DownloadMarkdown))
                .node(copy(
                    Source::Evidence(Form::Json, Rc::clone(ended)),
                    LaterLabel::CopyJson,
                ))
                .node(download(view, ended, "json", LaterLabel::DownloadJson)),
        )
        .html()
}

fn download(
    view: &View,
    ended: &Rc<state::Ended>,
    ending: &'static str,
    label: LaterLabel,
) -> Html {
    let (view_too, ended) = (view.clone(), Rc::clone(ended));
    let act = Callback::from(move |_| {
        let (mime, form) = match ending {
            "json" => ("application/json", Form::Json),
            _ => ("text/markdown", Form::Markdown),
        };
        let name = [&file_name(&ended), ".", ending].concat();
        view_too
            .platform
            .download(&name, mime, &view_too.evidence(form, &ended));
    });
    button("small", view.later_label(label), act).html()
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
