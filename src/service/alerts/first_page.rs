//! What a source's sign-in sees of each subscription, before the source is saved.

use jiff::Timestamp;

use super::{api_of, check_source, of_source};
use crate::model::alert::read;
use crate::model::alert_source::AlertSource;
use crate::model::fault::Fault;
use crate::service::services::Services;

/// A subscription, and what its first page of alerts showed.
#[derive(Debug, Clone, PartialEq)]
pub struct FirstPage {
    /// The subscription's ID.
    pub subscription: String,
    /// What was seen, or why nothing could be.
    pub seen: Result<Seen, Fault>,
}

/// A first page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// How many alerts it has.
    pub alerts: usize,
    /// Whether another page follows.
    pub more: bool,
    /// When the newest of them changed last.
    pub newest: Option<Timestamp>,
}

/// Reads a first page of each subscription, with a sign-in that is tried for a change where one was kept. Nothing is stored.
///
/// # Errors
/// [`Fault::SourceWrong`]; the refusal of the sign-in. What a subscription refuses stands beside it.
pub async fn first_pages(services: &Services, source: &AlertSource, tried: bool) -> Result<Vec<FirstPage>, Fault> {
    check_source(source)?;
    let account = if tried { source.tried_account() } else { source.account() };
    let api = api_of(services, source, &account).await?;
    let mut pages = Vec::new();
    for subscription in &source.subscriptions {
        let page = api.first(subscription).await.map_err(|fault| of_source(fault, source.name.as_str()));
        if let Err(fault) = &page
            && fault.blocks_every_request()
            && pages.is_empty()
        {
            return Err(fault.clone());
        }
        let seen = page.map(|page| Seen {
            alerts: page.value.len(),
            more: page.has_next(),
            newest: page.value.first().and_then(|raw| read(raw.get()).first()?.alert.modified_at),
        });
        pages.push(FirstPage { subscription: subscription.clone(), seen });
    }
    Ok(pages)
}
