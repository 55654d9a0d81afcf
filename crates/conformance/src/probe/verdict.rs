//! Compares an answer with the expected one.

use super::Probe;
use crate::{ask::Ask, miss::Check, refusal::Refusal, wire::Answer, wording::task_not_found};

impl Probe {
    /// Expects a refusal, in English and in Chinese (before 4.3.1.0: in English both times).
    pub(crate) async fn refused(&self, ask: &Ask, refusal: &Refusal) -> Check {
        self.refuses(&self.send(ask).await?, refusal, false)?;
        let chinese = self.send(&ask.clone().language("zh-CN")).await?;
        self.refuses(&chinese, refusal, true)
            .map_err(|miss| miss.when("Accept-Language: zh-CN"))
    }

    /// Checks an answer that has already been received.
    pub(crate) fn refuses(&self, answer: &Answer, refusal: &Refusal, chinese: bool) -> Check {
        if self.is_old() {
            refusal.check_old(answer)
        } else {
            refusal.check(answer, chinese)
        }
    }

    /// Expects the header to be accepted: the task is looked up, and not found.
    pub(crate) async fn header_accepted(&self, ask: &Ask) -> Check {
        self.needs_password()?;
        let answer = self.send(ask).await?;
        self.refuses(&answer, &task_not_found(), false)
            .map_err(|miss| miss.when("an accepted header"))
    }
}
