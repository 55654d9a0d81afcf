//! Agent password, sessions and single sign-on (obshell: ob/agent/executor/session, ob/agent/secure).

use chrono::TimeDelta;

use crate::body::{self, BodyError};
use crate::call::{Call, Done, Failure};
use crate::error::ApiError;
use crate::state::State;
use crate::verify::{Admitted, session_end};

const SSO_TOKEN_LIFE: TimeDelta = TimeDelta::seconds(60);

pub(super) fn set_password(state: &mut State, call: &Call<'_>) -> Result<Done, Failure> {
    let password = call.required("SetAgentPasswordParam", "Password", "password")?;
    state.set_agent_password(Some(password));
    Ok(Done::Nothing)
}

pub(super) fn login(state: &mut State, call: &Call<'_>) -> Result<Done, Failure> {
    let id = State::random_hex(32);
    let sealed = seal(&id, call)?;
    let end = session_end(state.clock.now());
    state.sessions.insert(id, end);
    Ok(Done::Data(sealed.into()))
}

/// A session may end only itself; a password may end any session.
pub(super) fn logout(state: &mut State, call: &Call<'_>) -> Result<Done, Failure> {
    let id = call.required("LogoutSessionParam", "SessionID", "session_id")?;
    let may_end = match &call.admitted {
        Admitted::BySession(own) => *own == id,
        Admitted::Plainly => true,
    };
    if may_end {
        state.sessions.remove(&id);
    }
    Ok(Done::Nothing)
}

pub(super) fn sso_token(state: &mut State, call: &Call<'_>) -> Result<Done, Failure> {
    let token = State::random_hex(32);
    let sealed = seal(&token, call)?;
    let end = state.clock.now() + SSO_TOKEN_LIFE;
    state.sso_tokens.insert(token, end);
    Ok(Done::Data(sealed.into()))
}

/// A token can be used once.
pub(super) fn sso_exchange(state: &mut State, call: &Call<'_>) -> Result<Done, Failure> {
    if call.sso_token.is_empty() {
        return Err(ApiError::SsoTokenMissing.into());
    }
    if call.keys.len() < 32 {
        return Err(ApiError::AesKeyNotFound.into());
    }
    let end = state
        .sso_tokens
        .remove(call.sso_token)
        .ok_or(ApiError::SsoTokenInvalid)?;
    if state.clock.now() > end {
        return Err(ApiError::SsoTokenInvalid.into());
    }
    login(state, call)
}

/// Encrypts with the keys of the request.
fn seal(text: &str, call: &Call<'_>) -> Result<String, Failure> {
    body::encrypt(text, call.keys).map_err(|error| match error {
        BodyError::KeySize => ApiError::AesKeySize.into(),
        BodyError::Length | BodyError::Panic => Failure::Panic,
    })
}
