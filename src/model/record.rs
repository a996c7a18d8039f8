//! Where a work item stands in the product's own screens.

use std::fmt::Write as _;

use super::url::ServerUrl;

/// The address of a record: the partner's template with the server, the table or business object, the product's id and the
/// number people call it by in the places of `{server}`, `{source}`, `{id}` and `{number}`.
pub fn address(template: &str, server: &ServerUrl, source: &str, id: &str, number: &str) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        match name {
            "server" => out.push_str(server.as_str().trim_end_matches('/')),
            "source" => push_encoded(&mut out, source),
            "id" => push_encoded(&mut out, id),
            "number" => push_encoded(&mut out, number),
            _ => {}
        }
        rest = after;
    }
    out + rest
}

/// Encodes everything but what RFC 3986 calls unreserved: what a product sends must not become another address.
fn push_encoded(out: &mut String, text: &str) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            // Writing to memory cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::partner::Catalogue;

    #[test]
    fn a22_what_a_product_sends_stays_one_part_of_the_address() {
        let (server, _) = ServerUrl::parse("https://contoso.example/", &[]).unwrap();
        let address = address("{server}/x?t={source}&id={id}&n={number}", &server, "incident", "../a?b=1&c#d", "IR 7é");
        assert_eq!(address, "https://contoso.example/x?t=incident&id=..%2Fa%3Fb%3D1%26c%23d&n=IR%207%C3%A9");
    }

    #[test]
    fn a22_every_template_begins_with_the_server_and_names_the_record() {
        let built_in = Catalogue::built_in().unwrap();
        let with: Vec<_> =
            built_in.all().iter().filter_map(|spec| Some((spec.id.as_str(), spec.record.as_ref()?))).collect();
        assert_eq!(with.iter().map(|(id, _)| *id).collect::<Vec<_>>(), ["servicenow", "provance", "cherwell"]);
        for (id, template) in with {
            assert!(template.starts_with("{server}/"), "{id}");
            assert!(template.contains("{id}") || template.contains("{number}"), "{id}");
        }
    }
}
