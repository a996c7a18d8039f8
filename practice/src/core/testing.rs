//! A plain HTTP client that knows nothing of ours, for the tests.

/// It follows no redirect, uses no proxy and trusts nobody: practice servers have no TLS.
pub(crate) fn client() -> reqwest::Client {
    // Another test may have installed it already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let trust = rustls::ClientConfig::builder().with_root_certificates(rustls::RootCertStore::empty());
    let builder = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
    builder.tls_backend_preconfigured(trust.with_no_client_auth()).build().unwrap()
}
