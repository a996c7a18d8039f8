//! Why the screens cannot be shown here.

crate::texts! {
    piped, "itsmc shows its screens in a terminal, and this is none.",
        "itsmc toont zijn schermen in een terminal, en dit is er geen.";
    dumb, "This terminal calls itself 'dumb' (TERM=dumb) and cannot show screens.",
        "Deze terminal noemt zich 'dumb' (TERM=dumb) en kan geen schermen tonen.";
}
