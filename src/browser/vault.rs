//! The one place that holds the credential.

use crate::obshell::request::Credential;
use crate::obshell::secret::Secret;

/// Holds the credential, in memory only, until it is forgotten or replaced.
///
/// It is lent and never handed out, so that forgetting leaves none behind: dropping a [`Secret`]
/// overwrites it.
#[derive(Debug, Default)]
pub struct Vault(Option<Credential>);

impl Vault {
    /// Takes an agent password; an empty one is none.
    pub fn keep_password(&mut self, password: Secret) {
        self.0 = (!password.is_empty()).then_some(Credential::AgentPassword(password));
    }

    /// Wipes the credential.
    pub fn forget(&mut self) {
        self.0 = None;
    }

    /// Lends the credential, if there is one.
    #[must_use]
    pub fn credential(&self) -> Option<&Credential> {
        self.0.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(vault: &Vault) -> Option<String> {
        vault.credential().map(|credential| match credential {
            Credential::AgentPassword(secret) => secret.expose().to_owned(),
            other => panic!("{other:?}"),
        })
    }

    #[test]
    fn keeps_the_latest_until_it_is_forgotten() {
        let mut vault = Vault::default();
        assert_eq!(holds(&vault), None);
        vault.keep_password(Secret::new("one".to_owned()));
        vault.keep_password(Secret::new("two".to_owned()));
        assert_eq!(holds(&vault).as_deref(), Some("two"));
        assert!(!format!("{vault:?}").contains("two"));
        vault.forget();
        assert_eq!(holds(&vault), None);
        vault.keep_password(Secret::new(String::new()));
        assert_eq!(holds(&vault), None);
    }
}
