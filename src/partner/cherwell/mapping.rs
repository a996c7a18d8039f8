//! What each attribute is bound to: as a file for the admin to correct, as it is kept, and how it differs from that.

use super::path::encode;
use super::{BoundObject, Cherwell, bind, rights};
use crate::model::fault::Fault;
use crate::model::mapping::{Drift, MappingFile, MappingProblem, Wrong, listed, pattern, push_spec};
use crate::model::nearest::nearest;
use crate::model::partner::{ValueType, WorkItemSpec};
use crate::model::work_item::WorkItemKind;
use crate::net::http::PAGE_LIMIT_BYTES;
use crate::partner::mapping::Columns;

/// The mapping file: what is bound as it is, what is not as a pattern to fill in, with the names that there are.
///
/// # Errors
/// Why the system could not be asked.
pub async fn text(partner: &Cherwell) -> Result<String, Fault> {
    let (setup, found) = partner.rebind().await?;
    let (name, product) = (&partner.connection.name, &partner.spec.name);
    let mut text = format!("# How {name} is bound to {product}\n# dates: {}\n", setup.dates.culture.name);
    for (kind, found) in partner.kinds().zip(found) {
        match found {
            Ok(object) => of_object(&mut text, &object),
            Err(fault) if fault.exit_code() == 5 || matches!(fault, Fault::MappingWrong { .. }) => {
                of_none(partner, &mut text, kind, &fault).await?;
            }
            Err(fault) => return Err(fault),
        }
    }
    Ok(text)
}

/// What is bound, what the object has no field for, and the fields that it has.
fn of_object(text: &mut String, object: &BoundObject) {
    push_spec(text, &spec_of(object));
    let lacking = object.columns.all().iter().enumerate();
    for (_, column) in lacking.filter(|(place, _)| object.bound.field_of(*place).is_none()) {
        let holds = column.holds.id();
        text.push_str(&format!(
            "# {{ from = \"{}\", to = \"{}\", holds = \"{holds}\" }},  # no such field\n",
            column.from, column.to
        ));
    }
    fields(text, object.bound.name.as_str(), &object.bound.all_fields);
}

fn fields(text: &mut String, object: &str, fields: &[(String, String)]) {
    let title = format!("The fields of {object}, to choose from:");
    text.push_str(&listed(&title, fields.iter().map(|(name, kind)| (name.as_str(), kind.clone()))));
}

/// A pattern of a kind that is not bound: its columns with the names out of the box, where the object has those.
async fn of_none(partner: &Cherwell, text: &mut String, kind: WorkItemKind, fault: &Fault) -> Result<(), Fault> {
    let columns = partner.columns(kind)?;
    let source = columns.source();
    text.push_str(&format!("\n# not bound: {}\n", reason(fault)));
    let schema = partner.schema(source).await.ok();
    let known = schema.as_ref().map(|(name, schema)| (name, schema.listed()));
    let has =
        |from: &str| known.as_ref().is_none_or(|(_, all)| all.iter().any(|(name, _)| name.eq_ignore_ascii_case(from)));
    let lines: Vec<(Option<String>, &str, ValueType)> = columns
        .all()
        .iter()
        .map(|column| (has(&column.from).then(|| column.from.to_string()), &*column.to, column.holds))
        .collect();
    text.push_str(&pattern(kind, known.as_ref().map(|_| source), &lines));
    match &known {
        Some((name, all)) => fields(text, name, all),
        None => {
            let names = objects(partner).await;
            text.push_str(&listed(
                "The business objects, to choose from:",
                names.iter().map(|name| (name.as_str(), String::new())),
            ));
        }
    }
    Ok(())
}

fn reason(fault: &Fault) -> String {
    match fault {
        Fault::NoSuchObject { object } => format!("there is no business object {object}"),
        Fault::NotBound { detail, .. } => format!("there is no {detail}"),
        fault => fault.to_string(),
    }
}

/// The names of the business objects; none where the user may not list them.
async fn objects(partner: &Cherwell) -> Vec<String> {
    for kind in ["Major", "All"] {
        let call = format!("V1/getbusinessobjectsummaries/type/{}", encode(kind));
        if let Ok(reply) = partner.get(&call, kind, PAGE_LIMIT_BYTES).await {
            let names = bind::names(&reply.body);
            if !names.is_empty() {
                return names;
            }
        }
    }
    Vec::new()
}

fn spec_of(object: &BoundObject) -> WorkItemSpec {
    let columns: &Columns = &object.columns;
    let mut spec = columns.spec();
    let mut place = 0;
    spec.columns.retain_mut(|column| {
        let field = object.bound.field_of(place).map(|field| object.bound.fields[field].name.clone());
        place += 1;
        field.map(|name| column.from = name).is_some()
    });
    spec
}

/// How each kind is bound now, but for those that the admin's own mapping names.
///
/// # Errors
/// Why the system could not be asked.
pub async fn bound(partner: &Cherwell) -> Result<MappingFile, Fault> {
    let mut mapping = MappingFile::default();
    for kind in partner.kinds().filter(|kind| partner.mapping.kind(*kind).is_none()) {
        match partner.object(kind).await {
            Ok(object) => mapping.work_items.push(spec_of(&object)),
            Err(Fault::NoSuchObject { .. } | Fault::NotBound { .. }) => {}
            Err(fault) => return Err(fault),
        }
    }
    Ok(mapping)
}

/// The fields that are kept and gone.
///
/// # Errors
/// Why the system could not be asked.
pub async fn drift(partner: &Cherwell) -> Result<Vec<Drift>, Fault> {
    let mut all = Vec::new();
    for kind in partner.kinds() {
        let Some((kept, _)) = partner.kept.kind(kind) else { continue };
        match partner.object(kind).await {
            Ok(object) => {
                let gone = kept.columns.iter().filter(|column| object.bound.gone.iter().any(|to| **to == *column.to));
                all.extend(gone.map(|column| Drift {
                    kind,
                    to: Some(column.to.clone()),
                    kept: column.from.clone(),
                    now: None,
                    gone: true,
                }));
            }
            Err(Fault::NoSuchObject { .. }) => {
                all.push(Drift { kind, to: None, kept: kept.source.clone(), now: None, gone: true });
            }
            Err(fault) => return Err(fault),
        }
    }
    Ok(all)
}

/// Whether the user may view the field of an attribute.
///
/// # Errors
/// Why the system could not be asked.
pub async fn shows(partner: &Cherwell, kind: WorkItemKind, attribute: &str) -> Result<Option<bool>, Fault> {
    let object = partner.object(kind).await?;
    let Some(place) = object.columns.all().iter().position(|column| *column.to == *attribute) else { return Ok(None) };
    let Some(field) = object.bound.field_of(place) else { return Ok(None) };
    match rights::may_view(partner, kind, &object.bound.fields[field].name).await {
        Ok(view) => Ok(view),
        Err(fault) if rights::is_hidden(&fault) => Ok(None),
        Err(fault) => Err(fault),
    }
}

impl Cherwell {
    /// That an object is not there; a name out of the admin's own mapping is said with its line.
    pub(super) async fn no_such_object(&self, kind: WorkItemKind, object: String) -> Fault {
        let Some((_, lines)) = self.mapping.kind(kind) else { return Fault::NoSuchObject { object } };
        let names = objects(self).await;
        let nearest = nearest(&object, names.iter().map(String::as_str)).map(str::to_owned);
        let wrong = Wrong::NoSuchSource { name: object, nearest };
        self.mapping.fault(vec![MappingProblem { line: lines.source, wrong }])
    }

    /// The name of an object and its fields.
    pub(super) async fn schema(&self, name: &str) -> Result<(String, bind::Schema), Fault> {
        let summary = self.summary(name).await?;
        let schema = self.schema_of(&summary).await?;
        Ok((summary.name, schema))
    }
}
