//! What the open routes say of an agent.

use std::rc::Rc;

use yew::prelude::*;

use super::build::{el, said, several, text, texted};
use super::icon::Icon;
use super::notice::advise;
use super::view::View;
use crate::flow::state::{ConnectForm, Facts, Look};
use crate::obshell::info::Version;
use crate::text::labels::Label;

/// What is known of the agent without a password. `told` is whether the form says already why
/// nothing is.
pub(super) fn agent_facts(view: &View, form: &ConnectForm, told: bool) -> Html {
    let look = &form.look;
    let body = match look {
        Look::Nothing => said("p", "quiet", view.label(Label::FactsNothing)).html(),
        Look::Asking => el("p", "quiet asking")
            .node(Icon::Running.draw())
            .say(view.label(Label::FactsAsking))
            .html(),
        Look::Failed(_) if told => said("p", "quiet", view.label(Label::FactsUnknown)).html(),
        Look::Failed(failure) => {
            let advice = view.failure(failure, &form.address);
            advise(view, None, Icon::Warn, &advice)
        }
        Look::Seen(facts) => list(view, facts),
    };
    el("section", "facts")
        .attr("aria-labelledby", "facts-title")
        .attr_if("aria-busy", (*look == Look::Asking).then_some("true"))
        .child(said("h3", "", view.label(Label::FactsTitle)).attr("id", "facts-title"))
        .node(body)
        .maybe(is_older(look).then(|| said("p", "quiet", view.label(Label::VersionIsOlder))))
        .child(said("p", "quiet", view.label(Label::VersionsTested)))
        .html()
}

/// Whether the agent is known to lack what obshell has from 4.3.1.0 on (protocol: 13).
fn is_older(look: &Look) -> bool {
    let Look::Seen(facts) = look else {
        return false;
    };
    let version = &facts.info.version;
    version.at_least(Version::FIRST_WITH_ERR_CODE) == Some(false)
}

fn list(view: &View, facts: &Rc<Facts>) -> Html {
    let info = &facts.info;
    let yes = |answer: Option<bool>, yes, no| {
        view.label(match answer {
            Some(true) => yes,
            Some(false) => no,
            None => Label::NotTold,
        })
    };
    let mut rows = Vec::new();
    let mut row = |label, value: Html| {
        rows.push(said("dt", "", view.label(label)).html());
        rows.push(el("dd", "").node(value).html());
    };
    row(Label::Version, text(info.version.to_string()));
    row(Label::Identity, text(info.identity.to_string()));
    let managed = yes(info.manages_odp, Label::Managed, Label::NotManaged);
    row(Label::ManagedOdp, text(managed.to_owned()));
    let set = yes(info.password_set, Label::PasswordSet, Label::PasswordNotSet);
    row(Label::Password, text(set.to_owned()));
    row(
        Label::Home,
        texted("code", "", info.home_path.clone()).html(),
    );
    let clock = vec![
        view.time(&facts.agent_time),
        text(" ".to_owned()),
        texted("span", "quiet", view.zone_name()).html(),
    ];
    row(Label::AgentClock, several(clock));
    if let Ok(key) = &facts.key {
        let key = vec![
            text(["RSA ", &key.bits().to_string(), " bit"].concat()),
            texted(
                "code",
                "fingerprint",
                ["SHA-256 ", key.fingerprint()].concat(),
            )
            .html(),
        ];
        row(Label::Key, several(key));
    }
    el("dl", "").list(rows).html()
}

/// A moment in words, and the zone that it is told in.
#[inline(never)]
pub(super) fn moment_in_zone(moment: String, view: &View) -> Html {
    let parts = vec![
        text([&moment, " "].concat()),
        texted("span", "quiet", view.zone_name()).html(),
    ];
    several(parts)
}
