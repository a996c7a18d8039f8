//! What commands say of tokens that a connection leaves behind at the product.

use serde_json::Value;

use crate::cli::context::Context;
use crate::model::fault::Fault;
use crate::model::leaving::{Leaving, Parting};
use crate::model::rotation::Rotated;
use crate::service::leaving;
use crate::texts::token as words;

/// Gives up the sign-in of a form that is not saved, if there is one: what it obtained is revoked, or told of.
pub async fn give_up(context: &Context) -> Leaving {
    let left = leaving::give_up(&context.services).await;
    say(context, &left);
    left
}

/// Says what became of the tokens that a change replaced, however it ended.
///
/// # Errors
/// What kept the change from being made whole.
pub fn parted(context: &Context, parting: Parting) -> Result<Leaving, Fault> {
    say(context, &parting.leaving);
    parting.outcome.map(|()| parting.leaving)
}

/// The same of a rotation, which keeps them with what it ended with.
///
/// # Errors
/// What stopped it.
pub fn rotated(context: &Context, parting: Parting<Rotated>) -> Result<Rotated, Fault> {
    say(context, &parting.leaving);
    parting.outcome
}

/// Says it on stderr: a token that lives on must be known, quiet or not.
pub fn say(context: &Context, left: &Leaving) {
    words::leaving(context.output.lang, left).iter().for_each(|line| context.output.warn(line));
}

/// A document with the tokens that were left behind: how many were revoked, and which live on.
pub fn with(mut document: Value, left: &Leaving) -> Value {
    document["revoked"] = left.revoked.into();
    document["live"] = serde_json::to_value(&left.live).unwrap_or_default();
    document
}
