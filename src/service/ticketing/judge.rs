//! What a failed write means for whether it was carried out.

use crate::model::fault::{Fault, Retry};

/// What is known of a write after a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Certainty {
    /// It was not carried out, and may be sent again.
    NotSent,
    /// The product refused it, and would again.
    Refused,
    /// It may have been carried out.
    Maybe,
    /// The product took it, and it was not seen there yet.
    Taken,
}

/// Judges the fault of a write.
pub fn certainty(fault: &Fault) -> Certainty {
    match fault {
        // Whatever it was that kept it from being read back.
        Fault::NotReadBack { .. } => Certainty::Taken,
        Fault::Elsewhere { fault, .. } => certainty(fault),
        // No connection was made, the request was turned away before it was looked at, or nothing left at all.
        Fault::NameNotFound { .. }
        | Fault::ConnectionRefused { .. }
        | Fault::TlsRefused { .. }
        | Fault::NoTrustRoots { .. }
        | Fault::ProxyFailed { .. }
        | Fault::ProxyUnreadable { .. }
        | Fault::RateLimited { .. }
        | Fault::NotAuthenticated { .. }
        | Fault::Hibernating { .. }
        | Fault::Locked { .. } => Certainty::NotSent,
        fault if fault.needs_sign_in() => Certainty::NotSent,
        // Cherwell tells of its database's troubles as of errors in the request.
        Fault::PartnerRefused { detail, .. } if is_passing(detail) => Certainty::Maybe,
        // A gateway or a proxy that did not wait, or a product that is not ready: nobody has refused the ticket.
        Fault::PartnerError { status: 407 | 408 | 421 | 423 | 425, .. } => Certainty::Maybe,
        Fault::PartnerError { status: 400..=499, .. } => Certainty::Refused,
        Fault::PartnerError { .. } => Certainty::Maybe,
        Fault::TimedOut { .. }
        | Fault::ConnectionLost { .. }
        | Fault::PartnerTimedOut { .. }
        | Fault::Unavailable { .. }
        | Fault::Malformed { .. }
        | Fault::Truncated { .. }
        | Fault::NotJson { .. }
        | Fault::NotTheProduct { .. }
        | Fault::LoginPage { .. }
        | Fault::Redirected { .. }
        | Fault::TooLarge { .. }
        | Fault::ProductUnreachable { .. }
        | Fault::Internal { .. }
        | Fault::Interrupted => Certainty::Maybe,
        fault if fault.retry() != Retry::No => Certainty::Maybe,
        _ => Certainty::Refused,
    }
}

/// Whether an error's text tells of what passes by itself.
fn is_passing(detail: &str) -> bool {
    let detail = detail.to_ascii_lowercase();
    ["timeout expired", "timed out", "deadlock"].iter().any(|sign| detail.contains(sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_surely_did_not_happen_is_sent_again_unseen() {
        let error =
            |status| Fault::PartnerError { status, message: String::new(), detail: String::new(), transaction: None };
        let of = |fault: Fault| certainty(&fault);
        assert_eq!(of(Fault::ConnectionRefused { address: "h:443".into() }), Certainty::NotSent);
        assert_eq!(of(Fault::RateLimited { retry_after_seconds: 3, limit: None, rule: None }), Certainty::NotSent);
        assert_eq!(of(Fault::SignedOut { connection: "c".into() }), Certainty::NotSent);
        assert_eq!(of(Fault::TimedOut { host: "h".into(), seconds: 65 }), Certainty::Maybe);
        assert_eq!(of(Fault::ConnectionLost { host: "h".into(), detail: "d".into() }), Certainty::Maybe);
        assert_eq!(of(error(500)), Certainty::Maybe);
        assert_eq!(of(error(400)), Certainty::Refused);
        for status in [407, 408, 421, 423, 425] {
            assert_eq!(of(error(status)), Certainty::Maybe, "{status}");
        }
        let refused = |detail: &str| Fault::PartnerRefused {
            what: "Incident".into(),
            error_code: "GENERALFAILURE".into(),
            detail: detail.into(),
        };
        assert_eq!(of(refused("Timeout expired.")), Certainty::Maybe);
        assert_eq!(of(refused("Priority is a required field")), Certainty::Refused);
        let limited = Fault::RateLimited { retry_after_seconds: 3, limit: None, rule: None };
        assert_eq!(of(limited.after_write()), Certainty::Taken, "the limit met the reading, not the write");
        assert_eq!(of(Fault::Forbidden { what: "incident".into(), detail: "d".into() }), Certainty::Refused);
        assert_eq!(of(Fault::NotApplied { what: "incident".into(), detail: "d".into() }), Certainty::Refused);
    }
}
