//! What keys do, for the footer and the help page: one or two words each.

crate::texts! {
    close, "close", "sluiten";
    press_or(key: &str, command: &str), "press {key} ({command})", "druk op {key} ({command})";
    down, "down", "omlaag";
    up, "up", "omhoog";
    yes, "yes", "ja";
    no, "no", "nee";
    help, "help", "hulp";
    command, "command", "opdracht";
    mouse, "mouse on/off", "muis aan/uit";
    redraw, "redraw", "scherm opnieuw tekenen";
    suspend, "suspend", "onderbreken";
    interrupt, "quit at once", "meteen afsluiten";
    quit, "quit", "afsluiten";
    back, "back", "terug";
    in_full, "in full", "volledig";
    open, "open", "openen";
    new, "new", "nieuw";
    sync, "sync", "sync";
}
