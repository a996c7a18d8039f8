//! A tunnel through an HTTP proxy: `CONNECT` (RFC 9110, 9.3.6).

use std::io;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::model::fault::Fault;
use crate::net::http::proxy::Proxy;

/// The most that a proxy's answer may hold.
const LIMIT_BYTES: usize = 16 << 10;

/// Asks the proxy at the other end of `stream` for a tunnel.
pub async fn open(stream: &mut TcpStream, proxy: &Proxy, host: &str, port: u16) -> Result<(), Fault> {
    let status = ask(stream, proxy, host, port).await.map_err(|error| proxy.failed(error.to_string()))?;
    match status {
        Some(200..=299) => Ok(()),
        Some(407) => Err(proxy.failed("407: it wants a user and a password".to_owned())),
        Some(status) => Err(proxy.failed(format!("it answered {status}"))),
        None => Err(proxy.failed("it does not answer as an HTTP proxy".to_owned())),
    }
}

async fn ask(stream: &mut TcpStream, proxy: &Proxy, host: &str, port: u16) -> io::Result<Option<u16>> {
    let mut request = format!("CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n");
    if let Some((user, password)) = proxy.credentials() {
        let encoded = base64(format!("{user}:{password}").as_bytes());
        request.push_str(&format!("Proxy-Authorization: Basic {encoded}\r\n"));
    }
    request.push_str("\r\n");
    stream.write_all(request.as_bytes()).await?;
    let head = head(stream).await?;
    Ok(head.strip_prefix("HTTP/1.").and_then(|rest| rest.split(' ').nth(1)?.get(..3)?.parse().ok()))
}

/// Reads up to the empty line and not a byte further, since TLS follows.
async fn head(stream: &mut TcpStream) -> io::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if head.len() >= LIMIT_BYTES {
            return Err(io::Error::other("its answer never ends"));
        }
        head.push(stream.read_u8().await?);
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}

/// Base64 with padding (RFC 4648, 4).
pub fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * place) & 63) as usize];
            out.push(if place > chunk.len() { '=' } else { char::from(digit) });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::base64;

    #[test]
    fn credentials_are_encoded() {
        for (plain, encoded) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("me:p@ss", "bWU6cEBzcw==")]
        {
            assert_eq!(base64(plain.as_bytes()), encoded);
        }
    }
}
