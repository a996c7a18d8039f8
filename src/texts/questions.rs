//! The questions of `itsmc connection add`, `itsmc connection edit` and `itsmc alert source add`, line by line.

crate::texts! {
    intro, "Enter keeps the value in brackets. Ctrl-C stops; nothing is saved then.", "Enter houdt de waarde tussen haakjes. Ctrl-C stopt; er wordt dan niets opgeslagen.";
    product, "Product", "Product";
    number_or_name(label: &str), "{label}, number or name", "{label}, nummer of naam";
    optional, "optional", "optioneel";
    one_of(known: &str), "enter one of: {known}", "vul een van deze in: {known}";
    hidden, "what you type is not shown", "wat u typt is niet te zien";
    given, "entered, not shown", "ingevuld, niet getoond";
    review, "Review", "Controle";
    change_or_test, "Setting to change by its name, or Enter to test and save", "Te wijzigen instelling bij naam, of Enter om te testen en op te slaan";
    change_or_save, "Setting to change by its name, or Enter to save signed out", "Te wijzigen instelling bij naam, of Enter om afgemeld op te slaan";
    change_or_stop, "Setting to change by its name, or Enter to stop", "Te wijzigen instelling bij naam, of Enter om te stoppen";
    change_or_go_on, "Setting to change by its name, or Enter to go on", "Te wijzigen instelling bij naam, of Enter om door te gaan";
    replace_secrets, "Replace the stored secrets by others?", "De opgeslagen geheimen door andere vervangen?";
    new_secrets, "The stored secrets are replaced.", "De opgeslagen geheimen worden vervangen.";
    save_question(name: &str), "Save these changes to '{name}'?", "Deze wijzigingen van '{name}' opslaan?";
    not_saved, "Nothing was changed.", "Er is niets gewijzigd.";
    needs_set, "not a terminal: say what to change by --set KEY=VALUE", "geen terminal: geef met --set SLEUTEL=WAARDE op wat er verandert";
    source_name, "Name for the source in itsmc", "Naam voor de bron in itsmc";
    source_taken, "there is a source of this name already", "er is al een bron die zo heet";
    source_subscriptions, "Subscriptions by their numbers, or Enter for all", "Abonnementen bij hun nummers, of Enter voor alle";
    source_acknowledge, "Acknowledge alerts in Azure once they have a ticket (needs Monitoring Contributor)?",
        "Meldingen in Azure bevestigen zodra ze een ticket hebben (vraagt Monitoring Contributor)?";
    needs_file, "not a terminal: add --file FILE (see itsmc connection template)", "geen terminal: voeg --file BESTAND toe (zie itsmc connection template)";
}
