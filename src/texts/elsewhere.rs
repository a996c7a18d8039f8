//! Faults of another service than the product, in words: it is named, and the server URL is not blamed.

use super::fault;
use crate::model::fault::{Fault, Service};
use crate::model::lang::Lang;

/// The service's name.
pub fn name(service: Service) -> &'static str {
    match service {
        Service::Entra => "Microsoft Entra",
        Service::ResourceManager => "Azure Resource Manager",
    }
}

/// What happened.
pub fn summary(lang: Lang, service: Service, inner: &Fault) -> String {
    let named = name(service);
    match (inner, inner.host()) {
        (Fault::PartnerError { status, .. }, _) => answered(lang, named, *status),
        (_, Some(host)) if inner.is_unreachable() => unreachable(lang, named, host),
        _ => format!("{named}: {}", fault::summary(lang, inner)),
    }
}

/// The likely cause.
pub fn cause(lang: Lang, service: Service, inner: &Fault) -> String {
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
    };
    format!("{seen} {not_the_url}")
}

/// What to do next.
pub fn remedy(lang: Lang, service: Service, inner: &Fault) -> String {
    let host = inner.host().unwrap_or_default();
    match (service, inner) {
        (_, Fault::PartnerError { .. } | Fault::Unavailable { .. }) => later(lang, name(service)),
        (Service::Entra, Fault::TlsRefused { problem, .. }) => super::tls::remedy(lang, problem).to_owned(),
        (Service::Entra, _) => open_entra(lang, host),
        (Service::ResourceManager, _) => open_azure(lang, host),
    }
}

crate::texts! {
    unreachable(service: &str, host: &str), "This machine cannot reach {service} ({host})", "Deze machine kan {service} niet bereiken ({host})";
    answered(service: &str, status: u16), "{service} answered with error {status}", "{service} antwoordde met fout {status}";
    entra_is_asked, "itsmc signs in there; the server URL is not the cause.", "itsmc meldt zich daar aan; de server-URL is niet de oorzaak.";
    azure_is_asked, "Azure resources are looked up there; the server URL is not the cause.", "Azure-resources worden daar opgezocht; de server-URL is niet de oorzaak.";
    later(service: &str), "Try again later. If it keeps failing, see the service health of {service} in the Azure portal.", "Probeer het later opnieuw. Blijft het zo, bekijk dan de servicestatus van {service} in de Azure-portal.";
    open_entra(host: &str), "Make the firewall or proxy allow https to {host} ('itsmc doctor' shows the proxy in use). If your tenant is in another cloud, change the field Authority. Then test again.", "Laat de firewall of proxy https naar {host} toe ('itsmc doctor' toont de gebruikte proxy). Staat uw tenant in een andere cloud, wijzig dan het veld Autoriteit. Test daarna opnieuw.";
    open_azure(host: &str), "Make the firewall or proxy allow https to {host} ('itsmc doctor' shows the proxy in use), then try again.", "Laat de firewall of proxy https naar {host} toe ('itsmc doctor' toont de gebruikte proxy) en probeer het opnieuw.";
}
