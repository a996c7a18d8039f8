//! Users, security groups and what they allow.

use axum::response::Response;
use serde_json::json;

use super::product::Call;
use super::reply;
use crate::core::rng::stable_hex;

const GROUP: &str = "Admin";

/// The user with a login.
pub(super) fn user(call: &Call<'_>, login: Option<&String>) -> Response {
    let username = &call.state.base.sign_in.username;
    if login.is_none_or(|login| !login.eq_ignore_ascii_case(username)) {
        return reply::error(500, "RECORDNOTFOUND", "Record not found");
    }
    let answer = json!({
        "recordId": stable_hex("UserInfo", username),
        "publicId": username,
        "displayName": "Azure Integration",
        "loginId": username,
        "securityGroupId": stable_hex("SecurityGroup", GROUP),
        "accountLocked": call.state.auth().locked,
        "fields": [],
    });
    reply::value(200, &reply::fine(answer))
}

/// Every security group.
pub(super) fn groups() -> Response {
    let group = |name: &str, text: &str| json!({"groupId": stable_hex("SecurityGroup", name), "groupName": name, "description": text});
    let answer = json!({"securityGroups": [group(GROUP, "Everything"), group("IT Service Desk Level 1", "")]});
    reply::value(200, &reply::fine(answer))
}

/// What the caller may do with a business object, known by its name.
pub(super) fn permissions(call: &Call<'_>, name: &str) -> Response {
    let tables = call.state.tables();
    let shown = |own| call.state.options.shown_name(own);
    let Some(table) = tables.iter().find(|table| shown(table.object.name).eq_ignore_ascii_case(name)) else {
        return reply::error(500, "GENERALFAILURE", &format!("Business object with {name} not found"));
    };
    let object = &table.object;
    let allowed = call.state.permission(object.name);
    let field = |field: &crate::cherwell::objects::Field| {
        let seen = allowed.view && !call.state.options.hidden_fields.iter().any(|name| name == field.name);
        json!({"fieldId": field.full, "fieldName": field.name, "view": seen, "edit": allowed.edit})
    };
    let answer = json!({"businessObjectPermissions": [{
        "busObId": object.id,
        "busObName": shown(object.name),
        "view": allowed.view,
        "add": allowed.edit,
        "edit": allowed.edit,
        "delete": false,
        "fieldPermissions": object.fields.iter().map(field).collect::<Vec<_>>(),
    }]});
    reply::value(200, &reply::fine(answer))
}
