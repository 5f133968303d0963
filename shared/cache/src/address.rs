//! Where Redis is.

use redis::{ConnectionAddr, ErrorKind, RedisResult};

/// Reads `redis://host[:port]`, or `rediss://` for TLS. The client's own reader takes any URL, in any script, and its tables weigh
/// 120 KB of each package.
pub(crate) fn parse(url: &str) -> RedisResult<ConnectionAddr> {
    let wrong = || (ErrorKind::InvalidClientConfig, "REDIS_URL must be redis://host[:port] or rediss://host[:port]");
    let (scheme, rest) = url.split_once("://").ok_or_else(wrong)?;
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    let (host, port) = match rest.rsplit_once(':') {
        // The colons of an IPv6 address stand in brackets.
        Some((host, port)) if !port.ends_with(']') => (host, port.parse().map_err(|_| wrong())?),
        _ => (rest, 6379),
    };
    let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host).to_owned();
    if host.is_empty() || host.contains(['/', '@', '?', '#']) {
        return Err(wrong().into());
    }
    match scheme {
        "redis" => Ok(ConnectionAddr::Tcp(host, port)),
        "rediss" => Ok(ConnectionAddr::TcpTls { host, port, insecure: false, tls_params: None }),
        _ => Err(wrong().into()),
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn an_address_is_read_as_the_client_reads_it() {
        let same =
            ["redis://127.0.0.1:6380", "redis://localhost", "rediss://cache.example.com:6379", "redis://[::1]:7000", "redis://[::1]/"];
        for url in same {
            let theirs = redis::Client::open(url).unwrap();
            assert_eq!(&parse(url).unwrap(), theirs.get_connection_info().addr(), "{url}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for url in ["", "localhost:6379", "http://localhost", "redis://", "redis://host:port", "redis://user:word@host", "redis://host/1"] {
            assert!(parse(url).is_err(), "{url}");
        }
    }
}
