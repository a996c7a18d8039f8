//! Tokens in words: what they are for, whether they are ours, why one should go, and the steps of a rotation.

use super::time;
use crate::model::lang::Lang;
use crate::model::rotation::{Renewed, RotationStep};
use crate::model::token::Urgency;
use crate::model::token_list::{Ours, Stale, TokenKind};

/// A token that was left behind and could not be revoked.
pub fn lives_on(lang: Lang, kind: &str, fingerprint: &str, until: Option<&str>) -> String {
    match (lang, until) {
        (Lang::En, Some(until)) => {
            format!("{kind} {fingerprint} was not revoked: it works at the product until {until}.")
        }
        (Lang::En, None) => {
            format!("{kind} {fingerprint} was not revoked: it works at the product until it is revoked there.")
        }
        (Lang::Nl, Some(until)) => {
            format!("{kind} {fingerprint} is niet ingetrokken: het werkt bij het product tot {until}.")
        }
        (Lang::Nl, None) => format!(
            "{kind} {fingerprint} is niet ingetrokken: het werkt bij het product tot het daar wordt ingetrokken."
        ),
    }
}

/// How near the end of the sign-in is, with what to do; `None` while there is nothing to do.
pub fn urgency(lang: Lang, urgency: Urgency, days_left: i64, connection: &str) -> Option<String> {
    let days = time::days(lang, u64::try_from(days_left).unwrap_or(0));
    match urgency {
        Urgency::None => None,
        Urgency::Warning | Urgency::Error => Some(ends_soon(lang, &days, connection)),
        Urgency::Over => Some(over(lang, connection)),
    }
}

crate::texts! {
    /// What a token is for.
    kind: TokenKind {
        Access => "Access token", "Toegangstoken";
        Refresh => "Refresh token", "Vernieuwingstoken";
        Other => "Other token", "Ander token";
    }
    /// Whether it is ours.
    ours: Ours {
        Yes => "ours", "van ons";
        No => "not ours", "niet van ons";
        Unknown => "cannot tell", "niet te zeggen";
    }
    /// Why it should be revoked.
    stale: Stale {
        Retired => "replaced in a rotation, not revoked yet", "vervangen bij een rotatie, nog niet ingetrokken";
        BeforeSignIn => "older than the last sign-in, and not ours", "ouder dan de laatste aanmelding, en niet van ons";
        NotOurs => "of this application and user, and not ours", "van deze toepassing en gebruiker, en niet van ons";
        Expired => "past its time", "voorbij zijn tijd";
    }
    /// A step of a rotation.
    rotation_step: RotationStep {
        SignIn => "Sign in again and store the new tokens", "Opnieuw aanmelden en de nieuwe tokens opslaan";
        Prove => "Prove that they work", "Bewijzen dat ze werken";
        Sync => "Use them in a sync", "Ze bij een synchronisatie gebruiken";
        Revoke => "Revoke the old tokens", "De oude tokens intrekken";
        ProveAgain => "Prove again that the new ones work", "Opnieuw bewijzen dat de nieuwe werken";
    }
    /// How the new tokens compare with the old ones.
    renewed: Renewed {
        First => "The connection was signed out; it is signed in now.", "De verbinding was afgemeld; zij is nu aangemeld.";
        Unchanged => "The product returned the very tokens we hold, with a new end. They are in use, so nothing was revoked.", "Het product gaf precies de tokens terug die wij al hebben, met een nieuw einde. Ze zijn in gebruik, dus er is niets ingetrokken.";
        AccessOnly => "The access token is new; a refresh token, where there is one, is the one we hold, with a new end.", "Het toegangstoken is nieuw; een vernieuwingstoken, als dat er is, is dat wat wij al hebben, met een nieuw einde.";
        AccessAlone => "The access token is new; this way of signing in has no refresh token.", "Het toegangstoken is nieuw; deze aanmeldwijze kent geen vernieuwingstoken.";
        RefreshOnly => "The refresh token is new; the access token is the one we hold.", "Het vernieuwingstoken is nieuw; het toegangstoken is dat wat wij al hebben.";
        Both => "Both tokens are new.", "Beide tokens zijn nieuw.";
    }
    no_client_secret, "this connection has no client secret", "deze verbinding heeft geen clientgeheim";
    client_secret_expires(date: &str), "client secret expires on {date}", "clientgeheim verloopt op {date}";
    client_secret_ends(name: &str, date: &str), "{name}: the client secret expires on {date}. Make a new one in the product or in Entra, then run: itsmc token new-secret {name} --expires DATE", "{name}: het clientgeheim verloopt op {date}. Maak een nieuw geheim in het product of in Entra, en voer dan uit: itsmc token new-secret {name} --expires DATUM";
    ends_soon(days: &str, connection: &str), "The sign-in ends in {days}. Renew it: itsmc token rotate {connection}", "De aanmelding eindigt over {days}. Vernieuw haar: itsmc token rotate {connection}";
    over(connection: &str), "The sign-in is over. Sign in with the password again: itsmc token rotate {connection}", "De aanmelding is voorbij. Meld u opnieuw met het wachtwoord aan: itsmc token rotate {connection}";
    ask_revoke(tokens: &str), "Revoke {tokens}? Whatever uses it stops at once.", "{tokens} intrekken? Wat het gebruikt, stopt meteen.";
    ask_revoke_in_use(connection: &str), "{connection} lives on this token. Revoking it signs the connection out: its data stays, and it asks for the password again. Revoke it nevertheless?", "{connection} leeft op dit token. Intrekken meldt de verbinding af: haar gegevens blijven, en zij vraagt opnieuw om het wachtwoord. Toch intrekken?";
    revoked, "Revoked: it was seen to be refused", "Ingetrokken: gezien dat het wordt geweigerd";
    not_listed, "This product has no list of the tokens that it gave out.", "Dit product heeft geen lijst van de tokens die het heeft uitgegeven.";
    cannot_list, "What the product holds cannot be seen by this user; sign in as an admin to see it", "Wat het product bewaart is voor deze gebruiker niet te zien; meld u aan als beheerder om het te zien";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_over_asks_for_the_password_and_what_is_far_off_says_nothing() {
        assert_eq!(urgency(Lang::En, Urgency::None, 80, "contoso"), None);
        let soon = urgency(Lang::En, Urgency::Error, 2, "contoso").unwrap();
        assert_eq!(soon, "The sign-in ends in 2 days. Renew it: itsmc token rotate contoso");
        assert!(urgency(Lang::Nl, Urgency::Over, -3, "contoso").unwrap().contains("itsmc token rotate contoso"));
    }
}
