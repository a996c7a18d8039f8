//! `itsmc ticket list / show / send / retry / dismiss`.

mod send;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::cli::context::Context;
use crate::cli::output::fault_json;
use crate::cli::render::medium::Medium;
use crate::cli::render::table::{Cell, Fit, Piped, Table};
use crate::cli::ticket_args::TicketCommand;
use crate::model::connection::ConnectionName;
use crate::model::fault::Fault;
use crate::model::lang::Lang;
use crate::model::ticket::{OutboxEntry, OutboxState, Subject, TicketRecord, TicketState};
use crate::store::{Store, TicketFilter};
use crate::texts::{fault as faults, ticket as words, time};

pub use send::{carry_out, exit_code, finding_json, lines as report_lines, tell};

/// How much of an id is shown.
const SHORT: usize = 8;

/// Runs one of the commands.
///
/// # Errors
/// As each of them.
pub async fn run(context: &Context, command: TicketCommand) -> Result<u8, Fault> {
    match command {
        TicketCommand::List { connection, state, troubled, limit } => {
            list(context, connection, (state, troubled), limit).await
        }
        TicketCommand::Show { ticket } => show(context, &ticket).await,
        TicketCommand::Send { names } => send::run(context, names).await,
        TicketCommand::Retry { ticket } => retry(context, &ticket).await,
        TicketCommand::Dismiss { ticket } => dismiss(context, &ticket).await,
    }
}

async fn list(
    context: &Context,
    connection: Option<String>,
    (state, troubled): (Option<TicketState>, bool),
    limit: usize,
) -> Result<u8, Fault> {
    let lang = context.output.lang;
    let connection = match connection {
        Some(name) => Some(context.services.connection(&name).await?.name),
        None => None,
    };
    let filtered = connection.is_some() || state.is_some() || troubled;
    let filter = TicketFilter { connection, state, troubled };
    let tickets = context.services.store().await?.tickets(filter, limit).await?;
    if tickets.is_empty() && !context.output.json {
        let text = if filtered { words::none_found(lang) } else { words::none(lang) };
        return context.output.result(&tickets, || vec![text.to_owned()]).map(|()| 0);
    }
    let heads = [words::ticket, words::kind_head, words::state_head, words::subject_head, words::made_head];
    let mut table = Table::new(&heads.map(|head| (head(lang), Fit::Text)), Piped::Tabs);
    for one in &tickets {
        let state = shown_state(lang, one);
        table.row(vec![
            called(one).into(),
            words::kind(lang, one.kind).into(),
            Cell::like(mark(one), state),
            subject(one).into(),
            time::moment_in_list(one.made_at).into(),
        ]);
    }
    let told: Vec<Value> = tickets.iter().map(described).collect();
    context.output.result(&told, || table.take(Medium::stdout()))?;
    Ok(0)
}

async fn show(context: &Context, name: &str) -> Result<u8, Fault> {
    let (lang, store) = (context.output.lang, context.services.store().await?);
    let ticket = named(&store, name).await?;
    let operations = store.operations_of(&ticket.key.id()).await?;
    let mut told = described(&ticket);
    told["operations"] = operations.iter().map(|one| operation_json(lang, one)).collect();
    context.output.result(&told, || whole(lang, &ticket, &operations))?;
    Ok(0)
}

async fn retry(context: &Context, name: &str) -> Result<u8, Fault> {
    let (lang, store) = (context.output.lang, context.services.store().await?);
    let ticket = named(&store, name).await?;
    let again = store.outbox_again(&ticket.key.id(), Timestamp::now()).await?;
    if again.is_empty() {
        return Err(Fault::BadUsage { what: words::nothing_to_retry(lang, &called(&ticket)) });
    }
    let count = again.len() as u64;
    context
        .output
        .result(&json!({ "ticket": ticket.key.id(), "operations": again }), || vec![words::retried(lang, count)])?;
    Ok(0)
}

async fn dismiss(context: &Context, name: &str) -> Result<u8, Fault> {
    let (lang, store) = (context.output.lang, context.services.store().await?);
    let ticket = named(&store, name).await?;
    let dismissed = store.dismiss_doubles(&ticket.key.id()).await? > 0;
    let told = json!({ "ticket": ticket.key.id(), "dismissed": dismissed });
    context.output.result(&told, || match dismissed {
        true => vec![format!("✓ {}", words::double_dismissed(lang, &called(&ticket)))],
        false => vec![words::no_double(lang, &called(&ticket))],
    })?;
    Ok(0)
}

/// The one ticket of this name.
async fn named(store: &Store, name: &str) -> Result<TicketRecord, Fault> {
    let mut found = store.tickets_called(name).await?;
    match found.len() {
        0 => Err(Fault::NoSuchTicket { name: name.to_owned() }),
        1 => Ok(found.remove(0)),
        _ => Err(Fault::SeveralBegin { name: name.to_owned() }),
    }
}

/// What people call it: its number, else the beginning of its id.
fn called(ticket: &TicketRecord) -> String {
    let number = ticket.ticket.as_ref().map(|shown| shown.number.clone()).filter(|number| !number.is_empty());
    number.unwrap_or_else(|| ticket.key.id().chars().take(SHORT).collect())
}

fn subject(ticket: &TicketRecord) -> String {
    let of = match &ticket.key.subject {
        Subject::Alert(id) | Subject::Group(id) => id.clone(),
    };
    match &ticket.key.item {
        Some(item) => format!("{of} ({item})"),
        None => of,
    }
}

fn shown_state(lang: Lang, ticket: &TicketRecord) -> String {
    match &ticket.ticket {
        Some(shown) => words::state(lang, shown.state).to_owned(),
        None => words::not_made(lang).to_owned(),
    }
}

fn mark(ticket: &TicketRecord) -> char {
    match ticket.ticket.as_ref().map(|shown| shown.state) {
        None | Some(TicketState::Gone | TicketState::Unknown) => '!',
        Some(TicketState::Resolved | TicketState::Closed | TicketState::Cancelled) => '●',
        Some(TicketState::New | TicketState::InProgress) => '○',
    }
}

fn whole(lang: Lang, ticket: &TicketRecord, operations: &[OutboxEntry]) -> Vec<String> {
    let mut lines = vec![format!(
        "{} · {} · {} · {}",
        called(ticket),
        ticket.key.connection,
        words::kind(lang, ticket.kind),
        shown_state(lang, ticket)
    )];
    lines.push(words::key(lang, &ticket.key.id()));
    lines.push(words::mark(lang, &ticket.key.correlation()));
    if let Some(shown) = &ticket.ticket {
        lines.extend(shown.assigned_to.as_ref().map(|whom| words::assigned_to(lang, whom)));
        lines.extend(shown.url.clone());
    }
    lines.extend(ticket.taken.as_ref().map(|taken| format!("! {}", words::by_human(lang, &words::taken(lang, taken)))));
    lines.push(words::notes(lang, &ticket.notes.to_string()));
    lines.push(String::new());
    lines.push(words::operations(lang).to_owned());
    lines.extend(operations.iter().flat_map(|one| operation_lines(lang, one, &called(ticket))));
    lines
}

fn operation_lines(lang: Lang, entry: &OutboxEntry, ticket: &str) -> Vec<String> {
    let mark = match entry.state {
        OutboxState::Confirmed => '✓',
        OutboxState::Refused => '✗',
        OutboxState::Unsure => '!',
        OutboxState::Prepared | OutboxState::Sent => '○',
    };
    let at = time::moment_in_list(entry.ended_at.or(entry.sent_at).unwrap_or(entry.prepared_at));
    let mut lines = vec![format!(
        "{mark} {at}  {}: {}",
        words::operation(lang, entry.operation.id()),
        words::outbox(lang, entry.state)
    )];
    lines.extend(entry.fault.as_ref().map(|fault| format!("  {}", faults::summary(lang, fault))));
    lines.extend(entry.findings.iter().map(|found| format!("  {}", words::finding(lang, found))));
    if let Some(next) = entry.not_before.filter(|_| !entry.state.is_final()) {
        lines.push(format!("  {}", words::next_try(lang, &time::until(lang, next, Timestamp::now()))));
    }
    match entry.state {
        OutboxState::Refused => lines.push(format!("  → {}", words::retry(lang, ticket))),
        OutboxState::Unsure => lines.push(format!("  → {}", words::of_unsure(lang, ticket, entry.fault.as_ref()))),
        _ => {}
    }
    lines
}

/// A ticket in JSON.
fn described(ticket: &TicketRecord) -> Value {
    let shown = ticket.ticket.as_ref();
    let subject = match &ticket.key.subject {
        Subject::Alert(id) => json!({ "alert": id }),
        Subject::Group(id) => json!({ "group": id }),
    };
    json!({
        "id": ticket.key.id(),
        "connection": ticket.key.connection,
        "kind": ticket.kind,
        "subject": subject,
        "configuration_item": ticket.key.item,
        "key": ticket.key.correlation(),
        "number": shown.map(|shown| &shown.number),
        "product_id": shown.map(|shown| &shown.id),
        "state": shown.map(|shown| shown.state),
        "assigned_to": shown.and_then(|shown| shown.assigned_to.as_ref()),
        "url": shown.and_then(|shown| shown.url.as_ref()),
        "taken": ticket.taken,
        "notes": ticket.notes,
        "made_at": ticket.made_at,
        "seen_at": ticket.seen_at,
    })
}

fn operation_json(lang: Lang, entry: &OutboxEntry) -> Value {
    let findings: Vec<_> = entry.findings.iter().map(|found| send::finding_json(lang, found)).collect();
    json!({
        "id": entry.id,
        "operation": entry.operation.id(),
        "state": entry.state,
        "attempts": entry.attempts,
        "fault": entry.fault.as_ref().map(|fault| fault_json(lang, fault)),
        "findings": findings,
        "prepared_at": entry.prepared_at,
        "sent_at": entry.sent_at,
        "ended_at": entry.ended_at,
        "not_before": entry.not_before,
    })
}

/// The names of connections as they were given, checked.
async fn chosen(context: &Context, names: Vec<String>) -> Result<Vec<ConnectionName>, Fault> {
    let mut chosen = Vec::new();
    for name in names {
        chosen.push(context.services.connection(&name).await?.name);
    }
    Ok(chosen)
}
