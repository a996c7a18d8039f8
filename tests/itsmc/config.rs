//! `itsmc config`: the settings of the whole program.

use serde_json::json;

use crate::site::{itsmc_at, shown};

#[test]
fn a_setting_is_listed_changed_and_taken_over_by_the_next_command() {
    let home = tempfile::tempdir().unwrap();
    let run = |words: &[&str]| itsmc_at(home.path()).args(words).output().unwrap();
    let usual = run(&["config", "list", "--json"]);
    let usual: serde_json::Value = serde_json::from_slice(&usual.stdout).unwrap();
    assert_eq!(
        usual,
        json!({"theme": "auto", "lang": "auto", "charset": "auto", "mouse": false, "sync_every_minutes": 15})
    );
    let set = run(&["config", "set", "theme", "light"]);
    assert!(shown(&set).contains("theme is light"), "{}", shown(&set));
    assert!(run(&["config", "set", "sync_every_minutes", "45"]).status.success());
    let config = std::fs::read_to_string(home.path().join("config.toml")).unwrap();
    assert!(config.contains("theme = \"light\"") && config.contains("sync_every_minutes = 45"), "{config}");
    let listed = shown(&run(&["config", "list"]));
    assert!(listed.contains("theme\tlight\tColours: light background"), "{listed}");
    assert!(listed.contains("sync_every_minutes\t45\tSync: every 45 min"), "{listed}");
}

#[test]
fn a_setting_or_value_that_does_not_exist_is_refused_with_those_that_do() {
    let home = tempfile::tempdir().unwrap();
    for (words, said) in [
        (["themes", "light"], "did you mean theme?"),
        (["password", "x"], "itsmc config sets: theme, lang, charset, mouse, sync_every_minutes"),
        (["theme", "pink"], "theme cannot be 'pink'; it takes auto, dark, light, none"),
        (["mouse", "on"], "mouse cannot be 'on'; it takes false, true"),
        (["sync_every_minutes", "2000"], "it takes 0 (never) to 1440"),
    ] {
        let output = itsmc_at(home.path()).args(["config", "set"]).args(words).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{}", shown(&output));
        assert!(shown(&output).contains(said), "{}", shown(&output));
    }
    assert!(!home.path().join("config.toml").exists(), "nothing is written");
}
