//! Texts about sending to a workspace. *Sent*, *accepted* and *verified* are three words with three meanings.

use super::{fault, number, step, time};
use crate::model::lang::Lang;
use crate::model::sending::{SendFinding, StateCount, VerifyRecord};
use crate::model::workspace::Values;

crate::texts! {
    progress(workspace: &str, accepted: &str, expected: &str), "{workspace}: {accepted} of {expected} accepted", "{workspace}: {accepted} van {expected} geaccepteerd";
    waiting(workspace: &str, until: &str, why: &str), "{workspace}: waiting, next try {until}: {why}", "{workspace}: wacht, volgende poging {until}: {why}";
    left_alone(workspace: &str, until: &str, why: &str), "{workspace}: not asked, next try {until} or with: itsmc workspace send {workspace} ({why})", "{workspace}: niet gevraagd, volgende poging {until} of met: itsmc workspace send {workspace} ({why})";
    nothing(workspace: &str), "{workspace}: nothing to send", "{workspace}: niets te versturen";
    accepted(workspace: &str, rows: &str), "{workspace}: Azure accepted {rows}", "{workspace}: Azure heeft {rows} geaccepteerd";
    cost(bytes: &str, requests: &str, took: &str), "{bytes} before compression, {requests}, {took}", "{bytes} vóór compressie, {requests}, {took}";
    removed(rows: &str), "{rows} for removed work items", "{rows} voor verwijderde werkitems";
    log_rows(rows: &str), "{rows} for the status table", "{rows} voor de statustabel";
    incomplete, "Not everything was accepted; the next run goes on from there.", "Niet alles is geaccepteerd; de volgende keer gaat het daar verder.";
    no_workspaces, "No workspaces yet. Add one: itsmc workspace add", "Nog geen werkruimten. Voeg er een toe: itsmc workspace add";
    would_send(workspace: &str, rows: &str, bytes: &str, requests: &str), "{workspace}: would send {rows} ({bytes} before compression, {requests})", "{workspace}: zou {rows} versturen ({bytes} vóór compressie, {requests})";
    a_month(bytes: &str), "By what changed in the last 30 days: {bytes} a month, before compression, which is what Azure charges for", "Naar wat de laatste 30 dagen veranderde: {bytes} per maand, vóór compressie; dat is wat Azure in rekening brengt";
    a_month_costs(cost: &str, price: &str), "About {cost} US dollars a month at the {price} a GB that you gave", "Ongeveer {cost} Amerikaanse dollar per maand bij de {price} per GB die u opgaf";
    price_unknown, "What a GB costs depends on region and plan: see https://azure.microsoft.com/pricing/details/monitor/ and give the price with --price", "Wat een GB kost hangt af van regio en abonnement: zie https://azure.microsoft.com/pricing/details/monitor/ en geef de prijs op met --price";
    workspaces, "Workspaces", "Werkruimten";
    up_to_date, "up to date", "actueel";
    behind(rows: &str, span: &str), "behind by {rows}, {span}", "{rows} achter, {span}";
    behind_rows(rows: &str), "behind by {rows}", "{rows} achter";
    stale(name: &str, age: &str), "{name}: changes wait to be sent for more than {age}", "{name}: wijzigingen wachten al meer dan {age} op verzending";
    unverified(name: &str, span: &str), "{name}: for {span} nothing that Azure accepted was verified: itsmc workspace verify {name}", "{name}: al {span} is niets geverifieerd van wat Azure accepteerde: itsmc workspace verify {name}";
    lacking(rows: &str, name: &str), "Not sent again: {rows} with differences in the last verification. Next: itsmc workspace verify {name}", "Niet opnieuw verstuurd: {rows} met verschillen volgens de laatste verificatie. Volgende stap: itsmc workspace verify {name}";
    stays_different(rows: &str, ago: &str, name: &str), "Still different after it was sent again: {rows} in the last verification; the first one with differences was {ago}. Next: itsmc workspace test {name}", "Nog steeds verschillend na opnieuw versturen: {rows} bij de laatste verificatie; de eerste met verschillen was {ago}. Volgende stap: itsmc workspace test {name}";
    last_accepted(ago: &str), "last accepted {ago}", "laatst geaccepteerd {ago}";
    never_accepted, "nothing accepted yet", "nog niets geaccepteerd";
    never_verified, "never verified", "nooit geverifieerd";
    not_set_up(name: &str), "not set up: itsmc workspace plan {name}", "niet ingericht: itsmc workspace plan {name}";
    verifying(workspace: &str), "Comparing {workspace} with what is stored here; rows that were just accepted can take up to 15 minutes", "{workspace} wordt vergeleken met wat hier is opgeslagen; rijen die net zijn geaccepteerd kunnen tot 15 minuten duren";
    verified[checked, workspace: &str], "{workspace}: verified, the {checked} work item is there" | "{workspace}: verified, all {checked} work items are there", "{workspace}: geverifieerd, het {checked} werkitem is aanwezig" | "{workspace}: geverifieerd, alle {checked} werkitems zijn aanwezig";
    differs[checked, workspace: &str], "{workspace}: {checked} work item compared, with differences" | "{workspace}: {checked} work items compared, with differences", "{workspace}: {checked} werkitem vergeleken, met verschillen" | "{workspace}: {checked} werkitems vergeleken, met verschillen";
    missing(rows: &str), "{rows} missing", "{rows} niet aanwezig";
    older(rows: &str), "{rows} older in Azure than here", "{rows} in Azure ouder dan hier";
    other_state(rows: &str), "{rows} in another state in Azure than here", "{rows} in Azure in een andere status dan hier";
    state_count(kind: &str, state: &str, here: &str, there: &str), "{kind}, {state}: {here} here, {there} in Azure", "{kind}, {state}: {here} hier, {there} in Azure";
    no_state, "without a state", "zonder status";
    rule_counts(received: &str, dropped: &str, span: &str), "The data collection rule received {received} and dropped {dropped} in {span}", "De regel voor gegevensverzameling heeft {received} ontvangen en {dropped} laten vallen in {span}";
    rule_failed(requests: &str), "The data collection rule refused {requests}", "De regel voor gegevensverzameling heeft {requests} geweigerd";
    rule_transformation(errors: &str), "Failures of the data collection rule's transformation: {errors}", "De transformatie van de regel voor gegevensverzameling is {errors} keer mislukt";
    rule_unknown(why: &str), "The metrics of the data collection rule are unknown ({why})", "De metrieken van de regel voor gegevensverzameling zijn onbekend ({why})";
    rule_error[times, message: &str], "The data collection rule wrote {times} time: {message}" | "The data collection rule wrote {times} times: {message}", "De regel voor gegevensverzameling schreef {times} keer: {message}" | "De regel voor gegevensverzameling schreef {times} keer: {message}";
    cap_unknown, "The daily cap of the workspace is unknown", "De daglimiet van de werkruimte is onbekend";
    surplus(rows: &str), "{rows} removed here, still shown in Azure", "{rows} hier verwijderd, in Azure nog getoond";
    doubled(rows: &str), "{rows} duplicate; the function shows each work item once", "{rows} dubbel; de functie toont elk werkitem één keer";
    resent(rows: &str), "{rows} sent again, marked as resent", "{rows} opnieuw verstuurd en als zodanig gemarkeerd";
    over_cap(status: &str, until: &str), "The workspace accepts rows without storing them now ({status}; begins again {until}); nothing was sent again", "De werkruimte accepteert nu rijen zonder ze op te slaan ({status}; begint opnieuw {until}); er is niets opnieuw verstuurd";
    not_verified(why: &str), "not verified: {why}", "niet geverifieerd: {why}";
    last_verified(ago: &str), "verified {ago}", "{ago} geverifieerd";
    cut(rows: &str, columns: &str, numbers: &str), "{rows} with texts longer than 64 KB, which were cut: {columns} ({numbers})", "{rows} met teksten langer dan 64 KB, die zijn ingekort: {columns} ({numbers})";
    wrong_type(rows: &str, columns: &str, numbers: &str), "{rows} with values that do not fit their column and were left out: {columns} ({numbers})", "{rows} met waarden die niet in hun kolom passen en zijn weggelaten: {columns} ({numbers})";
    refused(rows: &str, numbers: &str, detail: &str), "Azure refused {rows}: {numbers} ({detail})", "Azure weigerde {rows}: {numbers} ({detail})";
    rule_not_read(why: &str), "The data collection rule could not be read, so its columns were not checked ({why})", "De regel voor gegevensverzameling was niet leesbaar; de kolommen zijn niet gecontroleerd ({why})";
    not_marked_removed(connection: &str, why: &str), "Rows of {connection}, whose work items are gone here, could not be marked as removed ({why})", "Rijen van {connection}, waarvan de werkitems hier weg zijn, konden niet als verwijderd worden gemarkeerd ({why})";
    send_numbers_unchecked(why: &str), "The workspace could not be asked for its newest rows before the first rows were sent ({why}). If the clock was set back since an earlier database sent rows, old rows may show as the newest", "De werkruimte kon niet naar de nieuwste rijen worden gevraagd voordat de eerste rijen werden verstuurd ({why}). Als de klok is teruggezet sinds een eerdere database rijen verstuurde, kunnen oude rijen als de nieuwste verschijnen";
    values_labels, "labels", "labels";
    values_numbers, "numbers", "nummers";
    other_values(values: &str), "States, priorities and other choices are sent as {values}; the workspace still has rows from before this was changed", "Statussen, prioriteiten en andere keuzes gaan als {values} mee; de werkruimte heeft nog rijen van vóór die wijziging";
    other_values_next(workspace: &str), "To send everything again, which costs as much as the first time: itsmc workspace send {workspace} --full", "Alles opnieuw versturen, dat evenveel kost als de eerste keer: itsmc workspace send {workspace} --full";
    log_not_taken(why: &str), "No rows were sent to the status table ({why})", "Er zijn geen rijen naar de statustabel verstuurd ({why})";
}

/// A finding in one line.
pub fn finding(lang: Lang, found: &SendFinding) -> String {
    match found {
        SendFinding::CutValues { rows, numbers, columns } => {
            cut(lang, &number::rows(lang, *rows), &columns.join(", "), &numbers.join(", "))
        }
        SendFinding::WrongType { rows, numbers, columns } => {
            wrong_type(lang, &number::rows(lang, *rows), &columns.join(", "), &numbers.join(", "))
        }
        SendFinding::RefusedRows { rows, numbers, detail } => {
            refused(lang, &number::rows(lang, *rows), &numbers.join(", "), detail)
        }
        SendFinding::RuleNotRead { fault } => rule_not_read(lang, &fault::summary(lang, fault)),
        SendFinding::NotMarkedRemoved { connection, fault, .. } => {
            not_marked_removed(lang, connection, &fault::summary(lang, fault))
        }
        SendFinding::SendNumbersUnchecked { fault } => send_numbers_unchecked(lang, &fault::summary(lang, fault)),
        SendFinding::LogNotTaken { fault } => log_not_taken(lang, &fault::summary(lang, fault)),
        SendFinding::OtherValues { workspace, values } => {
            format!("{}. {}", other_values(lang, values_name(lang, *values)), other_values_next(lang, workspace))
        }
    }
}

/// What is sent for choices, in a word.
pub fn values_name(lang: Lang, values: Values) -> &'static str {
    match values {
        Values::Labels => values_labels(lang),
        Values::Numbers => values_numbers(lang),
    }
}

/// How many work items are in a state, here and there.
pub fn state_line(lang: Lang, one: &StateCount) -> String {
    let [here, there] = [one.here, one.there].map(|count| number::grouped(lang, count));
    let state = if one.state.is_empty() { no_state(lang) } else { one.state.as_str() };
    state_count(lang, step::kind(lang, one.kind), state, &here, &there)
}

/// What the rule itself says, each line with its mark. Where it says nothing, that proves nothing.
pub fn rule_lines(lang: Lang, record: &VerifyRecord) -> Vec<(char, String)> {
    let mut lines = Vec::new();
    if let Some(why) = &record.rule_fault {
        lines.push(('·', rule_unknown(lang, &fault::summary(lang, why))));
    }
    if let Some(rule) = &record.rule {
        let mark = if rule.dropped + rule.failed_requests + rule.errors > 0 { '▲' } else { '·' };
        let [received, dropped] = [rule.received, rule.dropped].map(|rows| number::rows(lang, rows));
        let seconds = u64::try_from(record.at.duration_since(rule.since).as_secs()).unwrap_or(0);
        lines.push((mark, rule_counts(lang, &received, &dropped, &time::span(lang, seconds))));
        if rule.failed_requests > 0 {
            lines.push(('▲', rule_failed(lang, &number::requests(lang, rule.failed_requests))));
        }
        if rule.errors > 0 {
            lines.push(('▲', rule_transformation(lang, &number::grouped(lang, rule.errors))));
        }
    }
    for error in record.rule_errors.iter().flatten() {
        lines.push(('▲', rule_error(lang, error.times, &error.message)));
    }
    if record.cap.is_none() {
        lines.push(('·', cap_unknown(lang).to_owned()));
    }
    lines
}
