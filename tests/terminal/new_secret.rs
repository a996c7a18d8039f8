//! A client secret that has expired is replaced by keys, without a trace of either.

use itsmc_practice::service_manager::{Options, Server};
use tokio::runtime::Runtime;

use crate::four::add;
use crate::harness::session;

/// The application's secret at first.
const OLD: &str = "client&secret+%=;4-for-tests";
/// The one that takes its place.
const NEW: &str = "client&secret+%=;5-for-tests";

#[test]
fn p1_an_expired_client_secret_is_replaced_by_keys_and_the_next_sync_works() {
    let runtime = Runtime::new().expect("a runtime starts");
    let options = Options { rows: Some(40), fixed_secret: Some(OLD.to_owned()), ..Options::still() };
    let server = runtime.block_on(Server::start(options)).expect("the web app starts");
    let (details, authority) = (server.sign_in().clone(), server.control().authority());
    let secret = |value: &str, expired: bool| {
        authority.change(&details.tenant, |tenant| {
            for application in &mut tenant.applications {
                if let Some(secret) = application.secret.as_mut().filter(|_| application.client_id == details.client_id)
                {
                    (secret.value, secret.expired) = (value.to_owned(), expired);
                }
            }
        })
    };
    let builder = session(&[]);
    add(builder.home(), &details);
    secret(OLD, true).expect("the tenant is there");
    authority.revoke_access();
    let mut session = builder.start();
    session.wait_for_text("s sync");
    session.keys("s");
    session.wait_for_text("Signed out: press R to sign in again.");
    session.keys("\r\x1b[Z");
    session.wait_for_text("the product refused the client secret");
    session.keys("n");
    session.wait_for_text("Client secret:");
    // The one that has expired is refused again, and nothing is lost by that.
    session.paste(OLD);
    session.wait_for_text(&format!("pasted {} characters", OLD.len()));
    session.keys("\r\r");
    session.wait_for_text("copy its value, not its ID");
    secret(NEW, false).expect("the tenant is there");
    session.keys("\x1b[Z\x15");
    session.paste(&format!(" {NEW}\n"));
    session.wait_for_text("removed");
    session.keys("\t2031-06-30\r");
    session.wait_for_text("has no refresh token");
    session.keys("\r");
    session.wait_for_text("30 Jun 2031");
    session.keys("s");
    session.wait_for_text("Synced");
    session.keys("\x1b");
    session.wait_for("the tile", |screen| {
        let text = screen.contents();
        text.contains("Incidents")
            && text.contains("healthy")
            && text.contains("Client secret")
            && text.contains("30 Jun 2031")
    });
    session.keys("q");
    assert_eq!(session.wait_for_end(), 0);
    session.assert_restored();
    session.assert_nowhere(&[vec![OLD.to_owned(), NEW.to_owned()], authority.tokens()].concat());
    runtime.block_on(server.stop());
}
