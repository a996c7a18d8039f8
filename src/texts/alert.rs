//! Words of `itsmc alert`.

use jiff::Timestamp;

use super::{reason, time};
use crate::model::alert::Condition;
use crate::model::alert_plan::Verdict;
use crate::model::alert_rules::{RuleProblem, RuleWrong};
use crate::model::alert_source::{Missed, SourceState};
use crate::model::alert_view::{AlertEvent, AlertEventKind};
use crate::model::lang::Lang;

/// An entry of an alert's history.
pub fn event(lang: Lang, event: &AlertEvent) -> String {
    let Some(outcome) = event.outcome.filter(|_| event.event == AlertEventKind::Decided) else {
        return event_kind(lang, event.event).to_owned();
    };
    let what = match event.condition {
        Some(Condition::Resolved) => decided_over(lang, verdict(lang, outcome)),
        _ => decided_fired(lang, verdict(lang, outcome)),
    };
    match &event.rule {
        Some(rule) => by_rule(lang, &what, rule),
        None => what,
    }
}

/// Of which times alerts of a source may be missing, each with what to do.
pub fn missed_times(lang: Lang, name: &str, state: &SourceState, now: Timestamp) -> Vec<(String, String)> {
    let told = |one: &Missed, words: fn(Lang, &str, &str, &str) -> String| {
        words(lang, name, &time::moment(one.from), &time::moment(one.to))
    };
    let mut all: Vec<_> = state.missed.iter().map(|one| (told(one, missed), missed_next(lang, name))).collect();
    all.extend(state.out_of_reach(now).map(|one| (told(&one, out_of_reach), out_of_reach_next(lang, name))));
    all
}

/// Every problem of a file of rules, each with its line.
pub fn problems(lang: Lang, problems: &[RuleProblem]) -> String {
    problems.iter().map(|one| problem(lang, one)).collect::<Vec<_>>().join(" ")
}

/// One problem, with its line and its rule.
pub fn problem(lang: Lang, problem: &RuleProblem) -> String {
    let what = wrong(lang, &problem.wrong);
    match problem.rule.as_str() {
        "" => at_line(lang, problem.line, &what),
        rule => in_rule(lang, problem.line, rule, &what),
    }
}

fn wrong(lang: Lang, wrong: &RuleWrong) -> String {
    let meant = |near: &Option<String>| near.as_ref().map(|name| is_meant(lang, name)).unwrap_or_default();
    match wrong {
        RuleWrong::NotToml { detail } if detail.starts_with("the text is in ") => reason::told(lang, detail),
        RuleWrong::NotToml { detail } => not_toml(lang, &reason::told(lang, detail)),
        RuleWrong::UnknownKey { key, nearest } => unknown_key(lang, key) + &meant(nearest),
        RuleWrong::Missing { key } => missing(lang, key),
        RuleWrong::NotOneOf { key, value, allowed } => not_one_of(lang, key, value, &allowed.join(", ")),
        RuleWrong::OutOfRange { key, value, from, to } => out_of_range(lang, key, *value, *from, *to),
        RuleWrong::Twice { line } => twice(lang, *line),
        RuleWrong::NoSuchConnection { name, nearest } => no_connection(lang, name) + &meant(nearest),
        RuleWrong::NotInProduct { key, value, product } => not_in_product(lang, key, value, product),
        RuleWrong::UnknownPlaceholder { placeholder, nearest } => {
            unknown_placeholder(lang, &format!("{{{placeholder}}}")) + &meant(nearest)
        }
        RuleWrong::Unreachable { rule, line } => unreachable(lang, rule, *line),
    }
}

crate::texts! {
    /// What became of an alert.
    verdict: Verdict {
        Opened => "ticket opened", "ticket geopend";
        OpenedAndResolved => "ticket opened and resolved: the alert was over before it was first seen", "ticket geopend en opgelost: de melding was al voorbij toen die voor het eerst gezien werd";
        Noted => "note added to the open ticket", "notitie toegevoegd aan het open ticket";
        Counted => "counted for the next note: the open ticket has had its notes of this hour", "geteld voor de volgende notitie: het open ticket heeft zijn notities van dit uur gehad";
        Reopened => "resolved ticket opened again", "opgelost ticket opnieuw geopend";
        Umbrella => "added to the umbrella ticket: the rule's budget is used up", "toegevoegd aan het verzamelticket: het budget van de regel is op";
        Resolved => "ticket resolved", "ticket opgelost";
        NotedOver => "note added to the ticket: the alert is over", "notitie toegevoegd aan het ticket: de melding is voorbij";
        LeftOpen => "ticket left open: the rule does nothing when an alert is over", "ticket opengelaten: de regel doet niets als een melding voorbij is";
        OthersFire => "ticket left open: other alerts in it still fire", "ticket opengelaten: andere meldingen erin gaan nog af";
        Flapping => "ticket left open until the flapping series keeps quiet", "ticket opengelaten tot de wisselende reeks rustig blijft";
        TicketClosed => "ticket closed or gone already", "ticket al gesloten of weg";
        Unchanged => "nothing new", "niets nieuws";
        NoRule => "no ticket: no rule matches", "geen ticket: geen regel past";
        NoTicketForSeverity => "no ticket: the rule gives this severity none", "geen ticket: de regel geeft deze ernst er geen";
        Suppressed => "no ticket: an alert processing rule in Azure mutes the alert", "geen ticket: een verwerkingsregel in Azure dempt de melding";
        Test => "no ticket: it is a test notification", "geen ticket: het is een testmelding";
        UnknownShape => "no ticket: the format is unknown; the payload is kept", "geen ticket: het formaat is onbekend; het bericht is bewaard";
        Ignored => "no ticket: an admin ignored the alert", "geen ticket: een beheerder heeft de melding genegeerd";
        BeforeStart => "no ticket: it fired before its source was added", "geen ticket: die ging af voordat de bron was toegevoegd";
        AlreadyOver => "no ticket: it was over before it was first seen", "geen ticket: die was al voorbij toen die voor het eerst gezien werd";
        NoTicket => "it is over; it had no ticket", "die is voorbij; er was geen ticket";
        NoConnection => "no ticket: the rule's connection does not exist", "geen ticket: de verbinding van de regel bestaat niet";
    }
    /// What happened to an alert.
    event_kind: AlertEventKind {
        Decided => "decided", "beslist";
        Retried => "an admin had it decided about again", "een beheerder liet er opnieuw over beslissen";
        Ignored => "an admin ignored the alert", "een beheerder heeft de melding genegeerd";
        TicketRetried => "an admin had the writes of its ticket tried again", "een beheerder liet de schrijfacties van het ticket opnieuw proberen";
    }
    decided_fired(what: &str), "fired: {what}", "afgegaan: {what}";
    decided_over(what: &str), "over: {what}", "voorbij: {what}";
    by_rule(what: &str, rule: &str), "{what} (rule {rule})", "{what} (regel {rule})";
    history, "History", "Geschiedenis";
    at_line(line: usize, what: &str), "Line {line}: {what}.", "Regelnummer {line}: {what}.";
    in_rule(line: usize, rule: &str, what: &str), "Line {line}, rule '{rule}': {what}.", "Regelnummer {line}, meldingsregel '{rule}': {what}.";
    is_meant(name: &str), " (did you mean {name}?)", " (bedoelt u {name}?)";
    not_toml(detail: &str), "this is not TOML: {detail}", "dit is geen TOML: {detail}";
    unknown_key(key: &str), "the key {key} is unknown", "de sleutel {key} is onbekend";
    missing(key: &str), "{key} is missing", "{key} ontbreekt";
    not_one_of(key: &str, value: &str, allowed: &str), "{key} cannot be '{value}'; it is one of: {allowed}", "{key} kan niet '{value}' zijn; wel een van: {allowed}";
    out_of_range(key: &str, value: i64, from: i64, to: i64), "{key} is {value}, and must be {from} to {to}", "{key} is {value}, en moet {from} tot {to} zijn";
    twice(line: usize), "the rule on line {line} has the same name", "de meldingsregel op regelnummer {line} heeft dezelfde naam";
    no_connection(name: &str), "there is no connection called {name}", "er is geen verbinding die {name} heet";
    not_in_product(key: &str, value: &str, product: &str), "{key} = '{value}' does not exist in {product}", "{key} = '{value}' bestaat niet in {product}";
    unknown_placeholder(placeholder: &str), "the placeholder {placeholder} is unknown", "de plaatshouder {placeholder} is onbekend";
    unreachable(rule: &str, line: usize), "no alert reaches it: rule '{rule}' on line {line} matches every alert", "geen melding bereikt die: meldingsregel '{rule}' op regelnummer {line} past op elke melding";

    bad_name, "A source's name has 1 to 50 letters, digits, '-', '_' or '.', and begins with a letter or digit", "De naam van een bron heeft 1 tot 50 letters, cijfers, '-', '_' of '.', en begint met een letter of cijfer";
    no_sources, "No alert sources. Add one: itsmc alert source add NAME --sign-in cli", "Geen meldingsbronnen. Voeg er een toe: itsmc alert source add NAAM --sign-in cli";
    source_saved(name: &str, count: usize), "Source {name} is saved; subscriptions: {count}", "Bron {name} is opgeslagen; abonnementen: {count}";
    shared_subscription(subscription: &str, sources: &str), "Several sources read subscription {subscription}: {sources}. Each alert counts once, but every source queries Azure for it. Keep the subscription in one source: itsmc alert source edit NAME --subscription ID", "Meerdere bronnen lezen abonnement {subscription}: {sources}. Elke melding telt één keer, maar elke bron vraagt ernaar bij Azure. Houd het abonnement bij één bron: itsmc alert source edit NAAM --subscription ID";
    nothing_given, "Nothing to change was given: see itsmc alert source edit --help", "Er is niets opgegeven om te wijzigen: zie itsmc alert source edit --help";
    next_rules, "Next: write rules (itsmc alert rules --template), then read alerts: itsmc alert poll", "Daarna: schrijf regels (itsmc alert rules --template) en lees meldingen: itsmc alert poll";
    source_signed_in(name: &str), "Signed in for the source {name}", "Aangemeld voor de bron {name}";
    remove_source_question(name: &str), "Remove the source {name} with its secret? Its alerts and tickets stay.", "De bron {name} met het geheim verwijderen? De meldingen en tickets blijven.";
    source_not_removed, "The source was not removed", "De bron is niet verwijderd";
    source_removed(name: &str), "Source {name} is removed", "Bron {name} is verwijderd";
    subscription, "subscription", "abonnement";
    read_at, "last read", "laatst gelezen";
    source_stale(name: &str, age: &str), "{name}: alerts were not read for more than {age}", "{name}: meldingen zijn al meer dan {age} niet gelezen";
    undecided_stale(age: &str), "Nothing was decided about an alert for more than {age}: itsmc alert poll", "Over een melding is al meer dan {age} niet beslist: itsmc alert poll";
    writes_wait(ago: &str), "Writes to tickets wait; the oldest was prepared {ago}: itsmc ticket send", "Er wachten schrijfacties voor tickets; de oudste is {ago} voorbereid: itsmc ticket send";
    writes_stale(age: &str), "A write to a ticket waits for more than {age}: itsmc ticket send", "Een schrijfactie voor een ticket wacht al meer dan {age}: itsmc ticket send";
    no_rule_is_on, "No alert rule is on, so no alert gets a ticket: itsmc alert rule list", "Er staat geen meldingsregel aan, dus geen melding krijgt een ticket: itsmc alert rule list";
    never_read, "never read", "nooit gelezen";
    is_read, "read", "gelezen";
    missed(name: &str, from: &str, to: &str), "{name}: alerts that fired from {from} to {to} may be missing. Nobody read them in time, and Azure keeps alerts for 30 days.", "{name}: meldingen die afgingen van {from} tot {to} kunnen ontbreken. Niemand las ze op tijd, en Azure bewaart meldingen 30 dagen.";
    missed_next(name: &str), "Check by other means what happened in that time. Then dismiss this: itsmc alert source dismiss {name}", "Ga op een andere manier na wat er in die tijd gebeurde. Vink dit daarna af: itsmc alert source dismiss {name}";
    out_of_reach(name: &str, from: &str, to: &str), "{name}: Azure has deleted alerts that fired from {from} to {to} before anybody read them, and deletes more every day.", "{name}: Azure heeft meldingen die afgingen van {from} tot {to} verwijderd voordat iemand ze las, en verwijdert er elke dag meer.";
    out_of_reach_next(name: &str), "Read the source now: itsmc alert poll {name}", "Lees de bron nu: itsmc alert poll {name}";
    may_miss, "alerts may be missing", "meldingen kunnen ontbreken";
    dismissed[count, name: &str], "{name}: {count} time without alerts is dismissed" | "{name}: {count} times without alerts are dismissed", "{name}: {count} periode zonder meldingen is afgevinkt" | "{name}: {count} perioden zonder meldingen zijn afgevinkt";
    nothing_to_dismiss(name: &str), "{name}: there is nothing to dismiss", "{name}: er is niets om af te vinken";
    source_read(name: &str, ago: &str), "Alerts of {name}: read {ago}", "Meldingen van {name}: gelezen {ago}";
    source_never_read(name: &str), "Alerts of {name}: never read. Read them: itsmc alert poll {name}", "Meldingen van {name}: nooit gelezen. Lees ze: itsmc alert poll {name}";
    source_not_read(name: &str), "Alerts of {name} could not be read:", "Meldingen van {name} konden niet gelezen worden:";
    unknown_forms[count], "{count} alert has a format that itsmc does not know, so it has no ticket" | "{count} alerts have a format that itsmc does not know, so they have no ticket", "{count} melding heeft een formaat dat itsmc niet kent, en dus geen ticket" | "{count} meldingen hebben een formaat dat itsmc niet kent, en dus geen ticket";
    see_unknown_forms, "See them: itsmc alert list --outcome unknown-shape. One that does not matter: itsmc alert ignore ID", "Bekijk ze: itsmc alert list --outcome unknown-shape. Doet er een niet toe: itsmc alert ignore ID";
    ticket_lost(number: &str, connection: &str, alert: &str), "Ticket {number} is gone from {connection}, but its alert still fires ({alert})", "Ticket {number} is weg uit {connection}, maar de melding gaat nog af ({alert})";
    ticket_lost_remedy(alert: &str), "If the product was restored from a backup, open another ticket: itsmc alert retry {alert}. If somebody deleted it on purpose: itsmc alert ignore {alert}", "Is het product teruggezet uit een back-up, open dan een ander ticket: itsmc alert retry {alert}. Heeft iemand het met opzet verwijderd: itsmc alert ignore {alert}";
    more_tickets_lost[count], "{count} more ticket is gone; itsmc status --json names it" | "{count} more tickets are gone; itsmc status --json names them", "Er is nog {count} ticket weg; itsmc status --json noemt het" | "Er zijn nog {count} tickets weg; itsmc status --json noemt ze";
    part_not_read(name: &str, subscriptions: &str), "Alerts of {name} could not be read in subscription {subscriptions}:", "Meldingen van {name} konden niet gelezen worden in abonnement {subscriptions}:";
    none_listed, "read, no alert visible", "gelezen, geen melding zichtbaar";

    read(name: &str, alerts: &str, new: &str, changed: &str), "{name}: {alerts} read, {new} new, {changed} changed", "{name}: {alerts} gelezen, {new} nieuw, {changed} gewijzigd";
    waits(name: &str, until: &str), "{name} was not read: Azure asks to wait; try again {until}", "{name} is niet gelezen: Azure vraagt te wachten; probeer opnieuw {until}";
    not_read(name: &str), "{name} could not be read:", "{name} kon niet gelezen worden:";
    nothing_listed, "Azure lists no alert here. It lists only alerts of resources that the sign-in may read: check its role (Monitoring Reader).", "Azure toont hier geen melding. Het toont alleen meldingen van resources die de aanmelding mag lezen: controleer de rol (Monitoring Reader).";
    acknowledged(name: &str, alerts: &str), "{name}: {alerts} acknowledged in Azure", "{name}: {alerts} bevestigd in Azure";
    not_acknowledged[count, name: &str], "{name}: {count} alert with a ticket is not acknowledged in Azure yet. Its ticket does not depend on it:" | "{name}: {count} alerts with a ticket are not acknowledged in Azure yet. Their tickets do not depend on it:", "{name}: {count} melding met een ticket is nog niet bevestigd in Azure. Het ticket hangt er niet van af:" | "{name}: {count} meldingen met een ticket zijn nog niet bevestigd in Azure. De tickets hangen er niet van af:";
    unseen(count: u64), "Tickets whose alert is older than 30 days: {count}. Azure has deleted these alerts, so itsmc cannot see whether they are over. Check them: itsmc alert list --last 400d --fired", "Tickets waarvan de melding ouder is dan 30 dagen: {count}. Azure heeft die meldingen verwijderd, dus itsmc kan niet zien of ze voorbij zijn. Controleer ze: itsmc alert list --last 400d --fired";
    taken(new: u64, changed: u64, same: u64), "Alerts stored: {new} new, {changed} changed, {same} known already", "Meldingen opgeslagen: {new} nieuw, {changed} gewijzigd, {same} al bekend";

    no_rules(path: &str), "There are no rules, so no alert gets a ticket. Begin with: itsmc alert rules --template > {path}", "Er zijn geen regels, dus geen melding krijgt een ticket. Begin met: itsmc alert rules --template > {path}";
    switched_on, "on", "aan";
    switched_off, "off", "uit";
    connection, "connection", "verbinding";
    makes, "makes", "maakt";
    alerts_lately, "alerts in 30 days", "meldingen in 30 dagen";
    tickets_lately, "tickets in 30 days", "tickets in 30 dagen";
    checked(path: &str, count: usize), "{path} can be used; rules: {count}", "{path} is te gebruiken; regels: {count}";
    no_actions, "There are no ITSM actions in the action groups of these subscriptions", "Er staan geen ITSM-acties in de actiegroepen van deze abonnementen";
    actions_written(count: usize, path: &str), "ITSM actions: {count}. Their rules are in {path}, all switched off", "ITSM-acties: {count}. De regels ervoor staan in {path}, alle uitgeschakeld";
    rules_unread(what: &str), "These alert rules could not be read, so rules may lack names: {what}", "Deze Azure-regels konden niet gelezen worden, dus regels kunnen namen missen: {what}";

    fired, "fired", "afgegaan";
    severity, "severity", "ernst";
    azure_rule, "alert rule", "Azure-regel";
    item, "affected", "getroffen";
    rule, "rule", "regel";
    outcome, "outcome", "uitkomst";
    condition, "condition", "toestand";
    ticket, "ticket", "ticket";
    is_fired, "fired", "gaat af";
    is_resolved, "resolved", "voorbij";
    not_said, "unknown", "onbekend";
    cannot_see, "cannot be seen any more", "niet meer te zien";
    waits_for_decision, "waits for a decision: itsmc alert poll", "wacht op een beslissing: itsmc alert poll";
    no_alerts, "No alerts. Read them: itsmc alert poll", "Geen meldingen. Lees ze: itsmc alert poll";
    ignored(count: u64), "Alerts that get no ticket: {count}", "Meldingen die geen ticket krijgen: {count}";
    have_tickets(count: u64), "Alerts that have a ticket already and stay as they are: {count}", "Meldingen die al een ticket hebben en blijven zoals ze zijn: {count}";

    rule_count(rule: &str, alerts: &str, tickets: &str, merged: &str), "Rule '{rule}': {alerts}, {tickets}, {merged}", "Regel '{rule}': {alerts}, {tickets}, {merged}";
    beyond(rule: &str, alerts: &str, umbrellas: &str), "Rule '{rule}': {alerts} beyond its budget, in {umbrellas}", "Regel '{rule}': {alerts} boven het budget, in {umbrellas}";
    all_counts(alerts: &str, tickets: &str, without: &str), "All: {alerts}, {tickets}, {without}", "Alles: {alerts}, {tickets}, {without}";
    older_in_json(count: &str), "{count} older alerts are not listed here; --json has all of them", "{count} oudere meldingen staan hier niet bij; --json heeft ze alle";
    nothing_written, "Nothing was written.", "Er is niets geschreven.";
}
