//! How fast the console is: `cargo xtask bench` runs these and no other command does, as times mean
//! something on a quiet machine only. Each compares what is measured in one run, in one browser.
//!
//! Every test is one section of the report. It writes its figures into `target/bench.json`, prints
//! its table, and fails where a ratio is not as demanded. Once all sections have been measured they
//! are put into `docs/performance.md`, where `ODP_BENCH_WRITE` is set.

mod change;
mod large_task;
mod loading;
mod report;
mod run;
mod sealing;
mod statistics;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use chrono::DateTime;
use serde_json::{Map, Value, json};

use self::report::{Section, written_into};
use crate::support::Browser;

/// The sections of the document, in its order. Another one is printed only.
const SECTIONS: [&str; 5] = ["sealing", "loading", "large task", "change", "run"];

/// The document that has their tables.
const DOCUMENT: &str = "docs/performance.md";

/// What this run has measured so far.
static MEASURED: Mutex<Vec<Section>> = Mutex::new(Vec::new());

/// Puts a section into the report.
///
/// # Panics
/// When a demand of the section is not met: the message says which.
fn report(browser: &Browser, section: Section) {
    println!("\n{}", section.text());
    let missed = section.missed();
    let mut measured = MEASURED.lock().unwrap_or_else(PoisonError::into_inner);
    measured.push(section);
    measured.sort_by_key(|section| SECTIONS.iter().position(|name| *name == section.name));
    let machine = machine(browser);
    let figures: Map<String, Value> = measured.iter().map(Section::figures).collect();
    let all = json!({ "machine": machine, "sections": figures });
    let text = serde_json::to_string_pretty(&all).unwrap();
    fs::write(target().join("bench.json"), text + "\n").unwrap();
    let is_measured = |name: &&str| measured.iter().any(|section| section.name == *name);
    if SECTIONS.iter().all(is_measured) && std::env::var_os("ODP_BENCH_WRITE").is_some() {
        write_document(&measured, &machine);
    }
    drop(measured);
    assert!(missed.is_empty(), "missed: {}", missed.join("; "));
}

fn write_document(sections: &[Section], machine: &Value) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(DOCUMENT);
    let mut text = fs::read_to_string(&path).unwrap();
    let sections = sections.iter();
    for section in sections.filter(|section| SECTIONS.contains(&section.name)) {
        text = written_into(&text, section.name, &section.table());
    }
    let said = |name: &str| machine[name].as_str().unwrap_or_default().to_owned();
    let line = format!(
        "Measured on {}: {}, {} logical processors, {}.\n",
        said("date"),
        said("processor"),
        machine["processors"],
        said("browser")
    );
    fs::write(&path, written_into(&text, "machine", &line)).unwrap();
}

/// What the figures depend on beside the console.
fn machine(browser: &Browser) -> Value {
    let cpus = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = |line: &str| {
        Some(
            line.strip_prefix("model name")?
                .split_once(": ")?
                .1
                .to_owned(),
        )
    };
    let processor = cpus.lines().find_map(name);
    let processors = std::thread::available_parallelism().map_or(0, usize::from);
    let version = browser.devtools("Browser.getVersion", json!({}));
    let date = DateTime::from_timestamp_millis(now() as i64).unwrap();
    json!({
        "browser": version["product"],
        "date": date.format("%Y-%m-%d").to_string(),
        "processor": processor.as_deref().unwrap_or("unknown processor"),
        "processors": processors,
    })
}

/// Milliseconds since 1970, with fractions.
fn now() -> f64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.unwrap().as_secs_f64() * 1000.0
}

/// Cargo's folder for what it builds.
fn target() -> PathBuf {
    let inner = Path::new(env!("CARGO_TARGET_TMPDIR"));
    inner.parent().unwrap().to_owned()
}

/// A page that `cargo xtask bench` built for comparison.
fn built(name: &str) -> PathBuf {
    let folder = target().join("xtask/bench").join(name);
    assert!(
        folder.join("index.html").is_file(),
        "{} is not built: `cargo xtask bench` does",
        folder.display()
    );
    folder
}
