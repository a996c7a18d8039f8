//! Finding rows by halving instead of looking at each, where a query bounds the time of change.

use std::ops::Range;

use super::matches::Matches;
use super::query::{Clause, Condition, Op, OrderKey, Query};
use super::rows::Table;
use crate::core::rng::parse_hex;

/// A stretch of the (changed, id) order, and what its rows must still meet: one of these sets of clauses.
struct Segment<'q> {
    range: Range<usize>,
    checks: Option<Vec<Vec<&'q Clause>>>,
}

/// A group of the query: where its rows can be, and what they must still meet.
struct Bounded<'q> {
    range: Range<usize>,
    rest: Vec<&'q Clause>,
}

impl Matches<'_> {
    /// How many rows match.
    pub(crate) fn count(&self, query: &Query) -> usize {
        self.segments(query).iter().map(|segment| self.count_in(segment)).sum()
    }

    /// Calls `take` with every row that matches, in no order worth relying on.
    pub(crate) fn each(&self, query: &Query, mut take: impl FnMut(u32)) {
        for segment in self.segments(query) {
            self.rows_in(&segment).for_each(&mut take);
        }
    }

    /// The rows of one page, in the query's order.
    pub(crate) fn page(&self, query: &Query, offset: usize, limit: usize) -> Vec<u32> {
        let segments = self.segments(query);
        if self.follows_index(&query.order) {
            return self.page_of_index(&segments, offset, limit);
        }
        let mut rows: Vec<u32> = segments.iter().flat_map(|segment| self.rows_in(segment)).collect();
        let place = |one: &u32, other: &u32| self.compare(*one, *other, &query.order).then(one.cmp(other));
        // Sorting what no page shows would cost most of the time.
        let end = offset.saturating_add(limit);
        if end < rows.len() {
            rows.select_nth_unstable_by(end, place);
            rows.truncate(end);
        }
        rows.sort_unstable_by(place);
        rows.into_iter().skip(offset).collect()
    }

    fn follows_index(&self, order: &[OrderKey]) -> bool {
        let columns: Vec<_> = order.iter().map(|key| (key.path.column, key.descending)).collect();
        let updated = (self.table.updated_column(), false);
        columns == [updated] || (columns.len() > 1 && columns[0] == updated && columns[1] == (0, false))
    }

    fn page_of_index(&self, segments: &[Segment<'_>], mut offset: usize, limit: usize) -> Vec<u32> {
        let mut rows = Vec::with_capacity(limit.min(10_000));
        for segment in segments {
            let skip = if segment.checks.is_none() { offset.min(segment.range.len()) } else { 0 };
            offset -= skip;
            for row in self.rows_in(segment).skip(skip) {
                if rows.len() == limit {
                    return rows;
                }
                if offset > 0 {
                    offset -= 1;
                } else {
                    rows.push(row);
                }
            }
        }
        rows
    }

    fn count_in(&self, segment: &Segment<'_>) -> usize {
        if segment.checks.is_none() { segment.range.len() } else { self.rows_in(segment).count() }
    }

    fn rows_in<'s>(&'s self, segment: &'s Segment<'_>) -> impl Iterator<Item = u32> + 's {
        self.table.order()[segment.range.clone()].iter().copied().filter(move |row| match &segment.checks {
            None => true,
            Some(checks) => checks.iter().any(|clauses| self.all(*row, clauses)),
        })
    }

    fn segments<'q>(&self, query: &'q Query) -> Vec<Segment<'q>> {
        if query.groups.is_empty() {
            return vec![Segment { range: 0..self.table.len(), checks: None }];
        }
        let groups: Vec<_> = query.groups.iter().map(|group| bound(self.table, group)).collect();
        let mut ends: Vec<usize> = groups.iter().flat_map(|group| [group.range.start, group.range.end]).collect();
        ends.sort_unstable();
        ends.dedup();
        ends.windows(2).filter_map(|pair| segment(&groups, pair[0]..pair[1])).collect()
    }
}

fn segment<'q>(groups: &[Bounded<'q>], range: Range<usize>) -> Option<Segment<'q>> {
    let covering = groups.iter().filter(|group| group.range.start <= range.start && range.end <= group.range.end);
    let checks: Vec<_> = covering.map(|group| group.rest.clone()).collect();
    if checks.is_empty() {
        return None;
    }
    let certain = checks.iter().any(Vec::is_empty);
    Some(Segment { range, checks: (!certain).then_some(checks) })
}

fn bound<'q>(table: &Table, group: &'q [Clause]) -> Bounded<'q> {
    let order = table.order();
    let mut range = 0..order.len();
    let mut stamp = None;
    let mut rest = Vec::new();
    for clause in group {
        match time_bound(table, clause) {
            Some(found) => {
                range = intersect(range, found);
                stamp = stamp.or_else(|| single(clause).filter(|only| only.op == Op::Is).and_then(|only| only.time));
            }
            None => rest.push(clause),
        }
    }
    rest.retain(|clause| match id_bound(table, clause, stamp) {
        Some(found) => {
            range = intersect(range.clone(), found);
            false
        }
        None => true,
    });
    Bounded { range, rest }
}

fn single(clause: &Clause) -> Option<&Condition> {
    clause.first().filter(|condition| clause.len() == 1 && condition.path.rest.is_none())
}

fn time_bound(table: &Table, clause: &Clause) -> Option<Range<usize>> {
    let condition = single(clause).filter(|condition| condition.path.column == table.updated_column())?;
    let time = condition.time?;
    let order = table.order();
    let first_from = || order.partition_point(|row| table.updated(*row) < time);
    let first_after = || order.partition_point(|row| table.updated(*row) <= time);
    bounds(condition.op, order.len(), first_from, first_after)
}

fn id_bound(table: &Table, clause: &Clause, stamp: Option<i64>) -> Option<Range<usize>> {
    let condition = single(clause).filter(|condition| condition.path.column == 0)?;
    let id = parse_hex(&condition.value)?;
    let order = table.order();
    let Some(stamp) = stamp else {
        let row = (condition.op == Op::Is).then(|| table.find(&id))?;
        let place = row.map(|row| order.partition_point(|other| table.key(*other) < table.key(row)));
        return Some(place.map_or(0..0, |place| place..place + 1));
    };
    let first_from = || order.partition_point(|row| table.key(*row) < (stamp, id));
    let first_after = || order.partition_point(|row| table.key(*row) <= (stamp, id));
    bounds(condition.op, order.len(), first_from, first_after)
}

fn bounds(op: Op, end: usize, from: impl Fn() -> usize, after: impl Fn() -> usize) -> Option<Range<usize>> {
    match op {
        Op::Is => Some(from()..after()),
        Op::From => Some(from()..end),
        Op::After => Some(after()..end),
        Op::Before => Some(0..from()),
        Op::UpTo => Some(0..after()),
        _ => None,
    }
}

fn intersect(one: Range<usize>, other: Range<usize>) -> Range<usize> {
    let start = one.start.max(other.start);
    start..one.end.min(other.end).max(start)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::super::Store;
    use super::*;
    use crate::core::rng::{Rng, hex, stable_id};
    use crate::servicenow::calendar::raw;

    const START: i64 = 1_790_000_000;

    fn store() -> Store {
        let mut store = Store::new();
        let table = store.table_mut("incident").unwrap();
        let mut rng = Rng::new(3);
        for number in 0..400 {
            let mut cells = table.blank();
            table.put_time(&mut cells, "sys_updated_on", START + i64::try_from(rng.below(40)).unwrap());
            table.put(&mut cells, "state", &rng.below(4).to_string());
            table.load(stable_id("incident", &number.to_string()), &cells);
        }
        store.settle();
        store
    }

    fn slow(matches: &Matches<'_>, query: &Query) -> Vec<u32> {
        let all = matches.table.order().iter().copied();
        let groups: Vec<Vec<&Clause>> = query.groups.iter().map(|group| group.iter().collect()).collect();
        all.filter(|row| groups.is_empty() || groups.iter().any(|group| matches.all(*row, group))).collect()
    }

    #[rstest]
    #[case("sys_updated_on>=T5")]
    #[case("sys_updated_on>T5^sys_updated_on<T20")]
    #[case("sys_updated_on>T5^NQsys_updated_on=T5^sys_id>ID")]
    #[case("state=1^sys_updated_on>T5^NQstate=1^sys_updated_on=T5^sys_id>ID")]
    #[case("sys_updated_on>T5^sys_updated_on<=T30^NQsys_updated_on=T5^sys_id>=ID^sys_updated_on<=T30")]
    #[case("sys_updated_on>=T5^NQsys_updated_on<=T9^state=2")]
    #[case("sys_updated_on=T5^ORsys_updated_on=T7^state=1")]
    #[case("sys_id=ID")]
    #[case("sys_id=ID^state=9")]
    #[case("sys_id>ID^state!=1")]
    #[case("sys_updated_on>T20^sys_updated_on<T5")]
    #[case("")]
    fn halving_finds_what_looking_at_each_row_finds(#[case] text: &str) {
        let store = store();
        let table = store.table("incident").unwrap();
        let matches = Matches { store: &store, table };
        let text = ["5", "7", "9", "20", "30"].iter().rev().fold(text.to_owned(), |text, second| {
            text.replace(&format!("T{second}"), &raw(START + second.parse::<i64>().unwrap()))
        });
        let middle = table.order()[table.order().partition_point(|row| table.updated(*row) < START + 5) + 3];
        let text = text.replace("ID", &hex(table.id(middle)));
        let query = Query::parse(table, &format!("{text}^ORDERBYsys_updated_on^ORDERBYsys_id"), "");
        let expected = slow(&matches, &query);
        assert_eq!(matches.page(&query, 0, 1000), expected);
        assert_eq!(matches.count(&query), expected.len());
        let paged: Vec<u32> = (0..=expected.len() / 7).flat_map(|page| matches.page(&query, page * 7, 7)).collect();
        assert_eq!(paged, expected);
    }

    #[test]
    fn other_orders_are_sorted() {
        let store = store();
        let table = store.table("incident").unwrap();
        let matches = Matches { store: &store, table };
        let query = Query::parse(table, "ORDERBYDESCsys_updated_on^ORDERBYstate", "");
        let rows = matches.page(&query, 0, 1000);
        assert_eq!(rows.len(), 400);
        assert!(rows.windows(2).all(|pair| table.updated(pair[0]) >= table.updated(pair[1])));
    }
}
