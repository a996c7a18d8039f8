//! Why the screens cannot be shown here.

crate::texts! {
    piped, "itsmc needs a terminal.",
        "itsmc heeft een terminal nodig.";
    dumb, "This terminal cannot show the screens of itsmc (TERM=dumb).",
        "Deze terminal kan de schermen van itsmc niet tonen (TERM=dumb).";
}
