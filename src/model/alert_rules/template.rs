//! The commented file that an admin begins with.

/// The text of `itsmc alert rules --template`. Every key stands in it; what is commented out has the value that holds
/// without it.
pub const TEMPLATE: &str = r##"# Alert rules: which Azure alerts become tickets, where, and with what values.
# The first rule that an alert matches decides. An alert that no rule matches gets no ticket; 'itsmc alert list' tells why.
# Check this file:               itsmc alert check
# See what it would have done:   itsmc alert preview --last 30d
# All keys are explained in docs/alerts.md.

[[rule]]
name = "production"
connection = "CONNECTION"          # a name that 'itsmc connection list' shows
# enabled = true
# kind = "incident"                # incident; with ServiceNow's Event Management also event and alert
# way = "table"                    # table; with ServiceNow also import-set, as the old connector did

# Each line that is here must fit; of a list one entry must. * stands for any text, ? for one character, capitals do not count.
[rule.match]
severity = ["Sev0", "Sev1", "Sev2"]
# subscription = ["aaaaaaaa-0000-4000-8000-000000000001"]
# resource_group = ["rg-prod-*"]
# resource_type = ["virtualMachines", "microsoft.sql/*"]
# target = ["sql-*"]
# rule = ["cpu*", "*disk*"]
# service = ["Platform", "Log Alerts V2"]
# custom = { team = "shop", env = ["prod", "live"] }

[rule.ticket]
# title = "{severity} {rule}: {item}"
# description = "{description}\n\n{details}\n\n{link}"
# template = "Azure alert"         # a template of the product
# group = "Cloud operations"       # the assignment group
# caller = "azure.monitor"         # for whom it is opened
# item = "find"                    # find the configuration item, or "none"
# fields = { category = "software", contact_type = "monitoring" }

# Impact and urgency by severity, 1 (high) to 3 (low); "none" for no ticket.
# [rule.severity]
# Sev0 = { impact = 1, urgency = 1 }
# Sev1 = { impact = 2, urgency = 1 }
# Sev2 = { impact = 2, urgency = 2 }
# Sev3 = { impact = 3, urgency = 2 }
# Sev4 = "none"

# More keys of a rule; they stand above [rule.match].
# grouping = "alert"               # alert: one ticket for each alert; item: one for each item of an alert;
#                                  # rule: one open ticket for each rule in Azure
# on_resolved = "resolve"          # resolve, note or nothing
# close_code = "Solution provided" # without it the connection's own
# reopen_minutes = 60              # a resolved ticket is opened again when its series fires within this time
# if_over = "ticket"               # an alert that was over before it was seen: ticket, or nothing
# suppressed = false               # tickets also for alerts that an alert processing rule mutes
# tests = false                    # tickets also for test notifications
# budget = 20                      # at most so many tickets in budget_minutes; the rest shares an umbrella ticket
# budget_minutes = 60
# flapping = 4                     # a series that fires so often in flapping_minutes is resolved when it keeps quiet
# flapping_minutes = 60
# notes_per_hour = 6               # at most so many notes on a ticket; the next note counts the rest
"##;

/// A text as a TOML value.
pub(super) fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
