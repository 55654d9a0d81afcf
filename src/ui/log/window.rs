//! Which lines are drawn.

/// The height of a line in pixels, as in the style sheet.
pub(super) const LINE_HEIGHT: usize = 20;

/// Up to here every line is drawn, so that all of them can be selected and found by the browser.
const DRAW_ALL: usize = 1_000;

/// Lines drawn beyond what is seen, above and below.
const SPARE: usize = 60;

/// A run of lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Window {
    /// The first, counted from 0.
    pub first: usize,
    /// How many.
    pub count: usize,
}

impl Window {
    /// Whether so many lines need one.
    pub fn needed(lines: usize) -> bool {
        lines > DRAW_ALL
    }

    /// All of them.
    pub fn whole(lines: usize) -> Self {
        Self {
            first: 0,
            count: lines,
        }
    }

    /// The lines seen when `top` pixels are scrolled away and `height` are seen, and some around;
    /// or the last ones. Lines are taken to have their least height: wrapped ones are higher, so
    /// at least as many are drawn as are seen.
    pub fn around(at_end: bool, top: i32, height: i32, lines: usize) -> Self {
        let rows = |pixels: i32| usize::try_from(pixels).unwrap_or(0) / LINE_HEIGHT;
        let count = (rows(height) + 2 * SPARE).min(lines);
        let last_first = lines - count;
        let first = if at_end {
            last_first
        } else {
            rows(top).saturating_sub(SPARE).min(last_first)
        };
        Self { first, count }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_what_is_seen_and_stays_within_the_lines() {
        let lines = 100_000;
        for top in [0, 19, 1_200, 1_000_000, 1_999_520, 5_000_000, -40] {
            let window = Window::around(false, top, 480, lines);
            let seen = usize::try_from(top).unwrap_or(0) / LINE_HEIGHT;
            assert!(window.first <= seen.min(lines - 24), "{top}");
            assert!(
                window.first + window.count >= (seen + 24).min(lines),
                "{top}"
            );
            assert!(window.first + window.count <= lines, "{top}");
            assert_eq!(window.count, 144, "{top}");
        }
        let end = Window::around(true, 0, 480, lines);
        assert_eq!(end.first + end.count, lines);
    }
}
