//! Why the screens cannot be shown here, and what can be done instead.

crate::texts! {
    /// Standard input or output is no terminal.
    piped, "itsmc shows its screens in a terminal, and this is none. Without one, use its commands, such as 'itsmc status', 'itsmc sync' or 'itsmc connection add'; 'itsmc --help' lists all.",
        "itsmc toont zijn schermen in een terminal, en dit is er geen. Gebruik zonder terminal de opdrachten, zoals 'itsmc status', 'itsmc sync' of 'itsmc connection add'; 'itsmc --help' noemt ze alle.";
    /// The terminal cannot place the cursor.
    dumb, "This terminal calls itself 'dumb' (TERM=dumb) and cannot show screens. Use itsmc's commands, such as 'itsmc status', 'itsmc sync' or 'itsmc connection add'; 'itsmc --help' lists all.",
        "Deze terminal noemt zich 'dumb' (TERM=dumb) en kan geen schermen tonen. Gebruik de opdrachten van itsmc, zoals 'itsmc status', 'itsmc sync' of 'itsmc connection add'; 'itsmc --help' noemt ze alle.";
}
