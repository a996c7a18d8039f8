use rstest::rstest;

use super::{Instance, item};
use crate::model::check::Status;
use crate::model::checklist::{ItemFinding, Overall, REFRESH_TOKEN_LIFESPAN_SECONDS};
use crate::model::fault::Fault;
use crate::model::fix::{Change, Fix};
use crate::model::lang::Lang;
use crate::model::secret::Secret;
use crate::texts::fault as words;
use itsmc_practice::servicenow::{
    FaultKind, FaultSpec, Options, PasswordState, RoleState, Setup, UserState, Visibility,
};

fn bare(options: &mut Options) {
    *options = Options { rows: Some(30), speed: 0.0, ..Options::bare() };
}

fn grant(instance: &Instance, roles: &[&str]) -> Fix {
    Fix::GrantRoles { user_name: instance.user(), roles: roles.iter().map(|role| (*role).to_owned()).collect() }
}

fn create(instance: &Instance) -> Fix {
    Fix::CreateUser { user_name: instance.user() }
}

fn lifespan(instance: &Instance) -> Fix {
    let client_id = instance.server.sign_in().client_id.clone();
    Fix::SetLifespan { client_id, seconds: REFRESH_TOKEN_LIFESPAN_SECONDS }
}

#[tokio::test]
async fn a_bare_instance_is_brought_to_completed() {
    let instance = Instance::start(bare).await;
    let admin = instance.admin().await;
    let before = admin.checklist(&mut |_| ()).await;
    assert_eq!(before.overall(), Overall::NotComplete);
    for fix in before.fixes() {
        let shown = admin.preview(&fix).await.unwrap();
        assert!(!shown.is_empty(), "{fix:?}");
        let done = admin.apply(&fix, fix.needs_password().then(|| instance.password())).await.unwrap();
        assert_eq!(done.changes, shown);
        assert_eq!((&done.by, &done.fix), (&instance.server.sign_in().admin, &fix));
        assert_eq!(admin.preview(&fix).await.unwrap(), []);
    }
    let after = admin.checklist(&mut |_| ()).await;
    assert_eq!(after.overall(), Overall::Completed, "{after:?}");
    assert_eq!(after.fixes(), []);
    admin.end().await.unwrap();
    // And the connection itself can sign in now, with the password that was given.
    assert_eq!(item(&instance.look(false).await, "integration_user").status, Status::Passed);
}

#[tokio::test]
async fn created_user_has_hashed_password_shown_nowhere() {
    let instance = Instance::start(bare).await;
    let admin = instance.admin().await;
    let done = admin.apply(&create(&instance), Some(instance.password())).await.unwrap();
    let control = instance.control();
    assert_eq!(control.password_state(&instance.user()), Some(PasswordState::Hashed));
    let row = control.user(&instance.user()).unwrap();
    let shown = |column: &str| row[column].value.clone();
    assert_eq!((shown("active"), shown("password_needs_reset")), ("true".into(), "false".into()));
    assert_eq!((shown("web_service_access_only"), shown("locked_out")), ("true".into(), "false".into()));
    let json = serde_json::to_string(&done).unwrap();
    assert!(!json.contains(instance.password().expose()), "{json}");
    let password = done.changes.iter().find(|change| change.column == "user_password").unwrap();
    assert_eq!((password.before.as_deref(), password.after.as_str()), (None, Change::MASKED));
    // The try of the password left no token behind.
    let id = &shown("sys_id");
    assert!(!control.issued().iter().any(|token| token.valid && token.user == *id));
}

#[tokio::test]
async fn a_user_that_was_made_halfway_is_seen_and_finished() {
    let instance = Instance::start(bare).await;
    let admin = instance.admin().await;
    // The password and the activation are one request: it fails, as if cut off before it.
    let cut = FaultSpec { path: Some("/table/sys_user/".into()), ..FaultSpec::new(FaultKind::Forbidden) };
    instance.control().fault(cut);
    admin.apply(&create(&instance), Some(instance.password())).await.unwrap_err();
    let list = admin.checklist(&mut |_| ()).await;
    assert!(matches!(item(&list, "integration_user").finding, Some(ItemFinding::UserUnfit { .. })), "{list:?}");
    assert_eq!(item(&list, "integration_user").fix, Some(create(&instance)));
    let done = admin.apply(&create(&instance), Some(instance.password())).await.unwrap();
    let active = done.changes.iter().find(|change| change.column == "active").unwrap();
    assert_eq!((active.before.as_deref(), active.after.as_str()), (Some("false"), "true"));
    assert_eq!(instance.control().password_state(&instance.user()), Some(PasswordState::Hashed));
}

#[rstest]
#[case(Some(true), None, &["locked_out"])]
#[case(None, Some(true), &["password_needs_reset"])]
#[case(Some(true), Some(true), &["locked_out", "password_needs_reset"])]
#[tokio::test]
async fn a_user_that_may_not_sign_in_is_let_in_again(
    #[case] locked_out: Option<bool>,
    #[case] password_needs_reset: Option<bool>,
    #[case] columns: &[&str],
) {
    let instance = Instance::start(|_| ()).await;
    let state = UserState { locked_out, password_needs_reset, ..UserState::default() };
    instance.control().set_user_state(&instance.user(), state).unwrap();
    let admin = instance.admin().await;
    let fix = Fix::FreeUser { user_name: instance.user() };
    assert_eq!(item(&admin.checklist(&mut |_| ()).await, "integration_user").fix, Some(fix.clone()));
    let shown = admin.preview(&fix).await.unwrap();
    let lines: Vec<_> =
        shown.iter().map(|one| (one.column.as_str(), one.before.as_deref(), one.after.as_str())).collect();
    let expected: Vec<_> = columns.iter().map(|column| (*column, Some("true"), "false")).collect();
    assert_eq!(lines, expected);
    let done = admin.apply(&fix, None).await.unwrap();
    assert_eq!(done.changes, shown);
    assert_eq!(item(&admin.checklist(&mut |_| ()).await, "integration_user").status, Status::Passed);
    assert_eq!(admin.preview(&fix).await.unwrap(), []);
    assert_eq!(admin.apply(&fix, None).await.unwrap().changes, []);
    admin.end().await.unwrap();
    instance.sign_in().await;
}

#[tokio::test]
async fn letting_a_user_in_that_is_not_there_or_not_seen_is_refused() {
    let instance = Instance::start(bare).await;
    let fix = Fix::FreeUser { user_name: instance.user() };
    let admin = instance.admin().await;
    assert!(matches!(admin.preview(&fix).await, Err(Fault::NotFound { .. })));
    assert!(matches!(admin.apply(&fix, None).await, Err(Fault::NotFound { .. })));
    assert!(instance.control().writes().is_empty());
}

#[tokio::test]
async fn a_user_that_stays_locked_is_said_to_be_so() {
    let instance = Instance::start(|_| ()).await;
    let state = UserState { locked_out: Some(true), ..UserState::default() };
    instance.control().set_user_state(&instance.user(), state).unwrap();
    let admin = instance.admin().await;
    let cut = FaultSpec { path: Some("/table/sys_user/".into()), ..FaultSpec::new(FaultKind::Forbidden) };
    instance.control().fault(cut);
    let fix = Fix::FreeUser { user_name: instance.user() };
    assert!(matches!(admin.apply(&fix, None).await, Err(Fault::Forbidden { .. })));
    assert_eq!(admin.preview(&fix).await.unwrap().len(), 1);
}

#[tokio::test]
async fn without_a_password_no_user_is_made() {
    let instance = Instance::start(bare).await;
    let admin = instance.admin().await;
    for password in [None, Some(Secret::default())] {
        let fault = admin.apply(&create(&instance), password).await.unwrap_err();
        assert!(matches!(fault, Fault::BadUsage { .. }));
    }
    assert!(instance.control().user(&instance.user()).is_none());
    assert!(instance.control().writes().is_empty());
}

#[tokio::test]
async fn only_what_is_lacking_is_granted_and_nothing_twice() {
    let instance = Instance::start(|o| {
        let roles = Setup::default().roles;
        o.setup.roles = roles.into_iter().filter(|(name, _)| name == "itil").collect();
    })
    .await;
    let admin = instance.admin().await;
    let all = grant(&instance, &["itil", "view_changer", "personalize_choices", "import_transformer"]);
    let shown = admin.preview(&all).await.unwrap();
    let names: Vec<_> = shown.iter().map(|change| change.after.as_str()).collect();
    assert_eq!(names, ["personalize_choices", "import_transformer"]);
    assert_eq!(admin.apply(&all, None).await.unwrap().changes, shown);
    assert_eq!(admin.apply(&all, None).await.unwrap().changes, []);
    let direct: Vec<_> =
        instance.control().roles(&instance.user()).into_iter().filter(|role| !role.inherited).collect();
    let names: Vec<_> = direct.iter().map(|role| role.role.as_str()).collect();
    assert_eq!(names, ["import_transformer", "itil", "personalize_choices"]);
}

#[tokio::test]
async fn a_role_that_does_not_exist_stops_before_any_change() {
    let instance = Instance::start(|o| o.setup.app = false).await;
    let admin = instance.admin().await;
    instance.control().set_role(&instance.user(), "personalize_choices", RoleState::Missing).unwrap();
    let fix = grant(&instance, &["personalize_choices", "x_mioms_microsoft.user"]);
    let fault = admin.apply(&fix, None).await.unwrap_err();
    assert_eq!(fault, Fault::NotFound { what: "sys_user_role x_mioms_microsoft.user".into() });
    assert!(instance.control().writes().is_empty());
}

#[tokio::test]
async fn roles_cannot_be_granted_to_nobody() {
    let instance = Instance::start(bare).await;
    let fault = instance.admin().await.apply(&grant(&instance, &["itil"]), None).await.unwrap_err();
    assert!(matches!(fault, Fault::NotFound { .. }));
}

#[rstest]
#[case(8_640_000)]
#[case(3_600)]
#[tokio::test]
async fn the_lifespan_is_set_to_ninety_days(#[case] before: i64) {
    let instance = Instance::start(|o| o.oauth.refresh_lifespan = before).await;
    let admin = instance.admin().await;
    let shown = admin.preview(&lifespan(&instance)).await.unwrap();
    let after = REFRESH_TOKEN_LIFESPAN_SECONDS.to_string();
    assert_eq!((shown.len(), shown[0].before.clone(), &shown[0].after), (1, Some(before.to_string()), &after));
    admin.apply(&lifespan(&instance), None).await.unwrap();
    assert_eq!(instance.control().application().unwrap()["refresh_token_lifespan"].value, after);
    assert_eq!(item(&instance.look(true).await, "refresh_token_lifespan").status, Status::Passed);
}

#[rstest]
#[case("sys_user")]
#[case("sys_user_has_role")]
#[tokio::test]
async fn what_cannot_be_seen_is_not_changed(#[case] table: &str) {
    let instance = Instance::start(|_| ()).await;
    let admin = instance.admin().await;
    instance.control().set_role(&instance.user(), "personalize_choices", RoleState::Missing).unwrap();
    instance.control().set_admin_visibility(table, Visibility::Empty);
    let fault = admin.apply(&grant(&instance, &["personalize_choices"]), None).await.unwrap_err();
    assert!(matches!(fault, Fault::Forbidden { .. }), "{fault:?}");
    assert!(instance.control().writes().is_empty());
}

#[tokio::test]
async fn one_who_is_no_admin_is_refused_and_nothing_is_claimed() {
    let instance = Instance::start(|_| ()).await;
    let control = instance.control();
    control.set_role(&instance.user(), "personalize_choices", RoleState::Missing).unwrap();
    let nobody = instance.side().admin_session(instance.user(), instance.password()).await.unwrap();
    let fault = nobody.apply(&grant(&instance, &["personalize_choices"]), None).await.unwrap_err();
    assert!(matches!(fault, Fault::Forbidden { .. }), "{fault:?}");
    assert!(!control.roles(&instance.user()).iter().any(|role| role.role == "personalize_choices"));
}

#[tokio::test]
async fn a_wrong_admin_password_is_refused_once() {
    let instance = Instance::start(|_| ()).await;
    let admin = instance.server.sign_in().admin.clone();
    let refused = instance.side().admin_session(admin.clone(), Secret::new("wrong")).await.err();
    let Some(fault @ Fault::AdminRefused { user_name, .. }) = &refused else { panic!("{refused:?}") };
    assert_eq!(*user_name, admin);
    for lang in [Lang::En, Lang::Nl] {
        let said = words::remedy(lang, fault);
        assert!(said.contains(&admin) && !said.contains("geheim") && !said.contains("secret"), "{said}");
    }
    assert_eq!(instance.control().requests().len(), 1);
}

#[rstest]
#[case(true)]
#[case(false)]
#[tokio::test]
async fn at_the_end_the_admins_tokens_are_worthless(#[case] said: bool) {
    let instance = Instance::start(|_| ()).await;
    instance.sign_in().await;
    let own = instance.token_store.held().await.unwrap();
    let admin = instance.admin().await;
    admin.checklist(&mut |_| ()).await;
    let row = instance.control().user(&instance.server.sign_in().admin.clone()).unwrap();
    let id = row["sys_id"].value.clone();
    let alive = || instance.control().issued().iter().filter(|token| token.valid && token.user == id).count();
    assert_eq!(alive(), 2);
    if said {
        admin.end().await.unwrap();
        admin.end().await.unwrap();
        assert!(matches!(
            admin.tokens().await.unwrap().instance,
            crate::model::token_list::InstanceTokens::CannotSee { .. }
        ));
    } else {
        drop(admin);
        while alive() > 0 {
            tokio::task::yield_now().await;
        }
    }
    assert_eq!(alive(), 0);
    assert!(instance.is_valid(&own.access));
    assert_eq!(instance.token_store.held().await, Some(own));
}

#[tokio::test]
async fn admin_as_integration_user_keeps_connection_tokens() {
    let instance = Instance::start(|_| ()).await;
    instance.sign_in().await;
    let own = instance.token_store.held().await.unwrap();
    let same = instance.side().admin_session(instance.user(), instance.password()).await.unwrap();
    same.end().await.unwrap();
    assert!(own.each().all(|(_, token)| instance.is_valid(token)));
}

#[tokio::test]
async fn the_account_of_a_locked_user_is_not_touched_by_making_it() {
    let instance = Instance::start(|_| ()).await;
    let state = UserState { locked_out: Some(true), ..UserState::default() };
    instance.control().set_user_state(&instance.user(), state).unwrap();
    let admin = instance.admin().await;
    assert_eq!(admin.apply(&create(&instance), Some(instance.password())).await.unwrap().changes, []);
    assert!(instance.control().writes().is_empty());
}
