//! The dialog that asks for the passphrase of the vault's key.

crate::texts! {
    /// The box, when a vault is made.
    title_new, "A passphrase for your secrets", "Een wachtzin voor uw geheimen";
    /// The box, when a vault is opened.
    title_existing, "The passphrase of your secrets", "De wachtzin van uw geheimen";
    /// Why a new one is needed.
    about_new,
        "No keyring works here, so a passphrase protects the file with your tokens. itsmc asks for it at each start and keeps it nowhere.",
        "Er werkt hier geen sleutelbos, dus beschermt een wachtzin het bestand met uw tokens. itsmc vraagt erom bij elke start en bewaart hem nergens.";
    /// Why the one there is needed.
    about_existing, "It opens the file with your tokens.", "Hij opent het bestand met uw tokens.";
    /// The field for a new one.
    choose, "Choose:", "Kies:";
    /// The field for the same once more.
    repeat, "Repeat:", "Herhaal:";
    /// The field for the one there is.
    enter, "Passphrase:", "Wachtzin:";
    /// Nothing was typed.
    empty, "Type a passphrase, or press Esc.", "Typ een wachtzin, of druk op Esc.";
    /// It is wrong.
    wrong, "That passphrase does not open the file. Type it again.",
        "Die wachtzin opent het bestand niet. Typ hem opnieuw.";
    /// The two differ.
    differ, "The two passphrases differ. Choose again.", "De twee wachtzinnen verschillen. Kies opnieuw.";
    /// Key.
    key_take, "continue", "verder";
    /// Key.
    key_cancel, "cancel", "annuleren";
}
