//! Where a caller is: what the connection says, unless it is a proxy's whose word is taken.

use std::net::{IpAddr, Ipv6Addr};

use axum::extract::Request;

use crate::config::Network;

/// The address at the other end of the connection.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);

/// Whose word is taken about where a caller is.
pub(super) struct Trust(Vec<Network>);

/// A caller, as far as addresses tell them apart: a household has all of an IPv6 /64.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Caller(IpAddr);

impl Trust {
    pub(super) fn new(proxies: Vec<Network>) -> Self {
        Self(proxies)
    }

    /// Who sent a request. A proxy adds the address that it was sent from to the end of
    /// `X-Forwarded-For`; whatever stands before the last that is no trusted proxy's, the caller made up.
    pub(super) fn caller(&self, request: &Request) -> Caller {
        let peer = request.extensions().get::<Peer>();
        let peer = peer.map_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED), |Peer(peer)| *peer);
        let mut nearest = peer.to_canonical();
        let values = request.headers().get_all("x-forwarded-for").iter();
        let values: Vec<_> = values.filter_map(|value| value.to_str().ok()).collect();
        let mut forwarded = values.iter().flat_map(|value| value.split(',')).collect::<Vec<_>>();
        while self.trusts(nearest) {
            let Some(text) = forwarded.pop() else { break };
            let Some(address) = address(text.trim()) else { break };
            nearest = address.to_canonical();
        }
        Caller::at(nearest)
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(address))
    }
}

/// An address, perhaps with a port.
fn address(text: &str) -> Option<IpAddr> {
    let with_port = || text.parse::<std::net::SocketAddr>().ok().map(|address| address.ip());
    text.parse().ok().or_else(with_port)
}

impl Caller {
    fn at(address: IpAddr) -> Self {
        Self(match address {
            IpAddr::V4(_) => address,
            IpAddr::V6(v6) if v6.is_loopback() => address,
            IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64)),
        })
    }

    pub(super) fn is_loopback(&self) -> bool {
        self.0.is_loopback()
    }

    /// For Redis.
    pub(super) fn name(&self) -> String {
        self.0.to_string()
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn caller(trusted: &str, peer: &str, forwarded: &[&str]) -> String {
        let mut request = Request::builder();
        for value in forwarded {
            request = request.header("X-Forwarded-For", *value);
        }
        let mut request = request.body(Body::empty()).unwrap();
        request.extensions_mut().insert(Peer(peer.parse().unwrap()));
        let trusted = trusted.split_whitespace().map(|network| network.parse().unwrap());
        Trust::new(trusted.collect()).caller(&request).name()
    }

    #[test]
    fn only_proxies_that_are_trusted_say_where_a_caller_is() {
        assert_eq!(caller("", "9.9.9.9", &["1.2.3.4"]), "9.9.9.9");
        assert_eq!(caller("10.0.0.0/8", "9.9.9.9", &["1.2.3.4"]), "9.9.9.9");
        assert_eq!(caller("10.0.0.0/8", "10.0.0.1", &["6.6.6.6, 1.2.3.4"]), "1.2.3.4");
        assert_eq!(caller("10.0.0.0/8", "10.0.0.1", &["6.6.6.6", "1.2.3.4, 10.0.0.2"]), "1.2.3.4");
        assert_eq!(caller("10.0.0.0/8", "::ffff:10.0.0.1", &["1.2.3.4:5678"]), "1.2.3.4");
        assert_eq!(caller("10.0.0.0/8", "10.0.0.1", &["1.2.3.4, nonsense"]), "10.0.0.1");
        assert_eq!(caller("10.0.0.0/8", "10.0.0.1", &[]), "10.0.0.1");
    }

    #[test]
    fn a_household_is_one_caller() {
        assert_eq!(caller("", "2001:db8:1:2:3:4:5:6", &[]), "2001:db8:1:2::");
        assert_eq!(caller("", "::1", &[]), "::1");
    }
}
