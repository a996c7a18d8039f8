//! What a sync noticed, in words: one line of what it is, one of what to do.

use super::{number, step, sweep, time};
use crate::model::finding::SyncFinding;
use crate::model::lang::Lang;
use crate::model::work_item::WorkItemKind;

crate::texts! {
    hidden_column(kind: &str, columns: &str),
        "{kind}, hidden column: {columns}. Stored values are kept.",
        "{kind}, verborgen kolom: {columns}. Opgeslagen waarden blijven bewaard.";
    hidden_column_remedy,
        "Give the integration user read access to the column in the product; the next sync reads it again.",
        "Geef de integratiegebruiker in het product leesrecht op de kolom; de volgende synchronisatie leest die opnieuw.";
    binding_changed(kind: &str, attribute: &str, bound: &str, now: &str),
        "{kind}: '{attribute}' is read from '{bound}', and the product now also offers '{now}'. '{bound}' stays in use.",
        "{kind}: '{attribute}' wordt gelezen uit '{bound}', en het product biedt nu ook '{now}'. '{bound}' blijft in gebruik.";
    binding_gone(kind: &str, attribute: &str, bound: &str),
        "{kind}: '{attribute}' is read from '{bound}', which the product no longer has. Stored values are kept.",
        "{kind}: '{attribute}' wordt gelezen uit '{bound}', en dat heeft het product niet meer. Opgeslagen waarden blijven bewaard.";
    binding_remedy,
        "To use what the product offers now: itsmc connection mapping NAME --rebind",
        "Gebruiken wat het product nu biedt: itsmc connection mapping NAAM --rebind";
    clock_ahead(span: &str),
        "The product's clock is {span} ahead of this machine's. itsmc uses the product's time.",
        "De klok van het product loopt {span} voor op die van deze machine. itsmc gebruikt de tijd van het product.";
    clock_behind(span: &str),
        "The product's clock is {span} behind this machine's. itsmc uses the product's time.",
        "De klok van het product loopt {span} achter op die van deze machine. itsmc gebruikt de tijd van het product.";
    clock_remedy, "Set this machine's clock (NTP).", "Zet de klok van deze machine gelijk (NTP).";
    synced_in_future(at: &str),
        "The last sync is dated {at}, which is in the future, so its age is unknown.",
        "De laatste synchronisatie is gedateerd op {at}, in de toekomst, dus hoe oud die is, is onbekend.";
    synced_in_future_remedy,
        "Check this machine's clock, then sync again.",
        "Controleer de klok van deze machine en synchroniseer daarna opnieuw.";
    changed_in_future(kind: &str, newest: &str),
        "{kind}: the newest change is dated {newest}, which is in the future",
        "{kind}: de nieuwste wijziging is gedateerd op {newest}, in de toekomst";
    changed_in_future_setting(key: &str),
        "Check {key} of the connection: itsmc connection edit NAME --set {key}=…, then itsmc sync NAME --full",
        "Controleer {key} van de verbinding: itsmc connection edit NAAM --set {key}=…, dan itsmc sync NAAM --full";
    changed_in_future_clock,
        "Check the clocks and the time zone settings of the product and of this machine.",
        "Controleer de klokken en de tijdzone-instellingen van het product en van deze machine.";
    incomplete(kind: &str, came: &str, counted: &str),
        "{kind}: received {came} of {counted} rows",
        "{kind}: {came} van {counted} rijen ontvangen";
    incomplete_remedy,
        "Sync again. If this keeps happening, the product hides rows from this user or miscounts.",
        "Synchroniseer opnieuw. Gebeurt dit steeds, dan verbergt het product rijen voor deze gebruiker of telt het verkeerd.";
    cut_rows(kind: &str, rows: &str, numbers: &str),
        "{kind}: {rows} too large, stored with the longest texts cut: {numbers}",
        "{kind}: {rows} te groot, opgeslagen met ingekorte teksten: {numbers}";
    cut_rows_remedy,
        "Nothing, unless you need the whole text: read it in the product.",
        "Niets, tenzij u de hele tekst nodig hebt: lees die in het product.";
    damaged_text(kind: &str, rows: &str, numbers: &str),
        "{kind}: {rows} with damaged text (not valid UTF-8) on every attempt: {numbers}",
        "{kind}: {rows} met beschadigde tekst (geen geldige UTF-8) bij elke poging: {numbers}";
    damaged_text_remedy,
        "Correct the text in the product; the damaged characters are stored as '\u{fffd}'.",
        "Verbeter de tekst in het product; de beschadigde tekens zijn opgeslagen als '\u{fffd}'.";
    no_number(kind: &str, rows: &str, ids: &str),
        "{kind}: {rows} without a number, stored under the id instead: {ids}",
        "{kind}: {rows} zonder nummer, in plaats daarvan opgeslagen onder de id: {ids}";
    no_number_remedy,
        "Give them a number in the product; the next change of a record brings it here.",
        "Geef ze in het product een nummer; de volgende wijziging van een record brengt het hier.";
    outside_scope(kind: &str, rows: &str, newest: &str),
        "{kind}: {rows} came, and none changed within the sync scope; the newest is dated {newest}",
        "{kind}: {rows} ontvangen, en geen daarvan is binnen het synchronisatiebereik gewijzigd; de nieuwste is gedateerd op {newest}";
    outside_scope_remedy,
        "Check the change times of the records in the product. If they are right, all is well: older records are not synced.",
        "Controleer de wijzigingstijden van de records in het product. Kloppen die, dan is alles in orde: oudere records worden niet gesynchroniseerd.";
    rebuilt(kept_as: &str),
        "The database was damaged. The old file is kept as {kept_as}; everything in the sync scope was fetched again.",
        "De database was beschadigd. Het oude bestand is bewaard als {kept_as}; alles binnen het synchronisatiebereik is opnieuw opgehaald.";
    rebuilt_remedy,
        "Check the disk. Delete the kept file once you no longer need it.",
        "Controleer de schijf. Verwijder het bewaarde bestand als u het niet meer nodig hebt.";
    unreadable(kind: &str, rows: &str, detail: &str),
        "{kind}: {rows} unreadable ({detail})",
        "{kind}: {rows} niet leesbaar ({detail})";
    unreadable_remedy,
        "Check these rows in the product.",
        "Controleer deze rijen in het product.";
}

/// What was noticed.
pub fn summary(lang: Lang, finding: &SyncFinding) -> String {
    let named = |kind: &WorkItemKind| step::kind(lang, *kind);
    match finding {
        SyncFinding::HiddenColumn { kind, columns } => hidden_column(lang, named(kind), &columns.join(", ")),
        SyncFinding::BindingChanged { kind, attribute, bound, now: Some(now) } => {
            binding_changed(lang, named(kind), attribute, bound, now)
        }
        SyncFinding::BindingChanged { kind, attribute, bound, now: None } => {
            binding_gone(lang, named(kind), attribute, bound)
        }
        SyncFinding::ClockDiffers { seconds } => {
            let span = time::span(lang, seconds.unsigned_abs());
            if *seconds > 0 { clock_ahead(lang, &span) } else { clock_behind(lang, &span) }
        }
        SyncFinding::SyncedInFuture { at } => synced_in_future(lang, &time::moment(*at)),
        SyncFinding::ChangedInFuture { kind, newest, .. } => {
            changed_in_future(lang, named(kind), &time::moment(*newest))
        }
        SyncFinding::Incomplete { kind, counted, came } => {
            incomplete(lang, named(kind), &number::grouped(lang, *came), &number::grouped(lang, *counted))
        }
        SyncFinding::CutRows { kind, rows, numbers } => {
            cut_rows(lang, named(kind), &number::rows(lang, *rows), &some_of(*rows, numbers))
        }
        SyncFinding::DamagedText { kind, rows, numbers } => {
            damaged_text(lang, named(kind), &number::rows(lang, *rows), &some_of(*rows, numbers))
        }
        SyncFinding::NoNumber { kind, rows, ids } => {
            no_number(lang, named(kind), &number::rows(lang, *rows), &some_of(*rows, ids))
        }
        SyncFinding::OutsideScope { kind, rows, newest } => {
            outside_scope(lang, named(kind), &number::rows(lang, *rows), &time::moment(*newest))
        }
        SyncFinding::Rebuilt { kept_as } => rebuilt(lang, kept_as),
        SyncFinding::NotVerified { kind, reason, hidden, unknown } => {
            sweep::not_verified(lang, named(kind), *reason, *hidden, *unknown)
        }
        SyncFinding::Unreadable { kind, rows, detail } => {
            unreadable(lang, named(kind), &number::rows(lang, *rows), detail)
        }
    }
}

/// What to do about it.
pub fn remedy(lang: Lang, finding: &SyncFinding) -> String {
    let words = match finding {
        SyncFinding::HiddenColumn { .. } => hidden_column_remedy(lang),
        SyncFinding::BindingChanged { .. } => binding_remedy(lang),
        SyncFinding::ClockDiffers { .. } => clock_remedy(lang),
        SyncFinding::SyncedInFuture { .. } => synced_in_future_remedy(lang),
        SyncFinding::ChangedInFuture { setting: Some(field), .. } => {
            return changed_in_future_setting(lang, field.key());
        }
        SyncFinding::ChangedInFuture { setting: None, .. } => changed_in_future_clock(lang),
        SyncFinding::Incomplete { .. } => incomplete_remedy(lang),
        SyncFinding::CutRows { .. } => cut_rows_remedy(lang),
        SyncFinding::DamagedText { .. } => damaged_text_remedy(lang),
        SyncFinding::NoNumber { .. } => no_number_remedy(lang),
        SyncFinding::OutsideScope { .. } => outside_scope_remedy(lang),
        SyncFinding::Rebuilt { .. } => rebuilt_remedy(lang),
        SyncFinding::NotVerified { hidden: 1.., .. } => sweep::hidden_remedy(lang),
        SyncFinding::NotVerified { .. } => sweep::verify_remedy(lang),
        SyncFinding::Unreadable { .. } => unreadable_remedy(lang),
    };
    words.to_owned()
}

/// The rows that are named, and how many more there are.
fn some_of(rows: u64, numbers: &[String]) -> String {
    let more = rows.saturating_sub(numbers.len() as u64);
    let named = numbers.join(", ");
    if more > 0 { format!("{named} +{more}") } else { named }
}
