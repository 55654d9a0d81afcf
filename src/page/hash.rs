//! A place as the fragment of the page's address.
//!
//! ```text
//! #/agent/HOST:PORT    with /review behind it where the checks were read
//! #/task/ID    with /node/ID or /sub-task/ID behind it, and ?agent=HOST:PORT where the id does not
//!              name the agent
//! ```
//!
//! So a reload loses nothing but the password, and a task can be sent to a colleague.

use percent_encoding::percent_decode_str;

use crate::browser::place::Place;

/// Reads a fragment, with its `#` or without.
///
/// # Errors
/// Where a part of it is not percent-encoded UTF-8: names the part.
pub(super) fn read(hash: &str) -> Result<Place, String> {
    let hash = hash.strip_prefix('#').unwrap_or(hash);
    let (path, query) = hash.split_once('?').unwrap_or((hash, ""));
    let mut place = Place::default();
    for pair in query.split('&') {
        if let Some(agent) = pair.strip_prefix("agent=") {
            place.agent = Some(decoded(agent)?);
        }
    }
    let mut steps = path.split('/').skip(1);
    while let Some(kind) = steps.next() {
        if kind == "review" {
            place.review = true;
            continue;
        }
        let Some(value) = steps.next() else {
            break;
        };
        let value = decoded(value)?;
        match kind {
            "agent" => place.agent = Some(value),
            "task" => place.task = Some(value),
            "node" => place.node = Some(value),
            "sub-task" => place.sub_task = Some(value),
            _ => {}
        }
    }
    Ok(place)
}

/// The fragment that leads to a place; `None` where nothing is open.
pub(super) fn write(place: &Place) -> Option<String> {
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

fn decoded(part: &str) -> Result<String, String> {
    let is_hex = |digits: &[u8]| digits.len() == 2 && digits.iter().all(u8::is_ascii_hexdigit);
    let mut escapes = part.split('%').skip(1);
    let text = percent_decode_str(part).decode_utf8();
    match text {
        Ok(text)
            if escapes.all(|escape| is_hex(escape.as_bytes().get(..2).unwrap_or_default())) =>
        {
            Ok(text.into_owned())
        }
        _ => Err(format!(
            "\"{part}\" is not percent-encoded UTF-8; write % as %25"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        for hash in ["", "#", "#/", "#task", "#/task", "#/other/1", "#?other=1"] {
            assert_eq!(read(hash), Ok(Place::default()), "{hash}");
        }
    }

    #[test]
    fn an_address_is_decoded_or_named() {
        let place = read("#/agent/%5Bfd00%3A%3A1%5D:2886").unwrap();
        assert_eq!(place.agent, text("[fd00::1]:2886"));
        for hash in ["#/task/%", "#/task/%4", "#/task/%zz", "#/task/%ff"] {
            let error = read(hash).unwrap_err();
            assert!(error.contains(&hash[7..]), "{error}");
        }
    }
}
