//! What the wizard of a source of alerts says.

crate::texts! {
    title, "New source of alerts", "Nieuwe bron van meldingen";
    title_of(name: &str), "Source {name}", "Bron {name}";
    key_add, "add a source of alerts", "bron van meldingen toevoegen";
    key_all, "all or none", "alle of geen";
    key_acknowledge, "acknowledge in Azure: on/off", "bevestigen in Azure: aan/uit";
    label_acknowledge, "Acknowledge", "Bevestigen";
    acknowledge_off, "no. a switches it on: an alert with a ticket is acknowledged in Azure with the ticket's number; this needs Monitoring Contributor.", "nee. a zet het aan: een melding met een ticket wordt in Azure bevestigd met het ticketnummer; dit vraagt Monitoring Contributor.";
    acknowledge_on, "yes: an alert with a ticket is acknowledged in Azure with the ticket's number. This needs Monitoring Contributor.", "ja: een melding met een ticket wordt in Azure bevestigd met het ticketnummer. Dit vraagt Monitoring Contributor.";
    key_test, "test again", "opnieuw testen";
    key_type, "type the IDs", "ID's typen";
    step_sign_in, "Sign-in", "Aanmelding";
    step_subscriptions, "Subscriptions", "Abonnementen";
    step_test, "Test", "Test";
    step_review, "Review", "Controle";
    sign_in_intro, "How does itsmc sign in to Azure to read alerts? Reading them needs the role Monitoring Reader.", "Hoe meldt itsmc zich aan bij Azure om meldingen te lezen? Lezen vraagt de rol Monitoring Reader.";
    about_name, "By this name itsmc knows the source: letters, digits, '-', '_' and '.'.", "Onder deze naam kent itsmc de bron: letters, cijfers, '-', '_' en '.'.";
    bad_name, "1 to 50 letters, digits, '-', '_' or '.', the first a letter or digit", "1 tot 50 letters, cijfers, '-', '_' of '.', het eerste een letter of cijfer";
    taken, "another source has this name", "een andere bron heeft deze naam";
    subscriptions, "Subscriptions whose alerts are read", "Abonnementen waarvan de meldingen worden gelezen";
    chosen(count: usize), "Chosen: {count}. Space chooses, ctrl-a chooses all.", "Gekozen: {count}. Spatie kiest, ctrl-a kiest alle.";
    choose_one, "Choose at least one subscription.", "Kies minstens één abonnement.";
    nothing_seen, "This sign-in sees no subscription. ctrl-t lets you type IDs.", "Deze aanmelding ziet geen abonnement. Met ctrl-t typt u ID's.";
    type_instead, "ctrl-t lets you type IDs; ctrl-g asks again.", "Met ctrl-t typt u ID's; ctrl-g vraagt opnieuw.";
    typed_intro, "The IDs of the subscriptions, with a blank or a comma between them:", "De ID's van de abonnementen, met een spatie of een komma ertussen:";
    not_an_id(part: &str), "{part} is not a subscription ID, which is a GUID.", "{part} is geen abonnements-ID; dat is een GUID.";
    test_intro, "itsmc read the first page of each subscription. Nothing was stored.", "itsmc las de eerste pagina van elk abonnement. Er is niets opgeslagen.";
    testing, "Reading the first page of each subscription…", "De eerste pagina van elk abonnement lezen…";
    sees(alerts: usize), "alerts of the last 30 days: {alerts}", "meldingen van de laatste 30 dagen: {alerts}";
    sees_more(alerts: usize), "alerts of the last 30 days: more than {alerts}", "meldingen van de laatste 30 dagen: meer dan {alerts}";
    newest(at: &str), "the newest changed {at}", "de nieuwste wijzigde {at}";
    sees_none, "no alert is listed. Azure lists only alerts of resources that this sign-in may read: check that its role is on the whole subscription.", "er wordt geen melding getoond. Azure toont alleen meldingen van resources die deze aanmelding mag lezen: controleer of de rol op het hele abonnement staat.";
    not_all, "A source is saved when all its subscriptions can be read. Grant the role and press t, or press Esc and leave the subscription out.", "Een bron wordt opgeslagen als alle abonnementen te lezen zijn. Ken de rol toe en druk op t, of druk op Esc en laat het abonnement weg.";
    review_intro, "Enter saves the source.", "Enter slaat de bron op.";
    label_alerts, "Alerts", "Meldingen";
    before_start, "Alerts that fired before now are stored and get no tickets. Alerts that fire from now on get tickets by the rules.", "Meldingen die vóór nu afgingen, worden opgeslagen en krijgen geen tickets. Meldingen vanaf nu krijgen tickets volgens de regels.";
    saving, "Reading each subscription once more, then saving…", "Elk abonnement nog eens lezen en daarna opslaan…";
    saved(name: &str), "Source {name} is saved", "Bron {name} is opgeslagen";
}
