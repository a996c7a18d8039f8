//! What every practice server is made of. A product adds its data, its answers and its own orders; `docs/practice.md`
//! shows how.

pub(crate) mod admin_api;
pub(crate) mod clock;
mod control;
pub(crate) mod estate;
pub(crate) mod faults;
pub(crate) mod json_text;
mod loopback;
mod net;
pub(crate) mod reply;
mod request_log;
pub(crate) mod rhythm;
pub(crate) mod rng;
mod server;
#[cfg(test)]
pub(crate) mod testing;
pub(crate) mod tickets;
pub(crate) mod words;
pub(crate) mod writing;

use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

pub use clock::Clock;
pub use control::{Base, Control, Controlled};
pub use faults::FaultSpec;
pub(crate) use net::ResetSwitch;
pub use request_log::RequestRecord;
pub use server::{Server, ServerState};
pub use tickets::{Change, DoubledKey, DoubledNote, Integrity, Note, Ticket};

/// Locks; a thread that panicked with the lock in its hand leaves data that a practice server can go on with.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// As [`lock`], to read.
pub(crate) fn read<T>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

/// As [`lock`], to change.
pub(crate) fn write<T>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}
