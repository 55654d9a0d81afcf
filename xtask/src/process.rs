//! Running other programs.

use std::io::{IsTerminal as _, Read};
use std::process::{Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use crate::progress::{self, Stream};

/// A command as a person would type it.
pub fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy()).collect();
    words.join(" ")
}

/// Runs a command to its end and shows its output.
pub fn run(command: &mut Command) -> Result<()> {
    let text = shown(command);
    if !run_and_look(command, |_| ())? {
        bail!("`{text}` failed");
    }
    Ok(())
}

/// Runs a command to its end and shows its output only if it fails.
pub fn run_quietly(command: &mut Command) -> Result<()> {
    let text = shown(command);
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot run `{text}`"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("`{text}` ended with {}: {said}", output.status);
    }
    Ok(())
}

/// The output of a quick command; `None` if it cannot be run or fails.
pub fn output(command: &mut Command) -> Option<String> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Runs a command to its end, shows its output at once, and passes every line of standard output to
/// `look`. Returns whether the command succeeded.
pub fn run_and_look(command: &mut Command, look: impl FnMut(&str)) -> Result<bool> {
    follow(command, true, look)
}

/// As [`run_and_look`], for a program whose standard output is machine-readable: only its errors
/// are shown.
pub fn run_and_read(command: &mut Command, look: impl FnMut(&str)) -> Result<bool> {
    follow(command, false, look)
}

fn follow(command: &mut Command, show: bool, mut look: impl FnMut(&str)) -> Result<bool> {
    let text = shown(command);
    if std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none() {
        // Its output is a pipe, so it would print without colours.
        command.env("CARGO_TERM_COLOR", "always");
    }
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot run `{text}`"))?;
    let (sender, chunks) = channel();
    if let (Some(stdout), Some(stderr)) = (child.stdout.take(), child.stderr.take()) {
        read_in_background(Stream::Output, stdout, sender.clone());
        read_in_background(Stream::Error, stderr, sender);
    }
    let mut lines = Lines::default();
    loop {
        match chunks.recv_timeout(Duration::from_secs(2)) {
            Ok((stream, chunk)) => {
                let is_output = matches!(stream, Stream::Output);
                if show || !is_output {
                    progress::forward(stream, &chunk);
                }
                if is_output {
                    lines.add(&chunk, &mut look);
                }
            }
            // A program that it started may keep its output open.
            Err(RecvTimeoutError::Timeout) if child.try_wait()?.is_some() => break,
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    lines.end(&mut look);
    Ok(child.wait()?.success())
}

fn read_in_background(
    stream: Stream,
    mut from: impl Read + Send + 'static,
    to: Sender<(Stream, Vec<u8>)>,
) {
    thread::spawn(move || {
        let mut buffer = [0; 8192];
        while let Ok(count @ 1..) = from.read(&mut buffer) {
            let chunk = buffer.get(..count).unwrap_or_default().to_vec();
            if to.send((stream, chunk)).is_err() {
                break;
            }
        }
    });
}

/// Splits chunks of output into lines.
#[derive(Default)]
struct Lines(Vec<u8>);

impl Lines {
    fn add(&mut self, piece: &[u8], look: &mut impl FnMut(&str)) {
        for part in piece.split_inclusive(|byte| *byte == b'\n') {
            self.0.extend(part);
            if part.ends_with(b"\n") {
                self.end(look);
            }
        }
    }

    /// Text without a line break at the end is a line, too.
    fn end(&mut self, look: &mut impl FnMut(&str)) {
        if !self.0.is_empty() {
            look(&String::from_utf8_lossy(&self.0));
            self.0.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Lines;

    #[test]
    fn lines_are_whole_however_they_arrive() {
        let mut lines = Lines::default();
        let mut seen = Vec::new();
        let mut look = |line: &str| seen.push(line.to_owned());
        for piece in ["on", "e\ntw", "o\n", "three"] {
            lines.add(piece.as_bytes(), &mut look);
        }
        lines.end(&mut look);
        assert_eq!(seen, ["one\n", "two\n", "three"]);
    }
}
