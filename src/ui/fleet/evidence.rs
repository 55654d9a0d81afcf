//! The evidence of a run.

use yew::prelude::*;

use crate::text::fleet::labels::FleetLabel;
use crate::text::labels::Label;
use crate::ui::copy_button::copy_result;
use crate::ui::menu::Menu;
use crate::ui::view::use_view;

/// The forms of the evidence of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunEvidenceFormat {
    /// For a ticket.
    Markdown,
    /// For machines.
    Json,
    /// For a spreadsheet, one line per member.
    Csv,
}

/// Properties of [`EvidenceMenu`].
#[derive(PartialEq, Properties)]
pub struct EvidenceMenuProps {
    /// The number of members, for the file name.
    pub members: usize,
    /// Creates the evidence.
    pub make: Callback<RunEvidenceFormat, String>,
}

/// A button with a menu for copying and downloading the evidence.
#[component]
pub fn EvidenceMenu(props: &EvidenceMenuProps) -> Html {
    let EvidenceMenuProps { members, make } = props;
    let view = use_view();
    html! {
        <Menu name={view.label(Label::Evidence)}>
            { for [RunEvidenceFormat::Markdown, RunEvidenceFormat::Json, RunEvidenceFormat::Csv].map(|form| html! {
                <>
                    <CopyEvidence {form} {make} />
                    <DownloadEvidence {form} members={*members} {make} />
                </>
            }) }
        </Menu>
    }
}

/// Properties of [`CopyEvidence`].
#[derive(PartialEq, Properties)]
struct CopyEvidenceProps {
    form: RunEvidenceFormat,
    make: Callback<RunEvidenceFormat, String>,
}

/// Copies the evidence, which is created on demand.
#[component]
fn CopyEvidence(props: &CopyEvidenceProps) -> Html {
    let CopyEvidenceProps { form, make } = props;
    let form = *form;
    let view = use_view();
    let worked = use_state(|| None);
    let label = match form {
        RunEvidenceFormat::Markdown => FleetLabel::CopyMarkdown,
        RunEvidenceFormat::Json => FleetLabel::CopyJson,
        RunEvidenceFormat::Csv => FleetLabel::CopyCsv,
    };
    let onclick = {
        let (make, platform, worked) = (make.clone(), view.platform.clone(), worked.setter());
        move |_| {
            let worked = worked.clone();
            let done = Callback::from(move |done| worked.set(Some(done)));
            platform.copy(&make.emit(form), done);
        }
    };
    html! {
        <span class="copy">
            <button type="button" class="small" {onclick}>{ label.get(view.language) }</button>
            <span class="said" role="status">{ copy_result(*worked, &view) }</span>
        </span>
    }
}

/// Properties of [`DownloadEvidence`].
#[derive(PartialEq, Properties)]
struct DownloadEvidenceProps {
    form: RunEvidenceFormat,
    members: usize,
    make: Callback<RunEvidenceFormat, String>,
}

/// Downloads a file with the evidence.
#[component]
fn DownloadEvidence(props: &DownloadEvidenceProps) -> Html {
    let DownloadEvidenceProps {
        form,
        members,
        make,
    } = props;
    let (form, members) = (*form, *members);
    let view = use_view();
    let (extension, mime, label) = match form {
        RunEvidenceFormat::Markdown => ("md", "text/markdown", FleetLabel::DownloadMarkdown),
        RunEvidenceFormat::Json => ("json", "application/json", FleetLabel::DownloadJson),
        RunEvidenceFormat::Csv => ("csv", "text/csv", FleetLabel::DownloadCsv),
    };
    let onclick = {
        let (make, platform) = (make.clone(), view.platform.clone());
        move |_| {
            let file = format!("odp-run-{members}-agents.{extension}");
            platform.download(&file, mime, &make.emit(form));
        }
    };
    html! {
        <button type="button" class="small" {onclick}>{ label.get(view.language) }</button>
    }
}
