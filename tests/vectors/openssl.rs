//! The openssl program, an independent implementation.

use std::io::{ErrorKind, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Decrypts one RSA block with the private key `name.pem` of the fixtures.
pub fn rsa_decrypt(name: &str, block: &[u8]) -> Vec<u8> {
    let key: PathBuf = [env!("CARGO_MANIFEST_DIR"), "tests/fixtures/vectors", name]
        .iter()
        .collect();
    let key = key.with_extension("pem");
    let key = key.to_str().expect("a path in UTF-8");
    let padding = "rsa_padding_mode:pkcs1";
    openssl(
        &["pkeyutl", "-decrypt", "-inkey", key, "-pkeyopt", padding],
        block,
    )
}

/// Encrypts with AES-128-CBC and PKCS#7; key ‖ vector are given as in a header's `Keys`.
pub fn aes_encrypt(keys: &[u8], text: &[u8]) -> Vec<u8> {
    aes("-e", keys, text)
}

/// Decrypts the output of [`aes_encrypt`] and checks its padding.
pub fn aes_decrypt(keys: &[u8], sealed: &[u8]) -> Vec<u8> {
    aes("-d", keys, sealed)
}

fn aes(direction: &str, keys: &[u8], input: &[u8]) -> Vec<u8> {
    let [key, iv] = [&keys[..16], &keys[16..]].map(hex);
    openssl(
        &["enc", "-aes-128-cbc", direction, "-K", &key, "-iv", &iv],
        input,
    )
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn openssl(arguments: &[&str], input: &[u8]) -> Vec<u8> {
    let started = Command::new("openssl")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = match started {
        Ok(child) => child,
        Err(error) if error.kind() == ErrorKind::NotFound => panic!(
            "The openssl program is not installed. It checks what the console encrypts: install \
             the package `openssl` (apt-get install openssl, or brew install openssl)."
        ),
        Err(error) => panic!("The openssl program does not start: {error}"),
    };
    // All inputs fit into a pipe, so writing first cannot block.
    child
        .stdin
        .take()
        .expect("a pipe")
        .write_all(input)
        .expect("openssl reads its input");
    let output = child.wait_with_output().expect("openssl ends");
    assert!(
        output.status.success(),
        "openssl {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    output.stdout
}
