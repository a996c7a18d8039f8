//! `$filter`: comparisons, `and`, `or`, `not`, brackets, `contains` and `startswith`.

use super::query::QueryError;
use crate::core::rng::parse_hex;
use crate::provance::clock;
use crate::provance::table::{Kind, Role, Row, Table, Value, sort_key};

/// A condition.
#[derive(Debug)]
pub(crate) enum Filter {
    /// All of them.
    All(Vec<Filter>),
    /// Any of them.
    Any(Vec<Filter>),
    /// Not this.
    Not(Box<Filter>),
    /// A column compared with a value.
    Compare(usize, Compare, Literal),
    /// A column that holds or begins with a text.
    Text(usize, bool, String),
}

/// How values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is named as the query writes it")]
pub(crate) enum Compare {
    Eq,
    Ne,
    Gt,
    Ge,
    Lt,
    Le,
}

/// A value of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Literal {
    /// `null`
    Null,
    /// A text.
    Text(String),
    /// A number or a moment.
    Number(i64),
    /// An id.
    Id([u8; 16]),
}

impl Filter {
    /// Reads a filter.
    pub(crate) fn parse(table: &Table, text: &str) -> Result<Self, QueryError> {
        let tokens = tokens(text)?;
        let mut parser = Parser { table, tokens: &tokens };
        let filter = parser.any()?;
        match parser.tokens.first() {
            None => Ok(filter),
            Some(token) => Err(QueryError::syntax(&format!("Syntax error at '{}'.", token.text))),
        }
    }

    /// Whether a row matches.
    pub(crate) fn matches(&self, table: &Table, row: &Row) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.matches(table, row)),
            Self::Any(parts) => parts.iter().any(|part| part.matches(table, row)),
            Self::Not(part) => !part.matches(table, row),
            Self::Compare(column, how, literal) => compare(table.value(row, *column), *how, literal),
            Self::Text(column, begins, text) => match table.value(row, *column) {
                Value::Text(value) => {
                    let (value, text) = (value.to_lowercase(), text.to_lowercase());
                    if *begins { value.starts_with(&text) } else { value.contains(&text) }
                }
                _ => false,
            },
        }
    }

    /// The first moment of change that can match, so that the rows before it need not be looked at.
    pub(crate) fn earliest(&self, table: &Table) -> Option<i64> {
        match self {
            Self::All(parts) => parts.iter().filter_map(|part| part.earliest(table)).max(),
            Self::Any(parts) => {
                let each: Option<Vec<i64>> = parts.iter().map(|part| part.earliest(table)).collect();
                each?.into_iter().min()
            }
            Self::Compare(column, how, Literal::Number(at)) if table.columns[*column].role == Role::Modified => {
                matches!(how, Compare::Ge | Compare::Gt | Compare::Eq).then_some(*at)
            }
            _ => None,
        }
    }

    /// The first moment of change that cannot match any more.
    pub(crate) fn latest(&self, table: &Table) -> Option<i64> {
        match self {
            Self::All(parts) => parts.iter().filter_map(|part| part.latest(table)).min(),
            Self::Any(parts) => {
                let each: Option<Vec<i64>> = parts.iter().map(|part| part.latest(table)).collect();
                each?.into_iter().max()
            }
            Self::Compare(column, how, Literal::Number(at)) if table.columns[*column].role == Role::Modified => {
                match how {
                    Compare::Lt => Some(*at),
                    Compare::Le | Compare::Eq => Some(at + 1),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// The same without its conditions on the change time.
    pub(crate) fn without_times(self, table: &Table) -> Self {
        match self {
            Self::All(parts) => Self::All(parts.into_iter().map(|part| part.without_times(table)).collect()),
            Self::Any(_) | Self::Compare(..) if self.earliest(table).or(self.latest(table)).is_some() => {
                Self::All(Vec::new())
            }
            other => other,
        }
    }
}

fn compare(value: Value<'_>, how: Compare, literal: &Literal) -> bool {
    use std::cmp::Ordering;
    let order = match (value, literal) {
        (Value::Null, Literal::Null) => Some(Ordering::Equal),
        (Value::Null, _) | (_, Literal::Null) => return how == Compare::Ne,
        (Value::Number(value), Literal::Number(other)) => Some(value.cmp(other)),
        (Value::Text(value), Literal::Text(other)) => Some(value.to_lowercase().cmp(&other.to_lowercase())),
        (Value::Id(value), Literal::Id(other)) => Some(sort_key(&value).cmp(&sort_key(other))),
        _ => None,
    };
    let Some(order) = order else { return false };
    match how {
        Compare::Eq => order == Ordering::Equal,
        Compare::Ne => order != Ordering::Equal,
        Compare::Gt => order == Ordering::Greater,
        Compare::Ge => order != Ordering::Less,
        Compare::Lt => order == Ordering::Less,
        Compare::Le => order != Ordering::Greater,
    }
}

#[derive(Debug)]
struct Token {
    text: String,
    quoted: bool,
}

fn tokens(text: &str) -> Result<Vec<Token>, QueryError> {
    let (mut tokens, mut chars) = (Vec::new(), text.chars().peekable());
    while let Some(c) = chars.next() {
        match c {
            ' ' => {}
            '(' | ')' | ',' => tokens.push(Token { text: c.to_string(), quoted: false }),
            '\'' => {
                let mut value = String::new();
                loop {
                    match chars.next() {
                        None => return Err(QueryError::syntax("There is an unterminated string literal.")),
                        Some('\'') if chars.next_if_eq(&'\'').is_some() => value.push('\''),
                        Some('\'') => break,
                        Some(other) => value.push(other),
                    }
                }
                tokens.push(Token { text: value, quoted: true });
            }
            _ => {
                let mut word = c.to_string();
                while let Some(next) = chars.next_if(|c| !" (),'".contains(*c)) {
                    word.push(next);
                }
                tokens.push(Token { text: word, quoted: false });
            }
        }
    }
    Ok(tokens)
}

struct Parser<'a> {
    table: &'a Table,
    tokens: &'a [Token],
}

impl Parser<'_> {
    fn word(&mut self, wanted: &str) -> bool {
        let found = self.tokens.first().is_some_and(|token| !token.quoted && token.text == wanted);
        if found {
            self.tokens = &self.tokens[1..];
        }
        found
    }

    fn next(&mut self) -> Result<&Token, QueryError> {
        let (first, rest) =
            self.tokens.split_first().ok_or_else(|| QueryError::syntax("Expression expected at the end."))?;
        self.tokens = rest;
        Ok(first)
    }

    fn need(&mut self, wanted: &str) -> Result<(), QueryError> {
        if self.word(wanted) { Ok(()) } else { Err(QueryError::syntax(&format!("'{wanted}' expected."))) }
    }

    fn any(&mut self) -> Result<Filter, QueryError> {
        let mut parts = vec![self.all()?];
        while self.word("or") {
            parts.push(self.all()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Filter::Any(parts) })
    }

    fn all(&mut self) -> Result<Filter, QueryError> {
        let mut parts = vec![self.one()?];
        while self.word("and") {
            parts.push(self.one()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Filter::All(parts) })
    }

    fn one(&mut self) -> Result<Filter, QueryError> {
        if self.word("not") {
            return Ok(Filter::Not(Box::new(self.one()?)));
        }
        if self.word("(") {
            let inner = self.any()?;
            self.need(")")?;
            return Ok(inner);
        }
        let name = self.next()?.text.clone();
        if matches!(name.as_str(), "contains" | "startswith") {
            self.need("(")?;
            let column = self.column()?;
            self.need(",")?;
            let text = self.next()?.text.clone();
            self.need(")")?;
            return Ok(Filter::Text(column, name == "startswith", text));
        }
        let column = self.named(&name)?;
        let how = self.how()?;
        let literal = self.literal(column)?;
        Ok(Filter::Compare(column, how, literal))
    }

    fn column(&mut self) -> Result<usize, QueryError> {
        let name = self.next()?.text.clone();
        self.named(&name)
    }

    fn named(&self, name: &str) -> Result<usize, QueryError> {
        self.table.shown(name).ok_or_else(|| QueryError::no_property(name, &self.table.name))
    }

    fn how(&mut self) -> Result<Compare, QueryError> {
        let word = self.next()?.text.clone();
        Ok(match word.as_str() {
            "eq" => Compare::Eq,
            "ne" => Compare::Ne,
            "gt" => Compare::Gt,
            "ge" => Compare::Ge,
            "lt" => Compare::Lt,
            "le" => Compare::Le,
            _ => return Err(QueryError::syntax(&format!("Syntax error at '{word}'."))),
        })
    }

    fn literal(&mut self, column: usize) -> Result<Literal, QueryError> {
        let kind = self.table.columns[column].kind;
        let token = self.next()?;
        let (text, quoted) = (token.text.clone(), token.quoted);
        let wrong = || {
            QueryError::syntax("A binary operator with incompatible types was detected. Found operand types differ.")
        };
        if text == "null" && !quoted {
            return Ok(Literal::Null);
        }
        let literal = match kind {
            Kind::Id | Kind::User | Kind::Owner | Kind::Account | Kind::Item if !quoted => {
                parse_hex(&text.replace('-', "")).map(Literal::Id)
            }
            Kind::Time if !quoted => clock::parse(&text).map(Literal::Number),
            Kind::Text | Kind::Memo if quoted => Some(Literal::Text(text)),
            Kind::Choice(_) | Kind::State(_) | Kind::Status(_) | Kind::Version if !quoted => {
                text.parse().ok().map(Literal::Number)
            }
            _ => None,
        };
        literal.ok_or_else(wrong)
    }
}
