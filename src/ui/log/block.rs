//! A block of lines that is rendered as one component.

use std::rc::Rc;

use yew::prelude::*;

use super::blocks::lines_of;
use super::line::line;

/// Properties of [`Block`].
#[derive(Properties)]
pub struct BlockProps {
    /// All lines of the log.
    pub lines: Rc<Vec<String>>,
    /// The index of the block, counted from 0.
    pub block: usize,
    /// The search text.
    pub query: AttrValue,
    /// The selected match, if it is in this block.
    pub current: Option<usize>,
}

impl BlockProps {
    fn texts(&self) -> &[String] {
        let lines = lines_of(self.block, self.lines.len());
        self.lines.get(lines).unwrap_or_default()
    }
}

/// Equal if the lines of this block are equal: lines added to other blocks do not render it again.
impl PartialEq for BlockProps {
    fn eq(&self, other: &Self) -> bool {
        let of = |props: &Self| (props.block, props.query.clone(), props.current);
        of(self) == of(other)
            && (Rc::ptr_eq(&self.lines, &other.lines) || self.texts() == other.texts())
    }
}

/// The lines of a block. Each line has a key: lines keep their elements as others are added or
/// removed, which preserves a text selection.
#[component]
pub fn Block(props: &BlockProps) -> Html {
    let first = lines_of(props.block, props.lines.len()).start;
    html! {
        <div class="block" data-block={props.block.to_string()}>
            for (offset, text) in props.texts().iter().enumerate() {
                { line(first + offset, text, &props.query, props.current == Some(first + offset)) }
            }
        </div>
    }
}
