use super::*;
use crate::home::testing::home;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_764_000_000 + seconds).unwrap()
}

fn rule(name: &str) -> String {
    format!("[[rule]]\nname = '{name}'\nconnection = 'contoso'\n")
}

/// A file of rules at one moment: how many rules decide, and for how many seconds the last ones do yet.
fn look(home: &Home, now: Timestamp) -> (usize, Option<u64>) {
    let names = [("contoso".to_owned(), "servicenow".to_owned())].into();
    let loaded = loaded(home, &names, now).unwrap();
    let left = loaded.fault.map(|fault| match fault {
        Fault::RulesHalfWritten { seconds, .. } => seconds,
        fault => panic!("{fault:?}"),
    });
    (loaded.rules.rules.len(), left)
}

#[test]
fn a_file_that_lost_its_end_decides_once_two_looks_some_seconds_apart_saw_the_same() {
    let (_dir, home) = home();
    let write = |text: &str| std::fs::write(home.alert_rules(), text).unwrap();
    let whole = rule("one") + &rule("two") + &rule("three");
    write(&whole);
    assert_eq!(look(&home, at(0)), (3, None));
    let half = rule("one") + &rule("two");
    write(&half);
    assert_eq!(look(&home, at(10)), (3, Some(5)));
    assert_eq!(look(&home, at(13)), (3, Some(2)));
    assert_eq!(look(&home, at(9)), (3, Some(5)), "a clock that was set back begins the wait again");
    write(&rule("one"));
    assert_eq!(look(&home, at(15)), (3, Some(5)), "it was written again");
    assert_eq!(look(&home, at(20)), (1, None));
    write(&whole);
    assert_eq!(look(&home, at(21)), (3, None), "what is longer is no beginning");
    write(&rule("one"));
    assert_eq!(look(&home, at(100)), (3, Some(5)), "an earlier look at the same tells nothing");
}

#[test]
fn the_time_of_a_file_that_lost_its_end_tells_nothing() {
    let (_dir, home) = home();
    for hours in [-1_000, 1_000] {
        std::fs::write(home.alert_rules(), rule("one") + &rule("two")).unwrap();
        assert_eq!(look(&home, at(0)), (2, None));
        std::fs::write(home.alert_rules(), rule("one")).unwrap();
        let file = std::fs::File::options().write(true).open(home.alert_rules()).unwrap();
        let time = Timestamp::now() + SignedDuration::from_hours(hours);
        file.set_modified(time.into()).unwrap();
        assert_eq!(look(&home, at(1)), (2, Some(5)), "{hours}");
        assert_eq!(look(&home, at(6)), (1, None), "{hours}");
    }
}

#[test]
fn a_look_that_cannot_be_noted_is_a_fault_and_no_wait() {
    let (_dir, home) = home();
    std::fs::write(home.alert_rules(), rule("one") + &rule("two")).unwrap();
    assert_eq!(look(&home, at(0)), (2, None));
    std::fs::write(home.alert_rules(), rule("one")).unwrap();
    // A folder in its place keeps the note from being written, for root as well.
    std::fs::create_dir_all(home.seen_alert_rules().join("in the way")).unwrap();
    for seconds in [1, 100] {
        let names = [("contoso".to_owned(), "servicenow".to_owned())].into();
        let loaded = loaded(&home, &names, at(seconds)).unwrap();
        assert_eq!(loaded.rules.rules.len(), 2);
        let fault = loaded.fault.unwrap();
        assert!(!fault.is_wait() && format!("{fault:?}").contains("seen"), "{fault:?}");
    }
    std::fs::remove_dir_all(home.seen_alert_rules()).unwrap();
    assert_eq!(look(&home, at(200)), (2, Some(5)));
    assert_eq!(look(&home, at(205)), (1, None));
}
