//! The installation checklist in words: titles, findings, what to do, and the letter to the product's admin.

mod letter;
mod remedy;

use super::{fault, number, step, time};
use crate::model::checklist::{
    Answer, Checklist, ChecklistItem, Evidence, FindingValue, ItemFinding, ItemId, Overall, SeenBy, Subject,
};
use crate::model::confirmation::ConfirmationState;
use crate::model::fault::{Fault, FormProblem};
use crate::model::fix::{Change, Fix};
use crate::model::form::{FieldId, FieldProblem};
use crate::model::lang::{Bilingual, Lang};

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

/// The same for a row: of a confirmation only who and when, as the status stands before it.
pub fn in_row(lang: Lang, item: &ChecklistItem) -> String {
    match &item.confirmation {
        Some(ConfirmationState::Valid { at }) => by_you(lang, &time::date(lang, *at)),
        _ => summary(lang, item),
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
        (Some(found), _) => finding(lang, item, found),
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

/// What was found, in one line.
fn finding(lang: Lang, item: &ChecklistItem, found: &ItemFinding) -> String {
    match found {
        ItemFinding::Outcome { outcome, values } => match &item.outcome {
            Some(words) => filled(words.found.in_lang(lang), |name| Some(value(lang, values.get(name)?))),
            None => outcome.clone(),
        },
        ItemFinding::ProvenBySignIn { at } => proven(lang, &time::moment(*at)),
        ItemFinding::UserFit { user_name } => user_fit(lang, user_name),
        ItemFinding::UserUnfit { user_name, reason } => format!("{user_name}: {}", step::user_unfit(lang, *reason)),
        ItemFinding::RoleLacking => role_lacking(lang).to_owned(),
        ItemFinding::NoExcess => no_excess(lang).to_owned(),
        ItemFinding::Excess { roles } => excess(lang, &roles.join(", ")),
        ItemFinding::Seen { value } | ItemFinding::Lacks { value } => value_seen(lang, value),
        ItemFinding::CannotSee => cannot_see(lang).to_owned(),
        ItemFinding::NotSignedIn => not_signed_in(lang).to_owned(),
        ItemFinding::NoAnswer => no_answer(lang).to_owned(),
    }
}

/// A remedy or request of the asset for this item, with the names and values that it mentions.
fn for_item(lang: Lang, text: &Bilingual, subject: &Subject, item: &ChecklistItem) -> String {
    filled(text.in_lang(lang), |name| match (name, &item.id, &item.finding) {
        ("user", ..) => Some(subject.user_name.clone()),
        ("client_id", ..) => Some(subject.client_id.clone()),
        ("role", ItemId::Role(role), _) => Some(role.clone()),
        (name, _, Some(ItemFinding::Outcome { values, .. })) => Some(value(lang, values.get(name)?)),
        _ => None,
    })
}

/// The text with the value of each `{name}`; a name without a value stays as it is.
fn filled(text: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some((before, from)) = rest.split_once('{') {
        out.push_str(before);
        match from.split_once('}').and_then(|(name, after)| Some((value(name)?, after))) {
            Some((value, after)) => {
                out.push_str(&value);
                rest = after;
            }
            None => {
                out.push('{');
                rest = from;
            }
        }
    }
    out + rest
}

fn value(lang: Lang, value: &FindingValue) -> String {
    match value {
        FindingValue::Text(text) => text.clone(),
        FindingValue::Number(number) => number::grouped(lang, *number),
        FindingValue::Seconds(seconds) => lifespan(lang, *seconds),
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
        Fix::GrantRoles { user_name, roles } if roles.len() == 1 => grant_role(lang, user_name, &roles.join("")),
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
    /// How the checklist stands, as the product's own words it.
    overall: Overall {
        NotComplete => "Not complete", "Niet voltooid";
        Completed => "Completed", "Voltooid";
        CannotTell => "Unknown: not everything could be checked", "Onbekend: niet alles kon worden gecontroleerd";
    }
    by_you(at: &str), "by you, {at}", "door u, {at}";
    confirmed_by_you(at: &str), "confirmed by you on {at}", "door u bevestigd op {at}";
    confirmation_void(at: &str, changed: &str), "no longer confirmed, because these changed: {changed} (you confirmed on {at})", "niet meer bevestigd, want gewijzigd: {changed} (door u bevestigd op {at})";
    only_on_request, "runs only when you ask for it", "wordt alleen op verzoek uitgevoerd";
    role(name: &str), "Role {name}", "Rol {name}";

    proven(at: &str), "not readable, but proven by the sign-in of {at}", "niet te lezen, maar bewezen door de aanmelding van {at}";
    lifespan_days(seconds: &str, days: &str), "{seconds} seconds ({days})", "{seconds} seconden ({days})";
    lifespan_seconds(seconds: &str, span: &str), "{seconds} seconds (about {span})", "{seconds} seconden (ongeveer {span})";
    user_fit(user_name: &str), "in order: {user_name} is active and not locked, and needs no new password", "in orde: {user_name} is actief en niet vergrendeld, en heeft geen nieuw wachtwoord nodig";
    role_lacking, "not granted", "niet toegekend";
    no_excess, "no roles beyond those needed", "geen rollen meer dan nodig";
    excess(roles: &str), "more than needed: {roles}", "meer dan nodig: {roles}";
    cannot_see, "no permission to check this", "geen recht om dit te controleren";
    empty_fields(fields: &str), "not checked, because fields are empty: {fields}", "niet gecontroleerd, want leeg: {fields}";
    not_signed_in, "not checked: not signed in", "niet gecontroleerd: niet aangemeld";
    no_answer, "no usable answer", "geen bruikbaar antwoord";

    nobody_looked, "nothing checked: not signed in", "niets gecontroleerd: niet aangemeld";
    seen_by_integration, "checked as the integration user", "gecontroleerd als integratiegebruiker";
    seen_by_admin(user_name: &str), "checked as the admin {user_name}", "gecontroleerd als beheerder {user_name}";
    one_row, "1 row", "1 rij";
    rows_many(rows: &str), "{rows} rows", "{rows} rijen";
    create_user(user_name: &str), "Create the integration user {user_name}", "Maak de integratiegebruiker {user_name}";
    free_user(user_name: &str), "Unlock {user_name} and clear its pending password reset", "Ontgrendel {user_name} en wis de openstaande wachtwoordreset";
    grant_role(user_name: &str, role: &str), "Grant {user_name} the role {role}", "Ken {user_name} de rol {role} toe";
    grant_roles(user_name: &str, roles: &str), "Grant {user_name} the roles: {roles}", "Ken {user_name} deze rollen toe: {roles}";
    set_lifespan(seconds: &str), "Set the refresh token lifespan to {seconds} seconds", "Zet de levensduur van het vernieuwingstoken op {seconds} seconden";
    nothing, "(nothing)", "(niets)";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::check::Status;
    use crate::model::fault::Fault;
    use crate::model::partner::Catalogue;

    #[test]
    fn a_lifespan_is_said_in_both_units() {
        let said = |seconds| value(Lang::En, &FindingValue::Seconds(seconds));
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

    #[test]
    fn filled_keeps_unknown_names_and_fills_no_value_again() {
        let value = |name: &str| (name == "a").then(|| "{a}".to_owned());
        assert_eq!(filled("{a} {b} {", value), "{a} {b} {");
    }

    #[test]
    fn outcome_words_name_only_known_values() {
        let known = ["user", "client_id", "role"];
        for check in Catalogue::built_in().unwrap().all().iter().flat_map(|spec| &spec.checks) {
            for (id, words) in &check.outcome {
                let names = |text: &Bilingual| {
                    [&text.en, &text.nl].map(|text| {
                        let mut names: Vec<_> = text
                            .split('{')
                            .skip(1)
                            .filter_map(|part| part.split_once('}'))
                            .map(|(name, _)| name)
                            .collect();
                        names.sort_unstable();
                        names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()
                    })
                };
                let [en, nl] = names(&words.found);
                assert_eq!(en, nl, "{}: {id}", check.item);
                for text in [&words.remedy, &words.ask].into_iter().flatten() {
                    let [remedy, dutch] = names(text);
                    assert_eq!(remedy, dutch, "{}: {id}", check.item);
                    assert!(
                        remedy.iter().all(|name| known.contains(&&**name) || en.contains(name)),
                        "{}: {id}",
                        check.item
                    );
                }
            }
        }
    }
}
