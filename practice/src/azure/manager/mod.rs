//! Azure Resource Manager.

mod alert_filter;
mod alerts;
mod documents;
mod metrics;
mod operations;
mod roles;
mod rule_check;
mod rules;
mod schema;
mod searches;
mod subscriptions;
mod tables;
mod workbooks;

use axum::http::Method;
use axum::response::Response;
use serde_json::{Value, json};

pub(super) use rule_check::{declared, workspace as workspace_of};

use super::faults::{FaultKind, FaultSpec};
use super::http::reply::{Refusal, json, noted, refuse, token};
use super::http::{Asked, caller};
use super::record::Role;
use super::state::{Control, Inner};
use crate::core::faults::{find, has};
use crate::entra::Bearer;

/// What comes of a request.
type Answer = Result<Response, Refusal>;

/// A request to Resource Manager.
struct Call<'a> {
    asked: &'a Asked,
    faults: &'a [FaultSpec],
    who: Bearer,
    /// The parts of the path as they were sent.
    parts: Vec<&'a str>,
    version: String,
    /// Which other principals there are.
    principals: Vec<(String, &'static str)>,
}

/// The answer to a request for a resource.
pub(super) fn answer(azure: &Control, asked: &Asked, faults: &[FaultSpec]) -> Response {
    let who = match caller(azure, &asked.parts.headers, Role::ResourceManager) {
        Ok(who) => who,
        Err(problem) => return token(azure, Role::ResourceManager, &problem),
    };
    let object_id = who.object_id.clone();
    let principals = roles::principals(azure);
    let parts: Vec<&str> = asked.path().trim_end_matches('/').split('/').skip(1).collect();
    let version = asked.parameter("api-version").unwrap_or_default();
    let call = Call { asked, faults, who, parts, version, principals };
    let mut inner = azure.0.inner();
    let response = call.answer(&mut inner).unwrap_or_else(|refusal| refusal.response());
    noted(response, |note| note.caller = Some(object_id))
}

impl Call<'_> {
    fn answer(&self, inner: &mut Inner) -> Answer {
        if self.version.is_empty() {
            let message = "The api-version query parameter (?api-version=) is required for all requests.";
            return Err(refuse(400, "MissingApiVersionParameter", message));
        }
        if has(self.faults, FaultKind::Forbidden) {
            return Err(self.forbidden(&format!("{}/read", self.resource_type()), self.asked.path()));
        }
        let lower: Vec<String> = self.parts.iter().map(|part| part.to_ascii_lowercase()).collect();
        let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
        let extension = lower.windows(2).rposition(|pair| pair == ["providers", "microsoft.authorization"]);
        if let Some(at) = extension {
            return self.authorization(inner, &self.path_to(at), &lower[at + 2..]);
        }
        let alerts = lower.windows(2).rposition(|pair| pair == ["providers", "microsoft.alertsmanagement"]);
        if let (Some(at), ["subscriptions", id, ..]) = (alerts, &lower[..]) {
            self.known_subscription(inner, id)?;
            let answer = self.alerts_management(inner, &self.path_to(at), &lower[at + 2..]);
            if let Some(answer) = answer {
                return answer;
            }
        }
        match &lower[..] {
            ["subscriptions"] => self.subscriptions(inner),
            ["subscriptions", id] => self.subscription(inner, id),
            ["subscriptions", id, rest @ ..] => {
                self.known_subscription(inner, id)?;
                self.below_subscription(inner, id, rest)
            }
            _ => Err(self.not_found()),
        }
    }

    fn below_subscription(&self, inner: &mut Inner, id: &str, rest: &[&str]) -> Answer {
        match rest {
            ["resourcegroups"] => self.groups(inner, id),
            ["resourcegroups", group, "providers", rest @ ..] => {
                self.known_group(inner, id, group)?;
                self.below_group(inner, rest)
            }
            ["providers", "microsoft.operationalinsights", "workspaces"] => self.workspaces(inner, id, None),
            ["providers", "microsoft.operationalinsights", "locations", _, kind, operation] => {
                self.operation(inner, kind, operation)
            }
            ["providers", "microsoft.insights", "datacollectionrules"] => self.rules(inner, id, None),
            ["providers", rest @ ..] => {
                self.documents(inner, self.parts[1], None, rest).unwrap_or_else(|| Err(self.not_found()))
            }
            _ => Err(self.not_found()),
        }
    }

    /// Below a resource group. The path has the same parts, in the letter case in which they were sent.
    fn below_group(&self, inner: &mut Inner, rest: &[&str]) -> Answer {
        let (subscription, group) = (self.parts[1], self.parts[3]);
        match rest {
            ["microsoft.operationalinsights", "workspaces"] => self.workspaces(inner, subscription, Some(group)),
            ["microsoft.operationalinsights", "workspaces", _, rest @ ..] => {
                let workspace = self.path_to(8);
                if inner.workspace_at(&workspace).is_none() {
                    return Err(self.not_found());
                }
                match rest {
                    [] => self.workspace(inner, &workspace),
                    ["tables"] => self.tables(inner, &workspace),
                    ["tables", _] => self.table(inner, &workspace, self.parts[9]),
                    ["tables", name, "migrate"] => self.migrate(inner, &workspace, name),
                    ["savedsearches"] => self.searches(inner, &workspace),
                    ["savedsearches", _] => self.search(inner, &workspace, self.parts[9]),
                    _ => Err(self.not_found()),
                }
            }
            ["microsoft.insights", "datacollectionrules"] => self.rules(inner, subscription, Some(group)),
            ["microsoft.insights", "datacollectionrules", _, rest @ ..] => {
                let rule = self.path_to(8);
                match rest {
                    [] => self.rule(inner, &rule),
                    ["providers", "microsoft.insights", "metrics"] => self.metrics(inner, &rule),
                    ["providers", "microsoft.insights", "diagnosticsettings"] => self.diagnostics(inner, &rule, None),
                    ["providers", "microsoft.insights", "diagnosticsettings", name] => {
                        self.diagnostics(inner, &rule, Some(name))
                    }
                    _ => Err(self.not_found()),
                }
            }
            ["microsoft.insights", "workbooks"] => self.workbooks(inner),
            ["microsoft.insights", "workbooks", name] => self.workbook(inner, name),
            rest => {
                let answer = self.documents(inner, subscription, Some(group), rest);
                answer.unwrap_or_else(|| Err(self.not_found()))
            }
        }
    }

    /// The path of its first so many parts, as they were sent.
    fn path_to(&self, parts: usize) -> String {
        format!("/{}", self.parts[..parts].join("/"))
    }

    fn method(&self) -> &Method {
        &self.asked.parts.method
    }

    fn no_method(&self) -> Refusal {
        let message = format!("The requested resource does not support http method '{}'.", self.method());
        refuse(405, "MethodNotAllowed", message)
    }

    /// The body, which must be an object.
    fn body(&self) -> Result<Value, Refusal> {
        let read = serde_json::from_slice::<Value>(&self.asked.body).ok().filter(Value::is_object);
        let message = "The request content was invalid and could not be deserialized.";
        read.ok_or_else(|| refuse(400, "InvalidRequestContent", message))
    }

    /// Refuses versions that a type does not have.
    fn versions(&self, known: &[&str]) -> Result<(), Refusal> {
        if known.contains(&self.version.as_str()) {
            return Ok(());
        }
        let message =
            format!("The api-version '{}' is invalid. The supported versions are '{}'.", self.version, known.join(","));
        Err(refuse(400, "InvalidApiVersionParameter", message))
    }

    fn not_found(&self) -> Refusal {
        let resource = self.parts.windows(2).last().map_or_else(String::new, |pair| pair.join("/"));
        let message = format!(
            "The Resource '{resource}' under resource group '{}' was not found. For more details please go to \
             https://aka.ms/ARMResourceNotFoundFix",
            self.parts.get(3).copied().unwrap_or_default()
        );
        refuse(404, "ResourceNotFound", message)
    }

    fn resource_type(&self) -> String {
        let after = self.parts.iter().rposition(|part| part.eq_ignore_ascii_case("providers"));
        after.map_or("Microsoft.Resources/subscriptions".to_owned(), |at| {
            let names = self.parts[at + 1..].iter().enumerate().filter(|(nth, _)| *nth == 0 || nth % 2 == 1);
            names.map(|(_, name)| *name).collect::<Vec<_>>().join("/")
        })
    }

    /// Refuses whoever may not do this.
    fn require(&self, inner: &Inner, action: &str, scope: &str) -> Result<(), Refusal> {
        if inner.may(&self.who.object_id, action, scope) { Ok(()) } else { Err(self.forbidden(action, scope)) }
    }

    fn forbidden(&self, action: &str, scope: &str) -> Refusal {
        let client = self.who.user.as_ref().unwrap_or(&self.who.app_id);
        let message = format!(
            "The client '{client}' with object id '{}' does not have authorization to perform action '{action}' over \
             scope '{scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.",
            self.who.object_id
        );
        refuse(403, "AuthorizationFailed", message)
    }

    /// A page of a list: the one that `$skiptoken` names.
    fn page(&self, inner: &Inner, all: Vec<Value>) -> Response {
        let size = inner.manners.page_size.max(1);
        let skip: usize = self.asked.parameter("$skiptoken").and_then(|token| token.parse().ok()).unwrap_or(0);
        let rest = all.len().saturating_sub(skip);
        let mut body = json!({ "value": all.into_iter().skip(skip).take(size).collect::<Vec<_>>() });
        let elsewhere = self.fault(FaultKind::LinkElsewhere);
        let is_loop = has(self.faults, FaultKind::LinkLoop);
        if rest > size || elsewhere.is_some() || is_loop {
            let host =
                elsewhere.map_or(&*inner.url, |fault| fault.elsewhere("https://management.elsewhere.example:443"));
            let filter = self.asked.parameter("$filter").map(|text| {
                format!("&$filter={}", url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>())
            });
            let filter = filter.unwrap_or_default();
            let path = self.asked.path();
            let next = if is_loop { skip } else { skip + size };
            let link = format!("{host}{path}?api-version={}{filter}&$skiptoken={next}", self.version);
            body["nextLink"] = link.into();
        } else if inner.manners.empty_last_link {
            body["nextLink"] = "".into();
        }
        json(200, &body)
    }

    /// Whether the next page is to be at another host.
    fn links_elsewhere(&self) -> bool {
        has(self.faults, FaultKind::LinkElsewhere)
    }

    /// A fault of this kind.
    fn fault(&self, kind: FaultKind) -> Option<&FaultSpec> {
        find(self.faults, kind)
    }
}

/// A resource id as it comes back.
fn told_id(inner: &Inner, id: &str) -> String {
    if inner.manners.other_case { id.to_ascii_lowercase() } else { id.to_owned() }
}
