use std::fmt::Write as _;

use rstest::rstest;

use super::{Instance, item};
use crate::model::check::{Status, UserUnfit};
use crate::model::checklist::{ChecklistItem, FindingValue, ItemFinding, ItemId, Overall, SeenBy};
use crate::model::connection::Grant;
use crate::model::fault::Fault;
use crate::model::lang::Lang;
use crate::partner::ChecklistEvent;
use crate::texts::checklist as words;
use itsmc_practice::servicenow::{
    ApplicationState, Control, FaultKind, FaultSpec, Options, RateRule, RoleState, UserState, Visibility,
};

/// How an item is made to be, with whose eyes it is looked at, and how it must be found.
struct Case {
    name: &'static str,
    item: &'static str,
    admin: bool,
    before: fn(&mut Options),
    after: fn(&Control),
    status: Status,
    fix: bool,
}

const fn case(name: &'static str, item: &'static str, admin: bool, status: Status) -> Case {
    Case { name, item, admin, before: |_| (), after: |_| (), status, fix: false }
}

impl Case {
    const fn before(self, before: fn(&mut Options)) -> Self {
        Self { before, ..self }
    }

    const fn after(self, after: fn(&Control)) -> Self {
        Self { after, ..self }
    }

    const fn fixed(self) -> Self {
        Self { fix: true, ..self }
    }
}

fn user(control: &Control, state: UserState) {
    control.set_user_state(&control.sign_in().username.clone(), state).unwrap();
}

fn role(control: &Control, role: &str, state: RoleState) {
    control.set_role(&control.sign_in().username.clone(), role, state).unwrap();
}

use Status::{Failed, Passed, Skipped, Unknown, Warning};

const ADMIN: bool = true;
const OWN: bool = false;

const CASES: &[Case] = &[
    case("app, seen in the list", "app_installed", OWN, Passed),
    case("app, seen by its table only", "app_installed", OWN, Passed)
        .before(|o| o.setup = o.setup.clone().showing("sys_store_app", Visibility::Forbidden)),
    case("app, list empty and table forbidden", "app_installed", OWN, Passed).before(|o| {
        let shown = o.setup.clone().showing("sys_store_app", Visibility::Empty);
        o.setup = shown.showing("x_mioms_microsoft_oms_incident", Visibility::Forbidden);
    }),
    case("app missing", "app_installed", OWN, Failed).before(|o| o.setup.app = false),
    case("app missing, admin", "app_installed", ADMIN, Failed).before(|o| o.setup.app = false),
    case("app missing, its role", "role:x_mioms_microsoft.user", ADMIN, Failed).before(|o| o.setup.app = false),
    case("OAuth, own user", "oauth_active", OWN, Passed)
        .after(|c| c.hide_property("com.snc.platform.security.oauth.is.active", true).unwrap()),
    case("OAuth, admin", "oauth_active", ADMIN, Passed),
    case("application unreadable, proven by its token", "application", OWN, Passed),
    case("application, admin", "application", ADMIN, Passed),
    case("lifespan 8,640,000", "refresh_token_lifespan", ADMIN, Warning)
        .before(|o| o.oauth.refresh_lifespan = 8_640_000)
        .fixed(),
    case("lifespan 7,776,000", "refresh_token_lifespan", ADMIN, Passed),
    case("lifespan 3,600", "refresh_token_lifespan", ADMIN, Failed)
        .before(|o| o.oauth.refresh_lifespan = 3_600)
        .fixed(),
    case("lifespan unreadable", "refresh_token_lifespan", OWN, Unknown),
    case("lifespan, empty list", "refresh_token_lifespan", OWN, Unknown)
        .before(|o| o.setup = o.setup.clone().showing("oauth_entity", Visibility::Empty)),
    case("lifespan column withheld", "refresh_token_lifespan", OWN, Unknown).before(|o| {
        o.setup = o.setup.clone().showing("oauth_entity", Visibility::Rows);
        o.setup.hidden_columns.push(("oauth_entity".into(), "refresh_token_lifespan".into()));
    }),
    case("lifespan readable by the user", "refresh_token_lifespan", OWN, Passed)
        .before(|o| o.setup = o.setup.clone().showing("oauth_entity", Visibility::Rows)),
    case("password grant, admin", "password_grant", ADMIN, Passed),
    case("password grant unreadable, proven by a fresh sign-in", "password_grant", OWN, Passed)
        .before(|o| o.setup = o.setup.clone().showing("sys_properties", Visibility::Forbidden)),
    case("user, own user", "integration_user", OWN, Passed),
    case("user, admin", "integration_user", ADMIN, Passed),
    case("user missing, admin", "integration_user", ADMIN, Failed).before(|o| o.setup.integration_user = false).fixed(),
    case("user missing, admin may not look", "integration_user", ADMIN, Unknown)
        .before(|o| o.setup.integration_user = false)
        .after(|c| c.set_admin_visibility("sys_user", Visibility::Empty)),
    case("user inactive", "integration_user", ADMIN, Failed)
        .after(|c| user(c, UserState { active: Some(false), ..UserState::default() }))
        .fixed(),
    case("user locked", "integration_user", ADMIN, Failed)
        .after(|c| user(c, UserState { locked_out: Some(true), ..UserState::default() }))
        .fixed(),
    case("user needs reset", "integration_user", ADMIN, Failed)
        .after(|c| user(c, UserState { password_needs_reset: Some(true), ..UserState::default() }))
        .fixed(),
    case("user without access to the interface", "integration_user", OWN, Failed)
        .after(|c| user(c, UserState { api_access: Some(false), ..UserState::default() })),
    case("user not visible", "integration_user", OWN, Unknown)
        .before(|o| o.setup = o.setup.clone().showing("sys_user", Visibility::Forbidden)),
    case("user, flags withheld", "integration_user", OWN, Unknown)
        .before(|o| o.setup.hidden_columns.push(("sys_user".into(), "active".into()))),
    case("role direct", "role:import_transformer", OWN, Passed),
    case("role inherited from itil", "role:template_editor", OWN, Passed),
    case("role by a group", "role:view_changer", OWN, Passed).after(|c| role(c, "view_changer", RoleState::Group)),
    case("role direct, admin", "role:personalize_choices", ADMIN, Passed),
    case("role missing", "role:personalize_choices", OWN, Failed)
        .after(|c| role(c, "personalize_choices", RoleState::Missing))
        .fixed(),
    case("role missing, admin", "role:import_transformer", ADMIN, Failed)
        .after(|c| role(c, "import_transformer", RoleState::Missing))
        .fixed(),
    case("role row hidden", "role:personalize_choices", OWN, Unknown)
        .after(|c| role(c, "personalize_choices", RoleState::Hidden)),
    case("role row hidden from us, admin", "role:personalize_choices", ADMIN, Passed)
        .after(|c| role(c, "personalize_choices", RoleState::Hidden)),
    case("roles forbidden", "role:itil", OWN, Unknown)
        .before(|o| o.setup = o.setup.clone().showing("sys_user_has_role", Visibility::Forbidden)),
    case("roles empty", "role:itil", OWN, Unknown)
        .before(|o| o.setup = o.setup.clone().showing("sys_user_has_role", Visibility::Empty)),
    case("user missing, so its role, admin", "role:itil", ADMIN, Failed)
        .before(|o| o.setup.integration_user = false)
        .fixed(),
    case("no role too many", "excess_roles", OWN, Passed),
    case("admin is too much", "excess_roles", OWN, Warning).after(|c| {
        role(c, "admin", RoleState::Group);
        role(c, "asset", RoleState::Direct);
    }),
    case("roles too many cannot be seen", "excess_roles", OWN, Unknown)
        .before(|o| o.setup = o.setup.clone().showing("sys_user_has_role", Visibility::Forbidden)),
    case("Event Management with its roles", "event_management_roles", OWN, Passed),
    case("Event Management without a role", "event_management_roles", OWN, Warning)
        .after(|c| role(c, "evt_mgmt_operator", RoleState::Missing))
        .fixed(),
    case("no Event Management", "event_management_roles", OWN, Skipped).before(|o| o.setup.event_management = false),
    case("no rate limit", "rate_limit", OWN, Passed),
    case("a generous rate limit", "rate_limit", OWN, Passed)
        .before(|o| o.rate_rule = Some(RateRule { per_hour: 5_000, resets_in: 3_600 })),
    case("a rate limit that strangles", "rate_limit", OWN, Failed)
        .before(|o| o.rate_rule = Some(RateRule { per_hour: 12, resets_in: 3_600 })),
    case("a known release", "release", OWN, Passed),
    case("an unknown release", "release", OWN, Warning).before(|o| o.release = "brazil".into()),
    case("a release that may not be read", "release", OWN, Unknown)
        .before(|o| o.setup = o.setup.clone().showing("sys_properties", Visibility::Forbidden)),
];

/// Looks at the item of a case. Where the case comes about after the start, the connection has signed in before.
async fn found(case: &Case) -> ChecklistItem {
    let instance = Instance::start(case.before).await;
    if !case.admin {
        instance.sign_in().await;
    }
    (case.after)(&instance.control());
    item(&instance.look(case.admin).await, case.item).clone()
}

#[tokio::test]
async fn every_case_is_found_as_it_is_and_says_what_to_do() {
    let subject = Instance::start(|_| ()).await.look(OWN).await.subject;
    let mut shown = String::new();
    for case in CASES {
        let item = found(case).await;
        assert_eq!(item.status, case.status, "{}: {item:?}", case.name);
        assert_eq!(item.fix.is_some(), case.fix, "{}: {item:?}", case.name);
        assert!(!item.evidence.is_empty(), "{}: {item:?}", case.name);
        let viewer = if case.admin { "admin" } else { "own" };
        let _ = writeln!(shown, "{} [{}, {viewer}]: {}", case.name, case.item, item.status.id());
        for lang in [Lang::En, Lang::Nl] {
            let (seen, todo) =
                (words::summary(lang, &item), words::remedy(lang, &subject, &item, crate::texts::fault::At::Saved));
            let _ = writeln!(shown, "    {}\n    > {}", steady(&seen), steady(todo.as_deref().unwrap_or("-")));
        }
    }
    let client = &subject.client_id;
    insta::assert_snapshot!(shown.replace(client.as_str(), "CLIENT"));
}

/// A text without what differs from run to run.
fn steady(text: &str) -> String {
    let mut words: Vec<_> = text.split(' ').map(str::to_owned).collect();
    for place in 0..words.len() {
        if words[place].len() == 10 && words[place].starts_with("20") && words[place].contains('-') {
            words[place] = "DATE".into();
            if let Some(time) = words.get_mut(place + 1) {
                *time = "TIME".into();
            }
        }
    }
    words.join(" ")
}

#[tokio::test]
async fn what_a_case_found_is_data() {
    let instance = Instance::start(|o| o.oauth.refresh_lifespan = 3_600).await;
    instance.sign_in().await;
    role(&instance.control(), "view_changer", RoleState::Group);
    let list = instance.look(ADMIN).await;
    let finding = |id| item(&list, id).finding.clone().unwrap();
    assert_eq!(finding("app_installed"), ItemFinding::outcome("installed", [("version", "1.0.1".to_owned().into())]));
    assert_eq!(finding("oauth_active"), ItemFinding::outcome("on", []));
    assert_eq!(
        finding("refresh_token_lifespan"),
        ItemFinding::outcome("shorter", [("lifespan", FindingValue::Seconds(3_600))])
    );
    assert_eq!(finding("password_grant"), ItemFinding::outcome("password_on", []));
    assert_eq!(finding("integration_user"), ItemFinding::UserFit { user_name: instance.user() });
    assert_eq!(finding("role:itil"), ItemFinding::outcome("held", []));
    assert_eq!(finding("role:template_editor"), ItemFinding::outcome("inherited", []));
    assert_eq!(finding("role:view_changer"), ItemFinding::outcome("inherited", []));
    assert_eq!(list.seen_by, SeenBy::Admin { user_name: instance.server.sign_in().admin.clone() });
    assert_eq!(
        item(&list, "refresh_token_lifespan").link,
        Some(format!("{}/oauth_entity_list.do", instance.server.url()))
    );
}

#[rstest]
#[case(UserState { active: Some(false), ..UserState::default() }, UserUnfit::Inactive)]
#[case(UserState { locked_out: Some(true), ..UserState::default() }, UserUnfit::LockedOut)]
#[case(UserState { password_needs_reset: Some(true), ..UserState::default() }, UserUnfit::PasswordNeedsReset)]
#[tokio::test]
async fn an_unfit_user_is_named_with_the_reason(#[case] state: UserState, #[case] reason: UserUnfit) {
    let instance = Instance::start(|_| ()).await;
    user(&instance.control(), state);
    let list = instance.look(ADMIN).await;
    let user_name = instance.user();
    assert_eq!(item(&list, "integration_user").finding, Some(ItemFinding::UserUnfit { user_name, reason }));
    assert_eq!(list.overall(), Overall::NotComplete);
}

#[tokio::test]
async fn the_whole_is_completed_only_with_an_admins_eyes() {
    let instance = Instance::start(|_| ()).await;
    assert_eq!(instance.look(OWN).await.overall(), Overall::CannotTell);
    assert_eq!(instance.look(ADMIN).await.overall(), Overall::Completed);
    instance.control().set_app(false);
    assert_eq!(instance.look(ADMIN).await.overall(), Overall::NotComplete);
}

#[tokio::test]
async fn a_session_that_was_dropped_takes_no_token_from_the_next() {
    let instances = futures_util::future::join_all((0..3).map(|_| Instance::start(|_| ()))).await;
    // Beside each other, so that they wait for each other.
    let looks = instances.iter().map(|instance| async move {
        for _ in 0..5 {
            assert_eq!(instance.look(ADMIN).await.overall(), Overall::Completed);
        }
    });
    futures_util::future::join_all(looks).await;
}

#[tokio::test]
async fn on_a_bare_instance_an_admin_sees_what_is_to_be_made() {
    let instance = Instance::start(|o| *o = Options { rows: Some(30), speed: 0.0, ..Options::bare() }).await;
    let list = instance.look(ADMIN).await;
    assert_eq!(list.overall(), Overall::NotComplete);
    let fixes: Vec<_> = list.fixes().iter().map(|fix| words::fix(Lang::En, fix)).collect();
    assert_eq!(
        fixes,
        [
            format!("Create the integration user {}", instance.user()),
            format!(
                "Grant {} the roles: personalize_choices, import_transformer, x_mioms_microsoft.user, itil, template_editor, \
                 view_changer",
                instance.user()
            ),
            "Set the refresh token lifespan to 7,776,000 seconds".to_owned(),
        ]
    );
}

#[tokio::test]
async fn without_a_sign_in_one_is_tried_and_nothing_else() {
    let instance = Instance::start_with(
        |_| (),
        |access| access.password = Some(crate::model::secret::Secret::new("wrong-password")),
    )
    .await;
    let list = instance.look(OWN).await;
    for item in &list.items {
        assert_eq!((item.status, &item.finding), (Unknown, &Some(ItemFinding::NotSignedIn)), "{}", item.id);
        assert!(matches!(item.fault, Some(Fault::SignInRefused { .. })));
    }
    assert_eq!(list.overall(), Overall::CannotTell);
    let asked = instance.control().requests();
    assert_eq!(asked.len(), 1, "{asked:?}");
}

#[tokio::test]
async fn a_sleeping_instance_is_asked_once() {
    let instance = Instance::start(|_| ()).await;
    instance.sign_in().await;
    instance.control().clear_requests();
    instance.control().fault(FaultSpec::new(FaultKind::Hibernating).times(0));
    let list = instance.look(OWN).await;
    assert!(list.items.iter().all(|item| item.status == Unknown && item.fault.is_some()), "{list:?}");
    assert_eq!(instance.control().requests().len(), 1);
}

#[tokio::test]
async fn each_item_begins_and_ends_in_order() {
    let instance = Instance::start(|_| ()).await;
    let mut told = Vec::new();
    let list = instance.checks().checklist(&mut |event| told.push(event)).await;
    let expected: Vec<_> = list
        .items
        .iter()
        .flat_map(|item| [ChecklistEvent::Started(item.id.clone()), ChecklistEvent::Ended(Box::new(item.clone()))])
        .collect();
    assert_eq!(told, expected);
    assert_eq!(list.items.iter().map(|item| item.id.clone()).collect::<Vec<_>>(), instance.checks().items());
}

#[tokio::test]
async fn inactive_application_is_seen_by_live_sign_in() {
    let instance = Instance::start(|o| o.setup = o.setup.clone().showing("oauth_entity", Visibility::Rows)).await;
    instance.sign_in().await;
    instance.control().set_application(ApplicationState::Inactive);
    let list = instance.look(OWN).await;
    assert_eq!(item(&list, "application").status, Failed);
    let finding = item(&list, "application").finding.clone();
    assert!(matches!(finding, Some(ItemFinding::Outcome { outcome, .. }) if outcome == "inactive"));
}

#[rstest]
#[case("glide.oauth.inbound.ropc.grant_type.disabled", "true", "password_grant", ItemFinding::outcome("password_off", []))]
#[case("com.snc.platform.security.oauth.is.active", "false", "oauth_active", ItemFinding::outcome("off", []))]
#[tokio::test]
async fn a_switch_that_may_be_read_decides(
    #[case] name: &str,
    #[case] value: &str,
    #[case] id: &str,
    #[case] expected: ItemFinding,
) {
    let instance = Instance::start(|_| ()).await;
    instance.sign_in().await;
    instance.control().set_property(name, value);
    let list = instance.look(OWN).await;
    assert_eq!((item(&list, id).status, item(&list, id).finding.clone()), (Failed, Some(expected)));
}

#[tokio::test]
async fn the_letter_to_the_admin_names_what_cannot_be_seen() {
    let instance = Instance::start(|_| ()).await;
    instance.sign_in().await;
    role(&instance.control(), "personalize_choices", RoleState::Missing);
    let list = instance.look(OWN).await;
    let letters = [Lang::En, Lang::Nl].map(|lang| words::letter(lang, &list).unwrap());
    let client = &list.subject.client_id;
    let text = letters.join("\n---\n").replace(client.as_str(), "CLIENT").replace(&instance.server.url(), "SERVER");
    insta::assert_snapshot!(text);
    assert_eq!(words::letter(Lang::En, &Instance::start(|_| ()).await.look(ADMIN).await), None);
}

#[tokio::test]
async fn client_credentials_have_own_switch_and_no_lifespan() {
    let instance = Instance::start_with(
        |o| o.oauth.client_credentials = true,
        |access| {
            access.connection.grant = Grant::ClientCredentials;
            access.password = None;
        },
    )
    .await;
    let list = instance.look(ADMIN).await;
    assert_eq!(item(&list, "refresh_token_lifespan").status, Skipped);
    let on = ItemFinding::outcome("client_credentials_on", []);
    assert_eq!(item(&list, "password_grant").finding, Some(on));
    assert_eq!(list.overall(), Overall::Completed);
    assert_eq!(item(&instance.look(OWN).await, "role:itil").status, Passed);
    let held = instance.token_store.held().await.unwrap();
    assert_eq!((held.refresh, held.sign_in.ends()), (None, None));
    instance.control().set_property("glide.oauth.inbound.client.credential.grant_type.enabled", "false");
    let list = instance.look(ADMIN).await;
    assert_eq!((item(&list, "password_grant").status, list.overall()), (Failed, Overall::NotComplete));
}

#[tokio::test]
async fn each_needed_role_is_missed_by_name() {
    let needed: Vec<_> =
        crate::partner::servicenow::testing::spec().roles.iter().map(|role| role.name.clone()).collect();
    for name in needed.iter().filter(|name| !name.starts_with("evt_") && *name != "itil") {
        let instance = Instance::start(|_| ()).await;
        instance.sign_in().await;
        role(&instance.control(), name, RoleState::Missing);
        for as_admin in [OWN, ADMIN] {
            let list = instance.look(as_admin).await;
            let missed = list.items.iter().filter(|item| item.finding == Some(ItemFinding::RoleLacking));
            assert_eq!(missed.map(|item| item.id.clone()).collect::<Vec<_>>(), [ItemId::Role(name.clone())]);
            assert_eq!(list.overall(), Overall::NotComplete);
        }
    }
}

#[tokio::test]
async fn missing_itil_closes_interface_and_admin_sees_why() {
    let instance = Instance::start(|_| ()).await;
    instance.sign_in().await;
    role(&instance.control(), "itil", RoleState::Missing);
    let own = instance.look(OWN).await;
    assert_eq!((item(&own, "integration_user").status, item(&own, "role:itil").status), (Failed, Unknown));
    let seen = instance.look(ADMIN).await;
    assert_eq!((item(&seen, "integration_user").status, item(&seen, "role:itil").status), (Passed, Failed));
}

#[test]
fn every_item_is_in_some_case() {
    let covered = |id: &ItemId| CASES.iter().any(|case| id.to_string() == case.item);
    let spec = crate::partner::servicenow::testing::spec();
    let roles = spec.roles.iter().filter(|role| !role.name.starts_with("evt_"));
    assert!(roles.clone().count() == 6 && roles.into_iter().all(|role| covered(&ItemId::Role(role.name.clone()))));
}
