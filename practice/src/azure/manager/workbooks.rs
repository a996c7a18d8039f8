//! Workbooks.

use axum::http::Method;
use serde_json::{Value, json};

use super::super::http::reply::{Refusal, json, refuse};
use super::super::state::{Inner, Workbook};
use super::{Answer, Call, told_id};
use crate::core::reply::empty;

const WORKBOOK: &[&str] = &["2021-08-01", "2022-04-01", "2023-06-01"];
const TYPE: &str = "Microsoft.Insights/workbooks";

impl Call<'_> {
    /// A list has no content, unless `canFetchContent=true` asks for it.
    pub(super) fn workbooks(&self, inner: &Inner) -> Answer {
        self.versions(WORKBOOK)?;
        self.require(inner, &format!("{TYPE}/read"), &self.path_to(4))?;
        let here = inner.workbooks.iter().filter(|one| self.is_here(one));
        let all = here.map(|one| self.told_workbook(inner, one, self.wants_content())).collect();
        Ok(self.page(inner, all))
    }

    pub(super) fn workbook(&self, inner: &mut Inner, name: &str) -> Answer {
        self.versions(WORKBOOK)?;
        let path = self.asked.path();
        let place = inner.workbooks.iter().position(|one| self.is_here(one) && one.name == name);
        match *self.method() {
            Method::GET => {
                self.require(inner, &format!("{TYPE}/read"), path)?;
                let found = place.map(|place| &inner.workbooks[place]).ok_or_else(|| self.not_found())?;
                Ok(json(200, &self.told_workbook(inner, found, self.wants_content())))
            }
            Method::PUT => {
                self.require(inner, &format!("{TYPE}/write"), path)?;
                let workbook = self.wanted_workbook(inner, name)?;
                let told = self.told_workbook(inner, &workbook, true);
                match place {
                    Some(place) => inner.workbooks[place] = workbook,
                    None => inner.workbooks.push(workbook),
                }
                Ok(json(if place.is_some() { 200 } else { 201 }, &told))
            }
            Method::DELETE => {
                self.require(inner, &format!("{TYPE}/delete"), path)?;
                Ok(empty(if place.map(|place| inner.workbooks.remove(place)).is_some() { 200 } else { 204 }))
            }
            _ => Err(self.no_method()),
        }
    }

    fn is_here(&self, workbook: &Workbook) -> bool {
        let same = |one: &str, other: &str| one.eq_ignore_ascii_case(other);
        same(&workbook.subscription, self.parts[1]) && same(&workbook.group, self.parts[3])
    }

    fn wants_content(&self) -> bool {
        self.asked.parameter("canFetchContent").is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    fn wanted_workbook(&self, inner: &Inner, name: &str) -> Result<Workbook, Refusal> {
        let body = self.body()?;
        if !crate::azure::ingest::is_guid(name) {
            let message = format!("The workbook's name '{name}' is invalid: it must be a GUID.");
            return Err(refuse(400, "BadRequest", message));
        }
        if body["location"].as_str().unwrap_or_default().is_empty() {
            let message = "The location property is required for this definition.";
            return Err(refuse(400, "LocationRequired", message));
        }
        let properties = &body["properties"];
        let content = properties["serializedData"].as_str().unwrap_or_default();
        if serde_json::from_str::<Value>(content).is_err() {
            return Err(refuse(400, "BadRequest", "The property 'serializedData' must be JSON as a text."));
        }
        for required in ["displayName", "category"] {
            if properties[required].as_str().unwrap_or_default().is_empty() {
                return Err(refuse(400, "BadRequest", format!("The property '{required}' is required.")));
            }
        }
        let same = |one: &Workbook| {
            let other = &one.body["properties"];
            one.name != name
                && self.is_here(one)
                && other["displayName"] == properties["displayName"]
                && other["sourceId"] == properties["sourceId"]
        };
        if inner.workbooks.iter().any(same) {
            let message = "A workbook with the same name already exists within this resource group.";
            return Err(refuse(409, "Conflict", message));
        }
        let (subscription, group) = (self.parts[1].to_owned(), self.parts[3].to_owned());
        Ok(Workbook { subscription, group, name: name.to_owned(), body })
    }

    fn told_workbook(&self, inner: &Inner, workbook: &Workbook, content: bool) -> Value {
        let mut told = workbook.body.clone();
        let group = Inner::group_path(&workbook.subscription, &workbook.group);
        told["id"] =
            told_id(inner, &format!("{group}/providers/microsoft.insights/workbooks/{}", workbook.name)).into();
        told["name"] = workbook.name.clone().into();
        told["type"] = TYPE.to_ascii_lowercase().into();
        told["etag"] = "\"practice\"".into();
        if let Some(properties) = told["properties"].as_object_mut() {
            properties.insert("timeModified".to_owned(), json!("2026-05-10T20:40:47.813Z"));
            properties.insert("userId".to_owned(), json!(self.who.object_id));
            if !content {
                properties.remove("serializedData");
            }
        }
        told
    }
}
