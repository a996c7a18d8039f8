//! `itsmc items`: the stored work items under the column names of `ServiceDesk_CL`.

use std::borrow::Cow;
use std::io::{self, Seek, Write};
use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use serde_json::{Map, Value, json};
use tempfile::SpooledTempFile;

use crate::cli::args::ItemsArgs;
use crate::cli::context::Context;
use crate::cli::output::written;
use crate::model::connection::ConnectionName;
use crate::model::fault::Fault;
use crate::model::items::ItemFilter;
use crate::model::lang::Lang;
use crate::model::summary::{KindSummary, Summary};
use crate::model::work_item::{Value as Choice, WorkItemKind};
use crate::store::{self, ExportRow};
use crate::texts::{cli as words, number, sweep};

/// How many rows people get without asking for more; CSV and JSON give all.
const FOR_PEOPLE: usize = 100;

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
    let filter = filter(context, connection.as_ref(), args).await?;
    // A script whose variable is empty must not get everything.
    let limit = if args.find.as_ref().is_some_and(|find| find.trim().is_empty()) { Some(0) } else { args.limit };
    let style = match (context.output.json, args.csv, args.csv_raw) {
        (true, ..) => Style::Json,
        (_, _, true) => Style::CsvRaw,
        (_, true, _) => Style::Csv,
        _ => Style::Lines,
    };
    let limit = limit.or((style == Style::Lines).then_some(FOR_PEOPLE)).map(|limit| limit as u64);
    let given = print(context, connection.as_ref(), filter, style, limit).await?;
    if args.limit.is_none() && given > 0 && limit == Some(given) {
        context.output.say(&words::more_items(context.output.lang, &number::grouped(context.output.lang, given)));
    }
    Ok(0)
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
    let printer = Arc::new(Mutex::new(Printer { style, lang: context.output.lang, given: 0, outcome: Ok(()), spool }));
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
            Style::Lines => people_line(self.lang, row),
        };
        self.given += 1;
        self.put(&text);
        self.outcome.is_ok()
    }

    fn foot(&mut self) {
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

/// A line to read; a removed item bears its mark where others have their state.
fn people_line(lang: Lang, row: &ExportRow) -> String {
    let cell = |wanted: &[&str]| {
        let named = store::column_names().zip(row).filter(|(name, _)| wanted.contains(name));
        named.filter_map(|(_, value)| value.as_deref()).next().unwrap_or_default().to_owned()
    };
    let (number, removed) = (cell(&["ServiceDeskId_s"]), cell(&["RemovedDate_t"]));
    let state = match removed.is_empty() {
        true => cell(&["IncidentState_s", "CRState_s"]),
        false => sweep::removed_mark(lang).to_owned(),
    };
    let (priority, title) = (cell(&["Priority_s"]), cell(&["Title_s"]));
    format!("{number:<12} {state:<20} {priority:<14} {title}").trim_end().to_owned() + "\n"
}

async fn filter(context: &Context, connection: Option<&ConnectionName>, args: &ItemsArgs) -> Result<ItemFilter, Fault> {
    let unknown = |kind: &String| Fault::BadUsage { what: words::unknown_kind(context.output.lang, kind) };
    let kind = args.kind.as_ref().map(|kind| WorkItemKind::from_id(kind).ok_or_else(|| unknown(kind))).transpose()?;
    let by_label = args.state.is_some() || args.priority.is_some();
    let summaries = if by_label { summaries(context, connection).await? } else { Vec::new() };
    Ok(ItemFilter {
        removed: args.removed.then_some(true),
        kind,
        state: args.state.as_ref().map(|given| value_of(&summaries, given, |kind| &kind.by_state)),
        priority: args.priority.as_ref().map(|given| value_of(&summaries, given, |kind| &kind.by_priority)),
        open: (args.open || args.closed).then_some(args.open),
        find: args.find.clone().unwrap_or_default(),
    })
}

async fn summaries(context: &Context, connection: Option<&ConnectionName>) -> Result<Vec<Summary>, Fault> {
    let names = context.services.names().await?;
    let mut summaries = Vec::new();
    for name in names.iter().filter(|name| connection.is_none_or(|wanted| wanted == *name)) {
        summaries.push(context.services.store().await?.summary(name, Timestamp::now()).await?);
    }
    Ok(summaries)
}

/// What the product stores for a label that people know; what no label has is taken as the value itself.
fn value_of(summaries: &[Summary], given: &str, choices: impl Fn(&KindSummary) -> &Vec<(Choice, u64)>) -> String {
    let all =
        || summaries.iter().flat_map(|summary| summary.kinds.values()).flat_map(&choices).map(|(choice, _)| choice);
    if all().any(|choice| choice.value == given) {
        return given.to_owned();
    }
    all()
        .find(|choice| choice.shown().eq_ignore_ascii_case(given))
        .map_or_else(|| given.to_owned(), |choice| choice.value.clone())
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
