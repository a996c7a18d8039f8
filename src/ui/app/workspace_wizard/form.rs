//! The first step: the workspace's name in itsmc, and how itsmc signs in to Azure for it.

use std::collections::BTreeSet;

use crate::model::alert_source::SourceName;
use crate::model::azure_id::is_guid;
use crate::model::secret::Secret;
use crate::model::workspace::{AzureSignIn, KeyProblem, Workspace, WorkspaceName};
use crate::ui::app::input::{self, Edit};
use crate::ui::app::picker::pasteable;

/// A line to fill in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FormField {
    /// The name in itsmc.
    Name,
    /// How itsmc signs in.
    Way,
    /// The Entra tenant.
    Tenant,
    /// The client ID.
    ClientId,
    /// The file with the federated token.
    TokenFile,
    /// The client secret.
    Secret,
}

/// What is wrong with a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormProblem {
    /// It is no name.
    BadName,
    /// Another workspace has the name.
    Taken,
    /// As in the config file.
    Key(KeyProblem),
}

/// What signs in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Subject {
    /// A workspace of Log Analytics.
    #[default]
    Workspace,
    /// A source of alerts.
    Source,
}

/// What was typed.
#[derive(Debug, Clone, PartialEq)]
pub struct Form {
    /// What signs in.
    pub subject: Subject,
    /// The name in itsmc.
    pub name: String,
    /// How itsmc signs in.
    pub way: AzureSignIn,
    /// The Entra tenant.
    pub tenant: String,
    /// The client ID.
    pub client_id: String,
    /// The file with the federated token.
    pub token_file: String,
    /// The client secret; it goes with the screen.
    pub secret: Secret,
    /// The line in focus.
    pub focus: FormField,
    /// The cursor's byte in it.
    pub cursor: usize,
    /// The lines that were left or given on: what is wrong there is told as such.
    pub left: BTreeSet<FormField>,
    /// Whether the secret is shown as typed.
    pub revealed: bool,
    /// Whether the name stays as it is: the workspace is saved.
    pub is_named: bool,
    /// The sign-in for which a secret is kept already.
    pub kept: Option<Kept>,
}

/// A sign-in: the way, the tenant and the client ID. What is kept for a person is no secret of an application.
pub type Kept = (AzureSignIn, String, String);

impl Default for Form {
    fn default() -> Self {
        Self {
            subject: Subject::default(),
            name: String::new(),
            way: AzureSignIn::Cli,
            tenant: String::new(),
            client_id: String::new(),
            token_file: String::new(),
            secret: Secret::default(),
            focus: FormField::Name,
            cursor: 0,
            left: BTreeSet::new(),
            revealed: false,
            is_named: false,
            kept: None,
        }
    }
}

impl Form {
    /// The form of a saved workspace.
    pub fn of(workspace: &Workspace) -> Self {
        Self {
            name: workspace.name.to_string(),
            way: workspace.sign_in,
            tenant: workspace.tenant.clone(),
            client_id: workspace.client_id.clone(),
            token_file: workspace.token_file.clone(),
            focus: FormField::Way,
            is_named: true,
            kept: Some(kept(workspace)),
            ..Self::default()
        }
    }

    /// The lines that this way of signing in has.
    pub fn fields(&self) -> Vec<FormField> {
        use AzureSignIn::{Cli, DeviceCode, ManagedIdentity, ServicePrincipal, WorkloadIdentity};
        let more: &[FormField] = match self.way {
            Cli => &[FormField::Tenant],
            ServicePrincipal => &[FormField::Tenant, FormField::ClientId, FormField::Secret],
            ManagedIdentity => &[FormField::ClientId],
            WorkloadIdentity => &[FormField::Tenant, FormField::ClientId, FormField::TokenFile],
            DeviceCode => &[FormField::Tenant, FormField::ClientId],
        };
        let name = (!self.is_named).then_some(FormField::Name);
        name.into_iter().chain([FormField::Way]).chain(more.iter().copied()).collect()
    }

    /// What stands in a line of text.
    pub fn text(&self, field: FormField) -> &str {
        match field {
            FormField::Name => &self.name,
            FormField::Way => self.way.id(),
            FormField::Tenant => &self.tenant,
            FormField::ClientId => &self.client_id,
            FormField::TokenFile => &self.token_file,
            FormField::Secret => self.secret.expose(),
        }
    }

    /// Whether a secret for what the form says is kept already.
    pub fn keeps_secret(&self) -> bool {
        let now = (self.way, self.tenant.trim().to_lowercase(), self.client_id.trim().to_lowercase());
        self.kept.as_ref() == Some(&now)
    }

    /// A secret of this workspace was kept.
    pub fn secret_kept(&mut self, workspace: &Workspace) {
        (self.kept, self.secret) = (Some(kept(workspace)), Secret::default());
    }

    /// The secret that was kept is forgotten.
    pub fn forget_kept(&mut self) {
        self.kept = None;
    }

    /// What is wrong with a line, with the names that are taken.
    pub fn problem(&self, field: FormField, taken: &[&WorkspaceName]) -> Option<FormProblem> {
        let text = self.text(field).trim();
        let key = |problem| Some(FormProblem::Key(problem));
        match field {
            FormField::Name if self.subject == Subject::Source && SourceName::parse(text).is_err() => {
                Some(FormProblem::BadName)
            }
            FormField::Name => match WorkspaceName::parse(text) {
                Err(_) => Some(FormProblem::BadName),
                Ok(name) => taken.iter().any(|other| other.clashes_with(&name)).then_some(FormProblem::Taken),
            },
            FormField::Tenant if text.is_empty() => {
                self.way.needs_tenant().then_some(FormProblem::Key(KeyProblem::Missing))
            }
            FormField::Tenant if !text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-')) => {
                key(KeyProblem::NotATenant)
            }
            FormField::ClientId if text.is_empty() => {
                self.way.needs_client_id().then_some(FormProblem::Key(KeyProblem::Missing))
            }
            FormField::ClientId if !is_guid(text) => key(KeyProblem::NotAGuid),
            FormField::Secret if text.is_empty() && !self.keeps_secret() => key(KeyProblem::Missing),
            _ => None,
        }
    }

    /// Puts the focus on a line, the cursor at its end.
    pub fn focus_on(&mut self, field: FormField) {
        self.left.insert(self.focus);
        (self.focus, self.cursor, self.revealed) = (field, self.text(field).len(), false);
    }

    /// The line so many on; `None` past either end.
    pub fn neighbour(&self, by: isize) -> Option<FormField> {
        let fields = self.fields();
        let at = fields.iter().position(|field| *field == self.focus)?;
        fields.get(at.checked_add_signed(by)?).copied()
    }

    /// The way so many on, around the end.
    pub fn turn_way(&mut self, by: isize) {
        let all = AzureSignIn::ALL;
        let at = all.iter().position(|way| *way == self.way).unwrap_or_default();
        self.way = all[(at + all.len()).saturating_add_signed(by) % all.len()];
        self.left.clear();
    }

    /// Edits the line in focus.
    pub fn edit(&mut self, edit: &Edit) {
        self.change(|text, at| input::apply(text, at, edit));
    }

    /// Takes a paste into the line in focus as one event.
    pub fn paste(&mut self, pasted: &str) {
        if self.focus == FormField::Secret {
            return self.change(|text, at| input::paste_secret(text, at, pasted).0);
        }
        let pasted = pasteable(pasted);
        self.change(|text, at| input::paste(text, at, &pasted).0);
    }

    fn change(&mut self, change: impl FnOnce(&mut String, usize) -> usize) {
        let mut at = self.cursor;
        match self.focus {
            FormField::Name => at = change(&mut self.name, at),
            FormField::Tenant => at = change(&mut self.tenant, at),
            FormField::ClientId => at = change(&mut self.client_id, at),
            FormField::TokenFile => at = change(&mut self.token_file, at),
            FormField::Secret => self.secret.edit(|text| at = change(text, at)),
            FormField::Way => {}
        }
        self.cursor = at;
    }

    /// Puts the focus on the first line that is wrong, and lets all tell; whether none is.
    pub fn check(&mut self, taken: &[&WorkspaceName]) -> bool {
        let fields = self.fields();
        let wrong = fields.iter().copied().find(|field| self.problem(*field, taken).is_some());
        self.left.extend(fields);
        wrong.into_iter().for_each(|field| self.focus_on(field));
        wrong.is_none()
    }

    /// Puts what was typed into the settings of a workspace.
    pub fn write(&self, workspace: &mut Workspace) {
        let of = |field: FormField| {
            if self.fields().contains(&field) { self.text(field).trim().to_owned() } else { String::new() }
        };
        workspace.sign_in = self.way;
        (workspace.tenant, workspace.client_id) = (of(FormField::Tenant), of(FormField::ClientId));
        workspace.token_file = of(FormField::TokenFile);
    }
}

fn kept(workspace: &Workspace) -> Kept {
    (workspace.sign_in, workspace.tenant.to_lowercase(), workspace.client_id.to_lowercase())
}
