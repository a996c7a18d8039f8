//! Step 6: everything once more, before it is saved.

use ratatui::text::{Line, Span};

use super::sheet::Sheet;
use crate::model::check::{Finding, StepId};
use crate::model::checklist::Overall;
use crate::model::connection::Grant;
use crate::model::form::{FieldId, FieldNotice, ValidForm};
use crate::model::lang::Lang;
use crate::model::partner::{FieldSpec, InputKind, PartnerSpec};
use crate::texts::{checklist as items, form as form_words, step, time, wizard as texts};
use crate::ui::app::model::Model;
use crate::ui::app::wizard::{Saving, Wizard};
use crate::ui::tui::theme::Role;
use crate::ui::tui::widgets::text;

/// What was entered, what will happen, and what is worth knowing first.
pub fn write(model: &Model, screen: &Wizard, sheet: &mut Sheet) {
    saving(model.lang, screen, sheet);
    if let (Some(form), Some(spec)) = (&screen.test.subject, &screen.spec) {
        entered(model.lang, form, spec, sheet);
        doubts(model.lang, screen, form, sheet);
        plan(model, screen, form, sheet);
    }
}

/// How far the saving is.
pub fn saving(lang: Lang, screen: &Wizard, sheet: &mut Sheet) {
    match &screen.saving {
        Saving::Idle => {}
        Saving::Running(_) => sheet.wrapped(Role::Accent, 1, &format!("● {}", texts::saving(lang))),
        Saving::Failed(fault) => {
            sheet.fault(lang, fault, 1);
            sheet.gap();
        }
    }
}

/// What was entered, each value whole.
pub fn entered(lang: Lang, form: &ValidForm, spec: &PartnerSpec, sheet: &mut Sheet) {
    for field in spec.fields_for(form.connection.grant) {
        let label = field.label.in_lang(lang);
        let label = format!("   {}  ", text::pad(label, text::width(label).max(18)));
        let value = value(lang, form, spec, field);
        let style = sheet.theme.style(Role::Dim);
        if text::width(&label) + text::width(&value) <= sheet.room {
            sheet.push(Line::from(vec![Span::styled(label, style), Span::raw(value)]));
        } else {
            // It is here to be compared, so nothing of it is cut.
            sheet.push(Line::styled(label.trim_end().to_owned(), style));
            sheet.wrapped(Role::Normal, 3, &value);
        }
    }
}

fn value(lang: Lang, form: &ValidForm, spec: &PartnerSpec, field: &FieldSpec) -> String {
    let connection = &form.connection;
    match field.id {
        FieldId::Name => connection.name.to_string(),
        FieldId::Partner => spec.name.clone(),
        FieldId::ServerUrl => connection.server_url.to_string(),
        FieldId::Username => connection.username.clone(),
        FieldId::Password if form.password.is_none() => texts::left_empty(lang).to_owned(),
        FieldId::Password => format!("●●● {}", texts::password_given(lang)),
        FieldId::ClientId => connection.client_id.clone(),
        FieldId::ClientSecret if form.client_secret.is_none() => texts::left_empty(lang).to_owned(),
        FieldId::ClientSecret => format!("●●● {}", texts::secret_given(lang)),
        FieldId::WorkItems => {
            connection.work_items.iter().map(|kind| step::kind(lang, *kind)).collect::<Vec<_>>().join(", ")
        }
        FieldId::SyncDays => time::days(lang, u64::from(connection.sync_days)),
        FieldId::CreateConfigurationItems if connection.create_configuration_items => texts::on(lang).to_owned(),
        FieldId::CreateConfigurationItems => texts::off(lang).to_owned(),
        FieldId::Grant => chosen(lang, field, connection.grant.id()),
        _ => match connection.detail(field.id) {
            Some(text) if field.input == InputKind::Choice => chosen(lang, field, text),
            Some(text) => text.to_owned(),
            None => texts::left_empty(lang).to_owned(),
        },
    }
}

fn chosen(lang: Lang, field: &FieldSpec, id: &str) -> String {
    let choice = field.choices.iter().find(|choice| choice.id == id);
    choice.map_or(id, |choice| choice.label.in_lang(lang)).to_owned()
}

fn plan(model: &Model, screen: &Wizard, form: &ValidForm, sheet: &mut Sheet) {
    let lang = model.lang;
    sheet.heading(texts::will_happen(lang));
    sheet.bullet(Role::Normal, 3, "·", &stored(lang, form));
    let scope = screen.test.step(StepId::Scope).and_then(|step| step.finding.as_ref());
    let scope = scope.map_or_else(|| texts::scope_unknown(lang).to_owned(), |found| step::finding(lang, found));
    sheet.bullet(Role::Normal, 3, "·", &texts::will_be_synced(lang, &scope));
    let schedule = match model.settings.sync_every_minutes {
        0 => texts::no_schedule(lang).to_owned(),
        1 => texts::schedule_each_minute(lang).to_owned(),
        minutes => texts::schedule(lang, &time::span(lang, u64::from(minutes) * 60)),
    };
    sheet.bullet(Role::Normal, 3, "·", &schedule);
}

/// Where what goes, and what becomes of the password.
fn stored(lang: Lang, form: &ValidForm) -> String {
    let stored = match form.client_secret {
        Some(_) => texts::will_be_stored_with_secret(lang),
        None => texts::will_be_stored(lang),
    };
    match form.password {
        Some(_) => format!("{stored} {}", texts::will_be_dropped(lang)),
        None => stored.to_owned(),
    }
}

/// That the instance allows a sign-in without password and end, where another was chosen.
fn better_grant(lang: Lang, screen: &Wizard, form: &ValidForm) -> Option<String> {
    let finding = screen.test.step(StepId::Release).and_then(|step| step.finding.as_ref());
    let possible = matches!(finding, Some(Finding::ReleaseAndGrant { client_credentials: true, .. }));
    let by_password = form.connection.grant == Grant::Password;
    (possible && by_password).then(|| texts::better_grant(lang).to_owned())
}

/// What the checklist leaves open.
fn checklist(lang: Lang, screen: &Wizard) -> Option<String> {
    match screen.installation.whole.value().map(|whole| whole.overall()) {
        _ if !screen.has_checklist() => None,
        None => Some(texts::checklist_not_seen(lang).to_owned()),
        Some(Overall::Completed) => None,
        Some(overall) => Some(texts::checklist_stands(lang, items::overall(lang, overall))),
    }
}

fn doubts(lang: Lang, screen: &Wizard, form: &ValidForm, sheet: &mut Sheet) {
    let open: Vec<_> = screen.unconfirmed().map(|item| item.title.in_lang(lang)).collect();
    let open = (!open.is_empty()).then(|| texts::unconfirmed(lang, &open.join("; ")));
    let notices =
        form.notices.iter().filter(|(_, notice)| !matches!(notice, FieldNotice::MadeInto(_) | FieldNotice::Trimmed(_)));
    let notices = notices.map(|(_, notice)| form_words::notice(lang, notice));
    let warnings = screen.test.warnings().map(|found| {
        let seen = found.finding.as_ref().map(|finding| step::finding(lang, finding)).unwrap_or_default();
        format!("{}: {seen}", step::title(lang, found.id))
    });
    let all: Vec<_> = warnings
        .chain(checklist(lang, screen))
        .chain(better_grant(lang, screen, form))
        .chain(notices)
        .chain(open)
        .collect();
    if all.is_empty() {
        return;
    }
    sheet.heading(texts::worth_knowing(lang));
    for doubt in all {
        sheet.bullet(Role::Warning, 3, "▲", &doubt);
    }
}
