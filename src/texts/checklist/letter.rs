//! What to ask the product's admin, as a text to copy.

use std::fmt::Write as _;

use crate::model::checklist::{Checklist, ChecklistItem, ItemFinding, ItemId};
use crate::model::lang::Lang;
use crate::texts::step;

/// The text to copy for the product's admin, with exact names and values; `None` where nothing needs asking.
pub fn letter(lang: Lang, checklist: &Checklist) -> Option<String> {
    let roles = roles(checklist);
    let mut requests: Vec<String> = checklist
        .to_ask()
        .filter(|item| role(item).is_none())
        .filter_map(|item| request(lang, checklist, item))
        .collect();
    if !roles.is_empty() && checklist.subject.user_name.is_empty() {
        requests.push(grant_roles_to_account(lang, &roles.join(", ")));
    } else if !roles.is_empty() {
        requests.push(grant_roles(lang, &checklist.subject.user_name, &roles.join(", ")));
    }
    if requests.is_empty() {
        return None;
    }
    let subject = &checklist.subject;
    let product = &subject.product;
    let mut text = match subject.user_name.as_str() {
        "" => opening_of_application(lang, product, &subject.server_url, &subject.client_id),
        user => opening(lang, product, &subject.server_url, user, &subject.client_id),
    };
    text.push('\n');
    for (number, request) in requests.iter().enumerate() {
        let _ = write!(text, "\n{}. {request}", number + 1);
    }
    let _ = write!(text, "\n\n{}", closing(lang));
    Some(text)
}

/// Roles that are lacking or hidden, in one request.
fn roles(checklist: &Checklist) -> Vec<&str> {
    checklist.to_ask().filter_map(role).collect()
}

fn role(item: &ChecklistItem) -> Option<&str> {
    match &item.id {
        ItemId::Role(name) => Some(name),
        ItemId::Own(_) => None,
    }
}

fn request(lang: Lang, checklist: &Checklist, item: &ChecklistItem) -> Option<String> {
    let subject = &checklist.subject;
    // An item with one remedy for every finding has one request for every finding as well.
    let finding = item.finding.as_ref().filter(|_| item.words.as_ref().is_none_or(|words| words.remedy.is_none()));
    if let Some(ItemFinding::UserUnfit { reason, .. }) = finding {
        return Some(unfit(lang, &subject.user_name, step::user_unfit(lang, *reason)));
    }
    let of_outcome = item.outcome.as_ref().and_then(|words| words.ask.as_ref());
    let ask = of_outcome.or_else(|| item.words.as_ref()?.ask.as_ref())?;
    Some(super::for_item(lang, ask, subject, item))
}

crate::texts! {
    opening(product: &str, server: &str, user: &str, client: &str), "Hello,\n\nWe read incidents and change requests of {product} ({server}) with itsmc. It signs in as the user {user}, through the OAuth application with client ID {client}. Could you please check the following for us, and change what differs?", "Hallo,\n\nWij lezen incidenten en wijzigingsaanvragen van {product} ({server}) met itsmc. Dat meldt zich aan als de gebruiker {user}, via de OAuth-toepassing met client-ID {client}. Zou u het volgende voor ons willen controleren, en aanpassen wat afwijkt?";
    opening_of_application(product: &str, server: &str, client: &str), "Hello,\n\nWe read incidents and change requests of {product} ({server}) with itsmc. It signs in as the application with client ID {client}. Could you please check the following for us, and change what differs?", "Hallo,\n\nWij lezen incidenten en wijzigingsaanvragen van {product} ({server}) met itsmc. Dat meldt zich aan als de toepassing met client-ID {client}. Zou u het volgende voor ons willen controleren, en aanpassen wat afwijkt?";
    closing, "Please do not send a password or client secret in your reply. If one of these is not possible, tell us which. Thank you!", "Stuur in uw antwoord alstublieft geen wachtwoord of clientgeheim mee. Is iets hiervan niet mogelijk, laat ons dan weten wat. Hartelijk dank!";
    unfit(user: &str, reason: &str), "The user {user} can be used again; at present: {reason}.", "De gebruiker {user} is weer te gebruiken; op dit moment: {reason}.";
    grant_roles(user: &str, roles: &str), "The user {user} has the roles {roles}; held through another role or a group is fine.", "De gebruiker {user} heeft de rollen {roles}; verkregen via een andere rol of een groep is goed.";
    grant_roles_to_account(roles: &str), "The account that itsmc works with has the roles {roles}.", "Het account waarmee itsmc werkt heeft de rollen {roles}.";
}
