//! Why the screens cannot be shown here.

crate::texts! {
    /// Standard input or output is no terminal.
    piped, "itsmc shows its screens in a terminal, and this is none.",
        "itsmc toont zijn schermen in een terminal, en dit is er geen.";
    /// The terminal cannot place the cursor.
    dumb, "This terminal calls itself 'dumb' (TERM=dumb) and cannot show screens.",
        "Deze terminal noemt zich 'dumb' (TERM=dumb) en kan geen schermen tonen.";
}
