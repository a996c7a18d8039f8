//! Which columns the tables have.

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The row's id.
    Id,
    /// Text, number or boolean: all text on the wire.
    Text,
    /// A value with a label; an empty one displays as null.
    Choice,
    /// The id of a row of another table.
    Reference(&'static str),
    /// A time.
    Time,
    /// A time that displays as `UNKNOWN`, as due dates do.
    Due,
}

/// One column.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column {
    /// Its name.
    pub(crate) name: &'static str,
    /// What it holds.
    pub(crate) kind: Kind,
}

const fn text(name: &'static str) -> Column {
    Column { name, kind: Kind::Text }
}

const fn choice(name: &'static str) -> Column {
    Column { name, kind: Kind::Choice }
}

const fn time(name: &'static str) -> Column {
    Column { name, kind: Kind::Time }
}

const fn reference(name: &'static str, table: &'static str) -> Column {
    Column { name, kind: Kind::Reference(table) }
}

const SYS_ID: Column = Column { name: "sys_id", kind: Kind::Id };

macro_rules! columns {
    ($($column:expr),* $(,)?) => {
        &[SYS_ID, time("sys_created_on"), text("sys_created_by"), time("sys_updated_on"), text("sys_updated_by"), text("sys_mod_count"), $($column),*]
    };
}

const INCIDENT: &[Column] = columns![
    text("number"),
    choice("state"),
    choice("incident_state"),
    text("active"),
    text("short_description"),
    text("description"),
    choice("priority"),
    choice("urgency"),
    choice("impact"),
    choice("severity"),
    choice("escalation"),
    choice("category"),
    choice("subcategory"),
    choice("contact_type"),
    reference("caller_id", "sys_user"),
    reference("opened_by", "sys_user"),
    time("opened_at"),
    reference("assigned_to", "sys_user"),
    reference("assignment_group", "sys_user_group"),
    reference("resolved_by", "sys_user"),
    time("resolved_at"),
    reference("closed_by", "sys_user"),
    time("closed_at"),
    choice("close_code"),
    text("close_notes"),
    choice("hold_reason"),
    reference("cmdb_ci", "cmdb_ci"),
    reference("location", "cmn_location"),
    text("reassignment_count"),
    text("reopen_count"),
    text("made_sla"),
    text("knowledge"),
    choice("notify"),
    reference("problem_id", "problem"),
    reference("rfc", "change_request"),
    reference("vendor", "core_company"),
    reference("caused_by", "change_request"),
    text("u_symptom"),
    text("u_priority_confirmation"),
    text("correlation_id"),
    text("correlation_display"),
    text("comments"),
    text("work_notes"),
    Column { name: "sla_due", kind: Kind::Due },
    text("sys_class_name"),
];

const CHANGE_REQUEST: &[Column] = columns![
    text("number"),
    choice("state"),
    text("active"),
    text("short_description"),
    text("description"),
    choice("type"),
    choice("category"),
    choice("priority"),
    choice("urgency"),
    choice("impact"),
    choice("risk"),
    choice("conflict_status"),
    reference("requested_by", "sys_user"),
    time("requested_by_date"),
    reference("opened_by", "sys_user"),
    time("opened_at"),
    reference("assigned_to", "sys_user"),
    reference("assignment_group", "sys_user_group"),
    time("start_date"),
    time("end_date"),
    time("work_start"),
    time("work_end"),
    reference("closed_by", "sys_user"),
    time("closed_at"),
    choice("close_code"),
    text("close_notes"),
    choice("approval"),
    choice("phase"),
    text("on_hold"),
    choice("contact_type"),
    choice("escalation"),
    reference("cmdb_ci", "cmdb_ci"),
    text("correlation_id"),
    text("comments"),
    text("work_notes"),
    text("sys_class_name"),
];

const USER: &[Column] = columns![
    text("user_name"),
    text("name"),
    text("first_name"),
    text("last_name"),
    text("email"),
    text("active"),
    text("locked_out"),
    text("password_needs_reset"),
    text("web_service_access_only"),
    text("internal_integration_user"),
    choice("identity_type"),
    text("time_zone"),
    text("date_format"),
    text("roles"),
];

const GROUP: &[Column] = columns![text("name"), text("active"), text("description"), text("email")];
const ROLE: &[Column] = columns![text("name"), text("description"), text("elevated_privilege")];
const HAS_ROLE: &[Column] = columns![
    reference("user", "sys_user"),
    reference("role", "sys_user_role"),
    choice("state"),
    text("inherited"),
    reference("granted_by", "sys_user_group"),
    text("inh_count"),
    reference("included_in_role", "sys_user_role"),
];
const ROLE_CONTAINS: &[Column] = columns![reference("role", "sys_user_role"), reference("contains", "sys_user_role")];
const MEMBER: &[Column] = columns![reference("user", "sys_user"), reference("group", "sys_user_group")];
const GROUP_ROLE: &[Column] =
    columns![reference("group", "sys_user_group"), reference("role", "sys_user_role"), text("inherits")];
const PROPERTY: &[Column] = columns![text("name"), text("value"), text("description"), text("type")];
const CHOICE: &[Column] = columns![
    text("name"),
    text("element"),
    text("value"),
    text("label"),
    text("language"),
    text("inactive"),
    text("sequence"),
    text("dependent_value"),
];
const OAUTH_ENTITY: &[Column] = columns![
    text("name"),
    choice("type"),
    text("client_id"),
    text("client_secret"),
    text("active"),
    text("access_token_lifespan"),
    text("refresh_token_lifespan"),
    text("auth_code_lifespan"),
    reference("user", "sys_user"),
    choice("default_grant_type"),
    choice("token_format"),
];
const OAUTH_CREDENTIAL: &[Column] = columns![
    choice("type"),
    text("token"),
    time("expires"),
    reference("user", "sys_user"),
    reference("peer", "oauth_entity"),
    text("scopes"),
    text("oauth_requestor_profile"),
    time("last_access"),
];
const STORE_APP: &[Column] = columns![
    text("scope"),
    text("name"),
    text("version"),
    text("latest_version"),
    text("update_available"),
    text("active"),
    text("vendor"),
];
const STAGING: &[Column] = columns![
    text("number"),
    text("short_description"),
    text("description"),
    text("impact"),
    text("urgency"),
    text("category"),
    text("assignment_group"),
    text("caller_id"),
    text("cmdb_ci"),
    text("work_notes"),
    text("state"),
    text("close_code"),
    text("close_notes"),
    text("correlation_id"),
    text("correlation_display"),
    text("sys_import_state"),
];
const JOURNAL: &[Column] = columns![text("name"), text("element"), text("element_id"), text("value")];
const RATE_RULE: &[Column] = columns![
    text("name"),
    text("active"),
    text("request_limit_per_hour"),
    text("resource"),
    text("method"),
    reference("user", "sys_user"),
    reference("role", "sys_user_role"),
];
const EVENT: &[Column] = columns![
    text("source"),
    text("event_class"),
    text("node"),
    text("resource"),
    text("metric_name"),
    text("type"),
    text("message_key"),
    text("severity"),
    text("description"),
    text("additional_info"),
    time("time_of_event"),
    text("resolution_state"),
    text("state"),
];

const CONFIGURATION_ITEM: &[Column] = columns![
    text("name"),
    text("sys_class_name"),
    text("fqdn"),
    text("host_name"),
    text("ip_address"),
    text("mac_address"),
    text("serial_number"),
    text("object_id"),
    text("correlation_id"),
    choice("install_status"),
    choice("operational_status"),
    choice("discovery_source"),
    text("os"),
    text("short_description"),
    reference("duplicate_of", "cmdb_ci"),
    reference("assignment_group", "sys_user_group"),
    reference("location", "cmn_location"),
];
const TEMPLATE: &[Column] = columns![
    text("name"),
    text("table"),
    text("active"),
    reference("user", "sys_user"),
    text("global"),
    text("groups"),
    text("short_description"),
    text("template"),
];
const ALERT: &[Column] = columns![
    text("number"),
    text("message_key"),
    choice("severity"),
    choice("state"),
    text("source"),
    text("node"),
    text("resource"),
    text("metric_name"),
    text("type"),
    text("description"),
    text("event_count"),
    text("additional_info"),
    reference("incident", "incident"),
    reference("cmdb_ci", "cmdb_ci"),
];
const DICTIONARY: &[Column] =
    columns![text("name"), text("element"), text("internal_type"), text("max_length"), text("mandatory")];

/// Every table and its columns.
pub(crate) fn columns_of() -> [(&'static str, &'static [Column]); 22] {
    [
        ("incident", INCIDENT),
        ("change_request", CHANGE_REQUEST),
        ("sys_user", USER),
        ("sys_user_group", GROUP),
        ("sys_user_role", ROLE),
        ("sys_user_has_role", HAS_ROLE),
        ("sys_properties", PROPERTY),
        ("sys_choice", CHOICE),
        ("oauth_entity", OAUTH_ENTITY),
        ("oauth_credential", OAUTH_CREDENTIAL),
        ("sys_store_app", STORE_APP),
        ("x_mioms_microsoft_oms_incident", STAGING),
        ("sys_journal_field", JOURNAL),
        ("sys_rate_limit_rules", RATE_RULE),
        ("sys_user_role_contains", ROLE_CONTAINS),
        ("sys_user_grmember", MEMBER),
        ("sys_group_has_role", GROUP_ROLE),
        ("em_event", EVENT),
        ("cmdb_ci", CONFIGURATION_ITEM),
        ("sys_template", TEMPLATE),
        ("em_alert", ALERT),
        ("sys_dictionary", DICTIONARY),
    ]
}
