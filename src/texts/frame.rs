//! The frame around the screens: header, footer, and what lies over them.

use super::number;
use crate::model::form::LONGEST;
use crate::model::lang::Lang;
use crate::model::summary::Health;

/// A paste that was not taken.
pub fn paste_refused(lang: Lang, count: usize) -> String {
    too_long_paste(lang, &number::grouped(count as u64), &number::grouped(LONGEST as u64))
}

crate::texts! {
    /// The health of a connection in a word or two.
    health: Health {
        Healthy => "healthy", "gezond";
        Warning => "attention", "aandacht";
        SignedOut => "signed out", "afgemeld";
        Failing => "failing", "werkt niet";
        New => "not synced yet", "nog niet gesynchroniseerd";
    }
    demo, "demo on practice servers", "demo op oefenservers";
    demo_short, "demo", "demo";
    too_small, "Window too small", "Venster te klein";
    too_small_size(columns: u16, rows: u16), "{columns}x{rows}; 40x12 will do", "{columns}x{rows}; 40x12 volstaat";
    help_title, "Keys", "Toetsen";
    not_now, "not now", "nu niet";
    command_title, "The same as a command", "Hetzelfde als opdracht";
    command_copied, "Handed to the terminal's clipboard. Where the terminal takes nothing from programs, select it with the mouse.",
        "Aan het klembord van de terminal gegeven. Neemt de terminal niets van programma's aan, selecteer het dan met de muis.";
    question_title, "Sure?", "Zeker weten?";
    ask_quit, "Leave now? The typed password and secret are kept nowhere and must be typed again; everything else is kept.",
        "Nu afsluiten? Het getypte wachtwoord en geheim worden nergens bewaard en moeten opnieuw worden getypt; al het andere blijft bewaard.";
    ask_remove(name: &str), "Remove {name}, with its stored work items, its activity log and its tokens? The product itself is not touched.",
        "{name} verwijderen, met de opgeslagen werkitems, het activiteitenlogboek en de tokens? Het product zelf blijft ongemoeid.";
    ask_on_request(said: &str), "{said} Do it now?", "{said} Nu doen?";
    ask_save_signed_out(name: &str),
        "Save {name} signed out? The password is dropped, and nothing is synced until you sign in (R). Do this when its user must still be made or mended: an admin can do so on the connection's checklist.",
        "{name} afgemeld opslaan? Het wachtwoord vervalt en er wordt niets gesynchroniseerd tot u zich aanmeldt (R). Doe dit als de gebruiker nog moet worden gemaakt of hersteld: een beheerder kan dat doen op de checklist van de verbinding.";
    ask_save_signed_out_plain(name: &str),
        "Save {name} signed out? What was typed as password is dropped, and nothing is synced until you sign in (R). Do this when something must still be set up in the product.",
        "{name} afgemeld opslaan? Een getypt wachtwoord vervalt en er wordt niets gesynchroniseerd tot u zich aanmeldt (R). Doe dit als er in het product nog iets moet worden ingericht.";
    ask_start_over, "Start over? What was filled in before is thrown away.", "Opnieuw beginnen? Wat eerder is ingevuld, wordt weggegooid.";
    too_long_paste(count: &str, most: &str), "not pasted: {count} characters, and a field takes at most {most}",
        "niet geplakt: {count} tekens, en een veld neemt er hoogstens {most}";
    copied, "handed to the terminal's clipboard", "aan het klembord van de terminal gegeven";
    saved(name: &str), "{name} is saved", "{name} is opgeslagen";
    removed(name: &str), "{name} is removed", "{name} is verwijderd";
    more_lines, "more", "meer";
    of(part: &str, whole: &str), "{part} of {whole}", "{part} van {whole}";
    rate(rate: &str), "{rate}/s", "{rate}/s";
    left(span: &str), "{span} left", "nog {span}";
    waiting(until: &str), "waiting as the product asked, goes on {until}", "wacht zoals het product vroeg, gaat verder {until}";
    attempt(number: u32), "attempt {number}", "poging {number}";
}
