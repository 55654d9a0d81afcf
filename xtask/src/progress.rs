//! Progress on the screen: numbered steps, and a heartbeat whenever there is no other output.

use std::io::Write as _;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// The longest time without output, so that a person never waits more than ten seconds for a line.
const SILENCE: Duration = Duration::from_secs(8);

static SCREEN: Mutex<Screen> = Mutex::new(Screen {
    last: None,
    mid_line: false,
    running: Vec::new(),
});

struct Screen {
    /// When the last output was printed.
    last: Option<Instant>,
    /// Whether the last output ended within a line.
    mid_line: bool,
    /// The running activities, with their start.
    running: Vec<(String, Instant)>,
}

fn screen() -> MutexGuard<'static, Screen> {
    SCREEN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Starts printing heartbeats.
pub fn start() {
    thread::spawn(|| {
        loop {
            thread::sleep(Duration::from_millis(500));
            let mut screen = screen();
            let now = Instant::now();
            let silent = screen.last.is_none_or(|last| now - last >= SILENCE);
            if let Some(line) = sign_of_life(&screen.running, now).filter(|_| silent) {
                let lead = if screen.mid_line { "\n" } else { "" };
                println!("{lead}{line}");
                screen.mid_line = false;
                screen.last = Some(now);
            }
        }
    });
}

/// `  … trunk (1:20), native programs (0:30)`.
fn sign_of_life(running: &[(String, Instant)], now: Instant) -> Option<String> {
    let all: Vec<String> = running
        .iter()
        .map(|(name, since)| format!("{name} ({})", minutes(now - *since)))
        .collect();
    (!all.is_empty()).then(|| format!("  … {}", all.join(", ")))
}

/// A running activity; ends when dropped.
pub struct Activity {
    name: String,
    since: Instant,
}

/// Starts an activity that heartbeats name.
pub fn activity(name: &str) -> Activity {
    let since = Instant::now();
    screen().running.push((name.to_owned(), since));
    Activity {
        name: name.to_owned(),
        since,
    }
}

impl Activity {
    /// The elapsed time.
    pub fn elapsed(&self) -> Duration {
        self.since.elapsed()
    }
}

impl Drop for Activity {
    fn drop(&mut self) {
        let mut screen = screen();
        let ours = |(name, since): &(String, Instant)| *name == self.name && *since == self.since;
        if let Some(at) = screen.running.iter().position(ours) {
            screen.running.remove(at);
        }
    }
}

/// Prints a line.
pub fn say(text: &str) {
    let mut screen = screen();
    let lead = if screen.mid_line { "\n" } else { "" };
    println!("{lead}{text}");
    screen.mid_line = false;
    screen.last = Some(Instant::now());
}

/// The output stream of a program.
#[derive(Clone, Copy)]
pub enum Stream {
    /// Standard output.
    Output,
    /// Standard error.
    Error,
}

/// Prints the output of a program at once.
pub fn forward(stream: Stream, bytes: &[u8]) {
    let mut screen = screen();
    // A closed reader (`| head`) is no reason to stop.
    let _ = match stream {
        Stream::Output => {
            let mut out = std::io::stdout();
            out.write_all(bytes).and_then(|()| out.flush())
        }
        Stream::Error => std::io::stderr().write_all(bytes),
    };
    if let Some(end) = bytes.last() {
        screen.mid_line = *end != b'\n';
        screen.last = Some(Instant::now());
    }
}

/// Numbers the steps of a command.
pub struct Steps {
    total: usize,
    begun: usize,
}

impl Steps {
    /// This many steps, none of which has begun.
    pub const fn new(total: usize) -> Self {
        Self { total, begun: 0 }
    }

    /// Prints `3 of 9  native tests`; the step lasts until the returned value is dropped.
    pub fn begin(&mut self, name: &str) -> Activity {
        self.begun += 1;
        say(&format!("\n== {}", heading(self.begun, self.total, name)));
        activity(name)
    }
}

fn heading(number: usize, total: usize, name: &str) -> String {
    format!("{number} of {total}  {name}")
}

/// `1:05` for 65 seconds.
pub fn minutes(duration: Duration) -> String {
    format!("{}:{:02}", duration.as_secs() / 60, duration.as_secs() % 60)
}

/// An estimate in words, rounded up: `about 20 seconds`, `about 3 minutes`.
pub fn about(seconds: u64) -> String {
    match seconds {
        0..=50 => format!("about {} seconds", seconds.div_ceil(10).max(1) * 10),
        51..=60 => "about 1 minute".to_owned(),
        _ => format!("about {} minutes", seconds.div_ceil(60)),
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::{about, heading, minutes, sign_of_life};

    #[test]
    fn a_sign_of_life_names_all_that_runs_and_for_how_long() {
        let start = Instant::now();
        let later = start + Duration::from_secs(50);
        let running = [
            ("trunk".to_owned(), start),
            ("native programs".to_owned(), later),
        ];
        assert_eq!(
            sign_of_life(&running, start + Duration::from_secs(80)).as_deref(),
            Some("  … trunk (1:20), native programs (0:30)")
        );
        assert_eq!(sign_of_life(&[], start), None);
    }

    #[test]
    fn steps_are_counted() {
        assert_eq!(heading(3, 9, "native tests"), "3 of 9  native tests");
    }

    #[test]
    fn durations_are_exact_and_estimates_are_round() {
        assert_eq!(minutes(Duration::from_secs(65)), "1:05");
        assert_eq!(about(3), "about 10 seconds");
        assert_eq!(about(41), "about 50 seconds");
        assert_eq!(about(55), "about 1 minute");
        assert_eq!(about(61), "about 2 minutes");
    }
}
