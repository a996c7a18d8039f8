//! The guided step that writes what deploys a web app. It is a screen over the one that it was opened from.

mod keys;

use std::collections::{BTreeMap, BTreeSet};

use super::effect::TaskId;
use super::input::{self, Edit};
use crate::model::clean::is_unsafe;
use crate::model::deploy::{DeployField, DeployProblem, DeployWarning, Order, Written};
use crate::model::fault::Fault;
use crate::model::form::{FieldId, Form};
use crate::model::lang::Lang;
use crate::texts::deploy as words;

pub use self::keys::{bindings, typed};

/// Where the files go unless another folder is named.
const FOLDER: &str = "itsmc-web-app";

/// The step as it is being filled in.
#[derive(Debug, Clone, PartialEq)]
pub struct Deploy {
    /// For whom: a saved connection's name, or nobody's yet.
    pub whose: Option<String>,
    /// What was typed.
    pub values: BTreeMap<DeployField, String>,
    /// The folder that the files go into.
    pub folder: String,
    /// The place in focus.
    pub focus: Place,
    /// The cursor's byte there.
    pub cursor: usize,
    /// The places that were left or submitted: what is wrong there is told as such.
    pub left: BTreeSet<Place>,
    /// How far it is.
    pub stage: Stage,
    /// Lines scrolled out at the top.
    pub scrolled: usize,
}

/// A line to fill in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// A value of the deployment.
    Value(DeployField),
    /// The folder of the files.
    Folder,
}

/// How far it is.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Stage {
    /// It is being filled in; or it was, and could not be written.
    #[default]
    Filling,
    /// The files are being written.
    Writing(TaskId),
    /// They could not be written.
    Failed(Fault),
    /// They are.
    Written(Box<Written>),
}

/// What can be asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeployAction {
    /// To the next place; from the last one on the files are written.
    Next,
    /// To the place before.
    Previous,
    /// Edit the place in focus.
    Edit(Edit),
    /// Write the files.
    Write,
    /// Copy the commands that come next.
    CopyNext,
    /// Scroll by so many lines.
    Scroll(isize),
}

/// How the value of a place stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It fits; what it is made into, where that is not what was typed.
    Fits(Option<String>),
    /// It is empty and may be.
    MayBeEmpty,
    /// It does not fit.
    Wrong(DeployProblem),
}

impl Place {
    /// Every place, in order.
    pub fn all() -> impl DoubleEndedIterator<Item = Self> {
        DeployField::ALL.into_iter().map(Self::Value).chain([Self::Folder])
    }

    fn neighbour(self, by: isize) -> Option<Self> {
        let at = Self::all().position(|place| place == self)?;
        Self::all().nth(at.checked_add_signed(by)?)
    }
}

impl Deploy {
    /// With what the form of a connection knows already.
    pub fn new(whose: Option<String>, form: Option<&Form>) -> Self {
        let usual = |field: DeployField| field.default().filter(|usual| !usual.is_empty());
        let usual = DeployField::ALL.into_iter().filter_map(|field| Some((field, usual(field)?.to_owned())));
        let known = form.into_iter().flat_map(|form| {
            let text = |field: FieldId| form.text(field).to_owned();
            KNOWN.iter().map(move |(field, from)| (*field, text(*from))).filter(|(_, text)| !text.is_empty())
        });
        Self {
            whose,
            values: usual.chain(known).collect(),
            folder: FOLDER.to_owned(),
            focus: Place::Value(DeployField::Subscription),
            cursor: 0,
            left: BTreeSet::new(),
            stage: Stage::Filling,
            scrolled: 0,
        }
        .at_end()
    }

    fn at_end(mut self) -> Self {
        self.cursor = self.text(self.focus).len();
        self
    }

    /// What stands at a place.
    pub fn text(&self, place: Place) -> &str {
        match place {
            Place::Value(field) => self.values.get(&field).map(String::as_str).unwrap_or_default(),
            Place::Folder => &self.folder,
        }
    }

    /// How it stands.
    pub fn verdict(&self, place: Place) -> Verdict {
        let text = self.text(place);
        match place {
            Place::Folder if text.trim().is_empty() => Verdict::Wrong(DeployProblem::Missing),
            Place::Folder => Verdict::Fits(None),
            Place::Value(field) => match field.read(text) {
                Err(problem) => Verdict::Wrong(problem),
                Ok(made) if text.trim().is_empty() && made.is_empty() => Verdict::MayBeEmpty,
                Ok(made) => Verdict::Fits((made != text).then_some(made)),
            },
        }
    }

    /// What is worth knowing of the value at a place as it stands.
    pub fn warning(&self, place: Place) -> Option<DeployWarning> {
        let is_free = || matches!(self.text(place).trim().to_uppercase().as_str(), "F1" | "D1");
        let warns = place == Place::Value(DeployField::Plan) && is_free();
        warns.then_some(DeployWarning::PlanWithoutHybridConnections)
    }

    /// Puts the focus on a place, the cursor at its end.
    pub fn focus_on(&mut self, place: Place) {
        self.left.insert(self.focus);
        (self.focus, self.scrolled) = (place, 0);
        self.cursor = self.text(place).len();
    }

    /// The place so many on; `None` past either end.
    pub fn neighbour(&self, by: isize) -> Option<Place> {
        self.focus.neighbour(by)
    }

    /// Edits the place in focus.
    pub fn edit(&mut self, edit: &Edit) {
        self.change(|text, at| input::apply(text, at, edit));
    }

    /// Takes a paste into the place in focus as one event.
    pub fn paste(&mut self, pasted: &str) {
        let pasted: String = pasted.chars().filter(|c| c.is_control() || !is_unsafe(*c)).collect();
        self.change(|text, at| input::paste(text, at, &pasted).0);
    }

    fn change(&mut self, change: impl FnOnce(&mut String, usize) -> usize) {
        if matches!(self.stage, Stage::Writing(_) | Stage::Written(_)) {
            return;
        }
        self.stage = Stage::Filling;
        let text = match self.focus {
            Place::Value(field) => self.values.entry(field).or_default(),
            Place::Folder => &mut self.folder,
        };
        self.cursor = change(text, self.cursor);
    }

    /// What is to be written, if every place fits; else the first that does not has the focus, and all tell.
    pub fn order(&mut self, lang: Lang) -> Option<Order> {
        self.left.extend(Place::all());
        if let Some(wrong) = Place::all().find(|place| matches!(self.verdict(*place), Verdict::Wrong(_))) {
            self.focus_on(wrong);
            return None;
        }
        let word = |lang, warning| words::warning(lang, warning).to_owned();
        Order::new(self.values.clone(), self.folder.trim().to_owned(), lang, word).ok()
    }

    /// What was written, once it is.
    pub fn written(&self) -> Option<&Written> {
        match &self.stage {
            Stage::Written(written) => Some(written),
            _ => None,
        }
    }

    /// The arguments of the command that does the same.
    pub fn command(&self) -> String {
        let quoted = super::shell::quoted;
        let folder = Some(self.folder.trim()).filter(|folder| !folder.is_empty()).unwrap_or(FOLDER);
        // A folder in quotes would not lead to the home folder.
        let folder = if folder.starts_with("~/") { folder.to_owned() } else { quoted(folder) };
        let given = |field: &DeployField| {
            let text = self.text(Place::Value(*field)).trim();
            (!text.is_empty() && field.default() != Some(text)).then(|| {
                let flag = field.key().replace('_', "-");
                let gap = if text.starts_with('-') { '=' } else { ' ' };
                format!(" --{flag}{gap}{}", quoted(text))
            })
        };
        let given: String = DeployField::ALL.iter().filter_map(given).collect();
        format!("deploy service-manager --out {folder}{given}")
    }
}

/// What the form of a connection knows of a deployment.
const KNOWN: [(DeployField, FieldId); 4] = [
    (DeployField::Subscription, FieldId::AzureSubscription),
    (DeployField::ResourceGroup, FieldId::AzureResourceGroup),
    (DeployField::ServerName, FieldId::EndpointHost),
    (DeployField::Namespace, FieldId::RelayNamespace),
];

/// What a connection to the deployed web app will have in its form.
pub fn learned(written: &Written) -> [(FieldId, String); 6] {
    let deployment = &written.deployment;
    [
        (FieldId::ServerUrl, deployment.url()),
        (FieldId::EndpointHost, deployment.server.clone()),
        (FieldId::AzureSubscription, deployment.subscription.clone()),
        (FieldId::AzureResourceGroup, deployment.group.clone()),
        (FieldId::RelayNamespace, deployment.namespace.clone()),
        (FieldId::HybridConnection, crate::model::deploy::HYBRID.to_owned()),
    ]
}

/// The commands that come next, one a line.
pub fn next_commands(written: &Written) -> [String; 2] {
    let folder = super::shell::quoted(&written.folder);
    ["az login".to_owned(), format!("cd {folder} && sh deploy.sh")]
}
