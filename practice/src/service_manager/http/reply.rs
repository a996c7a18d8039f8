//! Answers in the web app's forms.

use axum::body::Body;
use axum::response::Response;
use serde_json::{Value, json};

use crate::core::reply::{empty, with, with_type};
pub(super) use crate::core::reply::{half, reset, set};

/// What a write without its required property brings, as seen in the wild.
pub(super) const STACK: &str = "Microsoft.EnterpriseManagement.Common.DiscoveryDataInvalidNullPropertyValueException: A value was not supplied for a required property.\r\n   at Microsoft.EnterpriseManagement.Common.EnterpriseManagementObject.Commit()\r\n   at smoc.Controllers.WorkItemController.Get() in D:\\a\\smoc\\WorkItemController.cs:line 118";
const NO_PERMISSION: &str = "Microsoft.EnterpriseManagement.Common.UnauthorizedAccessEnterpriseManagementException: The user PRACTICE\\svc-itsm does not have sufficient permission to perform the operation.\r\n   at Microsoft.EnterpriseManagement.Common.Internal.ServiceProxy.HandleFault(String methodName, Message message)";
const UNREACHABLE: &str = "Microsoft.EnterpriseManagement.Common.ServiceNotRunningException: The Data Access service is either not running or not yet initialized. Check the event log for more information. ---> System.ServiceModel.EndpointNotFoundException: Could not connect to net.tcp://scsm01.practice.example:5724/DispatcherService.\r\n   at System.ServiceModel.Channels.SocketConnectionInitiator.Connect(Uri uri, TimeSpan timeout)";
const STOPPED: &str = "<!DOCTYPE html><html><head><title>Web App - Unavailable</title></head><body><h1 id=\"unavailable\">Error 403 - This web app is stopped.</h1><p>The web app you have attempted to reach is currently stopped and does not accept any requests.</p></body></html>";
const UNAVAILABLE: &str = "<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4.01//EN\"\"http://www.w3.org/TR/html4/strict.dtd\"><HTML><HEAD><TITLE>Service Unavailable</TITLE></HEAD><BODY><h2>Service Unavailable</h2><hr><p>HTTP Error 503. The service is unavailable.</p></BODY></HTML>";

/// JSON.
pub(super) fn json_text(status: u16, text: String) -> Response {
    with_type(status, "application/json; charset=utf-8", text)
}

/// JSON from a value.
pub(super) fn json(status: u16, value: &Value) -> Response {
    json_text(status, value.to_string())
}

/// A page for people.
pub(super) fn html(status: u16, text: impl Into<String>) -> Response {
    with_type(status, "text/html; charset=utf-8", text.into())
}

/// Any body that says it is JSON.
pub(super) fn json_body(body: Body) -> Response {
    with_type(200, "application/json; charset=utf-8", body)
}

fn message(status: u16, text: &str) -> Response {
    json(status, &json!({ "Message": text }))
}

/// 401 with the plain challenge.
pub(super) fn unauthorized() -> Response {
    with(message(401, "Authorization has been denied for this request."), "www-authenticate", "Bearer")
}

/// 403 of a client that is not on the list.
pub(super) fn forbidden() -> Response {
    message(403, "The client application is not allowed to call this service.")
}

/// 404 of a route that is not there.
pub(super) fn no_route(url: &str) -> Response {
    message(404, &format!("No HTTP resource was found that matches the request URI '{url}'."))
}

/// 404 of a work item that is not there.
pub(super) fn no_item(id: &str) -> Response {
    message(404, &format!("Work item {id} was not found."))
}

/// 204.
pub(super) fn no_content() -> Response {
    empty(204)
}

/// 405.
pub(super) fn not_allowed(verb: &str) -> Response {
    message(405, &format!("The requested resource does not support http method '{verb}'."))
}

/// 400 of a value that cannot be read.
pub(super) fn model_state(field: &str, problem: &str) -> Response {
    json(400, &json!({ "Message": "The request is invalid.", "ModelState": { field: [problem] } }))
}

/// 400 of a missing or unknown `api-version`.
pub(super) fn api_version(code: &str) -> Response {
    let text = match code {
        "ApiVersionUnspecified" => "An API version is required, but was not specified.",
        _ => "The HTTP resource that matches the request URI does not support the API version that was requested.",
    };
    json(400, &json!({ "error": { "code": code, "message": text } }))
}

/// An error after a write that was carried out.
pub(super) fn after_commit(status: u16, text: &str) -> Response {
    message(status, if text.is_empty() { "An error has occurred." } else { text })
}

/// 429.
pub(super) fn throttled(seconds: i64) -> Response {
    with(message(429, "Too many requests."), "retry-after", &seconds.to_string())
}

/// 500 with a .NET stack.
pub(super) fn server_error() -> Response {
    message(500, STACK)
}

/// 500: the account may not.
pub(super) fn no_permission() -> Response {
    message(500, NO_PERMISSION)
}

/// 500: the management server does not answer.
pub(super) fn unreachable() -> Response {
    message(500, UNREACHABLE)
}

/// The page of a stopped App Service.
pub(super) fn stopped() -> Response {
    html(403, STOPPED)
}

/// The page of an App Service that is starting or overwhelmed.
pub(super) fn unavailable() -> Response {
    html(503, UNAVAILABLE)
}

/// To a sign-in page, as App Service's own authentication does it.
pub(super) fn login_redirect() -> Response {
    let elsewhere = "https://login.windows.net/practice/oauth2/authorize?response_type=code";
    with(html(302, ""), "location", elsewhere)
}
