//! Saved searches of a workspace, which are functions if they have an alias.

use axum::http::Method;
use serde_json::{Value, json};

use super::super::http::reply::{json, refuse};
use super::super::state::Inner;
use super::super::workspace::SavedSearch;
use super::subscriptions::WORKSPACE;
use super::{Answer, Call, told_id};
use crate::core::reply::empty;

const TYPE: &str = "Microsoft.OperationalInsights/workspaces/savedSearches";

impl Call<'_> {
    pub(super) fn searches(&self, inner: &Inner, workspace: &str) -> Answer {
        self.versions(WORKSPACE)?;
        self.require(inner, &format!("{TYPE}/read"), workspace)?;
        let found = inner.workspace_at(workspace).ok_or_else(|| self.not_found())?;
        let all: Vec<Value> = found.searches.iter().map(|one| told(inner, &found.id(), one)).collect();
        Ok(json(200, &json!({ "value": all })))
    }

    pub(super) fn search(&self, inner: &mut Inner, workspace: &str, name: &str) -> Answer {
        self.versions(WORKSPACE)?;
        let path = format!("{workspace}/savedSearches/{name}");
        let same = |one: &SavedSearch| one.name.eq_ignore_ascii_case(name);
        match *self.method() {
            Method::GET => {
                self.require(inner, &format!("{TYPE}/read"), &path)?;
                let found = inner.workspace_at(workspace).ok_or_else(|| self.not_found())?;
                let search = found.searches.iter().find(|one| same(one)).ok_or_else(|| self.not_found())?;
                Ok(json(200, &told(inner, &found.id(), search)))
            }
            Method::PUT => {
                self.require(inner, &format!("{TYPE}/write"), &path)?;
                let search = self.wanted_search(inner, workspace, name)?;
                let id = inner.workspace_at(workspace).map(super::super::workspace::Workspace::id).unwrap_or_default();
                let answer = json(200, &told(inner, &id, &search));
                if let Some(found) = inner.workspace_at_mut(workspace) {
                    found.searches.retain(|one| !same(one));
                    found.searches.push(search);
                }
                Ok(answer)
            }
            Method::DELETE => {
                self.require(inner, &format!("{TYPE}/delete"), &path)?;
                let found = inner.workspace_at_mut(workspace).ok_or_else(|| self.not_found())?;
                found.searches.retain(|one| !same(one));
                Ok(empty(200))
            }
            _ => Err(self.no_method()),
        }
    }

    fn wanted_search(
        &self,
        inner: &Inner,
        workspace: &str,
        name: &str,
    ) -> Result<SavedSearch, super::super::http::reply::Refusal> {
        let body = self.body()?;
        let search = SavedSearch { name: name.to_owned(), properties: body["properties"].clone() };
        for required in ["category", "displayName", "query"] {
            if search.text(required).is_empty() {
                let message = format!("The property '{required}' is required.");
                return Err(refuse(400, "InvalidParameter", message));
            }
        }
        let alias = search.text("functionAlias");
        if !alias.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            return Err(refuse(400, "InvalidParameter", format!("The function alias '{alias}' is invalid.")));
        }
        let others = inner.workspace_at(workspace).map(|one| &one.searches[..]).unwrap_or_default();
        let taken = |one: &SavedSearch| !one.name.eq_ignore_ascii_case(name) && one.text("functionAlias") == alias;
        if !alias.is_empty() && others.iter().any(taken) {
            return Err(refuse(409, "Conflict", format!("The function alias '{alias}' is already in use.")));
        }
        Ok(search)
    }
}

fn told(inner: &Inner, workspace: &str, search: &SavedSearch) -> Value {
    let mut properties = search.properties.clone();
    if properties["version"].is_null() {
        properties["version"] = 2.into();
    }
    json!({
        "id": told_id(inner, &format!("{workspace}/savedSearches/{}", search.name)), "name": search.name, "type": TYPE,
        "etag": "W/\"datetime'2026-05-10T20%3A40%3A47.813Z'\"", "properties": properties,
    })
}
