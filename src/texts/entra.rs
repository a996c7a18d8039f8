//! What Microsoft Entra's AADSTS codes mean for whoever connects (documented at
//! <https://learn.microsoft.com/entra/identity-platform/reference-error-codes>). The codes may change, so they only
//! give hints.

use super::fault;
use crate::model::fault::{Account, Fault};
use crate::model::lang::Lang;
use crate::model::workspace::AzureSignIn;

/// The likely cause; of a code that is not known, what Entra said.
pub fn cause(lang: Lang, aadsts: Option<u32>, detail: &str) -> String {
    let Some(code) = aadsts else { return unknown(lang, detail) };
    let known = match code {
        50_126 => wrong_password(lang),
        50_034 => no_such_user(lang),
        50_053 => locked(lang),
        50_055 | 50_144 => password_expired(lang),
        50_057 => disabled(lang),
        50_072 | 50_074 | 50_076 | 50_079 => mfa(lang),
        50_105 => not_assigned(lang),
        50_196 => looping(lang),
        53_003 => conditional_access(lang),
        65_001 => no_consent(lang),
        500_011 | 50_001 => wrong_audience(lang),
        700_016 => wrong_client(lang),
        7_000_215 => wrong_secret(lang),
        7_000_222 => secret_expired(lang),
        7_000_218 => secret_needed(lang),
        90_002 | 50_059 => wrong_tenant(lang),
        _ => return format!("AADSTS{code}: {}", unknown(lang, detail)),
    };
    format!("AADSTS{code}: {known}")
}

/// What to do next.
pub fn remedy(lang: Lang, aadsts: Option<u32>) -> &'static str {
    match aadsts {
        Some(50_126 | 50_034) => do_password(lang),
        Some(50_053) => do_wait(lang),
        Some(50_055 | 50_144 | 50_057) => do_account(lang),
        Some(50_072 | 50_074 | 50_076 | 50_079 | 53_003) => do_client_credentials(lang),
        Some(50_105 | 65_001) => do_consent(lang),
        Some(50_196) => do_pause(lang),
        Some(500_011 | 50_001) => do_audience(lang),
        Some(700_016 | 90_002 | 50_059) => do_tenant(lang),
        Some(7_000_218) => do_secret_or_public(lang),
        Some(7_000_215 | 7_000_222) => do_secret(lang),
        _ => do_ask(lang),
    }
}

/// Whose sign-in is kept.
pub fn whose(lang: Lang, account: &Account) -> String {
    match account {
        Account::Workspace(name) => of_workspace(lang, name),
        Account::Source(name) => of_source(lang, name),
    }
}

/// Why a sign-in is refused that is kept, by its kind.
pub fn refused(lang: Lang, way: AzureSignIn, refusal: &Fault) -> String {
    match (refusal, way) {
        (Fault::SignInRefused { detail, .. }, AzureSignIn::DeviceCode) => person_revoked(lang, detail),
        (Fault::SignInRefused { detail, .. }, AzureSignIn::WorkloadIdentity) => federation_refused(lang, detail),
        (Fault::SignInRefused { detail, .. }, _) => application_revoked(lang, detail),
        (refusal, _) => fault::cause(lang, refusal),
    }
}

/// What to do about it, with the command that signs in again.
pub fn sign_in_again(lang: Lang, account: &Account, way: AzureSignIn, refusal: &Fault) -> String {
    let command = match account {
        Account::Workspace(name) => format!("itsmc workspace sign-in {name}"),
        Account::Source(name) => format!("itsmc alert source sign-in {name}"),
    };
    match (way, refusal) {
        (AzureSignIn::DeviceCode, Fault::SignInRefused { .. }) => again(lang, &command),
        (AzureSignIn::DeviceCode, refusal) => format!("{} {}", fault::remedy(lang, refusal), again(lang, &command)),
        (AzureSignIn::WorkloadIdentity, Fault::SignInRefused { .. }) => do_federation(lang).to_owned(),
        (AzureSignIn::ServicePrincipal, refusal)
            if refusal.is_about_client_secret() || matches!(refusal, Fault::SignInRefused { .. }) =>
        {
            format!("{} {}", do_secret(lang), enter_it(lang, &command))
        }
        (_, refusal) => fault::remedy(lang, refusal),
    }
}

/// The id by which Microsoft's support finds the attempt.
pub fn correlation(lang: Lang, id: Option<&str>) -> String {
    id.map(|id| correlation_id(lang, id)).unwrap_or_default()
}

crate::texts! {
    correlation_id(id: &str), " (correlation ID {id})", " (correlatie-ID {id})";
    unknown(detail: &str), "Entra said: {detail}", "Entra meldde: {detail}";
    wrong_password, "the user name or the password is wrong", "de gebruikersnaam of het wachtwoord klopt niet";
    no_such_user, "the user is not in this tenant", "de gebruiker bestaat niet in deze tenant";
    locked, "the account is locked, or sign-ins from this address are blocked", "het account is vergrendeld, of aanmeldingen vanaf dit adres zijn geblokkeerd";
    password_expired, "the password has expired", "het wachtwoord is verlopen";
    disabled, "the account is disabled", "het account is uitgeschakeld";
    mfa, "the account requires multi-factor authentication, which a password sign-in cannot do", "het account moet meervoudige verificatie doorlopen, wat met alleen een wachtwoord niet kan";
    not_assigned, "the user is not assigned to the application", "de gebruiker is niet aan de toepassing toegewezen";
    looping, "too many sign-ins in a short time", "te veel aanmeldingen in korte tijd";
    conditional_access, "a Conditional Access policy blocks this sign-in", "een beleid voor voorwaardelijke toegang blokkeert deze aanmelding";
    no_consent, "no admin has consented to the application's permissions", "geen beheerder heeft de machtigingen van de toepassing toegestaan";
    wrong_audience, "the audience is not known in this tenant", "de doelgroep (audience) is in deze tenant niet bekend";
    wrong_client, "the client ID is not known in this tenant", "de client-ID is in deze tenant niet bekend";
    wrong_secret, "the client secret is wrong; often the secret's ID was copied instead of its value", "het clientgeheim klopt niet; vaak is de ID van het geheim gekopieerd in plaats van de waarde";
    secret_expired, "the client secret has expired", "het clientgeheim is verlopen";
    secret_needed, "the application requires its secret, or public client flows are disabled", "de toepassing vereist een geheim, of openbare clientstromen staan uit";
    wrong_tenant, "the tenant does not exist", "de tenant bestaat niet";
    do_password, "Check user name, password and tenant. Do not keep retrying: too many attempts lock the account.", "Controleer gebruikersnaam, wachtwoord en tenant. Probeer het niet telkens opnieuw: te veel pogingen vergrendelen het account.";
    do_wait, "Stop retrying. Ask an admin to unlock the account in Microsoft Entra, then sign in once.", "Probeer het niet verder. Laat een beheerder het account ontgrendelen in Microsoft Entra en meld daarna een keer aan.";
    do_account, "Ask an admin to reset the password or enable the account in Microsoft Entra; then sign in again.", "Laat een beheerder het account in Microsoft Entra een nieuw wachtwoord geven of inschakelen; meld daarna opnieuw aan.";
    do_client_credentials, "Sign in with client credentials instead, which need neither user nor password; or exempt this account in the policy.", "Meld aan met clientreferenties, waarvoor geen gebruiker of wachtwoord nodig is; of zonder dit account uit in het beleid.";
    do_consent, "Let an admin of the tenant assign the user to the application and grant its permissions (Enterprise applications > Permissions).", "Laat een beheerder van de tenant de gebruiker aan de toepassing toewijzen en de machtigingen ervan toestaan (Bedrijfstoepassingen > Machtigingen).";
    do_pause, "Wait a few minutes, then sign in once.", "Wacht enkele minuten en meld dan een keer aan.";
    do_audience, "Check audience and tenant: the audience must be the application's Application ID URI, letter for letter.", "Controleer doelgroep en tenant: de doelgroep moet letter voor letter de URI van de toepassings-ID zijn.";
    do_tenant, "Check tenant and client ID: Microsoft Entra > App registrations > the application > Overview shows both.", "Controleer tenant en client-ID: Microsoft Entra > App-registraties > de toepassing > Overzicht toont beide.";
    do_secret, "Make a new secret: Microsoft Entra > App registrations > the application > Certificates & secrets; copy its value, not its ID.", "Maak een nieuw geheim: Microsoft Entra > App-registraties > de toepassing > Certificaten en geheimen; kopieer de waarde, niet de ID.";
    do_secret_or_public, "Enter the value of the application's secret; or allow public client flows: Microsoft Entra > App registrations > the application > Authentication.", "Vul de waarde van het geheim van de toepassing in; of sta openbare clientstromen toe: Microsoft Entra > App-registraties > de toepassing > Verificatie.";
    of_workspace(name: &str), "the workspace {name}", "de werkruimte {name}";
    of_source(name: &str), "the alert source {name}", "de meldingsbron {name}";
    person_revoked(detail: &str), "The sign-in of the person is not taken any more: the password was changed, the sign-in was revoked, or it was not used for too long (Entra said: {detail}).", "De aanmelding van de persoon wordt niet meer aangenomen: het wachtwoord is gewijzigd, de aanmelding is ingetrokken, of die is te lang niet gebruikt (Entra meldde: {detail}).";
    application_revoked(detail: &str), "The application's client secret is not taken any more, or its access was revoked. No person and no password is involved (Entra said: {detail}).", "Het clientgeheim van de toepassing wordt niet meer aangenomen, of de toegang ervan is ingetrokken. Er is geen persoon of wachtwoord bij betrokken (Entra meldde: {detail}).";
    federation_refused(detail: &str), "Entra does not take the platform's token for this application (it said: {detail}).", "Entra neemt het token van het platform niet aan voor deze toepassing (het meldde: {detail}).";
    do_federation, "Check the federated credential: Microsoft Entra > App registrations > the application > Certificates & secrets shows its issuer, subject and audience.", "Controleer de federatieve referentie: Microsoft Entra > App-registraties > de toepassing > Certificaten en geheimen toont de uitgever, het onderwerp en de doelgroep.";
    again(command: &str), "Sign in again: {command}", "Meld u opnieuw aan: {command}";
    enter_it(command: &str), "Then enter it: {command}", "Voer het daarna in: {command}";
    do_ask, "Look the code up at https://login.microsoftonline.com/error, or give the correlation ID to the tenant's admin.", "Zoek de code op bij https://login.microsoftonline.com/error, of geef de correlatie-ID aan de beheerder van de tenant.";
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A revoked grant (AADSTS50173) and an expired secret, by what the sign-in is kept for and by its kind.
    #[test]
    fn a_refused_sign_in_names_the_command_that_signs_in_again_and_blames_who_signs_in() {
        let host = || "login.microsoftonline.com".to_owned();
        let revoked = || Fault::SignInRefused { host: host(), detail: "AADSTS50173: the grant was revoked".into() };
        let expired = || Fault::SignInImpossible {
            host: host(),
            aadsts: Some(7_000_222),
            detail: String::new(),
            correlation_id: None,
        };
        let (law, prod) = (|| Account::Workspace("law".into()), || Account::Source("prod".into()));
        let principal = AzureSignIn::ServicePrincipal;
        for lang in [Lang::En, Lang::Nl] {
            for fault in [revoked(), expired()] {
                let told = fault::remedy(lang, &fault.clone().of_account(law(), principal));
                assert!(told.ends_with(": itsmc workspace sign-in law"), "{told}");
                let told = fault::remedy(lang, &fault.of_account(prod(), principal));
                assert!(told.ends_with(": itsmc alert source sign-in prod"), "{told}");
            }
            let told = fault::remedy(lang, &revoked().of_account(law(), AzureSignIn::DeviceCode));
            assert!(told.ends_with(": itsmc workspace sign-in law"), "{told}");
        }
        let cause = |way| fault::cause(Lang::En, &revoked().of_account(prod(), way));
        let told = cause(principal);
        assert!(told.contains("client secret") && !told.contains("user") && told.contains("AADSTS50173"), "{told}");
        let told = cause(AzureSignIn::DeviceCode);
        assert!(told.contains("the password was changed") && !told.contains("client secret"), "{told}");
    }

    #[test]
    fn a_known_code_is_explained_and_an_unknown_one_is_quoted() {
        assert!(cause(Lang::En, Some(7_000_215), "").starts_with("AADSTS7000215: the client secret is wrong"));
        assert_eq!(cause(Lang::Nl, Some(123), "boo"), "AADSTS123: Entra meldde: boo");
        assert_eq!(cause(Lang::En, None, "boo"), "Entra said: boo");
        assert_eq!(correlation(Lang::En, None), "");
        assert_ne!(remedy(Lang::En, Some(50_053)), remedy(Lang::En, None));
    }
}
