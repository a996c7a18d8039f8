//! The certificates that TLS trusts: the platform's own and those of a file.

use std::io::Read;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use rustls_platform_verifier::Verifier;

use crate::files;
use crate::model::certificate::Certificate;
use crate::model::fault::Fault;
use crate::net::certificate;

/// The largest file of certificates; all public CA certificates together take less than a tenth.
const MOST_BYTES: u64 = 4 << 20;

/// A TLS set-up that trusts the platform's certificates and those of `ca_file`. Where no TLS is needed
/// (loopback), a machine without certificates will do.
///
/// # Errors
/// [`Fault::NoTrustRoots`] if the machine has no CA certificates, [`Fault::FileProblem`] for the file.
pub fn client_config(needed: bool, ca_file: Option<&Path>, shown: &Shown) -> Result<ClientConfig, Fault> {
    let provider = provider();
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| Fault::Internal { what: error.to_string() })?;
    if !needed {
        return Ok(builder.with_root_certificates(RootCertStore::empty()).with_no_client_auth());
    }
    let extra = ca_file.map(certificates).transpose()?.unwrap_or_default();
    let verifier = Verifier::new_with_extra_roots(extra, provider).map_err(|error| no_roots(&error))?;
    let verifier = Remembering { verifier, shown: shown.clone() };
    Ok(builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier)).with_no_client_auth())
}

/// The last refused certificate, kept so that a fault can show it.
#[derive(Debug, Clone, Default)]
pub struct Shown(Arc<Mutex<Option<Certificate>>>);

impl Shown {
    /// The certificate, if one was refused.
    pub fn last(&self) -> Option<Certificate> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn keep(&self, der: &[u8]) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(certificate::read(der));
    }
}

/// The platform's verifier decides alone; this remembers the certificate that it refuses.
#[derive(Debug)]
struct Remembering {
    verifier: Verifier,
    shown: Shown,
}

impl ServerCertVerifier for Remembering {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let verified = self.verifier.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
        if verified.is_err() {
            self.shown.keep(end_entity);
        }
        verified
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.verifier.verify_tls12_signature(message, cert, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.verifier.verify_tls13_signature(message, cert, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.verifier.supported_verify_schemes()
    }
}

/// The process's TLS implementation: `ring`, unless one was installed before.
fn provider() -> Arc<CryptoProvider> {
    if CryptoProvider::get_default().is_none() {
        // Another thread may have been faster; its choice is kept.
        let _ = rustls::crypto::ring::default_provider().install_default();
    }
    CryptoProvider::get_default().map_or_else(|| Arc::new(rustls::crypto::ring::default_provider()), Arc::clone)
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, Fault> {
    let problem = |reason: String| Fault::FileProblem { path: path.display().to_string(), reason };
    // A pipe or a device may never end. A pipe is refused as well: the file is read for each client that is made.
    let mut bytes = Vec::new();
    let file = files::open_linked(path)?;
    file.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(|error| Fault::from_io(path, &error))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(problem(format!("larger than {} MiB", MOST_BYTES >> 20)));
    }
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&bytes).collect();
    match found {
        Ok(found) if found.is_empty() => Err(problem("no certificate in PEM form".into())),
        Ok(found) => Ok(found),
        Err(error) => Err(problem(error.to_string())),
    }
}

fn no_roots(error: &rustls::Error) -> Fault {
    Fault::NoTrustRoots { detail: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_needs_no_certificates_at_all() {
        assert!(client_config(false, Some(Path::new("/nowhere")), &Shown::default()).is_ok());
    }

    #[test]
    fn a_ca_file_is_named_when_it_is_missing_or_holds_none() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("ca.pem");
        assert!(matches!(client_config(true, Some(&path), &Shown::default()), Err(Fault::FileProblem { .. })));
        std::fs::write(&path, "not a certificate").unwrap();
        let Err(Fault::FileProblem { reason, .. }) = client_config(true, Some(&path), &Shown::default()) else {
            panic!()
        };
        assert_eq!(reason, "no certificate in PEM form");
    }

    #[cfg(unix)]
    #[test]
    fn a_ca_file_that_is_no_file_or_never_ends_is_refused_at_once() {
        let dir = tempfile::tempdir().unwrap();
        let pipe = dir.path().join("pipe");
        rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, rustix::fs::Mode::RWXU, 0).unwrap();
        for path in [pipe.as_path(), Path::new("/dev/zero"), dir.path()] {
            let refused = client_config(true, Some(path), &Shown::default());
            assert!(matches!(refused, Err(Fault::NotAFile { .. })), "{path:?}");
        }
        let huge = dir.path().join("huge.pem");
        std::fs::File::create(&huge).unwrap().set_len(MOST_BYTES + 1).unwrap();
        let Err(Fault::FileProblem { reason, .. }) = client_config(true, Some(&huge), &Shown::default()) else {
            panic!()
        };
        assert_eq!(reason, "larger than 4 MiB");
    }

    #[test]
    fn a_machine_without_certificates_is_told_so() {
        let error = rustls::Error::General("No CA certificates were loaded from the system".into());
        assert!(matches!(no_roots(&error), Fault::NoTrustRoots { .. }));
    }
}
