//! What the settings of a connection say.

crate::texts! {
    title, "Settings", "Instellingen";
    key_settings, "settings", "instellingen";
    checking, "Checking whether this change needs a sign-in…", "Controleren of deze wijziging een aanmelding vraagt…";
    needs_secrets, "The server, the user or the application changes: type its secrets again. They are tested before anything is saved.",
        "De server, de gebruiker of de toepassing verandert: typ de geheimen opnieuw. Ze worden getest voordat er iets wordt opgeslagen.";
    testing, "Testing with the new settings…", "Testen met de nieuwe instellingen…";
    test_failed, "The test failed. Esc leads back to the form.", "De test is mislukt. Esc leidt terug naar het formulier.";
    test_passed, "The test passed. Enter shows what changes.", "De test is geslaagd. Enter toont wat er verandert.";
    changes, "What changes", "Wat er verandert";
    no_changes, "Nothing changes.", "Er verandert niets.";
    fetched_again, "It becomes another server, user or application: stored work items are hidden, and everything is fetched again.",
        "Het wordt een andere server, gebruiker of toepassing: opgeslagen werkitems worden verborgen en alles wordt opnieuw opgehaald.";
    ask_identity(name: &str), "Change the server, user or application of {name}? Stored work items are hidden and everything is fetched again.",
        "De server, gebruiker of toepassing van {name} wijzigen? Opgeslagen werkitems worden verborgen en alles wordt opnieuw opgehaald.";
}
