//! The line of the dashboard about alerts.

crate::texts! {
    alerts, "Alerts", "Meldingen";
    fired[count], "{count} fired" | "{count} fired", "{count} gaat af" | "{count} gaan af";
    all_have_tickets, "all have a ticket", "alle hebben een ticket";
    it_has_a_ticket, "it has a ticket", "die heeft een ticket";
    without_ticket(count: &str, why: &str), "{count} without a ticket ({why})", "{count} zonder ticket ({why})";
    without_ticket_short(count: &str), "{count} without a ticket", "{count} zonder ticket";
    waiting(count: &str), "{count} not decided yet", "over {count} is nog niet beslist";
    no_rule[count], "{count} matches no rule" | "{count} match no rule", "bij {count} past geen regel" | "bij {count} past geen regel";
    muted(count: &str), "{count} muted", "{count} gedempt";
    before(count: &str), "{count} from before the source", "{count} van voor de bron";
    severity(count: &str), "{count} by severity", "{count} door de ernst";
    other[count], "{count} for another reason" | "{count} for other reasons", "{count} om een andere reden" | "{count} om andere redenen";
    refused(count: &str), "tickets refused: {count}", "geweigerde tickets: {count}";
    unsure(count: &str), "tickets unsure: {count}", "onzekere tickets: {count}";
    doubled(count: &str), "tickets with a double: {count}", "tickets met een dubbel: {count}";
    lost(count: &str), "tickets gone: {count}", "verdwenen tickets: {count}";
    not_read(name: &str, why: &str), "{name} is not read: {why}", "{name} wordt niet gelezen: {why}";
    may_miss(name: &str), "{name}: alerts may be missing", "{name}: meldingen kunnen ontbreken";
    not_read_yet, "not read yet", "nog niet gelezen";
    no_rules, "no rule is on, so no tickets", "er staat geen regel aan, dus geen tickets";
    rules_half_written, "the alert rules may be half written", "de meldingsregels zijn misschien half geschreven";
    rules_unusable, "the alert rules cannot be used", "de meldingsregels zijn niet te gebruiken";
}
