//! The evidence as Markdown (CommonMark), for a ticket.

use std::fmt::Write as _;

use super::{cause_of, last_lines, lines, task_of, utc, visible};
use crate::flow::ending::Cause;
use crate::flow::event::Language;
use crate::flow::state::{Ended, OdpLookup};
use crate::obshell::agent_text::AgentText;
use crate::obshell::dag::{Dag, Span, SubTask};
use crate::obshell::error::Failure;
use crate::obshell::redact::redact;
use crate::text::{self, ending, fill, hidden_values, problem, say, split_command};

/// The evidence as Markdown in this language. Text of the agent is enclosed in code spans and
/// fenced blocks that it cannot end.
#[must_use]
pub fn markdown(ended: &Ended, language: Language) -> String {
    let words = ending::ending(ended, language);
    let label = |both| say(language, both);
    let facts = &ended.facts;
    let mut out = Page {
        text: String::new(),
        colon: label([": ", "："]),
    };
    out.line(&format!("## {}", words.name));
    out.line("");
    out.line(&prose(&words.summary));
    out.line("");
    out.entry(label(["Agent", "agent"]), &facts.address.to_string());
    out.entry(
        label(["Identity", "身份"]),
        &facts.info.identity.to_string(),
    );
    out.entry(label(["Version", "版本"]), &facts.info.version.to_string());
    out.entry(
        label(["Agent's home", "agent 主目录"]),
        &facts.info.home_path.to_string(),
    );
    odp(&mut out, &ended.odp, language);
    if let Some(sent) = &ended.submission {
        out.entry(
            label([
                "DELETE sent (browser's clock)",
                "DELETE 发送时间（浏览器时钟）",
            ]),
            &utc(sent.sent_at),
        );
        if let Some(trace_id) = &sent.trace_id {
            out.entry(
                label(["Trace id of the DELETE", "DELETE 的 trace id"]),
                trace_id,
            );
        }
    }
    out.entry(
        label(["Seen (browser's clock)", "获知时间（浏览器时钟）"]),
        &utc(ended.at),
    );
    let task = task_of(ended);
    if let Some((dag, _)) = task {
        out.entry(label(["Task", "任务"]), &dag.name.to_string());
        out.entry(label(["Task ID", "任务 ID"]), dag.id.as_str());
        out.entry(
            label(["State / operator", "状态 / 操作"]),
            &format!("{} / {}", dag.state, dag.operator),
        );
        out.times(&dag.span, language);
        if dag.state.is_final() && dag.span.ended.is_none() {
            let unknown = label(["Task ended: not reported", "任务结束：未提供"]);
            out.line(&format!("- {unknown}"));
        }
    }
    match cause_of(&ended.ending) {
        Some(Cause::Failure(Failure::Refused(error))) => {
            out.entry(label(["Error", "错误"]), &redact(&error.to_string()).text);
            if error.hidden() > 0 {
                out.line(&format!("  {}", hidden_values(error.hidden(), language)));
            }
            if !error.trace_id.is_empty() {
                out.entry(
                    label(["Trace id of the error", "错误的 trace id"]),
                    &error.trace_id,
                );
            }
        }
        Some(cause) => {
            let what = problem::cause(&cause, &facts.address.to_string(), language).what;
            let line = format!(
                "- {}{}{}",
                label(["Error", "错误"]),
                out.colon,
                prose(&what)
            );
            out.line(&line);
        }
        None => {}
    }
    out.list(
        label(["Removed and kept", "已删除与保留的内容"]),
        &words.facts,
    );
    out.list(label(["Next steps", "后续步骤"]), &words.next);
    if let Some((dag, _)) = task {
        stages(&mut out, dag, language);
    }
    out.text
}

/// The ODP that the agent managed, or that the agent's tasks do not name it.
fn odp(out: &mut Page, odp: &OdpLookup, language: Language) {
    let label = |both| say(language, both);
    let odp = match odp {
        OdpLookup::Found(odp) => odp,
        OdpLookup::NotFound => {
            let (sentence, command) = split_command(text::odp::unknown(language));
            let command = command.map(code).unwrap_or_default();
            return out.line(&format!("- {} {command}", prose(sentence)));
        }
        OdpLookup::NotRequested | OdpLookup::Reading => return,
    };
    let known = |value: &Option<AgentText>| value.clone().unwrap_or_default().to_string();
    out.entry(label(["ODP home", "ODP 主目录"]), &known(&odp.home));
    out.entry(label(["ODP name", "ODP 名称"]), &known(&odp.name));
    out.entry(label(["ODP cluster", "ODP 集群"]), &known(&odp.cluster));
    let port = odp.port.map(|port| port.to_string());
    out.entry(label(["ODP port", "ODP 端口"]), &port.unwrap_or_default());
    let started = odp.source.started.as_ref();
    let when = started.map_or("", |started| started.text());
    let source = text::odp::source(&odp.source, when, language);
    out.line(&format!("- {}", prose(&source)));
}

fn stages(out: &mut Page, dag: &Dag, language: Language) {
    let Some(nodes) = &dag.nodes else { return };
    out.heading(say(language, ["Stages", "阶段"]));
    for node in nodes {
        out.line(&format!(
            "{}. {} {} / {}",
            node.number,
            code(&node.name.to_string()),
            code(&node.state.to_string()),
            code(&node.operator.to_string()),
        ));
        for sub_task in node.sub_tasks.iter().flatten() {
            self::sub_task(out, sub_task, language);
        }
    }
}

fn sub_task(out: &mut Page, sub_task: &SubTask, language: Language) {
    out.line(&format!(
        "    - {} {} {} / {}{}{}",
        say(language, ["sub task", "子任务"]),
        code(sub_task.id.as_str()),
        code(&sub_task.state.to_string()),
        code(&sub_task.operator.to_string()),
        say(language, [", execute_times ", "，execute_times "]),
        sub_task.execute_times,
    ));
    if let Some(started) = &sub_task.span.started {
        let ended = sub_task.span.ended.as_ref();
        out.line(&format!(
            "    - {} … {}",
            code(started.text()),
            ended.map_or_else(String::new, |ended| code(ended.text())),
        ));
    }
    if lines(sub_task).is_empty() {
        return;
    }
    let text: Vec<_> = last_lines(sub_task)
        .map(|line| visible(line).into_owned())
        .collect();
    let count = |count: usize| count.to_string();
    out.line(&fill(
        language,
        [
            "    - log, last {0} of {1} lines:",
            "    - 日志（最后 {0} 行，共 {1} 行）：",
        ],
        &[&count(text.len()), &count(lines(sub_task).len())],
    ));
    if sub_task.hidden > 0 {
        let hidden = hidden_values(sub_task.hidden, language);
        out.line(&format!("      {hidden}"));
    }
    out.line("");
    // Indented inside two nested list items, so that no line can end them.
    let text = text.join("\n");
    let fence = fence(&text, 3);
    for line in std::iter::once(fence.as_str())
        .chain(text.split('\n'))
        .chain([fence.as_str()])
    {
        out.line(&format!("      {line}"));
    }
    out.line("");
}

struct Page {
    text: String,
    /// The separator between a label and its value.
    colon: &'static str,
}

impl Page {
    fn line(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
    }

    fn heading(&mut self, text: &str) {
        // Writing to a `String` does not fail.
        let _ = write!(self.text, "\n### {text}\n\n");
    }

    fn entry(&mut self, label: &str, value: &str) {
        if !value.is_empty() {
            self.line(&format!("- {label}{}{}", self.colon, code(value)));
        }
    }

    fn times(&mut self, span: &Span, language: Language) {
        for (both, time) in [
            (["Task started", "任务开始"], &span.started),
            (["Task ended", "任务结束"], &span.ended),
        ] {
            if let Some(time) = time {
                self.entry(say(language, both), time.text());
            }
        }
    }

    fn list(&mut self, heading: &str, sentences: &[String]) {
        if sentences.is_empty() {
            return;
        }
        self.heading(heading);
        for sentence in sentences {
            let (sentence, command) = split_command(sentence);
            match command {
                Some(command) => self.line(&format!("- {} {}", prose(sentence), code(command))),
                None => self.line(&format!("- {}", prose(sentence))),
            }
        }
    }
}

/// Text on one line, with the syntax of Markdown and HTML escaped.
pub(super) fn prose(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in visible(&redact(text).text).chars() {
        match c {
            '\n' | '\t' => escaped.push(' '),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '#' | '|' | '~' => {
                escaped.push('\\');
                escaped.push(c);
            }
            _ => escaped.push(c),
        }
    }
    escaped
}

/// A code span that its content cannot end.
pub(super) fn code(text: &str) -> String {
    let text = visible(text).replace(['\n', '\t'], " ");
    if text.trim().is_empty() {
        return "–".to_owned();
    }
    let fence = fence(&text, 1);
    // A space on both sides separates a backtick at the edge from the fence; CommonMark removes
    // exactly these two spaces.
    let space = if text.starts_with('`') || text.ends_with('`') {
        " "
    } else {
        ""
    };
    format!("{fence}{space}{text}{space}{fence}")
}

/// A run of backticks: one more than the longest run in the text, and at least `least`.
fn fence(text: &str, least: usize) -> String {
    let longest = text
        .split(|c| c != '`')
        .map(str::len)
        .max()
        .unwrap_or_default();
    "`".repeat(least.max(longest + 1))
}
