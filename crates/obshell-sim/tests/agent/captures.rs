//! The captured responses.

use std::collections::HashMap;

use super::wire;

/// A captured response.
#[derive(Clone, Debug)]
pub struct Captured {
    pub title: String,
    pub status: u16,
    pub content_type: Option<String>,
    pub announces_length: bool,
    pub location: Option<String>,
    pub body: String,
}

/// The responses of a file by their titles. A title may occur several times.
pub struct Captures {
    by_title: HashMap<String, Vec<Captured>>,
    left: usize,
}

impl Captures {
    /// Blocks of a title line `## …`, a line `STATUS CT= TYPE len= LENGTH`, and the body on one line.
    pub fn titled(text: &str) -> Self {
        let lines: Vec<&str> = text.lines().collect();
        let titled = lines.windows(3).filter_map(|window| {
            let title = window[0].strip_prefix("## ")?;
            let (status, rest) = window[1].split_once(" CT= ")?;
            let (content_type, length) = rest.rsplit_once(" len= ")?;
            Some(Captured {
                title: title.trim().to_owned(),
                status: status.parse().unwrap(),
                content_type: Some(content_type.to_owned()),
                announces_length: length != "None",
                location: None,
                body: window[2].to_owned(),
            })
        });
        Self::collect(titled)
    }

    /// Blocks of a title line `== METHOD TARGET` and the raw response.
    pub fn raw(text: &str) -> Self {
        let blocks = text.split("== ").filter(|block| !block.is_empty());
        Self::collect(blocks.map(|block| {
            let (title, answer) = block.split_once('\n').unwrap();
            raw_answer(title, answer)
        }))
    }

    fn collect(captured: impl Iterator<Item = Captured>) -> Self {
        let mut by_title: HashMap<String, Vec<Captured>> = HashMap::new();
        let mut left = 0;
        for one in captured {
            by_title.entry(one.title.clone()).or_default().push(one);
            left += 1;
        }
        assert!(left > 0, "a file without answers");
        Self { by_title, left }
    }

    /// Takes the next response with this title.
    #[track_caller]
    pub fn take(&mut self, title: &str) -> Captured {
        let answers = self
            .by_title
            .get_mut(title)
            .unwrap_or_else(|| panic!("no answer is titled {title:?}"));
        assert!(!answers.is_empty(), "no answer is left of {title:?}");
        self.left -= 1;
        answers.remove(0)
    }

    /// Checks that every response was compared.
    #[track_caller]
    pub fn assert_all_taken(self) {
        let left: Vec<&String> = self
            .by_title
            .iter()
            .filter(|(_, answers)| !answers.is_empty())
            .map(|(title, _)| title)
            .collect();
        assert_eq!(self.left, 0, "not compared: {left:?}");
    }
}

/// Parses a raw response with the line ends of a text file.
pub fn raw_answer(title: &str, answer: &str) -> Captured {
    let (head, body) = answer
        .replace('\r', "")
        .split_once("\n\n")
        .map(|(head, body)| (head.to_owned(), body.to_owned()))
        .unwrap();
    let raw = format!("{}\r\n\r\n{body}", head.replace('\n', "\r\n"));
    let answer = wire::parse(raw.as_bytes()).unwrap();
    let length: Option<usize> = answer
        .header("Content-Length")
        .map(|length| length.parse().unwrap());
    let body = match (length, title.starts_with("HEAD")) {
        // A home directory was shortened after the capture: JSON extends to the end of its line.
        (Some(_), false) if answer.body.starts_with('{') => {
            answer.body.lines().next().unwrap().to_owned()
        }
        (Some(length), false) => answer.body.get(..length).unwrap().to_owned(),
        _ => String::new(),
    };
    Captured {
        title: title.trim().to_owned(),
        status: answer.status,
        content_type: answer.header("Content-Type").map(str::to_owned),
        announces_length: length.is_some(),
        location: answer.header("Location").map(str::to_owned),
        body,
    }
}

/// Returns the lines of a file with the progress of tasks, in groups: `+0.8s RUNNING/RUN stage 1/4
/// …`.
pub fn progress(text: &str) -> Vec<Vec<String>> {
    let mut groups = vec![Vec::new()];
    for line in text.lines() {
        match line
            .strip_prefix('+')
            .and_then(|line| line.split_once("s "))
        {
            Some((_, summary)) => groups.last_mut().unwrap().push(summary.to_owned()),
            None if groups.last().unwrap().is_empty() => {}
            None => groups.push(Vec::new()),
        }
    }
    groups.retain(|group| !group.is_empty());
    groups
}
