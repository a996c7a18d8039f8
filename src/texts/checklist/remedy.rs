//! What to do about an item.

use crate::model::check::{Status, UserUnfit};
use crate::model::checklist::{ChecklistItem, ItemFinding, ItemId, Subject};
use crate::model::connection::Grant;
use crate::model::fault::Fault;
use crate::model::lang::Lang;
use crate::texts::fault::{self, At};

/// What to do next about an item, with exact names and values; `None` where nothing is to be done.
pub fn remedy(lang: Lang, subject: &Subject, item: &ChecklistItem, at: At) -> Option<String> {
    if matches!(item.status, Status::Passed | Status::Skipped | Status::Confirmed | Status::Todo) {
        return None;
    }
    let text = match (&item.finding, &item.fault) {
        (Some(ItemFinding::NoApiAccess { user_name }), _) => no_api_access(lang, user_name),
        (_, Some(Fault::BadForm { problems })) if super::are_empty(problems) => {
            fill_in(lang, &subject.connection, &super::keys(problems))
        }
        (_, Some(trouble)) => fault::remedy_at(lang, trouble, at),
        (Some(found), None) => own(lang, item).unwrap_or_else(|| of_finding(lang, subject, item, found)),
        (None, None) => return None,
    };
    Some(text)
}

/// What the asset says for every finding of the item.
fn own(lang: Lang, item: &ChecklistItem) -> Option<String> {
    item.words.as_ref()?.remedy.as_ref().map(|remedy| remedy.in_lang(lang).to_owned())
}

fn of_finding(lang: Lang, subject: &Subject, item: &ChecklistItem, found: &ItemFinding) -> String {
    let (user, client) = (&subject.user_name, &subject.client_id);
    match found {
        ItemFinding::AppMissing => app_missing(lang).to_owned(),
        ItemFinding::AppInactive { .. } => app_inactive(lang).to_owned(),
        ItemFinding::OauthOff => oauth_off(lang).to_owned(),
        ItemFinding::ApplicationInactive { name } => application_inactive(lang, name),
        ItemFinding::Lifespan { .. } if item.status == Status::Warning => lifespan_longer(lang, client),
        ItemFinding::Lifespan { .. } => lifespan_shorter(lang, client),
        ItemFinding::GrantOff { grant: Grant::Password } => password_off(lang).to_owned(),
        ItemFinding::GrantOff { grant: Grant::ClientCredentials } => client_credentials_off(lang).to_owned(),
        ItemFinding::UserMissing { user_name } => user_missing(lang, user_name),
        ItemFinding::UserUnfit { user_name, reason } => unfit(lang, user_name, *reason),
        ItemFinding::RoleLacking => match &item.id {
            ItemId::Role(name) if user.is_empty() => role_of_account(lang, &subject.product, name),
            ItemId::Role(name) => role_lacking(lang, user, name),
            _ => role_lacking(lang, user, ""),
        },
        ItemFinding::RoleNotOnInstance => role_not_on_instance(lang).to_owned(),
        ItemFinding::Excess { roles } => excess(lang, user, &roles.join(", ")),
        ItemFinding::EventRolesLacking { roles } => event_roles(lang, user, &roles.join(", ")),
        ItemFinding::RateLimited { .. } => rate_limited(lang, user),
        ItemFinding::Release { .. } => release(lang).to_owned(),
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
    app_missing, "Install 'User App for ServiceNow and Microsoft OMS Integration' (scope x_mioms_microsoft) from the ServiceNow Store; it brings the role x_mioms_microsoft.user. No interface can install it.", "Installeer 'User App for ServiceNow and Microsoft OMS Integration' (bereik x_mioms_microsoft) uit de ServiceNow Store; die brengt de rol x_mioms_microsoft.user mee. Geen interface kan dat doen.";
    app_inactive, "Switch the app on: System Applications > All Available Applications > scope x_mioms_microsoft.", "Schakel de app in: System Applications > All Available Applications > bereik x_mioms_microsoft.";
    oauth_off, "Set the system property com.snc.platform.security.oauth.is.active to true.", "Zet de systeemeigenschap com.snc.platform.security.oauth.is.active op true.";
    application_inactive(name: &str), "Open '{name}' in System OAuth > Application Registry (since Zurich: Machine Identity Console > Inbound integrations) and tick Active.", "Open '{name}' in System OAuth > Application Registry (vanaf Zurich: Machine Identity Console > Inbound integrations) en vink Active aan.";
    lifespan_shorter(client: &str), "Set Refresh Token Lifespan to 7776000 on the application with client ID {client}. Until then the sign-in ends sooner than in 90 days. After the change sign in again: tokens that are out keep their end.", "Zet Refresh Token Lifespan op 7776000 bij de toepassing met client-ID {client}. Tot dan eindigt de aanmelding eerder dan na 90 dagen. Meld u na de wijziging opnieuw aan: tokens die al zijn uitgegeven houden hun einde.";
    lifespan_longer(client: &str), "It works. The installation guide asks for exactly 7776000 (90 days) on the application with client ID {client}; a stolen token lives shorter then.", "Het werkt. De installatiehandleiding vraagt precies 7776000 (90 dagen) bij de toepassing met client-ID {client}; een gestolen token leeft dan korter.";
    password_off, "Set the system property glide.oauth.inbound.ropc.grant_type.disabled to false, or let the connection use the client-credentials grant (Washington DC and later).", "Zet de systeemeigenschap glide.oauth.inbound.ropc.grant_type.disabled op false, of laat de verbinding de client-credentials-grant gebruiken (Washington DC en later).";
    client_credentials_off, "Set the system property glide.oauth.inbound.client.credential.grant_type.enabled to true and choose the OAuth Application User on the application, or let the connection use the password grant.", "Zet de systeemeigenschap glide.oauth.inbound.client.credential.grant_type.enabled op true en kies de OAuth Application User bij de toepassing, of laat de verbinding de wachtwoord-grant gebruiken.";
    user_missing(user_name: &str), "Create the user {user_name}: here with an admin's sign-in, or in ServiceNow with Microsoft OMS integrator > Installation Checklist > Create integration user.", "Maak de gebruiker {user_name}: hier met de aanmelding van een beheerder, of in ServiceNow met Microsoft OMS integrator > Installation Checklist > Create integration user.";
    inactive(user_name: &str), "Tick Active on the record of {user_name} (User Administration > Users), or let it be done here with an admin's sign-in and a new password.", "Vink Active aan in het record van {user_name} (User Administration > Users), of laat het hier doen met de aanmelding van een beheerder en een nieuw wachtwoord.";
    locked_out(user_name: &str), "Find out first who keeps signing in with a wrong password. Then clear Locked out on the record of {user_name} (User Administration > Users), or let it be done here with an admin's sign-in.", "Zoek eerst uit wie met een verkeerd wachtwoord blijft aanmelden. Zet dan Locked out uit in het record van {user_name} (User Administration > Users), of laat het hier doen met de aanmelding van een beheerder.";
    needs_reset(user_name: &str), "Clear Password needs reset on the record of {user_name} (User Administration > Users): as long as it is set, no token is given. It can be done here with an admin's sign-in.", "Zet Password needs reset uit in het record van {user_name} (User Administration > Users): zolang dat aan staat, wordt er geen token gegeven. Het kan hier met de aanmelding van een beheerder.";
    no_api_access(user_name: &str), "Grant {user_name} the role itil, which contains snc_platform_rest_api_access.", "Ken {user_name} de rol itil toe, die snc_platform_rest_api_access bevat.";
    role_lacking(user: &str, role: &str), "Grant {user} the role {role}: here with an admin's sign-in, or on the user's record under Roles.", "Ken {user} de rol {role} toe: hier met de aanmelding van een beheerder, of in het record van de gebruiker onder Roles.";
    role_of_account(product: &str, role: &str), "Give the account that itsmc works with in {product} the role {role}.", "Geef het account waarmee itsmc in {product} werkt de rol {role}.";
    role_not_on_instance, "Install the app or plugin that brings the role, then look again.", "Installeer de app of plug-in die de rol meebrengt en kijk daarna opnieuw.";
    excess(user: &str, roles: &str), "Take these roles from {user}, unless something else needs them: {roles}.", "Neem {user} deze rollen af, tenzij iets anders ze nodig heeft: {roles}.";
    event_roles(user: &str, roles: &str), "To make events in Event Management, grant {user}: {roles}. Otherwise leave it so.", "Om gebeurtenissen in Event Management te maken: ken {user} toe: {roles}. Laat het anders zo.";
    rate_limited(user: &str), "Raise the limit of that rule, or except {user} from it: System Web Services > REST > Rate Limit Rules.", "Verhoog de limiet van die regel, of zonder {user} ervan uit: System Web Services > REST > Rate Limit Rules.";
    release, "Nothing must be done; if something does not work, say which release this is.", "Er hoeft niets te gebeuren; werkt er iets niet, meld dan om welke release het gaat.";
    cannot_see(product: &str), "Ask the admin of {product}, or look with an admin's sign-in where there is one.", "Vraag het de beheerder van {product}, of kijk met de aanmelding van een beheerder waar die er is.";
}
