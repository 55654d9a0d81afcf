//! Selects the lines to render: those near the visible ones, in blocks whose heights are measured.
//!
//! A wrapped line is as high as its text needs, so a position in pixels does not identify a line
//! until all lines above it have been rendered. A block that was never rendered has an estimated
//! height. The estimate does not change once it was used, so what was scrolled past stays as high as
//! it was. When a measured height replaces an estimate above the visible lines, the browser keeps
//! these in place (scroll anchoring).

use std::ops::Range;
use std::rc::Rc;

use yew::Reducible;

/// Lines in a block.
pub(super) const BLOCK_LINES: usize = 50;

/// Up to this number of lines, all lines are rendered, so that the browser can select and find all
/// of them.
const DRAW_ALL: usize = 1_000;

/// The minimum height of a line in pixels, as in the style sheet.
const LINE_HEIGHT: i32 = 20;

/// The minimum height in pixels that is rendered above and below the visible part; otherwise the
/// height of the visible part.
const LEAST_SPARE: i32 = 400;

/// Whether only a part of this many lines is rendered.
pub(super) fn are_windowed(lines: usize) -> bool {
    lines > DRAW_ALL
}

/// The block of a line; both are counted from 0.
pub(in crate::ui) fn block_of(line: usize) -> usize {
    line / BLOCK_LINES
}

/// The lines of a block, in a log of `lines` lines.
pub(in crate::ui) fn lines_of(block: usize, lines: usize) -> Range<usize> {
    let first = (block * BLOCK_LINES).min(lines);
    first..(first + BLOCK_LINES).min(lines)
}

/// A change of [`Heights`].
pub(in crate::ui) enum HeightsAction {
    /// These blocks were measured.
    Measured(Vec<Measurement>),
    /// Lines are wrapped otherwise.
    Reset,
}

/// A measured block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ui) struct Measurement {
    /// Counted from 0.
    pub block: usize,
    /// How many lines it has.
    pub lines: usize,
    /// In pixels. Without a height the block is not shown.
    pub height: i32,
}

/// The last measurement of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Measured {
    lines: usize,
    /// In pixels.
    height: i32,
}

/// The heights of the blocks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::ui) struct Heights {
    measured: Vec<Option<Measured>>,
    /// The height, in pixels, of a block that was never rendered: that of the first full block that
    /// was measured.
    estimate: Option<i32>,
}

impl Reducible for Heights {
    type Action = HeightsAction;

    fn reduce(self: Rc<Self>, action: Self::Action) -> Rc<Self> {
        match action {
            HeightsAction::Measured(measurements) => {
                let mut heights = Rc::unwrap_or_clone(self);
                for measurement in measurements {
                    heights.measure(measurement);
                }
                heights.into()
            }
            HeightsAction::Reset => Self::default().into(),
        }
    }
}

impl Heights {
    fn measure(&mut self, measurement: Measurement) {
        let Measurement {
            block,
            lines,
            height,
        } = measurement;
        if height <= 0 {
            return;
        }
        if self.measured.len() <= block {
            self.measured.resize(block + 1, None);
        }
        if let Some(known) = self.measured.get_mut(block) {
            *known = Some(Measured { lines, height });
        }
        if lines == BLOCK_LINES {
            self.estimate.get_or_insert(height);
        }
    }

    /// The heights of all blocks of this many lines, in pixels: measured, or estimated.
    fn all(&self, lines: usize) -> Vec<i32> {
        let full = self
            .estimate
            .map_or(pixels(BLOCK_LINES) * i64::from(LINE_HEIGHT), i64::from);
        let blocks = 0..lines.div_ceil(BLOCK_LINES);
        blocks
            .map(|block| {
                let lines = lines_of(block, lines).len();
                match self.measured.get(block) {
                    Some(Some(known)) if known.lines == lines => known.height,
                    _ => {
                        let estimate = pixels(lines) * full / pixels(BLOCK_LINES);
                        i32::try_from(estimate).unwrap_or(i32::MAX)
                    }
                }
            })
            .collect()
    }
}

fn pixels(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A piece of the log, in order from top to bottom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ui) enum Piece {
    /// A rendered block.
    Block(usize),
    /// Blocks that are not rendered.
    Gap {
        /// The first of these blocks.
        first: usize,
        /// In pixels.
        height: i64,
    },
}

/// The visible part of a log.
#[derive(Clone, Copy, Debug)]
pub(in crate::ui) struct Seen {
    /// Whether the whole log must be rendered.
    pub whole: bool,
    /// Whether the view follows the end of the log.
    pub at_end: bool,
    /// Pixels scrolled out of view above.
    pub top: i32,
    /// Visible height, in pixels.
    pub height: i32,
    /// A line, counted from 0, that is about to be scrolled into view.
    pub line: Option<usize>,
}

/// The pieces of a log of this many lines.
pub(in crate::ui) fn pieces(lines: usize, heights: &Heights, seen: Seen) -> Vec<Piece> {
    let all = heights.all(lines);
    let whole: i64 = all.iter().copied().map(i64::from).sum();
    let seen_height = i64::from(seen.height.max(0));
    let seen_top = if seen.at_end {
        whole - seen_height
    } else {
        i64::from(seen.top).min(whole - seen_height)
    };
    let spare = seen_height.max(LEAST_SPARE.into());
    let drawn = (seen_top - spare)..(seen_top + seen_height + spare);
    let asked = seen.line.map(block_of);
    let mut pieces = Vec::new();
    let mut top = 0;
    for (block, height) in all.into_iter().enumerate() {
        let height = i64::from(height);
        let bottom = top + height;
        let is_seen = bottom > drawn.start && top < drawn.end;
        if seen.whole || is_seen || asked == Some(block) {
            pieces.push(Piece::Block(block));
        } else if let Some(Piece::Gap { height: gap, .. }) = pieces.last_mut() {
            *gap += height;
        } else {
            pieces.push(Piece::Gap {
                first: block,
                height,
            });
        }
        top = bottom;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(top: i32) -> Seen {
        Seen {
            whole: false,
            at_end: false,
            top,
            height: 480,
            line: None,
        }
    }

    fn measure(heights: &mut Heights, block: usize, lines: usize, height: i32) {
        heights.measure(Measurement {
            block,
            lines,
            height,
        });
    }

    fn drawn(pieces: &[Piece]) -> Vec<usize> {
        let blocks = pieces.iter().filter_map(|piece| match piece {
            Piece::Block(block) => Some(*block),
            Piece::Gap { .. } => None,
        });
        blocks.collect()
    }

    fn height(pieces: &[Piece], heights: &[i32]) -> i64 {
        let each = pieces.iter().map(|piece| match piece {
            Piece::Block(block) => i64::from(heights[*block]),
            Piece::Gap { height, .. } => *height,
        });
        each.sum()
    }

    #[test]
    fn all_is_drawn_where_it_is_to_be() {
        assert!(!are_windowed(1_000) && are_windowed(1_001));
        let seen = Seen {
            whole: true,
            ..seen(0)
        };
        for lines in [0, 1, 50, 51, 10_000] {
            let pieces = pieces(lines, &Heights::default(), seen);
            let all: Vec<_> = (0..lines.div_ceil(BLOCK_LINES)).collect();
            assert_eq!(drawn(&pieces), all);
            assert_eq!(pieces.len(), all.len());
        }
    }

    #[test]
    fn what_is_seen_is_drawn_with_as_much_above_and_below() {
        // Lines of one, three and seven rows, in blocks of their own.
        let lines = 100_000;
        let mut heights = Heights::default();
        for (block, rows) in [1, 3, 7].into_iter().cycle().take(2_000).enumerate() {
            measure(&mut heights, block, BLOCK_LINES, rows * 1_000);
        }
        let all = heights.all(lines);
        let whole: i64 = all.iter().copied().map(i64::from).sum();
        for top in [0, 19, 1_200, 999_999, 3_999_999, 7_300_000, i32::MAX, -40] {
            let pieces = pieces(lines, &heights, seen(top));
            assert_eq!(height(&pieces, &all), whole, "{top}");
            let top = i64::from(top).min(whole - 480);
            let (from, to) = ((top - 480).max(0), (top + 960).min(whole));
            let mut at = 0;
            for piece in pieces {
                let height = match piece {
                    Piece::Block(block) => i64::from(all[block]),
                    Piece::Gap { height, .. } => {
                        assert!(at + height <= from || at >= to, "{top}: a gap in sight");
                        height
                    }
                };
                at += height;
            }
        }
    }

    #[test]
    fn the_end_is_drawn_where_it_is_followed_and_a_line_that_is_asked_for_anywhere() {
        let at_end = Seen {
            at_end: true,
            line: Some(260),
            ..seen(0)
        };
        let pieces = pieces(10_000, &Heights::default(), at_end);
        assert_eq!(drawn(&pieces), [5, 199]);
        assert_eq!(
            pieces[0],
            Piece::Gap {
                first: 0,
                height: 5_000
            }
        );
    }

    #[test]
    fn what_was_not_drawn_is_taken_to_be_as_high_as_the_first_full_block() {
        let mut heights = Heights::default();
        assert_eq!(heights.all(120), [1_000, 1_000, 400]);
        // A block of fewer lines says little, and one that is not shown nothing.
        measure(&mut heights, 2, 20, 4_000);
        measure(&mut heights, 0, 50, 0);
        assert_eq!(heights.all(120), [1_000, 1_000, 4_000]);
        measure(&mut heights, 1, 50, 3_000);
        assert_eq!(heights.all(120), [3_000, 3_000, 4_000]);
        // Lines were added to a block since.
        assert_eq!(heights.all(130), [3_000, 3_000, 1_800]);
    }

    #[test]
    fn a_measurement_changes_the_height_of_no_other_block() {
        let lines = 10_000;
        let mut heights = Heights::default();
        measure(&mut heights, 199, BLOCK_LINES, 1_300);
        for (block, rows) in [1, 3, 7].into_iter().cycle().take(199).enumerate() {
            let before = heights.all(lines);
            measure(&mut heights, block, BLOCK_LINES, rows * 1_000);
            let after = heights.all(lines);
            for (other, (before, after)) in before.into_iter().zip(after).enumerate() {
                assert!(other == block || before == after, "{block}, {other}");
            }
        }
    }
}
