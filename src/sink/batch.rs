//! Rows gathered into batches that are as large as the limit allows.

use std::ops::Range;

use super::VALUE_BYTES;
use super::cells::Checked;
use super::row::{Beside, RowMaker};
use crate::model::fields::NoFields;
use crate::model::item_ref::ItemRef;
use crate::model::sending::{SendFinding, add_finding};

/// Texts of a row that is larger than a whole batch are cut to no less than this.
const SHORTEST: usize = 64;

/// Rows as one JSON array.
#[derive(Debug, Clone, Default)]
pub(super) struct Batch {
    json: String,
    rows: Vec<Mark>,
    /// The numbers of their work items, one after the other.
    numbers: String,
    /// The last change that is in it.
    pub upto: i64,
    /// How many of its rows say that the work item is removed.
    pub removed: u64,
}

/// Where a row and the number of its work item begin.
#[derive(Debug, Clone, Copy)]
struct Mark {
    start: usize,
    number: usize,
}

impl Batch {
    /// The same memory without rows: memory that is new costs more time than writing into it.
    pub fn emptied(mut self) -> Self {
        self.json.clear();
        self.rows.clear();
        self.numbers.clear();
        Self { upto: 0, removed: 0, ..self }
    }

    /// How many rows it has.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Appends a row that `write` makes; `number` names it.
    pub fn push<T>(&mut self, number: &str, write: impl FnOnce(&mut String) -> T) -> T {
        self.json.push(if self.rows.is_empty() { '[' } else { ',' });
        self.rows.push(Mark { start: self.json.len(), number: self.numbers.len() });
        self.numbers.push_str(number);
        write(&mut self.json)
    }

    /// How long the array is, its end included.
    pub fn bytes(&self) -> usize {
        self.json.len() + 1
    }

    fn take_back(&mut self) {
        if let Some(mark) = self.rows.pop() {
            self.json.truncate(mark.start - 1);
            self.numbers.truncate(mark.number);
        }
    }

    fn bounds(&self, rows: &Range<usize>) -> Range<usize> {
        let place = |index: usize| self.rows.get(index).map(|mark| mark.start);
        let end = place(rows.end).map_or(self.json.len(), |next| next - 1);
        place(rows.start).unwrap_or(end)..end
    }

    /// How long some of its rows are as an array.
    pub fn part_bytes(&self, rows: &Range<usize>) -> usize {
        self.bounds(rows).len() + 2
    }

    /// Some of its rows, as they stand in an array.
    pub fn part(&self, rows: &Range<usize>) -> &str {
        &self.json[self.bounds(rows)]
    }

    /// The number of the work item of a row.
    pub fn number(&self, row: usize) -> &str {
        let start = |row: usize| self.rows.get(row).map_or(self.numbers.len(), |mark| mark.number);
        &self.numbers[start(row)..start(row + 1)]
    }
}

/// Gathers rows.
pub(super) struct Batcher {
    maker: RowMaker,
    limit: usize,
    current: Batch,
    /// Batches that were delivered, to be filled again.
    pub spare: Vec<Batch>,
    /// What was noticed of the rows.
    pub findings: Vec<SendFinding>,
}

impl Batcher {
    /// For batches of at most `limit` bytes.
    pub fn new(maker: RowMaker, limit: usize) -> Self {
        Self { maker, limit, current: Batch::default(), spare: Vec::new(), findings: Vec::new() }
    }

    /// Adds a row; the batch that it no longer fits into comes back.
    ///
    /// # Errors
    /// The attributes of the work item cannot be read.
    pub fn push(&mut self, item: &ItemRef<'_>, beside: Beside<'_>, change: i64) -> Result<Option<Batch>, NoFields> {
        let mut checked = self.write(item, beside, VALUE_BYTES)?;
        let mut full = None;
        if self.current.bytes() > self.limit && self.current.len() > 1 {
            self.current.take_back();
            full = self.take();
            checked = self.write(item, beside, VALUE_BYTES)?;
        }
        let mut longest = VALUE_BYTES;
        while self.current.bytes() > self.limit && longest > SHORTEST {
            self.current.take_back();
            longest /= 2;
            checked = self.write(item, beside, longest)?;
        }
        self.current.upto = change;
        self.current.removed += u64::from(beside.removed);
        self.note(item, checked);
        Ok(full)
    }

    fn write(&mut self, item: &ItemRef<'_>, beside: Beside<'_>, longest: usize) -> Result<Checked, NoFields> {
        let Self { maker, current, limit, .. } = self;
        if current.json.capacity() == 0 {
            // The row that no longer fits is written before it is taken back.
            current.json.reserve(*limit + VALUE_BYTES);
        }
        let checked = current.push(item.number, |out| maker.write(out, item, beside, longest));
        if checked.is_err() {
            current.take_back();
        }
        checked
    }

    fn note(&mut self, item: &ItemRef<'_>, checked: Checked) {
        let names = |columns: &[&str]| columns.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let numbers = || vec![item.number.to_owned()];
        if !checked.cut.is_empty() {
            let columns = names(&checked.cut);
            add_finding(&mut self.findings, SendFinding::CutValues { rows: 1, numbers: numbers(), columns });
        }
        if !checked.unfit.is_empty() {
            let columns = names(&checked.unfit);
            add_finding(&mut self.findings, SendFinding::WrongType { rows: 1, numbers: numbers(), columns });
        }
    }

    /// What was gathered so far, if there is something.
    pub fn take(&mut self) -> Option<Batch> {
        let any = self.current.len() > 0;
        any.then(|| {
            let next = self.spare.pop().map(Batch::emptied).unwrap_or_default();
            std::mem::replace(&mut self.current, next)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::log_analytics::WORK_ITEMS;
    use crate::model::work_item::{Value, WorkItem, WorkItemKind};
    use crate::model::workspace::Values;
    use crate::sink::row::tests::{as_stored, item};
    use crate::sink::rule::Streamed;
    use serde_json::Value as Json;

    fn gather(limit: usize, items: &[WorkItem]) -> (Vec<Batch>, Batcher) {
        let mut batcher = Batcher::new(RowMaker::new(&Streamed::all(&WORK_ITEMS), Values::Labels), limit);
        let mut batches = Vec::new();
        for (change, item) in items.iter().enumerate() {
            let (connection, partner, now) = ("contoso", "servicenow", "2026-11-22T10:00:00Z");
            let send = change as i64;
            let beside = Beside { connection, partner, send, now, removed: false, resent: false };
            batches.extend(as_stored(item, |item| batcher.push(item, beside, change as i64)).unwrap());
        }
        batches.extend(batcher.take());
        (batches, batcher)
    }

    fn read(rows: &str) -> Vec<Json> {
        serde_json::from_str(&format!("[{rows}]")).unwrap()
    }

    #[test]
    fn rows_fill_batches_up_to_the_limit_in_their_order() {
        let items: Vec<_> =
            (0..100).map(|n| WorkItem { number: format!("INC{n:03}"), ..item(WorkItemKind::Incident) }).collect();
        let (batches, _) = gather(4_000, &items);
        assert!(batches.len() > 10);
        let mut numbers = Vec::new();
        for batch in &batches {
            let whole = batch.part(&(0..batch.len()));
            assert!(whole.len() + 2 <= 4_000 && whole.len() + 2 == batch.bytes(), "{}", whole.len());
            numbers.extend(read(whole).iter().map(|row| row["ServiceDeskId_s"].as_str().unwrap().to_owned()));
        }
        assert_eq!(numbers, items.iter().map(|item| item.number.clone()).collect::<Vec<_>>());
        assert_eq!(batches.last().unwrap().upto, 99);
    }

    #[test]
    fn a_batch_that_is_filled_again_has_nothing_of_before() {
        let items: Vec<_> =
            (0..100).map(|n| WorkItem { number: format!("INC{n:03}"), ..item(WorkItemKind::Incident) }).collect();
        let (batches, mut batcher) = gather(4_000, &items[..50]);
        let (count, memory) = (batches.len(), batches[0].json.as_ptr());
        batcher.spare.extend(batches);
        batcher.spare.rotate_left(1);
        let (fresh, _) = gather(4_000, &items[50..]);
        let mut again = Vec::new();
        for (change, item) in items[50..].iter().enumerate() {
            let (connection, partner, now) = ("contoso", "servicenow", "2026-11-22T10:00:00Z");
            let beside = Beside { connection, partner, send: change as i64, now, removed: false, resent: false };
            again.extend(as_stored(item, |item| batcher.push(item, beside, change as i64)).unwrap());
        }
        again.extend(batcher.take());
        assert!(again.len() > 5 && batcher.spare.len() < count, "{} {count}", again.len());
        assert!(again.iter().any(|batch| batch.json.as_ptr() == memory), "its memory is used again");
        let told = |batch: &Batch| {
            let rows = 0..batch.len();
            (batch.part(&rows).to_owned(), rows.map(|row| batch.number(row).to_owned()).collect::<Vec<_>>(), batch.upto)
        };
        assert_eq!(again.iter().map(told).collect::<Vec<_>>(), fresh.iter().map(told).collect::<Vec<_>>());
        assert!(again.iter().all(|batch| batch.removed == 0));
    }

    #[test]
    fn a_part_of_a_batch_has_its_rows() {
        let items = vec![item(WorkItemKind::Incident); 5];
        let (batches, _) = gather(1_000_000, &items);
        let batch = &batches[0];
        for rows in [0..1, 1..3, 4..5, 0..5] {
            let part = batch.part(&rows);
            assert_eq!(part.len() + 2, batch.part_bytes(&rows));
            assert_eq!(read(part)[0]["ItsmcSend"], rows.start, "{rows:?}");
            assert_eq!(read(part).len(), rows.len());
        }
        let numbers: Vec<_> = (0..6).map(|row| batch.number(row)).collect();
        assert_eq!(numbers, ["INC0010001", "INC0010001", "INC0010001", "INC0010001", "INC0010001", ""]);
    }

    #[test]
    fn a_row_larger_than_a_batch_is_cut_until_it_fits_and_said() {
        let mut huge = item(WorkItemKind::Incident);
        huge.fields.push("category", &Value::plain("x".repeat(50_000)));
        let (batches, batcher) = gather(4_000, &[item(WorkItemKind::Incident), huge]);
        assert_eq!(batches.len(), 2);
        assert!(batches.iter().all(|batch| batch.bytes() <= 4_000));
        let [SendFinding::CutValues { rows: 1, columns, .. }] = batcher.findings.as_slice() else { panic!() };
        assert!(columns.contains(&"Category_s".to_owned()), "{columns:?}");
    }
}
