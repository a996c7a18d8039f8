//! Texts about sweeps: their results, and what is unknown until one has run.

crate::texts! {
    clean(checked: &str), "{checked} checked, no differences", "{checked} vergeleken, geen verschillen";
    checked(count: &str), "{count} checked", "{count} vergeleken";
    missing(count: &str), "{count} added", "{count} toegevoegd";
    changed(count: &str), "{count} updated", "{count} bijgewerkt";
    removed(count: &str), "{count} marked as removed", "{count} als verwijderd gemarkeerd";
    restored(count: &str), "{count} restored", "{count} hersteld";
    hidden(count: &str), "{count} hidden from this user", "{count} verborgen voor deze gebruiker";
    unknown(count: &str), "{count} gone or hidden (the product does not tell which)", "{count} verdwenen of verborgen (het product zegt niet welk van de twee)";
    verified(kind: &str, found: &str), "{kind} verified: {found}", "{kind} geverifieerd: {found}";
    verified_ago(ago: &str, found: &str), "verified {ago}: {found}", "{ago} geverifieerd: {found}";
    never_verified, "never verified", "nooit geverifieerd";
    failed(kind: &str, fault: &str), "{kind} not verified: {fault}", "{kind} niet geverifieerd: {fault}";
    another_identity(parts: &str), "another server or user ({parts}): the stored rows are deleted and everything is fetched again",
        "andere server of gebruiker ({parts}): de opgeslagen rijen zijn verwijderd en alles wordt opnieuw opgehaald";
    not_possible(name: &str), "{name}: cannot be verified, because this product cannot list its rows by id",
        "{name}: niet te verifiëren, omdat dit product zijn rijen niet op id kan opsommen";
    gap_hidden(kind: &str, rows: &str), "{kind}: {rows} hidden from this user", "{kind}: {rows} verborgen voor deze gebruiker";
    gap_unknown(kind: &str, rows: &str), "{kind}: {rows} stored here but gone or hidden in the product, which does not tell which of the two",
        "{kind}: {rows} hier opgeslagen maar in het product verdwenen of verborgen; het product zegt niet welk van de twee";
    gap_restored(kind: &str), "{kind}: the newest stored row is gone or older in the product, which may have been restored",
        "{kind}: de nieuwste opgeslagen rij is in het product verdwenen of ouder; misschien is een back-up teruggezet";
    gap_identity(kind: &str), "{kind}: the connection now signs in differently; the stored rows are not verified yet",
        "{kind}: de verbinding meldt zich nu anders aan; de opgeslagen rijen zijn nog niet geverifieerd";
    gap_open(kind: &str), "{kind}: not verified yet", "{kind}: nog niet geverifieerd";
    gap_failed(kind: &str), "{kind}: the last verification did not finish", "{kind}: de laatste verificatie is niet afgerond";
    verify_remedy, "Check again: itsmc verify NAME", "Verifieer opnieuw: itsmc verify NAAM";
    hidden_remedy, "Give the integration user read access to these rows in the product, then: itsmc verify NAME",
        "Geef de integratiegebruiker in het product leesrecht op deze rijen, en dan: itsmc verify NAAM";
    verify, "verify", "verifiëren";
    verifying, "verifying", "verifiëren";
    removed_mark, "removed", "verwijderd";
    removed_at, "Removed", "Verwijderd";
    found_removed(moment: &str), "gone from the product, found on {moment}", "uit het product verdwenen, ontdekt op {moment}";
    tile_verified(ago: &str, found: &str), "Verified {ago}: {found}", "{ago} geverifieerd: {found}";
    tile_clean(ago: &str), "Verified {ago}: no differences", "{ago} geverifieerd: geen verschillen";
    removed_short(count: &str), "{count} removed", "{count} verwijderd";
    hidden_short(count: &str), "{count} hidden", "{count} verborgen";
    unknown_short(count: &str), "{count} gone or hidden", "{count} weg of verborgen";
    tile_clean_short(ago: &str), "Verified {ago}", "{ago} geverifieerd";
    tile_differs_short(ago: &str), "Differences found {ago}", "Verschillen gevonden {ago}";
}

use super::number;
use crate::model::lang::Lang;
use crate::model::sweep::{SweepReason, SweepRecord};

/// What a sweep found, in one line.
pub fn found(lang: Lang, record: &SweepRecord) -> String {
    let count = |n: u64| number::grouped(lang, n);
    if record.is_clean() {
        return clean(lang, &count(record.checked));
    }
    let parts = [
        (record.missing, missing as fn(Lang, &str) -> String),
        (record.changed, changed),
        (record.removed, removed),
        (record.restored, restored),
        (record.hidden, hidden),
        (record.unknown, unknown),
    ];
    let told = parts.into_iter().filter(|(n, _)| *n > 0).map(|(n, words)| words(lang, &count(n)));
    std::iter::once(checked(lang, &count(record.checked))).chain(told).collect::<Vec<_>>().join(", ")
}

/// The same in the fewest words, without how many were checked.
pub fn differences(lang: Lang, record: &SweepRecord) -> String {
    let parts = [
        (record.missing, missing as fn(Lang, &str) -> String),
        (record.changed, changed),
        (record.removed, removed_short),
        (record.restored, restored),
        (record.hidden, hidden_short),
        (record.unknown, unknown_short),
    ];
    let told = parts.into_iter().filter(|(n, _)| *n > 0).map(|(n, words)| words(lang, &number::grouped(lang, n)));
    told.collect::<Vec<_>>().join(", ")
}

/// What is not known of a kind.
pub fn not_verified(lang: Lang, kind: &str, reason: SweepReason, hidden: u64, unknown: u64) -> String {
    let mut parts = Vec::new();
    if hidden > 0 {
        parts.push(gap_hidden(lang, kind, &number::rows(lang, hidden)));
    }
    if unknown > 0 {
        parts.push(gap_unknown(lang, kind, &number::rows(lang, unknown)));
    }
    if parts.is_empty() {
        parts.push(match reason {
            SweepReason::Restored => gap_restored(lang, kind),
            SweepReason::Identity => gap_identity(lang, kind),
            SweepReason::Failed => gap_failed(lang, kind),
            _ => gap_open(lang, kind),
        });
    }
    parts.join("; ")
}
