//! Commands to run on the agent's host. The agent's Unix socket requires no header: the agent
//! accepts certain users of its host (protocol: 1.7).

use std::borrow::Cow;

/// The placeholder for an unknown home path.
const UNKNOWN_HOME: &str = "AGENT_HOME";

/// The beginning of a `curl` command for the agent's Unix socket; method, URL and body follow.
fn curl(home: &str) -> String {
    let socket = if home.is_empty() || home.chars().any(char::is_control) {
        format!("{UNKNOWN_HOME}/run/obshell.sock")
    } else {
        format!("{home}/run/obshell.sock")
    };
    format!("curl --unix-socket {}", quoted(&socket))
}

/// The command that sends `body` to `path` of the agent.
pub(super) fn post(home: &str, path: &str, body: &str) -> String {
    format!(
        "{} -X POST http://localhost/api/v1/{path} -d '{body}'",
        curl(home)
    )
}

/// The command that reads `path` of the agent.
pub(super) fn get(home: &str, path: &str) -> String {
    format!("{} http://localhost/api/v1/{path}", curl(home))
}

/// The command that sets the agent password (protocol: 6.2).
pub(super) fn set_password(home: &str) -> String {
    post(home, "agent/password", r#"{"password":"…"}"#)
}

/// The text quoted as one word of a shell: a path is supplied by the agent, and the command is
/// meant to be copied.
fn quoted(text: &str) -> Cow<'_, str> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./".contains(c);
    if text.chars().all(plain) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(format!("'{}'", text.replace('\'', r"'\''")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_cannot_leave_its_word() {
        assert_eq!(
            get("/home/admin/a", "info"),
            "curl --unix-socket /home/admin/a/run/obshell.sock http://localhost/api/v1/info"
        );
        assert_eq!(
            get("/a b'; rm -rf /;'", "info"),
            r"curl --unix-socket '/a b'\''; rm -rf /;'\''/run/obshell.sock' http://localhost/api/v1/info"
        );
        for home in ["", "/a\nb"] {
            assert!(get(home, "info").contains(" AGENT_HOME/run/obshell.sock "));
        }
    }
}
