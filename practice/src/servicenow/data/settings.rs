//! Rows about the instance itself: properties, choices, roles, the app, OAuth, the users that sign in.

use super::roles::{APP_ROLE, make_role, make_roles, set_role};
use crate::SignInDetails;
use crate::core::rng::{hex, parse_hex, stable_hex};
use crate::servicenow::oauth::{
    CLIENT_CREDENTIALS, OAUTH_ACTIVE, OAuthOptions, PASSWORD_DISABLED, TokenBook, TokenColumn, TokenKind,
};
use crate::servicenow::options::{Options, RateRule};
use crate::servicenow::setup::{ApplicationState, ApplicationUser, RoleState, Setup};
use crate::servicenow::table::{Shown, Store, Writer, choices};

/// The name of the OAuth application.
const APPLICATION: &str = "Azure Monitor ITSM";

/// The scope of the store app.
const APP_SCOPE: &str = "x_mioms_microsoft";

/// The id of the rate-limit rule, as the headers name it.
pub(crate) const RATE_RULE_ID: &str = "a3f1c0de00000000000000000000beef";

/// Makes every row about the instance itself.
pub(crate) fn settings(store: &mut Store, options: &Options, sign_in: &SignInDetails, now: i64) {
    make_choices(store, now, options.incident_log.is_some());
    let mut writer = Writer::system(store, now);
    let setup = &options.setup;
    make_roles(&mut writer, setup.event_management);
    set_app(&mut writer, setup.app);
    make_users(&mut writer, setup, sign_in);
    make_properties(&mut writer, setup, &options.oauth);
    set_application(&mut writer, options, sign_in, setup.application);
}

/// Installs the store app or takes it away; its staging table is the instance's to open or close.
pub(crate) fn set_app(writer: &mut Writer<'_>, installed: bool) {
    let app = [
        ("scope", APP_SCOPE),
        ("name", "User App for ServiceNow and Microsoft OMS Integration"),
        ("version", "1.0.1"),
        ("latest_version", "1.0.1"),
        ("update_available", "false"),
        ("active", "true"),
        ("vendor", "Microsoft"),
    ];
    if installed {
        writer.put("sys_store_app", APP_SCOPE, &app);
        make_role(writer, APP_ROLE);
        return;
    }
    for (table, column, value) in [("sys_store_app", "scope", APP_SCOPE), ("sys_user_role", "name", APP_ROLE)] {
        for row in writer.store.rows_with(table, &[(column, value)]) {
            writer.remove(table, row);
        }
    }
}

/// Writes the release into `sys_properties`.
pub(crate) fn set_release(writer: &mut Writer<'_>, release: &str) {
    let tag = format!("glide-{release}-07-01-2025__patch2-09-10-2025");
    let mut name = release.to_owned();
    if let Some(first) = name.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    let war = format!("{tag}.zip");
    let properties = [
        ("glide.buildname", name.as_str()),
        ("glide.buildtag", &tag),
        ("glide.buildtag.last", &tag),
        ("glide.war", &war),
    ];
    properties.iter().for_each(|(name, value)| set_property(writer, name, value));
}

/// Writes a system property, new or again.
pub(crate) fn set_property(writer: &mut Writer<'_>, name: &str, value: &str) {
    match writer.store.first("sys_properties", &[("name", name)]) {
        Some(row) => writer.update("sys_properties", row, &[("value", value)]),
        None => writer.put("sys_properties", name, &[("name", name), ("value", value)]).map(|_| ()),
    };
}

/// Brings the application's entry into a state. An entry that was away comes back as it was made at the start.
pub(crate) fn set_application(
    writer: &mut Writer<'_>,
    options: &Options,
    sign_in: &SignInDetails,
    state: ApplicationState,
) {
    let row = writer.store.first("oauth_entity", &[("client_id", &sign_in.client_id)]);
    let Some(row) = row else {
        if state != ApplicationState::Missing {
            make_application(writer, options, sign_in, state);
        }
        return;
    };
    match state {
        ApplicationState::Missing => writer.remove("oauth_entity", row),
        _ => {
            writer.update("oauth_entity", row, &[("active", word(state == ApplicationState::Active))]);
        }
    }
}

/// Writes the rate-limit rule, or takes it away.
pub(crate) fn set_rate_rule(writer: &mut Writer<'_>, rule: Option<RateRule>) {
    let table = "sys_rate_limit_rules";
    let Some(id) = parse_hex(RATE_RULE_ID) else { return };
    if let Some(row) = writer.store.table(table).and_then(|table| table.find(&id)) {
        writer.remove(table, row);
    }
    if let Some(rule) = rule {
        let limit = rule.per_hour.to_string();
        let fields = [
            ("name", "Table API"),
            ("active", "true"),
            ("request_limit_per_hour", limit.as_str()),
            ("resource", "Table API"),
            ("method", "GET"),
        ];
        writer.insert(table, id, &fields);
    }
}

/// Writes the issued tokens into `oauth_credential`: expired ones stay until they are cleaned away.
pub(crate) fn show_tokens(store: &mut Store, tokens: &TokenBook, column: TokenColumn) {
    let called = |store: &Store, table: &str, id: &str, other: &str| {
        store.name_of(table, id).unwrap_or_else(|| other.to_owned())
    };
    let listed: Vec<_> = tokens.all().iter().filter(|token| token.listed).collect();
    let names: Vec<_> = listed
        .iter()
        .map(|token| (called(store, "sys_user", &token.user, "guest"), called(store, "oauth_entity", &token.peer, "")))
        .collect();
    let Some(table) = store.table_mut("oauth_credential") else { return };
    table.clear();
    for (token, (user, peer)) in listed.into_iter().zip(names) {
        let mut cells = table.blank();
        let (kind, label) = match token.kind {
            TokenKind::Access => ("access_token", "Access Token"),
            TokenKind::Refresh => ("refresh_token", "Refresh Token"),
        };
        let text = match column {
            TokenColumn::Withheld => "",
            TokenColumn::Masked => "********",
            TokenColumn::Shown => &token.value,
        };
        table.put_shown(&mut cells, "type", kind, Shown::Text(label));
        table.put_shown(&mut cells, "user", &token.user, Shown::Text(&user));
        table.put_shown(&mut cells, "peer", &token.peer, Shown::Text(&peer));
        let texts = [("token", text), ("scopes", "useraccount"), ("sys_created_by", "guest"), ("sys_mod_count", "0")];
        texts.iter().for_each(|(column, value)| table.put(&mut cells, column, value));
        table.put_time(&mut cells, "expires", token.expires);
        table.put_time(&mut cells, "last_access", token.last_used);
        table.put_time(&mut cells, "sys_created_on", token.created);
        table.put_time(&mut cells, "sys_updated_on", token.created.max(token.last_used));
        table.load(token.row_id(), &cells);
    }
    table.settle();
}

fn make_choices(store: &mut Store, now: i64, older: bool) {
    let states = if older { choices::OLDER_INCIDENT_STATE } else { choices::INCIDENT_STATE };
    let lists = [("incident", "state", states), ("incident", "incident_state", states)];
    for (table, element, list) in lists.into_iter().chain(choices::LISTS.iter().copied()) {
        for (sequence, (value, label)) in list.iter().enumerate() {
            let sequence = sequence.to_string();
            let fields = [
                ("name", table),
                ("element", element),
                ("value", value),
                ("label", label),
                ("language", "en"),
                ("inactive", "false"),
                ("sequence", sequence.as_str()),
            ];
            let key = format!("{table}.{element}.{value}");
            Writer::system(store, now).put("sys_choice", &key, &fields);
        }
    }
}

fn make_users(writer: &mut Writer<'_>, setup: &Setup, sign_in: &SignInDetails) {
    make_user(writer, &sign_in.admin, "Practice Admin", ("false", "human"));
    set_role(writer, &stable_hex("sys_user", &sign_in.admin), "admin", RoleState::Direct);
    if !setup.integration_user {
        return;
    }
    make_user(writer, &sign_in.username, "Azure Integration", ("true", "machine"));
    let user = stable_hex("sys_user", &sign_in.username);
    let there = |role: &str| {
        (setup.app || role != APP_ROLE) && (setup.event_management || !super::roles::EVENT_ROLES.contains(&role))
    };
    // What itil brings with it comes first, so that whatever is said of those roles has the last word.
    let (itil, others): (Vec<_>, Vec<_>) = setup.roles.iter().partition(|(role, _)| *role == "itil");
    for (role, state) in itil.into_iter().chain(others).filter(|(role, _)| there(role)) {
        set_role(writer, &user, role, *state);
    }
}

fn make_user(writer: &mut Writer<'_>, user_name: &str, name: &str, (service_only, identity): (&str, &str)) {
    let fields = [
        ("user_name", user_name),
        ("name", name),
        ("active", "true"),
        ("locked_out", "false"),
        ("password_needs_reset", "false"),
        ("web_service_access_only", service_only),
        ("internal_integration_user", "false"),
        ("identity_type", identity),
    ];
    writer.put("sys_user", user_name, &fields);
}

fn make_properties(writer: &mut Writer<'_>, setup: &Setup, oauth: &OAuthOptions) {
    let switches = [
        (OAUTH_ACTIVE, "true"),
        (PASSWORD_DISABLED, word(!oauth.password_grant)),
        (CLIENT_CREDENTIALS, word(oauth.client_credentials)),
    ];
    switches.iter().for_each(|(name, value)| set_property(writer, name, value));
    setup.properties.iter().for_each(|(name, value)| set_property(writer, name, value));
}

fn make_application(writer: &mut Writer<'_>, options: &Options, sign_in: &SignInDetails, state: ApplicationState) {
    let oauth = &options.oauth;
    let (access, refresh) = (oauth.access_lifespan.to_string(), oauth.refresh_lifespan.to_string());
    let user = match options.setup.application_user {
        ApplicationUser::Integration => stable_hex("sys_user", &sign_in.username),
        ApplicationUser::Empty => String::new(),
        ApplicationUser::Dangling => hex(&[0xda; 16]),
    };
    let fields = [
        ("name", APPLICATION),
        ("type", "client"),
        ("client_id", sign_in.client_id.as_str()),
        ("client_secret", "********"),
        ("active", word(state == ApplicationState::Active)),
        ("access_token_lifespan", &access),
        ("refresh_token_lifespan", &refresh),
        ("auth_code_lifespan", "60"),
        ("user", &user),
    ];
    writer.put("oauth_entity", APPLICATION, &fields);
}

fn word(yes: bool) -> &'static str {
    if yes { "true" } else { "false" }
}
