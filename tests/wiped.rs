//! Checks that memory which held a secret is overwritten before it is freed, wherever a secret is
//! copied.
//!
//! The allocator of this test inspects every freed block. A browser test searches the remaining
//! memory of the page; this one shows the origin.
#![cfg(not(target_arch = "wasm32"))]
// Permits panics in the helper functions, as in tests.
#![cfg(test)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::backtrace::Backtrace;
use std::cell::Cell;
use std::convert::Infallible;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use getrandom::SysRng;
use odp_console::obshell::answer;
use odp_console::obshell::crypto::body::seal_body;
use odp_console::obshell::crypto::public_key::PublicKey;
use odp_console::obshell::crypto::session_key::SessionKey;
use odp_console::obshell::request::{Credential, HEADER_LIFE_SECONDS, Request, Seal};
use odp_console::obshell::secret::Secret;
use rand_core::{TryCryptoRng, TryRng};
use rsa::PrivateKey;
use rsa::pkcs1::EncodeRsaPublicKey;
use rsa::pkcs8::DecodePrivateKey;

/// The number of bytes that count as a piece of the secret.
const PIECE: usize = 8;

const SECRET: &str = "d5e9f03b7a1c64288f3e5d17c0b9a246f1e8d3705b6c92a48e07d1f3b5a69c2d";

thread_local! {
    /// Whether freed blocks are inspected.
    static LOOKING: Cell<bool> = const { Cell::new(false) };
    /// The number of freed blocks with a piece of the secret.
    static FOUND: Cell<usize> = const { Cell::new(0) };
}

/// The system's allocator, which inspects freed blocks.
struct Looking;

#[global_allocator]
static ALLOCATOR: Looking = Looking;

#[expect(
    unsafe_code,
    reason = "an allocator is; it hands everything on to the system's"
)]
// SAFETY: every block comes from the system's allocator and is returned to it unchanged.
unsafe impl GlobalAlloc for Looking {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's guarantees are passed on.
        unsafe { System.alloc_zeroed(layout) }
    }

    // A growing block is copied and freed, as if there were no room behind it.
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the block is still the caller's, and was zeroed at first.
        look(unsafe { std::slice::from_raw_parts(block, layout.size()) });
        // SAFETY: the caller's guarantees are passed on.
        unsafe { System.dealloc(block, layout) }
    }
}

fn look(block: &[u8]) {
    let looking = LOOKING.try_with(|looking| looking.replace(false));
    if looking != Ok(true) {
        return;
    }
    let mut pieces = SECRET.as_bytes().windows(PIECE);
    let backwards = |piece: &[u8]| piece.iter().rev().copied().collect::<Vec<_>>();
    let holds = |piece: &[u8]| block.windows(PIECE).any(|window| window == piece);
    if block.len() >= PIECE && pieces.any(|piece| holds(piece) || holds(&backwards(piece))) {
        FOUND.set(FOUND.get() + 1);
        let from = Backtrace::force_capture();
        println!(
            "{} bytes are given back with a piece of the secret:\n{from}",
            block.len()
        );
    }
    LOOKING.set(true);
}

/// Returns the number of blocks that `done` frees with a piece of the secret in them.
fn left_by(done: impl FnOnce()) -> usize {
    FOUND.set(0);
    LOOKING.set(true);
    done();
    LOOKING.set(false);
    FOUND.get()
}

fn keys() -> [PublicKey; 2] {
    [
        include_str!("fixtures/vectors/rsa-512.pem"),
        include_str!("fixtures/vectors/rsa-1024.pem"),
    ]
    .map(|pem| {
        let public = PrivateKey::from_pkcs8_pem(pem).unwrap().to_public_key();
        PublicKey::parse(&STANDARD.encode(public.to_pkcs1_der().unwrap().as_bytes())).unwrap()
    })
}

#[test]
fn a_block_with_a_piece_of_a_secret_is_noticed() {
    assert_eq!(left_by(|| drop(SECRET.to_owned())), 1);
    assert_eq!(left_by(|| drop(SECRET[3..11].to_owned())), 1);
    let backwards: String = SECRET.chars().rev().collect();
    assert_eq!(left_by(|| drop(backwards)), 1);
    let mut grows = SECRET.to_owned();
    assert_eq!(left_by(|| grows.reserve(4096)), 1);
    assert_eq!(left_by(|| drop(SECRET[3..10].to_owned())), 0);
    assert_eq!(left_by(|| drop(Secret::new(SECRET.to_owned()))), 0);
}

#[test]
fn sealing_leaves_nothing() {
    let requests = [
        Request::agent_unfinished_dags(),
        Request::delete_odp(),
        Request::login(),
        Request::logout(),
    ];
    for key in keys() {
        for make in [
            Credential::AgentPassword,
            Credential::RootPassword,
            Credential::Session,
        ] {
            for request in &requests {
                let left = left_by(|| {
                    let credential = make(Secret::new(SECRET.to_owned()));
                    let seal = Seal {
                        key: &key,
                        credential: &credential,
                        agent_time: 1_795_435_200_000,
                        life_seconds: HEADER_LIFE_SECONDS,
                        path_prefix: "",
                    };
                    drop(request.seal(seal, &mut SysRng).unwrap());
                });
                assert_eq!(
                    left,
                    0,
                    "{request:?} {:?}",
                    make(Secret::new(String::new()))
                );
            }
        }
    }
}

/// Draws the bytes of the secret repeatedly.
struct Drawn(std::iter::Cycle<std::slice::Iter<'static, u8>>);

impl Drawn {
    fn new() -> Self {
        Self(SECRET.as_bytes().iter().cycle())
    }
}

impl TryRng for Drawn {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        bytes.fill_with(|| *self.0.next().unwrap());
        Ok(())
    }
}

impl TryCryptoRng for Drawn {}

/// A type that only claims to wipe itself would pass a test of its traits.
#[test]
fn a_session_key_leaves_nothing() {
    let key = SessionKey::generate(&mut Drawn::new()).unwrap();
    assert_eq!(
        STANDARD.decode(&*key.to_base64()).unwrap(),
        SECRET.as_bytes()[..32],
        "the key is the secret, so that it would be found"
    );
    assert_eq!(left_by(|| drop(key)), 0);
    let left = left_by(|| drop(SessionKey::generate(&mut Drawn::new()).unwrap()));
    assert_eq!(left, 0, "nor while it is drawn");
}

#[test]
fn opening_a_login_leaves_nothing() {
    let key = SessionKey::generate(&mut SysRng).unwrap();
    let body = format!(
        r#"{{"successful":true,"timestamp":"2026-11-23T12:00:00Z","duration":1,"status":200,"traceId":"t","data":"{}"}}"#,
        seal_body(&key, SECRET.as_bytes())
    );
    let left = left_by(|| {
        let session = answer::login(200, body.as_bytes(), &key).unwrap().value;
        assert!(session.expose() == SECRET);
    });
    assert_eq!(left, 0);
}
