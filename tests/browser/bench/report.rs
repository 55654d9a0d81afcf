//! The report: tables to read, demands to meet, and the places of the document that they fill.

use std::fmt::Write as _;

use serde_json::Value;

/// A part of the report.
#[derive(Debug)]
pub struct Section {
    /// What it is called in the file and in the document.
    pub name: &'static str,
    /// The first row of its table.
    pub columns: Vec<&'static str>,
    /// The other rows: as many cells each.
    pub rows: Vec<Vec<String>>,
    /// What has to be so.
    pub demands: Vec<Demand>,
    /// The same figures and their samples, for programs.
    pub data: Value,
}

/// A ratio and its limit.
#[derive(Debug)]
pub struct Demand {
    /// What it is a ratio of.
    pub what: String,
    /// What was measured.
    pub ratio: f64,
    /// What it may be.
    pub limit: Limit,
}

/// What a ratio may be.
#[derive(Debug, Clone, Copy)]
pub enum Limit {
    AtLeast(f64),
    AtMost(f64),
}

impl Limit {
    fn holds(self, ratio: f64) -> bool {
        match self {
            Self::AtLeast(limit) => ratio >= limit,
            Self::AtMost(limit) => ratio <= limit,
        }
    }

    /// As a cell of a table.
    pub fn text(self) -> String {
        match self {
            Self::AtLeast(limit) => format!("at least {limit}"),
            Self::AtMost(limit) => format!("at most {limit}"),
        }
    }
}

impl Section {
    /// The table as Markdown, its columns aligned: it is read in a terminal, too.
    pub fn table(&self) -> String {
        let heads: Vec<String> = self.columns.iter().map(ToString::to_string).collect();
        let lines = || std::iter::once(&heads).chain(&self.rows);
        let widths: Vec<usize> = (0..heads.len())
            .map(|column| lines().map(|row| row[column].chars().count()).max())
            .map(Option::unwrap_or_default)
            .collect();
        let mut text = String::new();
        for (number, row) in lines().enumerate() {
            assert_eq!(row.len(), widths.len(), "a row of another table: {row:?}");
            for (cell, &width) in row.iter().zip(&widths) {
                let _ = write!(text, "| {cell:<width$} ");
            }
            text.push_str("|\n");
            if number == 0 {
                for &width in &widths {
                    let _ = write!(text, "| {:-<width$} ", "");
                }
                text.push_str("|\n");
            }
        }
        text
    }

    /// The table under its name.
    pub fn text(&self) -> String {
        format!("{}:\n{}", self.name, self.table())
    }

    /// What is not as demanded, one sentence each.
    pub fn missed(&self) -> Vec<String> {
        let missed = self.demands.iter().filter(|it| !it.limit.holds(it.ratio));
        missed
            .map(|demand| {
                let Demand { what, ratio, limit } = demand;
                format!("{what} is {ratio:.2}, and has to be {}", limit.text())
            })
            .collect()
    }

    /// For the file.
    pub fn figures(&self) -> (String, Value) {
        (self.name.to_owned(), self.data.clone())
    }
}

/// The document with this text between `<!-- NAME -->` and `<!-- end of NAME -->`.
///
/// # Panics
/// When the document has no such place.
pub fn written_into(document: &str, name: &str, text: &str) -> String {
    let [begin, end] = [
        format!("<!-- {name} -->\n"),
        format!("<!-- end of {name} -->"),
    ];
    let place = document.split_once(&begin).and_then(|(before, rest)| {
        let (_, after) = rest.split_once(&end)?;
        Some((before, after))
    });
    let (before, after) = place.unwrap_or_else(|| panic!("the document has no place {name:?}"));
    format!("{before}{begin}{text}{end}{after}")
}

/// Milliseconds as a cell of a table: three digits or so.
pub fn millis(millis: f64) -> String {
    let digits = match millis {
        100.0.. => 0,
        10.0.. => 1,
        1.0.. => 2,
        _ => 3,
    };
    format!("{millis:.digits$} ms")
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::{Demand, Limit, Section, millis, written_into};

    fn section(demands: Vec<Demand>) -> Section {
        Section {
            name: "sealing",
            columns: vec!["key", "time"],
            rows: vec![
                vec!["512 bits".to_owned(), "1 ms".to_owned()],
                vec!["8".to_owned(), "0.25 ms".to_owned()],
            ],
            demands,
            data: Value::Null,
        }
    }

    #[test]
    fn a_table_is_markdown_with_aligned_columns() {
        let table = "\
| key      | time    |
| -------- | ------- |
| 512 bits | 1 ms    |
| 8        | 0.25 ms |
";
        assert_eq!(section(Vec::new()).table(), table);
    }

    #[test]
    fn a_demand_that_is_not_met_is_named() {
        let demand = |what: &str, ratio, limit| Demand {
            what: what.to_owned(),
            ratio,
            limit,
        };
        let section = section(vec![
            demand("fast", 5.0, Limit::AtLeast(5.0)),
            demand("slow", 4.99, Limit::AtLeast(5.0)),
            demand("small", 2.0, Limit::AtMost(2.0)),
            demand("large", 2.3456, Limit::AtMost(2.0)),
            demand("nothing", f64::NAN, Limit::AtMost(2.0)),
        ]);
        assert_eq!(
            section.missed(),
            [
                "slow is 4.99, and has to be at least 5",
                "large is 2.35, and has to be at most 2",
                "nothing is NaN, and has to be at most 2",
            ]
        );
    }

    #[test]
    fn a_table_fills_its_place_in_the_document_and_nothing_else() {
        let document =
            "Before.\n<!-- a -->\nold\n<!-- end of a -->\n<!-- b -->\n<!-- end of b -->\n";
        let written = written_into(document, "a", "| new |\n");
        assert_eq!(
            written,
            "Before.\n<!-- a -->\n| new |\n<!-- end of a -->\n<!-- b -->\n<!-- end of b -->\n"
        );
        assert_eq!(written_into(&written, "a", "| new |\n"), written);
    }

    #[test]
    fn the_document_has_a_place_for_every_section() {
        let document = include_str!("../../../docs/performance.md");
        for name in super::super::SECTIONS.into_iter().chain(["machine"]) {
            written_into(document, name, "");
        }
    }

    #[test]
    fn milliseconds_have_about_three_digits() {
        let shown = [0.0537, 1.0, 12.34, 1234.5].map(millis);
        assert_eq!(shown, ["0.054 ms", "1.00 ms", "12.3 ms", "1234 ms"]);
    }
}
