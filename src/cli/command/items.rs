//! `itsmc items`: the stored work items under the column names of `ServiceDesk_CL`.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::{self, Seek, Write};
use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use serde_json::{Map, Value, json};
use tempfile::SpooledTempFile;

use crate::cli::args::ItemsArgs;
use crate::cli::context::Context;
use crate::cli::output::written;
use crate::cli::render::medium::{Medium, Role};
use crate::cli::render::table::{Cell, Fit, Piped, Table};
use crate::model::clean::clean;
use crate::model::connection::ConnectionName;
use crate::model::fault::Fault;
use crate::model::items::{ItemFilter, Seek as From, Total};
use crate::model::lang::Lang;
use crate::model::summary::{KindSummary, Summary};
use crate::model::work_item::{Value as Choice, WorkItemKind};
use crate::store::{self, ExportRow};
use crate::texts::{cli as words, command, number, sweep, time};

/// How many rows people get without asking for more; CSV and JSON give all.
const FOR_PEOPLE: usize = 100;

/// How many rows a terminal gets at a time, in columns of one width.
const BLOCK: usize = 1000;

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

/// Prints the matching work items, newest change first.
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
    let given = print(context, connection.as_ref(), asked.filter.clone(), style, limit).await?;
    asked.unknown.iter().for_each(|notice| context.output.say(notice));
    if args.limit.is_none() && given > 0 && limit == Some(given) {
        context.output.say(&more(context, connection.as_ref(), asked.filter, given).await?);
    }
    if given == 0 && style == Style::Lines && limit != Some(0) {
        context.output.say(command::no_items(context.output.lang));
    }
    Ok(0)
}

/// Of how many these were the first.
async fn more(
    context: &Context,
    connection: Option<&ConnectionName>,
    filter: ItemFilter,
    given: u64,
) -> Result<String, Fault> {
    let lang = context.output.lang;
    let shown = number::grouped(lang, given);
    let window = context.services.store().await?.items(connection, filter, From::First, 1).await?;
    Ok(match window.total {
        Total::Exactly(total) if total <= given => words::more_items(lang, &shown),
        Total::Exactly(total) => command::shown_of(lang, &shown, &number::grouped(lang, total)),
        Total::AtLeast(total) => command::shown_of_more(lang, &shown, &number::grouped(lang, total.max(given))),
    })
}

async fn print(
    context: &Context,
    connection: Option<&ConnectionName>,
    filter: ItemFilter,
    style: Style,
    limit: Option<u64>,
) -> Result<u64, Fault> {
    // A document is printed whole or not at all, so that a fault half-way is the only document.
    let spool = (style == Style::Json).then(|| tempfile::spooled_tempfile(IN_MEMORY));
    let lang = context.output.lang;
    let printer = Printer { style, lang, given: 0, outcome: Ok(()), spool, table: table(lang), now: Timestamp::now() };
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
    style: Style,
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
        let text = match self.style {
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
        let text = match self.style {
            Style::Csv => {
                let guarded: Vec<_> = row.iter().map(|value| guarded(value.as_deref().unwrap_or_default())).collect();
                csv_line(guarded.iter().map(AsRef::as_ref))
            }
            Style::CsvRaw => csv_line(row.iter().map(|value| value.as_deref().unwrap_or_default())),
            Style::Json => json_line(row, self.given == 0),
            Style::Lines => return self.line(row),
        };
        self.given += 1;
        self.put(&text);
        self.outcome.is_ok()
    }

    /// Columns are as wide as the rows of a block need; a pipe gets each row at once.
    fn line(&mut self, row: &ExportRow) -> bool {
        let medium = Medium::stdout();
        self.table.row(cells(self.lang, row, medium.width.map(|_| self.now)));
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
        if self.style == Style::Json && self.outcome.is_ok() {
            self.put(if self.given == 0 { "]\n" } else { "\n]\n" });
        }
    }
}

fn json_line(row: &ExportRow, first: bool) -> String {
    let object: Map<_, _> =
        store::column_names().zip(row).map(|(name, value)| (name.to_owned(), json!(value))).collect();
    format!("{}\n{}", if first { "" } else { "," }, Value::Object(object))
}

/// Puts an apostrophe before what a spreadsheet would run as a formula, as OWASP advises ("CSV Injection"). Spreadsheets
/// pass over blanks and quotes in front of it, take fullwidth signs for the plain ones, and may begin a new cell after a
/// line break.
fn guarded(value: &str) -> Cow<'_, str> {
    let passed_over =
        |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '\u{201c}' | '\u{201d}' | '\u{2018}' | '\u{2019}');
    let is_formula = |text: &str| {
        let sign = text.trim_start_matches(passed_over).chars().next();
        sign.is_some_and(|c| matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' | '\u{2212}'))
    };
    if value.starts_with(['\t', '\r', '\n']) || is_formula(value) {
        return Cow::Owned(format!("'{value}"));
    }
    Cow::Borrowed(value)
}

fn csv_line<'a>(values: impl Iterator<Item = &'a str>) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing to memory cannot fail.
    let _ = writer.write_record(values);
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}

fn table(lang: Lang) -> Table {
    let heads = [
        command::connection(lang),
        command::kind(lang),
        command::number(lang),
        command::state(lang),
        command::priority(lang),
        command::changed(lang),
    ];
    let heads = heads.map(|head| (head, Fit::Text));
    Table::new(&[&heads[..], &[(command::title(lang), Fit::Prose)]].concat(), Piped::Tabs)
}

/// A row to read; a removed item bears its mark where others have their state. The change is told by its distance to
/// `now`, or as a time for a script.
fn cells(lang: Lang, row: &ExportRow, now: Option<Timestamp>) -> Vec<Cell> {
    let cell = |wanted: &[&str]| {
        let named = store::column_names().zip(row).filter(|(name, _)| wanted.contains(name));
        named.filter_map(|(_, value)| value.as_deref()).next().unwrap_or_default().to_owned()
    };
    let kind = match cell(&["ServiceDeskWorkItemType_s"]) {
        kind if kind == "Incident" => WorkItemKind::Incident.id().to_owned(),
        kind if kind == "ChangeRequest" => WorkItemKind::ChangeRequest.id().to_owned(),
        other => other,
    };
    let state = match cell(&["RemovedDate_t"]).is_empty() {
        true => Cell::from(cell(&["IncidentState_s", "CRState_s"])),
        false => Cell::of(Role::Dim, sweep::removed_mark(lang)),
    };
    let changed = cell(&["LastModifiedDate_t"]);
    let ago = now.and_then(|now| Some(time::ago(lang, changed.parse::<Timestamp>().ok()?, now)));
    vec![
        cell(&["ServiceDeskConnectionName_s"]).into(),
        kind.into(),
        cell(&["ServiceDeskId_s"]).into(),
        state,
        cell(&["Priority_s"]).into(),
        ago.unwrap_or(changed).into(),
        cell(&["Title_s"]).into(),
    ]
}

/// What is asked of the store, and what of it no stored work item has.
struct Asked {
    filter: ItemFilter,
    unknown: Vec<String>,
}

async fn filter(context: &Context, connection: Option<&ConnectionName>, args: &ItemsArgs) -> Result<Asked, Fault> {
    let lang = context.output.lang;
    let unknown = |kind: &String| Fault::BadUsage { what: words::unknown_kind(lang, kind) };
    let kind = args.kind.as_ref().map(|kind| WorkItemKind::from_id(kind).ok_or_else(|| unknown(kind))).transpose()?;
    let by_label = args.state.is_some() || args.priority.is_some();
    let summaries = if by_label { summaries(context, connection).await? } else { Vec::new() };
    let kinds: Vec<_> = summaries.iter().flat_map(|summary| &summary.kinds).collect();
    let kinds: Vec<_> =
        kinds.into_iter().filter(|(of, _)| kind.is_none_or(|kind| kind == **of)).map(|(_, kind)| kind).collect();
    let mut notices = Vec::new();
    let mut chosen = |given: &Option<String>, choices: Choices, notice: fn(Lang, &str, &str) -> String| {
        let given = given.as_ref()?;
        let value = value_of(&kinds, given, choices);
        if value.is_none() {
            notices.push(notice(lang, &clean(given, false), &labels(&kinds, choices)));
        }
        Some(value.unwrap_or_else(|| given.to_owned()))
    };
    let state = chosen(&args.state, |kind| &kind.by_state, command::unknown_state);
    let priority = chosen(&args.priority, |kind| &kind.by_priority, command::unknown_priority);
    let filter = ItemFilter {
        removed: args.removed.then_some(true),
        kind,
        state,
        priority,
        open: (args.open || args.closed).then_some(args.open),
        find: args.find.clone().unwrap_or_default(),
    };
    // The counts leave removed items out, so of those it is not known which states they have.
    Ok(Asked { filter, unknown: if args.removed { Vec::new() } else { notices } })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s10_what_a_spreadsheet_would_run_is_made_a_text() {
        for formula in [
            "=cmd|'/c calc'!A1",
            "+1+1",
            "-2+3",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "\n=1",
            "  =1",
            "\"=1",
            "'=1",
            "\" =1",
            "＝1",
            "\tplain",
            "\rplain",
            "-",
        ] {
            assert_eq!(guarded(formula), format!("'{formula}"));
        }
        for plain in ["", "disk full", "1 = 2", "a-b", "INC0010001", "'quoted'", "\"quoted\"", "2026-11-23T10:00:00Z"] {
            assert_eq!(guarded(plain), plain);
        }
    }
}
