//! Why a keyring does not work, in words for people. What its library and D-Bus say themselves is English and long; it stands
//! in JSON alone.

use super::doctor as words;
use crate::model::lang::Lang;

/// Why a keyring does not work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// There is no session bus to reach it by.
    NoBus,
    /// Nothing on the session bus is a Secret Service.
    NoService,
    /// The Secret Service has no collection to keep anything in.
    NoCollection,
    /// It is locked, and nobody unlocked it.
    Locked,
    /// It did not answer in time.
    NoAnswer,
    /// Something else.
    Other,
}

/// What the reasons have in them, by the trouble: of dbus-daemon, libdbus, the crate `dbus-secret-service`, and our own limit.
const SIGNS: [(Trouble, &[&str]); 5] = [
    (Trouble::NoService, &["not provided by any .service files", "Failed to activate service", "exited with status"]),
    (Trouble::NoCollection, &["no result found"]),
    (Trouble::Locked, &["prompt was dismissed", "object locked", "is locked"]),
    (Trouble::NoAnswer, &["no answer within", "Did not receive a reply", "Timeout was reached"]),
    (
        Trouble::NoBus,
        &["autolaunch", "Failed to connect to socket", "Could not parse server address", "DBUS_SESSION_BUS_ADDRESS"],
    ),
];

impl Trouble {
    /// By the reason that the keyring gave.
    pub fn of(reason: &str) -> Self {
        let fits = |signs: &[&str]| signs.iter().any(|sign| reason.contains(sign));
        SIGNS.iter().find(|(_, signs)| fits(signs)).map_or(Self::Other, |(trouble, _)| *trouble)
    }

    /// What is wrong.
    pub fn summary(self, lang: Lang) -> &'static str {
        match self {
            Self::NoBus => words::keyring_no_bus(lang),
            Self::NoService => words::keyring_no_service(lang),
            Self::NoCollection => words::keyring_no_collection(lang),
            Self::Locked => words::keyring_locked(lang),
            Self::NoAnswer => words::keyring_no_answer(lang),
            Self::Other => words::keyring_other(lang),
        }
    }

    /// What to do, where the keyring is needed.
    pub fn remedy(self, lang: Lang) -> &'static str {
        match self {
            Self::Locked => words::keyring_locked_remedy(lang),
            _ => words::keyring_remedy(lang),
        }
    }

    /// What to do, where the key of a vault is kept in the keyring.
    pub fn remedy_of_key(self, lang: Lang) -> &'static str {
        match self {
            Self::Locked => words::keyring_locked_remedy(lang),
            Self::NoCollection => words::key_gone_remedy(lang),
            _ => words::key_unread_remedy(lang),
        }
    }
}

/// How what a keyring's library says begins.
const OF_LIBRARY: [&str; 2] = ["the platform's store failed: ", "the platform's store may not be used: "];

/// A reason in which the words of the keyring's library are replaced by ours; `None` for one without them.
pub fn in_words(lang: Lang, reason: &str) -> Option<String> {
    let at = OF_LIBRARY.iter().find_map(|begin| reason.find(begin))?;
    Some(format!("{}{}", &reason[..at], Trouble::of(&reason[at..]).summary(lang)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reasons_of_a_real_keyring_are_told_in_words() {
        let failed = "the platform's store failed: DBus error: ";
        for (reason, trouble) in [
            (
                format!(
                    "{failed}Using X11 for dbus-daemon autolaunch was disabled at compile time, set your \
                     DBUS_SESSION_BUS_ADDRESS instead"
                ),
                Trouble::NoBus,
            ),
            (format!("{failed}Failed to connect to socket /nope: No such file or directory"), Trouble::NoBus),
            (format!("{failed}Could not parse server address: Unknown address type"), Trouble::NoBus),
            (
                format!("{failed}The name org.freedesktop.secrets was not provided by any .service files"),
                Trouble::NoService,
            ),
            ("the platform's store may not be used: Secret Service: no result found".to_owned(), Trouble::NoCollection),
            ("the platform's store may not be used: Secret Service: prompt was dismissed".to_owned(), Trouble::Locked),
            ("no answer within 5 s".to_owned(), Trouble::NoAnswer),
            ("it broke down while it was used".to_owned(), Trouble::Other),
        ] {
            assert_eq!(Trouble::of(&reason), trouble, "{reason}");
        }
    }
}
