//! Certificates, and requests over TLS.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use super::Folder;
use super::answer::HOST;

/// A certificate and its key.
pub struct Certificate {
    /// The host name of the certificate.
    pub name: &'static str,
    pub certificate: PathBuf,
    pub key: PathBuf,
}

/// Creates a certificate with OpenSSL, self-signed or signed by another.
pub fn certificate(
    folder: &Folder,
    name: &'static str,
    signer: Option<&Certificate>,
) -> Certificate {
    let made = Certificate {
        name,
        certificate: folder.path().join(format!("{name}.pem")),
        key: folder.path().join(format!("{name}.key")),
    };
    let mut openssl = Command::new("openssl");
    openssl
        .args(["req", "-x509", "-days", "2", "-nodes", "-newkey", "ec"])
        .args(["-pkeyopt", "ec_paramgen_curve:prime256v1"])
        .args(["-subj", &format!("/CN={name}")])
        .args(["-addext", &format!("subjectAltName=DNS:{name}")])
        .arg("-keyout")
        .arg(&made.key)
        .arg("-out")
        .arg(&made.certificate);
    if let Some(signer) = signer {
        openssl.arg("-CA").arg(&signer.certificate);
        openssl.arg("-CAkey").arg(&signer.key);
        openssl.args(["-addext", "basicConstraints=critical,CA:FALSE"]);
    }
    let output = openssl.output().expect("openssl runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    made
}

/// Returns the output of OpenSSL's client for a TLS connection on which it offers HTTP/2 and
/// HTTP/1.1, sends these bytes, and reads until the server closes.
pub fn by_tls(server: SocketAddr, request: &str) -> String {
    let mut client = Command::new("openssl")
        .args(["s_client", "-ign_eof", "-alpn", "h2,http/1.1"])
        .args(["-servername", HOST, "-connect", &server.to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("openssl runs");
    let mut input = client.stdin.take().expect("piped");
    input.write_all(request.as_bytes()).expect("a request");
    let output = client.wait_with_output().expect("openssl ends");
    String::from_utf8_lossy(&output.stdout).into_owned()
}
