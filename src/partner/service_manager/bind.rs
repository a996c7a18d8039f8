//! Binds the kinds of work item to operations of the web app's description, or to routes of the admin's mapping file.

use std::collections::BTreeMap;

use super::describe::{Operation, Parameter, Place, Shape};
use super::file;
use super::names::{self, Role, normal};
use crate::model::fault::Fault;
use crate::model::mapping::{MappingFile, Route};
use crate::model::partner::{Column, WorkItemSpec};
use crate::model::work_item::WorkItemKind;

/// The required attributes of a work item: Id, title, state, and the time of the last change.
const NEEDED: [&str; 4] = ["number", "title", "state", "updated_at"];

/// The largest page that is requested if the description sets no limit.
const LARGEST_PAGE: u64 = 1_000;
/// `app:DefaultWIGETPageSize` of the web app: what a page holds where its size cannot be asked for.
const DEFAULT_PAGE: u64 = 200;

/// How one kind of work item is fetched and read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound {
    /// The method, in lower case.
    pub verb: String,
    /// The path.
    pub path: String,
    /// What is sent, by what it is for.
    pub sent: BTreeMap<Role, Sent>,
    /// The largest page that may be asked for.
    pub largest_page: u64,
    /// Whether rows come by last change, ascending.
    pub ordered: bool,
    /// Whether the admin says that the list is always complete.
    pub whole: bool,
    /// Whether the description tells the largest page.
    pub limit_told: bool,
    /// Whether the description says, or a reply showed, that a list of rows comes.
    pub described: bool,
    /// How the rows lie in the reply.
    pub shape: Shape,
    /// The properties of a row.
    pub columns: WorkItemSpec,
}

/// One parameter that is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// Its name.
    pub name: String,
    /// Whether it goes into the body.
    pub in_body: bool,
    /// The value, if it is always the same.
    pub value: Option<String>,
}

impl Bound {
    /// The parameter for something.
    pub fn sent(&self, role: Role) -> Option<&Sent> {
        self.sent.get(&role)
    }

    /// Whether there is one.
    pub fn has(&self, role: Role) -> bool {
        self.sent.contains_key(&role)
    }

    /// Verb and path, to be shown.
    pub fn shown(&self) -> String {
        format!("{} {}", self.verb.to_ascii_uppercase(), self.path)
    }

    /// The property that fills an attribute.
    pub fn property(&self, attribute: &str) -> Option<&str> {
        self.columns.columns.iter().find(|column| column.to == attribute).map(|column| column.from.as_str())
    }
}

/// Binds one kind of work item: by the admin's own route if there is one, else by the description.
///
/// # Errors
/// [`Fault::NotBound`] with what could not be found, or is told by two operations alike.
pub fn bind(operations: &[Operation], asset: &WorkItemSpec, own: Option<&MappingFile>) -> Result<Bound, Fault> {
    let kind = asset.kind;
    let route = own.and_then(|file| file.routes.get(kind.id()));
    let columns = own.and_then(|file| file.work_items.iter().find(|item| item.kind == kind));
    match route {
        Some(route) => corrected(operations, asset, route, columns),
        None => described(operations, asset, columns),
    }
}

fn not_bound(kind: WorkItemKind, detail: impl Into<String>) -> Fault {
    Fault::NotBound { what: kind.id().to_owned(), detail: detail.into() }
}

fn described(operations: &[Operation], asset: &WorkItemSpec, own: Option<&WorkItemSpec>) -> Result<Bound, Fault> {
    let kind = asset.kind;
    let judged: Vec<_> =
        operations.iter().filter(|one| is_about(one, kind)).map(|one| (one, judge(one, asset, own))).collect();
    let best = judged.iter().filter_map(|(_, judged)| judged.as_ref().ok()).map(|(score, _)| *score).max();
    let mut winners = judged.iter().filter_map(|(one, judged)| {
        let (score, columns) = judged.as_ref().ok()?;
        (Some(*score) == best).then_some((*one, columns))
    });
    match (winners.next(), winners.next()) {
        (Some((one, columns)), None) => Ok(bound(one, kind, columns.clone())),
        (Some((one, _)), Some((other, _))) => {
            Err(not_bound(kind, format!("{} and {} look alike", one.shown(), other.shown())))
        }
        (None, _) => Err(not_bound(kind, why_not(&judged))),
    }
}

type Judged<'a> = (&'a Operation, Result<(u32, WorkItemSpec), String>);

fn why_not(judged: &[Judged<'_>]) -> String {
    let reasons: Vec<_> = judged
        .iter()
        .filter_map(|(one, judged)| judged.as_ref().err().map(|reason| format!("{}: {reason}", one.shown())))
        .collect();
    if reasons.is_empty() { "no operation of the description lists them".to_owned() } else { reasons.join("; ") }
}

/// Whether an operation might list this kind.
fn is_about(operation: &Operation, kind: WorkItemKind) -> bool {
    let words = operation.words();
    if words.contains("template") || !operation.fills_path() {
        return false;
    }
    let takes_kind = operation.parameter(Role::Kind).is_some_and(|one| value_of_kind(one, kind).is_some());
    names::speaks_of(&words, kind) || (takes_kind && operation.is_list)
}

fn value_of_kind(parameter: &Parameter, kind: WorkItemKind) -> Option<String> {
    if parameter.choices.is_empty() {
        return Some(names::kind_value(kind).to_owned());
    }
    parameter.choices.iter().find(|choice| names::speaks_of(&normal(choice), kind)).cloned()
}

/// How well an operation serves, with the properties it is read by; or why it does not.
fn judge(
    operation: &Operation,
    asset: &WorkItemSpec,
    own: Option<&WorkItemSpec>,
) -> Result<(u32, WorkItemSpec), String> {
    if !operation.is_list && own.is_none() {
        return Err("it does not say that it gives a list".to_owned());
    }
    can_be_asked(operation)?;
    let columns = match own {
        Some(own) => own.clone(),
        None => columns(operation, asset)?,
    };
    let has = |role| operation.parameter(role).is_some();
    if ![Role::Since, Role::PageSize, Role::Skip, Role::PageNumber].into_iter().any(has) {
        return Err(NOT_KNOWN_WHOLE.to_owned());
    }
    let worth = [(Role::Since, 8), (Role::Until, 4), (Role::PageSize, 2), (Role::Skip, 2), (Role::PageNumber, 1)];
    let score = worth.iter().filter(|(role, _)| operation.parameter(*role).is_some()).map(|(_, worth)| worth).sum();
    Ok((score, columns))
}

/// Why a list is not read that nothing can be asked of.
const NOT_KNOWN_WHOLE: &str = "it takes no parameter for a page or a time, so that more rows may match than it gives; \
    where it always gives all of them, a route of the mapping file may say so: parameters = { whole = 'yes' }";

/// Whether an operation may be tried at all: it changes nothing, and wants nothing that is not known.
///
/// # Errors
/// Why not.
pub fn can_be_asked(operation: &Operation) -> Result<(), String> {
    if operation.verb == "post" && !only_reads(operation) {
        return Err("it may change something".to_owned());
    }
    match operation.parameters.iter().find(|one| one.required && !is_known(one)) {
        Some(strange) => Err(format!(
            "it wants '{0}', and what that is for is not known; where it always has the same value, the path of the mapping file may hold it: '{1}?{0}=...'",
            strange.name, operation.path
        )),
        None => Ok(()),
    }
}

/// Whether an operation that says nothing of its rows may list a kind: it is only read by it.
pub fn may_list(operation: &Operation, kind: WorkItemKind) -> bool {
    let words = format!("{} {}", normal(&operation.path), normal(&operation.id));
    let changes = CHANGES.iter().chain(&["remove", "close", "resolve", "configtest"]).any(|word| words.contains(word));
    let may_be_list = Operation { is_list: true, ..operation.clone() };
    operation.properties.is_empty() && !changes && is_about(&may_be_list, kind) && can_be_asked(operation).is_ok()
}

/// An operation as it is tried, before its rows are known.
pub fn trial(operation: &Operation, asset: &WorkItemSpec) -> Bound {
    bound(operation, asset.kind, asset.clone())
}

/// The path of an operation that gives one row by its id, with `{}` in the place of the id.
pub fn one_by_id(operation: &Operation, list: &Bound) -> Option<String> {
    let mut places = operation.parameters.iter().filter(|one| one.place == Place::Path);
    let place = places.next().filter(|one| one.role().is_none())?;
    let others = operation.parameters.iter().filter(|one| one.required && one.name != place.name);
    let alone = places.next().is_none() && others.clone().all(|one| one.role() == Some(Role::ApiVersion));
    let rows = |name: &str| operation.properties.iter().any(|one| one.eq_ignore_ascii_case(name));
    let alike = NEEDED.iter().filter_map(|needed| list.property(needed)).all(rows);
    let beside = operation.path.to_ascii_lowercase().starts_with(&list.path.to_ascii_lowercase())
        || names::speaks_of(&operation.words(), list.columns.kind);
    let fits = operation.verb == "get"
        && !operation.is_list
        && alone
        && (alike || (operation.properties.is_empty() && beside));
    let braced = format!("{{{}}}", place.name);
    let path = operation.path.replace(&braced, "{}");
    (fits && path.matches('{').count() == 1 && path.contains("{}")).then_some(path)
}

/// Words in the names of operations that change something.
const CHANGES: [&str; 6] = ["create", "update", "delete", "add", "set", "save"];

fn is_known(parameter: &Parameter) -> bool {
    parameter.place != Place::Elsewhere && (parameter.role().is_some() || parameter.default.is_some())
}

/// A POST counts as reading only if its name says so and it takes a page size in its body.
fn only_reads(operation: &Operation) -> bool {
    let words = format!("{} {}", normal(&operation.path), normal(&operation.id));
    let says_so = ["search", "query", "find", "filter", "list"].iter().any(|word| words.contains(word));
    let changes = CHANGES.iter().any(|word| words.contains(word));
    says_so && !changes && operation.parameter(Role::PageSize).is_some()
}

/// The properties of a row, matched to our attributes.
fn columns(operation: &Operation, asset: &WorkItemSpec) -> Result<WorkItemSpec, String> {
    let mut found: Vec<Column> = Vec::new();
    for column in &asset.columns {
        if let Some(property) = property_for(operation, column) {
            found.push(Column { from: property.to_owned(), ..column.clone() });
        }
    }
    let missing: Vec<_> =
        NEEDED.into_iter().filter(|needed| !found.iter().any(|column| column.to == *needed)).collect();
    if !missing.is_empty() {
        return Err(format!("its rows have nothing for {}", missing.join(", ")));
    }
    if !found.iter().any(|column| column.to == "id")
        && let Some(number) = found.iter().find(|column| column.to == "number").cloned()
    {
        found.push(Column { to: "id".to_owned(), ..number });
    }
    Ok(WorkItemSpec { kind: asset.kind, source: operation.path.clone(), columns: found })
}

fn property_for<'a>(operation: &'a Operation, column: &Column) -> Option<&'a str> {
    let exact = operation.properties.iter().find(|name| **name == column.from);
    let likely = || {
        let wanted = names::synonyms(&column.to).iter();
        wanted.filter_map(|synonym| operation.properties.iter().find(|name| normal(name) == *synonym)).next()
    };
    exact.or_else(likely).map(String::as_str)
}

fn bound(operation: &Operation, kind: WorkItemKind, columns: WorkItemSpec) -> Bound {
    let known = operation.parameters.iter().filter(|one| one.place != Place::Elsewhere);
    let sent = known.filter_map(|one| Some((one.role()?, sent(one, kind)))).collect::<BTreeMap<_, _>>();
    Bound {
        verb: operation.verb.clone(),
        path: operation.path.clone(),
        largest_page: largest_page(operation, sent.contains_key(&Role::PageSize)),
        ordered: says_ordered(operation),
        whole: false,
        limit_told: limit_told(operation),
        described: operation.is_list,
        shape: operation.shape.clone(),
        sent,
        columns,
    }
}

fn largest_page(operation: &Operation, can_ask: bool) -> u64 {
    if !can_ask {
        return DEFAULT_PAGE;
    }
    let maximum = operation.parameter(Role::PageSize).and_then(|one| one.maximum);
    maximum.filter(|most| *most > 0).unwrap_or(LARGEST_PAGE).min(LARGEST_PAGE)
}

fn limit_told(operation: &Operation) -> bool {
    operation.parameter(Role::PageSize).is_some_and(|one| one.maximum.is_some())
}

fn sent(parameter: &Parameter, kind: WorkItemKind) -> Sent {
    let value = match parameter.role() {
        Some(Role::Kind) => value_of_kind(parameter, kind),
        Some(Role::ApiVersion) => {
            let first = || parameter.choices.first().cloned();
            Some(parameter.default.clone().or_else(first).unwrap_or_else(|| "1.0".to_owned()))
        }
        _ => None,
    };
    Sent { name: parameter.name.clone(), in_body: parameter.place == Place::Body, value }
}

/// Whether the description itself says that rows come by last change. That the first ones do proves nothing: they
/// may merely not have been changed since they were made.
fn says_ordered(operation: &Operation) -> bool {
    let about = operation.about.to_ascii_lowercase();
    let any = |words: &[&str]| words.iter().any(|word| about.contains(word));
    any(&["ordered by", "sorted by", "in order of"])
        && any(&["modif", "chang", "updat"])
        && !any(&["descending", "newest", "latest first"])
}

/// The admin's own route. What it does not name is taken from the operation of the same verb and path.
fn corrected(
    operations: &[Operation],
    asset: &WorkItemSpec,
    route: &Route,
    own: Option<&WorkItemSpec>,
) -> Result<Bound, Fault> {
    let kind = asset.kind;
    let verb = route.verb.to_ascii_lowercase();
    if !["get", "post"].contains(&verb.as_str()) || !route.path.starts_with('/') {
        return Err(not_bound(kind, "the mapping's route wants verb 'get' or 'post', and a path that begins with '/'"));
    }
    let bare = route.path.split('?').next().unwrap_or_default();
    let same = operations.iter().find(|one| one.is_at(&verb, bare));
    let columns = match (own, same) {
        (Some(own), _) => own.clone(),
        (None, Some(operation)) => columns(operation, asset).map_err(|reason| not_bound(kind, reason))?,
        (None, None) => {
            return Err(not_bound(
                kind,
                "the description does not have the mapping's route, so it must name the columns as well",
            ));
        }
    };
    let mut sent = BTreeMap::new();
    for (id, name) in &route.parameters {
        let role = Role::from_id(id).ok_or_else(|| not_bound(kind, format!("'{id}' is no use of a parameter")))?;
        sent.insert(role, own_parameter(role, name, kind, same));
    }
    let (ordered, whole) = (sent.remove(&Role::OrderedBy).is_some(), sent.remove(&Role::Whole).is_some());
    let can_go_on =
        [Role::Since, Role::PageSize, Role::Skip, Role::PageNumber].iter().any(|role| sent.contains_key(role));
    if !whole && !can_go_on {
        return Err(not_bound(kind, format!("{} {}: {NOT_KNOWN_WHOLE}", verb.to_ascii_uppercase(), route.path)));
    }
    let can_ask = sent.contains_key(&Role::PageSize);
    let largest_page = same.map_or(if can_ask { LARGEST_PAGE } else { DEFAULT_PAGE }, |one| largest_page(one, can_ask));
    let dictionary = sent.remove(&Role::Dictionary);
    let (limit_told, described) = (same.is_some_and(limit_told), same.is_some_and(|one| one.is_list));
    let told = |sent: Sent| Shape { list: Some(sent.name).filter(|name| name != file::YES), dictionary: true };
    let shape = dictionary.map(told).or_else(|| same.map(|one| one.shape.clone())).unwrap_or_default();
    let path = route.path.clone();
    Ok(Bound { verb, path, sent, largest_page, ordered, whole, limit_told, described, shape, columns })
}

/// `name`, `name=value` or `body:name`.
fn own_parameter(role: Role, text: &str, kind: WorkItemKind, same: Option<&Operation>) -> Sent {
    let (in_body, text) = text.strip_prefix("body:").map_or((false, text), |rest| (true, rest));
    let (name, value) = text.split_once('=').map_or((text, None), |(name, value)| (name, Some(value.to_owned())));
    let described = same.and_then(|one| one.parameters.iter().find(|parameter| parameter.name == name));
    let usual = match role {
        Role::Kind => {
            described.and_then(|one| value_of_kind(one, kind)).or_else(|| Some(names::kind_value(kind).to_owned()))
        }
        Role::ApiVersion => described.and_then(|one| one.default.clone()).or_else(|| Some("1.0".to_owned())),
        _ => None,
    };
    Sent { name: name.to_owned(), in_body, value: value.or(usual) }
}
