//! A place as the fragment of the page's URL.
//!
//! ```text
//! #/agent/HOST:PORT  followed by /review if the checks were read
//! #/task/ID          followed by /node/ID or /sub-task/ID, and by ?agent=HOST:PORT if the id does
//!                    not identify the agent
//! ```
//!
//! A reload therefore loses only the password, and a link to a task can be shared.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use crate::browser::place::Place;
use crate::obshell::address::{AgentAddress, to_ascii_visible};
use crate::obshell::dag::id::DagId;
use crate::text::page::Malformed;

/// The maximum number of characters of a malformed part in an error.
const MOST_NAMED: usize = 60;

/// Parses a fragment leniently, with or without its `#`: in any letter case, percent-encoded as a
/// whole, after `#!`, and with characters that a chat appends, such as `.`, `)`, `。` or a space.
///
/// # Errors
/// [`Malformed`], which names the part that cannot be parsed.
pub fn read(hash: &str) -> Result<Place, Malformed> {
    let hash = hash.strip_prefix('#').unwrap_or(hash);
    let fragment = to_ascii_visible(&decoded(hash)?);
    let fragment = fragment.trim();
    let fragment = fragment.strip_prefix('!').unwrap_or(fragment);
    // Every address, id and word of a link ends in a letter or a digit.
    let without_end = fragment.trim_end_matches(|character: char| !character.is_alphanumeric());
    place(without_end).or_else(|_| place(fragment))
}

fn place(fragment: &str) -> Result<Place, Malformed> {
    let (path, query) = fragment.split_once('?').unwrap_or((fragment, ""));
    let mut place = Place::default();
    for pair in query.split('&') {
        if let Some((key, value)) = pair.split_once('=')
            && key.eq_ignore_ascii_case("agent")
        {
            place.agent = Some(agent(value)?);
        }
    }
    let mut steps = path.split('/').skip(1).filter(|step| !step.is_empty());
    while let Some(step) = steps.next() {
        let mut value = || steps.next().unwrap_or_default();
        match step.to_ascii_lowercase().as_str() {
            "review" if place.agent.is_some() => place.review = true,
            "agent" => place.agent = Some(agent(value())?),
            "task" => place.task = Some(id(value())?),
            "node" if place.task.is_some() => place.node = Some(id(value())?),
            "sub-task" if place.task.is_some() => place.sub_task = Some(id(value())?),
            _ => return Err(Malformed::Place(beginning(step))),
        }
    }
    Ok(place)
}

fn agent(text: &str) -> Result<String, Malformed> {
    match AgentAddress::parse(text) {
        Ok(address) => Ok(address.to_string()),
        Err(error) => Err(Malformed::Agent(beginning(text), error)),
    }
}

/// Parses an id: ids of tasks, stages and sub tasks have the same format.
fn id(text: &str) -> Result<String, Malformed> {
    match DagId::parse(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(_) => Err(Malformed::Id(beginning(text))),
    }
}

/// The fragment of a place; `None` if nothing is open.
pub fn write(place: &Place) -> Option<String> {
    let Some(task) = &place.task else {
        let agent = place.agent.as_ref()?;
        let review = if place.review { "/review" } else { "" };
        return Some(format!("#/agent/{agent}{review}"));
    };
    let mut hash = format!("#/task/{task}");
    if let Some(node) = &place.node {
        hash.push_str("/node/");
        hash.push_str(node);
    } else if let Some(sub_task) = &place.sub_task {
        hash.push_str("/sub-task/");
        hash.push_str(sub_task);
    }
    if let Some(agent) = &place.agent {
        hash.push_str("?agent=");
        hash.push_str(agent);
    }
    Some(hash)
}

/// The beginning of a part, short enough for an error.
fn beginning(part: &str) -> String {
    match part.char_indices().nth(MOST_NAMED) {
        Some((end, _)) => format!("{}…", part.get(..end).unwrap_or_default()),
        None => part.to_owned(),
    }
}

fn decoded(text: &str) -> Result<Cow<'_, str>, Malformed> {
    let is_hex = |digits: &[u8]| digits.len() == 2 && digits.iter().all(u8::is_ascii_hexdigit);
    let is_encoded = |text: &str| {
        let mut escapes = text.split('%').skip(1);
        escapes.all(|escape| is_hex(escape.as_bytes().get(..2).unwrap_or_default()))
    };
    match percent_decode_str(text).decode_utf8() {
        Ok(decoded) if is_encoded(text) => Ok(decoded),
        _ => {
            let mut parts = text.split(['/', '?', '&', '=']);
            let is_wrong =
                |part: &&str| !is_encoded(part) || percent_decode_str(part).decode_utf8().is_err();
            let part = parts.find(is_wrong).unwrap_or(text);
            Err(Malformed::Encoding(beginning(part)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::obshell::address::AddressError;

    fn text(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn an_address_leads_to_the_place_that_wrote_it() {
        let agent = Place {
            agent: text("[fd00::1]:2886"),
            ..Place::default()
        };
        let review = Place {
            review: true,
            ..agent.clone()
        };
        let task = Place {
            task: text("42130706433028861"),
            ..Place::default()
        };
        let node = Place {
            agent: text("10.0.0.1:2886"),
            node: text("42130706433028862"),
            ..task.clone()
        };
        let sub_task = Place {
            sub_task: text("42130706433028863"),
            ..task.clone()
        };
        for (place, hash) in [
            (&agent, "#/agent/[fd00::1]:2886"),
            (&review, "#/agent/[fd00::1]:2886/review"),
            (&task, "#/task/42130706433028861"),
            (
                &node,
                "#/task/42130706433028861/node/42130706433028862?agent=10.0.0.1:2886",
            ),
            (
                &sub_task,
                "#/task/42130706433028861/sub-task/42130706433028863",
            ),
        ] {
            assert_eq!(write(place).as_deref(), Some(hash));
            assert_eq!(read(hash).as_ref(), Ok(place), "{hash}");
        }
    }

    #[test]
    fn an_address_without_a_place_opens_nothing() {
        assert_eq!(write(&Place::default()), None);
        for hash in ["", "#", "#/", "#!/", "#task", "#?other=1", "#%20"] {
            assert_eq!(read(hash), Ok(Place::default()), "{hash}");
        }
    }

    #[test]
    fn a_link_that_came_through_a_chat_is_opened() {
        let task = Place {
            task: text("42130706433028861"),
            ..Place::default()
        };
        let agent = Place {
            agent: text("db-7.example:2886"),
            ..Place::default()
        };
        let ipv6 = Place {
            agent: text("[fd00::1]:2886"),
            node: text("7"),
            ..task.clone()
        };
        let link = "#/task/42130706433028861";
        for end in [
            ".",
            ")",
            ",",
            "。",
            "%20",
            "%20.",
            ").",
            "》",
            "」，",
            "\"",
            "%22",
            "%E3%80%82",
            "!",
            "*",
            "/",
            "\u{200b}",
            "%E2%80%8B",
            "\u{a0}",
            "…",
            "?",
            "],",
        ] {
            assert_eq!(read(&format!("{link}{end}")).as_ref(), Ok(&task), "{end}");
            let agent_link = format!("#/agent/db-7.example:2886{end}");
            assert_eq!(read(&agent_link).as_ref(), Ok(&agent), "{end}");
        }
        for (hash, place) in [
            ("#!/task/42130706433028861", &task),
            ("#%2Ftask%2F42130706433028861", &task),
            ("#%21%2Ftask%2F42130706433028861.", &task),
            ("#/TASK/42130706433028861", &task),
            ("#／task／４２１３０７０６４３３０２８８６１", &task),
            ("#/Agent/DB-7.Example:2886", &agent),
            ("#/agent/db-7.example%EF%BC%9A2886", &agent),
            (
                "#%2Ftask%2F42130706433028861%2Fnode%2F7%3FAgent%3D%5BFD00%3A%3A1%5D%3A2886)",
                &ipv6,
            ),
        ] {
            assert_eq!(read(hash).as_ref(), Ok(place), "{hash}");
        }
        let review = read("#/agent/[fd00::1]:2886/REVIEW.").unwrap();
        assert!(review.review && review.agent == text("[fd00::1]:2886"));
    }

    #[test]
    fn a_malformed_link_is_named() {
        let owned = str::to_owned;
        for (hash, malformed) in [
            ("#/task/%", Malformed::Encoding(owned("%"))),
            ("#/task/%4", Malformed::Encoding(owned("%4"))),
            ("#/task/%zz", Malformed::Encoding(owned("%zz"))),
            ("#/task/1?agent=%ff", Malformed::Encoding(owned("%ff"))),
            ("#/task/twelve", Malformed::Id(owned("twelve"))),
            ("#/task/4请看", Malformed::Id(owned("4请看"))),
            ("#/task", Malformed::Id(String::new())),
            ("#/task/1/node", Malformed::Id(String::new())),
            ("#/other/1", Malformed::Place(owned("other"))),
            ("#/node/1", Malformed::Place(owned("node"))),
            (
                "#/agent/[fd00::1]",
                Malformed::Agent(owned("[fd00::1]"), AddressError::NoPort),
            ),
            (
                "#/agent/[fe80::1%25eth0]:2886",
                Malformed::Agent(owned("[fe80::1%eth0]:2886"), AddressError::Zone),
            ),
            (
                "#/task/1?agent=10.0.0.1",
                Malformed::Agent(owned("10.0.0.1"), AddressError::NoPort),
            ),
        ] {
            assert_eq!(read(hash), Err(malformed), "{hash}");
        }
    }
}
