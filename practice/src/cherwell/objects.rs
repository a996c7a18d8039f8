//! The business objects and their fields, under their names out of the box.

use super::options::{IdForm, Options};
use crate::core::rng::{hex, stable_id};

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Text.
    Text,
    /// A date and time.
    Date,
    /// A number.
    Number,
    /// `True` or `False`.
    Flag,
}

/// A field of a business object.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    /// Its name.
    pub(crate) name: &'static str,
    /// What it holds.
    pub(crate) kind: Kind,
    /// Its id alone.
    pub(crate) bare: String,
    /// Its id with that of its object.
    pub(crate) full: String,
    /// Whether a new record needs it.
    pub(crate) required: bool,
}

impl Field {
    /// Its id in a form.
    pub(crate) fn id(&self, form: IdForm) -> &str {
        if form == IdForm::Full { &self.full } else { &self.bare }
    }

    /// Its name with spaces.
    pub(crate) fn display_name(&self) -> String {
        let mut out = String::new();
        for c in self.name.chars() {
            if c.is_uppercase() && out.ends_with(char::is_lowercase) {
                out.push(' ');
            }
            out.push(c);
        }
        out
    }
}

/// A business object.
#[derive(Debug, Clone)]
pub(crate) struct Object {
    /// Its name.
    pub(crate) name: &'static str,
    /// Its name to people.
    pub(crate) display_name: &'static str,
    /// Its id.
    pub(crate) id: String,
    /// Its states.
    pub(crate) states: &'static str,
    /// Its fields.
    pub(crate) fields: Vec<Field>,
}

impl Object {
    /// The place of a field by its name, without regard to case.
    pub(crate) fn place(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name.eq_ignore_ascii_case(name))
    }

    /// The place of a field by its id in either form.
    pub(crate) fn place_of_id(&self, id: &str) -> Option<usize> {
        let bare = id.rsplit("FI:").next().unwrap_or(id);
        self.fields.iter().position(|field| field.bare.eq_ignore_ascii_case(bare))
    }
}

/// The fields of an incident, in their order.
const INCIDENT: &str = "\
    RecID IncidentID IncidentType Status Priority Urgency Impact Service Category Subcategory ShortDescription \
    Description Source CreatedBy CreatedDateTime LastModBy LastModifiedDateTime ClosedBy ClosedDateTime \
    CloseDescription Stat_DateTimeResolved OwnedBy OwnedByTeam ConfigItemDisplayName CustomerDisplayName \
    CustomerRecID ChangeID Stat_ReopenedCount SLAResolveByDeadline Stat_SLAResolutionGood";

/// The fields of a change request, in their order.
const CHANGE: &str = "\
    RecID ChangeID Title Description Status Priority Urgency Impact Type Risk Category Source RequestedBy \
    RequestedDateTime ProposedStartDate ProposedEndDate ActualStartDate ActualEndDate CreatedBy CreatedDateTime \
    LastModBy LastModifiedDateTime ClosedBy ClosedDateTime CloseDescription OwnedBy OwnedByTeam \
    ConfigItemDisplayName";

/// The same with a field that an admin has made for a client's key.
const INCIDENT_WITH_KEY: &str = "\
    RecID IncidentID IncidentType Status Priority Urgency Impact Service Category Subcategory ShortDescription \
    Description Source CreatedBy CreatedDateTime LastModBy LastModifiedDateTime ClosedBy ClosedDateTime \
    CloseDescription Stat_DateTimeResolved OwnedBy OwnedByTeam ConfigItemDisplayName CustomerDisplayName \
    CustomerRecID ChangeID Stat_ReopenedCount SLAResolveByDeadline Stat_SLAResolutionGood ExternalReference";

/// The fields of a server's record.
const SERVER: &str = "\
    RecID ConfigItemID HostName FriendlyName AssetType AssetStatus SerialNumber IPAddress OperatingSystem \
    Description CreatedDateTime LastModifiedDateTime";

/// The fields of a journal's entry.
const JOURNAL: &str = "RecID JournalID Details JournalTypeName CreatedBy CreatedDateTime LastModifiedDateTime";

/// The relationships of an incident: id, name, and the object at the other end.
pub(crate) const RELATIONSHIPS: [(&str, &str, &str); 2] = [
    ("9369187528b417b4a17aaa4646b7f7a78b3c821be9", "Incident Links Configuration Items", "ConfigServer"),
    ("934d819237a4ef95ae69394a539440aa3aacbe18d2", "Incident Owns Journals", "JournalNote"),
];

/// The group of all configuration items.
pub(crate) const ITEM_GROUP: &str = "ConfigurationItem";

/// The objects that belong to an incident.
pub(crate) fn beside(options: &Options) -> [Object; 2] {
    let object = |name: &'static str, display_name: &'static str| Object {
        name,
        display_name,
        id: hex(&stable_id("object", name)),
        states: "",
        fields: Vec::new(),
    };
    [
        with_fields(object("ConfigServer", "Config - Server"), SERVER, options),
        with_fields(object("JournalNote", "Journal - Note"), JOURNAL, options),
    ]
}

const REQUIRED: [&str; 6] = ["Description", "Service", "Category", "Subcategory", "Priority", "Source"];

/// Every object of a system with these options.
pub(crate) fn all(options: &Options) -> Vec<Object> {
    let incident = Object {
        name: "Incident",
        display_name: "Incident",
        id: "6dd53665c0c24cab86870a21cf6434ae".into(),
        states: "New,Assigned,In Progress,Pending,Resolved,Closed,Reopened",
        fields: Vec::new(),
    };
    let change = Object {
        name: "ChangeRequest",
        display_name: "Change Request",
        id: "934ec7a1701c451ce57f2c43bfbbe2e46fe4843f81".into(),
        states: "New,Approve,Build,Test,Implement,Completed,Closed,Cancelled",
        fields: Vec::new(),
    };
    let fields = if options.key_field { INCIDENT_WITH_KEY } else { INCIDENT };
    let all = [with_fields(incident, fields, options), with_fields(change, CHANGE, options)].into_iter();
    all.filter(|object| !options.without_objects.iter().any(|without| without == object.name)).collect()
}

/// What a field of this name holds.
fn kind(name: &str) -> Kind {
    match name {
        "Priority" | "Stat_ReopenedCount" => Kind::Number,
        "Stat_SLAResolutionGood" => Kind::Flag,
        _ if name.contains("Date") || name.ends_with("Deadline") => Kind::Date,
        _ => Kind::Text,
    }
}

fn with_fields(object: Object, fields: &'static str, options: &Options) -> Object {
    let kept = |name: &str| !options.without_fields.iter().any(|without| without.eq_ignore_ascii_case(name));
    let typed = |name: &str| options.incident_types || name != "IncidentType";
    let fields = fields.split_whitespace().filter(|name| kept(name) && typed(name));
    let fields = fields.map(|name| {
        let bare = hex(&stable_id(object.name, name));
        let full = format!("BO:{},FI:{bare}", object.id);
        Field { name, kind: kind(name), bare, full, required: REQUIRED.contains(&name) && object.name == "Incident" }
    });
    Object { fields: fields.collect(), ..object }
}
