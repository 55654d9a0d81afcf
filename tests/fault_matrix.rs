//! Checks that `docs/fault-matrix.md` is generated from the tested matrix.
#![cfg(not(target_arch = "wasm32"))]

#[path = "browser/matrix/document.rs"]
mod document;
#[path = "browser/matrix/table.rs"]
mod table;

use std::{env, fs};

use table::{Cell, DEVIATIONS, TABLE};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/fault-matrix.md");

#[test]
fn the_file_says_what_the_table_says() {
    let wanted = document::document(TABLE, DEVIATIONS);
    if env::var_os("ODP_WRITE_FAULT_MATRIX").is_some() {
        fs::write(FILE, &wanted).unwrap();
    }
    let found = fs::read_to_string(FILE).unwrap_or_default();
    assert!(
        found == wanted,
        "docs/fault-matrix.md is not what tests/browser/matrix/table.rs says; write it anew:\n\
         ODP_WRITE_FAULT_MATRIX=1 cargo test --test fault_matrix"
    );
}

#[test]
fn no_fault_leads_to_more_than_one_delete_but_a_new_key() {
    for row in TABLE {
        for cell in &row.cells {
            let Cell::Played {
                deletes, endings, ..
            } = cell
            else {
                continue;
            };
            assert!(!endings.is_empty(), "{row:?}");
            assert!(deletes.reached <= deletes.sent, "{row:?}");
            let allowed = 1 + usize::from(row.fault == table::Fault::KeyRotated);
            assert!(deletes.sent <= allowed, "{row:?}");
        }
    }
}
