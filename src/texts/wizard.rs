//! What the set-up wizard says.

crate::texts! {
    /// Enter on a list.
    key_choose, "choose", "kiezen";
    /// On to the next step.
    key_continue, "continue", "verder";
    /// Esc within the wizard.
    key_previous_step, "previous step", "vorige stap";
    /// Esc out of the wizard.
    key_dashboard, "to the dashboard", "naar het dashboard";
    /// Give up the draft.
    key_start_over, "start over", "opnieuw beginnen";
    /// Tick a prerequisite.
    key_confirm, "confirm", "bevestigen";
    /// Switch on or off.
    key_toggle, "on/off", "aan/uit";
    /// Left and right among choices.
    key_choice, "other choice", "andere keuze";
    /// Enter and tab in the form.
    key_next_field, "next field", "volgend veld";
    /// Shift-tab in the form.
    key_previous_field, "field before", "veld terug";
    /// Show the secrets as typed.
    key_show, "show secrets", "geheimen tonen";
    /// Mask the secrets again.
    key_hide, "hide secrets", "geheimen verbergen";
    /// From a failed step to its field.
    key_go_to_field, "mend the field", "veld herstellen";
    /// Run once more.
    key_again, "try again", "nog eens";
    /// Run the whole test once more.
    key_all_again, "test all again", "alles opnieuw";
    /// Save the connection.
    key_save, "save and sync", "opslaan en synchroniseren";
    /// From the first sync to the tile.
    key_to_connection, "to the dashboard", "naar het dashboard";
}
