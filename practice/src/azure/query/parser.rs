//! Reads the operators of a query. What it does not know is refused by name.

use std::collections::HashMap;

use super::lexer::{Token, tokens};
use super::syntax::{Expr, Item, JoinKind, Key, Pipeline, Problem, Source, Step};

/// Something that was named with `let`.
#[derive(Debug, Clone)]
pub(super) enum Let {
    Value(Expr),
    Rows(Pipeline),
}

/// Reads a query.
pub(super) fn parse(text: &str) -> Result<Pipeline, Problem> {
    let mut parser = Parser { tokens: tokens(text)?, at: 0, lets: HashMap::new() };
    while parser.skip_word("let") {
        parser.binding()?;
    }
    let pipeline = parser.pipeline()?;
    parser.skip(";");
    if *parser.peek() == Token::End { Ok(pipeline) } else { Err(parser.problem()) }
}

/// The place in a query.
pub(super) struct Parser {
    tokens: Vec<(Token, usize)>,
    pub(super) at: usize,
    pub(super) lets: HashMap<String, Let>,
}

impl Parser {
    pub(super) fn peek(&self) -> &Token {
        &self.tokens[self.at].0
    }

    pub(super) fn peek_on(&self, by: usize) -> &Token {
        &self.tokens[(self.at + by).min(self.tokens.len() - 1)].0
    }

    pub(super) fn next(&mut self) -> Token {
        let token = self.peek().clone();
        self.at = (self.at + 1).min(self.tokens.len() - 1);
        token
    }

    /// The token that cannot stand here.
    pub(super) fn problem(&self) -> Problem {
        let (token, at) = &self.tokens[self.at];
        let token = match token {
            Token::Name(name) | Token::Literal(name, _) => name.clone(),
            Token::Text(text) => text.clone(),
            Token::Long(number) => number.to_string(),
            Token::Real(number) => number.to_string(),
            Token::Span(_) => "timespan".to_owned(),
            Token::Sign(sign) => (*sign).to_owned(),
            Token::End => "<EOF>".to_owned(),
        };
        Problem::Syntax { token, at: *at }
    }

    pub(super) fn skip(&mut self, sign: &str) -> bool {
        let found = matches!(self.peek(), Token::Sign(one) if *one == sign);
        self.at += usize::from(found);
        found
    }

    pub(super) fn skip_word(&mut self, word: &str) -> bool {
        let found = matches!(self.peek(), Token::Name(one) if one == word);
        self.at += usize::from(found);
        found
    }

    pub(super) fn expect(&mut self, sign: &str) -> Result<(), Problem> {
        if self.skip(sign) { Ok(()) } else { Err(self.problem()) }
    }

    pub(super) fn name(&mut self) -> Result<String, Problem> {
        if self.skip("[") {
            let Token::Text(name) = self.next() else { return Err(self.problem()) };
            self.expect("]")?;
            return Ok(name);
        }
        match self.peek().clone() {
            Token::Name(name) => {
                self.at += 1;
                Ok(name)
            }
            _ => Err(self.problem()),
        }
    }

    pub(super) fn list<T>(&mut self, mut one: impl FnMut(&mut Self) -> Result<T, Problem>) -> Result<Vec<T>, Problem> {
        let mut all = vec![one(self)?];
        while self.skip(",") {
            all.push(one(self)?);
        }
        Ok(all)
    }

    fn binding(&mut self) -> Result<(), Problem> {
        let name = self.name()?;
        self.expect("=")?;
        let from = self.at;
        let is_rows = |expr: &Expr| matches!(expr, Expr::Name(_));
        let value = match self.expression() {
            Ok(expr) if matches!(self.peek(), Token::Sign(";")) && !is_rows(&expr) => Let::Value(expr),
            _ => {
                self.at = from;
                Let::Rows(self.pipeline()?)
            }
        };
        self.expect(";")?;
        self.lets.insert(name, value);
        Ok(())
    }

    pub(super) fn pipeline(&mut self) -> Result<Pipeline, Problem> {
        let source = self.source()?;
        let mut steps = Vec::new();
        while self.skip("|") {
            // How a result is drawn changes nothing in it.
            if self.skip_word("render") {
                while !matches!(self.peek(), Token::Sign("|" | ")" | ";") | Token::End) {
                    self.at += 1;
                }
                continue;
            }
            steps.push(self.step()?);
        }
        Ok(Pipeline { source, steps })
    }

    fn source(&mut self) -> Result<Source, Problem> {
        if self.skip("(") {
            let inner = self.pipeline()?;
            self.expect(")")?;
            return Ok(Source::Nested(Box::new(inner)));
        }
        if self.skip_word("union") {
            return Ok(Source::Union(self.union()?));
        }
        if self.skip_word("print") {
            return Ok(Source::Print(self.list(Self::item)?));
        }
        let is_call = matches!(self.peek_on(1), Token::Sign("("));
        let name = self.name()?;
        if name == "table" && self.skip("(") {
            let Token::Text(name) = self.next() else { return Err(self.problem()) };
            self.expect(")")?;
            return Ok(Source::Named(name));
        }
        if is_call {
            self.expect("(")?;
            self.expect(")")?;
        }
        match self.lets.get(&name) {
            Some(Let::Rows(rows)) => Ok(Source::Nested(Box::new(rows.clone()))),
            _ => Ok(Source::Named(name)),
        }
    }

    fn union(&mut self) -> Result<Vec<Pipeline>, Problem> {
        while matches!(self.peek(), Token::Name(name) if name == "kind" || name == "isfuzzy") {
            self.at += 1;
            self.expect("=")?;
            self.name()?;
        }
        self.list(|parser| Ok(Pipeline { source: parser.source()?, steps: Vec::new() }))
    }

    fn step(&mut self) -> Result<Step, Problem> {
        let before = self.at;
        let mut word = self.name()?;
        while matches!(self.peek(), Token::Sign("-"))
            && matches!(word.split('-').next(), Some("project" | "mv" | "sample"))
        {
            self.at += 1;
            word = format!("{word}-{}", self.name()?);
        }
        match word.as_str() {
            "where" | "filter" => Ok(Step::Where(self.expression()?)),
            "extend" => Ok(Step::Extend(self.list(Self::item)?)),
            "project" => Ok(Step::Project(self.list(Self::item)?)),
            "project-away" => Ok(Step::ProjectAway(self.list(Self::name)?)),
            "project-keep" => Ok(Step::ProjectKeep(self.list(Self::name)?)),
            "project-rename" => Ok(Step::ProjectRename(self.list(Self::item)?)),
            "summarize" => self.summarize(),
            "order" | "sort" => {
                self.by()?;
                Ok(Step::Order(self.list(Self::key)?))
            }
            "take" | "limit" => Ok(Step::Take(self.count()?)),
            "distinct" => Ok(Step::Distinct(self.list(Self::item)?)),
            "count" => Ok(Step::Count),
            "getschema" => Ok(Step::Schema),
            "union" => Ok(Step::Union(self.union()?)),
            "top" => self.top(),
            "join" => self.join(),
            _ => {
                self.at = before;
                Err(self.problem())
            }
        }
    }

    /// `join kind=inner (rows) on Key, $left.One == $right.Other`.
    fn join(&mut self) -> Result<Step, Problem> {
        let mut kind = JoinKind::InnerUnique;
        while matches!(self.peek(), Token::Name(_)) && matches!(self.peek_on(1), Token::Sign("=")) {
            let (problem, hint) = (self.problem(), self.name()?);
            self.expect("=")?;
            let value = self.name()?;
            kind = match hint.as_str() {
                "kind" => JoinKind::of(&value).ok_or(problem)?,
                // How it is run changes nothing in it.
                _ if hint.starts_with("hint") => kind,
                _ => return Err(problem),
            };
        }
        let right = Box::new(Pipeline { source: self.source()?, steps: Vec::new() });
        if !self.skip_word("on") {
            return Err(self.problem());
        }
        let on = self.list(Self::pair)?;
        Ok(Step::Join { kind, right, on })
    }

    fn pair(&mut self) -> Result<(String, String), Problem> {
        if !matches!(self.peek(), Token::Name(name) if name == "$left") {
            let name = self.name()?;
            return Ok((name.clone(), name));
        }
        self.at += 1;
        self.expect(".")?;
        let left = self.name()?;
        self.expect("==")?;
        if !self.skip_word("$right") {
            return Err(self.problem());
        }
        self.expect(".")?;
        Ok((left, self.name()?))
    }

    fn top(&mut self) -> Result<Step, Problem> {
        let count = self.count()?;
        self.by()?;
        Ok(Step::Top(count, self.list(Self::key)?))
    }

    fn by(&mut self) -> Result<(), Problem> {
        if self.skip_word("by") { Ok(()) } else { Err(self.problem()) }
    }

    fn count(&mut self) -> Result<usize, Problem> {
        match *self.peek() {
            Token::Long(number) => {
                self.at += 1;
                Ok(usize::try_from(number).unwrap_or(0))
            }
            _ => Err(self.problem()),
        }
    }

    /// `name = expression`, or an expression.
    pub(super) fn item(&mut self) -> Result<Item, Problem> {
        let written = |parser: &Self, by| matches!(parser.peek_on(by), Token::Sign("="));
        let named = match self.peek() {
            Token::Name(_) => written(self, 1),
            Token::Sign("[") => matches!(self.peek_on(1), Token::Text(_)) && written(self, 3),
            _ => false,
        };
        let name = if named { Some(self.name()?) } else { None };
        if named {
            self.expect("=")?;
        }
        Ok(Item { name, expr: self.expression()? })
    }

    fn key(&mut self) -> Result<Key, Problem> {
        let expr = self.expression()?;
        let ascending = self.skip_word("asc");
        if !ascending {
            self.skip_word("desc");
        }
        let nulls_first = match self.skip_word("nulls") {
            true if self.skip_word("first") => true,
            true if self.skip_word("last") => false,
            true => return Err(self.problem()),
            false => ascending,
        };
        Ok(Key { expr, ascending, nulls_first })
    }

    fn summarize(&mut self) -> Result<Step, Problem> {
        let is_by = matches!(self.peek(), Token::Name(name) if name == "by");
        let aggregates = if is_by { Vec::new() } else { self.list(Self::item)? };
        let by = if self.skip_word("by") { self.list(Self::item)? } else { Vec::new() };
        Ok(Step::Summarize { aggregates, by })
    }
}
