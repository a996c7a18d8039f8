//! What the rules would have done. Nothing is written. Alerts are read in portions and forgotten again, and what is to stand in
//! tickets goes to a file that nobody else sees, so that memory holds neither.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead as _, BufReader, BufWriter, Seek as _, SeekFrom, Write as _};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::rules;
use crate::model::alert::{Alert, AlertKey, read};
use crate::model::alert_plan::{Fold, Folded, in_order};
use crate::model::alert_rules::RuleSet;
use crate::model::alert_view::{AlertPlace, PreviewProgress};
use crate::model::fault::Fault;
use crate::model::ticket::{TicketDraft, TicketKey};
use crate::service::blocking::blocking;
use crate::service::services::Services;
use crate::store::{StoredAlert, Way};

/// How many alerts are read together.
const TOGETHER: usize = 500;

/// How many portions may wait to be decided about.
const AHEAD: usize = 2;

/// What is previewed.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// The alerts in this text; without one those that are stored.
    pub text: Option<String>,
    /// Stored alerts that fired at this time or later.
    pub from: Option<Timestamp>,
    /// Rules that count as switched on.
    pub switched_on: Vec<String>,
}

/// What became of the alerts, and what is to stand in their tickets.
pub struct Made {
    /// The rules that decided.
    pub rules: RuleSet,
    /// What became of each.
    pub folded: Folded,
    /// The tickets.
    pub tickets: Tickets,
    /// The place of each alert in `folded`.
    pub places: Places,
}

/// The places of alerts, by their keys.
#[derive(Default)]
pub struct Places(HashMap<u128, u32>);

impl Places {
    /// The place of an alert; `None` for one that came later.
    pub fn nth(&self, key: &AlertKey) -> Option<usize> {
        self.0.get(&bits(key)).map(|nth| *nth as usize)
    }

    fn push(&mut self, key: &AlertKey) {
        let nth = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
        self.0.insert(bits(key), nth);
    }
}

/// The 32 hexadecimal digits of a key as a number, which takes a fifth of the room.
fn bits(key: &AlertKey) -> u128 {
    let digits = key.as_str().bytes().filter_map(|byte| char::from(byte).to_digit(16));
    digits.fold(0, |all, digit| all << 4 | u128::from(digit))
}

/// A ticket that would be opened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MadeTicket {
    /// The id of its key.
    pub id: String,
    /// The connection.
    pub connection: String,
    /// What is to stand in it.
    pub draft: TicketDraft,
}

/// The tickets that would be opened, in their order, in a file that has no name and is gone with this.
pub struct Tickets {
    file: BufWriter<File>,
    fault: Option<Fault>,
}

impl Tickets {
    fn new() -> Result<Self, Fault> {
        let file = tempfile::tempfile().map_err(|error| Fault::from_io(&std::env::temp_dir(), &error))?;
        Ok(Self { file: BufWriter::new(file), fault: None })
    }

    fn push(&mut self, key: &TicketKey, draft: TicketDraft) {
        let ticket = MadeTicket { id: key.id(), connection: key.connection.clone(), draft };
        let written = serde_json::to_writer(&mut self.file, &ticket).map_err(std::io::Error::from);
        if let Err(error) = written.and_then(|()| self.file.write_all(b"\n")) {
            self.fault = Some(Fault::from_io(&std::env::temp_dir(), &error));
        }
    }

    /// Tells each ticket, in the order in which they are opened.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn each(&mut self, mut tell: impl FnMut(MadeTicket)) -> Result<(), Fault> {
        let wrong = |error: &std::io::Error| Fault::from_io(&std::env::temp_dir(), error);
        self.file.flush().map_err(|error| wrong(&error))?;
        let file = self.file.get_mut();
        file.seek(SeekFrom::Start(0)).map_err(|error| wrong(&error))?;
        for line in BufReader::new(file).lines() {
            let line = line.map_err(|error| wrong(&error))?;
            tell(serde_json::from_str(&line).map_err(|error| Fault::Internal { what: error.to_string() })?);
        }
        Ok(())
    }
}

/// What the rules would have done with these alerts. It tells how far it is.
///
/// # Errors
/// [`Fault::RulesWrong`]; [`Fault::NoRulesFile`] without a file; [`Fault::NoSuchRule`] for a rule that is to be switched on and is not
/// there; [`Fault::Interrupted`]; the store's own.
pub async fn preview(
    services: &Services,
    wanted: &Wanted,
    tell: impl Fn(PreviewProgress) + Send + 'static,
    cancel: CancellationToken,
) -> Result<Made, Fault> {
    let (_, mut rules, _) = rules::check(services, None).await?;
    for name in &wanted.switched_on {
        let rule = rules.rules.iter_mut().find(|rule| rule.name == *name);
        rule.ok_or_else(|| Fault::NoSuchRule { name: name.clone() })?.enabled = true;
    }
    let connections = services.config().await?.connections;
    let (sender, mut receiver) = mpsc::channel::<Portion>(AHEAD);
    let work = blocking(move || {
        let (mut tickets, mut places) = (Tickets::new()?, Places::default());
        let mut fold = Fold::new(&rules, &connections);
        while let Some(portion) = receiver.blocking_recv() {
            for (alert, ignored) in portion {
                places.push(&alert.key);
                fold.take(&alert, ignored, &mut |key, draft| tickets.push(key, draft));
            }
        }
        let folded = fold.end(&mut |key, draft| tickets.push(key, draft));
        match tickets.fault.take() {
            Some(fault) => Err(fault),
            None => Ok(Made { rules, folded, tickets, places }),
        }
    });
    let read = async {
        // Dropped at the end: then nothing more is waited for.
        let sender = sender;
        cancel.run_until_cancelled(portions(services, wanted, &sender, &tell)).await.unwrap_or(Err(Fault::Interrupted))
    };
    let (read, made) = tokio::join!(read, work);
    read.and(made)
}

/// Alerts, each with whether an admin ignores it.
pub(super) type Portion = Vec<(Alert, bool)>;

/// Sends the alerts in the order in which they fired.
pub(super) async fn portions(
    services: &Services,
    wanted: &Wanted,
    sender: &mpsc::Sender<Portion>,
    tell: &impl Fn(PreviewProgress),
) -> Result<(), Fault> {
    if let Some(text) = &wanted.text {
        return of_text(text, sender).await;
    }
    let store = services.store().await?;
    let from = wanted.from.unwrap_or(Timestamp::MIN);
    let of = store.alert_count(from).await?;
    let (mut after, mut done): (Option<AlertPlace>, u64) = (None, 0);
    loop {
        let portion = store.alerts_in_order(from, Way::Newer, after.take(), TOGETHER).await?;
        let ended = portion.len() < TOGETHER;
        after = portion.last().map(StoredAlert::place);
        done += portion.len() as u64;
        let portion = portion.into_iter().map(|one| (one.alert, one.standing.ignored)).collect();
        // Whoever decides has stopped, and says why.
        if sender.send(portion).await.is_err() {
            return Ok(());
        }
        tell(PreviewProgress { done, of: of.max(done) });
        if ended {
            return Ok(());
        }
    }
}

/// A text is whole in memory anyway, and so are its alerts.
async fn of_text(text: &str, sender: &mpsc::Sender<Portion>) -> Result<(), Fault> {
    let mut alerts: Vec<Alert> = read(text).into_iter().map(|one| one.alert).collect();
    let mut places = vec![0; alerts.len()];
    for (nth, at) in in_order(&alerts).into_iter().enumerate() {
        places[at] = nth;
    }
    let mut placed: Vec<(usize, Alert)> = places.into_iter().zip(alerts.drain(..)).collect();
    placed.sort_unstable_by_key(|(nth, _)| *nth);
    let mut placed = placed.into_iter().map(|(_, alert)| (alert, false));
    loop {
        let portion: Portion = placed.by_ref().take(TOGETHER).collect();
        if portion.is_empty() || sender.send(portion).await.is_err() {
            return Ok(());
        }
    }
}
