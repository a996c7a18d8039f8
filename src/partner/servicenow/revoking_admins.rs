//! Admins whose tokens are being revoked: a sign-in at that moment would get the same tokens and lose them.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use tokio::sync::Notify;

/// Server and user name.
type Whose = (String, String);

static REVOKING: LazyLock<Mutex<HashMap<Whose, usize>>> = LazyLock::new(Mutex::default);
static DONE: Notify = Notify::const_new();

/// Until this is dropped, sign-ins as this admin wait.
pub struct RevokingAdmin(Whose);

impl RevokingAdmin {
    /// Takes effect at once, so that no sign-in comes in between.
    pub fn begin(server: &str, user_name: &str) -> Self {
        let whose = (server.to_owned(), user_name.to_lowercase());
        *REVOKING.lock().unwrap_or_else(PoisonError::into_inner).entry(whose.clone()).or_default() += 1;
        Self(whose)
    }
}

impl Drop for RevokingAdmin {
    fn drop(&mut self) {
        let mut revoking = REVOKING.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = revoking.get_mut(&self.0) {
            *count -= 1;
            if *count == 0 {
                revoking.remove(&self.0);
            }
        }
        drop(revoking);
        DONE.notify_waiters();
    }
}

/// Waits until no tokens of this admin are being revoked.
pub async fn wait(server: &str, user_name: &str) {
    let whose = (server.to_owned(), user_name.to_lowercase());
    loop {
        let mut left = std::pin::pin!(DONE.notified());
        // From here on no end is missed.
        left.as_mut().enable();
        if !REVOKING.lock().unwrap_or_else(PoisonError::into_inner).contains_key(&whose) {
            return;
        }
        left.await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;

    #[tokio::test]
    async fn a_sign_in_waits_for_those_who_leave_as_the_same_admin_only() {
        let first = RevokingAdmin::begin("https://a.example", "Ada");
        let second = RevokingAdmin::begin("https://a.example", "ada");
        let mut waits = std::pin::pin!(wait("https://a.example", "ADA"));
        assert!(waits.as_mut().now_or_never().is_none());
        assert!(wait("https://b.example", "ada").now_or_never().is_some());
        assert!(wait("https://a.example", "bob").now_or_never().is_some());
        drop(first);
        assert!(waits.as_mut().now_or_never().is_none());
        drop(second);
        waits.await;
    }
}
