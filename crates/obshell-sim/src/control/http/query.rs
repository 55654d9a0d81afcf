//! The arguments of a control request.

use std::fmt::Write as _;
use std::str::FromStr;
use std::time::Duration;

use clap::ValueEnum;

use crate::faults::{Broken, Fault, Harm, Matching, Oddity};
use crate::request::percent_decode;

/// The arguments of a request.
#[derive(Clone, Copy)]
pub(super) struct Query<'a>(&'a str);

impl<'a> Query<'a> {
    pub(super) fn new(query: Option<&'a str>) -> Self {
        Self(query.unwrap_or_default())
    }

    pub(super) fn get(self, name: &str) -> Option<String> {
        let mut pairs = self.0.split('&').filter_map(|pair| pair.split_once('='));
        pairs
            .find(|(key, _)| *key == name)
            .map(|(_, value)| percent_decode(value))
    }

    fn needed(self, name: &str) -> Result<String, String> {
        self.get(name).ok_or_else(|| format!("{name} is missing"))
    }

    pub(super) fn number<T: FromStr>(self, name: &str) -> Result<T, String> {
        let value = self.needed(name)?;
        value
            .parse()
            .map_err(|_| format!("{name}={value} is not a valid number"))
    }

    pub(super) fn times(self) -> Result<u32, String> {
        if self.get("times").is_none() {
            Ok(1)
        } else {
            self.number("times")
        }
    }

    pub(super) fn choice<T: ValueEnum>(self, name: &str) -> Result<T, String> {
        let value = self.needed(name)?;
        T::from_str(&value, false).map_err(|_| {
            let mut choices = String::new();
            for choice in T::value_variants()
                .iter()
                .filter_map(ValueEnum::to_possible_value)
            {
                let _ = write!(choices, " {}", choice.get_name());
            }
            format!("{name}={value} must be one of:{choices}")
        })
    }

    pub(super) fn before(self) -> Result<bool, String> {
        match self.get("when").as_deref() {
            None | Some("before") => Ok(true),
            Some("after") => Ok(false),
            Some(other) => Err(format!("when={other} must be one of: before after")),
        }
    }

    pub(super) fn matching(self) -> Matching {
        Matching {
            method: self.get("method"),
            path: self.get("path"),
        }
    }

    pub(super) fn milliseconds(self) -> Result<Duration, String> {
        self.number("ms").map(Duration::from_millis)
    }

    /// A fault with this harm, and with the requests and the count in the arguments.
    pub(super) fn fault(self, harm: Harm) -> Result<Fault, String> {
        Ok(Fault {
            matching: self.matching(),
            harm,
            times: self.times()?,
        })
    }

    pub(super) fn late(self) -> Result<Harm, String> {
        let pause = self.milliseconds()?;
        match self.get("first").as_deref() {
            None | Some("lost") => Ok(Harm::ActLater(pause)),
            Some("answered") => Ok(Harm::ActAgainLater(pause)),
            Some(other) => Err(format!("first={other} must be one of: lost answered")),
        }
    }

    pub(super) fn oddity(self) -> Result<Oddity, String> {
        match self.needed("is")?.as_str() {
            "failed-stage" if self.get("stage").is_none() => Ok(Oddity::FailedStage(1)),
            "failed-stage" => self.number("stage").map(Oddity::FailedStage),
            "no-nodes" => Ok(Oddity::NoNodes),
            "zero-times" => Ok(Oddity::ZeroTimes),
            "nulls" => Ok(Oddity::Nulls),
            "sub-tasks" => self.number("count").map(Oddity::SubTasks),
            "stages" => self.number("count").map(Oddity::Stages),
            other => Err(format!(
                "is={other} must be one of: failed-stage no-nodes zero-times nulls sub-tasks stages"
            )),
        }
    }

    pub(super) fn proxy(self) -> Result<Fault, String> {
        let name = self.needed("answer")?;
        let (broken, acts) = match name.as_str() {
            "html-502" => (Broken::Html(502), false),
            "html-503" => (Broken::Html(503), false),
            "html-504" => (Broken::Html(504), false),
            "empty-204" => (Broken::Empty(204), false),
            "empty-502" => (Broken::Empty(502), false),
            "login-page" => (Broken::HtmlOk, false),
            "truncated" => (Broken::TruncatedByLength, true),
            "truncated-json" => (Broken::TruncatedJson, true),
            other => {
                return Err(format!(
                    "answer={other} is unknown: GET / lists the answers"
                ));
            }
        };
        let acted = match self.get("acted").as_deref() {
            None => acts,
            Some("true") => true,
            Some("false") => false,
            Some(other) => return Err(format!("acted={other} must be one of: true false")),
        };
        let harm = if acted {
            Harm::ProxyAnswersAfterActing(broken)
        } else {
            Harm::ProxyAnswers(broken)
        };
        self.fault(harm)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Fail;

    #[test]
    fn arguments_are_decoded_and_wrong_ones_named() {
        let query = Query("value=Pw%231&times=x&mode=nothing");
        assert_eq!(query.get("value").as_deref(), Some("Pw#1"));
        assert_eq!(query.times().unwrap_err(), "times=x is not a valid number");
        let wrong = query.choice::<Fail>("mode").unwrap_err();
        assert_eq!(
            wrong,
            "mode=nothing must be one of: none check stop stop-timeout clean"
        );
    }

    #[test]
    fn a_proxy_that_cuts_an_answer_short_lets_the_agent_act() {
        let fault = Query("answer=truncated&path=/api/v1/obproxy&method=DELETE")
            .proxy()
            .unwrap();
        assert_eq!(
            fault.harm,
            Harm::ProxyAnswersAfterActing(Broken::TruncatedByLength)
        );
        assert_eq!(fault.matching, Matching::new("DELETE", "/api/v1/obproxy"));
        let fault = Query("answer=html-504&acted=true&times=3").proxy().unwrap();
        assert_eq!(
            (fault.harm, fault.times),
            (Harm::ProxyAnswersAfterActing(Broken::Html(504)), 3)
        );
    }
}
