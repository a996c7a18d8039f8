//! Configuration items, templates and the dictionary.

use crate::core::estate::{MACHINES, Machine};
use crate::core::rng::stable_hex;
use crate::core::words::ITEMS;
use crate::servicenow::table::{Column, Kind, Store, Writer, classes};

/// Templates: name, table, active, global, whose, and the encoded fields.
const TEMPLATES: [(&str, &str, &str, &str, &str); 7] = [
    ("Azure alert", "incident", "true", "true", "category=network^subcategory=vpn^contact_type=email^impact=2^EQ"),
    (
        "Server down",
        "incident",
        "true",
        "true",
        "short_description=Server down^urgency=1^impact=1^category=hardware^EQ",
    ),
    ("With a script", "incident", "true", "true", "urgency=2^description=javascript:gs.getUserName()^EQ"),
    ("With a dot", "incident", "true", "true", "caller_id.department=IT^urgency=2^EQ"),
    ("Retired", "incident", "false", "true", "urgency=3^EQ"),
    ("Somebody's own", "incident", "true", "false", "urgency=1^EQ"),
    ("Standard patch", "change_request", "true", "true", "type=standard^category=Software^EQ"),
];

/// Makes the configuration items, the templates and the dictionary.
pub(crate) fn make_inventory(store: &mut Store, now: i64) {
    let old = now - 300 * 86_400;
    let mut writer = Writer::system(store, old);
    for name in ITEMS {
        match MACHINES.iter().find(|machine| machine.name == *name) {
            Some(machine) => make_machine(&mut writer, machine),
            None => make_item(&mut writer, name, name, class_of(name), &[]),
        }
    }
    make_traps(&mut writer);
    for (name, table, active, global, template) in TEMPLATES {
        let user = if global == "true" { String::new() } else { stable_hex("sys_user", "beth.anglin") };
        let fields = [
            ("name", name),
            ("table", table),
            ("active", active),
            ("global", global),
            ("user", &user),
            ("short_description", name),
            ("template", template),
        ];
        writer.put("sys_template", name, &fields);
    }
    make_dictionary(&mut writer);
}

fn class_of(name: &str) -> &'static str {
    match name {
        "SAP ERP" | "Intranet" => "cmdb_ci_service",
        "lb-2" | "vpn-gw-1" | "fw-edge-3" => "cmdb_ci_netgear",
        _ => "cmdb_ci_server",
    }
}

fn make_item(writer: &mut Writer<'_>, key: &str, name: &str, class: &str, more: &[(&str, &str)]) {
    let first = [("name", name), ("sys_class_name", class), ("install_status", "1"), ("operational_status", "1")];
    let fields: Vec<_> = first.into_iter().chain(more.iter().copied()).collect();
    writer.put(classes::ITEMS, key, &fields);
}

/// Discovery writes the ids of the cloud in small letters, whatever Azure says.
fn make_machine(writer: &mut Writer<'_>, machine: &Machine) {
    let class = if machine.windows { "cmdb_ci_win_server" } else { "cmdb_ci_linux_server" };
    let (fqdn, id) = (machine.fqdn(), machine.arm_id().to_ascii_lowercase());
    let serial = format!("VM-{}", &stable_hex("serial", machine.name)[..10]);
    let os = if machine.windows { "Windows Server 2022" } else { "Linux" };
    let mut fields = vec![("fqdn", fqdn.as_str()), ("ip_address", machine.ip), ("serial_number", &serial), ("os", os)];
    fields.extend([("host_name", machine.name), ("discovery_source", "Azure")]);
    match machine.name {
        // One is known by the cloud's id in another column, one by its full name only.
        "web-prd-02" => fields.push(("correlation_id", &id)),
        "print-srv-2" => {}
        _ => fields.push(("object_id", &id)),
    }
    make_item(writer, machine.name, machine.name, class, &fields);
}

/// Names that are not unique: one among live rows, one that only a retired row and a marked duplicate share.
fn make_traps(writer: &mut Writer<'_>) {
    for key in ["nas-12", "nas-12 again"] {
        make_item(writer, key, "nas-12", "cmdb_ci_server", &[("ip_address", "10.20.3.12")]);
    }
    let retired = [("install_status", "7"), ("operational_status", "6"), ("fqdn", "esx-21.contoso.practice.example")];
    make_item(writer, "esx-21 before", "esx-21", "cmdb_ci_server", &retired);
    let original = stable_hex(classes::ITEMS, "esx-22");
    make_item(writer, "esx-22 doubled", "esx-22", "cmdb_ci_server", &[("duplicate_of", &original)]);
}

fn make_dictionary(writer: &mut Writer<'_>) {
    let tables = writer.store.tables().iter().map(|table| (table.name, table.columns)).collect::<Vec<_>>();
    for (table, columns) in tables {
        for column in columns {
            let (kind, length) = type_of(column);
            let fields = [("name", table), ("element", column.name), ("internal_type", kind), ("max_length", length)];
            let mandatory = [("mandatory", "false")];
            let fields: Vec<_> = fields.into_iter().chain(mandatory).collect();
            writer.put("sys_dictionary", &format!("{table}.{}", column.name), &fields);
        }
    }
}

fn type_of(column: &Column) -> (&'static str, &'static str) {
    match (column.kind, column.name) {
        (Kind::Id, _) => ("GUID", "32"),
        (Kind::Reference(_), _) => ("reference", "32"),
        (Kind::Time | Kind::Due, _) => ("glide_date_time", "40"),
        (Kind::Choice, _) => ("string", "40"),
        (Kind::Text, "short_description") => ("string", "160"),
        (Kind::Text, "description" | "close_notes" | "comments" | "work_notes") => ("string", "4000"),
        (Kind::Text, "correlation_id" | "correlation_display") => ("string", "100"),
        (Kind::Text, _) => ("string", "255"),
    }
}
