use futures_util::FutureExt;
use jiff::Timestamp;
use tokio::sync::mpsc::unbounded_channel;

use super::*;
use crate::home::Home;
use crate::model::identity::Identity;
use crate::store::Store;
use crate::ui::app::testing::connection;

fn home() -> (tempfile::TempDir, Home) {
    let dir = tempfile::tempdir().unwrap();
    let home = Home::in_dir(dir.path());
    home.prepare().unwrap();
    (dir, home)
}

fn followed(home: &Home, what: Written, then: Then) -> Followed {
    Followed { watch: Watch::begin(home, what), then }
}

#[tokio::test]
async fn the_database_is_asked_only_after_its_files_were_written() {
    let (_dir, home) = home();
    let store = Store::open(home.database()).unwrap();
    let (queue, _messages) = unbounded_channel();
    let asked = Arc::new(Notify::new());
    let mut followed = followed(&home, Written::Store, Then::Ask(asked.clone()));
    let mut look = || {
        followed.look(&queue);
        asked.notified().now_or_never().is_some()
    };
    if TELLS_WRITES {
        assert_eq!([look(), look(), look()], [false; 3], "nothing was written");
    }
    let contoso = connection("contoso");
    store.take_identity(&contoso.name, Identity::of(&contoso), Timestamp::now()).await.unwrap();
    assert_eq!([look(), look()], [true; 2]);
    if TELLS_WRITES {
        assert_eq!([look(), look()], [false; 2], "and it rests again");
    }
}

#[test]
fn a_file_that_is_written_in_pieces_is_told_once_when_it_rests() {
    let (_dir, home) = home();
    let (queue, mut messages) = unbounded_channel();
    let mut followed = followed(&home, Written::Config, Then::Tell(Message::ConfigChanged));
    for text in ["[set", "[settings]", "[settings]\nlang = 'nl'\n"] {
        std::fs::write(home.config_file(), text).unwrap();
        assert!(followed.look(&queue), "it is looked at again soon");
        assert!(messages.try_recv().is_err(), "it is still being written");
    }
    assert!(!followed.look(&queue));
    assert!(matches!(messages.try_recv(), Ok(Message::ConfigChanged)));
    assert!(!followed.look(&queue));
    assert!(messages.try_recv().is_err());
}
