//! `itsmc items`: the stored work items under the column names of `ServiceDesk_CL`.

use std::collections::{BTreeSet, HashSet};
use std::io::{self, Seek, Write};
use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use serde_json::{Map, Value, json};
use tempfile::SpooledTempFile;

use crate::cli::args::ItemsArgs;
use crate::cli::context::Context;
use crate::cli::day;
use crate::cli::output::written;
use crate::cli::render::medium::{Medium, Role};
use crate::cli::render::table::{Cell, Fit, Piped, Table};
use crate::model::clean::clean;
use crate::model::connection::ConnectionName;
use crate::model::fault::Fault;
use crate::model::items::{Assigned, ItemColumn, ItemFilter, KindState, Placed, Seek as From, Sort, Total};
use crate::model::lang::Lang;
use crate::model::priority;
use crate::model::summary::{KindSummary, Summary};
use crate::model::work_item::{Value as Choice, WorkItemKind};
use crate::service::export::{csv_line, guarded_line, json_line};
use crate::service::records::{self, Addresses};
use crate::store::{self, ExportRow};
use crate::texts::connection::table_head as head_of;
use crate::texts::{cli as words, command, number, sweep, time};

/// How many rows people get without asking for more; CSV and JSON give all.
const FOR_PEOPLE: usize = 100;

/// How many rows a terminal gets at a time, in columns of one width.
const BLOCK: usize = 1000;

/// How many known names a notice tells.
const MOST_NAMES: usize = 20;

/// Bytes of a document that wait in memory; more wait in a file without a name.
const IN_MEMORY: usize = 8 << 20;

/// How rows are written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Lines,
    /// For a spreadsheet: what it would take for a formula is made a text.
    Csv,
    /// For machines: as it is stored.
    CsvRaw,
    Json,
}

/// Prints the matching work items, newest change first unless another order is asked for.
///
/// # Errors
/// When a name or kind is unknown, or the store cannot be read.
pub async fn run(context: &Context, args: &ItemsArgs) -> Result<u8, Fault> {
    let connection = match &args.name {
        Some(name) => Some(context.services.connection(name).await?.name),
        None => None,
    };
    let asked = filter(context, connection.as_ref(), args).await?;
    // A script whose variable is empty must not get everything.
    let limit = if args.find.as_ref().is_some_and(|find| find.trim().is_empty()) { Some(0) } else { args.limit };
    let style = match (context.output.json, args.csv, args.csv_raw) {
        (true, ..) => Style::Json,
        (_, _, true) => Style::CsvRaw,
        (_, true, _) => Style::Csv,
        _ => Style::Lines,
    };
    let limit = limit.or((style == Style::Lines).then_some(FOR_PEOPLE)).map(|limit| limit as u64);
    let columns = columns(context.output.lang, args)?;
    let addresses = Addresses::of_all(&context.services, connection.as_ref()).await?;
    if args.web {
        return open_one(context, connection.as_ref(), asked.filter, &addresses).await;
    }
    let for_terminal = style == Style::Lines && Medium::stdout().width.is_some();
    let closed = match for_terminal && limit != Some(0) {
        true => closed(context, connection.as_ref(), &asked.filter, limit).await?,
        false => HashSet::new(),
    };
    let shape = Shape { style, columns, addresses, closed };
    let given = print(context, connection.as_ref(), asked.filter.clone(), shape, limit).await?;
    asked.unknown.iter().for_each(|notice| context.output.say(notice));
    if (args.limit.is_none() || for_terminal) && given > 0 && limit == Some(given) {
        let more = more(context, connection.as_ref(), asked.filter, given).await?;
        more.iter().for_each(|more| context.output.say(more));
    }
    if given == 0 && style == Style::Lines && limit != Some(0) {
        context.output.say(command::no_items(context.output.lang));
    }
    Ok(0)
}

/// Opens the one work item that matches in the browser.
async fn open_one(
    context: &Context,
    connection: Option<&ConnectionName>,
    filter: ItemFilter,
    addresses: &Addresses,
) -> Result<u8, Fault> {
    let lang = context.output.lang;
    let found = Arc::new(Mutex::new(None));
    let first = found.clone();
    let each = move |row: &ExportRow| first.lock().map(|mut first| *first = Some(row.clone())).is_ok();
    let count = context.services.store().await?.export(connection, filter, Some(2), each).await?;
    let row = found.lock().map_err(poisoned)?.take().filter(|_| count == 1);
    let Some(row) = row else { return Err(Fault::BadUsage { what: words::web_needs_one(lang).to_owned() }) };
    let Some(address) = addresses.of_row(&row) else {
        return Err(Fault::BadUsage { what: words::web_has_none(lang).to_owned() });
    };
    if !records::open(address.clone()).await? {
        context.output.say(words::web_no_browser(lang));
    }
    written(writeln!(io::stdout().lock(), "{address}")).map(|()| 0)
}

/// Those of the first `limit` work items that are closed or removed, by their connection and their id in the product: the
/// rows that are printed do not tell.
async fn closed(
    context: &Context,
    connection: Option<&ConnectionName>,
    filter: &ItemFilter,
    limit: Option<u64>,
) -> Result<HashSet<(String, String)>, Fault> {
    let (store, mut closed, mut from) = (context.services.store().await?, HashSet::new(), From::First);
    let mut left = limit.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap_or(usize::MAX));
    loop {
        let window = store.items(connection, filter.clone(), from, left.min(BLOCK)).await?;
        left = left.saturating_sub(window.rows.len());
        let next = window.rows.last().filter(|_| left > 0 && !window.at_end).map(|last| From::After(last.key()));
        let over = window.rows.into_iter().filter(|row| !row.open || row.removed_at.is_some());
        closed.extend(over.map(|row| (row.connection, row.source_id)));
        match next {
            Some(next) => from = next,
            None => return Ok(closed),
        }
    }
}

/// Of how many these were the first; `None` where these are all.
async fn more(
    context: &Context,
    connection: Option<&ConnectionName>,
    filter: ItemFilter,
    given: u64,
) -> Result<Option<String>, Fault> {
    let lang = context.output.lang;
    let shown = number::grouped(lang, given);
    let window = context.services.store().await?.items(connection, filter, From::First, 1).await?;
    Ok(match window.total {
        Total::Exactly(total) if total <= given => None,
        Total::Exactly(total) => Some(command::shown_of(lang, &shown, &number::grouped(lang, total))),
        Total::AtLeast(total) => Some(command::shown_of_more(lang, &shown, &number::grouped(lang, total.max(given)))),
    })
}

/// What is printed of each row, and how.
struct Shape {
    style: Style,
    /// The columns that were asked for, or for people the usual ones.
    columns: Option<Vec<Shown>>,
    /// Where each work item stands in its product's own screens.
    addresses: Addresses,
    /// Those that are closed or removed, for a terminal.
    closed: HashSet<(String, String)>,
}

async fn print(
    context: &Context,
    connection: Option<&ConnectionName>,
    filter: ItemFilter,
    shape: Shape,
    limit: Option<u64>,
) -> Result<u64, Fault> {
    // A document is printed whole or not at all, so that a fault half-way is the only document.
    let spool = (shape.style == Style::Json).then(|| tempfile::spooled_tempfile(IN_MEMORY));
    let lang = context.output.lang;
    let table = table(lang, shape.columns.as_deref().unwrap_or(&USUAL));
    let printer = Printer { shape, lang, given: 0, outcome: Ok(()), spool, table, now: Timestamp::now() };
    let printer = Arc::new(Mutex::new(printer));
    printer.lock().map_err(poisoned)?.head();
    let rows = printer.clone();
    let each = move |row: &ExportRow| rows.lock().is_ok_and(|mut printer| printer.row(row));
    let given = context.services.store().await?.export(connection, filter, limit, each).await?;
    let mut printer = printer.lock().map_err(poisoned)?;
    printer.foot();
    let outcome = std::mem::replace(&mut printer.outcome, Ok(()));
    match printer.spool.take() {
        Some(spool) => {
            outcome.map_err(|error| Fault::from_io(&std::env::temp_dir(), &error))?;
            print_spool(spool).map(|()| given)
        }
        None => written(outcome).map(|()| given),
    }
}

fn print_spool(mut spool: SpooledTempFile) -> Result<(), Fault> {
    spool.rewind().map_err(|error| Fault::from_io(&std::env::temp_dir(), &error))?;
    written(io::copy(&mut spool, &mut io::stdout().lock()).map(|_| ()))
}

fn poisoned<T>(_: T) -> Fault {
    Fault::Internal { what: "items".to_owned() }
}

/// Writes rows as they come; the first error of stdout ends it.
struct Printer {
    shape: Shape,
    lang: Lang,
    given: u64,
    outcome: io::Result<()>,
    /// Where a document waits until it is whole; other styles go straight to stdout.
    spool: Option<SpooledTempFile>,
    /// The lines for people that are not printed yet.
    table: Table,
    now: Timestamp,
}

impl Printer {
    fn head(&mut self) {
        let text = match self.shape.style {
            Style::Csv | Style::CsvRaw => csv_line(store::column_names()),
            Style::Json => "[".to_owned(),
            Style::Lines => return,
        };
        self.put(&text);
    }

    fn put(&mut self, text: &str) {
        self.outcome = match &mut self.spool {
            Some(spool) => spool.write_all(text.as_bytes()),
            None => io::stdout().lock().write_all(text.as_bytes()),
        };
    }

    fn row(&mut self, row: &ExportRow) -> bool {
        let (first, addresses) = (self.given == 0, &self.shape.addresses);
        let text = match (self.shape.style, &self.shape.columns) {
            (Style::Csv, _) => guarded_line(row),
            (Style::CsvRaw, _) => csv_line(row.iter().map(|value| value.as_deref().unwrap_or_default())),
            (Style::Json, None) => json_line(row, addresses.of_row(row), first),
            (Style::Json, Some(columns)) => {
                let keys =
                    columns.iter().map(|column| (column.id().to_owned(), json!(stored(*column, row, addresses))));
                format!("{}\n{}", if first { "" } else { "," }, Value::Object(keys.collect::<Map<_, _>>()))
            }
            (Style::Lines, _) => return self.line(row),
        };
        self.given += 1;
        self.put(&text);
        self.outcome.is_ok()
    }

    /// Columns are as wide as the rows of a block need; a pipe gets each row at once.
    fn line(&mut self, row: &ExportRow) -> bool {
        let medium = Medium::stdout();
        let now = medium.width.map(|_| self.now);
        let (lang, Shape { columns, addresses, closed, .. }) = (self.lang, &self.shape);
        let is_closed = !closed.is_empty() && closed.contains(&(of(row, CONNECTION), of(row, SOURCE_ID)));
        let cell = |column: &Shown| cell(lang, *column, row, addresses, (now, is_closed));
        self.table.row(columns.as_deref().unwrap_or(&USUAL).iter().map(cell).collect());
        self.given += 1;
        if medium.width.is_none() || self.table.len() == BLOCK {
            self.flush();
        }
        self.outcome.is_ok()
    }

    fn flush(&mut self) {
        let lines = self.table.take(Medium::stdout());
        if !lines.is_empty() {
            self.put(&(lines.join("\n") + "\n"));
        }
    }

    fn foot(&mut self) {
        if self.outcome.is_ok() && !self.table.is_empty() {
            self.flush();
        }
        if self.shape.style == Style::Json && self.outcome.is_ok() {
            self.put(if self.given == 0 { "]\n" } else { "\n]\n" });
        }
    }
}

/// A column that can be asked for: one of the table's, the connection, or the address of the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    Connection,
    Address,
    Column(ItemColumn),
}

impl Shown {
    /// Its name in commands, and its key in JSON.
    fn id(self) -> &'static str {
        match self {
            Self::Connection => "connection",
            Self::Address => "url",
            Self::Column(column) => column.id(),
        }
    }
}

/// The columns for people where none are asked for.
const USUAL: [Shown; 7] = [
    Shown::Connection,
    Shown::Column(ItemColumn::Kind),
    Shown::Column(ItemColumn::Number),
    Shown::Column(ItemColumn::State),
    Shown::Column(ItemColumn::Priority),
    Shown::Column(ItemColumn::Changed),
    Shown::Column(ItemColumn::Title),
];

/// The columns that were asked for, in their order.
fn columns(lang: Lang, args: &ItemsArgs) -> Result<Option<Vec<Shown>>, Fault> {
    let all = || [Shown::Connection, Shown::Address].into_iter().chain(ItemColumn::ALL.map(Shown::Column));
    let one = |name: &str| {
        let known = || all().map(Shown::id).collect::<Vec<_>>().join(", ");
        let unknown = || Fault::BadUsage { what: words::unknown_column(lang, &clean(name, false), &known()) };
        all().find(|column| column.id() == name).ok_or_else(unknown)
    };
    let list = args.columns.as_ref();
    list.map(|list| list.split(',').map(str::trim).filter(|name| !name.is_empty()).map(one).collect()).transpose()
}

fn table(lang: Lang, columns: &[Shown]) -> Table {
    let head = |column: &Shown| match column {
        Shown::Connection => (command::connection(lang), Fit::Text),
        Shown::Address => ("URL", Fit::Text),
        Shown::Column(ItemColumn::Kind) => (command::kind(lang), Fit::Text),
        Shown::Column(ItemColumn::Number) => (command::number(lang), Fit::Text),
        Shown::Column(ItemColumn::State) => (command::state(lang), Fit::Text),
        Shown::Column(ItemColumn::Priority) => (command::priority(lang), Fit::Text),
        Shown::Column(ItemColumn::Changed) => (command::changed(lang), Fit::Text),
        Shown::Column(ItemColumn::Title) => (command::title(lang), Fit::Prose),
        Shown::Column(other) => (head_of(lang, *other), Fit::Text),
    };
    Table::new(&columns.iter().map(head).collect::<Vec<_>>(), Piped::Tabs)
}

/// The columns that name a work item wherever it is.
const CONNECTION: &[&str] = &["ServiceDeskConnectionName_s"];
const SOURCE_ID: &[&str] = &["ServiceDeskSourceId_s"];

/// What a row has in the first of these columns that has anything; `None` where none has.
fn stored_in(row: &ExportRow, wanted: &[&str]) -> Option<String> {
    let named = store::column_names().zip(row).filter(|(name, _)| wanted.contains(name));
    named.filter_map(|(_, value)| value.clone()).next()
}

/// The same; empty where none has.
fn of(row: &ExportRow, wanted: &[&str]) -> String {
    stored_in(row, wanted).unwrap_or_default()
}

/// What is stored of a row in a column that can be asked for.
fn stored(column: Shown, row: &ExportRow, addresses: &Addresses) -> Option<String> {
    let column = match column {
        Shown::Connection => return stored_in(row, CONNECTION),
        Shown::Address => return addresses.of_row(row),
        Shown::Column(column) => column,
    };
    match column {
        ItemColumn::Kind => stored_in(row, &["ServiceDeskWorkItemType_s"]).map(kind_of),
        ItemColumn::Number => stored_in(row, &["ServiceDeskId_s"]),
        ItemColumn::Title => stored_in(row, &["Title_s"]),
        ItemColumn::State => stored_in(row, &["IncidentState_s", "CRState_s"]),
        ItemColumn::Priority => stored_in(row, &["Priority_s"]),
        ItemColumn::Assignee => stored_in(row, &["AssignedTo_s"]),
        ItemColumn::Group => stored_in(row, &["AssignmentGroup_s"]),
        ItemColumn::Computer => stored_in(row, &["Computer"]),
        ItemColumn::Opened => stored_in(row, &["CreatedDate_t"]),
        ItemColumn::Changed => stored_in(row, &["LastModifiedDate_t"]),
    }
}

/// What stands in a column of a row to read, in the colours of the screens: a closed row is dim, and the highest priority of
/// an open one stands out. A removed item bears its mark where others have their state. Times are told by their distance to
/// `now`, or as times for a script.
fn cell(
    lang: Lang,
    column: Shown,
    row: &ExportRow,
    addresses: &Addresses,
    (now, is_closed): (Option<Timestamp>, bool),
) -> Cell {
    let text = stored(column, row, addresses).unwrap_or_default();
    let text = match column {
        Shown::Column(ItemColumn::State) if stored_in(row, &["RemovedDate_t"]).is_some() => {
            return Cell::of(Role::Dim, sweep::removed_mark(lang));
        }
        Shown::Column(ItemColumn::Opened | ItemColumn::Changed) => {
            now.and_then(|now| Some(time::ago(lang, text.parse::<Timestamp>().ok()?, now))).unwrap_or(text)
        }
        _ => text,
    };
    let is_urgent =
        column == Shown::Column(ItemColumn::Priority) && priority::is_most_urgent(&Choice::plain(text.as_str()));
    match (is_closed, is_urgent) {
        (true, _) => Cell::of(Role::Dim, text),
        (false, true) => Cell::of(Role::Warning, text),
        (false, false) => text.into(),
    }
}

/// The kind as commands name it.
fn kind_of(kind: String) -> String {
    match kind.as_str() {
        "Incident" => WorkItemKind::Incident.id().to_owned(),
        "ChangeRequest" => WorkItemKind::ChangeRequest.id().to_owned(),
        _ => kind,
    }
}

/// What is asked of the store, and what of it no stored work item has.
struct Asked {
    filter: ItemFilter,
    unknown: Vec<String>,
}

async fn filter(context: &Context, connection: Option<&ConnectionName>, args: &ItemsArgs) -> Result<Asked, Fault> {
    let lang = context.output.lang;
    let kinds = args.kind.iter().map(|kind| known_kind(lang, kind)).collect::<Result<Vec<_>, _>>()?;
    let by_label = !args.state.is_empty() || !args.priority.is_empty();
    let summaries = if by_label { summaries(context, connection).await? } else { Vec::new() };
    let wanted = if kinds.is_empty() { WorkItemKind::ALL.to_vec() } else { kinds.clone() };
    let known = Known { lang, summaries: &summaries, kinds: &wanted };
    let mut unknown = Vec::new();
    let states: Vec<_> = args.state.iter().flat_map(|given| known.states(given, &mut unknown)).collect();
    let priorities = args.priority.iter().flat_map(|given| known.priorities(given, &mut unknown)).collect();
    let by_name = !args.group.is_empty() || !args.assignee.is_empty();
    let assigned =
        if by_name { context.services.store().await?.assigned(connection).await? } else { Assigned::default() };
    let mut named = |given: &[String], known: &[(String, u64)], notice: fn(Lang, &str, &str) -> String| {
        let one = |name: &String| {
            let found = same_names(known, name);
            if found.is_empty() && !name.is_empty() {
                unknown.push(notice(lang, &clean(name, false), &known_names(lang, known)));
            }
            // Of those that were removed it is not known whom they were assigned to.
            if found.is_empty() { vec![name.clone()] } else { found }
        };
        given.iter().flat_map(one).collect::<Vec<_>>()
    };
    let groups = named(&args.group, &assigned.groups, command::unknown_group);
    let assignees = named(&args.assignee, &assigned.assignees, command::unknown_assignee);
    let (opened_since, opened_before) = opened(lang, args)?;
    let column = args.sort.as_deref().and_then(ItemColumn::from_id).unwrap_or_default();
    let filter = ItemFilter {
        removed: args.removed.then_some(true),
        kinds: with_states(kinds, &states),
        states,
        priorities,
        groups,
        assignees,
        opened_since,
        opened_before,
        open: (args.open || args.closed).then_some(args.open),
        find: args.find.clone().unwrap_or_default(),
        sort: Sort { column, reversed: args.reverse },
    };
    // The counts leave removed items out, so of those it is not known which states they have.
    Ok(Asked { filter, unknown: if args.removed { Vec::new() } else { unknown } })
}

/// The names that are written like this one, else those that differ from it only in the case of letters.
fn same_names(known: &[(String, u64)], given: &str) -> Vec<String> {
    let of = |same: &dyn Fn(&str) -> bool| -> Vec<String> {
        known.iter().map(|(name, _)| name).filter(|name| same(name)).cloned().collect()
    };
    let (exact, lower) = (of(&|name| name == given), given.to_lowercase());
    if exact.is_empty() { of(&|name| name.to_lowercase() == lower) } else { exact }
}

/// The known names in a sentence; of many those that most work items have.
fn known_names(lang: Lang, known: &[(String, u64)]) -> String {
    let mut names: Vec<_> = known.iter().filter(|(name, _)| !name.is_empty()).collect();
    let others = names.len().saturating_sub(MOST_NAMES);
    if others > 0 {
        names.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        names.truncate(MOST_NAMES);
    }
    let names: Vec<_> = names.into_iter().map(|(name, _)| clean(name, false)).collect();
    match (names.is_empty(), others) {
        (true, _) => "–".to_owned(),
        (false, 0) => names.join(", "),
        (false, others) => command::and_others(lang, &names.join(", "), others),
    }
}

/// When the items were opened: from the first moment on, and before the second.
fn opened(lang: Lang, args: &ItemsArgs) -> Result<(Option<Timestamp>, Option<Timestamp>), Fault> {
    let read = |option: &str, given: &Option<String>| {
        let none = |text: &str| Fault::BadUsage { what: words::no_date(lang, option, &clean(text, false)) };
        given
            .as_deref()
            .map(|text| day::read(text, Timestamp::now(), &time::zone()).ok_or_else(|| none(text)))
            .transpose()
    };
    let (since, until) = (read("--since", &args.since)?, read("--until", &args.until)?);
    let (since, until) = (since.map(|span| span.start), until.map(|span| span.end));
    match (since, until) {
        (Some(since), Some(until)) if since >= until => Err(Fault::BadUsage { what: words::no_span(lang).to_owned() }),
        span => Ok(span),
    }
}

/// The states and priorities that stored work items have.
struct Known<'a> {
    lang: Lang,
    summaries: &'a [Summary],
    /// The kinds that are asked for.
    kinds: &'a [WorkItemKind],
}

impl Known<'_> {
    fn of(&self, wanted: WorkItemKind) -> Vec<&KindSummary> {
        let all = self.summaries.iter().flat_map(|summary| &summary.kinds);
        all.filter(|(kind, _)| **kind == wanted).map(|(_, counts)| counts).collect()
    }

    fn all(&self) -> Vec<&KindSummary> {
        self.kinds.iter().flat_map(|kind| self.of(*kind)).collect()
    }

    /// The state of each kind that it may be of. A kind without it has no item in it, and a word that no label has is looked
    /// for as it stands.
    fn states(&self, given: &str, unknown: &mut Vec<String>) -> Vec<KindState> {
        let (named, name) = of_kind(given);
        let among = self.kinds.iter().copied().filter(|kind| named.is_none_or(|named| named == *kind));
        let value = |kind| value_of(&self.of(kind), name, |kind| &kind.by_state);
        let found: Vec<_> = among.map(|kind| (kind, value(kind))).collect();
        if found.iter().all(|(_, value)| value.is_none()) {
            let labels = labels(&self.all(), |kind| &kind.by_state);
            unknown.push(command::unknown_state(self.lang, &clean(name, false), &labels));
        }
        let state = |(kind, value): (_, Option<String>)| KindState { kind, value: value.unwrap_or(name.to_owned()) };
        found.into_iter().map(state).collect()
    }

    fn priorities(&self, given: &str, unknown: &mut Vec<String>) -> Vec<String> {
        let values = self.kinds.iter().filter_map(|kind| value_of(&self.of(*kind), given, |kind| &kind.by_priority));
        let values: BTreeSet<_> = values.collect();
        if values.is_empty() {
            let labels = labels(&self.all(), |kind| &kind.by_priority);
            unknown.push(command::unknown_priority(self.lang, &clean(given, false), &labels));
            return vec![given.to_owned()];
        }
        values.into_iter().collect()
    }
}

/// The kinds that were asked for. Where only some of them have a state that is asked for, the others have no item in it.
fn with_states(mut kinds: Vec<WorkItemKind>, states: &[KindState]) -> Vec<WorkItemKind> {
    if !states.is_empty() {
        kinds.retain(|kind| states.iter().any(|state| state.kind == *kind));
    }
    kinds
}

fn known_kind(lang: Lang, kind: &str) -> Result<WorkItemKind, Fault> {
    WorkItemKind::from_id(kind).ok_or_else(|| Fault::BadUsage { what: words::unknown_kind(lang, kind) })
}

/// A state, and the kind that stands before it, if one does.
fn of_kind(given: &str) -> (Option<WorkItemKind>, &str) {
    let split =
        given.split_once(':').and_then(|(kind, state)| Some((WorkItemKind::from_id(kind.trim())?, state.trim())));
    split.map_or((None, given), |(kind, state)| (Some(kind), state))
}

async fn summaries(context: &Context, connection: Option<&ConnectionName>) -> Result<Vec<Summary>, Fault> {
    let names = context.services.names().await?;
    let mut summaries = Vec::new();
    for name in names.iter().filter(|name| connection.is_none_or(|wanted| wanted == *name)) {
        summaries.push(context.services.store().await?.summary(name, Timestamp::now()).await?);
    }
    Ok(summaries)
}

/// States or priorities with their counts.
type Choices = fn(&KindSummary) -> &Vec<(Choice, u64)>;

/// What the product stores for a label that people know; `None` where it is neither a stored value nor a label.
fn value_of(kinds: &[&KindSummary], given: &str, choices: Choices) -> Option<String> {
    let all = || kinds.iter().flat_map(|kind| choices(kind)).map(|(choice, _)| choice);
    if all().any(|choice| choice.value == given) {
        return Some(given.to_owned());
    }
    all().find(|choice| choice.shown().eq_ignore_ascii_case(given)).map(|choice| choice.value.clone())
}

/// The labels that stored work items have, each once.
fn labels(kinds: &[&KindSummary], choices: Choices) -> String {
    let all: BTreeSet<_> = kinds.iter().flat_map(|kind| choices(kind)).map(|(choice, _)| choice.shown()).collect();
    if all.is_empty() { "–".to_owned() } else { all.into_iter().collect::<Vec<_>>().join(", ") }
}
