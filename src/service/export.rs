//! Stored work items as CSV and JSON, and written to a file.

use std::borrow::Cow;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use serde_json::{Map, Value, json};
use tempfile::NamedTempFile;

use super::blocking::blocking;
use super::records::Addresses;
use super::services::Services;
use crate::model::connection::ConnectionName;
use crate::model::export::{Format, Target};
use crate::model::fault::Fault;
use crate::model::items::ItemFilter;
use crate::store::{self, ExportRow};

/// Writes the matching work items to a file; how many. The file appears whole or not at all.
///
/// # Errors
/// [`Fault::FilesThere`] where the file is there and may not be replaced; trouble with the disk or the database.
pub async fn write(
    services: &Services,
    connection: &ConnectionName,
    filter: ItemFilter,
    target: Target,
) -> Result<u64, Fault> {
    let path = expanded(target.path.trim());
    let (there, overwrite) = (path.clone(), target.overwrite);
    let file = blocking(move || {
        if !overwrite && there.symlink_metadata().is_ok() {
            return Err(taken(&there));
        }
        let folder = there.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        NamedTempFile::new_in(folder).map_err(|error| Fault::from_io(&there, &error))
    })
    .await?;
    let addresses = Addresses::of_all(services, Some(connection)).await?;
    let writer = Arc::new(Mutex::new(Writer {
        out: BufWriter::new(file),
        addresses,
        format: target.format,
        given: 0,
        outcome: Ok(()),
    }));
    writer.lock().map_err(poisoned)?.head();
    let rows = writer.clone();
    let each = move |row: &ExportRow| rows.lock().is_ok_and(|mut writer| writer.row(row));
    let given = services.store().await?.export(Some(connection), filter, None, each).await?;
    blocking(move || {
        let writer = Arc::into_inner(writer).ok_or_else(|| poisoned(()))?.into_inner().map_err(poisoned)?;
        writer.finish(&path, target.overwrite).map(|()| given)
    })
    .await
}

fn expanded(path: &str) -> PathBuf {
    let home = std::env::var_os("HOME").or_else(|| std::env::var_os("USERPROFILE"));
    match (path.strip_prefix("~/"), home) {
        (Some(rest), Some(home)) => Path::new(&home).join(rest),
        _ => PathBuf::from(path),
    }
}

fn taken(path: &Path) -> Fault {
    Fault::FilesThere { paths: vec![path.display().to_string()] }
}

fn poisoned<T>(_: T) -> Fault {
    Fault::Internal { what: "export".to_owned() }
}

/// Writes rows as they come; the first error ends it.
struct Writer {
    out: BufWriter<NamedTempFile>,
    addresses: Addresses,
    format: Format,
    given: u64,
    outcome: io::Result<()>,
}

impl Writer {
    fn head(&mut self) {
        match self.format {
            Format::Csv => self.put(&csv_line(store::column_names())),
            Format::Json => self.put("["),
        }
    }

    fn row(&mut self, row: &ExportRow) -> bool {
        let text = match self.format {
            Format::Csv => guarded_line(row),
            Format::Json => json_line(row, self.addresses.of_row(row), self.given == 0),
        };
        self.given += 1;
        self.put(&text);
        self.outcome.is_ok()
    }

    fn put(&mut self, text: &str) {
        if self.outcome.is_ok() {
            self.outcome = self.out.write_all(text.as_bytes());
        }
    }

    /// Ends the file and gives it its name.
    fn finish(mut self, path: &Path, overwrite: bool) -> Result<(), Fault> {
        if self.format == Format::Json {
            self.put(if self.given == 0 { "]\n" } else { "\n]\n" });
        }
        let failed = |error: &io::Error| Fault::from_io(path, error);
        self.outcome.as_ref().map_err(failed)?;
        let file = self.out.into_inner().map_err(|error| failed(error.error()))?;
        let named = if overwrite { file.persist(path) } else { file.persist_noclobber(path) };
        match named {
            Ok(_) => Ok(()),
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Err(taken(path)),
            Err(error) => Err(failed(&error.error)),
        }
    }
}

/// One line of CSV for a spreadsheet.
pub fn guarded_line(row: &ExportRow) -> String {
    let guarded: Vec<_> = row.iter().map(|value| guarded(value.as_deref().unwrap_or_default())).collect();
    csv_line(guarded.iter().map(AsRef::as_ref))
}

/// One element of a JSON document, with the comma before it: the columns, and the address of the record as `url`.
pub fn json_line(row: &ExportRow, url: Option<String>, first: bool) -> String {
    let columns = store::column_names().zip(row).map(|(name, value)| (name.to_owned(), json!(value)));
    let object: Map<_, _> = columns.chain([("url".to_owned(), json!(url))]).collect();
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

/// One line of CSV.
pub fn csv_line<'a>(values: impl Iterator<Item = &'a str>) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing to memory cannot fail.
    let _ = writer.write_record(values);
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
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
