use jiff::Timestamp;

use super::*;
use crate::home::testing::{connection, home};
use crate::model::identity::Identity;
use crate::store::Store;

/// Stores something, as another process would: by a handle of its own.
async fn store_something(home: &Home, name: &str) {
    let store = Store::open(home.database()).unwrap();
    store.take_identity(&connection(name).name, Identity::of(&connection(name)), Timestamp::now()).await.unwrap();
}

#[tokio::test]
async fn what_is_stored_is_seen_once_and_then_the_files_rest() {
    let (_dir, home) = home();
    let kept_open = Store::open(home.database()).unwrap();
    let mut watch = Watch::begin(&home, Written::Store);
    assert_eq!(watch.look(), Look::Rests);
    store_something(&home, "contoso").await;
    assert_eq!(watch.look(), Look::Written);
    assert_eq!(watch.look(), Look::Settled, "a second write in the same moment bears the same time");
    assert_eq!([watch.look(), watch.look()], [Look::Rests; 2]);
    let _ = kept_open.version().await.unwrap();
    assert_eq!(watch.look(), Look::Rests, "asking the database writes nothing");
}

#[test]
fn another_file_of_the_same_size_and_time_is_seen() {
    let (dir, home) = home();
    let (file, other) = (home.config_file(), dir.path().join("other.toml"));
    std::fs::write(&file, "a = 1").unwrap();
    std::fs::write(&other, "a = 2").unwrap();
    let written = std::fs::metadata(&file).unwrap().modified().unwrap();
    std::fs::File::options().write(true).open(&other).unwrap().set_modified(written).unwrap();
    let mut watch = Watch::begin(&home, Written::Config);
    std::fs::rename(&other, &file).unwrap();
    assert_eq!(watch.look(), if cfg!(unix) { Look::Written } else { Look::Rests });
}

#[test]
fn a_file_that_appears_or_goes_is_seen() {
    let (_dir, home) = home();
    let mut watch = Watch::begin(&home, Written::AlertRules);
    std::fs::write(home.alert_rules(), "").unwrap();
    assert_eq!([watch.look(), watch.look(), watch.look()], [Look::Written, Look::Settled, Look::Rests]);
    std::fs::remove_file(home.alert_rules()).unwrap();
    assert_eq!(watch.look(), Look::Written);
}
