//! The list in `NO_PROXY`: hosts that are reached without the proxy.
//!
//! There is no standard for it. This accepts the forms of curl, Go, Python and Windows: entries separated by commas,
//! semicolons or blanks; `*`; a domain with its subdomains, with or without a leading dot or `*.`; `*` anywhere in a
//! name or address; an address, IPv6 with or without brackets; a network such as `10.0.0.0/8`; `<local>` for names
//! without a dot; and any of them with a port, which must then be the server's.

use std::net::IpAddr;

/// Whether the list names this host and port.
pub fn exempts(list: &str, host: &str, port: u16) -> bool {
    let host = bare(host);
    let address = host.parse().ok().map(|address: IpAddr| address.to_canonical());
    entries(list).any(|entry| {
        let (name, of_port) = split_port(entry);
        of_port.is_none_or(|only| only == port) && names(&name, &host, address)
    })
}

/// Invalid entries, to be reported: an unreadable network, an invalid port.
pub fn unreadable(list: &str) -> Vec<String> {
    let readable = |entry: &str| {
        let (name, _) = split_port(entry);
        let is_network = name.split_once('/').is_some_and(|(network, length)| bits(network, length).is_some());
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '*');
        is_network
            || name == "<local>"
            || name.parse::<IpAddr>().is_ok()
            || (!name.is_empty() && name.chars().all(is_name))
    };
    entries(list).filter(|entry| !readable(entry)).map(str::to_owned).collect()
}

fn entries(list: &str) -> impl Iterator<Item = &str> {
    list.split(|c: char| c == ',' || c == ';' || c.is_whitespace()).filter(|entry| !entry.is_empty())
}

/// The entry without its port, and the port. What follows the last colon of an IPv6 address is no port.
fn split_port(entry: &str) -> (String, Option<u16>) {
    let entry = entry.split_once("://").map_or(entry, |(_, rest)| rest);
    let whole = || (bare(entry), None);
    let Some((name, port)) = entry.rsplit_once(':') else { return whole() };
    let is_one_colon = !name.contains(':') || name.ends_with(']');
    match port.parse() {
        Ok(port) if is_one_colon => (bare(name), Some(port)),
        _ => whole(),
    }
}

/// In lower case and ASCII, without brackets and the dot of the root.
fn bare(host: &str) -> String {
    let host = host.trim_end_matches('.').to_lowercase().replace(['[', ']'], "");
    match url::Host::parse(&host) {
        Ok(url::Host::Domain(ascii)) if !host.is_ascii() => ascii,
        _ => host,
    }
}

fn names(entry: &str, host: &str, address: Option<IpAddr>) -> bool {
    if entry == "*" || (entry == "<local>" && address.is_none() && !host.contains('.')) {
        return true;
    }
    let domain = entry.strip_prefix('*').unwrap_or(entry).trim_start_matches('.');
    match address {
        Some(address) if entry.contains('/') => holds(entry, address),
        Some(address) => {
            entry.parse().is_ok_and(|one: IpAddr| one.to_canonical() == address)
                || glob(entry.as_bytes(), host.as_bytes())
        }
        None if domain.contains('*') || (entry.starts_with('*') && !entry.starts_with("*.")) => {
            glob(entry.as_bytes(), host.as_bytes())
        }
        None => {
            !domain.is_empty() && host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        }
    }
}

/// Whether the text fits the pattern, in which a `*` stands for any characters.
fn glob(pattern: &[u8], text: &[u8]) -> bool {
    // Where the last star stands, and up to where it reaches: one step back is enough, so that no pattern is slow.
    let (mut at, mut of, mut star) = (0, 0, None);
    while of < text.len() {
        if pattern.get(at) == Some(&b'*') {
            star = Some((at, of));
            at += 1;
        } else if pattern.get(at) == Some(&text[of]) {
            (at, of) = (at + 1, of + 1);
        } else if let Some((place, reach)) = star {
            star = Some((place, reach + 1));
            (at, of) = (place + 1, reach + 1);
        } else {
            return false;
        }
    }
    pattern[at..].iter().all(|byte| *byte == b'*')
}

fn holds(entry: &str, address: IpAddr) -> bool {
    let Some((network, length)) = entry.split_once('/') else { return false };
    match (network.parse(), address, bits(network, length)) {
        (Ok(IpAddr::V4(network)), IpAddr::V4(address), Some(rest)) => {
            (network.to_bits() ^ address.to_bits()).checked_shr(rest).unwrap_or(0) == 0
        }
        (Ok(IpAddr::V6(network)), IpAddr::V6(address), Some(rest)) => {
            (network.to_bits() ^ address.to_bits()).checked_shr(rest).unwrap_or(0) == 0
        }
        _ => false,
    }
}

/// How many bits of the network are left open; `None` for what is no network.
fn bits(network: &str, length: &str) -> Option<u32> {
    let width: u32 = if network.parse::<IpAddr>().ok()?.is_ipv4() { 32 } else { 128 };
    width.checked_sub(length.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("10.0.0.0/8", "10.2.3.4", true)]
    #[case("10.0.0.0/8", "11.2.3.4", false)]
    #[case("10.2.3.4", "10.2.3.4", true)]
    #[case("fd00::/8", "fd12::1", true)]
    #[case("10.0.0.0/99", "10.0.0.1", false)]
    #[case("::/0", "fd12::1", true)]
    #[case("0.0.0.0/0", "10.0.0.1", true)]
    #[case("10.0.0.0/x", "10.0.0.1", false)]
    #[case("localhost, .service-now.com", "contoso.service-now.com", true)]
    #[case("now.com", "contoso.service-now.com", false)]
    #[case("*", "contoso.service-now.com", true)]
    fn e3_what_was_understood_stays_so(#[case] list: &str, #[case] host: &str, #[case] expected: bool) {
        assert_eq!(exempts(list, host, 443), expected);
    }

    #[rstest]
    #[case("*.service-now.com", true)]
    #[case("*.now.com", false)]
    #[case("*service-now.com", true)]
    #[case("contoso.*", true)]
    #[case("con*.service-*.com", true)]
    #[case("fabrikam*", false)]
    #[case("contoso.service-now.com:443", true)]
    #[case("contoso.service-now.com:8443", false)]
    #[case(".service-now.com:443", true)]
    #[case("*.service-now.com:443", true)]
    #[case("*:443", true)]
    #[case("localhost contoso.service-now.com", true)]
    #[case("localhost\tx ;  Contoso.Service-Now.COM.", true)]
    #[case("https://contoso.service-now.com", true)]
    #[case("SERVICE-NOW.COM", true)]
    #[case("<local>", false)]
    #[case("", false)]
    #[case(", ,", false)]
    #[case(".", false)]
    fn e3_each_form_of_a_name_counts(#[case] list: &str, #[case] expected: bool) {
        assert_eq!(exempts(list, "contoso.service-now.com", 443), expected);
    }

    #[rstest]
    #[case("[fd00::1]", "[fd00::1]", true)]
    #[case("[fd00::1]:443", "[fd00::1]", true)]
    #[case("[fd00::1]:444", "[fd00::1]", false)]
    #[case("fd00::1", "[fd00::1]", true)]
    #[case("FD00:0:0::1", "[fd00::1]", true)]
    #[case("[fd00::]/8", "[fd00::1]", true)]
    #[case("10.1.2.3:443", "10.1.2.3", true)]
    #[case("10.1.*", "10.1.2.3", true)]
    #[case("10.2.*", "10.1.2.3", false)]
    #[case("::ffff:10.1.2.3", "10.1.2.3", true)]
    #[case("<local>", "intranet", true)]
    #[case("müller.example", "xn--mller-kva.example", true)]
    fn e3_addresses_and_odd_hosts_count(#[case] list: &str, #[case] host: &str, #[case] expected: bool) {
        assert_eq!(exempts(list, host, 443), expected);
    }

    #[test]
    fn e3_what_names_nothing_is_told() {
        assert_eq!(
            unreadable("10.0.0.0/99,a.b *.c:443;[fd00::1] x/y fd00::/8,<local>,a|b"),
            ["10.0.0.0/99", "x/y", "a|b"]
        );
    }
}
