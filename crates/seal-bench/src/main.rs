//! The console's module with one additional export, so that `cargo xtask bench` can time sealing
//! alone. The shipped module seals between two steps of the flow. Not part of the site.

use getrandom::SysRng;
use odp_console::obshell::crypto::body::seal_body;
use odp_console::obshell::crypto::public_key::PublicKey;
use odp_console::obshell::request::{Credential, HEADER_LIFE_SECONDS, Request, Seal};
use odp_console::obshell::secret::Secret;
use wasm_bindgen::JsError;
use wasm_bindgen::prelude::wasm_bindgen;

/// Seals DELETEs for one agent.
#[wasm_bindgen]
pub struct Sealer {
    key: PublicKey,
    credential: Credential,
}

#[wasm_bindgen]
impl Sealer {
    /// Takes the agent's public key, as `GET /api/v1/secret` returns it, and the agent password.
    ///
    /// # Errors
    /// A JavaScript `Error` if the key cannot be parsed.
    #[wasm_bindgen(constructor)]
    pub fn new(public_key: &str, password: String) -> Result<Self, JsError> {
        Ok(Self {
            key: PublicKey::parse(public_key)?,
            credential: Credential::AgentPassword(Secret::new(password)),
        })
    }

    /// Header and body of one DELETE, at this time of the agent (milliseconds since 1970).
    ///
    /// # Errors
    /// A JavaScript `Error` if there is no randomness.
    pub fn seal(&self, agent_time: f64) -> Result<Vec<String>, JsError> {
        let seal = Seal {
            key: &self.key,
            credential: &self.credential,
            agent_time: agent_time as i64,
            life_seconds: HEADER_LIFE_SECONDS,
            path_prefix: "",
        };
        let wire = Request::delete_odp().seal(seal, &mut SysRng)?;
        let body = wire.session_key.map(|key| seal_body(&key, b"{}"));
        let header = wire.headers.into_iter().next().map(|(_, value)| value);
        Ok(header.into_iter().chain(body).collect())
    }
}

fn main() {}
