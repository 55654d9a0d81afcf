//! The requests that reached the agent.

/// A request that reached the agent's port, in the order of arrival.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The method.
    pub method: String,
    /// The request target exactly as sent.
    pub target: String,
    /// The value of `Accept-Language`.
    pub accept_language: Option<String>,
    /// Whether one of the two authentication headers was sent.
    pub authenticated: bool,
    /// Its outcome.
    pub fate: Fate,
}

/// The outcome of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// On its way to the agent: held by a delay or a hold.
    Pending,
    /// With the agent, which may have acted on it already.
    Acting,
    /// The agent answered with this status.
    Answered(u16),
    /// The agent acted with this status, but its answer was not delivered, or not yet.
    ActedUnheard(u16),
    /// It never reached the agent, and never will.
    NeverSeen,
}

impl Record {
    /// Whether the agent itself saw the request.
    #[must_use]
    pub fn reached_agent(&self) -> bool {
        matches!(
            self.fate,
            Fate::Acting | Fate::Answered(_) | Fate::ActedUnheard(_)
        )
    }

    /// Whether the request has this method and path; the query is ignored.
    #[must_use]
    pub fn is(&self, method: &str, path: &str) -> bool {
        self.method == method && self.target.split('?').next() == Some(path)
    }
}
