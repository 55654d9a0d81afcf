//! The ways to sign in to an agent.

/// How a person proves the right to operate an agent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SignIn {
    /// With the agent password.
    #[default]
    AgentPassword,
    /// With the root password of OceanBase, which a CLUSTER AGENT accepts for a login; the session
    /// that the login returns then replaces the agent password (protocol: 1.8).
    RootPassword,
    /// As [`RootPassword`](Self::RootPassword), for a root user without a password, chosen
    /// explicitly: a CLUSTER AGENT without any password accepts the empty one (protocol: 13.12).
    NoRootPassword,
    /// With the agent password or session that the host supplies; nothing is typed.
    Host,
}

impl SignIn {
    /// Whether a person types a password for this way.
    #[must_use]
    pub fn is_typed(self) -> bool {
        match self {
            Self::AgentPassword | Self::RootPassword => true,
            Self::NoRootPassword | Self::Host => false,
        }
    }
}
