//! HTML pages in place of JSON: recognised by their contents, never shown.

use crate::model::fault::Fault;

/// What a page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageKind {
    /// The instance sleeps.
    Hibernating,
    /// It asks for a sign-in.
    Login,
    /// Something else.
    Other,
}

/// How far into a page to look.
const LOOK_BYTES: usize = 64 << 10;

/// Tells a page by its marks (seen on live instances).
pub fn kind(body: &[u8]) -> PageKind {
    let text = start(body).to_ascii_lowercase();
    let has = |marks: &[&str]| marks.iter().any(|mark| text.contains(mark));
    if has(&["instance hibernating page", "instance-hibernating-page", "your instance is hibernating"]) {
        PageKind::Hibernating
    } else if has(&["login.do", "login_redirect", "user_password", "type=\"password\"", "samlrequest"]) {
        PageKind::Login
    } else {
        PageKind::Other
    }
}

/// A page's title.
pub fn title(body: &[u8]) -> Option<String> {
    let text = start(body);
    let lower = text.to_ascii_lowercase();
    let from = lower.find("<title>")? + "<title>".len();
    let to = from + lower.get(from..)?.find("</title>")?;
    text.get(from..to).map(|title| title.trim().to_owned())
}

/// The fault of a redirect: to a sign-in page, to the site where sleeping instances are woken, or elsewhere.
pub fn redirected(host: &str, location: String) -> Fault {
    let (host, lower) = (host.to_owned(), location.to_ascii_lowercase());
    let marks = ["login", "navpage.do", "saml", "sso", "auth", "adfs"];
    if lower.starts_with("https://developer.servicenow.com") {
        Fault::Hibernating { host }
    } else if marks.iter().any(|mark| lower.contains(mark)) {
        Fault::LoginPage { host, location: Some(without_query(&location)) }
    } else {
        Fault::Redirected { host, location: without_query(&location) }
    }
}

/// A location without what could be a token in it.
fn without_query(location: &str) -> String {
    location.split(['?', '#']).next().unwrap_or_default().to_owned()
}

fn start(body: &[u8]) -> String {
    String::from_utf8_lossy(&body[..body.len().min(LOOK_BYTES)]).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_found_in_any_case() {
        assert_eq!(title(b"<HTML><Title> Down </TITLE>").as_deref(), Some("Down"));
        assert_eq!(title(b"<title>never ends"), None);
        assert_eq!(title("\u{130}<title>x</title>".as_bytes()).as_deref(), Some("x"));
        assert_eq!(title(&[0xff, 0xfe, 0x00]), None);
    }

    #[test]
    fn the_query_of_a_redirect_is_not_kept() {
        let fault = redirected("h", "https://idp.example/saml?SAMLRequest=abc".into());
        assert_eq!(fault, Fault::LoginPage { host: "h".into(), location: Some("https://idp.example/saml".into()) });
    }
}
