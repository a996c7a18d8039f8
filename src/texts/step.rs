//! Checks in words: the steps' titles, their status, and what they saw.

use super::{binding as bindings, number, time};
use crate::model::check::{DateDoubt, Finding, Status, StepId, UserUnfit};
use crate::model::lang::Lang;
use crate::model::work_item::WorkItemKind;

/// What a step saw, in one line.
pub fn finding(lang: Lang, found: &Finding) -> String {
    match found {
        Finding::Addresses { addresses } => addresses.join(", "),
        Finding::Connected { address, proxy: None } => connected(lang, address),
        Finding::Connected { address, proxy: Some(proxy) } => connected_through(lang, address, proxy),
        Finding::TlsEstablished { version, issuer, expires } => {
            let issuer = issuer.as_deref().map(|issuer| issued_by(lang, issuer));
            let expires = expires.map(|expires| valid_till(lang, &time::date(lang, expires)));
            [Some(version.clone()), issuer, expires].into_iter().flatten().collect::<Vec<_>>().join(", ")
        }
        Finding::PracticeWithoutTls => practice_without_tls(lang).to_owned(),
        Finding::SignedIn { expires, known } => signed_in(lang, &lasts(lang, *expires, *known)),
        Finding::AlreadySignedIn { expires, known } => already_signed_in(lang, &lasts(lang, *expires, *known)),
        Finding::SignedInWhileUsed => signed_in_while_used(lang).to_owned(),
        Finding::SignedInWithoutEnd => signed_in_without_end(lang).to_owned(),
        Finding::ClockSkew { seconds } => clock_skew(lang, *seconds),
        Finding::NoDate => no_date(lang).to_owned(),
        Finding::User { user_name, time_zone: None } => signed_in_as(lang, user_name),
        Finding::User { user_name, time_zone: Some(zone) } => signed_in_as_in(lang, user_name, zone),
        Finding::UserNotVisible { user_name } => user_not_visible(lang, user_name),
        Finding::UserUnfit { user_name, reason } => format!("{user_name}: {}", user_unfit(lang, *reason)),
        Finding::Release { name, build, supported } => release_found(lang, name, build.as_deref(), *supported),
        Finding::ReleaseAndGrant { name, build, supported, client_credentials } => {
            let found = release_found(lang, name, build.as_deref(), *supported);
            let grant = if *client_credentials { release_allows(lang) } else { release_too_old(lang) };
            format!("{found}; {grant}")
        }
        Finding::ReleaseNotVisible => release_not_visible(lang).to_owned(),
        Finding::Rights { user_name, rights } => has_rights(lang, user_name, &self::rights(lang, rights)),
        Finding::RightsLacking { user_name, lacking } => lacks_rights(lang, user_name, &rights(lang, lacking)),
        Finding::Bound { bound, ways } => found_and_bound(lang, &bindings::short(lang, bound, ways)),
        Finding::BoundOtherwise { drift } => super::mapping::drift(lang, drift),
        Finding::NotBound { missing } => not_bound(lang, &missing.join(", ")),
        Finding::RowRead { number, newest: None } => row_read(lang, number),
        Finding::RowRead { number, newest: Some(newest) } => row_read_newest(lang, number, &time::moment(*newest)),
        Finding::ColumnsHidden { number, columns } => columns_hidden(lang, number, &columns.join(", ")),
        Finding::RowDoubtful { number, newest, doubt } => {
            format!("{}; {}", row_read_newest(lang, number, &time::moment(*newest)), self::doubt(lang, doubt))
        }
        Finding::NoRow { total: Some(0) } => no_row(lang).to_owned(),
        Finding::NoRow { total: Some(total) } => no_row_of(lang, &number::grouped(lang, *total)),
        Finding::NoRow { total: None } => no_row_seen(lang).to_owned(),
        Finding::Scope { counts, days } => scope_found(lang, counts, *days),
        Finding::ScopeNotVisible => scope_not_visible(lang).to_owned(),
        Finding::NotRun { because } => not_run(lang, title(lang, *because)),
        Finding::NotSelected => not_selected(lang).to_owned(),
    }
}

fn doubt(lang: Lang, doubt: &DateDoubt) -> String {
    match doubt {
        DateDoubt::Future { seconds, zone } => in_the_future(lang, &time::span(lang, *seconds), zone),
        DateDoubt::DayOrMonth { culture } => day_or_month(lang, culture),
    }
}

fn lasts(lang: Lang, expires: jiff::Timestamp, known: bool) -> String {
    let date = time::date(lang, expires);
    if known { lasts_till(lang, &date) } else { lasts_about_till(lang, &date) }
}

fn clock_skew(lang: Lang, seconds: i64) -> String {
    let span = time::span(lang, seconds.unsigned_abs());
    match seconds {
        0 => clocks_agree(lang).to_owned(),
        1.. => clock_ahead(lang, &span),
        _ => clock_behind(lang, &span),
    }
}

fn release_found(lang: Lang, name: &str, build: Option<&str>, supported: bool) -> String {
    let known = if supported { release_known(lang) } else { release_unknown(lang) };
    match build {
        Some(build) => format!("{name} ({build}), {known}"),
        None => format!("{name}, {known}"),
    }
}

fn scope_found(lang: Lang, counts: &[(String, u64)], days: u16) -> String {
    let name = |id: &str| WorkItemKind::from_id(id).map_or_else(|| id.to_owned(), |k| kind(lang, k).to_lowercase());
    let parts: Vec<_> =
        counts.iter().map(|(id, count)| format!("{} {}", number::grouped(lang, *count), name(id))).collect();
    changed_within(lang, &parts.join(", "), &time::days(lang, u64::from(days)))
}

/// What a step saw, in full where its line names only the most important of it.
pub fn in_full(lang: Lang, found: &Finding) -> String {
    match found {
        Finding::Bound { bound, ways } => found_and_bound(lang, &bindings::in_full(lang, bound, ways)),
        _ => finding(lang, found),
    }
}

/// A right such as `Incident: view` with the verb in words; anything else as it is.
pub fn right(lang: Lang, right: &str) -> String {
    match right.rsplit_once(": ") {
        Some((object, "view")) => may_view(lang, object),
        Some((object, "edit")) => may_edit(lang, object),
        _ => right.to_owned(),
    }
}

fn rights(lang: Lang, rights: &[String]) -> String {
    rights.iter().map(|one| right(lang, one)).collect::<Vec<_>>().join(", ")
}

crate::texts! {
    /// A step's title.
    title: StepId {
        NameLookup => "Name lookup", "Naam opzoeken";
        Connection => "Connection", "Verbinding";
        Tls => "TLS", "TLS";
        SignIn => "Sign-in", "Aanmelding";
        Clock => "Clock", "Klok";
        User => "User", "Gebruiker";
        Release => "Release", "Release";
        Binding => "Tables and columns", "Tabellen en kolommen";
        Incident => "Incidents", "Incidenten";
        ChangeRequest => "Change requests", "Wijzigingsaanvragen";
        Scope => "Sync scope", "Synchronisatiebereik";
    }
    /// Work items of one kind.
    kind: WorkItemKind {
        Incident => "Incidents", "Incidenten";
        ChangeRequest => "Change requests", "Wijzigingsaanvragen";
    }
    /// How a step ended, in a word; stands beside the symbol.
    status: Status {
        Passed => "passed", "geslaagd";
        Failed => "failed", "mislukt";
        Warning => "warning", "waarschuwing";
        Unknown => "unknown", "onbekend";
        Skipped => "skipped", "overgeslagen";
        Confirmed => "confirmed", "bevestigd";
        Todo => "to do", "te doen";
    }
    /// Why a user cannot be used.
    user_unfit: UserUnfit {
        Inactive => "the account is disabled", "het account is uitgeschakeld";
        LockedOut => "locked after too many wrong passwords", "vergrendeld na te veel verkeerde wachtwoorden";
        PasswordNeedsReset => "needs a new password first", "heeft eerst een nieuw wachtwoord nodig";
    }
    has_rights(user: &str, rights: &str), "{user} may: {rights}", "{user} mag: {rights}";
    lacks_rights(user: &str, lacking: &str), "{user} has no right to: {lacking}", "{user} mag niet: {lacking}";
    may_view(object: &str), "see {object}", "{object} zien";
    may_edit(object: &str), "change {object}", "{object} wijzigen";
    found_and_bound(pairs: &str), "found: {pairs}", "gevonden: {pairs}";
    not_bound(missing: &str), "not found in the product: {missing}", "niet gevonden in het product: {missing}";
    in_the_future(span: &str, zone: &str), "that is {span} in the future, so the dates are not in time zone {zone}. Correct the field 'Time zone'", "dat is {span} in de toekomst, dus de datums staan niet in tijdzone {zone}. Verbeter het veld 'Tijdzone'";
    day_or_month(culture: &str), "the dates do not show which number is the day, so they were read as {culture}. If that is wrong, correct the field 'Culture'", "de datums laten niet zien welk getal de dag is en zijn gelezen als {culture}. Klopt dat niet, verbeter dan het veld 'Cultuur'";


    connected(address: &str), "connected to {address}", "verbonden met {address}";
    connected_through(address: &str, proxy: &str), "connected to {address} through {proxy}", "verbonden met {address} via {proxy}";
    issued_by(issuer: &str), "certificate issued by {issuer}", "certificaat van {issuer}";
    valid_till(date: &str), "valid until {date}", "geldig tot {date}";
    practice_without_tls, "a practice server on this machine, without TLS", "een oefenserver op deze machine, zonder TLS";
    signed_in(lasts: &str), "signed in {lasts}", "aangemeld {lasts}";
    already_signed_in(lasts: &str), "already signed in {lasts}", "al aangemeld {lasts}";
    lasts_till(date: &str), "until {date}", "tot {date}";
    lasts_about_till(date: &str), "until about {date} (the product does not show the exact date)",
        "tot ongeveer {date} (het product toont de precieze datum niet)";
    clocks_agree, "the clocks agree", "de klokken lopen gelijk";
    clock_ahead(span: &str), "the product's clock is {span} ahead", "de klok van het product loopt {span} voor";
    clock_behind(span: &str), "the product's clock is {span} behind", "de klok van het product loopt {span} achter";
    no_date, "the reply had no date to compare with", "het antwoord bevatte geen datum om mee te vergelijken";
    signed_in_as(user: &str), "signed in as {user}", "aangemeld als {user}";
    signed_in_as_in(user: &str, zone: &str), "signed in as {user}, time zone {zone}", "aangemeld als {user}, tijdzone {zone}";
    user_not_visible(user: &str), "cannot read the record of {user}; ask the product's admin whether the account is active",
        "het record van {user} is niet te lezen; vraag de beheerder van het product of het account actief is";
    release_allows, "client credentials are supported", "clientreferenties worden ondersteund";
    release_too_old, "client credentials need Washington DC or later", "clientreferenties vereisen Washington DC of later";
    release_known, "supported", "ondersteund";
    release_unknown, "unknown to this version of itsmc", "niet bekend bij deze versie van itsmc";
    release_not_visible, "unknown, as this user may not read it; nothing depends on it", "onbekend, want deze gebruiker mag die niet lezen; er hangt niets van af";
    row_read(number: &str), "read {number}", "{number} gelezen";
    row_read_newest(number: &str, newest: &str), "read {number}; newest change {newest}", "{number} gelezen; nieuwste wijziging {newest}";
    columns_hidden(number: &str, columns: &str),
        "read {number}; hidden column: {columns}. Give the integration user read access to it",
        "{number} gelezen; verborgen kolom: {columns}. Geef de integratiegebruiker er leesrecht op";
    no_row, "the product has none", "het product heeft er geen";
    no_row_of(total: &str), "{total} exist, but this user cannot see any of them", "er zijn er {total}, maar deze gebruiker kan er geen zien";
    no_row_seen, "none received: there are none, or this user may not see them", "niets ontvangen: er zijn er geen, of deze gebruiker mag ze niet zien";
    changed_within(counts: &str, days: &str), "{counts} changed within the past {days}", "{counts} gewijzigd in de afgelopen {days}";
    scope_not_visible, "this user may not count rows; the number will be known after the first sync", "deze gebruiker mag geen rijen tellen; het aantal is bekend na de eerste synchronisatie";
    not_run(because: &str), "not run, because '{because}' failed", "niet uitgevoerd, omdat '{because}' mislukte";
    signed_in_while_used, "signed in; each sync renews it", "aangemeld; elke synchronisatie verlengt dit";
    signed_in_without_end, "signed in until the client secret expires", "aangemeld tot het clientgeheim verloopt";
    not_selected, "not selected in the form", "niet gekozen in het formulier";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::check::ReadWay;

    #[test]
    fn findings_are_one_honest_line() {
        let expires = "2027-02-13T00:00:00Z".parse().unwrap();
        let signed = Finding::SignedIn { expires, known: false };
        assert!(finding(Lang::En, &signed).contains("about"), "an assumed date says so");
        let counts = vec![("incident".to_owned(), 20_769), ("change_request".to_owned(), 3)];
        assert_eq!(
            finding(Lang::Nl, &Finding::Scope { counts, days: 30 }),
            "20.769 incidenten, 3 wijzigingsaanvragen gewijzigd in de afgelopen 30 dagen"
        );
        assert_ne!(
            finding(Lang::En, &Finding::NoRow { total: None }),
            finding(Lang::En, &Finding::NoRow { total: Some(0) })
        );
    }

    #[test]
    fn how_rows_are_read_is_said_in_both_languages() {
        let bound =
            vec![("dates".to_owned(), "en-US".to_owned()), ("incident".to_owned(), "GET /api/Incidents".to_owned())];
        let way = |way| Finding::Bound { bound: bound.clone(), ways: vec![(WorkItemKind::Incident, way)] };
        let since = || vec!["modifiedSince".to_owned()];
        for (lang, found, expected) in [
            (Lang::En, way(ReadWay::LastChange { by: since() }), "(modifiedSince, read by last change)"),
            (Lang::Nl, way(ReadWay::LastChange { by: since() }), "(modifiedSince, gelezen op laatste wijziging)"),
            (Lang::Nl, way(ReadWay::Spans { by: vec![] }), "(gelezen per tijdvak)"),
            (Lang::Nl, way(ReadWay::Through { by: vec![], most: 500 }), "(volledig gelezen, hoogstens 500 rijen)"),
        ] {
            let told = finding(lang, &found);
            assert!(told.ends_with(&format!("GET /api/Incidents {expected}")), "{told}");
            assert_eq!(told.contains("datums als en-US"), lang == Lang::Nl, "{told}");
        }
    }
}
