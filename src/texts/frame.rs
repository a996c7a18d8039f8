//! The frame around the screens: header, footer, and what lies over them.

use jiff::Timestamp;

use super::{fault, number, time};
use crate::model::form::LONGEST;
use crate::model::lang::Lang;
use crate::model::summary::Health;
use crate::model::sync::Retrying;

/// A paste that was not taken.
pub fn paste_refused(lang: Lang, count: usize) -> String {
    too_long_paste(lang, &number::grouped(lang, count as u64), &number::grouped(lang, LONGEST as u64))
}

/// That a request is made again, and when, from the shortest to the longest: the last says why as well.
pub fn retries(lang: Lang, attempt: u32, retrying: &Retrying, now: Timestamp) -> [String; 3] {
    let short = retry_short(lang, attempt, retrying.of);
    let when = retry(lang, attempt, retrying.of, &time::until(lang, retrying.at, now));
    let whole = retry_because(lang, &when, &fault::summary(lang, &retrying.fault));
    [short, when, whole]
}

crate::texts! {
    /// The health of a connection in a word or two.
    health: Health {
        Healthy => "healthy", "gezond";
        Warning => "attention", "aandacht";
        SignedOut => "signed out", "afgemeld";
        Failing => "failing", "werkt niet";
        New => "not synced yet", "nog geen sync";
    }
    demo, "demo on practice servers", "demo op oefenservers";
    demo_short, "demo", "demo";
    too_small, "Window too small", "Venster te klein";
    too_small_size(columns: u16, rows: u16), "{columns}x{rows}; at least 40x12", "{columns}x{rows}; minstens 40x12";
    help_title, "Keys", "Toetsen";
    help_here, "Here", "Hier";
    help_move, "Move", "Bewegen";
    help_everywhere, "Everywhere", "Overal";
    command_title, "The same as a command", "Hetzelfde als opdracht";
    command_copied, "Copied (if your terminal allows it; else select it with the mouse).",
        "Gekopieerd (als uw terminal dat toestaat; selecteer het anders met de muis).";
    question_title, "Sure?", "Weet u het zeker?";
    ask_quit, "Quit now? The password and secret you typed are not kept; everything else is kept.",
        "Nu afsluiten? Het getypte wachtwoord en geheim worden niet bewaard; de rest wel.";
    ask_remove(name: &str, product: &str), "Remove {name}, with its stored work items and its activity log? Its tokens are also revoked in {product}, where that is possible; nothing else changes there.",
        "{name} verwijderen, met de opgeslagen werkitems en het activiteitenlogboek? De tokens worden ook in {product} ingetrokken, waar dat kan; verder verandert daar niets.";
    ask_on_request(said: &str), "{said} Send it now?", "{said} Nu versturen?";
    ask_save_signed_out(name: &str),
        "Save {name} signed out? The password is not kept, and nothing is synced until you sign in (R). Use this when the user does not exist yet or needs fixing: an admin can do that on the connection's checklist.",
        "{name} afgemeld opslaan? Het wachtwoord wordt niet bewaard en er wordt niets gesynchroniseerd tot u zich aanmeldt (R). Doe dit als de gebruiker nog moet worden gemaakt of hersteld: een beheerder kan dat doen op de checklist van de verbinding.";
    ask_save_signed_out_plain(name: &str),
        "Save {name} signed out? The password is not kept, and nothing is synced until you sign in (R). Use this when something must still be set up in the product.",
        "{name} afgemeld opslaan? Het wachtwoord wordt niet bewaard en er wordt niets gesynchroniseerd tot u zich aanmeldt (R). Doe dit als er in het product nog iets moet worden ingericht.";
    ask_start_over, "Start over? The earlier draft is deleted.", "Opnieuw beginnen? Het eerdere concept wordt verwijderd.";
    too_long_paste(count: &str, most: &str), "not pasted: {count} characters, and a field holds at most {most}",
        "niet geplakt: {count} tekens, en een veld bevat er hoogstens {most}";
    mouse_sign, "mouse on", "muis aan";
    mouse_on, "mouse on: click tiles, rows, tabs and keys; hold Shift to select text; m switches it off",
        "muis aan: klik op tegels, rijen, tabbladen en toetsen; houd Shift ingedrukt om tekst te selecteren; m zet hem uit";
    mouse_off, "mouse off: the terminal selects text again", "muis uit: de terminal selecteert weer tekst";
    opened(address: &str), "opened in the browser: {address}", "geopend in de browser: {address}";
    address_copied(address: &str), "no browser here; address copied: {address}", "geen browser hier; adres gekopieerd: {address}";
    exported(rows: &str, path: &str), "{rows} written to {path}", "{rows} geschreven naar {path}";
    ask_overwrite(path: &str), "{path} already exists. Replace it?", "{path} bestaat al. Vervangen?";
    copied, "copied, if your terminal allows it", "gekopieerd, als uw terminal dat toestaat";
    config_unusable, "config.toml has an error; the settings from before stay in use", "config.toml bevat een fout; de eerdere instellingen blijven van kracht";
    saved(name: &str), "{name} is saved", "{name} is opgeslagen";
    removed(name: &str), "{name} is removed", "{name} is verwijderd";
    more_lines, "more", "meer";
    fault_title, "What went wrong", "Wat er misging";
    leaving_title, "Tokens that are still valid", "Tokens die nog geldig zijn";
    leaving(connection: &str), "{connection} no longer uses these tokens, but the product still accepts them. Revoke them there if somebody may have them (ServiceNow: System OAuth > Manage Tokens).",
        "{connection} gebruikt deze tokens niet meer, maar het product accepteert ze nog. Trek ze daar in als iemand ze kan hebben (ServiceNow: System OAuth > Manage Tokens).";
    of(part: &str, whole: &str), "{part} of {whole}", "{part} van {whole}";
    rate(rate: &str), "{rate}/s", "{rate}/s";
    left(span: &str), "{span} left", "nog {span}";
    waiting(until: &str), "waiting as the product asked, continues {until}", "wacht zoals het product vroeg, gaat verder {until}";
    attempt(number: u32), "retrying, attempt {number}", "opnieuw, poging {number}";
    retry_short(number: u32, of: u32), "retry {number} of {of}", "poging {number} van {of}";
    retry(number: u32, of: u32, until: &str), "retry {number} of {of} {until}", "poging {number} van {of} {until}";
    retry_because(retry: &str, why: &str), "{retry}: {why}", "{retry}: {why}";
}
