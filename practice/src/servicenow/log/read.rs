//! The log as a file: CSV, or CSV in xz.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;
use std::sync::Arc;

use csv::StringRecord;

use crate::PracticeError;
use crate::servicenow::calendar::days_from_civil;

/// One row of the log: the state of one incident after one update.
#[derive(Debug, Clone)]
pub struct LogRow {
    /// Its place in the file, the header being 1.
    pub row: u64,
    columns: Arc<StringRecord>,
    record: StringRecord,
}

impl LogRow {
    /// What stands under this column of the file; the file's `?` is `None`, as is a column that is not there.
    pub fn get(&self, column: &str) -> Option<&str> {
        let place = self.columns.iter().position(|name| name == column)?;
        self.record.get(place).filter(|text| *text != "?")
    }

    /// Like [`get`](Self::get) for a time: seconds since 1970.
    pub fn time(&self, column: &str) -> Result<Option<i64>, PracticeError> {
        let Some(text) = self.get(column) else { return Ok(None) };
        let problem = || PracticeError::Log { row: self.row, problem: format!("{column}: no time: {text}") };
        parse_time(text).map(Some).ok_or_else(problem)
    }
}

/// Reads a time such as `29/2/2016 01:16` (day, month, year) as seconds since 1970.
pub fn parse_time(text: &str) -> Option<i64> {
    let (date, time) = text.split_once(' ')?;
    let mut date = date.splitn(3, '/').map(|part| part.parse::<i64>().ok());
    let (day, month, year) = (date.next()??, date.next()??, date.next()??);
    let (hour, minute) = time.split_once(':')?;
    let (hour, minute) = (hour.parse::<i64>().ok()?, minute.parse::<i64>().ok()?);
    let valid = (1..=31).contains(&day) && (1..=12).contains(&month) && (0..24).contains(&hour) && minute < 60;
    valid.then(|| days_from_civil(year, month, day) * 86_400 + hour * 3600 + minute * 60)
}

/// Opens the log and yields its rows in the order of the file.
///
/// Columns: see the header of the file; `docs/practice.md` says under which names the instance shows them.
pub fn read(path: &Path) -> Result<impl Iterator<Item = Result<LogRow, PracticeError>> + use<>, PracticeError> {
    let mut reader = csv::Reader::from_reader(open(path)?);
    let whole = |error: csv::Error| PracticeError::Log { row: 0, problem: error.to_string() };
    let columns = Arc::new(reader.headers().map_err(whole)?.clone());
    if !["number", "incident_state", "sys_updated_at"].iter().all(|name| columns.iter().any(|known| known == *name)) {
        return Err(PracticeError::Log { row: 1, problem: "not the columns of an incident log".into() });
    }
    let rows = reader.into_records().zip(2..);
    Ok(rows.map(move |(record, row)| match record {
        Ok(record) => Ok(LogRow { row, columns: Arc::clone(&columns), record }),
        Err(error) => Err(PracticeError::Log { row, problem: error.to_string() }),
    }))
}

fn open(path: &Path) -> Result<Box<dyn Read>, PracticeError> {
    let file = File::open(path).map_err(|error| PracticeError::io(path.display().to_string(), error))?;
    let packed = path.extension().is_some_and(|extension| extension == "xz");
    let file = BufReader::with_capacity(1 << 16, file);
    Ok(if packed { Box::new(lzma_rust2::XzReader::new(file, true)) } else { Box::new(file) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_day_month_year() {
        assert_eq!(parse_time("29/2/2016 01:16"), Some(1_456_708_560));
        for text in ["?", "2016-02-29 01:16", "29/13/2016 01:16", "1/1/2016"] {
            assert_eq!(parse_time(text), None, "{text}");
        }
    }
}
