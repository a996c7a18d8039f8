//! Reads the expressions of a query.

use std::sync::Arc;

use super::super::ingest::is_guid;
use super::super::value::{Cell, Kind, parse_time};
use super::lexer::{Token, parse_span};
use super::parser::{Let, Parser};
use super::syntax::{Expr, Problem};

const COMPARISONS: [&str; 8] = ["==", "!=", "<>", "=~", "!~", "<=", ">=", "<"];

const WORDS: [&str; 18] = [
    "contains",
    "!contains",
    "contains_cs",
    "!contains_cs",
    "startswith",
    "!startswith",
    "startswith_cs",
    "!startswith_cs",
    "endswith",
    "!endswith",
    "endswith_cs",
    "!endswith_cs",
    "has",
    "!has",
    "has_cs",
    "!has_cs",
    "has_any",
    "has_all",
];

fn call(name: &str, arguments: Vec<Expr>) -> Expr {
    Expr::Call(name.to_owned(), arguments)
}

impl Parser {
    pub(super) fn expression(&mut self) -> Result<Expr, Problem> {
        let mut left = self.conjunction()?;
        while self.skip_word("or") {
            left = call("or", vec![left, self.conjunction()?]);
        }
        Ok(left)
    }

    fn conjunction(&mut self) -> Result<Expr, Problem> {
        let mut left = self.comparison()?;
        while self.skip_word("and") {
            left = call("and", vec![left, self.comparison()?]);
        }
        Ok(left)
    }

    fn comparison(&mut self) -> Result<Expr, Problem> {
        let left = self.sum()?;
        match self.peek().clone() {
            Token::Sign(sign) if COMPARISONS.contains(&sign) || sign == ">" => {
                self.at += 1;
                let sign = if sign == "<>" { "!=" } else { sign };
                Ok(call(sign, vec![left, self.sum()?]))
            }
            Token::Name(word) if matches!(word.as_str(), "in" | "!in" | "in~" | "!in~" | "has_any" | "has_all") => {
                self.at += 1;
                self.expect("(")?;
                let mut arguments = vec![left];
                if !self.skip(")") {
                    arguments.extend(self.list(Self::expression)?);
                    self.expect(")")?;
                }
                Ok(call(&word, arguments))
            }
            Token::Name(word) if matches!(word.as_str(), "between" | "!between") => {
                self.at += 1;
                self.expect("(")?;
                let from = self.sum()?;
                self.expect("..")?;
                let until = self.sum()?;
                self.expect(")")?;
                Ok(call(&word, vec![left, from, until]))
            }
            Token::Name(word) if WORDS.contains(&word.as_str()) => {
                self.at += 1;
                Ok(call(&word, vec![left, self.sum()?]))
            }
            _ => Ok(left),
        }
    }

    fn sum(&mut self) -> Result<Expr, Problem> {
        let mut left = self.product()?;
        loop {
            let sign = match self.peek() {
                Token::Sign(sign @ ("+" | "-")) => *sign,
                _ => return Ok(left),
            };
            self.at += 1;
            left = call(sign, vec![left, self.product()?]);
        }
    }

    fn product(&mut self) -> Result<Expr, Problem> {
        let mut left = self.factor()?;
        loop {
            let sign = match self.peek() {
                Token::Sign(sign @ ("*" | "/" | "%")) => *sign,
                _ => return Ok(left),
            };
            self.at += 1;
            left = call(sign, vec![left, self.factor()?]);
        }
    }

    fn factor(&mut self) -> Result<Expr, Problem> {
        if self.skip("-") {
            let nothing = Expr::Value(Cell::Long(0), Kind::Long);
            return Ok(call("-", vec![nothing, self.factor()?]));
        }
        let mut left = self.primary()?;
        loop {
            if self.skip(".") {
                let name = Expr::Value(Cell::text(&self.name()?), Kind::Text);
                left = Expr::Member(Box::new(left), Box::new(name));
            } else if self.skip("[") {
                let place = self.expression()?;
                self.expect("]")?;
                left = Expr::Member(Box::new(left), Box::new(place));
            } else {
                return Ok(left);
            }
        }
    }

    fn primary(&mut self) -> Result<Expr, Problem> {
        let problem = self.problem();
        match self.peek().clone() {
            Token::Sign("(") => {
                self.at += 1;
                let inner = self.expression()?;
                self.expect(")")?;
                Ok(inner)
            }
            Token::Sign("*") => {
                self.at += 1;
                Ok(Expr::Star)
            }
            Token::Sign("[") => Ok(Expr::Name(self.name()?)),
            Token::Text(text) => self.value(Cell::text(&text), Kind::Text),
            Token::Long(number) => self.value(Cell::Long(number), Kind::Long),
            Token::Real(number) => self.value(Cell::Real(number), Kind::Real),
            Token::Span(ticks) => self.value(Cell::Span(ticks), Kind::Span),
            Token::Literal(name, text) => {
                let (cell, kind) = literal(&name, &text).ok_or(problem)?;
                self.value(cell, kind)
            }
            Token::Name(name) => {
                self.at += 1;
                self.named(name)
            }
            Token::Sign(_) | Token::End => Err(problem),
        }
    }

    fn value(&mut self, cell: Cell, kind: Kind) -> Result<Expr, Problem> {
        self.at += 1;
        Ok(Expr::Value(cell, kind))
    }

    fn named(&mut self, name: String) -> Result<Expr, Problem> {
        if self.skip("(") {
            let mut arguments = Vec::new();
            if !self.skip(")") {
                arguments = self.list(Self::expression)?;
                self.expect(")")?;
            }
            return Ok(Expr::Call(name, arguments));
        }
        match name.as_str() {
            "true" => Ok(Expr::Value(Cell::Bool(true), Kind::Bool)),
            "false" => Ok(Expr::Value(Cell::Bool(false), Kind::Bool)),
            _ => match self.lets.get(&name) {
                Some(Let::Value(expr)) => Ok(expr.clone()),
                _ => Ok(Expr::Name(name)),
            },
        }
    }
}

/// The value of `datetime(..)` and the like.
fn literal(name: &str, text: &str) -> Option<(Cell, Kind)> {
    let kind = match name {
        "datetime" | "date" => Kind::Time,
        "timespan" | "time" => Kind::Span,
        "guid" => Kind::Guid,
        _ => Kind::Dynamic,
    };
    if text == "null" {
        return Some((Cell::Null, kind));
    }
    let cell = match kind {
        Kind::Time => Cell::Time(parse_time(text)?),
        Kind::Span => Cell::Span(parse_span(text)?),
        Kind::Guid => is_guid(text).then(|| Cell::text(&text.to_ascii_lowercase()))?,
        _ => Cell::Dynamic(Arc::new(serde_json::from_str(text).ok()?)),
    };
    Some((cell, kind))
}
