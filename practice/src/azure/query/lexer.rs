//! Cuts a query into tokens.

use super::super::value::TICKS;
use super::syntax::Problem;

/// A token.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    /// A name or a word of the language, such as `where`, `!in` or `in~`.
    Name(String),
    Text(String),
    Long(i64),
    Real(f64),
    /// Ticks.
    Span(i64),
    /// What stands in `datetime(..)`, `timespan(..)`, `guid(..)` and `dynamic(..)`.
    Literal(String, String),
    Sign(&'static str),
    End,
}

const SIGNS: [&str; 27] = [
    "==", "=~", "!=", "!~", "<>", "<=", ">=", "..", "|", "(", ")", "[", "]", "{", "}", ",", ";", "=", "<", ">", "+",
    "-", "*", "/", "%", ".", ":",
];

const LITERALS: [&str; 6] = ["datetime", "date", "timespan", "time", "guid", "dynamic"];

/// The tokens of a text, each with its place in bytes.
pub(super) fn tokens(text: &str) -> Result<Vec<(Token, usize)>, Problem> {
    let mut lexer = Lexer { text, at: 0, found: Vec::new() };
    while lexer.skip_blanks() {
        let from = lexer.at;
        let token = lexer.token()?;
        lexer.found.push((token, from));
    }
    lexer.found.push((Token::End, text.len()));
    Ok(lexer.found)
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    found: Vec<(Token, usize)>,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// Whether anything is left behind blanks and comments.
    fn skip_blanks(&mut self) -> bool {
        loop {
            let rest = self.rest();
            self.at += rest.len() - rest.trim_start().len();
            if !self.rest().starts_with("//") {
                return !self.rest().is_empty();
            }
            self.at += self.rest().find('\n').unwrap_or(self.rest().len());
        }
    }

    fn problem(&self) -> Problem {
        Problem::Syntax { token: self.rest().chars().take(1).collect(), at: self.at }
    }

    fn take(&mut self, fits: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let length = rest.find(|c| !fits(c)).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    fn token(&mut self) -> Result<Token, Problem> {
        let rest = self.rest();
        let first = rest.chars().next().unwrap_or_default();
        let second = rest.chars().nth(1).unwrap_or_default();
        if matches!(first, '"' | '\'') {
            return self.quoted(first, false);
        }
        if first == '@' && matches!(second, '"' | '\'') {
            self.at += 1;
            return self.quoted(second, true);
        }
        if first.is_ascii_digit() {
            return self.number();
        }
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$';
        if first.is_ascii_alphabetic() || first == '_' || first == '$' || (first == '!' && second.is_ascii_alphabetic())
        {
            self.at += usize::from(first == '!');
            let word = self.take(is_word);
            let mut name = if first == '!' { format!("!{word}") } else { word.to_owned() };
            if matches!(name.as_str(), "in" | "!in") && self.rest().starts_with('~') {
                self.at += 1;
                name.push('~');
            }
            return self.word(name);
        }
        let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign)).ok_or_else(|| self.problem())?;
        self.at += sign.len();
        Ok(Token::Sign(sign))
    }

    /// A word, or a literal that is written as a call.
    fn word(&mut self, name: String) -> Result<Token, Problem> {
        let inner = self.rest().trim_start().strip_prefix('(').map(str::trim_start);
        let raw = inner.is_some_and(|inner| name == "dynamic" || !inner.starts_with(['"', '\'']));
        if !LITERALS.contains(&name.as_str()) || !raw {
            return Ok(Token::Name(name));
        }
        let open = self.rest().find('(').unwrap_or(0);
        let (mut depth, mut quote) = (0_usize, None);
        for (place, c) in self.rest().char_indices().skip_while(|(place, _)| *place < open) {
            match (quote, c) {
                (Some(end), _) if c == end => quote = None,
                (Some(_), _) => {}
                (None, '"' | '\'') => quote = Some(c),
                (None, '(') => depth += 1,
                (None, ')') if depth == 1 => {
                    let text = self.rest()[open + 1..place].trim().to_owned();
                    self.at += place + 1;
                    return Ok(Token::Literal(name, text));
                }
                (None, ')') => depth -= 1,
                _ => {}
            }
        }
        Err(self.problem())
    }

    fn quoted(&mut self, quote: char, verbatim: bool) -> Result<Token, Problem> {
        let start = self.problem();
        let mut text = String::new();
        let mut chars = self.rest().char_indices().skip(1).peekable();
        while let Some((place, c)) = chars.next() {
            match c {
                _ if c == quote && verbatim && chars.peek().is_some_and(|(_, next)| *next == quote) => {
                    chars.next();
                    text.push(quote);
                }
                _ if c == quote => {
                    self.at += place + 1;
                    return Ok(Token::Text(text));
                }
                '\n' => break,
                '\\' if !verbatim => match chars.next() {
                    Some((_, 'n')) => text.push('\n'),
                    Some((_, 't')) => text.push('\t'),
                    Some((_, 'r')) => text.push('\r'),
                    Some((_, escaped @ ('\\' | '"' | '\''))) => text.push(escaped),
                    Some((_, 'u')) => {
                        let digits: String = chars.by_ref().take(4).map(|(_, digit)| digit).collect();
                        let code = u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32);
                        text.push(code.ok_or_else(|| start.clone())?);
                    }
                    _ => return Err(start),
                },
                _ => text.push(c),
            }
        }
        Err(start)
    }

    fn number(&mut self) -> Result<Token, Problem> {
        let start = self.problem();
        let from = self.at;
        self.take(|c| c.is_ascii_digit());
        let fraction = self.rest().strip_prefix('.').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        if fraction {
            self.at += 1;
            self.take(|c| c.is_ascii_digit());
        }
        let digits = &self.text[from..self.at];
        let unit = self.take(|c| c.is_ascii_alphabetic());
        if unit.is_empty() {
            let real = || digits.parse().map(Token::Real).map_err(|_| start.clone());
            return if fraction { real() } else { digits.parse().map(Token::Long).map_err(|_| start.clone()) };
        }
        let amount: f64 = digits.parse().map_err(|_| start.clone())?;
        unit_ticks(unit).map(|ticks| Token::Span(ticks_of(amount, ticks))).ok_or(start)
    }
}

fn unit_ticks(unit: &str) -> Option<i64> {
    Some(match unit {
        "d" | "day" | "days" => 86_400 * TICKS,
        "h" | "hr" | "hrs" | "hour" | "hours" => 3600 * TICKS,
        "m" | "min" | "minute" | "minutes" => 60 * TICKS,
        "s" | "sec" | "second" | "seconds" => TICKS,
        "ms" | "milli" | "millis" => TICKS / 1000,
        "microsecond" | "microseconds" => 10,
        "tick" | "ticks" => 1,
        _ => return None,
    })
}

#[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "spans are small")]
fn ticks_of(amount: f64, unit: i64) -> i64 {
    (amount * unit as f64).round() as i64
}

/// Ticks of a span such as `1d`, `01:00:00` or `1.02:03:04.5`.
pub(super) fn parse_span(text: &str) -> Option<i64> {
    let text = text.trim();
    let split = text.find(|c: char| c.is_ascii_alphabetic());
    if let Some(split) = split {
        return Some(ticks_of(text[..split].parse().ok()?, unit_ticks(&text[split..])?));
    }
    let (sign, text) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (days, clock) = match text.split_once('.') {
        Some((days, clock)) if !days.contains(':') => (days.parse::<i64>().ok()?, clock),
        _ => (0, text),
    };
    let parts: Vec<&str> = clock.split(':').collect();
    let [hours, minutes, seconds] = parts[..] else { return None };
    let whole = days * 86_400 + hours.parse::<i64>().ok()? * 3600 + minutes.parse::<i64>().ok()? * 60;
    Some(sign * (whole * TICKS + ticks_of(seconds.parse().ok()?, TICKS)))
}
