//! The form of a connection: fields as data, what was typed, and what is wrong with it.

use std::collections::{BTreeMap, BTreeSet};

use super::blank::{count_at_ends, is_blank, trimmed};
use super::clean::clean;
use super::connection::{Connection, ConnectionName, SYNC_DAYS};
pub use super::field::{FieldId, FieldNotice, FieldProblem};
use super::grant::Grant;
use super::partner::{FieldSpec, InputKind, PartnerSpec};
use super::secret::Secret;
use super::url::ServerUrl;
use super::work_item::WorkItemKind;
use super::workspace::WorkspaceName;

/// The most characters that a field takes: more than any product takes, and little enough to keep at hand.
pub const LONGEST: usize = 4096;

/// What was typed so far; may be incomplete or wrong.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Form {
    /// Text as typed, by field.
    pub texts: BTreeMap<FieldId, String>,
    /// Secrets as typed, by field; never in a draft, a log or a snapshot.
    pub secrets: BTreeMap<FieldId, Secret>,
    /// The work items chosen.
    pub work_items: BTreeSet<WorkItemKind>,
    /// Whether missing configuration items are created.
    pub create_configuration_items: bool,
    /// How the connection gets its tokens.
    pub grant: Grant,
    /// The workspaces that the saved connection feeds; no field of the form changes them.
    pub workspaces: Vec<WorkspaceName>,
    /// The name by which the saved connection is known outside, where it was renamed; no field of the form changes it.
    pub known_as: Option<ConnectionName>,
}

/// What is wrong with a form, by field.
pub type Problems = Vec<(FieldId, FieldProblem)>;

/// A form that holds: the connection, its secrets, and what is worth saying.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValidForm {
    /// The connection.
    pub connection: Connection,
    /// The password, where the partner asks for one and it was given.
    pub password: Option<Secret>,
    /// The client secret, where the partner asks for one.
    pub client_secret: Option<Secret>,
    /// Notices, by field.
    pub notices: Vec<(FieldId, FieldNotice)>,
}

impl Form {
    /// An empty form of this partner with its defaults.
    pub fn new(spec: &PartnerSpec) -> Self {
        let work_items = spec.work_items.iter().map(|item| item.kind).collect();
        let mut form = Self { work_items, grant: spec.usual_grant(), ..Self::default() };
        form.texts.insert(FieldId::Partner, spec.id.to_string());
        for field in &spec.fields {
            if let Some(default) = field.default.as_ref().filter(|_| field.id != FieldId::Grant) {
                form.texts.insert(field.id, default.clone());
            }
        }
        form
    }

    /// A form filled with a saved connection, without its secrets.
    pub fn of(connection: &Connection) -> Self {
        let mut form = Self {
            work_items: connection.work_items.iter().copied().collect(),
            create_configuration_items: connection.create_configuration_items,
            grant: connection.grant,
            workspaces: connection.workspaces.clone(),
            known_as: connection.known_as.clone(),
            ..Self::default()
        };
        form.texts.insert(FieldId::Name, connection.name.to_string());
        form.texts.insert(FieldId::Partner, connection.partner.to_string());
        form.texts.insert(FieldId::ServerUrl, connection.server_url.to_string());
        form.texts.insert(FieldId::Username, connection.username.clone());
        form.texts.insert(FieldId::ClientId, connection.client_id.clone());
        form.texts.insert(FieldId::SyncDays, connection.sync_days.to_string());
        form.texts.extend(connection.details.clone());
        form
    }

    /// The choice made in a field of several, by its id.
    pub fn choice(&self, field: FieldId) -> &str {
        if field == FieldId::Grant { self.grant.id() } else { self.text(field) }
    }

    /// Makes a choice in a field of several; a grant that is not known changes nothing.
    pub fn choose(&mut self, field: FieldId, id: &str) {
        if field == FieldId::Grant {
            self.grant = Grant::from_id(id).unwrap_or(self.grant);
        } else {
            self.texts.insert(field, id.to_owned());
        }
    }

    /// The text of a field, empty when none was typed.
    pub fn text(&self, field: FieldId) -> &str {
        self.texts.get(&field).map(String::as_str).unwrap_or_default()
    }

    /// Checks every field of the partner's form.
    ///
    /// # Errors
    /// Every problem, in the order of the fields.
    pub fn validate(&self, spec: &PartnerSpec, taken: &[ConnectionName]) -> Result<ValidForm, Problems> {
        self.validate_fields(spec, spec.fields_for(self.grant), taken)
    }

    /// Checks every field but the secrets, for a change that leaves the sign-in as it is.
    ///
    /// # Errors
    /// Every problem, in the order of the fields.
    pub fn validate_settings(&self, spec: &PartnerSpec, taken: &[ConnectionName]) -> Result<ValidForm, Problems> {
        let settings = spec.fields_for(self.grant).filter(|field| field.input != InputKind::Secret);
        self.validate_fields(spec, settings, taken)
    }

    fn validate_fields<'a>(
        &self,
        spec: &'a PartnerSpec,
        fields: impl Iterator<Item = &'a FieldSpec>,
        taken: &[ConnectionName],
    ) -> Result<ValidForm, Problems> {
        let mut problems = Vec::new();
        let mut notices = Vec::new();
        for field in fields {
            match self.check(field, spec, taken) {
                Ok(found) => notices.extend(found.into_iter().map(|notice| (field.id, notice))),
                Err(problem) => problems.push((field.id, problem)),
            }
        }
        let parts = (self.name(), self.server_url(spec), self.sync_days());
        let (Ok(name), Ok((server_url, _)), Ok(sync_days)) = parts else {
            return Err(problems);
        };
        if !problems.is_empty() {
            return Err(problems);
        }
        let connection = Connection {
            name,
            partner: spec.id.clone(),
            server_url,
            username: self.asked_text(spec, FieldId::Username),
            client_id: self.asked_text(spec, FieldId::ClientId),
            work_items: self.work_items.iter().copied().collect(),
            sync_days,
            create_configuration_items: self.create_configuration_items,
            grant: self.grant,
            details: self.details(spec),
            workspaces: self.workspaces.clone(),
            known_as: self.known_as.clone(),
        };
        let secret = |field| {
            let asked = spec.fields_for(self.grant).any(|asked| asked.id == field);
            self.secrets.get(&field).filter(|secret| asked && !secret.is_empty()).map(|secret| as_sent(field, secret))
        };
        let (password, client_secret) = (secret(FieldId::Password), secret(FieldId::ClientSecret));
        Ok(ValidForm { connection, password, client_secret, notices })
    }

    fn asked_text(&self, spec: &PartnerSpec, field: FieldId) -> String {
        let asked = spec.fields_for(self.grant).any(|asked| asked.id == field);
        if asked { trimmed(self.text(field)).to_owned() } else { String::new() }
    }

    /// What was typed into the fields that only this partner asks for.
    fn details(&self, spec: &PartnerSpec) -> BTreeMap<FieldId, String> {
        let asked = spec.fields_for(self.grant).filter(|field| FieldId::DETAILS.contains(&field.id));
        let typed = asked.map(|field| (field.id, trimmed(self.text(field.id)).to_owned()));
        typed.filter(|(_, text)| !text.is_empty()).collect()
    }

    /// Checks one field as it stands.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check(
        &self,
        field: &FieldSpec,
        spec: &PartnerSpec,
        taken: &[ConnectionName],
    ) -> Result<Vec<FieldNotice>, FieldProblem> {
        if self.text(field.id).chars().nth(LONGEST).is_some() {
            return Err(FieldProblem::TooLong { most: LONGEST });
        }
        match (field.id, field.input) {
            (FieldId::Name, _) => {
                let name = self.name()?;
                if taken.iter().any(|other| other.clashes_with(&name)) {
                    Err(FieldProblem::NameTaken)
                } else {
                    Ok(vec![])
                }
            }
            (FieldId::ServerUrl, _) => self.server_url(spec).map(|(_, notices)| notices),
            (FieldId::SyncDays, _) => self.sync_days().map(|_| vec![]),
            (FieldId::WorkItems, _) if self.work_items.is_empty() => Err(FieldProblem::Missing),
            (FieldId::WorkItems | FieldId::CreateConfigurationItems | FieldId::Partner, _) => Ok(vec![]),
            // This grant does not ask for it.
            _ if field.grant.is_some_and(|grant| grant != self.grant) => Ok(vec![]),
            (id, InputKind::Secret) => match self.secrets.get(&id) {
                Some(secret) if !as_sent(id, secret).is_empty() => check_secret(id, secret.expose()),
                _ if field.optional => Ok(vec![]),
                _ => Err(FieldProblem::Missing),
            },
            (id, InputKind::Choice) => check_choice(field, self.choice(id)),
            (id, _) if field.optional && trimmed(self.text(id)).is_empty() => Ok(vec![]),
            (id, _) => check_text(self.text(id)),
        }
    }

    fn name(&self) -> Result<ConnectionName, FieldProblem> {
        ConnectionName::parse(self.text(FieldId::Name))
    }

    fn server_url(&self, spec: &PartnerSpec) -> Result<(ServerUrl, Vec<FieldNotice>), FieldProblem> {
        ServerUrl::parse(self.text(FieldId::ServerUrl), &spec.host_suffixes)
    }

    fn sync_days(&self) -> Result<u16, FieldProblem> {
        let text = self.text(FieldId::SyncDays).trim();
        if text.is_empty() {
            return Err(FieldProblem::Missing);
        }
        let (least, most) = (*SYNC_DAYS.start(), *SYNC_DAYS.end());
        text.parse().ok().filter(|days| SYNC_DAYS.contains(days)).ok_or(FieldProblem::NotWithin { least, most })
    }
}

fn check_choice(field: &FieldSpec, id: &str) -> Result<Vec<FieldNotice>, FieldProblem> {
    if field.choices.iter().any(|choice| choice.id == id) || (id.is_empty() && field.optional) {
        return Ok(vec![]);
    }
    let known = field.choices.iter().map(|choice| choice.id.clone()).collect();
    Err(if id.is_empty() {
        FieldProblem::Missing
    } else {
        FieldProblem::UnknownChoice { given: clean(id, false), known }
    })
}

/// A secret as it is sent: a client secret without the blanks that came with it from a page or a file. Those of a
/// password may belong to it.
fn as_sent(field: FieldId, secret: &Secret) -> Secret {
    if field == FieldId::ClientSecret { Secret::new(trimmed(secret.expose())) } else { secret.clone() }
}

fn check_secret(field: FieldId, text: &str) -> Result<Vec<FieldNotice>, FieldProblem> {
    if text.chars().nth(LONGEST).is_some() {
        return Err(FieldProblem::TooLong { most: LONGEST });
    }
    let sent = if field == FieldId::ClientSecret { trimmed(text) } else { text };
    if sent.chars().any(|c| c.is_control() && c != '\t') {
        return Err(FieldProblem::BadCharacters);
    }
    Ok(secret_notice(field, text).into_iter().collect())
}

/// What is worth saying of the blanks at the ends of a secret.
pub fn secret_notice(field: FieldId, text: &str) -> Option<FieldNotice> {
    let (start, end) = (text.starts_with(is_blank), text.ends_with(is_blank));
    match field {
        FieldId::ClientSecret => Some(count_at_ends(text)).filter(|count| *count > 0).map(FieldNotice::Trimmed),
        _ => (start || end).then_some(FieldNotice::BlankEnds { start, end }),
    }
}

fn check_text(text: &str) -> Result<Vec<FieldNotice>, FieldProblem> {
    let text = trimmed(text);
    if text.is_empty() { Err(FieldProblem::Missing) } else { check_characters(text) }
}

fn check_characters(text: &str) -> Result<Vec<FieldNotice>, FieldProblem> {
    if text.chars().any(char::is_control) { Err(FieldProblem::BadCharacters) } else { Ok(vec![]) }
}
