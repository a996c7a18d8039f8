//! The settings of a saved connection, to be changed: the form, the test where a sign-in is needed, the review.

use std::sync::Arc;

use super::boxes::Question;
use super::ctx::Ctx;
use super::effect::{Job, OwnJob, TaskId, TestSubject};
use super::input::Edit;
use super::key::{Code, Key};
use super::keymap::{self, Binding, HELP_ONLY};
use super::message::Outcome;
use super::model::{Facts, Notice};
use super::motion::moves_in_form;
use super::news::News;
use super::screen::{Behaviour, Step};
use super::screens::{Action, ScreenOutcome};
use super::shell::quoted;
use super::update;
use super::wizard::details::Details;
use super::wizard::live_test::LiveTest;
use crate::model::check;
use crate::model::connection::{Connection, ConnectionName, KeptOutside};
use crate::model::fault::Fault;
use crate::model::form::{FieldId, Form, ValidForm};
use crate::model::identity::Identity;
use crate::model::partner::{FieldSpec, InputKind, PartnerSpec};
use crate::model::work_item::WorkItemKind;
use crate::texts::{connection, keys, wizard};

/// The screen.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// The connection as it is saved.
    pub saved: Connection,
    /// Its partner, without the fields that cannot be changed here.
    pub spec: Arc<PartnerSpec>,
    /// The form.
    pub details: Details,
    /// Whether the change needs a sign-in, so that the form asks for the secrets.
    pub asks_secrets: bool,
    /// How far it is.
    pub stage: Stage,
    /// What a new name leaves as it is outside, once that was looked up.
    pub kept: Option<KeptOutside>,
    whole: Arc<PartnerSpec>,
    /// The names that it cannot be given.
    taken: Vec<ConnectionName>,
    /// The name that it gets once its other settings are saved.
    renames: Option<ConnectionName>,
    /// The task that renames it.
    renaming: Option<TaskId>,
}

/// How far a change is.
#[derive(Debug, Clone, PartialEq)]
pub enum Stage {
    /// The form is in front; why it could not be saved before, if so.
    Form(Option<Fault>),
    /// What the change needs is being looked up.
    Checking(TaskId, Arc<ValidForm>),
    /// The live test of the form.
    Test(LiveTest),
    /// What will change waits for a yes.
    Review(Arc<ValidForm>),
    /// It is being saved.
    Saving(TaskId),
}

/// What can be asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SettingsAction {
    /// Move by so many fields or steps.
    Move(isize),
    /// Edit the field in focus.
    Edit(Edit),
    /// Switch the choice in focus.
    Toggle,
    /// Move within a field of several choices.
    Choice(isize),
    /// Show or hide the secrets.
    Reveal,
    /// Go on: from the form to the review, from the review to the saved connection.
    Continue,
    /// Run the whole test again.
    Retest,
}

/// What runs for it.
#[allow(missing_docs, reason = "the fields are named for what they hold")]
#[derive(Debug, Clone, PartialEq)]
pub enum SettingsJob {
    /// Tell whether changed settings need a sign-in.
    Check(Arc<ValidForm>),
    /// Save them; `keys` are those that changed. With secrets in the form it signs in.
    Replace { form: Arc<ValidForm>, keys: Vec<String> },
    /// Tell what renaming the connection leaves as it is outside.
    LookOutside { from: ConnectionName, to: ConnectionName },
    /// Rename the connection.
    Rename { from: ConnectionName, to: ConnectionName },
}

/// What that ended with.
#[derive(Debug, Clone)]
pub enum SettingsOutcome {
    /// Whether changed settings need a sign-in.
    Checked(Result<bool, Fault>),
    /// They were saved, or not.
    Saved(Result<(), Fault>),
    /// What a new name leaves as it is.
    Outside(Result<KeptOutside, Fault>),
}

impl OwnJob for SettingsJob {
    type Outcome = SettingsOutcome;

    fn failure(&self) -> fn(Fault) -> SettingsOutcome {
        match self {
            Self::Check(_) => |fault| SettingsOutcome::Checked(Err(fault)),
            Self::Replace { .. } | Self::Rename { .. } => |fault| SettingsOutcome::Saved(Err(fault)),
            Self::LookOutside { .. } => |fault| SettingsOutcome::Outside(Err(fault)),
        }
    }

    fn ends_by_itself(&self) -> bool {
        matches!(self, Self::Replace { .. } | Self::Rename { .. })
    }
}

impl Settings {
    /// The settings of this connection; `None` where its partner is unknown.
    pub fn of(facts: &Facts, saved: &Connection) -> Option<Self> {
        let whole = Arc::new(facts.catalogue.get(&saved.partner)?.clone());
        let spec = Arc::new(asking(&whole, false));
        let mut details = Details { form: Form::of(saved), ..Details::new(&spec) };
        // What is typed at once is no new name.
        let first = spec.fields.iter().map(|field| field.id).find(|field| *field != FieldId::Name);
        details.focus_on(first.unwrap_or(details.focus));
        let (stage, taken) = (Stage::Form(None), facts.taken_by_others(&saved.name));
        let (saved, asks_secrets, kept, renames, renaming) = (saved.clone(), false, None, None, None);
        Some(Self { saved, spec, details, asks_secrets, stage, kept, whole, taken, renames, renaming })
    }

    /// The name that the form gives the connection, where it is another than it has.
    pub fn new_name(&self) -> Option<ConnectionName> {
        let name = ConnectionName::parse(self.details.form.text(FieldId::Name)).ok();
        name.filter(|name| *name != self.saved.name)
    }

    /// What differs between the saved connection and this form: each field with its values before and after.
    pub fn changes(&self, form: &ValidForm) -> Vec<(&FieldSpec, String, String)> {
        let (old, mut new) = (Form::of(&self.saved), Form::of(&form.connection));
        let name = self.new_name().unwrap_or_else(|| self.saved.name.clone());
        new.texts.insert(FieldId::Name, name.to_string());
        let fields = self.whole.fields.iter().filter(|field| field.input != InputKind::Secret);
        let values = fields.map(|field| (field, value(&old, field), value(&new, field)));
        values.filter(|(_, before, after)| before != after).collect()
    }

    /// Whether the change makes it another server, user or application, so that everything is fetched again.
    pub fn changes_identity(&self, form: &ValidForm) -> bool {
        Identity::of(&self.saved) != Identity::of(&form.connection)
    }

    /// Whether anything but the name changes.
    fn changes_settings(&self, form: &ValidForm) -> bool {
        self.changes(form).iter().any(|(field, ..)| field.id != FieldId::Name)
    }

    /// The form as it is to be saved, still under the name that the connection has, if every field holds.
    fn valid(&self) -> Option<Arc<ValidForm>> {
        let form = &self.details.form;
        let valid = if self.asks_secrets {
            form.validate(&self.whole, &self.taken)
        } else {
            form.validate_settings(&self.whole, &self.taken)
        };
        let mut valid = valid.ok()?;
        valid.connection.name = self.saved.name.clone();
        Some(Arc::new(valid))
    }

    /// The same without its secrets.
    fn valid_settings(&self) -> Option<ValidForm> {
        let mut valid = self.details.form.validate_settings(&self.whole, &self.taken).ok()?;
        valid.connection.name = self.saved.name.clone();
        Some(valid)
    }

    fn act_on(&mut self, ctx: &mut Ctx<'_>, action: SettingsAction) {
        match (action, &mut self.stage) {
            (SettingsAction::Move(by), Stage::Test(test)) => test.move_focus(by),
            (SettingsAction::Retest, Stage::Test(test)) if !test.is_running() => {
                test.queue_all();
                run_next(ctx, test);
            }
            (SettingsAction::Continue, Stage::Test(test)) if test.passed() => {
                if let Some(form) = test.subject.clone() {
                    self.review(ctx, form);
                }
            }
            (SettingsAction::Continue, Stage::Review(form)) => {
                let form = form.clone();
                if self.changes_identity(&form) {
                    ctx.question(Question::ChangeIdentity(self.saved.name.clone()));
                } else {
                    self.save(ctx, form);
                }
            }
            (action, Stage::Form(_)) => self.act_on_form(ctx, &action),
            _ => {}
        }
    }

    fn act_on_form(&mut self, ctx: &mut Ctx<'_>, action: &SettingsAction) {
        let spec = self.spec.clone();
        match action {
            SettingsAction::Move(by) => {
                if let Some(field) = self.details.neighbour(&spec, *by) {
                    self.details.leave(self.details.focus, &spec, &self.taken);
                    self.details.focus_on(field);
                    self.details.revealed = false;
                }
            }
            SettingsAction::Edit(edit) => self.change(|details, field, _| details.edit(field.input, edit)),
            SettingsAction::Toggle => self.change(Details::toggle),
            SettingsAction::Choice(by) => self.change(|details, field, spec| details.choose(*by, field, spec)),
            SettingsAction::Reveal => self.details.revealed = !self.details.revealed,
            SettingsAction::Continue => self.submit(ctx),
            SettingsAction::Retest => {}
        }
    }

    fn change(&mut self, edit: impl FnOnce(&mut Details, &FieldSpec, &PartnerSpec) -> bool) {
        let spec = self.spec.clone();
        if let Some(field) = spec.field(self.details.focus)
            && edit(&mut self.details, field, &spec)
        {
            self.details.recheck(field.id, &spec, &self.taken);
        }
    }

    /// Checks the form: to its first wrong field, or on to what the change needs.
    fn submit(&mut self, ctx: &mut Ctx<'_>) {
        let Some(valid) = self.valid() else {
            return self.details.refuse(&self.spec.clone(), &self.taken);
        };
        if self.asks_secrets {
            let mut test = LiveTest::of(valid, self.whole.test_steps());
            test.queue_all();
            run_next(ctx, &mut test);
            self.stage = Stage::Test(test);
        } else if !self.changes_settings(&valid) {
            self.review(ctx, valid);
        } else {
            let task = ctx.run(SettingsJob::Check(valid.clone()));
            self.stage = Stage::Checking(task, valid);
        }
    }

    /// Shows what changes; what a new name leaves as it is outside is looked up before.
    fn review(&mut self, ctx: &mut Ctx<'_>, form: Arc<ValidForm>) {
        self.stage = match self.new_name() {
            Some(to) => {
                let from = self.saved.name.clone();
                Stage::Checking(ctx.run(SettingsJob::LookOutside { from, to }), form)
            }
            None => Stage::Review(form),
        };
    }

    /// Takes in what a new name leaves as it is.
    fn looked_outside(&mut self, task: TaskId, answer: Result<KeptOutside, Fault>) {
        let Stage::Checking(asked, form) = &self.stage else { return };
        if *asked != task {
            return;
        }
        self.stage = match answer {
            Ok(kept) => {
                self.kept = Some(kept);
                Stage::Review(form.clone())
            }
            Err(fault) => Stage::Form(Some(fault)),
        };
    }

    /// Takes in whether the change needs a sign-in: then the form asks for the secrets.
    fn checked(&mut self, ctx: &mut Ctx<'_>, task: TaskId, answer: Result<bool, Fault>) {
        let Stage::Checking(asked, form) = &self.stage else { return };
        if *asked != task {
            return;
        }
        self.stage = match answer {
            Ok(false) => {
                let form = form.clone();
                return self.review(ctx, form);
            }
            Ok(true) => {
                self.asks_secrets = true;
                self.spec = Arc::new(asking(&self.whole, true));
                let secret =
                    self.spec.fields_for(self.details.form.grant).find(|field| field.input == InputKind::Secret);
                if let Some(field) = secret.map(|field| field.id) {
                    self.details.focus_on(field);
                }
                Stage::Form(None)
            }
            Err(fault) => Stage::Form(Some(fault)),
        };
    }

    /// Saves the other settings first, under the name that the connection has.
    fn save(&mut self, ctx: &mut Ctx<'_>, form: Arc<ValidForm>) {
        self.renames = self.new_name();
        if !self.asks_secrets && !self.changes_settings(&form) {
            return self.rename(ctx);
        }
        let changes = self.changes(&form).into_iter().filter(|(field, ..)| field.id != FieldId::Name);
        let keys = changes.map(|(field, ..)| field.id.key().to_owned()).collect();
        self.stage = Stage::Saving(ctx.run(SettingsJob::Replace { form, keys }));
    }

    fn rename(&mut self, ctx: &mut Ctx<'_>) {
        if let Some(to) = self.renames.clone() {
            let from = self.saved.name.clone();
            let task = ctx.run(SettingsJob::Rename { from, to });
            (self.stage, self.renaming) = (Stage::Saving(task), Some(task));
        }
    }

    fn ended(&mut self, ctx: &mut Ctx<'_>, task: TaskId, answer: Result<(), Fault>) -> Step {
        if let Err(fault) = answer {
            self.stage = Stage::Form(Some(fault));
            // Its other settings may be saved by now.
            update::reload_config(ctx);
            return Step::Stay;
        }
        if self.renames.is_some() && self.renaming != Some(task) {
            // Its other settings are saved.
            self.saved = self.valid().map_or_else(|| self.saved.clone(), |valid| valid.connection.clone());
            self.rename(ctx);
            return Step::Stay;
        }
        let (from, to) = (self.saved.name.clone(), self.renames.take().unwrap_or_else(|| self.saved.name.clone()));
        if from != to {
            if let Some(entry) = ctx.facts.entry_mut(&from) {
                entry.connection.name = to.clone();
            }
            ctx.tell(News::Renamed(from, to.clone()));
        }
        ctx.facts.notice = Some(Notice::Saved(to));
        update::reload_config(ctx);
        Step::Back
    }

    fn give_up(&self, ctx: &mut Ctx<'_>) {
        if self.asks_secrets {
            ctx.run(Job::ForgetCandidate);
        }
    }
}

fn step_ended(ctx: &mut Ctx<'_>, test: &mut LiveTest, task: TaskId, step: check::Step) {
    if test.ended(task, step) {
        run_next(ctx, test);
    }
}

fn run_next(ctx: &mut Ctx<'_>, test: &mut LiveTest) {
    if let (Some(form), Some(step)) = (test.subject.clone(), test.take_next()) {
        let task = ctx.run(Job::TestStep(TestSubject::Candidate(form), step));
        test.began(step, task);
    }
}

/// The partner's form without the secrets unless they are needed.
fn asking(whole: &PartnerSpec, secrets: bool) -> PartnerSpec {
    let mut spec = whole.clone();
    spec.fields.retain(|field| match field.input {
        InputKind::Fixed => false,
        InputKind::Secret => secrets,
        _ => true,
    });
    spec
}

fn value(form: &Form, field: &FieldSpec) -> String {
    match field.input {
        InputKind::WorkItems => {
            form.work_items.iter().map(|kind| WorkItemKind::id(*kind)).collect::<Vec<_>>().join(",")
        }
        InputKind::Switch => form.create_configuration_items.to_string(),
        InputKind::Choice => form.choice(field.id).to_owned(),
        _ => form.text(field.id).to_owned(),
    }
}

impl Behaviour for Settings {
    fn bindings(&self, _facts: &Facts) -> Vec<Binding> {
        let bind =
            |keys: &[Key], action, label, priority| Binding::new(keys, Action::Settings(action), label, priority);
        let enter = [Key::new(Code::Enter)];
        let mut bindings = match &self.stage {
            Stage::Form(_) => {
                let input = self.spec.field(self.details.focus).map(|field| field.input);
                let last = self.details.neighbour(&self.spec, 1).is_none();
                let chooses = matches!(input, Some(InputKind::WorkItems | InputKind::Choice));
                vec![
                    if last {
                        bind(&enter, SettingsAction::Continue, wizard::key_continue, 1)
                    } else {
                        bind(&enter, SettingsAction::Move(1), wizard::key_next_field, 1)
                    },
                    bind(&[Key::ctrl('d')], SettingsAction::Continue, wizard::key_continue, 2),
                    bind(&[Key::char(' ')], SettingsAction::Toggle, wizard::key_toggle, 3)
                        .when(chooses || input == Some(InputKind::Switch)),
                    bind(&[Key::new(Code::Right)], SettingsAction::Choice(1), wizard::key_choice, HELP_ONLY)
                        .when(chooses),
                    bind(&[Key::new(Code::Left)], SettingsAction::Choice(-1), wizard::key_choice, HELP_ONLY)
                        .when(chooses),
                    bind(&[Key::ctrl('r')], SettingsAction::Reveal, wizard::key_show, 4)
                        .when(input == Some(InputKind::Secret)),
                ]
            }
            Stage::Test(test) => vec![
                bind(&enter, SettingsAction::Continue, wizard::key_continue, 1).when(test.passed()),
                bind(&[Key::char('t')], SettingsAction::Retest, connection::key_test, 2).when(!test.is_running()),
            ],
            Stage::Review(form) => {
                let any = self.asks_secrets || !self.changes(form).is_empty();
                vec![bind(&enter, SettingsAction::Continue, wizard::key_save, 1).when(any)]
            }
            Stage::Checking(..) | Stage::Saving(_) => Vec::new(),
        };
        if matches!(self.stage, Stage::Form(_) | Stage::Test(_)) {
            bindings.extend(moves_in_form(|by| Action::Settings(SettingsAction::Move(by))));
        }
        let free = !matches!(self.stage, Stage::Saving(_));
        bindings.push(Binding::new(&[Key::new(Code::Esc)], Action::Back, keys::back, 20).when(free));
        bindings
    }

    fn typed(&self, key: Key) -> Option<Action> {
        let input = self.spec.field(self.details.focus).map(|field| field.input)?;
        let types = matches!(input, InputKind::Text | InputKind::Secret | InputKind::Number);
        let edits = types && matches!(self.stage, Stage::Form(_));
        keymap::edit(key).filter(|_| edits).map(|edit| Action::Settings(SettingsAction::Edit(edit)))
    }

    fn act(&mut self, ctx: &mut Ctx<'_>, action: Action) -> Step {
        if let Action::Settings(action) = action {
            self.act_on(ctx, action);
        }
        Step::Stay
    }

    /// From the test or the review to the form, from the form to the connection.
    fn back(&mut self, ctx: &mut Ctx<'_>) -> Step {
        match &mut self.stage {
            Stage::Saving(_) => return Step::Stay,
            Stage::Form(_) => {
                self.give_up(ctx);
                return Step::Back;
            }
            Stage::Checking(task, _) => ctx.cancel(*task),
            Stage::Test(test) => test.stop().into_iter().for_each(|task| ctx.cancel(task)),
            Stage::Review(_) => {}
        }
        (self.stage, self.kept) = (Stage::Form(None), None);
        Step::Stay
    }

    fn confirmed(&mut self, ctx: &mut Ctx<'_>, _question: Question) -> Step {
        if let Stage::Review(form) = &self.stage {
            let form = form.clone();
            self.save(ctx, form);
        }
        Step::Stay
    }

    fn on_outcome(&mut self, ctx: &mut Ctx<'_>, task: TaskId, outcome: Outcome) -> Step {
        match (outcome, &mut self.stage) {
            (Outcome::Screen(ScreenOutcome::Settings(SettingsOutcome::Checked(answer))), _) => {
                self.checked(ctx, task, answer)
            }
            (Outcome::Screen(ScreenOutcome::Settings(SettingsOutcome::Outside(answer))), _) => {
                self.looked_outside(task, answer)
            }
            (Outcome::Step(step), Stage::Test(test)) => step_ended(ctx, test, task, *step),
            (Outcome::Screen(ScreenOutcome::Settings(SettingsOutcome::Saved(answer))), Stage::Saving(saving))
                if *saving == task =>
            {
                return self.ended(ctx, task, answer);
            }
            _ => {}
        }
        Step::Stay
    }

    fn paste(&mut self, _ctx: &mut Ctx<'_>, text: &str) {
        if matches!(self.stage, Stage::Form(_)) {
            self.change(|details, field, _| details.paste(field.input, text));
        }
    }

    fn command(&self, _facts: &Facts) -> String {
        let name = quoted(self.saved.name.as_str());
        let changes = match self.valid_settings() {
            Some(form) => self.changes(&form).into_iter().map(|(field, _, new)| (field.id, new)).collect::<Vec<_>>(),
            None => Vec::new(),
        };
        match changes.as_slice() {
            [] => return format!("connection show {name}"),
            [(FieldId::Name, new)] => return format!("connection rename {name} {}", quoted(new)),
            _ => {}
        }
        let set: String = changes
            .iter()
            .map(|(field, new)| format!(" --set {}", quoted(&format!("{}={new}", field.key()))))
            .collect();
        format!("connection edit {name}{set}")
    }

    fn holds_secrets(&self) -> bool {
        self.details.holds_secrets()
    }

    fn leaving(&mut self, ctx: &mut Ctx<'_>) {
        self.give_up(ctx);
    }
}
