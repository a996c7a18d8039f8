//! The meaning of names: parameters of routes, and properties of work items.

use crate::model::work_item::WorkItemKind;

/// The use of a parameter. The mapping file has its [`id`](Role::id).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// How many rows.
    PageSize,
    /// How many rows to pass over.
    Skip,
    /// Which page, from 1.
    PageNumber,
    /// Changed at or after.
    Since,
    /// Changed before or at.
    Until,
    /// Incident or change request.
    Kind,
    /// The interface's version.
    ApiVersion,
    /// The property by which the rows come ordered, ascending. Nothing is sent for it.
    OrderedBy,
    /// That the list always comes whole. Nothing is sent for it.
    Whole,
    /// That the rows are the values of a dictionary, and the property that holds it. Nothing is sent for it.
    Dictionary,
}

const ROLES: [(Role, &str, &[&str]); 7] = [
    (
        Role::PageSize,
        "page_size",
        &[
            "top",
            "limit",
            "take",
            "pagesize",
            "size",
            "count",
            "maxresults",
            "maxrows",
            "maxcount",
            "maxitems",
            "perpage",
            "rowsperpage",
            "itemsperpage",
            "rows",
            "pagelimit",
            "batchsize",
        ],
    ),
    (Role::Skip, "skip", &["skip", "offset", "startindex", "firstrow", "skipcount", "startrow", "startat"]),
    (
        Role::PageNumber,
        "page_number",
        &["page", "pagenumber", "pageindex", "pageno", "pagenum", "pagenr", "currentpage"],
    ),
    (
        Role::Since,
        "since",
        &[
            "modifiedsince",
            "lastmodifiedsince",
            "modifiedafter",
            "lastmodifiedafter",
            "modifiedfrom",
            "lastmodifiedfrom",
            "changedsince",
            "changedafter",
            "updatedsince",
            "updatedafter",
            "lastupdatedsince",
            "lastmodified",
            "lastmodifieddate",
            "lastmodifieddatetime",
            "lastmodifiedtime",
            "lastmodifiedfromdate",
            "modifieddate",
            "modifiedsincedate",
            "modifiedstartdate",
            "modifiedfromdate",
            "changedfrom",
            "updatedfrom",
            "lastupdated",
            "lastsync",
            "lastsyncdate",
            "lastsynctime",
            "sincedate",
            "sincedatetime",
            "sincetime",
            "since",
            "startdate",
            "startdatetime",
            "starttime",
            "fromdate",
            "datefrom",
            "from",
        ],
    ),
    (
        Role::Until,
        "until",
        &[
            "modifiedbefore",
            "lastmodifiedbefore",
            "modifieduntil",
            "modifiedto",
            "lastmodifiedto",
            "changedbefore",
            "updatedbefore",
            "lastmodifieduntil",
            "lastmodifiedtodate",
            "modifiedenddate",
            "modifiedtodate",
            "changedto",
            "updatedto",
            "untildate",
            "until",
            "enddate",
            "enddatetime",
            "endtime",
            "todate",
            "dateto",
            "to",
        ],
    ),
    (
        Role::Kind,
        "kind",
        &["workitemtype", "workitemclass", "workitemkind", "itemtype", "type", "class", "classname", "kind"],
    ),
    (Role::ApiVersion, "api_version", &["apiversion", "version"]),
];

/// What is told of a list, and never sent.
const TOLD: [(Role, &str); 3] =
    [(Role::OrderedBy, "ordered_by"), (Role::Whole, "whole"), (Role::Dictionary, "dictionary")];

impl Role {
    /// What a parameter of this name is for. What is part of a model in the query has the model's name before it, such as
    /// `request.top`.
    pub fn of(name: &str) -> Option<Self> {
        let name = normal(name.rsplit('.').next().unwrap_or(name));
        ROLES.iter().find(|(_, _, names)| names.contains(&name.as_str())).map(|(role, ..)| *role)
    }

    /// Its name in the mapping file.
    pub fn id(self) -> &'static str {
        let listed = ROLES.iter().find(|(role, ..)| *role == self).map(|(_, id, _)| *id);
        let told = TOLD.iter().find(|(role, _)| *role == self).map(|(_, id)| *id);
        listed.or(told).unwrap_or_default()
    }

    /// The role with this [`id`](Self::id).
    pub fn from_id(id: &str) -> Option<Self> {
        let listed = ROLES.iter().find(|(_, known, _)| *known == id).map(|(role, ..)| *role);
        listed.or_else(|| TOLD.iter().find(|(_, known)| *known == id).map(|(role, _)| *role))
    }
}

/// A name without case and punctuation.
pub fn normal(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// Whether words speak of this kind and not of the other.
pub fn speaks_of(words: &str, kind: WorkItemKind) -> bool {
    // A list of changed incidents speaks of incidents.
    let words = words.replace("changed", "");
    let (incident, change) = (words.contains("incident"), words.contains("change"));
    match kind {
        WorkItemKind::Incident => incident && !change,
        WorkItemKind::ChangeRequest => change && !incident,
    }
}

/// What a parameter for the kind is sent, where the description lists no values.
pub fn kind_value(kind: WorkItemKind) -> &'static str {
    match kind {
        WorkItemKind::Incident => "Incident",
        WorkItemKind::ChangeRequest => "ChangeRequest",
    }
}

/// Other names, in normal form, under which an attribute of ours may go, the likeliest first. The name in the asset
/// comes before them all.
pub fn synonyms(attribute: &str) -> &'static [&'static str] {
    match attribute {
        "id" => {
            &["baseid", "objectguid", "guid", "internalid", "objectid", "baseentityid", "managedentityid", "uniqueid"]
        }
        "number" => &[
            "id",
            "workitemid",
            "displayid",
            "incidentid",
            "changerequestid",
            "changeid",
            "ticketid",
            "ticketnumber",
            "workitemnumber",
            "number",
            "name",
        ],
        "title" => &["title", "displaytitle", "subject", "summary", "shortdescription", "displayname"],
        "state" | "open" => &[
            "status",
            "state",
            "workitemstatus",
            "incidentstatus",
            "changestatus",
            "statusvalue",
            "statusname",
            "statusdisplayname",
        ],
        "priority" => &["priority", "workitempriority"],
        "updated_at" => &[
            "lastmodified",
            "lastmodifieddate",
            "modifieddate",
            "modifiedon",
            "lastmodifiedon",
            "lastmodifiedtime",
            "lastupdated",
            "lastupdateddate",
            "updatedon",
            "modified",
            "lastmodifieddatetime",
            "modifieddatetime",
            "datemodified",
            "modifiedtime",
            "timelastmodified",
            "lastmodificationtime",
            "lastmodificationdate",
            "lastchanged",
            "lastchangeddate",
            "changeddate",
            "lastupdatedon",
            "updateddate",
            "updated",
        ],
        "opened_at" | "created_at" => &[
            "createddate",
            "createdon",
            "created",
            "creationdate",
            "timeadded",
            "createdtime",
            "createddatetime",
            "datecreated",
            "creationtime",
        ],
        "urgency" => &["urgency"],
        "impact" => &["impact"],
        "category" => &["classification", "category", "area"],
        "source" => &["source", "incidentsource"],
        "description" => &["description", "details"],
        "assigned_to" => &["assignedto", "assignedtouser", "assigneduser", "assignee", "assignedtoworkitem"],
        "created_by" => &["createdby", "createdbyuser", "createdbyworkitem"],
        "caller" => &["affecteduser", "requestedworkitem", "requestedby", "affectedcontact"],
        "resolved_by" => &["resolvedby", "resolvedbyuser"],
        "resolved_at" => &["resolveddate", "resolvedon", "resolved"],
        "closed_by" => &["closedby", "closedbyuser"],
        "closed_at" => &["closeddate", "closedon", "closed"],
        "assignment_group" => &["supportgroup", "tierqueue", "assignedgroup", "queue"],
        "configuration_item" => &["affecteditems", "affectedconfigitems", "aboutconfigitem", "configitem"],
        "risk" => &["risk"],
        "type" => &["changetype", "type"],
        "requested_at" => &["requestedday", "requesteddate", "requireby", "requiredby"],
        "planned_start_at" => &["scheduledstartdate", "plannedstart", "plannedstartdate", "scheduledstart"],
        "planned_end_at" => &["scheduledenddate", "plannedend", "plannedenddate", "scheduledend"],
        "work_start_at" => &["actualstartdate", "actualstart", "workstart"],
        "work_end_at" => &["actualenddate", "actualend", "workend"],
        "close_notes" => &["resolutiondescription", "postimplementationreview", "closenotes"],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_has_an_id_and_no_name_has_two_roles() {
        for (role, id, names) in ROLES {
            assert_eq!((role.id(), Role::from_id(id)), (id, Some(role)));
            for name in names {
                assert_eq!(Role::of(name), Some(role), "{name}");
            }
        }
        for (role, id) in TOLD {
            assert_eq!((role.id(), Role::from_id(id)), (id, Some(role)));
        }
        assert_eq!(Role::of("$top"), Some(Role::PageSize));
        assert_eq!(Role::of("api-version"), Some(Role::ApiVersion));
        assert_eq!(Role::of("request.pageSize"), Some(Role::PageSize));
        assert_eq!(Role::of("colour"), None);
    }
}
