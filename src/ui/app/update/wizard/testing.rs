//! For tests: the wizard driven by keys, with a runtime that answers as it is told.

use std::sync::Arc;

use jiff::Timestamp;

use crate::model::check::{Finding, Status, Step, StepId};
use crate::model::checklist::{ChecklistItem, ItemFinding};
use crate::model::connection::Connection;
use crate::model::draft::Draft;
use crate::model::fault::Fault;
use crate::model::form::FieldId;
use crate::model::lang::Lang;
use crate::model::partner::Catalogue;
use crate::model::secret::Secret;
use crate::model::settings::Settings;
use crate::ui::app::effect::{Effect, Job, TaskId};
use crate::ui::app::key::{Code, Key};
use crate::ui::app::message::{Message, Outcome};
use crate::ui::app::model::{Model, Screen};
use crate::ui::app::testing::checklist;
use crate::ui::app::update::{start, update};
use crate::ui::app::wizard::Wizard;

/// What no draft, command, debug output or masked frame may hold.
pub(crate) const SECRETS: [&str; 2] = ["correct-horse-battery", "not-the-real-client-secret"];

/// The program with the wizard in front, and every effect it asked for.
#[derive(Clone)]
pub(crate) struct Driver {
    pub model: Model,
    pub effects: Vec<Effect>,
    /// Whether a draft is kept as soon as that was asked for.
    pub keeps: bool,
}

impl Driver {
    /// One whose second partner is not built yet, and the id of that.
    pub fn with_unbuilt_partner() -> (Self, String) {
        let mut driver = Self::new();
        let unbuilt =
            "id = 'toy'\nname = 'Toy Desk'\nready = false\nabout.en = 'A product'\nabout.nl = 'Een product'\n";
        let built = include_str!("../../../../../assets/partners/servicenow.toml");
        let catalogue = crate::model::partner::Catalogue::from_assets(&[built, unbuilt]).unwrap();
        driver.model.catalogue = std::sync::Arc::new(catalogue);
        (driver, "toy".to_owned())
    }

    /// The wizard just opened, its draft not answered yet.
    pub fn opened() -> Self {
        let catalogue = Catalogue::built_in().unwrap();
        let model = Model::new(Lang::En, now(), (80, 24), Arc::new(catalogue));
        let mut driver = Self { model, effects: Vec::new(), keeps: true };
        driver.effects.extend(start(&mut driver.model));
        driver.config(Vec::new()).keys("n");
        driver
    }

    /// The wizard on its first step, without a draft.
    pub fn new() -> Self {
        Self::with_draft(Ok(None))
    }

    /// The wizard with this answer to the question for a draft.
    pub fn with_draft(answer: Result<Option<Draft>, Fault>) -> Self {
        let mut driver = Self::opened();
        let task = driver.task(|job| *job == Job::LoadDraft);
        driver.send(Message::Outcome(task, Outcome::Draft(answer)));
        driver
    }

    /// On the form, nothing typed.
    pub fn at_details() -> Self {
        let mut driver = Self::new();
        driver.keys("enter enter");
        driver
    }

    /// On the form, everything filled in; the last field has the focus.
    pub fn filled() -> Self {
        let mut driver = Self::at_details();
        driver.text("contoso").keys("tab").text("contoso").keys("tab tab").text("azure.integration").keys("tab");
        driver.paste(SECRETS[0]).keys("tab").paste("6e1b0000000000000000000000000000").keys("tab");
        driver.paste(SECRETS[1]).keys("tab tab tab");
        driver
    }

    /// On the test, its first step running.
    pub fn testing() -> Self {
        let mut driver = Self::filled();
        driver.keys("enter");
        driver
    }

    /// On the test, every step passed.
    pub fn tested() -> Self {
        let mut driver = Self::testing();
        driver.answer_all(passed);
        driver
    }

    /// On the checklist, which is being looked at.
    pub fn checking() -> Self {
        let mut driver = Self::tested();
        driver.keys("enter");
        driver
    }

    /// On the checklist, looked at.
    pub fn checked() -> Self {
        let mut driver = Self::checking();
        driver.look(|job| matches!(job, Job::CheckCandidate(_)));
        driver
    }

    /// On the review.
    pub fn reviewing() -> Self {
        let mut driver = Self::checked();
        driver.keys("enter");
        driver
    }

    /// On the test, which the sign-in failed.
    pub fn refused() -> Self {
        let mut driver = Self::testing();
        driver.answer_all(refused);
        driver
    }

    /// On the checklist of the connection, which was saved signed out.
    pub fn saved_signed_out() -> Self {
        let mut driver = Self::refused();
        let connection = driver.wizard().test.subject.as_ref().unwrap().connection.clone();
        driver.keys("L enter");
        let task = driver.task(|job| matches!(job, Job::SaveSignedOut(_)));
        driver.send(Message::Outcome(task, Outcome::Saved(Ok(()))));
        driver.config(vec![connection]);
        driver
    }

    /// Brings the checklist to this look.
    pub fn look(&mut self, wanted: impl Fn(&Job) -> bool) -> &mut Self {
        let task = self.task(wanted);
        self.send(Message::Outcome(task, Outcome::Checklist(Ok(Box::new(checklist())))))
    }

    /// Brings the checklist of a connection that is signed out: nothing was asked.
    pub fn look_signed_out(&mut self) -> &mut Self {
        let task = self.task(|job| matches!(job, Job::LoadChecklist(_)));
        let mut whole = checklist();
        for item in &mut whole.items {
            let (words, finding) = (item.words.clone(), ItemFinding::NotSignedIn);
            *item = ChecklistItem { words, ..ChecklistItem::found(item.id.clone(), Status::Unknown, finding) };
        }
        self.send(Message::Outcome(task, Outcome::Checklist(Ok(Box::new(whole)))))
    }

    /// On the first sync, which runs.
    pub fn syncing() -> Self {
        let mut driver = Self::reviewing();
        let connection = driver.wizard().test.subject.as_ref().unwrap().connection.clone();
        driver.keys("enter");
        let task = driver.task(|job| matches!(job, Job::SaveConnection(_)));
        driver.send(Message::Outcome(task, Outcome::Saved(Ok(()))));
        driver.config(vec![connection]);
        driver
    }

    pub fn wizard(&self) -> &Wizard {
        match self.model.shown().next() {
            Some(Screen::Wizard(wizard)) => wizard,
            screen => panic!("no wizard in front but {screen:?}"),
        }
    }

    pub fn wizard_mut(&mut self) -> &mut Wizard {
        match self.model.front_mut() {
            Some(Screen::Wizard(wizard)) => wizard,
            screen => panic!("no wizard in front but {screen:?}"),
        }
    }

    pub fn send(&mut self, message: Message) -> &mut Self {
        let effects = update(&mut self.model, message);
        let kept = effects.iter().find_map(|effect| match effect {
            Effect::Run(task, Job::SaveDraft(_)) if self.keeps => Some(*task),
            _ => None,
        });
        self.effects.extend(effects);
        if let Some(task) = kept {
            self.effects.extend(update(&mut self.model, Message::Outcome(task, Outcome::Done)));
        }
        self
    }

    /// Presses keys, named as the footer names them.
    pub fn keys(&mut self, names: &str) -> &mut Self {
        for name in names.split_whitespace() {
            self.send(Message::Key(key(name)));
        }
        self
    }

    /// Types characters, one key each.
    pub fn text(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            self.send(Message::Key(Key::char(c)));
        }
        self
    }

    pub fn paste(&mut self, text: &str) -> &mut Self {
        self.send(Message::Paste(Secret::new(text)))
    }

    /// The config file as it is after saving.
    pub fn config(&mut self, connections: Vec<Connection>) -> &mut Self {
        let newest = |driver: &Self| driver.task(|job| *job == Job::LoadConfig);
        if !self.model.waiting.contains_key(&newest(self)) {
            self.effects.extend(start(&mut self.model));
        }
        self.send(Message::Outcome(newest(self), Outcome::Config(Ok((Settings::default(), connections)))))
    }

    /// The newest task of such a job.
    pub fn task(&self, wanted: impl Fn(&Job) -> bool) -> TaskId {
        let found = self.effects.iter().rev().find_map(|effect| match effect {
            Effect::Run(task, job) if wanted(job) => Some(*task),
            _ => None,
        });
        found.expect("no such job was asked for")
    }

    /// The step that runs now.
    pub fn running(&self) -> Option<(StepId, TaskId)> {
        self.wizard().test.running
    }

    /// Answers the running step, and those after it, as `answer` says.
    pub fn answer_all(&mut self, answer: impl Fn(StepId) -> Step) -> &mut Self {
        while let Some((step, task)) = self.running() {
            self.send(Message::Outcome(task, Outcome::Step(Box::new(answer(step)))));
        }
        self
    }

    /// Every draft that was to be kept.
    pub fn drafts(&self) -> Vec<&Draft> {
        let draft = |effect| match effect {
            &Effect::Run(_, Job::SaveDraft(ref draft)) => Some(draft),
            _ => None,
        };
        self.effects.iter().filter_map(draft).collect()
    }
}

pub(crate) fn now() -> Timestamp {
    "2026-11-21T09:00:00Z".parse().unwrap()
}

/// A step as a healthy instance answers it.
pub(crate) fn passed(id: StepId) -> Step {
    let finding = match id {
        StepId::NameLookup => Finding::Addresses { addresses: vec!["192.0.2.7".into()] },
        StepId::Connection => Finding::Connected { address: "192.0.2.7:443".into(), proxy: None },
        StepId::Tls => Finding::TlsEstablished { version: "TLS 1.3".into(), issuer: None, expires: None },
        StepId::SignIn => Finding::SignedIn { expires: "2027-02-19T09:00:00Z".parse().unwrap(), known: false },
        StepId::Clock => Finding::ClockSkew { seconds: 1 },
        StepId::User => Finding::User { user_name: "azure.integration".into(), time_zone: None },
        StepId::Release => Finding::ReleaseNotVisible,
        StepId::Binding => Finding::Bound { bound: vec![], ways: vec![] },
        StepId::Incident => Finding::RowRead { number: "INC0010001".into(), newest: None },
        StepId::ChangeRequest => Finding::RowRead { number: "CHG0030001".into(), newest: None },
        StepId::Scope => {
            Finding::Scope { counts: vec![("incident".into(), 20_769), ("change_request".into(), 3_004)], days: 30 }
        }
    };
    let status = if id == StepId::Release { Status::Unknown } else { Status::Passed };
    let place = servicenow_steps().iter().position(|step| *step == id).unwrap_or_default() as u64;
    Step { millis: 12 + 31 * place, ..Step::found(id, status, finding) }
}

/// The same, but the sign-in is refused.
pub(crate) fn refused(id: StepId) -> Step {
    let fault = Fault::SignInRefused { host: "contoso.service-now.com".into(), detail: "access_denied".into() };
    match id {
        StepId::SignIn => Step { millis: 240, ..Step::failed(id, fault, Some(FieldId::Password)) },
        id => passed(id),
    }
}

fn key(name: &str) -> Key {
    let code = match name {
        "enter" => Code::Enter,
        "esc" => Code::Esc,
        "tab" => Code::Tab,
        "shift-tab" => Code::BackTab,
        "up" => Code::Up,
        "down" => Code::Down,
        "left" => Code::Left,
        "right" => Code::Right,
        "backspace" => Code::Backspace,
        "home" => Code::Home,
        "pgdn" => Code::PageDown,
        "space" => Code::Char(' '),
        "f1" => Code::F(1),
        name => match (name.strip_prefix("ctrl-"), name.chars().next()) {
            (Some(c), _) => return Key::ctrl(c.chars().next().unwrap()),
            (None, Some(c)) => Code::Char(c),
            (None, None) => panic!("no key"),
        },
    };
    Key::new(code)
}

/// The steps of ServiceNow's live test.
pub(crate) fn servicenow_steps() -> Vec<StepId> {
    let catalogue = crate::model::partner::Catalogue::built_in().unwrap();
    catalogue.all()[0].test_steps().to_vec()
}
