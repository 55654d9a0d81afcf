//! The input and the result of a handler.

use serde_json::Value;

use crate::body::BodyError;
use crate::engine::Refused;
use crate::error::ApiError;
use crate::forward::Owner;
use crate::header::{self, first_value};
use crate::request::Request;
use crate::state::State;
use crate::verify::Admitted;

/// Why a request has no data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    Error(ApiError),
    /// Go panicked.
    Panic,
}

impl From<ApiError> for Failure {
    fn from(error: ApiError) -> Self {
        Self::Error(error)
    }
}

impl From<BodyError> for Failure {
    fn from(error: BodyError) -> Self {
        match error {
            BodyError::KeySize => ApiError::BodyKeySize.into(),
            BodyError::Length => ApiError::BodyLength.into(),
            BodyError::Panic => Self::Panic,
        }
    }
}

/// The result of a handler.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Done {
    /// 200 without data.
    Nothing,
    /// 200 with this.
    Data(Value),
    /// 204: no body at all.
    NoContent,
    /// The task belongs to another agent, which must be asked.
    AskOwner(Owner),
}

/// An admitted request, with its body decrypted.
pub(crate) struct Call<'a> {
    pub(crate) request: &'a Request,
    /// `Keys` of the header, empty without one.
    pub(crate) keys: &'a [u8],
    /// `ssotoken` of the header, empty without one.
    pub(crate) sso_token: &'a str,
    /// The body as the handlers read it.
    pub(crate) body: Vec<u8>,
    pub(crate) admitted: Admitted,
    /// Whether the agent's own logging consumes a body that is not JSON, so that the error is
    /// reported as "EOF": since 4.3.0.0.
    pub(crate) log_swallows: bool,
}

impl Call<'_> {
    /// The body as a JSON object.
    pub(crate) fn json(&self) -> Result<serde_json::Map<String, Value>, ApiError> {
        serde_json::from_slice(&self.body).map_err(|_| {
            let why = first_value(&self.body).err().filter(|_| !self.log_swallows);
            ApiError::BindJson(why.unwrap_or_else(|| "EOF".to_owned()))
        })
    }

    /// A string field of the body; its name is case-insensitive. Absent or null is `None`.
    pub(crate) fn text(&self, kind: &str, name: &str) -> Result<Option<String>, ApiError> {
        let fields = self.json()?;
        let value = fields
            .iter()
            .rev()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value);
        match value {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(other) => Err(ApiError::BindJson(format!(
                "json: cannot unmarshal {} into Go struct field {kind}.{name} of type string",
                header::kind(other)
            ))),
        }
    }

    /// A string field that must be present and not empty. `field` is its name in Go.
    pub(crate) fn required(&self, kind: &str, field: &str, name: &str) -> Result<String, ApiError> {
        self.text(kind, name)?.filter(|text| !text.is_empty()).ok_or_else(|| {
            ApiError::BindJson(format!(
                "Key: '{kind}.{field}' Error:Field validation for '{field}' failed on the 'required' tag"
            ))
        })
    }
}

/// Converts a refusal of the engine into the error of this agent.
pub(crate) fn refused(state: &State, refused: Refused) -> Failure {
    ApiError::Refused {
        refused,
        agent: state.address(),
    }
    .into()
}
