//! Tokens in words: what they are for, whether they are ours, why one should go, and the steps of a rotation.

use jiff::Timestamp;

use super::{cli, time};
use crate::model::lang::Lang;
use crate::model::leaving::Leaving;
use crate::model::rotation::{Renewed, RotationStep};
use crate::model::token::Urgency;
use crate::model::token_list::{Ours, Stale, TokenKind};
use crate::model::token_rows::{TokenState, WhyUnknown};

/// A token that was left behind and could not be revoked.
pub fn lives_on(lang: Lang, kind: &str, fingerprint: &str, until: Option<&str>) -> String {
    match (lang, until) {
        (Lang::En, Some(until)) => {
            format!("{kind} {fingerprint} was not revoked: the product accepts it until {until}.")
        }
        (Lang::En, None) => {
            format!("{kind} {fingerprint} was not revoked: the product accepts it until it is revoked there.")
        }
        (Lang::Nl, Some(until)) => {
            format!("{kind} {fingerprint} is niet ingetrokken: het product accepteert het tot {until}.")
        }
        (Lang::Nl, None) => format!(
            "{kind} {fingerprint} is niet ingetrokken: het product accepteert het tot het daar wordt ingetrokken."
        ),
    }
}

/// What became of tokens that were left behind at the product, line by line.
pub fn leaving(lang: Lang, leaving: &Leaving) -> Vec<String> {
    let revoked = (leaving.revoked > 0).then(|| cli::tokens_revoked(lang, leaving.revoked));
    let live = leaving.live.iter().map(|token| {
        let until = token.expires.map(time::moment);
        format!("▲ {}", lives_on(lang, kind(lang, token.kind), &token.fingerprint.to_string(), until.as_deref()))
    });
    revoked.into_iter().chain(live).collect()
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

/// What a token is used for, in a column.
pub fn state(lang: Lang, state: TokenState) -> &'static str {
    match state {
        TokenState::InUse => in_use(lang),
        TokenState::Stale(stale) => stale_short(lang, stale),
        TokenState::Unknown => unknown(lang),
    }
}

/// What a token is used for, with the reason.
pub fn state_in_full(lang: Lang, state: TokenState, why: Option<WhyUnknown>) -> &'static str {
    match (state, why) {
        (TokenState::Stale(reason), _) => stale(lang, reason),
        (TokenState::Unknown, Some(why)) => why_unknown(lang, why),
        (state, _) => self::state(lang, state),
    }
}

/// When something ends, in a column: `in 83 d`, `in ~83 d` where that is an estimate, `2 d ago`.
pub fn ends(lang: Lang, (end, is_known): (Timestamp, bool), now: Timestamp) -> String {
    match end > now {
        false => time::ago(lang, end, now),
        true if is_known => time::until(lang, end, now),
        true => time::until(lang, end, now).replacen(' ', " ~", 1),
    }
}

crate::texts! {
    title, "Token", "Token";
    column_token, "token", "token";
    column_id, "id", "id";
    column_ours, "ours", "van ons";
    column_issued, "issued", "uitgegeven";
    column_ends, "expires", "verloopt";
    column_used, "last used", "gebruikt";
    column_state, "state", "status";
    in_use, "in use", "in gebruik";
    unknown, "unknown", "onbekend";
    none_held, "itsmc holds no token of this connection.", "itsmc heeft geen token van deze verbinding.";
    none_listed(product: &str), "{product} lists no token of this application and user.", "{product} toont geen token van deze toepassing en gebruiker.";
    last_used_unknown, "last use unknown", "laatste gebruik onbekend";
    row_id(id: &str), "row {id} in the product", "rij {id} in het product";
    not_in_product, "not in the product's list", "niet in de lijst van het product";
    /// What a token is for, in a column.
    kind_short: TokenKind {
        Access => "access", "toegang";
        Refresh => "refresh", "vernieuwing";
        Other => "other", "ander";
    }
    /// Whether it is ours, in a column.
    ours_short: Ours {
        Yes => "yes", "ja";
        No => "no", "nee";
        Unknown => "unknown", "onbekend";
    }
    /// Why it should be revoked, in a column.
    stale_short: Stale {
        Retired => "replaced", "vervangen";
        BeforeSignIn | NotOurs => "stale", "verouderd";
        Expired => "expired", "verlopen";
    }
    /// Why it is unknown whether it is ours.
    why_unknown: WhyUnknown {
        OurEndAssumed => "unknown whether ours: the product hides the value, and itsmc can only estimate when its own token expires", "onbekend of het van ons is: het product verbergt de waarde, en itsmc kan alleen schatten wanneer het eigen token verloopt";
        NoEnd => "unknown whether ours: the product shows neither the value nor the expiry date", "onbekend of het van ons is: het product toont waarde noch vervaldatum";
        EndsLater => "unknown whether ours: the product hides the value, and it expires later than our own token", "onbekend of het van ons is: het product verbergt de waarde, en het verloopt later dan ons eigen token";
    }
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
        Unknown => "unknown", "onbekend";
    }
    /// Why it should be revoked.
    stale: Stale {
        Retired => "replaced, not yet revoked", "vervangen, nog niet ingetrokken";
        BeforeSignIn => "older than the last sign-in, and not ours", "ouder dan de laatste aanmelding, en niet van ons";
        NotOurs => "not ours, though of this application and user", "niet van ons, wel van deze toepassing en gebruiker";
        Expired => "expired", "verlopen";
    }
    /// A step of a rotation.
    rotation_step: RotationStep {
        SignIn => "Sign in again and store the new tokens", "Opnieuw aanmelden en de nieuwe tokens opslaan";
        Prove => "Check that they work", "Controleren of ze werken";
        Sync => "Use them in a sync", "Ze gebruiken bij een synchronisatie";
        Revoke => "Revoke the old tokens", "De oude tokens intrekken";
        ProveAgain => "Check again that the new ones work", "Opnieuw controleren of de nieuwe werken";
    }
    /// How the new tokens compare with the old ones.
    renewed: Renewed {
        First => "The connection was signed out; it is signed in now.", "De verbinding was afgemeld en is nu aangemeld.";
        Unchanged => "The product returned the same tokens with a new expiry date; nothing to revoke.", "Het product gaf dezelfde tokens terug met een nieuwe vervaldatum; er is niets in te trekken.";
        AccessOnly => "The access token is new; the refresh token, if any, is the same with a new expiry date.", "Het toegangstoken is nieuw; het eventuele vernieuwingstoken is hetzelfde, met een nieuwe vervaldatum.";
        AccessAlone => "The access token is new; this sign-in method has no refresh token.", "Het toegangstoken is nieuw; deze aanmeldmethode heeft geen vernieuwingstoken.";
        RefreshOnly => "The refresh token is new; the access token is the same.", "Het vernieuwingstoken is nieuw; het toegangstoken is hetzelfde.";
        Both => "Both tokens are new.", "Beide tokens zijn nieuw.";
    }
    no_client_secret, "this connection has no client secret", "deze verbinding heeft geen clientgeheim";
    client_secret_expires(date: &str), "client secret expires on {date}", "clientgeheim verloopt op {date}";
    client_secret_ends(name: &str, date: &str), "{name}: the client secret expires on {date}. Make a new one in the product or in Entra, then run: itsmc token new-secret {name} --expires DATE", "{name}: het clientgeheim verloopt op {date}. Maak een nieuw geheim in het product of in Entra, en voer dan uit: itsmc token new-secret {name} --expires DATUM";
    ends_soon(days: &str, connection: &str), "The sign-in expires in {days}. Renew it: itsmc token rotate {connection}", "De aanmelding verloopt over {days}. Vernieuw die: itsmc token rotate {connection}";
    over(connection: &str), "The sign-in has expired. Sign in again with the password: itsmc token rotate {connection}", "De aanmelding is verlopen. Meld u opnieuw aan met het wachtwoord: itsmc token rotate {connection}";
    ask_revoke(tokens: &str), "Revoke {tokens}? Anything that uses it stops working at once.", "{tokens} intrekken? Alles wat het gebruikt, werkt meteen niet meer.";
    ask_revoke_in_use(connection: &str), "{connection} uses this token. Revoking it signs the connection out: its data stays, and you must enter the password again. Revoke it anyway?", "{connection} gebruikt dit token. Intrekken meldt de verbinding af: de gegevens blijven, en u moet het wachtwoord opnieuw invullen. Toch intrekken?";
    revoked, "revoked (checked: it is refused now)", "ingetrokken (gecontroleerd: wordt nu geweigerd)";
    not_listed, "This product does not list the tokens it issued.", "Dit product toont niet welke tokens het heeft uitgegeven.";
    list_unread, "The product's own list of tokens was not read; which of them are stale is unknown:", "De eigen lijst met tokens van het product is niet gelezen; welke verouderd zijn is onbekend:";
    cannot_list, "This user may not list the product's tokens; an admin may", "Deze gebruiker mag de tokens van het product niet zien; een beheerder wel";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expired_sign_in_asks_for_password_distant_end_is_silent() {
        assert_eq!(urgency(Lang::En, Urgency::None, 80, "contoso"), None);
        let soon = urgency(Lang::En, Urgency::Error, 2, "contoso").unwrap();
        assert_eq!(soon, "The sign-in expires in 2 days. Renew it: itsmc token rotate contoso");
        assert!(urgency(Lang::Nl, Urgency::Over, -3, "contoso").unwrap().contains("itsmc token rotate contoso"));
    }
}
