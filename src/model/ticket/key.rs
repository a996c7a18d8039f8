//! What a ticket is for, and the ids made of that: the same key always gives the same ids, so a ticket can be found again
//! after its reply was lost.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::model::azure_id;
use crate::model::connection::Connection;

/// How many hexadecimal digits a marker has.
const MARKER_DIGITS: usize = 12;
/// What a mark begins with.
pub const MARK: &str = "[azm-";
/// What sets the generation of a replacement apart.
const REPLACEMENT: u32 = 1_000;
/// How many hexadecimal digits tell tickets of one alert apart.
const SUFFIX_DIGITS: usize = 8;

/// What a ticket is for: one alert or one group of alerts, or one umbrella over a storm.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "of", content = "id", rename_all = "kebab-case")]
pub enum Subject {
    /// One alert, by its GUID in lower case.
    Alert(String),
    /// Alerts that share a ticket, by the key that they share: a rule, a series, a rule's budget.
    Group(String),
}

/// The identity of one ticket. Tickets with equal keys are one ticket.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TicketKey {
    /// The server of the connection, as in its settings.
    pub instance: String,
    /// The connection's name.
    pub connection: String,
    /// The name that stands for it in ids, where it was renamed since it made its first ticket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_as: Option<String>,
    /// What it is for.
    pub subject: Subject,
    /// The configuration item, where each has a ticket of its own: its Azure resource id or its name, in lower case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// 0 for the first ticket; one more for each that had to follow because the one before can no longer be reopened.
    #[serde(default)]
    pub generation: u32,
}

impl TicketKey {
    /// The key of the first ticket of an alert.
    pub fn of_alert(connection: &Connection, guid: &str) -> Self {
        Self::new(connection, Subject::Alert(guid.to_lowercase()))
    }

    /// The key of the first ticket of a group of alerts.
    pub fn of_group(connection: &Connection, group: &str) -> Self {
        Self::new(connection, Subject::Group(group.to_owned()))
    }

    fn new(connection: &Connection, subject: Subject) -> Self {
        let instance = Self::instance_of(connection);
        let known_as = connection.known_as.as_ref().map(ToString::to_string);
        Self { instance, connection: connection.name.to_string(), known_as, subject, item: None, generation: 0 }
    }

    /// The server of a connection, as keys have it: its origin, the same however its URL is written.
    pub fn instance_of(connection: &Connection) -> String {
        origin(connection.server_url.as_str())
    }

    /// Whether its ticket is on this server, however either is written.
    pub fn is_at(&self, instance: &str) -> bool {
        self.instance == instance || origin(&self.instance) == origin(instance)
    }

    /// Whether a ticket of the other key would be made in the same place.
    pub fn is_beside(&self, other: &Self) -> bool {
        self.is_at(&other.instance) && self.connection == other.connection
    }

    /// The same for one configuration item.
    pub fn for_item(self, item: &str) -> Self {
        Self { item: Some(item.to_lowercase()), ..self }
    }

    /// The key of the ticket that follows.
    pub fn next(&self) -> Self {
        Self { generation: self.generation + 1, ..self.clone() }
    }

    /// The key of the ticket that takes the place of one that was closed in the product. It is out of the way of
    /// [`next`](Self::next), which whoever decides about alerts counts up.
    pub fn replacement(&self) -> Self {
        Self { generation: self.generation + REPLACEMENT, ..self.clone() }
    }

    /// The key of the first of the tickets of which this one took the place; `None` for one that took no place.
    pub fn replaced(&self) -> Option<Self> {
        let generation = self.generation % REPLACEMENT;
        (generation != self.generation).then(|| Self { generation, ..self.clone() })
    }

    /// The ticket's id in our database, and the `sys_id` that it gets in ServiceNow: the first 32 hexadecimal digits of a
    /// SHA-256 over all parts.
    pub fn id(&self) -> String {
        hex(&self.whole(), 32)
    }

    /// The id that it gets in Dataverse.
    pub fn guid(&self) -> String {
        azure_id::guid_of(&self.whole())
    }

    /// What stands in `correlation_id` and, for events, in `message_key`: `azm:` and the alert's GUID. Further tickets of
    /// one alert (by configuration item, or later ones) and groups get a fingerprint in addition. At most 100
    /// characters, all ASCII, none of them with a meaning in a query.
    pub fn correlation(&self) -> String {
        match (&self.subject, self.is_plain()) {
            (Subject::Alert(guid), true) => format!("azm:{}", plain(guid)),
            (Subject::Alert(guid), false) => format!("azm:{}-{}", plain(guid), hex(&self.part(), SUFFIX_DIGITS)),
            (Subject::Group(_), _) => format!("azm:group-{}", hex(&self.part(), 32)),
        }
    }

    /// What stands in the title where the product has no field for a key of ours: a fingerprint, since the beginnings of two
    /// GUIDs may be equal.
    pub fn marker(&self) -> String {
        format!("{MARK}{}]", hex(&self.part(), MARKER_DIGITS))
    }

    fn is_plain(&self) -> bool {
        self.item.is_none() && self.generation == 0
    }

    /// All parts. Lengths keep two keys from becoming one text.
    fn whole(&self) -> String {
        let (instance, connection) = (&self.instance, self.known_as.as_ref().unwrap_or(&self.connection));
        format!("itsmc/1|{}:{instance}|{}:{connection}|{}", instance.len(), connection.len(), self.part())
    }

    /// The parts that are the same for everyone who tickets the same alert.
    fn part(&self) -> String {
        let (of, id) = match &self.subject {
            Subject::Alert(id) => ("alert", id),
            Subject::Group(id) => ("group", id),
        };
        let item = self.item.as_deref().unwrap_or("-");
        format!("{of}|{}:{id}|{}:{item}|{}", id.len(), item.len(), self.generation)
    }
}

/// Scheme, host and port of a URL: capitals, a path, the scheme's own port and a dot behind the host make no other server.
fn origin(text: &str) -> String {
    let parsed = url::Url::parse(text).ok();
    let parts = parsed.as_ref().and_then(|url| Some((url, url.host_str()?)));
    let Some((url, host)) = parts else { return text.trim_end_matches('/').to_lowercase() };
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}://{}{port}", url.scheme(), host.trim_end_matches('.'))
}

/// An alert's id as it may stand in a field and a query: a GUID as it is, anything else as a fingerprint.
fn plain(id: &str) -> String {
    if azure_id::is_guid(id) { id.to_lowercase() } else { hex(id, 32) }
}

fn hex(text: &str, digits: usize) -> String {
    let hash = Sha256::digest(text.as_bytes());
    hash.iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .take(digits)
        .filter_map(|d| char::from_digit(d.into(), 16))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GUID: &str = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9";

    fn key() -> TicketKey {
        TicketKey {
            instance: "https://contoso.service-now.com".into(),
            connection: "contoso".into(),
            known_as: None,
            subject: Subject::Alert(GUID.into()),
            item: None,
            generation: 0,
        }
    }

    #[test]
    fn one_key_gives_one_id_and_each_part_changes_it() {
        let others = [
            TicketKey { connection: "other".into(), ..key() },
            TicketKey { instance: "https://x.service-now.com".into(), ..key() },
            TicketKey { subject: Subject::Group(GUID.into()), ..key() },
            key().for_item("vm1"),
            key().next(),
        ];
        assert_eq!(key().id(), key().id());
        for other in others {
            assert_ne!(key().id(), other.id(), "{other:?}");
            assert_ne!(key().guid(), other.guid(), "{other:?}");
        }
        let id = key().id();
        assert!(id.len() == 32 && id.chars().all(|c| c.is_ascii_hexdigit() && !c.is_uppercase()), "{id}");
        assert!(azure_id::is_guid(&key().guid()));
    }

    #[test]
    fn a_server_is_the_same_however_its_url_is_written() {
        for same in [
            "https://contoso.service-now.com",
            "https://contoso.service-now.com/",
            "HTTPS://Contoso.Service-Now.com",
            "https://contoso.service-now.com:443",
            "https://contoso.service-now.com./",
            "https://contoso.service-now.com/nav_to.do?uri=incident.do",
        ] {
            assert!(key().is_at(same) && key().is_beside(&TicketKey { instance: same.into(), ..key() }), "{same}");
        }
        for other in [
            "http://contoso.service-now.com",
            "https://contoso.service-now.com:8443",
            "https://contoso2.service-now.com",
            "https://contoso.service-now.com.example",
            "contoso",
        ] {
            assert!(!key().is_at(other) && !TicketKey { instance: other.into(), ..key() }.is_beside(&key()), "{other}");
        }
        let server_url = crate::model::url::ServerUrl::parse("https://contoso.service-now.com.", &[]).unwrap().0;
        let written = Connection { server_url, ..crate::model::alert_plan::tests::connection("contoso") };
        assert_eq!(TicketKey::instance_of(&written), key().instance, "a new ticket has the id that it always had");
    }

    #[test]
    fn a_renamed_connection_gives_the_ids_that_it_always_gave() {
        let renamed = TicketKey { connection: "new".into(), known_as: Some("contoso".into()), ..key() };
        assert_eq!((renamed.id(), renamed.guid()), (key().id(), key().guid()));
        let name = crate::model::connection::ConnectionName::parse("contoso").unwrap();
        let connection = Connection { known_as: Some(name), ..crate::model::alert_plan::tests::connection("new") };
        let made = TicketKey::of_alert(&connection, GUID);
        assert_eq!((made.connection.as_str(), made.known_as.as_deref()), ("new", Some("contoso")));
        let plain = serde_json::to_value(key()).unwrap();
        assert!(plain.get("known_as").is_none(), "keys of connections that keep their name are as they were: {plain}");
    }

    #[test]
    fn the_first_ticket_of_an_alert_shows_its_guid() {
        assert_eq!(key().correlation(), format!("azm:{GUID}"));
    }

    #[test]
    fn further_tickets_of_an_alert_have_marks_of_their_own() {
        let all = [key(), key().next(), key().for_item("vm1"), key().for_item("vm2")];
        for (place, one) in all.iter().enumerate() {
            for other in &all[place + 1..] {
                assert_ne!(one.correlation(), other.correlation());
                assert_ne!(one.marker(), other.marker());
            }
        }
    }

    #[test]
    fn marks_are_safe_in_fields_and_queries() {
        for subject in [Subject::Group("a^ORb=c\u{202e}".repeat(40)), Subject::Alert("not a guid^".repeat(40))] {
            let key = TicketKey { subject, ..key() }.for_item("ü^").next();
            let text = key.correlation();
            assert!(
                text.len() <= 100 && text.chars().all(|c| c.is_ascii_alphanumeric() || "azm:-".contains(c)),
                "{text}"
            );
            assert_eq!(key.marker().len(), "[azm-]".len() + MARKER_DIGITS);
        }
    }

    #[test]
    fn parts_that_run_together_stay_two_keys() {
        let one = TicketKey { instance: "a|1:b".into(), connection: "c".into(), ..key() };
        let other = TicketKey { instance: "a".into(), connection: "b|1:c".into(), ..key() };
        assert_ne!(one.id(), other.id());
    }
}
