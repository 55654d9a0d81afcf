//! Which lines are drawn: those around what is seen, in blocks whose heights are measured.
//!
//! A wrapped line is as high as its text needs, so that a place in pixels tells no line before all
//! lines above it were drawn. What was never drawn has an estimated height. The browser keeps what the
//! person reads in its place where an estimate above it is replaced by a height (scroll anchoring).

use std::ops::Range;

/// Lines in a block.
pub(super) const BLOCK_LINES: usize = 50;

/// Up to here every line is drawn, so that all of them can be selected and found by the browser.
const DRAW_ALL: usize = 1_000;

/// The least height of a line in pixels, as in the style sheet.
const LINE_HEIGHT: i32 = 20;

/// The least height in pixels that is drawn above and below what is seen; otherwise as much as is seen.
const LEAST_SPARE: i32 = 400;

/// Whether only some of so many lines are drawn.
pub(super) fn are_windowed(lines: usize) -> bool {
    lines > DRAW_ALL
}

/// The block of a line; both are counted from 0.
pub(in crate::ui) fn block_of(line: usize) -> usize {
    line / BLOCK_LINES
}

/// The lines of a block, of so many in all.
pub(in crate::ui) fn lines_of(block: usize, lines: usize) -> Range<usize> {
    let first = (block * BLOCK_LINES).min(lines);
    first..(first + BLOCK_LINES).min(lines)
}

/// A block as it was drawn last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Measured {
    lines: usize,
    /// In pixels.
    height: i32,
}

/// The heights of the blocks that were drawn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::ui) struct Heights(Vec<Option<Measured>>);

impl Heights {
    /// Takes note of the height, in pixels, of a block with so many lines.
    pub fn measure(&mut self, block: usize, lines: usize, height: i32) {
        if self.0.len() <= block {
            self.0.resize(block + 1, None);
        }
        if let Some(known) = self.0.get_mut(block) {
            *known = Some(Measured { lines, height });
        }
    }

    /// The heights of all blocks of so many lines: as measured, and otherwise by the average line.
    fn all(&self, lines: usize) -> Vec<i32> {
        let (mut known_lines, mut known_height) = (0, 0);
        for block in self.0.iter().flatten() {
            known_lines += pixels(block.lines);
            known_height += i64::from(block.height);
        }
        let estimate = |lines: usize| {
            if known_lines == 0 {
                pixels(lines) * i64::from(LINE_HEIGHT)
            } else {
                pixels(lines) * known_height / known_lines
            }
        };
        let blocks = 0..lines.div_ceil(BLOCK_LINES);
        blocks
            .map(|block| {
                let lines = lines_of(block, lines).len();
                match self.0.get(block) {
                    Some(Some(known)) if known.lines == lines => known.height,
                    _ => i32::try_from(estimate(lines)).unwrap_or(i32::MAX),
                }
            })
            .collect()
    }
}

fn pixels(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A piece of the log, from top to bottom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ui) enum Piece {
    /// A block that is drawn.
    Block(usize),
    /// Blocks that are not.
    Gap {
        /// The first of them.
        first: usize,
        /// In pixels.
        height: i64,
    },
}

/// What is seen.
#[derive(Clone, Copy, Debug)]
pub(in crate::ui) struct Seen {
    /// Whether all of it is to be drawn.
    pub whole: bool,
    /// Whether the end of the log is followed.
    pub at_end: bool,
    /// Pixels scrolled away above.
    pub top: i32,
    /// Pixels seen at once.
    pub height: i32,
    /// A line, counted from 0, that is about to be brought into sight.
    pub line: Option<usize>,
}

/// The pieces of a log of so many lines.
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
            heights.measure(block, BLOCK_LINES, rows * 1_000);
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
    fn what_was_not_drawn_is_taken_for_average() {
        let mut heights = Heights::default();
        assert_eq!(heights.all(120), [1_000, 1_000, 400]);
        heights.measure(1, 50, 3_000);
        assert_eq!(heights.all(120), [3_000, 3_000, 1_200]);
        // More lines came to a block since.
        heights.measure(2, 20, 400);
        assert_eq!(heights.all(130)[1], 3_000);
        assert_eq!(heights.all(130)[2], 30 * 3_400 / 70);
    }
}
