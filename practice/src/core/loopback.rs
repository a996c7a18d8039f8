//! Requests that name another host than this machine are refused: a page in a browser could have its own name resolve to
//! 127.0.0.1 and read the practice tokens (DNS rebinding).

use std::net::IpAddr;

use axum::extract::Request;
use axum::http::header::HOST;
use axum::http::{StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Lets a request through whose `Host` header, and whose address where it is written out, name this machine.
pub(crate) async fn only(request: Request, next: Next) -> Response {
    let hosts = request.headers().get_all(HOST);
    let named = |value: &axum::http::HeaderValue| value.to_str().is_ok_and(is_this_machine);
    let is_ours = hosts.iter().next().is_some() && hosts.iter().all(named);
    let is_addressed = request.uri().authority().is_none_or(|authority| is_this_machine(authority.as_str()));
    if is_ours && is_addressed {
        return next.run(request).await;
    }
    (StatusCode::MISDIRECTED_REQUEST, "a practice server answers to 127.0.0.1, [::1] and localhost only")
        .into_response()
}

/// Whether a host with or without a port is this machine by name (RFC 6761, 6.3) or address.
fn is_this_machine(text: &str) -> bool {
    if text.contains('@') {
        return false;
    }
    let Ok(uri) = text.parse::<Uri>() else { return false };
    let host = uri.host().unwrap_or_default().trim_end_matches('.').to_ascii_lowercase();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || host.ends_with(".localhost") || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::is_this_machine;

    #[test]
    fn s21_only_names_of_this_machine_are_answered() {
        for ours in [
            "127.0.0.1",
            "127.0.0.1:8080",
            "[::1]:1",
            "[::1]",
            "localhost",
            "LOCALHOST:80",
            "a.localhost:9",
            "127.9.9.9",
        ] {
            assert!(is_this_machine(ours), "{ours}");
        }
        for other in [
            "",
            "evil.example",
            "evil.example:80",
            "127.0.0.1.evil.example",
            "localhost.evil.example",
            "mylocalhost",
            "10.0.0.1:80",
            "[fe80::1]",
            "0.0.0.0",
            "evil.example@127.0.0.1",
            "a b",
            "127.0.0.1/evil",
        ] {
            assert!(!is_this_machine(other), "{other}");
        }
    }
}
