//! Notices what anybody stores in the database, or writes into the config file or the alert rules, another process included.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::OnceCell;
use tokio::sync::mpsc::UnboundedSender;

use crate::model::fault::Fault;
use crate::service::services::Services;
use crate::service::watch::{FileMark, StoreMark, Written};
use crate::ui::app::message::Message;

/// How often the database and the files are asked whether they changed.
const EVERY: Duration = Duration::from_secs(1);

/// Follows the database and the config file once they are in use.
#[derive(Default)]
pub struct Follower {
    store: OnceCell<()>,
    config: OnceCell<()>,
}

impl Follower {
    /// Follows the database from now on. What is read after this call is followed without a gap. A database that cannot be
    /// opened is tried again with the next call.
    pub async fn begin(&self, services: &Arc<Services>, queue: &UnboundedSender<Message>) {
        let follow = || async {
            let seen = StoreMark::now(services).await?;
            tokio::spawn(follow(services.clone(), queue.clone(), seen));
            Ok::<_, Fault>(())
        };
        // The question that follows meets the same fault, and its answer tells it.
        let _ = self.store.get_or_try_init(follow).await;
    }

    /// Follows the config file and the alert rules from now on. What is read after this call is followed without a gap.
    pub async fn begin_config(&self, services: &Arc<Services>, queue: &UnboundedSender<Message>) {
        let follow = || async {
            for file in [Written::Config, Written::AlertRules] {
                let seen = FileMark::now(services, file).await;
                tokio::spawn(follow_file(services.clone(), queue.clone(), file, seen));
            }
        };
        self.config.get_or_init(follow).await;
    }
}

/// Ends with the program's queue.
async fn follow(services: Arc<Services>, queue: UnboundedSender<Message>, mut seen: StoreMark) {
    loop {
        tokio::select! {
            () = queue.closed() => return,
            () = tokio::time::sleep(EVERY) => {}
        }
        // A database that cannot be read for now is looked at again a second later.
        let Ok(now) = StoreMark::now(&services).await else { continue };
        if now.differs(&seen) && queue.send(Message::StoreChanged).is_err() {
            return;
        }
        seen = now;
    }
}

/// Tells of a change once the file has rested: an editor may write it in pieces. Ends with the program's queue.
async fn follow_file(services: Arc<Services>, queue: UnboundedSender<Message>, file: Written, seen: FileMark) {
    let (mut told, mut last) = (seen.clone(), seen);
    loop {
        tokio::select! {
            () = queue.closed() => return,
            () = tokio::time::sleep(EVERY) => {}
        }
        let now = FileMark::now(&services, file).await;
        if now == last && now != told {
            let changed = match file {
                Written::Config => Message::ConfigChanged,
                Written::AlertRules => Message::AlertRulesChanged,
            };
            if queue.send(changed).is_err() {
                return;
            }
            told = now.clone();
        }
        last = now;
    }
}
