//! `$skiptoken`: where a page ended. It is encoded twice, so that whoever encodes a link again breaks it.

use crate::core::rng::{hex, parse_hex};

/// A place in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SkipToken {
    /// The page's number, from 2.
    pub(crate) page: u64,
    /// When the last row of the page before was changed.
    pub(crate) modified: i64,
    /// Its id.
    pub(crate) id: [u8; 16],
}

impl SkipToken {
    /// As it stands in a link.
    pub(crate) fn text(&self) -> String {
        format!(
            "%3Ccookie%20pagenumber=%22{}%22%20pagingcookie=%22%253ccookie%2520page%253d%2522{}%2522%253e%253cmodifiedon%2520last%253d%2522{}%2522%252f%253e%253cid%2520last%253d%2522{}%2522%252f%253e%253c%252fcookie%253e%22%20istracking=%22False%22%20/%3E",
            self.page,
            self.page - 1,
            self.modified,
            hex(&self.id)
        )
    }

    /// Reads it as it came, not decoded; `None` if anything was changed about it.
    pub(crate) fn parse(raw: &str) -> Option<Self> {
        let between = |before: &str, after: &str| raw.split_once(before)?.1.split_once(after).map(|(text, _)| text);
        let token = Self {
            page: between("pagenumber=%22", "%22")?.parse().ok()?,
            modified: between("modifiedon%2520last%253d%2522", "%2522")?.parse().ok()?,
            id: parse_hex(between("cid%2520last%253d%2522", "%2522")?)?,
        };
        (token.page >= 2 && token.text() == raw).then_some(token)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_survives_a_round_trip_and_no_change() {
        let token = SkipToken { page: 7, modified: 1_790_000_000, id: [0xab; 16] };
        let text = token.text();
        assert_eq!(SkipToken::parse(&text), Some(token));
        assert_eq!(SkipToken::parse(&text.replace("%25", "%")), None);
        assert_eq!(SkipToken::parse(&text.replace("%3C", "<")), None);
        assert_eq!(SkipToken::parse(""), None);
    }
}
