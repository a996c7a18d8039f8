//! The wizard as a draft, and back.

use std::sync::Arc;

use super::Wizard;
use super::details::{self, Details};
use super::step::WizardStep;
use crate::model::clean::clean;
use crate::model::draft::Draft;
use crate::model::form::{FieldId, Form};
use crate::model::partner::{InputKind, PartnerSpec};

impl Wizard {
    /// What is worth keeping now: `None` before anything was entered, and once the connection is saved.
    pub fn draft(&self) -> Option<Draft> {
        let spec = self.spec.as_ref()?;
        let saved = self.first_sync.is_some();
        let untouched = self.kept.is_none() && self.confirmed.is_empty() && self.details.form == Form::new(spec);
        let draft = || Draft::of(&self.details.form, spec.id.clone(), self.step.id(), self.confirmed.clone());
        (!saved && !untouched).then(draft)
    }

    /// Takes up a draft. Secrets were not kept, so no step after the details can be taken up at once; the
    /// focus is on the first field that is still empty.
    pub fn take_up(&mut self, draft: Draft, spec: Arc<PartnerSpec>) {
        self.step = WizardStep::from_id(&draft.step).unwrap_or_default().min(WizardStep::Details);
        let mut form = Form::new(&spec);
        for (field, text) in draft.texts.iter().filter(|(field, _)| keeps(&spec, **field)) {
            form.texts.insert(*field, clean(text, false));
        }
        form.work_items = draft.work_items.clone();
        form.create_configuration_items = draft.create_configuration_items;
        form.grant = draft.grant;
        self.details = Details { form, ..Details::new(&spec) };
        self.details.focus_on(first_empty(&self.details.form, &spec));
        self.confirmed = draft.confirmed.clone();
        self.spec = Some(spec);
        self.kept = Some(draft);
    }
}

/// Whether a draft holds this field: what the partner asks for as plain text.
fn keeps(spec: &PartnerSpec, field: FieldId) -> bool {
    spec.field(field)
        .is_some_and(|field| matches!(field.input, InputKind::Text | InputKind::Number | InputKind::Choice))
}

fn first_empty(form: &Form, spec: &PartnerSpec) -> FieldId {
    let lacks = |field: &FieldId| form.text(*field).trim().is_empty() && is_typed(spec, *field);
    let mut fields = details::fields(spec, form.grant);
    fields.find(lacks).or_else(|| details::fields(spec, form.grant).next()).unwrap_or(FieldId::Name)
}

fn is_typed(spec: &PartnerSpec, field: FieldId) -> bool {
    let typed = |input| matches!(input, InputKind::Text | InputKind::Number | InputKind::Secret);
    spec.field(field).is_some_and(|field| typed(field.input) && !field.optional)
}
