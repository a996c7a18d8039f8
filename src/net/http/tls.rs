//! What TLS trusts: the platform's own certificates and those of a file.

use std::path::Path;
use std::sync::Arc;

use rustls::crypto::CryptoProvider;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::Verifier;

use crate::model::fault::Fault;

/// A TLS set-up that trusts the platform's certificates and those of `ca_file`. Where no TLS is needed
/// (loopback), a machine without certificates will do.
///
/// # Errors
/// [`Fault::NoTrustRoots`] if the machine has no CA certificates, [`Fault::FileProblem`] for the file.
pub fn client_config(needed: bool, ca_file: Option<&Path>) -> Result<ClientConfig, Fault> {
    let provider = provider();
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| Fault::Internal { what: error.to_string() })?;
    if !needed {
        return Ok(builder.with_root_certificates(RootCertStore::empty()).with_no_client_auth());
    }
    let extra = ca_file.map(certificates).transpose()?.unwrap_or_default();
    let verifier = Verifier::new_with_extra_roots(extra, provider).map_err(|error| no_roots(&error))?;
    Ok(builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier)).with_no_client_auth())
}

/// The process's TLS implementation: `ring`, unless one was installed before.
fn provider() -> Arc<CryptoProvider> {
    if CryptoProvider::get_default().is_none() {
        // Another thread may have been faster: then its choice stands.
        let _ = rustls::crypto::ring::default_provider().install_default();
    }
    CryptoProvider::get_default().map_or_else(|| Arc::new(rustls::crypto::ring::default_provider()), Arc::clone)
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, Fault> {
    let bytes = std::fs::read(path).map_err(|error| Fault::from_io(path, &error))?;
    let problem = |reason: String| Fault::FileProblem { path: path.display().to_string(), reason };
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
        assert!(client_config(false, Some(Path::new("/nowhere"))).is_ok());
    }

    #[test]
    fn a_ca_file_is_named_when_it_is_missing_or_holds_none() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("ca.pem");
        assert!(matches!(client_config(true, Some(&path)), Err(Fault::FileProblem { .. })));
        std::fs::write(&path, "not a certificate").unwrap();
        let Err(Fault::FileProblem { reason, .. }) = client_config(true, Some(&path)) else { panic!() };
        assert_eq!(reason, "no certificate in PEM form");
    }

    #[test]
    fn a_machine_without_certificates_is_told_so() {
        let error = rustls::Error::General("No CA certificates were loaded from the system".into());
        assert!(matches!(no_roots(&error), Fault::NoTrustRoots { .. }));
    }
}
