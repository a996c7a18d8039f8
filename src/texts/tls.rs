//! Certificates that were refused, in words.

use super::time;
use crate::model::certificate::{Certificate, TlsProblem};
use crate::model::lang::Lang;

/// What happened.
pub fn summary(lang: Lang, host: &str, problem: &TlsProblem) -> String {
    match problem {
        TlsProblem::NotTls => not_tls(lang, host),
        TlsProblem::NothingInCommon => nothing_in_common(lang, host),
        TlsProblem::Expired => expired(lang, host),
        TlsProblem::NotValidYet => not_valid_yet(lang, host),
        TlsProblem::OtherName => other_name(lang, host),
        TlsProblem::UnknownIssuer => unknown_issuer(lang, host),
        TlsProblem::SelfSigned => self_signed(lang, host),
        TlsProblem::BadSignature => bad_signature(lang, host),
        TlsProblem::Revoked => revoked(lang, host),
        TlsProblem::Other { .. } | TlsProblem::Unknown => other(lang, host),
    }
}

/// What is known of the certificate.
pub fn cause(lang: Lang, problem: &TlsProblem, certificate: Option<&Certificate>) -> String {
    let detail = match problem {
        TlsProblem::Other { detail } if !detail.is_empty() => Some(format!("{detail}.")),
        TlsProblem::NotTls => Some(speaks_no_tls(lang).to_owned()),
        TlsProblem::NothingInCommon => Some(needs_tls(lang).to_owned()),
        _ => None,
    };
    let seen = certificate.map(|certificate| described(lang, certificate));
    let all: Vec<_> = detail.into_iter().chain(seen).collect();
    if all.is_empty() { no_certificate(lang).to_owned() } else { all.join(" ") }
}

/// What to do.
pub fn remedy(lang: Lang, problem: &TlsProblem) -> &'static str {
    match problem {
        TlsProblem::NotTls => do_port(lang),
        TlsProblem::NothingInCommon => do_version(lang),
        TlsProblem::Expired => do_expired(lang),
        TlsProblem::NotValidYet => do_clock(lang),
        TlsProblem::OtherName => do_name(lang),
        TlsProblem::SelfSigned => do_self_signed(lang),
        TlsProblem::Revoked | TlsProblem::BadSignature => do_not_connect(lang),
        TlsProblem::UnknownIssuer | TlsProblem::Other { .. } | TlsProblem::Unknown => do_issuer(lang),
    }
}

/// A certificate in one line: whom it names, who issued it, from when until when, its fingerprint.
fn described(lang: Lang, certificate: &Certificate) -> String {
    let unknown = || unnamed(lang).to_owned();
    let day = |at: Option<jiff::Timestamp>| at.map_or_else(unknown, |at| time::date(lang, at));
    let subject = certificate.subject.clone().unwrap_or_else(unknown);
    let issuer = certificate.issuer.clone().unwrap_or_else(unknown);
    let names = match certificate.names.as_slice() {
        [] => String::new(),
        names if names.len() > MOST_NAMES => {
            format!("{} (+{})", names[..MOST_NAMES].join(", "), names.len() - MOST_NAMES)
        }
        names => names.join(", "),
    };
    let hosts = if names.is_empty() { String::new() } else { for_hosts(lang, &names) };
    let (begins, expires) = (day(certificate.begins), day(certificate.expires));
    whole(lang, &subject, &hosts, &issuer, &begins, &expires, &certificate.sha256)
}

/// A certificate may name hundreds of hosts.
const MOST_NAMES: usize = 4;

crate::texts! {
    not_tls(host: &str), "{host} does not speak TLS on this port", "{host} spreekt geen TLS op deze poort";
    nothing_in_common(host: &str), "{host} offers no TLS version or cipher that is safe today", "{host} biedt geen TLS-versie of versleuteling die nu nog veilig is";
    expired(host: &str), "The certificate of {host} has expired", "Het certificaat van {host} is verlopen";
    not_valid_yet(host: &str), "The certificate of {host} is not valid yet", "Het certificaat van {host} is nog niet geldig";
    other_name(host: &str), "The certificate is for another name than {host}", "Het certificaat is voor een andere naam dan {host}";
    unknown_issuer(host: &str), "The issuer of the certificate of {host} is not trusted on this machine", "De uitgever van het certificaat van {host} wordt op deze machine niet vertrouwd";
    self_signed(host: &str), "The certificate of {host} is self-signed", "Het certificaat van {host} is zelfondertekend";
    bad_signature(host: &str), "The certificate of {host} is not signed by the issuer it names", "Het certificaat van {host} is niet ondertekend door de uitgever die het noemt";
    revoked(host: &str), "The certificate of {host} was revoked", "Het certificaat van {host} is ingetrokken";
    other(host: &str), "No secure connection to {host}", "Geen beveiligde verbinding met {host}";
    speaks_no_tls, "The reply is not TLS. The port is for plain HTTP, or another service listens there.", "Het antwoord is geen TLS. De poort is voor gewone HTTP, of er luistert een andere dienst.";
    needs_tls, "TLS 1.2 or newer is needed.", "TLS 1.2 of nieuwer is nodig.";
    no_certificate, "The server sent no readable certificate.", "De server stuurde geen leesbaar certificaat.";
    for_hosts(names: &str), " for {names}", " voor {names}";
    whole(subject: &str, hosts: &str, issuer: &str, begins: &str, expires: &str, sha256: &str),
        "Certificate of {subject}{hosts}; issued by {issuer}; valid from {begins} to {expires}; SHA-256 {sha256}.",
        "Certificaat van {subject}{hosts}; uitgegeven door {issuer}; geldig van {begins} tot {expires}; SHA-256 {sha256}.";
    unnamed, "unknown", "onbekend";
    do_port, "Check the port in the server URL; without a port it is 443.", "Controleer de poort in de server-URL; zonder poort is het 443.";
    do_version, "Ask the admin of the server to switch on TLS 1.2 or 1.3.", "Vraag de beheerder van de server om TLS 1.2 of 1.3 in te schakelen.";
    do_expired, "Ask the admin of the server to renew the certificate. If this machine's date is wrong, correct the clock first.", "Vraag de beheerder van de server om het certificaat te vernieuwen. Klopt de datum van deze machine niet, zet dan eerst de klok goed.";
    do_clock, "Check the date and time of this machine; if they are right, ask the admin of the server.", "Controleer datum en tijd van deze machine; kloppen die, vraag het dan aan de beheerder van de server.";
    do_name, "Enter one of the names in the certificate as the server URL, if it is the right server. Otherwise ask its admin for a certificate with this name.", "Vul een van de namen in het certificaat in als server-URL, als het de juiste server is. Vraag de beheerder anders om een certificaat met deze naam.";
    do_issuer, "If a proxy of your organisation inspects the traffic, or your organisation has a CA of its own, get its CA certificate as a PEM file and start itsmc with --ca-file FILE. Otherwise do not connect: someone may be intercepting the traffic.", "Als een proxy van uw organisatie het verkeer inspecteert, of uw organisatie een eigen CA heeft, haal dan het CA-certificaat daarvan op als PEM-bestand en start itsmc met --ca-file BESTAND. Maak anders geen verbinding: iemand kan het verkeer onderscheppen.";
    do_self_signed, "Ask the admin of the server for a certificate that a CA has issued; give a CA of your own with --ca-file FILE. Compare the fingerprint with the admin's before you trust it.", "Vraag de beheerder van de server om een certificaat dat een CA heeft uitgegeven; een eigen CA geeft u op met --ca-file BESTAND. Vergelijk de vingerafdruk met die van de beheerder voor u het vertrouwt.";
    do_not_connect, "Do not connect: someone may be intercepting the traffic. Ask the admin of the server, and compare the fingerprint.", "Maak geen verbinding: iemand kan het verkeer onderscheppen. Vraag de beheerder van de server, en vergelijk de vingerafdruk.";
}
