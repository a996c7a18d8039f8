//! Faults of another service than the product, in words: it is named, and the server URL is not blamed.

use super::{fault, time};
use crate::model::fault::{Fault, Service};
use crate::model::lang::Lang;

/// The service's name.
pub fn name(service: Service) -> &'static str {
    match service {
        Service::Entra => "Microsoft Entra",
        Service::ResourceManager => "Azure Resource Manager",
        Service::Ingestion => "Azure Monitor Logs Ingestion",
        Service::LogQuery => "Log Analytics",
    }
}

/// What happened.
pub fn summary(lang: Lang, service: Service, inner: &Fault) -> String {
    let named = name(service);
    match (inner, inner.host()) {
        (Fault::PartnerError { status, .. }, _) => answered(lang, named, *status),
        (Fault::RateLimited { retry_after_seconds, .. }, _) => {
            throttled(lang, named, &time::span(lang, *retry_after_seconds))
        }
        (_, Some(host)) if inner.is_unreachable() => unreachable(lang, named, host),
        _ => format!("{named}: {}", fault::summary(lang, inner)),
    }
}

/// The likely cause.
pub fn cause(lang: Lang, service: Service, inner: &Fault) -> String {
    if matches!(inner, Fault::RateLimited { .. }) {
        return match service {
            Service::Ingestion => rule_is_limited(lang).to_owned(),
            Service::LogQuery => queries_are_limited(lang).to_owned(),
            Service::Entra | Service::ResourceManager => many_requests(lang).to_owned(),
        };
    }
    if !inner.is_unreachable() {
        return fault::cause(lang, inner);
    }
    let seen = match inner {
        Fault::TlsRefused { .. } => format!("{}. {}", fault::summary(lang, inner), fault::cause(lang, inner)),
        Fault::ConnectionLost { .. } => fault::cause(lang, inner),
        _ => format!("{}.", fault::summary(lang, inner)),
    };
    let not_the_url = match service {
        Service::Entra => entra_is_asked(lang),
        Service::ResourceManager => azure_is_asked(lang),
        Service::Ingestion => rows_are_sent(lang),
        Service::LogQuery => rows_are_queried(lang),
    };
    format!("{seen} {not_the_url}")
}

/// What to do next.
pub fn remedy(lang: Lang, service: Service, inner: &Fault) -> String {
    let host = inner.host().unwrap_or_default();
    match (service, inner) {
        (_, Fault::RateLimited { .. }) => goes_on(lang).to_owned(),
        (_, Fault::PartnerError { .. } | Fault::Unavailable { .. }) => later(lang, name(service)),
        (Service::Entra, Fault::TlsRefused { problem, .. }) => super::tls::remedy(lang, problem).to_owned(),
        (Service::Entra, _) => open_entra(lang, host),
        (Service::ResourceManager | Service::Ingestion | Service::LogQuery, _) => open_azure(lang, host),
    }
}

crate::texts! {
    unreachable(service: &str, host: &str), "This machine cannot reach {service} ({host})", "Deze machine kan {service} niet bereiken ({host})";
    answered(service: &str, status: u16), "{service} answered with error {status}", "{service} antwoordde met fout {status}";
    throttled(service: &str, span: &str), "{service} asks to wait {span}", "{service} vraagt {span} te wachten";
    rule_is_limited, "A data collection rule takes at most 2 GB and 12,000 requests a minute.", "Een regel voor gegevensverzameling neemt hoogstens 2 GB en 12.000 verzoeken per minuut aan.";
    queries_are_limited, "Log Analytics takes 5 queries of one user at a time, and 200 in 30 seconds.", "Log Analytics neemt 5 query's van één gebruiker tegelijk aan, en 200 in 30 seconden.";
    many_requests, "Too many requests came at once from this sign-in.", "Er kwamen te veel verzoeken tegelijk van deze aanmelding.";
    goes_on, "Nothing is lost; itsmc goes on by itself after that. Close other programs that use the same sign-in if it happens often.", "Er gaat niets verloren; itsmc gaat daarna vanzelf verder. Sluit andere programma's met dezelfde aanmelding als dit vaak gebeurt.";
    rows_are_sent, "itsmc sends rows there; the workspace is not the cause.", "itsmc verstuurt daar rijen heen; de werkruimte is niet de oorzaak.";
    rows_are_queried, "itsmc queries the workspace there.", "itsmc bevraagt daar de werkruimte.";
    entra_is_asked, "itsmc signs in there; the server URL is not the cause.", "itsmc meldt zich daar aan; de server-URL is niet de oorzaak.";
    azure_is_asked, "Azure resources are looked up there; the server URL is not the cause.", "Azure-resources worden daar opgezocht; de server-URL is niet de oorzaak.";
    later(service: &str), "Try again later. If it keeps failing, see the service health of {service} in the Azure portal.", "Probeer het later opnieuw. Blijft het zo, bekijk dan de servicestatus van {service} in de Azure-portal.";
    open_entra(host: &str), "Make the firewall or proxy allow https to {host} ('itsmc doctor' shows the proxy in use). If your tenant is in another cloud, change the field Authority. Then test again.", "Laat de firewall of proxy https naar {host} toe ('itsmc doctor' toont de gebruikte proxy). Staat uw tenant in een andere cloud, wijzig dan het veld Autoriteit. Test daarna opnieuw.";
    open_azure(host: &str), "Make the firewall or proxy allow https to {host} ('itsmc doctor' shows the proxy in use), then try again.", "Laat de firewall of proxy https naar {host} toe ('itsmc doctor' toont de gebruikte proxy) en probeer het opnieuw.";
}
