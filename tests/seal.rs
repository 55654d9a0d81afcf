//! Checks the content of sealed requests, decrypted with the agent's private key.

#![cfg(not(target_arch = "wasm32"))]
// Permits panics in the helper functions, as in tests.
#![cfg(test)]

#[path = "vectors/counter_rng.rs"]
mod counter_rng;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use counter_rng::CounterRng;
use odp_console::obshell::crypto::public_key::PublicKey;
use odp_console::obshell::dag::id::{DagId, NodeId, SubTaskId};
use odp_console::obshell::request::{
    AGENT_HEADER, Credential, DagOperation, HEADER_LIFE_SECONDS, Method, ROOT_HEADER, Request,
    Seal, TRACE_HEADER, WireRequest,
};
use odp_console::obshell::secret::Secret;
use rsa::pkcs1::EncodeRsaPublicKey;
use rsa::pkcs8::DecodePrivateKey;
use rsa::traits::PublicKeyParts;
use rsa::{Pkcs1v15Encrypt, PrivateKey};
use serde_json::{Value, json};

struct Agent {
    private: PrivateKey,
    public: PublicKey,
}

impl Agent {
    fn new() -> Self {
        let private =
            PrivateKey::from_pkcs8_pem(include_str!("fixtures/vectors/rsa-1024.pem")).unwrap();
        let der = private.to_public_key().to_pkcs1_der().unwrap();
        let public = PublicKey::parse(&STANDARD.encode(der.as_bytes())).unwrap();
        Self { private, public }
    }

    fn read_header(&self, wire: &WireRequest, name: &str) -> Value {
        let header = value(wire, name).expect("the header is there");
        let sealed = STANDARD.decode(header).unwrap();
        let text: Vec<u8> = sealed
            .chunks(self.private.size())
            .flat_map(|block| self.private.decrypt(Pkcs1v15Encrypt, block).unwrap())
            .collect();
        serde_json::from_slice(&text).unwrap()
    }

    /// Decrypts the body like the agent, with the key and vector of the header.
    fn read_body(header: &Value, wire: &WireRequest) -> Option<Value> {
        use cbc::cipher::block_padding::Pkcs7;
        use cbc::cipher::{BlockModeDecrypt, KeyIvInit};
        let keys = STANDARD.decode(header["Keys"].as_str().unwrap()).unwrap();
        assert_eq!(keys.len(), 32);
        let body = STANDARD.decode(wire.body.as_ref()?).unwrap();
        let cipher =
            cbc::Decryptor::<aes::Aes128>::new_from_slices(&keys[..16], &keys[16..]).unwrap();
        let text = cipher.decrypt_padded_vec::<Pkcs7>(&body).unwrap();
        Some(serde_json::from_slice(&text).unwrap())
    }

    fn seal(
        &self,
        request: &Request,
        credential: &Credential,
        rng: &mut CounterRng,
    ) -> WireRequest {
        let seal = Seal {
            key: &self.public,
            credential,
            agent_time: 1_795_435_200_999,
            life_seconds: HEADER_LIFE_SECONDS,
            path_prefix: "",
        };
        request.seal(seal, rng).unwrap()
    }
}

fn value<'a>(wire: &'a WireRequest, name: &str) -> Option<&'a str> {
    let header = wire.headers.iter().find(|(header, _)| *header == name);
    header.map(|(_, value)| value.as_str())
}

fn password() -> Credential {
    Credential::AgentPassword(Secret::new("Pw#1\"\\密码".to_owned()))
}

#[test]
fn the_delete_carries_password_expiry_path_and_key() {
    let agent = Agent::new();
    let wire = agent.seal(
        &Request::delete_odp(),
        &password(),
        &mut CounterRng::new("delete"),
    );
    assert_eq!(
        (wire.method, wire.target.as_str()),
        (Method::Delete, "/api/v1/obproxy")
    );
    assert_eq!(wire.body, None);
    assert_eq!(value(&wire, ROOT_HEADER), None);
    let header = agent.read_header(&wire, AGENT_HEADER);
    let keys = header["Keys"].clone();
    assert_eq!(
        header,
        json!({"Auth": "Pw#1\"\\密码", "Ts": "1795435260", "Uri": "/api/v1/obproxy", "Keys": keys})
    );
    assert_eq!(value(&wire, TRACE_HEADER), wire.trace_id.as_deref());
    assert_eq!(wire.trace_id.unwrap().len(), 16);
}

#[test]
fn key_vector_and_trace_id_are_fresh_for_every_request() {
    let agent = Agent::new();
    let rng = &mut CounterRng::new("fresh");
    let one = agent.seal(&Request::delete_odp(), &password(), rng);
    let two = agent.seal(&Request::delete_odp(), &password(), rng);
    let keys = |wire| agent.read_header(wire, AGENT_HEADER)["Keys"].clone();
    assert_ne!(keys(&one), keys(&two));
    assert_ne!(one.trace_id, two.trace_id);
}

#[test]
fn the_header_lives_as_long_as_it_is_told_to() {
    let agent = Agent::new();
    let credential = password();
    for (life_seconds, until) in [(15, "1795435215"), (60, "1795435260")] {
        let seal = Seal {
            key: &agent.public,
            credential: &credential,
            agent_time: 1_795_435_200_999,
            life_seconds,
            path_prefix: "",
        };
        let wire = Request::delete_odp()
            .seal(seal, &mut CounterRng::new("life"))
            .unwrap();
        assert_eq!(agent.read_header(&wire, AGENT_HEADER)["Ts"], until);
    }
}

#[test]
fn the_path_is_signed_as_the_agent_receives_it() {
    let agent = Agent::new();
    let credential = password();
    let seal = Seal {
        key: &agent.public,
        credential: &credential,
        agent_time: 0,
        life_seconds: HEADER_LIFE_SECONDS,
        path_prefix: "/ocp/agents/10.0.0.1:2886",
    };
    let wire = Request::agent_dags()
        .seal(seal, &mut CounterRng::new("path"))
        .unwrap();
    assert_eq!(wire.target, "/api/v1/task/dags/agent?show_details=false");
    assert_eq!(
        agent.read_header(&wire, AGENT_HEADER)["Uri"],
        "/ocp/agents/10.0.0.1:2886/api/v1/task/dags/agent?show_details=false"
    );
}

#[test]
fn no_operator_is_among_the_bodies_that_a_browser_limits() {
    let agent = Agent::new();
    let dag = DagId::parse("42130706433028861").unwrap();
    let node = NodeId::parse("42130706433028862").unwrap();
    for (request, outlives) in [
        (Request::delete_odp(), true),
        // The session also ends if the page is left; otherwise it expires.
        (Request::logout(), true),
        (Request::operate_dag(&dag, DagOperation::Retry), false),
        (Request::operate_dag(&dag, DagOperation::Cancel), false),
        (Request::operate_dag(&dag, DagOperation::Pass), false),
        (Request::pass_node(&node), false),
        (Request::agent_dags(), false),
    ] {
        let wire = agent.seal(&request, &password(), &mut CounterRng::new("outlives"));
        assert_eq!(wire.outlives_page, outlives, "{request:?}");
    }
    assert!(!Request::info().plain().outlives_page);
}

#[test]
fn an_operator_is_the_whole_body() {
    let agent = Agent::new();
    let dag = DagId::parse("42130706433028861").unwrap();
    let node = NodeId::parse("42130706433028862").unwrap();
    for (request, target, operator) in [
        (
            Request::operate_dag(&dag, DagOperation::Retry),
            "/api/v1/task/dag/42130706433028861",
            "RETRY",
        ),
        (
            Request::operate_dag(&dag, DagOperation::Cancel),
            "/api/v1/task/dag/42130706433028861",
            "CANCEL",
        ),
        (
            Request::operate_dag(&dag, DagOperation::Pass),
            "/api/v1/task/dag/42130706433028861",
            "PASS",
        ),
        (
            Request::operate_dag(&dag, DagOperation::Rollback),
            "/api/v1/task/dag/42130706433028861",
            "ROLLBACK",
        ),
        (
            Request::pass_node(&node),
            "/api/v1/task/node/42130706433028862",
            "PASS",
        ),
    ] {
        let wire = agent.seal(&request, &password(), &mut CounterRng::new(operator));
        assert_eq!((wire.method, wire.target.as_str()), (Method::Post, target));
        let header = agent.read_header(&wire, AGENT_HEADER);
        assert_eq!(
            Agent::read_body(&header, &wire),
            Some(json!({"operator": operator}))
        );
    }
}

#[test]
fn a_session_goes_in_the_agent_header_and_a_root_password_in_its_own() {
    let agent = Agent::new();
    let session = Credential::Session(Secret::new("ab".repeat(32)));
    let rng = &mut CounterRng::new("session");
    let wire = agent.seal(&Request::delete_odp(), &session, rng);
    let header = agent.read_header(&wire, AGENT_HEADER);
    assert_eq!(
        (&header["Auth"], &header["session_id"]),
        (&json!(""), &json!("ab".repeat(32)))
    );

    let wire = agent.seal(&Request::logout(), &session, rng);
    let header = agent.read_header(&wire, AGENT_HEADER);
    assert_eq!(
        Agent::read_body(&header, &wire),
        Some(json!({"session_id": "ab".repeat(32)}))
    );

    let root = Credential::RootPassword(Secret::new("root".to_owned()));
    let wire = agent.seal(&Request::login(), &root, rng);
    assert_eq!(wire.body, None);
    assert_eq!(value(&wire, AGENT_HEADER), None);
    assert_eq!(agent.read_header(&wire, ROOT_HEADER)["Auth"], "root");
}

#[test]
fn reads_are_gets_without_a_body_and_open_routes_without_a_header() {
    let agent = Agent::new();
    let dag = DagId::parse("41").unwrap();
    let node = NodeId::parse("42").unwrap();
    let sub_task = SubTaskId::parse("43").unwrap();
    for (request, target) in [
        (Request::dag(&dag), "/api/v1/task/dag/41"),
        (Request::node(&node), "/api/v1/task/node/42"),
        (Request::sub_task(&sub_task), "/api/v1/task/sub_task/43"),
        (
            Request::sub_task_logs(&sub_task),
            "/api/v1/task/sub_task/43/logs",
        ),
        (Request::unfinished_dags(), "/api/v1/task/dag/unfinish"),
        (
            Request::agent_unfinished_dags(),
            "/api/v1/task/dag/agent/unfinish",
        ),
        (
            Request::newest_maintenance_dag(),
            "/api/v1/task/dag/maintain/agent",
        ),
    ] {
        assert!(request.needs_seal());
        let wire = agent.seal(&request, &password(), &mut CounterRng::new(target));
        assert_eq!(
            (wire.method, wire.target.as_str(), &wire.body),
            (Method::Get, target, &None)
        );
        assert_eq!(agent.read_header(&wire, AGENT_HEADER)["Uri"], target);
    }
    for (request, target) in [
        (Request::secret(), "/api/v1/secret"),
        (Request::info(), "/api/v1/info"),
        (Request::time(), "/api/v1/time"),
        (Request::status(), "/api/v1/status"),
    ] {
        assert!(!request.needs_seal());
        let wire = request.plain();
        assert_eq!((wire.method, wire.target.as_str()), (Method::Get, target));
        assert!(wire.headers.is_empty() && wire.body.is_none());
    }
}
