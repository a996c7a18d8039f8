//! Changes to the settings of the whole program.

use toml_edit::{Array, Item, Table, TableLike, Value, value};

use super::table;
use crate::home::Home;
use crate::model::fault::Fault;
use crate::model::items::{ItemColumn, Sort};
use crate::model::preference::Preference;

const COLUMNS: &str = "columns";
const SORT: &str = "sort";
const REVERSE: &str = "reverse";

/// Writes these values under `[settings]`; the rest of the file stays as it is.
///
/// # Errors
/// [`Fault::ConfigDamaged`]; [`Fault::Locked`]; trouble with the disk.
pub fn set(home: &Home, chosen: &[(Preference, String)]) -> Result<(), Fault> {
    change(home, |settings| {
        for (preference, text) in chosen {
            put(settings, preference.key(), written(*preference, text));
        }
    })
}

/// Writes the columns of tables of work items, or takes them out.
///
/// # Errors
/// As [`set`].
pub fn keep_columns(home: &Home, chosen: Option<&[ItemColumn]>) -> Result<(), Fault> {
    change(home, |settings| match chosen {
        Some(chosen) => put(settings, COLUMNS, chosen.iter().map(|column| column.id()).collect::<Array>().into()),
        None => _ = settings.remove(COLUMNS),
    })
}

/// Writes the order of tables of work items; of the usual one nothing stays.
///
/// # Errors
/// As [`set`].
pub fn keep_order(home: &Home, order: Sort) -> Result<(), Fault> {
    change(home, |settings| {
        if order.column == ItemColumn::default() {
            settings.remove(SORT);
        } else {
            put(settings, SORT, order.column.id().into());
        }
        if order.reversed {
            put(settings, REVERSE, true.into());
        } else {
            settings.remove(REVERSE);
        }
    })
}

fn change(home: &Home, write: impl FnOnce(&mut dyn TableLike)) -> Result<(), Fault> {
    table::change(home, |_, document| {
        let settings = document.entry("settings").or_insert_with(|| Item::Table(Table::new()));
        let no_table = || Fault::Internal { what: "config.toml: settings is no table".to_owned() };
        write(settings.as_table_like_mut().ok_or_else(no_table)?);
        Ok(None)
    })
}

/// The comments beside an older value stay.
fn put(settings: &mut dyn TableLike, key: &str, new: Value) {
    match settings.get_mut(key).and_then(Item::as_value_mut) {
        Some(old) => {
            let decor = old.decor().clone();
            *old = new;
            *old.decor_mut() = decor;
        }
        None => _ = settings.insert(key, value(new)),
    }
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
    fn columns_are_kept_and_taken_out_again() {
        let (_dir, home) = home();
        std::fs::write(home.config_file(), "[settings]\nlang = 'nl' # for all\n").unwrap();
        for chosen in [&[ItemColumn::Number] as &[ItemColumn], &[ItemColumn::Title, ItemColumn::Group]] {
            keep_columns(&home, Some(chosen)).unwrap();
            assert_eq!(load(&home).unwrap().settings.columns.as_deref(), Some(chosen));
        }
        keep_columns(&home, None).unwrap();
        assert_eq!(load(&home).unwrap().settings.columns, None);
        assert_eq!(std::fs::read_to_string(home.config_file()).unwrap(), "[settings]\nlang = 'nl' # for all\n");
    }

    #[test]
    fn the_order_is_kept_and_the_usual_one_leaves_nothing() {
        let (_dir, home) = home();
        std::fs::write(home.config_file(), "[settings]\nlang = 'nl' # for all\n").unwrap();
        for (column, reversed) in
            [(ItemColumn::Opened, true), (ItemColumn::Computer, false), (ItemColumn::Changed, true)]
        {
            let order = Sort { column, reversed };
            keep_order(&home, order).unwrap();
            assert_eq!(load(&home).unwrap().settings.order(), order);
        }
        keep_order(&home, Sort::default()).unwrap();
        assert_eq!(load(&home).unwrap().settings.order(), Sort::default());
        assert_eq!(std::fs::read_to_string(home.config_file()).unwrap(), "[settings]\nlang = 'nl' # for all\n");
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
