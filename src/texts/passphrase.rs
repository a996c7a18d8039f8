//! The dialog that asks for the passphrase of the vault's key.

crate::texts! {
    title_new, "A passphrase for your secrets", "Een wachtzin voor uw geheimen";
    title_existing, "The passphrase of your secrets", "De wachtzin van uw geheimen";
    about_new,
        "No keyring works here, so a passphrase protects the file with your tokens. itsmc asks for it at each start and does not store it. It cannot be recovered. With a key file (--key-file) nothing is asked.",
        "Er werkt hier geen sleutelbos, dus beschermt een wachtzin het bestand met uw tokens. itsmc vraagt erom bij elke start en slaat die niet op. Die is niet te herstellen. Met een sleutelbestand (--key-file) wordt niets gevraagd.";
    about_existing, "It opens the file with your tokens.", "Die opent het bestand met uw tokens.";
    choose, "New passphrase:", "Nieuwe wachtzin:";
    repeat, "Repeat:", "Herhaal:";
    enter, "Passphrase:", "Wachtzin:";
    empty, "Type a passphrase, or press Esc.", "Typ een wachtzin, of druk op Esc.";
    wrong, "Wrong passphrase. Try again.",
        "Verkeerde wachtzin. Probeer het opnieuw.";
    differ, "The two passphrases differ. Choose again.", "De twee wachtzinnen verschillen. Kies opnieuw.";
    key_take, "continue", "verder";
    key_cancel, "cancel", "annuleren";
}
