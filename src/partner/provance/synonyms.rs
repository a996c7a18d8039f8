//! The names and types by which tables and columns are recognised.

use super::describe::{Attribute, Table};
use crate::model::work_item::WorkItemKind;

/// How well a table fits; 0 is not at all. Labels count only for tables of the product's own publisher.
pub fn table_score(kind: WorkItemKind, table: &Table, prefixes: &[String]) -> u32 {
    let own = prefixes.iter().find_map(|prefix| table.name.strip_prefix(prefix.as_str())?.strip_prefix('_'));
    let (names, labels): (&[&str], &[&str]) = match kind {
        WorkItemKind::Incident => (&["incident", "incidents", "case", "ticket"], &["incident", "incidenten", "case"]),
        WorkItemKind::ChangeRequest => (
            &["changerequest", "change_request", "change", "rfc"],
            &["change request", "wijzigingsaanvraag", "change", "rfc"],
        ),
    };
    match own {
        Some(name) => best(name, names, 100).max(best(&table.label.to_lowercase(), labels, 90)),
        // A solution may build on the cases of Dynamics 365 themselves.
        None if kind == WorkItemKind::Incident && table.name == "incident" && !prefixes.is_empty() => 50,
        None => 0,
    }
}

/// Whether a table of one of these prefixes holds configuration items, by its name, else by its label.
pub fn is_item_table(table: &Table, prefixes: &[String]) -> bool {
    let own = prefixes.iter().find_map(|prefix| table.name.strip_prefix(prefix.as_str())?.strip_prefix('_'));
    let names = ["configurationitem", "configuration_item", "ci"];
    let labels = ["configuration item", "configuratie-item"];
    let is_one = |name: &str| names.contains(&name) || labels.contains(&table.label.to_lowercase().as_str());
    own.is_some_and(is_one) && !table.process_flow
}

/// How well a column fits an attribute of work items; 0 is not at all.
pub fn column_score(to: &str, attribute: &Attribute, prefixes: &[String]) -> u32 {
    let Some(words) = WORDS.iter().find(|words| words.to == to) else { return 0 };
    if !words.kinds.contains(&attribute.kind.as_str()) {
        return 0;
    }
    let own = prefixes.iter().find_map(|prefix| attribute.name.strip_prefix(prefix.as_str())?.strip_prefix('_'));
    let name = own.unwrap_or(&attribute.name);
    let by_name = if FALLBACK.contains(&(to, name)) { 40 } else { best(name, words.names, 100) };
    // People go by the label, so a label that fits says more than a name.
    let by_label = best(&attribute.label.to_lowercase(), words.labels, 110);
    let score = match (by_name, by_label) {
        (0, label) => label,
        (name, 0) => name,
        (40, label) => label,
        (name, _) => 100 + name,
    };
    // Of two that fit alike, the product's own is meant.
    if score > 0 && own.is_some() { score + 1 } else { score }
}

/// Columns that every table has, and that mean something else where there is a better one: whoever owns a row need not be
/// whom it is assigned to.
const FALLBACK: [(&str, &str); 1] = [("assigned_to", "ownerid")];

/// Whether a table may hold these, by a word in its name or label.
pub fn may_be(kind: WorkItemKind, table: &Table) -> bool {
    let words: &[&str] = match kind {
        WorkItemKind::Incident => &["incident", "ticket", "case"],
        WorkItemKind::ChangeRequest => &["change", "rfc", "wijziging"],
    };
    let (name, label) = (table.name.to_lowercase(), table.label.to_lowercase());
    words.iter().any(|word| name.contains(word) || label.contains(word))
}

/// The column that every table has for this attribute, if this one has it.
pub fn system_column<'a>(to: &str, attributes: &'a [Attribute]) -> Option<&'a str> {
    let name = match to {
        "state" => "statuscode",
        "open" => "statecode",
        "opened_at" => "createdon",
        "updated_at" => "modifiedon",
        _ => return None,
    };
    attributes.iter().find(|attribute| attribute.name == name).map(|attribute| attribute.name.as_str())
}

/// The score of the first of `names` that this is: `from` and downwards in twos.
fn best(name: &str, names: &[&str], from: u32) -> u32 {
    let place = names.iter().position(|known| *known == name);
    place.and_then(|place| u32::try_from(place).ok()).map_or(0, |place| from.saturating_sub(2 * place))
}

struct Words {
    to: &'static str,
    kinds: &'static [&'static str],
    names: &'static [&'static str],
    labels: &'static [&'static str],
}

const TEXT: &[&str] = &["String"];
const CHOICE: &[&str] = &["Picklist", "Lookup"];
const TIME: &[&str] = &["DateTime"];
const PERSON: &[&str] = &["Lookup", "Owner", "Customer"];

const fn words(
    to: &'static str,
    kinds: &'static [&'static str],
    names: &'static [&'static str],
    labels: &'static [&'static str],
) -> Words {
    Words { to, kinds, names, labels }
}

const WORDS: [Words; 32] = [
    words("id", &["Uniqueidentifier"], &[], &[]),
    words(
        "number",
        TEXT,
        &["number", "ticketnumber", "incidentnumber", "changenumber", "changerequestnumber", "casenumber", "id"],
        &["number", "incident number", "change number", "case number", "nummer"],
    ),
    words(
        "title",
        TEXT,
        &["title", "name", "subject", "summary", "shortdescription"],
        &["title", "case title", "titel"],
    ),
    words("state", &["Status", "Picklist"], &["statuscode", "status"], &[]),
    words("open", &["State"], &["statecode"], &[]),
    words("priority", CHOICE, &["priority", "prioritycode", "priorityid"], &["priority", "prioriteit"]),
    words("opened_at", TIME, &["createdon"], &[]),
    words("updated_at", TIME, &["modifiedon"], &[]),
    words("description", &["Memo", "String"], &["description", "details"], &["description", "beschrijving"]),
    words("urgency", CHOICE, &["urgency", "urgencycode", "urgencyid"], &["urgency", "urgentie"]),
    words("impact", CHOICE, &["impact", "impactcode", "impactid"], &["impact"]),
    words("category", CHOICE, &["category", "categoryid", "categorycode"], &["category", "categorie"]),
    words("source", CHOICE, &["source", "caseorigincode", "origin", "sourceid"], &["source", "origin", "bron"]),
    words(
        "configuration_item",
        &["String", "Lookup"],
        &["configurationitem", "configurationitemid", "ci", "computer"],
        &["configuration item", "configuratie-item"],
    ),
    words("caller", PERSON, &["customerid", "customer", "contactid"], &["customer", "klant"]),
    words(
        "assigned_to",
        PERSON,
        &["assignedto", "assignedtoid", "ownerid"],
        &["assigned to", "toegewezen aan", "assignee", "behandelaar"],
    ),
    words("created_by", PERSON, &["createdby"], &[]),
    words("updated_by", PERSON, &["modifiedby"], &[]),
    words("resolved_at", TIME, &["resolvedon", "resolveddate", "dateresolved"], &["resolved on", "opgelost op"]),
    words("resolved_by", PERSON, &["resolvedby", "resolvedbyid"], &["resolved by", "opgelost door"]),
    words("closed_at", TIME, &["closedon", "closeddate", "dateclosed"], &["closed on", "gesloten op"]),
    words("closed_by", PERSON, &["closedby", "closedbyid"], &["closed by", "gesloten door"]),
    words("type", CHOICE, &["changetype", "type", "typeid"], &["change type", "type"]),
    words("risk", CHOICE, &["risk", "risklevel", "riskid"], &["risk", "risico"]),
    words("conflict_status", CHOICE, &["conflictstatus"], &["conflict status"]),
    words("requested_at", TIME, &["requestedon", "requesteddate", "requestdate"], &["requested on"]),
    words("planned_start_at", TIME, &["plannedstart", "plannedstartdate", "scheduledstart"], &["planned start"]),
    words("planned_end_at", TIME, &["plannedend", "plannedenddate", "scheduledend"], &["planned end"]),
    words("work_start_at", TIME, &["actualstart", "actualstartdate", "workstart"], &["actual start", "work start"]),
    words("work_end_at", TIME, &["actualend", "actualenddate", "workend"], &["actual end", "work end"]),
    words("requested_by", PERSON, &["requestedby", "requestedbyid"], &["requested by"]),
    words("conflict_at", TIME, &["conflictcheckedon"], &[]),
];
