//! Where Redis is, and who signs in.

use redis::{ConnectionAddr, ErrorKind, RedisResult};

/// Reads `redis://user@host[:port]`, or `rediss://` for TLS. The client's own reader takes any URL, in any script, and its tables weigh
/// 120 KB of each package.
pub(crate) fn parse(url: &str) -> RedisResult<(ConnectionAddr, &str)> {
    let wrong = || (ErrorKind::InvalidClientConfig, "REDIS_URL must be redis://user@host[:port] or rediss://user@host[:port]");
    let (scheme, rest) = url.split_once("://").ok_or_else(wrong)?;
    let (user, rest) = rest.split_once('@').ok_or_else(wrong)?;
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    let (host, port) = match rest.rsplit_once(':') {
        // The colons of an IPv6 address stand in brackets.
        Some((host, port)) if !port.ends_with(']') => (host, port.parse().map_err(|_| wrong())?),
        _ => (rest, 6379),
    };
    let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host).to_owned();
    let named = |user: &str| !user.is_empty() && user.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if !named(user) || host.is_empty() || host.contains(['/', '@', '?', '#']) {
        return Err(wrong().into());
    }
    let address = match scheme {
        "redis" => ConnectionAddr::Tcp(host, port),
        "rediss" => ConnectionAddr::TcpTls { host, port, insecure: false, tls_params: None },
        _ => return Err(wrong().into()),
    };
    Ok((address, user))
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn an_address_is_read_as_the_client_reads_it() {
        for place in [
            "redis://me@127.0.0.1:6380",
            "redis://me-2@localhost",
            "rediss://me@cache.example.com:6379",
            "redis://me@[::1]:7000",
            "redis://me@[::1]/",
        ] {
            let theirs = redis::Client::open(place).unwrap();
            let theirs = theirs.get_connection_info();
            let (address, user) = parse(place).unwrap();
            assert_eq!((&address, Some(user)), (theirs.addr(), theirs.redis_settings().username()), "{place}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        let wrong = [
            "",
            "localhost:6379",
            "http://me@localhost",
            "redis://",
            "redis://localhost",
            "redis://@localhost",
            "redis://me@",
            "redis://me@host:port",
            "redis://me:word@host",
            "redis://Me@host",
            "redis://me@host/1",
            "redis://me@you@host",
        ];
        for url in wrong {
            assert!(parse(url).is_err(), "{url}");
        }
    }
}
