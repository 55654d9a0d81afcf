//! What a response shows about the credential.

use crate::obshell::error::{ErrorKind, Failure, NotSent};

/// Whether the agent rejects the credential: another request with the same credential would be
/// rejected again.
pub(super) fn needs_credential(failure: &Failure) -> bool {
    match failure {
        Failure::NotSent(NotSent::NoCredential | NotSent::CredentialWiped(_)) => true,
        Failure::Refused(error) => matches!(
            error.kind,
            ErrorKind::IncorrectAgentPassword
                | ErrorKind::AgentPasswordNotInitialized
                | ErrorKind::WithAgentPassword
                | ErrorKind::WithOceanBasePassword
                | ErrorKind::IncorrectOceanBasePassword
                | ErrorKind::SessionInvalid
                | ErrorKind::SessionExpired
        ),
        _ => false,
    }
}
