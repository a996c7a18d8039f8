//! Changes to the settings of the whole program.

use toml_edit::{Item, Table, Value, value};

use super::table;
use crate::home::Home;
use crate::model::fault::Fault;
use crate::model::preference::Preference;

/// Writes these values under `[settings]`; the rest of the file stays as it is.
///
/// # Errors
/// [`Fault::ConfigDamaged`]; [`Fault::Locked`]; trouble with the disk.
pub fn set(home: &Home, chosen: &[(Preference, String)]) -> Result<(), Fault> {
    table::change(home, |_, document| {
        let settings = document.entry("settings").or_insert_with(|| Item::Table(Table::new()));
        let no_table = || Fault::Internal { what: "config.toml: settings is no table".to_owned() };
        let settings = settings.as_table_like_mut().ok_or_else(no_table)?;
        for (preference, text) in chosen {
            let new = written(*preference, text);
            match settings.get_mut(preference.key()).and_then(Item::as_value_mut) {
                Some(old) => {
                    let decor = old.decor().clone();
                    *old = new;
                    *old.decor_mut() = decor;
                }
                None => _ = settings.insert(preference.key(), value(new)),
            }
        }
        Ok(None)
    })
}

/// Minutes are a number, all else a text.
fn written(preference: Preference, text: &str) -> Value {
    match (preference, text.parse::<i64>()) {
        (Preference::SyncEvery, Ok(minutes)) => minutes.into(),
        _ => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::home::config::load;
    use crate::home::testing::home;
    use crate::model::lang::Lang;

    fn chosen(preference: Preference, value: &str) -> [(Preference, String); 1] {
        [(preference, value.to_owned())]
    }

    #[test]
    fn a_preference_is_written_and_comments_and_other_keys_stay() {
        let (_dir, home) = home();
        let text = "# Ours.\n[settings]\n# At night.\nlang = 'nl' # for all\nca_file = 'x.pem'\n";
        std::fs::write(home.config_file(), text).unwrap();
        set(&home, &chosen(Preference::Lang, "en")).unwrap();
        set(&home, &chosen(Preference::SyncEvery, "30")).unwrap();
        let settings = load(&home).unwrap().settings;
        assert_eq!((settings.lang, settings.sync_every_minutes), (Some(Lang::En), 30));
        assert_eq!(settings.ca_file.as_deref(), Some("x.pem"));
        let written = std::fs::read_to_string(home.config_file()).unwrap();
        for kept in ["# Ours.", "# At night.", "# for all", "ca_file = 'x.pem'"] {
            assert!(written.contains(kept), "{written}");
        }
    }

    #[test]
    fn each_value_can_be_written_and_read_in_a_file_without_settings() {
        for preference in Preference::ALL {
            for value in preference.choices() {
                let (_dir, home) = home();
                set(&home, &chosen(preference, value)).unwrap();
                assert_eq!(preference.value(&load(&home).unwrap().settings), *value);
            }
        }
    }

    #[test]
    fn a_file_with_an_error_is_not_written() {
        let (_dir, home) = home();
        std::fs::write(home.config_file(), "oops").unwrap();
        assert!(matches!(set(&home, &chosen(Preference::Theme, "dark")), Err(Fault::ConfigDamaged { .. })));
        assert_eq!(std::fs::read_to_string(home.config_file()).unwrap(), "oops");
    }
}
