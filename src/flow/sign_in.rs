//! The ways to sign in at an agent.

/// How a person proves the right to operate an agent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SignIn {
    /// By the agent password.
    #[default]
    AgentPassword,
    /// By the root password of OceanBase, which a CLUSTER AGENT takes for a login; the session
    /// that it gives then stands in for the agent password (protocol: 1.8).
    RootPassword,
    /// The same where root has no password, by choice: a CLUSTER AGENT without any password takes
    /// the empty one (protocol: 13.12).
    NoRootPassword,
    /// By what the host gives when it is asked, an agent password or a session; nobody types.
    Host,
}

impl SignIn {
    /// Whether a person types a password for it.
    #[must_use]
    pub fn is_typed(self) -> bool {
        match self {
            Self::AgentPassword | Self::RootPassword => true,
            Self::NoRootPassword | Self::Host => false,
        }
    }
}
