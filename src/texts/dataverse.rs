//! What the error codes of Dataverse mean for whoever connects (documented at
//! <https://learn.microsoft.com/power-apps/developer/data-platform/reference/web-service-error-codes>).

use crate::model::lang::Lang;

/// What happened, in one line.
pub fn summary(lang: Lang, code: &str, what: &str) -> String {
    match kind(code) {
        Kind::NoMember => no_member(lang).to_owned(),
        Kind::NoRole => no_role(lang).to_owned(),
        Kind::Disabled => disabled(lang).to_owned(),
        Kind::Blocked => blocked(lang).to_owned(),
        Kind::Privilege => privilege(lang, what),
    }
}

/// The likely cause.
pub fn cause(lang: Lang, code: &str, detail: &str) -> String {
    let why = match kind(code) {
        Kind::NoMember => why_no_member(lang),
        Kind::NoRole => why_no_role(lang),
        Kind::Disabled => why_disabled(lang),
        Kind::Blocked => why_blocked(lang),
        Kind::Privilege => why_privilege(lang),
    };
    let said = if detail.is_empty() { code.to_owned() } else { format!("{code}: {detail}") };
    format!("{why} {}", it_said(lang, &said))
}

/// What to do next.
pub fn remedy(lang: Lang, code: &str) -> &'static str {
    match kind(code) {
        Kind::NoMember => do_member(lang),
        Kind::NoRole => do_role(lang),
        Kind::Disabled => do_enable(lang),
        Kind::Blocked => do_unblock(lang),
        Kind::Privilege => do_privilege(lang),
    }
}

enum Kind {
    NoMember,
    NoRole,
    Disabled,
    Blocked,
    Privilege,
}

fn kind(code: &str) -> Kind {
    match code.to_ascii_lowercase().as_str() {
        "0x80072560" => Kind::NoMember,
        "0x80042f09" => Kind::NoRole,
        "0x80040225" | "0x80041d1f" | "0x8004a104" => Kind::Disabled,
        "0x80095ffc" => Kind::Blocked,
        _ => Kind::Privilege,
    }
}

crate::texts! {
    no_member, "The application or user is not in this environment", "De toepassing of gebruiker zit niet in deze omgeving";
    no_role, "The user has no security role in this environment", "De gebruiker heeft geen beveiligingsrol in deze omgeving";
    disabled, "The user or the environment is disabled", "De gebruiker of de omgeving is uitgeschakeld";
    blocked, "A protection rule of the environment blocks this connection", "Een beveiligingsregel van de omgeving blokkeert deze verbinding";
    privilege(what: &str), "The user lacks a privilege: {what}", "De gebruiker mist een bevoegdheid: {what}";
    it_said(said: &str), "Dataverse said: {said}", "Dataverse zei: {said}";
    why_no_member, "The token is good, but the environment has no user for it, or the token is of another tenant.", "Het token is goed, maar de omgeving heeft er geen gebruiker voor, of het token is van een andere tenant.";
    why_no_role, "The user exists in the environment but has no role, neither directly nor through a team.", "De gebruiker bestaat in de omgeving maar heeft geen rol, direct noch via een team.";
    why_disabled, "An admin disabled it, or the environment is in administration mode or suspended.", "Een beheerder heeft dat uitgeschakeld, of de omgeving staat in beheermodus of is opgeschort.";
    why_blocked, "The IP firewall or another access rule of the environment does not let this machine or application in.", "De IP-firewall of een andere toegangsregel van de omgeving laat deze machine of toepassing niet toe.";
    why_privilege, "None of the user's security roles may read this.", "Geen van de beveiligingsrollen van de gebruiker mag dit lezen.";
    do_member, "Power Platform admin center > the environment > Settings > Users + permissions: add the application under Application users (with the password grant: the user under Users). If it is there, check the field Tenant. Then test again.", "Power Platform-beheercentrum > de omgeving > Instellingen > Gebruikers en machtigingen: voeg de toepassing toe onder Toepassingsgebruikers (met de wachtwoordmethode: de gebruiker onder Gebruikers). Staat die er al, controleer dan het veld Tenant. Test daarna opnieuw.";
    do_role, "Power Platform admin center > the environment > Settings > Users + permissions: give the user a Provance ITSM security role, directly or through a team. Then test again.", "Power Platform-beheercentrum > de omgeving > Instellingen > Gebruikers en machtigingen: geef de gebruiker een beveiligingsrol van Provance ITSM, direct of via een team. Test daarna opnieuw.";
    do_enable, "Power Platform admin center > the environment: enable the user under Settings > Users + permissions, or end administration mode. Then test again.", "Power Platform-beheercentrum > de omgeving: schakel de gebruiker in onder Instellingen > Gebruikers en machtigingen, of beëindig de beheermodus. Test daarna opnieuw.";
    do_unblock, "Power Platform admin center > the environment > Settings > Privacy + Security: allow this machine's address in the IP firewall, and the application in the access rules. Then test again.", "Power Platform-beheercentrum > de omgeving > Instellingen > Privacy en beveiliging: laat het adres van deze machine toe in de IP-firewall, en de toepassing in de toegangsregels. Test daarna opnieuw.";
    do_privilege, "Let the environment's admin add the privilege that Dataverse names (it begins with prvRead) to a security role of the user, for the whole organization. Then test again.", "Laat de beheerder van de omgeving de bevoegdheid die Dataverse noemt (ze begint met prvRead) toevoegen aan een beveiligingsrol van de gebruiker, voor de hele organisatie. Test daarna opnieuw.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p5_each_code_has_its_own_cause_and_remedy() {
        let codes = ["0x80072560", "0x80042F09", "0x80040225", "0x80095ffc", "0x80040220"];
        for lang in [Lang::En, Lang::Nl] {
            let mut remedies: Vec<&str> = codes.iter().map(|code| remedy(lang, code)).collect();
            remedies.sort_unstable();
            remedies.dedup();
            assert_eq!(remedies.len(), codes.len());
            assert!(cause(lang, codes[0], "no member").ends_with("0x80072560: no member"));
        }
    }
}
