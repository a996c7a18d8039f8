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
    app_missing, "Install 'User App for ServiceNow and Microsoft OMS Integration' (scope x_mioms_microsoft) from the ServiceNow Store; it adds the role x_mioms_microsoft.user. It cannot be installed through the REST API.", "Installeer 'User App for ServiceNow and Microsoft OMS Integration' (bereik x_mioms_microsoft) uit de ServiceNow Store; die voegt de rol x_mioms_microsoft.user toe. Installeren via de REST-API kan niet.";
    app_inactive, "Switch the app on: System Applications > All Available Applications > scope x_mioms_microsoft.", "Schakel de app in: System Applications > All Available Applications > bereik x_mioms_microsoft.";
    oauth_off, "Set the system property com.snc.platform.security.oauth.is.active to true.", "Zet de systeemeigenschap com.snc.platform.security.oauth.is.active op true.";
    application_inactive(name: &str), "Open '{name}' in System OAuth > Application Registry (since Zurich: Machine Identity Console > Inbound integrations) and tick Active.", "Open '{name}' in System OAuth > Application Registry (vanaf Zurich: Machine Identity Console > Inbound integrations) en vink Active aan.";
    lifespan_shorter(client: &str), "Set Refresh Token Lifespan to 7776000 on the application with client ID {client}. Until then the sign-in expires before 90 days have passed. Sign in again after the change: existing tokens keep their expiry date.", "Zet Refresh Token Lifespan op 7776000 bij de toepassing met client-ID {client}. Tot dan verloopt de aanmelding voordat 90 dagen voorbij zijn. Meld u na de wijziging opnieuw aan: bestaande tokens houden hun vervaldatum.";
    lifespan_longer(client: &str), "This works. The installation guide asks for exactly 7776000 (90 days) on the application with client ID {client}, which limits how long a stolen token works.", "Dit werkt. De installatiehandleiding vraagt precies 7776000 (90 dagen) bij de toepassing met client-ID {client}; dat beperkt hoe lang een gestolen token werkt.";
    password_off, "Set the system property glide.oauth.inbound.ropc.grant_type.disabled to false, or let the connection use the client-credentials grant (Washington DC and later).", "Zet de systeemeigenschap glide.oauth.inbound.ropc.grant_type.disabled op false, of laat de verbinding de client-credentials-grant gebruiken (Washington DC en later).";
    client_credentials_off, "Set the system property glide.oauth.inbound.client.credential.grant_type.enabled to true and choose the OAuth Application User on the application, or let the connection use the password grant.", "Zet de systeemeigenschap glide.oauth.inbound.client.credential.grant_type.enabled op true en kies de OAuth Application User bij de toepassing, of laat de verbinding de wachtwoord-grant gebruiken.";
    user_missing(user_name: &str), "Create the user {user_name}: here, signed in as an admin, or in ServiceNow with Microsoft OMS integrator > Installation Checklist > Create integration user.", "Maak de gebruiker {user_name}: hier, aangemeld als beheerder, of in ServiceNow met Microsoft OMS integrator > Installation Checklist > Create integration user.";
    inactive(user_name: &str), "Tick Active on the record of {user_name} (User Administration > Users), or sign in here as an admin and set a new password.", "Vink Active aan in het record van {user_name} (User Administration > Users), of meld u hier aan als beheerder en stel een nieuw wachtwoord in.";
    locked_out(user_name: &str), "Find out first who keeps signing in with a wrong password. Then clear Locked out on the record of {user_name} (User Administration > Users), or sign in here as an admin to do it.", "Zoek eerst uit wie met een verkeerd wachtwoord blijft aanmelden. Zet dan Locked out uit in het record van {user_name} (User Administration > Users), of meld u hier aan als beheerder om het te doen.";
    needs_reset(user_name: &str), "Clear Password needs reset on the record of {user_name} (User Administration > Users): while it is set, no token is issued. You can also sign in here as an admin to do it.", "Zet Password needs reset uit in het record van {user_name} (User Administration > Users): zolang dat aanstaat, wordt er geen token uitgegeven. U kunt zich ook hier aanmelden als beheerder om het te doen.";
    no_api_access(user_name: &str), "Grant {user_name} the role itil, which contains snc_platform_rest_api_access.", "Ken {user_name} de rol itil toe, die snc_platform_rest_api_access bevat.";
    role_lacking(user: &str, role: &str), "Grant {user} the role {role}: here, signed in as an admin, or on the user's record under Roles.", "Ken {user} de rol {role} toe: hier, aangemeld als beheerder, of in het record van de gebruiker onder Roles.";
    role_of_account(product: &str, role: &str), "Give the account that itsmc uses in {product} the role {role}.", "Geef het account dat itsmc in {product} gebruikt de rol {role}.";
    role_not_on_instance, "Install the app or plugin that adds the role, then check again.", "Installeer de app of plug-in die de rol toevoegt en controleer daarna opnieuw.";
    excess(user: &str, roles: &str), "Take these roles from {user}, unless something else needs them: {roles}.", "Neem {user} deze rollen af, tenzij iets anders ze nodig heeft: {roles}.";
    event_roles(user: &str, roles: &str), "To create events in Event Management, grant {user}: {roles}. Otherwise nothing is needed.", "Om gebeurtenissen in Event Management te maken: ken {user} toe: {roles}. Anders is er niets nodig.";
    rate_limited(user: &str), "Raise the limit of that rule, or except {user} from it: System Web Services > REST > Rate Limit Rules.", "Verhoog de limiet van die regel, of zonder {user} ervan uit: System Web Services > REST > Rate Limit Rules.";
    release, "Nothing to do. If something does not work, mention this release when you report it.", "Niets te doen. Werkt er iets niet, noem dan deze release als u het meldt.";
    cannot_see(product: &str), "Ask the admin of {product}, or check again signed in as an admin where itsmc supports that.", "Vraag het aan de beheerder van {product}, of controleer opnieuw, aangemeld als beheerder waar itsmc dat kan.";
}
