//! Changes to the sources of alerts of the config.

use toml_edit::{Array, Value};

use super::table::{self, Field, is_named, new_table, tables, take_out, update};
use crate::home::Home;
use crate::model::alert_source::{AlertSource, EVERY, SourceName};
use crate::model::fault::Fault;

const KEY: &str = "alert_source";

/// Appends a source.
///
/// # Errors
/// [`Fault::SourceTaken`]; [`Fault::ConfigDamaged`]; [`Fault::Locked`]; trouble with the disk.
pub fn add(home: &Home, source: &AlertSource) -> Result<(), Fault> {
    table::change(home, |config, document| {
        if config.alert_sources.iter().any(|other| other.name.clashes_with(&source.name)) {
            return Err(Fault::SourceTaken { name: source.name.to_string() });
        }
        // What has its default is not written.
        let usual = |(key, value): &Field| match *key {
            "every_seconds" => value.as_integer() == Some(EVERY.into()),
            _ => value.as_str().is_some_and(str::is_empty) || value.as_bool() == Some(false),
        };
        tables(document, KEY)?.push(new_table(fields(source).into_iter().filter(|field| !usual(field))));
        Ok(None)
    })
}

/// Changes the keys of a source in which `new` differs from `old`; the others stay as they are, whoever wrote them.
///
/// # Errors
/// [`Fault::NoSuchSource`]; otherwise as [`add`].
pub fn change(home: &Home, old: &AlertSource, new: &AlertSource) -> Result<(), Fault> {
    table::change(home, |_, document| {
        let mut all = tables(document, KEY)?.iter_mut();
        let found = all.find(|table| is_named(table, old.name.as_str()));
        let found = found.ok_or_else(|| Fault::NoSuchSource { name: old.name.to_string() })?;
        update(found, fields(old), fields(new));
        Ok(None)
    })
}

/// Takes a source out, with the comment that stands right above it.
///
/// # Errors
/// [`Fault::NoSuchSource`]; otherwise as [`add`].
pub fn remove(home: &Home, name: &SourceName) -> Result<(), Fault> {
    table::change(home, |_, document| {
        let tables = tables(document, KEY)?;
        let at = tables.iter().position(|table| is_named(table, name.as_str()));
        let at = at.ok_or_else(|| Fault::NoSuchSource { name: name.to_string() })?;
        Ok(take_out(tables, at))
    })
}

fn fields(source: &AlertSource) -> [Field; 8] {
    let subscriptions: Array = source.subscriptions.iter().map(String::as_str).collect();
    [
        ("name", source.name.as_str().into()),
        ("tenant", source.tenant.as_str().into()),
        ("sign_in", source.sign_in.id().into()),
        ("client_id", source.client_id.as_str().into()),
        ("token_file", source.token_file.as_str().into()),
        ("subscriptions", Value::Array(subscriptions)),
        ("every_seconds", i64::from(source.every_seconds).into()),
        ("acknowledge", source.acknowledge.into()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::home::config::load;
    use crate::home::testing::home;
    use crate::model::workspace::AzureSignIn;

    #[test]
    fn a_source_is_added_and_removed_and_comments_stay() {
        let (_dir, home) = home();
        std::fs::write(home.config_file(), "# Ours.\n[settings]\n").unwrap();
        let source = AlertSource {
            name: SourceName::parse("prod").unwrap(),
            tenant: String::new(),
            sign_in: AzureSignIn::Cli,
            client_id: String::new(),
            token_file: String::new(),
            subscriptions: vec!["aaaaaaaa-0000-4000-8000-000000000001".to_owned()],
            every_seconds: 30,
            acknowledge: true,
        };
        add(&home, &source).unwrap();
        assert_eq!(load(&home).unwrap().alert_sources, std::slice::from_ref(&source));
        assert_eq!(add(&home, &source), Err(Fault::SourceTaken { name: "prod".into() }));
        remove(&home, &source.name).unwrap();
        assert_eq!(load(&home).unwrap().alert_sources, []);
        assert_eq!(remove(&home, &source.name), Err(Fault::NoSuchSource { name: "prod".into() }));
        assert!(std::fs::read_to_string(home.config_file()).unwrap().contains("# Ours."));
    }

    #[test]
    fn a_changed_source_keeps_comments_and_what_somebody_else_wrote() {
        let (_dir, home) = home();
        let text = "[[alert_source]]\n# Ours.\nname = 'prod'\nsign_in = 'cli' # a person\n\
                    subscriptions = ['aaaaaaaa-0000-4000-8000-000000000001']\n";
        std::fs::write(home.config_file(), text).unwrap();
        let old = load(&home).unwrap().alert_sources.remove(0);
        std::fs::write(home.config_file(), format!("{text}acknowledge = true\n")).unwrap();
        change(&home, &old, &AlertSource { every_seconds: 300, ..old.clone() }).unwrap();
        let now = load(&home).unwrap().alert_sources.remove(0);
        assert_eq!(now, AlertSource { every_seconds: 300, acknowledge: true, ..old.clone() });
        let written = std::fs::read_to_string(home.config_file()).unwrap();
        assert!(written.contains("# Ours.") && written.contains("# a person"), "{written}");
        change(&home, &now, &AlertSource { every_seconds: EVERY, acknowledge: false, ..now.clone() }).unwrap();
        assert_eq!(load(&home).unwrap().alert_sources, std::slice::from_ref(&old));
        remove(&home, &old.name).unwrap();
        assert_eq!(change(&home, &old, &old), Err(Fault::NoSuchSource { name: "prod".into() }));
    }

    #[test]
    fn a_source_that_cannot_be_used_is_refused_with_its_line() {
        let (_dir, home) = home();
        for (text, said) in [
            (
                "\n[[alert_source]]\nname = 'a'\nsign_in = 'cli'\nsubscriptions = ['x']\n",
                "line 2: alert_source 'a': subscriptions is not a GUID",
            ),
            ("[[alert_source]]\nname = 'a'\nsecret = 'x'\n", "line 3: unknown field `secret`"),
        ] {
            std::fs::write(home.config_file(), text).unwrap();
            let Err(Fault::ConfigDamaged { reason, .. }) = load(&home) else { panic!("it was read") };
            assert!(reason.contains(said), "{reason}");
        }
    }
}
