//! What the renaming of a connection says.

crate::texts! {
    outside(known_as: &str), "Tickets and rows in Log Analytics, new ones as well, keep the name {known_as}, so that none is made twice.",
        "Tickets en rijen in Log Analytics, ook nieuwe, houden de naam {known_as}, zodat er geen dubbel wordt gemaakt.";
    question(from: &str, to: &str), "Rename '{from}' to '{to}'?", "'{from}' hernoemen naar '{to}'?";
    renamed(from: &str, to: &str), "Renamed '{from}' to '{to}'.", "'{from}' heet nu '{to}'.";
    not_renamed, "Nothing was renamed.", "Er is niets hernoemd.";
    logged(from: &str, to: &str), "renamed from {from} to {to}", "hernoemd van {from} naar {to}";
}
