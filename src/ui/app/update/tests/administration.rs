//! The checklist, the admin's session, fixes and tokens of a connection.

use crate::model::check::Status;
use crate::model::checklist::{Checklist, ChecklistItem, ItemId, Overall, SeenBy};
use crate::model::connection::Grant;
use crate::model::fault::{Fault, FormProblem, IdentityChange};
use crate::model::fix::Fix;
use crate::model::form::{FieldId, FieldProblem};
use crate::model::leaving::Leaving;
use crate::model::rotation::{NewSecret, Renewed, Rotated, RotationStep, Typed};
use crate::model::secret::Secret;
use crate::model::token_list::Fingerprint;
use crate::model::token_list::TokenChoice;
use crate::ui::app::connection::installation::Stage;
use crate::ui::app::connection::prompt::{PromptField, Purpose};
use crate::ui::app::connection::{ConnectionScreen, Tab, TokenSheet};
use crate::ui::app::effect::{Effect, Job, TaskId};
use crate::ui::app::key::{Code, Key};
use crate::ui::app::keymap;
use crate::ui::app::message::{Event, Message, Outcome};
use crate::ui::app::model::{Notice, Screen};
use crate::ui::app::screens::Action;
use crate::ui::app::testing::{changes, checklist, done, rotated, tokens};
use crate::ui::app::update::testing::{Driver, name};

fn look() -> Job {
    Job::LoadChecklist(name("contoso"))
}

fn sign_out() -> Job {
    Job::AdminSignOut(name("contoso"))
}

fn list() -> Job {
    Job::LoadTokens(name("contoso"))
}

fn sign_in() -> Job {
    let password = Secret::new("pa ss");
    Job::AdminSignIn { connection: name("contoso"), user_name: "ada".into(), password }
}

fn rotate_with(password: &str) -> Job {
    let typed = Typed { password: Some(Secret::new(password)), client_secret: None };
    Job::Rotate { connection: name("contoso"), typed }
}

/// A client secret with its end, as it is given on.
fn new_secret(expires: Option<&str>, password: Option<&str>) -> Typed {
    let client_secret = NewSecret { secret: Secret::new("fresh"), expires: expires.map(|at| at.parse().unwrap()) };
    Typed { password: password.map(Secret::new), client_secret: Some(client_secret) }
}

fn put(typed: Typed) -> Job {
    Job::NewSecret { connection: name("contoso"), typed }
}

/// The checklist looked at with the integration user's eyes.
fn looked() -> Driver {
    let mut driver = Driver::opened(3);
    driver.type_text("lll");
    assert_eq!(driver.screen().tab, Tab::Checklist);
    driver.bring(&look(), Outcome::Checklist(Ok(Box::new(checklist()))));
    driver
}

/// The same with an admin signed in, the lacking role in focus.
pub fn with_admin() -> Driver {
    let mut driver = looked();
    type_admin(&mut driver);
    driver.bring(&sign_in(), Outcome::AdminSignedIn(Ok(())));
    let whole = Checklist { seen_by: SeenBy::Admin { user_name: "ada.admin".into() }, ..checklist() };
    driver.bring(&look(), Outcome::Checklist(Ok(Box::new(whole))));
    driver.type_text("gjjjjj");
    driver
}

fn type_admin(driver: &mut Driver) {
    driver.type_text("Aada");
    driver.press(Code::Tab);
    driver.type_text("pa ss");
    driver.press(Code::Enter);
}

pub fn listed() -> Driver {
    let mut driver = Driver::opened(3);
    driver.type_text("llll");
    driver.bring(&list(), Outcome::Tokens(Ok(Box::new(tokens()))));
    driver
}

fn runs(effects: &[Effect], wanted: &Job) -> bool {
    effects.iter().any(|effect| matches!(effect, Effect::Run(_, job) if job == wanted))
}

fn print(text: &str) -> TokenChoice {
    TokenChoice::Held(Fingerprint::of(&Secret::new(text)))
}

fn installation(driver: &Driver) -> &crate::ui::app::connection::Installation {
    &driver.screen().installation
}

#[test]
fn items_appear_as_they_are_looked_at_and_in_their_old_place_the_next_time() {
    let mut driver = Driver::opened(3);
    driver.type_text("lll");
    let task = driver.task(&look());
    let item = |id, status| Event::ChecklistItem(Box::new(ChecklistItem { status, ..ChecklistItem::todo(id) }));
    driver.send(Message::Event(task, item(ItemId::own("oauth_active"), Status::Passed)));
    driver.send(Message::Event(TaskId(task.0 + 100), item(ItemId::own("release"), Status::Passed)));
    assert_eq!(installation(&driver).items().len(), 1, "a stray item is ignored");
    driver.bring(&look(), Outcome::Checklist(Ok(Box::new(checklist()))));
    assert_eq!(installation(&driver).whole.value().map(|whole| whole.overall()), Some(Overall::NotComplete));
    driver.type_text("r");
    let task = driver.task(&look());
    driver.send(Message::Event(task, item(ItemId::own("oauth_active"), Status::Failed)));
    let items = installation(&driver).items();
    assert_eq!((items.len(), items[1].status), (checklist().items.len(), Status::Failed));
    assert!(installation(&driver).is_awaited(items[0]) && !installation(&driver).is_awaited(items[1]));
}

#[test]
fn a_failed_look_keeps_the_last_one_and_says_so() {
    let mut driver = looked();
    driver.type_text("r");
    driver.bring(&look(), Outcome::Failed(Fault::Interrupted));
    assert!(installation(&driver).whole.value().is_some());
    assert_eq!(installation(&driver).whole.fault(), Some(&Fault::Interrupted));
    assert_eq!(installation(&driver).task, None);
}

#[test]
fn an_admin_signs_in_and_the_checklist_is_looked_at_again() {
    let mut driver = looked();
    driver.type_text("A");
    driver.press(Code::Enter);
    assert!(!driver.running.values().any(|job| matches!(job, Job::AdminSignIn { .. })), "nothing was typed");
    driver.press(Code::Esc);
    type_admin(&mut driver);
    let prompt = driver.screen().prompt.as_ref().unwrap();
    assert!(prompt.password.is_empty() && prompt.task.is_some());
    assert!(!format!("{prompt:?}").contains("pa ss"));
    let effects = driver.bring(&sign_in(), Outcome::AdminSignedIn(Ok(())));
    assert!(runs(&effects, &look()));
    assert!(driver.screen().prompt.is_none() && installation(&driver).admin);
    let effects = driver.type_text("A");
    assert!(runs(&effects, &sign_out()) && !installation(&driver).admin);
}

#[test]
fn a_refused_admin_sign_in_keeps_the_name_and_asks_for_the_password_again() {
    let mut driver = looked();
    type_admin(&mut driver);
    let refused = crate::ui::app::testing::refused();
    driver.bring(&sign_in(), Outcome::AdminSignedIn(Err(refused.clone())));
    let prompt = driver.screen().prompt.as_ref().unwrap();
    assert_eq!((prompt.fault.as_ref(), prompt.user_name.as_str(), prompt.task), (Some(&refused), "ada", None));
    assert!(prompt.password.is_empty() && !installation(&driver).admin);
}

#[test]
fn leaving_the_screen_or_the_program_ends_the_admins_session() {
    let mut left = with_admin();
    assert!(runs(&left.press(Code::Esc), &sign_out()));
    let mut ended = with_admin();
    let effects = ended.send(Message::Terminate(143));
    let (out, quit) = (
        effects.iter().position(|effect| matches!(effect, Effect::Run(_, Job::AdminSignOut(_)))),
        effects.iter().position(|effect| *effect == Effect::Quit(143)),
    );
    assert!(out.is_some() && out < quit, "{effects:?}");
    let mut typing = looked();
    typing.type_text("Aada");
    assert!(!runs(&typing.send(Message::Terminate(143)), &sign_out()), "nobody was signed in");
    assert!(matches!(typing.model.front(), Some(Screen::Connection(screen)) if screen.prompt.is_none()));
    let mut pending = looked();
    type_admin(&mut pending);
    let task = pending.task(&sign_in());
    let effects = pending.press(Code::Esc);
    assert!(effects.contains(&Effect::Cancel(task)) && runs(&effects, &sign_out()));
    pending.send(Message::Outcome(task, Outcome::AdminSignedIn(Ok(()))));
    assert!(!installation(&pending).admin, "a late yes is not taken");
}

#[test]
fn the_checklist_begins_on_the_first_item_that_did_not_pass_and_stays_where_it_was_led() {
    let mut driver = looked();
    assert_eq!(installation(&driver).focused().map(|item| item.status), Some(Status::Unknown));
    assert_eq!(installation(&driver).cursor, 1);
    driver.type_text("gr");
    driver.bring(&look(), Outcome::Checklist(Ok(Box::new(checklist()))));
    assert_eq!(installation(&driver).cursor, 0);
}

#[test]
fn a_fix_is_shown_before_it_is_made_and_looked_at_afterwards() {
    let mut driver = looked();
    driver.type_text("gjjjjj");
    assert!(driver.type_text("p").is_empty(), "nothing is fixed without an admin");
    let mut driver = with_admin();
    let fix = installation(&driver).fix().cloned().unwrap();
    driver.type_text("p");
    assert!(driver.press(Code::Enter).is_empty(), "nothing was shown yet");
    let preview = Job::PreviewFix { connection: name("contoso"), fix: fix.clone() };
    driver.bring(&preview, Outcome::Preview(Ok(changes())));
    let apply = Job::ApplyFix { connection: name("contoso"), fix: fix.clone(), password: None };
    assert!(runs(&driver.press(Code::Enter), &apply));
    assert!(driver.press(Code::Esc).is_empty() && installation(&driver).fixing.is_some(), "changes are under way");
    let effects = driver.bring(&apply, Outcome::Fixed(Ok(Box::new(done(fix)))));
    assert!(runs(&effects, &look()));
    assert!(matches!(&installation(&driver).fixing.as_ref().unwrap().stage, Stage::Done(_)));
    driver.press(Code::Enter);
    assert_eq!(installation(&driver).fixing, None);
}

#[test]
fn all_fixes_are_offered_one_after_the_other() {
    let mut driver = with_admin();
    driver.type_text("P");
    let fixes = checklist().fixes();
    for fix in &fixes {
        let connection = name("contoso");
        let preview = Job::PreviewFix { connection: connection.clone(), fix: fix.clone() };
        driver.bring(&preview, Outcome::Preview(Ok(changes())));
        driver.press(Code::Enter);
        let apply = Job::ApplyFix { connection, fix: fix.clone(), password: None };
        let effects = driver.bring(&apply, Outcome::Fixed(Ok(Box::new(done(fix.clone())))));
        assert!(runs(&effects, &look()), "the list below shows what changed");
        if Some(fix) != fixes.last() {
            assert!(driver.press(Code::Enter).is_empty(), "Enter would make the next changes as well");
            driver.type_text("p");
        }
    }
    driver.press(Code::Enter);
    assert!(fixes.len() > 1 && installation(&driver).fixing.is_none());
}

#[test]
fn giving_up_halfway_looks_at_what_was_changed() {
    let mut driver = with_admin();
    driver.type_text("P");
    let fix = checklist().fixes().remove(0);
    let connection = name("contoso");
    let preview = Job::PreviewFix { connection: connection.clone(), fix: fix.clone() };
    driver.bring(&preview, Outcome::Preview(Ok(changes())));
    driver.press(Code::Enter);
    let failing = Job::ApplyFix { connection, fix, password: None };
    let effects = driver.bring(&failing, Outcome::Failed(Fault::Interrupted));
    assert!(runs(&effects, &look()), "something may have changed");
    let failed = &installation(&driver).fixing.as_ref().unwrap().stage;
    assert_eq!(*failed, Stage::Failed { fault: Fault::Interrupted, applied: true });
    driver.press(Code::Esc);
    assert_eq!(installation(&driver).fixing, None);
}

#[test]
fn a_new_user_gets_a_password() {
    let mut driver = with_admin();
    let fix = Fix::CreateUser { user_name: "azure.integration".into() };
    let mut whole = checklist();
    whole.items[5].fix = Some(fix.clone());
    driver.type_text("r");
    driver.bring(&look(), Outcome::Checklist(Ok(Box::new(whole))));
    driver.type_text("p");
    let connection = name("contoso");
    let preview = Job::PreviewFix { connection: connection.clone(), fix: fix.clone() };
    driver.bring(&preview, Outcome::Preview(Ok(changes())));
    assert!(driver.press(Code::Enter).is_empty());
    assert!(driver.press(Code::Enter).is_empty(), "the password is empty");
    driver.send(Message::Paste(Secret::new("new\n")));
    assert!(driver.press(Code::Enter).is_empty(), "it is typed twice");
    driver.send(Message::Paste(Secret::new("nev\n")));
    assert!(driver.press(Code::Enter).is_empty(), "a typing error would lock the user out");
    driver.press(Code::Backspace);
    driver.type_text("w");
    let effects = driver.press(Code::Enter);
    assert!(runs(&effects, &Job::ApplyFix { connection, fix, password: Some(Secret::new("new")) }));
    assert!(driver.screen().prompt.is_none());
}

#[test]
fn a_rotation_is_followed_and_its_end_is_told_also_to_the_dashboard() {
    let mut driver = listed();
    driver.type_text("Rsecret");
    let rotate = rotate_with("secret");
    assert!(runs(&driver.press(Code::Enter), &rotate));
    let task = driver.task(&rotate);
    driver.send(Message::Event(task, Event::Rotating(RotationStep::SignIn)));
    assert_eq!(driver.screen().tokens.sheet, Some(TokenSheet::Rotating(vec![RotationStep::SignIn])));
    let effects = driver.bring(&rotate, Outcome::Rotated(Ok(rotated())));
    assert!(runs(&effects, &list()) && runs(&effects, &Job::LoadSummary(name("contoso"))));
    assert_eq!(driver.screen().tokens.sheet, Some(TokenSheet::Rotated(vec![RotationStep::SignIn], Ok(rotated()))));
    driver.press(Code::Esc);
    assert_eq!(driver.screen().tokens.sheet, None);
    driver.type_text("Rsecret");
    driver.press(Code::Enter);
    let task = driver.task(&rotate);
    driver.press(Code::Esc);
    assert!(!driver.press(Code::Esc).contains(&Effect::Cancel(task)), "a rotation is never cut");
    let unchanged = Rotated { renewed: Renewed::Unchanged, revoked: 0, left: None, leaving: Leaving::default() };
    let effects = driver.bring(&rotate, Outcome::Rotated(Ok(unchanged)));
    assert!(runs(&effects, &Job::LoadSummary(name("contoso"))));
}

#[test]
fn the_first_tokens_are_followed_by_a_sync() {
    let mut driver = listed();
    driver.type_text("Rsecret");
    driver.press(Code::Enter);
    let rotate = rotate_with("secret");
    let first = Rotated { renewed: Renewed::First, revoked: 0, left: None, leaving: Leaving::default() };
    let effects = driver.bring(&rotate, Outcome::Rotated(Ok(first)));
    assert!(runs(&effects, &Job::Sync { connection: name("contoso"), full: false }));
}

#[test]
fn an_application_that_signs_in_with_its_own_secret_is_asked_for_no_password() {
    let mut driver = listed();
    driver.model.entry_mut(&name("contoso")).unwrap().connection.grant = Grant::ClientCredentials;
    let effects = driver.type_text("R");
    assert!(runs(&effects, &Job::Rotate { connection: name("contoso"), typed: Typed::default() }));
    assert!(driver.screen().prompt.is_none());
    assert_eq!(driver.screen().tokens.sheet, Some(TokenSheet::Rotating(Vec::new())));
}

#[test]
fn p1_a_new_client_secret_is_trimmed_dated_and_followed_by_a_sync() {
    let mut driver = listed();
    driver.type_text("n");
    driver.send(Message::Paste(Secret::new(" fresh \n")));
    driver.press(Code::Enter);
    driver.type_text("2027-06-30");
    driver.press(Code::Enter);
    assert_eq!(driver.screen().prompt.as_ref().unwrap().field, PromptField::Password);
    let job = put(new_secret(Some("2027-06-30T00:00:00Z"), None));
    assert!(runs(&driver.press(Code::Enter), &job));
    assert!(driver.press(Code::Enter).is_empty(), "it runs already");
    let renewed = Rotated { renewed: Renewed::AccessOnly, revoked: 1, left: None, leaving: Leaving::default() };
    let effects = driver.bring(&job, Outcome::Rotated(Ok(renewed.clone())));
    assert!(runs(&effects, &Job::Sync { connection: name("contoso"), full: false }));
    assert!(driver.screen().prompt.is_none());
    assert_eq!(driver.screen().tokens.sheet, Some(TokenSheet::Rotated(vec![], Ok(renewed))));
}

#[test]
fn p1_a_client_secret_that_is_refused_stays_in_the_form_and_the_password_can_be_added() {
    let mut driver = listed();
    driver.type_text("nfresh");
    for _ in 0..3 {
        driver.press(Code::Enter);
    }
    let job = put(new_secret(None, None));
    let fault = Fault::RefreshRefused { connection: "contoso".into(), detail: "access_denied".into() };
    let effects = driver.bring(&job, Outcome::Rotated(Err(fault.clone())));
    assert!(!runs(&effects, &Job::Sync { connection: name("contoso"), full: false }));
    let prompt = driver.screen().prompt.clone().unwrap();
    assert_eq!((prompt.fault, prompt.task), (Some(fault), None));
    assert_eq!(driver.screen().tokens.sheet, None);
    driver.type_text("pa ss");
    assert!(runs(&driver.press(Code::Enter), &put(new_secret(None, Some("pa ss")))));
}

#[test]
fn p1_a_day_that_is_none_is_not_given_on() {
    let mut driver = listed();
    driver.type_text("nfresh");
    driver.press(Code::Tab);
    driver.type_text("30 June");
    driver.press(Code::Enter);
    assert!(driver.press(Code::Enter).is_empty());
    let prompt = driver.screen().prompt.clone().unwrap();
    assert!(prompt.is_no_day());
    assert_eq!(prompt.field, PromptField::Expires);
}

#[test]
fn p1_a_new_client_secret_goes_on_when_its_form_is_left() {
    let mut driver = listed();
    driver.type_text("nfresh");
    for _ in 0..3 {
        driver.press(Code::Enter);
    }
    let job = put(new_secret(None, None));
    let task = driver.task(&job);
    assert!(!driver.press(Code::Esc).contains(&Effect::Cancel(task)));
    assert_eq!(driver.screen().tokens.sheet, Some(TokenSheet::Rotating(vec![])));
    let renewed = Rotated { renewed: Renewed::AccessOnly, revoked: 0, left: None, leaving: Leaving::default() };
    driver.bring(&job, Outcome::Rotated(Ok(renewed.clone())));
    assert_eq!(driver.screen().tokens.sheet, Some(TokenSheet::Rotated(vec![], Ok(renewed))));
}

#[test]
fn p1_a_rotation_of_another_identity_asks_for_the_client_secret_as_well() {
    let mut driver = listed();
    let change = IdentityChange { field: FieldId::Username, was: "ada".into(), now: "bob".into() };
    let fault = Fault::IdentityChanged { connection: "contoso".into(), changes: vec![change] };
    driver.model.entry_mut(&name("contoso")).unwrap().sync.last = Some(Err(fault));
    driver.type_text("Rpa ss");
    driver.press(Code::Enter);
    driver.type_text("fresh");
    driver.press(Code::Enter);
    let job = Job::Rotate { connection: name("contoso"), typed: new_secret(None, Some("pa ss")) };
    assert!(runs(&driver.press(Code::Enter), &job));
}

#[test]
fn p1_a_client_secret_that_turns_out_to_be_missing_is_asked_for() {
    let mut driver = listed();
    driver.type_text("Rsecret");
    driver.press(Code::Enter);
    let problem =
        FormProblem { field: Some(FieldId::ClientSecret), key: None, problem: FieldProblem::Missing, line: None };
    driver.bring(&rotate_with("secret"), Outcome::Rotated(Err(Fault::BadForm { problems: vec![problem] })));
    let prompt = driver.screen().prompt.clone().unwrap();
    assert_eq!(prompt.purpose, Purpose::Rotate);
    assert_eq!(prompt.fields, [PromptField::Password, PromptField::ClientSecret, PromptField::Expires]);
}

#[test]
fn p1_where_the_client_secret_is_refused_signing_in_again_asks_for_a_new_one() {
    let mut driver = listed();
    let fault = Fault::SignInImpossible {
        host: "login".into(),
        aadsts: Some(7_000_222),
        detail: "expired".into(),
        correlation_id: None,
    };
    driver.model.entry_mut(&name("contoso")).unwrap().sync.last = Some(Err(fault));
    driver.type_text("R");
    assert_eq!(driver.screen().prompt.as_ref().unwrap().purpose, Purpose::NewSecret);
}

#[test]
fn stale_tokens_are_named_before_they_are_revoked() {
    let mut driver = listed();
    driver.type_text("V");
    let tokens = vec![print("old refresh"), TokenChoice::Listed("a1".into())];
    match &driver.screen().tokens.sheet {
        Some(TokenSheet::Ask(asked)) => assert_eq!((&asked.tokens, asked.ends_sign_in), (&tokens, false)),
        other => panic!("{other:?}"),
    }
    let revoke = Job::RevokeTokens { connection: name("contoso"), tokens: tokens.clone() };
    assert!(runs(&driver.press(Code::Enter), &revoke));
    assert!(driver.type_text("V").is_empty(), "one at a time");
    let outcomes = vec![(tokens[0].clone(), Ok(())), (tokens[1].clone(), Err(Fault::Interrupted))];
    let effects = driver.bring(&revoke, Outcome::Revoked(outcomes.clone()));
    assert!(runs(&effects, &list()));
    assert_eq!(driver.screen().tokens.sheet, Some(TokenSheet::Revoked(outcomes)));
}

#[test]
fn what_the_connection_lives_on_is_asked_twice() {
    let mut driver = listed();
    driver.type_text("jj V");
    assert!(driver.press(Code::Enter).is_empty());
    assert!(driver.press(Code::Enter).is_empty(), "a second Enter does not sign the connection out");
    let effects = driver.type_text("V");
    let revoke = Job::RevokeTokens { connection: name("contoso"), tokens: vec![print("refresh")] };
    assert!(runs(&effects, &revoke));
    assert!(!driver.entry("contoso").is_signed_out());
    driver.bring(&revoke, Outcome::Revoked(vec![(print("refresh"), Ok(()))]));
    assert!(driver.entry("contoso").is_signed_out());
    let mut refused = listed();
    refused.type_text("jj V");
    refused.press(Code::Enter);
    refused.press(Code::Esc);
    assert!(refused.screen().tokens.sheet.is_none() && !refused.running.contains_key(&TaskId(0)));
    assert!(!refused.running.values().any(|job| matches!(job, Job::RevokeTokens { .. })));
    assert_eq!(refused.screen().tokens.marked.len(), 1);
}

#[test]
fn an_access_token_in_use_is_asked_twice_and_signs_nothing_out() {
    let mut driver = listed();
    driver.type_text("jjj V");
    match &driver.screen().tokens.sheet {
        Some(TokenSheet::Ask(asked)) => assert_eq!((asked.in_use, asked.ends_sign_in), (true, false)),
        other => panic!("{other:?}"),
    }
    assert!(driver.press(Code::Enter).is_empty());
    driver.type_text("V");
    let revoke = Job::RevokeTokens { connection: name("contoso"), tokens: vec![print("access")] };
    driver.bring(&revoke, Outcome::Revoked(vec![(print("access"), Ok(()))]));
    assert!(!driver.entry("contoso").is_signed_out());
}

#[test]
fn a_connection_that_is_signed_out_signs_in_again_by_one_key() {
    let mut driver = Driver::new(&["contoso"], 3);
    assert!(driver.type_text("R").is_empty(), "it is signed in");
    driver.type_text("s");
    let task = driver.sync_task("contoso");
    driver.running.remove(&task);
    let out = Fault::SignedOut { connection: "contoso".into() };
    driver.send(Message::Outcome(task, Outcome::Synced(Err(out))));
    assert!(driver.entry("contoso").is_signed_out() && driver.entry("contoso").next_sync.is_none());
    driver.type_text("Rsecret");
    assert_eq!(driver.screen().tab, Tab::Tokens);
    let rotate = rotate_with("secret");
    assert!(runs(&driver.press(Code::Enter), &rotate));
    driver.bring(&rotate, Outcome::Rotated(Ok(rotated())));
    assert!(!driver.entry("contoso").is_signed_out());
}

#[test]
fn the_command_is_that_of_the_tab() {
    let mut screen = ConnectionScreen::new(name("contoso"), &[]);
    screen.tab = Tab::Checklist;
    assert_eq!(crate::ui::app::update::connection::command(&screen), "checklist contoso");
    screen.tab = Tab::Tokens;
    assert_eq!(crate::ui::app::update::connection::command(&screen), "token list contoso");
}

#[test]
fn keys_of_the_form_type_and_show() {
    let mut driver = looked();
    driver.type_text("A?y");
    driver.send(Message::Key(Key::ctrl('r')));
    let prompt = driver.screen().prompt.as_ref().unwrap();
    assert_eq!((prompt.user_name.as_str(), prompt.revealed), ("?y", true));
}

#[test]
fn a5_the_link_of_an_item_opens_and_an_item_without_one_has_no_such_key() {
    let mut driver = looked();
    let opens = |driver: &Driver| keymap::keymap(&driver.model).iter().any(|one| one.action == Action::OpenLink);
    let mut links = 0;
    for _ in 0..installation(&driver).items().len() {
        let link = installation(&driver).focused().and_then(|item| item.link.as_ref().map(ToString::to_string));
        assert_eq!(opens(&driver), link.is_some(), "{link:?}");
        if let Some(link) = link {
            links += 1;
            let job = Job::OpenAddress(link.clone());
            assert!(runs(&driver.type_text("o"), &job));
            driver.bring(&job, Outcome::Opened(Ok(Some((link.clone(), true)))));
            assert_eq!(driver.model.notice, Some(Notice::Opened(link)));
        }
        driver.type_text("j");
    }
    assert!(links > 0, "an item of the fixture has a link");
    let mut driver = with_admin();
    driver.type_text("g");
    while installation(&driver).focused().is_some_and(|item| item.link.is_none()) {
        driver.type_text("j");
    }
    driver.type_text("p");
    assert!(
        installation(&driver).fixing.is_some() && !opens(&driver),
        "a change over the list is about something else"
    );
}

#[test]
fn enter_in_an_empty_field_says_that_it_is_required() {
    let mut driver = looked();
    driver.type_text("A");
    driver.press(Code::Tab);
    driver.press(Code::Enter);
    let missing = |driver: &Driver| driver.screen().prompt.as_ref().map(|prompt| (prompt.field, prompt.missing));
    assert_eq!(missing(&driver), Some((PromptField::UserName, false)), "it goes to what is missing");
    driver.press(Code::Enter);
    driver.press(Code::Enter);
    driver.type_text("a");
    driver.press(Code::Tab);
    assert_eq!(missing(&driver), Some((PromptField::Password, false)));
    driver.press(Code::Enter);
    assert_eq!(missing(&driver), Some((PromptField::Password, true)));
    driver.type_text("x");
    assert_eq!(missing(&driver), Some((PromptField::Password, false)));
}
