//! What the environment tells of itself: tables, columns, solutions, users, roles.

use serde_json::{Value, json};

use super::layout::{publisher, table_name};
use super::options::{ApplicationUser, Layout};
use super::people::{APPLICATION, INTEGRATION, USERS};
use super::sign_in::client_id;
use super::state::State;
use super::table::{Column, Kind, Table};
use crate::Visibility;
use crate::WorkItemKind;
use crate::core::rng::stable_guid;

/// Tables that every environment has, and those of the solution that are no incidents and no change requests.
const OTHERS: [(&str, &str, &str); 20] = [
    ("account", "accounts", "Account"),
    ("activitypointer", "activitypointers", "Activity"),
    ("annotation", "annotations", "Note"),
    ("asyncoperation", "asyncoperations", "System Job"),
    ("businessunit", "businessunits", "Business Unit"),
    ("contact", "contacts", "Contact"),
    ("email", "emails", "Email"),
    ("incidentresolution", "incidentresolutions", "Case Resolution"),
    ("knowledgearticle", "knowledgearticles", "Knowledge Article"),
    ("msdyn_incidenttype", "msdyn_incidenttypes", "Incident Type"),
    ("msdyn_workorderincident", "msdyn_workorderincidents", "Work Order Incident"),
    ("phonecall", "phonecalls", "Phone Call"),
    ("queue", "queues", "Queue"),
    ("role", "roles", "Security Role"),
    ("sla", "slas", "SLA"),
    ("systemuser", "systemusers", "User"),
    ("task", "tasks", "Task"),
    ("team", "teams", "Team"),
    ("workflow", "workflows", "Process"),
    ("msdyn_changerequestlog", "msdyn_changerequestlogs", "Change Request Log"),
];

/// Tables of the solution that look like the wanted ones.
const SIBLINGS: [(&str, &str); 7] = [
    ("incidenttask", "Incident Task"),
    ("incidenttemplate", "Incident Template"),
    ("incidentcategory", "Incident Category"),
    ("changerequesttask", "Change Request Task"),
    ("changerequesttemplate", "Change Request Template"),
    ("problem", "Problem"),
    ("servicerequest", "Service Request"),
];

/// A customer's own table from before.
const NAMESAKE: &str = "new_incident";

/// `EntityDefinitions`: all tables at once, never in pages.
pub(crate) fn definitions(state: &State) -> Value {
    let layout = state.options.layout;
    let prefix = publisher(layout).prefix;
    let mut tables: Vec<Value> = OTHERS.iter().map(|(name, set, label)| definition(name, set, label, "name")).collect();
    for (name, label) in SIBLINGS {
        let name = format!("{prefix}_{name}");
        tables.push(definition(&name, &format!("{name}s"), label, &format!("{prefix}_name")));
    }
    if layout != Layout::Case {
        tables.push(definition("incident", "incidents", "Case", "title"));
    }
    let shown = state.tables();
    let own = shown.iter().filter(|table| state.visibility(&table.name) != Visibility::Missing);
    tables.extend(own.map(|table| {
        let title = table.role(super::table::Role::Title).map_or("", |place| &table.columns[place].name);
        definition(&table.name, &table.set, table.label, title)
    }));
    if state.options.leeway.namesake {
        tables.push(definition(NAMESAKE, "new_incidents", "Incident", "new_name"));
    }
    if state.options.leeway.process_flow {
        let mut flow = definition("prov_incidentflow", "prov_incidentflows", "Incident", "bpf_name");
        flow["PrimaryIdAttribute"] = "businessprocessflowinstanceid".into();
        flow["IsBPFEntity"] = true.into();
        tables.push(flow);
    }
    if state.options.leeway.second_publisher {
        tables.push(definition("provq_incident", "provq_incidents", "Incident", "provq_name"));
    }
    strip_labels(state, &mut tables);
    json!({ "@odata.context": context(state, "EntityDefinitions"), "value": tables })
}

/// `EntityDefinitions(LogicalName='x')` with the privileges that its rows need.
pub(crate) fn definition_of(state: &State, name: &str) -> Option<Value> {
    let tables = state.tables();
    let table = tables.iter().find(|table| table.name == name)?;
    let title = table.role(super::table::Role::Title).map_or("", |place| &table.columns[place].name);
    let mut told = definition(&table.name, &table.set, table.label, title);
    let privilege = |kind: &str| {
        json!({ "Name": format!("prv{kind}{name}"), "PrivilegeId": privilege_id(kind, name), "PrivilegeType": kind,
            "CanBeBasic": true, "CanBeLocal": true, "CanBeDeep": true, "CanBeGlobal": true })
    };
    told["Privileges"] = ["Create", "Read", "Write", "Delete", "Append", "AppendTo"].map(privilege).into();
    Some(told)
}

fn privilege_id(kind: &str, table: &str) -> String {
    stable_guid("privilege", &format!("{kind} {table}"))
}

/// `RetrieveUserPrivileges`: what the user may do with the rows of each table.
pub(crate) fn privileges(state: &State) -> Value {
    let manners = state.manners().clone();
    let tables = state.tables();
    let may = |kind: &str, table: &Table| {
        let visible = matches!(state.visibility(&table.name), Visibility::Rows | Visibility::Empty);
        match kind {
            "Read" => visible,
            _ => manners.may_write && (manners.may_make_items || !table.is_items()),
        }
    };
    let one = |kind: &str, table: &Table| {
        json!({ "Depth": "Global", "PrivilegeId": privilege_id(kind, &table.name), "PrivilegeName": format!("prv{kind}{}", table.name),
            "BusinessUnitId": stable_guid("businessunit", "contoso"), "RecordFilterId": null })
    };
    let kinds = ["Create", "Read", "Write"];
    let all =
        tables.iter().flat_map(|table| kinds.into_iter().filter(|kind| may(kind, table)).map(|kind| one(kind, table)));
    json!({ "@odata.context": context(state, "Microsoft.Dynamics.CRM.RetrieveUserPrivilegesResponse"),
        "RolePrivileges": all.collect::<Vec<_>>() })
}

/// `EntityDefinitions(LogicalName='x')/ManyToOneRelationships`: the lookups that lead to configuration items and to users.
pub(crate) fn relations(state: &State, name: &str) -> Option<Value> {
    let tables = state.tables();
    let table = tables.iter().find(|table| table.name == name)?;
    let items = tables.iter().find(|table| table.is_items()).map_or("", |table| &table.name);
    let relation = |column: &Column| {
        let (to, navigation) = match column.kind {
            Kind::Item => (items, item_navigation(&column.name)),
            Kind::User => ("systemuser", column.name.clone()),
            _ => return None,
        };
        Some(json!({ "ReferencingAttribute": column.name, "ReferencingEntity": name, "ReferencedEntity": to,
            "ReferencingEntityNavigationPropertyName": navigation, "MetadataId": stable_guid("relation", &column.name) }))
    };
    let context = context(state, &format!("EntityDefinitions('{name}')/ManyToOneRelationships"));
    let found: Vec<_> = table.columns.iter().filter_map(relation).collect();
    Some(json!({ "@odata.context": context, "value": found }))
}

/// The navigation property of the column that refers to a configuration item: its schema name, in which case counts.
pub(crate) fn item_navigation(column: &str) -> String {
    column.replace("configurationitemid", "ConfigurationItemId")
}

/// Takes the labels away where the environment has none.
fn strip_labels(state: &State, found: &mut [Value]) {
    if !state.options.leeway.labels {
        found.iter_mut().for_each(|one| one["DisplayName"] = Value::Null);
    }
}

fn definition(name: &str, set: &str, label: &str, title: &str) -> Value {
    json!({
        "LogicalName": name,
        "EntitySetName": set,
        "DisplayName": words(label),
        "PrimaryIdAttribute": format!("{name}id"),
        "PrimaryNameAttribute": title,
        "IsBPFEntity": false,
        "MetadataId": stable_guid("entity", name),
    })
}

/// A label in its two languages, the user's own apart.
fn words(label: &str) -> Value {
    let one = json!({ "Label": label, "LanguageCode": 1033, "IsManaged": true, "MetadataId": stable_guid("label", label), "HasChanged": null });
    json!({ "LocalizedLabels": [one], "UserLocalizedLabel": one })
}

/// `EntityDefinitions(LogicalName='x')/Attributes`.
pub(crate) fn attributes(state: &State, name: &str) -> Option<Value> {
    let tables = state.tables();
    let table = tables.iter().find(|table| table.name == name);
    let mut columns: Vec<Value> = match table {
        Some(table) => table.columns.iter().flat_map(|column| of_column(table, column)).collect(),
        None if OTHERS.iter().any(|(other, ..)| *other == name) || name == "incident" || name.contains('_') => {
            vec![attribute(name, &format!("{name}id"), "Uniqueidentifier", Some("Identifier"), None)]
        }
        None => return None,
    };
    strip_labels(state, &mut columns);
    let context = context(state, &format!("EntityDefinitions('{name}')/Attributes"));
    Some(json!({ "@odata.context": context, "value": columns }))
}

fn of_column(table: &Table, column: &Column) -> Vec<Value> {
    let kind = match column.kind {
        Kind::Id => "Uniqueidentifier",
        Kind::Text => "String",
        Kind::Memo => "Memo",
        Kind::Choice(_) => "Picklist",
        Kind::State(_) => "State",
        Kind::Status(_) => "Status",
        Kind::Time => "DateTime",
        Kind::User => "Lookup",
        Kind::Owner => "Owner",
        Kind::Account => "Customer",
        Kind::Item => "Lookup",
        Kind::Version => "BigInt",
    };
    let mut described = attribute(&table.name, &column.name, kind, Some(&column.label), None);
    described["IsSecured"] = json!(column.secured);
    let mut found = vec![described];
    // Beside a choice or a lookup stand virtual columns that only look like columns.
    if !matches!(column.kind, Kind::Id | Kind::Text | Kind::Memo | Kind::Time | Kind::Version) {
        let shadow = format!("{}name", column.name);
        found.push(attribute(&table.name, &shadow, "Virtual", None, Some(&column.name)));
    }
    found
}

fn attribute(table: &str, name: &str, kind: &str, label: Option<&str>, of: Option<&str>) -> Value {
    let display = label.map_or_else(|| json!({ "LocalizedLabels": [], "UserLocalizedLabel": null }), words);
    json!({
        "@odata.type": format!("#Microsoft.Dynamics.CRM.{kind}AttributeMetadata"),
        "LogicalName": name,
        "AttributeType": kind,
        "AttributeOf": of,
        "DisplayName": display,
        "IsValidForRead": true,
        "IsSecured": false,
        "MetadataId": stable_guid(table, name),
    })
}

/// `solutions` with their publishers.
pub(crate) fn solutions(state: &State) -> Value {
    let own = publisher(state.options.layout);
    let solution = |name: &str, label: &str, version: &str, publisher: &str, prefix: &str| {
        json!({
            "solutionid": stable_guid("solution", name),
            "uniquename": name,
            "friendlyname": label,
            "version": version,
            "publisherid": { "publisherid": stable_guid("publisher", publisher), "uniquename": publisher, "customizationprefix": prefix },
        })
    };
    let mut own_label = own.label;
    let mut own_name = own.solution;
    if !state.options.leeway.names_provance {
        (own_name, own_label) = ("ProvincialDesk", "Provincial Desk");
    }
    let default = if state.options.leeway.namesake { "Our additions to Provance" } else { "Default Solution" };
    let mut value = vec![
        solution("Default", default, "1.0", "DefaultPublisherorg", "new"),
        solution(
            "msdynce_ServicePatch",
            "Dynamics 365 Service",
            "9.0.24094.10003",
            "dynamics365customerengagement",
            "msdyn",
        ),
        solution(own_name, own_label, "10.2.1.7", own.name, own.prefix),
    ];
    if state.options.leeway.second_publisher {
        value.push(solution("ProvQuality", "Quality Desk", "1.4", "provquality", "provq"));
    }
    json!({ "@odata.context": context(state, "solutions"), "value": value })
}

/// The place of a user among the people, by its id.
pub(crate) fn user_at(id: &str) -> Option<usize> {
    USERS.iter().position(|name| stable_guid("systemuser", name) == id.to_ascii_lowercase())
}

/// The id of a user.
pub(crate) fn user_id(place: usize) -> String {
    stable_guid("systemuser", USERS[place])
}

/// One user.
pub(crate) fn user(state: &State, place: usize) -> Value {
    let application = (place == APPLICATION).then(client_id);
    let name = match place {
        INTEGRATION => state.base.sign_in.username.clone(),
        _ => format!("{}@{}", USERS[place].to_lowercase().replace(['#', ' '], ""), state.base.sign_in.tenant),
    };
    let disabled = place == APPLICATION && state.setup().application_user == ApplicationUser::Disabled;
    json!({
        "@odata.context": context(state, "systemusers/$entity"),
        "systemuserid": user_id(place),
        "fullname": USERS[place],
        "domainname": name,
        "internalemailaddress": name,
        "isdisabled": disabled,
        "applicationid": application,
    })
}

/// The roles that were given to a user itself.
pub(crate) fn roles(state: &State) -> Value {
    let value: Vec<Value> = state.setup().roles.iter().map(|name| role(name)).collect();
    json!({ "@odata.context": context(state, "roles"), "value": value })
}

/// A user's teams, each with its roles where they are asked for.
pub(crate) fn teams(state: &State, expanded: bool) -> Value {
    let team = |(name, roles): &(String, Vec<String>)| {
        let mut team = json!({ "teamid": stable_guid("team", name), "name": name });
        if expanded {
            let listed = roles.iter().filter(|_| state.options.leeway.nested_lists);
            team["teamroles_association"] = listed.map(|name| role(name)).collect();
            let id = stable_guid("team", name);
            let link =
                format!("{}/api/data/v9.2/teams({id})/teamroles_association?$select=name", state.base.sign_in.url);
            team["teamroles_association@odata.nextLink"] = link.into();
        }
        team
    };
    let value: Vec<Value> = state.setup().team_roles.iter().map(team).collect();
    json!({ "@odata.context": context(state, "teams"), "value": value })
}

/// The roles of a team.
pub(crate) fn team_roles(state: &State, id: &str) -> Option<Value> {
    let setup = state.setup();
    let (_, roles) = setup.team_roles.iter().find(|(name, _)| stable_guid("team", name) == id)?;
    let value: Vec<Value> = roles.iter().map(|name| role(name)).collect();
    Some(json!({ "@odata.context": context(state, "roles"), "value": value }))
}

fn role(name: &str) -> Value {
    json!({ "@odata.etag": "W/\"1000\"", "roleid": stable_guid("role", name), "name": name })
}

/// `WhoAmI`.
pub(crate) fn who_am_i(state: &State, place: usize) -> Value {
    json!({
        "@odata.context": context(state, "Microsoft.Dynamics.CRM.WhoAmIResponse"),
        "BusinessUnitId": stable_guid("businessunit", "contoso"),
        "UserId": user_id(place),
        "OrganizationId": stable_guid("organization", "contoso"),
    })
}

fn context(state: &State, of: &str) -> String {
    format!("{}/api/data/v9.2/$metadata#{of}", state.base.sign_in.url)
}

/// Names of tables that exist without rows of their own here.
pub(crate) fn is_known_set(state: &State, set: &str) -> bool {
    let prefix = publisher(state.options.layout).prefix;
    OTHERS.iter().any(|(_, other, _)| *other == set)
        || SIBLINGS.iter().any(|(name, _)| set == format!("{prefix}_{name}s"))
        || (set == "incidents" && table_name(state.options.layout, WorkItemKind::Incident) != "incident")
}
