//! The only place that stores the credential.

use std::rc::Rc;

use super::book::OpenBook;
use crate::flow::effect::CallId;
use crate::flow::event::Answered;
use crate::flow::state::SignIn;
use crate::obshell::address::AgentAddress;
use crate::obshell::answer;
use crate::obshell::crypto::session_key::SessionKey;
use crate::obshell::error::{Failure, NotSent, WipeReason};
use crate::obshell::request::Credential;
use crate::obshell::secret::Secret;

/// Stores the credential, in memory only, until it is cleared or replaced.
///
/// The vault lends the credential and never gives it away, so that clearing leaves no copy:
/// dropping a [`Secret`] overwrites it.
#[derive(Debug, Default)]
pub struct Vault {
    credential: Option<StoredCredential>,
    /// The pending login, and the session key of its answer.
    login: Option<(CallId, SessionKey)>,
}

/// The location of a credential.
#[derive(Debug)]
enum StoredCredential {
    /// The credential itself, in memory.
    InMemory(Rc<Credential>),
    /// The agent password of this agent, sealed in the agent book.
    InBook(OpenBook, AgentAddress),
}

impl Vault {
    /// Stores a typed password; an empty password clears the vault. A root user without a password
    /// is represented by [`Credential::RootWithoutPassword`].
    pub fn store_password(&mut self, password: Secret, sign_in: SignIn) {
        self.wipe();
        if let Some(credential) = typed(password, sign_in) {
            self.store(credential);
        }
    }

    /// Replaces the credential. A credential that several vaults share is overwritten when the last
    /// vault clears it.
    pub fn store(&mut self, credential: impl Into<Rc<Credential>>) {
        self.wipe();
        self.credential = Some(StoredCredential::InMemory(credential.into()));
    }

    /// Replaces the credential by the password that the agent book contains for an agent. The
    /// password stays sealed: it is decrypted for each request that needs it, and wiped afterwards.
    pub fn store_book_entry(&mut self, book: OpenBook, agent: AgentAddress) {
        self.wipe();
        self.credential = Some(StoredCredential::InBook(book, agent));
    }

    /// Wipes the credential.
    pub fn wipe(&mut self) {
        *self = Self::default();
    }

    /// The credential that is in memory, if there is one.
    #[must_use]
    pub fn credential(&self) -> Option<&Credential> {
        match &self.credential {
            Some(StoredCredential::InMemory(credential)) => Some(credential),
            Some(StoredCredential::InBook(..)) | None => None,
        }
    }

    /// Calls `with` with the credential and returns its result.
    ///
    /// # Errors
    /// [`NotSent::NoCredential`] if there is none, or the agent book no longer contains one for the
    /// agent; [`WipeReason::BookLocked`] if the credential is in the agent book and the book is
    /// locked.
    pub fn lend<T>(&self, with: impl FnOnce(&Credential) -> T) -> Result<T, NotSent> {
        match &self.credential {
            None => Err(NotSent::NoCredential),
            Some(StoredCredential::InMemory(credential)) => Ok(with(credential)),
            Some(StoredCredential::InBook(book, _)) if !book.is_open() => {
                Err(NotSent::CredentialWiped(WipeReason::BookLocked))
            }
            Some(StoredCredential::InBook(book, agent)) => {
                let password = book.password(agent).ok_or(NotSent::NoCredential)?;
                Ok(with(&Credential::AgentPassword(password)))
            }
        }
    }

    /// Records a call that is being sent. `key` is the session key of a sealed body: a call with
    /// the root password and such a key is a login.
    pub fn request_sent(&mut self, id: CallId, key: Option<SessionKey>) {
        if let (Some(Credential::RootPassword(_) | Credential::RootWithoutPassword), Some(key)) =
            (self.credential(), key)
        {
            self.login = Some((id, key));
        }
    }

    /// Stops waiting for the answer to the login.
    pub fn abandon_login(&mut self) {
        self.login = None;
    }

    /// Moves the session from the answer to the login into the vault, where it replaces the
    /// password. An answer without a session becomes a failure; an answer to any other call is
    /// unchanged.
    pub fn take_session(&mut self, answered: &mut Answered) {
        if let Some((_, key)) = self.login.take_if(|(id, _)| *id == answered.id)
            && let Ok(reply) = &answered.reply
        {
            match answer::login(reply.status, &reply.body, &key) {
                Ok(session) => {
                    let session = Rc::new(Credential::Session(session.value));
                    self.credential = Some(StoredCredential::InMemory(session));
                }
                Err(Failure::Refused(_)) => {}
                Err(failure) => answered.reply = Err(failure),
            }
        }
    }
}

/// The credential of a typed password; `None` for an empty one.
#[must_use]
pub fn typed(password: Secret, sign_in: SignIn) -> Option<Credential> {
    (!password.is_empty()).then(|| match sign_in {
        SignIn::AgentPassword | SignIn::Host => Credential::AgentPassword(password),
        SignIn::RootPassword | SignIn::NoRootPassword => Credential::RootPassword(password),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::{AgentDetails, Book};
    use crate::browser::book::Open;
    use crate::flow::event::Reply;
    use crate::obshell::crypto::body::seal_body;
    use crate::obshell::error::NotObshellKind;

    const ID: CallId = CallId(7);
    const SESSION: &str = "5e55108f";

    fn holds(vault: &Vault) -> Option<(&'static str, String)> {
        vault.credential().map(|credential| match credential {
            Credential::AgentPassword(secret) => ("agent", secret.expose().to_owned()),
            Credential::RootPassword(secret) => ("root", secret.expose().to_owned()),
            Credential::RootWithoutPassword => ("root without a password", String::new()),
            Credential::Session(secret) => ("session", secret.expose().to_owned()),
        })
    }

    fn store(vault: &mut Vault, password: &str, sign_in: SignIn) {
        vault.store_password(Secret::new(password.to_owned()), sign_in);
    }

    fn root() -> Option<(&'static str, String)> {
        Some(("root", "one".to_owned()))
    }

    #[test]
    fn keeps_the_latest_until_it_is_forgotten() {
        let mut vault = Vault::default();
        assert_eq!(holds(&vault), None);
        store(&mut vault, "one", SignIn::RootPassword);
        assert_eq!(holds(&vault), root());
        store(&mut vault, "two", SignIn::AgentPassword);
        assert_eq!(holds(&vault), Some(("agent", "two".to_owned())));
        assert!(!format!("{vault:?}").contains("two"));
        vault.wipe();
        assert_eq!(holds(&vault), None);
        store(&mut vault, "", SignIn::RootPassword);
        assert_eq!(holds(&vault), None);
    }

    #[test]
    fn a_password_of_the_book_is_opened_as_it_is_lent() {
        let agent = |text| AgentAddress::parse(text).unwrap();
        let secret = |text: &str| Secret::new(text.to_owned());
        let rng = &mut getrandom::SysRng;
        let book = Book::create(&secret("correct horse battery"), rng).unwrap();
        let details = AgentDetails::of(agent("10.0.0.1:2886"));
        let book = book.add(details, &secret("saved"), rng).unwrap();
        let lent = |vault: &Vault| {
            vault.lend(|credential| match credential {
                Credential::AgentPassword(password) => password.expose().to_owned(),
                _ => panic!("no agent password"),
            })
        };

        let open = OpenBook::default();
        let mut vault = Vault::default();
        assert_eq!(lent(&vault), Err(NotSent::NoCredential));
        vault.store_book_entry(open.clone(), agent("10.0.0.1:2886"));
        let is_locked = Err(NotSent::CredentialWiped(WipeReason::BookLocked));
        assert_eq!(lent(&vault), is_locked);
        open.replace(Open {
            text: book.text().unwrap(),
            book,
        });
        assert_eq!(lent(&vault).as_deref(), Ok("saved"));
        // The password is not in the vault.
        assert!(vault.credential().is_none());
        assert!(!format!("{vault:?}").contains("saved"));
        open.lock();
        assert_eq!(lent(&vault), is_locked);

        vault.store_book_entry(open.clone(), agent("10.0.0.2:2886"));
        assert_eq!(lent(&vault), is_locked);
        vault.wipe();
        assert_eq!(lent(&vault), Err(NotSent::NoCredential));
        store(&mut vault, "typed", SignIn::AgentPassword);
        assert_eq!(lent(&vault).as_deref(), Ok("typed"));
    }

    /// A vault with a sent login, and the answer to the login.
    fn login(status: u16, body: impl FnOnce(&SessionKey) -> String) -> (Vault, Answered) {
        let key = SessionKey::generate(&mut getrandom::SysRng).unwrap();
        let reply = Ok(Reply {
            status,
            body: body(&key).into_bytes(),
        });
        let mut vault = Vault::default();
        store(&mut vault, "one", SignIn::RootPassword);
        vault.request_sent(ID, Some(key));
        let answered = Answered {
            id: ID,
            sent_at: 0,
            received_at: 1,
            trace_id: None,
            reply,
        };
        (vault, answered)
    }

    fn session(key: &SessionKey) -> String {
        format!(
            r#"{{"successful":true,"timestamp":"2026-11-23T12:00:00Z","duration":1,"status":200,"traceId":"","data":"{}"}}"#,
            seal_body(key, SESSION.as_bytes())
        )
    }

    #[test]
    fn a_session_takes_the_place_of_the_password() {
        let (mut vault, mut answered) = login(200, session);
        vault.take_session(&mut answered);
        assert_eq!(holds(&vault), Some(("session", SESSION.to_owned())));
        assert!(answered.reply.is_ok());
        assert!(!format!("{vault:?} {answered:?}").contains(SESSION));
        // A repetition of the answer does not belong to the current login.
        store(&mut vault, "one", SignIn::RootPassword);
        vault.take_session(&mut answered);
        assert_eq!(holds(&vault), root());
    }

    #[test]
    fn a_session_that_nobody_waits_for_is_not_kept() {
        for give_up in [
            Vault::wipe as fn(&mut Vault),
            Vault::abandon_login,
            |vault| store(vault, "one", SignIn::RootPassword),
            |vault| {
                let key = SessionKey::generate(&mut getrandom::SysRng).unwrap();
                vault.request_sent(CallId(8), Some(key));
            },
        ] {
            let (mut vault, mut answered) = login(200, session);
            give_up(&mut vault);
            vault.take_session(&mut answered);
            let kept = holds(&vault).map(|(kind, _)| kind);
            assert_ne!(kept, Some("session"));
        }
    }

    #[test]
    fn an_answer_without_a_session_leaves_the_password_and_is_told() {
        let refusal = r#"{"successful":false,"timestamp":"2026-11-23T12:00:00Z","duration":1,"status":401,"traceId":"","error":{"errCode":"Security.Authentication.IncorrectOceanbasePassword","message":"no"}}"#;
        let (mut vault, mut answered) = login(401, |_| refusal.to_owned());
        let before = answered.clone();
        vault.take_session(&mut answered);
        assert_eq!((holds(&vault), &answered), (root(), &before));

        for data in ["\"\"", "\"AAAA\"", "null", "{}"] {
            let body = session(&SessionKey::generate(&mut getrandom::SysRng).unwrap());
            let (start, _) = body.split_once("\"data\":").unwrap();
            let (mut vault, mut answered) = login(200, |_| format!("{start}\"data\":{data}}}"));
            vault.take_session(&mut answered);
            assert_eq!(holds(&vault), root(), "{data}");
            assert!(
                matches!(&answered.reply, Err(Failure::NotObshell(answer)) if answer.kind == NotObshellKind::Other),
                "{data}: {answered:?}"
            );
        }
    }
}
