//! The ways in which the web app's routes may be laid out.

use serde::{Deserialize, Serialize};

use crate::WorkItemKind;

/// How the routes are laid out. None of them is known to be the real one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layout {
    /// A route for each kind: `GET /api/Incidents?modifiedSince&skip&top`, ordered by last change, a bare array.
    Tables,
    /// One route for all: `POST /api/workitem/search` with a body of criteria, in no order of time, an envelope.
    Search,
    /// A route for each kind without a filter of time: `GET /api/v1/Incident/List?pageNumber&pageSize`.
    Listing,
    /// A route for each kind whose parameters are an object of the query (`[FromUri]`), all of it said to be required:
    /// `GET /api/Incident/GetIncidents?filter.lastModifiedSince&filter.pageNumber&filter.pageSize`, the newest number first.
    Since,
    /// A route for each kind whose description says nothing of its rows (`IHttpActionResult`):
    /// `GET /api/incident?modifiedSince&skip&top`, by number.
    Untyped,
    /// A route for each kind that answers with a dictionary of rows by Id: `GET /api/incidents/map?page&pageSize`.
    Dictionary,
    /// A route for each kind that takes no parameter and gives the first 200 rows: `GET /api/incidents/all`.
    Bare,
    /// Routes whose description promises nothing.
    Unbindable,
}

impl Layout {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Tables,
        Self::Search,
        Self::Listing,
        Self::Since,
        Self::Untyped,
        Self::Dictionary,
        Self::Bare,
        Self::Unbindable,
    ];

    /// The name in commands and orders.
    pub fn id(self) -> &'static str {
        match self {
            Self::Tables => "tables",
            Self::Search => "search",
            Self::Listing => "listing",
            Self::Since => "since",
            Self::Untyped => "untyped",
            Self::Dictionary => "dictionary",
            Self::Bare => "bare",
            Self::Unbindable => "unbindable",
        }
    }

    /// The layout with this [`id`](Self::id).
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|layout| layout.id() == id)
    }

    /// The names of a work item's properties.
    pub(super) fn names(self) -> &'static Names {
        match self {
            Self::Tables | Self::Since | Self::Untyped | Self::Bare | Self::Unbindable => &TABLES,
            Self::Search => &SEARCH,
            Self::Listing | Self::Dictionary => &LISTING,
        }
    }

    /// The path that gives one work item by its Id or GUID, without it; `None` where there is no such route.
    pub(super) fn item_path(self, kind: WorkItemKind) -> Option<&'static str> {
        match (self, kind) {
            (Self::Tables, WorkItemKind::Incident) => Some("/api/Incidents/"),
            (Self::Tables, WorkItemKind::ChangeRequest) => Some("/api/ChangeRequests/"),
            _ => None,
        }
    }

    /// The path that lists one kind.
    pub(super) fn list_path(self, kind: WorkItemKind) -> &'static str {
        match (self, kind) {
            (Self::Tables, WorkItemKind::Incident) => "/api/Incidents",
            (Self::Tables, WorkItemKind::ChangeRequest) => "/api/ChangeRequests",
            (Self::Search, _) => "/api/workitem/search",
            (Self::Listing, WorkItemKind::Incident) => "/api/v1/Incident/List",
            (Self::Listing, WorkItemKind::ChangeRequest) => "/api/v1/Change/List",
            (Self::Since, WorkItemKind::Incident) => "/api/Incident/GetIncidents",
            (Self::Since, WorkItemKind::ChangeRequest) => "/api/ChangeRequest/GetChangeRequests",
            (Self::Untyped, WorkItemKind::Incident) => "/api/incident",
            (Self::Untyped, WorkItemKind::ChangeRequest) => "/api/changerequest",
            (Self::Dictionary, WorkItemKind::Incident) => "/api/incidents/map",
            (Self::Dictionary, WorkItemKind::ChangeRequest) => "/api/changes/map",
            (Self::Bare, WorkItemKind::Incident) => "/api/incidents/all",
            (Self::Bare, WorkItemKind::ChangeRequest) => "/api/changerequests/all",
            (Self::Unbindable, _) => "/api/values",
        }
    }
}

/// How a layout names what a work item holds; an enumeration and a user are objects of two properties.
#[derive(Debug)]
pub(super) struct Names {
    pub(super) base_id: &'static str,
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    pub(super) description: &'static str,
    pub(super) status: &'static str,
    pub(super) priority: &'static str,
    pub(super) urgency: &'static str,
    pub(super) impact: &'static str,
    pub(super) category: &'static str,
    pub(super) source: &'static str,
    pub(super) risk: &'static str,
    pub(super) created: &'static str,
    pub(super) modified: &'static str,
    pub(super) resolved: &'static str,
    pub(super) closed: &'static str,
    pub(super) planned_start: &'static str,
    pub(super) planned_end: &'static str,
    pub(super) assigned_to: &'static str,
    pub(super) created_by: &'static str,
    pub(super) affected: &'static str,
    pub(super) enum_id: &'static str,
    pub(super) enum_name: &'static str,
    pub(super) user_id: &'static str,
    pub(super) user_name: &'static str,
    /// How a moment is written that was never set, as JSON.
    pub(super) never: &'static str,
}

const TABLES: Names = Names {
    base_id: "BaseId",
    id: "Id",
    title: "Title",
    description: "Description",
    status: "Status",
    priority: "Priority",
    urgency: "Urgency",
    impact: "Impact",
    category: "Classification",
    source: "Source",
    risk: "Risk",
    created: "CreatedDate",
    modified: "LastModified",
    resolved: "ResolvedDate",
    closed: "ClosedDate",
    planned_start: "ScheduledStartDate",
    planned_end: "ScheduledEndDate",
    assigned_to: "AssignedTo",
    created_by: "CreatedBy",
    affected: "AffectedUser",
    enum_id: "Id",
    enum_name: "Name",
    user_id: "UserName",
    user_name: "DisplayName",
    never: "null",
};

const SEARCH: Names = Names {
    base_id: "objectGuid",
    id: "workItemId",
    title: "title",
    description: "description",
    status: "state",
    priority: "priority",
    urgency: "urgency",
    impact: "impact",
    category: "category",
    source: "source",
    risk: "risk",
    created: "createdOn",
    modified: "lastModifiedDate",
    resolved: "resolvedOn",
    closed: "closedOn",
    planned_start: "plannedStart",
    planned_end: "plannedEnd",
    assigned_to: "assignedToUser",
    created_by: "createdByUser",
    affected: "affectedUser",
    enum_id: "value",
    enum_name: "displayName",
    user_id: "id",
    user_name: "displayName",
    never: "null",
};

const LISTING: Names = Names {
    base_id: "Guid",
    id: "DisplayId",
    title: "DisplayTitle",
    status: "WorkItemStatus",
    modified: "ModifiedDate",
    never: "\"0001-01-01T00:00:00\"",
    enum_id: "EnumId",
    enum_name: "EnumText",
    ..TABLES
};
