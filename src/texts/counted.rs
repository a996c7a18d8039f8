//! Counts with the word for what is counted, to be put into sentences that count several things.

crate::texts! {
    alerts[count], "{count} alert" | "{count} alerts", "{count} melding" | "{count} meldingen";
    alerts_without_ticket[count], "{count} alert without a ticket" | "{count} alerts without a ticket", "{count} melding zonder ticket" | "{count} meldingen zonder ticket";
    alerts_in_ticket[count], "{count} alert added to an existing ticket" | "{count} alerts added to an existing ticket", "{count} melding bij een bestaand ticket" | "{count} meldingen bij een bestaand ticket";
    tickets[count], "{count} ticket" | "{count} tickets", "{count} ticket" | "{count} tickets";
    umbrella_tickets[count], "{count} umbrella ticket" | "{count} umbrella tickets", "{count} verzamelticket" | "{count} verzameltickets";
    sources[count], "{count} source" | "{count} sources", "{count} bron" | "{count} bronnen";
    subscriptions[count], "{count} subscription" | "{count} subscriptions", "{count} abonnement" | "{count} abonnementen";
    rules[count], "{count} rule" | "{count} rules", "{count} regel" | "{count} regels";
}
