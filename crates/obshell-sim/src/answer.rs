//! From a request to its answer: the middleware in order, the handler, the envelope.
//!
//! obshell: ob/agent/api/agent_route.go has the order: Recovery, PostHandlers (the envelope), HeaderDecrypt,
//! BodyDecrypt, PaddingBody, PreHandlers (the trace id), SetContentType, then Verify and the handler.

use std::time::Instant;

use crate::body;
use crate::call::{Call, Done, Failure};
use crate::envelope::{Envelope, Outcome};
use crate::error::ApiError;
use crate::forward::{self, Asker};
use crate::handlers;
use crate::header::{Header, Kind};
use crate::page;
use crate::reply::Reply;
use crate::request::Request;
use crate::route::Route;
use crate::shared::Shared;
use crate::state::State;
use crate::verify::verify;

/// Answers a request.
pub(crate) async fn answer(shared: &Shared, request: &Request) -> Reply {
    let begun = Instant::now();
    let (mut envelope, route, mut result, asker) = shared.update(|state| {
        let mut envelope = Envelope::new(request);
        let route = Route::find(&request.method, &request.path, state.version);
        let result = run(state, request, route.as_ref(), &mut envelope);
        (envelope, route, result, Asker::new(state))
    });
    if let Ok(Done::AskOwner(owner)) = result {
        match forward::ask(owner, &asker, request).await {
            Ok(reply) => return reply,
            Err(error) => result = Err(error.into()),
        }
    }
    shared.update(|state| {
        // Gin's answers to unknown paths: redirects, the web page, its bare 404.
        if let Some(reply) = page::other_than_json(request, route.as_ref(), &result, state.version)
        {
            return reply;
        }
        envelope.duration = begun.elapsed();
        let outcome = match result {
            Ok(Done::NoContent) => Outcome::NoContent,
            Ok(Done::Data(data)) => Outcome::Data(Some(data)),
            Ok(Done::Nothing | Done::AskOwner(_)) => Outcome::Data(None),
            Err(Failure::Panic) => Outcome::Panic,
            Err(Failure::Error(error)) => Outcome::Error(error),
        };
        envelope.write(state, outcome)
    })
}

/// The middleware and the handler.
fn run(
    state: &mut State,
    request: &Request,
    route: Option<&Route>,
    envelope: &mut Envelope,
) -> Result<Done, Failure> {
    let received = state.clock.now();
    let header = open_header(state, request)?;
    let body = open_body(state, request, header.as_ref())?;
    envelope.begin_handlers(request);
    let Some(route) = route else {
        return Err(ApiError::RouteNotFound.into());
    };
    let admitted = verify(state, route, &request.target, header.as_ref(), received)?;
    let opened = header.as_ref().map(|(_, header)| header);
    let call = Call {
        request,
        keys: opened
            .map(|header| header.keys.as_slice())
            .unwrap_or_default(),
        sso_token: opened
            .map(|header| header.sso_token.as_str())
            .unwrap_or_default(),
        body,
        admitted,
        log_swallows: state.version.has_web_page(),
    };
    let result = handlers::handle(state, route, &call);
    envelope.data_beside_error = match &result {
        Err(Failure::Error(ApiError::BindJson(_))) => None,
        _ => route.data_beside_error(state.identity),
    };
    result
}

/// Opens the sealed header. If both are present, only the agent's header is read.
fn open_header(state: &State, request: &Request) -> Result<Option<(Kind, Header)>, Failure> {
    if !state.encryption {
        return Ok(None);
    }
    let agent = request
        .header("x-ocs-agent-header")
        .filter(|_| state.version.has_odp_routes());
    let sealed = match (agent, request.header("x-ocs-header")) {
        (Some(sealed), _) => (Kind::Agent, sealed),
        (None, Some(sealed)) => (Kind::OceanBase, sealed),
        (None, None) => return Ok(None),
    };
    let (kind, sealed) = sealed;
    let header = state
        .keys
        .decrypt(sealed)
        .and_then(|plain| Header::parse(&plain));
    Ok(Some((kind, header.map_err(ApiError::HeaderDecrypt)?)))
}

/// Decrypts the body. With a header, every body is encrypted, whatever the method.
fn open_body(
    state: &State,
    request: &Request,
    header: Option<&(Kind, Header)>,
) -> Result<Vec<u8>, Failure> {
    if request.body.is_empty() {
        let padded = request.length_known && state.version.pads_empty_body();
        return Ok(if padded { b"{}".to_vec() } else { Vec::new() });
    }
    match header {
        Some((_, header)) => Ok(body::decrypt(&request.body, &header.keys)?),
        None => Ok(request.body.to_vec()),
    }
}
