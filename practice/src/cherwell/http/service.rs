//! Tokens, and what the system says of itself.

use axum::response::Response;
use jiff::Timestamp;
use serde_json::json;

use super::product::Call;
use super::reply;
use crate::cherwell::auth::{Form, Refusal};

/// `POST /token`.
pub(super) fn token(call: &Call<'_>) -> Response {
    let form: Form = url::form_urlencoded::parse(call.body).into_owned().collect();
    let state = call.state;
    let user = (state.base.sign_in.username.as_str(), state.base.sign_in.client_id.as_str());
    let now = Timestamp::now().as_second();
    match state.auth().grant(&state.options, user, &call.query, &form, now) {
        Ok(body) => reply::text(200, body),
        Err(Refusal::Grant) => reply::value(400, &json!({"error": "invalid_grant", "error_description": "BADREQUEST"})),
        Err(Refusal::Client) => reply::value(
            400,
            &json!({"error": "invalid_client_id", "error_description": "Client_id is not registered in the system."}),
        ),
    }
}

/// `GET /api/V1/serviceinfo`.
pub(super) fn info(call: &Call<'_>) -> Response {
    let state = call.state;
    let now = state.now();
    let mut info = json!({
        "apiVersion": state.options.version,
        "csmVersion": state.options.version,
        "systemDateTime": state.system_calendar.local(now).strftime("%Y-%m-%dT%H:%M:%S").to_string(),
    });
    if state.options.tells_zone {
        let zone = &state.options.zone.windows;
        let hours = |seconds: i32| {
            let (sign, of) = (if seconds < 0 { "-" } else { "" }, seconds.abs());
            format!("{sign}{:02}:{:02}:00", of / 3600, of / 60 % 60)
        };
        // January has standard time in the north.
        let base = state.system_calendar.offset(1_768_435_200);
        info["csmCulture"] = state.options.culture.name().into();
        info["systemUtcOffset"] = hours(state.system_calendar.offset(now)).into();
        info["timeZone"] = json!({
            "id": zone,
            "displayName": zone,
            "standardName": zone,
            "baseUtcOffset": hours(base),
            "supportsDaylightSavingTime": state.system_calendar.has_summer(now),
        });
    }
    reply::value(200, &info)
}

/// `DELETE /api/V1/logout`.
pub(super) fn logout(call: &Call<'_>) -> Response {
    call.state.auth().end();
    reply::empty(200)
}
