//! What one caller may ask for, and whom the service believes about where a caller is.

use std::net::IpAddr;
use std::str::FromStr;

use clap::Args;

/// What one caller may ask for in a minute, and whom the service believes about where a caller is.
/// 0 is no limit.
#[derive(Args, Clone, Debug)]
pub struct LimitsConfig {
    /// Proxies whose X-Forwarded-For is believed, as addresses or networks, separated by commas
    #[arg(long, env = "TRUSTED_PROXIES", value_delimiter = ',')]
    pub trusted_proxies: Vec<Network>,
    /// Limit callers on this very machine, too: a proxy that is not trusted, or a tool
    #[arg(long, env = "LIMIT_LOOPBACK", default_value_t = false)]
    pub limit_loopback: bool,
    /// Requests to look at concerts, seats and one's own, from one address
    #[arg(long, env = "LIMIT_BROWSE", default_value_t = 1_200)]
    pub limit_browse: u32,
    /// Claims of seats by one user, and ten times as many from one address
    #[arg(long, env = "LIMIT_CLAIM", default_value_t = 120)]
    pub limit_claim: u32,
    /// Confirmations and other changes of what one has, by one user, and ten times as many from one address
    #[arg(long, env = "LIMIT_FINISH", default_value_t = 240)]
    pub limit_finish: u32,
    /// Holds of one concert that a user may give back or let go before the next one has to wait. One is
    /// forgiven every 30 seconds
    #[arg(long, env = "LIMIT_GIVEN_BACK", default_value_t = 20)]
    pub limit_given_back: u32,
    /// New sessions and accounts from one address, on all instances together
    #[arg(long, env = "LIMIT_SIGN_IN", default_value_t = 240)]
    pub limit_sign_in: u32,
    /// Requests to organise concerts, by one user
    #[arg(long, env = "LIMIT_ADMIN", default_value_t = 1_200)]
    pub limit_admin: u32,
}

/// An address, or all that begin alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: u128,
    prefix: u32,
}

/// A text that is no network.
#[derive(Debug, thiserror::Error)]
#[error("neither an address nor a network, such as 10.0.0.0/8")]
pub struct NotANetwork;

impl Network {
    /// Whether an address is in it.
    pub fn contains(&self, address: IpAddr) -> bool {
        let differs = self.address ^ mapped(address);
        self.prefix == 0 || differs >> (128 - self.prefix) == 0
    }
}

impl FromStr for Network {
    type Err = NotANetwork;

    fn from_str(text: &str) -> Result<Self, NotANetwork> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address: IpAddr = address.trim().parse().map_err(|_| NotANetwork)?;
        // An IPv4 address is the end of an IPv6 one.
        let (bits, before) = if address.is_ipv4() { (32, 96) } else { (128, 0) };
        let prefix = prefix.map_or(Ok(bits), |prefix| prefix.trim().parse::<u32>());
        let prefix = prefix.ok().filter(|prefix| *prefix <= bits).ok_or(NotANetwork)?;
        Ok(Self { address: mapped(address), prefix: before + prefix })
    }
}

fn mapped(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => address.to_ipv6_mapped().to_bits(),
        IpAddr::V6(address) => address.to_bits(),
    }
}

impl Default for LimitsConfig {
    fn default() -> Self {
        Self {
            trusted_proxies: Vec::new(),
            limit_loopback: false,
            limit_browse: 1_200,
            limit_claim: 120,
            limit_finish: 240,
            limit_given_back: 20,
            limit_sign_in: 240,
            limit_admin: 1_200,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_has_the_addresses_that_begin_as_it_does() {
        let has = |network: &str, address: &str| {
            network.parse::<Network>().unwrap().contains(address.parse().unwrap())
        };
        assert!(has("10.0.0.0/8", "10.9.8.7") && !has("10.0.0.0/8", "11.0.0.1"));
        assert!(has("127.0.0.1", "127.0.0.1") && !has("127.0.0.1", "127.0.0.2"));
        assert!(has("127.0.0.1", "::ffff:127.0.0.1"), "the same, as IPv6 sockets tell it");
        assert!(has("2001:db8::/32", "2001:db8:1::1") && !has("2001:db8::/32", "2001:db9::1"));
        assert!(has("0.0.0.0/0", "1.2.3.4") && !has("0.0.0.0/0", "2001:db8::1"));
        for text in ["", "10.0.0.0/33", "a/8", "10.0.0.0/x"] {
            assert!(text.parse::<Network>().is_err(), "{text}");
        }
    }
}
