//! Icons as inline SVG paths: an image file would cost a request each, and an icon font several.

use yew::prelude::*;

/// An icon beside a word. The word carries the same meaning, so an icon never stands alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IconKind {
    /// Success.
    Pass,
    /// Warning.
    Warn,
    /// Failure.
    Fail,
    /// Information.
    Info,
    /// In progress.
    Running,
    /// Waiting.
    Waiting,
    /// Skipped.
    Skipped,
    /// Cancelled.
    Cancelled,
    /// System theme.
    System,
    /// Light theme.
    Light,
    /// Dark theme.
    Dark,
    /// Finished step.
    Done,
    /// Previous item.
    Up,
    /// Next item.
    Down,
}

impl IconKind {
    /// The colour's name in the style sheet.
    fn tone(self) -> &'static str {
        match self {
            Self::Pass => "icon good",
            Self::Warn | Self::Skipped | Self::Cancelled => "icon warn",
            Self::Fail => "icon bad",
            Self::Info => "icon info",
            Self::Running => "icon info turning",
            Self::Waiting => "icon quiet",
            Self::System | Self::Light | Self::Dark | Self::Done | Self::Up | Self::Down => "icon",
        }
    }

    /// The path in a square of 16 units, drawn as strokes.
    fn path(self) -> &'static str {
        match self {
            Self::Pass => "M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13M5 8.2l2.1 2.1L11 6.2",
            Self::Warn => "M8 1.8L15 14H1zM8 6.2v3.6M8 11.9v.2",
            Self::Fail => {
                "M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13M5.6 5.6l4.8 4.8M10.4 5.6l-4.8 4.8"
            }
            Self::Info => "M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13M8 7.4v3.8M8 4.8v.2",
            Self::Running => "M8 1.5a6.5 6.5 0 1 1-6.5 6.5",
            Self::Waiting => "M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13M8 4.5V8l2.4 1.6",
            Self::Skipped => {
                "M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13M5 5.5L7.8 8L5 10.5M8.4 5.5L11.2 8l-2.8 2.5"
            }
            Self::Cancelled => "M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13M6 6h4v4H6z",
            Self::System => "M1.5 2.5h13v9h-13zM5.5 14h5M8 11.5V14",
            Self::Light => {
                "M8 5a3 3 0 1 0 0 6a3 3 0 1 0 0-6M8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M3 13l1-1M12 4l1-1"
            }
            Self::Dark => "M13.5 9.8A6 6 0 0 1 6.2 2.5a6 6 0 1 0 7.3 7.3z",
            Self::Done => "M3.5 8.5L6.5 11.5L12.5 5",
            Self::Up => "M3.5 10L8 5.5l4.5 4.5",
            Self::Down => "M3.5 6L8 10.5L12.5 6",
        }
    }
}

/// Properties of [`Icon`].
#[derive(PartialEq, Properties)]
pub struct IconProps {
    /// The icon to draw.
    pub kind: IconKind,
}

/// An icon, hidden from screen readers.
#[component]
pub fn Icon(props: &IconProps) -> Html {
    html! {
        <svg
            class={props.kind.tone()}
            viewBox="0 0 16 16"
            width="16"
            height="16"
            aria-hidden="true"
            focusable="false"
        >
            <path d={props.kind.path()} />
        </svg>
    }
}
