//! What the dashboard says.

crate::texts! {
    /// Sync every connection.
    sync_all, "sync all", "alles synchroniseren";
    /// Stop what runs.
    stop, "stop", "stoppen";
    /// Search.
    find, "find", "zoeken";
    /// Read anew.
    reload, "reload", "opnieuw laden";
    /// Focus to the right.
    right, "right", "naar rechts";
    /// Focus to the left.
    left, "left", "naar links";
    /// The next one.
    next, "next", "volgende";
    /// The previous one.
    previous, "previous", "vorige";
    /// The first one.
    first, "first", "eerste";
    /// The last one.
    last, "last", "laatste";
}
