//! The classes of configuration items: one table holds them all, and each class shows its own rows and those below it.

/// The table of all configuration items.
pub(crate) const ITEMS: &str = "cmdb_ci";

/// The class of virtual machines, to which discovery writes the id of the cloud.
pub(crate) const VIRTUAL_MACHINE: &str = "cmdb_ci_vm_instance";

/// Each class and the one above it.
const ABOVE: [(&str, &str); 14] = [
    ("cmdb_ci_hardware", ITEMS),
    ("cmdb_ci_computer", "cmdb_ci_hardware"),
    ("cmdb_ci_server", "cmdb_ci_computer"),
    ("cmdb_ci_win_server", "cmdb_ci_server"),
    ("cmdb_ci_linux_server", "cmdb_ci_server"),
    ("cmdb_ci_unix_server", "cmdb_ci_server"),
    ("cmdb_ci_netgear", "cmdb_ci_hardware"),
    ("cmdb_ci_vm_object", ITEMS),
    (VIRTUAL_MACHINE, "cmdb_ci_vm_object"),
    ("cmdb_ci_appl", ITEMS),
    ("cmdb_ci_db_instance", "cmdb_ci_appl"),
    ("cmdb_ci_service", ITEMS),
    ("cmdb_ci_service_auto", "cmdb_ci_service"),
    ("cmdb_ci_cloud_service_account", ITEMS),
];

/// Whether this is a class of configuration items.
pub(crate) fn is_class(name: &str) -> bool {
    name == ITEMS || above(name).is_some()
}

/// The class above this one.
pub(crate) fn above(name: &str) -> Option<&'static str> {
    ABOVE.iter().find(|(class, _)| *class == name).map(|(_, above)| *above)
}

/// Whether a class is another one or below it.
pub(crate) fn is_below(class: &str, other: &str) -> bool {
    class == other || above(class).is_some_and(|above| is_below(above, other))
}

/// A class and all below it.
pub(crate) fn family(class: &str) -> Vec<&'static str> {
    let all = ABOVE.iter().map(|(class, _)| *class).chain([ITEMS]);
    all.filter(|other| is_below(other, class)).collect()
}

/// Whether the identification engine knows how to tell rows of a class apart: only hardware has rules here.
pub(crate) fn has_rule(class: &str) -> bool {
    is_below(class, "cmdb_ci_hardware")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_holds_what_is_below_it() {
        assert!(
            is_below("cmdb_ci_win_server", "cmdb_ci_hardware") && !is_below("cmdb_ci_server", "cmdb_ci_win_server")
        );
        assert_eq!(family("cmdb_ci_vm_object"), ["cmdb_ci_vm_object", VIRTUAL_MACHINE]);
        assert!(is_class(ITEMS) && !is_class("cmdb_ci_unheard_of") && !has_rule("cmdb_ci_service"));
    }
}
