//! How many bytes of replies are in memory at the same time.
//!
//! A page of rows is read, decoded, and kept until the store has taken it, and several pages are on their way side by side. Their
//! number alone bounds no memory: a few rows with long texts make a page many times as large. So a reply that grows waits until
//! others have gone, and the server waits with it, since nothing is read from its connection meanwhile.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

/// So many bytes are in memory before the next reply waits: pages of ordinary rows never are, with all that are on their way.
pub const ROOM_BYTES: u64 = 24 << 20;

/// A reply below this size is not counted.
pub const SMALL_BYTES: u64 = 1 << 20;

/// A reply that waits longer goes on all the same: too much memory is better than a sync that stands still.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// Room for replies to one server.
#[derive(Debug)]
pub struct Room {
    limit: u64,
    longest_wait: Duration,
    taken: Mutex<Taken>,
    changed: Notify,
}

/// The bytes of each holder, the oldest first.
#[derive(Debug, Default)]
struct Taken {
    last: u64,
    bytes: BTreeMap<u64, u64>,
}

impl Taken {
    /// Gives a holder so many bytes in all, if there is room. The oldest one always gets them: it ends without waiting for the
    /// others, so no two can wait for each other.
    fn give(&mut self, holder: u64, bytes: u64, limit: u64) -> bool {
        let others: u64 = self.bytes.iter().filter(|(other, _)| **other != holder).map(|(_, bytes)| bytes).sum();
        let oldest = self.bytes.first_key_value().is_none_or(|(oldest, _)| *oldest >= holder);
        let given = oldest || others.saturating_add(bytes) <= limit;
        if given {
            self.bytes.insert(holder, bytes);
        }
        given
    }
}

impl Room {
    /// For so many bytes.
    pub fn new(limit: u64) -> Arc<Self> {
        Self::with_wait(limit, LONGEST_WAIT)
    }

    fn with_wait(limit: u64, longest_wait: Duration) -> Arc<Self> {
        Arc::new(Self { limit, longest_wait, taken: Mutex::default(), changed: Notify::new() })
    }

    /// A holder, of nothing yet.
    pub fn hold(self: &Arc<Self>) -> Held {
        let mut taken = self.taken();
        taken.last += 1;
        let holder = taken.last;
        taken.bytes.insert(holder, 0);
        Held { room: self.clone(), holder, waits: true }
    }

    /// A holder of so many bytes that are in memory already; none for few of them.
    pub fn keep(self: &Arc<Self>, bytes: u64) -> Option<Held> {
        (bytes > SMALL_BYTES).then(|| {
            let held = self.hold();
            self.taken().bytes.insert(held.holder, bytes);
            held
        })
    }

    /// How many bytes are held.
    pub fn held(&self) -> u64 {
        self.taken().bytes.values().sum()
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Bytes that are in memory, until it is dropped.
#[derive(Debug)]
pub struct Held {
    room: Arc<Room>,
    holder: u64,
    waits: bool,
}

impl Held {
    /// Waits until there is room for so many bytes in all.
    pub async fn grow(&mut self, bytes: u64) {
        let given = async {
            loop {
                let changed = self.room.changed.notified();
                if self.room.taken().give(self.holder, bytes, self.room.limit) {
                    return;
                }
                changed.await;
            }
        };
        if !self.waits || tokio::time::timeout(self.room.longest_wait, given).await.is_err() {
            self.waits = false;
            self.room.taken().bytes.insert(self.holder, bytes);
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.room.taken().bytes.remove(&self.holder);
        self.room.changed.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    const MIB: u64 = 1 << 20;

    #[tokio::test]
    async fn a_reply_waits_until_others_have_gone() {
        let room = Room::with_wait(10 * MIB, Duration::MAX);
        let (mut first, mut second) = (room.hold(), room.hold());
        first.grow(6 * MIB).await;
        second.grow(4 * MIB).await;
        assert_eq!(room.held(), 10 * MIB);
        assert_eq!(second.grow(5 * MIB).now_or_never(), None);
        let decoded = room.keep(2 * MIB);
        assert!(room.keep(MIB).is_none(), "few bytes are not counted");
        drop(first);
        second.grow(8 * MIB).await;
        assert_eq!(room.held(), 10 * MIB);
        drop((second, decoded));
        assert_eq!(room.held(), 0);
    }

    #[tokio::test]
    async fn the_oldest_reply_never_waits_and_the_others_go_on_after_it() {
        // The test ends by itself if nobody waits for another.
        let room = Room::with_wait(10, Duration::MAX);
        let mut holders = [room.hold(), room.hold(), room.hold()];
        for held in &mut holders {
            held.grow(3).await;
        }
        let [mut oldest, mut second, mut third] = holders;
        assert_eq!((second.grow(20).now_or_never(), third.grow(20).now_or_never()), (None, None));
        oldest.grow(20).await;
        let others = tokio::spawn(async move {
            tokio::join!(
                async {
                    second.grow(20).await;
                    drop(second);
                },
                third.grow(20)
            );
            third
        });
        tokio::task::yield_now().await;
        assert_eq!(room.held(), 26);
        drop(oldest);
        let third = others.await.unwrap();
        assert_eq!(room.held(), 20);
        drop(third);
    }

    #[tokio::test]
    async fn nobody_stands_still_for_good() {
        let room = Room::with_wait(10, Duration::from_millis(1));
        let (mut kept, mut late) = (room.hold(), room.hold());
        kept.grow(10).await;
        late.grow(5).await;
        late.grow(50).await;
        assert_eq!(room.held(), 60);
    }
}
