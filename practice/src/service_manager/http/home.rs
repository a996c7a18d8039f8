//! The home page and the web app's own connection test.

use axum::response::Response;
use serde_json::json;

use super::reply;
use crate::service_manager::options::Setting;
use crate::service_manager::state::State;

/// The page for people, with the settings in clear or a callout of those that are missing.
pub(super) fn page(state: &State) -> Response {
    let missing: Vec<_> = Setting::ALL.into_iter().filter(|setting| state.setting(*setting).is_none()).collect();
    let body = if missing.is_empty() { tables(state) } else { callout(&missing) };
    reply::html(
        200,
        format!(
            "<!DOCTYPE html><html><head><title>Home Page - Service Manager OMS Connector</title></head>\
             <body><div class=\"container body-content\"><h2>Service Manager Connector</h2>{body}</div></body></html>"
        ),
    )
}

fn tables(state: &State) -> String {
    let rows = |settings: &[Setting]| -> String {
        let row = |setting: &Setting| {
            let value = state.setting(*setting).unwrap_or_default();
            format!("<tr><td>{}</td><td>{}</td></tr>", setting.key(), escape(&value))
        };
        settings.iter().map(row).collect()
    };
    let (entra, manager) = Setting::ALL.split_at(3);
    format!(
        "<h4>Azure AD Authentication Settings</h4><table class=\"table\"><tbody>{}</tbody></table>\
         <h4>SM Authentication Settings</h4><table class=\"table\"><tbody>{}</tbody></table>\
         <form id=\"test\"><input id=\"clientId\"/><input id=\"clientSecret\" type=\"password\"/></form>",
        rows(entra),
        rows(manager)
    )
}

fn callout(missing: &[Setting]) -> String {
    let items: String = missing.iter().map(|setting| format!("<li>{}</li>", setting.key())).collect();
    format!(
        "<div class=\"bs-callout bs-callout-danger\"><h4>Missing settings</h4>\
         <p>The following app settings are not configured:</p><ul>{items}</ul></div>"
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// `POST /api/configtest`: mixed results, with markup in their messages.
pub(super) fn config_test(state: &State, form: &[(String, String)]) -> Response {
    let field = |name: &str| form.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str());
    let id = field("clientId") == state.base.sign_in.client_id;
    let secret = field("clientSecret") == state.base.sign_in.client_secret;
    // The start page sends its own address, with the slash at its end.
    let audience = field("hostURL").strip_suffix('/') == state.setting(Setting::Audience).as_deref();
    let result =
        |status: bool, good: &str, bad: &str| json!({ "status": status, "message": if status { good } else { bad } });
    let results = vec![
        result(id && secret, "Client ID and secret are <b>valid</b>", "Client ID or secret is <b>not valid</b>"),
        result(audience, "Audience matches", "Audience differs from the <i>host URL</i>"),
        result(
            state.setting(Setting::ServerName).is_some(),
            "Connected to Service Manager <code>scsm01.practice.example</code>",
            "Service Manager server is not configured",
        ),
    ];
    let whole = results.iter().all(|one| one["status"] == true);
    let reason = if whole { json!(null) } else { json!("One or more checks failed") };
    reply::json(200, &json!({ "result": results, "reason": reason }))
}
