//! The form of a connection: fields as data, what was typed, and what is wrong with it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::connection::{Connection, ConnectionName, Grant, SYNC_DAYS};
use super::partner::{FieldSpec, InputKind, PartnerSpec};
use super::secret::Secret;
use super::url::ServerUrl;
use super::work_item::WorkItemKind;

/// A field that some partner asks for. The TOML form's key is [`FieldId::key`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldId {
    /// The name the connection is called by.
    Name,
    /// The partner type.
    Partner,
    /// Where the product is.
    ServerUrl,
    /// The integration user.
    Username,
    /// Its password: used once, stored nowhere.
    Password,
    /// The OAuth application's client ID.
    ClientId,
    /// Its client secret.
    ClientSecret,
    /// Which work items to sync.
    WorkItems,
    /// How many past days to sync.
    SyncDays,
    /// Whether to create missing configuration items.
    CreateConfigurationItems,
}

impl FieldId {
    /// Every field, in the order of the forms.
    pub const ALL: [Self; 10] = [
        Self::Name,
        Self::Partner,
        Self::ServerUrl,
        Self::Username,
        Self::Password,
        Self::ClientId,
        Self::ClientSecret,
        Self::WorkItems,
        Self::SyncDays,
        Self::CreateConfigurationItems,
    ];

    /// The key in the TOML form, in drafts and JSON.
    pub fn key(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Partner => "partner",
            Self::ServerUrl => "server_url",
            Self::Username => "username",
            Self::Password => "password",
            Self::ClientId => "client_id",
            Self::ClientSecret => "client_secret",
            Self::WorkItems => "work_items",
            Self::SyncDays => "sync_days",
            Self::CreateConfigurationItems => "create_configuration_items",
        }
    }

    /// Whether its value is a secret, whatever the partner.
    pub fn is_secret(self) -> bool {
        matches!(self, Self::Password | Self::ClientSecret)
    }

    /// The field with this [`key`](Self::key).
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.key() == key)
    }
}

/// Why a field's value cannot be taken.
#[allow(missing_docs, reason = "the fields are named for what they hold")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "problem", rename_all = "kebab-case")]
pub enum FieldProblem {
    /// Nothing was given; every field is mandatory.
    Missing,
    /// Not a URL.
    NotAUrl,
    /// `http://` to anything but this machine.
    PlainHttp,
    /// A user name or password inside the URL.
    SecretInUrl,
    /// Not a whole number within the limits.
    NotWithin { least: u16, most: u16 },
    /// A name with other characters than letters, digits, `-`, `_` and `.`, or too long.
    BadName,
    /// Another connection has this name.
    NameTaken,
    /// No such partner.
    UnknownPartner { known: Vec<String> },
    /// Not one of the choices.
    UnknownChoice { given: String, known: Vec<String> },
    /// Not of the type that this key takes.
    WrongType { expected: String },
    /// No such key, or not one of this partner.
    UnknownKey,
    /// A secret in the form file; it belongs on stdin or at the prompt.
    SecretInFile,
    /// Control characters or line breaks inside.
    BadCharacters,
    /// The file is not TOML.
    NotToml { detail: String },
}

/// What is worth saying about a value that can be taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "notice", content = "value", rename_all = "kebab-case")]
pub enum FieldNotice {
    /// The typed text was made into this.
    MadeInto(String),
    /// A practice server on this machine.
    Practice,
    /// A host outside of the partner's known suffixes.
    UnknownHost(String),
    /// So many characters were pasted.
    Pasted(usize),
}

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
        let mut form = Self { work_items: spec.work_items.iter().map(|item| item.kind).collect(), ..Self::default() };
        form.texts.insert(FieldId::Partner, spec.id.to_string());
        for field in &spec.fields {
            if let Some(default) = &field.default {
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
            ..Self::default()
        };
        form.texts.insert(FieldId::Name, connection.name.to_string());
        form.texts.insert(FieldId::Partner, connection.partner.to_string());
        form.texts.insert(FieldId::ServerUrl, connection.server_url.to_string());
        form.texts.insert(FieldId::Username, connection.username.clone());
        form.texts.insert(FieldId::ClientId, connection.client_id.clone());
        form.texts.insert(FieldId::SyncDays, connection.sync_days.to_string());
        form
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
        self.validate_fields(spec, spec.fields.iter(), taken)
    }

    /// Checks every field but the secrets, for a change that leaves the sign-in as it is.
    ///
    /// # Errors
    /// Every problem, in the order of the fields.
    pub fn validate_settings(&self, spec: &PartnerSpec) -> Result<ValidForm, Problems> {
        self.validate_fields(spec, spec.fields.iter().filter(|field| field.input != InputKind::Secret), &[])
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
            username: self.text(FieldId::Username).trim().to_owned(),
            client_id: self.text(FieldId::ClientId).trim().to_owned(),
            work_items: self.work_items.iter().copied().collect(),
            sync_days,
            create_configuration_items: self.create_configuration_items,
            grant: self.grant,
        };
        Ok(ValidForm {
            connection,
            password: self.secrets.get(&FieldId::Password).filter(|_| self.grant == Grant::Password).cloned(),
            client_secret: self.secrets.get(&FieldId::ClientSecret).cloned(),
            notices,
        })
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
        match (field.id, field.input) {
            (FieldId::Name, _) => {
                let name = self.name()?;
                if taken.contains(&name) { Err(FieldProblem::NameTaken) } else { Ok(vec![]) }
            }
            (FieldId::ServerUrl, _) => self.server_url(spec).map(|(_, notices)| notices),
            (FieldId::SyncDays, _) => self.sync_days().map(|_| vec![]),
            (FieldId::WorkItems, _) if self.work_items.is_empty() => Err(FieldProblem::Missing),
            (FieldId::WorkItems | FieldId::CreateConfigurationItems | FieldId::Partner, _) => Ok(vec![]),
            // This grant knows no password.
            (FieldId::Password, _) if self.grant == Grant::ClientCredentials => Ok(vec![]),
            (id, InputKind::Secret) => match self.secrets.get(&id) {
                Some(secret) if !secret.is_empty() => check_characters(secret.expose()),
                _ => Err(FieldProblem::Missing),
            },
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

fn check_text(text: &str) -> Result<Vec<FieldNotice>, FieldProblem> {
    if text.trim().is_empty() { Err(FieldProblem::Missing) } else { check_characters(text) }
}

fn check_characters(text: &str) -> Result<Vec<FieldNotice>, FieldProblem> {
    if text.chars().any(char::is_control) { Err(FieldProblem::BadCharacters) } else { Ok(vec![]) }
}
