//! The choice lists of the instance: value, label, order.

/// The choices of one column: value and label.
pub(crate) type Choices = &'static [(&'static str, &'static str)];

const LEVEL: Choices = &[("1", "1 - High"), ("2", "2 - Medium"), ("3", "3 - Low")];
const ESCALATION: Choices = &[("0", "Normal"), ("1", "Moderate"), ("2", "High"), ("3", "Overdue")];
const CONTACT: Choices = &[
    ("phone", "Phone"),
    ("email", "Email"),
    ("self-service", "Self-service"),
    ("chat", "Chat"),
    ("walk-in", "Walk-in"),
    ("virtual_agent", "Virtual Agent"),
];
const CHANGE_CLOSE: Choices =
    &[("successful", "Successful"), ("successful_issues", "Successful with issues"), ("unsuccessful", "Unsuccessful")];

/// The states of an incident since Helsinki.
pub(crate) const INCIDENT_STATE: Choices =
    &[("1", "New"), ("2", "In Progress"), ("3", "On Hold"), ("6", "Resolved"), ("7", "Closed"), ("8", "Canceled")];

/// The states of an incident on instances upgraded from before Helsinki, as the incident log has them.
pub(crate) const OLDER_INCIDENT_STATE: Choices = &[
    ("1", "New"),
    ("2", "Active"),
    ("3", "Awaiting Problem"),
    ("4", "Awaiting User Info"),
    ("5", "Awaiting Evidence"),
    ("6", "Resolved"),
    ("7", "Closed"),
    ("9", "Awaiting Vendor"),
];

/// The priorities of an incident.
pub(crate) const INCIDENT_PRIORITY: Choices =
    &[("1", "1 - Critical"), ("2", "2 - High"), ("3", "3 - Moderate"), ("4", "4 - Low"), ("5", "5 - Planning")];

/// The states of a change request.
pub(crate) const CHANGE_STATE: Choices = &[
    ("-5", "New"),
    ("-4", "Assess"),
    ("-3", "Authorize"),
    ("-2", "Scheduled"),
    ("-1", "Implement"),
    ("0", "Review"),
    ("3", "Closed"),
    ("4", "Canceled"),
];

/// Every choice list, but for the states of an incident: table, column, choices.
pub(crate) const LISTS: &[(&str, &str, Choices)] = &[
    ("incident", "priority", INCIDENT_PRIORITY),
    ("incident", "urgency", LEVEL),
    ("incident", "impact", LEVEL),
    ("incident", "severity", LEVEL),
    ("task", "escalation", ESCALATION),
    ("task", "contact_type", CONTACT),
    (
        "incident",
        "category",
        &[
            ("inquiry", "Inquiry / Help"),
            ("software", "Software"),
            ("hardware", "Hardware"),
            ("network", "Network"),
            ("database", "Database"),
        ],
    ),
    (
        "incident",
        "close_code",
        &[
            ("Solution provided", "Solution provided"),
            ("Workaround provided", "Workaround provided"),
            ("Duplicate", "Duplicate"),
            ("User error", "User error"),
            ("Known error", "Known error"),
            ("No resolution provided", "No resolution provided"),
            ("Resolved by caller", "Resolved by caller"),
            ("Resolved by change", "Resolved by change"),
            ("Resolved by problem", "Resolved by problem"),
            ("Resolved by request", "Resolved by request"),
        ],
    ),
    (
        "incident",
        "hold_reason",
        &[("1", "Awaiting Caller"), ("3", "Awaiting Problem"), ("4", "Awaiting Vendor"), ("5", "Awaiting Change")],
    ),
    ("incident", "notify", &[("1", "Do Not Notify"), ("2", "Send Email")]),
    ("change_request", "state", CHANGE_STATE),
    ("change_request", "type", &[("normal", "Normal"), ("standard", "Standard"), ("emergency", "Emergency")]),
    (
        "change_request",
        "category",
        &[
            ("Hardware", "Hardware"),
            ("Software", "Software"),
            ("Service", "Service"),
            ("Network", "Network"),
            ("Server Reboot", "Server Reboot"),
            ("Other", "Other"),
        ],
    ),
    (
        "change_request",
        "priority",
        &[("1", "1 - Critical"), ("2", "2 - High"), ("3", "3 - Moderate"), ("4", "4 - Low")],
    ),
    ("change_request", "urgency", LEVEL),
    ("change_request", "impact", LEVEL),
    ("change_request", "risk", &[("2", "High"), ("3", "Moderate"), ("4", "Low")]),
    (
        "change_request",
        "conflict_status",
        &[("Not Run", "Not Run"), ("No Conflict", "No Conflict"), ("Conflict", "Conflict")],
    ),
    ("change_request", "close_code", CHANGE_CLOSE),
    (
        "change_request",
        "approval",
        &[("not requested", "Not Yet Requested"), ("requested", "Requested"), ("approved", "Approved")],
    ),
    (
        "cmdb_ci",
        "install_status",
        &[("1", "Installed"), ("2", "On Order"), ("3", "In Maintenance"), ("6", "In Stock"), ("7", "Retired")],
    ),
    ("cmdb_ci", "operational_status", &[("1", "Operational"), ("2", "Non-Operational"), ("6", "Retired")]),
    (
        "cmdb_ci",
        "discovery_source",
        &[
            ("ServiceNow", "ServiceNow"),
            ("Azure", "Azure"),
            ("ITSMC", "ITSMC"),
            ("ImportSet", "ImportSet"),
            ("Manual Entry", "Manual Entry"),
            ("Other Automated", "Other Automated"),
        ],
    ),
    (
        "em_alert",
        "severity",
        &[("0", "Clear"), ("1", "Critical"), ("2", "Major"), ("3", "Minor"), ("4", "Warning"), ("5", "OK")],
    ),
    ("em_alert", "state", &[("Open", "Open"), ("Reopen", "Reopen"), ("Flapping", "Flapping"), ("Closed", "Closed")]),
    ("change_request", "phase", &[("requested", "Requested"), ("plan", "Plan"), ("build", "Build")]),
];

/// The label of a value of a column; none where the list does not know it.
pub(crate) fn label(table: &str, column: &str, value: &str, older: bool) -> Option<&'static str> {
    list(table, column, older)?.iter().find(|(known, _)| *known == value).map(|(_, label)| *label)
}

/// The value behind a label of a column; none where the list does not know it.
pub(crate) fn value(table: &str, column: &str, label: &str, older: bool) -> Option<&'static str> {
    list(table, column, older)?.iter().find(|(_, known)| *known == label).map(|(value, _)| *value)
}

fn list(table: &str, column: &str, older: bool) -> Option<Choices> {
    let states = if older { OLDER_INCIDENT_STATE } else { INCIDENT_STATE };
    match (table, column) {
        ("incident", "state" | "incident_state") => Some(states),
        _ => Some(LISTS.iter().find(|(of, name, _)| *name == column && (*of == table || *of == "task"))?.2),
    }
}
