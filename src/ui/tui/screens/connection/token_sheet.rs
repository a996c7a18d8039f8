//! What lies over the tokens: a question, steps under way, what came of them.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::{sheet, tokens};
use crate::model::fault::Fault;
use crate::model::rotation::{Rotated, RotationStep};
use crate::model::token_list::TokenChoice;
use crate::texts::{connection as texts, fault as faults, token as words};
use crate::ui::app::connection::tokens::Revocation;
use crate::ui::app::connection::{ConnectionScreen, TokenSheet};
use crate::ui::app::model::Model;
use crate::ui::tui::theme::{Role, Theme};

/// Draws it.
pub fn draw(
    frame: &mut Frame<'_>,
    area: Rect,
    model: &Model,
    screen: &ConnectionScreen,
    shown: &TokenSheet,
    theme: Theme,
) {
    let sheet = Sheet { model, screen, room: sheet::room(area), theme };
    let lang = model.lang;
    let (title, lines) = match shown {
        TokenSheet::Row(token) => (words::title(lang), sheet.row(token)),
        TokenSheet::Ask(asked) => (texts::revoke_title(lang), sheet.ask(asked)),
        TokenSheet::Revoking(tokens) => (texts::revoke_title(lang), sheet.revoking(tokens)),
        TokenSheet::Revoked(outcomes) => (texts::revoke_title(lang), sheet.revoked(outcomes)),
        TokenSheet::RevocationFailed(fault) => {
            (texts::revoke_title(lang), sheet::fault(model, fault, sheet.room, theme))
        }
        TokenSheet::Rotating(ended) => (texts::rotate_title(lang), sheet.rotating(ended)),
        TokenSheet::Rotated(ended, outcome) => (texts::rotate_title(lang), sheet.rotated(ended, outcome)),
    };
    sheet::draw(frame, area, model, title, lines, screen.tokens.top, theme);
}

type Lines = Vec<Line<'static>>;

struct Sheet<'a> {
    model: &'a Model,
    screen: &'a ConnectionScreen,
    room: usize,
    theme: Theme,
}

impl Sheet<'_> {
    fn say(&self, words: &str, role: Role) -> Lines {
        sheet::wrapped(words, self.room, role, self.theme)
    }

    fn name(&self, token: &TokenChoice) -> String {
        tokens::name(self.model, &self.screen.tokens, token)
    }

    fn row(&self, token: &TokenChoice) -> Lines {
        let parts = tokens::in_full(self.model, &self.screen.tokens, token);
        parts.iter().flat_map(|part| self.say(part, Role::Normal)).collect()
    }

    /// The warnings come first: they must be in sight on the lowest screen.
    fn ask(&self, asked: &Revocation) -> Lines {
        let lang = self.model.lang;
        let mut lines = Vec::new();
        if asked.asked_once {
            lines.extend(self.say(&format!("▲ {}", texts::revoke_really(lang)), Role::Warning));
        } else {
            lines.extend(self.say(&texts::revoke_these(lang, asked.tokens.len()), Role::Title));
        }
        let name = self.screen.name.as_str();
        let warning = match (asked.ends_sign_in, asked.in_use) {
            (true, _) => Some(texts::revoke_ends_sign_in(lang, name)),
            (false, true) => Some(texts::revoke_in_use(lang, name)),
            (false, false) => None,
        };
        lines.extend(warning.iter().flat_map(|warning| self.say(&format!("▲ {warning}"), Role::Warning)));
        lines.extend(asked.tokens.iter().flat_map(|token| {
            let mark = if self.screen.tokens.lives_on(token) { "●" } else { "-" };
            self.say(&format!("{mark} {}", self.name(token)), Role::Normal)
        }));
        lines
    }

    fn revoking(&self, tokens: &[TokenChoice]) -> Lines {
        let mut lines = self.say(&format!("◌ {}", texts::revoking(self.model.lang)), Role::Accent);
        lines.extend(tokens.iter().flat_map(|token| self.say(&format!("- {}", self.name(token)), Role::Normal)));
        lines
    }

    fn revoked(&self, outcomes: &[(TokenChoice, Result<(), Fault>)]) -> Lines {
        let lang = self.model.lang;
        // The list was read before: what it says of their state is over.
        let name = |token: &TokenChoice| tokens::short_name(self.model, &self.screen.tokens, token);
        let line = |(token, outcome): &(TokenChoice, Result<(), Fault>)| match outcome {
            Ok(()) => self.say(&format!("✓ {}: {}", name(token), words::revoked(lang)), Role::Ok),
            Err(fault) => self.say(&format!("✗ {}: {}", name(token), faults::summary(lang, fault)), Role::Error),
        };
        let needs_admin = outcomes.iter().any(|(_, outcome)| matches!(outcome, Err(Fault::AdminNeeded { .. })));
        let next = if needs_admin { self.say(texts::revoked_as_admin(lang), Role::Normal) } else { Vec::new() };
        outcomes.iter().flat_map(line).chain(next).collect()
    }

    fn steps(&self, ended: &[RotationStep], running: bool) -> Lines {
        let next = RotationStep::ALL.into_iter().find(|step| !ended.contains(step));
        let line = |step: RotationStep| {
            let (mark, role) = match step {
                step if ended.contains(&step) => ("✓", Role::Ok),
                step if running && next == Some(step) => ("◌", Role::Accent),
                step if !running && next == Some(step) => ("✗", Role::Error),
                _ => ("○", Role::Dim),
            };
            self.say(&format!("{mark} {}", words::rotation_step(self.model.lang, step)), role)
        };
        RotationStep::ALL.into_iter().flat_map(line).collect()
    }

    fn rotating(&self, ended: &[RotationStep]) -> Lines {
        [self.steps(ended, true), self.say(texts::rotated_meanwhile(self.model.lang), Role::Dim)].concat()
    }

    /// The outcome comes first: it must be in sight on the lowest screen.
    fn rotated(&self, ended: &[RotationStep], outcome: &Result<Rotated, Fault>) -> Lines {
        let lang = self.model.lang;
        let rotated = match outcome {
            Ok(rotated) => rotated,
            Err(fault) => {
                let words = if ended.is_empty() { texts::rotation_refused } else { texts::rotation_failed };
                let told = self.say(&format!("✗ {}", words(lang)), Role::Error);
                let why = sheet::fault(self.model, fault, self.room, self.theme);
                return [told, why, self.steps(ended, false)].concat();
            }
        };
        let mut lines = self.say(&format!("✓ {}", words::renewed(lang, rotated.renewed)), Role::Ok);
        if rotated.revoked > 0 {
            lines.extend(self.say(&texts::rotated_revoked(lang, rotated.revoked), Role::Normal));
        }
        if let Some(fault) = &rotated.left {
            let left = texts::rotated_left(lang, &faults::summary(lang, fault));
            lines.extend(self.say(&format!("▲ {left}"), Role::Warning));
        }
        lines
    }
}
