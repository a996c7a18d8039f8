//! Notices what anybody stores in the database, another process included.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::OnceCell;
use tokio::sync::mpsc::UnboundedSender;

use crate::model::fault::Fault;
use crate::service::services::Services;
use crate::service::watch::StoreMark;
use crate::ui::app::message::Message;

/// How often the database is asked whether it changed.
const EVERY: Duration = Duration::from_secs(1);

/// Follows the database once it is in use.
#[derive(Default)]
pub struct Follower(OnceCell<()>);

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
        let _ = self.0.get_or_try_init(follow).await;
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
