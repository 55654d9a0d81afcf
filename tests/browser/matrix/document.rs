//! The fault matrix as a document.

use std::fmt::Write as _;

use super::table::{Cell, Deletes, Deviation, Ending, Moment, Row};

const BEGINNING: &str = "\
# The fault matrix

The ending that the page shows for each fault, and the number of DELETEs. The rows are the faults, the
columns their moments. Every cell is a test: `tests/browser/matrix.rs` plays it in a real browser, in
front of the development site's proxy and a simulated agent, and counts the DELETEs that arrive.
`tests/agent/matrix.rs` plays it without a browser against the simulated agent of every known version:
4.2.6.0, 4.3.0.0, 4.3.1.0, 4.4.1.0 and 4.5.0.0. This file is generated from
`tests/browser/matrix/table.rs`; do not edit it by hand.

* **Before**: the checks have passed, and the person reads the review. After the fault the person
  confirms.
* **During**: the DELETE is in transit to the agent, or its response to the page.
* **After**: the agent has started the task, and the page follows it.

The number after an ending is that of the DELETEs that reached the agent. \"0 of 1\" is one that left
the page and did not arrive; \"1 + 1\" is one of this page and one of the other console.

";

/// Returns the whole document.
pub fn document(table: &[Row], deviations: &[Deviation]) -> String {
    let mut text = BEGINNING.to_owned();
    text.push_str("| fault | before | during | after |\n| --- | --- | --- | --- |\n");
    for row in table {
        let [before, during, after] = row.cells.map(|cell| short(&cell));
        let _ = writeln!(text, "| {} | {before} | {during} | {after} |", row.name);
    }
    text.push_str("\n## Limitations of old agents\n\n");
    for deviation in deviations {
        let row = table.iter().find(|row| row.fault == deviation.fault);
        let _ = writeln!(
            text,
            "* **{}**, {}, {}: {} *{}*.",
            deviation.version,
            lower(row.map_or("", |row| row.name)),
            lower(&format!("{:?}", deviation.moment)),
            deviation.because,
            names(deviation.endings)
        );
    }
    text.push_str("\n## The actions in each cell\n");
    for row in table {
        let _ = writeln!(text, "\n### {}\n", row.name);
        for (moment, cell) in Moment::ALL.iter().zip(&row.cells) {
            let _ = writeln!(text, "* **{moment:?}.** {}", long(cell));
        }
    }
    text
}

fn short(cell: &Cell) -> String {
    match cell {
        Cell::Senseless(_) => "–".to_owned(),
        Cell::Played {
            endings, deletes, ..
        } => format!("{} ({})", names(endings), count(deletes)),
    }
}

fn long(cell: &Cell) -> String {
    match cell {
        Cell::Senseless(reason) => format!("Not applicable: {}", lower(reason)),
        Cell::Played {
            done,
            endings,
            deletes,
        } => format!("{done} *{}*; {}.", names(endings), sentence(deletes)),
    }
}

/// The names of the endings; the second one follows "Retry".
fn names(endings: &[Ending]) -> String {
    let mut names = endings.iter().map(ToString::to_string);
    let first = names.next().unwrap_or_default();
    names.fold(first, |names, next| {
        format!("{names}, after \"Retry\" {next}")
    })
}

fn count(deletes: &Deletes) -> String {
    let Deletes {
        sent,
        reached,
        of_others,
    } = deletes;
    match of_others {
        0 if reached < sent => format!("{reached} of {sent}"),
        0 => reached.to_string(),
        others => format!("{reached} + {others}"),
    }
}

fn sentence(deletes: &Deletes) -> String {
    let one = |count: usize| match count {
        0 => "no DELETE".to_owned(),
        1 => "one DELETE".to_owned(),
        2 => "two DELETEs".to_owned(),
        more => format!("{more} DELETEs"),
    };
    let own = match (deletes.sent, deletes.reached) {
        (0, _) => "no DELETE left the page".to_owned(),
        (sent, 0) => format!("{} left the page and did not reach the agent", one(sent)),
        (_, reached) => format!("{} reached the agent", one(reached)),
    };
    match deletes.of_others {
        0 => own,
        others => format!("{own}, and {} of the other console", one(others)),
    }
}

fn lower(sentence: &str) -> String {
    let (first, rest) = sentence.split_at_checked(1).unwrap_or((sentence, ""));
    format!("{}{rest}", first.to_lowercase())
}
