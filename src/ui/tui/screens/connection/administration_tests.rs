//! The checklist, fixes, the password form, and the tokens.

use super::tests::answer;
use crate::model::checklist::SeenBy;
use crate::model::connection::Grant;
use crate::model::fault::{Fault, IdentityChange};
use crate::model::fix::Fix;
use crate::model::form::FieldId;
use crate::model::lang::Lang;
use crate::model::leaving::Leaving;
use crate::model::rotation::{Renewed, Rotated, RotationStep};
use crate::model::secret::Secret;
use crate::model::summary::Summary;
use crate::model::token::SignIn;
use crate::model::token_list::{InstanceTokens, TokenList};
use crate::model::token_list::{TokenChoice, TokenKind};
use crate::ui::app::connection::TokenSheet;
use crate::ui::app::effect::{Effect, Job};
use crate::ui::app::key::{Code, Key};
use crate::ui::app::message::{Event, Message, Outcome};
use crate::ui::app::model::{Model, Screen};
use crate::ui::app::testing::{
    changes, checklist, done, entry, minutes_ago, model, press, record, refused_by, rotated, summary, tokens,
    type_text, with,
};
use crate::ui::app::update::update;
use crate::ui::tui::gallery::visit;
use crate::ui::tui::testing::{at_cursor, screen, snapshot, snapshots};

fn enter(model: &mut Model) -> Vec<Effect> {
    press(model, &[Key::new(Code::Enter)])
}

fn is_look(job: &Job) -> bool {
    matches!(job, Job::LoadChecklist(_))
}

fn looking() -> (Model, Vec<Effect>) {
    let mut model = model();
    enter(&mut model);
    let effects = type_text(&mut model, "lll");
    (model, effects)
}

fn looked() -> Model {
    let (mut model, effects) = looking();
    answer(&mut model, &effects, is_look, Outcome::Checklist(Ok(Box::new(checklist()))));
    type_text(&mut model, "gjjjjj");
    model
}

fn with_admin() -> Model {
    let mut model = looked();
    type_text(&mut model, "Aada.admin");
    press(&mut model, &[Key::new(Code::Tab)]);
    type_text(&mut model, "hunter2");
    let effects = enter(&mut model);
    let is_sign_in = |job: &Job| matches!(job, Job::AdminSignIn { .. });
    let effects = answer(&mut model, &effects, is_sign_in, Outcome::AdminSignedIn(Ok(())));
    let seen_by = SeenBy::Admin { user_name: "ada.admin".into() };
    let seen = crate::model::checklist::Checklist { seen_by, ..checklist() };
    answer(&mut model, &effects, is_look, Outcome::Checklist(Ok(Box::new(seen))));
    model
}

fn previewed(model: &mut Model, key: &str) {
    let effects = type_text(model, key);
    let is_preview = |job: &Job| matches!(job, Job::PreviewFix { .. });
    answer(model, &effects, is_preview, Outcome::Preview(Ok(changes())));
}

fn is_apply(job: &Job) -> bool {
    matches!(job, Job::ApplyFix { .. })
}

fn listed(model: Model, list: TokenList) -> Model {
    let mut model = model;
    enter(&mut model);
    let effects = type_text(&mut model, "llll");
    answer(&mut model, &effects, is_list, Outcome::Tokens(Ok(Box::new(list))));
    model
}

fn rotate(model: &mut Model) -> Vec<Effect> {
    type_text(model, "Rhunter2");
    enter(model)
}

fn is_rotate(job: &Job) -> bool {
    matches!(job, Job::Rotate { .. })
}

fn ended(outcome: Result<Rotated, Fault>) -> Model {
    let mut model = listed(model(), tokens());
    let effects = rotate(&mut model);
    let is_new = outcome.as_ref().is_ok_and(|rotated| rotated.left.is_none());
    let effects = answer(&mut model, &effects, is_rotate, Outcome::Rotated(outcome));
    if is_new {
        answer(&mut model, &effects, is_list, Outcome::Tokens(Ok(Box::new(revoked()))));
    }
    model
}

/// The tokens once the one that was replaced and the stale one of the product are revoked.
fn revoked() -> TokenList {
    let mut list = tokens();
    list.held.retain(|token| token.retired_at.is_none());
    if let InstanceTokens::Seen { tokens } = &mut list.instance {
        tokens.retain(|token| token.stale.is_none());
    }
    list
}

fn is_list(job: &Job) -> bool {
    matches!(job, Job::LoadTokens(_))
}

#[test]
fn the_checklist_as_it_is_looked_at_and_after() {
    let (mut model, effects) = looking();
    snapshot("connection/checklist-begins", &model, (80, 24), Lang::En);
    let Some(Effect::Run(task, _)) = effects.last().cloned() else { panic!("{effects:?}") };
    for item in checklist().items.into_iter().take(3) {
        update(&mut model, Message::Event(task, Event::ChecklistItem(Box::new(item))));
    }
    snapshots("connection/checklist-looking", &model);
    snapshots("connection/checklist", &looked());
    let mut again = looked();
    type_text(&mut again, "r");
    snapshot("connection/checklist-again", &again, (80, 24), Lang::Nl);
    let (mut failed, effects) = looking();
    let no_key =
        Fault::VaultDamaged { path: "/home/ada/.local/share/itsmc/vault.age".into(), reason: "not an age file".into() };
    answer(&mut failed, &effects, is_look, Outcome::Checklist(Err(no_key)));
    snapshot("connection/checklist-failed", &failed, (80, 24), Lang::En);
}

#[test]
fn an_item_whole() {
    let mut model = looked();
    type_text(&mut model, "kkkk");
    enter(&mut model);
    snapshots("connection/checklist-item", &model);
}

#[test]
fn an_admin_signs_in() {
    let mut model = looked();
    type_text(&mut model, "Aada.admin");
    press(&mut model, &[Key::new(Code::Tab)]);
    type_text(&mut model, "hunter2");
    assert!(!screen(&model, (80, 24)).contains("hunter2"));
    snapshots("connection/admin", &model);
    let effects = enter(&mut model);
    snapshot("connection/admin-signing-in", &model, (80, 24), Lang::En);
    let is_sign_in = |job: &Job| matches!(job, Job::AdminSignIn { .. });
    answer(&mut model, &effects, is_sign_in, Outcome::AdminSignedIn(Err(refused_by("contoso"))));
    snapshots("connection/admin-refused", &model);
    snapshot("connection/checklist-admin", &with_admin(), (80, 24), Lang::En);
}

#[test]
fn a_new_client_secret_is_asked_for() {
    let mut model = listed(model(), tokens());
    type_text(&mut model, "n");
    update(&mut model, Message::Paste(Secret::new(" fresh-secret-of-a-fixture")));
    snapshots("connection/new-secret", &model);
    enter(&mut model);
    type_text(&mut model, "30 June");
    snapshot("connection/new-secret-no-day", &model, (80, 24), Lang::En);
    press(&mut model, &[Key::ctrl('u')]);
    enter(&mut model);
    let effects = enter(&mut model);
    snapshot("connection/new-secret-proving", &model, (80, 24), Lang::En);
    let is_put = |job: &Job| matches!(job, Job::NewSecret { .. });
    answer(&mut model, &effects, is_put, Outcome::Rotated(Err(refused_by("contoso"))));
    snapshots("connection/new-secret-refused", &model);
}

#[test]
fn a_rotation_asks_for_what_is_missing() {
    let change = IdentityChange { field: FieldId::Username, was: "ada".into(), now: "azure.integration".into() };
    let fault = Fault::IdentityChanged { connection: "contoso".into(), changes: vec![change] };
    let mut model = listed(with(vec![entry("contoso", Summary { signed_out: Some(fault), ..summary() })]), tokens());
    type_text(&mut model, "R");
    snapshots("connection/rotate-lacks-secret", &model);
}

#[test]
fn the_days_of_a_client_secret_stand_over_the_tokens() {
    for (shown, days) in [("far", 200), ("near", 5), ("over", -3)] {
        let client_secret_expires = Some(minutes_ago(-days * 24 * 60));
        let summary = Summary { client_secret_expires, ..summary() };
        let model = listed(with(vec![entry("contoso", summary)]), tokens());
        snapshot(&format!("connection/secret-{shown}"), &model, (80, 24), Lang::En);
        snapshot(&format!("connection/secret-{shown}"), &model, (80, 24), Lang::Nl);
    }
}

#[test]
fn a_typed_password_is_shown_on_request_only() {
    let mut model = looked();
    type_text(&mut model, "Aada");
    press(&mut model, &[Key::new(Code::Tab)]);
    type_text(&mut model, "hunter2");
    press(&mut model, &[Key::ctrl('r')]);
    assert!(screen(&model, (80, 24)).contains("hunter2"));
    press(&mut model, &[Key::ctrl('r')]);
    assert!(!screen(&model, (80, 24)).contains("hunter2"));
}

#[test]
fn a_fix_from_its_preview_to_its_end() {
    let mut model = with_admin();
    previewed(&mut model, "P");
    snapshots("connection/fix-preview", &model);
    let effects = enter(&mut model);
    snapshot("connection/fix-applying", &model, (80, 24), Lang::En);
    let mut failed = model.clone();
    let fix = checklist().fixes().remove(0);
    answer(&mut model, &effects, is_apply, Outcome::Fixed(Ok(Box::new(done(fix)))));
    snapshots("connection/fix-done", &model);
    let what = "sys_user_has_role azure.integration role".to_owned();
    let fault = Fault::NotApplied { what, detail: String::new() };
    answer(&mut failed, &effects, is_apply, Outcome::Fixed(Err(fault)));
    snapshots("connection/fix-failed", &failed);
    let told = screen(&failed, (80, 24));
    assert!(told.contains("Cause:") && !told.contains("Something may have changed"), "{told}");
}

#[test]
fn a_new_user_needs_a_password() {
    let mut model = with_admin();
    let mut whole = checklist();
    whole.items[5].fix = Some(Fix::CreateUser { user_name: "azure.integration".into() });
    let effects = type_text(&mut model, "r");
    answer(&mut model, &effects, is_look, Outcome::Checklist(Ok(Box::new(whole))));
    previewed(&mut model, "p");
    enter(&mut model);
    type_text(&mut model, "hunter2");
    assert!(enter(&mut model).is_empty(), "it is typed twice");
    type_text(&mut model, "hunter3");
    snapshots("connection/new-user", &model);
    assert!(enter(&mut model).is_empty(), "the two differ");
    assert!(screen(&model, (80, 24)).contains("▲ The passwords differ"));
    press(&mut model, &[Key::new(Code::Backspace)]);
    assert!(!screen(&model, (80, 24)).contains("▲ The passwords"), "it is as typed so far");
    type_text(&mut model, "2");
    let effects = enter(&mut model);
    let is_given = |effect: &Effect| matches!(effect, Effect::Run(_, Job::ApplyFix { password: Some(password), .. }) if password.expose() == "hunter2");
    assert!(effects.iter().any(is_given), "{effects:?}");
}

#[test]
fn the_tokens() {
    let mut marked = listed(model(), tokens());
    type_text(&mut marked, " j");
    snapshots("connection/tokens", &marked);
    for lang in [Lang::En, Lang::Nl] {
        snapshot("connection/tokens", &marked, (200, 60), lang);
    }
    type_text(&mut marked, "jjj");
    let usual = screen(&marked, (120, 40));
    let access = usual.lines().find(|line| line.contains("a0561fd6")).unwrap_or_default();
    assert!(access.split_whitespace().any(|word| word == "–"), "when it was issued is left out: {usual}");
    enter(&mut marked);
    snapshots("connection/token", &marked);
    let unseen =
        TokenList { instance: InstanceTokens::CannotSee { fault: None }, seen_by: SeenBy::Integration, ..tokens() };
    let lasts = |days: i64| SignIn {
        signed_in_at: minutes_ago((90 - days) * 24 * 60),
        lifespan_seconds: SignIn::ASSUMED_LIFESPAN_SECONDS,
        lifespan_known: true,
    };
    let ending = |days| with(vec![entry("contoso", Summary { sign_in: Some(lasts(days)), ..summary() })]);
    let down = Fault::ConnectionRefused { address: "contoso.service-now.com:443".into() };
    let unread = TokenList { instance: InstanceTokens::CannotSee { fault: Some(down) }, ..unseen.clone() };
    let shown = screen(&listed(model(), unread), (120, 40));
    assert!(shown.contains("? The product's tokens are unknown: contoso.service-now.com:443 refused"), "{shown}");
    assert!(!shown.contains("Nothing to do") && !shown.contains("an admin"), "{shown}");
    let mut expiring = unseen.clone();
    let refresh =
        expiring.held.iter_mut().filter(|token| token.kind == TokenKind::Refresh && token.retired_at.is_none());
    refresh.for_each(|token| token.expires = Some(minutes_ago(-10 * 24 * 60)));
    snapshots("connection/tokens-unseen", &listed(ending(10), expiring));
    let no_list = TokenList { instance: InstanceTokens::NotListed, ..unseen.clone() };
    snapshots("connection/tokens-not-listed", &listed(model(), no_list));
    let admin = SeenBy::Admin { user_name: "ada.admin".into() };
    let nothing =
        TokenList { held: vec![], instance: InstanceTokens::Seen { tokens: vec![] }, seen_by: admin, ..unseen };
    let mut by_secret = entry("contoso", summary());
    by_secret.connection.grant = Grant::ClientCredentials;
    snapshot("connection/tokens-none", &listed(with(vec![by_secret]), nothing.clone()), (80, 24), Lang::En);
    let lost = screen(&listed(ending(80), nothing.clone()), (120, 40));
    assert!(lost.lines().next().unwrap().contains("signed out"), "without a token it is: {lost}");
    assert!(lost.contains("✗ Signed out: press R") && !lost.contains('✓') && !lost.contains("next in"), "{lost}");
    let out = Fault::SignedOut { connection: "contoso".into() };
    let out = with(vec![entry("contoso", Summary { last_sync: Some(record(Some(out))), ..summary() })]);
    snapshots("connection/tokens-signed-out", &listed(out, nothing));
}

#[test]
fn a_rotation() {
    let mut model = listed(model(), tokens());
    type_text(&mut model, "Rhunter2");
    snapshots("connection/rotate", &model);
    let effects = enter(&mut model);
    let Some(Effect::Run(task, _)) = effects.last().cloned() else { panic!("{effects:?}") };
    update(&mut model, Message::Event(task, Event::Rotating(RotationStep::SignIn)));
    snapshots("connection/rotating", &model);
    snapshots("connection/rotated", &ended(Ok(rotated())));
    let unchanged = Rotated { renewed: Renewed::Unchanged, revoked: 0, left: None, leaving: Leaving::default() };
    snapshots("connection/rotated-unchanged", &ended(Ok(unchanged)));
    let left = Some(Fault::NotRevoked { kind: Some(TokenKind::Refresh), what: "3f1c09ab".into() });
    snapshot("connection/rotated-left", &ended(Ok(Rotated { left, ..rotated() })), (80, 24), Lang::En);
    snapshots("connection/rotation-refused", &ended(Err(refused_by("contoso"))));
}

#[test]
fn a_revocation() {
    let mut stale = listed(model(), tokens());
    type_text(&mut stale, "V");
    snapshots("connection/revoke", &stale);
    let mut live = listed(model(), tokens());
    type_text(&mut live, "jj V");
    snapshots("connection/revoke-live", &live);
    enter(&mut live);
    snapshots("connection/revoke-live-really", &live);
    let effects = enter(&mut stale);
    snapshot("connection/revoking", &stale, (80, 24), Lang::En);
    let held = tokens().held[2].fingerprint.clone();
    let others = (TokenChoice::Listed("a1".into()), Err(Fault::AdminNeeded { connection: "contoso".into() }));
    let outcomes = vec![(TokenChoice::Held(held), Ok(())), others];
    let is_revoke = |job: &Job| matches!(job, Job::RevokeTokens { .. });
    let effects = answer(&mut stale, &effects, is_revoke, Outcome::Revoked(outcomes));
    let mut left = tokens();
    left.held.retain(|token| token.retired_at.is_none());
    answer(&mut stale, &effects, is_list, Outcome::Tokens(Ok(Box::new(left))));
    snapshots("connection/revoked", &stale);
    let mut failed = listed(model(), tokens());
    if let Some(Screen::Connection(screen)) = failed.front_mut() {
        screen.tokens.sheet = Some(TokenSheet::RevocationFailed(refused_by("contoso")));
    }
    visit("gallery/revocation-failed", &failed);
}

#[test]
fn every_size_can_be_drawn() {
    let mut asked = listed(model(), tokens());
    type_text(&mut asked, "V");
    let mut typing = looked();
    type_text(&mut typing, "A");
    for model in [looked(), with_admin(), listed(model(), tokens()), asked, typing, ended(Err(refused_by("contoso")))] {
        for (columns, rows) in
            (30..110).step_by(13).flat_map(|columns| (8..30).step_by(3).map(move |rows| (columns, rows)))
        {
            screen(&model, (columns, rows));
        }
    }
}

#[test]
fn a_product_without_a_list_of_tokens_and_without_admins_says_so_by_its_name() {
    let mut cherwell = entry("desk", summary());
    cherwell.connection.partner = crate::model::partner::PartnerId::new("cherwell");
    let list = TokenList { instance: InstanceTokens::NotListed, seen_by: SeenBy::Integration, ..tokens() };
    let mut model = listed(with(vec![cherwell]), list);
    snapshots("connection/tokens-cherwell", &model);
    type_text(&mut model, "?");
    let help = screen(&model, (80, 40));
    assert!(!help.contains("admin"), "there is no admin to sign in: {help}");
}

#[test]
fn a42_the_cursor_stands_on_the_item_and_on_the_token_in_focus() {
    for size in [(40, 12), (80, 24), (200, 60)] {
        let at = |model: &Model| at_cursor(model, size).unwrap_or_default();
        let mut model = looked();
        let before = at(&model);
        type_text(&mut model, "k");
        assert!(!before.is_empty() && before != at(&model), "{before}");
        let mut model = listed(crate::ui::app::testing::model(), tokens());
        type_text(&mut model, "jj");
        assert!(at(&model).starts_with("[ ] ● refresh"), "{}", at(&model));
        type_text(&mut model, "R");
        assert!(at(&model).trim_end().ends_with('│'), "the form lies over the tokens: {}", at(&model));
    }
}
