//! `itsmc token list / rotate / new-secret / revoke`: the OAuth tokens of a connection, never their values.

use std::io::IsTerminal;

use jiff::Timestamp;
use serde_json::json;

use super::leaving;
use crate::cli::args::{AdminArgs, TokenCommand};
use crate::cli::ask::confirmed;
use crate::cli::context::Context;
use crate::cli::output::{fault_json, fault_lines};
use crate::cli::render::medium::Medium;
use crate::cli::render::table::{Cell, Fit, Piped, Table};
use crate::cli::secrets::AdminSecrets;
use crate::model::blank::trimmed;
use crate::model::connection::{Connection, ConnectionName, Grant};
use crate::model::fault::Fault;
use crate::model::lang::Lang;
use crate::model::rotation::{NewSecret, Rotated, RotationStep, Typed};
use crate::model::secret::Secret;
use crate::model::token_list::TokenChoice;
use crate::model::token_list::{InstanceTokens, TokenList};
use crate::model::token_rows::{SHORT, TokenRow, TokenState};
use crate::service::administration;
use crate::service::rotation;
use crate::texts::{cli as words, time, token as token_words};

/// Exit code for findings: stale tokens that are not revoked.
const FINDINGS: u8 = 8;

/// Does what was asked for about tokens.
///
/// # Errors
/// When there is no such connection, a secret is missing, or the product refuses.
pub async fn run(context: &Context, command: TokenCommand) -> Result<u8, Fault> {
    match command {
        TokenCommand::List { name, admin } => list(context, &context.named(name).await?, &admin).await,
        TokenCommand::Rotate { name, secrets_stdin } => {
            rotate(context, &context.named(name).await?, secrets_stdin).await
        }
        TokenCommand::NewSecret { name, secrets_stdin, expires } => {
            new_secret(context, &context.named(name).await?, secrets_stdin, expires).await
        }
        TokenCommand::Revoke { name, tokens, stale, admin, yes } => {
            let (name, tokens) = if stale { (name, tokens) } else { named(context, name, tokens).await? };
            let wanted = Wanted { tokens, stale, yes };
            revoke(context, &context.named(name).await?, wanted, &admin).await
        }
    }
}

/// Where there is one connection, its name may be left out before the tokens as well.
async fn named(
    context: &Context,
    name: Option<String>,
    mut tokens: Vec<String>,
) -> Result<(Option<String>, Vec<String>), Fault> {
    let known = context.services.names().await?;
    match (name, known.as_slice()) {
        (Some(first), [only]) if only.as_str() != first => {
            tokens.insert(0, first);
            Ok((None, tokens))
        }
        (name, _) => Ok((name, tokens)),
    }
}

async fn list(context: &Context, name: &str, admin: &AdminArgs) -> Result<u8, Fault> {
    let name = context.services.connection(name).await?.name;
    let secrets = AdminSecrets::read(context.output, admin.secrets_stdin)?;
    let list = with_admin(context, &name, admin, &secrets, administration::tokens(&context.services, &name)).await?;
    context.output.result(&list, || lines(context, &list))?;
    let retired = list.held.iter().any(|token| token.retired_at.is_some());
    let stale = retired || list.stale().next().is_some();
    Ok(if stale { FINDINGS } else { list.unread().map_or(0, Fault::exit_code) })
}

async fn rotate(context: &Context, name: &str, secrets_stdin: bool) -> Result<u8, Fault> {
    let connection = context.services.connection(name).await?;
    let secrets = AdminSecrets::read(context.output, secrets_stdin)?;
    let client_secret = match secrets.given("client_secret") {
        None if rotation::wants_client_secret(&context.services, &connection).await? => {
            Some(ask_client_secret(context, &connection, &secrets)?)
        }
        given => given.map(|secret| trim(&secret)),
    };
    let password = match connection.grant {
        Grant::Password => Some(ask_password(context, &connection, &secrets)?),
        // The application signs in with its own secret.
        Grant::ClientCredentials => None,
    };
    let typed = Typed { password, client_secret: client_secret.map(|secret| NewSecret { secret, expires: None }) };
    let rotated = rotation::rotate(&context.services, &connection.name, typed, |step| say(context, step)).await;
    tell_rotated(context, &leaving::rotated(context, rotated)?)
}

async fn new_secret(
    context: &Context,
    name: &str,
    secrets_stdin: bool,
    expires: Option<Timestamp>,
) -> Result<u8, Fault> {
    let connection = context.services.connection(name).await?;
    if !rotation::has_client_secret(&context.services, &connection)? {
        return Err(Fault::BadUsage { what: token_words::no_client_secret(context.output.lang).to_owned() });
    }
    let secrets = AdminSecrets::read(context.output, secrets_stdin)?;
    let secret = ask_client_secret(context, &connection, &secrets)?;
    let rotated = put_secret(context, &connection, &secrets, NewSecret { secret, expires }).await?;
    tell_rotated(context, &rotated)
}

/// Proves and keeps a new client secret. Where the refresh token does not do, someone at the terminal is asked for the
/// password.
///
/// # Errors
/// As [`rotation::new_secret`].
pub async fn put_secret(
    context: &Context,
    connection: &Connection,
    secrets: &AdminSecrets,
    new: NewSecret,
) -> Result<Rotated, Fault> {
    let (services, name) = (&context.services, &connection.name);
    let typed = Typed { password: secrets.given("password"), client_secret: Some(new.clone()) };
    let by_password = typed.password.is_some() || connection.grant == Grant::ClientCredentials;
    let ended = rotation::new_secret(services, name, typed, |step| say(context, step)).await;
    match leaving::rotated(context, ended) {
        Err(fault) if fault.is_signed_out() && !by_password && std::io::stdin().is_terminal() => {
            context.output.fault(&fault);
            let typed = Typed { password: Some(ask_password(context, connection, secrets)?), client_secret: Some(new) };
            let ended = rotation::new_secret(services, name, typed, |step| say(context, step)).await;
            leaving::rotated(context, ended)
        }
        ended => ended,
    }
}

fn say(context: &Context, step: RotationStep) {
    context.output.say(&format!("✓ {}", token_words::rotation_step(context.output.lang, step)));
}

fn ask_password(context: &Context, connection: &Connection, secrets: &AdminSecrets) -> Result<Secret, Fault> {
    let host = connection.server_url.host();
    secrets.get("password", &words::ask_password(context.output.lang, &connection.username, &host))
}

fn ask_client_secret(context: &Context, connection: &Connection, secrets: &AdminSecrets) -> Result<Secret, Fault> {
    let host = connection.server_url.host();
    let prompt = words::ask_client_secret(context.output.lang, &connection.client_id, &host);
    secrets.get("client_secret", &prompt).map(|secret| trim(&secret))
}

/// A client secret has no blanks at its ends; a pasted one often has.
pub fn trim(secret: &Secret) -> Secret {
    Secret::new(trimmed(secret.expose()))
}

fn tell_rotated(context: &Context, rotated: &Rotated) -> Result<u8, Fault> {
    context.output.result(rotated, || rotated_lines(context.output.lang, rotated))?;
    if let (Some(fault), false) = (&rotated.left, context.output.json) {
        context.output.fault(fault);
    }
    Ok(if rotated.left.is_some() { FINDINGS } else { 0 })
}

fn rotated_lines(lang: Lang, rotated: &Rotated) -> Vec<String> {
    let mut lines = vec![token_words::renewed(lang, rotated.renewed).to_owned()];
    if rotated.revoked > 0 {
        lines.push(words::tokens_revoked(lang, rotated.revoked));
    }
    lines
}

/// Which tokens are to be revoked.
struct Wanted {
    tokens: Vec<String>,
    stale: bool,
    yes: bool,
}

async fn revoke(context: &Context, name: &str, wanted: Wanted, admin: &AdminArgs) -> Result<u8, Fault> {
    let name = context.services.connection(name).await?.name;
    let secrets = AdminSecrets::read(context.output, admin.secrets_stdin)?;
    with_admin(context, &name, admin, &secrets, revoke_wanted(context, &name, &wanted)).await
}

async fn revoke_wanted(context: &Context, name: &ConnectionName, wanted: &Wanted) -> Result<u8, Fault> {
    let lang = context.output.lang;
    let list = administration::tokens(&context.services, name).await?;
    let chosen = choose(&list, wanted, name)?;
    if chosen.is_empty() {
        return nothing_stale(context, &list);
    }
    let names: Vec<_> = chosen.iter().map(choice_name).collect();
    let in_use = chosen.iter().any(|choice| is_in_use(&list, choice));
    let sure = wanted.yes
        || (confirmed(context, &token_words::ask_revoke(lang, &names.join(", ")))?
            && (!in_use || confirmed(context, &token_words::ask_revoke_in_use(lang, name.as_str()))?));
    if !sure {
        if context.output.json {
            return Err(Fault::Interrupted);
        }
        context.output.say(words::nothing_revoked(lang));
        return Ok(130);
    }
    let code = tell(context, administration::revoke(&context.services, name, chosen).await?)?;
    let unread = list.unread().filter(|_| wanted.stale);
    if let (Some(fault), false) = (unread, context.output.json) {
        context.output.fault(fault);
    }
    Ok(code.max(unread.map_or(0, Fault::exit_code)))
}

/// Says that no token is stale, as far as the lists tell: one that was not read proves nothing.
fn nothing_stale(context: &Context, list: &TokenList) -> Result<u8, Fault> {
    if let Some(fault) = list.unread() {
        return Err(fault.clone());
    }
    let lang = context.output.lang;
    let lines = match list.is_hidden() {
        true => vec![words::none_held_is_stale(lang).to_owned(), format!("? {}", token_words::cannot_list(lang))],
        false => vec![words::nothing_stale(lang).to_owned()],
    };
    context.output.result(&json!({ "revoked": [], "all_seen": !list.is_hidden() }), || lines)?;
    Ok(if list.is_hidden() { FINDINGS } else { 0 })
}

fn tell(context: &Context, outcomes: Vec<(TokenChoice, Result<(), Fault>)>) -> Result<u8, Fault> {
    let lang = context.output.lang;
    let rows: Vec<_> = outcomes
        .iter()
        .map(|(token, outcome)| {
            let fault = outcome.as_ref().err().map(|fault| fault_json(lang, fault));
            json!({ "token": choice_name(token), "revoked": outcome.is_ok(), "fault": fault })
        })
        .collect();
    context.output.result(&json!({ "revoked": rows }), || {
        outcomes.iter().flat_map(|(token, outcome)| told(context, token, outcome)).collect()
    })?;
    Ok(outcomes.iter().filter_map(|(_, outcome)| outcome.as_ref().err()).map(Fault::exit_code).max().unwrap_or(0))
}

fn told(context: &Context, token: &TokenChoice, outcome: &Result<(), Fault>) -> Vec<String> {
    let lang = context.output.lang;
    match outcome {
        Ok(()) => vec![format!("✓ {}: {}", choice_name(token), token_words::revoked(lang))],
        Err(fault) => [vec![format!("✗ {}", choice_name(token))], fault_lines(lang, fault)].concat(),
    }
}

fn choose(list: &TokenList, wanted: &Wanted, name: &ConnectionName) -> Result<Vec<TokenChoice>, Fault> {
    if wanted.stale {
        return Ok(list.rows().iter().filter(|row| row.should_be_revoked()).map(TokenRow::choice).collect());
    }
    if wanted.tokens.is_empty() {
        return Err(Fault::BadUsage { what: "token revoke NAME (TOKEN.. | --stale)".to_owned() });
    }
    let none = |given: &String| match list.unread() {
        Some(fault) => fault.clone(),
        None => Fault::NoSuchToken { name: given.clone(), connection: name.to_string() },
    };
    wanted.tokens.iter().map(|given| find(list, given).ok_or_else(|| none(given))).collect()
}

/// The token of this fingerprint or id, or the only one that begins so.
fn find(list: &TokenList, given: &str) -> Option<TokenChoice> {
    let rows = list.rows();
    let ids = |row: &TokenRow<'_>| {
        let listed = row.listed.map(|listed| listed.id.clone());
        row.fingerprint().map(ToString::to_string).into_iter().chain(listed).collect::<Vec<_>>()
    };
    let begin: Vec<_> = rows.iter().filter(|row| ids(row).iter().any(|id| id.starts_with(given))).collect();
    let found = match rows.iter().find(|row| ids(row).iter().any(|id| id == given)) {
        None if begin.len() == 1 && given.len() >= SHORT => begin.first().copied(),
        found => found,
    };
    found.map(TokenRow::choice)
}

fn is_in_use(list: &TokenList, choice: &TokenChoice) -> bool {
    list.rows().iter().any(|row| row.is(choice) && row.is_in_use())
}

fn choice_name(choice: &TokenChoice) -> String {
    match choice {
        TokenChoice::Held(fingerprint) => fingerprint.to_string(),
        TokenChoice::Listed(id) => id.clone(),
    }
}

fn lines(context: &Context, list: &TokenList) -> Vec<String> {
    let (lang, medium) = (context.output.lang, Medium::stdout());
    let mut lines = table(lang, list, Timestamp::now(), medium).take(medium);
    if list.held.is_empty() {
        lines.push(token_words::none_held(lang).to_owned());
    }
    match &list.instance {
        InstanceTokens::NotListed => lines.push(format!("– {}", token_words::not_listed(lang))),
        InstanceTokens::CannotSee { fault } => {
            let why = if list.is_hidden() { token_words::cannot_list } else { token_words::list_unread };
            lines.push(format!("? {}", why(lang)));
            lines.extend(fault.iter().flat_map(|fault| fault_lines(lang, fault)));
        }
        InstanceTokens::Seen { .. } => {}
    }
    lines
}

/// Every token once. A terminal gets the beginning of an id, which is enough to revoke the token; a pipe gets it whole.
fn table(lang: Lang, list: &TokenList, now: Timestamp, medium: Medium) -> Table {
    let heads = [
        ("", Fit::Text),
        (token_words::column_token(lang), Fit::Text),
        (token_words::column_id(lang), Fit::Text),
        (token_words::column_ours(lang), Fit::Text),
        (token_words::column_issued(lang), Fit::Text),
        (token_words::column_ends(lang), Fit::Text),
        (token_words::column_used(lang), Fit::Text),
        (token_words::column_state(lang), Fit::Prose),
    ];
    let mut table = Table::new(&heads, Piped::Columns);
    for row in list.rows() {
        let state = row.state(now);
        let mark = match state {
            _ if row.should_be_revoked() => '▲',
            TokenState::Unknown => '?',
            _ => '✓',
        };
        let ago = |at: Option<Timestamp>| {
            at.map_or_else(|| token_words::unknown(lang).into(), |at| Cell::from(time::ago(lang, at, now)))
        };
        let id = if medium.width.is_some() { row.short_id() } else { row.id() };
        table.row(vec![
            Cell::mark(mark),
            token_words::kind_short(lang, row.kind()).into(),
            id.into(),
            token_words::ours_short(lang, row.ours()).into(),
            row.issued().map_or_else(|| "–".into(), |at| time::ago(lang, at, now).into()),
            row.expires().map_or_else(|| "–".into(), |end| token_words::ends(lang, end, now).into()),
            ago(row.last_used()),
            Cell::like(mark, token_words::state_in_full(lang, state, list.why_unknown(&row))),
        ]);
    }
    table
}

/// Does `work` with the admin signed in, if one is named, and ends the session however it went.
///
/// # Errors
/// A refused sign-in, the work's own, or a session whose tokens could not be revoked.
pub async fn with_admin<T>(
    context: &Context,
    name: &ConnectionName,
    admin: &AdminArgs,
    secrets: &AdminSecrets,
    work: impl Future<Output = Result<T, Fault>>,
) -> Result<T, Fault> {
    let Some(user) = &admin.user else { return work.await };
    let password = secrets.get("admin_password", &words::ask_admin_password(context.output.lang, user))?;
    administration::sign_in(&context.services, name, user.clone(), password).await?;
    let outcome = work.await;
    let ended = administration::sign_out(&context.services, name).await;
    outcome.and_then(|value| ended.map(|()| value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::app::testing;

    #[test]
    fn a24_tokens_are_one_table_that_fits_a_terminal() {
        let list = testing::tokens();
        let terminal = Medium { width: Some(80), ..Medium::PIPE };
        let lines = table(Lang::En, &list, testing::now(), terminal).take(terminal);
        assert_eq!(
            lines,
            [
                "   TOKEN    ID        OURS     ISSUED    EXPIRES    LAST USED",
                "    STATE",
                "▲  refresh  515aac88  yes      6 d ago   in 62 d    unknown",
                "    replaced, not yet revoked",
                "▲  refresh  a1        no       69 d ago  in 29 d    2 d ago",
                "    older than the last sign-in, and not ours",
                "✓  refresh  d6cc0a08  yes      6 d ago   in 83 d    2 d ago",
                "    in use",
                "✓  access   a0561fd6  yes      –         in 25 min  unknown",
                "    in use",
                "?  access   c3        unknown  69 d ago  in 29 d    2 d ago",
                "    unknown whether ours: the product hides the value, and it expires later than",
                "    our own token",
            ]
        );
    }

    #[test]
    fn a24_the_id_that_a_terminal_shows_is_enough_to_revoke_a_token() {
        let mut list = testing::tokens();
        let InstanceTokens::Seen { tokens } = &mut list.instance else { panic!("the fixture lists tokens") };
        tokens[0].id = "0123456789abcdef0123456789abcdef".into();
        let found = |given: &str| find(&list, given);
        let whole = TokenChoice::Listed("0123456789abcdef0123456789abcdef".into());
        assert_eq!(
            (found("01234567"), found("0123")),
            (Some(whole), None),
            "a shorter beginning may be a typing error"
        );
        let held = list.held[1].fingerprint.clone();
        assert_eq!(found("b2"), Some(TokenChoice::Held(held)), "a row of the product is the token that we hold");
    }
}
