//! Event Management: what events make of alerts, and alerts of incidents. Everything is done at once, where the product
//! takes some seconds.

use super::access::Verb;
use super::oauth::Account;
use super::state::State;
use super::table::{Store, classes};
use super::writes::{Order, WriteRecord, write};
use crate::core::rng::{hex, parse_hex, stable_hex};

const ALERTS: &str = "em_alert";
const INCIDENTS: &str = "incident";

/// What becomes of the incident when its alert is cleared: `resolve`, `close` or `nothing`.
const CLOSES: &str = "evt_mgmt.alert_closes_incident";
/// What becomes of it when the alert comes back: `reopen`, `new` or `nothing`.
const REOPENS: &str = "evt_mgmt.alert_reopens_incident";
/// For so many seconds after it was cleared an alert comes back as the same one.
const INTERVAL: &str = "evt_mgmt.active_interval";

/// One event.
struct Event<'a>(&'a [(String, String)]);

impl Event<'_> {
    fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    fn clears(&self) -> bool {
        self.get("severity") == "0" || self.get("resolution_state") == "Closing"
    }

    /// Without a key of its own an event is known by where it comes from.
    fn key(&self) -> String {
        match self.get("message_key") {
            "" => ["source", "node", "type", "resource", "metric_name"].map(|name| self.get(name)).join("_"),
            key => key.to_owned(),
        }
    }
}

impl State {
    /// Notes an event that came over the JSON endpoint.
    pub(crate) fn record_event(&self, caller: &Account, id: &str, fields: &[(String, String)]) {
        let at = self.base.clock.now();
        self.writes().push(WriteRecord {
            at,
            user: caller.name.clone(),
            verb: Verb::Insert,
            table: "em_event".into(),
            sys_id: id.to_owned(),
            fields: fields.iter().cloned().collect(),
            done: true,
        });
    }

    /// Does with an event what Event Management does.
    pub(crate) fn process_event(&self, fields: &[(String, String)]) {
        let event = Event(fields);
        let key = event.key();
        let alert = newest_alert(&self.data().store, &key);
        match (alert, event.clears()) {
            (None, true) => {}
            (None, false) => self.new_alert(&event, &key),
            (Some(alert), true) => self.clear_alert(&alert),
            (Some(alert), false) if self.alert_text(&alert, "state") != "Closed" => self.count_event(&alert, &event),
            (Some(alert), false) => self.alert_again(&alert, &event, &key),
        }
    }

    fn alert_text(&self, id: &str, column: &str) -> String {
        let data = self.data();
        let row = parse_hex(id).and_then(|id| data.store.table(ALERTS)?.find(&id));
        row.map_or("", |row| data.store.text(ALERTS, row, column)).to_owned()
    }

    fn event_property(&self, name: &str, usual: &str) -> String {
        let data = self.data();
        let row = data.store.first("sys_properties", &[("name", name)]);
        row.map_or(usual, |row| data.store.text("sys_properties", row, "value")).to_owned()
    }

    fn new_alert(&self, event: &Event<'_>, key: &str) {
        let id = self.new_id();
        let item = bound_item(&self.data().store, event.get("node"));
        let number =
            format!("Alert{:07}", 10_001 + self.data().store.table(ALERTS).map_or(0, |table| table.order().len()));
        let copied =
            ["source", "node", "resource", "metric_name", "type", "description", "severity", "additional_info"];
        let mut fields: Vec<(&str, &str)> = copied.iter().map(|name| (*name, event.get(name))).collect();
        fields.extend([("number", number.as_str()), ("message_key", key), ("state", "Open"), ("event_count", "1")]);
        fields.push(("cmdb_ci", item.as_str()));
        self.as_system(|writer| writer.insert(ALERTS, id, &fields));
        if self.manners().alerts_make_incidents {
            self.incident_of(&hex(&id), event, &item);
        }
    }

    fn incident_of(&self, alert: &str, event: &Event<'_>, item: &str) {
        let level = match event.get("severity") {
            "1" => "1",
            "2" => "2",
            _ => "3",
        };
        let fields = [
            ("short_description", event.get("description")),
            ("description", event.get("description")),
            ("impact", level),
            ("urgency", level),
            ("cmdb_ci", item),
        ];
        let made = self.write_as_system(Verb::Insert, None, &fields);
        if let Some(incident) = made {
            self.change_alert(alert, &[("incident", hex(&incident).as_str())]);
        }
    }

    fn change_alert(&self, id: &str, fields: &[(&str, &str)]) {
        let Some(id) = parse_hex(id) else { return };
        self.as_system(|writer| {
            let row = writer.store.table(ALERTS).and_then(|table| table.find(&id));
            row.and_then(|row| writer.update(ALERTS, row, fields))
        });
    }

    fn count_event(&self, alert: &str, event: &Event<'_>) {
        let count = self.alert_text(alert, "event_count").parse::<u64>().unwrap_or(0) + 1;
        let severity = event.get("severity");
        self.change_alert(alert, &[("event_count", &count.to_string()), ("severity", severity)]);
    }

    fn clear_alert(&self, alert: &str) {
        if self.alert_text(alert, "state") == "Closed" {
            return;
        }
        self.change_alert(alert, &[("state", "Closed"), ("severity", "0")]);
        let closing = [("close_code", "Resolved by caller"), ("close_notes", "The alert was cleared.")];
        let state = match self.event_property(CLOSES, "resolve").as_str() {
            "resolve" => "6",
            "close" => "7",
            _ => return,
        };
        let fields = [("state", state), closing[0], closing[1]];
        self.write_as_system(Verb::Update, self.incident_id(alert), &fields);
    }

    fn alert_again(&self, alert: &str, event: &Event<'_>, key: &str) {
        let interval = self.event_property(INTERVAL, "3600").parse::<i64>().unwrap_or(3600);
        if self.base.clock.now() - self.alert_changed(alert) > interval {
            return self.new_alert(event, key);
        }
        self.count_event(alert, event);
        self.change_alert(alert, &[("state", "Reopen")]);
        let incident = self.incident_id(alert);
        match self.event_property(REOPENS, "reopen").as_str() {
            // A closed incident cannot be reopened: it gets a successor.
            "reopen" if self.write_as_system(Verb::Update, incident, &[("state", "2")]).is_some() => {}
            "reopen" => self.incident_for_again(alert, event),
            "new" => self.incident_for_again(alert, event),
            _ => {}
        }
    }

    fn incident_for_again(&self, alert: &str, event: &Event<'_>) {
        if self.manners().alerts_make_incidents {
            let item = bound_item(&self.data().store, event.get("node"));
            self.incident_of(alert, event, &item);
        }
    }

    fn alert_changed(&self, id: &str) -> i64 {
        let data = self.data();
        let Some(table) = data.store.table(ALERTS) else { return 0 };
        parse_hex(id).and_then(|id| table.find(&id)).map_or(0, |row| table.updated(row))
    }

    fn incident_id(&self, alert: &str) -> Option<[u8; 16]> {
        parse_hex(&self.alert_text(alert, "incident"))
    }

    /// Writes an incident in the name of the system; none if it was refused, or if none is named.
    fn write_as_system(&self, verb: Verb, id: Option<[u8; 16]>, fields: &[(&str, &str)]) -> Option<[u8; 16]> {
        if verb == Verb::Update && id.is_none() {
            return None;
        }
        let fields: Vec<_> = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let order = Order { verb, table: INCIDENTS, id, fields: &fields, by_display: false };
        write(self, &Account::system(), &order).ok()
    }
}

impl Account {
    /// The system itself.
    pub(crate) fn system() -> Self {
        Self {
            name: "system".into(),
            sys_id: stable_hex("sys_user", "system"),
            roles: ["admin".to_owned()].into(),
            api_access: true,
        }
    }
}

fn newest_alert(store: &Store, key: &str) -> Option<String> {
    let rows = store.rows_with(ALERTS, &[("message_key", key)]);
    rows.last().map(|row| store.hex(ALERTS, *row))
}

/// The configuration item of a node: by name, full name or address, and none that is retired.
fn bound_item(store: &Store, node: &str) -> String {
    if node.is_empty() {
        return String::new();
    }
    let columns = ["name", "fqdn", "ip_address"];
    let mut rows = columns.iter().flat_map(|column| store.rows_with(classes::ITEMS, &[(column, node)]));
    let live = rows.find(|row| store.text(classes::ITEMS, *row, "install_status") != "7");
    live.map_or_else(String::new, |row| store.hex(classes::ITEMS, row))
}
