//! What `itsmc doctor` says.

use crate::model::lang::Lang;

/// What a check is about, by its id.
pub fn title(lang: Lang, id: &str) -> &'static str {
    match id {
        "places" => places(lang),
        "vault_key" => vault_key(lang),
        "keyring" => keyring(lang),
        "certificates" => certificates(lang),
        "proxy" => proxy(lang),
        "database" => database(lang),
        "clock" => clock(lang),
        "workspaces" => workspaces(lang),
        "alerts" => alerts(lang),
        _ => connections(lang),
    }
}

/// The place of the vault's key, by its id.
pub fn key_source(lang: Lang, id: &str) -> &str {
    match id {
        "key-file" => key_file_place(lang),
        "credential" => credential_place(lang),
        "command" => command_place(lang),
        "keyring" => keyring_place(lang),
        "passphrase" => passphrase_place(lang),
        _ => id,
    }
}

crate::texts! {
    places, "Folders", "Mappen";
    vault_key, "Vault key", "Kluissleutel";
    keyring, "Keyring", "Sleutelbos";
    certificates, "Certificates", "Certificaten";
    proxy, "Proxy", "Proxy";
    database, "Database", "Database";
    clock, "Clock", "Klok";
    connections, "Connections", "Verbindingen";
    workspaces, "Workspaces", "Werkruimten";
    workspaces_none, "none", "geen";
    workspaces_fine[count], "{count} workspace takes rows" | "{count} workspaces take rows", "{count} werkruimte neemt rijen aan" | "{count} werkruimten nemen rijen aan";
    workspaces_not_set_up(name: &str), "{name} is not set up, so nothing is sent to it", "{name} is niet ingericht, dus er wordt niets naartoe verstuurd";
    workspaces_not_set_up_remedy(name: &str), "See what is missing: itsmc workspace plan {name}", "Bekijk wat er ontbreekt: itsmc workspace plan {name}";
    alerts_not_read(name: &str), "{name} was never read", "{name} is nooit gelezen";
    alerts_not_read_remedy, "Read it: itsmc alert poll", "Lees hem: itsmc alert poll";
    alerts_troubled(refused: &str, unsure: &str), "tickets refused: {refused}, unsure: {unsure}", "geweigerde tickets: {refused}, onzekere: {unsure}";
    alerts_troubled_remedy, "See them: itsmc ticket list --troubled", "Bekijk ze: itsmc ticket list --troubled";
    alerts, "Alerts", "Meldingen";
    alerts_none, "no alert sources", "geen meldingsbronnen";
    alerts_fine(sources: &str, on: &str, all: &str), "{sources}; rules switched on: {on} of {all}", "{sources}; ingeschakelde regels: {on} van {all}";
    alerts_no_rules, "no rules, so no alert gets a ticket", "geen regels, dus geen melding krijgt een ticket";
    alerts_no_rules_remedy(path: &str), "Begin with the template: itsmc alert rules --template > {path}", "Begin met het sjabloon: itsmc alert rules --template > {path}";
    alerts_shared(subscription: &str, sources: &str), "several sources read subscription {subscription}: {sources}", "meer bronnen lezen abonnement {subscription}: {sources}";
    alerts_shared_remedy, "Keep it in one source: itsmc alert source edit NAME --subscription ID", "Houd het bij één bron: itsmc alert source edit NAAM --subscription ID";
    places_fine(config: &str, data: &str), "config in {config}, data in {data}", "configuratie in {config}, gegevens in {data}";
    places_one(home: &str), "everything is in {home}", "alles staat in {home}";
    key_file_place, "key file", "het sleutelbestand";
    credential_place, "systemd credential", "de systemd-credential";
    command_place, "key command", "de sleutelopdracht";
    keyring_place, "keyring", "de sleutelbos";
    passphrase_place, "passphrase", "de wachtzin";
    key_from(place: &str), "the vault opens with the {place}", "de kluis gaat open met {place}";
    key_will_be(place: &str), "will be kept in the {place} when the first secret is saved", "wordt bewaard in {place} zodra het eerste geheim wordt opgeslagen";
    key_not_chosen, "no vault yet; its key is chosen when the first secret is saved", "nog geen kluis; de sleutel wordt gekozen zodra het eerste geheim wordt opgeslagen";
    key_passphrase, "the vault opens with a passphrase that is asked for", "de kluis gaat open met een wachtzin die wordt gevraagd";
    key_passphrase_remedy, "To run unattended, put the passphrase in a file and name it in ITSMC_PASSPHRASE_FILE", "Zet voor onbemand gebruik de wachtzin in een bestand en noem dat in ITSMC_PASSPHRASE_FILE";
    key_gone(place: &str, detail: &str), "the vault is there, its key is not: {place} ({detail})", "de kluis is er, de sleutel niet: {place} ({detail})";
    key_unread(place: &str, detail: &str), "the vault's key cannot be read from {place}: {detail}", "de kluissleutel is niet te lezen uit {place}: {detail}";
    key_unread_remedy, "Start the keyring in this session, or name a key file with --key-file FILE or ITSMC_KEY_FILE", "Start de sleutelbos in deze sessie, of noem een sleutelbestand met --key-file BESTAND of ITSMC_KEY_FILE";
    key_gone_remedy, "Restore the key, or name its file with --key-file FILE", "Zet de sleutel terug, of noem het bestand met --key-file BESTAND";
    key_open(detail: &str), "the vault's key is not private: {detail}", "de sleutel van de kluis is niet afgeschermd: {detail}";
    key_open_remedy, "Take the file away from others: chmod 600 FILE", "Ontneem anderen het bestand: chmod 600 BESTAND";
    keyring_works, "works", "werkt";
    keyring_no_bus, "no session bus (D-Bus), as is usual without a desktop", "geen sessiebus (D-Bus), wat zonder bureaublad gewoon is";
    keyring_no_service, "no Secret Service, such as gnome-keyring, on the session bus", "geen Secret Service, zoals gnome-keyring, op de sessiebus";
    keyring_no_collection, "the Secret Service has no keyring yet", "de Secret Service heeft nog geen sleutelbos";
    keyring_locked, "locked", "vergrendeld";
    keyring_no_answer, "no answer in time", "geen antwoord binnen de tijd";
    keyring_other, "for a reason that itsmc doctor --json tells", "om een reden die itsmc doctor --json geeft";
    keyring_spare(detail: &str), "not available ({detail}); not needed, the vault's key is kept elsewhere", "niet beschikbaar ({detail}); niet nodig, de kluissleutel wordt elders bewaard";
    keyring_none, "not used", "niet in gebruik";
    keyring_fails(detail: &str), "not available: {detail}", "niet beschikbaar: {detail}";
    keyring_locked_remedy, "Unlock the keyring, or name a key file with --key-file FILE or ITSMC_KEY_FILE", "Ontgrendel de sleutelbos, of noem een sleutelbestand met --key-file BESTAND of ITSMC_KEY_FILE";
    keyring_remedy, "Name a key file with --key-file FILE or ITSMC_KEY_FILE; without one a passphrase protects the vault", "Noem een sleutelbestand met --key-file BESTAND of ITSMC_KEY_FILE; zonder beschermt een wachtzin de kluis";
    certificates_found, "this machine's CA certificates are found", "de CA-certificaten van deze machine zijn gevonden";
    proxy_none, "none set; servers are reached directly", "niet ingesteld; servers worden rechtstreeks bereikt";
    proxy_reached(proxy: &str, variable: &str), "{proxy} accepts connections ({variable})", "{proxy} neemt verbindingen aan ({variable})";
    no_proxy_unreadable(variable: &str, entries: &str), "{variable} has entries that cannot be read: {entries}", "{variable} heeft onderdelen die niet te lezen zijn: {entries}";
    no_proxy_remedy, "Write host names, addresses or networks, separated by commas", "Schrijf hostnamen, adressen of netwerken, gescheiden door komma's";
    database_none, "none yet; the first sync creates it", "nog geen; de eerste synchronisatie maakt die aan";
    database_fine[items], "readable and writable, {items} work item" | "readable and writable, {items} work items", "lees- en schrijfbaar, {items} werkitem" | "lees- en schrijfbaar, {items} werkitems";
    database_read_only, "can only be read: nothing can be synced here", "alleen leesbaar: hier kan niets worden gesynchroniseerd";
    database_read_only_remedy, "Run itsmc as the user who owns the files", "Voer itsmc uit als de gebruiker van wie de bestanden zijn";
    clock_alone(now: &str), "{now}; not compared with a product yet", "{now}; nog met geen product vergeleken";
    clock_fine(now: &str), "{now}; agrees with the products at the last sync", "{now}; gelijk met de producten bij de laatste synchronisatie";
    clock_wrong(now: &str), "{now} is before this version was made", "{now} is van voor deze versie";
    clock_remedy, "Set the clock of this machine, best with a time service", "Zet de klok van deze machine gelijk, liefst met een tijdserver";
    of_connection(name: &str, what: &str), "{name}: {what}", "{name}: {what}";
    connections_none, "none yet", "nog geen";
    connections_none_remedy, "Set one up: itsmc connection add", "Richt er een in: itsmc connection add";
    connections_remedy, "See what is wrong: itsmc status", "Bekijk wat er mis is: itsmc status";
    all_well, "All good.", "Alles in orde.";
    warnings(count: usize), "It works; points to look at: {count}", "Het werkt; aandachtspunten: {count}";
    problems(count: usize), "Problems that stop a connection: {count}", "Problemen die een verbinding tegenhouden: {count}";
    head(version: &str, platform: &str), "itsmc {version} on {platform}", "itsmc {version} op {platform}";
    attach, "Everything for a support ticket, free of secrets: itsmc doctor --json", "Alles voor een supportticket, zonder geheimen: itsmc doctor --json";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_place_is_named_in_words_not_by_its_id() {
        for lang in [Lang::En, Lang::Nl] {
            assert!(!key_from(lang, key_source(lang, "key-file")).contains("key-file"), "{lang:?}");
        }
        assert_eq!(key_from(Lang::Nl, key_source(Lang::Nl, "keyring")), "de kluis gaat open met de sleutelbos");
    }
}
