//! Encoded queries, read as the product reads them: a part it does not understand is left out.

use super::columns::Kind;
use super::rows::Table;
use crate::servicenow::calendar::parse_raw;

/// How a field is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Op {
    /// `=`
    Is,
    /// `!=`
    IsNot,
    /// `>`
    After,
    /// `>=`
    From,
    /// `<`
    Before,
    /// `<=`
    UpTo,
    /// `IN`
    In,
    /// `NOT IN`
    NotIn,
    /// `STARTSWITH`
    StartsWith,
    /// `ENDSWITH`
    EndsWith,
    /// `LIKE`
    Like,
    /// `NOT LIKE`
    NotLike,
    /// `ISEMPTY`
    Empty,
    /// `ISNOTEMPTY`
    NotEmpty,
}

const OPERATORS: [(&str, Op); 15] = [
    ("!=", Op::IsNot),
    (">=", Op::From),
    ("<=", Op::UpTo),
    ("=", Op::Is),
    (">", Op::After),
    ("<", Op::Before),
    ("NOT IN", Op::NotIn),
    ("NOT LIKE", Op::NotLike),
    ("ISNOTEMPTY", Op::NotEmpty),
    ("ISEMPTY", Op::Empty),
    ("IN", Op::In),
    ("STARTSWITH", Op::StartsWith),
    ("ENDSWITH", Op::EndsWith),
    ("LIKE", Op::Like),
    ("CONTAINS", Op::Like),
];

/// A column, or what follows a dot behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Path {
    /// The column of the table itself.
    pub(crate) column: usize,
    /// The way on from the row it refers to.
    pub(crate) rest: Option<String>,
}

impl Path {
    /// The path of this name, if the table has its first column.
    pub(crate) fn parse(table: &Table, name: &str) -> Option<Self> {
        let (first, rest) = name.split_once('.').map_or((name, None), |(first, rest)| (first, Some(rest)));
        let column = table.column(first)?;
        let walks = matches!(table.columns[column].kind, Kind::Reference(_));
        (rest.is_none() || walks).then(|| Self { column, rest: rest.map(str::to_owned) })
    }
}

/// One comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Condition {
    /// What is compared.
    pub(crate) path: Path,
    /// How.
    pub(crate) op: Op,
    /// With what.
    pub(crate) value: String,
    /// The same as seconds since 1970, where a time is compared.
    pub(crate) time: Option<i64>,
}

/// One key of the order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OrderKey {
    /// What is ordered by.
    pub(crate) path: Path,
    /// Whether downwards.
    pub(crate) descending: bool,
}

/// Conditions of which one must hold.
pub(crate) type Clause = Vec<Condition>;

/// A whole query: groups of which one must hold; in a group every clause.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Query {
    /// The groups; none lets every row through.
    pub(crate) groups: Vec<Vec<Clause>>,
    /// The order.
    pub(crate) order: Vec<OrderKey>,
    /// Whether a part was not understood and left out.
    pub(crate) invalid: bool,
}

impl Query {
    /// Reads `sysparm_query`. `caller` is the `sys_id` that `javascript:gs.getUserID()` stands for.
    pub(crate) fn parse(table: &Table, text: &str, caller: &str) -> Self {
        let mut query = Self::default();
        for group in text.split("^NQ") {
            let mut clauses: Vec<Clause> = Vec::new();
            for term in group.split('^') {
                query.take_term(table, term, caller, &mut clauses);
            }
            query.groups.push(clauses);
        }
        if query.groups.iter().any(Vec::is_empty) {
            query.groups.clear();
        }
        query
    }

    /// Adds `field=value`, as a bare parameter of the URL asks; an unknown field is no filter.
    pub(crate) fn filter(&mut self, table: &Table, field: &str, value: &str) {
        let Some(path) = Path::parse(table, field) else { return };
        if self.groups.is_empty() {
            self.groups.push(Vec::new());
        }
        let time = parse_raw(value);
        for group in &mut self.groups {
            group.push(vec![Condition { path: path.clone(), op: Op::Is, value: value.to_owned(), time }]);
        }
    }

    /// Lets only rows of these classes through.
    pub(crate) fn of_classes(&mut self, table: &Table, classes: &[&str]) {
        let Some(path) = Path::parse(table, "sys_class_name") else { return };
        if self.groups.is_empty() {
            self.groups.push(Vec::new());
        }
        for group in &mut self.groups {
            group.push(vec![Condition { path: path.clone(), op: Op::In, value: classes.join(","), time: None }]);
        }
    }

    /// The same query without its conditions on the time of change, as if the filter had been dropped.
    pub(crate) fn without_times(mut self, table: &Table) -> Self {
        let updated = table.updated_column();
        for group in &mut self.groups {
            group.retain(|clause| clause.iter().all(|condition| condition.path.column != updated));
            group.retain(|clause| clause.iter().all(|condition| condition.path.column != 0));
        }
        if self.groups.iter().any(Vec::is_empty) {
            self.groups.clear();
        }
        self
    }

    fn take_term(&mut self, table: &Table, term: &str, caller: &str, clauses: &mut Vec<Clause>) {
        if term.is_empty() || term == "EQ" {
            return;
        }
        if let Some(key) = term.strip_prefix("ORDERBYDESC") {
            return self.take_order(table, key, true);
        }
        if let Some(key) = term.strip_prefix("ORDERBY") {
            return self.take_order(table, key, false);
        }
        let (or, term) = term.strip_prefix("OR").map_or((false, term), |term| (true, term));
        match (condition(table, term, caller), or, clauses.last_mut()) {
            (None, ..) => self.invalid = true,
            (Some(condition), true, Some(clause)) => clause.push(condition),
            (Some(condition), ..) => clauses.push(vec![condition]),
        }
    }

    fn take_order(&mut self, table: &Table, key: &str, descending: bool) {
        match Path::parse(table, key) {
            None => self.invalid = true,
            Some(path) if self.order.iter().any(|known| known.path == path) => {}
            Some(path) => self.order.push(OrderKey { path, descending }),
        }
    }
}

fn condition(table: &Table, term: &str, caller: &str) -> Option<Condition> {
    let of_field = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '.';
    let end = term.find(|c| !of_field(c))?;
    let path = Path::parse(table, &term[..end])?;
    let (sign, op) = OPERATORS.into_iter().find(|(sign, _)| term[end..].starts_with(sign))?;
    let value = match &term[end + sign.len()..] {
        "javascript:gs.getUserID()" => caller,
        script if script.starts_with("javascript:") => return None,
        value => value,
    };
    let timed = path.rest.is_none() && matches!(table.columns[path.column].kind, Kind::Time | Kind::Due);
    let time = if timed { parse_raw(value) } else { None };
    let needs_time = timed && matches!(op, Op::Is | Op::IsNot | Op::After | Op::From | Op::Before | Op::UpTo);
    let readable = !needs_time || time.is_some() || value.is_empty();
    readable.then(|| Condition { path, op, value: value.to_owned(), time })
}

#[cfg(test)]
mod tests {
    use super::super::columns::columns_of;
    use super::*;

    fn incident() -> Table {
        let (name, columns) = columns_of()[0];
        Table::new(name, columns)
    }

    #[test]
    fn groups_clauses_and_order_are_read() {
        let query = Query::parse(
            &incident(),
            "active=true^state=1^ORstate=2^NQactive=false^ORDERBYsys_updated_on^ORDERBYDESCsys_id",
            "",
        );
        assert_eq!(query.groups.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
        assert_eq!(query.groups[0][1].len(), 2);
        assert_eq!(query.order.iter().map(|key| key.descending).collect::<Vec<_>>(), [false, true]);
        assert!(!query.invalid);
    }

    #[test]
    fn what_is_not_understood_is_left_out() {
        for text in
            ["colour=red", "sys_updated_on>=yesterday", "state~1", "sys_updated_on>javascript:gs.beginningOfToday()"]
        {
            let query = Query::parse(&incident(), text, "");
            assert!(query.groups.is_empty() && query.invalid, "{text}");
        }
    }

    #[test]
    fn an_empty_alternative_lets_everything_through() {
        assert!(Query::parse(&incident(), "state=1^NQcolour=red", "").groups.is_empty());
    }
}
