//! Captures 15, 16, 18 and 19 as scripts: requests, and the acts between them.

/// A line, or a block of lines, of a script.
#[derive(Clone, Debug)]
pub enum Step {
    /// `===== …`: a new home of an agent.
    Home(String),
    /// `=== …`: a heading.
    Heading,
    /// `(…)` on a separate line: an act on the agent.
    Note(String),
    /// `+1.2s …`: the newest task in short form, when polled.
    State(String),
    /// `## …`: a request and its response.
    Exchange(Exchange),
}

/// A request and its response.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// The line in the file, from 1.
    pub line: usize,
    pub title: String,
    pub method: String,
    pub target: String,
    pub status: u16,
    pub content_type: Option<String>,
    pub announces_length: bool,
    pub location: Option<String>,
    pub body: Body,
}

/// The body of a recorded response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    None,
    Json(String),
    /// Its `data` equals, byte for byte, that of the last response with this title.
    DataOf(String),
    /// A page; the capture keeps its length only.
    Html,
}

/// Parses a script.
pub fn parse(text: &str) -> Vec<Step> {
    let mut lines = text.lines().enumerate().peekable();
    let mut steps = Vec::new();
    while let Some((number, line)) = lines.next() {
        if let Some(title) = line.strip_prefix("## ") {
            let (_, head) = lines.next().unwrap();
            let (_, body) = lines.next().unwrap();
            steps.push(Step::Exchange(exchange(number + 1, title, head, body)));
        } else if let Some(home) = line.strip_prefix("===== ") {
            steps.push(Step::Home(home.to_owned()));
        } else if line.starts_with("=== ") {
            steps.push(Step::Heading);
        } else if line.starts_with('+') {
            let (_, state) = line.split_once("s ").unwrap();
            steps.push(Step::State(state.to_owned()));
        } else if line.starts_with('(') && line.ends_with(')') {
            steps.push(Step::Note(line.to_owned()));
        } else {
            // Only the head of a file has no mark.
            assert!(
                line.is_empty() || steps.is_empty(),
                "not understood: {line}"
            );
        }
    }
    steps
}

/// `TITLE   [METHOD TARGET]`, `STATUS CT= TYPE len= LENGTH  Location: PLACE`, and the body on one line.
fn exchange(line: usize, title: &str, head: &str, body: &str) -> Exchange {
    let (title, request) = title.rsplit_once("   [").unwrap();
    let request = request.strip_suffix(']').unwrap();
    let (method, target) = request.split_once(' ').unwrap();
    // The only body is that of the password, which is set in another way here.
    let target = target.split(' ').next().unwrap();
    let (status, rest) = head.split_once(" CT= ").unwrap();
    let (content_type, rest) = rest.split_once(" len= ").unwrap();
    let (length, location) = match rest.split_once("  Location: ") {
        Some((length, location)) => (length, Some(location.to_owned())),
        None => (rest, None),
    };
    Exchange {
        line,
        title: title.trim().to_owned(),
        method: method.to_owned(),
        target: target.to_owned(),
        status: status.parse().unwrap(),
        content_type: (content_type != "None").then(|| content_type.to_owned()),
        announces_length: length != "None",
        location,
        body: read_body(body),
    }
}

fn read_body(line: &str) -> Body {
    if line == "(no body)" {
        return Body::None;
    }
    if line.starts_with("(html, ") {
        return Body::Html;
    }
    match line
        .strip_prefix("(data byte-equal to that of \"")
        .and_then(|rest| rest.strip_suffix("\" above)"))
    {
        Some(title) => Body::DataOf(title.to_owned()),
        None => {
            assert!(line.starts_with('{'), "no body: {line}");
            Body::Json(line.to_owned())
        }
    }
}

#[test]
fn every_line_of_a_script_has_its_place() {
    let text = "About.\n\n===== home 1\n=== M1\n## GET dag  [zh-CN]   [GET /x?y=1]\n200 CT= application/json len= None\n\
                {\"a\":1}\n\n+0.5s READY/RUN\n(pid file removed)\n## again   [DELETE /x/]\n307 CT= None len= 0  Location: /x\n\
                (data byte-equal to that of \"GET dag\" above)\n";
    let steps = parse(text);
    assert_eq!(steps.len(), 6);
    let Step::Exchange(first) = &steps[2] else {
        panic!("{steps:?}")
    };
    assert_eq!((first.status, first.announces_length), (200, false));
    assert_eq!(
        (first.method.as_str(), first.target.as_str()),
        ("GET", "/x?y=1")
    );
    let Step::Exchange(second) = &steps[5] else {
        panic!("{steps:?}")
    };
    assert_eq!(second.location.as_deref(), Some("/x"));
    assert_eq!(second.body, Body::DataOf("GET dag".to_owned()));
    assert_eq!(second.content_type, None);
}
