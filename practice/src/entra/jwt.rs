//! JSON Web Tokens with a made-up signature: what they say can be read, and nothing more.

use serde_json::{Value, json};

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// A token with these claims.
pub(super) fn token(claims: &Value, signature: &str) -> String {
    let header = json!({ "typ": "JWT", "alg": "RS256", "kid": "practice" });
    let part = |value: &Value| base64url(value.to_string().as_bytes());
    format!("{}.{}.{signature}", part(&header), part(claims))
}

/// base64url without padding (RFC 4648, 5).
pub(super) fn base64url(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let of = |place: usize| u32::from(chunk.get(place).copied().unwrap_or(0));
        let word = of(0) << 16 | of(1) << 8 | of(2);
        for digit in 0..=chunk.len() {
            let value = word >> (18 - 6 * digit) & 63;
            out.push(char::from(ALPHABET[usize::try_from(value).unwrap_or(0)]));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::base64url;

    #[test]
    fn base64url_is_that_of_the_rfc_without_padding() {
        let of =
            ["", "f", "fo", "foo", "foob", "fooba", "foobar", "\u{3ff}\u{3ff}"].map(|text| base64url(text.as_bytes()));
        assert_eq!(of, ["", "Zg", "Zm8", "Zm9v", "Zm9vYg", "Zm9vYmE", "Zm9vYmFy", "z7_Pvw"]);
    }
}
