//! What to do about an item.

use crate::model::check::{Status, UserUnfit};
use crate::model::checklist::{ChecklistItem, ItemFinding, ItemId, Subject};
use crate::model::fault::Fault;
use crate::model::lang::Lang;
use crate::texts::fault::{self, At};

/// What to do next about an item, with exact names and values; `None` where nothing is to be done.
pub fn remedy(lang: Lang, subject: &Subject, item: &ChecklistItem, at: At) -> Option<String> {
    if matches!(item.status, Status::Passed | Status::Skipped | Status::Confirmed | Status::Todo) {
        return None;
    }
    let of_outcome = item.outcome.as_ref().and_then(|words| words.remedy.as_ref());
    let text = match (of_outcome, &item.finding, &item.fault) {
        (Some(remedy), ..) => super::for_item(lang, remedy, subject, item),
        (_, _, Some(Fault::BadForm { problems })) if super::are_empty(problems) => {
            fill_in(lang, &subject.connection, &super::keys(problems))
        }
        (_, _, Some(trouble)) => fault::remedy_at(lang, trouble, at),
        (_, Some(found), None) => own(lang, item).unwrap_or_else(|| of_finding(lang, subject, item, found, at)),
        (_, None, None) => return None,
    };
    Some(text)
}

/// What the asset says for every finding of the item.
fn own(lang: Lang, item: &ChecklistItem) -> Option<String> {
    item.words.as_ref()?.remedy.as_ref().map(|remedy| remedy.in_lang(lang).to_owned())
}

fn of_finding(lang: Lang, subject: &Subject, item: &ChecklistItem, found: &ItemFinding, at: At) -> String {
    let user = &subject.user_name;
    match found {
        ItemFinding::UserUnfit { user_name, reason } => unfit(lang, user_name, *reason),
        ItemFinding::RoleLacking => match &item.id {
            ItemId::Role(name) if user.is_empty() => role_of_account(lang, &subject.product, name),
            ItemId::Role(name) => role_lacking(lang, user, name),
            ItemId::Own(_) => role_lacking(lang, user, ""),
        },
        ItemFinding::Excess { roles } => excess(lang, user, &roles.join(", ")),
        _ if at == At::Checklist => cannot_see_here(lang, &subject.product),
        _ => cannot_see(lang, &subject.product),
    }
}

fn unfit(lang: Lang, user_name: &str, reason: UserUnfit) -> String {
    match reason {
        UserUnfit::Inactive => inactive(lang, user_name),
        UserUnfit::LockedOut => locked_out(lang, user_name),
        UserUnfit::PasswordNeedsReset => needs_reset(lang, user_name),
    }
}

crate::texts! {
    fill_in(connection: &str, fields: &str), "Fill in {fields}: itsmc connection edit {connection} --set KEY=VALUE.", "Vul {fields} in: itsmc connection edit {connection} --set SLEUTEL=WAARDE.";
    inactive(user_name: &str), "Tick Active on the record of {user_name} (User Administration > Users), or sign in here as an admin and set a new password.", "Vink Active aan in het record van {user_name} (User Administration > Users), of meld u hier aan als beheerder en stel een nieuw wachtwoord in.";
    locked_out(user_name: &str), "Find out first who keeps signing in with a wrong password. Then clear Locked out on the record of {user_name} (User Administration > Users), or sign in here as an admin to do it.", "Zoek eerst uit wie met een verkeerd wachtwoord blijft aanmelden. Zet dan Locked out uit in het record van {user_name} (User Administration > Users), of meld u hier aan als beheerder om het te doen.";
    needs_reset(user_name: &str), "Clear Password needs reset on the record of {user_name} (User Administration > Users): while it is set, no token is issued. You can also sign in here as an admin to do it.", "Zet Password needs reset uit in het record van {user_name} (User Administration > Users): zolang dat aanstaat, wordt er geen token uitgegeven. U kunt zich ook hier aanmelden als beheerder om het te doen.";
    role_lacking(user: &str, role: &str), "Grant {user} the role {role}: here, signed in as an admin, or on the user's record under Roles.", "Ken {user} de rol {role} toe: hier, aangemeld als beheerder, of in het record van de gebruiker onder Roles.";
    role_of_account(product: &str, role: &str), "Give the account that itsmc uses in {product} the role {role}.", "Geef het account dat itsmc in {product} gebruikt de rol {role}.";
    excess(user: &str, roles: &str), "Take these roles from {user}, unless something else needs them: {roles}.", "Neem {user} deze rollen af, tenzij iets anders ze nodig heeft: {roles}.";
    cannot_see(product: &str), "Ask the admin of {product}; or sign in as an admin, if the product allows that, and check again.", "Vraag het de beheerder van {product}; of meld u als beheerder aan, als het product dat toelaat, en controleer opnieuw.";
    cannot_see_here(product: &str), "Ask the admin of {product}; or press A to sign in as an admin, if the product allows that, and check again.", "Vraag het de beheerder van {product}; of druk op A om u als beheerder aan te melden, als het product dat toelaat, en controleer opnieuw.";
}
