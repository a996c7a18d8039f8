//! `itsmc checklist`: the installation checklist, checked as the integration user or as an admin, and its fixes.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::cli::args::ChecklistArgs;
use crate::cli::ask::confirmed;
use crate::cli::command::token::with_admin;
use crate::cli::context::Context;
use crate::cli::output::fault_lines;
use crate::cli::render::medium::Medium;
use crate::cli::render::table::{Cell, Fit, Piped, Table};
use crate::cli::secrets::AdminSecrets;
use crate::model::check::Status;
use crate::model::checklist::{Checklist, ChecklistItem, ItemId, Overall, Subject};
use crate::model::clean::clean;
use crate::model::confirmation::{Confirmation, ConfirmationState};
use crate::model::connection::ConnectionName;
use crate::model::fault::Fault;
use crate::model::fix::{Change, Done, Fix};
use crate::model::lang::Lang;
use crate::service::{administration, confirmations};
use crate::texts::fault::At;
use crate::texts::{checklist as item_words, cli as words, command, frame, number, step as step_words};

/// Exit code while it is not completed, or that cannot be told.
const FINDINGS: u8 = 8;

/// Looks at the checklist, and fixes what an admin confirms.
///
/// # Errors
/// When there is no such connection, the admin's sign-in is refused, or a fix fails.
pub async fn run(context: &Context, args: &ChecklistArgs) -> Result<u8, Fault> {
    let name = context.services.connection(&context.named(args.name.clone()).await?).await?.name;
    let secrets = AdminSecrets::read(context.output, args.admin.secrets_stdin)?;
    with_admin(context, &name, &args.admin, &secrets, look_and_fix(context, &name, args, &secrets)).await
}

async fn look_and_fix(
    context: &Context,
    name: &ConnectionName,
    args: &ChecklistArgs,
    secrets: &AdminSecrets,
) -> Result<u8, Fault> {
    for item in ids(&args.unconfirm)? {
        confirmations::withdraw(&context.services, name, &item).await?;
    }
    let mut checklist = administration::checklist(&context.services, name, |_| {}).await?;
    confirm(context, name, &mut checklist, &ids(&args.confirm)?).await?;
    let mut done = Vec::new();
    if args.fix {
        for fix in checklist.fixes() {
            done.extend(fix_one(context, name, &fix, args.yes, secrets).await?);
        }
        checklist = administration::checklist(&context.services, name, |_| {}).await?;
    }
    for item in requests(args)? {
        test(context, name, &mut checklist, &item).await?;
    }
    let lang = context.output.lang;
    if args.ask && !context.output.json {
        let letter = item_words::letter(lang, &checklist);
        context.output.line(letter.as_deref().unwrap_or(words::nothing_to_ask(lang)))?;
    } else {
        context.output.result(&json(lang, &checklist, &done), || lines(lang, &checklist))?;
    }
    Ok(if checklist.overall() == Overall::Completed { 0 } else { FINDINGS })
}

fn ids(given: &[String]) -> Result<Vec<ItemId>, Fault> {
    let unknown = |what| Fault::BadUsage { what };
    given.iter().map(|id| ItemId::try_from(clean(id, false)).map_err(unknown)).collect()
}

fn requests(args: &ChecklistArgs) -> Result<Vec<ItemId>, Fault> {
    let short = args.web_app_test.then(|| "web_app_test".to_owned());
    ids(&args.test.iter().cloned().chain(short).collect::<Vec<_>>())
}

/// Keeps what the admin says, all of it or, where one item is not to be confirmed, nothing.
async fn confirm(
    context: &Context,
    name: &ConnectionName,
    checklist: &mut Checklist,
    items: &[ItemId],
) -> Result<(), Fault> {
    if items.is_empty() {
        return Ok(());
    }
    let lang = context.output.lang;
    let at = Timestamp::now();
    let mut said = Vec::new();
    for id in items {
        let known = || checklist.items.iter().map(|item| item.id.to_string()).collect::<Vec<_>>().join(", ");
        let none = || Fault::BadUsage { what: words::no_such_item(lang, &id.to_string(), &known()) };
        let item = checklist.item(id).ok_or_else(none)?;
        if !(item.can_be_confirmed() || item.is_confirmed()) {
            let seen = format!("{}: {}", step_words::status(lang, item.status), item_words::seen(lang, item));
            return Err(Fault::BadUsage { what: words::not_to_confirm(lang, &id.to_string(), &seen) });
        }
        said.push(Confirmation { item: id.clone(), at, basis: item.basis.clone() });
    }
    for said in confirmations::confirm(&context.services, name, said).await? {
        if let Some(item) = checklist.item_mut(&said.item) {
            item.clear_confirmation();
            item.apply_confirmation(&said, &said.basis);
        }
    }
    Ok(())
}

/// Makes a test that is made on request only, after saying what is sent to whom.
async fn test(context: &Context, name: &ConnectionName, checklist: &mut Checklist, id: &ItemId) -> Result<(), Fault> {
    let lang = context.output.lang;
    let said = checklist.item(id).and_then(|item| item.on_request.clone());
    let none = || Fault::BadUsage { what: words::no_such_test(lang, &id.to_string()) };
    context.output.say(said.ok_or_else(none)?.in_lang(lang));
    let tested = administration::on_request(&context.services, name, id).await?;
    if let Some(item) = checklist.item_mut(id) {
        *item = tested;
    }
    Ok(())
}

/// Shows the exact changes, asks, makes them, and tells what was read back.
async fn fix_one(
    context: &Context,
    name: &ConnectionName,
    fix: &Fix,
    yes: bool,
    secrets: &AdminSecrets,
) -> Result<Option<Done>, Fault> {
    let changes = administration::preview(&context.services, name, fix).await?;
    for change in &changes {
        context.output.say(&format!("  {}", change_line(change)));
    }
    if changes.is_empty() || !(yes || confirmed(context, words::fix_question(context.output.lang))?) {
        return Ok(None);
    }
    let password = match fix {
        Fix::CreateUser { user_name } => {
            Some(secrets.get("user_password", &words::ask_new_password(context.output.lang, user_name))?)
        }
        Fix::FreeUser { .. } | Fix::GrantRoles { .. } | Fix::SetLifespan { .. } => None,
    };
    let done = administration::apply(&context.services, name, fix, password).await?;
    context.output.say(&format!("✓ {}", done.changes.iter().map(change_line).collect::<Vec<_>>().join(", ")));
    Ok(Some(done))
}

fn change_line(change: &Change) -> String {
    let before = change.before.as_deref().unwrap_or("–");
    format!("{} · {} · {}: {before} → {}", change.table, change.record, change.column, change.after)
}

fn json(lang: Lang, checklist: &Checklist, done: &[Done]) -> Value {
    let steps: Vec<_> = checklist.items.iter().map(|item| json_item(lang, &checklist.subject, item)).collect();
    json!({
        "connection": checklist.subject.connection,
        "status": checklist.overall(),
        "seen_by": checklist.seen_by,
        "passed": checklist.overall() == Overall::Completed,
        "steps": steps,
        "fixed": done,
        "letter": item_words::letter(lang, checklist),
    })
}

fn json_item(lang: Lang, subject: &Subject, item: &ChecklistItem) -> Value {
    json!({
        "id": item.id,
        "status": item.status.id(),
        "summary": summary(lang, item),
        "remedy": item_words::remedy(lang, subject, item, At::Saved),
        "evidence": item.evidence,
        "link": item.link,
        "fix": item.fix,
        "confirmation": confirmation(item),
        "on_request": item.on_request.is_some(),
        "fault": item.fault.as_ref().map(Fault::code),
        "millis": item.millis,
    })
}

/// When the admin said so, and whether that stands or what is another since.
fn confirmation(item: &ChecklistItem) -> Option<Value> {
    item.confirmation.as_ref().map(|said| match said {
        ConfirmationState::Valid { at } => json!({ "at": at, "valid": true, "changed": [] }),
        ConfirmationState::Invalidated { at, changed } => json!({ "at": at, "valid": false, "changed": changed }),
    })
}

fn summary(lang: Lang, item: &ChecklistItem) -> String {
    item_words::summary(lang, item)
}

fn lines(lang: Lang, checklist: &Checklist) -> Vec<String> {
    let heads = [("", Fit::Text), (command::item(lang), Fit::Text), (command::state(lang), Fit::Text)];
    let mut table = Table::new(&[&heads[..], &[(command::found(lang), Fit::Prose)]].concat(), Piped::Columns);
    let mut told: Vec<&Fault> = Vec::new();
    for item in &checklist.items {
        // What keeps several items from being checked is told once.
        let again = item.fault.as_ref().is_some_and(|fault| told.contains(&fault));
        table.row(item_cells(lang, item, again));
        table.below(item_lines(lang, &checklist.subject, item, again));
        told.extend(&item.fault);
    }
    let mut lines = table.take(Medium::stdout());
    lines.push(overall(lang, checklist));
    lines
}

/// The state of the whole, and how many items are done.
fn overall(lang: Lang, checklist: &Checklist) -> String {
    let done = |item: &&ChecklistItem| matches!(item.status, Status::Passed | Status::Confirmed | Status::Skipped);
    let mark = if checklist.overall() == Overall::Completed { '✓' } else { '▲' };
    let [done, all] = [checklist.items.iter().filter(done).count(), checklist.items.len()]
        .map(|count| number::grouped(lang, count as u64));
    format!("{mark} {} ({})", item_words::overall(lang, checklist.overall()), frame::of(lang, &done, &all))
}

fn item_cells(lang: Lang, item: &ChecklistItem, told: bool) -> Vec<Cell> {
    let mark = crate::cli::command::test::mark(item.status);
    let summary = if told { words::same_reason(lang).to_owned() } else { summary(lang, item) };
    let status = Cell::like(mark, step_words::status(lang, item.status));
    vec![Cell::mark(mark), item_words::heading(lang, item).into(), status, summary.into()]
}

/// What stands below an item that is not done: its fault and what to do.
fn item_lines(lang: Lang, subject: &Subject, item: &ChecklistItem, told: bool) -> Vec<String> {
    let mut lines = Vec::new();
    if told || matches!(item.status, Status::Passed | Status::Confirmed | Status::Skipped) {
        return lines;
    }
    let remedy = item_words::remedy(lang, subject, item, At::Saved);
    if let Some(fault) = &item.fault {
        let mut of_fault = fault_lines(lang, fault);
        // The remedy of the item is the fault's, or fits better.
        of_fault.pop();
        lines.extend(of_fault.into_iter().map(|line| format!("  {line}")));
    }
    lines.extend(remedy.map(|remedy| format!("  → {remedy}")));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::fault::FormProblem;
    use crate::model::form::{FieldId, FieldProblem};

    #[test]
    fn m8_a_fault_of_several_items_is_told_once() {
        let problem =
            FormProblem { field: Some(FieldId::Tenant), key: None, problem: FieldProblem::BadCharacters, line: None };
        let mut checklist = crate::ui::app::testing::checklist();
        for item in &mut checklist.items {
            item.status = Status::Failed;
            item.finding = None;
            item.confirmation = None;
            item.fault = Some(Fault::BadForm { problems: vec![problem.clone()] });
        }
        let lines = lines(Lang::En, &checklist).join("\n");
        assert_eq!(lines.matches("line breaks").count(), 1, "{lines}");
        assert_eq!(lines.matches("→").count(), 1, "{lines}");
        assert_eq!(lines.matches("for the same reason").count(), checklist.items.len() - 1, "{lines}");
    }
}
