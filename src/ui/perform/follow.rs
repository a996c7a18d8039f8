//! Notices what anybody stores in the database, or writes into the config file or the alert rules, another process included.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::{Notify, OnceCell};

use crate::model::fault::Fault;
use crate::service::services::Services;
use crate::service::watch::{Look, StoreMark, TELLS_WRITES, Watch, Written};
use crate::ui::app::message::Message;

/// How often the files are looked at.
const EVERY: Duration = Duration::from_secs(1);
/// How soon a file that was written is looked at again: an editor may write it in pieces.
const SOON: Duration = Duration::from_millis(300);

/// Follows the database and the config file once they are in use.
///
/// One thread looks at the files; nothing else wakes up while they rest.
#[derive(Default)]
pub struct Follower {
    followed: Arc<Mutex<Vec<Followed>>>,
    looks: OnceCell<()>,
    store: OnceCell<()>,
    config: OnceCell<()>,
}

/// What is followed.
struct Followed {
    watch: Watch,
    then: Then,
}

/// What is done when it was written.
enum Then {
    /// The database is asked whether anything was stored.
    Ask(Arc<Notify>),
    /// The screens are told, once the file rests.
    Tell(Message),
}

impl Followed {
    /// Looks once; whether it is to be looked at again soon.
    fn look(&mut self, queue: &UnboundedSender<Message>) -> bool {
        let look = self.watch.look();
        match &self.then {
            Then::Ask(asked) if look != Look::Rests || !TELLS_WRITES => asked.notify_one(),
            // A closed queue ends the thread with its next look.
            Then::Tell(message) if look == Look::Settled => drop(queue.send(message.clone())),
            Then::Ask(_) | Then::Tell(_) => {}
        }
        // A database under way is asked once a second; its answer needs no rest.
        look == Look::Written && matches!(self.then, Then::Tell(_))
    }
}

impl Follower {
    /// Follows the database from now on. What is read after this call is followed without a gap. A database that cannot be
    /// opened is tried again with the next call.
    pub async fn begin(&self, services: &Arc<Services>, queue: &UnboundedSender<Message>) {
        let follow = || async {
            let watch = Watch::begin(&services.home, Written::Store);
            let seen = StoreMark::now(services).await?;
            let asked = Arc::new(Notify::new());
            tokio::spawn(ask(services.clone(), queue.clone(), seen, asked.clone()));
            self.add(Followed { watch, then: Then::Ask(asked) }, queue).await;
            Ok::<_, Fault>(())
        };
        // The question that follows meets the same fault, and its answer tells it.
        let _ = self.store.get_or_try_init(follow).await;
    }

    /// Follows the config file and the alert rules from now on. What is read after this call is followed without a gap.
    pub async fn begin_config(&self, services: &Arc<Services>, queue: &UnboundedSender<Message>) {
        let follow = || async {
            for (file, message) in
                [(Written::Config, Message::ConfigChanged), (Written::AlertRules, Message::AlertRulesChanged)]
            {
                let watch = Watch::begin(&services.home, file);
                self.add(Followed { watch, then: Then::Tell(message) }, queue).await;
            }
        };
        self.config.get_or_init(follow).await;
    }

    async fn add(&self, followed: Followed, queue: &UnboundedSender<Message>) {
        self.followed.lock().unwrap_or_else(PoisonError::into_inner).push(followed);
        let (all, queue) = (self.followed.clone(), queue.clone());
        self.looks.get_or_init(|| async move { drop(thread::spawn(move || look(&all, &queue))) }).await;
    }
}

/// Looks at the files until the program's queue is closed. A thread of its own: a home on a drive that does not answer holds
/// up nothing else.
fn look(all: &Mutex<Vec<Followed>>, queue: &UnboundedSender<Message>) {
    let mut wait = EVERY;
    loop {
        thread::sleep(wait);
        if queue.is_closed() {
            return;
        }
        let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
        // Each of them is looked at, whatever the others told.
        let soon = all.iter_mut().filter_map(|one| one.look(queue).then_some(())).count() > 0;
        wait = if soon { SOON } else { EVERY };
    }
}

/// Asks the database each time its files were written. Ends with the program's queue.
async fn ask(services: Arc<Services>, queue: UnboundedSender<Message>, mut seen: StoreMark, asked: Arc<Notify>) {
    loop {
        tokio::select! {
            () = queue.closed() => return,
            () = asked.notified() => {}
        }
        let now = match StoreMark::now(&services).await {
            Ok(now) => now,
            // A database that cannot be read for now is asked again a second later.
            Err(_) => {
                tokio::time::sleep(EVERY).await;
                asked.notify_one();
                continue;
            }
        };
        if now.differs(&seen) && queue.send(Message::StoreChanged).is_err() {
            return;
        }
        seen = now;
    }
}

#[cfg(test)]
#[path = "follow/tests.rs"]
mod tests;
