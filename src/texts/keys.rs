//! What keys do, for the footer and the help page: one or two words each.

crate::texts! {
    /// Close an overlay.
    close, "close", "sluiten";
    /// Scroll down.
    down, "down", "omlaag";
    /// Scroll up.
    up, "up", "omhoog";
    /// Say yes.
    yes, "yes", "ja";
    /// Say no.
    no, "no", "nee";
    /// The help page.
    help, "help", "hulp";
    /// The command that does the same.
    command, "command", "opdracht";
    /// Mouse on or off.
    mouse, "mouse on/off", "muis aan/uit";
    /// Ctrl-L.
    redraw, "draw the screen again", "scherm opnieuw tekenen";
    /// Ctrl-Z.
    suspend, "suspend", "onderbreken";
    /// Ctrl-C.
    interrupt, "leave at once", "meteen afsluiten";
    /// Leave the program.
    quit, "quit", "afsluiten";
    /// One step back.
    back, "back", "terug";
    /// Open what is focused.
    open, "open", "openen";
    /// A new connection.
    new, "new", "nieuw";
    /// Sync now.
    sync, "sync", "synchroniseren";
}
