//! Rows about the instance itself: properties, choices, roles, the app, OAuth.

use crate::practice::servicenow::oauth::{Account, OAuthOptions, TokenBook, TokenKind};
use crate::practice::servicenow::options::Options;
use crate::practice::servicenow::rng::{stable_hex, stable_id};
use crate::practice::servicenow::sign_in::SignInDetails;
use crate::practice::servicenow::table::{Shown, Store, choices};

const APPLICATION: &str = "Azure Monitor ITSM";

const ROLES: [(&str, bool); 10] = [
    ("personalize_choices", false),
    ("import_transformer", false),
    ("x_mioms_microsoft.user", false),
    ("itil", false),
    ("template_editor", true),
    ("view_changer", true),
    ("snc_platform_rest_api_access", true),
    ("evt_mgmt_integration", false),
    ("evt_mgmt_operator", false),
    ("admin", false),
];

/// Makes every row about the instance itself.
pub(crate) fn settings(store: &mut Store, options: &Options, sign_in: &SignInDetails, now: i64) {
    make_choices(store, now, options.incident_log.is_some());
    make_roles(store, &sign_in.username, now);
    make_oauth(store, &options.oauth, sign_in, now);
    let switches = [
        ("com.snc.platform.security.oauth.is.active", "true"),
        ("glide.oauth.inbound.ropc.grant_type.disabled", if options.oauth.password_grant { "false" } else { "true" }),
        (
            "glide.oauth.inbound.client.credential.grant_type.enabled",
            if options.oauth.client_credentials { "true" } else { "false" },
        ),
    ];
    for (name, value) in switches {
        add(store, "sys_properties", name, &[("name", name), ("value", value)], now);
    }
    let app = [
        ("scope", "x_mioms_microsoft"),
        ("name", "User App for ServiceNow and Microsoft OMS Integration"),
        ("version", "1.0.1"),
        ("latest_version", "1.0.1"),
        ("update_available", "false"),
        ("active", "true"),
        ("vendor", "Microsoft"),
    ];
    add(store, "sys_store_app", "x_mioms_microsoft", &app, now);
}

/// Writes the release into `sys_properties`.
pub(crate) fn refresh_release(store: &mut Store, release: &str, now: i64) {
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
    for (name, value) in properties {
        add(store, "sys_properties", name, &[("name", name), ("value", value)], now);
    }
}

/// Writes the users that can sign in into `sys_user`.
pub(crate) fn refresh_accounts(store: &mut Store, accounts: &[Account], now: i64) {
    let word = |yes: bool| if yes { "true" } else { "false" };
    for account in accounts {
        let fields = [
            ("user_name", account.name.as_str()),
            ("name", if account.admin { "Practice Admin" } else { "Azure Integration" }),
            ("active", word(account.active)),
            ("locked_out", word(account.locked)),
            ("password_needs_reset", word(account.needs_reset)),
            ("web_service_access_only", word(!account.admin)),
            ("internal_integration_user", "false"),
            ("identity_type", if account.admin { "human" } else { "machine" }),
            ("roles", ""),
        ];
        add(store, "sys_user", &account.name, &fields, now);
    }
}

/// Writes the valid tokens into `oauth_credential`.
pub(crate) fn refresh_tokens(store: &mut Store, tokens: &TokenBook, now: i64) {
    let Some(table) = store.table_mut("oauth_credential") else { return };
    table.clear();
    for token in tokens.valid(now) {
        let mut cells = table.blank();
        let (kind, label) = match token.kind {
            TokenKind::Access => ("access_token", "Access Token"),
            TokenKind::Refresh => ("refresh_token", "Refresh Token"),
        };
        table.put_shown(&mut cells, "type", kind, Shown::Text(label));
        table.put_shown(&mut cells, "user", &stable_hex("sys_user", &token.user), Shown::Text(&token.user));
        table.put_shown(&mut cells, "peer", &stable_hex("oauth_entity", APPLICATION), Shown::Text(APPLICATION));
        table.put(&mut cells, "scopes", "useraccount");
        table.put(&mut cells, "sys_created_by", "guest");
        table.put_time(&mut cells, "expires", token.expires);
        table.put_time(&mut cells, "last_access", token.last_used);
        table.put_time(&mut cells, "sys_created_on", token.created);
        table.put_time(&mut cells, "sys_updated_on", token.created.max(token.last_used));
        table.load(stable_id("oauth_credential", &token.value), &cells);
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
            add(store, "sys_choice", &format!("{table}.{element}.{value}"), &fields, now);
        }
    }
}

fn make_roles(store: &mut Store, user: &str, now: i64) {
    for (role, inherited) in ROLES {
        add(store, "sys_user_role", role, &[("name", role), ("elevated_privilege", "false")], now);
        if role == "admin" {
            continue;
        }
        let fields = [("state", "active"), ("inherited", if inherited { "true" } else { "false" })];
        add(store, "sys_user_has_role", role, &fields, now);
        let Some(table) = store.table_mut("sys_user_has_role") else { return };
        let Some(row) = table.find(&stable_id("sys_user_has_role", role)) else { return };
        let mut cells = table.cells(row).to_vec();
        table.put_shown(&mut cells, "user", &stable_hex("sys_user", user), Shown::Text("Azure Integration"));
        table.put_shown(&mut cells, "role", &stable_hex("sys_user_role", role), Shown::Text(role));
        table.replace(row, &cells);
    }
}

fn make_oauth(store: &mut Store, oauth: &OAuthOptions, sign_in: &SignInDetails, now: i64) {
    let (access, refresh) = (oauth.access_lifespan.to_string(), oauth.refresh_lifespan.to_string());
    let fields = [
        ("name", APPLICATION),
        ("type", "client"),
        ("client_id", sign_in.client_id.as_str()),
        ("client_secret", "********"),
        ("active", "true"),
        ("access_token_lifespan", &access),
        ("refresh_token_lifespan", &refresh),
        ("auth_code_lifespan", "60"),
    ];
    add(store, "oauth_entity", APPLICATION, &fields, now);
}

/// Adds a row known under `key`, or writes it anew.
fn add(store: &mut Store, table: &str, key: &str, fields: &[(&str, &str)], now: i64) {
    let Some(table) = store.table_mut(table) else { return };
    let id = stable_id(table.name, key);
    let known = table.find(&id);
    let mut cells = known.map_or_else(|| table.blank(), |row| table.cells(row).to_vec());
    for (column, value) in fields {
        table.put(&mut cells, column, value);
    }
    for column in ["sys_created_on", "sys_updated_on"] {
        table.put_time(&mut cells, column, now);
    }
    match known {
        Some(row) => table.replace(row, &cells),
        None => {
            table.insert(id, &cells);
        }
    }
}
