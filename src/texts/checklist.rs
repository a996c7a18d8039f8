//! The installation checklist in words: titles, findings, what to do, and the letter to the product's admin.

mod letter;
mod remedy;

use super::{fault, number, step, time};
use crate::model::checklist::{Answer, Checklist, ChecklistItem, Evidence, ItemFinding, ItemId, Overall, SeenBy};
use crate::model::confirmation::ConfirmationState;
use crate::model::connection::Grant;
use crate::model::fault::{Fault, FormProblem};
use crate::model::fix::{Change, Fix};
use crate::model::form::{FieldId, FieldProblem};
use crate::model::lang::Lang;

pub use letter::letter;
pub use remedy::remedy;

/// The title of an item without words of its own: a role, or an item that the partner's asset no longer has.
pub fn title(lang: Lang, item: &ItemId) -> String {
    match item {
        ItemId::Role(name) => role(lang, name),
        ItemId::Own(id) => id.clone(),
    }
}

/// An item's title.
pub fn heading(lang: Lang, item: &ChecklistItem) -> String {
    match &item.words {
        Some(words) => words.title.in_lang(lang).to_owned(),
        None => title(lang, &item.id),
    }
}

/// What an item saw, in one line; of an item without an answer, why there is none.
pub fn summary(lang: Lang, item: &ChecklistItem) -> String {
    match &item.confirmation {
        Some(ConfirmationState::Valid { at }) => confirmed_by_you(lang, &time::moment(*at)),
        Some(ConfirmationState::Invalidated { at, changed }) => {
            confirmation_void(lang, &time::moment(*at), &changed.join(", "))
        }
        None => seen(lang, item),
    }
}

/// The result of the check, ignoring confirmations.
pub fn seen(lang: Lang, item: &ChecklistItem) -> String {
    match (&item.finding, &item.fault) {
        (None, None) if item.on_request.is_some() => only_on_request(lang).to_owned(),
        (Some(ItemFinding::NoAnswer), Some(Fault::BadForm { problems })) if are_empty(problems) => {
            empty_fields(lang, &keys(problems))
        }
        (Some(ItemFinding::NoAnswer) | None, Some(trouble)) => fault::summary(lang, trouble),
        (Some(found), _) => finding(lang, found),
        (None, None) => step::status(lang, item.status).to_owned(),
    }
}

/// Whether nothing is wrong but that fields are empty.
fn are_empty(problems: &[FormProblem]) -> bool {
    problems.iter().all(|found| found.problem == FieldProblem::Missing)
}

/// The fields that have a problem, by their keys.
fn keys(problems: &[FormProblem]) -> String {
    problems.iter().filter_map(|problem| problem.field).map(FieldId::key).collect::<Vec<_>>().join(", ")
}

/// What was seen, in one line.
pub fn finding(lang: Lang, found: &ItemFinding) -> String {
    match found {
        ItemFinding::AppInstalled { version: Some(version) } => app_version(lang, version),
        ItemFinding::AppInstalled { version: None } => app_there(lang).to_owned(),
        ItemFinding::AppInactive { .. } => app_inactive(lang).to_owned(),
        ItemFinding::AppMissing => app_missing(lang).to_owned(),
        ItemFinding::OauthOn => switched_on(lang).to_owned(),
        ItemFinding::OauthOff => switched_off(lang).to_owned(),
        ItemFinding::ProvenBySignIn { at } => proven(lang, &time::moment(*at)),
        ItemFinding::ApplicationActive { name } => application_active(lang, name),
        ItemFinding::ApplicationInactive { name } => application_inactive(lang, name),
        ItemFinding::Lifespan { seconds } => lifespan(lang, *seconds),
        ItemFinding::NoRefreshToken => no_refresh_token(lang).to_owned(),
        ItemFinding::GrantOn { grant } => grant_on(lang, grant_name(lang, *grant)),
        ItemFinding::GrantOff { grant } => grant_off(lang, grant_name(lang, *grant)),
        ItemFinding::UserFit { user_name } => user_fit(lang, user_name),
        ItemFinding::UserMissing { user_name } => user_missing(lang, user_name),
        ItemFinding::UserUnfit { user_name, reason } => format!("{user_name}: {}", step::user_unfit(lang, *reason)),
        ItemFinding::NoApiAccess { user_name } => no_api_access(lang, user_name),
        ItemFinding::RoleHeld { inherited: false } => role_held(lang).to_owned(),
        ItemFinding::RoleHeld { inherited: true } => role_inherited(lang).to_owned(),
        ItemFinding::RoleLacking => role_lacking(lang).to_owned(),
        ItemFinding::RoleNotOnInstance => role_not_on_instance(lang).to_owned(),
        ItemFinding::NoExcess => no_excess(lang).to_owned(),
        ItemFinding::Excess { roles } => excess(lang, &roles.join(", ")),
        ItemFinding::EventManagementAbsent => events_absent(lang).to_owned(),
        ItemFinding::EventRolesHeld => event_roles_held(lang).to_owned(),
        ItemFinding::EventRolesLacking { roles } => event_roles_lacking(lang, &roles.join(", ")),
        ItemFinding::NoRateLimit => no_rate_limit(lang).to_owned(),
        ItemFinding::RateLimited { rule, per_hour, first_sync, each_hour } => {
            rate(lang, rule.as_deref(), *per_hour, *first_sync, *each_hour)
        }
        ItemFinding::Release { name, build, supported } => {
            let known = if *supported { release_known(lang) } else { release_unknown(lang) };
            let build = build.as_ref().map(|build| format!(" ({build})")).unwrap_or_default();
            format!("{name}{build}, {known}")
        }
        ItemFinding::Seen { value } | ItemFinding::Lacks { value } => value_seen(lang, value),
        ItemFinding::CannotSee => cannot_see(lang).to_owned(),
        ItemFinding::NotSignedIn => not_signed_in(lang).to_owned(),
        ItemFinding::NoAnswer => no_answer(lang).to_owned(),
    }
}

/// What a partner saw, in words where it is a right or a date.
fn value_seen(lang: Lang, value: &str) -> String {
    value.parse().map_or_else(|_| step::right(lang, value), |date| time::civil(lang, date))
}

fn lifespan(lang: Lang, seconds: i64) -> String {
    let seconds = seconds.unsigned_abs();
    let shown = number::grouped(lang, seconds);
    match seconds % 86_400 {
        0 => lifespan_days(lang, &shown, &time::days(lang, seconds / 86_400)),
        _ => lifespan_seconds(lang, &shown, &time::span(lang, seconds)),
    }
}

fn rate(lang: Lang, rule: Option<&str>, per_hour: u64, first_sync: Option<u64>, each_hour: u64) -> String {
    let rule = rule.map(|rule| format!(" ({rule})")).unwrap_or_default();
    let (limit, each) = (number::grouped(lang, per_hour), number::grouped(lang, each_hour));
    match first_sync {
        Some(first) => rate_of(lang, &limit, &rule, &number::grouped(lang, first), &each),
        None => rate_of_uncounted(lang, &limit, &rule, &each),
    }
}

/// The user as whom it was checked.
pub fn seen_by(lang: Lang, seen_by: &SeenBy) -> String {
    match seen_by {
        SeenBy::Integration => seen_by_integration(lang).to_owned(),
        SeenBy::Admin { user_name } => seen_by_admin(lang, user_name),
    }
}

/// Whose eyes looked, or that nobody's did: without a sign-in nothing was asked.
pub fn looked_at_by(lang: Lang, whole: &Checklist) -> String {
    if whole.was_looked_at() { seen_by(lang, &whole.seen_by) } else { nobody_looked(lang).to_owned() }
}

/// A question, its answer and when, in one line.
pub fn evidence(lang: Lang, evidence: &Evidence) -> String {
    let answer = match &evidence.answered {
        Answer::Rows { rows } => rows_(lang, *rows),
        Answer::Value { value } => value.clone(),
        Answer::Failed { fault: trouble } => fault::summary(lang, trouble),
    };
    format!("{} → {answer} ({})", evidence.asked, time::moment(evidence.at))
}

/// What a fix does, in one line.
pub fn fix(lang: Lang, fix: &Fix) -> String {
    match fix {
        Fix::CreateUser { user_name } => create_user(lang, user_name),
        Fix::FreeUser { user_name } => free_user(lang, user_name),
        Fix::GrantRoles { user_name, roles } => grant_roles(lang, user_name, &roles.join(", ")),
        Fix::SetLifespan { seconds, .. } => set_lifespan(lang, &number::grouped(lang, seconds.unsigned_abs())),
    }
}

/// A change, in one line: table, record, column, before and after.
pub fn change(lang: Lang, change: &Change) -> String {
    let Change { table, record, column, before, after } = change;
    let before = before.as_deref().unwrap_or_else(|| nothing(lang));
    format!("{table} · {record} · {column}: {before} → {after}")
}

fn rows_(lang: Lang, rows: u64) -> String {
    if rows == 1 { one_row(lang).to_owned() } else { rows_many(lang, &number::grouped(lang, rows)) }
}

crate::texts! {
    /// A grant, as ServiceNow's pages call it.
    grant_name: Grant {
        Password => "the password grant", "de wachtwoord-grant";
        ClientCredentials => "the client-credentials grant", "de client-credentials-grant";
    }
    /// How the checklist stands, as the product's own words it.
    overall: Overall {
        NotComplete => "Not complete", "Niet voltooid";
        Completed => "Completed", "Voltooid";
        CannotTell => "Unknown: not everything could be checked", "Onbekend: niet alles kon worden gecontroleerd";
    }
    confirmed_by_you(at: &str), "confirmed by you on {at}", "door u bevestigd op {at}";
    confirmation_void(at: &str, changed: &str), "confirmed by you on {at}; no longer valid, because these changed: {changed}", "door u bevestigd op {at}; niet meer geldig, want gewijzigd: {changed}";
    only_on_request, "runs only when you ask for it", "wordt alleen op verzoek uitgevoerd";
    role(name: &str), "Role {name}", "Rol {name}";

    app_version(version: &str), "installed, version {version}", "geïnstalleerd, versie {version}";
    app_there, "installed (its table exists; this user cannot read the version)", "geïnstalleerd (de tabel bestaat; deze gebruiker kan de versie niet lezen)";
    app_inactive, "installed, but switched off", "geïnstalleerd, maar uitgeschakeld";
    app_missing, "not installed", "niet geïnstalleerd";
    switched_on, "switched on", "ingeschakeld";
    switched_off, "switched off", "uitgeschakeld";
    proven(at: &str), "not readable, but proven by the sign-in of {at}", "niet te lezen, maar bewezen door de aanmelding van {at}";
    application_active(name: &str), "'{name}', active", "'{name}', actief";
    application_inactive(name: &str), "'{name}' is not active", "'{name}' is niet actief";
    lifespan_days(seconds: &str, days: &str), "{seconds} seconds ({days})", "{seconds} seconden ({days})";
    lifespan_seconds(seconds: &str, span: &str), "{seconds} seconds (about {span})", "{seconds} seconden (ongeveer {span})";
    no_refresh_token, "this sign-in method has no refresh token; it lasts until the client secret expires", "deze aanmeldmethode heeft geen vernieuwingstoken; die geldt tot het clientgeheim verloopt";
    grant_on(grant: &str), "{grant} is allowed", "{grant} is toegestaan";
    grant_off(grant: &str), "{grant} is switched off on this instance", "{grant} is uitgeschakeld op deze instantie";
    user_fit(user_name: &str), "{user_name} is active, not locked, and needs no new password", "{user_name} is actief, niet vergrendeld, en heeft geen nieuw wachtwoord nodig";
    user_missing(user_name: &str), "there is no user {user_name}", "er is geen gebruiker {user_name}";
    no_api_access(user_name: &str), "{user_name} may not use the REST interface", "{user_name} mag de REST-interface niet gebruiken";
    role_held, "granted", "toegekend";
    role_inherited, "granted through another role or a group", "toegekend via een andere rol of een groep";
    role_lacking, "not granted", "niet toegekend";
    role_not_on_instance, "this role does not exist here: the app or a plugin adds it", "deze rol bestaat hier niet: de app of een plug-in voegt die toe";
    no_excess, "no roles beyond those needed", "geen rollen meer dan nodig";
    excess(roles: &str), "more than needed: {roles}", "meer dan nodig: {roles}";
    events_absent, "not installed here, so not needed", "hier niet geïnstalleerd, dus niet nodig";
    event_roles_held, "both granted", "beide toegekend";
    event_roles_lacking(roles: &str), "not granted: {roles}; needed only to create events", "niet toegekend: {roles}; alleen nodig om gebeurtenissen te maken";
    no_rate_limit, "no rule limits this user", "geen regel beperkt deze gebruiker";
    rate_of(limit: &str, rule: &str, first: &str, each: &str), "{limit} requests per hour{rule}; the first sync needs {first}, then {each} per hour", "{limit} verzoeken per uur{rule}; de eerste synchronisatie kost er {first}, daarna {each} per uur";
    rate_of_uncounted(limit: &str, rule: &str, each: &str), "{limit} requests per hour{rule}; syncing needs {each} per hour, the first sync more", "{limit} verzoeken per uur{rule}; synchroniseren kost er {each} per uur, de eerste keer meer";
    release_known, "supported", "ondersteund";
    release_unknown, "not on this connector's list of supported releases", "niet in de lijst met ondersteunde releases van deze connector";
    cannot_see, "this user has no permission to check", "deze gebruiker mag dit niet controleren";
    empty_fields(fields: &str), "not checked: these fields of the connection are empty: {fields}", "niet gecontroleerd: deze velden van de verbinding zijn leeg: {fields}";
    not_signed_in, "not checked: not signed in", "niet gecontroleerd: niet aangemeld";
    no_answer, "no usable answer", "geen bruikbaar antwoord";

    nobody_looked, "nothing checked: not signed in", "niets gecontroleerd: niet aangemeld";
    seen_by_integration, "checked as the integration user", "gecontroleerd als integratiegebruiker";
    seen_by_admin(user_name: &str), "checked as the admin {user_name}", "gecontroleerd als beheerder {user_name}";
    one_row, "1 row", "1 rij";
    rows_many(rows: &str), "{rows} rows", "{rows} rijen";
    create_user(user_name: &str), "Create the integration user {user_name}", "Maak de integratiegebruiker {user_name}";
    free_user(user_name: &str), "Unlock {user_name} and clear its pending password reset", "Ontgrendel {user_name} en wis de openstaande wachtwoordreset";
    grant_roles(user_name: &str, roles: &str), "Grant {user_name} the roles: {roles}", "Ken {user_name} deze rollen toe: {roles}";
    set_lifespan(seconds: &str), "Set the refresh token lifespan to {seconds} seconds", "Zet de levensduur van het vernieuwingstoken op {seconds} seconden";
    nothing, "(nothing)", "(niets)";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::check::Status;
    use crate::model::fault::Fault;

    #[test]
    fn a_lifespan_is_said_in_both_units() {
        let said = |seconds| finding(Lang::En, &ItemFinding::Lifespan { seconds });
        assert_eq!(said(7_776_000), "7,776,000 seconds (90 days)");
        assert_eq!(said(3_600), "3,600 seconds (about 1 hour)");
    }

    #[test]
    fn no_answer_says_why() {
        let item = ChecklistItem::found(ItemId::own("release"), Status::Unknown, ItemFinding::NoAnswer);
        let trouble = Fault::Hibernating { host: "dev1.service-now.com".into() };
        let item = ChecklistItem { fault: Some(trouble.clone()), ..item };
        assert_eq!(summary(Lang::Nl, &item), fault::summary(Lang::Nl, &trouble));
    }

    #[test]
    fn a_change_tells_before_and_after() {
        let line = Change {
            table: "oauth_entity".into(),
            record: "Azure".into(),
            column: "refresh_token_lifespan".into(),
            before: Some("8640000".into()),
            after: "7776000".into(),
        };
        assert_eq!(change(Lang::En, &line), "oauth_entity · Azure · refresh_token_lifespan: 8640000 → 7776000");
    }
}
