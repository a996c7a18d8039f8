//! Reads a certificate for display: just enough of X.509 (RFC 5280, 4.1) for people to compare. No decision depends on it.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use sha2::{Digest as _, Sha256};

use crate::model::certificate::Certificate;
use crate::model::clean::clean;

const SEQUENCE: u8 = 0x30;
const OBJECT_ID: u8 = 0x06;
const VERSION: u8 = 0xA0;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
const ORGANISATION: &[u8] = &[0x55, 0x04, 0x0A];
const ALTERNATIVE_NAMES: &[u8] = &[0x55, 0x1D, 0x11];
const EXTENSIONS: u8 = 0xA3;
const OCTETS: u8 = 0x04;
const DNS_NAME: u8 = 0x82;
const IP_ADDRESS: u8 = 0x87;

/// How many names are read, and how long a text may become.
const MOST_NAMES: usize = 200;
const TEXT_LIMIT: usize = 120;

/// Reads a certificate in DER; an unreadable one has only its fingerprint.
pub fn read(der: &[u8]) -> Certificate {
    let digest: Vec<_> = Sha256::digest(der).iter().map(|byte| format!("{byte:02X}")).collect();
    let sha256 = digest.join(":");
    match fields(der) {
        Some(certificate) => Certificate { sha256, ..certificate },
        None => Certificate { sha256, ..Certificate::default() },
    }
}

fn fields(der: &[u8]) -> Option<Certificate> {
    let (_, certificate, _) = element(der)?;
    let (_, body, _) = element(certificate)?;
    let mut parts = Elements(body).skip_while(|(tag, _)| *tag == VERSION);
    let (_, issuer) = parts.nth(2)?;
    let (_, validity) = parts.next()?;
    let (_, subject) = parts.next()?;
    let at = |place| Elements(validity).nth(place).and_then(|(tag, text)| time(tag, text));
    let extensions = parts.find(|(tag, _)| *tag == EXTENSIONS).map(|(_, extensions)| extensions);
    Some(Certificate {
        subject: name(subject),
        names: extensions.map(alternative_names).unwrap_or_default(),
        issuer: name(issuer),
        begins: at(0),
        expires: at(1),
        sha256: String::new(),
        self_signed: issuer == subject,
    })
}

/// The hosts of the extension for them (RFC 5280, 4.2.1.6).
fn alternative_names(extensions: &[u8]) -> Vec<String> {
    let all = Elements(extensions).flat_map(|(_, list)| Elements(list));
    let of_hosts = |extension: &[u8]| {
        let mut parts = Elements(extension);
        parts.next().filter(|(tag, id)| *tag == OBJECT_ID && *id == ALTERNATIVE_NAMES)?;
        parts.find(|(tag, _)| *tag == OCTETS).map(|(_, value)| value.to_vec())
    };
    let Some(value) = all.map(|(_, extension)| extension).find_map(of_hosts) else { return Vec::new() };
    let names = Elements(&value).flat_map(|(_, list)| Elements(list));
    let shown = |(tag, name): (u8, &[u8])| match (tag, name.len()) {
        (DNS_NAME, _) => Some(short(name)),
        (IP_ADDRESS, 4) => Some(std::net::Ipv4Addr::from(<[u8; 4]>::try_from(name).ok()?).to_string()),
        (IP_ADDRESS, 16) => Some(std::net::Ipv6Addr::from(<[u8; 16]>::try_from(name).ok()?).to_string()),
        _ => None,
    };
    names.filter_map(shown).take(MOST_NAMES).collect()
}

/// A text made fit to show.
fn short(text: &[u8]) -> String {
    clean(&String::from_utf8_lossy(text), false).chars().take(TEXT_LIMIT).collect()
}

/// The elements of a sequence, each with its tag and content.
struct Elements<'a>(&'a [u8]);

impl<'a> Iterator for Elements<'a> {
    type Item = (u8, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (tag, content, rest) = element(self.0)?;
        self.0 = rest;
        Some((tag, content))
    }
}

/// The first element: tag, content, and what follows it.
fn element(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&[tag, first], rest) = der.split_first_chunk::<2>()?;
    let long = usize::from(first & 0x7F);
    let (length, rest) = if first < 0x80 {
        (usize::from(first), rest)
    } else {
        let (digits, rest) = rest.split_at_checked(long).filter(|_| (1..=4).contains(&long))?;
        (digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit)), rest)
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((tag, content, rest))
}

fn name(issuer: &[u8]) -> Option<String> {
    attribute(issuer, COMMON_NAME).or_else(|| attribute(issuer, ORGANISATION))
}

fn attribute(issuer: &[u8], wanted: &[u8]) -> Option<String> {
    let pairs = Elements(issuer).flat_map(|(_, set)| Elements(set)).filter(|(tag, _)| *tag == SEQUENCE);
    let mut values = pairs.filter_map(|(_, pair)| {
        let mut pair = Elements(pair);
        let (_, id) = pair.next().filter(|(tag, _)| *tag == OBJECT_ID)?;
        let (_, text) = pair.next()?;
        (id == wanted).then(|| short(text))
    });
    values.next()
}

/// `YYMMDDHHMMSSZ` (50 and later are of the last century) or `YYYYMMDDHHMMSSZ`.
fn time(tag: u8, text: &[u8]) -> Option<Timestamp> {
    let text = std::str::from_utf8(text).ok()?.strip_suffix('Z').filter(|text| text.is_ascii())?;
    let (year, rest) = match tag {
        UTC_TIME => {
            let (year, rest) = text.split_at_checked(2)?;
            let year: i16 = year.parse().ok()?;
            (if year < 50 { 2000 + year } else { 1900 + year }, rest)
        }
        GENERALIZED_TIME => {
            let (year, rest) = text.split_at_checked(4)?;
            (year.parse().ok()?, rest)
        }
        _ => return None,
    };
    let two = |place: usize| rest.get(place..place + 2)?.parse().ok();
    let time = DateTime::new(year, two(0)?, two(2)?, two(4)?, two(6)?, two(8)?, 0).ok()?;
    TimeZone::UTC.to_timestamp(time).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn der() -> Vec<u8> {
        let mut params = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        params.distinguished_name.push(rcgen::DnType::OrganizationName, "Contoso");
        params.distinguished_name.push(rcgen::DnType::CommonName, "Practice CA");
        params.not_before = rcgen::date_time_ymd(2030, 2, 3);
        params.not_after = rcgen::date_time_ymd(2031, 2, 3);
        params.self_signed(&rcgen::KeyPair::generate().unwrap()).unwrap().der().to_vec()
    }

    #[test]
    fn a10_whom_it_names_who_issued_it_and_its_span_are_found() {
        let seen = read(&der());
        assert_eq!(seen.issuer.as_deref(), Some("Practice CA"));
        assert_eq!(seen.expires.unwrap().to_string(), "2031-02-03T00:00:00Z");
        assert_eq!(seen.begins.unwrap().to_string(), "2030-02-03T00:00:00Z");
        assert_eq!((seen.subject.as_deref(), seen.self_signed), (Some("Practice CA"), true));
        assert_eq!(seen.names, ["localhost"]);
        assert_eq!((seen.sha256.len(), seen.sha256.matches(':').count()), (95, 31));
        assert_eq!(
            read(b"abc").sha256,
            "BA:78:16:BF:8F:01:CF:EA:41:41:40:DE:5D:AE:22:23:B0:03:61:A3:96:17:7A:9C:B4:10:FF:61:F2:00:15:AD"
        );
    }

    #[test]
    fn the_century_of_a_short_year_follows_the_standard() {
        assert_eq!(time(UTC_TIME, b"491231235959Z").unwrap().to_string(), "2049-12-31T23:59:59Z");
        assert_eq!(time(UTC_TIME, b"500101000000Z").unwrap().to_string(), "1950-01-01T00:00:00Z");
        assert_eq!(time(GENERALIZED_TIME, b"20500101000000Z").unwrap().to_string(), "2050-01-01T00:00:00Z");
        assert_eq!(time(GENERALIZED_TIME, "2050é101000000Z".as_bytes()), None);
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(noise in prop::collection::vec(any::<u8>(), 0..64), place in 0_usize..400, byte: u8) {
            let _ = read(&noise);
            let mut der = der();
            let place = place % der.len();
            der[place] = byte;
            let _ = read(&der);
            let _ = read(&der[..place]);
        }
    }
}
