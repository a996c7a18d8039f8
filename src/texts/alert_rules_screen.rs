//! What the screens of the alert rules and of their preview say.

use crate::model::alert_rules::{AlertRule, Matches, Pattern};
use crate::model::lang::Lang;

crate::texts! {
    title, "Alert rules", "Meldingsregels";
    preview_title, "Preview: nothing is written", "Voorvertoning: schrijft niets";
    key_rules, "rules", "regels";
    key_preview, "preview", "voorvertoning";
    key_preview_one, "preview", "voorvertonen";
    key_preview_all, "preview all", "alles voorvertonen";
    key_ticket, "details", "details";
    key_seven_days, "last 7 days", "laatste 7 dagen";
    key_thirty_days, "last 30 days", "laatste 30 dagen";
    key_all_rules, "all rules", "alle regels";
    key_again, "reload", "opnieuw laden";

    file(path: &str), "File: {path}", "Bestand: {path}";
    counts(on: &str, all: &str), "{on} of {all} on", "{on} van {all} aan";
    no_file, "There is no file of rules yet, so no alert gets a ticket.", "Er is nog geen bestand met regels, dus geen melding krijgt een ticket.";
    no_file_next(path: &str), "Begin with the template: itsmc alert rules --template > {path}", "Begin met het sjabloon: itsmc alert rules --template > {path}";
    no_file_import, "Or take over the actions of the old connector: itsmc alert import-actions SOURCE", "Of neem de acties van de oude connector over: itsmc alert import-actions BRON";
    wrong_file, "The file cannot be used. Correct and save it; itsmc reads it again by itself:", "Het bestand is niet bruikbaar. Corrigeer het en sla het op; itsmc leest het vanzelf opnieuw:";
    last_rules, "Until then these rules apply, the last valid ones:", "Tot dan gelden deze regels, de laatste die bruikbaar waren:";
    no_rules_decide, "Until then no rule decides: new alerts wait.", "Tot dan beslist geen regel: nieuwe meldingen wachten.";
    no_rules_in_file, "The file has no rule.", "Er staat geen regel in het bestand.";
    on, "on", "aan";
    off, "off", "uit";
    line(line: usize), "line {line}", "regelnummer {line}";
    makes(kind: &str, connection: &str), "{kind} in {connection}", "{kind} in {connection}";
    lately(alerts: &str, tickets: &str), "30 days: {alerts}, {tickets}", "30 dagen: {alerts}, {tickets}";
    budget(used: &str, budget: &str, minutes: &str), "budget: {used} of {budget} used in {minutes} min", "budget: {used} van {budget} gebruikt in {minutes} min";
    budget_used_up(used: &str, budget: &str, minutes: &str), "budget used up: {used} of {budget} tickets in {minutes} min; further alerts go to the umbrella ticket", "budget op: {used} van {budget} tickets in {minutes} min; verdere meldingen gaan naar het verzamelticket";
    label_matches, "Matches", "Past op";
    every_alert, "every alert", "elke melding";
    key_is(key: &str, values: &str), "{key}: {values}", "{key}: {values}";

    last_days(days: u16), "Last {days} days, by the current rules", "Laatste {days} dagen, huidige regels";
    last_days_one(days: u16, rule: &str), "Last {days} days, as if rule '{rule}' were on", "Laatste {days} dagen, alsof regel '{rule}' aan staat";
    reading(done: &str, of: &str), "Reading alerts: {done} of {of}", "Meldingen lezen: {done} van {of}";
    older(count: &str), " · {count} older ones are not listed", " · {count} oudere staan er niet bij";
    beginning, "Reading the rules", "Regels lezen";
    stopping, "Stopping", "Stopt";
    stopped, "The preview was stopped. Press r to load it again.", "De voorvertoning is gestopt. Druk op r om die opnieuw te laden.";
    rule_counts(rule: &str, alerts: &str, tickets: &str, merged: &str), "{rule}: {alerts}, {tickets}, {merged} merged", "{rule}: {alerts}, {tickets}, {merged} samengevoegd";
    beyond(alerts: &str), "; {alerts} over its budget", "; {alerts} boven het budget";
    more_rules[count], "+{count} rule" | "+{count} rules", "+{count} regel" | "+{count} regels";
    sum(alerts: &str, tickets: &str, without: &str), "Total: {alerts}, {tickets}, {without} without a ticket", "Totaal: {alerts}, {tickets}, {without} zonder ticket";
    sum_short(alerts: &str, tickets: &str, without: &str), "{alerts}: {tickets}, {without} without", "{alerts}: {tickets}, {without} zonder";
    no_alerts, "No alerts are stored of these days. s on the alerts reads them from Azure; itsmc alert import FILE reads a file.", "Er zijn geen meldingen van deze dagen opgeslagen. s bij de meldingen leest ze uit Azure; itsmc alert import BESTAND leest een bestand.";
    no_alert_of_rule, "This rule matches none of the alerts of these days. Press F to show all rules.", "Deze regel past op geen van de meldingen van deze dagen. Druk op F om alle regels te tonen.";
    would_be, "What would happen", "Wat er zou gebeuren";
    same_ticket(count: &str), "{count} alerts share this ticket.", "{count} meldingen delen dit ticket.";
    first_elsewhere, "The ticket was opened before these days.", "Het ticket was voor deze dagen al geopend.";
    heading_ticket, "The ticket it would open", "Het ticket dat zou worden geopend";
    label_title, "Title", "Titel";
    label_kind, "Kind", "Soort";
    label_impact, "Impact", "Impact";
    label_urgency, "Urgency", "Urgentie";
    label_group, "Group", "Groep";
    label_caller, "Caller", "Melder";
    label_item, "Item", "Item";
    label_template, "Template", "Sjabloon";
    label_text, "Text", "Tekst";
    label_way, "Route", "Route";
}

/// What a rule matches, each key of the file with its values.
pub fn matches(lang: Lang, rule: &AlertRule) -> Vec<String> {
    let Matches { subscription, resource_group, resource_type, target, rule: azure, service, severity, custom } =
        &rule.matches;
    let lists = [
        ("subscription", subscription),
        ("resource_group", resource_group),
        ("resource_type", resource_type),
        ("target", target),
        ("rule", azure),
        ("service", service),
    ];
    let joined = |list: &[Pattern]| list.iter().map(Pattern::as_str).collect::<Vec<_>>().join(", ");
    let mut told: Vec<_> =
        lists.iter().filter(|(_, list)| !list.is_empty()).map(|(key, list)| key_is(lang, key, &joined(list))).collect();
    if !severity.is_empty() {
        let names: Vec<_> = severity.iter().map(|severity| severity.id()).collect();
        told.push(key_is(lang, "severity", &names.join(", ")));
    }
    told.extend(custom.iter().map(|(name, list)| key_is(lang, &format!("custom.{name}"), &joined(list))));
    if told.is_empty() {
        told.push(every_alert(lang).to_owned());
    }
    told
}
