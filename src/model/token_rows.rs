//! The tokens that we hold and those that the instance lists, as one list: a token that stands in both is one row.

use jiff::{SignedDuration, Timestamp};

use super::token_kind::TokenKind;
use super::token_list::{Fingerprint, HeldToken, InstanceToken, InstanceTokens, Ours, Stale, TokenChoice, TokenList};

/// So many characters of an id tell it from others, as a rule.
pub const SHORT: usize = 8;

/// One token: as we hold it, as the instance lists it, or both. At least one of them is there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TokenRow<'a> {
    /// As we hold it.
    pub held: Option<&'a HeldToken>,
    /// As the instance lists it.
    pub listed: Option<&'a InstanceToken>,
}

/// What a token is used for now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenState {
    /// The connection lives on it.
    InUse,
    /// It should be revoked.
    Stale(Stale),
    /// Whether we live on it cannot be told.
    Unknown,
}

/// Why it is unknown whether a token is ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhyUnknown {
    /// When our own ends was never told: it is computed from the documented lifespan.
    OurEndAssumed,
    /// The instance shows no end of it.
    NoEnd,
    /// It ends later than ours: another one, or ours with a longer life.
    EndsLater,
}

impl<'a> TokenRow<'a> {
    /// What it is for.
    pub fn kind(&self) -> TokenKind {
        self.held.map(|held| held.kind).or(self.listed.map(|listed| listed.kind)).unwrap_or(TokenKind::Other)
    }

    /// The fingerprint of its value, where that is known.
    pub fn fingerprint(&self) -> Option<&'a Fingerprint> {
        self.held.map(|held| &held.fingerprint).or(self.listed.and_then(|listed| listed.fingerprint.as_ref()))
    }

    /// The fingerprint, or the id of its row in the instance.
    pub fn id(&self) -> String {
        let row = || self.listed.map(|listed| listed.id.clone()).unwrap_or_default();
        self.fingerprint().map_or_else(row, ToString::to_string)
    }

    /// The same in a column: an id cut to its first [`SHORT`] characters.
    pub fn short_id(&self) -> String {
        self.id().chars().take(SHORT).collect()
    }

    /// The token, to be revoked: by its value where we hold it, which needs no admin.
    pub fn choice(&self) -> TokenChoice {
        match (self.held, self.listed) {
            (Some(held), _) => TokenChoice::Held(held.fingerprint.clone()),
            (None, Some(listed)) => TokenChoice::Listed(listed.id.clone()),
            (None, None) => TokenChoice::Listed(String::new()),
        }
    }

    /// Whether this is the token.
    pub fn is(&self, choice: &TokenChoice) -> bool {
        match choice {
            TokenChoice::Held(print) => self.held.is_some_and(|held| held.fingerprint == *print),
            TokenChoice::Listed(id) => self.listed.is_some_and(|listed| listed.id == *id),
        }
    }

    /// Whether we hold it, or held it until a rotation.
    pub fn ours(&self) -> Ours {
        match (self.held, self.listed) {
            (Some(_), _) => Ours::Yes,
            (None, Some(listed)) if listed.stale == Some(Stale::Retired) => Ours::Yes,
            (None, listed) => listed.map_or(Ours::Unknown, |listed| listed.ours),
        }
    }

    /// What it is used for now.
    pub fn state(&self, now: Timestamp) -> TokenState {
        let is_over = || self.expires().is_some_and(|(end, _)| end <= now);
        match (self.held, self.listed) {
            (Some(held), _) if held.retired_at.is_some() => TokenState::Stale(Stale::Retired),
            (Some(_), _) if is_over() => TokenState::Stale(Stale::Expired),
            (Some(_), _) => TokenState::InUse,
            (None, Some(InstanceToken { stale: Some(stale), .. })) => TokenState::Stale(*stale),
            (None, Some(InstanceToken { ours: Ours::Yes, .. })) => TokenState::InUse,
            (None, _) => TokenState::Unknown,
        }
    }

    /// Whether it should be revoked. An access token of ours that has expired is replaced without being asked for.
    pub fn should_be_revoked(&self) -> bool {
        match self.held {
            Some(held) => held.retired_at.is_some(),
            None => self.listed.is_some_and(|listed| listed.stale.is_some()),
        }
    }

    /// Whether the connection lives on it.
    pub fn is_in_use(&self) -> bool {
        match self.held {
            Some(held) => held.retired_at.is_none(),
            None => self.listed.is_some_and(|listed| listed.ours == Ours::Yes && listed.stale.is_none()),
        }
    }

    /// When it was issued.
    pub fn issued(&self) -> Option<Timestamp> {
        self.held.and_then(|held| held.issued).or(self.listed.and_then(|listed| listed.created))
    }

    /// When it ends, and whether the product told so.
    pub fn expires(&self) -> Option<(Timestamp, bool)> {
        let held = self.held.and_then(|held| Some((held.expires?, held.expiry_known)));
        let listed = self.listed.and_then(|listed| Some((listed.expires?, true)));
        held.filter(|(_, is_known)| *is_known).or(listed).or(held)
    }

    /// When it was last used, where the instance tells.
    pub fn last_used(&self) -> Option<Timestamp> {
        self.listed.and_then(|listed| listed.last_used)
    }
}

impl TokenList {
    /// What the instance lists, if it lists anything.
    pub fn listed(&self) -> &[InstanceToken] {
        match &self.instance {
            InstanceTokens::Seen { tokens } => tokens,
            InstanceTokens::NotListed | InstanceTokens::CannotSee { .. } => &[],
        }
    }

    /// Every token once: those to revoke first, then those in use, refresh tokens before access tokens.
    pub fn rows(&self) -> Vec<TokenRow<'_>> {
        let mut left: Vec<_> = self.listed().iter().collect();
        let mut rows: Vec<_> = self
            .held
            .iter()
            .map(|held| {
                let at = counterpart(held, &left);
                TokenRow { held: Some(held), listed: at.map(|at| left.remove(at)) }
            })
            .collect();
        rows.extend(left.into_iter().map(|listed| TokenRow { held: None, listed: Some(listed) }));
        rows.sort_by_key(|row| {
            let rank = match row.held {
                _ if row.should_be_revoked() => 0,
                Some(_) => 1,
                None => 2,
            };
            (rank, row.held.is_none(), row.held.is_some() && row.kind() != TokenKind::Refresh)
        });
        rows
    }

    /// Why it is unknown whether the token of this row is ours, where it is.
    pub fn why_unknown(&self, row: &TokenRow<'_>) -> Option<WhyUnknown> {
        let listed = row.listed.filter(|_| row.held.is_none() && row.ours() == Ours::Unknown)?;
        let ours = self.held.iter().find(|held| held.kind == listed.kind && held.retired_at.is_none());
        Some(match (listed.expires, ours) {
            (None, _) => WhyUnknown::NoEnd,
            (Some(_), Some(held)) if held.expires.is_none() || !held.expiry_known => WhyUnknown::OurEndAssumed,
            _ => WhyUnknown::EndsLater,
        })
    }
}

/// So far two clocks and whole seconds may be apart while the moment is the same.
const SAME: SignedDuration = SignedDuration::from_secs(5);

/// Which of these rows is the token that we hold: the one with its value; or else, of those that were found to be ours
/// or replaced, the one whose end is nearest; or else the only one of which that is unknown and that was issued with it.
fn counterpart(held: &HeldToken, listed: &[&InstanceToken]) -> Option<usize> {
    if let Some(at) = listed.iter().position(|listed| listed.fingerprint.as_ref() == Some(&held.fingerprint)) {
        return Some(at);
    }
    let is_alike = |listed: &InstanceToken| {
        let was_found = match held.retired_at {
            Some(_) => listed.ours == Ours::No && listed.stale == Some(Stale::Retired),
            None => listed.ours == Ours::Yes,
        };
        was_found && listed.fingerprint.is_none() && listed.kind == held.kind
    };
    let far = |listed: &InstanceToken| match (listed.expires, held.expires) {
        (Some(there), Some(here)) => there.duration_since(here).abs(),
        _ => SignedDuration::MAX,
    };
    let alike = listed.iter().enumerate().filter(|(_, listed)| is_alike(listed));
    alike.min_by_key(|(_, listed)| far(listed)).map(|(at, _)| at).or_else(|| issued_with(held, listed))
}

/// The only row of its kind that was issued when our token was. Its end is then known better than by the documented lifespan.
fn issued_with(held: &HeldToken, listed: &[&InstanceToken]) -> Option<usize> {
    let is_same = |listed: &InstanceToken| {
        let moments = listed.created.zip(held.issued);
        listed.ours == Ours::Unknown
            && listed.stale.is_none()
            && listed.kind == held.kind
            && moments.is_some_and(|(there, here)| there.duration_since(here).abs() <= SAME)
    };
    let mut found = listed.iter().enumerate().filter(|(_, listed)| held.retired_at.is_none() && is_same(listed));
    let (at, _) = found.next()?;
    found.next().is_none().then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::secret::Secret;
    use crate::model::seen_by::SeenBy;

    fn at(hour: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + 3600 * hour).unwrap()
    }

    fn held(kind: TokenKind, text: &str, ends: i64, retired_at: Option<Timestamp>) -> HeldToken {
        let fingerprint = Fingerprint::of(&Secret::new(text));
        HeldToken { kind, fingerprint, issued: None, expires: Some(at(ends)), expiry_known: true, retired_at }
    }

    fn listed(id: &str, kind: TokenKind, ends: i64, ours: Ours, stale: Option<Stale>) -> InstanceToken {
        InstanceToken {
            id: id.into(),
            kind,
            user_name: "u".into(),
            fingerprint: None,
            created: Some(at(-9)),
            expires: Some(at(ends)),
            last_used: Some(at(-1)),
            ours,
            stale,
        }
    }

    fn list(held: Vec<HeldToken>, tokens: Vec<InstanceToken>) -> TokenList {
        let instance = InstanceTokens::Seen { tokens };
        TokenList { held, instance, seen_by: SeenBy::Integration, at: at(0) }
    }

    #[test]
    fn a24_a_token_that_we_hold_and_the_instance_lists_is_one_row() {
        let (access, refresh) = (TokenKind::Access, TokenKind::Refresh);
        let held =
            vec![held(access, "a", 1, None), held(refresh, "r", 900, None), held(refresh, "o", 400, Some(at(-2)))];
        let listed = vec![
            listed("old", refresh, 400, Ours::No, Some(Stale::Retired)),
            listed("else", refresh, 300, Ours::No, Some(Stale::NotOurs)),
            listed("refresh", refresh, 900, Ours::Yes, None),
            listed("access", access, 1, Ours::Yes, None),
        ];
        let list = list(held, listed);
        let rows = list.rows();
        let shown = |row: &TokenRow<'_>| {
            (row.held.is_some(), row.listed.map(|listed| listed.id.clone()), row.state(at(0)), row.last_used())
        };
        let used = Some(at(-1));
        let id = |id: &str| Some(id.to_owned());
        assert_eq!(
            rows.iter().map(shown).collect::<Vec<_>>(),
            [
                (true, id("old"), TokenState::Stale(Stale::Retired), used),
                (false, id("else"), TokenState::Stale(Stale::NotOurs), used),
                (true, id("refresh"), TokenState::InUse, used),
                (true, id("access"), TokenState::InUse, used),
            ]
        );
        assert_eq!(rows[0].choice(), TokenChoice::Held(list.held[2].fingerprint.clone()));
        assert!(rows[0].is(&TokenChoice::Listed("old".into())) && rows[0].is(&rows[0].choice()));
        assert_eq!((rows[0].ours(), rows[1].ours()), (Ours::Yes, Ours::No));
    }

    #[test]
    fn a24_an_unknown_token_has_its_reason() {
        let unknown = |ends: i64| listed("x", TokenKind::Refresh, ends, Ours::Unknown, None);
        let why = |list: &TokenList| list.why_unknown(&list.rows()[1]);
        let ours = held(TokenKind::Refresh, "r", 900, None);
        assert_eq!(why(&list(vec![ours.clone()], vec![unknown(950)])), Some(WhyUnknown::EndsLater));
        let assumed = HeldToken { expiry_known: false, ..ours.clone() };
        assert_eq!(why(&list(vec![assumed], vec![unknown(950)])), Some(WhyUnknown::OurEndAssumed));
        let endless = InstanceToken { expires: None, ..unknown(0) };
        assert_eq!(why(&list(vec![ours], vec![endless])), Some(WhyUnknown::NoEnd));
    }

    #[test]
    fn a24_a_token_whose_end_is_only_estimated_is_known_by_when_it_was_issued() {
        let ours = HeldToken { expiry_known: false, issued: Some(at(-9)), ..held(TokenKind::Refresh, "r", 900, None) };
        let there = listed("x", TokenKind::Refresh, 950, Ours::Unknown, None);
        let one = list(vec![ours.clone()], vec![there.clone()]);
        let rows = one.rows();
        assert_eq!((rows.len(), rows[0].ours(), rows[0].expires()), (1, Ours::Yes, Some((at(950), true))));
        let other = InstanceToken { id: "y".into(), ..there };
        let two = list(vec![ours], vec![other.clone(), InstanceToken { id: "x".into(), ..other }]);
        assert_eq!(two.rows().len(), 3, "either may be ours");
    }

    #[test]
    fn an_end_that_the_product_told_is_better_than_one_that_was_computed() {
        let assumed = HeldToken { expiry_known: false, ..held(TokenKind::Refresh, "r", 900, None) };
        let there = listed("x", TokenKind::Refresh, 950, Ours::Yes, None);
        let list = list(vec![assumed], vec![there]);
        assert_eq!(list.rows()[0].expires(), Some((at(950), true)));
    }
}
