//! The download of the evidence.

use std::rc::Rc;

use yew::prelude::*;

use crate::flow::state::Ended;
use crate::text::labels::Label;
use crate::ui::copy_button::EvidenceFormat;
use crate::ui::view::use_view;

/// Properties of [`DownloadButton`].
#[derive(PartialEq, Properties)]
pub struct DownloadButtonProps {
    /// The ending.
    pub ended: Rc<Ended>,
    /// The format of the evidence.
    pub form: EvidenceFormat,
}

/// A button that downloads the evidence as a file.
#[component]
pub fn DownloadButton(props: &DownloadButtonProps) -> Html {
    let DownloadButtonProps { ended, form } = props;
    let form = *form;
    let view = use_view();
    let (extension, mime, label) = match form {
        EvidenceFormat::Json => ("json", "application/json", Label::DownloadJson),
        EvidenceFormat::Markdown => ("md", "text/markdown", Label::DownloadMarkdown),
    };
    let name = view.label(label);
    let onclick = {
        let ended = Rc::clone(ended);
        move |_| {
            let file = format!("{}.{extension}", file_name(&ended));
            let text = form.evidence(&ended, &view);
            view.platform.download(&file, mime, &text);
        }
    };
    html! { <button type="button" class="small" {onclick}>{ name }</button> }
}

/// The file name, such as `odp-destroy-10.10.10.1-2886-42016843008102886`; brackets and colons of
/// an address are not allowed in file names.
fn file_name(ended: &Ended) -> String {
    let address = ended.facts.address.to_string();
    let address = address.replace(['[', ']'], "").replace(':', "-");
    match &ended.task {
        Some(task) => format!("odp-destroy-{address}-{}", task.dag.id),
        None => format!("odp-destroy-{address}"),
    }
}
