//! The questions of `itsmc connection add`, line by line.

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
    needs_file, "not a terminal: add --file FILE (see itsmc connection template)", "geen terminal: voeg --file BESTAND toe (zie itsmc connection template)";
}
